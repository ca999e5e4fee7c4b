"""Columns of telephone numbers.

The library reads one number in 30 µs. What it would make of the common shapes follows from its
own tables: which calling code or prefix it takes off, and of two readings of ``00`` which one
is a number that exists. Whatever might be read otherwise is left to the library.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from policyenforce.bulk.letters import (
    Mask,
    Numbers,
    among,
    cut,
    joined,
    lengths_of,
    mapped,
    mask,
    matches,
    parts,
    repeats,
    table,
    within,
)
from policyenforce.bulk.reading import Told
from policyenforce.checks.multiple_accounts.contacts import CALLING_CODE
from policyenforce.checks.multiple_accounts.dialling import (
    Dialling,
    dialling,
    dialling_of_code,
    plans,
    regions_of,
)
from policyenforce.checks.multiple_accounts.spelling import RUNS

_DIGITS = table("0123456789+")
_MARKS = b"0123456789 ()./+-"
_FEWEST, _MOST, _MOST_MARKS = 5, 15, 40
_SHORTEST_NUMBER = 6
_SHORTEST_NATIONAL = 4
_TAIL = 8
_DIAL_OUT = "00"
_NOUGHTS = "0000000"
_TAILS_OF_NOBODY = {digit * _TAIL for digit in "0123456789"} | RUNS
_LONGEST_CODE = 3
_CODE_LENGTHS = np.array(
    [_LONGEST_CODE - len(CALLING_CODE.sub("", f"+{code:03}")) for code in range(1_000)], np.int32
)

Rows = npt.NDArray[np.int64]
Part = tuple[Rows, pa.Array, Mask]
"""Some rows of a column, what they are read as, and where that is sure."""


def phone(column: pa.Array, country: pa.Array) -> Told:
    """``contacts.phone`` without its mark."""
    dialled = mapped(column, _DIGITS)
    called = mask(pc.starts_with(dialled, "+"))
    plain = _plain(column) & _digits_only(dialled, called)
    abroad = np.flatnonzero(plain & called)
    found = [(abroad, *_called(dialled.take(pa.array(abroad))))]
    for rows, region in _by_region(country, plain & ~called):
        found.append((rows, *_at_home(dialled.take(pa.array(rows)), dialling(region))))
    numbers, sure = _dialled_out(dialled, *_with_parts(dialled, found))
    return Told(numbers, ~_is_dummy(numbers), sure)


def _plain(column: pa.Array) -> Mask:
    lengths = lengths_of(column)
    return within(column, _MARKS) & (lengths >= _FEWEST) & (lengths <= _MOST_MARKS)


def _digits_only(dialled: pa.Array, called: Mask) -> Mask:
    """So many digits, and no ``+`` but in front."""
    digits = lengths_of(dialled) - called
    marks = pc.count_substring(dialled, "+").to_numpy()
    found: Mask = (digits >= _FEWEST) & (digits <= _MOST) & (marks == called)
    return found


def _with_parts(column: pa.Array, found: Iterable[Part]) -> tuple[pa.Array, Mask]:
    """The column with what its parts are surely read as, and where that is."""
    certain = [(rows[sure], told.filter(pa.array(sure))) for rows, told, sure in found]
    rows = np.concatenate([at for at, _ in certain] or [np.zeros(0, np.int64)])
    chosen = np.zeros(len(column), np.bool_)
    chosen[rows] = True
    if not len(rows):
        return column, chosen
    told = pa.concat_arrays([numbers for _, numbers in certain])
    in_order = told.take(pa.array(np.argsort(rows)))
    return pc.replace_with_mask(column, pa.array(chosen), in_order), chosen


def _by_region(country: pa.Array, rows: Mask) -> Iterator[tuple[Rows, str]]:
    encoded = country.dictionary_encode()
    codes = encoded.indices.to_numpy()
    for number, region in enumerate(encoded.dictionary.to_pylist()):
        here = np.flatnonzero(rows & (codes == number))
        if len(here):
            yield here, region


def _by_code(numbers: pa.Array, rows: Mask) -> Iterator[tuple[Rows, int]]:
    """Which of these rows, all behind ``+``, have which calling code."""
    beginning = _calling_codes(numbers)
    codes = np.where(rows, beginning // 10 ** (_LONGEST_CODE - _CODE_LENGTHS[beginning]), -1)
    for code in np.unique(codes[rows]).tolist():
        yield np.flatnonzero(codes == code), code


def _called(numbers: pa.Array) -> tuple[pa.Array, Mask]:
    """Numbers behind ``+`` in E.164, and where that is sure."""
    known, shortened = _international()
    codes = _calling_codes(numbers)
    sure = known[codes] & (lengths_of(numbers) > _CODE_LENGTHS[codes] + _SHORTEST_NATIONAL)
    whole = sure & ~matches(numbers, shortened)
    found: list[Part] = []
    for rows, code in _by_code(numbers, sure & ~whole):
        here = dialling_of_code(code)
        national = cut(numbers.take(pa.array(rows)), np.full(len(rows), 1 + len(here.code)))[1]
        bare, certain = _national_number(national, here)
        found.append((rows, joined(f"+{here.code}", bare), certain))
    numbers, shorter = _with_parts(numbers, found)
    return numbers, whole | shorter


def _dialled_out(dialled: pa.Array, read: pa.Array, sure: Mask) -> tuple[pa.Array, Mask]:
    """What begins with ``00``, which some write for ``+`` where it is not what one dials.

    It is read so where that gives a number that exists, and the other reading does not.
    """
    rows = np.flatnonzero(sure & mask(pc.starts_with(dialled, _DIAL_OUT)))
    if not len(rows):
        return read, sure
    told = read.take(pa.array(rows))
    behind = np.full(len(rows), len(_DIAL_OUT))
    instead, certain = _called(joined("+", cut(dialled.take(pa.array(rows)), behind)[1]))
    better = _exist(instead, certain)
    better &= ~_exist(told, better & mask(pc.starts_with(told, "+")))
    sure[rows] = certain
    numbers, _ = _with_parts(read, [(rows, instead, better)])
    return numbers, sure


def _at_home(digits: pa.Array, here: Dialling | None) -> tuple[pa.Array, Mask]:
    """What people dial in a region in E.164, and where that is sure."""
    if here is None:  # nobody can read them, so they stay digits
        return digits, np.ones(len(digits), np.bool_)
    numbers, sure = _inland(digits, here)
    out = _dials_out(digits, here)
    if out.any():
        rows = np.flatnonzero(out)
        bare = pc.replace_substring_regex(
            digits.take(pa.array(rows)), here.abroad, "", max_replacements=1
        )
        found = [(rows, *_called(joined("+", bare)))]
        numbers, again = _with_parts(numbers, found)
        sure = (sure & ~out) | again
    return numbers, sure


def _dials_out(digits: pa.Array, here: Dialling) -> Mask:
    """Where a number begins with what a region dials for ``+``; no calling code begins with 0."""
    if here.abroad is None:
        return np.zeros(len(digits), np.bool_)
    bare = pc.replace_substring_regex(digits, here.abroad, "", max_replacements=1)
    taken: Mask = lengths_of(bare) < lengths_of(digits)
    return taken & ~mask(pc.starts_with(bare, "0"))


def _inland(digits: pa.Array, here: Dialling) -> tuple[pa.Array, Mask]:
    """National spellings in E.164, with or without the calling code, and where that is sure."""
    national, sure = _national_number(digits, here)
    coded = mask(pc.starts_with(digits, here.code))
    if coded.any():
        local = cut(digits, coded * len(here.code))[1]
        too_long = lengths_of(digits) > max(here.lengths)
        better = matches(local, here.national) & ~matches(digits, here.national)
        alone = _bare_already(local, here) & _bare_already(local, dialling_of_code(int(here.code)))
        taken = coded & (better | too_long)
        national = pc.if_else(pa.array(taken), local, national)
        sure = np.where(coded, alone & (taken | sure), sure)
    return joined(f"+{here.code}", national), sure


def _bare_already(national: pa.Array, here: Dialling) -> Mask:
    if here.prefixed is None:
        return np.ones(len(national), np.bool_)
    return ~matches(national, here.prefixed)


def _national_number(digits: pa.Array, here: Dialling) -> tuple[pa.Array, Mask]:
    """Digits without what stands before a national number, and where that is sure.

    The prefix stays where the number is a possible one with it alone, and where what would be
    left is too short.
    """
    sure = np.ones(len(digits), np.bool_)
    if here.prefixed is None:
        return digits, sure
    bare = pc.replace_substring_regex(digits, here.prefixed, "", max_replacements=1)
    lengths = lengths_of(bare)
    taken = lengths_of(digits) - lengths
    if here.rewritten:
        simply = mask(pc.starts_with(digits, here.prefix)) & (taken == len(here.prefix))
        sure = (taken == 0) | simply
    goes = np.isin(lengths, here.lengths) | (lengths > max(here.lengths))
    goes &= ~np.isin(lengths, here.local)
    goes &= matches(bare, here.national) | ~matches(digits, here.national)
    return pc.if_else(pa.array(goes & (taken > 0)), bare, digits), sure


def _exist(numbers: pa.Array, rows: Mask) -> Mask:
    """Which of these rows, all behind ``+`` and a known calling code, are numbers that exist."""
    found = np.zeros(len(numbers), np.bool_)
    for places, code in _by_code(numbers, rows):
        national = cut(numbers.take(pa.array(places)), np.full(len(places), 1 + len(str(code))))[1]
        found[places] = _exists(national, code)
    return found


def _exists(national: pa.Array, code: int) -> Mask:
    """The library's ``is_valid_number``: the first region that knows a number decides."""
    found = np.zeros(len(national), np.bool_)
    left = np.arange(len(national))
    for plan in plans(code):
        if not len(left):
            break
        asked = national.take(pa.array(left))
        here = matches(asked, plan.leading)
        lengths, exists = lengths_of(asked), np.zeros(len(asked), np.bool_)
        for possible, pattern in plan.existing:
            exists |= np.isin(lengths, possible) & matches(asked, pattern)
        exists &= matches(asked, plan.national)
        found[left] = here & exists
        left = left[~(here if plan.known_by_leading else exists)]
    return found


def _calling_codes(numbers: pa.Array) -> Numbers:
    """The three digits behind ``+``, 0 to 999; of what has fewer, any."""
    letters, starts = parts(numbers)
    spelt = np.append(letters, np.zeros(_LONGEST_CODE + 1, np.uint8))
    first, second, third = (
        spelt[starts[:-1] + place].astype(np.int32) - ord("0") for place in (1, 2, 3)
    )
    codes: Numbers = np.clip(first * 100 + second * 10 + third, 0, 999)
    return codes


def _national(numbers: pa.Array) -> pa.Array:
    """The digits behind the calling code, or all where there is none."""
    lengths = lengths_of(numbers)
    called = mask(pc.starts_with(numbers, "+"))
    drop = np.where(called, 1 + _CODE_LENGTHS[_calling_codes(numbers)], 0)
    return cut(numbers, np.minimum(drop, lengths))[1]


def _is_dummy(numbers: pa.Array) -> Mask:
    """``contacts.is_dummy``."""
    national = _national(numbers)
    short: Mask = lengths_of(pc.ascii_ltrim(numbers, "+")) < _SHORTEST_NUMBER
    noughts = mask(pc.match_substring(national, _NOUGHTS))
    return short | noughts | repeats(national) | among(national, RUNS)


def phone_tail(phones: pa.Array) -> Told:
    """``contacts.phone_tail`` of what ``phone`` told."""
    national = _national(phones)
    lengths = lengths_of(national)
    tail = cut(national, np.maximum(lengths - _TAIL, 0))[1]
    said = (lengths >= _TAIL) & ~among(tail, _TAILS_OF_NOBODY)
    return Told(tail, said, matches(phones, r"^\+?[0-9]*$"))


@cache
def _international() -> tuple[Mask, str]:
    """Which three digits follow a ``+``, and a pattern of what may be shortened."""
    shortened = []
    for code in sorted(regions_of()):
        prefixed = dialling_of_code(code).prefixed
        if prefixed:
            shortened.append(f"{code}{prefixed.removeprefix('^')}")
    codes = tuple(map(str, regions_of()))
    known = np.array([f"{first:03}".startswith(codes) for first in range(1_000)], np.bool_)
    return known, rf"^\+(?:{'|'.join(shortened)})"
