from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

import policyenforce as pe
from policyenforce.discipline.indemnity import claim_window_ends, indemnity_claims, liability_cap
from policyenforce.terms import Terms

AT = datetime(2019, 10, 5, tzinfo=UTC)


def loss(name: str, clause: str, amount: str, currency: str = "USD") -> pe.LossRecorded:
    money = pe.Money(Decimal(amount), currency)
    return pe.LossRecorded(id=name, at=AT, account_id="a-1", clause=clause, amount=money)


def fee(name: str, amount: str, year: int = 2019) -> pe.FeePaid:
    money = pe.Money(Decimal(amount), "USD")
    return pe.FeePaid(id=name, at=AT.replace(year=year), account_id="a-1", amount=money)


def test_losses_are_added_by_head_and_currency() -> None:
    claims = indemnity_claims(
        [loss("1", "8.5", "10.10"), loss("2", "8.5", "0.20"), loss("3", "8.5", "1", "EUR")]
    )

    assert [(str(c.head), c.total.amount, c.total.currency, c.fact_ids) for c in claims] == [
        ("8.5", Decimal("1"), "EUR", ("3",)),
        ("8.5", Decimal("10.30"), "USD", ("1", "2")),
    ]


def test_a_clause_that_is_no_head_is_refused() -> None:
    with pytest.raises(pe.GateError, match=r"5\.5\(c\)"):
        indemnity_claims([loss("1", "5.5(c)", "1")])


def test_the_cap_is_the_greater_of_the_years_fees_and_the_law() -> None:
    fees = [fee("1", "100"), fee("2", "50.50"), fee("3", "900", year=2018)]

    assert liability_cap(fees, 2019, "USD", zone=UTC).amount == Decimal("150.50")
    assert liability_cap(fees, 2019, "USD", Decimal(200), zone=UTC).amount == Decimal(200)
    assert liability_cap(fees, 2019, "EUR", zone=UTC).amount == 0


def test_claims_have_a_year_also_from_a_leap_day() -> None:
    assert claim_window_ends(AT) == AT.replace(year=2020)
    assert claim_window_ends(datetime(2020, 2, 29, tzinfo=UTC)).date().isoformat() == "2021-03-01"


def test_the_year_of_a_fee_is_that_of_the_terms() -> None:
    eve = datetime(2019, 12, 31, 20, tzinfo=UTC)
    late = pe.FeePaid(id="1", at=eve, account_id="a-1", amount=pe.Money(Decimal(7), "USD"))

    hong_kong = Terms.load().zone

    assert liability_cap([late], 2020, "USD", zone=hong_kong).amount == 7
    assert liability_cap([late], 2019, "USD", zone=hong_kong).amount == 0
