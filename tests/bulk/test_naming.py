"""An account keeps the name of its cluster from run to run."""

from __future__ import annotations

from typing import Any

import pytest

pa = pytest.importorskip("pyarrow")
np = pytest.importorskip("numpy")

from policyenforce.bulk.naming import named_clusters  # noqa: E402 - it needs Arrow

Names = dict[str, str]


def named(groups: str, before: dict[str, str | None] | None = None) -> tuple[Names, Names]:
    """The name of each account's cluster, and what became of names that are gone.

    Groups are written ``abc d``; accounts are single letters.
    """
    labels = {name: number for number, group in enumerate(groups.split()) for name in group}
    ids = sorted(labels)
    numbers = np.array([labels[name] for name in ids], np.int32)
    clusters, merges = named_clusters(pa.array(ids), numbers, previous(before))
    return dict(rows(clusters)), dict(rows(merges))


def previous(before: dict[str, str | None] | None) -> Any:
    if before is None:
        return None
    names = pa.array(list(before.values()), pa.string())
    return pa.table({"account_id": pa.array(list(before), pa.string()), "cluster_id": names})


def rows(table: Any) -> list[tuple[str, str]]:
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def test_a_new_cluster_is_named_after_its_first_account() -> None:
    assert named("ca b") == ({"a": "a", "b": "b", "c": "a"}, {})


def test_a_cluster_that_grows_keeps_its_name() -> None:
    clusters, merges = named("abc", {"b": "b", "c": "b"})

    assert (set(clusters.values()), merges) == ({"b"}, {})


def test_of_two_that_become_one_the_larger_gives_its_name_and_the_merge_is_told() -> None:
    clusters, merges = named("abcde", {"a": "a", "b": "a", "c": "c", "d": "c", "e": "c"})

    assert (set(clusters.values()), merges) == ({"c"}, {"a": "c"})


def test_of_two_of_one_size_the_first_by_name_stays() -> None:
    clusters, merges = named("abcd", {"a": "z", "b": "z", "c": "c", "d": "c"})

    assert (set(clusters.values()), merges) == ({"c"}, {"z": "c"})


def test_what_splits_keeps_its_name_in_the_larger_part_and_is_no_merge() -> None:
    clusters, merges = named("a bc", dict.fromkeys("abc", "a"))

    assert clusters["b"] == clusters["c"] == "a" != clusters["a"]
    assert merges == {}


def test_no_two_clusters_bear_one_name() -> None:
    clusters, _ = named("a bc d", {"b": "a", "c": "a", "d": "d"})

    assert len({clusters["a"], clusters["b"], clusters["d"]}) == 3


def test_the_names_of_one_run_are_those_of_the_next() -> None:
    first, _ = named("ad b ce", {"a": "z", "b": "b", "c": "z"})

    assert named("ad b ce", dict(first)) == (first, {})


def test_accounts_that_are_gone_or_had_no_cluster_say_nothing() -> None:
    clusters, merges = named("ab c", {"x": "x", "y": "x", "a": None})

    assert (clusters, merges) == ({"a": "a", "b": "a", "c": "c"}, {})


@pytest.mark.parametrize("before", [None, {}, {"x": "x"}, {"a": "a", "b": "b"}])
def test_merges_are_texts_whether_there_are_any_or_not(before: Any) -> None:
    ids, labels = pa.array(["a", "b"]), np.zeros(2, np.int32)
    _, merges = named_clusters(ids, labels, previous(before))

    assert merges.schema == pa.schema([("from_cluster", pa.string()), ("to_cluster", pa.string())])


def test_numbers_find_their_names_among_texts() -> None:
    ids, labels = pa.array([3, 12]), np.zeros(2, np.int32)
    clusters, _ = named_clusters(ids, labels, previous({"12": "z", "m-1": "y"}))

    assert clusters.to_pydict() == {"account_id": [3, 12], "cluster_id": ["z", "z"]}


def test_no_accounts_have_no_clusters() -> None:
    assert named("", {"a": "a"}) == ({}, {})
