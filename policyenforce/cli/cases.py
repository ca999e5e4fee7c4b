"""``policy test | coverage``: the cases of ``*.policy.yaml`` files, without pytest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from policyenforce.cli.options import Policy, Shown
from policyenforce.cli.output import Row, printing, progress, rows
from policyenforce.cli.streams import say
from policyenforce.errors import InputError, PolicyError
from policyenforce.policy.load import load_rules
from policyenforce.policy.rules import HouseRules
from policyenforce.testing.cases import SUFFIX, PolicyCase, Result, read_cases
from policyenforce.testing.coverage import unexercised

Paths = Annotated[
    list[Path],
    typer.Argument(exists=True, help=f"Files, or folders with *{SUFFIX}."),
]
Traced = Annotated[
    bool, typer.Option("--trace", help="Tell the steps of each case that fails, to standard error.")
]


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command("test")(run_cases)
    app.command("coverage")(coverage)


def run_cases(
    paths: Paths, policy: Policy = None, trace: Traced = False, form: Shown = None
) -> None:
    """Run policy cases, and print which pass.

    The exit code is 1 when one fails, with what differs; none is run when any cannot be read. A
    case that names a file of rules keeps to it; changes it makes are made to the rules given.
    """
    rules = load_rules(policy)
    over = None if policy is None else policy.read_text(encoding="utf-8")
    found = [(file, case) for file in _files(paths) for case in read_cases(file, str(file))]
    failed = 0
    with (
        printing(("passed", "case", "note", "differences"), form, _brief) as put,
        progress("testing", len(found), printing_rows=True) as advance,
    ):
        for file, case in found:
            result = _run(case, rules, over)
            put(_row(file, case, result.differences))
            if not result.passed:
                failed += 1
                if trace:
                    say(f"{case.where}: {case.note}\n{result.trace}")
            advance()
    say(f"{len(found)} case{'s' * (len(found) > 1)}, {failed or 'none'} failed")
    raise typer.Exit(1 if failed else 0)


def coverage(paths: Paths, policy: Policy = None, form: Shown = None) -> None:
    """Name the rules over User Content that hold in no text of these cases.

    The exit code is 1 when there are any.
    """
    rules = load_rules(policy)
    cases = [case for file in _files(paths) for case in read_cases(file, str(file))]
    left = unexercised(cases, rules)
    told = [
        {"rule": rule.id, "category": rule.category, "clause": str(rule.clause)} for rule in left
    ]
    rows(told, ("rule", "category", "clause"), form)
    say(f"{len(cases)} case{'s' * (len(cases) != 1)}, {len(left) or 'no'} rules without one")
    raise typer.Exit(1 if left else 0)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """Each file once, those of a folder in the order of their names."""
    seen: set[Path] = set()
    for path in paths:
        files = sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path]
        if not files:
            raise InputError(
                "no cases here", where=str(path), hint=f"their files end in `{SUFFIX}`"
            )
        yield from (file for file in files if file not in seen)
        seen.update(files)


def _run(case: PolicyCase, rules: HouseRules, over: str | None) -> Result:
    try:
        return case.run(rules, over=over)
    except PolicyError as error:  # of the rules that the case names, or the changes it makes
        raise error.at(case.where) from None


def _row(file: Path, case: PolicyCase, differences: Sequence[str]) -> Row:
    return {
        "file": str(file),
        "line": int(case.where.rpartition(":")[2]),
        "note": case.note,
        "passed": not differences,
        "differences": list(differences),
    }


def _brief(row: Row) -> Row:
    where = f"{row['file']}:{row['line']}"
    return {**row, "case": where, "passed": "yes" if row["passed"] else "no"}
