"""What is kept of an account's sessions as bytes: one row of the ledger.

Sets of days are written in hexadecimal, for they are longer than a number in JSON may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from policyenforce.checks.account_sharing.kept import Kept
from policyenforce.checks.account_sharing.state import AccountState, Days, Trace


def to_row(kept: Kept) -> bytes:
    """The row.

    >>> from_row(to_row(Kept())) == Kept()
    True
    """
    state = kept.state
    traces = [
        [
            name, trace.first, trace.last, format(trace.days, "x"), format(trace.clean, "x"),
            _spelt(trace.places),
            [[*cell, format(days, "x")] for cell, days in trace.cells.items()],
            _spelt(trace.countries), _spelt(trace.networks), sorted(trace.offices),
            sorted(kept.persons.get(name, ())), name in kept.common,
        ]
        for name, trace in state.devices.items()
    ]  # fmt: skip
    instants = (sorted(state.failures), sorted(state.changes))
    return orjson.dumps([state.since, traces, *instants, kept.lines, kept.again])


def from_row(row: bytes) -> Kept:
    """What a row holds."""
    since, traces, failures, changes, lines, again = orjson.loads(row)
    devices, persons, common = {}, {}, set()
    for name, *told, named, shared in traces:
        devices[name] = _trace(*told)
        if named:
            persons[name] = frozenset(named)
        if shared:
            common.add(name)
    made = {(at, kind, device) for at, kind, device in changes}
    state = AccountState(since, devices, set(failures), made)
    return Kept(state, persons, frozenset(common), lines, again)


def _trace(
    first: int,
    last: int,
    days: str,
    clean: str,
    places: Mapping[str, str],
    cells: Iterable[tuple[int, int, str]],
    countries: Mapping[str, str],
    networks: Mapping[str, str],
    offices: Iterable[str],
) -> Trace:
    return Trace(
        first,
        last,
        int(days, 16),
        int(clean, 16),
        {name: int(told, 16) for name, told in places.items()},
        {(north, east): int(told, 16) for north, east, told in cells},
        {name: int(told, 16) for name, told in countries.items()},
        {name or None: int(told, 16) for name, told in networks.items()},
        set(offices),
    )


def _spelt(days: Mapping[Any, Days]) -> dict[str, str]:
    return {name or "": format(told, "x") for name, told in days.items()}
