"""``ledger init | upgrade | verify | rebuild | checkpoint``: care of the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import orjson
import typer

from policyenforce.cli.options import Keys, Policy, Store, opened
from policyenforce.cli.output import line, say
from policyenforce.errors import InputError
from policyenforce.ledger.open import open_ledger
from policyenforce.ledger.port import Head

app = typer.Typer(help="The ledger: make, upgrade, verify, rebuild.", no_args_is_help=True)

Anchor = Annotated[
    Path | None, typer.Option("--anchor", help="Heads written by `ledger checkpoint`.")
]


@app.command()
def init(store: Store, keys: Keys = None, policy: Policy = None) -> None:
    """Make a ledger, and for SQLite the token keys beside it; an existing one is left as it is."""
    with opened(store, policy, keys) as enforcer:
        line({"store": store, "head": enforcer.ledger.head_digest()})


@app.command()
def upgrade(store: Store) -> None:
    """Bring an older ledger to this version's schema."""
    ledger = open_ledger(store, upgrade=True)
    try:
        line({"store": store, "head": ledger.head_digest()})
    finally:
        ledger.close()


@app.command()
def verify(store: Store, anchor: Anchor = None) -> None:
    """Check every chain; 1 and the first wrong row of each stream when history was changed."""
    ledger = open_ledger(store, create=False)
    try:
        problems = ledger.verify(None if anchor is None else _heads(anchor))
        digest = ledger.head_digest()
    finally:
        ledger.close()
    for problem in problems:
        line(
            {
                "stream": problem.stream,
                "seq": problem.seq,
                "id": problem.id,
                "problem": problem.message,
            }
        )
    if problems:
        raise typer.Exit(1)
    line({"verified": True, "head": digest})


@app.command()
def checkpoint(store: Store) -> None:
    """Write the head of every stream; kept elsewhere, they show whether a tail was cut off."""
    ledger = open_ledger(store, create=False)
    try:
        for stream, head in ledger.heads().items():
            line({"stream": stream, "seq": head.seq, "hash": head.hash, "at": head.recorded_at})
    finally:
        ledger.close()


@app.command()
def rebuild(store: Store, policy: Policy = None, keys: Keys = None) -> None:
    """Compute all projections again from the entries; says how many histories had differed."""
    with opened(store, policy, keys, existing=True) as enforcer:
        changed = enforcer.rebuild()
    line({"histories_changed": changed})
    say("marks, holders and histories were computed again from the entries")


def _heads(path: Path) -> dict[str, Head]:
    try:
        kept = [orjson.loads(text) for text in path.read_bytes().splitlines()]
        return {row["stream"]: Head(row["seq"], row["hash"], row["at"]) for row in kept}
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        hint = "give the output of `ledger checkpoint`"
        raise InputError("cannot read the anchor", where=str(path), hint=hint) from None
