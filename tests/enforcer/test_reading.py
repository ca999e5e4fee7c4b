"""What the evaluation of one fact reads of a store where each journey counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

import policyenforce as pe
from policyenforce.checks.listing import CHECKS
from policyenforce.enforcer.reading import Reader
from policyenforce.ledger import open_ledger
from policyenforce.model.fact import position_of
from policyenforce.model.facts.registration import UserKind
from policyenforce.model.outcome import History
from tests.enforcer.conftest import day
from tests.ledger.conftest import journeys, needs_postgres, postgres_url

__all__ = ["journeys", "postgres_url"]

pytestmark = needs_postgres


def applied(user: str, at: float) -> pe.ApplicationReceived:
    return pe.ApplicationReceived(
        id=f"apply-{user}", at=day(at), user_id=user, kind=UserKind.PERSON, device_id="d-1",
        bank_accounts=("GB82WEST12345698765432",), card_tokens=("tok-1",),
    )  # fmt: skip


@pytest.mark.parametrize("others", [1, 5])
def test_a_registration_that_shares_much_is_checked_on_one_journey(
    postgres_url: str,
    journeys: list[str],
    rules: pe.HouseRules,
    keys: pe.TokenKeys,
    others: int,
) -> None:
    enforcer = pe.open_enforcer(postgres_url, policy=rules, keys=keys)
    for number in range(others):
        fact = applied(f"u-{number}", number)
        enforcer.record(fact, now=fact.at)
        user, at = fact.user_id, fact.at + timedelta(hours=1)
        opened = pe.AccountOpened(id=f"open-{user}", at=at, user_id=user, account_id=f"a-{user}")
        enforcer.record(opened, now=at)
    enforcer.close()
    reader = Reader(rules, keys, CHECKS, lambda size: b"x" * size)
    fact = applied("newcomer", 20)
    reader.ready(type(fact))
    ledger = open_ledger(postgres_url)
    with ledger.reading() as tx:
        journeys.clear()
        history = History("newcomer")
        outcome = reader.evaluation(tx, fact, position_of(fact), history, fact.at)(frozenset())
        needed = len(journeys)
    ledger.close()

    linked = {found.target for found in outcome.findings if str(found.clause) == "4.1/s3"}
    assert linked == {f"u-{number}" for number in range(others)}
    assert needed == 1
