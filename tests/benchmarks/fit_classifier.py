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

from policyenforce.checks.user_content.classifier.linear import (
    batches,
    distinct,
    folded,
    length,
)
from policyenforce.checks.user_content.classifier.ngrams import BUCKET_BITS, BUCKETS, grams_of
from policyenforce.checks.user_content.classifier.platt import Platt
from policyenforce.checks.user_content.classifier.protocol import HEADS
from policyenforce.checks.user_content.classifier.weights import Weights
from policyenforce.checks.user_content.classifier.words import Batch

Floats = NDArray[np.float64]

OWN = "own"
OWN_WEIGHT = 2.0  # of one written text, against one row of the data
REGULAR = 3.0  # the greater, the freer the weights
STEPS = 50
KEPT_BACK = 0.2  # of all texts, at random: what the first calibration is fitted on

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
    parser.add_argument("--without", default="")
    parser.add_argument("--version", default="1")
    asked = parser.parse_args()
    known = gathered(asked.data)
    features = features_of(known.texts)
    learnt = known.sources != asked.without
    weights = fitted(features[learnt], known.labels[learnt], known.sources[learnt], asked.version)
    if asked.out:
        weights.save(asked.out)
        print(f"{asked.out}: {asked.out.stat().st_size:,} bytes")
    if asked.without:
        measure(f"source {asked.without}", weights, features[~learnt], known.labels[~learnt])
    held_out = held_out_texts()
    by_kind(weights, held_out)


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
        buckets.append((keys & (BUCKETS - 1)).astype(np.int32))
        sizes.append(np.bincount(keys >> BUCKET_BITS, minlength=len(batch)))
    size = np.concatenate(sizes)
    values = np.repeat(1 / length(size), size).astype(np.float32)
    ends = np.concatenate([[0], np.cumsum(size)])
    return csr_array((values, np.concatenate(buckets), ends), shape=(len(texts), BUCKETS))


def fitted(features: csr_array, labels: Floats, sources: NDArray[np.str_], version: str) -> Weights:
    """Weights, biases and first calibration of every head."""
    weights, biases, lines = np.zeros((BUCKETS, len(HEADS))), np.zeros(len(HEADS)), []
    back = np.random.default_rng(1).random(len(labels)) < KEPT_BACK
    for column in range(len(HEADS)):
        known = ~np.isnan(labels[:, column])
        trial = _head(features, labels[:, column], sources, known & ~back)
        margins = features[known & back] @ trial[:-1] + trial[-1]
        lines.append(_line(margins, labels[known & back, column]))
        whole = _head(features, labels[:, column], sources, known)
        weights[:, column], biases[column] = whole[:-1], whole[-1]
    return Weights.of(version, weights, biases, tuple(lines))


def _head(features: csr_array, labels: Floats, sources: NDArray[np.str_], rows: Floats) -> Floats:
    """Logistic regression, both labels with the same total weight; the last number is the bias."""
    label = labels[rows]
    weight = np.where(sources[rows] == OWN, OWN_WEIGHT, 1.0)
    ones, noughts = (weight * label).sum(), (weight * (1 - label)).sum()
    weight *= np.where(label == 1, 0.5 / ones, 0.5 / noughts) * (ones + noughts)
    return _regression(features[rows], (2 * label - 1).astype(np.float32), weight)


def _regression(features: csr_array, signs: Floats, weight: Floats) -> Floats:
    turned = features.T

    def loss(line: Floats) -> tuple[float, Floats]:
        margins = signs * (features @ line[:-1].astype(np.float32) + np.float32(line[-1]))
        slopes = (-weight * signs / (1 + np.exp(margins))).astype(np.float32)
        lost = (weight * np.logaddexp(0, -margins)).sum() + line[:-1] @ line[:-1] / (2 * REGULAR)
        back = (turned @ slopes).astype(float) + line[:-1] / REGULAR
        return float(lost), np.append(back, slopes.sum())

    start = np.zeros(features.shape[1] + 1)
    options = {"maxiter": STEPS, "maxcor": 6}
    result: Floats = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x
    return result


def _line(margins: Floats, labels: Floats) -> Platt:
    """A calibration for a world in which a label is as frequent as its opposite."""
    chance = np.random.default_rng(2)
    ones, noughts = np.flatnonzero(labels == 1), np.flatnonzero(labels == 0)
    size = max(len(ones), len(noughts))
    rows = np.concatenate([chance.choice(kind, size) for kind in (ones, noughts)])
    return Platt.fitted(margins[rows], labels[rows] == 1)


def margins_of(weights: Weights, features: csr_array) -> Floats:
    """The margins by the rounded weights, as the classifier has them."""
    result: Floats = features @ (weights.table * weights.scales) + weights.biases
    return result


def measure(name: str, weights: Weights, features: csr_array, labels: Floats) -> None:
    """Prints average precision and both recalls of each head that is labelled."""
    margins = margins_of(weights, features)
    for column, head in enumerate(HEADS):
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
