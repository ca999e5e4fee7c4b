"""How accounts of one cluster hang together that share nothing themselves: by which others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

import numpy as np
from attrs import frozen

from policyenforce.bulk.columns import Codes


@frozen
class Paths:
    """Pairs of rows, left below right, with the best path between them.

    ``counts`` is the number of hops of each, ``edges`` are the hops, one path after the other,
    and ``points`` those of the weakest hop.
    """

    left: Codes
    right: Codes
    points: Codes
    counts: Sequence[int]
    edges: Sequence[int]


def paths(left: Codes, right: Codes, points: Codes, direct: Collection[int]) -> Paths:
    """The paths along these pairs, which must make a forest, between all pairs not in ``direct``.

    ``direct`` holds ``left << 32 | right`` for each pair that is told anyway.
    """
    near: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for edge, (one, other) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        near[one].append((other, edge))
        near[other].append((one, edge))
    worth = points.tolist()
    lefts: list[int] = []
    rights: list[int] = []
    least: list[int] = []
    counts: list[int] = []
    edges: list[int] = []
    for start in sorted(near):
        reached: list[tuple[int, int, int, tuple[int, ...]]] = [(start, -1, 1 << 30, ())]
        for account, before, weakest, way in reached:
            for other, edge in near[account]:
                if other == before:
                    continue
                further = (*way, edge)
                worst = min(weakest, worth[edge])
                reached.append((other, account, worst, further))
                if start < other and (start << 32 | other) not in direct:
                    lefts.append(start)
                    rights.append(other)
                    least.append(worst)
                    counts.append(len(further))
                    edges.extend(further)
    one, other, worst_of = (np.array(column, np.int32) for column in (lefts, rights, least))
    return Paths(one, other, worst_of, counts, edges)
