"""The words of the lexicon, looked up by what a disguise leaves of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cached_property, lru_cache
from itertools import accumulate, chain, pairwise

from policyenforce.checks.user_content.hints import hints
from policyenforce.checks.user_content.spellings import Misspelt, turns
from policyenforce.checks.user_content.traces import squeeze, traces, without_vowels
from policyenforce.checks.user_content.wholes import wholes

_SHORTEST = 4  # letters of a word worth uncovering
_SURE = 6  # letters of a word that may be written with digits for the most part
_REMEMBERED = 32_768  # tokens
_COMPOUND = 10  # letters of a token that is no common compound: "bearskin", "whalebone"
_CERTAIN = 5  # letters of a word that may be misspelt by any one letter
_LONGEST = 64
_LONGEST_PIECE = 20
_JOINTS = str.maketrans("", "", ".*~^+# _,'`()[]{}<>:;\"=|")
_KEPT = str.maketrans("", "", ".*~^ _,'`)[]{}<>:;\"=")  # less "(", "+" and "#": letters, at times
# Signs that are put for a letter stand in one class with it: i, l, 1 and ! are read alike.
_ALIKE = ("li1!|£", "o0", "e3€", "a4@", "s5$", "t7+", "b8", "g96", "c(©", "z2", "r®", "h#")
_CLASSES = str.maketrans({sign: signs[0] for signs in _ALIKE for sign in signs})
_TRIPLED = re.compile(r"(.)\1\1|(?:(.)\2){3}")
_COVERING = re.compile(r"[*#^~+.]")
_SMALL = frozenset(
    ("i", "me", "my", "to", "us", "on", "in", "at", "we", "it", "up", "do", "if", "go", "no", "of")
)
_SMALL_CLASSED = {word.translate(_CLASSES): word for word in (*_SMALL, "a")}


class Vocabulary:
    """The words and phrases of the lexicon, as disguises are looked up.

    ``telling`` words are those that nobody writes by chance; ties fall to them. ``watched`` words
    tell nothing alone, but a word near them may be misspelt. ``pieces`` are other words that may
    stand in a token with them: ``buycocaine``. ``ordinary`` words mean themselves; ``common`` ones
    stand in many texts. ``names`` are the words of names of goods, and what is next to one that
    ``never`` tells is not looked at; ``said`` are phrases that are looked for as a whole too.
    """

    def __init__(
        self,
        phrases: Iterable[str],
        telling: Iterable[str] = (),
        watched: Iterable[str] = (),
        pieces: Iterable[str] = (),
        ordinary: Iterable[str] = (),
        common: Iterable[str] = (),
        names: Iterable[Sequence[str]] = (),
        never: Set[str] = frozenset(),
        said: Sequence[str] = (),
    ) -> None:
        self._phrases = sorted({phrase.rstrip("*") for phrase in phrases})
        self.telling = frozenset(telling)
        self.watched = frozenset(watched) - self.telling
        self._telling_pairs = [phrase for phrase in self.telling if " " in phrase]
        self._pieces = frozenset(pieces)
        self.common = frozenset(common).union(pieces)
        self._names = {
            (name[0], name[1])
            for name in names
            if len(name) == 2
            and self.telling.isdisjoint(name)
            and never.isdisjoint(name)
            and "".join(name).isalpha()
        }
        self._never, self._named, self._said = never, list(names), frozenset(said)
        self.hinted = hints(names, self.telling, self.watched, never)
        self._ordinary = frozenset(ordinary)
        every = set(" ".join((*self._phrases, *self.telling)).split(" "))
        self.all_words = frozenset(w for w in every if w.isascii() and w.isalpha())
        # The same ordinary words stand beside telling ones all day long.
        self._traces: dict[str, dict[str, str]] = {}
        self.misspelt = lru_cache(maxsize=_REMEMBERED)(self._misspelt)
        self.parted = lru_cache(maxsize=_REMEMBERED)(self._parted)
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

    def uncover(
        self, token: str, *, beside: bool = False, before: str = "", after: str = ""
    ) -> str | None:
        """The word or phrase a disguised token stands for, or None.

        A token ``beside`` one in disguise may be as short as "y0u"; of several words that a
        masked one can be, the words ``before`` and ``after`` it choose.

        >>> Vocabulary(["cocaine"]).uncover("c0c4iiine")
        'cocaine'
        >>> words = Vocabulary(["i will kill you", "wall paint"])
        >>> words.uncover("w*ll", before="i"), words.uncover("w*ll", after="paint")
        ('will', 'wall')
        """
        bare = token.translate(_JOINTS)
        if bare == token and bare in self.all_words:
            return None
        short = len(bare) == _SHORTEST - 1 and self._short(bare, before, after)
        return (
            short
            or self._plainly(bare, beside)
            or self._in_signs(token, bare, beside)
            or self._spelt_apart(token, bare)
            or self._covered(token, before, after)
        )

    def _short(self, bare: str, before: str, after: str) -> str | None:
        """A word of three letters written with signs, if it stands beside another of its phrase."""
        word = self._classed.get(bare.translate(_CLASSES), "")
        known = (before, word) in self._pairs or (word, after) in self._pairs
        return word if known and not bare.isalpha() else None

    def _spelt_apart(self, token: str, bare: str) -> str | None:
        """The words of a run of single letters: ``h a n d  g r e n a d e``."""
        letters = sum(char.isalpha() for char in bare)
        if len(bare) * 2 > len(token) + 1 or len(bare) > _LONGEST or letters * 2 < len(bare):
            return None
        classed = bare.translate(_CLASSES)
        best: list[Sequence[str] | None] = [()]
        for end in range(1, len(classed) + 1):
            ways = (
                (*before, word)
                for start in range(max(0, end - _LONGEST_PIECE), end)
                if (before := best[start]) is not None
                and (word := self._piece(classed[start:end])) is not None
            )
            best.append(min(ways, key=len, default=None))
        pieces = best[-1]
        if pieces is None or len(pieces) < 2 or max(map(len, pieces)) < _SHORTEST:
            return None
        return " ".join(pieces)

    def _piece(self, classed: str) -> str | None:
        return self._classed.get(classed) if len(classed) > 2 else _SMALL_CLASSED.get(classed)

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
        few = letters * 2 < len(bare) and not beside
        sure = (len(bare) >= _SURE and letters > 1) or (
            len(bare) >= _CERTAIN and found in self.telling
        )
        return found if sure or not few else None

    @cached_property
    def _squeezed_classes(self) -> dict[str, str]:
        return {squeeze(word.translate(_CLASSES)): word for word in self._words}

    def _covered(self, token: str, before: str, after: str) -> str | None:
        """The word of which signs cover letters: ``c*c*ine``; of several, one of a known pair."""
        words = self._shaped(token)
        if len(words) < 2:
            return next(iter(words), None)
        lefts, rights = self._shaped(before) or [before], self._shaped(after) or [after]
        known = (
            word
            for word in words
            if any((left, word) in self._pairs for left in lefts)
            or any((word, right) in self._pairs for right in rights)
        )
        return next(known, words[0])

    def _shaped(self, token: str) -> list[str]:
        """The words that a token with signs over letters can be, the telling ones first."""
        shape = _COVERING.sub(".", token.replace("(", "").rstrip("."))  # a full stop covers nothing
        seen = sum(char.isalpha() for char in shape)
        if "." not in shape or seen < 2 or seen * 5 < len(shape) * 2 or not shape[0].isalpha():
            return []
        if not all(char.isalpha() or char == "." for char in shape):
            return []
        alike = self._by_shape.get((len(shape), shape[0]), ())
        return list(filter(re.compile(shape).fullmatch, alike))

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        """Words that stand side by side in a phrase."""
        return frozenset(
            pair
            for phrase in self._phrases
            if " " in phrase
            for pair in pairwise(phrase.split(" "))
        )

    @cached_property
    def _partners(self) -> dict[str, set[str]]:
        """A telling, watched or hinted word → the words that stand in one phrase with it."""
        known = self.watched.union(phrase.partition(" ")[0] for phrase in self.telling)
        known = known.union(word for word, _ in self.hinted.values())
        partners: dict[str, set[str]] = {}
        for phrase in self._phrases:
            words = phrase.split(" ")
            for word in known.intersection(words) if len(words) > 1 else ():
                partners.setdefault(word, set()).update(words)
        return partners

    def _misspelt(self, token: str, beside: str) -> str | None:
        """The word that a token near a telling or watched one is meant to be.

        Only a word that stands in one phrase with that one is meant.

        >>> words = Vocabulary(["replica watches", "old clocks"], ["replica"])
        >>> words.misspelt("wacthes", "replica"), words.misspelt("clcoks", "replica")
        ('watches', None)
        """
        if len(token) < _SHORTEST - 1 or token in self.all_words or token in self._ordinary:
            return None
        if not token.isascii():
            return None
        near = self._near(beside.partition(" ")[0])
        if not token.isalpha():
            return near.get(f"#{token.translate(_CLASSES)}")
        keys = (token, *traces(token)) if len(token) >= _SHORTEST else (token,)
        return next((near[key] for key in keys if key in near), None)

    def joined(self, one: str, two: str, beside: str) -> str | None:
        """The word near a telling one that is written in two pieces, or None.

        >>> Vocabulary(["fake passport"], ["passport"]).joined("fa", "ke", "passport")
        'fake'
        """
        if len(one) + len(two) < _SHORTEST - 1 or any(
            len(piece) > 1 and piece in self.all_words for piece in (one, two)
        ):
            return None
        token = one + two
        known = token in self._partners.get(beside.partition(" ")[0], ())
        return token if known else self.misspelt(token, beside)

    def _near(self, word: str) -> dict[str, str]:
        """What misspellings leave of a word's partners → the partner."""
        known = self._traces.get(word)
        if known is None:
            known = self._traces[word] = {
                key: partner
                for partner in sorted(self._partners.get(word, ()), reverse=True)
                if partner.isascii() and partner.isalpha() and len(partner) >= _SHORTEST
                for key in chain(
                    traces(partner), without_vowels(partner), [f"#{partner.translate(_CLASSES)}"]
                )
            }
        return known

    def turned(self, token: str) -> str | None:
        """The word that a token is backwards, upside down or thirteen letters further, or None.

        >>> Vocabulary(["fake passport"]).turned("ekaf")
        'fake'
        """
        if len(token) > 1 and token in self.all_words:
            return None
        return next((word for word in turns(token) if word in self.all_words), None)

    @property
    def run_together(self) -> dict[str, str]:
        """Names of two words without a blank → the name, where no word of it gives it away."""
        return {
            one + two: f"{one} {two}"
            for one, two in self._names
            if len(one) + len(two) > _SHORTEST + 1
            and (len(one) + len(two) < _COMPOUND or self.watched.isdisjoint((one, two)))
        }

    def wholes(self, ordinary: Set[str]) -> dict[str, tuple[str, Misspelt]]:
        """Disguises of phrases of everyday words as a whole, less ``ordinary`` spellings."""
        inside = self.telling | (self.watched - self.common)
        seen = self.telling | self.watched
        return wholes(self._phrases, self._named, seen, inside, self._never, ordinary, self._said)

    def _parted(self, token: str) -> str | None:
        """The words that a token is made of, one of them telling, or None.

        >>> Vocabulary(["buy fake passport"], ["passport"]).parted("fakepassport")
        'fake passport'
        """
        if len(token) > _LONGEST or token in self._ordinary:
            return None
        best: list[Sequence[str] | None] = [()]
        for end in range(1, len(token) + 1):
            ways = (
                (*before, token[start:end])
                for start in range(max(0, end - _LONGEST_PIECE), end)
                if (before := best[start]) is not None and self._is_piece(token[start:end])
            )
            best.append(min(ways, key=_fewest_longest, default=None))
        pieces = best[-1]
        if pieces is None or len(pieces) < 2 + any(piece in _SMALL for piece in pieces):
            return None  # a plant's name may end like a poison's and "us"
        words = " ".join(pieces)
        tells = (
            not self.telling.isdisjoint(pieces)
            or any(p in words for p in self._telling_pairs)
            or not self._names.isdisjoint(pairwise(pieces))
            or any(words[start:end] in self._said for start, end in _runs(pieces))
        )
        watched = len(token) >= _COMPOUND and not self.watched.isdisjoint(pieces)
        return words if tells or watched else None

    def _is_piece(self, piece: str) -> bool:
        return (
            piece.isdigit()
            or piece in _SMALL
            or (len(piece) > 2 and (piece in self.all_words or piece in self._pieces))
        )


def _runs(pieces: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where in a line of words two or more of them begin and end."""
    ends = list(accumulate(len(piece) + 1 for piece in pieces))
    starts = [0, *ends]
    return ((starts[i], end - 1) for i in range(len(pieces)) for end in ends[i + 1 :])


def _fewest_longest(pieces: Sequence[str]) -> tuple[int, int]:
    """Few pieces are likelier than many, and long ones than short."""
    return len(pieces), -sum(len(piece) ** 2 for piece in pieces)
