"""Names of everyday words written otherwise as a whole: no word of theirs gives them away.

Where a name holds a telling or a watched word, its disguise is found by that word. A name of
everyday words has none, so it is itself looked for: turned round, run together, or with
a word of it in two pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain

from policyenforce.checks.user_content.spellings import Misspelt, encoded, turns

_LONG = 5  # letters of a word that is itself seen when it is turned round
_MOST_WORDS, _MOST_TURNED = 3, 5  # words of a name that is looked for whole, or by one of them
_SHORTEST = 8  # letters of a name that is no compound when it is run together
_SHORTEST_SAID = 7  # letters of what is said when it is run together
_SHORTEST_TURNED = 5  # letters of one that is turned round
_MOST_SAID, _MOST_JOINED = 6, 4  # words of what is said, and of a name, that is looked for whole
_MOST = 7  # letters of a piece of a frequent word
_ALONE = frozenset("ai")  # letters that are words


def wholes(
    phrases: Iterable[str],
    names: Iterable[Sequence[str]],
    telling: Set[str],
    inside: Set[str],
    never: Set[str],
    ordinary: Set[str],
    said: Iterable[str] = (),
) -> dict[str, tuple[str, Misspelt]]:
    """Literal → the name or word and how it stands for it.

    Of ``phrases`` a longest word turned round is looked for, of ``names`` more; both only where
    they hold no long ``telling`` word, by which they are seen; of those run together, where they
    hold none that is found ``inside`` a token. Words that ``never`` tell are not taken apart;
    ``ordinary`` spellings mean themselves. What is ``said`` is looked for run together and, where
    all its words are short, turned round and encoded as a whole.

    >>> made = wholes(["know where you live"], [["pipe", "bomb"]], set(), set(), set(), {"pipe"})
    >>> made["bmob epip"][0], made["pi pe bomb"][0], made["erehw"][1].value
    ('pipe bomb', 'pipe bomb', 'turned')
    """
    seen = {word for word in telling if len(word) >= _LONG}
    parted = {word for word in inside if len(word) >= _LONG}
    made: dict[str, tuple[str, Misspelt]] = {}
    for phrase in phrases:
        words = phrase.split(" ")
        if 1 < len(words) <= _MOST_TURNED and _is_plain(words) and seen.isdisjoint(words):
            longest = max(words, key=len)
            if len(longest) >= _LONG:
                made.update((turned, (longest, Misspelt.TURNED)) for turned in turns(longest))
                made.update((digits, (longest, Misspelt.ENCODED)) for digits in encoded(longest))
    for parts in names:
        if len(parts) <= _MOST_JOINED and _is_plain(parts) and parted.isdisjoint(parts):
            name = " ".join(parts)
            made.update((literal, (name, Misspelt.SPELT)) for literal in _together(parts))
        if len(parts) <= _MOST_WORDS and _is_plain(parts) and seen.isdisjoint(parts):
            name = " ".join(parts)
            written = chain(_turned(parts), _in_pieces(parts, never, ordinary))
            made.update((literal, (name, Misspelt.SPELT)) for literal in written)
            if max(map(len, parts)) < _LONG:
                made.update((digits, (name, Misspelt.ENCODED)) for digits in encoded(name))
    for phrase in said:
        words = phrase.split(" ")
        if 1 < len(words) <= _MOST_SAID and _is_plain(words):
            if parted.isdisjoint(words):
                joined = _together(words, _SHORTEST_SAID)
                made.update((literal, (phrase, Misspelt.SPELT)) for literal in joined)
            if seen.isdisjoint(words) and max(map(len, words)) < _LONG:
                made.update((literal, (phrase, how)) for literal, how in _turned_whole(words))
    return {literal: meant for literal, meant in made.items() if literal not in ordinary}


def _is_plain(parts: Sequence[str]) -> bool:
    return all(part.isascii() and part.isalpha() for part in parts)


def _together(parts: Sequence[str], shortest: int = _SHORTEST) -> Iterator[str]:
    """A name without its blanks, if it is longer than a compound."""
    if sum(map(len, parts)) >= shortest:
        yield "".join(parts)


def _turned_whole(words: Sequence[str]) -> Iterator[tuple[str, Misspelt]]:
    """A phrase of short words turned round and encoded."""
    phrase = " ".join(words)
    if len(phrase) > _SHORTEST_TURNED:
        yield from ((turned, Misspelt.SPELT) for turned in turns(phrase))
        yield from ((digits, Misspelt.ENCODED) for digits in encoded(phrase))


def _turned(parts: Sequence[str]) -> Iterator[str]:
    """All of a name of short words turned at once, and its words each in its place."""
    if max(map(len, parts)) < _LONG and sum(map(len, parts)) >= _SHORTEST_TURNED:
        yield from turns(" ".join(parts))
        yield from map(" ".join, zip(*map(turns, parts), strict=True))


def _in_pieces(parts: Sequence[str], never: Set[str], ordinary: Set[str]) -> Iterator[str]:
    """A name of two words with a blank inside the longer, unless both pieces are words.

    Of a word that stands in every second text both pieces are short: most of it is that word.
    """
    if len(parts) != 2:
        return
    word = max(parts, key=lambda part: (part not in never, len(part)))
    word = max(parts, key=len) if len(word) < _LONG else word
    before, after = ("", f" {parts[1]}") if word is parts[0] else (f"{parts[0]} ", "")
    for i in range(1, len(word)):
        pieces = word[:i], word[i:]
        if word in never and not (1 < i < len(word) - 1 and len(pieces[1]) < _MOST):
            continue
        if pieces[1] != "s" and not all(piece in ordinary or piece in _ALONE for piece in pieces):
            yield f"{before}{pieces[0]} {pieces[1]}{after}"
