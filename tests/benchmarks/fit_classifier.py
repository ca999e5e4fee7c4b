"""Learns the weights of the content classifier, and says how well they do on what was held out.

Run it with ``python tests/benchmarks/fit_classifier.py DATA --out WEIGHTS``. DATA is JSON Lines,
packed with gzip: ``{"text", "tox", "hate", "spam", "source"}``, labels 0, 1 or null. The texts
written for this project (``written_texts``) are added. With ``--without SOURCE`` that source is
kept out and measured, which is how a model is judged: texts of a source are alike, so a part of
each at random would flatter it. Needs the extra ``bulk`` (scipy); takes about two minutes.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array
from written_texts import Written, held_out_texts, training_texts

from policyenforce.checks.user_content.classifier.batch import Batch
from policyenforce.checks.user_content.classifier.linear import (
    batches,
    distinct,
    folded,
    length,
)
from policyenforce.checks.user_content.classifier.ngrams import (
    BUCKET_BITS,
    BUCKETS,
    CLASSES,
    GROUPS,
    LETTERS,
    MARKS,
    WORDS,
    grams_of,
)
from policyenforce.checks.user_content.classifier.platt import Platt
from policyenforce.checks.user_content.classifier.protocol import HEADS
from policyenforce.checks.user_content.classifier.weights import Weights

Floats = NDArray[np.float64]

OWN = "own"
STEPS = 50
KEPT_BACK = 0.2  # of all texts, at random: what the first calibration is fitted on


class Recipe(NamedTuple):
    """How one head learns.

    ``scales`` are what n-grams of letters, words, groups, classes and marks count for,
    ``freedom`` the inverse of the penalty on large weights, ``sources`` the weight of one text
    of a source where that is not 1, ``share`` how much of the texts is so in the world that its
    probabilities are calibrated for.
    """

    scales: tuple[float, float, float, float, float]
    freedom: float
    sources: dict[str, float]
    share: float


# Chosen by what held-out templates and sources left out gave. Letters count for little, or the
# model learns spellings of one source; so do marks, which only spam is known by.
_OF_PEOPLE = Recipe((0.3, 0.8, 0.8, 1.0, 0.0), 1.0, {OWN: 2.0}, 0.35)
RECIPES = {
    "toxic": _OF_PEOPLE._replace(share=0.45),
    "hate": _OF_PEOPLE,
    "sexual": Recipe((0.3, 1.0, 0.3, 1.0, 0.0), 3.0, {OWN: 2.0}, 0.3),
    "spam": Recipe(
        (1.5, 1.5, 0.3, 0.3, 3.0),
        20.0,
        {OWN: 2.0, "sms": 3.0, "spamassassin": 2.0, "hatexplain": 0.3, "davidson": 0.3},
        0.1,
    ),
}

# What is taken for granted where a source does not label it.
NO_SPAM = ("civil_comments", "davidson", "hatexplain", "toxigen", "fox", "implicit_hate")
NOT_SEXUAL = ("civil_comments", "sms", "spamassassin")


class Texts(NamedTuple):
    """Texts with their labels (rows: texts, columns: heads, nan for none) and sources."""

    texts: list[str]
    labels: Floats
    sources: NDArray[np.str_]


def main() -> None:
    """Reads the data, fits, measures, and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--without", default="", help="a source to keep out and to measure")
    parser.add_argument("--part", type=float, default=1.0, help="how much of it, at random")
    parser.add_argument("--heads", nargs="*", default=HEADS, help="the others stay nought")
    parser.add_argument("--version", default="1")
    asked = parser.parse_args()
    known = gathered(asked.data)
    features = features_of(known.texts)
    some = np.random.default_rng(3).random(len(known.texts)) < asked.part
    learnt = (known.sources != asked.without) | ~some
    rows = Texts([], known.labels[learnt], known.sources[learnt])
    weights = fitted(features[learnt], rows, asked.heads, asked.version)
    if asked.out:
        weights.save(asked.out)
        print(f"{asked.out}: {asked.out.stat().st_size:,} bytes")
    if asked.without:
        measure(asked.without, weights, features[~learnt], known.labels[~learnt], asked.heads)
    else:
        by_kind(weights, held_out_texts())


def gathered(path: Path) -> Texts:
    """The rows of the data file and the written texts."""
    texts, labels, sources = [], [], []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            texts.append(row["text"])
            sources.append(row["source"])
            labels.append(_labels(row))
    for written in training_texts():
        texts.append(written.text)
        sources.append(OWN)
        labels.append(labels_of(written))
    return Texts(texts, np.array(labels, dtype=float), np.array(sources))


def _labels(row: dict[str, object]) -> list[object]:
    """The labels of a row, and what follows from its source."""
    source, toxic, spam = row["source"], row["tox"], row["spam"]
    harmless = spam == 0 or toxic == 0
    if source in NO_SPAM:
        spam = 0
    if source == "sms" and spam == 0:
        toxic = 0
    sexual = 0 if source in NOT_SEXUAL and harmless else None
    return [toxic, row["hate"], sexual, spam]


def labels_of(written: Written) -> list[int | None]:
    """The labels of a written text in the order of the heads."""
    return [written.labels.get(head) for head in HEADS]


def features_of(texts: Sequence[str]) -> csr_array:
    """A row for each text, a column for each bucket, as the classifier sums them."""
    buckets, sizes = [], []
    for batch in batches(texts):
        keys = distinct(grams_of(Batch.of([folded(text) for text in batch])))
        buckets.append((keys & ((1 << BUCKET_BITS) - 1)).astype(np.int32))
        sizes.append(np.bincount(keys >> BUCKET_BITS, minlength=len(batch)))
    size = np.concatenate(sizes)
    values = np.repeat(1 / length(size), size).astype(np.float32)
    ends = np.concatenate([[0], np.cumsum(size)])
    return csr_array((values, np.concatenate(buckets), ends), shape=(len(texts), BUCKETS))


def fitted(features: csr_array, rows: Texts, heads: Sequence[str], version: str) -> Weights:
    """Weights, biases and first calibration of these heads."""
    weights, biases = np.zeros((BUCKETS, len(HEADS))), np.zeros(len(HEADS))
    labels, lines = rows.labels, [Platt(1.0, 0.0)] * len(HEADS)
    back = np.random.default_rng(1).random(len(labels)) < KEPT_BACK
    for head in heads:
        column = HEADS.index(head)
        known = ~np.isnan(labels[:, column])
        learner = _Learner(features, labels[:, column], rows.sources, RECIPES[head])
        trial = learner.learnt(known & ~back)
        margins = features[known & back] @ trial[:-1] + trial[-1]
        lines[column] = _line(margins, labels[known & back, column], RECIPES[head].share)
        whole = learner.learnt(known)
        weights[:, column], biases[column] = whole[:-1], whole[-1]
    return Weights.of(version, weights, biases, tuple(lines))


class _Learner(NamedTuple):
    """Logistic regression of one head by its recipe."""

    features: csr_array
    labels: Floats
    sources: NDArray[np.str_]
    recipe: Recipe

    def learnt(self, rows: NDArray[np.bool_]) -> Floats:
        """The weights, and last the bias, with both labels of the same total weight."""
        label, source = self.labels[rows], self.sources[rows]
        weight = np.ones(len(label))
        for name, worth in self.recipe.sources.items():
            weight[source == name] = worth
        ones, noughts = (weight * label).sum(), (weight * (1 - label)).sum()
        weight *= np.where(label == 1, 0.5 / ones, 0.5 / noughts) * (ones + noughts)
        scales = _scales(self.recipe)
        features = self.features[rows]
        features.data *= scales[features.indices]
        signs = (2 * label - 1).astype(np.float32)
        line = _regression(features, signs, weight, self.recipe.freedom)
        return np.append(line[:-1] * scales, line[-1])


def _scales(recipe: Recipe) -> NDArray[np.float32]:
    scales = np.ones(BUCKETS, dtype=np.float32)
    for room, scale in zip((LETTERS, WORDS, GROUPS, CLASSES, MARKS), recipe.scales, strict=True):
        scales[room.first : room.first + (1 << room.bits)] = scale
    return scales


def _regression(features: csr_array, signs: Floats, weight: Floats, freedom: float) -> Floats:
    turned = features.T

    def loss(line: Floats) -> tuple[float, Floats]:
        margins = signs * (features @ line[:-1].astype(np.float32) + np.float32(line[-1]))
        slopes = (-weight * signs / (1 + np.exp(margins))).astype(np.float32)
        lost = (weight * np.logaddexp(0, -margins)).sum() + line[:-1] @ line[:-1] / (2 * freedom)
        back = (turned @ slopes).astype(float) + line[:-1] / freedom
        return float(lost), np.append(back, slopes.sum())

    start = np.zeros(features.shape[1] + 1)
    options = {"maxiter": STEPS, "maxcor": 6}
    result: Floats = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x
    return result


def _line(margins: Floats, labels: Floats, share: float) -> Platt:
    """A calibration for a world in which this share of all texts is so."""
    chance = np.random.default_rng(2)
    ones, noughts = np.flatnonzero(labels == 1), np.flatnonzero(labels == 0)
    size = len(labels)
    rows = np.concatenate(
        [
            chance.choice(ones, round(size * share)),
            chance.choice(noughts, round(size * (1 - share))),
        ]
    )
    return Platt.fitted(margins[rows], labels[rows] == 1)


def margins_of(weights: Weights, features: csr_array) -> Floats:
    """The margins by the rounded weights, as the classifier has them."""
    result: Floats = features @ (weights.table * weights.scales) + weights.biases
    return result


def measure(
    name: str, weights: Weights, features: csr_array, labels: Floats, heads: Sequence[str]
) -> None:
    """Prints average precision and both recalls of each of these heads that is labelled."""
    margins = margins_of(weights, features)
    for head in heads:
        column = HEADS.index(head)
        known = ~np.isnan(labels[:, column])
        label = labels[known, column] == 1
        if not label.any():
            continue
        scores = weights.lines[column].probabilities(margins[known, column])
        print(
            f"{name:24} {head:7} {known.sum():6,} texts, {label.mean():.2f} so: "
            f"average precision {average_precision(label, scores):.3f}, "
            f"found {(scores[label] >= 0.5).mean():.3f}, "
            f"left alone {(scores[~label] < 0.5).mean() if (~label).any() else 1:.3f}"
        )


def average_precision(labels: NDArray[np.bool_], scores: Floats) -> float:
    """The mean over what is so of the precision at its rank."""
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(labels[order])
    precision = found / np.arange(1, len(labels) + 1)
    return float((precision * labels[order]).sum() / labels.sum())


def by_kind(weights: Weights, written: Sequence[Written]) -> None:
    """Prints the share of right answers of each head for each kind of the texts held out."""
    margins = margins_of(weights, features_of([text.text for text in written]))
    for kind in dict.fromkeys(text.kind for text in written):
        rows = [row for row, text in enumerate(written) if text.kind == kind]
        said = []
        for column, head in enumerate(HEADS):
            if head in written[rows[0]].labels:
                scores = weights.lines[column].probabilities(margins[rows, column])
                right = (scores >= 0.5) == bool(written[rows[0]].labels[head])
                said.append(f"{head} {right.mean():.2f}")
        print(f"{kind:26} {len(rows):4}  {'  '.join(said)}")


if __name__ == "__main__":
    main()
