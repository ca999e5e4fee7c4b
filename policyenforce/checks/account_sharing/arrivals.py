"""Devices that come later: what went before, what they change, and who is still there after.

A take-over is a burst of novelty, failures and changed settings with the owner still about; a
transfer is a hand-over, after which the old devices are gone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from policyenforce.checks.account_sharing.events import CONTACT, DAY, HOUR, PAYOUT
from policyenforce.checks.account_sharing.hands import (
    BLOCK,
    FAR_KM,
    beginning,
    beginnings,
    kilometres,
)
from policyenforce.checks.account_sharing.state import AccountState, Days, Trace
from policyenforce.model.facts.sessions import Network

_OLDER = 12 * HOUR
_TRIED_BEFORE, _TRIED_AFTER = 24 * HOUR, 2 * HOUR
_CHANGES_BEFORE, _CHANGES_AFTER = HOUR, 72 * HOUR
_OWNER_DAYS = 2
_NEAR_KM = 40.0
_HIDDEN = (Network.VPN.value, Network.HOSTING.value)

Numbers = Mapping[str, int]


def arrivals(state: AccountState) -> Iterator[Numbers]:
    """Of each device that came after an owner's the numbers that are not 0, by name.

    A device is older that came half a day before, and an owner's that was there on two days.
    """
    traces = sorted(state.devices.items(), key=lambda named: (named[1].first, named[0]))
    end = max((trace.last for _, trace in traces), default=0)
    for place, (name, new) in enumerate(traces):
        older = [trace for _, trace in traces[:place] if trace.first < new.first - _OLDER]
        owners = [trace for trace in older if trace.days.bit_count() >= _OWNER_DAYS]
        if owners:
            newer = [trace for _, trace in traces[len(older) :]]
            found = {
                **_before(state, name, new.first),
                **_whereabouts(new, older, owners, state.since),
                **_meanwhile(new, owners, newer, state.since, end),
            }
            yield {kind: number for kind, number in found.items() if number}


def _before(state: AccountState, name: str, first: int) -> dict[str, int]:
    """Failed sign-ins about the first second of a device, and the settings changed soon after."""
    mine: set[str] = set()
    others: set[str] = set()
    for at, kind, device in state.changes:
        if first - _CHANGES_BEFORE <= at <= first + _CHANGES_AFTER:
            (mine if device in (name, "") else others).add(kind)
    earliest, latest = first - _TRIED_BEFORE, first + _TRIED_AFTER
    return {
        "failures": len([at for at in state.failures if earliest <= at <= latest]),
        "changes": len(mine),
        "contact": CONTACT in mine,
        "payout": PAYOUT in mine,
        "owner_changes": len(others),
    }


def _whereabouts(
    new: Trace, older: Sequence[Trace], owners: Sequence[Trace], since: int
) -> dict[str, int]:
    """Whether a device came from where the older ones were, as far as clean networks show it."""
    networks = beginnings(new, BLOCK)
    known = bool(networks) and any(_met(networks, trace) for trace in older)
    away = [kilometres(here, there) for here in new.cells for o in owners for there in o.cells]
    nearest = min(away, default=None)
    countries = {country for trace in older for country in trace.countries}
    day = 1 << (new.first // DAY - since)
    return {
        "known_network": known,
        "near": nearest is not None and nearest <= _NEAR_KM,
        "far": nearest is not None and nearest > FAR_KM,
        "new_country": bool(countries)
        and bool(new.countries)
        and countries.isdisjoint(new.countries),
        "hidden": any(
            new.networks.get(network, 0) & day and not any(network in o.networks for o in older)
            for network in _HIDDEN
        ),
        "never_clean": not new.clean,
    }


def _meanwhile(
    new: Trace, owners: Sequence[Trace], newer: Sequence[Trace], since: int, end: int
) -> dict[str, int]:
    """Days of the device, of the owner before and after, and of whoever came with it."""
    day = new.first // DAY - since
    last = max(trace.last for trace in owners)
    owned = _days(owners)
    return {
        "days": new.days.bit_count(),
        "owner_before": (owned & ((1 << day) - 1)).bit_count(),
        "owner_after": (owned >> (day + 1)).bit_count(),
        "overlap": max(0, (last - new.first) // DAY + 1),
        "gone": max(0, (end - max(last, new.first)) // DAY),
        "new_days": _days(newer).bit_count(),
        "new_devices": len(newer),
    }


def _met(networks: Collection[str], older: Trace) -> bool:
    return any(beginning(place, BLOCK) in networks for place in older.places)


def _days(traces: Sequence[Trace]) -> Days:
    found = 0
    for trace in traces:
        found |= trace.days
    return found
