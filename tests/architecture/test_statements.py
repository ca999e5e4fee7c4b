"""Every statement of the Terms is bound to a check, a procedure or a person that exists."""

from __future__ import annotations

import importlib

import pytest

from policyenforce.checks.listing import CHECKS
from policyenforce.terms import Terms

TOKENS = sorted(
    {
        token
        for version in Terms.load().versions
        for statement in version.statements
        for token in statement.enforced_by
    }
)
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
