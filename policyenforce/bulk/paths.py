"""How accounts of one cluster hang together by others, more surely than by what they share."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from policyenforce.bulk.columns import Codes, pair_keys

Places = NDArray[np.int64]


@frozen
class Paths:
    """Pairs of rows, left below right, with the best path between them.

    ``counts`` is the number of hops of each, ``edges`` are the hops, one path after the other,
    and ``points`` those of the weakest hop.
    """

    left: Codes
    right: Codes
    points: Codes
    counts: Places
    edges: Places

    def only(self, which: Places) -> Paths:
        """These paths alone."""
        counts = self.counts[which]
        begins = (np.cumsum(self.counts) - self.counts)[which]
        shift = np.repeat(begins - (np.cumsum(counts) - counts), counts)
        edges = self.edges[shift + np.arange(len(shift))]
        return Paths(self.left[which], self.right[which], self.points[which], counts, edges)


@frozen
class _Ways:
    """Ways of one length: where each starts and ends, its last edge, and the way before that."""

    start: Codes
    end: Codes
    edge: Places
    before: Places
    weakest: Codes


def paths(left: Codes, right: Codes, points: Codes, direct: Places, worth: Codes) -> Paths:
    """The paths along these pairs, which must make a forest, that are stronger than ``direct``.

    ``direct`` holds the ``pair_keys`` of each pair that can be told without a path, and
    ``worth`` its points.
    """
    order = np.argsort(direct)
    told = np.append(direct[order], np.iinfo(np.int64).max)
    enough = np.append(worth[order], 0)
    shorter: list[_Ways] = []
    found: list[Paths] = []
    for ways in _longer_and_longer(left, right, points):
        shorter.append(ways)
        keys = pair_keys(ways.start, ways.end)
        place = np.searchsorted(told, keys)
        better = (told[place] != keys) | (enough[place] < ways.weakest)
        wanted = np.flatnonzero(better & (ways.start < ways.end))
        hops, at = [], wanted
        for step in reversed(shorter):
            hops.append(step.edge[at])
            at = step.before[at]
        found.append(
            Paths(
                ways.start[wanted],
                ways.end[wanted],
                ways.weakest[wanted],
                np.full(len(wanted), len(hops), np.int64),
                np.stack(hops[::-1], axis=1).ravel(),
            )
        )
    return Paths(
        np.concatenate([one.left for one in found]),
        np.concatenate([one.right for one in found]),
        np.concatenate([one.points for one in found]),
        np.concatenate([one.counts for one in found]),
        np.concatenate([one.edges for one in found]),
    )


def _longer_and_longer(left: Codes, right: Codes, points: Codes) -> Iterator[_Ways]:
    """All ways of one hop, then of two, and so on; each way comes from both of its ends."""
    edges = np.arange(len(left))
    one, other = np.concatenate((left, right)), np.concatenate((right, left))
    order = np.argsort(one, kind="stable")
    one, other, edge = one[order], other[order], np.concatenate((edges, edges))[order]
    degree = np.bincount(one)
    begins = np.cumsum(degree) - degree
    ways = _Ways(one, other, edge, np.arange(len(one)), points[edge].astype(np.int32))
    while True:
        yield ways
        first, several = begins[ways.end], degree[ways.end]
        before = np.repeat(np.arange(len(ways.end)), several)
        offset = np.arange(len(before)) - np.repeat(np.cumsum(several) - several, several)
        onward = first[before] + offset
        # No way goes back by the edge it came by; in a forest it then meets nothing twice.
        kept = np.flatnonzero(edge[onward] != ways.edge[before])
        if not len(kept):
            return
        before, onward = before[kept], onward[kept]
        weakest = np.minimum(ways.weakest[before], points[edge[onward]])
        ways = _Ways(ways.start[before], other[onward], edge[onward], before, weakest)
