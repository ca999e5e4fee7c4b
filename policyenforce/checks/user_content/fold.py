"""One spelling of a text for matching, and the way back to the text as it was written.

Folding lower-cases, decomposes (NFKD), drops marks, controls and invisible characters, turns
look-alikes into Latin letters, and writes every run of blanks, dashes and slashes as one
space. ASCII takes a fast path; offsets are worked out only for a text that was hit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from attrs import frozen

from policyenforce.checks.user_content.confusables import (
    FLAG_LETTERS,
    LETTER_BLOCKS,
    LOOKALIKES,
)
from policyenforce.checks.user_content.scan import holds

RECORD_SEPARATOR = "\x1e"  # kept by folding, so that a batch can be joined and cut again
_BLANK = b"\t\n\v\f\r-_/\\"
_DROPPED = bytes(c for c in (*range(32), 127) if c not in _BLANK and c != 0x1E)
_LOWER = bytes.maketrans(bytes(range(65, 91)) + _BLANK, bytes(range(97, 123)) + b" " * len(_BLANK))
_BLANKS = re.compile(rb" {2,}")
_LONG = 2_048  # bytes; below, starting another engine takes longer than it saves
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")  # letters by category, drawn as nothing
_KEPT_SIGNS = frozenset("\ufffd®")  # that of a brand is also put for an r
_ALPHABET = 26
# Strokes, bars, hooks and tails, which Unicode does not decompose.
_CHANGED_LATIN = re.compile(
    r"LATIN (?:SMALL LETTER|CAPITAL LETTER|LETTER SMALL CAPITAL) ([A-Z])(?: WITH .*)?"
)


class _Folds(dict[int, str]):
    """Code point → its fold, worked out when first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = _fold_ascii(char) if char.isascii() else _fold_char(char)
        if unicodedata.category(char) not in ("Cn", "Co"):  # bounds what a hostile text can fill
            self[code] = folded
        return folded


def _fold_ascii(char: str) -> str:
    return char.encode().translate(_LOWER, _DROPPED).decode()


def _fold_char(char: str) -> str:
    # INVARIANT: each character of the result folds to itself, which makes folding idempotent.
    step = _step(char)
    return char if step == char else "".join(_FOLDS[ord(c)] for c in step)


def _step(char: str) -> str:
    if char in LOOKALIKES:
        return LOOKALIKES[char]
    code, category = ord(char), unicodedata.category(char)
    for block in LETTER_BLOCKS:
        if block <= code < block + _ALPHABET:
            return chr(ord("a") + code - block)
    if FLAG_LETTERS <= code < FLAG_LETTERS + _ALPHABET:
        return f" {chr(ord('a') + code - FLAG_LETTERS)} "
    if category == "Cs":
        return "\ufffd"
    if category in ("Cf", "Cc", "Me") or char in _FILLERS or _is_dropped_mark(char, category):
        return ""
    if category in ("Zs", "Zl", "Zp", "Pd") or char == "\u2800":
        return " "
    parts = unicodedata.normalize("NFKD", char)
    if parts != char:
        return parts
    latin = _CHANGED_LATIN.fullmatch(unicodedata.name(char, ""))
    if latin is not None:
        return latin.group(1).lower()
    if category in ("So", "Sm") and char not in _KEPT_SIGNS:
        return " "  # a picture or an arrow between words parts them
    return "" if category == "Sk" else char.lower()


def _is_dropped_mark(char: str, category: str) -> bool:
    # Vowel signs of Indic scripts are Mn of class 0 and carry the word: they stay.
    joiner_or_selector = char == "\u034f" or "\ufe00" <= char <= "\ufe0f" or char >= "\U000e0100"
    return category == "Mn" and (unicodedata.combining(char) != 0 or joiner_or_selector)


_FOLDS = _Folds()


def scan_form(text: str) -> bytes:
    r"""The fold of ``text`` as UTF-8, the form that is scanned. Linear time; never fails.

    >>> scan_form("FREE\u200b  R\u0435plica_Watch")
    b'free replica watch'
    """
    if not text.isascii():
        text = _NON_ASCII.sub(_fold_run, text)
    form = text.encode().translate(_LOWER, _DROPPED)
    doubled = b"  " in form if len(form) < _LONG else holds(b"  ")(form)
    return _BLANKS.sub(b" ", form) if doubled else form


def _fold_run(run: re.Match[str]) -> str:
    return run.group().translate(_FOLDS)


def fold(text: str) -> str:
    """The fold of ``text``; folding twice changes nothing more.

    >>> fold("Ｃｏｃａїne")
    'cocaine'
    """
    return scan_form(text).decode()


@frozen
class Traced:
    """A rewritten text that knows where each of its code points came from."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        r"""The code points ``start:end`` as a span of the text it was made from.

        >>> traced("Stra\u00dfe").span(4, 6)
        (4, 5)
        """
        first, last = self.starts[start], self.starts[end - 1]
        return min(first, last), max(self.ends[start], self.ends[end - 1])

    def backwards(self) -> Traced:
        """The text from its end to its beginning.

        >>> unchanged("live").backwards().text
        'evil'
        """
        return Traced(self.text[::-1], self.starts[::-1], self.ends[::-1])

    def onto(self, source: Traced) -> Traced:
        """This text traced one step further back, when it was made from ``source``'s text."""
        return Traced(
            self.text,
            [source.starts[i] for i in self.starts],
            [source.ends[i - 1] for i in self.ends],
        )


def unchanged(text: str) -> Traced:
    """``text`` as a rewriting of itself."""
    return Traced(text, range(len(text)), range(1, len(text) + 1))


def rewritten(text: str, changes: Iterable[tuple[int, int, str]]) -> Traced | None:
    """``text`` with stretches replaced, traced; None when there is no change.

    ``changes`` are (start, end, replacement), in order and apart from each other.

    >>> rewritten("a  b", [(1, 3, "-")]).span(1, 3)
    (1, 4)
    """
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for start, end, word in changes:
        parts += (text[at:start], word)
        starts += [*range(at, start), *[start] * len(word)]
        ends += [*range(at + 1, start + 1), *[end] * len(word)]
        at = end
    if not at:
        return None
    parts.append(text[at:])
    starts += range(at, len(text))
    ends += range(at + 1, len(text) + 1)
    return Traced("".join(parts), starts, ends)


def traced(text: str) -> Traced:
    """``fold(text)`` with its way back; about a hundred times slower than ``fold``."""
    form = fold(text)
    if text.isascii() and len(form) == len(text):
        return Traced(form, range(len(text)), range(1, len(text) + 1))
    starts: list[int] = []
    ends: list[int] = []
    blank = False
    for index, char in enumerate(text):
        folded = _FOLDS[ord(char)]
        if not folded and ends and unicodedata.category(char) in ("Mn", "Me"):
            ends[-1] = index + 1  # a mark belongs to the letter that it stands on
        for out in folded:
            if out == " " and blank:
                ends[-1] = index + 1
                continue
            blank = out == " "
            starts.append(index)
            ends.append(index + 1)
    return Traced(form, starts, ends)
