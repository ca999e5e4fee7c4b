"""Wrong spellings of a telling word that nothing but the word itself gives away.

A list of literals costs a scan almost nothing, whereas looking at each token of each text costs
more than the scan. So the misspellings of the few hundred words that people disguise are looked
for as they are: turned round, split, with a letter doubled, dropped, swapped or covered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

SHORTEST = 4  # letters of a word whose misspellings are looked for
_COVERED = "aeioul"  # letters that a dash or a bar is put for; it folds to a blank
_DROPPED = "aeiou"
_DIGITS = {
    "a": "4@",
    "b": "8",
    "c": "(",
    "e": "3",
    "g": "9",
    "i": "1!",
    "l": "1",
    "o": "0",
    "s": "5$",
    "t": "7",
}
TURNED = str.maketrans("bdnpqu", "qpudbn")  # the rest of what turns into another plain letter


class Misspelt(Enum):
    """How a literal stands for a telling word."""

    SPELT = "spelt"
    COVERED = "covered"
    BACKWARDS = "backwards"


def misspellings(words: Iterable[str], ordinary: frozenset[str]) -> dict[str, tuple[str, Misspelt]]:
    """Literal → the word and how it is written; ``ordinary`` are literals that mean themselves.

    >>> made = misspellings(["heroin"], frozenset({"heron"}))
    >>> made["heorin"][0], made["her oin"][0], "heron" in made, made["nioreh"][1].value
    ('heroin', 'heroin', False, 'backwards')
    """
    words = sorted(set(words))
    known = ordinary.union(words)
    made: dict[str, tuple[str, Misspelt]] = {}
    for word in words:
        if not (word.isascii() and word.replace(" ", "").isalpha()) or len(word) < SHORTEST:
            continue
        for literal, how in _phrase(word) if " " in word else _word(word):
            if literal not in known:
                made.setdefault(literal, (word, how))
    return made


def _phrase(phrase: str) -> Iterator[tuple[str, Misspelt]]:
    yield phrase.replace(" ", ""), Misspelt.SPELT
    yield phrase[::-1], Misspelt.BACKWARDS


def _word(word: str) -> Iterator[tuple[str, Misspelt]]:
    yield word[::-1], Misspelt.BACKWARDS
    yield word[::-1].translate(TURNED), Misspelt.BACKWARDS
    yield from ((digit + word[1:], Misspelt.SPELT) for digit in _DIGITS.get(word[0], ""))
    yield from ((word[:-1] + digit, Misspelt.SPELT) for digit in _DIGITS.get(word[-1], ""))
    for i, letter in enumerate(word):
        before, after = word[:i], word[i + 1 :]
        if after:
            yield before + after[0] + letter + after[1:], Misspelt.SPELT
        if letter != word[i - 1 : i]:
            yield before + letter + letter + after, Misspelt.SPELT
        if not before:
            continue
        if after or letter != "s":  # "a skull's" has no letter in disguise
            yield from ((before + mark + letter + after, Misspelt.SPELT) for mark in " .'")
        if letter in _DROPPED:
            yield before + after, Misspelt.SPELT
        if letter in _COVERED and after:
            yield f"{before} {after}", Misspelt.COVERED
            yield f"{before}.{after}", Misspelt.SPELT
        if letter in "il" and after[:1] in ("i", "l") and after[1:]:
            yield f"{before} {after[1:]}", Misspelt.COVERED
