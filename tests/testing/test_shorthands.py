"""The short forms of a policy case: defaults for what does not matter to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from policyenforce.errors import FactError, InputError
from policyenforce.model.facts.dealings import TransactionRecorded
from policyenforce.model.facts.procedure import Actor
from policyenforce.model.facts.registration import (
    AccountOpened,
    ApplicationReceived,
    ApprovalGranted,
    UserKind,
)
from policyenforce.testing.shorthands import Facts, actor, instant

HONG_KONG = ZoneInfo("Asia/Hong_Kong")


@pytest.fixture
def facts() -> Facts:
    return Facts(HONG_KONG)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2019-10-04", "2019-10-03T16:00:00+00:00"),
        ("2019-10-04 09:30", "2019-10-04T01:30:00+00:00"),
        ("2019-10-04T09:30:00Z", "2019-10-04T09:30:00+00:00"),
        ("2019-10-04T09:30+03:00", "2019-10-04T06:30:00+00:00"),
    ],
)
def test_a_time_without_a_zone_is_in_that_of_the_terms(written: str, meant: str) -> None:
    assert instant(written, HONG_KONG).astimezone(UTC).isoformat() == meant


def test_what_is_no_time_is_refused_with_a_hint() -> None:
    with pytest.raises(InputError, match=r"at: `next week` is no time .*2019-10-04 09:30"):
        instant("next week", HONG_KONG)


def test_a_missing_time_is_an_hour_after_the_one_before(facts: Facts) -> None:
    first, second, third = (facts.at(e) for e in ({}, {"at": "2019-10-01"}, {}))

    assert first == datetime(2019, 9, 12, 1, tzinfo=UTC)
    assert (third - second).total_seconds() == 3600


def test_an_account_is_an_application_and_its_opening(facts: Facts) -> None:
    applied, opened = facts.opened({"account": "a-1", "country": "RU", "site": "aliexpress"})

    assert isinstance(applied, ApplicationReceived)
    assert isinstance(opened, AccountOpened)
    assert (applied.country, applied.residence, applied.access_country) == ("RU", "RU", "RU")
    assert (applied.kind, applied.business_use) == (UserKind.SOLE_TRADER, True)
    assert (opened.account_id, opened.user_id) == ("a-1", applied.user_id)
    assert opened.application_id == applied.application_id
    assert opened.memberships == ("aliexpress",)
    assert facts.accounts == ["a-1"]


def test_two_accounts_may_be_of_one_user(facts: Facts) -> None:
    first, _ = facts.opened({"account": "a-1", "user_id": "u"})
    second, _ = facts.opened({"account": "a-2", "user_id": "u", "memberships": ["alibaba", "x"]})

    assert first.id != second.id
    assert first.named == second.named == "u"


def test_an_entity_is_complete_and_what_is_said_replaces_only_itself(facts: Facts) -> None:
    applied = facts.applied({"application": "u-1", "kind": "entity", "entity": {"tax_id": "77"}})

    assert isinstance(applied, ApplicationReceived)
    assert applied.entity is not None
    assert applied.entity.tax_id == "77"
    assert applied.entity.legal_name == "u-1 Limited"
    assert applied.entity.principal_place == applied.entity.registered_address
    assert applied.representative is not None
    assert applied.representative.authority is True
    assert applied.birth_date is None


def test_only_one_account_of_the_case_need_not_be_named(facts: Facts) -> None:
    facts.opened({"account": "a-1"})

    assert facts.fact({"fact": "account_closed"}).named == "a-1"
    facts.opened({"account": "a-2"})
    with pytest.raises(InputError, match=r"say which account .*the case names: a-1, a-2"):
        facts.fact({"fact": "account_closed"})


def test_where_no_account_is_known_the_fact_has_to_name_it(facts: Facts) -> None:
    with pytest.raises(FactError, match="account_closed-1: account_id: a missing field"):
        facts.fact({"fact": "account_closed"})


def test_numbers_amounts_and_times_are_written_plainly(facts: Facts) -> None:
    order = facts.fact(
        {
            "fact": "transaction_recorded",
            "account_id": "a-1",
            "order_id": "o-1",
            "buyer_id": "a-2",
            "amount": {"amount": "12.50", "currency": "USD"},
            "paid_at": "2019-10-04",
        }
    )
    approval = facts.fact(
        {
            "fact": "approval_granted",
            "approval_id": "ap",
            "scope": "accounts",
            "subjects": ["a-1"],
            "signer": "s",
            "role": "r",
            "from": "2019-10-04",
        }
    )

    assert isinstance(order, TransactionRecorded)
    assert isinstance(approval, ApprovalGranted)
    assert order.amount.amount == Decimal("12.50")
    assert order.paid_at == approval.from_ == datetime(2019, 10, 3, 16, tzinfo=UTC)


def test_a_number_that_is_none_is_refused_as_in_a_file(facts: Facts) -> None:
    with pytest.raises(FactError, match="confidence: expected a finite number"):
        facts.fact(
            {
                "fact": "payment_flagged",
                "account_id": "a-1",
                "flag": "stolen_card",
                "confidence": "high",
            }
        )


def test_an_unknown_kind_of_fact_is_refused_with_a_hint(facts: Facts) -> None:
    with pytest.raises(FactError, match="did you mean `account_closed`"):
        facts.fact({"fact": "acount_closed"})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (None, Actor("the moderator", roles=("moderator",))),
        ("legal", Actor("the legal", roles=("legal",))),
        ({"id": "lin", "roles": ["legal"]}, Actor("lin", roles=("legal",))),
        (Actor("lin"), Actor("lin")),
    ],
)
def test_whoever_acts_has_a_role(written: object, meant: Actor) -> None:
    assert actor(written, "moderator") == meant


def test_sessions_of_weeks_are_a_row_for_each_habit(facts: Facts) -> None:
    facts.opened({"account": "a-1"})
    rows = [
        {"device_id": "laptop", "every": 2, "times": 3, "latitude": "51.5"},
        {"fact": "sign_in_failed", "first": "0.5", "every": 0, "times": 2},
    ]
    made = facts.sessions({"sessions": rows, "at": "2019-10-01 09:00"})
    days = [(fact.at - made[0].at).total_seconds() / 86_400 for fact in made]

    assert [fact.tag for fact in made] == [
        "signed_in", "sign_in_failed", "sign_in_failed", "signed_in", "signed_in"
    ]  # fmt: skip
    assert days == [0, 0.5, 0.5, 2, 4]
    assert {fact.named for fact in made} == {"a-1"}
    assert facts.at({}) == made[-1].at + timedelta(hours=1)


@pytest.mark.parametrize(
    ("rows", "hint"),
    [
        ({"device_id": "laptop"}, "list of rows"),
        ([{"times": "often"}], "no number"),
        ([{"every": -1}], "no number"),
    ],
)
def test_sessions_are_rows_and_their_numbers_are_numbers(
    facts: Facts, rows: object, hint: str
) -> None:
    facts.opened({"account": "a-1"})

    with pytest.raises(InputError, match=hint):
        facts.sessions({"sessions": rows})
