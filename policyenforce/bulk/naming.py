"""Names of clusters that stay: an account keeps its cluster's name from run to run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from policyenforce.bulk.columns import Codes


def named_clusters(
    ids: pa.Array, labels: Codes, previous: pa.Table | None = None
) -> tuple[pa.Table, pa.Table]:
    """The cluster of each account, and which clusters of ``previous`` have become one.

    A cluster is named after its first account by id. Where accounts stood in clusters before, the
    name that most of them bore is kept, the first by id of several; what splits keeps its name in
    the part with most of its accounts. ``previous`` has ``account_id`` and ``cluster_id``.
    """
    count = int(labels.max(initial=-1)) + 1
    rows = np.arange(len(ids))
    firsts = np.full(count, len(ids))
    np.minimum.at(firsts, labels, rows)
    names = ids.take(pa.array(firsts)).cast(pa.string()).to_pylist()
    merges = _merges([])
    if previous is not None and len(previous):
        names, merges = _kept(ids, labels, names, previous)
    clusters = pa.table(
        {"account_id": ids, "cluster_id": pa.array(names, pa.string()).take(pa.array(labels))}
    )
    return clusters, merges


def _kept(
    ids: pa.Array, labels: Codes, names: list[str], previous: pa.Table
) -> tuple[list[str], pa.Table]:
    previous = previous.select(["account_id", "cluster_id"]).drop_null()
    before = previous["cluster_id"].combine_chunks().cast(pa.string()).dictionary_encode()
    written = previous["account_id"].combine_chunks().cast(pa.string())
    place = pc.index_in(ids.cast(pa.string()), value_set=written)
    known = np.flatnonzero(place.is_valid().to_numpy(zero_copy_only=False))
    codes = before.indices.take(place.take(pa.array(known))).to_numpy()
    keys, counts = np.unique(labels[known].astype(np.int64) << 32 | codes, return_counts=True)
    now, then = keys >> 32, keys & 0xFFFFFFFF
    old = np.array(before.dictionary.to_pylist(), object)
    order = np.lexsort((now, old[then].astype(str), -counts))
    taken: set[str] = set()
    renamed: dict[int, str] = {}
    for at in order.tolist():
        name, label = old[then[at]], int(now[at])
        if label not in renamed and name not in taken:
            renamed[label] = name
            taken.add(name)
    found = [
        renamed.get(label, name if name not in taken else f"{name}/{label}")
        for label, name in enumerate(names)
    ]
    merged = sorted({(old[t], found[n]) for n, t in zip(now.tolist(), then.tolist(), strict=True)})
    merged = [(source, target) for source, target in merged if source not in taken]
    return found, _merges(merged)


def _merges(merged: Sequence[tuple[str, str]]) -> pa.Table:
    return pa.table(
        {
            "from_cluster": pa.array([source for source, _ in merged], pa.string()),
            "to_cluster": pa.array([target for _, target in merged], pa.string()),
        }
    )
