"""What the record of a Member changes in what a breach costs: mercy once, then less of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

from attrs import field, frozen

from policyenforce.errors import PolicyError
from policyenforce.model.fact import microseconds
from policyenforce.model.findings import Severity
from policyenforce.policy.canonical import APART
from policyenforce.policy.templates import SEVERITIES

WHOLE = 100
"""Percent: all that a breach is worth."""
_MOST = 10_000  # percent; the proof of reach counts up to the dearest breach, point by point
_HOUR = 3_600_000_000


@frozen
class Repeats:
    """The share of its points that a breach costs, in percent, by what came before it.

    A breach is a first offence where no points are in force; ``first_offence_percent`` of it is
    asked, up to the severity ``first_offence_up_to``. ``again_percent`` is asked for the second
    breach of one ground that still counts, the third, and so on; its last value for every later
    one. As shipped neither changes anything.

    >>> Repeats(50, Severity.MINOR, (150, 200)).percent(Severity.MINOR, earlier=2, clean=False)
    200
    """

    first_offence_percent: int = WHOLE
    first_offence_up_to: Severity = Severity.MINOR
    again_percent: tuple[int, ...] = ()
    plain: bool = field(init=False, repr=False, metadata={APART: True})
    """True where what came before changes no price."""

    @plain.default
    def _plain(self) -> bool:
        return self.first_offence_percent == WHOLE and not self.again_percent

    def __attrs_post_init__(self) -> None:
        if not 1 <= self.first_offence_percent <= WHOLE:
            raise PolicyError(
                f"`first_offence_percent` is {self.first_offence_percent}",
                hint="1 to 100; 100 softens nothing",
            )
        steps = (WHOLE, *self.again_percent, _MOST)
        if any(later < sooner for sooner, later in pairwise(steps)):
            raise PolicyError(
                f"`again_percent` is {', '.join(map(str, self.again_percent))}",
                hint=f"{WHOLE} to {_MOST}, and never less for a later breach",
            )

    def percent(self, severity: Severity, *, earlier: int, clean: bool) -> int:
        """The share asked after so many earlier breaches of the ground; ``clean``: no points."""
        if clean and SEVERITIES.index(severity) <= SEVERITIES.index(self.first_offence_up_to):
            return self.first_offence_percent
        if not earlier or not self.again_percent:
            return WHOLE
        return self.again_percent[min(earlier, len(self.again_percent)) - 1]


def share_of(points: int, percent: int) -> int:
    """A share of points in whole ones, rounded in the Member's favour; of some never nothing.

    >>> share_of(3, 50), share_of(1, 50), share_of(3, 150), share_of(0, 50)
    (1, 1, 4, 0)
    """
    return max(min(points, 1), points * percent // WHOLE)


def incidents(instants: Iterable[datetime], window_hours: int) -> int:
    """How many of these breaches of one ground count, those inside a merge window as one.

    >>> from datetime import UTC
    >>> day = [datetime(2019, 10, day, tzinfo=UTC) for day in (1, 3, 4, 5)]
    >>> incidents(day, 72)
    2
    """
    count, last = 0, None
    for at in sorted(map(microseconds, instants)):
        if last is None or at - last > window_hours * _HOUR:
            count, last = count + 1, at
    return count
