"""The check behind the real enforcer: tokens, late facts, approvals and links."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import policyenforce as pe
from policyenforce.model.fact import Fact
from policyenforce.model.facts.registration import (
    ApprovalGranted,
    ApprovalRevoked,
    ApprovalScope,
    SignalKind,
    SignalObserved,
    UsersLinked,
    UsersSeparated,
)
from policyenforce.policy.load import load_rules
from tests.checks.past import applied, day, opened

BANK = "DE89370400440532013000"
HAND = {"bank_accounts": (BANK,), "emails": ("ana@firm.example",)}


@pytest.fixture
def enforcer() -> Iterator[pe.Enforcer]:
    made = pe.open_enforcer(policy=load_rules(), keys=pe.TokenKeys.generate())
    yield made
    made.close()


def found(enforcer: pe.Enforcer, *facts: Fact) -> list[str]:
    """The clauses found by the last of these facts."""
    for fact in facts:
        outcome = enforcer.record(fact, now=day(400))
    assert outcome.errors == ()
    ours = [f for f in outcome.findings if f.check in ("multiple_accounts", "account_sharing")]
    return [f.clause.text for f in ours]


def granted(subject: str, at: float = 0, scope: str = "accounts") -> ApprovalGranted:
    return ApprovalGranted(
        id=f"g-{at}", at=day(at), approval_id="ok-1", scope=ApprovalScope(scope),
        subjects=(subject,), signer="Ana", role="authorised_officer", from_=day(0),
    )  # fmt: skip


def bank(account: str) -> SignalObserved:
    return SignalObserved(id="s-1", at=day(9), account_id=account, kind=SignalKind.BANK, value=BANK)


def test_shared_identifiers_are_found_through_their_tokens(enforcer: pe.Enforcer) -> None:
    assert found(enforcer, applied("u-1", **HAND), applied("u-2", 5, **HAND)) == ["4.1/s3"]


def test_an_application_and_its_account_count_once(enforcer: pe.Enforcer) -> None:
    facts = (
        applied("u-1", **HAND),
        opened("a-1", "u-1", 2),
        bank("a-1"),
        applied("u-2", 11, **HAND),
    )
    for fact in facts:
        outcome = enforcer.record(fact, now=day(400))
    [finding] = outcome.findings
    told = {evidence.kind: evidence.sentence for evidence in finding.evidence}

    assert told["shared_bank"] == "same bank account …3000, seen on 2 accounts of 2 clusters"
    assert "five_to_four_clusters" not in told


def test_a_second_account_is_found(enforcer: pe.Enforcer) -> None:
    assert found(enforcer, opened("a-1", "u-1"), opened("a-2", "u-1", 5)) == ["4.1/s2"]


def test_an_approval_of_the_user_reaches_facts_that_name_only_the_account(
    enforcer: pe.Enforcer,
) -> None:
    past = (applied("u-1", **HAND), opened("a-2", "u-2", 5), granted("u-2"))

    assert found(enforcer, *past, bank("a-2")) == []


def test_an_approved_device_is_found_by_its_token(enforcer: pe.Enforcer) -> None:
    past = (applied("u-1", **HAND), opened("a-2", "u-2", 5))

    assert found(enforcer, *past, granted(f"bank:{BANK}", 6, "infrastructure"), bank("a-2")) == []


def test_a_revocation_reaches_what_the_grant_named(enforcer: pe.Enforcer) -> None:
    revoked = ApprovalRevoked(id="r-1", at=day(3), approval_id="ok-1", by="Ana")
    past = (opened("a-1", "u-1"), granted("a-2"), revoked)

    assert found(enforcer, *past, opened("a-2", "u-1", 5)) == ["4.1/s2"]


def test_a_late_approval_amends_what_was_found(enforcer: pe.Enforcer) -> None:
    assert found(enforcer, opened("a-1", "u-1"), opened("a-2", "u-1", 5)) == ["4.1/s2"]

    outcome = enforcer.record(granted("a-2"), now=day(400))
    assert outcome.amendments == ("open-a-2",)


def test_linking_two_users_shows_the_second_registration(enforcer: pe.Enforcer) -> None:
    link = UsersLinked(id="l-1", at=day(9), user_id="u-1", other_user_id="u-2", by="Ana")
    assert found(enforcer, opened("a-1", "u-1"), opened("a-2", "u-2", 5)) == []

    outcome = enforcer.record(link, now=day(400))
    assert outcome.amendments == ("open-a-2",)


def test_separated_users_stay_apart_from_either_side(enforcer: pe.Enforcer) -> None:
    apart = UsersSeparated(id="p-1", at=day(8), user_id="u-1", other_user_id="u-2", by="Ana")
    past = (applied("u-1", **HAND), opened("a-2", "u-2", 5), apart)

    assert found(enforcer, *past, bank("a-2")) == []


def test_two_users_may_number_their_applications_alike() -> None:
    def applied(number: int) -> pe.ApplicationReceived:
        return pe.ApplicationReceived(
            id=f"f-{number}", at=day(number), user_id=f"u-{number}", application_id="app-1",
            kind=pe.UserKind.PERSON, emails=("ana@example.com",), device_id="pc-1",
            card_tokens=("tok-9",), business_use=True,
        )  # fmt: skip

    enforcer = pe.open_enforcer(keys=pe.TokenKeys.generate())
    for number in (1, 2):
        enforcer.record(applied(number), now=day(9))
    gone = pe.ApplicationWithdrawn(id="w-1", at=day(3), user_id="u-1", application_id="app-1")
    enforcer.record(gone, now=day(9))

    found = enforcer.record(applied(4), now=day(9)).findings

    assert [f.target for f in found if f.clause.text == "4.1/s3"] == ["u-2"]
