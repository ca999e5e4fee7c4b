"""The points of many pairs at once, from the same table as the points of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from policyenforce.bulk.candidates import Candidates
from policyenforce.bulk.columns import PLACE, Coded, Codes
from policyenforce.bulk.combining import Flags, Ratios, combined, counted
from policyenforce.bulk.threads import each
from policyenforce.policy.relations import (
    AGAINST,
    GROUPS,
    HAND,
    HAND_KINDS,
    IDENTIFIERS,
    LIKENESSES,
    TO_A_CLUSTER,
    AccountRelations,
    Rows,
)

_CHUNK = 1 << 16


@frozen
class Scored:
    """What each pair is worth, and by which rows.

    ``open`` and ``settled`` say for each group which of its kinds counts (-1 for none) and how
    much that is. All that is settled counts once: ``place`` is the group, in the order of
    ``GROUPS``, that counts for it (-1 for none), and ``extra`` what it adds. ``inside`` is what
    ``repeated`` says of the clusters that reach was counted in.
    """

    points: Codes
    open: Mapping[str, Best]
    settled: Mapping[str, Best]
    place: NDArray[np.int8]
    extra: Codes
    together: Mapping[str, Flags]
    against: Mapping[str, Flags]
    inside: Mapping[str, Codes]

    def only(self, which: NDArray[np.int64]) -> Scored:
        """The same of these pairs alone."""
        return Scored(
            self.points[which],
            {group: one.only(which) for group, one in self.open.items()},
            {group: one.only(which) for group, one in self.settled.items()},
            self.place[which],
            self.extra[which],
            {name: met[which] for name, met in self.together.items()},
            {name: met[which] for name, met in self.against.items()},
            self.inside,
        )

    @classmethod
    def of(cls, parts: Sequence[Scored]) -> Scored:
        """The same of the pairs of all parts."""
        return cls(
            np.concatenate([part.points for part in parts]),
            {group: Best.of([part.open[group] for part in parts]) for group in parts[0].open},
            {group: Best.of([part.settled[group] for part in parts]) for group in parts[0].settled},
            np.concatenate([part.place for part in parts]),
            np.concatenate([part.extra for part in parts]),
            _flags([part.together for part in parts]),
            _flags([part.against for part in parts]),
            parts[0].inside,
        )


def _flags(parts: Sequence[Mapping[str, Flags]]) -> dict[str, Flags]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


@frozen
class Best:
    """Of one group, for each pair: which kind counts, and its points (0 for none)."""

    level: NDArray[np.int8]
    points: Codes

    def take(self, which: NDArray[np.intp], points: Codes, level: int) -> None:
        """Let a kind count where it is worth more than those before it."""
        better = (points > self.points[which]) | (self.level[which] < 0)
        self.level[which[better]], self.points[which[better]] = level, points[better]

    def only(self, which: NDArray[np.int64]) -> Best:
        """The same of these pairs alone."""
        return Best(self.level[which], self.points[which])

    @classmethod
    def of(cls, parts: Sequence[Best]) -> Best:
        """The same of the pairs of all parts."""
        return cls(
            np.concatenate([part.level for part in parts]),
            np.concatenate([part.points for part in parts]),
        )


def _no_best(pairs: int) -> Best:
    return Best(np.full(pairs, -1, np.int8), np.zeros(pairs, np.int32))


def reach_of(
    pairs: Candidates,
    kind: str,
    coded: Coded,
    clusters: Codes,
    inside: Mapping[str, Codes],
) -> tuple[NDArray[np.intp], Codes]:
    """Which pairs share a value of this kind, and how many clusters of accounts bear it.

    A pair counts as two, whatever cluster it is in, so that no cluster speaks for itself.
    """
    which = np.flatnonzero((pairs.shared >> PLACE[kind]) & 1)
    codes = coded.rows[pairs.left[which], PLACE[kind]]
    together = clusters[pairs.left[which]] == clusters[pairs.right[which]]
    reach = coded.bearers[kind][codes] - inside[kind][codes] + together
    return which, reach.astype(np.int32)


def alone(coded: Coded) -> Codes:
    """The clusters before any are found: each account for itself."""
    return np.arange(len(coded), dtype=np.int32)


def repeated(coded: Coded, clusters: Codes) -> dict[str, Codes]:
    """How many bearers of each value stand in a cluster that another bearer stands in already."""
    several = np.bincount(clusters)[clusters] > 1
    members = np.flatnonzero(several)
    found = {}
    for kind in IDENTIFIERS:
        codes = coded.rows[members, PLACE[kind]]
        borne = codes >= 0
        codes, theirs = codes[borne], clusters[members[borne]]
        keys = np.unique(codes.astype(np.int64) << 32 | theirs)
        size = len(coded.bearers[kind])
        bearers = np.bincount(codes, minlength=size)
        distinct = np.bincount((keys >> 32).astype(np.int64), minlength=size)
        found[kind] = (bearers - distinct).astype(np.int32)
    return found


def score(
    pairs: Candidates, coded: Coded, accounts: AccountRelations, clusters: Codes | None = None
) -> Scored:
    """The points of each pair; ``clusters`` are those that reach is counted in, if any yet."""
    clusters = alone(coded) if clusters is None else clusters
    return _score(pairs, coded, accounts, clusters, repeated(coded, clusters))


def beside_the_best(
    pairs: Candidates, coded: Coded, accounts: AccountRelations, clusters: Codes
) -> Codes:
    """The points of each pair without its best shared value, and without what clusters say."""
    inside = repeated(coded, clusters)

    def of_part(part: Candidates) -> Codes:
        scored = _score(part, coded, accounts, clusters, inside)
        best = scored.extra
        for one in scored.open.values():
            best = np.maximum(best, one.points)
        for name, _ in TO_A_CLUSTER:
            best = best + scored.together[name] * np.int32(accounts.together.get(name, 0))
        return scored.points - best

    return np.concatenate(each(of_part, _parts(pairs)))


def strong_enough(
    pairs: Candidates, coded: Coded, accounts: AccountRelations, clusters: Codes
) -> tuple[Candidates, Scored]:
    """The pairs that reach the review band, and what they are worth."""
    inside = repeated(coded, clusters)

    def chosen(part: Candidates) -> tuple[Candidates, Scored]:
        scored = _score(part, coded, accounts, clusters, inside)
        which = np.flatnonzero(scored.points >= accounts.review)
        return part.only(which), scored.only(which)

    kept, scored = zip(*each(chosen, _parts(pairs)), strict=True)
    return Candidates.of(kept), Scored.of(scored)


def _parts(pairs: Candidates) -> Iterator[Candidates]:
    """The pairs so many at a time that what is touched stays in the cache; one part at least."""
    for start in range(0, max(len(pairs), 1), _CHUNK):
        yield pairs.only(slice(start, start + _CHUNK))


def _score(
    pairs: Candidates,
    coded: Coded,
    accounts: AccountRelations,
    clusters: Codes,
    inside: Mapping[str, Codes],
) -> Scored:
    best = {group: _no_best(len(pairs)) for group in GROUPS}
    settled = {group: _no_best(len(pairs)) for group in GROUPS if group in HAND}
    to_a_cluster = np.zeros(len(pairs), np.float32)
    for group, kinds in GROUPS.items():
        for level, kind in enumerate(kinds):
            if kind in LIKENESSES:
                which = np.flatnonzero((pairs.shared >> PLACE[kind]) & 1)
                worth = np.full(len(which), accounts.alike.get(kind, 0), np.int32)
                best[group].take(which, worth, level)
                continue
            which, reach = reach_of(pairs, kind, coded, clusters, inside)
            worth = _stepped(accounts.points.get(kind, ()), reach)
            if kind not in HAND_KINDS:
                best[group].take(which, worth, level)
                continue
            codes = coded.rows[pairs.left[which], PLACE[kind]]
            at_place = coded.settled[kind][codes]
            rows = accounts.settled.get(kind, accounts.points.get(kind, ()))
            worth[at_place] = _stepped(rows, reach[at_place])
            settled[group].take(which[at_place], worth[at_place], level)
            best[group].take(which[~at_place], worth[~at_place], level)
            theirs = np.where(worth > 0, coded.bearers[kind][codes] / reach, 0)
            to_a_cluster[which] = np.maximum(to_a_cluster[which], theirs)
    place, extra = _pooled(best, settled, len(pairs))
    total = sum((one.points for one in best.values()), extra)
    together = _together(best, settled, to_a_cluster)
    against = _against(pairs, best, settled)
    for table, rows_met in ((accounts.together, together), (accounts.against, against)):
        for name, met in rows_met.items():
            total = total + met * np.int32(table.get(name, 0))
    return Scored(total, best, settled, place, extra, together, against, inside)


def _pooled(
    best: Mapping[str, Best], settled: Mapping[str, Best], pairs: int
) -> tuple[NDArray[np.int8], Codes]:
    """Which group counts for all that is shared in one place, and what it adds."""
    place, extra = np.full(pairs, -1, np.int8), np.zeros(pairs, np.int32)
    for number, group in enumerate(GROUPS):
        if group in settled:
            more = settled[group].points - best[group].points
            better = more > extra
            place[better], extra[better] = number, more[better]
    return place, extra


def _stepped(rows: Rows, reach: Codes) -> Codes:
    limits = np.array([limit for limit, _ in rows], np.int32)
    points = np.array([*(points for _, points in rows), 0], np.int32)
    return points[np.searchsorted(limits, reach)]


def _together(
    best: Mapping[str, Best], settled: Mapping[str, Best], to_a_cluster: Ratios
) -> dict[str, Flags]:
    shared = {group: one.points > 0 for group, one in best.items()}
    at_place = counted([one.points > 0 for one in settled.values()])
    hand = counted([*(shared[group] for group in settled), at_place > 0])
    return combined(shared, hand, at_place, to_a_cluster)


def _against(
    pairs: Candidates, best: Mapping[str, Best], settled: Mapping[str, Best]
) -> dict[str, Flags]:
    """Where both accounts tell something, and nothing of it agrees."""
    met = {}
    for name in AGAINST:
        if name not in GROUPS:
            told = (pairs.told >> PLACE[name]) & 1 == 1
            met[name] = told & ((pairs.shared >> PLACE[name]) & 1 == 0)
            continue
        told = (pairs.told >> PLACE[GROUPS[name][0]]) & 1 == 1
        agrees = best[name].level >= 0
        if name in settled:
            agrees |= settled[name].level >= 0
        met[name] = told & ~agrees
    return met
