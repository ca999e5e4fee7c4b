"""What the sessions of an account are worth as evidence, and when they amount to a verdict.

One table of whole points for each of the four verdicts (4.3, 4.5, 12.6); ten points are one unit of
log odds, and a score is the probability that the points stand for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from math import exp
from types import MappingProxyType

from attrs import field, frozen

from policyenforce.errors import PolicyError

POINTS_A_UNIT = 10
"""Points that make one unit of log odds."""

_BESIDE = tuple(
    f"{kind}_{what}"
    for kind in ("elsewhere", "abroad", "networks", "providers")
    for what in ("hands", "days", "turns", "same")
)
_AT_ONE_PLACE = tuple(
    f"{kind}_{what}" for kind in ("office", "place") for what in ("people", "two", "three")
)
SHARING = ("devices", *_BESIDE, *_AT_ONE_PLACE, "moved", "placeless")
"""What is counted of all devices of an account."""

ARRIVAL = (
    "failures", "changes", "contact", "payout", "owner_changes", "known_network", "near", "far",
    "new_country", "hidden", "never_clean", "days", "owner_before", "owner_after", "overlap",
    "gone", "new_days", "new_devices",
)  # fmt: skip
"""What is counted of a device that came after an owner's."""

FOR: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "outside": frozenset(("devices", *_BESIDE)),
        "inside": frozenset(("devices", *_AT_ONE_PLACE)),
        "takeover": frozenset(ARRIVAL)
        - {"owner_changes", "known_network", "near", "gone", "new_days"},
        "transferred": frozenset(
            ("changes", "contact", "payout", "far", "new_country", "days", "owner_before", "gone",
             "new_days", "new_devices")
        ),
    }
)  # fmt: skip
"""What speaks for each verdict; all else that is counted can only speak against it."""

COUNTED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "outside": ("devices", *_BESIDE, "moved", "placeless"),
        "inside": ("devices", *_BESIDE, *_AT_ONE_PLACE, "moved", "placeless"),
        "takeover": ARRIVAL,
        "transferred": ARRIVAL,
    }
)
"""What is counted for each verdict at all."""

Rows = tuple[tuple[int, int], ...]
_NOTHING: tuple[list[int], list[int]] = ([], [0])


@frozen
class VerdictPoints:
    """The points of one verdict: what everybody begins with, and rows ``(at least, points)``.

    Of the rows of a name the last one counts that is reached. From ``found`` points on it is the
    verdict.
    """

    start: int = -50
    found: int = 0
    rows: dict[str, Rows] = field(factory=dict)
    _steps: dict[str, tuple[list[int], list[int]]] = field(
        init=False, eq=False, repr=False, factory=dict
    )

    def __attrs_post_init__(self) -> None:
        for name, rows in self.rows.items():
            self._steps[name] = ([least for least, _ in rows], [0, *(worth for _, worth in rows)])

    def worth(self, name: str, number: int) -> int:
        """The points of a count.

        >>> VerdictPoints(rows={"devices": ((2, 5), (4, 9))}).worth("devices", 3)
        5
        """
        leasts, worths = self._steps.get(name, _NOTHING)
        return worths[bisect_right(leasts, number)]

    def total(self, numbers: Mapping[str, int]) -> int:
        """The points of everything that was counted, with the start.

        >>> VerdictPoints(start=-8, rows={"devices": ((2, 5),)}).total({"devices": 3, "moved": 1})
        -3
        """
        points, steps = self.start, self._steps
        for name, number in numbers.items():
            if name in steps:
                leasts, worths = steps[name]
                points += worths[bisect_right(leasts, number)]
        return points


@frozen
class SessionPoints:
    """What speaks for each of the four verdicts, and how much (4.3, 4.5, 12.6).

    Raises PolicyError for an unknown name, rows out of order, or points of the wrong sign.
    """

    outside: VerdictPoints = field(factory=VerdictPoints)
    inside: VerdictPoints = field(factory=VerdictPoints)
    takeover: VerdictPoints = field(factory=VerdictPoints)
    transferred: VerdictPoints = field(factory=VerdictPoints)

    def __attrs_post_init__(self) -> None:
        for verdict, counted in COUNTED.items():
            for name, rows in getattr(self, verdict).rows.items():
                _known(verdict, name, counted)
                _in_order(f"{verdict}.{name}", rows, 1 if name in FOR[verdict] else -1)


def probability(points: int) -> float:
    """The score that points stand for, between 0 and 1.

    >>> probability(0), round(probability(22), 2)
    (0.5, 0.9)
    """
    return 1 / (1 + exp(-points / POINTS_A_UNIT))


def _known(verdict: str, name: str, counted: Iterable[str]) -> None:
    if name not in counted:
        raise PolicyError(
            f"nothing called `{name[:40]}` is counted for `{verdict}`",
            hint=f"one of: {', '.join(counted)}",
        )


def _in_order(where: str, rows: Rows, sign: int) -> None:
    least, worth = [row[0] for row in rows], [row[1] * sign for row in rows]
    if least != sorted(set(least)) or worth != sorted(worth) or min([*least, 1]) < 1:
        raise PolicyError(
            f"the rows of `{where}` are out of order",
            hint="counts rise from 1 on, and points grow with them",
        )
    if worth and worth[0] < 0:
        raise PolicyError(
            f"the rows of `{where}` have the wrong sign",
            hint="what speaks for a verdict adds points, what speaks against it takes them away",
        )
