"""What people do: confirm, refute, decide by hand, and report a stranger.

Each act arrives as a fact, is checked against roles and the state of things, and gives
decisions, cases and precedents; an act that cannot apply says why and changes nothing.
"""

from __future__ import annotations

from attrs import evolve

from policyenforce.discipline.acting import Act, needs_second, role_refused, unknown
from policyenforce.discipline.actions import CONTENT_POWERS, chosen_actions
from policyenforce.discipline.cases import case_after
from policyenforce.discipline.clearing import spare
from policyenforce.discipline.decide import Verdicts, by_hand, decide
from policyenforce.discipline.falling import LIVE, dependents, siblings, without_grounds
from policyenforce.discipline.grounds import ground_of
from policyenforce.discipline.relations import BASIS_FELL, rests
from policyenforce.discipline.setting import Setting
from policyenforce.errors import GateError, TermsError
from policyenforce.model.decisions import Decision, Ground, Status
from policyenforce.model.facts.procedure import (
    DeadlinePassed,
    FindingConfirmed,
    FindingRefuted,
)
from policyenforce.model.facts.sessions import UnauthorisedUseReported
from policyenforce.model.findings import Finding
from policyenforce.model.outcome import Precedent


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
    case = case_after(setting, verdicts.decisions, finding.id)
    return Act(verdicts.decisions, case, waiting=verdicts.waiting, trace=verdicts.trace)


def _by_hand(
    fact: FindingConfirmed, finding: Finding, verdicts: Verdicts, seen: Setting, setting: Setting
) -> Act:
    """What a person chose on a finding, in the place of what the house would have answered."""
    ground = ground_of(finding, fact.standard)
    points = sum(d.points for d in verdicts.decisions)
    price = next((d.price for d in verdicts.decisions if d.points), None)
    try:
        first, *rest = chosen_actions(fact.actions, ground, seen, finding.service)
        decision = by_hand(
            ground, (first.scoring(points, price), *rest), fact.by, fact.reason, finding, seen
        )
    except (GateError, TermsError, ValueError) as error:
        return Act(refused=(str(error),))
    if needs_second(decision.actions, decision.hands, seen.rules):
        decision = evolve(decision, status=Status.PROPOSED)
    cases = case_after(setting, (decision,), finding.id)
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
        cases=case_after(setting, changed, *gone),
        precedents=(precedent,),
    )


def stranger_reported(fact: UnauthorisedUseReported, setting: Setting) -> Act:
    """The Member reports a stranger: what was decided on that stretch is spared for a person.

    Reading T25: no ground without the Member's own fault.
    """
    since, until = fact.since or fact.aware_at, fact.until or fact.at

    def doubtful(decision: Decision) -> bool:
        return (
            decision.account_id == setting.account_id
            and decision.related_to is None  # that rests on what was done elsewhere
            and since <= decision.conduct_at <= until
            and _blames(decision)
        )

    reason = "the account was in a stranger's hands"
    return spare(doubtful, reason, "a stranger's use of the account was reported", setting)


def basis_changed(fact: DeadlinePassed, basis: Decision | None, setting: Setting) -> Act:
    """What rests on a decision about another User that does not bear it any more is spared."""
    if fact.deadline != BASIS_FELL:
        return Act()

    def doubtful(decision: Decision) -> bool:
        return decision.related_to == fact.concerns and not rests(decision, basis)

    reason = f"decision {fact.concerns}, which it rests on, has fallen"
    why = "what a decision on a related account rests on has fallen"
    return spare(doubtful, reason, why, setting)


def _blames(decision: Decision) -> bool:
    """True unless all that binds is that content stays down, and nothing scores."""
    binding = [action for action in decision.actions if not action.stayed]
    return decision.points > 0 or any(a.power not in CONTENT_POWERS for a in binding)
