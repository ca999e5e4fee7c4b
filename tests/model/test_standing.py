"""What an account may do is what nothing in force takes from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.errors import InputError
from policyenforce.model.standing import (
    SURVIVING,
    AccountState,
    Capability,
    Restriction,
    Standing,
)
from tests.model.samples import THEN


def standing(*restrictions: Restriction) -> Standing:
    """An open account under these restrictions, all on selling."""
    return Standing(
        "a-1", "u-1", THEN, AccountState.OPEN, restrictions={Capability.SELL: restrictions}
    )


EVERYWHERE = Restriction(Capability.SELL, "d-1", "rung 2", "6.2(iv)", THEN)
ON_A_SITE = Restriction(Capability.SELL, "d-2", "rung 1", site="alibaba")
IN_A_SERVICE = Restriction(Capability.SELL, "d-3", "rung 1", site="alibaba", service="ads")


@given(st.sampled_from(Capability))
def test_what_nothing_restricts_is_allowed(capability: Capability) -> None:
    allowed = Standing("a-1", "u-1", None, AccountState.OPEN).may(capability)

    assert allowed
    assert allowed.capability is capability
    assert allowed.source_id is None


@pytest.mark.parametrize("asked", ["fly", None, 3])
def test_what_is_no_capability_is_refused_with_those_there_are(asked: object) -> None:
    with pytest.raises(InputError, match="unknown capability") as raised:
        standing().may(asked)  # type: ignore[arg-type]  # what a caller in plain Python may pass

    assert "create_listing" in str(raised.value)


def test_a_refusal_says_why_by_which_clause_and_until_when() -> None:
    refused = standing(EVERYWHERE).may(Capability.SELL)

    assert not refused
    assert (refused.reason, refused.source_id) == ("rung 2", "d-1")
    assert (refused.clause, refused.until) == ("6.2(iv)", THEN)
    assert standing(EVERYWHERE).may(Capability.BUY)


@pytest.mark.parametrize(
    ("restriction", "site", "service", "allowed"),
    [
        (EVERYWHERE, None, None, False),
        (EVERYWHERE, "aliexpress", "ads", False),
        (ON_A_SITE, "alibaba", None, False),
        (ON_A_SITE, "alibaba", "ads", False),
        (ON_A_SITE, "aliexpress", None, True),
        (ON_A_SITE, None, None, False),
        (IN_A_SERVICE, "alibaba", "ads", False),
        (IN_A_SERVICE, "alibaba", "shop", True),
        (IN_A_SERVICE, "alibaba", None, True),
    ],
)
def test_a_restriction_holds_where_it_was_set(
    restriction: Restriction, site: str | None, service: str | None, allowed: bool
) -> None:
    assert standing(restriction).may(Capability.SELL, site, service).allowed is allowed


def test_the_first_restriction_that_covers_is_the_one_named() -> None:
    refused = standing(ON_A_SITE, EVERYWHERE).may(Capability.SELL, "aliexpress")

    assert refused.source_id == "d-1"


def test_notices_appeals_data_and_paid_orders_survive() -> None:
    assert {capability.value for capability in SURVIVING} == {
        "read_notices",
        "appeal",
        "export_data",
        "fulfil_paid_orders",
    }


def test_a_refusal_on_one_site_asks_which_site_is_meant() -> None:
    refused = standing(ON_A_SITE).may(Capability.SELL)

    assert refused.reason == "rung 1 (only on site alibaba; say which site is meant)"
    assert (refused.site, refused.service) == ("alibaba", None)
    assert standing(ON_A_SITE).may(Capability.SELL, "alibaba").reason == "rung 1"


def test_what_holds_everywhere_is_told_before_what_another_site_would_not_have() -> None:
    refused = standing(ON_A_SITE, EVERYWHERE).may(Capability.SELL)

    assert (refused.source_id, refused.site, refused.reason) == ("d-1", None, "rung 2")


@pytest.mark.parametrize("site", [None, "alibaba"])
def test_what_one_service_alone_forbids_is_allowed_with_that_exception_told(
    site: str | None,
) -> None:
    allowed = standing(IN_A_SERVICE).may(Capability.SELL, site)

    assert allowed
    assert allowed.except_services == ("ads",)
    assert allowed.reason == "allowed, except in service ads on site alibaba: rung 1"


def test_a_named_service_or_another_site_knows_no_exception() -> None:
    for where in (("alibaba", "shop"), ("aliexpress", None)):
        allowed = standing(IN_A_SERVICE).may(Capability.SELL, *where)

        assert (allowed.allowed, allowed.reason, allowed.except_services) == (True, "", ())


@pytest.mark.parametrize("state", [AccountState.CLOSED, AccountState.ERASED])
def test_an_account_that_is_over_is_used_for_what_survives_alone(state: AccountState) -> None:
    over = Standing("a-1", "u-1", THEN, state)

    assert {capability for capability in Capability if over.may(capability)} == SURVIVING
    assert over.may(Capability.SELL).reason == f"the account is {state.value}"
