"""Columns of devices, cards, bank accounts and company numbers."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from policyenforce.bulk.letters import (
    COMPACT,
    Mask,
    among,
    joined,
    lengths_of,
    mapped,
    matches,
    printed,
    repeats,
)
from policyenforce.bulk.reading import Told
from policyenforce.checks.multiple_accounts.identifiers import NO_DEVICE
from policyenforce.checks.multiple_accounts.spelling import NOTHING, RUNS

NOTHING_COMPACT = frozenset(word.upper() for word in NOTHING)
_NO_DEVICE = NOTHING_COMPACT | NO_DEVICE | RUNS
_SHORTEST = 4

# A register may take off its own letters or put some before; in these shapes it does neither,
# whether or not the number is a true one. A test holds them against the library.
_NOT_AS_WRITTEN = (
    "^(?:AT:FN|BY:UNP|CL:CL|CZ:CZ|DK:DK|FI:FI|IT:IT|AZ:[0-9]{9}$|CH:[0-9]{9}$|RO:|DE:.*[A-Z])"
)
_AS_WRITTEN = "^DE:(?:HR[AB]|GNR|PR|VR)[0-9]+$"


def opaque(column: pa.Array) -> Told:
    """A device or a cookie: the text itself, in small letters."""
    letters = mapped(column, COMPACT)
    said = ~(among(letters, _NO_DEVICE) | repeats(letters))
    return Told(pc.ascii_lower(pc.ascii_trim(column, " ")), said, printed(column))


def card(column: pa.Array) -> Told:
    """``registers.card``."""
    letters, text = mapped(column, COMPACT), pc.ascii_trim(column, " ")
    said = lengths_of(text) >= _SHORTEST
    said &= ~(among(letters, NOTHING_COMPACT) | repeats(letters))
    return Told(text, said, printed(column))


def bank(column: pa.Array) -> Told:
    """``registers.bank`` without its mark."""
    number = mapped(column, COMPACT)
    return Told(number, _tells(number), printed(column))


def registration(column: pa.Array, country: pa.Array) -> Told:
    """``registers.registration`` without its mark."""
    number = mapped(column, COMPACT)
    named = joined(country, pc.if_else(pc.equal(country, ""), "", ":"), number)
    sure = printed(column) & ~matches(column, ":")
    sure &= ~matches(named, _NOT_AS_WRITTEN) | matches(named, _AS_WRITTEN)
    return Told(named, _tells(number), sure)


def _tells(number: pa.Array) -> Mask:
    nothing = among(number, NOTHING_COMPACT) | repeats(number)
    long_enough: Mask = lengths_of(number) >= _SHORTEST
    return long_enough & ~nothing
