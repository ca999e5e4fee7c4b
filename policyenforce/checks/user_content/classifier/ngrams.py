"""What a text is weighed by: n-grams of letters, words and classes of words, as numbered buckets.

A protected group is read as one and the same word whichever group it is, and none of its letters
is looked at: what a text says about people counts, never whom it names.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from policyenforce.checks.user_content.classifier.letters import (
    BLANK,
    END,
    Letters,
    Mask,
    Places,
)
from policyenforce.checks.user_content.classifier.words import (
    Batch,
    Hashes,
    Sums,
    Words,
    classes,
    mixed,
    paired,
)

BUCKET_BITS = 18
BUCKETS = 1 << BUCKET_BITS
_LETTER_ORDERS = (3, 4, 5)
_GROUP = np.uint64(0x51ED270B)  # what every protected group is read as
_DENIED = np.uint64(0xA5A5A5A5DEADBEEF)  # mixed into a word that stands behind a negation
_REACH_OF_DENIAL = 3  # words
_REACH_OF_GROUP = 5  # words between a group and what is said of it
_SKELETON = 4  # words with a class in a row
_SALT = np.array([0x9E3779B97F4A7C15], dtype=np.uint64)
_SHIFT = np.uint64(64 - BUCKET_BITS)


@frozen(eq=False)
class Grams:
    """Occurrences of n-grams: the text, the bucket, and the stretch of letters, by number."""

    text_of: Places
    buckets: NDArray[np.int64]
    starts: Places
    ends: Places


@frozen(eq=False)
class _Read:
    """Words as they are read: groups alike and in one piece, classes, and denial."""

    words: Words
    bits: NDArray[np.uint64]
    group: Mask
    denied: Mask

    def taken(self, kept: Mask) -> _Read:
        words = self.words
        return _Read(
            Words(words.starts[kept], words.ends[kept], words.hashes[kept], words.text_of[kept]),
            self.bits[kept],
            self.group[kept],
            self.denied[kept],
        )


def grams_of(batch: Batch) -> Iterator[Grams]:
    """The n-grams of a batch, one kind after the other."""
    letters, sums, words = batch.letters, batch.sums, batch.words
    read = _read(words)
    hidden = np.zeros(len(letters.codes) + 1, dtype=np.int32)
    np.add.at(hidden, words.starts[read.group], 1)
    np.add.at(hidden, words.ends[read.group], -1)
    yield from _of_letters(letters, sums, np.cumsum(hidden[:-1]) > 0)
    whole = read.taken(~(read.group & _before(read.group, words.text_of)))
    yield from _of_words(whole)
    yield from _about_groups(whole)
    yield from _of_classes(whole.taken(whole.bits != 0))


def _read(words: Words) -> _Read:
    table = classes()
    bits = table.of(words.hashes)
    group = table.names_group(words)
    bits = np.where(group, table.bit("group"), bits)
    negation = (bits & table.bit("negation")) != 0
    denied = np.zeros(len(bits), dtype=bool)
    for distance in range(1, _REACH_OF_DENIAL + 1):
        same = words.text_of[distance:] == words.text_of[:-distance]
        denied[distance:] |= negation[:-distance] & same
    hashes = np.where(group, _GROUP, words.hashes)
    return _Read(evolve(words, hashes=hashes), bits, group, denied)


def _before(mask: Mask, text_of: Places) -> Mask:
    """True where the word before, in the same text, is true."""
    out = np.zeros_like(mask)
    out[1:] = mask[:-1] & (text_of[1:] == text_of[:-1])
    return out


def _of_letters(letters: Letters, sums: Sums, hidden: Mask) -> Iterator[Grams]:
    """Within one word and the blanks around it; nothing of the word for a group."""
    size = len(letters.codes)
    wall = np.zeros(size + 1, dtype=np.int64)
    np.cumsum((letters.codes == BLANK) | (letters.codes == END) | hidden, out=wall[1:])
    for order in _LETTER_ORDERS:
        starts = np.arange(size - order + 1)
        ends = starts + order
        whole = wall[ends - 1] == wall[starts + 1]
        # The blank at either side may be any wall: END and a hidden letter are read as a blank.
        starts, ends = starts[whole], ends[whole]
        left = wall[starts + 1] != wall[starts]
        right = wall[ends] != wall[ends - 1]
        inner = sums.of_stretches(starts + left, ends - right)
        salt = np.uint64(order) + (left.astype(np.uint64) << np.uint64(8))
        salt += right.astype(np.uint64) << np.uint64(16)
        yield _grams(letters.text_of[starts], inner, salt, starts + left, ends - right)


def _of_words(read: _Read) -> Iterator[Grams]:
    words = read.words
    denied = read.denied & ~read.group
    hashes = np.where(denied, words.hashes ^ _DENIED, words.hashes)
    yield _grams(words.text_of, hashes, np.uint64(11), words.starts, words.ends)
    yield from _in_a_row(words, words.hashes, 2, np.uint64(12))
    yield from _in_a_row(words, words.hashes, 3, np.uint64(13))


def _in_a_row(words: Words, hashes: Hashes, order: int, salt: np.uint64) -> Iterator[Grams]:
    if len(hashes) < order:
        return
    last = len(hashes) - order + 1
    joined = hashes[:last]
    for step in range(1, order):
        joined = paired(joined, hashes[step : last + step])
    same = words.text_of[:last] == words.text_of[order - 1 :]
    yield _grams(
        words.text_of[:last][same],
        joined[same],
        salt,
        words.starts[:last][same],
        words.ends[order - 1 :][same],
    )


def _about_groups(read: _Read) -> Iterator[Grams]:
    """A group and each word near it, before or after, however far within reach."""
    words = read.words
    hashes = np.where(read.denied, words.hashes ^ _DENIED, words.hashes)
    places = np.flatnonzero(read.group)
    for distance in range(1, _REACH_OF_GROUP + 1):
        for side, salt in ((distance, np.uint64(21)), (-distance, np.uint64(22))):
            other = places + side
            fits = (other >= 0) & (other < len(hashes))
            here, there = places[fits], other[fits]
            same = words.text_of[here] == words.text_of[there]
            here, there = here[same], there[same]
            first, last = np.minimum(here, there), np.maximum(here, there)
            yield _grams(
                words.text_of[here], hashes[there], salt, words.starts[first], words.ends[last]
            )


def _of_classes(read: _Read) -> Iterator[Grams]:
    """Words that have a class, as their classes alone, in rows of up to four."""
    kinds = mixed(read.bits)
    for order in range(1, _SKELETON + 1):
        yield from _in_a_row(read.words, kinds, order, np.uint64(30 + order))


def _grams(
    text_of: Places, hashes: Hashes, salt: np.uint64 | Hashes, starts: Places, ends: Places
) -> Grams:
    buckets = mixed(hashes + salt * _SALT) >> _SHIFT
    return Grams(text_of, buckets.astype(np.int64), starts, ends)
