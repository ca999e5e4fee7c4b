"""The commands put together, and one call of them."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import Annotated, Any

import typer
from typer.main import get_command

from policyenforce import __version__
from policyenforce.cli import (
    acts,
    cases,
    classify,
    demo,
    desk,
    export,
    facts,
    ledger,
    logs,
    people,
    plans,
    policy,
    relate,
    screen,
    sessions,
    terms,
)
from policyenforce.cli.streams import say

NAME = "policyenforce"

# Typer carries its own copy of click since 0.2x; the base of its public error is right in both.
UsageError: Any = typer.BadParameter.__base__

app = typer.Typer(
    name=NAME,
    help="A marketplace's Terms of Use, enforced fairly: facts in, reasoned decisions out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: short, the same with and without NO_COLOR
)
for room in (demo, facts, screen, relate, sessions, people, acts, plans, export, desk, classify):
    room.add_to(app)
cases.add_to(policy.app)
app.add_typer(terms.app, name="terms")
app.add_typer(policy.app, name="policy")
app.add_typer(ledger.app, name="ledger")


def _version(wanted: bool) -> None:
    if wanted:
        print(__version__)
        raise typer.Exit


@app.callback()
def begin(
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Log what is decided to standard error.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Set up what every command shares."""
    logs.to_standard_error(verbose=verbose)


def invoke(arguments: Sequence[str]) -> int:
    """The exit code of one call. Usage errors are told here; all others pass."""
    command = get_command(app)
    try:
        with command.make_context(NAME, list(arguments)) as context:
            command.invoke(context)
    except typer.Exit as end:
        return end.exit_code
    except UsageError as error:
        told = StringIO()
        error.show(told)
        say(told.getvalue().rstrip())
        return 2
    return 0
