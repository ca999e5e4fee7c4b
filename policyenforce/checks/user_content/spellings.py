"""Wrong spellings of a telling word that nothing but the word itself gives away.

A list of literals costs a scan almost nothing, whereas looking at each token of each text costs
more than the scan. So the misspellings of the few hundred words that people disguise are looked
for as they are: turned round, split, with a letter doubled, dropped, swapped or covered.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from enum import Enum

SHORTEST = 4  # letters of a word whose misspellings are looked for
_SHORTEST_LITERAL = 4  # letters; shorter ones stand in too many texts
_COVERED = "aeioul"  # letters that a dash or a bar is put for; it folds to a blank
_DROPPED = "aeiou"
_DIGITS = {
    "a": "4@", "b": "8", "c": "(", "e": "3", "g": "9", "i": "1!", "l": "1", "o": "0", "s": "5$",
    "t": "7",
}  # fmt: skip
_SOUNDS = (
    ("ck", "k"), ("c", "k"), ("c", "s"), ("k", "c"), ("ph", "f"), ("f", "ph"), ("s", "z"),
    ("z", "s"), ("x", "ks"), ("qu", "kw"), ("y", "i"), ("i", "y"), ("i", "ee"), ("oo", "u"),
    ("ee", "i"), ("ou", "u"), ("tion", "shun"), ("er", "a"), ("er", "ah"),
)  # fmt: skip
_TWICE = re.compile(r"(.)\1")
_NO_VOWELS = str.maketrans("", "", _DROPPED)
_UPSIDE_DOWN = str.maketrans("bdnpqu", "qpudbn")  # the rest of what turns into another plain letter
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_THIRTEEN = str.maketrans(_ALPHABET, _ALPHABET[13:] + _ALPHABET[:13])


class Misspelt(Enum):
    """How a literal stands for a telling word."""

    SPELT = "spelt"
    COVERED = "covered"
    TURNED = "turned"  # backwards, upside down, or thirteen letters further
    ENCODED = "encoded"  # the beginning of its base64 form, in small letters


def misspellings(words: Iterable[str], ordinary: frozenset[str]) -> dict[str, tuple[str, Misspelt]]:
    """Literal → the word and how it is written; ``ordinary`` are literals that mean themselves.

    >>> made = misspellings(["heroin"], frozenset({"heron"}))
    >>> made["heorin"][0], made["her oin"][0], "heron" in made, made["nioreh"][1].value
    ('heroin', 'heroin', False, 'turned')
    """
    words = sorted(set(words))
    known = ordinary.union(words)
    made: dict[str, tuple[str, Misspelt]] = {}
    for word in words:
        if not (word.isascii() and word.replace(" ", "").isalpha()) or len(word) < SHORTEST:
            continue
        for literal, how in _phrase(word) if " " in word else _word(word):
            if literal not in known and len(literal) > _SHORTEST_LITERAL:
                made.setdefault(literal, (word, how))
    return made


def turns(word: str) -> Iterator[str]:
    """What a word becomes backwards, upside down, and thirteen letters further.

    >>> list(turns("drug"))
    ['gurd', 'gnrp', 'qeht']
    """
    yield word[::-1]
    yield word[::-1].translate(_UPSIDE_DOWN)
    yield word.translate(_THIRTEEN)


def _phrase(phrase: str) -> Iterator[tuple[str, Misspelt]]:
    yield phrase.replace(" ", ""), Misspelt.SPELT
    yield from ((turned, Misspelt.TURNED) for turned in turns(phrase))
    yield from _encoded(phrase)


def _word(word: str) -> Iterator[tuple[str, Misspelt]]:
    yield from ((turned, Misspelt.TURNED) for turned in turns(word))
    yield from _encoded(word)
    yield from ((literal, Misspelt.SPELT) for literal in _as_heard(word))
    yield from ((literal, Misspelt.SPELT) for literal in _letters_changed(word))
    for i, letter in enumerate(word):
        before, after = word[:i], word[i + 1 :]
        if before and after and letter in _COVERED:
            yield f"{before} {after}", Misspelt.COVERED


def _letters_changed(word: str) -> Iterator[str]:
    """A letter written as a digit, swapped, doubled or lost, and the word in two pieces."""
    yield from (digit + word[1:] for digit in _DIGITS.get(word[0], ""))
    yield from (word[:-1] + digit for digit in _DIGITS.get(word[-1], ""))
    yield "".join(letter * 2 if letter in _DROPPED else letter for letter in word)
    yield "".join(letter * 2 for letter in word)
    consonants = word[0] + word[1:].translate(_NO_VOWELS)
    yield consonants
    for i, letter in enumerate(word):
        before, after = word[:i], word[i + 1 :]
        if after:
            yield before + after[0] + letter + after[1:]
        if letter != word[i - 1 : i]:
            yield before + letter + letter + after
        if before and (after or letter != "s"):  # "a skull's" has no letter in disguise
            yield f"{before} {letter}{after}"
        if before and letter in _DROPPED:
            yield before + after


def _as_heard(word: str) -> Iterator[str]:
    """The word spelt by its sound: one sound otherwise, or all of them."""
    every = word
    for sound, spelling in _SOUNDS:
        if sound in word:
            yield word.replace(sound, spelling, 1)
            yield word.replace(sound, spelling)
            every = every.replace(sound, spelling)
    yield every
    yield _TWICE.sub(r"\1", word)


def _encoded(phrase: str) -> Iterator[tuple[str, Misspelt]]:
    whole = len(phrase) // 3 * 3  # what three letters become does not depend on the rest
    for written in (phrase, phrase.capitalize()):
        yield (
            b64encode(written[:whole].encode()).decode().lower().replace("/", " "),
            Misspelt.ENCODED,
        )
