"""The words of a batch: where they stand, a number for each spelling, and the classes they are in.

A word's number is a polynomial hash of its letters, taken from running sums, so that a word of any
length costs the same. The classes and their words are data, in ``words.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from policyenforce.checks.user_content.classifier.letters import (
    BLANK,
    END,
    Bytes,
    Letters,
    Places,
    letters_of,
)
from policyenforce.checks.user_content.classifier.marks import marks_of
from policyenforce.checks.user_content.fold import fold
from policyenforce.checks.user_content.language import little_words

Hashes: TypeAlias = NDArray[np.uint64]
Bits: TypeAlias = NDArray[np.uint64]

_RADIX = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
_INVERSE = pow(_RADIX, -1, 1 << 64)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_PAIR = np.uint64(0xC2B2AE3D27D4EB4F)
_HALF = np.uint64(32)
ENGLISH, ELSEWHERE, FIRST_OF_PAIR = "little, english", "little, elsewhere", "first of pair"
"""Classes that are no part of what a text is weighed by: they only help to look closer."""
_LIKELY_BITS = 17
_LIKELY_SHIFT = np.uint64(64 - _LIKELY_BITS)


def mixed(hashes: Hashes) -> Hashes:
    """Hashes whose every bit depends on all the bits there were."""
    hashes = (hashes ^ (hashes >> _HALF)) * _MIX
    hashes ^= hashes >> _HALF
    return hashes


def paired(left: Hashes, right: Hashes) -> Hashes:
    """One hash for two in this order."""
    return left * _PAIR + right


def _values() -> Hashes:
    return mixed(np.arange(1, 257, dtype=np.uint64) * np.uint64(_RADIX))


_VALUES = _values()


@lru_cache(maxsize=1)
def _powers(size: int) -> tuple[Hashes, Hashes]:
    up, down = np.ones(size, dtype=np.uint64), np.ones(size, dtype=np.uint64)
    up[1:], down[1:] = np.uint64(_RADIX), np.uint64(_INVERSE)
    return np.cumprod(up, dtype=np.uint64), np.cumprod(down, dtype=np.uint64)


@frozen(eq=False)
class Sums:
    """Running sums of a batch, from which any stretch of letters is hashed at once."""

    totals: Hashes
    down: Hashes

    @staticmethod
    def of(codes: Bytes) -> Sums:
        """The sums over the codes of a batch."""
        up, down = _powers(1 << max(16, len(codes).bit_length()))
        totals = np.zeros(len(codes) + 1, dtype=np.uint64)
        np.cumsum(_VALUES[codes] * up[: len(codes)], out=totals[1:])
        return Sums(totals, down)

    def of_stretches(self, starts: Places, ends: Places) -> Hashes:
        """A hash for each stretch of letters; equal letters, equal hash."""
        return (self.totals[ends] - self.totals[starts]) * self.down[starts]

    def of_windows(self, width: int) -> Hashes:
        """The hash of the stretch of this width that begins at each letter."""
        windows: Hashes = self.totals[width:] - self.totals[:-width]
        windows *= self.down[: len(windows)]
        return windows


@frozen(eq=False)
class Words:
    """The words of a batch: ``starts:ends`` in its letters, hash, text by number, quoted or not."""

    starts: Places
    ends: Places
    hashes: Hashes
    text_of: Places
    quoted: NDArray[np.bool_]

    def taken(self, kept: NDArray[np.bool_]) -> Words:
        """These words only."""
        return Words(
            self.starts[kept],
            self.ends[kept],
            self.hashes[kept],
            self.text_of[kept],
            self.quoted[kept],
        )


def words_of(letters: Letters) -> Words:
    """Every run of letters and digits."""
    solid = (letters.codes != BLANK) & (letters.codes != END)
    edges = np.flatnonzero(solid[1:] != solid[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    hashes = Sums.of(letters.codes).of_stretches(starts, ends)
    return Words(starts, ends, hashes, letters.text_of[starts], letters.quoted[starts])


@frozen(eq=False)
class Batch:
    """Texts laid out for counting: their letters, words with their classes, and marks."""

    letters: Letters
    words: Words
    bits: Bits
    marks: tuple[Places, Places]

    @staticmethod
    def of(forms: Sequence[bytes]) -> Batch:
        """The batch of folded texts; none may hold the separator of records."""
        letters = letters_of(forms)
        words = words_of(letters)
        return Batch(letters, words, classes().of(words.hashes), marks_of(forms))

    def is_a(self, *names: str) -> NDArray[np.bool_]:
        """True for each word that is in one of these classes."""
        found: NDArray[np.bool_] = np.not_equal(self.bits & classes().bits_of(*names), 0)
        return found


def hashes_of(words: str) -> list[int]:
    """The hashes of words written with blanks between them."""
    found: list[int] = words_of(letters_of([" ".join(words.split()).encode()])).hashes.tolist()
    return found


@frozen(eq=False)
class Classes:
    """Which hash of a word, or of two side by side, is in which classes (one bit each)."""

    names: tuple[str, ...]
    hashes: Hashes
    bits: Bits
    pairs: Hashes
    """Two words side by side that name a group."""
    likely: NDArray[np.bool_] = field(init=False)
    """By the first bits of a hash, whether any class has such a word: most words have none."""

    def __attrs_post_init__(self) -> None:
        likely = np.zeros(1 << _LIKELY_BITS, dtype=bool)
        likely[self.hashes >> _LIKELY_SHIFT] = True
        object.__setattr__(self, "likely", likely)

    def of(self, hashes: Hashes) -> Bits:
        """The classes of each word, none for most."""
        bits = np.zeros(len(hashes), dtype=np.uint64)
        maybe = np.flatnonzero(self.likely[hashes >> _LIKELY_SHIFT])
        some = hashes[maybe]
        at = np.minimum(np.searchsorted(self.hashes, some), len(self.hashes) - 1)
        bits[maybe] = np.where(self.hashes[at] == some, self.bits[at], np.uint64(0))
        return bits

    def bits_of(self, *names: str) -> np.uint64:
        """The bits of these classes."""
        return np.uint64(sum(1 << self.names.index(name) for name in names))


@lru_cache(maxsize=1)
def classes() -> Classes:
    """The classes that ship with the library."""
    source = files("policyenforce.checks.user_content.classifier") / "words.toml"
    lists = tomllib.loads(source.read_text(encoding="utf-8"))
    two = [
        pair.strip() for line in lists.pop("group_pairs").split("\n") for pair in line.split("|")
    ]
    both = np.array(hashes_of(" ".join(filter(None, two))), dtype=np.uint64)
    lists |= {
        ENGLISH: _folded(little_words(only="en")),
        ELSEWHERE: _folded(little_words(without="en")),
        FIRST_OF_PAIR: " ".join(pair.partition(" ")[0] for pair in two),
    }
    bits: dict[int, int] = {}
    for number, text in enumerate(lists.values()):
        for key in hashes_of(text):
            bits[key] = bits.get(key, 0) | 1 << number
    keys = sorted(bits)
    return Classes(
        tuple(lists),
        np.array(keys, dtype=np.uint64),
        np.array([bits[key] for key in keys], dtype=np.uint64),
        np.unique(paired(both[::2], both[1::2])),
    )


def _folded(words: Iterable[str]) -> str:
    return " ".join(fold(word) for word in sorted(words))
