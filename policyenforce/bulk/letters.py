"""Columns of texts as one run of bytes: what Arrow has no kernel for, done to all rows at once.

Every function takes an array of texts without nulls and gives one just as long. Bytes from 0x80
on are parts of letters outside ASCII, and are kept as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

BLANK = ord(" ")
END, GONE = 0xFF, 0xFE  # no text holds these two
_END = pa.scalar(bytes([END]))
_FIRST_HIGH = 0x80


def table(kept: str, *, upper: bool = False, lower: bool = False, other: str = "") -> bytes:
    """What becomes of each byte: itself if ``kept``, in one case; ``other`` or nothing if not.

    >>> table("abc", upper=True)[ord("b")] == ord("B"), table("abc")[ord("d")] == GONE
    (True, True)
    """
    made = bytearray(range(256))
    for code in range(_FIRST_HIGH):
        letter = chr(code)
        shown = letter.upper() if upper else letter.lower() if lower else letter
        made[code] = ord(shown if letter in kept else other or chr(GONE))
    return bytes(made)


_DIGITS = "0123456789"
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
AS_IT_IS = bytes(range(256))
COMPACT = table(_DIGITS + _LETTERS, upper=True)
WORDS = table(_DIGITS + _LETTERS, lower=True, other=" ")
PACKED = table(_DIGITS + _LETTERS, lower=True)
NUMBERS = bytes(code if code >= GONE or chr(code) in _DIGITS else BLANK for code in range(256))
ASCII = bytes(range(_FIRST_HIGH))
_PRINTED = bytes(range(BLANK, ord("~")))


def spelt(column: pa.Array) -> bytes:
    """All rows one behind the other, with an ``END`` after each."""
    ended = pc.binary_join_element_wise(column.cast(pa.binary()), _END, b"")
    data = ended.buffers()[2]
    return b"" if data is None else data.to_pybytes()


def column_of(letters: bytes) -> pa.Array:
    """The opposite of ``spelt``, without what is ``GONE``.

    >>> column_of(bytes([97, GONE, 98, END, END])).to_pylist()
    ['ab', '']
    """
    if GONE in letters:
        letters = letters.translate(None, bytes([GONE]))
    ends = np.flatnonzero(np.frombuffer(letters, np.uint8) == END)
    starts = np.zeros(len(ends) + 1, np.int32)
    starts[1:] = ends - np.arange(len(ends))
    bare = letters.translate(None, bytes([END]))
    return pa.StringArray.from_buffers(len(ends), pa.py_buffer(starts), pa.py_buffer(bare))


def _without_gone(letters: bytes, starts: Numbers) -> pa.Array:
    """Rows that begin at these places, without what is ``GONE``."""
    if GONE in letters:
        gone = np.flatnonzero(np.frombuffer(letters, np.uint8) == GONE)
        starts = (starts - np.searchsorted(gone, starts)).astype(np.int32)
        letters = letters.translate(None, bytes([GONE]))
    return pa.StringArray.from_buffers(len(starts) - 1, pa.py_buffer(starts), pa.py_buffer(letters))


def mapped(column: pa.Array, by: bytes) -> pa.Array:
    """Each byte as the table has it; those that it makes nothing of are left out.

    >>> mapped(pa.array(["hrb 12-345/b", ""]), COMPACT).to_pylist()
    ['HRB12345B', '']
    """
    letters, starts = parts(column)
    return _without_gone(letters.tobytes().translate(by), starts)


def words(column: pa.Array, by: bytes = WORDS) -> pa.Array:
    """Words in small letters with one blank between each two.

    >>> words(pa.array(["Lotus  Trading, Ltd.", " -", "a "])).to_pylist()
    ['lotus trading ltd', '', 'a']
    """
    told, starts = parts(column)
    letters = np.frombuffer(bytearray(told.tobytes().translate(by)), np.uint8)
    some = np.flatnonzero(np.diff(starts))
    begins, ends = starts[some], starts[some + 1] - 1
    blank = letters == BLANK
    needless = blank.copy()
    needless[1:] &= blank[:-1]
    needless[begins] = blank[begins]
    last = np.flatnonzero(blank[ends])
    if len(last):  # of the blanks at an end the first is left, unless the row has no words
        left = np.flatnonzero(blank & ~needless)
        place = np.searchsorted(left, ends[last], side="right") - 1
        found = left[place[place >= 0]]
        needless[found[found >= begins[last[place >= 0]]]] = True
    letters[needless] = GONE
    return _without_gone(letters.tobytes(), starts)


def within(column: pa.Array, allowed: bytes) -> Mask:
    """Where each byte is one of those allowed.

    >>> within(pa.array(["ab", "", "ac"]), b"ab").tolist()
    [True, True, False]
    """
    letters, starts = parts(column)
    good = np.ones(len(column), np.bool_)
    told = letters.tobytes()
    if told.translate(None, allowed):
        others = np.flatnonzero(np.frombuffer(told.translate(_but(allowed)), np.uint8))
        good[np.searchsorted(starts, others, side="right") - 1] = False
    return good


@cache
def _but(allowed: bytes) -> bytes:
    return bytes(code not in allowed for code in range(256))


def printed(column: pa.Array) -> Mask:
    """Where all is printed ASCII and nothing is our mark ``~``."""
    return within(column, _PRINTED)


def parts(texts: pa.Array) -> tuple[Bytes, Numbers]:
    """The bytes of all rows one after another, and where each row begins and the last ends."""
    first, length = texts.offset, len(texts)
    _, offsets, data = texts.buffers()
    if offsets is None or length == 0:
        return np.zeros(0, np.uint8), np.zeros(length + 1, np.int32)
    starts = np.frombuffer(offsets, np.int32)[first : first + length + 1]
    letters = np.zeros(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)
    return letters[starts[0] : starts[-1]], starts - starts[0]


def repeats(column: pa.Array) -> Mask:
    """Where one byte is repeated, or nothing is there at all.

    >>> repeats(pa.array(["1111", "", "121", "2"])).tolist()
    [True, True, False, True]
    """
    letters, starts = parts(column)
    lengths = np.diff(starts)
    found: Mask = lengths == 0
    some = np.flatnonzero(~found)
    begins, ends = starts[some], starts[some + 1] - 1
    alike = letters[begins] == letters[ends]
    alike &= letters[begins] == letters[(begins + ends) // 2]
    alike &= letters[begins] == letters[np.minimum(begins + 1, ends)]
    for row, begin, end in zip(some[alike], begins[alike], ends[alike], strict=True):
        found[row] = not (letters[begin : end + 1] != letters[begin]).any()
    return found


def among(column: pa.Array, values: Iterable[str]) -> Mask:
    """Where the text is one of these."""
    return mask(pc.is_in(column, value_set=pa.array(sorted(values), pa.string())))


def mask(flags: pa.Array) -> Mask:
    """Arrow's flags as numpy's, null as False."""
    return np.array(pc.fill_null(flags, False).to_numpy(zero_copy_only=False), np.bool_)


def matches(column: pa.Array, pattern: str) -> Mask:
    """Where the pattern is found (RE2)."""
    return mask(pc.match_substring_regex(column, pattern))


def lacking(column: pa.Array, rows: Mask, pattern: str) -> Mask:
    """All but those of the rows in which the pattern is found; others are not asked.

    >>> lacking(pa.array(["a", "a", "b"]), np.array([True, False, True]), "a").tolist()
    [False, True, True]
    """
    good = np.ones(len(column), np.bool_)
    places = np.flatnonzero(rows)
    if len(places):
        good[places] = ~matches(column.take(pa.array(places)), pattern)
    return good


def lengths_of(column: pa.Array) -> Numbers:
    """How many bytes each text has."""
    return np.asarray(pc.binary_length(column).to_numpy(), np.int32)


def cut(column: pa.Array, at: Numbers) -> tuple[pa.Array, pa.Array]:
    """Each text cut in two, so many bytes after its beginning.

    >>> [half.to_pylist() for half in cut(pa.array(["ana@x.de", "b"]), np.array([3, 1]))]
    [['ana', 'b'], ['@x.de', '']]
    """
    letters, starts = parts(column)
    edges = np.empty(2 * len(column) + 1, np.int32)
    edges[::2] = starts
    edges[1::2] = starts[:-1] + at
    halves = pa.StringArray.from_buffers(
        2 * len(column), pa.py_buffer(edges), pa.py_buffer(np.ascontiguousarray(letters))
    )
    even = np.arange(0, 2 * len(column), 2)
    return halves.take(pa.array(even)), halves.take(pa.array(even + 1))


def cut_before(column: pa.Array, mark: str, *, last: bool = False) -> tuple[pa.Array, pa.Array]:
    """Each text cut before the first or last such byte; one that has none is left whole.

    >>> [half.to_pylist() for half in cut_before(pa.array(["a b c", "d"]), " ", last=True)]
    [['a b', 'd'], [' c', '']]
    """
    letters, starts = parts(column)
    places = np.append(np.flatnonzero(letters == ord(mark)), len(letters)).astype(np.int32)
    if last:
        found = places[np.searchsorted(places, starts[1:]) - 1]
    else:
        found = places[np.searchsorted(places, starts[:-1])]
    inside = (found >= starts[:-1]) & (found < starts[1:])
    return cut(column, np.where(inside, found - starts[:-1], np.diff(starts)))


def joined(*columns: pa.Array | str) -> pa.Array:
    """The texts of each row one behind the other."""
    return pc.binary_join_element_wise(*columns, "")
