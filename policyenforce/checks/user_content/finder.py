"""What the scan finds in folded bytes: phrases, misspelt words, words run together, suspicions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from attrs import frozen

from policyenforce.checks.user_content.codes import CODES, coded
from policyenforce.checks.user_content.escapes import ESCAPES
from policyenforce.checks.user_content.scan import Detector, Occurrence, scanner
from policyenforce.checks.user_content.slips import Slips
from policyenforce.checks.user_content.spellings import (
    Misspelt,
    misspellings,
    ordinary_words,
    resembling_words,
)
from policyenforce.checks.user_content.views import REACH, SUSPICIOUS, disguised, misspelt_near
from policyenforce.checks.user_content.vocabulary import Vocabulary

_ALNUM = bytes(chr(code).isalnum() and code < 128 for code in range(256))
_SHORTEST_INSIDE = 4  # letters; such a word is part of many others
_LONGEST = 64  # bytes of a token of words run together


@frozen
class Finds:
    """What one text holds, in bytes of its fold.

    ``plain`` are occurrences of phrases; ``misspelt`` are of misspellings, numbered as
    ``Finder.misspelling`` is asked; ``parted`` are words run together, with what they are;
    ``beside`` are telling words as they are spelt, beside others that may not be.
    """

    plain: tuple[Occurrence, ...] = ()
    misspelt: tuple[Occurrence, ...] = ()
    parted: tuple[tuple[int, int, str], ...] = ()
    beside: tuple[Occurrence, ...] = ()
    disguised: bool = False
    escaped: bool = False

    def __bool__(self) -> bool:
        return bool(self.plain or self.disguised or self.odd)

    @property
    def odd(self) -> bool:
        """True when something is written as it should not be."""
        return bool(self.misspelt or self.parted or self.beside or self.escaped)


class Finder:
    """One scan for the phrases of the rules and for the wrong spellings of telling words."""

    def __init__(
        self, literals: Sequence[str], runs_on: Sequence[bool], vocabulary: Vocabulary
    ) -> None:
        self.vocabulary = vocabulary
        self._runs_on = runs_on
        known = set(literals)
        ordinary = ordinary_words() | known | vocabulary.all_words | vocabulary.common
        spelt = misspellings(vocabulary.telling, ordinary, vocabulary.watched)
        often = vocabulary.common.union(resembling_words()) - vocabulary.telling
        self._slips = Slips(vocabulary.telling, ordinary, often)
        spelt = {s: m for s, m in spelt.items() if not self._slips.finds(s, m[0])}
        for spelling, word in (self._slips.spoilt | vocabulary.run_together).items():
            if spelling not in ordinary:
                spelt.setdefault(spelling, (word, Misspelt.SPELT))
        for spelling, meant in vocabulary.wholes(ordinary).items():
            spelt.setdefault(spelling, meant)
        self._misspelt = list(spelt.values())
        telling = vocabulary.telling | vocabulary.watched
        whole = sorted(telling - known)
        self._telling = {n for n, literal in enumerate(literals) if literal in telling}
        self._phrases = len(literals)
        pieces = sorted(self._slips.pieces.keys() - known - spelt.keys() - set(whole))
        hinted = sorted(vocabulary.hinted.keys() - known - spelt.keys() - set(whole) - set(pieces))
        self._texts = [*literals, *spelt, *whole, *pieces, *hinted]
        self._first_hint = len(self._texts) - len(hinted)
        self._first_piece = self._first_hint - len(pieces)
        self._slipped = sorted({word for words in self._slips.pieces.values() for word in words})
        self._slip_numbers = {word: n for n, word in enumerate(self._slipped, len(self._texts))}
        common = often | (vocabulary.all_words - telling)
        self._scanner = scanner(
            [text.encode() for text in self._texts], {word.encode() for word in common}
        )
        rest = range(self._phrases, self._first_piece)
        self._inside = {n for n in (*self._telling, *rest) if self._is_inside(n)}
        self._detector = Detector(SUSPICIOUS, (*ESCAPES, *CODES))

    def misspelling(self, number: int) -> tuple[str, Misspelt]:
        """What the misspelling of an occurrence stands for, and how."""
        if number >= len(self._texts):
            return self._slipped[number - len(self._texts)], Misspelt.SPELT
        return self._misspelt[number - self._phrases]

    def plain(self, form: bytes) -> list[Occurrence]:
        """Occurrences of phrases, less those inside an ASCII word: cheap, and never too few."""
        return [found for found in self._scanner.scan(form) if self._is_plain(found, form)]

    def finds(self, form: bytes) -> Finds:
        """Everything that is found in one text."""
        occurrences = self._scanner.scan(form)
        spelt, escaped = self._detector.ends(form)
        if not (occurrences or spelt or escaped):
            return NOTHING
        plain: list[Occurrence] = []
        misspelt: list[Occurrence] = []
        beside: list[Occurrence] = []
        parted: dict[tuple[int, int, str], None] = {}
        for found in occurrences:
            if found[0] >= self._first_hint:
                hint = self._hint(found, form)
                beside += [hint] if hint else []
                continue
            if found[0] >= self._first_piece:
                slip = self._slip(found, form)
                misspelt += [slip] if slip else []
                continue
            if self._is_plain(found, form):
                plain.append(found)
            elif self._is_encoded(found[0]):
                escaped = [*escaped, found[2]]
            elif self._is_misspelt(found, form):
                misspelt.append(found)
            if self._is_beside(found, form):
                beside.append(found)
            elif (token := self._parted(found, form)) is not None:
                parted[token] = None
        return Finds(
            tuple(plain),
            tuple(misspelt),
            tuple(parted),
            tuple(beside),
            next(disguised(form, spelt, self.vocabulary), None) is not None,
            bool(escaped) or next(coded(form, spelt), None) is not None,
        )

    def stirs(self, form: bytes) -> Iterator[int]:
        """Places that deserve a closer look, in the bytes of many texts; never too few."""
        for found in self._scanner.scan(form):
            if found[0] >= self._first_piece:
                odd = self._hint if found[0] >= self._first_hint else self._slip
                if odd(found, form) is not None:
                    yield found[1]
            elif (
                self._is_plain(found, form)
                or self._is_misspelt(found, form)
                or self._is_beside(found, form)
                or self._parted(found, form)
            ):
                yield found[1]
        spelt, escaped = self._detector.ends(form)
        yield from disguised(form, spelt, self.vocabulary)
        yield from (end - 1 for end in chain(escaped, coded(form, spelt)))

    def _tells(self, number: int) -> bool:
        """True for a telling word as it is spelt."""
        if number < self._phrases:
            return number in self._telling
        return self._phrases + len(self._misspelt) <= number < self._first_piece

    def _is_plain(self, found: Occurrence, form: bytes) -> bool:
        number, start, end = found
        return number < self._phrases and _alone(form, start, end, self._runs_on[number])

    def _is_inside(self, number: int) -> bool:
        """True for a word, or a phrase without its blanks, that can be part of a longer token."""
        if self._tells(number):
            return len(self._texts[number]) > _SHORTEST_INSIDE and self._is_rare(number)
        if number < self._phrases:
            return False
        word, how = self.misspelling(number)
        return how is Misspelt.SPELT and " " in word

    def _is_rare(self, number: int) -> bool:
        """True for a telling word: a watched one is part of too many others."""
        word = self._texts[number]
        return word in self.vocabulary.telling or word not in self.vocabulary.common

    def _is_misspelt(self, found: Occurrence, form: bytes) -> bool:
        number, start, end = found
        if not self._phrases <= number < self._phrases + len(self._misspelt):
            return False
        return _alone(form, start, end) or self._is_encoded(number)

    def _is_encoded(self, number: int) -> bool:
        """True for a piece of a word in base64, which stands wherever its token has it."""
        misspelt = self._phrases <= number < self._phrases + len(self._misspelt)
        return misspelt and self.misspelling(number)[1] is Misspelt.ENCODED

    def _hint(self, found: Occurrence, form: bytes) -> Occurrence | None:
        """The place of a word of a name, when the word next to it is misspelt."""
        number, start, _ = found
        word, offset = self.vocabulary.hinted[self._texts[number]]
        place = number, start + offset, start + offset + len(word)
        return place if self._near_misspelt(place, word, form) else None

    def _slip(self, found: Occurrence, form: bytes) -> Occurrence | None:
        """The telling word with one letter off of which a piece stands there, and where."""
        number, start, end = found
        if not (start and _ALNUM[form[start - 1]]):
            last = min(len(form), end + _LONGEST)
            while end < last and _ALNUM[form[end]]:
                end += 1
        elif end < len(form) and _ALNUM[form[end]]:
            return None
        else:
            first = max(0, start - _LONGEST)
            while start > first and _ALNUM[form[start - 1]]:
                start -= 1
        word = self._slips.meant(form[start:end].decode(), self._texts[number])
        return None if word is None else (self._slip_numbers[word], start, end)

    def _is_beside(self, found: Occurrence, form: bytes) -> bool:
        """True for a telling word, plainly spelt, with a neighbour that is misspelt."""
        number = found[0]
        return self._tells(number) and self._near_misspelt(found, self._texts[number], form)

    def _near_misspelt(self, place: Occurrence, word: str, form: bytes) -> bool:
        _, start, end = place
        if not _alone(form, start, end):
            return False
        before = form[max(0, start - REACH) : start].decode(errors="ignore")
        after = form[end : end + REACH].decode(errors="ignore")
        return misspelt_near(before, after, word, self.vocabulary)

    def _parted(self, found: Occurrence, form: bytes) -> tuple[int, int, str] | None:
        number, start, end = found
        if number not in self._inside or _alone(form, start, end):
            return None
        first, last = max(0, start - _LONGEST), min(len(form), end + _LONGEST)
        while start > first and _ALNUM[form[start - 1]]:
            start -= 1
        while end < last and _ALNUM[form[end]]:
            end += 1
        if end - start > _LONGEST:  # INVARIANT: not the whole of a long token for each of its words
            return None
        words = self.vocabulary.parted(form[start:end].decode())
        return (start, end, words) if words else None


NOTHING = Finds()
"""What most texts hold."""


def _alone(form: bytes, start: int, end: int, open_end: bool = False) -> bool:
    if start and _ALNUM[form[start - 1]] and _ALNUM[form[start]]:
        return False
    return open_end or end >= len(form) or not (_ALNUM[form[end]] and _ALNUM[form[end - 1]])


def in_code_points(occurrences: Iterable[Occurrence], form: bytes) -> Iterator[Occurrence]:
    """Byte offsets as code points, in one pass over the bytes."""
    if form.isascii():
        yield from occurrences
        return
    rows = list(occurrences)
    places = sorted({place for _, start, end in rows for place in (start, end)})
    points: dict[int, int] = {}
    reached, count = 0, 0
    for place in places:
        count += len(form[reached:place].decode())
        points[place], reached = count, place
    for number, start, end in rows:
        yield number, points[start], points[end]
