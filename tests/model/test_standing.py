"""What an account may do is what nothing in force takes from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        (ON_A_SITE, None, None, True),
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
