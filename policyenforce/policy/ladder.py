"""The arithmetic of the ladder: pure, in whole points and exact instants.

Points are frozen when given and decay when read; a rung is reached by crossing it; one
incident scores once, under its gravest clause; repeats within the merge window are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from policyenforce.model.fact import microseconds
from policyenforce.policy.templates import Rung

_HOUR = 3_600_000_000
_DAY = 24 * _HOUR

Given = Iterable[tuple[datetime, int]]
"""When points were given, and how many: aware instants, whole points."""


def points_in_force(given: Given, at: datetime, life_days: int) -> int:
    """The points that count at an instant: those given by then and not yet ``life_days`` old.

    A point lives on the half-open stretch from its instant to ``life_days`` times 24 hours
    later, whatever the clocks of its zone did meanwhile.

    >>> from datetime import UTC
    >>> new_year = datetime(2019, 1, 1, tzinfo=UTC)
    >>> points_in_force([(new_year, 6)], new_year.replace(year=2020), 365)
    0
    """
    now = microseconds(at)
    oldest = now - life_days * _DAY
    return sum(points for when, points in given if oldest < microseconds(when) <= now)


def rung_crossed(ladder: Sequence[Rung], before: int, after: int) -> Rung | None:
    """The highest rung with ``before < rung.points <= after``, or None.

    Points that fall cross nothing, and a rung one already stands on is not crossed again.
    """
    for rung in reversed(ladder):
        if before < rung.points <= after:
            return rung
    return None


def score_to_add(scores: Iterable[int], held: Given, at: datetime, merge_window_hours: int) -> int:
    """What one incident adds: its gravest score, less what its merge window already holds.

    ``scores`` are the points of every breach in the incident; ``held`` are the points given
    earlier for the same clause. Equal or milder repeats inside the window add nothing, and a
    graver one tops up what was given, so that a window never holds more than its gravest score.

    >>> from datetime import UTC
    >>> noon = datetime(2019, 10, 5, 12, tzinfo=UTC)
    >>> score_to_add([2, 6], [(noon, 2)], noon, 72), score_to_add([2], [(noon, 6)], noon, 72)
    (4, 0)
    """
    now = microseconds(at)
    opened = now - merge_window_hours * _HOUR
    within = (points for when, points in held if opened <= microseconds(when) <= now)
    return max(0, max(scores, default=0) - sum(within))
