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
from policyenforce.bulk.paths import Paths
from policyenforce.bulk.scoring import Scored
from policyenforce.checks.multiple_accounts.evidence import (
    LEFT_OUT,
    LONG_ENOUGH,
    SHOWN,
    Shared,
    masked,
    said,
    seen,
)
from policyenforce.policy.relations import GROUPS, HAND_KINDS, LIKENESSES, AccountRelations

_NUMBERED = pa.dictionary(pa.int32(), pa.string())
EVIDENCE = pa.list_(
    pa.struct([("kind", _NUMBERED), ("points", pa.int32()), ("sentence", _NUMBERED)])
)
"""One row of points: what it is about, what it adds, and the sentence that says so.

Many pairs are told one sentence, which is kept once.
"""

Places = NDArray[np.int64]
_CLUSTERS = (1 << 31) - 1


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
    numbered = pa.array(coded.rows[accounts, PLACE[kind]]).dictionary_encode()
    codes, places = numbered.dictionary.to_numpy(), numbered.indices.to_numpy()
    bearers = coded.bearers[kind][codes]
    clusters = bearers - inside[kind][codes]
    settled = coded.settled[kind][codes] if kind in HAND_KINDS else np.zeros(len(codes), np.bool_)
    # Few numbers of bearers are told of many values.
    met = bearers.astype(np.int64) << 32 | clusters.astype(np.int64) << 1 | settled
    several, which = np.unique(met, return_inverse=True)
    ends = [
        seen(Shared(kind, "", one >> 1 & _CLUSTERS, accounts=one >> 32, settled=bool(one & 1)))
        for one in several.tolist()
    ]
    sentences = pc.binary_join_element_wise(
        same_masked(kind, coded.values[kind].take(numbered.dictionary)),
        pa.array(ends, pa.string()).take(pa.array(which)),
        ", ",
    )
    numbers: Places = places + told.add(f"shared_{kind}", sentences)
    return numbers


def same_masked(kind: str, values: pa.Array) -> pa.Array:
    """The vectorised ``masked`` of values without a mark, each after the word ``same``.

    >>> same_masked("phone", pa.array(["+8613812345670"])).to_pylist()
    ['same telephone number …5670']
    """
    label = f"same {masked(kind, '')}"
    if not label.endswith(LEFT_OUT):
        return pa.repeat(label, len(values))
    if kind == "email":
        first = pc.utf8_slice_codeunits(values, 0, 1)
        return pc.binary_join_element_wise(label.removesuffix(LEFT_OUT), first, LEFT_OUT, "")
    end = pc.utf8_slice_codeunits(values, -SHOWN)
    long_enough = pc.greater_equal(pc.utf8_length(values), LONG_ENOUGH)
    return pc.binary_join_element_wise(label, pc.if_else(long_enough, end, ""), "")


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
    sentences = pa.concat_arrays([direct.sentences, along.sentences])
    kinds = pa.concat_arrays([direct.kinds, along.kinds]).dictionary_encode()
    lines_ = pa.StructArray.from_arrays(
        [
            pa.DictionaryArray.from_arrays(kinds.indices.take(numbers), kinds.dictionary),
            pa.array(points[rows], pa.int32()),
            pa.DictionaryArray.from_arrays(numbers, sentences),
        ],
        fields=list(EVIDENCE.value_type),
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


def hops(ways: Paths, points: Codes, sentences: pa.Array) -> Lines:
    """For each path one line a hop; the weakest hop carries the points of the path.

    ``points`` and ``sentences`` are those of the pairs that hops are.
    """
    worth = points[ways.edges]
    path = np.repeat(np.arange(len(ways.counts)), ways.counts)
    order = np.lexsort((worth, path))  # the weakest of each path comes first
    weakest = order[np.cumsum(ways.counts) - ways.counts]
    told = np.zeros(len(ways.edges), np.int32)
    told[weakest] = worth[weakest]
    used, place = np.unique(ways.edges, return_inverse=True)
    return Lines(path, told, place, sentences.take(pa.array(used)), pa.repeat("hop", len(used)))


def themselves(found: Lines, paths: Places) -> Lines:
    """For these paths, one line each, what their ends share that is worth less than the path.

    ``found`` holds the lines of as many pairs.
    """
    both = pc.binary_join_element_wise(
        "the two themselves", strongest(found, np.arange(len(paths))), ": "
    )
    none = np.zeros(len(paths), np.int32)
    return Lines(paths, none, np.arange(len(paths)), both, pa.repeat("themselves", len(paths)))


def after(first: Lines, then: Lines) -> Lines:
    """The lines of each pair, those of ``then`` after the others."""
    pair = np.concatenate((first.pair, then.pair))
    order = np.argsort(pair, kind="stable")
    return Lines(
        pair[order],
        np.concatenate((first.points, then.points))[order],
        np.concatenate((first.sentence, then.sentence + len(first.sentences)))[order],
        pa.concat_arrays([first.sentences, then.sentences]),
        pa.concat_arrays([first.kinds, then.kinds]),
    )
