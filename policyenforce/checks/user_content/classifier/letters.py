"""A batch of folded texts as one array of letters, its disguises undone on the way.

Everything is worked out for all texts at once: no loop runs over letters, words or texts.
Apostrophes go, digits and marks between letters become the letters they stand for, runs of one
letter are cut to two, and words spelt with a blank after each letter are joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.generic]
Bytes: TypeAlias = NDArray[np.uint8]
Mask: TypeAlias = NDArray[np.bool_]
Places: TypeAlias = NDArray[np.int64]

BLANK, END, GONE, QUOTE = 0x20, 0x1E, 0x00, 0x22
_APOSTROPHES = b"'`\xb4"
_MARKS = b"@$!"
_LEET = bytes.maketrans(b"0134578@$!9", b"oieastbasig")


def _table() -> bytes:
    table = bytearray([BLANK]) * 256
    for code in range(256):
        char = bytes([code])
        if char.isalnum() or code >= 0x80 or char in _MARKS:
            table[code] = code
        elif char in _APOSTROPHES:
            table[code] = GONE
    table[END], table[QUOTE] = END, QUOTE
    return bytes(table)


_PLAIN = _table()
_AS_LETTER = np.frombuffer(_LEET, dtype=np.uint8)
_IS_LETTER = np.array([(chr(c).isalpha() and c < 0x80) or c >= 0x80 for c in range(256)])
_IS_MARK = np.isin(np.arange(256), np.frombuffer(_MARKS, dtype=np.uint8))
_IS_DIGIT = np.array([0x30 <= c <= 0x39 for c in range(256)])
_ZERO = np.uint8(0x30)


@frozen(eq=False)
class Letters:
    """Texts laid end to end. ``codes`` begins and ends with a separator, one stands between texts.

    ``places`` holds the byte of the joined folded texts from which each code came, and
    ``text_of`` the number of the text each code belongs to. ``quoted`` is true inside of double
    quotation marks.
    """

    codes: Bytes
    places: Places
    text_of: Places
    quoted: Mask
    count: int


def letters_of(forms: Sequence[bytes]) -> Letters:
    """The letters of folded texts (``fold.scan_form``), none of which holds the separator."""
    cut = bytes([END])
    joined = (cut + cut.join(forms) + cut).translate(_PLAIN)
    codes = np.frombuffer(joined, dtype=np.uint8)
    places = np.flatnonzero(codes != GONE)
    codes = _without_disguises(codes[places])
    for dropped in (_third_of_a_run, _blank_of_a_spelt_word):
        kept = np.flatnonzero(~dropped(codes))
        if len(kept) < len(codes):
            codes, places = codes[kept], places[kept]
    text_of = np.cumsum(codes == END) - 1
    mark = np.equal(codes, QUOTE)
    quoted = _inside(mark, np.equal(codes, END), text_of)
    codes[mark] = BLANK
    return Letters(codes, places, text_of, quoted, len(forms))


def _inside(mark: Mask, end: Mask, text_of: Places) -> Mask:
    """True from an odd mark of a text to the next one."""
    marks = np.cumsum(mark)
    inside: Mask = np.equal((marks - marks[end][text_of]) % 2, 1)
    return inside


def _without_disguises(codes: Bytes) -> Bytes:
    """Marks and lone digits at a letter become letters, other digits 0 and other marks blanks."""
    letter, digit, mark = _IS_LETTER[codes], _IS_DIGIT[codes], _IS_MARK[codes]
    before, after = _shifted(letter, 1), _shifted(letter, -1)
    lone = digit & ~_shifted(digit, 1) & ~_shifted(digit, -1) & (before | after)
    meant = lone | (mark & after & (codes != 0x21)) | (mark & before & after)
    read = np.where(meant, _AS_LETTER[codes], codes)
    read[digit & ~meant] = _ZERO
    read[mark & ~meant] = BLANK
    return read


def _third_of_a_run(codes: Bytes) -> Mask:
    same = np.zeros(len(codes), dtype=bool)
    same[2:] = (codes[2:] == codes[1:-1]) & (codes[2:] == codes[:-2])
    third: Mask = same & (codes != _ZERO) & (codes != END)
    return third


def _blank_of_a_spelt_word(codes: Bytes) -> Mask:
    """Blanks between single letters, where at least three of those stand in a row."""
    blank = (codes == BLANK) | (codes == END)
    single = _IS_LETTER[codes] & _shifted(blank, 1) & _shifted(blank, -1)
    joint: Mask = (codes == BLANK) & _shifted(single, 1) & _shifted(single, -1)
    if joint.any():
        joint &= _shifted(joint, 2) | _shifted(joint, -2)
    return joint


def _shifted(mask: Mask, by: int) -> Mask:
    """For each place what stands ``by`` places before it; nothing beyond the ends."""
    out = np.zeros_like(mask)
    if by > 0:
        out[by:] = mask[:-by]
    else:
        out[:by] = mask[-by:]
    return out
