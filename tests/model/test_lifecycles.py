"""The lives of Users, Applications, Accounts and content: tables, and what does not fit them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.model.fact import Fact
from policyenforce.model.facts.content import (
    Content,
    ContentDisplayed,
    ContentRestored,
    ContentRevised,
    ContentSubmitted,
    ContentWithdrawn,
)
from policyenforce.model.facts.procedure import ActionApplied
from policyenforce.model.facts.registration import (
    ApplicationReceived,
    ApplicationWithdrawn,
    UserKind,
)
from policyenforce.model.lifecycles import (
    ACCOUNT,
    APPLICATION,
    CONTENT,
    ApplicationState,
    ContentState,
    Lifecycle,
    UserState,
    account_state,
    accounts_after,
    application_after,
    content_after,
    event_of,
    user_state,
)
from policyenforce.model.outcome import AccountRecord
from policyenforce.model.standing import AccountState
from policyenforce.terms.gates import Power
from policyenforce.testing.strategies import facts
from tests.model.samples import THEN, closed, opened

LATER = THEN + timedelta(days=3)


def applied() -> ApplicationReceived:
    """A User asks to be registered."""
    return ApplicationReceived(id="f-1", at=THEN, user_id="u-1", kind=UserKind.PERSON)


def took_back() -> ApplicationWithdrawn:
    """The User takes the application back."""
    return ApplicationWithdrawn(id="f-2", at=THEN, user_id="u-1")


def carried_out(power: Power) -> ActionApplied:
    """The platform answers that it used a power."""
    return ActionApplied(id="f-3", at=THEN, account_id="a-1", decision_id="d-1", power=power)


@pytest.mark.parametrize(
    ("life", "states"),
    [(APPLICATION, ApplicationState), (ACCOUNT, AccountState), (CONTENT, ContentState)],
)
def test_an_event_of_another_life_changes_nothing(life: Lifecycle[Any], states: Any) -> None:
    for state in states:
        moved = life.move(state, "signed_in")

        assert (moved.state, moved.legal, moved.why) == (state, True, "")


@pytest.mark.parametrize(
    ("life", "states"),
    [(APPLICATION, ApplicationState), (ACCOUNT, AccountState), (CONTENT, ContentState)],
)
def test_what_does_not_fit_changes_nothing_and_says_why(life: Lifecycle[Any], states: Any) -> None:
    misfits = [(s, e) for s in states for e in life.events if (s, e) not in life.moves]

    assert misfits
    for state, event in misfits:
        moved = life.move(state, event)

        assert moved.state is state
        assert not moved.legal
        assert event in moved.why
        assert state.value in moved.why


@pytest.mark.parametrize(
    ("life", "start", "finals"),
    [
        (APPLICATION, ApplicationState.NONE, set()),
        (ACCOUNT, AccountState.UNKNOWN, {AccountState.CANCELLED, AccountState.TERMINATED}),
        (CONTENT, ContentState.UNKNOWN, set()),
    ],
)
def test_every_state_can_be_reached_and_only_the_final_ones_cannot_be_left(
    life: Lifecycle[Any], start: Any, finals: set[Any]
) -> None:
    reached, open_ = {start}, [start]
    while open_:
        state = open_.pop()
        for after in {a for (before, _), a in life.moves.items() if before is state} - reached:
            reached.add(after)
            open_.append(after)
    left = {before for (before, _), after in life.moves.items() if after is not before}

    assert reached == set(type(start)) - {AccountState.ERASED}
    assert reached - left == finals


@pytest.mark.parametrize(
    ("before", "fact", "after"),
    [
        ("none", applied(), "waiting"),
        ("waiting", applied(), "waiting"),
        ("waiting", took_back(), "withdrawn"),
        ("waiting", opened(), "accepted"),
        ("waiting", carried_out(Power.REJECT_APPLICATION), "rejected"),
        ("none", opened(), "accepted"),
        ("rejected", applied(), "waiting"),
        ("rejected", opened(), "accepted"),
        ("withdrawn", applied(), "waiting"),
        ("accepted", applied(), "waiting"),
        ("withdrawn", opened(), "withdrawn"),
        ("none", took_back(), "none"),
        ("accepted", took_back(), "accepted"),
        ("accepted", carried_out(Power.REJECT_APPLICATION), "accepted"),
        ("waiting", carried_out(Power.SUSPEND_ACCOUNT), "waiting"),
        ("waiting", closed(), "waiting"),
    ],
)
def test_an_application_goes_its_way(before: str, fact: Fact, after: str) -> None:
    assert application_after(before, fact) == after


def test_the_event_of_an_answered_action_is_its_power() -> None:
    assert event_of(carried_out(Power.CANCEL_ACCOUNT)) == "cancel_account"
    assert event_of(opened()) == "account_opened"


def test_an_account_opens_and_closes() -> None:
    accounts = accounts_after((), opened(memberships=("international",)))

    assert accounts == (AccountRecord("a-1", THEN, None, ("international",), user="u-1"),)
    assert account_state(accounts[0]) is AccountState.OPEN

    accounts = accounts_after(accounts, closed(at=LATER))

    assert accounts == (AccountRecord("a-1", THEN, LATER, ("international",), user="u-1"),)
    assert account_state(accounts[0]) is AccountState.CLOSED


def test_an_account_that_opens_again_keeps_its_first_day_and_gains_memberships() -> None:
    accounts = (AccountRecord("a-1", THEN, LATER, ("international",)),)
    again = opened(at=LATER, memberships=("china", "international"))

    assert accounts_after(accounts, again) == (
        AccountRecord("a-1", THEN, None, ("international", "china")),
    )


def test_one_account_moves_and_the_others_stay() -> None:
    accounts = accounts_after(accounts_after((), opened("a-1")), opened("a-2"))

    assert accounts_after(accounts, closed("a-2", LATER)) == (
        AccountRecord("a-1", THEN, user="u-1"),
        AccountRecord("a-2", THEN, LATER, user="u-1"),
    )


@pytest.mark.parametrize(
    ("accounts", "fact"),
    [
        ((), closed()),
        ((AccountRecord("a-1", THEN, LATER),), closed()),
        ((AccountRecord("a-1", THEN),), opened(at=LATER)),
        ((AccountRecord("a-1", THEN, LATER, erased=True),), opened(at=LATER)),
        ((AccountRecord("a-1", THEN),), applied()),
        ((AccountRecord("a-1", THEN),), carried_out(Power.TERMINATE_ACCOUNT)),
    ],
)
def test_what_does_not_fit_leaves_the_accounts_as_they_are(
    accounts: tuple[AccountRecord, ...], fact: Fact
) -> None:
    assert accounts_after(accounts, fact) is accounts


@pytest.mark.parametrize(
    ("application", "accounts", "state"),
    [
        ("none", (), UserState.UNREGISTERED),
        ("withdrawn", (), UserState.UNREGISTERED),
        ("rejected", (), UserState.UNREGISTERED),
        ("waiting", (), UserState.APPLICANT),
        ("accepted", (AccountRecord("a-1", THEN),), UserState.MEMBER),
        ("waiting", (AccountRecord("a-1", THEN),), UserState.MEMBER),
        ("accepted", (AccountRecord("a-1", THEN, LATER),), UserState.FORMER_MEMBER),
        ("waiting", (AccountRecord("a-1", THEN, LATER),), UserState.APPLICANT),
        ("accepted", (AccountRecord("a-1", THEN, erased=True),), UserState.FORMER_MEMBER),
        (
            "accepted",
            (AccountRecord("a-1", THEN, LATER), AccountRecord("a-2", THEN)),
            UserState.MEMBER,
        ),
    ],
)
def test_a_user_is_a_member_while_an_account_is_open(
    application: str, accounts: tuple[AccountRecord, ...], state: UserState
) -> None:
    assert user_state(application, accounts) is state


def revised(revision: int, cls: Any = ContentRevised) -> Any:
    """A revision of ``c-1`` is handed in."""
    content = Content(content_id="c-1", revision=revision)
    return cls(id=f"f-{revision}", at=THEN, account_id="a-1", content=content)


def about(cls: Any, revision: int) -> Any:
    """A fact about a revision of ``c-1``."""
    return cls(id="f-9", at=THEN, account_id="a-1", content_id="c-1", revision=revision)


@pytest.mark.parametrize(
    ("before", "fact", "after"),
    [
        ({}, revised(1, ContentSubmitted), {"c-1@1": "submitted"}),
        ({"c-1@1": "submitted"}, about(ContentDisplayed, 1), {"c-1@1": "displayed"}),
        ({}, about(ContentDisplayed, 1), {"c-1@1": "displayed"}),
        (
            {"c-1@1": "displayed", "c-11@1": "displayed"},
            revised(2),
            {"c-1@1": "revised", "c-11@1": "displayed", "c-1@2": "submitted"},
        ),
        (
            {"c-1@1": "revised", "c-1@2": "removed", "c-1@3": "restored"},
            revised(4),
            {"c-1@1": "revised", "c-1@2": "removed", "c-1@3": "revised", "c-1@4": "submitted"},
        ),
        ({"c-1@3": "displayed"}, revised(2), {"c-1@3": "displayed", "c-1@2": "submitted"}),
        ({"c-1@1": "displayed"}, about(ContentWithdrawn, 1), {"c-1@1": "withdrawn"}),
        ({"c-1@1": "removed"}, about(ContentRestored, 1), {"c-1@1": "restored"}),
        ({"c-1@1": "withdrawn"}, about(ContentRestored, 1), {"c-1@1": "restored"}),
    ],
)
def test_content_goes_its_way(before: dict[str, str], fact: Fact, after: dict[str, str]) -> None:
    untouched = dict(before)

    assert content_after(before, fact) == after
    assert before == untouched


@pytest.mark.parametrize(
    ("before", "fact"),
    [
        ({"c-1@1": "displayed"}, opened()),
        ({"c-1@1": "displayed"}, revised(1)),
        ({"c-1@1": "removed"}, about(ContentDisplayed, 1)),
        ({"c-1@1": "removed"}, about(ContentWithdrawn, 1)),
        ({}, about(ContentWithdrawn, 1)),
        ({}, about(ContentRestored, 1)),
    ],
)
def test_what_does_not_fit_leaves_the_content_as_it_is(before: dict[str, str], fact: Fact) -> None:
    assert content_after(before, fact) is before


@given(st.lists(facts(), max_size=12))
def test_any_facts_in_any_order_can_be_folded(history: list[Fact]) -> None:
    application, accounts, content = "none", (), {}
    for fact in history:
        application = application_after(application, fact)
        accounts = accounts_after(accounts, fact)
        content = content_after(content, fact)

    assert application in {state.value for state in ApplicationState}
    assert len({account.account_id for account in accounts}) == len(accounts)
    assert set(content.values()) <= {state.value for state in ContentState}


def test_an_erased_account_stays_erased_whatever_comes() -> None:
    erased = evolve(AccountRecord("a-1", THEN), erased=True)

    assert account_state(erased) is AccountState.ERASED
    assert account_state(None) is AccountState.UNKNOWN
    assert all(not ACCOUNT.move(AccountState.ERASED, event).legal for event in ACCOUNT.events)
