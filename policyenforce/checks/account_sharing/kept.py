"""What is kept of an account's sessions between two facts, small enough for one row.

INVARIANT: facts are taken in by order of position, each as a step from value to value. So the row
follows from the facts alone, and can be computed again from them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping

from attrs import field, frozen

from policyenforce.checks.account_sharing.bounds import (
    MOST_PLACES,
    bound,
    bound_places,
    copied,
    made_room,
)
from policyenforce.checks.account_sharing.events import (
    ACTIVITY,
    API,
    DAY,
    FAILED,
    UNCLEAN,
    Event,
    cell_of,
)
from policyenforce.checks.account_sharing.hands import BLOCK, PROVIDER, beginning
from policyenforce.checks.account_sharing.state import AccountState, Trace
from policyenforce.model.facts.sessions import Network

NOBODY = ""
"""Stands for a person who was not named."""

_WHOLE = 8  # no address has more parts


@frozen
class Kept:
    """The sessions of one account, and what is known of its devices and addresses.

    ``persons`` are those named as having used a device, ``common`` the devices that many accounts
    used by the time they came last, and ``lines`` how often an address was said to be what.
    ``again`` holds when devices came once more on a day, and showed nothing new: ``state`` takes
    that in with the next event that does, so that nothing has to be judged meanwhile.
    """

    state: AccountState = field(factory=lambda: AccountState(0))
    persons: Mapping[str, frozenset[str]] = field(factory=dict)
    common: frozenset[str] = frozenset()
    lines: Mapping[str, Mapping[str, int]] = field(factory=dict)
    again: Mapping[str, int] = field(factory=dict)
    judged: dict[Hashable, object] = field(init=False, eq=False, repr=False, factory=dict)
    """What whoever judged these sessions wants to find again; no part of what is kept."""

    def after(
        self,
        event: Event,
        person: str | None = None,
        *,
        shared_device: bool = False,
        said: str | None = None,
    ) -> Kept:
        """What is kept once this is known as well; ``self`` stays as it is.

        ``said`` is what was said of the address, if anything: the network of the event is what
        it is taken for.

        >>> kept = Kept().after(Event(86_400 * 200, device="d-1"), "p-1")
        >>> kept.state.since, kept.persons
        (200, {'d-1': frozenset({'p-1'})})
        """
        lines = self.lines
        if said is not None and event.place is not None:
            lines = _with_word(lines, event.place, said)
        device = event.device if event.kind not in (FAILED, API) else None
        if device is not None and self._knows(device, event, person or NOBODY, shared_device):
            again = {**self.again, device: event.at}
            same = Kept(self.state, self.persons, self.common, lines, again)
            same.judged.update(self.judged)  # which looks at nothing that is new here
            return same
        state = made_room(self.whole, event.at // DAY)
        if device is None:
            state.observe((event,))
        else:
            _visit(state, device, event)
        bound(state, device)
        persons, common = self.persons, self.common
        if device is not None and event.kind == ACTIVITY:
            persons = {**persons, device: persons.get(device, frozenset()) | {person or NOBODY}}
            shared = frozenset((device,))
            common = common | shared if shared_device else common - shared
        return Kept(state, _among(persons, state), common & state.devices.keys(), lines)

    @property
    def whole(self) -> AccountState:
        """The state with all that is known."""
        if not self.again:
            return self.state
        devices = dict(self.state.devices)
        for name, at in self.again.items():
            devices[name] = trace = copied(devices[name])
            trace.last = max(trace.last, at)
        return AccountState(self.state.since, devices, self.state.failures, self.state.changes)

    def _knows(self, device: str, event: Event, person: str, shared_device: bool) -> bool:
        """True where an event tells no more than that the device came again on a day."""
        day, trace = event.at // DAY - self.state.since, self.state.devices.get(device)
        return (
            event.kind == ACTIVITY
            and trace is not None
            and bool(trace.days >> day & 1)
            and person in self.persons.get(device, ())
            and shared_device is (device in self.common)
            and _shows(trace, event, day)
        )

    def network_of(self, place: str) -> str | None:
        """What was said most often of an address, or else of its block, or of its provider.

        >>> kept = Kept().after(Event(0, place="203.0.113.7"), said="vpn")
        >>> kept.network_of("203.0.113.9"), kept.network_of("198.51.100.1")
        ('vpn', None)
        """
        for parts in (_WHOLE, BLOCK, PROVIDER):
            wide, said = beginning(place, parts), Counter[str]()
            for line, words in self.lines.items():
                if beginning(line, parts) == wide:
                    said.update(words)
            if said:
                return max(said, key=lambda network: (said[network], network))
        return None

    @property
    def names_anybody(self) -> bool:
        """True where any device is known to be somebody's."""
        return any(who != {NOBODY} for who in self.persons.values())

    def seen(self, device: str | None, day: int) -> frozenset[str] | None:
        """At which addresses a device was on a day counted from 1970; None where it was not."""
        trace = self.state.devices.get(device or "")
        bit = day - self.state.since
        if trace is None or bit < 0 or not trace.days >> bit & 1:
            return None
        return frozenset(place for place, days in trace.places.items() if days >> bit & 1)


def _with_word(
    lines: Mapping[str, Mapping[str, int]], place: str, network: str
) -> Mapping[str, Mapping[str, int]]:
    """The words on addresses with one more; of the addresses the latest are kept."""
    found = dict(lines)
    said = found.pop(place, {})
    found[place] = {**said, network: said.get(network, 0) + 1}
    if len(found) > MOST_PLACES:
        del found[next(iter(found))]
    return found


def _seen(trace: Trace, event: Event, since: int) -> bool:
    return bool(trace.days >> (event.at // DAY - since) & 1)


def _shows(trace: Trace, event: Event, day: int) -> bool:
    """True where the device was known to be there that day, on such a network."""
    if not trace.networks.get(event.network, 0) >> day & 1:
        return False
    if event.network in UNCLEAN:
        return True
    there = event.place is None or trace.places.get(event.place, 0) >> day & 1
    if event.network == Network.OFFICE.value and event.place is not None:
        there = there and event.place in trace.offices
    if event.country is not None:
        there = there and trace.countries.get(event.country, 0) >> day & 1
    cell = cell_of(event)
    return bool(there and (cell is None or trace.cells.get(cell, 0) >> day & 1))


def _visit(state: AccountState, device: str, event: Event) -> None:
    known = state.devices.get(device)
    if known is not None:
        state.devices[device] = copied(known)
    if event.kind != ACTIVITY and known is not None and _seen(known, event, state.since):
        # A session of that day has told where the device was; the change tells no more.
        state.changes.add((event.at, event.kind, device))
    else:
        state.observe((event,))
    bound_places(state.devices[device])


def _among(
    persons: Mapping[str, frozenset[str]], state: AccountState
) -> Mapping[str, frozenset[str]]:
    if persons.keys() <= state.devices.keys():
        return persons
    return {name: named for name, named in persons.items() if name in state.devices}
