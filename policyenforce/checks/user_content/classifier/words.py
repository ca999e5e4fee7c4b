"""The words of a batch: where they stand, a number for each spelling, and the classes they are in.

A word's number is a polynomial hash of its letters, taken from running sums, so that a word of any
length costs the same. The classes and their words are data, in ``words.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from policyenforce.checks.user_content.classifier.letters import (
    BLANK,
    END,
    Letters,
    Places,
    letters_of,
)

Hashes: TypeAlias = NDArray[np.uint64]

_RADIX = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
_INVERSE = pow(_RADIX, -1, 1 << 64)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_PAIR = np.uint64(0xC2B2AE3D27D4EB4F)
_HALF = np.uint64(32)


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
    def of(letters: Letters) -> Sums:
        """The sums over the letters of a batch."""
        size = 1 << max(16, len(letters.codes).bit_length())
        up, down = _powers(size)
        totals = np.zeros(len(letters.codes) + 1, dtype=np.uint64)
        np.cumsum(_VALUES[letters.codes] * up[: len(letters.codes)], out=totals[1:])
        return Sums(totals, down)

    def of_stretches(self, starts: Places, ends: Places) -> Hashes:
        """A hash for each stretch of letters; equal letters, equal hash."""
        return (self.totals[ends] - self.totals[starts]) * self.down[starts]


@frozen(eq=False)
class Words:
    """The words of a batch: ``starts:ends`` in its letters, the hash, the number of the text."""

    starts: Places
    ends: Places
    hashes: Hashes
    text_of: Places


def words_of(letters: Letters, sums: Sums) -> Words:
    """Every run of letters and digits."""
    solid = (letters.codes != BLANK) & (letters.codes != END)
    edges = np.flatnonzero(solid[1:] != solid[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    return Words(starts, ends, sums.of_stretches(starts, ends), letters.text_of[starts])


@frozen(eq=False)
class Batch:
    """Texts laid out for counting: their letters, the sums over them, and their words."""

    letters: Letters
    sums: Sums
    words: Words

    @staticmethod
    def of(forms: Sequence[bytes]) -> Batch:
        """The batch of folded texts; none may hold the separator of records."""
        letters = letters_of(forms)
        sums = Sums.of(letters)
        return Batch(letters, sums, words_of(letters, sums))


def hashes_of(words: str) -> list[int]:
    """The hashes of words written with blanks between them."""
    found: list[int] = Batch.of([" ".join(words.split()).encode()]).words.hashes.tolist()
    return found


def is_one_of(hashes: Hashes, table: Hashes) -> NDArray[np.bool_]:
    """True for each hash that a sorted table holds."""
    at = np.minimum(np.searchsorted(table, hashes), len(table) - 1)
    same: NDArray[np.bool_] = table[at] == hashes
    return same


@frozen(eq=False)
class Classes:
    """Which hash of a word, or of two side by side, is in which classes (one bit each)."""

    names: tuple[str, ...]
    hashes: Hashes
    bits: NDArray[np.uint64]
    pairs: Hashes
    """Two words side by side that name a group."""

    def of(self, hashes: Hashes) -> NDArray[np.uint64]:
        """The classes of each word, none for most."""
        at = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        return np.where(self.hashes[at] == hashes, self.bits[at], np.uint64(0))

    def bit(self, name: str) -> np.uint64:
        """The bit of a class."""
        return np.uint64(1 << self.names.index(name))

    def names_group(self, words: Words) -> NDArray[np.bool_]:
        """True for each word that, alone or with its neighbour, names a protected group."""
        named: NDArray[np.bool_] = (self.of(words.hashes) & self.bit("group")) != 0
        both = paired(words.hashes[:-1], words.hashes[1:])
        pair = is_one_of(both, self.pairs) & (words.text_of[:-1] == words.text_of[1:])
        named[:-1] |= pair
        named[1:] |= pair
        return named


@lru_cache(maxsize=1)
def classes() -> Classes:
    """The classes that ship with the library."""
    source = files("policyenforce.checks.user_content.classifier") / "words.toml"
    lists = tomllib.loads(source.read_text(encoding="utf-8"))
    two = [
        pair.strip() for line in lists.pop("group_pairs").split("\n") for pair in line.split("|")
    ]
    bits: dict[int, int] = {}
    for number, text in enumerate(lists.values()):
        for key in hashes_of(text):
            bits[key] = bits.get(key, 0) | 1 << number
    keys = sorted(bits)
    both = hashes_of(" ".join(filter(None, two)))
    return Classes(
        tuple(lists),
        np.array(keys, dtype=np.uint64),
        np.array([bits[key] for key in keys], dtype=np.uint64),
        np.unique(paired(np.array(both[::2], np.uint64), np.array(both[1::2], np.uint64))),
    )
