"""A long telling word that is one letter off: found by the half of it that is still right.

A letter lost, added or changed, or two swapped, leaves the beginning or the end of a word as it
was. So both are looked for as literals, and only the token about one of them is compared with the
word. A slip in the middle, which spoils both, is itself a literal. The first and the last letter
must be right: what differs there is mostly another word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from functools import lru_cache

SHORTEST = 5  # letters of a word or of a spelling that few others resemble
_SURE = 7  # letters of one that hardly any other resembles that has a letter more
_PIECE = 5  # letters of a beginning or an end; shorter ones stand in every second text
_REMEMBERED = 8_192  # tokens
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SHIFT = 0.4  # of a key's width, by which each row of keys lies further to the right
_REACH = 1.1  # widths between a key and its neighbours


class Slips:
    """Words with one letter off, found by pieces of them.

    ``ordinary`` words mean themselves, and no piece is looked for that stands in a ``common`` one.
    ``pieces`` are beginnings and ends; ``spoilt`` are the spellings that hold neither, with what
    is meant.
    """

    def __init__(self, words: Iterable[str], ordinary: Set[str], common: Iterable[str]) -> None:
        self._ordinary = ordinary
        self._pieces_of: dict[str, tuple[str, str]] = {}
        self.pieces: dict[str, list[str]] = {}
        self.meant = lru_cache(maxsize=_REMEMBERED)(self._meant)
        stands = " ".join(common)
        for word in sorted(words):
            if len(word) >= SHORTEST and word.isascii() and word.isalpha():
                self._add(word, stands)
        self.spoilt = {
            spelling: word
            for word, (start, end) in self._pieces_of.items()
            if (start and end) or len(word) < _SURE
            for spelling in slips(word, len(word) - len(end or word), len(start or word))
            if spelling not in ordinary and len(spelling) >= SHORTEST
        }

    def _add(self, word: str, common: str) -> None:
        sizes = range(_PIECE, len(word) - 1)
        starts = (word[:size] for size in sizes)
        ends = (word[-size:] for size in sizes)
        pieces = tuple(
            next((p for p in choice if p not in common and p not in self._ordinary), "")
            for choice in (starts, ends)
        )
        self._pieces_of[word] = pieces[0], pieces[1]
        for piece in filter(None, dict.fromkeys(pieces)):
            self.pieces.setdefault(piece, []).append(word)

    def finds(self, spelling: str, word: str) -> bool:
        """True for one letter off in a word of which a piece is still right."""
        start, end = self._pieces_of.get(word, ("", ""))
        right = (start and spelling.startswith(start)) or (end and spelling.endswith(end))
        return bool(right) and spelling.isalpha() and is_slip(spelling, word)

    def _meant(self, token: str, piece: str) -> str | None:
        """The word that a token with this piece of it is meant to be, or None.

        >>> Slips(["silencer"], {"silences"}, ["music"]).meant("silwncer", "encer")
        'silencer'
        """
        if token in self._ordinary or not token.isalpha():
            return None
        return next((word for word in self.pieces[piece] if is_slip(token, word)), None)


def slips(word: str, first: int, last: int) -> Iterator[str]:
    """A word with one of the letters from ``first`` to ``last`` lost or hit beside its key.

    Or, in a long word, with one added between them; its first and last letter stay as they are.

    >>> made = set(slips("silencer", 3, 5))
    >>> "silncer" in made, "silwncer" in made, "silexncer" in made, "silencr" in made
    (True, True, True, False)
    """
    for i in range(max(1, first), min(last, len(word) - 1)):
        before, after = word[:i], word[i + 1 :]
        yield before + after
        yield from (before + near + after for near in _NEAR[word[i]])
    for i in range(max(1, first + 1), min(last, len(word))) if len(word) >= _SURE else ():
        yield from (word[:i] + added + word[i:] for added in _NEAR)


def is_slip(token: str, word: str) -> bool:
    """True for a word with one letter lost, added, changed or swapped, its ends as they are.

    >>> [is_slip(token, "silencer") for token in ("sielncer", "silencr", "silencer", "dancer")]
    [True, True, False, False]
    """
    if abs(len(token) - len(word)) > 1 or token[:1] != word[:1] or token[-1:] != word[-1:]:
        return False
    start = _alike(token, word)
    end = min(_alike(token[::-1], word[::-1]), min(len(token), len(word)) - start)
    odd, right = token[start : len(token) - end], word[start : len(word) - end]
    one = max(len(odd), len(right)) == 1
    return one or (len(odd) == 2 and odd == right[::-1])


def _alike(one: str, two: str) -> int:
    """How many letters two words begin with alike."""
    pairs = zip(one, two, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(two)))


def _near_keys() -> dict[str, str]:
    places = {
        key: (row, column + row * _SHIFT)
        for row, keys in enumerate(_KEYS)
        for column, key in enumerate(keys)
    }
    return {
        key: "".join(
            other
            for other, (r, c) in places.items()
            if other != key and abs(r - row) <= 1 and abs(c - column) < _REACH
        )
        for key, (row, column) in places.items()
    }


_NEAR = _near_keys()
