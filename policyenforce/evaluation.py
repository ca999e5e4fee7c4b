"""The one pure pipeline: a fact and what may be known -> an outcome.

Recording, previewing and replaying all go through ``evaluate``; it reads no clock and no
store. ``conclude`` is its second half, for findings that are already there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from attrs import evolve, frozen

from policyenforce.checks.context import Context
from policyenforce.checks.listing import CHECKS
from policyenforce.checks.table import Check, asks_no_more
from policyenforce.discipline import (
    appeals,
    clearing,
    handling,
    people,
    protecting,
    reversal,
    reviewing,
)
from policyenforce.discipline.acting import Act, hindered
from policyenforce.discipline.cases import case_for
from policyenforce.discipline.decide import decide
from policyenforce.discipline.history import as_told
from policyenforce.discipline.measures import DISPOSED, alarm, disposition, measures
from policyenforce.discipline.notice import deferred, notice_of, notice_of_measure
from policyenforce.discipline.relations import basis_asked
from policyenforce.discipline.setting import Setting, told_by_person
from policyenforce.errors import LedgerError, NoticeError
from policyenforce.model.decisions import Decision, ProtectiveMeasure, Status
from policyenforce.model.fact import Fact
from policyenforce.model.facts.content import RightsClaimDecided, RightsClaimWithdrawn
from policyenforce.model.facts.dealings import ComplaintResolved, InformationVerified
from policyenforce.model.facts.procedure import (
    AppealDecided,
    AppealFiled,
    CaseHandled,
    DeadlinePassed,
    DecisionReversed,
    FindingConfirmed,
    FindingRefuted,
    NoticeDeferred,
    NoticeSent,
    ProtectionLifted,
    ProtectionOrdered,
    ReviewRecorded,
)
from policyenforce.model.facts.sessions import UnauthorisedUseReported
from policyenforce.model.findings import CannotTell, Finding
from policyenforce.model.outcome import Disposition, History, Notice, Outcome
from policyenforce.model.questions import Question, Wants
from policyenforce.policy.rules import HouseRules
from policyenforce.policy.versions import rule_of
from policyenforce.terms.references import ClauseRef
from policyenforce.terms.versions import TermsVersion

_NOWHERE = ClauseRef.parse("5.10")  # monitoring is a right, not a duty: what a broken check engages


def checks_for(kind: type[Fact], checks: tuple[Check, ...] = CHECKS) -> tuple[Check, ...]:
    """The rows of the table that read this kind of fact."""
    return _by_kind(checks).get(kind, ())


def ready(kind: type[Fact], rules: HouseRules, checks: tuple[Check, ...] = CHECKS) -> None:
    """Make what the checks of this kind of fact need and takes seconds; no more than once."""
    for check in checks_for(kind, checks):
        check.ready(kind, rules)


@lru_cache(maxsize=64)
def _by_kind(checks: tuple[Check, ...]) -> Mapping[type[Fact], tuple[Check, ...]]:
    kinds = {kind for check in checks for kind in check.reads}
    return {kind: tuple(check for check in checks if kind in check.reads) for kind in kinds}


def is_moot(kind: type[Fact], checks: tuple[Check, ...], sessions: Sequence[object] = ()) -> bool:
    """True for facts of which no check has anything to say, no person's act, that hand in nothing.

    ``checks`` are here, as in what follows, ``checks_for`` the kind of fact; ``sessions`` is what
    is kept of the account's, before the fact and with it.
    """
    if kind in _CONSEQUENTIAL or kind in DISPOSED:
        return False
    return all([check.idle(sessions) for check in checks])


def questions(fact: Fact, rules: HouseRules, checks: tuple[Check, ...]) -> tuple[Question, ...]:
    """All that the checks, and the people's acts, need to know about this fact."""
    asked = [q for check in checks for q in check.asks(fact, rules)]
    if isinstance(fact, (FindingConfirmed, FindingRefuted)):
        asked.append(Question("finding", fact.finding_id, Wants.FINDING))
    if isinstance(fact, AppealFiled):
        asked.append(appeals.sendings_asked(fact))
    asked.extend(clearing.basis_told(fact))
    return tuple(dict.fromkeys(asked))


def further(fact: Fact, context: Context, checks: tuple[Check, ...]) -> tuple[Question, ...]:
    """What the answers so far make the checks and a person's act ask, until nothing is left.

    A check that fails here is told as broken when it runs.
    """
    asked: list[Question] = list(basis_asked(fact, context.history))
    for check in checks:
        if check.then is asks_no_more:
            continue
        try:
            asked.extend(check.then(fact, context))
        except LedgerError:
            raise
        except Exception:
            continue
    return tuple([q for q in dict.fromkeys(asked) if q not in context.answers])


def terms_for(fact: Fact, rules: HouseRules, history: History) -> TermsVersion:
    """The Terms that govern this conduct: by its date, its Service and the Member's law."""
    return rules.terms_at(fact.at, service=fact.service, jurisdiction=history.law)


@frozen
class Judged:
    """What the checks answer to a fact, and which of them failed; no house rule has a say here."""

    findings: tuple[Finding, ...]
    cannot_tell: tuple[CannotTell, ...]
    errors: tuple[str, ...]


def evaluate(fact: Fact, context: Context, checks: tuple[Check, ...] = CHECKS) -> Outcome:
    """What this fact leads to, given what may be known; ``checks`` may be of any facts."""
    answers = judged(fact, context, checks_for(type(fact), checks))
    return conclude(fact, context, answers.findings, answers.cannot_tell, answers.errors)


def judged(fact: Fact, context: Context, checks: tuple[Check, ...]) -> Judged:
    """What the checks answer, given what may be known."""
    findings: list[Finding] = []
    cannot_tell: list[CannotTell] = []
    errors: list[str] = []
    for check in checks:
        try:
            answers = list(check.run(fact, context))
        except LedgerError:  # the store failed, not the check: nothing of this may be kept
            raise
        except Exception as error:  # a broken check must not let anything through as "clear"
            errors.append(f"check {check.name} failed with {type(error).__name__}")
            cannot_tell.append(_broken(check, context))
            continue
        for answer in answers:
            if answer.clause.text in context.terms.off:
                continue  # the clause is switched off here (1.5, 12.3): it binds nobody
            if isinstance(answer, Finding):
                findings.append(_stamped(answer, fact))
            else:
                cannot_tell.append(answer)
    return Judged(tuple(findings), tuple(cannot_tell), tuple(errors))


def _stamped(finding: Finding, fact: Fact) -> Finding:
    """The finding with what a person's later confirmation has to know of the conduct."""
    return evolve(
        finding,
        conduct_at=finding.conduct_at or fact.at,
        told_by_person=told_by_person(fact),
        site=fact.site,
        service=fact.service,
    )


def conclude(
    fact: Fact,
    context: Context,
    findings: Sequence[Finding],
    cannot_tell: Sequence[CannotTell] = (),
    errors: Sequence[str] = (),
) -> Outcome:
    """What follows from findings: decisions, cases, measures and notices."""
    nothing = not (findings or cannot_tell or errors) and type(fact) not in _CONSEQUENTIAL
    if nothing and type(fact) not in DISPOSED:
        return Outcome(fact.id)
    setting = Setting(
        fact, context.now, context.terms, context.rules, context.history, fact.at,
        braked=context.braked, traced=context.traced, about=_about(findings, context),
    )  # fmt: skip
    if nothing:
        return Outcome(fact.id, disposition(setting, (), (), (), context.standing))
    act = _act(fact, context, setting)
    verdicts = decide(findings, setting)
    decisions = (*act.decisions, *verdicts.decisions)
    untold = (*cannot_tell, *act.cannot_tell)
    waiting = (*verdicts.waiting, *act.waiting)
    case = case_for(setting, waiting, verdicts.decisions, alarm(untold))
    what = disposition(setting, findings, untold, decisions, context.standing)
    protective = (*act.measures, *measures(setting, what is Disposition.HOLD, untold))
    notices, refused = _notices(decisions, protective, setting)
    return Outcome(
        fact_id=fact.id,
        disposition=what,
        findings=tuple(findings),
        cannot_tell=untold,
        decisions=decisions,
        measures=protective,
        cases=(*act.cases, *((case,) if case else ())),
        notices=notices,
        precedents=act.precedents,
        errors=(*errors, *act.refused, *refused),
        braked=_held_back(context.braked, decisions),
        trace=(*act.trace, *verdicts.trace),
    )


def _held_back(braked: frozenset[str], decisions: Iterable[Decision]) -> tuple[str, ...]:
    """Those of the rules held back that had something to propose here."""
    used = {rule_of(version) for decision in decisions for version in decision.rule_versions}
    return tuple(sorted(braked & used))


def _about(findings: Sequence[Finding], context: Context) -> str | None:
    """The account that the findings are about, where the fact names only its User."""
    accounts = {account.account_id for account in context.history.accounts}
    named = {finding.subject for finding in findings} & accounts
    return named.pop() if len(named) == 1 else None


def _act(fact: Fact, context: Context, setting: Setting) -> Act:
    act = _ACTS.get(type(fact))
    if act is None:
        return Act()
    if not getattr(fact, "reason", "none is asked for").strip():
        return Act(refused=("a person's act needs its reason",))
    why_not = hindered(fact, setting)
    return Act(refused=(why_not,)) if why_not else act(fact, context, setting)


def _basis(fact: Fact, context: Context) -> Decision | None:
    """The decision about another User that a person's act depends on."""
    return context.decided(basis_asked(fact, context.history))


def _cleared(fact: Fact, context: Context, setting: Setting) -> Act:
    told = [past for q in clearing.basis_told(fact) for past in context.facts(q, Fact)]
    return clearing.cleared(fact, told, setting)


_ACTS: dict[type[Fact], Callable[..., Act]] = {
    CaseHandled: lambda f, c, s: handling.handled(f, s),
    ProtectionOrdered: lambda f, c, s: protecting.ordered(f, s),
    ProtectionLifted: lambda f, c, s: protecting.lifted(f, s),
    NoticeDeferred: lambda f, c, s: deferred(f, s),
    FindingConfirmed: lambda f, c, s: people.confirmed(f, c.finding(f.finding_id), s),
    FindingRefuted: lambda f, c, s: people.refuted(f, c.finding(f.finding_id), s),
    ReviewRecorded: lambda f, c, s: reviewing.reviewed(f, s, _basis(f, c)),
    DeadlinePassed: lambda f, c, s: people.basis_changed(f, _basis(f, c), s),
    ComplaintResolved: _cleared,
    InformationVerified: _cleared,
    RightsClaimDecided: _cleared,
    RightsClaimWithdrawn: _cleared,
    UnauthorisedUseReported: lambda f, c, s: people.stranger_reported(f, s),
    DecisionReversed: lambda f, c, s: reversal.reversed_decision(f, s),
    AppealFiled: lambda f, c, s: appeals.filed(
        f, s, c.facts(appeals.sendings_asked(f), NoticeSent)
    ),
    AppealDecided: lambda f, c, s: appeals.decided(f, s),
}
_CONSEQUENTIAL = frozenset(_ACTS)


def _notices(
    decisions: Iterable[Decision], protective: Iterable[ProtectiveMeasure], setting: Setting
) -> tuple[tuple[Notice, ...], tuple[str, ...]]:
    made: list[Notice] = []
    refused: list[str] = []
    history = as_told(setting.history, setting.fact)
    for decision in decisions:
        if not decision.in_force and not _taken_back(decision, setting):
            continue
        try:
            made.append(notice_of(decision, history, setting.rules))
        except NoticeError as error:
            refused.append(str(error))
    made.extend(notice_of_measure(measure) for measure in protective if not measure.lifted)
    return tuple(made), tuple(refused)


def _taken_back(decision: Decision, setting: Setting) -> bool:
    """True where what its Member was told of once is taken back by this very fact."""
    fact = setting.fact
    if not isinstance(fact, DecisionReversed) or fact.decision_id != decision.id:
        return False
    before = setting.history.decision(decision.id)
    return before is not None and before.status is not Status.PROPOSED


def _broken(check: Check, context: Context) -> CannotTell:
    return CannotTell(
        clause=_NOWHERE,
        subject=context.standing.account_id,
        missing=(f"a working check `{check.name}`",),
        explanation="the check failed; nothing of it counts as clear",
        check=check.name,
    )
