from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

import policyenforce as pe
from policyenforce.discipline.standing import standing_at
from policyenforce.model.decisions import MeasureKind, Scope, ScopeKind, Status
from policyenforce.model.outcome import AccountRecord
from policyenforce.model.standing import SURVIVING
from policyenforce.policy.load import load_rules
from policyenforce.terms import Terms

AT = datetime(2019, 10, 5, tzinfo=UTC)
RULES = load_rules()
WEEK = timedelta(days=7)
CAN = pe.Capability


def action(
    power: pe.Power, clause: str, scope: Scope, days: int | None = 7, **more: object
) -> pe.DisciplinaryAction:
    end = pe.End(None if days is None else AT + timedelta(days=days))
    return pe.DisciplinaryAction(
        power, scope, AT, end, pe.ClauseRef.parse("5.6(d)"), pe.ClauseRef.parse(clause), **more
    )  # type: ignore[arg-type]  # the keywords are the action's own


def history(*actions: pe.DisciplinaryAction, **more: object) -> pe.History:
    ground = pe.Ground(pe.ClauseRef.parse("5.6(d)"), pe.Standard.FACT, "seen", (), ("f",))
    decisions = ()
    if actions:
        decisions = (
            pe.Decision(
                id="d-1", account_id="a-1", user="u-1", fact_id="f", status=Status.IN_FORCE,
                grounds=(ground,), actions=actions, terms=Terms.load().in_force(AT),
                policy_hash="", rule="", conduct_at=AT, decided_at=AT,
                automated_detection=True, automated_decision=True,
            ),
        )  # fmt: skip
    accounts = (AccountRecord("a-1", AT - WEEK),)
    return pe.History("u-1", accounts=accounts, decisions=decisions, **more)  # type: ignore[arg-type]  # likewise


ACCOUNT = Scope(ScopeKind.ACCOUNT, "a-1")


def at(past: pe.History, when: datetime) -> pe.Standing:
    return standing_at(past, "a-1", when, RULES)


@pytest.mark.parametrize(
    ("power", "clause", "state"),
    [
        (pe.Power.SUSPEND_ACCOUNT, "6.2(i)", pe.AccountState.SUSPENDED),
        (pe.Power.TERMINATE_ACCOUNT, "6.2(i)", pe.AccountState.TERMINATED),
    ],
)
def test_an_action_holds_from_its_start_up_to_its_end(
    power: pe.Power, clause: str, state: pe.AccountState
) -> None:
    past = history(action(power, clause, ACCOUNT))

    assert at(past, AT - timedelta(seconds=1)).state is pe.AccountState.OPEN
    assert at(past, AT).state is state
    assert at(past, AT + WEEK - timedelta(microseconds=1)).state is state
    assert at(past, AT + WEEK).state is pe.AccountState.OPEN


def test_some_capabilities_survive_suspension_unless_removed_by_name() -> None:
    named = Scope(ScopeKind.ACCOUNT, "a-1", (CAN.EXPORT_DATA,))
    plain = at(history(action(pe.Power.SUSPEND_ACCOUNT, "6.2(i)", ACCOUNT)), AT)
    harder = at(history(action(pe.Power.SUSPEND_ACCOUNT, "6.2(i)", named)), AT)

    assert {c for c in CAN if plain.may(c)} == SURVIVING
    assert {c for c in CAN if harder.may(c)} == SURVIVING - {CAN.EXPORT_DATA}


def test_a_restriction_of_one_service_leaves_the_others() -> None:
    scope = Scope(ScopeKind.SERVICE, "ads", (CAN.PROMOTE,))
    standing = at(history(action(pe.Power.SUSPEND_SERVICE, "6.2(ii)", scope)), AT)

    refused = standing.may(CAN.PROMOTE, service="ads")
    assert not refused
    assert (refused.source_id, refused.until, refused.clause) == ("d-1", AT + WEEK, "5.6(d)")
    assert standing.may(CAN.PROMOTE, service="shop")
    assert standing.may(CAN.SELL, service="ads")


def test_a_restriction_of_one_site_leaves_the_other() -> None:
    scope = Scope(ScopeKind.SITE, "alibaba", (CAN.SELL,))
    standing = at(history(action(pe.Power.RESTRICT_FEATURE, "6.2(iv)", scope)), AT)

    assert not standing.may(CAN.SELL, site="alibaba")
    assert standing.may(CAN.SELL, site="aliexpress")


def test_of_two_restrictions_the_one_that_lasts_is_told() -> None:
    scope = Scope(ScopeKind.CAPABILITY, None, (CAN.SELL,))
    short = action(pe.Power.RESTRICT_FEATURE, "6.2(iv)", scope, 3)
    long = action(pe.Power.RESTRICT_FEATURE, "6.2(iv)", scope, 30)
    standing = at(history(short, long), AT)

    assert standing.may(CAN.SELL).until == AT + timedelta(days=30)


def test_the_smallest_cap_holds_and_removed_content_is_named() -> None:
    standing = at(
        history(
            action(pe.Power.CAP_CONTENT, "6.2(iii)", Scope(ScopeKind.CAP, "50")),
            action(pe.Power.CAP_CONTENT, "6.2(iii)", Scope(ScopeKind.CAP, "20")),
            action(pe.Power.REMOVE_CONTENT, "6.2(iii)", Scope(ScopeKind.CONTENT, "c-1@2"), None),
        ),
        AT,
    )

    assert standing.listing_cap == 20
    assert standing.removed == {"c-1@2"}
    assert standing.state is pe.AccountState.OPEN


def test_points_live_a_year_and_then_only_their_history_is_left() -> None:
    past = history(action(pe.Power.OTHER_CORRECTIVE, "6.2(v)", ACCOUNT, None, points=6))
    year = timedelta(days=RULES.point_life_days)

    assert at(past, AT).points == 6
    assert at(past, AT + year - timedelta(seconds=1)).points == 6
    assert at(past, AT + year).points == 0
    assert past.decisions[0].points == 6


def test_a_stayed_action_does_not_hold() -> None:
    past = history(action(pe.Power.SUSPEND_ACCOUNT, "6.2(i)", ACCOUNT, stayed=True))

    assert at(past, AT).state is pe.AccountState.OPEN


def test_a_pause_of_payouts_takes_withdrawal_until_it_ends() -> None:
    measure = pe.ProtectiveMeasure(
        "m-1", MeasureKind.PAUSE_PAYOUTS, "court order", "…", "a-1", "f", AT, AT + WEEK,
        amount=pe.Money(Decimal(5), "USD"), by=pe.Actor("ana"),
    )  # fmt: skip
    past = history(measures=(measure,))

    assert not at(past, AT).may(CAN.WITHDRAW)
    assert at(past, AT).may(CAN.SELL)
    assert at(past, AT + WEEK).may(CAN.WITHDRAW)


@pytest.mark.parametrize(
    ("record", "state"),
    [
        (AccountRecord("a-1", AT - WEEK, closed_at=AT), pe.AccountState.CLOSED),
        (AccountRecord("a-1", AT - WEEK, erased=True), pe.AccountState.ERASED),
        (AccountRecord("a-1", AT + WEEK), pe.AccountState.UNKNOWN),
        (AccountRecord("a-2", AT - WEEK), pe.AccountState.UNKNOWN),
    ],
)
def test_the_state_follows_the_members_own_acts(
    record: AccountRecord, state: pe.AccountState
) -> None:
    assert at(pe.History("u-1", accounts=(record,)), AT).state is state


# --- What was decided while the User only had an application --------------------------------------


def on_application(*actions: pe.DisciplinaryAction, **record: Any) -> pe.History:
    past = history(*actions)
    decision = evolve(past.decisions[0], account_id="u-1", conduct_at=AT - 2 * WEEK)
    account = evolve(past.accounts[0], **{"user": "u-1", **record})
    return evolve(past, decisions=(decision,), accounts=(account,))


LIMIT = action(pe.Power.RESTRICT_FEATURE, "6.2(iv)", Scope(ScopeKind.CAPABILITY, None, (CAN.SELL,)))
SUSPENDED = action(pe.Power.SUSPEND_ACCOUNT, "6.2(i)", Scope(ScopeKind.ACCOUNT, "u-1"), points=4)


def test_what_was_decided_on_the_application_binds_the_account_opened_on_it() -> None:
    past = on_application(LIMIT, SUSPENDED)

    assert at(past, AT).state is pe.AccountState.SUSPENDED
    assert at(past, AT).restrictions[CAN.SELL][0].source_id == "d-1"
    assert at(past, AT).points == 4
    assert standing_at(past, "u-1", AT, RULES).points == 4


def test_it_binds_no_account_that_the_user_had_before() -> None:
    past = on_application(SUSPENDED, opened_at=AT - 3 * WEEK)

    assert at(past, AT).state is pe.AccountState.OPEN


def test_it_binds_nobody_elses_account() -> None:
    past = on_application(SUSPENDED, user="u-2")

    assert at(past, AT).state is pe.AccountState.OPEN


def test_what_names_a_user_with_accounts_binds_none_opened_later_but_for_an_application() -> None:
    past = on_application(SUSPENDED)
    before = AccountRecord("a-0", AT - 3 * WEEK, user="u-1")
    beside = evolve(past, accounts=(before, *past.accounts))
    closed = evolve(past, accounts=(evolve(before, closed_at=AT - 2 * WEEK), *past.accounts))
    elsewhere = evolve(past, accounts=(evolve(before, user="u-9"), *past.accounts))
    (decision,) = past.decisions
    (ground,) = decision.grounds
    applied = evolve(ground, triggers=(pe.Trigger.APPLICATION,))
    again = evolve(beside, decisions=(evolve(decision, grounds=(applied,)),))

    assert at(beside, AT).state is pe.AccountState.OPEN
    assert {at(p, AT).state for p in (closed, elsewhere, again)} == {pe.AccountState.SUSPENDED}


def test_an_application_turned_down_touches_no_account_opened_nevertheless() -> None:
    past = on_application(SUSPENDED)
    ground = pe.Ground(
        pe.ClauseRef.parse("5.6(d)"), pe.Standard.FACT, "seen", (), ("f",),
        triggers=(pe.Trigger.APPLICATION,),
    )  # fmt: skip
    refusal = evolve(
        action(pe.Power.REJECT_APPLICATION, "4.1/s4", Scope(ScopeKind.APPLICATION, "u-1"), None),
        ground=pe.ClauseRef.parse("4.1/s4"),
    )
    turned_down = evolve(
        past.decisions[0],
        grounds=(evolve(ground, clause=refusal.ground),),
        actions=(refusal,),
    )

    standing = at(evolve(past, decisions=(turned_down,)), AT)

    assert standing.state is pe.AccountState.OPEN
    assert all(standing.may(capability) for capability in CAN)
