"""Columns of companies, persons and postal addresses."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from policyenforce.bulk import letters
from policyenforce.bulk.letters import (
    AS_IT_IS,
    ASCII,
    BLANK,
    COMPACT,
    END,
    GONE,
    NUMBERS,
    PACKED,
    WORDS,
    Mask,
    among,
    cut_before,
    joined,
    lengths_of,
    mapped,
    mask,
    matches,
    printed,
    repeats,
    words,
)
from policyenforce.bulk.reading import Told
from policyenforce.bulk.register_columns import NOTHING_COMPACT
from policyenforce.checks.multiple_accounts import names
from policyenforce.checks.multiple_accounts.spelling import NOTHING, RUNS, plain

_DOT = ord(".")
_WORD = np.array([code >= 0x80 or chr(code) == "_" or chr(code).isalnum() for code in range(256)])
_WORD[[GONE, END]] = False
_FORMS = sorted(names.LEGAL_FORMS)
_LAST_FORMS = pa.array([f" {form}" for form in _FORMS])
_FIRST_FORMS = pa.array(_FORMS)
_INITIALS_BESIDE_OTHERS = r"_|\.[0-9A-Za-z\x{80}-\x{10FFFF}]"
_EMPTY_WORDS = "|".join(" ?".join(word) for word in sorted(NOTHING - {""}))
_NOTHING = f"^(?:{_EMPTY_WORDS})?$"
_ONLY_NOTHING = f"^(?:(?:{_EMPTY_WORDS}|[a-z0-9])(?: |$))*$"
_OTHER_LETTERS = r"[^\x00-\x7f\x{4E00}-\x{9FFF}]"  # other forms, cases, accents
_LATIN = "[" + "".join(map(chr, names.LATIN)) + "]"
_MIXED = rf"{_LATIN}|[a-z][0-9]*[^\x00-\x7f]|[^\x00-\x7f][0-9]*[a-z]"
_VOWELS = np.isin(np.arange(256), [ord(letter) for letter in "aeiouy"])
_SMALL = np.isin(np.arange(256), np.arange(ord("a"), ord("z") + 1))
_SHORT_WORD = 3
_SHORTEST_COMPANY = 4
_SHORTEST_PERSON = 3
_SHORTEST_POSTCODE = 3
_ZIP = 5


Read = Callable[[str], list[str]]


def _simple(column: pa.Array, ascii_only: Mask | None = None) -> Mask:
    """Where each letter is ASCII or an ideograph, which are spelt in one way alone."""
    plainly = letters.within(column, ASCII) if ascii_only is None else ascii_only
    return letters.lacking(column, ~plainly, _OTHER_LETTERS)


def _pieced(column: pa.Array, simple: Mask, by: bytes, read: Read) -> pa.Array:
    """Words as the table of bytes has them, or where that is too simple, as they are read.

    No letter outside ASCII reaches over a mark of ASCII, so that what stands between two such
    marks is read for itself, once for each distinct piece.
    """
    text = words(column, by)
    if simple.all():
        return text
    others = pa.array(~simple)
    rows = pc.split_pattern(words(column.filter(others)), " ")
    pieces = rows.flatten().dictionary_encode()
    told = _read(pieces.dictionary, by, read).take(pieces.indices)
    again = pc.binary_join(pa.ListArray.from_arrays(rows.offsets, told), " ")
    return pc.replace_with_mask(text, others, _one_blank(again))


def _read(pieces: pa.Array, by: bytes, read: Read) -> pa.Array:
    others = pa.array(~letters.within(pieces, ASCII))
    found = [" ".join(read(plain(piece))) for piece in pieces.filter(others).to_pylist()]
    return pc.replace_with_mask(words(pieces, by), others, pa.array(found, pa.string()))


def _one_blank(text: pa.Array) -> pa.Array:
    """Words with one blank between each two, in whatever letters."""
    return words(text, AS_IT_IS)


def _nothing(text: pa.Array) -> Mask:
    """Where words together say nothing."""
    return matches(text, _NOTHING)


def _spoken(column: pa.Array) -> tuple[pa.Array, Mask]:
    """Words, none where they say nothing, and where an accent that is gone may have told."""
    simple = _simple(column)
    text = _pieced(column, simple, WORDS, names.words_of)
    silent = _nothing(text)
    return pc.if_else(pa.array(silent), "", text), silent & ~simple


def _spoken_by_few(column: pa.Array) -> tuple[pa.Array, Mask]:
    """The same for a column that says few things many times."""
    encoded = column.dictionary_encode()
    text, doubted = _spoken(encoded.dictionary)
    return text.take(encoded.indices), doubted[encoded.indices.to_numpy()]


def company(column: pa.Array) -> Told:
    """``names.company``.

    No legal form ends or begins what is written for nothing, so that a name says nothing where
    the whole does; a test holds the two lists apart.
    """
    ascii_only = letters.within(column, ASCII)
    simple = _simple(column, ascii_only)
    sure = letters.lacking(column, ~ascii_only, _INITIALS_BESIDE_OTHERS)
    if not ascii_only.all():
        rows = pa.array(simple & ~ascii_only)
        bare = pc.replace_substring_regex(column.filter(rows), names.CHINESE_FORMS.pattern, " ")
        column = pc.replace_with_mask(column, rows, bare)
    text = _pieced(_without_dots(column), simple, WORDS, _company_words)
    name = _without_first_forms(_without_last_forms(text))
    return Told(name, ~_nothing(name), sure)


def _company_words(piece: str) -> list[str]:
    return names.words_of(names.without_marks(piece))


def _without_dots(column: pa.Array) -> pa.Array:
    """Texts without the dots of initials, which have one letter before them and one behind."""
    spelt = np.frombuffer(b"  " + letters.spelt(column) + b"  ", np.uint8).copy()
    dots = np.flatnonzero(spelt == _DOT)
    alone = _WORD[spelt[dots - 1]] & ~_WORD[spelt[dots - 2]]
    alone &= _WORD[spelt[dots + 1]] & ~_WORD[spelt[dots + 2]]
    spelt[dots[alone]] = GONE
    return letters.column_of(spelt[2:-2].tobytes()) if alone.any() else column


def _without_last_forms(text: pa.Array) -> pa.Array:
    head, tail = cut_before(text, " ", last=True)
    found = pc.is_in(tail, value_set=_LAST_FORMS)
    if not pc.any(found).as_py():
        return text
    return pc.replace_with_mask(text, found, _without_last_forms(head.filter(found)))


def _without_first_forms(text: pa.Array) -> pa.Array:
    head, tail = cut_before(text, " ")
    found = pc.and_(pc.is_in(head, value_set=_FIRST_FORMS), pc.not_equal(tail, ""))
    if not pc.any(found).as_py():
        return text
    rest = pc.ascii_ltrim(tail.filter(found), " ")
    return pc.replace_with_mask(text, found, _without_first_forms(rest))


def company_core(companies: pa.Array) -> Told:
    """``names.company_core`` of what ``company`` told."""
    text = mapped(companies, PACKED)
    ascii_only = letters.within(text, ASCII)
    core = pc.if_else(pa.array(ascii_only), _skeletons(text), text)
    said = mask(pc.greater_equal(pc.utf8_length(core), _SHORTEST_COMPANY))
    return Told(core, said, letters.lacking(text, ~ascii_only, _LATIN))


def person(first: pa.Array, last: pa.Array) -> Told:
    """``names.person`` of both names."""
    given, family = _names(first), _names(last)
    text = pc.ascii_trim(joined(given, " ", family), " ")
    sure = mask(pc.match_substring(text, " ")) & ~matches(text, _ONLY_NOTHING)
    empty = mask(pc.or_(pc.equal(first, ""), pc.equal(last, "")))
    return Told(_sorted(text), ~empty, sure | empty)


def _names(column: pa.Array) -> pa.Array:
    encoded = column.dictionary_encode()  # many bear the same
    few = encoded.dictionary
    return _pieced(few, _simple(few), WORDS, names.words_of).take(encoded.indices)


def _sorted(text: pa.Array) -> pa.Array:
    """The words of each row in alphabetical order; words are parted by one blank."""
    rows = pc.split_pattern(text, " ")
    encoded = rows.flatten().dictionary_encode()
    alphabetical = pc.sort_indices(encoded.dictionary)
    ranks = np.empty(len(alphabetical), np.int64)
    ranks[alphabetical.to_numpy()] = np.arange(len(ranks))
    starts = rows.offsets.to_numpy()
    row = np.repeat(np.arange(len(rows), dtype=np.int64), np.diff(starts))
    order = np.sort(row << 32 | ranks[encoded.indices.to_numpy()]) & 0xFFFFFFFF
    told = encoded.dictionary.take(alphabetical).take(pa.array(order))
    return pc.binary_join(pa.ListArray.from_arrays(rows.offsets, told), " ")


def person_core(persons: pa.Array) -> Told:
    """``names.person_core`` of what ``person`` told."""
    core = _sorted(_skeletons(persons))
    length = pc.subtract(pc.utf8_length(core), pc.count_substring(core, " "))
    said = mask(pc.greater_equal(length, _SHORTEST_PERSON))
    sure = letters.lacking(persons, ~letters.within(persons, ASCII), _MIXED)
    return Told(core, said, sure)


def _skeletons(text: pa.Array) -> pa.Array:
    """Words without their vowels but the first letter, and without doubled letters."""
    spelt = np.frombuffer(b" " + letters.spelt(text), np.uint8).copy()
    parted = np.flatnonzero((spelt == BLANK) | (spelt == END))
    begins, lengths = parted[:-1] + 1, np.diff(parted) - 1
    vowel = _VOWELS[spelt]
    vowel[begins] = False
    for place in range(1, _SHORT_WORD):
        vowel[begins[(place < lengths) & (lengths <= _SHORT_WORD)] + place] = False
    spelt[vowel] = GONE
    bare = np.frombuffer(spelt.tobytes().translate(None, bytes([GONE])), np.uint8).copy()
    doubled = (bare[1:] == bare[:-1]) & _SMALL[bare[1:]]
    bare[1:][doubled] = GONE
    return letters.column_of(bare[1:].tobytes())


def address(line: pa.Array, city: pa.Array, code: pa.Array, country: pa.Array) -> Told:
    """``names.address`` of what ``names.written`` makes of the parts."""
    street, doubted = _spoken(line)
    town, doubted_town = _spoken_by_few(city)
    number, doubted_number = _spoken(code)
    text = joined(street, _blank_before(town), town, _blank_before(number), number)
    silent = _nothing(text)
    doubted |= doubted_town | doubted_number | (silent & ~letters.within(text, ASCII))
    named = joined(_placed(country), " ", text)
    return Told(named, ~silent & mask(pc.not_equal(street, "")), ~doubted)


def _blank_before(text: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(text, ""), "", " ")


def _placed(country: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(country, ""), "?", country)


def postcode(column: pa.Array, country: pa.Array) -> Told:
    """``names.postcode``."""
    code = mapped(column, COMPACT)
    if pc.any(pc.equal(country, "US")).as_py():
        code = pc.if_else(pc.equal(country, "US"), pc.utf8_slice_codeunits(code, 0, _ZIP), code)
    said = lengths_of(code) >= _SHORTEST_POSTCODE
    said &= ~(among(code, NOTHING_COMPACT | RUNS) | repeats(code))
    return Told(joined(_placed(country), " ", code), said, printed(column))


def premises(line: pa.Array, place: pa.Array) -> Told:
    """``names.premises`` of an address line and what ``postcode`` told."""
    numbers = _pieced(line, _simple(line), NUMBERS, names.numbers_of)
    said = mask(pc.and_(pc.not_equal(place, ""), pc.not_equal(numbers, "")))
    return Told(joined(place, " ", numbers), said, np.ones(len(line), np.bool_))
