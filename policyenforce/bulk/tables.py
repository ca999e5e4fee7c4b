"""Tables of accounts from files: sound as a whole, or refused with what is wrong and where."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from errno import EISDIR
from pathlib import Path
from typing import BinaryIO

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.json as pa_json
import pyarrow.parquet as pa_parquet

from policyenforce.bulk.flaws import beginning, flaw, hint, row_of
from policyenforce.errors import InputError

ACCOUNT_COLUMNS = (
    "email", "phone", "device_id", "cookie_id", "ip", "card_token", "bank_account",
    "registration_number", "company_name", "first_name", "last_name", "address", "postcode",
    "city", "country",
)  # fmt: skip
"""What a table of accounts may tell beside ``account_id``; all of it is text."""

CELL_LIMIT = 1_000_000
_BLOCK = 64 << 20
_SUFFIXES = {".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".jsonl": "jsonl",
             ".ndjson": "jsonl", ".json": "jsonl"}  # fmt: skip
_TEXTS = (pa.types.is_string, pa.types.is_large_string)


def read_accounts(source: Path | BinaryIO) -> tuple[pa.Table, tuple[str, ...]]:
    """The accounts of a parquet, CSV or JSON Lines file, and the names of columns not read.

    A stream is read as JSON Lines. Raises InputError for a file that cannot be read, has no
    ``account_id`` or one twice, or holds anything but texts of at most a million characters.
    """
    return _sound(read_columns(source, ("account_id", *ACCOUNT_COLUMNS)), said_of(source))


def read_columns(
    source: Path | BinaryIO, wanted: Sequence[str], numbers: Collection[str] = ()
) -> pa.Table:
    """All columns of a file, those ``wanted`` as they are meant: texts, or numbers.

    Raises InputError.
    """
    where = said_of(source)
    kind = "jsonl"
    if isinstance(source, Path):
        kind = require_suffix(source)
        if not source.is_file():
            raise InputError("there is no such file", where=where, hint="check the path")
    try:
        meant = {name: pa.float64() if name in numbers else pa.string() for name in wanted}
        table = _READERS[kind](source, meant)
        _ = table.column_names  # Arrow decodes them here
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno:
            reason = os.strerror(error.errno).lower()
            raise InputError(f"cannot read the file: {reason}", where=where) from None
        said = _beginning(source) if kind != "parquet" else None
        row = row_of(error) if kind == "csv" or _is_one_block(source) else None
        told = said or flaw(error, wanted)
        raise InputError(
            f"the table cannot be read as {kind}: {told}",
            where=where if said or row is None else f"{where}, row {row}",
            hint=hint(told),
        ) from None
    return table


def require_suffix(file: Path) -> str:
    """What kind of table a file of this name is; raises InputError for none."""
    kind = _SUFFIXES.get(file.suffix.lower(), "")
    if not kind:
        said = f"`{file.suffix[:20]}` is no kind of table" if file.suffix else "it has no suffix"
        raise InputError(said, where=str(file), hint="name the file .parquet, .csv or .jsonl")
    return kind


def _beginning(source: Path | BinaryIO) -> str | None:
    if not isinstance(source, Path):
        return None
    with source.open("rb") as file:
        return beginning(file.read(4))


def _is_one_block(source: Path | BinaryIO) -> bool:
    """True where Arrow counts the rows from the beginning of the file, and not of a block."""
    return isinstance(source, Path) and source.stat().st_size <= _BLOCK


def read_clusters(source: Path) -> pa.Table:
    """The clusters of an earlier run: ``account_id`` and ``cluster_id``. Raises InputError."""
    wanted = ("account_id", "cluster_id")
    table = read_columns(source, wanted)
    missing = [name for name in wanted if name not in table.column_names]
    if missing:
        raise InputError(f"there is no column `{missing[0]}`", where=str(source))
    names = as_texts(table, ("cluster_id",), str(source))
    found = names.append_column("account_id", table["account_id"])
    for name in wanted:
        row = pc.index(pc.is_null(found[name]), True).as_py()
        if row >= 0:
            raise InputError(f"there is no `{name}`", where=f"{source}, row {row + 1}")
    return found


def write_tables(folder: Path, tables: Mapping[str, pa.Table]) -> None:
    """Write each table as a parquet file of its name, all or none.

    What stood there is replaced once everything is written. Raises InputError.
    """
    drafts = {name: folder / f".{name}.parquet" for name in tables}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            if (folder / f"{name}.parquet").is_dir():
                raise IsADirectoryError(EISDIR, f"`{name}.parquet` is a folder")
            # Without its own schema a file has plain texts, however they are kept here.
            pa_parquet.write_table(table, drafts[name], store_schema=False)
        for name, draft in drafts.items():
            os.replace(draft, folder / f"{name}.parquet")
    except OSError as error:
        said = (error.strerror or "it cannot be written").lower()
        raise InputError(said, where=str(folder), hint="give a folder to write to") from None
    finally:
        if folder.is_dir():
            for draft in drafts.values():
                draft.unlink(missing_ok=True)


def write_table(file: Path, table: pa.Table) -> None:
    """Write a table as the kind that the file is named for, whole or not at all.

    In a CSV file lists are JSON. Raises InputError.
    """
    draft = file.with_name(f".{file.name}")
    try:
        if file.is_dir():
            raise IsADirectoryError(EISDIR, "it is a folder")
        file.parent.mkdir(parents=True, exist_ok=True)
        _WRITERS[require_suffix(file)](table, draft)
        os.replace(draft, file)
    except OSError as error:
        said = (error.strerror or "it cannot be written").lower()
        raise InputError(said, where=str(file), hint="give a file to write to") from None
    finally:
        if file.parent.is_dir():
            draft.unlink(missing_ok=True)


def _write_csv(table: pa.Table, file: Path) -> None:
    for place, field in enumerate(table.schema):
        if pa.types.is_list(field.type):
            texts = [orjson.dumps(cell).decode() for cell in table[place].to_pylist()]
            table = table.set_column(place, field.name, pa.array(texts, pa.string()))
    pa_csv.write_csv(table, file)


def _write_json_lines(table: pa.Table, file: Path) -> None:
    with file.open("wb") as lines:
        for batch in table.to_batches(max_chunksize=_ROWS_AT_ONCE):
            lines.writelines(orjson.dumps(row) + b"\n" for row in batch.to_pylist())


_ROWS_AT_ONCE = 10_000
_WRITERS = {
    "parquet": pa_parquet.write_table,
    "csv": _write_csv,
    "jsonl": _write_json_lines,
}


def none_if_empty(text: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """The texts, with null for an empty one.

    >>> none_if_empty(pa.chunked_array([["GB", "", None]])).to_pylist()
    ['GB', None, None]
    """
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, text.type), text)


def as_texts(table: pa.Table, names: Iterable[str], where: str) -> pa.Table:
    """The columns of these names, as plain texts. Raises InputError for other types."""
    columns = {}
    for name in names:
        column = table[name]
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_null(column.type):
            column = column.cast(pa.string())
        if pa.types.is_string_view(column.type):
            column = column.cast(pa.large_string())
        if not any(is_text(column.type) for is_text in _TEXTS):
            raise InputError(
                f"the column `{name}` holds {column.type}",
                where=where,
                hint="texts are needed: a number has lost its zeros in front",
            )
        columns[name] = _bounded(column, name, where)
    return pa.table(columns)


def _sound(table: pa.Table, where: str) -> tuple[pa.Table, tuple[str, ...]]:
    names = table.column_names
    places: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        if places.setdefault(name, place) != place:
            both = f"columns {places[name]} and {place}"
            raise InputError("two columns have one name", where=f"{where}, {both}")
    if "account_id" not in names:
        # Without a line of names the first account would stand here.
        seen = ", ".join(name for name in ACCOUNT_COLUMNS if name in names) or "none known"
        parted = len(names) == 1 and any(sign in names[0] for sign in ";\t|")
        raise InputError(
            "there is no column `account_id`",
            where=where,
            hint="put commas between the columns" if parted else f"columns: {seen}",
        )
    known = [name for name in ACCOUNT_COLUMNS if name in names]
    ids = table["account_id"]
    texts = as_texts(
        table, known if pa.types.is_integer(ids.type) else ("account_id", *known), where
    )
    if "account_id" not in texts.column_names:
        texts = texts.add_column(0, "account_id", ids) if known else pa.table({"account_id": ids})
    one_row_each(texts["account_id"], where)
    unread = tuple(name for name in names if name not in texts.column_names)
    return texts.select(["account_id", *known]), unread


def one_row_each(ids: pa.ChunkedArray, where: str) -> None:
    """Refuse accounts without an id, and ids that stand there twice; raises InputError."""
    nothing = pc.is_null(ids)
    if not pa.types.is_integer(ids.type):
        nothing = pc.or_(nothing, pc.equal(pc.utf8_trim_whitespace(ids.fill_null("")), ""))
    row = pc.index(nothing, True).as_py()
    if row >= 0:
        raise InputError("an account has no `account_id`", where=f"{where}, row {row + 1}")
    if pc.count_distinct(ids).as_py() == len(ids):
        return
    counted = pc.value_counts(ids.combine_chunks())
    first = pc.index(pc.greater(counted.field("counts"), 1), True).as_py()
    value = counted.field("values")[first]
    rows = pc.indices_nonzero(pc.equal(ids, value))[:2].to_pylist()
    raise InputError(
        "an `account_id` stands there twice",
        where=f"{where}, rows {rows[0] + 1} and {rows[1] + 1}",
        hint="one row an account",
    )


def _bounded(column: pa.ChunkedArray, name: str, where: str) -> pa.ChunkedArray:
    """The texts, once they are seen to be UTF-8 and no longer than the limit."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        said = f"the column `{name}` holds text that is not UTF-8"
        raise InputError(said, where=where, hint="compare the encoding of the file") from None
    longest = pc.max(pc.binary_length(column)).as_py() or 0
    if longest > CELL_LIMIT:
        row = pc.index(pc.equal(pc.binary_length(column), longest), longest >= 0).as_py()
        raise InputError(
            f"a cell of `{name}` has {longest:,} bytes",
            where=f"{where}, row {row + 1}",
            hint=f"at most {CELL_LIMIT:,}",
        )
    return column.cast(pa.string())


def _parquet(source: Path | BinaryIO, wanted: Mapping[str, pa.DataType]) -> pa.Table:
    file = pa_parquet.ParquetFile(source)
    names = file.schema_arrow.names
    table = file.read(columns=[name for name in names if name in wanted])
    for name in names:
        if name not in wanted:  # named so that it can be told, but not read
            table = table.append_column(name, pa.nulls(len(table)))
    return table


def _csv(source: Path | BinaryIO, wanted: Mapping[str, pa.DataType]) -> pa.Table:
    def read(threads: bool) -> pa.Table:
        return pa_csv.read_csv(
            source,
            read_options=pa_csv.ReadOptions(use_threads=threads, block_size=_BLOCK),
            parse_options=pa_csv.ParseOptions(newlines_in_values=True),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict(wanted),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )

    try:
        table = read(threads=True)
    except pa.ArrowInvalid:
        return read(threads=False)  # only then is the row told
    if isinstance(source, Path) and _has_long_cells(table) and _quotes(source) % 2:
        raise InputError(
            "a quotation mark has no second one",
            where=str(source),
            hint="all behind it would be one cell",
        )
    return table


def _has_long_cells(table: pa.Table) -> bool:
    """True where a cell goes on over a line: what an open quotation mark makes of the rest."""
    texts = (column for column in table.columns if pa.types.is_string(column.type))
    return any(pc.any(pc.match_substring(text, "\n")).as_py() for text in texts)


def _quotes(source: Path) -> int:
    with source.open("rb") as file:
        return sum(part.count(b'"') for part in iter(lambda: file.read(1 << 20), b""))


def _json_lines(source: Path | BinaryIO, wanted: Mapping[str, pa.DataType]) -> pa.Table:
    return pa_json.read_json(
        source,
        read_options=pa_json.ReadOptions(block_size=_BLOCK),
        parse_options=pa_json.ParseOptions(
            explicit_schema=pa.schema(list(wanted.items())),
            newlines_in_values=False,
        ),
    )


_READERS = {"parquet": _parquet, "csv": _csv, "jsonl": _json_lines}


def said_of(source: Path | BinaryIO) -> str:
    """What an error calls this source."""
    return str(source) if isinstance(source, Path) else "standard input"
