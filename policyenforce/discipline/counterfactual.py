"""What would have had to be different for a decision to stand one rung lower.

Each answer is the smallest change of its kind: one earlier decision overturned (or the fewest),
so many days until enough points have decayed, a breach less grave, a standard not reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from attrs import evolve, field, frozen

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


class _Given(NamedTuple):
    """Points that counted besides those of the incident: since when, and by which decision."""

    since: datetime
    points: int
    name: str


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


@frozen(eq=False)
class _Climb:
    """A decision that stands on a rung, and the points that brought it there."""

    rung: Rung
    decision: Decision
    history: History
    rules: HouseRules
    given: list[_Given] = field(init=False)
    own: int = field(init=False)

    @given.default
    def _given(self) -> list[_Given]:
        return _given_before(self.decision, self.history, self.rules)

    @own.default
    def _own(self) -> int:
        return _own(self.decision, self.history)

    @property
    def before(self) -> int:
        """The points in force besides the incident's own."""
        return sum(given.points for given in self.given)

    @property
    def floor(self) -> Rung | None:
        """The hardest floor of its grounds."""
        standing = (g for g in self.decision.grounds if not g.fallen)
        floors = (self.rules.floor_for(g.clause, g.severity) for g in standing)
        return max(filter(None, floors), key=lambda rung: rung.severity, default=None)

    def held_up(self, floor: Rung | None) -> bool:
        """True where a floor alone leads as far as this."""
        return floor is not None and floor.severity >= self.rung.severity


def smallest_changes(decision: Decision, history: History, rules: HouseRules) -> Iterator[Change]:
    """The smallest change of each kind that would have moved the decision one rung down.

    ``history`` is that of the decision's User; what has fallen in it since does not count.
    """
    if decision.status in (Status.OVERTURNED, Status.REJECTED):
        return
    rung = _hardest(decision, rules)
    if rung is not None:
        yield from _of_rung(_Climb(rung, decision, history, rules))
    yield from _of_standard(decision)


def _hardest(decision: Decision, rules: HouseRules) -> Rung | None:
    used = {action.rung for action in decision.actions if not action.stayed}
    return next((rung for rung in reversed(rules.ladder) if rung.name in used), None)


def _of_rung(climb: _Climb) -> Iterator[Change]:
    before, floor = climb.before, climb.floor
    if before < climb.rung.points <= before + climb.own and not climb.held_up(floor):
        for found in (_overturned(climb), _later(climb)):
            if found is not None:
                yield _instead(*found, floor, climb.rules)
    yield from _less_grave(climb)


def _given_before(decision: Decision, history: History, rules: HouseRules) -> list[_Given]:
    """What counted before this incident, oldest first."""
    sooner = _before(decision, history).decisions
    found = [_Given(d.conduct_at, d.points, d.id) for d in sooner if d.in_force and d.points]
    at = decision.conduct_at
    return sorted(
        g for g in found if g.since <= at and rules.points_in_force([(g.since, g.points)], at)
    )


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
    found = ((one, one.price) for one in _incident(decision, history))
    return [(scored_ground(one), price) for one, price in found if price]


def _before(decision: Decision, history: History) -> History:
    """The history with what scored before the incident of a decision, and nothing else."""
    sooner = scored_before(decision, history)
    return evolve(history, decisions=tuple(d for d in sooner if d.fact_id != decision.fact_id))


def _own_at(climb: _Climb, at: datetime) -> int:
    """The points of the incident, had it been then: its merge window would have held nothing."""
    decision, history, rules = climb.decision, climb.history, climb.rules
    priced, known = _priced(decision, history, rules), _before(decision, history)
    if priced:
        return max(score(ground, price.worth, at, known, rules) for ground, price in priced)
    scored = {action.ground for action in decision.actions if action.points}
    worth = [rules.points_for(g.clause, g.severity) for g in decision.grounds if g.clause in scored]
    return max(climb.own, *worth, 0)


def _overturned(climb: _Climb) -> tuple[Change, int, int] | None:
    """The one earlier decision that would have been enough, or else the fewest together.

    With what would have been in force before this then, and after.
    """
    decision, rules = climb.decision, climb.rules
    least_first = sorted(climb.given, key=lambda g: (g.points, g.since, g.name))
    most_first = sorted(climb.given, key=lambda g: (-g.points, g.since, g.name))
    together = (most_first[: n + 1] for n in range(1, len(most_first)))
    for chosen in (*([one] for one in least_first), *together):
        names = tuple(given.name for given in chosen)
        left = _without(names, climb.history, rules)
        before = sum(given.points for given in _given_before(decision, left, rules))
        after = before + _own(cheaper(decision, left, rules), left)
        if after < climb.rung.points:
            told = " and ".join(f"{given.name} ({given.points} points)" for given in chosen)
            return Change(f"if {told} were overturned", overturned=names), before, after
    return None


def _without(names: tuple[str, ...], history: History, rules: HouseRules) -> History:
    """The history without these decisions, and with what their fall would make cheaper."""
    kept = tuple(d for d in history.decisions if d.id not in names)
    left = evolve(history, decisions=kept)
    for decision in in_turn(left):
        left = with_decisions(left, (cheaper(decision, left, rules),))
    return left


def _later(climb: _Climb) -> tuple[Change, int, int] | None:
    """How many days later the conduct would have met few enough points."""
    life, conduct_at = timedelta(days=climb.rules.point_life_days), climb.decision.conduct_at
    for given in climb.given:
        days = -((conduct_at - given.since - life) // _DAY)
        then = conduct_at + days * _DAY
        gone = sum(other.points for other in climb.given if other.since + life <= then)
        # Its merge window would hold less then, so that it would score in full.
        before = climb.before - gone
        after = before + _own_at(climb, then)
        if after < climb.rung.points:
            later = f"{days} day{'s' * (days > 1)} later"
            told = f"if it had been {later}, {gone} points decayed by then"
            return Change(told, days=days), before, after
    return None


def _less_grave(climb: _Climb) -> Iterator[Change]:
    """The gravest milder severity at which the clause would not have led there."""
    decision, rules, own, before = climb.decision, climb.rules, climb.own, climb.before
    scored = {a.ground for a in decision.actions if a.rung == climb.rung.name}
    ground = next((g for g in decision.grounds if g.clause in scored and not g.fallen), None)
    if ground is None:
        return
    priced, known = _priced(decision, climb.history, rules), _before(decision, climb.history)
    held = max(0, rules.points_for(ground.clause, ground.severity) - own)  # by its merge window
    for severity in reversed(SEVERITIES[: SEVERITIES.index(ground.severity)]):
        points = rules.points_for(ground.clause, severity)
        worth = max(0, points - held)
        if priced:
            milder = evolve(ground, severity=severity)
            worth = score(milder, points, decision.conduct_at, known, rules)
        after, floor = before + min(own, worth), rules.floor_for(ground.clause, severity)
        if after < climb.rung.points and not climb.held_up(floor):
            told = f"if it had been {severity.value} and not {ground.severity.value}"
            change = Change(told, severity=severity)
            yield _instead(change, before, after, floor, rules)
            return


def _instead(
    change: Change, before: int, after: int, floor: Rung | None, rules: HouseRules
) -> Change:
    crossed = rules.rung_crossed(before, after)
    reached = max(filter(None, (crossed, floor)), key=lambda r: r.severity, default=None)
    what = f"rung {reached.name}" if reached else "no rung"
    name = reached.name if reached else None
    return evolve(change, sentence=f"{change.sentence}: {what}", instead=name)


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
