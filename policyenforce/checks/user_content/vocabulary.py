"""The words of the lexicon, looked up by what a disguise leaves of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache

from policyenforce.checks.user_content.spellings import turns

_SHORTEST = 4  # letters of a word worth uncovering
_SURE = 6  # letters of a word that may be written with digits for the most part
_MOST_LOST = 2
_REMEMBERED = 32_768  # tokens
_MIXED = 6  # letters of a word that is known when those between the ends are mixed
_LONGEST = 64
_LONGEST_PIECE = 20
_JOINTS = str.maketrans("", "", ".*~^+# _,'`()[]{}<>:;\"=|")
_KEPT = str.maketrans("", "", ".*~^ _,'`)[]{}<>:;\"=")  # less "(", "+" and "#": letters, at times
# Signs that are put for a letter stand in one class with it: i, l, 1 and ! are read alike.
_ALIKE = ("li1!|£", "o0", "e3€", "a4@", "s5$", "t7+", "b8", "g9", "c(©", "z2", "r®", "h#")
_CLASSES = str.maketrans({sign: signs[0] for signs in _ALIKE for sign in signs})
_LOST = str.maketrans("", "", "aeioul")  # letters that are left out, or that a bar is put for
_TRIPLED = re.compile(r"(.)\1\1|(?:(.)\2){3}")
_REPEATS = re.compile(r"(.)\1+")
_COVERING = re.compile(r"[*#^~+.]")
_SMALL = frozenset(("i", "me", "my", "to", "us", "on", "in", "at", "we", "it"))


def squeeze(word: str) -> str:
    """A word with each run of one letter written once.

    >>> squeeze("kiiilll")
    'kil'
    """
    return _REPEATS.sub(r"\1", word)


class Vocabulary:
    """The words and phrases of the lexicon, as disguises are looked up.

    ``telling`` words are those that nobody writes by chance; ties fall to them. ``pieces`` are
    other words that may stand in a token with them: ``buycocaine``.
    """

    def __init__(
        self, phrases: Iterable[str], telling: Iterable[str] = (), pieces: Iterable[str] = ()
    ) -> None:
        self._phrases = sorted({phrase.rstrip("*") for phrase in phrases})
        self.telling = frozenset(telling)
        self._pieces = frozenset(pieces)
        self.all_words = frozenset(
            w for phrase in self._phrases for w in phrase.split(" ") if w.isascii() and w.isalpha()
        ) | {w for phrase in self.telling for w in phrase.split(" ")}
        # The same ordinary words stand beside telling ones all day long.
        self._meant = lru_cache(maxsize=_REMEMBERED)(self._meant_by)
        self._words = sorted(
            (w for w in self.all_words if len(w) >= _SHORTEST),
            key=lambda w: (w in self.telling, w),
        )

    @cached_property
    def _joined(self) -> dict[str, str]:
        """A phrase without blanks → the phrase."""
        return {
            phrase.replace(" ", ""): phrase
            for phrase in self._phrases
            if " " in phrase and phrase.isascii() and len(phrase) > _SHORTEST
        }

    @cached_property
    def _classed(self) -> dict[str, str]:
        """A word, or a phrase without blanks, in classes of like signs → itself."""
        joined = {bare.translate(_CLASSES): phrase for bare, phrase in self._joined.items()}
        short = {word.translate(_CLASSES): word for word in self.all_words if len(word) == 3}
        return short | joined | {word.translate(_CLASSES): word for word in self._words}

    @cached_property
    def _squeezed(self) -> dict[str, str]:
        return {squeeze(word): word for word in self._words}

    @cached_property
    def _by_shape(self) -> dict[tuple[int, str], list[str]]:
        """Length and first letter → words, the telling ones first."""
        shapes: dict[tuple[int, str], list[str]] = {}
        for word in reversed(self._words):
            shapes.setdefault((len(word), word[0]), []).append(word)
        return shapes

    @cached_property
    def _by_letters(self) -> dict[str, list[str]]:
        """Sorted letters → words."""
        return _grouped(self._words, _sorted)

    @cached_property
    def _by_skeleton(self) -> dict[str, list[str]]:
        return _grouped(self._words, _skeleton)

    def uncover(self, token: str, *, beside: bool = False) -> str | None:
        """The word or phrase a disguised token stands for, or None.

        A token ``beside`` one in disguise may be as short as "y0u".

        >>> Vocabulary(["cocaine"]).uncover("c0c4iiine")
        'cocaine'
        """
        bare = token.translate(_JOINTS)
        if bare == token and bare in self.all_words:
            return None
        return (
            self._plainly(bare, beside)
            or self._in_signs(token, bare, beside)
            or self._covered(token)
        )

    def _plainly(self, bare: str, beside: bool) -> str | None:
        if len(bare) < _SHORTEST - beside or not bare.isalpha():
            return None
        if bare in self.all_words:
            return bare
        if bare in self._joined:
            return self._joined[bare]
        if not _TRIPLED.search(bare):
            return None
        short = squeeze(bare)
        return self._squeezed.get(short) or (short if beside and short in self.all_words else None)

    def _in_signs(self, token: str, bare: str, beside: bool) -> str | None:
        bare = token.translate(_KEPT)
        letters = sum(char.isalpha() for char in bare)
        if len(bare) < _SHORTEST - beside or letters == len(bare) or not letters:
            return None
        found = self._classed.get(bare.translate(_CLASSES))
        if found is None and _TRIPLED.search(bare):
            found = self._squeezed_classes.get(squeeze(bare.translate(_CLASSES)))
        few = letters * 2 < len(bare)
        sure = len(bare) >= _SURE and (letters > 1 or found in self.telling)
        return found if sure or not few else None

    @cached_property
    def _squeezed_classes(self) -> dict[str, str]:
        return {squeeze(word.translate(_CLASSES)): word for word in self._words}

    def _covered(self, token: str) -> str | None:
        """The word of which signs cover letters: ``c*c*ine``."""
        shape = _COVERING.sub(".", token.replace("(", "").rstrip("."))  # a full stop covers nothing
        seen = sum(char.isalpha() for char in shape)
        if "." not in shape or seen < 2 or seen * 5 < len(shape) * 2 or not shape[0].isalpha():
            return None
        if not all(char.isalpha() or char == "." for char in shape):
            return None
        pattern = re.compile(shape)
        words = self._by_shape.get((len(shape), shape[0]), ())
        return next((word for word in words if pattern.fullmatch(word)), None)

    @cached_property
    def _partners(self) -> dict[str, set[str]]:
        """A telling word or phrase → the words that stand in one phrase with it."""
        telling = {phrase.partition(" ")[0] for phrase in self.telling}
        partners: dict[str, set[str]] = {}
        for phrase in self._phrases:
            words = phrase.split(" ")
            for word in telling.intersection(words) if len(words) > 1 else ():
                partners.setdefault(word, set()).update(words)
        return partners

    def misspelt(self, token: str, beside: str) -> str | None:
        """The word that a token near a telling one is meant to be: letters swapped or lost.

        Only a word that stands in one phrase with the telling one is meant.

        >>> words = Vocabulary(["replica watches", "old clocks"], ["replica"])
        >>> words.misspelt("wacthes", "replica"), words.misspelt("clcoks", "replica")
        ('watches', None)
        """
        if len(token) < _SHORTEST - 1 or token in self.all_words:
            return None
        word = self._meant(token)
        return word if word in self._partners.get(beside.partition(" ")[0], ()) else None

    def _meant_by(self, token: str) -> str | None:
        if not token.isalpha():
            return None
        swapped = (w for w in self._by_letters.get(_sorted(token), ()) if _one_swap(token, w))
        mixed = (w for w in self._by_letters.get(_sorted(token), ()) if _same_ends(token, w))
        lost = (w for w in self._by_skeleton.get(_skeleton(token), ()) if _lost_few(token, w))
        doubled = self._squeezed.get(squeeze(token))
        if doubled is not None and len(doubled) < len(token):
            return doubled
        return next(swapped, None) or next(mixed, None) or next(lost, None)

    def turned(self, token: str) -> str | None:
        """The word that a token is backwards, upside down or thirteen letters further, or None.

        >>> Vocabulary(["fake passport"]).turned("ekaf")
        'fake'
        """
        if len(token) > 1 and token in self.all_words:
            return None
        return next((word for word in turns(token) if word in self.all_words), None)

    def parted(self, token: str) -> str | None:
        """The words that a token is made of, one of them telling, or None.

        >>> Vocabulary(["buy fake passport"], ["passport"]).parted("fakepassport")
        'fake passport'
        """
        if len(token) > _LONGEST:
            return None
        best: list[Sequence[str] | None] = [()]
        for end in range(1, len(token) + 1):
            ways = (
                (*before, token[start:end])
                for start in range(max(0, end - _LONGEST_PIECE), end)
                if (before := best[start]) is not None and self._is_piece(token[start:end])
            )
            best.append(min(ways, key=len, default=None))
        pieces = best[-1]
        if pieces is None or len(pieces) < 2 + any(piece in _SMALL for piece in pieces):
            return None  # a plant's name may end like a poison's and "us"
        words = " ".join(pieces)
        return words if any(phrase in words for phrase in self.telling) else None

    def _is_piece(self, piece: str) -> bool:
        return (
            piece.isdigit()
            or piece in _SMALL
            or (len(piece) > 2 and (piece in self.all_words or piece in self._pieces))
        )


def _grouped(words: Iterable[str], key: Callable[[str], str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(key(word), []).append(word)
    return groups


def _sorted(word: str) -> str:
    return "".join(sorted(word))


def _skeleton(word: str) -> str:
    return word[:1] + word[1:].translate(_LOST)


def _one_swap(token: str, word: str) -> bool:
    other = [i for i, (one, two) in enumerate(zip(token, word, strict=True)) if one != two]
    return len(other) == 2 and other[1] == other[0] + 1


def _same_ends(token: str, word: str) -> bool:
    return len(word) >= _MIXED and (token[0], token[-1]) == (word[0], word[-1])


def _lost_few(token: str, word: str) -> bool:
    """True when the token is the word less one or two letters."""
    letters = iter(word)
    return 0 < len(word) - len(token) <= _MOST_LOST and all(char in letters for char in token)
