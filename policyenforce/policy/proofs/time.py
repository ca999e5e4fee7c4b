"""Time: points die before their record does, and the merge window lets repeats count."""

from __future__ import annotations

from collections.abc import Iterator

from policyenforce.model.facts.procedure import MeasureKind
from policyenforce.model.findings import Severity
from policyenforce.policy.proofs.problem import Problem, scores_of
from policyenforce.policy.repeats import share_of
from policyenforce.policy.rules import HouseRules

_HOURS = 24


def time_problems(rules: HouseRules) -> Iterator[Problem]:
    """Every length of time that is at odds with another."""
    yield from _retention(rules)
    yield from _merge_window(rules)
    yield from _holds(rules)


def _retention(rules: HouseRules) -> Iterator[Problem]:
    kept = rules.retention.history_days
    for what, days, where in (
        ("points live", rules.point_life_days, "point_life_days"),
        ("an appeal can be filed for", rules.appeals.window_days, "appeals.window_days"),
    ):
        if days > kept:
            yield Problem(
                "retention",
                f"{what} {days} days, but their record is kept for {kept}",
                f"on day {kept + 1} a decision of day 0 still counts and nobody can say why",
                where,
            )


def _merge_window(rules: HouseRules) -> Iterator[Problem]:
    """A Member who breaks one clause again and again must come to the first rung."""
    hours, life = rules.merge_window_hours, rules.point_life_days * _HOURS
    if hours < 1:
        return
    first = rules.ladder[0]
    # The closest repeats that still count lie just over a window apart.
    incidents = (life - 1) // hours + 1
    gravest: dict[str, int] = {}
    for score in scores_of(rules):
        gravest[score.clause.text] = max(score.points, gravest.get(score.clause.text, 0))
    starved = [
        (ref, most)
        for ref, most in gravest.items()
        if sum(_asked(most, earlier, rules) for earlier in range(incidents)) < first.points
    ]
    if hours >= life or starved:
        clause, most = next(iter((*starved, *gravest.items())), ("any clause", 0))
        yield Problem(
            "merge_window",
            f"a merge window of {hours} hours swallows repeats",
            f"{clause} broken gravely all year counts {incidents} times {most}, together"
            f" {sum(_asked(most, earlier, rules) for earlier in range(incidents))} points;"
            f" the first rung is at {first.points}",
            "merge_window_hours",
        )


def _asked(most: int, earlier: int, rules: HouseRules) -> int:
    """What the next grave breach of one clause costs after so many."""
    percent = rules.repeats.percent(Severity.GRAVE, earlier=earlier, clean=not earlier)
    return share_of(most, percent)


def _holds(rules: HouseRules) -> Iterator[Problem]:
    hours = rules.content.hold_hours
    most = rules.protective.maximum_hours[MeasureKind.HOLD_CONTENT.value]
    if hours > most:
        yield Problem(
            "protective",
            f"content is held for {hours} hours, longer than the maximum of {most}",
            f"a listing held on Monday noon is still held {most + 1} hours later",
            "content.hold_hours",
        )
