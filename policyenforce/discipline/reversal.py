"""Taking decisions back: what one version of a rule did, or one cascade, as a plan and as an act.

A plan changes nothing. A person approves it, and each decision in it is then taken back by an act
of its own, so that its Member is told and its standing is as if it had never been.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from attrs import frozen

from policyenforce.discipline.acting import Act, role_refused, unknown
from policyenforce.discipline.cases import case_for, settled
from policyenforce.discipline.falling import LIVE, dependents, without_grounds
from policyenforce.discipline.setting import Setting, identity
from policyenforce.discipline.wording import named
from policyenforce.model.decisions import Decision, Status
from policyenforce.model.facts.procedure import DecisionReversed


@frozen
class Reversal:
    """One decision that would be taken back, and what its Member would have again."""

    decision_id: str
    account_id: str
    user: str
    status: Status
    decided_at: datetime
    actions: tuple[str, ...]
    points: int
    automated: bool


@frozen
class ReversalPlan:
    """What a version of a rule did since an instant and does still: for a person to approve.

    ``id`` follows from what the plan names, so that an approval is of this plan and of no other.
    """

    id: str
    rule_version: str
    since: datetime
    reversals: tuple[Reversal, ...]


def plan_reversal(
    decisions: Iterable[Decision], rule_version: str, since: datetime
) -> ReversalPlan:
    """The live decisions drawn from a version of a rule and taken at or after an instant.

    A name without a version (``remove_content``) stands for every version of that rule.
    """
    found = sorted(
        (d for d in decisions if _concerned(d, rule_version, since)),
        key=lambda d: (d.decided_at, d.id),
    )
    name = identity("reversal", rule_version, since.isoformat(), *(d.id for d in found))
    return ReversalPlan(name, rule_version, since, tuple(map(_entry, found)))


def _concerned(decision: Decision, rule_version: str, since: datetime) -> bool:
    if decision.status not in LIVE or decision.decided_at < since:
        return False
    return any(
        rule_version in (version, version.rpartition("@")[0]) for version in decision.rule_versions
    )


def _entry(decision: Decision) -> Reversal:
    return Reversal(
        decision.id,
        decision.account_id,
        decision.user,
        decision.status,
        decision.decided_at,
        tuple(dict.fromkeys(named(action) for action in decision.actions)),
        decision.points,
        decision.automated_decision,
    )


def reversed_decision(fact: DecisionReversed, setting: Setting) -> Act:
    """The decision falls with all it did; what needed its points is stayed for a person.

    It is no precedent: that the rule was bad does not say that the conduct was not so.
    """
    if not setting.rules.allows("reverse", fact.by.roles):
        return Act(refused=(role_refused("reverse", fact.by),))
    decision = setting.history.decision(fact.decision_id)
    if decision is None:
        return Act(cannot_tell=(unknown(setting, f"decision {fact.decision_id}"),))
    if decision.status not in LIVE:
        return Act(refused=(f"decision {decision.id} is {decision.status.value} already",))
    fallen = without_grounds(decision, lambda ground: not ground.fallen, fact.by, fact.reason)
    changed = (fallen, *dependents((fallen,), setting))
    grown = case_for(setting, (), changed[1:]) or setting.open_case()
    cases = () if grown is None else (settled(grown, setting, decision.id),)
    kept = tuple(case for case in cases if case != setting.open_case())
    return Act(decisions=changed, cases=kept)
