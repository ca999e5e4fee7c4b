"""The reasons of many pairs: one line for each row of points, in plain words, values masked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
from attrs import field, frozen
from numpy.typing import NDArray

from policyenforce.bulk.candidates import Candidates
from policyenforce.bulk.columns import PLACE, Coded, Codes
from policyenforce.bulk.scoring import Scored, repeated
from policyenforce.checks.multiple_accounts.evidence import Shared, said, same
from policyenforce.policy.relations import GROUPS, HAND_KINDS, LIKENESSES, AccountRelations

EVIDENCE = pa.list_(
    pa.struct([("kind", pa.string()), ("points", pa.int32()), ("sentence", pa.string())])
)
"""One row of points: what it is about, what it adds, and the sentence that says so."""

Places = NDArray[np.int64]


@frozen
class Lines:
    """Lines of evidence: the pair each belongs to, its points, and the number of its sentence."""

    pair: Places
    points: Codes
    sentence: Places
    sentences: Sequence[str]
    kinds: Sequence[str]


@frozen
class _Told:
    """Sentences and the rows they are about, numbered as they come."""

    sentences: list[str] = field(factory=list)
    kinds: list[str] = field(factory=list)

    def add(self, kind: str, sentence: str) -> int:
        self.sentences.append(sentence)
        self.kinds.append(kind)
        return len(self.sentences) - 1


def lines(
    pairs: Candidates,
    scored: Scored,
    coded: Coded,
    clusters: Codes,
    accounts: AccountRelations,
) -> Lines:
    """Every line of every pair, a pair's lines together; their points add up to its score."""
    told = _Told()
    inside = repeated(coded, clusters)
    found = list(_lines(pairs, scored, coded, inside, accounts, told))
    pair = np.concatenate([one for one, _, _ in found])
    order = np.argsort(pair, kind="stable")
    points = np.concatenate([one for _, one, _ in found])[order]
    sentence = np.concatenate([one for _, _, one in found])[order]
    return Lines(pair[order], points, sentence, told.sentences, told.kinds)


_Line = tuple[Places, Codes, Places]


def _lines(
    pairs: Candidates,
    scored: Scored,
    coded: Coded,
    inside: dict[str, Codes],
    accounts: AccountRelations,
    told: _Told,
) -> Iterator[_Line]:
    for number, (group, kinds) in enumerate(GROUPS.items()):
        for level, kind in enumerate(kinds):
            which = np.flatnonzero(scored.open[group].level == level)
            points = scored.open[group].points[which]
            yield which, points, _sentences(kind, pairs.left[which], coded, inside, told)
            if kind in HAND_KINDS:
                which = np.flatnonzero(scored.settled[group].level == level)
                counts = scored.place[which] == number
                points = np.where(counts, scored.extra[which], 0).astype(np.int32)
                yield which, points, _sentences(kind, pairs.left[which], coded, inside, told)
    for table, rows, prefix in (
        (accounts.together, scored.together, ""),
        (accounts.against, scored.against, "other_"),
    ):
        for name, met in rows.items():
            if table.get(name):
                which = np.flatnonzero(met)
                sentence = told.add(f"{prefix}{name}", said(f"{prefix}{name}"))
                points = np.full(len(which), table[name], np.int32)
                yield which, points, np.full(len(which), sentence)


def _sentences(
    kind: str, accounts: Codes, coded: Coded, inside: dict[str, Codes], told: _Told
) -> Places:
    """For each of these accounts the number of the sentence about its value of this kind."""
    if kind in LIKENESSES:
        return np.full(len(accounts), told.add(kind, said(kind)))
    codes, places = np.unique(coded.rows[accounts, PLACE[kind]], return_inverse=True)
    values = coded.values[kind].take(pa.array(codes)).to_pylist()
    bearers = coded.bearers[kind][codes]
    clusters = (bearers - inside[kind][codes]).tolist()
    settled = coded.settled[kind][codes].tolist() if kind in HAND_KINDS else [False] * len(codes)
    first = len(told.sentences)
    rows = zip(values, bearers.tolist(), clusters, settled, strict=True)
    for value, borne, reach, at_place in rows:
        shared = Shared(kind, value, reach, accounts=borne, settled=at_place)
        told.add(f"shared_{kind}", same(shared))
    return first + places


def listed(found: Lines, pairs: int) -> pa.Array:
    """The lines as a column with a list for each pair."""
    offsets = np.searchsorted(found.pair, np.arange(pairs + 1)).astype(np.int32)
    return _listed(offsets, found.sentence, found.points, found.kinds, found.sentences)


def _listed(
    offsets: Codes,
    sentence: Places,
    points: Codes,
    kinds: Sequence[str],
    sentences: Sequence[str],
) -> pa.Array:
    numbers = pa.array(sentence.astype(np.int32))
    texts = pa.array(sentences, pa.string()).take(numbers)
    names = pa.array(kinds, pa.string()).take(numbers)
    rows = pa.StructArray.from_arrays(
        [names, pa.array(points, pa.int32()), texts], fields=list(EVIDENCE.value_type)
    )
    return pa.ListArray.from_arrays(pa.array(offsets), rows)


def strongest(found: Lines, pairs: int) -> list[str]:
    """For each pair the sentence of the line with the most points."""
    order = np.lexsort((-found.points, found.pair))
    firsts = np.searchsorted(found.pair[order], np.arange(pairs))
    return [found.sentences[place] for place in found.sentence[order[firsts]].tolist()]


def hops(
    counts: Sequence[int],
    edges: Sequence[int],
    points: Codes,
    sentences: Sequence[str],
) -> pa.Array:
    """For each path a list with one line a hop; the weakest hop carries the points of the path.

    ``counts`` says how many hops each path has, ``edges`` which pairs they are, one after the
    other; ``points`` and ``sentences`` are those of the pairs.
    """
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    which = np.asarray(edges, np.int64)
    worth = points[which]
    path = np.repeat(np.arange(len(counts)), counts)
    order = np.lexsort((worth, path))  # the weakest of each path comes first
    weakest = order[offsets[:-1]] if len(counts) else order
    told = np.zeros(len(which), np.int32)
    told[weakest] = worth[weakest]
    kinds = ["hop"] * len(sentences)
    return _listed(offsets.astype(np.int32), which, told, kinds, sentences)
