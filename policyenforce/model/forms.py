"""How single values look in JSON: read strictly, written in one canonical way.

A reader takes ``(value, type)``, as cattrs calls it, and raises FactError naming what it
expected; it never repeats the value, because only the field knows whether it is personal.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final, TypeAlias

import orjson

from policyenforce.errors import FactError, TermsError
from policyenforce.model.fact import TEXT_LIMIT
from policyenforce.terms.gates import Standard
from policyenforce.terms.references import ClauseRef

Reader: TypeAlias = Callable[[Any, Any], Any]
Writer: TypeAlias = Callable[[Any], Any]

WHOLE_LIMIT = 2**53  # every JSON reader keeps whole numbers below it exactly
_AMOUNT = re.compile(r"-?[0-9]{1,24}(\.[0-9]{1,12})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT_HINT = "write `2019-10-04T09:00:00Z`"


def read_text(value: Any, _: Any = str) -> str:
    """Text of at most TEXT_LIMIT code points."""
    if type(value) is not str:
        raise FactError("expected text")
    if len(value) > TEXT_LIMIT:
        raise FactError(f"text of more than {TEXT_LIMIT:,} characters", hint="hand it in in parts")
    return value


def read_whole(value: Any, _: Any = int) -> int:
    """A whole number; neither ``true`` nor ``3.0``."""
    if type(value) is not int or not -WHOLE_LIMIT <= value <= WHOLE_LIMIT:
        raise FactError("expected a whole number")
    return value


def read_number(value: Any, _: Any = float) -> float:
    """A finite number, whole or not."""
    if type(value) is int:
        return float(read_whole(value))
    if type(value) is not float or not math.isfinite(value):
        raise FactError("expected a finite number")
    return value


def write_number(value: float) -> float:
    """The number itself; raises FactError for what JSON has no word for."""
    if not math.isfinite(value):
        raise FactError("expected a finite number")
    return value


def read_truth(value: Any, _: Any = bool) -> bool:
    """``true`` or ``false``."""
    if type(value) is not bool:
        raise FactError("expected true or false")
    return value


def read_instant(value: Any, _: Any = datetime) -> datetime:
    """An aware ISO-8601 time, turned into UTC.

    >>> read_instant("2019-10-04T17:00:00+08:00").isoformat()
    '2019-10-04T09:00:00+00:00'
    """
    if type(value) is not str or value[10:11] != "T":
        raise FactError("expected a time", hint=_INSTANT_HINT)
    try:
        at = datetime.fromisoformat(value)
        if at.tzinfo is UTC:
            return at
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise FactError("expected a time", hint=_INSTANT_HINT) from None
    raise FactError("a time without a zone", hint=_INSTANT_HINT)


def write_instant(at: datetime) -> str:
    """An aware time in UTC, with microseconds only where there are any; raises FactError.

    >>> write_instant(datetime(2019, 10, 4, 9, tzinfo=UTC))
    '2019-10-04T09:00:00Z'
    """
    if at.tzinfo is not UTC:
        if at.utcoffset() is None:
            raise FactError("a time without a zone", hint=_INSTANT_HINT)
        at = at.astimezone(UTC)
    try:
        return orjson.dumps(at, None, orjson.OPT_UTC_Z)[1:-1].decode()
    except TypeError:  # the time of a frozen clock
        return f"{at.isoformat()[:-6]}Z"


def read_day(value: Any, _: Any = date) -> date:
    """A calendar day, ``1980-02-29``."""
    if type(value) is str and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise FactError("expected a day", hint="write `1980-02-29`")


def read_amount(value: Any, _: Any = Decimal) -> Decimal:
    """A decimal number in text: a number would already have been rounded."""
    if type(value) is not str or not _AMOUNT.fullmatch(value):
        raise FactError("expected a decimal number in text", hint='write `"12.50"`')
    return Decimal(value)


def write_amount(value: Decimal) -> str:
    """The amount without an exponent; raises FactError for one no file could hold."""
    text = format(value, "f") if abs(value.adjusted()) < 48 else ""
    if not _AMOUNT.fullmatch(text):
        raise FactError("an amount has at most 24 digits before the point and 12 after it")
    return text


def read_standard(value: Any, _: Any = Standard) -> Standard:
    """A standard by its label, ``"belief"``."""
    known = _STANDARDS.get(value) if type(value) is str else None
    if known is None:
        raise FactError("expected a standard", hint=f"one of {_listed(_STANDARDS)}")
    return known


def write_standard(value: Standard) -> str:
    """The label of a standard."""
    return _LABELS[value]


def read_clause_text(value: Any, _: Any = str) -> str:
    """Text in the shape of a clause reference; whether the Terms know it is seen later."""
    return read_clause(value).text


def read_clause(value: Any, _: Any = ClauseRef) -> ClauseRef:
    """A clause reference."""
    try:
        return ClauseRef.parse(read_text(value))
    except TermsError as error:
        raise FactError("expected a clause reference", hint=error.hint) from None


def word_reader(words: type[Enum]) -> Reader:
    """A reader of one of an enumeration's words."""
    known = {word.value: word for word in words}

    def read(value: Any, _: Any = words) -> Enum:
        word = known.get(value) if type(value) is str else None
        if word is None:
            raise FactError("expected a known word", hint=f"one of {_listed(known)}")
        return word

    return read


def write_word(word: Enum) -> Any:
    """The value of an enumeration's member."""
    return word._value_


def bounded(reader: Reader, low: float, high: float) -> Reader:
    """The same reader, which refuses what lies outside ``low`` to ``high``."""

    def read(value: Any, kind: Any = None) -> Any:
        number = reader(value, kind)
        if not low <= number <= high:
            limits = f"of {low:g} or more" if high == math.inf else f"from {low:g} to {high:g}"
            raise FactError(f"expected a number {limits}")
        return number

    return read


def optional(reader: Reader) -> Reader:
    """The same reader, which lets ``null`` through as None."""

    def read(value: Any, kind: Any = None) -> Any:
        return None if value is None else reader(value, kind)

    return read


def _listed(words: Mapping[str, object]) -> str:
    return ", ".join(f"`{word}`" for word in words)


_STANDARDS: Final = {standard.label: standard for standard in Standard}
_LABELS: Final = {standard: standard.label for standard in Standard}
