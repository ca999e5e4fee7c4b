"""Which accounts are compared at all: those that bear one value which not too many bear.

One pass over the values of each kind. A pair is made once, by the first kind that makes it, and is
kept only if what it shares could reach the review band; so memory follows what is kept, and a
thousand accounts behind one network address cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from policyenforce.bulk.columns import COMPARED, NOTHING, PLACE, Coded, Codes
from policyenforce.bulk.combining import combined, counted
from policyenforce.bulk.threads import each
from policyenforce.policy.relations import GROUPS, HAND, IDENTIFIERS, IMPLIED, AccountRelations

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

    def only(self, which: NDArray[np.int64] | slice) -> Candidates:
        """These pairs alone."""
        return Candidates(self.left[which], self.right[which], self.shared[which], self.told[which])

    @classmethod
    def of(cls, parts: Sequence[Candidates]) -> Candidates:
        """The pairs of all parts."""
        return cls(
            np.concatenate([part.left for part in parts]),
            np.concatenate([part.right for part in parts]),
            np.concatenate([part.shared for part in parts]),
            np.concatenate([part.told for part in parts]),
        )


def candidates(coded: Coded, accounts: AccountRelations) -> Candidates:
    """The pairs worth scoring, in no particular order."""
    wanted = Promising(accounts)
    weighed = [kind for kind in IDENTIFIERS if accounts.weighs(kind)]

    def kept_of(made: tuple[str, Codes, Codes]) -> _Part | None:
        kind, left, right = made
        earlier = weighed[: weighed.index(kind)]
        return _kept(coded, left, right, earlier, accounts.row_cap, wanted)

    pairs = (
        (kind, left, right)
        for kind in weighed
        for left, right in _pairs(coded, kind, accounts.row_cap)
    )
    kept = [part for part in each(kept_of, pairs) if part is not None]
    if not kept:
        none = np.zeros(0, np.int32)
        return Candidates(none, none, none.astype(np.uint32), none.astype(np.uint32))
    left, right, shared, told = (np.concatenate(column) for column in zip(*kept, strict=True))
    return Candidates(left, right, shared, told)


_UNASKED = 2


@frozen
class Promising:
    """Remembers for all that two accounts may share whether it could reach the review band."""

    accounts: AccountRelations
    answers: NDArray[np.uint8] = field(
        init=False, factory=lambda: np.full(1 << len(COMPARED), _UNASKED, np.uint8)
    )

    def of(self, shared: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Whether each of these, as bits, could."""
        unasked = shared[self.answers[shared] == _UNASKED]
        if len(unasked):
            once = np.unique(unasked)
            self.answers[once] = could_be_reviewed(once, self.accounts)
        found: NDArray[np.bool_] = self.answers[shared] == 1
        return found


def could_be_reviewed(every: NDArray[np.uint32], accounts: AccountRelations) -> NDArray[np.bool_]:
    """For what two accounts share, as bits, whether it could reach the review band."""
    shares = {name: (every >> place) & 1 == 1 for name, place in PLACE.items()}
    most = np.zeros(len(every), np.int32)
    of_group = {}
    for group, kinds in GROUPS.items():
        best = np.zeros(len(every), np.int32)
        for kind in kinds:
            np.maximum(best, shares[kind] * np.int32(max(accounts.best(kind), 0)), out=best)
        of_group[group] = best > 0
        most += best
    # One kind of a group may count as used anywhere, and another one as used in one place.
    hand = counted([shares[kind] for group in HAND for kind in GROUPS[group]])
    settled = counted([of_group[group] for group in HAND])
    # How many accounts to a cluster bear a thing is not known yet: as many as could be.
    own = np.where(settled > 0, np.float32(np.inf), np.float32(0))
    for name, met in combined(of_group, hand, settled, own).items():
        most += met * np.int32(accounts.together.get(name, 0))
    return most >= accounts.review


_Part = tuple[Codes, Codes, NDArray[np.uint32], NDArray[np.uint32]]


def _kept(
    coded: Coded, left: Codes, right: Codes, earlier: Sequence[str], cap: int, wanted: Promising
) -> _Part | None:
    """Those of the pairs that are worth scoring and that no earlier kind makes."""
    first, second = coded.rows[left], coded.rows[right]
    shared = _shared(first, second)
    new = wanted.of(shared)
    for name in earlier:
        again = np.flatnonzero(new & ((shared >> PLACE[name]) & 1 == 1))
        new[again] = coded.bearers[name][first[again, PLACE[name]]] > cap
    kept = np.flatnonzero(new)
    if not len(kept):
        return None
    return left[kept], right[kept], shared[kept], _told(first[kept], second[kept])


def _shared(first: Codes, second: Codes) -> NDArray[np.uint32]:
    """What two accounts agree in; who shares a value is alike in what follows from it."""
    shared = _as_bits((first == second) & (first >= 0))
    for kind, likeness in IMPLIED.items():
        shared |= ((shared >> PLACE[kind]) & 1) << PLACE[likeness]
    return shared


def _told(first: Codes, second: Codes) -> NDArray[np.uint32]:
    """What both tell, alike or not; a value that several may share counts only where it differs."""
    equal = first == second
    return _as_bits((equal & (first >= 0)) | (~equal & (first != NOTHING) & (second != NOTHING)))


def _as_bits(flags: NDArray[np.bool_]) -> NDArray[np.uint32]:
    """Each row of flags as one number, the first flag its lowest bit."""
    packed = np.zeros((len(flags), 4), np.uint8)
    octets = np.packbits(flags, axis=1, bitorder="little")
    packed[:, : octets.shape[1]] = octets
    return packed.view("<u4").ravel()


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
    first, second = coded.rows[left], coded.rows[right]
    return Candidates(left, right, _shared(first, second), _told(first, second))
