"""The ladder: its rungs rise, each can be reached, floors stay below the top.

INVARIANT: the totals an account can hold are the sums of single scores. Decay takes whole
scores away, and the merge window tops a milder score up to a graver one, so both stay sums.
A rung is reached exactly when some sum lies in its band, from its points up to the next
rung's: on the way to that sum, the first step into the band crosses the rung.
Where the record changes the price of a breach the sums are those of records of which nothing
has decayed yet, or the first offence alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import inf

from policyenforce.model.findings import Severity
from policyenforce.policy.proofs.problem import Problem, Score, scores_of
from policyenforce.policy.repeats import WHOLE, Repeats, share_of
from policyenforce.policy.rules import HouseRules
from policyenforce.policy.templates import ActionTemplate, Rung
from policyenforce.terms.gates import Power
from policyenforce.terms.references import ClauseRef

_RANK = {
    Power.OTHER_CORRECTIVE: 0,
    Power.REMOVE_CONTENT: 1,
    Power.MODIFY_CONTENT: 1,
    Power.REJECT_CONTENT: 1,
    Power.CAP_CONTENT: 2,
    Power.RESTRICT_FEATURE: 2,
    Power.LIMIT_SERVICE: 2,
    Power.DOWNGRADE_SERVICE: 2,
    Power.REJECT_APPLICATION: 3,
    Power.SUSPEND_SERVICE: 3,
    Power.SUSPEND_ACCOUNT: 4,
    Power.TERMINATE_SERVICE: 5,
    Power.CANCEL_ACCOUNT: 5,
    Power.TERMINATE_ACCOUNT: 6,
}


def ladder_problems(rules: HouseRules) -> Iterator[Problem]:
    """Everything wrong with rungs and floors."""
    scores = scores_of(rules)
    yield from _not_rising(rules.ladder)
    yield from _unreachable(rules, scores)
    yield from _too_soon(rules.ladder, scores)
    yield from _floors(rules)


def harshness(actions: Sequence[ActionTemplate]) -> tuple[int, float, int]:
    """How hard actions are together: the strongest power, its length, how much they take.

    >>> from policyenforce.policy.load import load_rules
    >>> harshness(load_rules().rung("limits_7_days").actions)
    (2, 7, 1)
    """
    rank, length = max((_RANK[a.power], inf if a.days is None else a.days) for a in actions)
    return rank, length, sum(max(1, len(action.capabilities)) for action in actions)


def _not_rising(ladder: Sequence[Rung]) -> Iterator[Problem]:
    for lower, higher in pairwise(ladder):
        if higher.severity <= lower.severity:
            yield Problem(
                "rungs_rise",
                f"rung `{higher.name}` is no graver than the one below it",
                f"from {lower.points} to {higher.points} points severity goes from"
                f" {lower.severity} to {higher.severity}",
                "ladder",
            )
        if harshness(higher.actions) <= harshness(lower.actions):
            yield Problem(
                "rungs_rise",
                f"rung `{higher.name}` does no more than the one below it",
                f"an account that climbs from {lower.points} to {higher.points} points gets"
                f" {_told(higher)} after {_told(lower)}",
                "ladder",
            )


def _told(rung: Rung) -> str:
    action = max(rung.actions, key=lambda one: harshness((one,)))
    name = action.label or action.power.value
    return f"`{name}`" if action.days is None else f"`{name}` for {action.days} days"


def _unreachable(rules: HouseRules, scores: Sequence[Score]) -> Iterator[Problem]:
    if not scores:
        yield Problem("reachable", "no breach scores", "every account stays at 0 points", "points")
        return
    sums = _sums(scores, rules)
    for rung, above in pairwise(rules.ladder):
        band = (1 << above.points) - (1 << rung.points)
        if not sums & band:
            below, beyond = sums & ((1 << rung.points) - 1), sums >> above.points << above.points
            before, after = below.bit_length() - 1, (beyond & -beyond).bit_length() - 1
            yield Problem(
                "reachable",
                f"no set of breaches reaches rung `{rung.name}`",
                f"the next total after {before} points is {after}: it skips"
                f" {rung.points} to {above.points - 1}",
                "ladder",
            )


def _sums(scores: Sequence[Score], rules: HouseRules) -> int:
    """The totals that breaches can add up to, each as a bit, up to one beyond the top rung."""
    worth: dict[ClauseRef, dict[Severity, int]] = {}
    for score in scores:
        worth.setdefault(score.clause, {})[score.severity] = score.points
    dearest = max(rules.repeats.again_percent, default=WHOLE)
    most = rules.ladder[-1].points + share_of(scores[-1].points, dearest)
    sums, softened = 1, 0  # without a first offence that was softened, and with one
    for points in worth.values():
        alone = 1 | _of_one_clause(points, rules.repeats, most, clean=False)
        first = _of_one_clause(points, rules.repeats, most, clean=True)
        softened = _added(softened, alone, most) | _added(sums, first, most)
        sums = _added(sums, alone, most)
    return sums | softened


def _of_one_clause(
    points: Mapping[Severity, int], repeats: Repeats, most: int, *, clean: bool
) -> int:
    """What breaches of one clause add up to, one after another; ``clean``: from an empty record."""
    reached, last, earlier = 0, 1, 0
    while last:
        asked = {
            share_of(worth, repeats.percent(severity, earlier=earlier, clean=clean and not earlier))
            for severity, worth in points.items()
        }
        last = _added(last, sum(1 << price for price in asked), most)
        reached, earlier = reached | last, earlier + 1
    return reached


def _added(some: int, others: int, most: int) -> int:
    """Every sum of one total of each, up to ``most``."""
    found = 0
    for total in range(others.bit_length()):
        if others >> total & 1:
            found |= some << total
    return found & ((1 << most + 1) - 1)


def _too_soon(ladder: Sequence[Rung], scores: Sequence[Score]) -> Iterator[Problem]:
    """A single minor breach never reaches the top of a ladder that has more than one rung."""
    top = ladder[-1]
    minor = [s for s in scores if s.severity is Severity.MINOR and s.points >= top.points]
    if len(ladder) > 1 and minor:
        yield Problem(
            "proportion",
            f"one minor breach reaches the top rung `{top.name}`",
            f"an account at 0 points + {minor[0]} = {minor[0].points}",
            f'points["{minor[0].clause}"]',
        )


def _floors(rules: HouseRules) -> Iterator[Problem]:
    top = rules.ladder[-1]
    for index, floor in enumerate(rules.floors):
        if floor.rung == top.name:
            yield Problem(
                "floors",
                f"the floor of {floor.clause} is the top rung `{top.name}`",
                f"the first {floor.severity.value} breach of {floor.clause}, at 0 points,"
                f" skips the whole ladder",
                f"floors[{index}]",
            )
