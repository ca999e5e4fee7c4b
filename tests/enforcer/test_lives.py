"""4.1 bans accounts side by side: what another User still holds is read as of the fact."""

from __future__ import annotations

from datetime import timedelta

import pytest

import policyenforce as pe
from policyenforce.model.decisions import Status
from policyenforce.model.facts.registration import (
    AccountClosed,
    ApplicationWithdrawn,
    ApprovalGranted,
    ApprovalRevoked,
    ApprovalScope,
)
from tests.enforcer.conftest import NOW, Record, day, opened

BANK = "DE89370400440532013000"
CLOSED = AccountClosed(id="close-1", at=day(2), account_id="a-1")


def applied(user: str, at: float) -> pe.ApplicationReceived:
    return pe.ApplicationReceived(
        id=f"apply-{user}", at=day(at), user_id=user, application_id=f"ap-{user}",
        kind=pe.UserKind.SOLE_TRADER, birth_date=day(0).date().replace(year=1980),
        business_use=True, country="CN", residence="CN", access_country="CN",
        bank_accounts=(BANK,), emails=("ana@firm.example",),
    )  # fmt: skip


FIRST = (applied("u-1", 0), opened("a-1", "u-1", 1))
SECOND = applied("u-2", 5)


def related(outcome: pe.Outcome) -> list[str]:
    return [f.clause.text for f in outcome.findings if f.clause.text == "4.1/s3"]


def test_who_closed_the_account_may_register_again_under_a_new_id(record: Record) -> None:
    assert related(record(*FIRST, CLOSED, SECOND)) == []


def test_beside_an_open_account_the_same_hand_is_suspected(record: Record) -> None:
    assert related(record(*FIRST, SECOND)) == ["4.1/s3"]


def test_who_withdrew_the_application_may_apply_again(record: Record) -> None:
    withdrawn = ApplicationWithdrawn(id="w-1", at=day(1), user_id="u-1")

    assert related(record(applied("u-1", 0), withdrawn, SECOND)) == []


def test_a_late_reopening_brings_the_suspicion(enforcer: pe.Enforcer, record: Record) -> None:
    again = pe.AccountOpened(id="again", at=day(3), user_id="u-1", account_id="a-1")
    assert related(record(*FIRST, CLOSED, SECOND)) == []

    outcome = record(again)

    assert outcome.amendments == (SECOND.id,)
    assert [d.status for d in enforcer.decisions() if "4.1/s3" in _grounds(d)] == [Status.PROPOSED]
    assert list(enforcer.stale()) == []


def _grounds(decision: pe.Decision) -> set[str]:
    return {ground.clause.text for ground in decision.grounds}


def test_a_late_closing_takes_the_suspicion_back(enforcer: pe.Enforcer, record: Record) -> None:
    record(*FIRST, SECOND)

    outcome = record(CLOSED)

    assert outcome.amendments == (SECOND.id,)
    assert list(enforcer.stale()) == []


def granted(**more: object) -> ApprovalGranted:
    told = {"until": None, "at": day(0), **more}
    return ApprovalGranted(
        id="g-1", approval_id="ok-1", scope=ApprovalScope.ACCOUNTS, subjects=("a-2",),
        signer="Ana", role="officer", from_=day(0), **told,
    )  # fmt: skip


REVOKED = ApprovalRevoked(id="r-1", at=day(10), approval_id="ok-1", by="Ana")


@pytest.mark.parametrize("until", [None, day(400), day(10)])
@pytest.mark.parametrize("revoked_first", [False, True])
def test_a_revoked_approval_engages_control_after_notice_and_grace(
    enforcer: pe.Enforcer, record: Record, until: object, revoked_first: bool
) -> None:
    accounts = (opened("a-1", "u-1", 1), opened("a-2", "u-1", 2))
    grant = granted(until=until)
    record(*((REVOKED, grant) if revoked_first else (grant, REVOKED)), *accounts)
    days = enforcer.rules.registration.approval_notice_days + (
        enforcer.rules.registration.approval_grace_days
    )

    (outcome,) = enforcer.due(now=NOW)

    assert related(outcome) == ["4.1/s3"]
    assert outcome.decisions[0].conduct_at == REVOKED.at + timedelta(days=days)
