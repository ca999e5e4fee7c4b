"""The identifiers of a whole table of accounts, spelt as the checks spell those of one fact.

Common shapes are read by Arrow a column at a time; whatever else comes goes through the scalar
function, once for each distinct value.

INVARIANT: each value equals what ``identifiers.normalise`` gives for the row, without the mark
``~`` of a value that nothing could confirm. That mark depends on nothing but the spelling
behind it, so leaving it out neither merges nor splits values; who tells a value to a person
asks ``normalise`` for its mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from policyenforce.checks.multiple_accounts import contacts, names
from policyenforce.checks.multiple_accounts.identifiers import normalise
from policyenforce.checks.multiple_accounts.spelling import UNVERIFIED
from policyenforce.model.facts.registration import Address

STRONG = (
    "email", "phone", "phone_tail", "device", "cookie", "ip", "card", "bank", "registration",
    "company", "person", "address",
)  # fmt: skip
WEAK = (
    "mailbox_name", "network_block", "company_core", "person_core", "premises", "postcode",
    "country",
)  # fmt: skip
_COLUMNS = {
    "email": ("email",), "phone": ("phone", "country"), "device": ("device_id",),
    "cookie": ("cookie_id",), "ip": ("ip",), "card": ("card_token",),
    "bank": ("bank_account",), "registration": ("registration_number", "country"),
    "company": ("company_name",), "person": ("first_name", "last_name"),
    "address": ("address", "city", "postcode", "country"),
    "premises": ("address", "postcode", "country"), "postcode": ("postcode", "country"),
    "country": ("country",),
}  # fmt: skip
_FROM = {
    "phone_tail": ("phone", contacts.phone_tail),
    "mailbox_name": ("email", contacts.mailbox_name),
    "network_block": ("ip", contacts.network_block),
    "company_core": ("company", names.company_core),
    "person_core": ("person", names.person_core),
}
_MARKED = frozenset({"email", "phone", "bank", "registration"})


def normalised(table: pa.Table) -> dict[str, pa.Array]:
    """The identifiers of each row, as columns of texts as long as the table, by kind.

    Reads the text columns ``email phone device_id cookie_id ip card_token bank_account
    registration_number company_name first_name last_name address postcode city country``, of
    which any may be missing or null; null says that a row has no such identifier.

    >>> accounts = pa.table({"email": ["Ana@Example.com", None], "country": ["de", "China"]})
    >>> {kind: column.to_pylist() for kind, column in normalised(accounts).items()}
    {'email': ['ana@example.com', None], 'mailbox_name': [None, None], 'country': ['DE', None]}
    """
    found = dict(_all(table))
    return {kind: found[kind] for kind in (*STRONG, *WEAK) if kind in found}


def _all(table: pa.Table) -> Iterator[tuple[str, pa.Array]]:
    for kind, columns in _COLUMNS.items():
        if columns[0] in table.column_names:
            read = _scalar(kind)
            strong = _by_row(read, *(_column(table, name) for name in columns))
            yield kind, strong
            for weak, (source, derive) in _FROM.items():
                if source == kind:
                    yield weak, _by_row(_known(derive), strong)


def _scalar(kind: str) -> Callable[..., str | None]:
    own = _ROWS.get(kind)
    if own is not None:
        return own

    def read(value: str | None, country: str | None = None) -> str | None:
        given = normalise.__wrapped__(kind, value, country)
        return given.removeprefix(UNVERIFIED) if given and kind in _MARKED else given

    return read


def _person(first: str | None, last: str | None) -> str | None:
    return normalise("person", f"{first} {last}") if first and last else None


def _address(
    line: str | None, city: str | None, postcode: str | None, country: str | None
) -> str | None:
    place = Address(lines=(line or "",), city=city, postcode=postcode)
    return normalise("address", names.written(place), country)


def _premises(line: str | None, postcode: str | None, country: str | None) -> str | None:
    return names.premises(line, postcode, names.country(country))


def _postcode(postcode: str | None, country: str | None) -> str | None:
    return names.postcode(postcode, names.country(country))


_ROWS: dict[str, Callable[..., str | None]] = {
    "person": _person,
    "address": _address,
    "premises": _premises,
    "postcode": _postcode,
    "country": names.country,
}


def _known(derive: Callable[[str], str | None]) -> Callable[[str | None], str | None]:
    return lambda value: None if value is None else derive(value)


def _column(table: pa.Table, name: str) -> pa.Array:
    if name not in table.column_names:
        return pa.nulls(len(table), pa.string())
    column = pc.cast(table.column(name), pa.string()).combine_chunks()
    return column


def _by_row(read: Callable[..., str | None], *columns: pa.Array) -> pa.Array:
    """The scalar function over rows, once for each distinct one."""
    distinct: dict[tuple[str | None, ...], str | None] = {}
    found = []
    for row in zip(*(column.to_pylist() for column in columns), strict=True):
        if row not in distinct:
            distinct[row] = read(*row)
        found.append(distinct[row])
    return pa.array(found, pa.string())
