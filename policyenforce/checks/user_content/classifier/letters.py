"""A batch of folded texts as one array of letters, its disguises undone on the way.

Everything is worked out for all texts at once: no loop runs over letters, words or texts.
Apostrophes go, digits and marks between letters become the letters they stand for, runs of one
letter are cut to two, and words spelt with a blank after each letter are joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.generic]
Bytes: TypeAlias = NDArray[np.uint8]
Mask: TypeAlias = NDArray[np.bool_]
Places: TypeAlias = NDArray[np.int64]
Numbers: TypeAlias = NDArray[np.uint32]

BLANK, END, QUOTE = 0x20, 0x1E, 0x22
_APOSTROPHES = b"'`"
_MARKS = b"@$!"
_LEET = bytes.maketrans(b"0134578@$!9", b"oieastbasig")
_RUN = 2  # letters alike that stand in a row at most


def _table() -> bytes:
    table = bytearray([BLANK]) * 256
    for code in range(256):
        char = bytes([code])
        if char.isalnum() or code >= 0x80 or char in _MARKS:
            table[code] = code
    table[END], table[QUOTE] = END, QUOTE
    return bytes(table)


_PLAIN = _table()
_AS_LETTER = np.frombuffer(_LEET, dtype=np.uint8)
_IS_LETTER = np.array([(chr(c).isalpha() and c < 0x80) or c >= 0x80 for c in range(256)])
_IS_DIGIT = np.array([0x30 <= c <= 0x39 for c in range(256)])
_IS_SIGN = _IS_DIGIT | np.isin(np.arange(256), np.frombuffer(_MARKS, dtype=np.uint8))
_ZERO, _EXCLAMATION = np.uint8(0x30), np.uint8(0x21)


@frozen(eq=False)
class Letters:
    """Texts laid end to end. ``codes`` begins and ends with a separator, one stands between texts.

    ``text_of`` holds the number of the text each code belongs to; ``quoted`` is true inside of
    double quotation marks. ``joined`` are the folded texts, ``kept`` what later steps left over.
    """

    codes: Bytes
    text_of: Numbers
    quoted: Mask
    count: int
    joined: bytes = field(repr=False)
    kept: tuple[Places, ...] = field(repr=False)

    def places(self, numbers: Sequence[int]) -> Places:
        """The bytes of the joined folded texts from which these codes came."""
        places = np.array(numbers, dtype=np.int64)
        for kept in reversed(self.kept):
            places = kept[places]
        read = np.frombuffer(self.joined, dtype=np.uint8)
        stays = ~np.isin(read, np.frombuffer(_APOSTROPHES, dtype=np.uint8))
        found: Places = np.flatnonzero(stays)[places]
        return found


def letters_of(forms: Sequence[bytes]) -> Letters:
    """The letters of folded texts (``fold.scan_form``), none of which holds the separator."""
    cut = bytes([END])
    joined = cut + cut.join(forms) + cut
    codes = np.frombuffer(bytearray(joined.translate(_PLAIN, _APOSTROPHES)), dtype=np.uint8)
    _undo_disguises(codes)
    kept: list[Places] = []
    for dropped in (_of_long_runs, _blanks_of_spelt_words):
        gone = dropped(codes)
        if len(gone):
            kept.append(np.delete(np.arange(len(codes)), gone))
            codes = codes[kept[-1]]
    end = np.equal(codes, END)
    text_of = np.cumsum(end, dtype=np.uint32) - np.uint32(1)
    mark = np.equal(codes, QUOTE)
    codes[mark] = BLANK
    quoted = _inside(mark, end, text_of)
    return Letters(codes, text_of, quoted, len(forms), joined, tuple(kept))


def _inside(mark: Mask, end: Mask, text_of: Numbers) -> Mask:
    """True from an odd mark of a text to the next one."""
    if not mark.any():
        return mark
    marks = np.cumsum(mark, dtype=np.uint32)
    inside: Mask = np.equal((marks - marks[end][text_of]) & np.uint32(1), 1)
    return inside


def _undo_disguises(codes: Bytes) -> None:
    """Marks and lone digits at a letter become letters, other digits 0 and other marks blanks."""
    places = np.flatnonzero(_IS_SIGN[codes])
    here, before, after = codes[places], codes[places - 1], codes[places + 1]
    digit, left, right = _IS_DIGIT[here], _IS_LETTER[before], _IS_LETTER[after]
    lone = digit & ~_IS_DIGIT[before] & ~_IS_DIGIT[after] & (left | right)
    mark = ~digit & right & (left | (here != _EXCLAMATION))
    codes[places] = np.where(lone | mark, _AS_LETTER[here], np.where(digit, _ZERO, np.uint8(BLANK)))


def _of_long_runs(codes: Bytes) -> Places:
    """Where a letter stands behind two of its kind."""
    same = (codes[_RUN:] == codes[1:-1]) & (codes[_RUN:] == codes[:-_RUN])
    places: Places = np.flatnonzero(same) + _RUN
    long: Places = places[(codes[places] != _ZERO) & (codes[places] != END)]
    return long


def _blanks_of_spelt_words(codes: Bytes) -> Places:
    """Blanks between single letters, where at least three of those stand in a row."""
    wall = codes <= BLANK
    alone = np.flatnonzero(wall[:-2] & wall[2:]) + 1
    alone = alone[_IS_LETTER[codes[alone]]]
    near = np.diff(alone) == 2
    joint = near & (codes[alone[:-1] + 1] == BLANK)
    row = np.zeros(len(joint) + 2, dtype=bool)
    row[1:-1] = joint
    blanks: Places = alone[:-1][joint & (row[:-2] | row[2:])] + 1
    return blanks
