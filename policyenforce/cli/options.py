"""The options many commands share, the clock, and opening what they name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from policyenforce.cli.output import Format
from policyenforce.enforcer import Enforcer, open_enforcer
from policyenforce.errors import InputError, LedgerError
from policyenforce.ledger.open import MEMORY
from policyenforce.model.facts.procedure import Actor


def words(option: typer.CallbackParam, given: str | list[str] | None) -> str | list[str] | None:
    """What an option says, once it is seen to be Unicode; raises InputError."""
    for text in given if isinstance(given, list) else (given or "",):
        try:
            text.encode()
        except UnicodeEncodeError:  # bytes of the command line that are not UTF-8
            said = f"the text of `{option.opts[0]}` is not UTF-8"
            raise InputError(said, hint="compare the encoding of the terminal") from None
    return given


def _kept(context: typer.Context, store: str) -> str:
    """A command ends where it has printed: only a trial of facts needs no place for them."""
    if store.startswith(MEMORY) and context.info_name != "enforce":
        hint = "give a file, as `sqlite:///enforcement.db`"
        raise LedgerError("a ledger in memory would end with the command", hint=hint)
    return store


Store = Annotated[
    str,
    typer.Option(
        "--store",
        callback=_kept,
        envvar="POLICYENFORCE_STORE",
        help="sqlite:///FILE or postgresql+psycopg://…",
        metavar="URL",
    ),
]
Policy = Annotated[
    Path | None,
    typer.Option(
        "--policy",
        envvar="POLICYENFORCE_POLICY",
        help="House rules (default: built in).",
        metavar="FILE",
    ),
]
Keys = Annotated[
    Path | None,
    typer.Option(
        "--keys",
        envvar="POLICYENFORCE_KEYS",
        help="Token keys (SQLite: FILE.keys beside the store).",
        metavar="FILE",
    ),
]
Shown = Annotated[
    Format | None,
    typer.Option("--format", help="Default: a table on a terminal, JSON elsewhere."),
]
Now = Annotated[
    str | None,
    typer.Option("--now", help="The instant it is (default: the clock).", metavar="TIME"),
]
At = Annotated[
    str | None,
    typer.Option("--at", help="An instant, as 2019-10-04T09:00:00Z.", metavar="TIME"),
]
By = Annotated[str, typer.Option("--by", help="Who acts: ana, or ana:moderator,senior.")]
Reason = Annotated[str, typer.Option("--reason", callback=words, help="Why; it is kept and shown.")]


def instant(text: str | None) -> datetime:
    """The aware instant an option names, or the clock's; raises InputError."""
    if text is None:
        return datetime.now(UTC)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"`{text[:40]}` is no time", hint="write `2019-10-04T09:00:00Z`") from None
    if at.tzinfo is None:
        raise InputError(f"`{text[:40]}` has no zone", hint="add `Z` or an offset")
    try:
        at.astimezone(UTC)
    except OverflowError:
        said = f"`{text[:40]}` lies outside the years 1 to 9999 in UTC"
        raise InputError(said, hint="write `2019-10-04T09:00:00Z`") from None
    return at


def actor(text: str) -> Actor:
    """The actor an option names: ``ID`` or ``ID:role,role``; raises InputError.

    >>> actor("ana:moderator").roles
    ('moderator',)
    """
    name, _, roles = text.partition(":")
    if not name or not text.isprintable():
        said = "an actor needs an id of characters that can be seen"
        raise InputError(said, hint="write `--by ana:moderator`")
    return Actor(name, roles=tuple(role for role in roles.split(",") if role))


@contextmanager
def opened(
    store: str, policy: Path | None, keys: Path | None, *, create: bool = False
) -> Iterator[Enforcer]:
    """An enforcer for one command, closed afterwards; only some commands make a ledger."""
    enforcer = open_enforcer(store, policy=policy, keys=keys, create=create)
    try:
        yield enforcer
    finally:
        enforcer.close()
