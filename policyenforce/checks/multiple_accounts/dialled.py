"""Telephone numbers as most people write them, read by the tables of ``phonenumbers``.

The library reads one number in 50 µs, since it must expect every way of writing one. What it
would make of plain digits, behind a plus or as they are dialled at home, follows from its tables
in a tenth of that. Whatever could be read otherwise is left to the library itself.
"""

from __future__ import annotations

import re
from functools import cache

from attrs import frozen

from policyenforce.checks.multiple_accounts.dialling import (
    Dialling,
    dialling,
    dialling_of_code,
    plans,
    regions_of,
)

_ABROAD = re.compile(r"\+[1-9][0-9]{6,14}")
_AT_HOME = re.compile(r"[0-9]{5,15}")
_MARKS = str.maketrans("", "", " ()./-")  # what the library takes for nothing, wherever it stands
_LONGEST_CODE = 3

Pattern = re.Pattern[str]


def dialled(value: str, country: str | None) -> str | None:
    """The number in E.164, or None unless it is plain to see that it exists.

    ``country`` (ISO 3166 alpha-2) reads numbers that no plus precedes.

    >>> dialled("+44 20 7946 0958", None), dialled("(030) 1234-5678", "DE"), dialled("12", "DE")
    ('+442079460958', '+493012345678', None)
    """
    digits = value.translate(_MARKS)
    if _ABROAD.fullmatch(digits):
        code = _code_of(digits)
        reading = _abroad(code) if code else None
        national = digits[len(code) + 1 :]
    elif country is not None and _AT_HOME.fullmatch(digits):
        reading, national = _at_home(country), digits
        if reading is None or reading.may_be_called_otherwise(digits):
            return None
    else:
        return None
    if reading is None:
        return None
    number = reading.number(national)
    return f"+{reading.code}{number}" if number and _exists(reading.code, number) else None


@frozen
class _Reading:
    """How national numbers are read: by the tables of one region, ready to be matched."""

    code: str
    abroad: Pattern | None
    prefix: Pattern | None
    simple: bool
    national: Pattern
    lengths: frozenset[int]

    def may_be_called_otherwise(self, digits: str) -> bool:
        """True where digits dialled at home may begin with what one dials to call abroad."""
        if self.abroad is not None and self.abroad.match(digits):
            return True
        return digits.startswith(self.code) and not self.fits(digits)

    def fits(self, digits: str) -> bool:
        """True for what has the form of a national number."""
        return len(digits) in self.lengths and self.national.match(digits) is not None

    def number(self, digits: str) -> str | None:
        """The national number without what is dialled before it; None where that is not plain."""
        before = self.prefix.match(digits) if self.prefix is not None else None
        if before is None:
            return digits
        rest = digits[before.end() :]
        return rest if self.simple and self.fits(rest) else None


@cache
def _at_home(region: str) -> _Reading | None:
    here = dialling(region)
    return None if here is None else _ready(here)


@cache
def _abroad(code: str) -> _Reading:
    return _ready(dialling_of_code(int(code)))


def _ready(here: Dialling) -> _Reading:
    return _Reading(
        code=here.code,
        abroad=_compiled(here.abroad),
        prefix=_compiled(here.prefixed),
        simple=not here.rewritten,
        national=re.compile(here.national),
        lengths=frozenset(here.lengths),
    )


def _compiled(pattern: str | None) -> Pattern | None:
    return None if pattern is None else re.compile(pattern)


@cache
def _codes() -> frozenset[str]:
    return frozenset(map(str, regions_of()))


def _code_of(number: str) -> str:
    """The calling code behind the plus; empty where there is none such."""
    heads = (number[1:end] for end in range(2, _LONGEST_CODE + 2))
    return next((head for head in heads if head in _codes()), "")


@frozen
class _Numbers:
    """Which national numbers of a region exist: a ``Plan``, ready to be matched."""

    leading: Pattern
    known_by_leading: bool
    national: Pattern
    existing: tuple[tuple[frozenset[int], Pattern], ...]

    def have(self, number: str) -> bool:
        """True for a number that exists, if it is of this region."""
        length = len(number)
        given = any(length in fit and told.match(number) for fit, told in self.existing)
        return given and self.national.match(number) is not None


@cache
def _numbers(code: str) -> tuple[_Numbers, ...]:
    return tuple(
        _Numbers(
            leading=re.compile(plan.leading),
            known_by_leading=plan.known_by_leading,
            national=re.compile(plan.national),
            existing=tuple((frozenset(fit), re.compile(told)) for fit, told in plan.existing),
        )
        for plan in plans(int(code))
    )


def _exists(code: str, national: str) -> bool:
    """The library's ``is_valid_number``: the first region that knows a number decides."""
    for numbers in _numbers(code):
        if numbers.leading.match(national):
            given = numbers.have(national)
            if given or numbers.known_by_leading:
                return given
    return False
