"""Columns of telephone numbers.

The library reads one number in 30 µs. What it would make of the common shapes follows from its
own tables: a number behind ``+`` and one in a national spelling keep their digits, but for a
calling code or a national prefix that is surely one. Whatever might be read otherwise is left
to the library.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

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
)
from policyenforce.bulk.reading import Told
from policyenforce.checks.multiple_accounts.contacts import CALLING_CODE
from policyenforce.checks.multiple_accounts.spelling import RUNS

_DIGITS = table("0123456789+")
_MARKS = r"^[0-9 ()./+-]{5,40}$"
_SHAPE = r"^\+?[0-9]{5,15}$"
_SHORTEST_NUMBER = 6
_TAIL = 8
_DIAL_OUT = "00"
_NOUGHTS = "0000000"
_TAILS_OF_NOBODY = {digit * _TAIL for digit in "0123456789"} | RUNS
_CODE_LENGTHS = np.array(
    [3 - len(CALLING_CODE.sub("", f"+{code:03}")) for code in range(1_000)], np.int32
)


@frozen
class Dialling:
    """How a region dials: patterns (RE2) of what the library's tables say.

    ``prefixed`` is what may stand before a national number; where ``rewritten``, the library
    puts something else there unless no more is met than the ``prefix`` itself.
    """

    code: str
    abroad: str | None
    prefixed: str | None
    prefix: str
    rewritten: bool
    national: str
    lengths: tuple[int, ...]


@cache
def dialling(region: str) -> Dialling | None:
    """The tables of a region, or None when there are none."""
    from phonenumbers import SUPPORTED_REGIONS, PhoneMetadata

    if region not in SUPPORTED_REGIONS:
        return None
    known: Any = PhoneMetadata.metadata_for_region(region)
    prefixed = known.national_prefix_for_parsing
    return Dialling(
        code=str(known.country_code),
        abroad=f"^(?:{known.international_prefix})" if known.international_prefix else None,
        prefixed=f"^(?:{prefixed})" if prefixed else None,
        prefix=known.national_prefix or "",
        rewritten=bool(known.national_prefix_transform_rule),
        national=f"^(?:{known.general_desc.national_number_pattern})$",
        lengths=tuple(known.general_desc.possible_length),
    )


@cache
def _international() -> tuple[str, str]:
    """Patterns for numbers with a known calling code, and for those the library may shorten."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    shortened = []
    for code, regions in sorted(COUNTRY_CODE_TO_REGION_CODE.items()):
        known = PhoneMetadata.metadata_for_region_or_calling_code(code, regions[0])
        if known is not None and known.national_prefix_for_parsing:
            shortened.append(f"{code}(?:{known.national_prefix_for_parsing})")
    codes = "|".join(map(str, COUNTRY_CODE_TO_REGION_CODE))
    return rf"^\+(?:{codes})[0-9]{{4,}}$", rf"^\+(?:{'|'.join(shortened)})"


def phone(column: pa.Array, country: pa.Array) -> Told:
    """``contacts.phone`` without its mark."""
    digits = mapped(column, _DIGITS)
    plain = matches(column, _MARKS) & matches(digits, _SHAPE)
    known, shortened = _international()
    for rows, region in _by_region(country, plain & mask(pc.starts_with(digits, _DIAL_OUT))):
        written = np.zeros(len(column), np.bool_)
        written[rows.to_numpy()] = _dials_out(digits.take(rows), dialling(region))
        digits = pc.if_else(pa.array(written), joined("+", cut(digits, written * 2)[1]), digits)
    sure = plain & matches(digits, known) & ~matches(digits, shortened)
    national = plain & ~mask(pc.starts_with(digits, "+"))
    found = [
        (rows, *_dialled(digits.take(rows), dialling(region)))
        for rows, region in _by_region(country, national)
    ]
    if found:
        rows = np.concatenate([place.to_numpy()[certain] for place, _, certain in found])
        told = pa.concat_arrays([n.filter(pa.array(certain)) for _, n, certain in found])
        chosen = np.zeros(len(column), np.bool_)
        chosen[rows] = True
        in_order = told.take(pa.array(np.argsort(rows)))
        digits = pc.replace_with_mask(digits, pa.array(chosen), in_order)
        sure |= chosen
    return Told(digits, ~_is_dummy(digits), sure)


def _by_region(country: pa.Array, rows: Mask) -> Iterator[tuple[pa.Array, str]]:
    encoded = country.dictionary_encode()
    codes = encoded.indices.to_numpy()
    for number, region in enumerate(encoded.dictionary.to_pylist()):
        here = np.flatnonzero(rows & (codes == number))
        if len(here):
            yield pa.array(here), region


def _dials_out(digits: pa.Array, here: Dialling | None) -> Mask:
    """Where exactly `00` is what a region dials for `+`, and stands there."""
    if here is None or here.abroad is None:
        return np.zeros(len(digits), np.bool_)
    bare = pc.replace_substring_regex(digits, here.abroad, "", max_replacements=1)
    alone: Mask = lengths_of(digits) - lengths_of(bare) == len(_DIAL_OUT)
    return alone & ~mask(pc.starts_with(bare, "0"))


def _dialled(digits: pa.Array, here: Dialling | None) -> tuple[pa.Array, Mask]:
    """National spellings in E.164, and where that is sure."""
    home = ~mask(pc.starts_with(digits, _DIAL_OUT))  # which some write for `+`
    if here is None:  # nobody can read them, so they stay digits
        return digits, home
    if here.abroad:
        home &= ~matches(digits, here.abroad)
    coded = home & mask(pc.starts_with(digits, here.code))
    bare, taken = _without_prefix(digits, here)
    uncoded = home & ~coded
    prefixed = uncoded & (taken > 0) & _possible(bare, here)
    if here.rewritten:
        prefixed &= mask(pc.starts_with(digits, here.prefix)) & (taken == len(here.prefix))
    numbers = joined(f"+{here.code}", bare)
    sure = prefixed | (uncoded & (taken == 0))
    if coded.any():
        local = cut(digits, coded * len(here.code))[1]
        coded &= _possible(local, here) & ~matches(digits, here.national)
        coded &= _without_prefix(local, here)[1] == 0
        numbers = pc.if_else(pa.array(coded), joined(f"+{here.code}", local), numbers)
    return numbers, sure | coded


def _without_prefix(digits: pa.Array, here: Dialling) -> tuple[pa.Array, Numbers]:
    """Numbers without what stands before a national one, and how many digits that was."""
    if here.prefixed is None:
        return digits, np.zeros(len(digits), np.int32)
    bare = pc.replace_substring_regex(digits, here.prefixed, "", max_replacements=1)
    return bare, lengths_of(digits) - lengths_of(bare)


def _possible(national: pa.Array, here: Dialling) -> Mask:
    return matches(national, here.national) & np.isin(lengths_of(national), here.lengths)


def _national(numbers: pa.Array) -> pa.Array:
    """The digits behind the calling code, or all where there is none."""
    letters, starts = parts(numbers)
    begins, lengths = starts[:-1], np.diff(starts)
    spelt = np.append(letters, np.zeros(4, np.uint8))
    called = (spelt[begins] == ord("+")) & (lengths > 0)
    first = [spelt[begins + place].astype(np.int32) - ord("0") for place in (1, 2, 3)]
    code = np.clip(first[0] * 100 + first[1] * 10 + first[2], 0, 999)
    drop = np.where(called, 1 + _CODE_LENGTHS[code], 0)
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
