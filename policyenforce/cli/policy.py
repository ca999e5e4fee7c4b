"""``policy lint | show``: the house rules; ``policy test`` is in ``cases``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policyenforce.cli.options import Shown
from policyenforce.cli.output import record, rows
from policyenforce.policy.lint import lint as problems_of
from policyenforce.policy.load import load_rules
from policyenforce.policy.show import summary

app = typer.Typer(
    help="The house rules: lint, show, test, coverage.", no_args_is_help=True, rich_markup_mode=None
)

File = Annotated[Path | None, typer.Argument(help="House rules in TOML (default: built in).")]


@app.command()
def lint(file: File = None, form: Shown = None) -> None:
    """Prove the rules sound before they are used.

    The exit code is 1 when they are not, with a counterexample for each rule.
    """
    rules = load_rules(file)
    problems = problems_of(rules, rules.terms)
    if not problems:
        record({"sound": True, "hash": rules.hash}, form)
        return
    found = [
        {
            "rule": p.rule,
            "where": p.where,
            "problem": p.message,
            "counterexample": p.counterexample,
        }
        for p in problems
    ]
    rows(found, ("rule", "where", "problem", "counterexample"), form)
    raise typer.Exit(1)


@app.command()
def show(file: File = None, form: Shown = None) -> None:
    """What the rules come to.

    Ladder, responses, thresholds, readings and hash.
    """
    record(summary(load_rules(file)), form)
