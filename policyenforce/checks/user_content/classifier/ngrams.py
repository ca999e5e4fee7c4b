"""What a text is weighed by: n-grams of letters, words and classes of words, as numbered buckets.

A protected group is read as one and the same word whichever group it is, and none of its letters
is looked at: what a text says about people counts, never whom it names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

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
    ELSEWHERE,
    ENGLISH,
    FIRST_OF_PAIR,
    Batch,
    Hashes,
    Sums,
    Words,
    classes,
    mixed,
    paired,
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
BUCKETS = (6 << 16) + (1 << 9)
_LETTER_ORDERS = (3, 4, 5)
_GROUP = np.uint64(0x51ED270B)  # what every protected group is read as
_DENIED = np.uint64(0xA5A5A5A5DEADBEEF)  # mixed into a word that stands behind a negation
_QUOTED = np.uint64(0x5A17C9E3B4D2F681)  # and into one inside of quotation marks
_REACH_OF_DENIAL = 3  # words
_REACH_OF_GROUP = 5  # words between a group and what is said of it
_SKELETON = 3  # words with a class in a row
_ROUGH_SKELETON = 5
_ROUGHLY = (
    "group", "negation", "hate", "slur dehuman", "harm", "expel", "degrade accuse insult",
    "profanity", "explicit intimate", "speech object", "warm denied", "you", "they", "me", "he",
    "others", "person", "goods trade", "clinical", "lure", "modal",
)  # fmt: skip


def _salt(number: int) -> Hashes:
    """What keeps n-grams of one kind apart from those of another."""
    return np.array([number], dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)


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
            words.taken(kept),
            self.bits[kept],
            self.group[kept],
            self.denied[kept],
        )


def grams_of(batch: Batch) -> Iterator[Grams]:
    """The n-grams of a batch, one kind after the other."""
    letters, words = batch.letters, batch.words
    read = _read(batch)
    hidden = np.zeros(len(letters.codes), dtype=np.int8)
    hidden[words.starts[read.group]] = 1
    hidden[words.ends[read.group]] = -1
    yield from _of_letters(letters, np.cumsum(hidden, dtype=np.int8) > 0)
    whole = read.taken(~(read.group & _before(read.group, words.text_of)))
    yield from _of_words(whole)
    yield from _about_groups(whole)
    yield from _of_classes(whole.taken(whole.bits != 0))
    text_of, marks = batch.marks
    nowhere = np.zeros_like(text_of)
    yield Grams(text_of, marks + MARKS.first, nowhere, nowhere)


def _read(batch: Batch) -> _Read:
    words, group = batch.words, _names_group(batch)
    aside = classes().bits_of(ENGLISH, ELSEWHERE, FIRST_OF_PAIR)
    bits = np.where(group, classes().bits_of("group"), batch.bits & ~aside)
    negation = batch.is_a("negation") & ~group
    denied = np.zeros(len(bits), dtype=bool)
    for distance in range(1, _REACH_OF_DENIAL + 1):
        same = words.text_of[distance:] == words.text_of[:-distance]
        denied[distance:] |= negation[:-distance] & same
    hashes = np.where(group, _GROUP, words.hashes)
    return _Read(evolve(words, hashes=hashes), bits, group, denied)


def _names_group(batch: Batch) -> Mask:
    """True for each word that, alone or with its neighbour, names a protected group."""
    words = batch.words
    named = batch.is_a("group")
    pair = batch.is_a("colours")[:-1] & batch.is_a("group", "person")[1:]
    first = np.flatnonzero(batch.is_a(FIRST_OF_PAIR)[:-1])
    pair[first] |= np.isin(paired(words.hashes[first], words.hashes[first + 1]), classes().pairs)
    pair &= words.text_of[:-1] == words.text_of[1:]
    named[:-1] |= pair
    named[1:] |= pair
    return named


def _before(mask: Mask, text_of: Places) -> Mask:
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
        hashes = sums.of_windows(order)[starts]
        yield _grams(LETTERS, letters.text_of[starts], hashes, _salt(order), starts, starts + order)


def _of_words(read: _Read) -> Iterator[Grams]:
    words = read.words
    denied = read.denied & ~read.group
    hashes = np.where(denied, words.hashes ^ _DENIED, words.hashes)
    yield _grams(WORDS, words.text_of, hashes, _salt(11), words.starts, words.ends)
    yield from _in_a_row(WORDS, words, words.hashes, 2, _salt(12))
    yield from _in_a_row(WORDS, words, words.hashes, 3, _salt(13))


def _in_a_row(
    room: Room, words: Words, hashes: Hashes, order: int, salt: Hashes
) -> Iterator[Grams]:
    if len(hashes) < order:
        return
    last = len(hashes) - order + 1
    joined = hashes[:last]
    for step in range(1, order):
        joined = paired(joined, hashes[step : last + step])
    same = words.text_of[:last] == words.text_of[order - 1 :]
    yield _grams(
        room,
        words.text_of[:last][same],
        joined[same],
        salt,
        words.starts[:last][same],
        words.ends[order - 1 :][same],
    )


def _about_groups(read: _Read) -> Iterator[Grams]:
    """A group and each word near it, before or after, however far within reach."""
    words = read.words
    hashes = _marked(read, words.hashes)
    places = np.flatnonzero(read.group)
    for distance in range(1, _REACH_OF_GROUP + 1):
        for side, salt in ((distance, _salt(21)), (-distance, _salt(22))):
            other = places + side
            fits = (other >= 0) & (other < len(hashes))
            here, there = places[fits], other[fits]
            same = words.text_of[here] == words.text_of[there]
            here, there = here[same], there[same]
            first, last = np.minimum(here, there), np.maximum(here, there)
            yield _grams(
                GROUPS,
                words.text_of[here],
                hashes[there],
                salt,
                words.starts[first],
                words.ends[last],
            )


def _marked(read: _Read, hashes: Hashes) -> Hashes:
    """Hashes that differ for what is denied and for what is quoted."""
    denied = np.where(read.denied, hashes ^ _DENIED, hashes)
    return np.where(read.words.quoted, denied ^ _QUOTED, denied)


def _of_classes(read: _Read) -> Iterator[Grams]:
    """Words that have a class, as their classes alone, in rows; once finely, once roughly."""
    kinds = mixed(_marked(read, read.bits))
    for order in range(1, _SKELETON + 1):
        yield from _in_a_row(CLASSES, read.words, kinds, order, _salt(30 + order))
    rough = _rough(read.bits)
    plain = read.taken(rough != 0)
    kinds = mixed(_marked(plain, rough[rough != 0]))
    for order in range(1, _ROUGH_SKELETON + 1):
        yield from _in_a_row(CLASSES, plain.words, kinds, order, _salt(40 + order))


def _rough(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """One rough class for each word, the first that fits; 0 for what only fills."""
    table = classes()
    rough = np.zeros(len(bits), dtype=np.uint64)
    for number, names in reversed(list(enumerate(_ROUGHLY, 1))):
        rough[(bits & table.bits_of(*names.split())) != 0] = number
    return rough


def _grams(
    room: Room,
    text_of: Places,
    hashes: Hashes,
    salt: Hashes,
    starts: Places,
    ends: Places,
) -> Grams:
    buckets = mixed(hashes + salt) >> np.uint64(64 - room.bits)
    return Grams(text_of, buckets.astype(np.int64) + room.first, starts, ends)
