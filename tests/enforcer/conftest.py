"""An enforcer over each kind of ledger, and short ways to say what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import policyenforce as pe
from policyenforce.policy.load import load_rules
from tests.ledger.conftest import url

__all__ = ["url"]

START = datetime(2019, 10, 5, 8, tzinfo=UTC)
NOW = START + timedelta(days=200)


def day(number: float) -> datetime:
    """An instant so many days after the start."""
    return START + timedelta(days=number)


@pytest.fixture(scope="session")
def rules() -> pe.HouseRules:
    return load_rules()


@pytest.fixture
def keys() -> pe.TokenKeys:
    return pe.TokenKeys.generate()


@pytest.fixture
def enforcer(url: str, rules: pe.HouseRules, keys: pe.TokenKeys) -> Iterator[pe.Enforcer]:
    """On memory, SQLite and PostgreSQL in turn."""
    made = pe.open_enforcer(url, policy=rules, keys=keys)
    yield made
    made.close()


@pytest.fixture
def moderator(rules: pe.HouseRules) -> pe.Actor:
    return pe.Actor("ana", roles=everything(rules))


@pytest.fixture
def hearer(rules: pe.HouseRules) -> pe.Actor:
    return pe.Actor("ben", roles=everything(rules))


def everything(rules: pe.HouseRules) -> tuple[str, ...]:
    return tuple(sorted({role for roles in rules.roles.values() for role in roles}))


def opened(account: str = "a-1", user: str = "u-1", at: float = 0) -> pe.AccountOpened:
    return pe.AccountOpened(id=f"open-{account}", at=day(at), user_id=user, account_id=account)


def reported(
    name: str,
    clause: str,
    at: float,
    standard: pe.Standard | None = pe.Standard.BELIEF,
    **more: Any,
) -> pe.ConductReported:
    return pe.ConductReported(
        id=name,
        at=day(at),
        account_id=more.pop("account_id", "a-1"),
        clause=clause,
        reported_by="desk",
        standard=standard,
        **more,
    )


Record = Callable[..., pe.Outcome]


@pytest.fixture
def record(enforcer: pe.Enforcer) -> Record:
    def run(*facts: pe.Fact, now: datetime = NOW) -> pe.Outcome:
        return [enforcer.record(fact, now=now) for fact in facts][-1]

    return run
