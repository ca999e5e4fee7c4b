"""``explain``: why a decision is what it is, in plain lines."""

from __future__ import annotations

from collections.abc import Iterator

from policyenforce.model.decisions import Decision, DisciplinaryAction, Ground
from policyenforce.model.evidence import Bearing
from policyenforce.policy.rules import HouseRules


def explain(decision: Decision, rules: HouseRules) -> tuple[str, ...]:
    """Clause, standard asked and reached, evidence, points, rung, and what would change it."""
    return (
        f"decision {decision.id} on account {decision.account_id}: {decision.status.value}",
        *(line for ground in decision.grounds for line in _ground(ground)),
        *(_action(action, decision) for action in decision.actions),
        f"points: {decision.points_before} in force before, {decision.points} for this, "
        f"{decision.points_after} after",
        f"rule: {decision.rule}; house rules {decision.policy_hash[:12]}; "
        f"Terms {decision.terms.id}",
        f"readings: {', '.join(decision.readings) or 'none'}",
        f"taken by: {_who(decision)}",
        *_changes(decision, rules),
    )


def _ground(ground: Ground) -> Iterator[str]:
    state = " (fallen)" if ground.fallen else ""
    yield f"ground {ground.clause}{state}, reached {ground.standard.label}: {ground.explanation}"
    for evidence in ground.evidence:
        sign = {"incriminating": "+", "mitigating": "-", "counter": "-"}[evidence.bearing.value]
        yield f"  {sign}{evidence.points} {evidence.sentence} [{', '.join(evidence.fact_ids)}]"


def _action(action: DisciplinaryAction, decision: Decision) -> str:
    opening = decision.terms.opening(action.ground, action.power_clause)
    asked = opening.gate.standard.label if opening else "none"
    triggers = ", ".join(t.value for t in opening.gate.triggers) if opening else ""
    needs = f"{asked} and {triggers}" if triggers else asked
    return (
        f"action {action.label or action.power.value} ({action.power.value}) under "
        f"{action.power_clause} for {action.ground}, which asks for {needs}; "
        f"from {action.starts.isoformat()}, {action.end.label}"
    )


def _who(decision: Decision) -> str:
    if decision.actor is None:
        return (
            "a house rule" if decision.automated_decision else "nobody yet: it waits for a person"
        )
    return f"{decision.actor.id} ({', '.join(decision.actor.roles)})"


def _changes(decision: Decision, rules: HouseRules) -> Iterator[str]:
    for ground in decision.grounds:
        against = [e for e in ground.evidence if e.bearing is Bearing.INCRIMINATING]
        if len(decision.grounds) == 1 or all(a.ground == ground.clause for a in decision.actions):
            yield f"would fall if {ground.clause} were refuted ({len(against)} pieces of evidence)"
    used = {action.rung for action in decision.actions}
    for rung in rules.ladder:
        if rung.name in used:
            spare = decision.points_after - rung.points
            yield (
                f"rung {rung.name} needs {rung.points} points: {spare + 1} fewer in force "
                f"would not have reached it"
            )
