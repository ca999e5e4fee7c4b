"""``policy lint | show``: the house rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policyenforce.cli.options import Shown
from policyenforce.cli.output import line, record
from policyenforce.policy.lint import lint as problems_of
from policyenforce.policy.load import load_rules
from policyenforce.policy.show import summary

app = typer.Typer(help="The house rules: lint and show.", no_args_is_help=True)

File = Annotated[Path | None, typer.Argument(help="House rules in TOML (default: built in).")]


@app.command()
def lint(file: File = None) -> None:
    """Prove the rules sound before use; 1 and a counterexample for each rule that is not."""
    rules = load_rules(file)
    problems = problems_of(rules, rules.terms)
    for problem in problems:
        line(
            {
                "rule": problem.rule,
                "problem": problem.message,
                "counterexample": problem.counterexample,
            }
        )
    if problems:
        raise typer.Exit(1)
    line({"sound": True, "hash": rules.hash})


@app.command()
def show(file: File = None, form: Shown = None) -> None:
    """What the rules come to: ladder, responses, thresholds, readings, hash."""
    record(summary(load_rules(file)), form)
