"""Paths between accounts that share nothing themselves, or less than the path is worth."""

from __future__ import annotations

from itertools import combinations
from random import Random

import numpy as np

from policyenforce.bulk.paths import paths

Way = tuple[int, ...]


def walked(edges: list[tuple[int, int]], start: int) -> dict[int, Way]:
    """The way from an account to each that it reaches, as numbers of edges."""
    ways: dict[int, Way] = {start: ()}
    for account in (reached := [start]):
        for number, edge in enumerate(edges):
            if account in edge:
                other = edge[0] + edge[1] - account
                if other not in ways:
                    ways[other] = (*ways[account], number)
                    reached.append(other)
    return ways


def test_a_pair_has_its_way_and_the_points_of_the_weakest_hop_unless_it_shares_as_much() -> None:
    chance = Random(3)
    names = chance.sample(range(40), 40)
    edges = [
        (min(pair), max(pair))
        for place in range(1, 40)
        if place % 9  # several trees
        for pair in [(names[place], names[place - chance.randint(1, place % 9)])]
    ]
    points = [chance.randint(40, 120) for _ in edges]
    left, right = np.array(edges, np.int32).T
    worth = {pair: chance.randint(30, 130) for pair in [*edges[::2], *combinations(range(40), 2)]}
    direct = dict(chance.sample(sorted(worth.items()), 300))
    keys = np.array([one << 32 | other for one, other in direct], np.int64)

    found = paths(
        left, right, np.array(points, np.int32), keys, np.array([*direct.values()], np.int32)
    )

    hops = np.split(found.edges, np.cumsum(found.counts)[:-1])
    told = {
        (one, other): (tuple(way.tolist()), worth)
        for one, other, way, worth in zip(
            found.left.tolist(), found.right.tolist(), hops, found.points.tolist(), strict=True
        )
    }
    assert len(told) == len(found.left)
    assert told == {
        (start, end): (way, min(points[edge] for edge in way))
        for start in range(40)
        for end, way in walked(edges, start).items()
        if start < end
        and direct.get((start, end), 0) < min([points[edge] for edge in way], default=0)
    }


def test_no_pairs_have_no_paths() -> None:
    none = np.zeros(0, np.int32)

    assert len(paths(none, none, none, np.zeros(0, np.int64), none).left) == 0
