"""Each clause of 4 to 6 has a case that engages it and one that leaves the Member in peace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from policyenforce.terms import Terms
from policyenforce.terms.references import ClauseRef
from policyenforce.terms.statements import Statement
from policyenforce.testing.cases import PolicyCase, read_cases

HERE = Path(__file__).parent
MEMBERS_OWN = ("4.5/s1",)
"""What is neither owed nor a power by its own words, and yet is found: multiple use."""


def engaged(statement: Statement) -> bool:
    """True for what a Member can break, what deems a breach, and what opens a power."""
    powers = bool(statement.powers) or statement.deems is not None
    return statement.ref.number[:2] in ("4.", "5.", "6.") and (
        statement.owed or powers or str(statement.ref) in MEMBERS_OWN
    )


STATEMENTS = sorted(
    {s.ref for version in Terms.load().versions for s in version.statements if engaged(s)}
)
FOLDERS = sorted({ref.text.partition("/")[0] for ref in STATEMENTS})


def cases_in(folder: str) -> tuple[PolicyCase, ...]:
    return tuple(
        case for path in sorted((HERE / folder).glob("*.policy.yaml")) for case in read_cases(path)
    )


def cited(case: PolicyCase) -> set[str]:
    """The clauses a case wants to see engaged: found, a ground, or the power that is used."""
    return set(_cited(case.want))


def _cited(want: Mapping[str, Any]) -> Iterator[str]:
    for finding in want.get("findings", ()):
        yield str(finding["clause"] if isinstance(finding, Mapping) else finding)
    for decision in want.get("decisions", ()):
        yield from (str(decision["ground"]), str(decision["power_clause"]))


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_clause_has_a_breaching_and_an_innocent_case(folder: str) -> None:
    verdicts = [case.verdict for case in cases_in(folder)]

    assert set(verdicts) == {"breach", "innocent"}


@pytest.mark.parametrize("statement", STATEMENTS, ids=str)
def test_a_statement_is_cited_by_a_breaching_case_of_its_clause(statement: ClauseRef) -> None:
    folder = statement.text.partition("/")[0]
    breaching = [case for case in cases_in(folder) if case.verdict == "breach"]

    assert any(statement.text in cited(case) for case in breaching)


@pytest.mark.parametrize("folder", FOLDERS)
def test_an_innocent_case_binds_nobody_under_its_clause(folder: str) -> None:
    for case in cases_in(folder):
        if case.verdict == "innocent":
            grounds = [d for d in case.want.get("decisions", ()) if d["status"] == "in force"]

            assert not any(str(d["power_clause"]) == folder for d in grounds), case.note


def test_every_folder_is_a_clause_of_the_terms() -> None:
    known = {s.ref.text.partition("/")[0] for s in Terms.load().versions[-1].statements}
    folders = {path.name for path in HERE.iterdir() if any(path.glob("*.policy.yaml"))}

    assert folders - known == {"cases"}


def test_the_cases_are_numbered_without_a_gap() -> None:
    names = sorted(path.name[:2] for path in (HERE / "cases").glob("*.policy.yaml"))

    assert names == [f"{number:02d}" for number in range(1, 19)]
