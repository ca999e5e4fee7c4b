"""What would have had to be different for a decision to stand one rung lower.

Each answer is the smallest change of its kind: one earlier decision overturned (or the fewest),
so many days until enough points have decayed, a breach less grave, a standard not reached.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from attrs import evolve, frozen

from policyenforce.discipline.falling import with_decisions
from policyenforce.discipline.ladder import cheaper, in_turn, score, scored_before, scored_ground
from policyenforce.discipline.wording import named, words
from policyenforce.model.decisions import (
    Decision,
    DisciplinaryAction,
    Ground,
    Price,
    Status,
)
from policyenforce.model.findings import Severity
from policyenforce.model.outcome import History
from policyenforce.policy.rules import HouseRules, Rung
from policyenforce.policy.templates import SEVERITIES
from policyenforce.terms.gates import Standard

_DAY = timedelta(days=1)


@frozen
class Change:
    """One thing that, had it been otherwise, would have led to less.

    ``overturned`` are the earlier decisions without which it would have, ``days`` how much later
    the conduct would have had to be, ``severity`` how grave, ``standard`` below which standard.
    ``instead`` is the rung that would have been reached then, None for no rung at all.
    """

    sentence: str
    instead: str | None = None
    overturned: tuple[str, ...] = ()
    days: int | None = None
    severity: Severity | None = None
    standard: Standard | None = None


def smallest_changes(decision: Decision, history: History, rules: HouseRules) -> Iterator[Change]:
    """The smallest change of each kind that would have moved the decision one rung down.

    ``history`` is that of the decision's User; what has fallen in it since does not count.
    """
    if decision.status in (Status.OVERTURNED, Status.REJECTED):
        return
    rung = _hardest(decision, rules)
    if rung is not None:
        yield from _of_rung(rung, decision, history, rules)
    yield from _of_standard(decision)


def _hardest(decision: Decision, rules: HouseRules) -> Rung | None:
    used = {action.rung for action in decision.actions if not action.stayed}
    return next((rung for rung in reversed(rules.ladder) if rung.name in used), None)


def _of_rung(
    rung: Rung, decision: Decision, history: History, rules: HouseRules
) -> Iterator[Change]:
    given = _given_before(decision, history, rules)
    before, own = sum(points for _, points, _ in given), _own(decision, history)
    floor = _floor(decision, rules)
    held_up = floor is not None and floor.severity >= rung.severity
    if before < rung.points <= before + own and not held_up:
        for found in (
            _overturned(rung, given, decision, history, rules),
            _later(rung, given, decision, history, rules),
        ):
            if found is not None:
                yield _instead(*found, decision, rules)
    yield from _less_grave(rung, decision, (before, own), history, rules)


def _given_before(
    decision: Decision, history: History, rules: HouseRules
) -> list[tuple[datetime, int, str]]:
    """What counted besides this incident: when, how many points, by which decision."""
    others = (d for d in history.decisions if d.fact_id != decision.fact_id and d.in_force)
    found = [(d.conduct_at, d.points, d.id) for d in others if d.points]
    at = decision.conduct_at
    return sorted(g for g in found if g[0] <= at and rules.points_in_force([(g[0], g[1])], at))


def _incident(decision: Decision, history: History) -> tuple[Decision, ...]:
    """The decision and the others in force on the same fact, which may carry its points."""
    same = (d for d in history.decisions if d.fact_id == decision.fact_id and d.id != decision.id)
    return (decision, *(d for d in same if d.in_force))


def _own(decision: Decision, history: History) -> int:
    """The points of the incident."""
    return sum(one.points for one in _incident(decision, history))


def _priced(decision: Decision, history: History, rules: HouseRules) -> list[tuple[Ground, Price]]:
    """What the incident scored for, where the record has a say in what that costs."""
    if rules.repeats.plain:
        return []
    found = ((one, one.scoring) for one in _incident(decision, history))
    return [(scored_ground(one, a), a.price) for one, a in found if a is not None and a.price]


def _before(decision: Decision, history: History) -> History:
    """The history with what scored before the incident of a decision, and nothing else."""
    sooner = scored_before(decision, history)
    return evolve(history, decisions=tuple(d for d in sooner if d.fact_id != decision.fact_id))


def _own_at(decision: Decision, history: History, rules: HouseRules, at: datetime) -> int:
    """The points of the incident, had it been then: its merge window would have held nothing."""
    priced, known = _priced(decision, history, rules), _before(decision, history)
    if priced:
        return max(score(ground, price.worth, at, known, rules) for ground, price in priced)
    scored = {action.ground for action in decision.actions if action.points}
    worth = [rules.points_for(g.clause, g.severity) for g in decision.grounds if g.clause in scored]
    return max(_own(decision, history), *worth, 0)


def _overturned(
    rung: Rung,
    given: Sequence[tuple[datetime, int, str]],
    decision: Decision,
    history: History,
    rules: HouseRules,
) -> tuple[Change, int, int] | None:
    """The one earlier decision that would have been enough, or else the fewest together.

    With what would have been in force before this then, and after.
    """
    least_first = sorted(given, key=lambda g: (g[1], g[0], g[2]))
    most_first = sorted(given, key=lambda g: (-g[1], g[0], g[2]))
    together = (most_first[: n + 1] for n in range(1, len(given)))
    for chosen in (*([one] for one in least_first), *together):
        names = tuple(name for _, _, name in chosen)
        left = _without(names, history, rules)
        before = sum(points for _, points, _ in _given_before(decision, left, rules))
        after = before + _own(cheaper(decision, left, rules), left)
        if after < rung.points:
            told = " and ".join(f"{name} ({points} points)" for _, points, name in chosen)
            return Change(f"if {told} were overturned", overturned=names), before, after
    return None


def _without(names: tuple[str, ...], history: History, rules: HouseRules) -> History:
    """The history without these decisions, and with what their fall would make cheaper."""
    kept = tuple(d for d in history.decisions if d.id not in names)
    left = evolve(history, decisions=kept)
    for decision in in_turn(left):
        left = with_decisions(left, (cheaper(decision, left, rules),))
    return left


def _later(
    rung: Rung,
    given: Sequence[tuple[datetime, int, str]],
    decision: Decision,
    history: History,
    rules: HouseRules,
) -> tuple[Change, int, int] | None:
    """How many days later the conduct would have met few enough points."""
    life = timedelta(days=rules.point_life_days)
    before = sum(points for _, points, _ in given)
    for when, _, _ in given:
        days = -((decision.conduct_at - when - life) // _DAY)
        then = decision.conduct_at + days * _DAY
        gone = sum(points for w, points, _ in given if w + life <= then)
        # Its merge window would hold less then, so that it would score in full.
        after = before - gone + _own_at(decision, history, rules, then)
        if after < rung.points:
            told = (
                f"if it had been {days} day{'s' * (days > 1)} later, {gone} points decayed by then"
            )
            return Change(told, days=days), before - gone, after
    return None


def _less_grave(
    rung: Rung, decision: Decision, counted: tuple[int, int], history: History, rules: HouseRules
) -> Iterator[Change]:
    """The gravest milder severity at which the clause would not have led there."""
    scored = {a.ground for a in decision.actions if a.rung == rung.name}
    ground = next((g for g in decision.grounds if g.clause in scored and not g.fallen), None)
    if ground is None:
        return
    (before, own), at = counted, decision.conduct_at
    priced = _priced(decision, history, rules)
    held = max(0, rules.points_for(ground.clause, ground.severity) - own)  # by its merge window
    known = _before(decision, history)
    for severity in reversed(SEVERITIES[: SEVERITIES.index(ground.severity)]):
        points = rules.points_for(ground.clause, severity)
        worth = min(own, max(0, points - held))
        if priced:
            worth = min(own, score(evolve(ground, severity=severity), points, at, known, rules))
        floor = rules.floor_for(ground.clause, severity)
        held_up = floor is not None and floor.severity >= rung.severity
        if before + worth < rung.points and not held_up:
            told = f"if it had been {severity.value} and not {ground.severity.value}"
            change = Change(told, severity=severity)
            yield _instead(change, before, before + worth, decision, rules, floor)
            return


def _instead(
    change: Change,
    before: int,
    after: int,
    decision: Decision,
    rules: HouseRules,
    floor: Rung | None = None,
) -> Change:
    floors = floor if floor or change.severity else _floor(decision, rules)
    crossed = rules.rung_crossed(before, after)
    reached = max(filter(None, (crossed, floors)), key=lambda r: r.severity, default=None)
    what = f"rung {reached.name}" if reached else "no rung"
    return Change(
        f"{change.sentence}: {what}",
        reached.name if reached else None,
        change.overturned,
        change.days,
        change.severity,
    )


def _floor(decision: Decision, rules: HouseRules) -> Rung | None:
    floors = (rules.floor_for(g.clause, g.severity) for g in decision.grounds if not g.fallen)
    return max(filter(None, floors), key=lambda rung: rung.severity, default=None)


def _of_standard(decision: Decision) -> Iterator[Change]:
    """Below which standard an action that no rung gave would not have followed."""
    told: dict[tuple[str, Standard, Standard], list[DisciplinaryAction]] = {}
    for action in decision.actions:
        opening = decision.terms.opening(action.ground, action.power_clause)
        if action.rung is not None or opening is None or not opening.gate.standard:
            continue
        reached = max(g.standard for g in decision.grounds if g.clause == action.ground)
        key = (action.ground.text, opening.gate.standard, reached)
        told.setdefault(key, []).append(action)
    for (clause, asked, reached), actions in told.items():
        names = " and ".join(dict.fromkeys(named(action) for action in actions))
        sentence = f"if {clause} had not reached {words(asked.label)} (it reached {reached.label})"
        yield Change(f"{sentence}: no {names}", standard=asked)
