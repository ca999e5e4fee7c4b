"""What accounts bear, as whole numbers: equal values have equal codes, and nothing is -1.

What several may share (4.1) is below -1: it links nobody, and is told all the same.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from attrs import frozen
from numpy.typing import NDArray

from policyenforce.bulk.threads import each
from policyenforce.policy.relations import HAND_KINDS, IDENTIFIERS, LIKENESSES

Codes = NDArray[np.int32]
COMPARED = (*IDENTIFIERS, *LIKENESSES, "country")
"""The columns of ``Coded.rows``, in this order."""
PLACE = {name: place for place, name in enumerate(COMPARED)}
NOTHING, UNSHARED = -1, -2


def pair_keys(left: Codes, right: Codes) -> NDArray[np.int64]:
    """One number for each pair of rows, by which pairs are found again.

    >>> pair_keys(np.array([0, 1], np.int32), np.array([2, 0], np.int32)).tolist()
    [2, 4294967296]
    """
    keys: NDArray[np.int64] = left.astype(np.int64) << 32 | right
    return keys


@frozen
class Coded:
    """All accounts of a table: ``rows`` has one row an account and one column of codes a kind.

    ``values`` are the distinct values behind the codes of identifiers, ``bearers`` how many
    accounts bear each, ``settled`` which of those of one hand are shared in few places.
    """

    rows: Codes
    values: Mapping[str, pa.Array]
    bearers: Mapping[str, Codes]
    settled: Mapping[str, NDArray[np.bool_]]

    def __len__(self) -> int:
        return len(self.rows)


def coded(
    normalised: Mapping[str, pa.Array], accounts: int, order: NDArray[np.int64] | None = None
) -> Coded:
    """Number the values of each kind; the accounts come in this order, or as they are."""
    rows = np.full((accounts, len(COMPARED)), -1, np.int32)
    values, bearers = {}, {}

    def number(kind: str) -> None:
        column = normalised.get(kind, pa.array([], pa.string()))
        numbered = column.dictionary_encode()
        codes = numbered.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        if kind in normalised:
            rows[:, PLACE[kind]] = codes if order is None else codes[order]
        if kind in IDENTIFIERS:
            values[kind] = numbered.dictionary
        borne = codes[codes >= 0]
        bearers[kind] = np.bincount(borne, minlength=len(numbered.dictionary)).astype(np.int32)

    each(number, PLACE)
    told = each(lambda kind: _settled(rows, bearers[kind], kind), HAND_KINDS)
    settled = dict(zip(HAND_KINDS, told, strict=True))
    return Coded(rows, values, bearers, settled)


def _settled(rows: Codes, bearers: Codes, kind: str) -> NDArray[np.bool_]:
    """The vectorised ``is_settled``, for each value of a kind."""
    if not len(bearers):
        return np.zeros(0, np.bool_)
    codes = rows[:, PLACE[kind]]
    several = np.flatnonzero((codes >= 0) & (bearers[codes] > 1))
    network = rows[several, PLACE["ip"]]
    told = network >= 0
    keys = np.unique(codes[several[told]].astype(np.int64) << 32 | network[told])
    places = np.bincount((keys >> 32).astype(np.int64), minlength=len(bearers))
    known = np.bincount(codes[several[told]], minlength=len(bearers))
    return (places > 0) & (places * 2 <= known)
