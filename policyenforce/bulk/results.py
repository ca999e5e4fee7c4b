"""The pairs that are told: those that share something, and those along a path, with reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen
from numpy.typing import NDArray

from policyenforce.bulk.approving import Approvals
from policyenforce.bulk.candidates import Candidates
from policyenforce.bulk.clusters import forest
from policyenforce.bulk.columns import PLACE, Coded, Codes, pair_keys
from policyenforce.bulk.paths import paths
from policyenforce.bulk.scoring import Scored
from policyenforce.bulk.telling import (
    EVIDENCE,
    Lines,
    after,
    evidence,
    hops,
    lines,
    strongest,
    themselves,
)
from policyenforce.bulk.threads import each
from policyenforce.checks.multiple_accounts.evidence import ENTITY_KINDS, Relation
from policyenforce.policy.relations import AccountRelations

Tree = tuple[Codes, Codes, Codes]
"""Pairs that connect clusters without a circle: left, right and points."""
Rows = Sequence[tuple[int, int]]
Places = NDArray[np.int64]
_CHUNK = 1 << 16  # pairs told at once
_NEVER = np.iinfo(np.int32).max  # more than any path is worth
_NO_TEXTS = pa.array([], pa.string())
_BANDS = pa.array(["act", "review", "none"])
_RELATIONS = pa.array([Relation.SAME_CONTROLLER.value, Relation.SAME_ENTITY.value])


@frozen
class Found:
    """Pairs found, scored, among accounts of these ids."""

    pairs: Candidates
    scored: Scored
    known: Coded
    ids: pa.Array


def told(
    found: Found,
    tree: Tree,
    accounts: AccountRelations,
    approvals: Approvals,
    linked: Rows,
    separated: Rows,
) -> pa.Table:
    """Every pair with its reasons; ``tree`` holds those that made the clusters.

    A pair is as strong as the strongest way between the two. What people linked is a hop like any
    other, and what they separated is told neither way.
    """
    said = _said(found, tree, accounts)
    if linked:
        tree, said = _with_linked(found, tree, said, linked, accounts.act)
    keys = pair_keys(found.pairs.left, found.pairs.right)
    apart = np.array([low << 32 | high for low, high in separated], np.int64)
    worth = np.append(found.scored.points, np.full(len(apart), _NEVER, np.int32))
    ways = paths(*tree, np.append(keys, apart), worth)
    shares = _places(keys, pair_keys(ways.left, ways.right))
    direct = np.flatnonzero(np.bincount(shares[shares >= 0], minlength=len(keys)) == 0)
    pairs, scored = found.pairs.only(direct), found.scored.only(direct)
    left = np.concatenate((pairs.left, ways.left))
    right = np.concatenate((pairs.right, ways.right))
    score = np.concatenate((scored.points, ways.points))
    approved = approvals.of_pairs(found.ids, found.known, left, right)
    if approved is None:
        approved = pa.nulls(len(score), pa.string())
    band = np.where(score >= accounts.act, 0, 1)
    band[approved.is_valid().to_numpy(zero_copy_only=False)] = 2
    order = np.lexsort((right, left))

    def lines_of(which: Places) -> Lines:
        return lines(found.pairs.only(which), found.scored.only(which), found.known, accounts)

    def reasons(part: Places) -> pa.Array:
        by_path = part >= len(pairs)
        here, along = part[~by_path], part[by_path] - len(pairs)
        place = np.empty(len(part), np.int64)
        place[~by_path], place[by_path] = np.arange(len(here)), len(here) + np.arange(len(along))
        among = np.flatnonzero(shares[along] >= 0)
        both = themselves(lines_of(shares[along[among]]), among)
        steps = hops(ways.only(along), tree[2], said)
        return evidence(lines_of(direct[here]), after(steps, both), place, len(here))

    return pa.table(
        {
            "left": found.ids.take(pa.array(left[order])),
            "right": found.ids.take(pa.array(right[order])),
            "score": pa.array(score[order], pa.int32()),
            "band": _BANDS.take(pa.array(band[order])),
            "relation": _RELATIONS.take(pa.array(_relations(found.pairs, direct, shares)[order])),
            "evidence": pa.chunked_array(each(reasons, _parts(order)), EVIDENCE),
            "approval": approved.take(pa.array(order)),
        }
    )


def _parts(order: Places) -> Iterator[Places]:
    return (order[start : start + _CHUNK] for start in range(0, len(order), _CHUNK))


def _relations(pairs: Candidates, direct: Places, shares: Places) -> NDArray[np.int64]:
    """Same entity where a number of a register agrees, else same controller."""
    numbers = np.uint32(sum(1 << PLACE[kind] for kind in ENTITY_KINDS))
    entity = np.append(pairs.shared & numbers != 0, False)  # the last for those of no pair
    return np.where(entity[np.append(direct, shares)], 1, 0)


def _places(keys: Places, wanted: Places) -> Places:
    """Where among the keys each wanted one stands, or -1."""
    order = np.argsort(keys)
    if not len(order):
        return np.full(len(wanted), -1)
    place = order[np.minimum(np.searchsorted(keys[order], wanted), len(order) - 1)]
    return np.where(keys[place] == wanted, place, -1)


def _said(found: Found, tree: Tree, accounts: AccountRelations) -> pa.Array:
    """For each pair of the tree what speaks for it most."""

    def of_part(part: Places) -> pa.Array:
        reasons = lines(found.pairs.only(part), found.scored.only(part), found.known, accounts)
        return strongest(reasons, np.arange(len(part)))

    best = each(of_part, _parts(_edges(found.pairs, *tree[:2])))
    return _sentences(found.ids, *tree[:2], pa.concat_arrays([_NO_TEXTS, *best]))


def _with_linked(
    found: Found, tree: Tree, said: pa.Array, linked: Rows, points: int
) -> tuple[Tree, pa.Array]:
    """The tree and its sentences with the pairs that people linked."""
    low, high = np.array(linked, np.int32).T
    found_so = pa.repeat("a person found them to be one hand", len(linked))
    said = pa.concat_arrays([said, _sentences(found.ids, low, high, found_so)])
    left, right = np.append(tree[0], low), np.append(tree[1], high)
    worth = np.append(tree[2], np.full(len(linked), points, np.int32))
    left, right, worth, said = _forest_only(left, right, worth, said, len(found.known))
    return (left, right, worth), said


def _sentences(ids: pa.Array, left: Codes, right: Codes, reasons: pa.Array) -> pa.Array:
    """What each hop of a path says: which two accounts, and why."""
    one, other = (ids.take(pa.array(side)).cast(pa.string()) for side in (left, right))
    both = pc.binary_join_element_wise(one, other, " and ")
    return pc.binary_join_element_wise(both, reasons, ": ")


def _edges(found: Candidates, left: Codes, right: Codes) -> NDArray[np.int64]:
    """Which of the pairs found each edge is."""
    return _places(pair_keys(found.left, found.right), pair_keys(left, right))


def _forest_only(
    left: Codes, right: Codes, points: Codes, said: pa.Array, accounts: int
) -> tuple[Codes, Codes, Codes, pa.Array]:
    """What people linked may close a circle; then the weaker way is left out."""
    first, second, worth = forest(left, right, points, accounts)
    keys = pair_keys(left, right).tolist()
    place = dict(zip(reversed(keys), reversed(range(len(keys))), strict=True))
    chosen = [place[key] for key in pair_keys(first, second).tolist()]
    return first, second, worth, said.take(pa.array(chosen, pa.int64()))
