"""Tables of session events: sound as a whole, or refused with what is wrong and where."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from policyenforce.bulk.tables import as_texts, none_if_empty, read_columns, said_of
from policyenforce.checks.account_sharing.countries import Countries
from policyenforce.checks.account_sharing.events import EVENTS, NETWORKS
from policyenforce.errors import InputError

EVENT_COLUMNS = (
    "account_id", "at", "event", "device_id", "ip", "network", "latitude", "longitude",
    "country", "duration_s",
)  # fmt: skip
"""What a table of session events may tell; the first three it must."""

_NUMBERS = ("latitude", "longitude", "duration_s")
_TEXTS = ("account_id", "event", "device_id", "ip", "network", "country")
_NEEDED = ("account_id", "at", "event")
_UNKNOWN = "unknown"
_INSTANT = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?( ?(Z|[+-]\d\d(:?\d\d)?))?$"
_ZONE = r"(Z|[+-]\d\d(:?\d\d)?)$"
_UTC = pa.timestamp("us", "UTC")


def read_events(source: Path | BinaryIO) -> tuple[pa.Table, tuple[str, ...]]:
    """The events of a parquet, CSV or JSON Lines file, and the names of columns not read.

    A stream is read as JSON Lines. ``at`` becomes a timestamp in UTC, and one without a zone is
    taken to be in UTC. Raises InputError for a file that cannot be read, misses ``account_id``,
    ``at`` or ``event``, or holds what is no event.
    """
    table = read_columns(source, EVENT_COLUMNS, _NUMBERS)
    return sound(table, said_of(source))


def sound(table: pa.Table, where: str) -> tuple[pa.Table, tuple[str, ...]]:
    """The table with every column of its type, and the names of columns not read.

    Columns that are not there come back as nulls. Raises InputError.
    """
    names = table.column_names
    if len(set(names)) != len(names):
        raise InputError("two columns have one name", where=where)
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        told = ", ".join(name for name in EVENT_COLUMNS if name in names) or "none known"
        raise InputError(f"there is no column `{missing[0]}`", where=where, hint=f"columns: {told}")
    columns: dict[str, pa.ChunkedArray] = {}
    texts = [name for name in _TEXTS if name in names]
    if pa.types.is_integer(table["account_id"].type):
        columns["account_id"] = table["account_id"].cast(pa.string())
        texts.remove("account_id")
    columns.update(zip(texts, as_texts(table, texts, where).columns, strict=True))
    columns["at"] = _instants(table["at"], where)
    for name in _NUMBERS:
        if name in names:
            columns[name] = _numbers(table[name], name, where)
    whole = {
        name: columns.get(name, pa.chunked_array([pa.nulls(len(table), _type_of(name))]))
        for name in EVENT_COLUMNS
    }
    _check(whole, where)
    return pa.table(whole), tuple(name for name in names if name not in EVENT_COLUMNS)


def with_countries(events: pa.Table, country_of: Countries) -> pa.Table:
    """The events with the country of their address, where they tell an address and no country."""
    told = none_if_empty(events["country"])
    asked = pc.filter(events["ip"], pc.is_null(told)).unique().drop_null()
    found = pa.array([country_of(address) for address in asked.to_pylist()], pa.string())
    looked_up = found.take(pc.index_in(events["ip"].combine_chunks(), asked))
    place = events.column_names.index("country")
    return events.set_column(place, "country", pc.coalesce(told, looked_up))


def _type_of(name: str) -> pa.DataType:
    return pa.float64() if name in _NUMBERS else _UTC if name == "at" else pa.string()


def _instants(column: pa.ChunkedArray, where: str) -> pa.ChunkedArray:
    if pa.types.is_timestamp(column.type):
        zoned = column if column.type.tz else column.cast(pa.timestamp(column.type.unit, "UTC"))
        return zoned.cast(_UTC, safe=False)
    text = as_texts(pa.table({"at": column}), ("at",), where)["at"]
    told = pc.match_substring_regex(text, _INSTANT)
    _refuse(pc.invert(told), "`at` is no instant", where, "ISO 8601, as in 2019-10-03T09:00:00Z")
    plain = pc.replace_substring_regex(text, r" (Z|[+-])", r"\1")
    zoneless = pc.invert(pc.match_substring_regex(plain, _ZONE))
    with_zone = pc.if_else(zoneless, pc.binary_join_element_wise(plain, "Z", ""), plain)
    try:
        return with_zone.cast(pa.timestamp("ns", "UTC")).cast(_UTC, safe=False)
    except pa.ArrowInvalid:
        raise InputError(
            "`at` holds a day or an hour that does not exist, or one before 1678 or after 2261",
            where=where,
            hint="ISO 8601, as in 2019-10-03T09:00:00Z",
        ) from None


def _numbers(column: pa.ChunkedArray, name: str, where: str) -> pa.ChunkedArray:
    numeric = (pa.types.is_floating, pa.types.is_integer, pa.types.is_null, pa.types.is_decimal)
    if not any(is_number(column.type) for is_number in numeric):
        raise InputError(f"the column `{name}` holds {column.type}", where=where, hint="numbers")
    told = column.cast(pa.float64())
    return pc.if_else(pc.is_finite(told), told, pa.scalar(None, pa.float64()))


def _check(columns: dict[str, pa.ChunkedArray], where: str) -> None:
    ids = columns["account_id"]
    blank = pc.or_(pc.is_null(ids), pc.equal(pc.utf8_trim_whitespace(ids.fill_null("")), ""))
    _refuse(blank, "an event has no `account_id`", where)
    _refuse(pc.is_null(columns["at"]), "an event has no `at`", where)
    _one_of(columns["event"], EVENTS, "event", where)
    network = columns["network"]
    unknown = pc.or_kleene(pc.equal(network, _UNKNOWN), pc.equal(network, ""))
    columns["network"] = pc.if_else(unknown, pa.scalar(None, pa.string()), network)
    _one_of(columns["network"].fill_null(NETWORKS[0]), NETWORKS, "network", where)
    for name, most in (("latitude", 90.0), ("longitude", 180.0)):
        far = pc.greater(pc.abs(columns[name]), most)
        _refuse(far, f"`{name}` is outside {-most:.0f} to {most:.0f}", where, "degrees")
    _refuse(pc.less(columns["duration_s"], 0), "`duration_s` is below 0", where, "seconds")


def _one_of(column: pa.ChunkedArray, known: Sequence[str], name: str, where: str) -> None:
    strange = pc.invert(pc.is_in(column, pa.array(known)))
    _refuse(strange, f"unknown `{name}`", where, f"one of: {', '.join(known)}")


def _refuse(wrong: pa.ChunkedArray, said: str, where: str, hint: str = "") -> None:
    row = pc.index(wrong, True).as_py()
    if row >= 0:
        raise InputError(said, where=f"{where}, row {row + 1}", hint=hint or "one row an event")
