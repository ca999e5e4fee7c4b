"""What is kept of an account's sessions: who was there on which days, from where, and what changed.

INVARIANT: everything here is a set of days, a set of instants, or the least or greatest of what was
seen. So an event that comes twice, late, or in another order leaves the same state, and two halves
of a log make the whole.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import Factory, define

from policyenforce.checks.account_sharing.events import (
    ACTIVITY,
    API,
    DAY,
    FAILED,
    UNCLEAN,
    Cell,
    Event,
    cell_of,
)
from policyenforce.model.facts.sessions import Network

Days = int
"""A set of days as a number: bit ``n`` is the ``n``-th day since the state begins."""

_OFFICE = Network.OFFICE.value


@define
class Trace:
    """One device on an account: its first and last second, and its days.

    ``places``, ``cells`` and ``countries`` say on which days it was where, as far as a clean
    network shows it; ``networks`` on which days on which kind of network (None where unknown).
    """

    first: int
    last: int
    days: Days = 0
    clean: Days = 0
    places: dict[str, Days] = Factory(dict)
    cells: dict[Cell, Days] = Factory(dict)
    countries: dict[str, Days] = Factory(dict)
    networks: dict[str | None, Days] = Factory(dict)
    offices: set[str] = Factory(set)


@define
class AccountState:
    """The sessions of one account from the day ``since`` on, counted from 1970 in UTC.

    ``failures`` are seconds at which a sign-in failed; ``changes`` seconds, kind of change and
    device, an empty text where that is unknown. What a program does says nothing of people.
    """

    since: int
    devices: dict[str, Trace] = Factory(dict)
    failures: set[int] = Factory(set)
    changes: set[tuple[int, str, str]] = Factory(set)

    def observe(self, events: Iterable[Event]) -> None:
        """Take in events, in any order, each as often as it comes; older ones are passed over.

        >>> state = AccountState(since=1)
        >>> state.observe([Event(86_400, device="d-1"), Event(0, device="d-2")])
        >>> state.devices
        {'d-1': Trace(first=86400, last=86400, days=1, clean=1, places={}, cells={}, countries={}, \
networks={None: 1}, offices=set())}
        """
        start = self.since * DAY
        for event in events:
            at, kind, device = event.at, event.kind, event.device
            if at < start or kind == API:
                continue
            if kind == FAILED:
                self.failures.add(at)
                continue
            day = 1 << (at // DAY - self.since)
            if kind != ACTIVITY:
                self.changes.add((at, kind, device or ""))
            if device is not None:
                self._visit(event, device, day)

    def _visit(self, event: Event, device: str, day: Days) -> None:
        at, network = event.at, event.network
        trace = self.devices.get(device)
        if trace is None:
            trace = self.devices[device] = Trace(at, at)
        trace.first = min(trace.first, at)
        trace.last = max(trace.last, at)
        trace.days |= day
        trace.networks[network] = trace.networks.get(network, 0) | day
        if network in UNCLEAN:
            return
        trace.clean |= day
        if event.place is not None:
            trace.places[event.place] = trace.places.get(event.place, 0) | day
            if network == _OFFICE:
                trace.offices.add(event.place)
        cell = cell_of(event)
        if cell is not None:
            trace.cells[cell] = trace.cells.get(cell, 0) | day
        if event.country is not None:
            trace.countries[event.country] = trace.countries.get(event.country, 0) | day
