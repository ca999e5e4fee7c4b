"""How many pairs of hands an account has.

Devices and places hang together: a device that was at two places makes them the places of one hand,
a place at which two devices were makes them its devices. Who travels, moves, or clears cookies at
home is one hand; whoever never met the others in any place is another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from typing import Any

from attrs import define, frozen

from policyenforce.checks.account_sharing.events import CELLS_A_DEGREE, DAY, Cell
from policyenforce.checks.account_sharing.state import Days, Trace
from policyenforce.model.facts.sessions import Network

EARTH_KM = 6_371.0
FAR_KM = 150.0
"""From here on somebody has gone away, and is not merely in another part of town."""
AROUND = 2
"""Cells this near to each other, some twenty kilometres, are one place: no log knows it better."""

_OFFICE, _FIXED = Network.OFFICE.value, Network.FIXED.value

PROVIDER, BLOCK = 2, 3
"""How many parts of an address name the provider, and the block."""

Places = Mapping[Any, Days]


@define(eq=False)
class Hand:
    """Devices and places that hang together: the days of the devices, those seen at the places."""

    traces: list[Trace]
    days: Days
    placed: Days
    first: int
    last: int

    def take_in(self, other: Hand) -> None:
        """Become the hand of both."""
        self.traces += other.traces
        self.days |= other.days
        self.placed |= other.placed
        self.first = min(self.first, other.first)
        self.last = max(self.last, other.last)

    @property
    def at_desk(self) -> bool:
        """True where no device was ever at a home: an office is where the same person works."""
        networks = [trace.networks for trace in self.traces]
        return all(_FIXED not in seen for seen in networks) and any(_OFFICE in s for s in networks)


@frozen
class SideBySide:
    """How two hands went on in the time in which both existed.

    ``days`` are those of the one with fewer, ``turns`` how often one followed the other, a day of
    both as one turn, and ``same`` the days of both.
    """

    days: int
    turns: int
    same: int


def cells(trace: Trace) -> Places:
    """Where a device was by its coordinates."""
    return trace.cells


def countries(trace: Trace) -> Places:
    """In which countries a device was."""
    return trace.countries


def blocks(trace: Trace) -> Places:
    """In which blocks of neighbouring addresses a device was."""
    return _shortened(trace.places, BLOCK)


def providers(trace: Trace) -> Places:
    """In which wider blocks a device was: where a home gets another address now and then."""
    return _shortened(trace.places, PROVIDER)


def hands(traces: Sequence[Trace], places: Callable[[Trace], Places]) -> list[Hand]:
    """The hands of these devices by such places, the one of most days first.

    A device of no such place belongs to none.
    """
    groups: list[tuple[set[Any], Hand]] = []
    for trace in traces:
        there = places(trace)
        if not there:
            continue
        keys, hand = set(there), Hand([trace], trace.days, _union(there), trace.first, trace.last)
        apart = []
        for group in groups:
            if _meet(there, group[0]):
                keys |= group[0]
                hand.take_in(group[1])
            else:
                apart.append(group)
        groups = [*apart, (keys, hand)]
    found = [hand for _, hand in groups]
    if len(found) > 1:
        found.sort(key=lambda hand: (-hand.days.bit_count(), hand.first, hand.last))
    return found


def side_by_side(main: Hand, other: Hand, since: int) -> SideBySide:
    """How two hands alternate; ``since`` is the day of the first bit."""
    first = max(main.first, other.first) // DAY - since
    last = min(main.last, other.last) // DAY - since
    if last < first:
        return SideBySide(0, 0, 0)
    window = ((1 << (last - first + 1)) - 1) << first
    left, right = main.days & window, other.days & window
    same = (left & right).bit_count()
    days = min(left.bit_count(), right.bit_count())
    return SideBySide(days, same + turns(left & ~right, right & ~left), same)


def turns(left: Days, right: Days) -> int:
    """How often a day of the one is followed by a day of the other, no day being of both.

    >>> turns(0b0101, 0b1010)
    3
    """
    found, union, before = 0, left | right, None
    while union:
        day = union & -union
        mine = bool(left & day)
        found += before is not None and mine is not before
        before = mine
        union ^= day
    return found


@lru_cache(1 << 16)
def kilometres(here: Cell, there: Cell) -> float:
    """The distance between two cells along the great circle.

    >>> round(kilometres((520, 45), (489, 24)))
    375
    """
    first, second = radians(here[0] / CELLS_A_DEGREE), radians(there[0] / CELLS_A_DEGREE)
    across = radians((there[1] - here[1]) / CELLS_A_DEGREE)
    half = sin((second - first) / 2) ** 2 + cos(first) * cos(second) * sin(across / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def _union(places: Places) -> Days:
    found = 0
    for days in places.values():
        found |= days
    return found


def _meet(left: Iterable[Any], right: set[Any]) -> bool:
    for key in left:
        if key in right:
            return True
        if isinstance(key, tuple):
            north, east = key
            if any(abs(north - n) <= AROUND and abs(east - e) <= AROUND for n, e in right):
                return True
    return False


def _shortened(places: Mapping[str, Days], parts: int) -> Places:
    found: dict[str, Days] = {}
    for place, days in places.items():
        key = beginning(place, parts)
        found[key] = found.get(key, 0) | days
    return found


@lru_cache(1 << 16)
def beginning(place: str, parts: int) -> str:
    """The first parts of an address, two for its provider and three for its block.

    >>> beginning("203.0.113.7", 2), beginning("2001:db8:1:2::/64", 3)
    ('203.0', '2001:db8:1')
    """
    separator = ":" if ":" in place else "."
    return separator.join(place.split(separator)[:parts])
