"""``enforce`` and ``due``: facts in, outcomes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from typing import Annotated, Any

import typer

from policyenforce.cli.options import At, Keys, Now, Policy, Store, instant, opened
from policyenforce.cli.output import line, progress
from policyenforce.cli.reading import FactFiles
from policyenforce.enforcer import Enforcer
from policyenforce.errors import InputError
from policyenforce.model.fact import Fact
from policyenforce.model.outcome import Outcome
from policyenforce.model.structuring import record_converter


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command()(enforce)
    app.command()(due)


def enforce(
    files: Annotated[list[str], typer.Argument(help="Fact files, JSON Lines; - is standard input.")],
    store: Store,
    policy: Policy = None,
    now: Now = None,
    as_it_happened: Annotated[
        bool, typer.Option("--as-it-happened", help="Take each fact's own time for now.")
    ] = False,
    keys: Keys = None,
) -> None:
    """Record facts and print one outcome for each; 1 when any finding or decision came of it."""
    if now is not None and as_it_happened:
        raise InputError("`--now` and `--as-it-happened` exclude each other")
    moment = _own_time if as_it_happened else instant(now)
    with FactFiles(files) as read:
        total = read.checked()
        with opened(store, policy, keys) as enforcer:
            enforcer.admit(fact for _, fact in read.facts())
            found = _print_all(enforcer, read, moment, total)
    raise typer.Exit(1 if found else 0)


def due(store: Store, at: At = None, policy: Policy = None, keys: Keys = None) -> None:
    """Record what time alone has brought, and print an outcome for each; safe to run late or twice."""
    with opened(store, policy, keys, existing=True) as enforcer:
        write = outcome_writer(enforcer)
        for outcome in enforcer.due(now=instant(at)):
            line(write(outcome))


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
        }

    return write


def _own_time(fact: Fact) -> datetime:
    return fact.at


def _print_all(
    enforcer: Enforcer, read: FactFiles, moment: datetime | Callable[[Fact], datetime], total: int
) -> bool:
    write, found = outcome_writer(enforcer), False
    with progress("enforcing", total) as advance:
        for outcome in enforcer.record_many(_facts(read), now=moment):
            found = found or bool(outcome.findings or outcome.decisions)
            line(write(outcome))
            advance()
    return found


def _facts(read: FactFiles) -> Iterator[Fact]:
    for _, fact in read.facts():
        yield fact
