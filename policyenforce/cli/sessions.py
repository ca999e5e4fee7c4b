"""``sessions``: a table of session events in, four scores and a verdict for each account out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from policyenforce.checks.account_sharing.countries import countries
from policyenforce.cli.options import Now, Policy, instant
from policyenforce.cli.output import STANDARD_OUTPUT, Format, Row, rows, steps
from policyenforce.cli.streams import printable, say
from policyenforce.cli.tables import bulk, source
from policyenforce.policy.load import load_rules

_SHIPPED = "iptocc"
_ROWS_AT_ONCE = 10_000


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command()(sessions)


def sessions(
    events: Annotated[
        str, typer.Argument(help="A .parquet, .csv or .jsonl table; - is JSON Lines on input.")
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out", help="A .parquet, .csv or .jsonl file to write; - is JSON Lines on output."
        ),
    ],
    geo: Annotated[
        str | None,
        typer.Option(
            "--geo",
            metavar="iptocc|FILE",
            help="Where `country` is missing, look it up by `ip`: in what iptocc ships, or in a "
            ".mmdb file of your own.",
        ),
    ] = None,
    policy: Policy = None,
    now: Now = None,
) -> None:
    """Tell which accounts look shared, taken over or sold, how sure that is, and why (4.3, 4.5).

    Nothing is decided: sharing inside an entity is for review, and a take-over has a victim.
    """
    tables = bulk()
    rules = load_rules(policy)
    country_of = None if geo is None else countries(None if geo == _SHIPPED else Path(geo))
    piped = str(out) == STANDARD_OUTPUT
    if not piped:
        tables.require_suffix(out)
    table, unread = tables.read_events(source(events))
    if unread:
        named = printable(", ".join(name[:40] for name in unread[:20]))
        say(f"not read, as no column of events: {named}")
    with steps("sessions", 4) as step:
        found = tables.sessions(
            table, rules.sessions, now=instant(now), country_of=country_of, progress=step
        )
    if piped:
        rows(_each(found.scores), found.scores.column_names, Format.JSONL)
    else:
        tables.write_table(out, found.scores)
    counted = ", ".join(f"{count:,} {name}" for name, count in found.counts.items())
    say(f"{counted}: {'standard output' if piped else out}")


def _each(scores: Any) -> Iterator[Row]:
    """The rows of an Arrow table, of which only a batch is held in Python at once."""
    for batch in scores.to_batches(max_chunksize=_ROWS_AT_ONCE):
        yield from batch.to_pylist()
