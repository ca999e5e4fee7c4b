"""In which country a network address is, where nobody told it: with the extra ``geo``.

A country is looked up once, when something happens, and kept with what happened: a fact never
changes, while the tables of addresses do.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from attrs import evolve

from policyenforce.errors import InputError
from policyenforce.model.fact import Fact
from policyenforce.model.facts.sessions import SessionActive, SignedIn, SignInFailed

if TYPE_CHECKING:
    from maxminddb import Reader

Countries: TypeAlias = Callable[[str], str | None]
"""Which country an address is in, by two letters of ISO 3166-1; None where that is not known."""

F = TypeVar("F", bound=Fact)

_LETTERS = 2
_EXTRA = "pip install 'policyenforce[geo]'"
_FILE = "a .mmdb database of countries or cities"


def countries(database: Path | None = None) -> Countries:
    """Which country an address is in, by a ``.mmdb`` of your own, or by what ``iptocc`` ships.

    Nothing is asked of the network, and what is no address is in no country. Raises InputError
    without the extra ``geo``, and for a file that is no such database.

    >>> country_of = countries()
    >>> country_of("8.8.8.8"), country_of("10.0.0.1"), country_of("nowhere")
    ('US', None, None)
    """
    try:
        if database is None:
            from iptocc import country_code
        else:
            import maxminddb
    except ImportError:
        raise InputError("countries need the extra `geo`", hint=_EXTRA) from None
    if database is None:
        return partial(_looked_up, country_code)
    try:
        reader = maxminddb.open_database(database)
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise InputError(reason.lower(), where=str(database), hint=_FILE) from None
    except (maxminddb.InvalidDatabaseError, ValueError):
        raise InputError("no database of addresses", where=str(database), hint=_FILE) from None
    return partial(_looked_up, partial(_told_by, reader))


def located(fact: F, country_of: Countries) -> F:
    """The fact with the country of its address, if it tells an address and no country.

    Facts that are about no session stay as they are. Look up before you record, and send again
    what you sent: a fact with another country is another fact.

    >>> from datetime import UTC, datetime
    >>> then = datetime(2019, 10, 4, tzinfo=UTC)
    >>> fact = SignedIn(id="f-1", at=then, account_id="a-1", ip="8.8.8.8")
    >>> located(fact, countries()).country
    'US'
    """
    if not isinstance(fact, (SignedIn, SignInFailed, SessionActive)) or fact.country:
        return fact
    country = country_of(fact.ip) if fact.ip else None
    if country is None:
        return fact
    return evolve(fact, country=country)  # type: ignore[misc]  # every fact is an attrs class


def _looked_up(code_of: Callable[[str], str | None], address: str) -> str | None:
    """The country of an IPv4 address also where it is written as one of IPv6."""
    try:
        found = ip_address(address.strip())
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return code_of(str(mapped or found))


def _told_by(reader: Reader, address: str) -> str | None:
    """What databases of several makers say of an address, each in a shape of its own."""
    try:
        record: Any = reader.get(address)
    except ValueError:  # an address of IPv6, in a database of IPv4
        return None
    if not isinstance(record, dict):
        return None
    country = record.get("country")
    nested = country.get("iso_code") if isinstance(country, dict) else country
    for code in (record.get("country_code"), nested):
        if isinstance(code, str) and len(code) == _LETTERS:
            return code.upper()
    return None
