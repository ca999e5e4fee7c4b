"""Facts that are recorded at the same moment see each other, on a store of many writers too."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

import policyenforce as pe
from policyenforce.enforcer.recording import record as record_in
from policyenforce.errors import ConflictError
from policyenforce.model.facts.procedure import Verdict
from policyenforce.policy.load import load_rules
from tests.enforcer.conftest import NOW, day, opened, reported
from tests.ledger.conftest import needs_postgres, postgres_url

__all__ = ["postgres_url"]

RULES, KEYS = load_rules(), pe.TokenKeys.generate()
pytestmark = needs_postgres


@pytest.fixture
def pair(postgres_url: str) -> Iterator[tuple[pe.Enforcer, pe.Enforcer]]:
    """Two processes' enforcers over one store."""
    first, second = (pe.open_enforcer(postgres_url, policy=RULES, keys=KEYS) for _ in "12")
    yield first, second
    first.close()
    second.close()


def at_once(pair: tuple[pe.Enforcer, pe.Enforcer], one: pe.Fact, other: pe.Fact) -> list[Exception]:
    """Record ``one``, and ``other`` while the first is written and not yet committed."""
    first, second = pair
    failed: list[Exception] = []

    def late() -> None:
        try:
            second.record(other, now=NOW)
        except ConflictError as error:
            failed.append(error)

    thread = threading.Thread(target=late)
    with first._writing() as (tx, events):
        record_in(first._reader, tx, one, NOW, events)
        thread.start()
        thread.join(0.5)
    thread.join(30)
    return failed


def applied(name: str, user: str) -> pe.ApplicationReceived:
    return pe.ApplicationReceived(
        id=name, at=day(1), user_id=user, application_id=f"ap-{user}", kind=pe.UserKind.PERSON,
        emails=("ana@example.com",), device_id="pc-1", card_tokens=("tok-9",), business_use=True,
    )  # fmt: skip


def test_a_breach_beside_the_opening_of_its_account_is_kept(
    pair: tuple[pe.Enforcer, pe.Enforcer],
) -> None:
    at_once(pair, opened(), reported("c-1", "5.6(d)", 1))

    assert [d.fact_id for d in pair[0].decisions()] == ["c-1"]
    assert list(pair[0].stale()) == []
    assert pair[0].rebuild() == 0


def test_an_account_is_opened_for_one_of_two_users(pair: tuple[pe.Enforcer, pe.Enforcer]) -> None:
    other = pe.AccountOpened(id="o-2", at=day(1), user_id="u-2", account_id="a-1")

    failed = at_once(pair, opened(), other)

    assert [str(error) for error in failed] != []


def test_who_registers_twice_at_the_same_moment_is_seen(
    pair: tuple[pe.Enforcer, pe.Enforcer],
) -> None:
    at_once(pair, applied("f-1", "u-1"), applied("f-2", "u-2"))

    found = [case for case in pair[0].cases() if case.finding_ids or case.decision_ids]

    assert [case.account_id for case in found] == ["u-2"]


def test_batches_that_share_streams_do_not_wait_for_each_other(
    pair: tuple[pe.Enforcer, pe.Enforcer],
) -> None:
    facts = [reported(f"c-{n}", "3.1", n, account_id=f"a-{n % 5}") for n in range(40)]

    def run(enforcer: pe.Enforcer, mine: list[pe.Fact]) -> None:
        for _ in enforcer.record_many(mine, now=NOW, batch=10):
            pass

    threads = [
        threading.Thread(target=run, args=(pair[0], facts[::2])),
        threading.Thread(target=run, args=(pair[1], facts[1::2][::-1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sum(1 for _ in pair[0].ledger.heads()) == 5
    assert pair[0].ledger.verify() == ()
    assert list(pair[0].stale()) == []


@pytest.mark.parametrize("refuted_first", [True, False])
def test_what_falls_while_it_is_carried_over_to_a_related_account_binds_nobody(
    pair: tuple[pe.Enforcer, pe.Enforcer], refuted_first: bool
) -> None:
    begun = (
        opened(),
        opened("a-2", "u-2"),
        reported("c-1", "5.6(d)", 1, severity=pe.Severity.GRAVE),
    )
    outcome = [pair[0].record(fact, now=NOW) for fact in begun][-1]
    by = pe.Actor("ana", roles=("senior_moderator", "moderator"))
    suspend_it = pe.ChosenAction(power=pe.Power.SUSPEND_ACCOUNT, power_clause="6.2(i)")
    carried = pe.ReviewRecorded(
        id="relate", at=day(5), account_id="a-2", verdict=Verdict.AMEND, by=by, reason="one hand",
        related_to=outcome.decisions[0].id, actions=(suspend_it,), evidence=("one bank account",),
    )  # fmt: skip
    wrong = pe.FindingRefuted(
        id="wrong", at=day(6), account_id="a-1", by=by, reason="not so",
        finding_id=outcome.findings[0].id,
    )  # fmt: skip

    at_once(pair, *((wrong, carried) if refuted_first else (carried, wrong)))

    (related,) = (d for d in pair[0].decisions() if d.related_to)
    assert related.status is pe.Status.STAYED
    assert pair[1].standing("a-2", at=NOW).state is pe.AccountState.OPEN
    assert list(pair[0].stale()) == []
    assert pair[0].rebuild() == 0
