"""``enforce`` and ``due``: facts in, outcomes out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from policyenforce.cli.options import At, Keys, Now, Policy, Shown, Store, instant, opened
from policyenforce.cli.output import Format, Put, Row, printing, progress, rows
from policyenforce.cli.reading import FactFiles
from policyenforce.cli.streams import discard, say
from policyenforce.enforcer import Enforcer
from policyenforce.errors import InputError
from policyenforce.ledger.open import MEMORY, sqlite_file
from policyenforce.model.fact import Fact
from policyenforce.model.outcome import Outcome
from policyenforce.model.structuring import record_converter

COLUMNS = ("fact", "disposition", "findings", "cannot_tell", "decisions", "cases")
Clock = datetime | Callable[[Fact], datetime]


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command()(enforce)
    app.command()(due)


def enforce(
    files: Annotated[
        list[str], typer.Argument(help="Fact files, JSON Lines; - is standard input.")
    ],
    store: Store,
    policy: Policy = None,
    now: Now = None,
    as_it_happened: Annotated[
        bool, typer.Option("--as-it-happened", help="Take the facts' own times for now.")
    ] = False,
    keys: Keys = None,
    form: Shown = None,
) -> None:
    """Record facts, and print what came of each.

    The exit code is 1 when there was any finding or decision. Of files in which any line is bad
    nothing is recorded; a fact that is known already is not recorded again.
    """
    if now is not None and as_it_happened:
        raise InputError("`--now` and `--as-it-happened` exclude each other")
    clock = own_time() if as_it_happened else instant(now)
    if store == MEMORY:
        say("a trial in memory: nothing of it is kept")
    with FactFiles(files) as read:
        _admit(read, store, policy, keys)
        if not read.count:
            rows((), COLUMNS, form)  # a list of none is a list
            return
        with opened(store, policy, keys, create=True) as enforcer:
            found = _record(enforcer, read, clock, form)
    raise typer.Exit(1 if found else 0)


def due(
    store: Store, at: At = None, policy: Policy = None, keys: Keys = None, form: Shown = None
) -> None:
    """Record what time alone has brought.

    It prints what came of it, and is safe to run late or twice.
    """
    with opened(store, policy, keys) as enforcer:
        outcomes = enforcer.due(now=instant(at))
        with printing(COLUMNS, form, brief) as put:
            write = outcome_writer(enforcer)
            for outcome in outcomes:
                put(write(outcome))


def outcome_writer(enforcer: Enforcer) -> Callable[[Outcome], dict[str, Any]]:
    """The JSON form of outcomes under these rules; every part is there, empty or not."""
    records = record_converter(enforcer.rules.terms)
    parts = ("findings", "cannot_tell", "decisions", "measures", "cases", "notices", "errors")

    def write(outcome: Outcome) -> dict[str, Any]:
        written = records.to_record(outcome)
        return {
            "fact": outcome.fact_id,
            "disposition": outcome.disposition.value,
            **{part: written.get(part, []) for part in parts},
            "amendments": list(outcome.amendments),
            "braked": list(outcome.braked),
        }

    return write


def brief(row: Row) -> Row:
    """An outcome for a table: clauses and ids."""
    return {
        **row,
        "findings": [f"{f['clause']} ({f['confidence']:.2f})" for f in row["findings"]],
        "cannot_tell": [c["clause"] for c in row["cannot_tell"]],
        "decisions": [d["id"] for d in row["decisions"]],
        "cases": [c["id"] for c in row["cases"]],
    }


def own_time() -> Callable[[Fact], datetime]:
    """A clock that stands at the latest time of the facts so far: it never runs backwards."""
    latest: datetime | None = None

    def moment(fact: Fact) -> datetime:
        nonlocal latest
        latest = fact.at if latest is None else max(latest, fact.at)
        return latest

    return moment


def _admit(read: FactFiles, store: str, policy: Path | None, keys: Path | None) -> None:
    """See that all of it can be recorded, before a ledger is made or changed."""
    place = sqlite_file(store)
    new = place is not None and not place.exists()
    with progress("checking") as advance, opened(MEMORY if new else store, policy, keys,
                                                 create=True) as enforcer:  # fmt: skip

        def counted(fact: Fact) -> Fact:
            advance()
            return fact

        with read.placing():
            enforcer.admit(map(counted, read.checked()))


def _record(enforcer: Enforcer, read: FactFiles, clock: Clock, form: Format | None) -> bool:
    """Record the facts, printing what comes of each; True when anything was found."""
    write, found, done = outcome_writer(enforcer), False, 0
    try:
        with (
            printing(COLUMNS, form, brief) as put,
            progress("enforcing", read.count, printing_rows=True) as advance,
        ):
            for outcome in enforcer.record_many(read.facts(), now=clock):
                done += 1
                found = found or bool(outcome.findings or outcome.decisions)
                _put(put, write(outcome))
                advance()
    except KeyboardInterrupt as stop:
        stop.add_note(_so_far(done, read.count))
        raise
    except Exception:
        if done:
            say(_so_far(done, read.count))
        raise
    return found


def _so_far(done: int, count: int) -> str:
    return f"stopped after {done} of {count} outcomes; the same command carries on there"


def _put(put: Put, row: Row) -> None:
    try:
        put(row)
    except BrokenPipeError:  # whoever read is gone; what was asked to be recorded still is
        discard(sys.stdout)
