"""4.1 bans accounts side by side: what another User still holds is read as of the fact (T1)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.multiple_accounts.check import CHECK
from policyenforce.checks.multiple_accounts.lives import begins_or_ends, held
from policyenforce.model.fact import Fact
from policyenforce.model.facts.procedure import (
    ActionApplied,
    Actor,
    AppealDecided,
    AppealResult,
)
from policyenforce.model.facts.registration import (
    AccountClosed,
    AccountOpened,
    ApplicationWithdrawn,
    DetailsAmended,
    Entity,
    SignalKind,
    SignalObserved,
    UserKind,
)
from policyenforce.terms.gates import Power
from tests.checks.past import Past, applied, clauses, day, opened

BANK = "DE89370400440532013000"
HAND: dict[str, Any] = {"bank_accounts": (BANK,), "emails": ("ana@firm.example",)}
BEN = Actor("ben", roles=("appeals_officer",))
FIRST = (applied("u-1", **HAND), opened("a-1", "u-1"))
SECOND = applied("u-2", 9, **HAND)


def judge(fact: Fact, *before: Fact) -> list[str]:
    return clauses(Past([*before, fact]).judge(CHECK, fact))


def closed(account: str = "a-1", at: float = 3) -> AccountClosed:
    return AccountClosed(id=f"close-{account}-{at}", at=day(at), account_id=account)


def carried_out(power: Power, at: float = 3, account: str = "a-1") -> ActionApplied:
    return ActionApplied(
        id=f"done-{at}", at=day(at), account_id=account, decision_id="d-1", power=power
    )


def heard(result: AppealResult, at: float = 5) -> AppealDecided:
    return AppealDecided(
        id=f"heard-{at}", at=day(at), account_id="a-1", appeal_id="ap", decision_id="d-1",
        result=result, by=BEN, reason="…",
    )  # fmt: skip


def test_an_open_account_in_the_same_hand_is_suspected() -> None:
    assert judge(SECOND, *FIRST) == ["4.1/s3"]


@pytest.mark.parametrize(
    "over",
    [
        closed(),
        carried_out(Power.CANCEL_ACCOUNT),
        carried_out(Power.TERMINATE_ACCOUNT),
    ],
    ids=["closed", "cancelled", "terminated"],
)
def test_an_account_that_is_over_is_not_concurrent(over: Fact) -> None:
    assert judge(SECOND, *FIRST, over) == []


@pytest.mark.parametrize(
    "not_over",
    [
        carried_out(Power.SUSPEND_ACCOUNT),
        carried_out(Power.REMOVE_CONTENT),
        carried_out(Power.REJECT_APPLICATION),
        closed(at=10),
    ],
    ids=["suspended", "content removed", "another application turned down", "closed later"],
)
def test_an_account_that_is_not_over_still_is(not_over: Fact) -> None:
    assert judge(SECOND, *FIRST, not_over) == ["4.1/s3"]


def test_much_that_is_said_of_other_accounts_hides_no_open_one() -> None:
    names = [f"b-{number}" for number in range(70)]
    others = [fact for name in names for fact in (opened(name, "u-1", 2), closed(name))]
    done = [carried_out(Power.SUSPEND_ACCOUNT, 4 + number / 100) for number in range(70)]

    assert judge(SECOND, *FIRST, *others, *done) == ["4.1/s3"]


def test_an_account_opened_again_is_concurrent_again() -> None:
    again = AccountOpened(id="again", at=day(4), user_id="u-1", account_id="a-1")

    assert judge(SECOND, *FIRST, closed(), again) == ["4.1/s3"]


@pytest.mark.parametrize(
    ("result", "found"),
    [(AppealResult.OVERTURN, ["4.1/s3"]), (AppealResult.UPHOLD, [])],
)
def test_an_end_that_an_appeal_undid_is_none(result: AppealResult, found: list[str]) -> None:
    past = (*FIRST, carried_out(Power.TERMINATE_ACCOUNT), heard(result))

    assert judge(SECOND, *past) == found


def test_one_account_left_open_is_enough() -> None:
    other = opened("a-3", "u-1", 2)

    assert judge(SECOND, *FIRST, other, closed()) == ["4.1/s3"]
    assert judge(SECOND, *FIRST, other, closed(), closed("a-3")) == []


@pytest.mark.parametrize(
    ("end", "found"),
    [
        (ApplicationWithdrawn(id="w", at=day(2), user_id="u-1"), []),
        (carried_out(Power.REJECT_APPLICATION, account="u-1"), []),
        (closed("a-9"), ["4.1/s3"]),
    ],
    ids=["withdrawn", "turned down", "nothing of its own"],
)
def test_two_applications_wait_side_by_side_until_one_is_over(end: Fact, found: list[str]) -> None:
    assert judge(SECOND, FIRST[0], end) == found


def test_who_holds_nothing_any_more_controls_nothing_beside_it() -> None:
    signal = SignalObserved(id="s", at=day(9), account_id="a-2", kind=SignalKind.BANK, value=BANK)
    past = (*FIRST, opened("a-2", "u-2", 5))

    assert judge(signal, *past) == ["4.1/s3"]
    assert judge(signal, *past, closed("a-2", 6)) == []


def test_a_former_member_that_applies_again_is_looked_at_as_any_applicant() -> None:
    again = applied("u-2", 9, id="again", **HAND)
    past = (*FIRST, applied("u-2", 2), opened("a-2", "u-2", 3), closed("a-2", 4))

    assert judge(again, *past) == ["4.1/s3"]


@pytest.mark.parametrize(
    ("over", "found"),
    [(closed(), []), (carried_out(Power.TERMINATE_ACCOUNT), []), (closed("a-9"), ["4.1/s3"])],
)
def test_a_branch_needs_a_head_office_that_still_has_an_account(
    over: Fact, found: list[str]
) -> None:
    branch = applied("u-2", 9, kind=UserKind.ENTITY, entity=Entity(branch_of="u-1"))

    assert judge(branch, opened("a-1", "u-1"), over) == found


def test_only_what_shares_enough_is_asked_about() -> None:
    past = Past([*FIRST, applied("u-2", 9, device_id="d-1"), SECOND])
    near, far = (past.context(CHECK, fact).answers for fact in (SECOND, past.facts[2]))

    assert {q.value for q in near if q.kind == "account"} == {"u-1"}
    assert {q.value for q in far if q.kind == "account"} == set()


EVENTS = [
    *FIRST,
    opened("a-3", "u-1", 2),
    closed(),
    closed("a-3", 4),
    carried_out(Power.CANCEL_ACCOUNT, 6),
    heard(AppealResult.OVERTURN, 7),
    ApplicationWithdrawn(id="w", at=day(8), user_id="u-1"),
]


@given(st.permutations(EVENTS), st.sets(st.integers(0, len(EVENTS) - 1)))
def test_what_is_held_does_not_depend_on_the_order_it_is_told_in(
    facts: list[Fact], left_out: set[int]
) -> None:
    kept = [fact for fact in facts if EVENTS.index(fact) not in left_out]

    assert held(kept) == held(sorted(kept, key=EVENTS.index))


def test_what_changes_a_holding_is_known_by_its_fact() -> None:
    assert all(map(begins_or_ends, EVENTS))
    assert begins_or_ends(carried_out(Power.REJECT_APPLICATION))
    others = (
        carried_out(Power.SUSPEND_ACCOUNT),
        heard(AppealResult.UPHOLD),
        DetailsAmended(id="x", at=day(1), account_id="a-1", changed={"phone": "1"}),
    )
    assert not any(map(begins_or_ends, others))
