"""What people do: confirm, refute, review, and the Member's report of a stranger.

Each act arrives as a fact, is checked against roles and the state of things, and gives
decisions, cases and precedents; an act that cannot apply says why and changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from policyenforce.discipline.acting import Act, needs_second, role_refused, unknown
from policyenforce.discipline.actions import CONTENT_POWERS, chosen_action, starting
from policyenforce.discipline.cases import case_for, settled
from policyenforce.discipline.decide import (
    Verdicts,
    appeal_until,
    by_hand,
    decide,
    rung_decision,
)
from policyenforce.discipline.falling import (
    LIVE,
    dependents,
    siblings,
    spared,
    with_actions,
    without_grounds,
)
from policyenforce.discipline.grounds import Established, ground_of, vouched_for
from policyenforce.discipline.ladder import points_at, to_score
from policyenforce.discipline.relations import (
    BASIS_FELL,
    refusal,
    related_decision,
    rests,
    unfounded,
)
from policyenforce.discipline.setting import Setting
from policyenforce.errors import GateError, TermsError
from policyenforce.model.decisions import (
    Decision,
    DisciplinaryAction,
    Ground,
    Status,
)
from policyenforce.model.facts.dealings import (
    ComplaintReceived,
    ComplaintResolved,
    Resolution,
)
from policyenforce.model.facts.procedure import (
    DeadlinePassed,
    FindingConfirmed,
    FindingRefuted,
    ReviewRecorded,
    Verdict,
)
from policyenforce.model.facts.sessions import UnauthorisedUseReported
from policyenforce.model.findings import Finding
from policyenforce.model.outcome import Case, CaseStatus, Precedent
from policyenforce.terms.references import ClauseRef

_BREACH = ClauseRef.parse("6.2")


def confirmed(fact: FindingConfirmed, finding: Finding | None, setting: Setting) -> Act:
    """A person reaches a standard on a finding: the way from a finding to a ground."""
    if not setting.rules.allows("confirm", fact.by.roles):
        return Act(refused=(role_refused("confirm", fact.by),))
    if finding is None:
        return Act(cannot_tell=(unknown(setting, f"finding {fact.finding_id}"),))
    at = finding.conduct_at or fact.at
    service, law = finding.service, setting.history.law
    terms = setting.rules.terms_at(at, service=service, jurisdiction=law)
    site = terms.family_of(finding.site)
    seen = evolve(setting, conduct_at=at, terms=terms, site=site, service=service)
    verdicts = decide((finding,), seen, standard=fact.standard, actor=fact.by)
    if fact.actions:
        return _by_hand(fact, finding, verdicts, seen, setting)
    case = _after(setting, verdicts.decisions, finding.id)
    return Act(verdicts.decisions, case, waiting=verdicts.waiting, trace=verdicts.trace)


def _by_hand(
    fact: FindingConfirmed, finding: Finding, verdicts: Verdicts, seen: Setting, setting: Setting
) -> Act:
    """What a person chose on a finding, in the place of what the house would have answered."""
    ground = ground_of(finding, fact.standard)
    points = sum(d.points for d in verdicts.decisions)
    try:
        first, *rest = (chosen_action(c, ground, seen, finding.service) for c in fact.actions)
        decision = by_hand(
            ground, (first.scoring(points), *rest), fact.by, fact.reason, finding, seen
        )
    except (GateError, TermsError, ValueError) as error:
        return Act(refused=(str(error),))
    if needs_second(decision.actions, decision.hands, seen.rules):
        decision = evolve(decision, status=Status.PROPOSED)
    cases = _after(setting, (decision,), finding.id)
    return Act((decision,), cases, trace=verdicts.trace)


def refuted(fact: FindingRefuted, finding: Finding | None, setting: Setting) -> Act:
    """A person finds that it is not so: grounds that rest on it fall, and it is a precedent."""
    if not setting.rules.allows("refute", fact.by.roles):
        return Act(refused=(role_refused("refute", fact.by),))
    if finding is None:
        return Act(cannot_tell=(unknown(setting, f"finding {fact.finding_id}"),))

    def falls(ground: Ground) -> bool:
        return ground.finding_ids == (finding.id,) and not ground.fallen

    fallen = tuple(
        after
        for decision in setting.history.decisions
        if decision.status in LIVE
        and (after := without_grounds(decision, falls, fact.by, fact.reason)) is not decision
    )
    precedent = Precedent(
        clause=finding.clause,
        target=finding.target,
        kinds=tuple(e.kind for e in finding.incriminating),
        source_id=finding.id,
    )
    reached = (*fallen, *siblings((precedent,), fallen, setting, fact.by))
    changed = (*reached, *dependents(reached, setting))
    gone = (finding.id, *(d.id for d in changed if d.status is Status.OVERTURNED))
    return Act(
        decisions=changed,
        cases=_after(setting, changed, *gone),
        precedents=(precedent,),
    )


def reviewed(fact: ReviewRecorded, setting: Setting, basis: Decision | None = None) -> Act:
    """A person approves, amends or rejects, decides on a related account, or closes a case.

    ``basis`` is the decision about another User that the act depends on, as it is by then.
    """
    if not setting.rules.allows("review", fact.by.roles):
        return Act(refused=(role_refused("review", fact.by),))
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
    if fact.verdict is Verdict.REJECT:
        return _concluded(setting, _rejected(fact, decision))
    if fact.verdict is Verdict.AMEND:
        return _amended(fact, decision, setting)
    return _approved(fact, decision, setting)


def stranger_reported(fact: UnauthorisedUseReported, setting: Setting) -> Act:
    """The Member reports a stranger: what was decided on that stretch is spared for a person.

    Reading T25: no ground without the Member's own fault.
    """
    since, until = fact.since or fact.aware_at, fact.until or fact.at
    changed = tuple(
        spared(decision, "the account was in a stranger's hands")
        for decision in setting.history.decisions
        if decision.account_id == setting.account_id
        and decision.related_to is None  # that rests on what was done elsewhere
        and decision.in_force
        and since <= decision.conduct_at <= until
        and _blames(decision)
    )
    return _in_doubt(changed, "a stranger's use of the account was reported", setting)


def complaint_resolved(
    fact: ComplaintResolved, complaints: Sequence[ComplaintReceived], setting: Setting
) -> Act:
    """A complaint is rejected: what was decided on it is spared for a person (6.3(a))."""
    if fact.resolution is not Resolution.REJECTED:
        return Act()
    told = {complaint.id for complaint in complaints}
    changed = tuple(
        spared(decision, "the complaint it rests on was rejected")
        for decision in setting.history.decisions
        if decision.in_force
        and any(not g.fallen and told.intersection(g.fact_ids) for g in decision.grounds)
    )
    return _in_doubt(changed, "a complaint that was decided on has been rejected", setting)


def basis_changed(fact: DeadlinePassed, basis: Decision | None, setting: Setting) -> Act:
    """What rests on a decision about another User that does not bear it any more is spared."""
    if fact.deadline != BASIS_FELL:
        return Act()
    changed = tuple(
        spared(decision, f"decision {fact.concerns}, which it rests on, has fallen")
        for decision in setting.history.decisions
        if decision.related_to == fact.concerns and decision.in_force and not rests(decision, basis)
    )
    return _in_doubt(changed, "what a decision on a related account rests on has fallen", setting)


def _in_doubt(changed: Sequence[Decision], reason: str, setting: Setting) -> Act:
    everything = (*changed, *dependents(changed, setting))
    if not everything:
        return Act()
    case = case_for(setting, (), everything, reason)
    return Act(decisions=everything, cases=(case,) if case else ())


def _blames(decision: Decision) -> bool:
    """True unless all that binds is that content stays down, and nothing scores."""
    binding = [action for action in decision.actions if not action.stayed]
    return decision.points > 0 or any(a.power not in CONTENT_POWERS for a in binding)


def _rejected(fact: ReviewRecorded, decision: Decision) -> Decision:
    """Without the actions that waited; what binds already goes on binding."""
    kept = tuple(a for a in decision.actions if not a.stayed)
    if decision.status is Status.PROPOSED or not kept:
        return _by(fact, decision, Status.REJECTED)
    return _by(fact, decision, Status.AMENDED, kept)


def _approved(fact: ReviewRecorded, decision: Decision, setting: Setting) -> Act:
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
    further = rung_decision(
        _worst(approved, approved.points, then), before, before + approved.points, then, None
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
        first, *rest = (
            chosen_action(chosen, ground, setting, decision.service) for chosen in fact.actions
        )
        begun = _begun(read, setting)
        scored = (evolve(first, points=begun.points), *rest)
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
    return Act(decisions=decisions, cases=_after(setting, decisions, *done))


def _after(setting: Setting, decisions: Sequence[Decision], *done: str) -> tuple[Case, ...]:
    """The open case with new proposals joined and what is done with taken out."""
    grown = case_for(setting, (), decisions) or setting.open_case()
    if grown is None:
        return ()
    case = settled(grown, setting, *done)
    return () if case == setting.open_case() else (case,)


def _worst(decision: Decision, points: int, then: Setting) -> Established:
    """What a decision is scored under, worth so many points."""
    ground = _scored_under(decision)
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


def _scored_under(decision: Decision) -> Ground:
    return next(
        g for a in decision.actions if a.points for g in decision.grounds if g.clause == a.ground
    )


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
    then = _then(setting, decision)
    ground = _scored_under(decision)
    worth = setting.rules.points_for(ground.clause, ground.severity)
    whole = _worst(decision, max(worth, decision.points), then)
    left = min(decision.points, to_score(whole, then))
    return tuple(evolve(a, points=min(a.points, left)) for a in decision.actions)


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
