"""Classes of words: contempt, harm, praise, groups of people … as written in ``words.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from policyenforce.checks.user_content.classifier.hashing import Hashes, paired
from policyenforce.checks.user_content.classifier.words import hashes_of
from policyenforce.checks.user_content.fold import fold
from policyenforce.checks.user_content.language import little_words

ENGLISH, ELSEWHERE, FIRST_OF_PAIR = "little, english", "little, elsewhere", "first of pair"
ASIDE = (ENGLISH, ELSEWHERE, FIRST_OF_PAIR)
"""Classes that are no part of what a text is weighed by: they only help to look closer."""
GROUP = "group"
_LIKELY_BITS = 17
_LIKELY_SHIFT = np.uint64(64 - _LIKELY_BITS)
_ROUGHLY = (
    GROUP, "negation", "hate", "slur dehuman", "harm", "expel", "degrade accuse insult",
    "profanity", "explicit intimate", "speech object", "warm denied", "you", "they", "me", "he",
    "others", "person", "goods trade", "clinical", "lure", "modal",
)  # fmt: skip
"""A word's rough class is the first of these that it is in; what is in none only fills."""


@frozen(eq=False)
class Classes:
    """A row for each word of any class; the first row stands for all words of none.

    ``bits`` has one bit for each class the word is in, ``rough`` its one rough class.
    """

    names: tuple[str, ...]
    hashes: Hashes
    bits: Hashes
    pairs: Hashes
    """Two words side by side that name a group."""
    rough: Hashes = field(init=False)
    likely: NDArray[np.bool_] = field(init=False)
    """By the first bits of a hash, whether any class has such a word: most words have none."""

    def __attrs_post_init__(self) -> None:
        likely = np.zeros(1 << _LIKELY_BITS, dtype=bool)
        likely[self.hashes[1:] >> _LIKELY_SHIFT] = True
        rough = np.zeros(len(self.bits), dtype=np.uint64)
        for number, names in reversed(list(enumerate(_ROUGHLY, 1))):
            rough[(self.bits & self.bits_of(*names.split())) != 0] = number
        object.__setattr__(self, "likely", likely)
        object.__setattr__(self, "rough", rough)

    def rows_of(self, hashes: Hashes) -> NDArray[np.int64]:
        """The row of each word, by its hash."""
        rows = np.zeros(len(hashes), dtype=np.int64)
        maybe = np.flatnonzero(self.likely[hashes >> _LIKELY_SHIFT])
        some = hashes[maybe]
        at = np.minimum(np.searchsorted(self.hashes, some), len(self.hashes) - 1)
        rows[maybe] = np.where(self.hashes[at] == some, at, 0)
        return rows

    def bits_of(self, *names: str) -> np.uint64:
        """The bits of these classes."""
        return np.uint64(sum(1 << self.names.index(name) for name in names))


@lru_cache(maxsize=1)
def classes() -> Classes:
    """The classes that ship with the library."""
    source = files("policyenforce.checks.user_content.classifier") / "words.toml"
    lists = tomllib.loads(source.read_text(encoding="utf-8"))
    two = [
        pair.strip()
        for line in lists.pop("group_pairs").split("\n")
        for pair in line.split("|")
        if pair.strip()
    ]
    both = np.array(hashes_of(" ".join(two)), dtype=np.uint64)
    lists |= {
        ENGLISH: _folded(little_words(only="en")),
        ELSEWHERE: _folded(little_words(without="en")),
        FIRST_OF_PAIR: " ".join(pair.partition(" ")[0] for pair in two),
    }
    bits: dict[int, int] = {0: 0}
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
