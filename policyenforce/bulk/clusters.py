"""Which accounts hang together: the strongest pairs first; weak ones join only what is small."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from policyenforce.bulk.columns import Codes
from policyenforce.policy.relations import AccountRelations


def components(left: Codes, right: Codes, accounts: int) -> Codes:
    """The number of the component each account is in; an account alone is a component."""
    ones = np.ones(len(left), np.int8)
    graph = coo_array((ones, (left, right)), shape=(accounts, accounts))
    labels: Codes = connected_components(graph, directed=False)[1].astype(np.int32)
    return labels


def forest(left: Codes, right: Codes, points: Codes, accounts: int) -> tuple[Codes, Codes, Codes]:
    """The pairs that connect all that these pairs connect by the strongest paths, strongest first.

    Of pairs equally strong the first rows come first, so that the answer is always the same.
    """
    if not len(left):
        return left, right, points
    # Each weight is the place of its pair, so no two are equal.
    order = np.lexsort((right, left, -points))
    weights = np.empty(len(left), np.float64)
    weights[order] = np.arange(1, len(left) + 1)
    graph = coo_array((weights, (left, right)), shape=(accounts, accounts)).tocsr()
    kept = np.sort(minimum_spanning_tree(graph).tocoo().data).astype(np.int64) - 1
    chosen = order[kept]
    return left[chosen], right[chosen], points[chosen]


def joined(
    tree: tuple[Codes, Codes, Codes],
    accounts: int,
    rules: AccountRelations,
    apart: Iterable[tuple[int, int]] = (),
    together: Iterable[tuple[int, int]] = (),
) -> tuple[Codes, NDArray[np.bool_]]:
    """The cluster of each account, and which pairs of the forest made them.

    A pair below the act band joins two clusters only if it is the stronger the larger both are
    (``growth`` points for each doubling of the smaller), and never beyond ``cluster_cap``
    accounts. What a person found apart (``apart``) is never in one cluster, however it is linked;
    what a person linked (``together``) always is.
    """
    parent = list(range(accounts))
    size = [1] * accounts
    foes: dict[int, set[int]] = {}

    def root(account: int) -> int:
        while parent[account] != account:
            parent[account] = parent[parent[account]]
            account = parent[account]
        return account

    def join(one: int, other: int) -> None:
        small, large = sorted((one, other), key=lambda each: (size[each], -each))
        parent[small] = large
        size[large] += size[small]
        theirs = foes.pop(small, set())
        if theirs:
            foes.setdefault(large, set()).update(theirs)
            for foe in theirs:
                foes[foe].discard(small)
                foes[foe].add(large)

    linked = set()
    for one, other in together:
        linked |= {one, other}
        if root(one) != root(other):
            join(root(one), root(other))
    for one, other in apart:
        first, second = root(one), root(other)
        if first != second:
            foes.setdefault(first, set()).add(second)
            foes.setdefault(second, set()).add(first)
    used = np.zeros(len(tree[0]), np.bool_)
    columns = (column.tolist() for column in tree)
    for place, (left, right, points) in enumerate(zip(*columns, strict=True)):
        one, other = root(left), root(right)
        if one == other or other in foes.get(one, ()):
            continue
        smaller = min(size[one], size[other])
        needed = rules.review + rules.growth * (smaller.bit_length() - 1)
        if points < min(needed, rules.act) or size[one] + size[other] > rules.cluster_cap:
            continue
        join(one, other)
        used[place] = True
    roots = np.arange(accounts)
    for account in {*tree[0].tolist(), *tree[1].tolist(), *linked}:  # all others stand alone
        roots[account] = root(account)
    return _numbered(roots), used


def _numbered(roots: NDArray[np.int64]) -> Codes:
    """Roots by number, in their order."""
    met = np.zeros(len(roots), np.int32)
    met[roots] = 1
    labels: Codes = (np.cumsum(met, dtype=np.int32) - 1)[roots]
    return labels
