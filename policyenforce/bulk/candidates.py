"""Which accounts are compared at all: those that bear one value which not too many bear.

One pass over the values of each kind. A pair is made once, by the first kind that makes it, and is
kept only if it could reach the least score wanted; so memory follows what is kept, and a thousand
accounts behind one network address cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from policyenforce.bulk.columns import COMPARED, NOTHING, PLACE, Coded, Codes
from policyenforce.policy.relations import IDENTIFIERS, IMPLIED, TOGETHER, AccountRelations

_BITS = (1 << np.arange(len(COMPARED), dtype=np.uint32)).astype(np.uint32)
_CHUNK = 1 << 16  # pairs compared at once: what they touch stays in the cache


@frozen
class Candidates:
    """Pairs of rows, left below right, and of what they share one bit for each of ``COMPARED``.

    ``told`` has a bit for each kind that both tell, alike or not.
    """

    left: Codes
    right: Codes
    shared: NDArray[np.uint32]
    told: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.left)


def candidates(coded: Coded, accounts: AccountRelations) -> Candidates:
    """The pairs worth scoring, in no particular order."""
    weighed = [kind for kind in IDENTIFIERS if accounts.weighs(kind)]
    kept = [part for kind in weighed for part in _of_kind(coded, kind, weighed, accounts)]
    if not kept:
        none = np.zeros(0, np.int32)
        return Candidates(none, none, none.astype(np.uint32), none.astype(np.uint32))
    left, right, shared, told = (np.concatenate(column) for column in zip(*kept, strict=True))
    return Candidates(left, right, shared, told)


_Part = tuple[Codes, Codes, NDArray[np.uint32], NDArray[np.uint32]]


def _of_kind(
    coded: Coded, kind: str, weighed: Sequence[str], accounts: AccountRelations
) -> Iterator[_Part]:
    best = np.array([accounts.best(name) for name in COMPARED], np.float32)
    most = sum(accounts.together.get(name, 0) for name in TOGETHER)
    earlier = [PLACE[name] for name in weighed[: weighed.index(kind)]]
    for left, right in _pairs(coded, kind, accounts.row_cap):
        first, second = coded.rows[left], coded.rows[right]
        same, told = _compared(first, second)
        promising = same @ best + most >= accounts.review
        for place in earlier:
            name = COMPARED[place]
            again = same[:, place] & promising
            codes = first[again, place]
            promising[again] = coded.bearers[name][codes] > accounts.row_cap
        if promising.any():
            yield (
                left[promising],
                right[promising],
                same[promising] @ _BITS,
                told[promising] @ _BITS,
            )


def _pairs(coded: Coded, kind: str, cap: int) -> Iterator[tuple[Codes, Codes]]:
    """All pairs of accounts that share a value of this kind borne by at most ``cap`` of them."""
    codes = coded.rows[:, PLACE[kind]]
    bearers = coded.bearers[kind]
    if not len(bearers):
        return
    size_of = np.where((bearers > 1) & (bearers <= cap), bearers, 0)
    sizes = np.where(codes >= 0, size_of[np.maximum(codes, 0)], 0)
    inside = np.flatnonzero(sizes).astype(np.int32)
    ordered = inside[np.lexsort((codes[inside], sizes[inside]))]  # ties keep the row order
    sizes = sizes[ordered]
    for size in np.unique(sizes):
        from_, to = np.searchsorted(sizes, (size, size + 1))
        groups = ordered[from_:to].reshape(-1, size)
        one, other = np.triu_indices(size, 1)
        step = max(1, _CHUNK // len(one))
        for start in range(0, len(groups), step):
            members = groups[start : start + step]
            yield members[:, one].ravel(), members[:, other].ravel()


def compared(coded: Coded, left: Codes, right: Codes) -> Candidates:
    """These pairs of rows, whatever they share."""
    same, told = _compared(coded.rows[left], coded.rows[right])
    return Candidates(left, right, same @ _BITS, told @ _BITS)


def _compared(first: Codes, second: Codes) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """What two accounts share, and what both tell; what several may share is neither."""
    equal = first == second
    same = equal & (first >= 0)
    for kind, likeness in IMPLIED.items():  # who shares a value is alike in what follows from it
        same[:, PLACE[likeness]] |= same[:, PLACE[kind]]
    return same, same | (~equal & (first != NOTHING) & (second != NOTHING))
