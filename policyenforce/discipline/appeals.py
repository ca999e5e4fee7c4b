"""Appeals decide grounds, and are never heard by who decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from attrs import evolve

from policyenforce.discipline.acting import Act
from policyenforce.discipline.cases import case_for, settled
from policyenforce.discipline.falling import (
    LIVE,
    dependents,
    precedents_of,
    siblings,
    without_grounds,
)
from policyenforce.discipline.notice import deemed_received
from policyenforce.discipline.setting import Setting
from policyenforce.model.decisions import Decision, Ground, Status
from policyenforce.model.facts.procedure import AppealDecided, AppealFiled, AppealResult, NoticeSent
from policyenforce.model.findings import CannotTell
from policyenforce.model.outcome import Case
from policyenforce.model.questions import Question
from policyenforce.terms.references import ClauseRef

_NOTICES = ClauseRef.parse("11.2")


def sendings_asked(fact: AppealFiled) -> Question:
    """The question for how the notice of the decision was sent."""
    return Question("decision", fact.decision_id, of=(NoticeSent.tag,))


def filed(fact: AppealFiled, setting: Setting, sent: Iterable[NoticeSent] = ()) -> Act:
    """The Member asks for another look: inside the window the decision carries the appeal.

    The window is counted from when the notice is deemed received (11.2), where that is later.
    """
    decision = setting.history.decision(fact.decision_id)
    if decision is None:
        return Act(cannot_tell=(_unknown(setting, fact.decision_id),))
    if decision.status not in LIVE or decision.status is Status.PROPOSED:
        return Act(
            refused=(f"decision {decision.id} is {decision.status.value}: nothing to appeal",)
        )
    until = _until(decision, sent, setting)
    if until is not None and fact.at > until:
        return Act(refused=(f"the window to appeal closed on {until.isoformat()}",))
    if decision.appeal_id is not None:
        return Act(refused=(f"an appeal against {decision.id} is open already",))
    marked = evolve(decision, appeal_id=fact.appeal_id, revision=decision.revision + 1)
    case = case_for(setting, (), (), f"appeal {fact.appeal_id} against {decision.id}")
    waiting = () if case is None else (_joined(case, decision.id),)
    return Act(decisions=(marked,), cases=waiting)


def decided(fact: AppealDecided, setting: Setting) -> Act:
    """Uphold, vary (the named grounds fall) or overturn (all of them, or the named ones)."""
    decision = setting.history.decision(fact.decision_id)
    if decision is None:
        return Act(cannot_tell=(_unknown(setting, fact.decision_id),))
    refusal = _refusal(fact, decision, setting)
    if refusal:
        return Act(refused=(refusal,))
    if fact.result is AppealResult.UPHOLD:
        kept = evolve(decision, revision=decision.revision + 1, reason=fact.reason, appeal_id=None)
        return Act(decisions=(kept,), cases=_closed(setting, decision.id))

    def falls(ground: Ground) -> bool:
        return not ground.fallen and (not fact.clauses or str(ground.clause) in fact.clauses)

    after = without_grounds(evolve(decision, appeal_id=None), falls, fact.by, fact.reason)
    precedents = precedents_of(decision, falls)
    changed = (after, *siblings(precedents, (after,), setting, fact.by))
    everything = (*changed, *dependents(changed, setting))
    grown = case_for(setting, (), everything[1:]) or setting.open_case()
    over = (decision.id, *(d.id for d in everything if d.status is Status.OVERTURNED))
    done = () if grown is None else (settled(grown, setting, *over),)
    return Act(decisions=everything, cases=done, precedents=precedents)


def _until(decision: Decision, sent: Iterable[NoticeSent], setting: Setting) -> datetime | None:
    if decision.appeal_until is None:
        return None
    window = timedelta(days=setting.rules.appeals.window_days)
    receipts = filter(None, (deemed_received(one, setting.rules) for one in sent))
    first = min((receipt.at for receipt in receipts), default=None)
    return max(decision.appeal_until, first + window) if first else decision.appeal_until


def _refusal(fact: AppealDecided, decision: Decision, setting: Setting) -> str | None:
    if not setting.rules.allows("decide_appeal", fact.by.roles):
        return f"no role of `{fact.by.id}` may decide an appeal"
    deciders = {*decision.hands, decision.actor.id if decision.actor else None}
    if fact.by.id in deciders:
        return f"`{fact.by.id}` took decision {decision.id} and may not hear its appeal"
    if decision.appeal_id != fact.appeal_id:
        return f"no appeal `{fact.appeal_id}` against {decision.id} is open"
    if fact.result is AppealResult.VARY and not fact.clauses:
        return "to vary, name the grounds that fall"
    return None


def _joined(case: Case, decision_id: str) -> Case:
    return evolve(case, decision_ids=tuple(dict.fromkeys((*case.decision_ids, decision_id))))


def _closed(setting: Setting, decision_id: str) -> tuple[Case, ...]:
    case = setting.open_case()
    return () if case is None else (settled(case, setting, decision_id),)


def _unknown(setting: Setting, decision_id: str) -> CannotTell:
    return CannotTell(
        clause=_NOTICES,
        subject=setting.account_id,
        missing=(f"decision {decision_id}",),
        explanation=f"decision {decision_id} is not known before this instant",
        check="people",
    )
