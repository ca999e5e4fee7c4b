"""What a word shares with its misspellings."""

from __future__ import annotations

import re
from collections.abc import Iterator

_CERTAIN = 5  # letters of a word that may be misspelt by any one letter
_LEAST = 3  # letters left of a word without its vowels
_REPEATS = re.compile(r"(.)\1+")


def squeeze(word: str) -> str:
    """A word with each run of one letter written once.

    >>> squeeze("kiiilll")
    'kil'
    """
    return _REPEATS.sub(r"\1", word)


def traces(word: str) -> Iterator[str]:
    """What a word shares with its misspellings: each key is kept by one way of misspelling.

    A letter lost, added or changed; two swapped, or all between the ends; letters doubled.

    >>> sorted(set(traces("watches")) & set(traces("wathes")))
    ['-wathes']
    """
    yield f"={squeeze(word)}"
    if len(word) >= _CERTAIN:
        yield f"~{word[0]}{''.join(sorted(word[1:-1]))}{word[-1]}"
        yield f"-{word}"
        yield from (f"-{word[:i]}{word[i + 1 :]}" for i in range(1, len(word)))


def without_vowels(word: str) -> Iterator[str]:
    """A word less some of its vowels, or all; never less than three letters."""
    left = {word}
    for vowel in "aeiou":
        left |= {w[0] + w[1:].replace(vowel, "", 1) for w in left} | {
            w[0] + w[1:].replace(vowel, "") for w in left
        }
    return (w for w in left if len(w) >= _LEAST and w != word)
