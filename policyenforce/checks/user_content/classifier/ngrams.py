"""What a text is weighed by: n-grams of letters, words and classes of words, as numbered buckets.

A protected group is read as one and the same word whichever group it is, and none of its letters
is looked at: what a text says about people counts, never whom it names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
from attrs import frozen

from policyenforce.checks.user_content.classifier.batch import Batch
from policyenforce.checks.user_content.classifier.classes import ASIDE, FIRST_OF_PAIR, GROUP
from policyenforce.checks.user_content.classifier.hashing import (
    Hashes,
    Sums,
    first_bits,
    mixed,
    paired,
)
from policyenforce.checks.user_content.classifier.letters import (
    BLANK,
    END,
    Letters,
    Mask,
    Numbers,
    Places,
)

BUCKET_BITS = 19
"""Enough for the number of a bucket."""


class Room(NamedTuple):
    """The buckets that n-grams of one kind share: ``first`` to ``first + 2**bits``."""

    first: int
    bits: int


LETTERS, WORDS = Room(0, 17), Room(1 << 17, 17)
GROUPS, CLASSES = Room(2 << 17, 16), Room(5 << 16, 16)
MARKS = Room(6 << 16, 9)
BUCKETS = MARKS.first + (1 << MARKS.bits)

_LETTER_ORDERS = (3, 4, 5)
_ANY_GROUP = np.uint64(0x51ED270B)  # what every protected group is read as
_DENIED = np.uint64(0xA5A5A5A5DEADBEEF)  # mixed into a word that stands behind a negation
_QUOTED = np.uint64(0x5A17C9E3B4D2F681)  # and into one inside of quotation marks
_REACH_OF_DENIAL = 3  # words
_REACH_OF_GROUP = 5  # words between a group and what is said of it
_SKELETON = 3  # words with a class in a row
_ROUGH_SKELETON = 5
_NOUGHT = np.uint64(0)


@frozen(eq=False)
class Grams:
    """Occurrences of n-grams: the number of the text, and the bucket.

    ``stretches`` tells where in the letters each begins and ends; worked out when it is asked.
    """

    text_of: Numbers
    buckets: Numbers
    stretches: Callable[[], tuple[Places, Places]]


@frozen(eq=False)
class _Read:
    """Words as they are read: groups alike and in one piece, classes, denial and quotation.

    ``at`` are the places among the words of the batch; ``marks`` is nought for what is neither
    denied nor quoted.
    """

    batch: Batch
    at: Places
    text_of: Numbers
    hashes: Hashes
    fine: Hashes
    rough: Hashes
    marks: Hashes
    denied: Mask
    group: Mask

    def taken(self, kept: Mask) -> _Read:
        """These words only."""
        some = np.flatnonzero(kept)
        return _Read(
            self.batch,
            self.at[some],
            self.text_of[some],
            self.hashes[some],
            self.fine[some],
            self.rough[some],
            self.marks[some],
            self.denied[some],
            self.group[some],
        )

    def stretch(self, first: Places, last: Places) -> tuple[Places, Places]:
        """Where the letters from one of these words to another begin and end."""
        words = self.batch.words
        return words.starts[self.at[first]], words.ends[self.at[last]]


def grams_of(batch: Batch) -> Iterator[Grams]:
    """The n-grams of a batch, one kind after the other."""
    letters, words = batch.letters, batch.words
    read = _read(batch)
    hidden = np.zeros(len(letters.codes), dtype=np.int8)
    hidden[words.starts[read.group]] = 1
    hidden[words.ends[read.group]] = -1
    yield from _of_letters(letters, np.cumsum(hidden, dtype=np.int8) > 0)
    whole = read.taken(~(read.group & _before(read.group, read.text_of)))
    yield from _of_words(whole)
    yield from _about_groups(whole)
    yield from _of_classes(whole)
    yield _of_marks(batch)


def _read(batch: Batch) -> _Read:
    words, table = batch.words, batch.classes
    group = _names_group(batch)
    negation = batch.is_a("negation") & ~group
    denied = np.zeros(len(group), dtype=bool)
    for distance in range(1, _REACH_OF_DENIAL + 1):
        same = words.text_of[distance:] == words.text_of[:-distance]
        denied[distance:] |= negation[:-distance] & same
    marks: Hashes = np.where(denied, _DENIED, _NOUGHT)
    marks ^= np.where(words.quoted, _QUOTED, _NOUGHT)
    return _Read(
        batch,
        np.arange(len(group)),
        words.text_of,
        np.where(group, _ANY_GROUP, words.hashes),
        np.where(group, table.bits_of(GROUP), table.bits[batch.kinds] & ~table.bits_of(*ASIDE)),
        np.where(group, np.uint64(1), table.rough[batch.kinds]),
        marks,
        denied,
        group,
    )


def _names_group(batch: Batch) -> Mask:
    """True for each word that, alone or with its neighbour, names a protected group."""
    words = batch.words
    named = batch.is_a(GROUP)
    pair = batch.is_a("colours")[:-1] & batch.is_a(GROUP, "person")[1:]
    first = np.flatnonzero(batch.is_a(FIRST_OF_PAIR)[:-1])
    both = paired(words.hashes[first], words.hashes[first + 1])
    pair[first] |= np.isin(both, batch.classes.pairs)
    pair &= words.text_of[:-1] == words.text_of[1:]
    named[:-1] |= pair
    named[1:] |= pair
    return named


def _before(mask: Mask, text_of: Numbers) -> Mask:
    """True where the word before, in the same text, is true."""
    out = np.zeros_like(mask)
    out[1:] = mask[:-1] & (text_of[1:] == text_of[:-1])
    return out


def _of_letters(letters: Letters, hidden: Mask) -> Iterator[Grams]:
    """Within one word and the blanks around it; nothing of the word for a group."""
    wall = (letters.codes == BLANK) | (letters.codes == END) | hidden
    sums = Sums.of(np.where(wall, np.uint8(BLANK), letters.codes))
    for order in _LETTER_ORDERS:
        last = len(wall) - order + 1
        broken = wall[1 : last + 1]
        for step in range(2, order - 1):
            broken = broken | wall[step : last + step]
        starts = np.flatnonzero(~broken[:last])
        buckets = _buckets(LETTERS, sums.of_windows(order)[starts], order)
        yield Grams(letters.text_of[starts], buckets, partial(_windows, starts, order))


def _windows(starts: Places, order: int) -> tuple[Places, Places]:
    return starts, starts + order


def _of_words(read: _Read) -> Iterator[Grams]:
    hashes = np.where(read.denied & ~read.group, read.hashes ^ _DENIED, read.hashes)
    yield from _in_a_row(WORDS, read, hashes, 1, 11)
    for order in (2, 3):
        yield from _in_a_row(WORDS, read, read.hashes, order, 10 + order)


def _in_a_row(room: Room, read: _Read, hashes: Hashes, order: int, salt: int) -> Iterator[Grams]:
    """As many neighbouring words of one text as ``order`` says."""
    last = len(hashes) - order + 1
    if last < 1:
        return
    joined = hashes[:last]
    for step in range(1, order):
        joined = paired(joined, hashes[step : last + step])
    first = np.flatnonzero(read.text_of[:last] == read.text_of[order - 1 :])
    yield Grams(
        read.text_of[first],
        _buckets(room, joined[first], salt),
        lambda: read.stretch(first, first + order - 1),
    )


def _about_groups(read: _Read) -> Iterator[Grams]:
    """A group and each word near it, before or after, however far within reach."""
    hashes = read.hashes ^ read.marks
    places = np.flatnonzero(read.group)
    for distance in range(1, _REACH_OF_GROUP + 1):
        for side, salt in ((distance, 21), (-distance, 22)):
            other = places + side
            fits = (other >= 0) & (other < len(hashes))
            here, there = places[fits], other[fits]
            same = read.text_of[here] == read.text_of[there]
            yield _pairs(read, hashes, here[same], there[same], salt)


def _pairs(read: _Read, hashes: Hashes, here: Places, there: Places, salt: int) -> Grams:
    return Grams(
        read.text_of[here],
        _buckets(GROUPS, hashes[there], salt),
        lambda: read.stretch(np.minimum(here, there), np.maximum(here, there)),
    )


def _of_classes(read: _Read) -> Iterator[Grams]:
    """Words that have a class, as their classes alone, in rows; once finely, once roughly."""
    fine = read.taken(read.fine != 0)
    kinds = mixed(fine.fine ^ fine.marks)
    for order in range(1, _SKELETON + 1):
        yield from _in_a_row(CLASSES, fine, kinds, order, 30 + order)
    rough = read.taken(read.rough != 0)
    kinds = mixed(rough.rough ^ rough.marks)
    for order in range(1, _ROUGH_SKELETON + 1):
        yield from _in_a_row(CLASSES, rough, kinds, order, 40 + order)


def _of_marks(batch: Batch) -> Grams:
    text_of, marks = batch.marks
    nowhere = np.zeros_like(text_of)
    return Grams(
        text_of.astype(np.uint32),
        (marks + MARKS.first).astype(np.uint32),
        lambda: (nowhere, nowhere),
    )


def _buckets(room: Room, hashes: Hashes, salt: int) -> Numbers:
    """The bucket of each hash; ``salt`` keeps n-grams of one kind apart from those of another."""
    apart = hashes + np.array([salt], dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    buckets: Numbers = first_bits(apart, room.bits).astype(np.uint32)
    buckets += np.uint32(room.first)
    return buckets
