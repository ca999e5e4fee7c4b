"""The house ladder over a User's history: points in force, the merge window, rungs reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from policyenforce.discipline.actions import is_revision
from policyenforce.discipline.grounds import Established, gravity
from policyenforce.discipline.setting import Setting
from policyenforce.model.decisions import Decision
from policyenforce.model.outcome import History
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
    """What a breach adds: its points, less what the merge window already holds.

    One incident scores once, under its gravest clause; breaches of the same clause within the
    window count as one, and so do those of the same contract or content revision at any time.
    """
    held = [
        (setting.conduct_at if _of_same(breach, decision) else decision.conduct_at, action.points)
        for decision in setting.history.decisions
        if decision.in_force
        for action in decision.actions
        if action.points and action.ground == breach.ground.clause
    ]
    points = breach.answer.points
    if not held:
        return points
    return setting.rules.score_to_add((points,), held, setting.conduct_at)


def _of_same(breach: Established, decision: Decision) -> bool:
    """True where both are about one thing that can only be broken once: a contract, a revision."""
    clause, target = breach.ground.clause, breach.ground.target
    if target is None or not (clause == _CONTRACT or is_revision(target)):
        return False
    return any((g.clause, g.target) == (clause, target) for g in decision.grounds)
