"""Which pieces of a text spoke for a score, and where in the original they stand."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from policyenforce.checks.user_content.classifier.batch import Batch
from policyenforce.checks.user_content.classifier.ngrams import grams_of
from policyenforce.checks.user_content.classifier.platt import Floats
from policyenforce.checks.user_content.classifier.protocol import Reason
from policyenforce.checks.user_content.fold import traced

_LOOKED_AT = 1_000  # of the strongest n-grams, so that a long text is no long answer


def reasons_of(text: str, form: bytes, worths: Floats, most: int) -> Iterator[Reason]:
    """The pieces that are worth most, the strongest first; none inside of another.

    ``form`` is the fold of ``text``, ``worths`` what one occurrence of each bucket adds.
    """
    batch = Batch.of([form])
    grams = list(grams_of(batch))
    worth = worths[np.concatenate([one.buckets for one in grams])]
    starts, ends = map(np.concatenate, zip(*(one.stretches() for one in grams), strict=True))
    order = np.argsort(-worth, kind="stable")[:_LOOKED_AT]
    order = order[(worth[order] > 0) & (starts[order] < ends[order])]
    way = traced(text)
    taken: list[tuple[int, int]] = []
    for one in order.tolist():
        stretch = (int(starts[one]), int(ends[one]))
        if len(taken) == most or _overlaps(stretch, taken):
            continue
        taken.append(stretch)
        start, end = way.span(*_in_fold(batch, form, *stretch))
        yield Reason(start, end, text[start:end], float(worth[one]))


def _overlaps(stretch: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    """True for a stretch inside of one that is taken, or around it."""
    start, end = stretch
    return any((s <= start and end <= e) or (start <= s and e <= end) for s, e in taken)


def _in_fold(batch: Batch, form: bytes, start: int, end: int) -> tuple[int, int]:
    """The code points of the fold from which letters ``start:end`` of the batch came."""
    # The joined texts begin with a separator, which is no part of the fold.
    places = np.clip(batch.letters.places((start, end - 1)) - 1, 0, len(form) - 1)
    first, last = (len(form[:place].decode(errors="ignore")) for place in places.tolist())
    return first, last + 1
