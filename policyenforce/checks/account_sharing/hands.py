"""How many pairs of hands an account has.

Devices and places hang together: a device that was at two places makes them the places of one hand,
a place at which two devices were makes them its devices. Who travels, moves, or clears cookies at
home is one hand; whoever never met the others in any place is another.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from math import asin, cos, radians, sin, sqrt
from typing import Any

from attrs import frozen

from policyenforce.checks.account_sharing.events import CELLS_A_DEGREE, DAY, Cell
from policyenforce.checks.account_sharing.state import Days, Trace
from policyenforce.model.facts.sessions import Network

EARTH_KM = 6_371.0
FAR_KM = 150.0
"""From here on somebody has gone away, and is not merely in another part of town."""
AROUND = 2
"""Cells this near to each other, some twenty kilometres, are one place: no log knows it better."""

_NEIGHBOURS = tuple(product(range(-AROUND, AROUND + 1), repeat=2))
_RELAYS = frozenset({Network.VPN.value, Network.HOSTING.value})
_OFFICE, _FIXED = Network.OFFICE.value, Network.FIXED.value

SETTLED = 4
"""Of so many days one must show the place, or what it says of a hand is chance: a telephone network
or a relay hides the others."""

PROVIDER, BLOCK = 2, 3
"""How many parts of an address name the provider, and the block."""

Places = Mapping[Any, Days]


@frozen(eq=False)
class Hand:
    """Devices and places that hang together.

    ``days`` are those of the devices, without days on which a relay hid them, and ``placed`` how
    many they were seen on at that of the places where they were most: whoever is elsewhere each
    time is on a journey, and shows no place.
    """

    traces: Sequence[Trace]
    days: Days
    placed: int
    first: int
    last: int

    @property
    def settled(self) -> bool:
        """True where it was seen at one place on a quarter of its days, and not in passing."""
        return self.placed * SETTLED >= self.days.bit_count()

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


@frozen
class Where:
    """A way to call places: what a device's are called, and on which days it was at each.

    With ``near`` the names are cells, and neighbours are one place. ``called`` says what a place
    is called where it is asked how long somebody stayed.
    """

    names: Callable[[Trace], Collection[Any]]
    days: Callable[[Trace], Places]
    near: bool = False
    called: Callable[[Any], Any] = lambda place: place


def _provider(place: str) -> str:
    return beginning(place, PROVIDER)


cells = Where(lambda trace: trace.cells, lambda trace: trace.cells, near=True)
"""By coordinates."""
countries = Where(lambda trace: trace.countries, lambda trace: trace.countries)
"""By country."""
blocks = Where(lambda trace: beginnings(trace, BLOCK), lambda trace: trace.places, called=_provider)
"""By blocks of neighbouring addresses."""
providers = Where(
    lambda trace: beginnings(trace, PROVIDER), lambda trace: trace.places, called=_provider
)
"""By wider blocks: where a home gets another address now and then."""


def beginnings(trace: Trace, parts: int) -> set[str]:
    """The beginnings of the addresses at which a device was."""
    return {beginning(place, parts) for place in trace.places}


def groups(traces: Iterable[Trace], where: Where) -> list[list[Trace]]:
    """The devices that hang together by their places; one of no such place is in no group."""
    found: list[tuple[set[Any], list[Trace]]] = []
    for trace in traces:
        names = where.names(trace)
        if not names:
            continue
        keys, together = set(names), [trace]
        apart = []
        for group in found:
            if _meet(names, group[0], near=where.near):
                keys |= group[0]
                together += group[1]
            else:
                apart.append(group)
        found = [*apart, (keys, together)]
    return [together for _, together in found]


def hands(grouped: Iterable[Sequence[Trace]], where: Where) -> list[Hand]:
    """The hands that groups of devices are, the one of most days first."""
    found = [_hand(traces, where) for traces in grouped]
    found.sort(key=lambda hand: (-hand.days.bit_count(), hand.first, hand.last))
    return found


def _hand(traces: Sequence[Trace], where: Where) -> Hand:
    days, places = 0, dict[Any, Days]()
    for trace in traces:
        days |= _in_the_open(trace)
        for place, there in where.days(trace).items():
            name = where.called(place)
            places[name] = places.get(name, 0) | there
    most = _around(places) if where.near else places.values()
    placed = max((there.bit_count() for there in most), default=0)
    return Hand(traces, days, placed, min(t.first for t in traces), max(t.last for t in traces))


def _around(cells: Mapping[Cell, Days]) -> Iterator[Days]:
    """The days at each of these cells and its neighbours."""
    for north, east in cells:
        days = 0
        for up, right in _NEIGHBOURS:
            days |= cells.get((north + up, east + right), 0)
        yield days


def _in_the_open(trace: Trace) -> Days:
    """The days of a device but for those on which it only came through a relay."""
    seen = 0
    for network, days in trace.networks.items():
        if network not in _RELAYS:
            seen |= days
    return seen


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


def far_apart(one: Hand, other: Hand) -> bool:
    """True where nobody goes to and fro between the two in a day, as far as anything shows it."""
    here = {cell for trace in one.traces for cell in trace.cells}
    there = {cell for trace in other.traces for cell in trace.cells}
    if here and there:
        return min(kilometres(a, b) for a in here for b in there) > FAR_KM
    home = {country for trace in one.traces for country in trace.countries}
    away = {country for trace in other.traces for country in trace.countries}
    return bool(home and away) and home.isdisjoint(away)


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


def _meet(names: Iterable[Any], others: set[Any], *, near: bool) -> bool:
    if not others.isdisjoint(names):
        return True
    if near:
        for north, east in names:
            for n, e in others:
                if -AROUND <= north - n <= AROUND and -AROUND <= east - e <= AROUND:
                    return True
    return False


@lru_cache(1 << 16)
def beginning(place: str, parts: int) -> str:
    """The first parts of an address, two for its provider and three for its block.

    >>> beginning("203.0.113.7", 2), beginning("2001:db8:1:2::/64", 3)
    ('203.0', '2001:db8:1')
    """
    separator = ":" if ":" in place else "."
    return separator.join(place.split(separator)[:parts])
