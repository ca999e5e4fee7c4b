"""The house ladder over a User's history: points in force, the merge window, rungs reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import takewhile

from attrs import evolve

from policyenforce.discipline.actions import is_revision
from policyenforce.discipline.grounds import Established, gravity
from policyenforce.discipline.setting import Setting
from policyenforce.model.decisions import Decision, DisciplinaryAction, Ground, Price
from policyenforce.model.outcome import History
from policyenforce.policy.repeats import share_of
from policyenforce.policy.rules import HouseRules
from policyenforce.terms.references import ClauseRef

_CONTRACT = ClauseRef.parse("6.3(a)")


def points_given(history: History, *, without: str | None = None) -> Iterator[tuple[datetime, int]]:
    """When each binding decision's conduct was, and the points it gave.

    The value is frozen when given; decay is computed when read.
    """
    for decision in history.decisions:
        if decision.in_force and decision.points and decision.id != without:
            yield decision.conduct_at, decision.points


def points_at(history: History, rules: HouseRules, at: datetime) -> int:
    """The points in force at an instant."""
    if not history.decisions:
        return 0
    return rules.points_in_force([g for g in points_given(history) if g[0] <= at], at)


def gravest(grounds: Iterable[Established], setting: Setting) -> Established | None:
    """The breach an incident is scored under: the one that adds most, then first clause."""
    breaches = [ground for ground in grounds if ground.answer.breach]
    if len(breaches) < 2:
        return next(iter(breaches), None)
    return min(breaches, key=lambda ground: (-to_score(ground, setting), *gravity(ground)))


def to_score(breach: Established, setting: Setting) -> int:
    """What a breach adds: its price, less what the merge window already holds.

    One incident scores once, under its gravest clause; breaches of the same clause within the
    window count as one, and so do those of the same contract or content revision at any time.
    """
    points = breach.answer.points
    if not setting.history.decisions and setting.rules.repeats.plain:
        return points
    return score(breach.ground, points, setting.conduct_at, setting.history, setting.rules)


def price_of(breach: Established, setting: Setting) -> Price | None:
    """How the record changes what a breach costs; None where the house lets it change nothing."""
    points, at = breach.answer.points, setting.conduct_at
    return price(breach.ground, points, at, setting.history, setting.rules)


def score(ground: Ground, worth: int, at: datetime, history: History, rules: HouseRules) -> int:
    """What a breach of an instant adds to a history, when it is worth so many points by itself."""
    held = [
        (at if _of_same(ground, decision) else decision.conduct_at, action.points)
        for decision in history.decisions
        if decision.in_force
        for action in decision.actions
        if action.points and action.ground == ground.clause
    ]
    asked = price(ground, worth, at, history, rules)
    points = worth if asked is None else share_of(worth, asked.percent)
    return rules.score_to_add((points,), held, at) if held else points


def price(
    ground: Ground, worth: int, at: datetime, history: History, rules: HouseRules
) -> Price | None:
    """The share of a breach's points that is asked after what came before it.

    None where the house lets the record change nothing. What its merge window holds, and what is
    about the same contract or content revision, is no earlier breach but this one.
    """
    if rules.repeats.plain:
        return None
    same = [d for d in history.decisions if d.in_force and _of_same(ground, d)]
    at = min((d.conduct_at for d in same), default=at)
    opened = at - timedelta(hours=rules.merge_window_hours)
    before = [
        (decision.conduct_at, _scored_under(decision, ground))
        for decision in history.decisions
        if decision.in_force and decision.points and decision.conduct_at < at
        if decision not in same and rules.points_in_force([(decision.conduct_at, 1)], at)
    ]
    # Its incident began with the first breach of the ground that its merge window holds.
    began = min((when for when, of_ground in before if of_ground and when >= opened), default=at)
    again = [when for when, of_ground in before if of_ground and when < began]
    clean = not any(when < began for when, _ in before)
    earlier = rules.incidents(again)
    percent = rules.repeats.percent(ground.severity, earlier=earlier, clean=clean)
    return Price(worth, percent, earlier)


def repriced(
    decision: Decision, history: History, rules: HouseRules
) -> tuple[DisciplinaryAction, ...]:
    """The actions of a decision at what its breach costs after this history, if that is less.

    What its incident has scored elsewhere is held against it. INVARIANT: points once given rise
    for nothing that comes later.
    """
    if not decision.points:
        return decision.actions
    ground = scored_ground(decision)
    worth = max(rules.points_for(ground.clause, ground.severity), decision.points)
    if decision.price is not None:
        worth = decision.price.worth
    left = score(ground, worth, decision.conduct_at, history, rules)
    asked = price(ground, worth, decision.conduct_at, history, rules)
    return tuple(
        action.scoring(min(action.points, left), asked or action.price) if action.points else action
        for action in decision.actions
    )


def cheaper(decision: Decision, history: History, rules: HouseRules) -> Decision:
    """The decision at what its breach costs after those of the history that came before it.

    The very same one where the record has no say in it, or it costs no less.
    """
    if decision.price is None or rules.repeats.plain:
        return decision
    sooner = evolve(history, decisions=scored_before(decision, history))
    actions = repriced(decision, sooner, rules)
    points = sum(action.points for action in actions)
    if points == decision.points:
        return decision
    return evolve(decision, actions=actions, points_after=decision.points_before + points)


def in_turn(history: History) -> list[Decision]:
    """The decisions of a history in the order in which they score."""
    return sorted(history.decisions, key=lambda d: (d.conduct_at, d.decided_at))


def scored_before(decision: Decision, history: History) -> tuple[Decision, ...]:
    """The decisions of the history whose turn came before that of this one."""
    return tuple(takewhile(lambda other: other.id != decision.id, in_turn(history)))


def scored_ground(decision: Decision) -> Ground:
    """The ground that carries the points of a decision that has some."""
    return next(
        g for a in decision.actions if a.points for g in decision.grounds if g.clause == a.ground
    )


def _scored_under(decision: Decision, ground: Ground) -> bool:
    return any(action.points and action.ground == ground.clause for action in decision.actions)


def _of_same(ground: Ground, decision: Decision) -> bool:
    """True where both are about one thing that can only be broken once: a contract, a revision."""
    clause, target = ground.clause, ground.target
    if target is None or not (clause == _CONTRACT or is_revision(target)):
        return False
    return any((g.clause, g.target) == (clause, target) for g in decision.grounds)
