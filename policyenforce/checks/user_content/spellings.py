"""Wrong spellings of a telling word that nothing but the word itself gives away.

A list of literals costs a scan almost nothing, whereas looking at each token of each text costs
more than the scan. So the misspellings of the few hundred words that people disguise are looked
for as they are: turned round, split, with a letter doubled, dropped, swapped or covered.
"""

from __future__ import annotations

import re
import tomllib
from base64 import b64encode
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cache
from importlib.resources import files
from itertools import chain, permutations

SHORTEST = 4  # letters of a word whose misspellings are looked for
_SHORTEST_LITERAL = 4  # letters; shorter ones stand in too many texts
_SHORTEST_CODE = 6  # base64 digits
_MIXED = 5  # letters of a word that is looked for with those between its ends mixed
_AMONG_LETTERS = re.compile(r"[a-z][0-9+]+[a-z]")
_COVERED = "aeioul"  # letters that a dash or a bar is put for; it folds to a blank
_DROPPED = "aeiou"
_VOWELS = frozenset("aeiouy")
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
    ENCODED = "encoded"  # a piece of its base64 form, in small letters
    TURNED = "turned"  # backwards, upside down, or thirteen letters further


def misspellings(
    words: Iterable[str], ordinary: frozenset[str], watched: Iterable[str] = ()
) -> dict[str, tuple[str, Misspelt]]:
    """Literal → the word and how it is written; ``ordinary`` are literals that mean themselves.

    Of the ``watched`` words only what they become as a whole is looked for: what is misspelt in
    them is found by the words beside them.

    >>> made = misspellings(["heroin"], frozenset({"heron"}), ["narwhal"])
    >>> made["heorin"][0], made["her oin"][0], "heron" in made, made["nioreh"][1].value
    ('heroin', 'heroin', False, 'turned')
    >>> made["lahwran"][0], "narwahl" in made
    ('narwhal', False)
    """
    telling, watched = sorted(set(words)), sorted(set(watched).difference(words))
    known = ordinary.union(telling, watched)
    made: dict[str, tuple[str, Misspelt]] = {}
    for word, spelt in chain(((w, True) for w in telling), ((w, False) for w in watched)):
        if not (word.isascii() and word.replace(" ", "").isalpha()) or len(word) < SHORTEST:
            continue
        for literal, how in _whole(word) if " " in word or not spelt else _word(word):
            if literal not in known and _is_rare(literal):
                made.setdefault(literal, (word, how))
    return made


def _is_rare(literal: str) -> bool:
    """True for one that is long, or holds a digit or no vowel: no word is written so."""
    if len(literal) != _SHORTEST_LITERAL or " " in literal:
        return len(literal) > _SHORTEST_LITERAL
    return not literal.isalpha() or _VOWELS.isdisjoint(literal)


def turns(word: str) -> Iterator[str]:
    """What a word becomes backwards, upside down, and thirteen letters further.

    >>> list(turns("drug"))
    ['gurd', 'gnrp', 'qeht']
    """
    yield word[::-1]
    yield word[::-1].translate(_UPSIDE_DOWN)
    yield word.translate(_THIRTEEN)


def ordinary_words() -> frozenset[str]:
    """Spellings that look like a telling word misspelt, and mean themselves."""
    return _words("ordinary")


def everyday_words() -> frozenset[str]:
    """Words that stand in many listings: what is near them is looked at only for want of others."""
    return _words("everyday")


def frequent_words() -> frozenset[str]:
    """Words that stand in nearly every listing, at the end of phrases and elsewhere."""
    return _words("frequent")


def resembling_words() -> frozenset[str]:
    """Words of many texts that begin or end as a telling word does."""
    return _words("resembling")


@cache
def _words(kind: str) -> frozenset[str]:
    source = files("policyenforce.checks.user_content") / "lexicon" / "spellings.toml"
    return frozenset(tomllib.loads(source.read_text(encoding="utf-8"))[kind])


def _whole(word: str) -> Iterator[tuple[str, Misspelt]]:
    if " " in word:
        yield word.replace(" ", ""), Misspelt.SPELT
    yield from ((turned, Misspelt.TURNED) for turned in turns(word))
    yield from ((digits, Misspelt.ENCODED) for digits in encoded(word))


def _word(word: str) -> Iterator[tuple[str, Misspelt]]:
    yield from _whole(word)
    yield from ((literal, Misspelt.SPELT) for literal in _as_heard(word))
    yield from ((literal, Misspelt.SPELT) for literal in _letters_changed(word))
    for i, letter in enumerate(word):
        before, after = word[:i], word[i + 1 :]
        if before and after and letter in _COVERED:
            yield f"{before} {after}", Misspelt.COVERED


def _letters_changed(word: str) -> Iterator[str]:
    """A letter written as a digit, swapped, doubled or lost, and the word in two pieces.

    Of a short word all letters between the ends may be mixed; of a longer there are too many ways.
    """
    if len(word) <= _MIXED:
        inner = {"".join(mixed) for mixed in permutations(word[1:-1])}
        yield from (word[0] + mixed + word[-1] for mixed in sorted(inner))
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


def encoded(word: str) -> Iterator[str]:
    """The base64 digits that do not depend on what stands before or after the word, folded.

    Those with a digit among letters are left out: they are suspicious by themselves.
    """
    for offset, written in ((0, word), (0, word.capitalize()), (1, word), (2, word)):
        digits = b64encode(b"\0" * offset + written.encode()).decode()
        sure = digits[-(-offset * 4 // 3) : (offset + len(word)) * 4 // 3].lower()
        if len(sure) >= _SHORTEST_CODE and not _AMONG_LETTERS.search(sure):
            yield sure.replace("/", " ").strip()
