"""What a person reviews: proposals, related accounts, and cases that need nothing more."""

from __future__ import annotations

from attrs import evolve

from policyenforce.discipline.acting import Act, needs_second, role_refused, unknown
from policyenforce.discipline.actions import chosen_actions, starting
from policyenforce.discipline.cases import case_after
from policyenforce.discipline.decide import appeal_until, rung_decision
from policyenforce.discipline.falling import LIVE, with_actions
from policyenforce.discipline.grounds import Established, vouched_for
from policyenforce.discipline.ladder import points_at, repriced, scored_ground
from policyenforce.discipline.relations import refusal, related_decision, unfounded
from policyenforce.discipline.setting import Setting
from policyenforce.errors import GateError, TermsError
from policyenforce.model.decisions import Decision, DisciplinaryAction, Ground, Status
from policyenforce.model.facts.procedure import ReviewRecorded, Verdict
from policyenforce.model.findings import Finding
from policyenforce.model.outcome import CaseStatus
from policyenforce.terms.gates import Power


def reviewed(fact: ReviewRecorded, setting: Setting, basis: Decision | None = None) -> Act:
    """A person approves, amends or rejects, decides on a related account, or closes a case.

    ``basis`` is the decision about another User that the act depends on, as it is by then.
    """
    if not setting.rules.allows("review", fact.by.roles):
        return Act(refused=(role_refused("review", fact.by),))
    if fact.verdict is Verdict.CLOSE and (fact.related_to or fact.decision_id):
        return Act(refused=("a decision is approved, amended or rejected; a case is closed",))
    if fact.related_to is not None:
        return _related(fact, basis, setting)
    if fact.decision_id is None:
        return _of_case(fact, setting)
    decision = setting.history.decision(fact.decision_id)
    if decision is None:
        return Act(cannot_tell=(unknown(setting, f"decision {fact.decision_id}"),))
    waits = decision.status is Status.PROPOSED or any(a.stayed for a in decision.actions)
    if not waits or decision.status not in LIVE:
        return Act(refused=(f"decision {decision.id} is {decision.status.value}, not waiting",))
    why_not = unfounded(fact, basis, setting)
    if why_not:
        return Act(refused=(why_not,))
    if fact.actions and fact.verdict is not Verdict.AMEND:
        return Act(refused=("only an amendment names actions",))
    if fact.verdict is Verdict.REJECT:
        return _concluded(setting, _rejected(fact, decision))
    if fact.verdict is Verdict.AMEND:
        return _amended(fact, decision, setting)
    return _approved(fact, decision, setting)


def _rejected(fact: ReviewRecorded, decision: Decision) -> Decision:
    """Without the actions that waited; what binds already goes on binding."""
    kept = tuple(a for a in decision.actions if not a.stayed)
    if decision.status is Status.PROPOSED or not kept:
        return _by(fact, decision, Status.REJECTED)
    return _by(fact, decision, Status.AMENDED, kept)


def _approved(fact: ReviewRecorded, decision: Decision, setting: Setting) -> Act:
    if any(a.power is Power.MODIFY_CONTENT and not a.modification for a in decision.actions):
        return Act(refused=("amend it, to say what the content says once it is modified",))
    if needs_second(decision.actions, (*decision.hands, fact.by.id), setting.rules):
        return Act(decisions=(_by(fact, decision, Status.PROPOSED),))
    if decision.status is not Status.PROPOSED:
        actions = tuple(evolve(a, stayed=False) for a in _scoring_once(decision, setting))
        return _concluded(setting, _by(fact, decision, Status.AMENDED, actions))
    before = points_at(setting.history, setting.rules, decision.conduct_at)
    begun = _begun(evolve(decision, points_before=before), setting)
    approved = _by(fact, begun, Status.IN_FORCE, starting(begun, setting.starts))
    if not approved.points:
        return _concluded(setting, approved)
    then = _then(setting, decision)
    scored = scored_ground(approved)
    beside = [_vouched(g, approved, 0, then) for g in approved.grounds if g is not scored]
    further = rung_decision(
        _vouched(scored, approved, approved.points, then),
        [established for established in beside if not established.ground.fallen],
        before,
        then,
    )
    return _concluded(setting, approved, *(_as_seen(d, decision) for d in further))


def _as_seen(further: Decision, decision: Decision) -> Decision:
    """What follows from an approved decision: seen where and by whom that one was."""
    return evolve(
        further,
        site=decision.site,
        service=decision.service,
        automated_detection=decision.automated_detection,
        hands=decision.hands,
    )


def _amended(fact: ReviewRecorded, decision: Decision, setting: Setting) -> Act:
    if not fact.actions:
        return Act(refused=("an amendment names the actions it puts in place",))
    standing = [ground for ground in decision.grounds if not ground.fallen]
    ground = max(standing, key=lambda g: g.standard)
    read = evolve(decision, terms=_then(setting, decision).terms)
    try:
        first, *rest = chosen_actions(fact.actions, ground, setting, decision.service)
        begun = _begun(read, setting)
        scored = (first.scoring(begun.points, begun.price), *rest)
        alone = needs_second(scored, (*decision.hands, fact.by.id), setting.rules)
        amended = _by(fact, begun, Status.PROPOSED if alone else Status.AMENDED, scored)
    except (GateError, TermsError, ValueError) as error:
        return Act(refused=(str(error),))
    return _concluded(setting, amended)


def _related(fact: ReviewRecorded, basis: Decision | None, setting: Setting) -> Act:
    """6.2(i): a person determines that this account is related, and says on what evidence (T8)."""
    approver = setting.rules.cascade.approver_role
    if not setting.rules.allows("cascade", fact.by.roles) or approver not in fact.by.roles:
        return Act(refused=(role_refused("cascade", fact.by),))
    named = f"decision {fact.related_to}"
    if setting.history.decision(fact.related_to or "") is not None:
        return Act(refused=(f"{named} is about this User itself",))
    if basis is None:
        return Act(cannot_tell=(unknown(setting, named),))
    why_not = refusal(fact, basis, setting)
    if why_not:
        return Act(refused=(why_not,))
    try:
        decision = related_decision(fact, basis, setting)
    except (GateError, TermsError, ValueError) as error:
        return Act(refused=(str(error),))
    if needs_second(decision.actions, decision.hands, setting.rules):
        return _concluded(setting, evolve(decision, status=Status.PROPOSED))
    return Act(decisions=(decision,))


def _of_case(fact: ReviewRecorded, setting: Setting) -> Act:
    case = next((c for c in setting.history.cases if c.id == fact.case_id), None)
    if case is None:
        return Act(cannot_tell=(unknown(setting, f"case {fact.case_id}"),))
    if fact.verdict is not Verdict.CLOSE:
        return Act(
            refused=("a case can only be closed; a decision in it is reviewed by its own id",)
        )
    return Act(cases=(evolve(case, status=CaseStatus.CLOSED),))


def _concluded(setting: Setting, *decisions: Decision) -> Act:
    done = [d.id for d in decisions if d.status is not Status.PROPOSED]
    return Act(decisions=decisions, cases=case_after(setting, decisions, *done))


def _vouched(ground: Ground, decision: Decision, points: int, then: Setting) -> Established:
    """A ground of a decision that a person answers for, worth so many points."""
    finding = Finding(
        id=ground.finding_ids[0] if ground.finding_ids else "",
        clause=ground.clause,
        subject=decision.account_id,
        confidence=1.0,
        explanation=ground.explanation,
        check="",
        check_version=0,
        fact_ids=ground.fact_ids,
        evidence=ground.evidence,
        attested=ground.standard,
        severity=ground.severity,
        category=ground.category,
        target=ground.target,
        triggers=ground.triggers,
    )
    return vouched_for(finding, ground, points, then)


def _then(setting: Setting, decision: Decision) -> Setting:
    """The setting of the conduct that a decision is about: its date picks the Terms (T17)."""
    at, service = decision.conduct_at, decision.service
    terms = setting.rules.terms_at(at, service=service, jurisdiction=setting.history.law)
    return evolve(setting, conduct_at=at, terms=terms, site=decision.site, service=service)


def _begun(decision: Decision, setting: Setting) -> Decision:
    """A proposal that a person takes up is decided now, and from now on it can be appealed."""
    if decision.status is not Status.PROPOSED:
        return decision
    once = with_actions(decision, _scoring_once(decision, setting))
    return evolve(once, decided_at=setting.starts, appeal_until=appeal_until(setting))


def _scoring_once(decision: Decision, setting: Setting) -> tuple[DisciplinaryAction, ...]:
    """The actions of what does not bind yet, less what its incident has scored meanwhile."""
    if decision.in_force or not decision.points:
        return decision.actions
    return repriced(decision, setting.history, setting.rules)


def _by(
    fact: ReviewRecorded,
    decision: Decision,
    status: Status,
    actions: tuple[DisciplinaryAction, ...] | None = None,
) -> Decision:
    return with_actions(
        decision,
        decision.actions if actions is None else actions,
        status=status,
        actor=fact.by,
        reason=fact.reason,
        revision=decision.revision + 1,
        automated_decision=False,
        hands=tuple(dict.fromkeys((*decision.hands, fact.by.id))),
    )
