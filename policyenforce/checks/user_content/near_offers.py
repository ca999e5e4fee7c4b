"""Misspelt names next to the words of an offer, where they are looked for more closely.

What is offered stands beside "for sale" or "we sell". The few words there may be compared with
every name that is known: all letters between the ends mixed, one added, lost or changed, or
spelt by its sound, and in a name of two words each of them. Anywhere else that would cost too
much, and mean too little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property, lru_cache
from itertools import pairwise, product

from policyenforce.checks.user_content.slips import is_near, is_slip
from policyenforce.checks.user_content.spellings import sound

OFFERS = (
    "for sale", "on sale", "in stock", "available", "selling", "we sell", "i sell", "buy ",
    "order ", "get ", "ships ", "shipped", "delivery", "delivered", "dispatch", "worldwide",
    "discount", "cheap",
)  # fmt: skip
"""Words beside which a name is what is offered."""
_REACH = 40  # bytes on each side
_MOST = 4  # words on each side
_SHORTEST, _SHORT = 4, 5  # letters of a word of a name; a shorter one tells nothing alone
_MIXED = 6  # letters of a word that is known when those between the ends are mixed
_BARE = 3  # consonants of a word without its vowels
_NO_VOWELS = str.maketrans("", "", "aeiou")
_REMEMBERED = 32_768  # tokens
_WORD = re.compile(rb"(?<![a-z0-9\x80-\xff])[a-z]+(?![a-z0-9\x80-\xff])")
_COMPOUND = 10  # letters of two words run together that are no common compound

Change = tuple[int, int, str]
_Unit = tuple[int, int, tuple[str, ...]]  # start, end, and the words that it can be


class NearOffers:
    """Names, as they are looked up by what a misspelling leaves of them.

    ``telling`` words are enough alone; of a name of two words both must be meant. ``ordinary``
    words mean themselves.
    """

    def __init__(
        self, telling: Iterable[str], names: Iterable[Sequence[str]], ordinary: Set[str]
    ) -> None:
        self._telling = frozenset(w for w in telling if w.isascii() and w.isalpha())
        self._names = list(names)
        self._ordinary = ordinary
        self.meant = lru_cache(maxsize=_REMEMBERED)(self._meant)

    def changes(self, form: bytes, start: int, end: int) -> Iterator[Change]:
        """The misspelt names about an offer at a place of folded bytes: where, and what is meant.

        >>> near = NearOffers(["heroin"], [("stun", "gun")], {"heron"})
        >>> texts = (b"buy horien", b"buy heron", b"buy sutn gun")
        >>> [list(near.changes(text, 0, 3)) for text in texts]
        [[(4, 10, 'heroin')], [], [(4, 8, 'stun')]]
        """
        begin = max(0, start - _REACH)
        before = [(m.start(), m.group()) for m in _WORD.finditer(form, begin, start)]
        after = [(m.start(), m.group()) for m in _WORD.finditer(form, end, end + _REACH)]
        for side in (before[-_MOST:], after[:_MOST]):
            for first, last, word in self._side([(at, w.decode()) for at, w in side]):
                if form[first:last] != word.encode():
                    yield first, last, word

    def _side(self, words: Sequence[tuple[int, str]]) -> Iterator[Change]:
        for place, word in words:
            yield place, place + len(word), self._alone(word)
        whole = [(place, place + len(word), self.meant(word)) for place, word in words]
        parts = [
            (place, behind + len(two), (one + two,))
            for (place, one), (behind, two) in pairwise(words)
            if behind - place - len(one) == 1 and self._is_split(one, two)
        ]
        for first, second in ((whole, whole), (parts, whole), (whole, parts)):
            for unit, other in product(first, second):
                if other[0] - unit[1] == 1:
                    yield from self._pair(unit, other)

    def _alone(self, token: str) -> str:
        """The telling word or the name run together that a token stands for, or itself."""
        words = self.meant(token) if len(token) >= _SHORT else ()
        return (
            next((word for word in words if word in self._telling), "")
            or self._parted(token)
            or token
        )

    def _parted(self, token: str) -> str | None:
        if len(token) < _COMPOUND or token in self._ordinary:
            return None
        ways = ((token[:i], token[i:]) for i in range(_BARE, len(token) - _BARE + 1))
        named = (f"{a} {b}" for a, b in ways if b in self._followers.get(a, frozenset()))
        return next(named, None)

    def _is_split(self, one: str, two: str) -> bool:
        """True for two pieces of a word of a name that are not both words of their own."""
        known = one + two in self._followed
        return known and not {one, two} <= (self._ordinary | self._followed)

    def _pair(self, one: _Unit, two: _Unit) -> Iterator[Change]:
        """What is meant by two tokens next to each other that may be the words of a name."""
        for first in one[2]:
            for second in self._followers.get(first, frozenset()).intersection(two[2]):
                yield one[0], one[1], first
                yield two[0], two[1], second

    def _meant(self, token: str) -> tuple[str, ...]:
        """The words that a token can be; only itself where it is known."""
        if token in self._ordinary or token in self._telling or token in self._followed:
            return (token,)
        if len(token) < _BARE:
            return (token,)
        words = (word for key in _keys(token) for word in self._by_key.get(key, ()))
        return tuple(dict.fromkeys(word for word in words if _may_be(token, word)))

    @cached_property
    def _followers(self) -> Mapping[str, frozenset[str]]:
        """The first word of a name → the second ones."""
        made: dict[str, set[str]] = {}
        for name in self._names:
            if len(name) == 2 and "".join(name).isascii() and "".join(name).isalpha():
                made.setdefault(name[0], set()).add(name[1])
        return {word: frozenset(others) for word, others in made.items()}

    @cached_property
    def _followed(self) -> frozenset[str]:
        return frozenset(self._followers).union(*self._followers.values())

    @cached_property
    def _by_key(self) -> Mapping[str, list[str]]:
        made: dict[str, list[str]] = {}
        for word in sorted(self._telling | self._followed):
            for key in _keys(word) if len(word) >= _SHORTEST else ():
                made.setdefault(key, []).append(word)
        return made


def _keys(word: str) -> Iterator[str]:
    """What a word shares with its misspellings."""
    yield f"%{sound(word)}"
    yield f"~{word[0]}{''.join(sorted(word[1:-1]))}{word[-1]}"
    yield f"-{word}"
    yield from (f"-{word[:i]}{word[i + 1 :]}" for i in range(1, len(word) - 1))
    bare = word.translate(_NO_VOWELS)
    if len(bare) >= _BARE and word[0] == bare[0]:
        yield f"!{bare}"


def _may_be(token: str, word: str) -> bool:
    """True for one letter off; in a longer word for letters mixed, or spelt by the same sound.

    In a short word a letter is changed only for one beside it on the keyboard, or it is another
    word; one without its vowels is none.
    """
    if is_slip(token, word):
        if len(word) < _SHORT:
            return len(token) >= len(word) and set(token) >= set(word)
        return len(word) > _MIXED or len(token) != len(word) or is_near(token, word)
    if token == word.translate(_NO_VOWELS):
        return True
    mixed = token[0] == word[0] and token[-1] == word[-1] and sorted(token) == sorted(word)
    return len(word) >= _MIXED and (mixed or (len(word) > _MIXED and sound(token) == sound(word)))
