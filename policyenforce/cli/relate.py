"""``relate``: a table of accounts in, pairs and clusters out."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer

from policyenforce.cli.options import Now, Policy, instant
from policyenforce.cli.output import steps
from policyenforce.cli.reading import FactFiles
from policyenforce.cli.streams import printable, say
from policyenforce.cli.tables import bulk, source
from policyenforce.errors import FactError, InputError
from policyenforce.policy.load import load_rules

if TYPE_CHECKING:
    from policyenforce.bulk import Approvals, Reviewed


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command()(relate)


def relate(
    accounts: Annotated[
        str, typer.Argument(help="A .parquet, .csv or .jsonl table; - is JSON Lines on input.")
    ],
    out: Annotated[
        Path, typer.Option("--out", help="Folder for pairs.parquet and clusters.parquet.")
    ],
    approvals: Annotated[
        Path | None, typer.Option("--approvals", help="JSON Lines of approval facts (4.1).")
    ] = None,
    reviewed: Annotated[
        Path | None,
        typer.Option("--reviewed", help='JSON Lines of {"left", "right", "same": true or false}.'),
    ] = None,
    previous: Annotated[
        Path | None,
        typer.Option("--previous", help="clusters.parquet of an earlier run, to keep its names."),
    ] = None,
    policy: Policy = None,
    now: Now = None,
) -> None:
    """Find which accounts are probably one hand, how sure that is, and why (4.1).

    Nothing is decided: the act band is reasons to suspect, the review band is for a person.
    """
    tables = bulk()
    rules = load_rules(policy)
    approved = _approvals(approvals, now)
    known = _reviewed(reviewed)
    before = None if previous is None else tables.read_clusters(previous)
    told = [_read(tables, accounts)]
    with steps("relating", 5) as step:
        found = tables.relate(
            told.pop(),  # so that nothing holds a large table longer than it is read
            rules.accounts,
            approvals=approved,
            reviewed=known,
            previous=before,
            progress=step,
        )
    merges = {} if before is None else {"merges": found.merges}
    tables.write_tables(out, {"pairs": found.pairs, "clusters": found.clusters, **merges})
    counted = ", ".join(f"{count:,} {name}" for name, count in found.counts.items())
    say(f"{counted}: {out}/pairs.parquet, {out}/clusters.parquet")


def _read(tables: ModuleType, accounts: str) -> Any:
    table, unread = tables.read_accounts(source(accounts))
    if unread:
        named = printable(", ".join(name[:40] for name in unread[:20]))
        say(f"not read, as no column of accounts: {named}")
    return table


def _approvals(file: Path | None, now: str | None) -> Approvals:
    from policyenforce.bulk import Approvals

    if file is None:
        return Approvals()
    with FactFiles([str(file)]) as facts:
        return Approvals.of(facts.checked(), instant(now))


def _reviewed(file: Path | None) -> Reviewed:
    from policyenforce.bulk import Reviewed

    if file is None:
        return Reviewed()
    linked: list[tuple[str, str]] = []
    separated: list[tuple[str, str]] = []
    for number, line in enumerate(_bytes(file).splitlines(), 1):
        if line.strip():
            left, right, same = _pair(line, f"{file}:{number}")
            (linked if same else separated).append((left, right))
    return Reviewed(tuple(linked), tuple(separated))


def _pair(line: bytes, where: str) -> tuple[str, str, bool]:
    try:
        told: Any = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise FactError("the line is no JSON", where=where, hint="one object a line") from None
    match told:
        case {"left": str(left), "right": str(right), "same": bool(same)} if left != right:
            return left, right, same
    raise FactError(
        "a reviewed pair needs `left`, `right` and `same`",
        where=where,
        hint="two account ids, and true for one hand or false for two",
    )


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        said = (error.strerror or "it cannot be read").lower()
        raise InputError(said, where=str(file), hint="check the path") from None
