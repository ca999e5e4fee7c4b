"""A log of sessions as numbers, with what it knows about networks and devices that many share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen
from numpy.typing import NDArray

from policyenforce.bulk.tables import none_if_empty
from policyenforce.checks.account_sharing.events import (
    COMMON,
    CROWD,
    DAY,
    EVENTS,
    NETWORKS,
    place_of,
)
from policyenforce.checks.account_sharing.hands import BLOCK, PROVIDER, beginning
from policyenforce.model.facts.sessions import Network

Codes = NDArray[np.int64]

UNKNOWN = -1

_FIXED, _MOBILE = NETWORKS.index(Network.FIXED.value), NETWORKS.index(Network.MOBILE.value)
_MICROSECONDS = 1_000_000


@frozen(eq=False)
class Log:
    """One number a row and column; ``UNKNOWN`` where a text is missing, NaN where a degree is.

    ``accounts``, ``devices``, ``places`` and ``countries`` are the texts behind the numbers.
    ``network`` is as given, or else what other rows say of the address. ``common`` says of each
    device whether many accounts use it.
    """

    account: Codes
    at: Codes
    event: Codes
    device: Codes
    place: Codes
    network: Codes
    country: Codes
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    accounts: pa.Array
    devices: list[str]
    places: list[str]
    countries: list[str]
    common: NDArray[np.bool_]

    @property
    def repeated(self) -> int:
        """Rows that say what another has said: the same account, second, event, device, place."""
        columns = (self.account, self.at, self.event, self.device, self.place)
        keys = np.zeros(len(self.at), np.uint64)
        for column in columns:
            keys = (keys ^ column.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
            keys ^= keys >> np.uint64(29)
        keys.sort()
        return int((keys[1:] == keys[:-1]).sum())

    @property
    def late(self) -> int:
        """Rows before which the log tells a later event of the same account."""
        order = np.argsort(self.account, kind="stable")
        account, at = self.account[order], self.at[order]
        newest = np.maximum.accumulate(account * (1 << 40) + at) - account * (1 << 40)
        return int((at < newest).sum())

    @property
    def since(self) -> int:
        """The day of the first event, counted from 1970."""
        return int(self.at.min()) // DAY if len(self.at) else 0


def log_of(table: pa.Table) -> Log:
    """The numbers of a table that ``events.sound`` has passed."""
    account, accounts = _coded(table["account_id"])
    device, devices = _coded(table["device_id"])
    address, addresses = _coded(table["ip"])
    country, countries = _coded(table["country"])
    spelt = pa.array([place_of(text) for text in addresses.to_pylist()], pa.string())
    placed = spelt.dictionary_encode()
    of_address = _numbers(placed.indices)
    place = np.append(of_address, UNKNOWN)[address]
    given = _known(table["network"], NETWORKS)
    return Log(
        account,
        table["at"].cast(pa.int64()).to_numpy() // _MICROSECONDS,
        _known(table["event"], EVENTS),
        device,
        place,
        _learnt(given, place, account, placed.dictionary.to_pylist()),
        country,
        table["latitude"].to_numpy(zero_copy_only=False),
        table["longitude"].to_numpy(zero_copy_only=False),
        accounts,
        devices.to_pylist(),
        placed.dictionary.to_pylist(),
        countries.to_pylist(),
        _bearers(device, account, len(devices)) >= COMMON,
    )


def _coded(column: pa.ChunkedArray) -> tuple[Codes, pa.Array]:
    """Each text as a number; an empty one is none."""
    text = column.combine_chunks()
    if isinstance(text, pa.ChunkedArray):
        text = pa.array([], pa.string()) if not text.num_chunks else text.chunk(0)
    text = none_if_empty(text)
    encoded = text.dictionary_encode()
    return _numbers(encoded.indices), encoded.dictionary


def _known(column: pa.ChunkedArray, words: tuple[str, ...]) -> Codes:
    found = pc.index_in(column, value_set=pa.array(words))
    return _numbers(found)


def _numbers(indices: pa.Array | pa.ChunkedArray) -> Codes:
    filled: Codes = indices.fill_null(UNKNOWN).to_numpy(zero_copy_only=False).astype(np.int64)
    return filled


def _bearers(codes: Codes, account: Codes, distinct: int) -> Codes:
    """How many accounts each of the codes belongs to."""
    known = codes >= 0
    pairs = codes[known] << 32 | account[known]
    pairs.sort()
    first = np.concatenate(([True], pairs[1:] != pairs[:-1]))[: len(pairs)]
    return np.bincount(pairs[first] >> 32, minlength=distinct)


def _learnt(given: Codes, place: Codes, account: Codes, places: Sequence[str]) -> Codes:
    """The networks, those that are missing as most rows of their address say.

    Where none says, the block of the address tells, then its provider; where these do not either,
    an address of many accounts is a carrier's, and any other somebody's own.
    """
    crowded = _bearers(place, account, len(places)) >= CROWD
    guess = np.where(crowded, _MOBILE, _FIXED)
    for parts in (PROVIDER, BLOCK, None):
        wide = pa.array([place if parts is None else beginning(place, parts) for place in places])
        group = _numbers(wide.dictionary_encode().indices)
        said = _said(given, np.append(group, UNKNOWN)[place])
        guess = np.where(said[group] >= 0, said[group], guess)
    network = np.where(given >= 0, given, np.append(guess, UNKNOWN)[place])
    # Whatever is said of it, a line that so many come by is nobody's home.
    return np.where((network == _FIXED) & np.append(crowded, False)[place], _MOBILE, network)


def _said(given: Codes, group: Codes) -> Codes:
    """What most rows of each group say, ``UNKNOWN`` where none says anything."""
    kinds, groups = len(NETWORKS), int(group.max(initial=0)) + 1
    told = (given >= 0) & (group >= 0)
    counts = np.bincount(group[told] * kinds + given[told], minlength=groups * kinds)
    counts = counts.reshape(groups, kinds)
    return np.where(counts.any(axis=1), counts.argmax(axis=1), UNKNOWN)
