"""How the command prints: data on standard output, everything else on standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import IO, Any

import orjson

Row = Mapping[str, Any]


class Format(str, Enum):
    """How rows are printed; a table only on a terminal."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"


def rows(items: Iterable[Row], columns: Sequence[str], chosen: Format | None) -> None:
    """Print rows as a table on a terminal, else as JSON Lines; ``chosen`` overrides."""
    form = chosen or (Format.TABLE if sys.stdout.isatty() else Format.JSONL)
    if form is Format.TABLE:
        _table(list(items), columns)
    elif form is Format.JSON:
        print(json.dumps(list(items), indent=2, ensure_ascii=False, default=str))
    else:
        for item in items:
            line(item)


def record(item: Row, chosen: Format | None) -> None:
    """Print one record: name and value on a terminal, else one JSON object."""
    form = chosen or (Format.TABLE if sys.stdout.isatty() else Format.JSON)
    if form is not Format.TABLE:
        indent = 2 if form is Format.JSON else None
        print(json.dumps(item, indent=indent, ensure_ascii=False, default=str))
        return
    width = max((len(name) for name in item), default=0)
    for name, value in item.items():
        print(f"{name.replace('_', ' '):<{width}}  {_cell(value)}")


def line(item: Any, to: IO[str] | None = None) -> None:
    """One JSON object on one line."""
    print(orjson.dumps(item, default=str).decode(), file=to or sys.stdout)


def say(text: str) -> None:
    """A remark to the person at the terminal, on standard error."""
    print(text, file=sys.stderr)


@contextmanager
def progress(title: str, total: int | None = None) -> Iterator[Any]:
    """A progress bar on standard error where that is a terminal; gives ``advance(n=1)``."""
    if not sys.stderr.isatty():
        yield lambda n=1: None
        return
    from rich.console import Console
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True, no_color="NO_COLOR" in os.environ)
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda n=1: bar.advance(task, n)


def _table(items: list[Row], columns: Sequence[str]) -> None:
    from rich.console import Console
    from rich.console import Console
    from rich.table import Table

    table = Table(*(name.replace("_", " ") for name in columns), box=None, pad_edge=False)
    for item in items:
        table.add_row(*(_cell(item.get(name)) for name in columns))
    Console(no_color="NO_COLOR" in os.environ).print(table)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, (list, tuple)):
        return ", ".join(_cell(part) for part in value) or "–"
    if isinstance(value, Mapping):
        return ", ".join(f"{k}: {_cell(v)}" for k, v in value.items()) or "–"
    return str(value)
