"""From the numbers of a log to every account's state: a vectorised ``AccountState.observe``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from policyenforce.bulk.session_log import Codes, Log
from policyenforce.checks.account_sharing.events import (
    ACTIVITY,
    API,
    CELLS_A_DEGREE,
    DAY,
    EVENTS,
    FAILED,
    NETWORKS,
    UNCLEAN,
)
from policyenforce.checks.account_sharing.state import AccountState, Days, Trace
from policyenforce.model.facts.sessions import Network

_ACTIVITY, _FAILED, _API = (EVENTS.index(name) for name in (ACTIVITY, FAILED, API))
_CLEAN = np.array([name not in UNCLEAN for name in NETWORKS] + [True])
_OFFICE = NETWORKS.index(Network.OFFICE.value)
_NAMES: list[str | None] = [*NETWORKS, None]
_WORD = 63  # days in one number
_HALF_TURN, _TURN = 1_800, 3_601  # cells of longitude, and one more


def states(log: Log) -> list[AccountState]:
    """The state of every account, in the order of ``log.accounts``."""
    since = log.since
    found = [AccountState(since) for _ in range(len(log.accounts))]
    _visits(log, found, since)
    _failures_and_changes(log, found)
    return found


def _failures_and_changes(log: Log, found: list[AccountState]) -> None:
    failed = np.flatnonzero(log.event == _FAILED)
    for account, at in zip(log.account[failed].tolist(), log.at[failed].tolist(), strict=True):
        found[account].failures.add(at)
    names = [*log.devices, ""]
    changed = np.flatnonzero(
        (log.event != _FAILED) & (log.event != _API) & (log.event != _ACTIVITY)
    )
    columns = (log.account[changed], log.at[changed], log.event[changed], log.device[changed])
    for account, at, event, device in zip(*(c.tolist() for c in columns), strict=True):
        found[account].changes.add((at, EVENTS[event], names[device]))


def _visits(log: Log, found: list[AccountState], since: int) -> None:
    """The traces of all devices."""
    rows = np.flatnonzero((log.event != _FAILED) & (log.event != _API) & (log.device >= 0))
    if not len(rows):
        return
    key = log.account[rows] * len(log.devices) + log.device[rows]
    order = np.argsort(key, kind="stable")
    rows, key = rows[order], key[order]
    starts = _starts(key)
    trace_of = np.cumsum(np.isin(np.arange(len(key)), starts)) - 1
    at = log.at[rows]
    day = at // DAY - since
    traces = [
        Trace(first, last, days)
        for first, last, days in zip(
            np.minimum.reduceat(at, starts).tolist(),
            np.maximum.reduceat(at, starts).tolist(),
            _masks(day, starts),
            strict=True,
        )
    ]
    owners = (key[starts] // len(log.devices)).tolist()
    devices = (key[starts] % len(log.devices)).tolist()
    for account, device, trace in zip(owners, devices, traces, strict=True):
        found[account].devices[log.devices[device]] = trace
    network = log.network[rows]
    for one, name, days in _grouped(trace_of, network + 1, day):
        traces[one].networks[_NAMES[name - 1]] = days
    clean = np.flatnonzero(_CLEAN[network])
    _where(log, traces, rows[clean], trace_of[clean], day[clean])


def _where(log: Log, traces: list[Trace], rows: Codes, trace_of: Codes, day: Codes) -> None:
    """Where the devices were on clean networks."""
    place, country, network = log.place[rows], log.country[rows], log.network[rows]
    for one, _, days in _grouped(trace_of, np.zeros(len(rows), np.int64), day):
        traces[one].clean = days
    known = place >= 0
    for one, name, days in _grouped(trace_of[known], place[known], day[known]):
        traces[one].places[log.places[name]] = days
    office = known & (network == _OFFICE)
    for one, name, _ in _grouped(trace_of[office], place[office], day[office]):
        traces[one].offices.add(log.places[name])
    known = country >= 0
    for one, name, days in _grouped(trace_of[known], country[known], day[known]):
        traces[one].countries[log.countries[name]] = days
    latitude, longitude = log.latitude[rows], log.longitude[rows]
    known = ~(np.isnan(latitude) | np.isnan(longitude))
    north = np.rint(latitude[known] * CELLS_A_DEGREE).astype(np.int64)
    east = np.rint(longitude[known] * CELLS_A_DEGREE).astype(np.int64)
    cell = (north + _HALF_TURN) * _TURN + east + _HALF_TURN
    for one, name, days in _grouped(trace_of[known], cell, day[known]):
        traces[one].cells[name // _TURN - _HALF_TURN, name % _TURN - _HALF_TURN] = days


def _grouped(trace: Codes, name: Codes, day: Codes) -> Iterator[tuple[int, int, Days]]:
    """For each trace and name the days on which they went together."""
    if not len(trace):
        return
    width = int(name.max()) + 1
    key = trace * width + name
    order = np.argsort(key, kind="stable")
    key = key[order]
    starts = _starts(key)
    groups = key[starts]
    yield from zip(
        (groups // width).tolist(),
        (groups % width).tolist(),
        _masks(day[order], starts),
        strict=True,
    )


def _starts(sorted_keys: Codes) -> Codes:
    """Where each distinct key begins."""
    return np.flatnonzero(np.concatenate(([True], sorted_keys[1:] != sorted_keys[:-1])))


def _masks(day: Codes, starts: Codes) -> list[Days]:
    """The days between these starts, each group as one number."""
    found: list[Days] = [0] * len(starts)
    for word in range(int(day.max()) // _WORD + 1):
        inside = day // _WORD == word
        bits = np.where(inside, np.int64(1) << (day % _WORD), 0)
        part = np.bitwise_or.reduceat(bits, starts).tolist()
        found = (
            part
            if word == 0
            else [have | more << _WORD * word for have, more in zip(found, part, strict=True)]
        )
    return found
