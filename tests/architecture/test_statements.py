"""Every statement of the Terms is bound to a check, a procedure or a person that exists."""

from __future__ import annotations

import importlib

import pytest

from policyenforce.checks.listing import CHECKS
from policyenforce.terms import Terms, readings
from policyenforce.terms.readings import Reading
from policyenforce.terms.references import ClauseRef
from tests.architecture.source import MODULES, PACKAGE

STATEMENTS = [s for version in Terms.load().versions for s in version.statements]
TOKENS = sorted({token for statement in STATEMENTS for token in statement.enforced_by})
NAMES = {check.name for check in CHECKS}


def of(kind: str) -> list[str]:
    """What follows ``kind:`` in the tokens of that kind."""
    return [token.partition(":")[2] for token in TOKENS if token.startswith(f"{kind}:")]


def test_every_statement_is_enforced_by_something() -> None:
    unbound = [
        str(statement.ref)
        for version in Terms.load().versions
        for statement in version.statements
        if not statement.enforced_by
    ]

    assert unbound == []
    assert {token.partition(":")[0] for token in TOKENS} == {"check", "procedure", "person"}


@pytest.mark.parametrize("name", of("check"))
def test_every_check_that_the_catalogue_names_is_a_row_of_the_table(name: str) -> None:
    assert name in NAMES


def test_every_row_of_the_table_is_named_by_the_catalogue() -> None:
    assert set(of("check")) == NAMES


def test_no_two_rows_of_the_table_share_a_name() -> None:
    assert len(NAMES) == len(CHECKS)


@pytest.mark.parametrize("name", of("procedure"))
def test_every_procedure_that_the_catalogue_names_is_a_module(name: str) -> None:
    module = importlib.import_module(f"policyenforce.{name}")

    assert module.__doc__


@pytest.mark.parametrize("reason", of("person"))
def test_where_only_a_person_can_decide_the_catalogue_says_why(reason: str) -> None:
    assert len(reason.split()) >= 3


CODE = {path: path.read_text(encoding="utf-8") for path in MODULES}
CATALOGUED = "".join(
    path.read_text(encoding="utf-8") for path in (PACKAGE / "terms" / "catalogue").glob("*.toml")
)


@pytest.mark.parametrize(
    "reading", [r for r in readings().values() if not r.fixed], ids=lambda reading: reading.id
)
def test_a_house_can_choose_only_between_answers_that_some_code_reads(reading: Reading) -> None:
    asked = [path for path, text in CODE.items() if f'"{reading.id}"' in text]

    assert asked or f'reading = "{reading.id}"' in CATALOGUED


def _literals(check: str) -> str:
    """All that a check spells out: its modules, and for content its rule packs."""
    room = PACKAGE / "checks" / check
    files = [*room.rglob("*.py"), *room.rglob("*.toml"), room.with_suffix(".py")]
    return "".join(file.read_text(encoding="utf-8") for file in files if file.exists())


def _spelt(ref: ClauseRef, literals: str) -> bool:
    """True when a clause, or the clause or chapter it stands in, is spelt out."""
    above = (ref.text, ref.clause.text, ref.number, ref.number.partition(".")[0])
    return any(f'"{name}"' in literals for name in above)


@pytest.mark.parametrize("name", of("check"))
def test_a_check_spells_out_every_breach_that_it_is_said_to_find(name: str) -> None:
    literals = _literals(name)
    said = [
        statement.ref
        for statement in STATEMENTS
        if f"check:{name}" in statement.enforced_by
        and (statement.owed or statement.deems is not None)
    ]

    assert [ref.text for ref in said if not _spelt(ref, literals)] == []
