"""How far back an account's sessions are looked at, and how many of them: a state in bounds.

INVARIANT: what is kept depends on the events in their order alone, and not on when anybody asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from heapq import nlargest
from typing import TypeVar

from policyenforce.checks.account_sharing.events import DAY
from policyenforce.checks.account_sharing.state import AccountState, Days, Trace

WINDOW = 90
"""Days that are looked back; the worlds that the points were learnt on have sixty."""
MOST_TRACES, MOST_PLACES, MOST_INSTANTS = 128, 128, 256
"""Devices of an account, places of a device and instants that are kept: far more than count."""

P = TypeVar("P")


def copied(trace: Trace) -> Trace:
    """The trace in containers of its own."""
    return Trace(
        trace.first,
        trace.last,
        trace.days,
        trace.clean,
        dict(trace.places),
        dict(trace.cells),
        dict(trace.countries),
        dict(trace.networks),
        set(trace.offices),
    )


def made_room(state: AccountState, day: int) -> AccountState:
    """The state in containers of its own, with nothing older than the days looked back."""
    if not (state.devices or state.failures or state.changes):
        return AccountState(day)
    gone = day - state.since - WINDOW + 1
    if gone <= 0:
        return AccountState(
            state.since, dict(state.devices), set(state.failures), set(state.changes)
        )
    start = (state.since + gone) * DAY
    return AccountState(
        state.since + gone,
        {
            name: _later(trace, gone, start)
            for name, trace in state.devices.items()
            if trace.days >> gone
        },
        {at for at in state.failures if at >= start},
        {change for change in state.changes if change[0] >= start},
    )


def _later(trace: Trace, gone: int, start: int) -> Trace:
    """The trace without its first days; one that began before begins with what is left."""
    places = _shifted(trace.places, gone)
    return Trace(
        max(trace.first, start),
        trace.last,
        trace.days >> gone,
        trace.clean >> gone,
        places,
        _shifted(trace.cells, gone),
        _shifted(trace.countries, gone),
        _shifted(trace.networks, gone),
        trace.offices & places.keys(),
    )


def _shifted(days: Mapping[P, Days], gone: int) -> dict[P, Days]:
    return {place: told >> gone for place, told in days.items() if told >> gone}


def bound(state: AccountState, newest: str | None) -> None:
    """Forget what is beyond any number that counts, so that the row stays small."""
    if len(state.devices) > MOST_TRACES:
        least = min(
            (name for name in state.devices if name != newest),
            key=lambda name: (
                state.devices[name].days.bit_count(),
                state.devices[name].last,
                name,
            ),
        )
        del state.devices[least]
    if len(state.failures) > MOST_INSTANTS:
        state.failures.intersection_update(nlargest(MOST_INSTANTS, state.failures))
    if len(state.changes) > MOST_INSTANTS:
        state.changes.intersection_update(nlargest(MOST_INSTANTS, state.changes))


def bound_places(trace: Trace) -> None:
    """Forget the places of longest ago where there are more than a device can have."""
    _bound_days(trace.places)
    _bound_days(trace.cells)
    trace.offices &= trace.places.keys()


def _bound_days(places: dict[P, Days]) -> None:
    if len(places) > MOST_PLACES:
        del places[min(places, key=lambda place: (places[place].bit_length(), str(place)))]
