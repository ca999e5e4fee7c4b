"""The house ladder over a User's history: points in force, the merge window, rungs reached."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from policyenforce.discipline.grounds import Established
from policyenforce.discipline.setting import Setting
from policyenforce.model.outcome import History
from policyenforce.policy.rules import HouseRules, Rung


def points_given(history: History, *, without: str | None = None) -> Iterator[tuple[datetime, int]]:
    """When each binding decision's conduct was, and the points it gave.

    The value is frozen when given; decay is computed when read.
    """
    for decision in history.decisions:
        if decision.in_force and decision.points and decision.id != without:
            yield decision.conduct_at, decision.points


def points_at(history: History, rules: HouseRules, at: datetime) -> int:
    """The points in force at an instant."""
    return rules.points_in_force((g for g in points_given(history) if g[0] <= at), at)


def to_score(gravest: Established, setting: Setting) -> int:
    """What this incident adds: its points, less what the merge window already holds.

    One incident scores once, under its gravest clause; breaches of the same clause within the
    window count as one.
    """
    held = [
        (decision.conduct_at, action.points)
        for decision in setting.history.decisions
        if decision.in_force
        for action in decision.actions
        if action.points and action.ground == gravest.ground.clause
    ]
    return setting.rules.score_to_add((gravest.points,), held, setting.conduct_at)


def rung_reached(before: int, after: int, gravest: Established, rules: HouseRules) -> Rung | None:
    """The rung these points reach, or the floor of the gravest clause if it lies higher."""
    crossed = rules.rung_crossed(before, after)
    floor = rules.floor_for(gravest.finding.clause, gravest.finding.severity)
    if crossed is None or floor is None:
        return crossed or floor
    return max(crossed, floor, key=lambda rung: rung.severity)
