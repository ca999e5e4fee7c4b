"""Related accounts in a whole table: who is probably one hand, how sure that is, and why (4.1).

The steps: spell the identifiers, find the pairs that share something rare enough, score them with
the reach of each value counted in accounts, then again counted in the clusters found so far, join
what hangs together, and tell every pair its reasons. Nothing here decides anything: the act band is
reasons to suspect, and that two accounts are related is for a person to determine (6.2(i), T8).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import field, frozen
from numpy.typing import NDArray

from policyenforce.bulk.approving import Approvals
from policyenforce.bulk.candidates import Candidates, candidates
from policyenforce.bulk.clusters import components, forest, joined
from policyenforce.bulk.columns import PLACE, Coded, Codes, coded, pair_keys
from policyenforce.bulk.naming import named_clusters
from policyenforce.bulk.normalising import normalised
from policyenforce.bulk.results import Found, told
from policyenforce.bulk.scoring import Scored, alone, beside_the_best, strong_enough
from policyenforce.bulk.tables import one_row_each
from policyenforce.checks.multiple_accounts.evidence import (
    OFFICE_KINDS,
)
from policyenforce.errors import InputError
from policyenforce.policy.load import load_rules
from policyenforce.policy.relations import IDENTIFIERS, AccountRelations

_PASSES = 3
Progress = Callable[[str], None]


@frozen
class Related:
    """What was found: one row a pair, one row an account, and how many rows said nothing.

    ``pairs`` has ``left, right, score, band, relation, evidence, approval``; ``clusters`` has
    ``account_id, cluster_id``; ``merges`` has ``from_cluster, to_cluster`` for clusters of
    ``previous`` that are one now. ``counts`` tells accounts, pairs and clusters.
    """

    pairs: pa.Table
    clusters: pa.Table
    merges: pa.Table
    counts: Mapping[str, int]


@frozen
class Reviewed:
    """What people found before: pairs of account ids that are one hand, and that are not."""

    linked: Sequence[tuple[str, str]] = field(default=())
    separated: Sequence[tuple[str, str]] = field(default=())


def relate(
    table: pa.Table,
    accounts: AccountRelations | None = None,
    *,
    approvals: Approvals | None = None,
    reviewed: Reviewed | None = None,
    previous: pa.Table | None = None,
    progress: Progress = lambda stage: None,
) -> Related:
    """Relate all accounts of a table with each other; the order of its rows plays no part.

    ``table`` has ``account_id`` and any of the columns of ``normalised``; ``accounts`` is the
    table of points, by default that of the built-in house rules. ``approvals`` and ``reviewed``
    are what the platform approved and what people determined; ``previous`` the ``clusters`` of
    an earlier run, whose ids are kept.
    ``progress`` is called with the name of each stage as it begins. Raises InputError for a table
    without ``account_id``, or with none or one twice in some row.

    >>> told = pa.table({"account_id": ["a", "b"], "bank_account": ["GB82WEST12345698765432"] * 2})
    >>> relate(told).clusters["cluster_id"].to_pylist()
    ['a', 'a']
    """
    accounts = accounts or load_rules().accounts
    approvals = approvals or Approvals()
    if "account_id" not in table.column_names:
        raise InputError("there is no column `account_id`", hint="one row an account")
    order = _order(table["account_id"])
    ids = table["account_id"].combine_chunks().take(pa.array(order))
    if ids.null_count or pc.any(pc.equal(ids[1:], ids[:-1])).as_py():
        one_row_each(table["account_id"], "the table")  # says in which rows
    progress("normalising")
    known = approvals.without_shared(coded(normalised(table), len(ids), order))
    del table  # of which a caller may have kept nothing
    progress("comparing")
    found = candidates(known, accounts)
    progress("scoring")
    reach_in = clusters_so_far(found, known, accounts)
    speaking = found.only(np.flatnonzero(_speaks(found)))
    found, scored = strong_enough(speaking, known, accounts, reach_in)
    progress("joining")
    linked, separated = _rows(reviewed or Reviewed(), ids)
    found, scored = _without(found, scored, separated)
    tree = forest(found.left, found.right, scored.points, len(ids))
    labels, used = joined(tree, len(ids), accounts, apart=separated, together=linked)
    progress("telling")
    clusters, merges = named_clusters(ids, labels, previous)
    left, right, points = (column[used] for column in tree)
    pairs = told(
        Found(found, scored, known, ids),
        (left, right, points),
        accounts,
        approvals,
        linked,
        separated,
    )
    order_back = pa.array(np.argsort(order))
    return Related(
        pairs=pairs,
        clusters=clusters.take(order_back),
        merges=merges,
        counts={
            "accounts": len(ids),
            "pairs": len(pairs),
            "clusters": int(labels.max(initial=-1)) + 1,
        },
    )


def _order(ids: pa.ChunkedArray) -> NDArray[np.int64]:
    """Rows by account id, so that the order of a table changes nothing."""
    order: NDArray[np.int64] = pc.sort_indices(ids.combine_chunks()).to_numpy().astype(np.int64)
    return order


def clusters_so_far(found: Candidates, known: Coded, accounts: AccountRelations) -> Codes:
    """The clusters that strong pairs make, each pass counting reach in those before.

    Strong is who shares enough beside the best thing shared, so that no value vouches for itself:
    an account that pays out for many strangers is not one hand's because many bear it.
    """
    clusters = alone(known)
    for _ in range(_PASSES - 1):
        sure = beside_the_best(found, known, accounts, clusters) >= accounts.strong
        clusters = components(found.left[sure], found.right[sure], len(known))
    return clusters


def _speaks(found: Candidates) -> NDArray[np.bool_]:
    """Pairs that share more than an office does; the others are shared infrastructure."""
    speaking = _bits(frozenset(IDENTIFIERS) - OFFICE_KINDS)
    speaks: NDArray[np.bool_] = found.shared & speaking != 0
    return speaks


def _bits(kinds: frozenset[str]) -> np.uint32:
    return np.uint32(sum(1 << PLACE[kind] for kind in kinds))


def _without(
    found: Candidates, scored: Scored, separated: Sequence[tuple[int, int]]
) -> tuple[Candidates, Scored]:
    """Leave out the pairs that a person found to be two hands."""
    if not separated:
        return found, scored
    keys = [low << 32 | high for low, high in separated]
    kept = np.flatnonzero(~np.isin(pair_keys(found.left, found.right), keys))
    return found.only(kept), scored.only(kept)


def _rows(reviewed: Reviewed, ids: pa.Array) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The reviewed pairs as rows, each once; what is not in the table says nothing."""
    if not (reviewed.linked or reviewed.separated):
        return [], []
    place = {str(name): row for row, name in enumerate(ids.to_pylist())}

    def rows(pairs: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
        known = ((place.get(str(one)), place.get(str(other))) for one, other in pairs)
        found = {(a, b) for a, b in known if a is not None and b is not None and a != b}
        return sorted({(min(pair), max(pair)) for pair in found})

    return rows(reviewed.linked), rows(reviewed.separated)
