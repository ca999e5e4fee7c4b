"""The classifier that ships: hashed n-grams of the folded text, and one linear head for each score.

It reads English. Its scores are calibrated on texts like those it learnt from; ``calibrate`` fits
them to the operator's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from policyenforce.checks.user_content.classifier.batch import Batch
from policyenforce.checks.user_content.classifier.english import languages_elsewhere
from policyenforce.checks.user_content.classifier.ngrams import (
    BUCKET_BITS,
    Grams,
    grams_of,
)
from policyenforce.checks.user_content.classifier.platt import Floats, Platt
from policyenforce.checks.user_content.classifier.protocol import HEADS, Reason, Scores
from policyenforce.checks.user_content.classifier.reasons import reasons_of
from policyenforce.checks.user_content.classifier.weights import OFFSET, Weights, shipped_weights
from policyenforce.checks.user_content.fold import RECORD_SEPARATOR, scan_form
from policyenforce.errors import InputError

# INVARIANT: the number of a text and of a bucket fit into 32 bits together.
_TEXTS, _LETTERS = 512, 1 << 17  # of one batch
_FEWEST = 10  # samples of either label before a head is fitted anew
_REASONS = 5
_LANE, _LANE_BITS = np.uint64(0xFFFFFFFF), np.uint64(32)


@frozen(eq=False)
class Estimate:
    """What the heads make of one text, and the language in which they cannot read it."""

    scores: Scores
    language: str = ""

    @property
    def told(self) -> Scores | None:
        """The scores of a text the model reads; nothing of another."""
        return None if self.language else self.scores


@frozen(eq=False)
class LinearClassifier:
    """A ``Classifier``; ``shipped_classifier`` gives the one of the library.

    >>> shipped_classifier().scores(["Ceramic tea set, six cups"])[0].hate < 0.5
    True
    """

    weights: Weights
    lines: tuple[Platt, ...]
    name: str = "policyenforce-linear"

    @property
    def version(self) -> str:
        """That of its weights, marked once it is calibrated to somebody's texts."""
        own = "" if self.lines == self.weights.lines else "+calibrated"
        return self.weights.version + own

    def scores(self, texts: Sequence[str]) -> list[Scores | None]:
        """One answer for each text; None for one that is surely not in English."""
        return [estimate.told for estimate in self.estimates(texts)]

    def estimates(self, texts: Sequence[str]) -> list[Estimate]:
        """The same with the scores of every text, whether or not they can be trusted."""
        return [one for batch in batches(texts) for one in self._estimates(batch)]

    def _estimates(self, texts: Sequence[str]) -> Iterator[Estimate]:
        forms = [folded(text) for text in texts]
        batch = Batch.of(forms)
        margins = self._margins(batch)
        columns = [line.probabilities(m) for line, m in zip(self.lines, margins.T, strict=True)]
        rows = np.stack(columns, axis=1).tolist()
        for row, language in zip(rows, languages_elsewhere(texts, batch), strict=True):
            yield Estimate(Scores(*row), language)

    def _margins(self, batch: Batch) -> Floats:
        """The margin of each text (rows) and head (columns)."""
        keys = distinct(grams_of(batch))
        texts, buckets = keys >> BUCKET_BITS, keys & ((1 << BUCKET_BITS) - 1)
        sizes = np.bincount(texts, minlength=batch.letters.count)
        sums = np.zeros((batch.letters.count, len(HEADS)))
        filled = np.flatnonzero(sizes)
        if len(filled):
            firsts = np.cumsum(sizes)[filled] - sizes[filled]
            for column, pair in enumerate(self.weights.pairs):
                both = np.add.reduceat(pair[buckets], firsts)
                sums[filled, 2 * column] = both & _LANE
                sums[filled, 2 * column + 1] = both >> _LANE_BITS
            sums -= OFFSET * sizes[:, None]
        return sums / length(sizes)[:, None] * self.weights.scales + self.weights.biases

    def margins(self, texts: Sequence[str]) -> Floats:
        """The uncalibrated margins, of shape (texts, heads)."""
        parts = [self._margins(Batch.of([folded(t) for t in batch])) for batch in batches(texts)]
        return np.concatenate(parts) if parts else np.zeros((0, len(HEADS)))

    def calibrate(self, labelled: Iterable[tuple[str, Mapping[str, bool]]]) -> LinearClassifier:
        """This model with its scores fitted to the operator's own texts; about 200 are enough.

        ``labelled`` are texts with what is so of them, by head. A head with fewer than ten
        samples of either kind stays as it was. Raises InputError for a head that is none.
        """
        samples = list(labelled)
        _require({head for _, told in samples for head in told})
        margins = self.margins([text for text, _ in samples])
        lines = list(self.lines)
        for column, head in enumerate(HEADS):
            rows = [row for row, (_, told) in enumerate(samples) if head in told]
            labels = np.array([bool(samples[row][1][head]) for row in rows], dtype=bool)
            if min(int(labels.sum()), int((~labels).sum())) >= _FEWEST:
                lines[column] = Platt.fitted(margins[rows, column], labels)
        return evolve(self, lines=tuple(lines))

    def reasons(self, text: str, head: str, most: int = _REASONS) -> tuple[Reason, ...]:
        """The n-grams that spoke most for a score, the strongest first.

        Of n-grams inside one another only the strongest is told. Raises InputError for a head
        that is none.
        """
        _require({head})
        column, form = HEADS.index(head), folded(text)
        if not form:
            return ()
        size = len(distinct(grams_of(Batch.of([form]))))
        worths = self.weights.table[:, column] * (self.weights.scales[column] / np.sqrt(size))
        found = reasons_of(_plain(text), form, worths, most)
        return tuple(evolve(one, gram=text[one.start : one.end]) for one in found)


def shipped_classifier() -> LinearClassifier:
    """The classifier with the weights that come with the library."""
    weights = shipped_weights()
    return LinearClassifier(weights, weights.lines)


def distinct(grams: Iterable[Grams]) -> NDArray[np.uint32]:
    """The different buckets of each text, as ``text << BUCKET_BITS | bucket``, in order."""
    keys = np.concatenate([one.text_of << BUCKET_BITS | one.buckets for one in grams])
    keys.sort()
    first = np.ones(len(keys), dtype=bool)
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return keys[first]


def length(sizes: NDArray[np.int64]) -> Floats:
    """What the sum over a text is divided by, so that long texts weigh like short ones."""
    divisor: Floats = np.sqrt(np.maximum(sizes, 1))
    return divisor


def _require(heads: set[str]) -> None:
    unknown = heads - set(HEADS)
    if unknown:
        raise InputError(f"no score is called `{min(unknown)[:40]}`", hint=", ".join(HEADS))


def _plain(text: str) -> str:
    return text.replace(RECORD_SEPARATOR, " ")


def folded(text: str) -> bytes:
    """The fold of a text as the classifier reads it: in one piece, without separators."""
    return scan_form(_plain(text))


def batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Runs of texts that are neither many nor long."""
    first, letters = 0, 0
    for number, text in enumerate(texts):
        if number > first and (letters + len(text) > _LETTERS or number - first == _TEXTS):
            yield texts[first:number]
            first, letters = number, 0
        letters += len(text)
    if first < len(texts):
        yield texts[first:]
