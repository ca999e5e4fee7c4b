"""The reasons of many pairs: one line for each row of points, in plain words, values masked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import define, field, frozen
from numpy.typing import NDArray

from policyenforce.bulk.candidates import Candidates
from policyenforce.bulk.columns import PLACE, Coded, Codes
from policyenforce.bulk.scoring import Scored
from policyenforce.checks.multiple_accounts.evidence import Shared, masked, said, seen
from policyenforce.policy.relations import GROUPS, HAND_KINDS, LIKENESSES, AccountRelations

EVIDENCE = pa.list_(
    pa.struct([("kind", pa.string()), ("points", pa.int32()), ("sentence", pa.string())])
)
"""One row of points: what it is about, what it adds, and the sentence that says so."""

Places = NDArray[np.int64]


@frozen
class Lines:
    """Lines of evidence, pair by pair: which pair, how many points, and which sentence.

    ``sentences`` are the sentences that lines point to, ``kinds`` what each is about.
    """

    pair: Places
    points: Codes
    sentence: Places
    sentences: pa.Array
    kinds: pa.Array


@define
class _Told:
    """Sentences and what they are about, numbered as they come."""

    sentences: list[pa.Array] = field(factory=list)
    kinds: list[pa.Array] = field(factory=list)
    count: int = 0

    def add(self, kind: str, sentences: pa.Array) -> int:
        """Take these sentences in; the number of the first."""
        self.sentences.append(sentences)
        self.kinds.append(pa.repeat(kind, len(sentences)))
        self.count += len(sentences)
        return self.count - len(sentences)

    def add_one(self, kind: str, name: str) -> int:
        """Take in the sentence about no single value."""
        return self.add(kind, pa.array([said(name)]))


def lines(
    pairs: Candidates,
    scored: Scored,
    coded: Coded,
    accounts: AccountRelations,
) -> Lines:
    """Every line of every pair, a pair's lines together; their points add up to its score."""
    told = _Told()
    found = list(_lines(pairs, scored, coded, accounts, told))
    pair = np.concatenate([one for one, _, _ in found])
    order = np.argsort(pair, kind="stable")
    points = np.concatenate([one for _, one, _ in found])[order]
    sentence = np.concatenate([one for _, _, one in found])[order]
    return Lines(
        pair[order],
        points,
        sentence,
        pa.concat_arrays(told.sentences),
        pa.concat_arrays(told.kinds),
    )


_Line = tuple[Places, Codes, Places]


def _lines(
    pairs: Candidates,
    scored: Scored,
    coded: Coded,
    accounts: AccountRelations,
    told: _Told,
) -> Iterator[_Line]:
    for number, (group, kinds) in enumerate(GROUPS.items()):
        for level, kind in enumerate(kinds):
            which = np.flatnonzero(scored.open[group].level == level)
            points = scored.open[group].points[which]
            yield which, points, _sentences(kind, pairs.left[which], coded, scored.inside, told)
            if kind in HAND_KINDS:
                which = np.flatnonzero(scored.settled[group].level == level)
                counts = scored.place[which] == number
                points = np.where(counts, scored.extra[which], 0).astype(np.int32)
                yield which, points, _sentences(kind, pairs.left[which], coded, scored.inside, told)
    for table, rows, prefix in (
        (accounts.together, scored.together, ""),
        (accounts.against, scored.against, "other_"),
    ):
        for name, met in rows.items():
            if table.get(name):
                which = np.flatnonzero(met)
                sentence = told.add_one(f"{prefix}{name}", f"{prefix}{name}")
                points = np.full(len(which), table[name], np.int32)
                yield which, points, np.full(len(which), sentence)


def _sentences(
    kind: str, accounts: Codes, coded: Coded, inside: Mapping[str, Codes], told: _Told
) -> Places:
    """For each of these accounts the number of the sentence about its value of this kind."""
    if kind in LIKENESSES:
        return np.full(len(accounts), told.add_one(kind, kind))
    codes, places = np.unique(coded.rows[accounts, PLACE[kind]], return_inverse=True)
    values = coded.values[kind].take(pa.array(codes)).to_pylist()
    bearers = coded.bearers[kind][codes]
    clusters = bearers - inside[kind][codes]
    settled = coded.settled[kind][codes] if kind in HAND_KINDS else np.zeros(len(codes), np.bool_)
    # Few numbers of bearers are told of many values.
    met = np.stack((bearers, clusters, settled.astype(np.int32)), axis=1)
    several, which = np.unique(met, axis=0, return_inverse=True)
    ends = [
        seen(Shared(kind, "", reach, accounts=borne, settled=bool(at_place)))
        for borne, reach, at_place in several.tolist()
    ]
    sentences = pc.binary_join_element_wise(
        pa.array([f"same {masked(kind, value)}" for value in values], pa.string()),
        pa.array(ends, pa.string()).take(pa.array(which.ravel())),
        ", ",
    )
    return told.add(f"shared_{kind}", sentences) + places


def evidence(direct: Lines, along: Lines, order: Places, pairs: int) -> pa.Array:
    """The lines as a column with a list for each pair, in this order.

    ``direct`` has the lines of the first ``pairs`` pairs, ``along`` the hops of those after them.
    """
    pair = np.concatenate((direct.pair, along.pair + pairs))
    points = np.concatenate((direct.points, along.points))
    sentence = np.concatenate((direct.sentence, along.sentence + len(direct.sentences)))
    counts = np.bincount(pair, minlength=len(order))
    firsts = (np.cumsum(counts) - counts)[order]
    counts = counts[order]
    offsets = np.concatenate(([0], np.cumsum(counts)))
    rows = np.repeat(firsts - offsets[:-1], counts) + np.arange(len(pair))
    numbers = pa.array(sentence[rows].astype(np.int32))
    texts = pa.concat_arrays([direct.sentences, along.sentences]).take(numbers)
    names = pa.concat_arrays([direct.kinds, along.kinds]).take(numbers)
    lines_ = pa.StructArray.from_arrays(
        [names, pa.array(points[rows], pa.int32()), texts], fields=list(EVIDENCE.value_type)
    )
    return pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), lines_)


def strongest(found: Lines, pairs: Places) -> pa.Array:
    """For each of these pairs the sentence of the line with most points, the first of equals."""
    every = np.flatnonzero(np.diff(found.pair, prepend=-1))
    most = np.zeros(int(found.pair.max(initial=-1)) + 1, np.int32)
    if len(every):
        most[found.pair[every]] = np.maximum.reduceat(found.points, every)
    best = np.flatnonzero(found.points == most[found.pair])
    firsts = best[np.searchsorted(found.pair[best], pairs)]
    return found.sentences.take(pa.array(found.sentence[firsts]))


def hops(counts: Places, edges: Places, points: Codes, sentences: pa.Array) -> Lines:
    """For each path one line a hop; the weakest hop carries the points of the path.

    ``counts`` says how many hops each path has, ``edges`` which pairs they are, one after the
    other; ``points`` and ``sentences`` are those of the pairs.
    """
    worth = points[edges]
    path = np.repeat(np.arange(len(counts)), counts)
    order = np.lexsort((worth, path))  # the weakest of each path comes first
    weakest = order[np.cumsum(counts) - counts]
    told = np.zeros(len(edges), np.int32)
    told[weakest] = worth[weakest]
    return Lines(path, told, edges, sentences, pa.repeat("hop", len(sentences)))
