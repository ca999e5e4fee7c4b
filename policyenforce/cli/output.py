"""How the command prints: data on standard output, everything else on standard error.

One convention for all commands: a table on a terminal, JSON Lines elsewhere, and ``--format``
decides otherwise. With NO_COLOR nothing is styled.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias

import orjson

from policyenforce.cli.streams import printable

if TYPE_CHECKING:
    from rich.console import Console

Row: TypeAlias = Mapping[str, Any]
Put: TypeAlias = Callable[[Row], None]

STANDARD_OUTPUT = "-"
PAGE = 500  # rows of a table that are held back to find the widths of its columns


class Format(str, Enum):
    """How rows are printed; a table only on a terminal."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"


def chosen(form: Format | None) -> Format:
    """The form asked for, or a table on a terminal and JSON Lines elsewhere."""
    return form or (Format.TABLE if sys.stdout.isatty() else Format.JSONL)


@contextmanager
def printing(
    columns: Sequence[str], form: Format | None, brief: Callable[[Row], Row] | None = None
) -> Iterator[Put]:
    """Print rows as they come; ``brief`` says in short for a table what a row holds.

    JSON is one list, JSON Lines one object a line; a table is printed page by page.
    """
    kind = chosen(form)
    if kind is Format.TABLE:
        yield from _as_table(columns, brief)
    elif kind is Format.JSON:
        yield from _as_list()
    else:
        yield lambda row: print(orjson.dumps(row).decode())


def rows(items: Iterable[Row], columns: Sequence[str], form: Format | None) -> None:
    """Print all of these rows."""
    with printing(columns, form) as put:
        for item in items:
            put(item)


def record(item: Row, form: Format | None) -> None:
    """Print one record: name and value on a terminal, else one JSON object."""
    kind = chosen(form)
    if kind is Format.TABLE:
        width = max(map(len, item), default=0)
        for name, value in item.items():
            print(f"{_title(name):<{width}}  {_cell(value)}".rstrip())
    elif kind is Format.JSON:
        print(_indented(item))
    else:
        print(orjson.dumps(item).decode())


def prose(lines: Iterable[str]) -> None:
    """Print what is meant to be read, on a terminal or in a letter."""
    for line in lines:
        print(printable(line))


@contextmanager
def progress(
    title: str, total: int | None = None, *, printing_rows: bool = False
) -> Iterator[Callable[..., None]]:
    """A bar on standard error, if that is a terminal; gives ``advance(n=1)``.

    There is none beside rows that go to the same terminal: they show how far things are.
    """
    if not sys.stderr.isatty() or (printing_rows and sys.stdout.isatty()):
        yield lambda n=1: None
        return
    from rich.progress import Progress

    # Rich would otherwise catch what is printed, data too, and send it to standard error.
    with Progress(
        console=_console(error=True), transient=True, redirect_stdout=False, redirect_stderr=False
    ) as bar:
        task = bar.add_task(title, total=total)
        yield lambda n=1: bar.advance(task, n)


@contextmanager
def steps(title: str, total: int) -> Iterator[Callable[[str], None]]:
    """A bar on standard error for work in stages; gives what is called as each of them begins."""
    if not sys.stderr.isatty():
        yield lambda stage: None
        return
    from rich.progress import Progress

    with Progress(
        console=_console(error=True), transient=True, redirect_stdout=False, redirect_stderr=False
    ) as bar:
        task = bar.add_task(title, total=total)
        begun = False

        def begin(stage: str) -> None:
            nonlocal begun
            bar.update(task, description=f"{title}: {stage}", advance=int(begun))
            begun = True

        yield begin


def _console(*, error: bool = False) -> Console:
    from rich.console import Console

    if os.environ.get("NO_COLOR"):
        return Console(stderr=error, color_system=None, highlight=False)
    return Console(stderr=error, highlight=False)


def _as_table(columns: Sequence[str], brief: Callable[[Row], Row] | None) -> Iterator[Put]:
    page: list[Row] = []
    pages = 0

    def put(row: Row) -> None:
        nonlocal pages
        page.append(brief(row) if brief else row)
        if len(page) == PAGE:
            _table(page, columns)
            page.clear()
            pages += 1

    try:
        yield put
    finally:
        if page:
            _table(page, columns)
    if not page and not pages:
        print("none")


def _as_list() -> Iterator[Put]:
    count = 0

    def put(row: Row) -> None:
        nonlocal count
        text = _indented(row).replace("\n", "\n  ")
        print(",\n  " if count else "[\n  ", text, sep="", end="")
        count += 1

    try:
        yield put
    finally:
        print("\n]" if count else "[]")


def _table(items: Sequence[Row], columns: Sequence[str]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for name in columns:
        table.add_column(_title(name), overflow="fold")  # an id that is cut short is of no use
    for item in items:
        # Text, since a str would be read as markup and lose what stands in brackets.
        table.add_row(*(Text(_cell(item.get(name))) for name in columns))
    _console().print(table)


def _indented(item: Any) -> str:
    return orjson.dumps(item, option=orjson.OPT_INDENT_2).decode()


def _title(name: str) -> str:
    return name.replace("_", " ")


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_cell, value)) or "–"
    if isinstance(value, Mapping):
        return ", ".join(f"{k}: {_cell(v)}" for k, v in value.items()) or "–"
    return printable(str(value))
