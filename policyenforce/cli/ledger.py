"""``ledger init | upgrade | verify | rebuild | checkpoint``: care of the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from policyenforce.cli.options import Keys, Policy, Shown, Store, opened
from policyenforce.cli.output import record, rows
from policyenforce.errors import InputError, LedgerError
from policyenforce.ledger.open import open_ledger, sqlite_file, upgrade_ledger
from policyenforce.ledger.port import Head, Ledger, Problem
from policyenforce.privacy.tokens import TokenKeys

app = typer.Typer(
    help="The ledger: make, upgrade, verify, checkpoint, rebuild.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Anchor = Annotated[
    Path | None,
    typer.Option("--anchor", help="Heads written by `ledger checkpoint`.", metavar="FILE"),
]


@app.command()
def init(store: Store, keys: Keys = None, form: Shown = None) -> None:
    """Make a ledger and its token keys.

    What is there already is left as it is.
    """
    if keys is not None and not keys.exists():
        TokenKeys.generate().save(keys)
    with opened(store, None, keys, create=True) as enforcer:
        record(_state(enforcer.ledger), form)


@app.command()
def upgrade(store: Store, form: Shown = None) -> None:
    """Bring an older ledger to this version's schema."""
    file = sqlite_file(store)
    if file is not None and not file.exists():
        raise LedgerError("no ledger here", where=str(file), hint="`ledger init` makes one")
    upgrade_ledger(store)
    ledger = _existing(store)
    try:
        record(_state(ledger), form)
    finally:
        ledger.close()


@app.command()
def verify(store: Store, anchor: Anchor = None, form: Shown = None) -> None:
    """Check that history was not changed.

    The exit code is 1 when it was, with the first wrong row of each stream.
    """
    anchored = None if anchor is None else _heads(anchor)
    ledger = _existing(store)
    try:
        problems = ledger.verify(anchored)
        verified = {"verified": not problems, **_state(ledger)}
    finally:
        ledger.close()
    if not problems:
        record(verified, form)
        return
    rows(map(_problem, problems), ("stream", "seq", "id", "problem"), form)
    raise typer.Exit(1)


@app.command()
def checkpoint(store: Store, form: Shown = None) -> None:
    """Write the head of every stream.

    Kept elsewhere and given to verify, they show whether a tail was cut off.
    """
    ledger = _existing(store)
    try:
        heads = ledger.heads()
    finally:
        ledger.close()
    found = [
        {"stream": s, "seq": h.seq, "hash": h.hash, "at": h.recorded_at} for s, h in heads.items()
    ]
    rows(found, ("stream", "seq", "hash", "at"), form)


@app.command()
def rebuild(store: Store, policy: Policy = None, keys: Keys = None, form: Shown = None) -> None:
    """Compute every projection again from the history.

    It says how many users' folded histories had differed.
    """
    with opened(store, policy, keys) as enforcer:
        changed = enforcer.rebuild()
        record({"histories_changed": changed, **_state(enforcer.ledger)}, form)


def _existing(store: str) -> Ledger:
    return open_ledger(store, create=False)


def _state(ledger: Ledger) -> dict[str, Any]:
    return {"streams": len(ledger.heads()), "head": ledger.head_digest()}


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "stream": problem.stream,
        "seq": problem.seq,
        "id": problem.id,
        "problem": problem.message,
    }


def _heads(path: Path) -> dict[str, Head]:
    try:
        kept = [orjson.loads(text) for text in path.read_bytes().splitlines()]
        heads = {row["stream"]: Head(row["seq"], row["hash"], row["at"]) for row in kept}
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        heads = {}
    # With nothing to compare, a history of which the tail is cut off would be called verified.
    if not heads or not all(_is_head(stream, head) for stream, head in heads.items()):
        hint = "give what `ledger checkpoint --format jsonl` wrote"
        raise InputError("cannot read the anchor", where=str(path), hint=hint)
    return heads


def _is_head(stream: object, head: Head) -> bool:
    return tuple(map(type, (stream, *head))) == (str, int, str, int)
