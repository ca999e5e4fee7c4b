"""What of an account's sessions speaks for or against each of the four verdicts, as numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import zip_longest

from policyenforce.checks.account_sharing import hands as by
from policyenforce.checks.account_sharing.hands import (
    BLOCK,
    FAR_KM,
    Hand,
    SideBySide,
    beginning,
    far_apart,
    groups,
    hands,
    kilometres,
    side_by_side,
)
from policyenforce.checks.account_sharing.state import AccountState, Days, Trace

PERSISTS = 3
"""Days on which somebody must be seen to be somebody, and not a cleared browser or a passer-by."""
MOST_DEVICES = 24
"""Devices that are compared, those of most days; more would say nothing new."""
_BESIDE = 2
_APART = (
    ("elsewhere", by.cells),
    ("abroad", by.countries),
    ("networks", by.blocks),
    ("providers", by.providers),
)


def compared(state: AccountState, common: Collection[str] = ()) -> list[Trace]:
    """The devices that are compared, those of most days first, but for those ``common`` to many."""
    traces = [trace for name, trace in state.devices.items() if name not in common]
    traces.sort(key=lambda trace: (-trace.days.bit_count(), trace.first, trace.last))
    return traces[:MOST_DEVICES]


def sharing(state: AccountState, common: Collection[str] = ()) -> dict[str, int]:
    """What speaks for several people on one account: those that are not 0, by name."""
    traces = compared(state, common)
    if len(traces) < _BESIDE:
        return {}
    found = {"devices": sum(trace.days.bit_count() >= PERSISTS for trace in traces)}
    for kind, where in _APART:
        several = groups(traces, where)
        if len(several) >= _BESIDE:
            found.update(_beside(kind, hands(several, where), state.since))
        elif where is by.blocks:
            break  # what is one by blocks is one by providers
    found.update(_at_one_place(traces))
    found["moved"] = sum(map(_moved, traces))
    found["placeless"] = sum(t.days.bit_count() >= PERSISTS and not t.clean for t in traces)
    return {name: number for name, number in found.items() if number}


def _beside(kind: str, found: list[Hand], since: int) -> Iterator[tuple[str, int]]:
    main, *others = found
    if not main.settled:
        return
    several = ((other, side_by_side(main, other, since)) for other in others if _somebody(other))
    beside = [(other, told) for other, told in several if told.days >= _BESIDE]
    beside = _without_own_desk(main, beside)
    yield f"{kind}_hands", len(beside)
    yield f"{kind}_days", max((told.days for _, told in beside), default=0)
    yield f"{kind}_turns", sum(told.turns for _, told in beside)
    yield f"{kind}_same", sum(told.same for _, told in beside)


def _somebody(hand: Hand) -> bool:
    return hand.days.bit_count() >= PERSISTS and hand.placed >= _BESIDE and hand.settled


def _without_own_desk(
    main: Hand, beside: list[tuple[Hand, SideBySide]]
) -> list[tuple[Hand, SideBySide]]:
    """Without the one of them that may be where the main one works, or lives if that is a desk."""
    for index, (other, _) in enumerate(beside):
        if (other.at_desk or main.at_desk) and not far_apart(main, other):
            return beside[:index] + beside[index + 1 :]
    return beside


def _at_one_place(traces: list[Trace]) -> Iterator[tuple[str, int]]:
    """How many people keep to one address at least, and on how many days several were there."""
    places: dict[str, list[Trace]] = {}
    for trace in traces:
        for place, days in trace.places.items():
            if days.bit_count() >= _BESIDE:
                places.setdefault(place, []).append(trace)
    offices = {place for trace in traces for place in trace.offices}
    office, any_place = (0, 0, 0), (0, 0, 0)
    for place, there in places.items():
        if len(there) < _BESIDE:
            continue
        people = _fewest(place, there, offices)
        once = twice = thrice = 0
        for days in people:
            thrice |= twice & days
            twice |= once & days
            once |= days
        told = (len(people), twice.bit_count(), thrice.bit_count())
        any_place = max(any_place, told)
        if place in offices:
            office = max(office, told)
    for name, told in (("office", office), ("place", any_place)):
        yield f"{name}_people", told[0]
        yield f"{name}_two", told[1]
        yield f"{name}_three", told[2]


def _fewest(place: str, there: list[Trace], offices: set[str]) -> list[Days]:
    """The days at a place of the fewest people who explain its devices.

    Devices that meet somewhere else too are one person's, who may have a machine besides that
    never leaves. Colleagues go home apart, and another office is nobody's home.
    """
    stays: list[Days] = []
    carried: list[tuple[set[str], Days]] = []
    for trace in there:
        days, apart = trace.places[place], []
        away = {beginning(p, BLOCK) for p in trace.places.keys() - offices if p != place}
        if not away:
            stays.append(days)
            continue
        for others, theirs in carried:
            if away.isdisjoint(others):
                apart.append((others, theirs))
            else:
                away |= others
                days |= theirs
        carried = [*apart, (away, days)]
    pairs = zip_longest(stays, (days for _, days in carried), fillvalue=0)
    return [machine | own for machine, own in pairs]


def _moved(trace: Trace) -> bool:
    if len(trace.cells) < 2:
        return False
    here, *others = sorted(trace.cells)
    return any(kilometres(here, cell) > FAR_KM for cell in others)
