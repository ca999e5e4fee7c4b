"""What hangs together: strong pairs join, weak ones join only what is small."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

np = pytest.importorskip("numpy")
pytest.importorskip("scipy")

from policyenforce.bulk.clusters import components, forest, joined  # noqa: E402 - they need NumPy
from policyenforce.bulk.paths import paths  # noqa: E402 - as above
from policyenforce.policy.relations import AccountRelations  # noqa: E402 - as above

RULES = AccountRelations(act=100, review=60, growth=10, cluster_cap=6)
SIZE = 8
Pair = tuple[int, int, int]

PAIRS = st.dictionaries(
    st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).filter(lambda p: p[0] < p[1]),
    st.integers(60, 140),
    max_size=12,
).map(lambda found: [(*pair, points) for pair, points in found.items()])
FEW = st.lists(
    st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).filter(lambda p: p[0] < p[1]),
    max_size=3,
)


def arrays(pairs: Sequence[Pair]) -> tuple[Any, Any, Any]:
    left, right, points = np.array(pairs, np.int32).reshape(-1, 3).T
    return left, right, points


def tree_of(pairs: Sequence[Pair]) -> tuple[Any, Any, Any]:
    return forest(*arrays(pairs), SIZE)


def groups(pairs: Sequence[Pair], rules: AccountRelations = RULES, **more: Any) -> list[list[int]]:
    """The clusters with more than one account."""
    labels, _ = joined(tree_of(pairs), SIZE, rules, **more)
    return [group for group in members(labels) if len(group) > 1]


def members(labels: Any) -> list[list[int]]:
    """The accounts of each cluster, whatever its number."""
    return sorted(np.flatnonzero(labels == label).tolist() for label in np.unique(labels))


def chain(size: int, points: int) -> list[Pair]:
    return [(one, other, points) for one, other in pairwise(range(size))]


def reached(pairs: Sequence[Pair], start: int, least: int) -> set[int]:
    """All that pairs of at least so many points connect with an account."""
    found = {start}
    for _ in range(SIZE):
        for left, right, points in pairs:
            if points >= least and found & {left, right}:
                found |= {left, right}
    return found


@given(PAIRS)
def test_components_are_what_pairs_connect(pairs: list[Pair]) -> None:
    left, right, _ = arrays(pairs)
    labels = components(left, right, SIZE)

    for account in range(SIZE):
        assert set(np.flatnonzero(labels == labels[account])) == reached(pairs, account, 0)


@given(PAIRS)
def test_a_forest_connects_by_the_strongest_pairs_without_a_circle(pairs: list[Pair]) -> None:
    tree = list(zip(*(column.tolist() for column in tree_of(pairs)), strict=True))

    assert set(tree) <= set(pairs)
    assert len(tree) == SIZE - len({min(reached(pairs, each, 0)) for each in range(SIZE)})
    for least in {points for _, _, points in pairs}:
        assert all(
            reached(tree, each, least) == reached(pairs, each, least) for each in range(SIZE)
        )


@given(PAIRS, st.randoms(use_true_random=False))
def test_a_forest_is_the_same_in_any_order_and_the_strongest_come_first(
    pairs: list[Pair], rng: Any
) -> None:
    tree = tree_of(pairs)
    shuffled = tree_of(rng.sample(pairs, len(pairs)))

    assert [column.tolist() for column in shuffled] == [column.tolist() for column in tree]
    assert tree[2].tolist() == sorted(tree[2].tolist(), reverse=True)


def test_a_pair_in_the_review_band_joins_two_accounts() -> None:
    assert groups([(0, 1, 60)]) == [[0, 1]]


def test_a_weak_pair_joins_the_larger_clusters_only_with_more_points() -> None:
    halves = [(0, 1, 110), (2, 3, 110)]

    assert groups([*halves, (1, 2, 69)]) == [[0, 1], [2, 3]]
    assert groups([*halves, (1, 2, 70)]) == [[0, 1, 2, 3]]


def test_a_pair_in_the_act_band_joins_whatever_is_not_too_large() -> None:
    strict = AccountRelations(act=100, review=60, growth=90, cluster_cap=6)
    halves = [(0, 1, 110), (2, 3, 110)]

    assert groups([*halves, (1, 2, 99)], strict) == [[0, 1], [2, 3]]
    assert groups([*halves, (1, 2, 100)], strict) == [[0, 1, 2, 3]]


def test_no_cluster_grows_beyond_its_cap() -> None:
    assert [len(group) for group in groups(chain(SIZE, 130))] == [6, 2]


@given(PAIRS, FEW)
def test_what_a_person_found_apart_is_never_in_one_cluster(
    pairs: list[Pair], apart: list[tuple[int, int]]
) -> None:
    labels, _ = joined(tree_of(pairs), SIZE, RULES, apart=apart)

    assert [pair for pair in apart if labels[pair[0]] == labels[pair[1]]] == []


@given(PAIRS, FEW)
def test_what_a_person_linked_is_always_in_one_cluster(
    pairs: list[Pair], together: list[tuple[int, int]]
) -> None:
    labels, _ = joined(tree_of(pairs), SIZE, RULES, together=together)

    assert [pair for pair in together if labels[pair[0]] != labels[pair[1]]] == []


def test_what_is_apart_stays_apart_though_others_link_both() -> None:
    assert groups(chain(4, 120), apart=[(0, 3)]) == [[0, 1, 2]]


@given(PAIRS, FEW)
def test_the_pairs_that_made_the_clusters_connect_just_them(
    pairs: list[Pair], apart: list[tuple[int, int]]
) -> None:
    tree = tree_of(pairs)
    labels, used = joined(tree, SIZE, RULES, apart=apart)
    left, right, _ = (column[used] for column in tree)

    assert members(components(left, right, SIZE)) == members(labels)


@given(PAIRS)
def test_every_pair_of_a_tree_has_one_path_as_strong_as_its_weakest_hop(pairs: list[Pair]) -> None:
    tree = tree_of(pairs)
    left, right, points = tree
    found = paths(left, right, points, np.zeros(0, np.int64), np.zeros(0, np.int32))
    ends = list(zip(found.left.tolist(), found.right.tolist(), strict=True))
    connected = [
        (one, other) for one in range(SIZE) for other in reached(pairs, one, 0) if one < other
    ]

    assert sorted(ends) == sorted(connected)
    for (one, other), worst in zip(ends, found.points.tolist(), strict=True):
        assert other in reached(pairs, one, worst) - reached(pairs, one, worst + 1)
    assert len(found.edges) == sum(found.counts)


def test_a_path_names_its_hops_in_their_order_and_leaves_out_what_is_told_anyway() -> None:
    left, right, points = arrays([(2, 5, 70), (1, 2, 90), (1, 4, 80)])
    direct = np.array([1 << 32 | 2, 1 << 32 | 4, 2 << 32 | 5, 1 << 32 | 5])
    found = paths(left, right, points, direct, np.full(len(direct), 100, np.int32))

    assert list(zip(found.left.tolist(), found.right.tolist(), strict=True)) == [(2, 4), (4, 5)]
    assert (found.counts.tolist(), found.edges.tolist()) == ([2, 3], [1, 2, 2, 1, 0])
    assert found.points.tolist() == [80, 70]
