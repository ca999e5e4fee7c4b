"""What would have had to be different for a decision to stand one rung lower.

Each answer is the smallest change of its kind: one earlier decision overturned (or the fewest),
so many days until enough points have decayed, a breach less grave, a standard not reached.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import accumulate

from attrs import frozen

from policyenforce.discipline.wording import named, words
from policyenforce.model.decisions import Decision, DisciplinaryAction, Status
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
        fewer = before + own - rung.points + 1
        # Later its merge window would have held less, so that it would have scored in full.
        whole = max(own, _worth(decision, rules))
        later = _later(given, fewer + whole - own, decision, rules)
        for change, points in ((_overturned(given, fewer), own), (later, whole)):
            if change is not None:
                left = before - change[0]
                yield _instead(change[1], left, left + points, decision, rules)
    yield from _less_grave(rung, decision, before, own, rules)


def _given_before(
    decision: Decision, history: History, rules: HouseRules
) -> list[tuple[datetime, int, str]]:
    """What counted besides this incident: when, how many points, by which decision."""
    others = (d for d in history.decisions if d.fact_id != decision.fact_id and d.in_force)
    found = [(d.conduct_at, d.points, d.id) for d in others if d.points]
    at = decision.conduct_at
    return sorted(g for g in found if g[0] <= at and rules.points_in_force([(g[0], g[1])], at))


def _own(decision: Decision, history: History) -> int:
    """The points of the incident, which another decision on the same fact may carry."""
    same = (d for d in history.decisions if d.fact_id == decision.fact_id and d.id != decision.id)
    return decision.points + sum(d.points for d in same if d.in_force)


def _worth(decision: Decision, rules: HouseRules) -> int:
    """What its scoring ground costs where no merge window holds any of it."""
    scored = {action.ground for action in decision.actions if action.points}
    return max(
        (rules.points_for(g.clause, g.severity) for g in decision.grounds if g.clause in scored),
        default=0,
    )


def _overturned(
    given: Sequence[tuple[datetime, int, str]], fewer: int
) -> tuple[int, Change] | None:
    """The one earlier decision that would have been enough, or else the fewest together."""
    enough = [g for g in given if g[1] >= fewer]
    if enough:
        chosen = [min(enough, key=lambda g: (g[1], g[0], g[2]))]
    else:
        most_first = sorted(given, key=lambda g: (-g[1], g[0], g[2]))
        sums = list(accumulate(g[1] for g in most_first))
        count = next((n for n, total in enumerate(sums, start=1) if total >= fewer), 0)
        chosen = most_first[:count]
    if not chosen:
        return None
    told = " and ".join(f"{name} ({points} points)" for _, points, name in chosen)
    names = tuple(name for _, _, name in chosen)
    return sum(g[1] for g in chosen), Change(f"if {told} were overturned", overturned=names)


def _later(
    given: Sequence[tuple[datetime, int, str]], fewer: int, decision: Decision, rules: HouseRules
) -> tuple[int, Change] | None:
    """How many days later the conduct would have met few enough points."""
    gone = 0
    life = timedelta(days=rules.point_life_days)
    for when, points, _ in given:
        gone += points
        if gone >= fewer:
            days = -((decision.conduct_at - when - life) // _DAY)
            gone = sum(p for w, p, _ in given if w + life <= decision.conduct_at + days * _DAY)
            told = (
                f"if it had been {days} day{'s' * (days > 1)} later, {gone} points decayed by then"
            )
            return gone, Change(told, days=days)
    return None


def _less_grave(
    rung: Rung, decision: Decision, before: int, own: int, rules: HouseRules
) -> Iterator[Change]:
    """The gravest milder severity at which the clause would not have led there."""
    scored = {a.ground for a in decision.actions if a.rung == rung.name}
    ground = next((g for g in decision.grounds if g.clause in scored and not g.fallen), None)
    if ground is None:
        return
    held = max(0, rules.points_for(ground.clause, ground.severity) - own)  # by its merge window
    for severity in reversed(SEVERITIES[: SEVERITIES.index(ground.severity)]):
        worth = min(own, max(0, rules.points_for(ground.clause, severity) - held))
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
