"""``explain``: why a decision is what it is, in plain lines."""

from __future__ import annotations

from collections.abc import Iterator

from policyenforce.discipline.counterfactual import smallest_changes
from policyenforce.discipline.wording import bears_on, holder, lasts, named, priced, state, words
from policyenforce.model.decisions import Decision, DisciplinaryAction, Ground, Status
from policyenforce.model.evidence import Bearing, Evidence
from policyenforce.model.outcome import History
from policyenforce.policy.rules import HouseRules, Rung

_BEARS = {
    Bearing.INCRIMINATING: "against",
    Bearing.MITIGATING: "in favour",
    Bearing.COUNTER: "disproving",
}


def explain(
    decision: Decision, rules: HouseRules, history: History | None = None
) -> tuple[str, ...]:
    """Clause, standard asked and reached, evidence, points, rung, and what would change it.

    With the ``history`` of its User it also tells the smallest changes by which it would have
    stood one rung lower.
    """
    return (
        f"decision {decision.id} on {holder(decision)}: {decision.status.value}",
        *_grounds(decision),
        *_actions(decision),
        _points(decision),
        f"rule: {decision.rule}; house rules {decision.policy_hash[:12]}; "
        f"Terms {decision.terms.id}",
        f"readings: {', '.join(decision.readings) or 'none'}",
        f"conduct of {decision.conduct_at.isoformat()}, decided {decision.decided_at.isoformat()}",
        automation(decision),
        *_who(decision),
        *_appeal(decision),
        *_changes(decision, rules),
        *_one_down(decision, history, rules),
    )


def automation(decision: Decision) -> str:
    """Whether a machine or a person saw it, and which of them decided."""
    detected = "automatic" if decision.automated_detection else "by a person"
    decided = "automatic" if decision.automated_decision else "by a person"
    if decision.status is Status.PROPOSED:
        decided = "still to be taken by a person"
    return f"detection {detected}, decision {decided}"


def _grounds(decision: Decision) -> Iterator[str]:
    told: dict[tuple[Evidence, ...], Ground] = {}
    for ground in decision.grounds:
        fallen = " (fallen)" if ground.fallen else ""
        reached = f"reached {ground.standard.label}"
        yield f"ground {ground.clause}{fallen}, {reached}: {ground.explanation}"
        first = told.setdefault(ground.evidence, ground)
        if first is not ground and ground.evidence:
            yield f"  the same evidence as for {first.clause}"
        else:
            yield from (_evidence(evidence, ground) for evidence in ground.evidence)


def _evidence(evidence: Evidence, ground: Ground) -> str:
    said = "as stated" if evidence.sentence == ground.explanation else evidence.sentence
    weight = f" (weight {evidence.points})" if evidence.points else ""
    source = f" [{', '.join(evidence.fact_ids)}]" if evidence.fact_ids else ""
    return f"  {_BEARS[evidence.bearing]}: {said}{weight}{source}"


def _actions(decision: Decision) -> Iterator[str]:
    """Each action once, with every ground it rests on."""
    reasons: dict[str, list[str]] = {}
    for action in decision.actions:
        told = (
            f"action {named(action)} ({action.power.value}) on {bears_on(action, decision)}"
            f"{state(action, decision)}, from {action.starts.isoformat()}, {lasts(action)}"
        )
        reasons.setdefault(told, []).append(_reason(action, decision))
    return (f"{told}; {'; '.join(dict.fromkeys(why))}" for told, why in reasons.items())


def _reason(action: DisciplinaryAction, decision: Decision) -> str:
    opening = decision.terms.opening(action.ground, action.power_clause)
    gates = (opening.gate,) if opening else ()  # one that opens nothing cannot be constructed
    asked = [gate.standard.label if gate.standard else "no standard" for gate in gates]
    asked.extend(words(trigger.value) for gate in gates for trigger in gate.triggers)
    return f"under {action.power_clause} for {action.ground}, which asks for {' and '.join(asked)}"


def _points(decision: Decision) -> str:
    before = f"points: {decision.points_before} in force before"
    if decision.in_force:
        return (
            f"{before}, {decision.points} for this{priced(decision)}, {decision.points_after} after"
        )
    if decision.status is Status.PROPOSED:
        return f"{before}, {decision.points} more once it is approved{priced(decision)}"
    return f"{before}; this adds none"


def _who(decision: Decision) -> Iterator[str]:
    if decision.actor is not None:
        yield f"taken by: {decision.actor.id} ({', '.join(decision.actor.roles) or 'no role'})"
    elif decision.status is Status.PROPOSED:
        yield "taken by: nobody yet; it waits for a person"
    else:
        yield "taken by: a house rule"
    if len(decision.hands) > 1:
        yield f"with a hand in it: {', '.join(decision.hands)}"
    if decision.reason:
        yield f"because: {decision.reason}"


def _appeal(decision: Decision) -> Iterator[str]:
    if decision.appeal_id is not None:
        yield f"appeal {decision.appeal_id} is open"
    elif decision.in_force and decision.appeal_until is not None:
        yield f"can be appealed until {decision.appeal_until.isoformat()}"


def _changes(decision: Decision, rules: HouseRules) -> Iterator[str]:
    if decision.status in (Status.OVERTURNED, Status.REJECTED):
        return
    for ground in decision.grounds:
        resting = {named(a) for a in decision.actions if a.ground == ground.clause}
        others = {named(a) for a in decision.actions if a.ground != ground.clause}
        falls = sorted(resting - others)
        if falls and not ground.fallen:
            what = " and ".join(falls) if others else "all of it"
            yield f"would change it: if {ground.clause} were refuted, {what} would fall"
    used = {action.rung for action in decision.actions if not action.stayed}
    for rung in rules.ladder:
        if rung.name in used:
            yield _rung(rung, decision, rules)


def _one_down(decision: Decision, history: History | None, rules: HouseRules) -> Iterator[str]:
    if history is not None:
        for change in smallest_changes(decision, history, rules):
            yield f"one step down: {change.sentence}"


def _rung(rung: Rung, decision: Decision, rules: HouseRules) -> str:
    reached = decision.points_before + decision.points
    floors = [rules.floor_for(g.clause, g.severity) for g in decision.grounds if not g.fallen]
    if reached < rung.points and rung not in floors:
        return f"rung {rung.name}: reached at {rung.points} points; only {reached} count by now"
    if reached < rung.points or (decision.points and decision.points_before >= rung.points):
        return f"rung {rung.name}: the least that this clause gets when it is this grave"
    fewer = reached - rung.points + 1
    return (
        f"rung {rung.name}: reached at {rung.points} points; with {fewer} fewer in force "
        "it would not have been"
    )
