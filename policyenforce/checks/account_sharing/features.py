"""What of an account's sessions speaks for or against each of the four verdicts, as numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from policyenforce.checks.account_sharing import hands as by
from policyenforce.checks.account_sharing.hands import (
    FAR_KM,
    Hand,
    groups,
    hands,
    kilometres,
    side_by_side,
)
from policyenforce.checks.account_sharing.state import AccountState, Trace

PERSISTS = 3
"""Days on which somebody must be seen to be somebody, and not a cleared browser or a passer-by."""
MOST_DEVICES = 24
"""Devices that are compared, those of most days; more would say nothing new."""
_BESIDE = 2


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
    for kind, where in (
        ("elsewhere", by.cells),
        ("abroad", by.countries),
        ("networks", by.blocks),
        ("providers", by.providers),
    ):
        several = groups(traces, where)
        if len(several) >= _BESIDE:
            found.update(_beside(kind, hands(several, where), state.since))
    found.update(_at_one_place(traces))
    found["moved"] = sum(map(_moved, traces))
    found["placeless"] = sum(t.days.bit_count() >= PERSISTS and not t.clean for t in traces)
    return {name: number for name, number in found.items() if number}


def _beside(kind: str, found: list[Hand], since: int) -> Iterator[tuple[str, int]]:
    main, *others = found
    count = desks = days = turned = same = 0
    for other in others:
        if other.days.bit_count() < PERSISTS or other.placed.bit_count() < _BESIDE:
            continue
        beside = side_by_side(main, other, since)
        if beside.days >= _BESIDE:
            count += 1
            desks += other.at_desk
            days = max(days, beside.days)
            turned += beside.turns
            same += beside.same
    yield f"{kind}_hands", count
    yield f"{kind}_homes", count - max(desks > 0, count > 0 and main.at_desk)
    yield f"{kind}_days", days
    yield f"{kind}_turns", turned
    yield f"{kind}_same", same


def _at_one_place(traces: list[Trace]) -> Iterator[tuple[str, int]]:
    """How many devices are at home at one address, and on how many days several were there."""
    places: dict[str, list[Trace]] = {}
    for trace in traces:
        for place, days in trace.places.items():
            if days.bit_count() >= _BESIDE:
                places.setdefault(place, []).append(trace)
    office, any_place = (0, 0, 0), (0, 0, 0)
    for place, there in places.items():
        if len(there) < _BESIDE:
            continue
        once = twice = thrice = 0
        for trace in there:
            days = trace.places[place]
            thrice |= twice & days
            twice |= once & days
            once |= days
        told = (len(there), twice.bit_count(), thrice.bit_count())
        any_place = max(any_place, told)
        if any(place in trace.offices for trace in there):
            office = max(office, told)
    for name, told in (("office", office), ("place", any_place)):
        yield f"{name}_devices", told[0]
        yield f"{name}_two", told[1]
        yield f"{name}_three", told[2]


def _moved(trace: Trace) -> bool:
    if len(trace.cells) < 2:
        return False
    here, *others = sorted(trace.cells)
    return any(kilometres(here, cell) > FAR_KM for cell in others)
