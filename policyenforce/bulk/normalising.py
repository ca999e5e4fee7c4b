"""The identifiers of a whole table of accounts, spelt as the checks spell those of one fact.

Common shapes are read by Arrow a column at a time; whatever else comes goes through the scalar
function, once for each distinct value. Equal spellings are numbered as soon as they are read, so
that what is made of them is made once for each.

INVARIANT: each value equals what ``identifiers.normalise`` gives for the row, without the mark
``~`` of a value that nothing could confirm. That mark depends on nothing but the spelling
behind it, so leaving it out neither merges nor splits values; who tells a value to a person
asks ``normalise`` for its mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from policyenforce.bulk import contact_columns, name_columns, register_columns, telephone_columns
from policyenforce.bulk.reading import Fast, Scalar, read
from policyenforce.bulk.threads import each
from policyenforce.checks.multiple_accounts import contacts, names
from policyenforce.checks.multiple_accounts.identifiers import normalise
from policyenforce.checks.multiple_accounts.spelling import UNVERIFIED, plain
from policyenforce.model.facts.registration import Address

STRONG = (
    "email", "phone", "phone_tail", "device", "cookie", "ip", "card", "bank", "registration",
    "company", "person", "address",
)  # fmt: skip
"""The kinds of identifiers that are told, as ``identifiers.KINDS`` names them."""
WEAK = (
    "mailbox_name", "network_block", "company_core", "person_core", "premises", "postcode",
    "country",
)  # fmt: skip
"""The weak spellings, of which none links by itself."""


def normalised(table: pa.Table) -> dict[str, pa.DictionaryArray]:
    """The identifiers of each row, by kind, as columns as long as the table.

    Each column has its distinct texts and their numbers. Reads the text columns ``email phone
    device_id cookie_id ip card_token bank_account registration_number company_name first_name
    last_name address postcode city country``, of which any may be missing or null; null says
    that a row has no such identifier.

    >>> accounts = pa.table({"email": ["Ana@Example.com", None], "country": ["de", "China"]})
    >>> {kind: column.to_pylist() for kind, column in normalised(accounts).items()}
    {'email': ['ana@example.com', None], 'mailbox_name': [None, None], 'country': ['DE', None]}
    """
    country = read(None, names.country, [_column(table, "country")])
    found = {}
    if "country" in table.column_names:
        found["country"] = country.dictionary_encode()
    told = [kind for kind in _LONGEST_FIRST if _ROWS[kind][0][0] in table.column_names]
    for columns in each(lambda kind: dict(_of_kind(kind, table, country)), told):
        found.update(columns)
    return {kind: found[kind] for kind in (*STRONG, *WEAK) if kind in found}


def _of_kind(
    kind: str, table: pa.Table, country: pa.Array
) -> Iterator[tuple[str, pa.DictionaryArray]]:
    """The column of a kind, and those made of it."""
    columns, fast, scalar = _ROWS[kind]
    if kind in _OFTEN_ALIKE:
        column = _column(table, columns[0]).dictionary_encode()
        yield from _with_weaker(kind, _made_of(column, fast, scalar))
        return
    told = [country if name == "country" else _column(table, name) for name in columns]
    spelt = read(fast, scalar, told)
    if kind == "postcode" and "address" in table.column_names:
        doors = read(name_columns.premises, _premises, [_column(table, "address"), spelt])
        yield "premises", doors.dictionary_encode()
    yield from _with_weaker(kind, spelt.dictionary_encode())


def _with_weaker(kind: str, strong: pa.DictionaryArray) -> Iterator[tuple[str, pa.DictionaryArray]]:
    yield kind, strong
    for weak, (source, fast, derive) in _DERIVED.items():
        if source == kind:
            yield weak, _made_of(strong, fast, _of_something(derive))


def _made_of(column: pa.DictionaryArray, fast: Fast, scalar: Scalar) -> pa.DictionaryArray:
    """A column made of another one, read once for each text of that."""
    made = read(fast, scalar, [column.dictionary]).dictionary_encode()
    return pa.DictionaryArray.from_arrays(made.indices.take(column.indices), made.dictionary)


def _column(table: pa.Table, name: str) -> pa.Array:
    if name not in table.column_names:
        return pa.nulls(len(table), pa.string())
    return pc.cast(table.column(name), pa.string()).combine_chunks()


def _bare(kind: str) -> Scalar:
    """``normalise`` without the mark of what nothing confirmed."""

    def bare(value: str, country: str = "") -> str | None:
        found = normalise(kind, value, country or None)
        return found and found.removeprefix(UNVERIFIED)

    return bare


def _person(first: str, last: str) -> str | None:
    return normalise("person", f"{first} {last}") if first and last else None


def _address(line: str, city: str, postcode: str, country: str) -> str | None:
    place = Address(lines=(line,), city=city or None, postcode=postcode or None)
    return normalise("address", names.written(place), country or None)


def _premises(line: str, place: str) -> str | None:
    numbers = names.numbers_of(plain(line))
    return " ".join((place, *numbers)) if place and numbers else None


def _of_something(derive: Callable[[str], str | None]) -> Scalar:
    return lambda value: derive(value) if value else None


_ROWS: dict[str, tuple[tuple[str, ...], Fast, Scalar]] = {
    "email": (("email",), contact_columns.email, _bare("email")),
    "phone": (("phone", "country"), telephone_columns.phone, _bare("phone")),
    "device": (("device_id",), register_columns.opaque, partial(normalise, "device")),
    "cookie": (("cookie_id",), register_columns.opaque, partial(normalise, "cookie")),
    "ip": (("ip",), contact_columns.ip, partial(normalise, "ip")),
    "card": (("card_token",), register_columns.card, partial(normalise, "card")),
    "bank": (("bank_account",), register_columns.bank, _bare("bank")),
    "registration": (
        ("registration_number", "country"),
        register_columns.registration,
        _bare("registration"),
    ),
    "company": (("company_name",), name_columns.company, partial(normalise, "company")),
    "person": (("first_name", "last_name"), name_columns.person, _person),
    "address": (("address", "city", "postcode", "country"), name_columns.address, _address),
    "postcode": (("postcode", "country"), name_columns.postcode, names.postcode),
}
"""For each kind the columns it is made of, the fast reading and the scalar one."""

_LONGEST_FIRST = (
    "phone", "email", "address", "company", "postcode", "person", "registration", "ip", "bank",
    "card", "device", "cookie",
)  # fmt: skip
"""The kinds of ``_ROWS`` in the order they are begun, so that none is left to itself."""

_OFTEN_ALIKE = frozenset({"company"})
"""Kinds of one column that are dear to read and often written alike: each spelling is read once."""

_DERIVED: dict[str, tuple[str, Fast, Callable[[str], str | None]]] = {
    "phone_tail": ("phone", telephone_columns.phone_tail, contacts.phone_tail),
    "mailbox_name": ("email", contact_columns.mailbox_name, contacts.mailbox_name),
    "network_block": ("ip", contact_columns.network_block, contacts.network_block),
    "company_core": ("company", name_columns.company_core, names.company_core),
    "person_core": ("person", name_columns.person_core, names.person_core),
}
"""What is made of another kind, and of which."""
