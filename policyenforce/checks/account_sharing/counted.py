"""Which of an account's sessions count: those of nobody named, outside a stranger's time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC
from typing import TypeVar

from policyenforce.checks.account_sharing.bounds import WINDOW
from policyenforce.checks.account_sharing.events import DAY
from policyenforce.checks.account_sharing.kept import NOBODY, Kept
from policyenforce.checks.account_sharing.state import AccountState, Days, Trace
from policyenforce.model.fact import microseconds
from policyenforce.model.outcome import Interval

P = TypeVar("P")


def that_count(
    kept: Kept, strange: Iterable[Interval] = (), named: Collection[str] = ()
) -> AccountState:
    """The sessions but for the days of a stranger's use and the devices of named staff (T21, T25).

    A device is theirs that nobody else was ever told to use.
    """
    state, gone = kept.state, 0
    for interval in strange:
        gone |= _days_of(interval, state.since)
    staff = {name for name, who in kept.persons.items() if who <= frozenset(named)}
    if not gone and not staff:
        return state
    devices = {
        name: _without(trace, gone, state.since) if gone & trace.days else trace
        for name, trace in state.devices.items()
        if name not in staff and trace.days & ~gone
    }
    return AccountState(
        state.since,
        devices,
        {at for at in state.failures if not _on(at, gone, state.since)},
        {
            change
            for change in state.changes
            if change[2] not in staff and not _on(change[0], gone, state.since)
        },
    )


def one_person(kept: Kept, state: AccountState) -> bool:
    """True where all these devices are known to be used by the same single person."""
    everybody = frozenset[str]().union(
        *(kept.persons.get(name, frozenset((NOBODY,))) for name in state.devices)
    )
    return len(everybody) == 1 and NOBODY not in everybody


def _days_of(interval: Interval, since: int) -> Days:
    first, last = (
        microseconds(at.astimezone(UTC)) // (DAY * 1_000_000) - since
        for at in (interval.since, interval.until)
    )
    first, last = max(first, 0), min(last, WINDOW)
    return 0 if last < first else ((1 << (last - first + 1)) - 1) << first


def _on(at: int, days: Days, since: int) -> bool:
    return bool(days >> (at // DAY - since) & 1)


def _without(trace: Trace, gone: Days, since: int) -> Trace:
    """The trace but for these days; it begins and ends with what is left."""
    days = trace.days & ~gone
    first = since + (days & -days).bit_length() - 1
    last = since + days.bit_length() - 1
    places = dict(_left(trace.places, gone))
    return Trace(
        max(trace.first, first * DAY),
        min(trace.last, (last + 1) * DAY - 1),
        days,
        trace.clean & ~gone,
        places,
        dict(_left(trace.cells, gone)),
        dict(_left(trace.countries, gone)),
        dict(_left(trace.networks, gone)),
        trace.offices & places.keys(),
    )


def _left(places: Mapping[P, Days], gone: Days) -> Iterator[tuple[P, Days]]:
    return ((place, days & ~gone) for place, days in places.items() if days & ~gone)
