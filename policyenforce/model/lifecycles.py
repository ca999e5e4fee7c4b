"""The lives of a User, an Application, an Account and a revision of User Content.

Each life is a table: (state, event) -> state. An event is the tag of a fact, or the word of a
power where the platform's own act moves the life. Facts may arrive in any order, and the fold by
position decides; so an event that does not fit the state changes nothing and says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Generic, TypeVar

from attrs import evolve, frozen

from policyenforce.model.fact import Fact
from policyenforce.model.facts.content import (
    ContentDisplayed,
    ContentRestored,
    ContentRevised,
    ContentSubmitted,
    ContentWithdrawn,
)
from policyenforce.model.facts.procedure import ActionApplied
from policyenforce.model.facts.registration import AccountClosed, AccountOpened
from policyenforce.model.outcome import AccountRecord
from policyenforce.model.standing import AccountState
from policyenforce.terms.gates import Power

S = TypeVar("S", bound=Enum)


class UserState(str, Enum):
    """What a User is to the platform; a Member is a registered User (4.2)."""

    UNREGISTERED = "unregistered"
    APPLICANT = "applicant"
    MEMBER = "member"
    FORMER_MEMBER = "former_member"


class ApplicationState(str, Enum):
    """The states of a User's newest application."""

    NONE = "none"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ContentState(str, Enum):
    """The states of one revision of User Content; REVISED once a newer one stands for it."""

    UNKNOWN = "unknown"
    SUBMITTED = "submitted"
    DISPLAYED = "displayed"
    REVISED = "revised"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    RESTORED = "restored"


@frozen
class Moved(Generic[S]):
    """Where an event led. ``legal`` is False when it did not fit, and ``why`` says so."""

    state: S
    legal: bool = True
    why: str = ""


@frozen
class Lifecycle(Generic[S]):
    """One life as a table; an event it does not list leaves every state as it is."""

    name: str
    moves: Mapping[tuple[S, str], S]

    @property
    def events(self) -> frozenset[str]:
        """The events that move this life."""
        return frozenset(event for _, event in self.moves)

    def move(self, state: S, event: str) -> Moved[S]:
        """Where ``event`` leads from ``state``.

        >>> ACCOUNT.move(AccountState.OPEN, "account_closed").state.value
        'closed'
        >>> ACCOUNT.move(AccountState.UNKNOWN, "account_closed").why
        '`account_closed` does not fit an account that is unknown'
        """
        after = self.moves.get((state, event))
        if after is not None:
            return Moved(after)
        if event not in self.events:
            return Moved(state)
        return Moved(state, False, f"`{event}` does not fit {self.name} that is {state.value}")


def _table(*rows: tuple[str, tuple[S, ...], S]) -> Mapping[tuple[S, str], S]:
    """Rows of (event, states it may come in, state it leads to)."""
    return MappingProxyType(
        {(state, event): after for event, before, after in rows for state in before}
    )


_A = ApplicationState
APPLICATION: Lifecycle[ApplicationState] = Lifecycle(
    "an application",
    _table(
        ("application_received", tuple(_A), _A.WAITING),  # a further one is 4.1/s2's question
        ("application_withdrawn", (_A.WAITING,), _A.WITHDRAWN),
        ("account_opened", (_A.NONE, _A.WAITING, _A.ACCEPTED, _A.REJECTED), _A.ACCEPTED),
        (Power.REJECT_APPLICATION.value, (_A.WAITING, _A.REJECTED), _A.REJECTED),
    ),
)

_O = AccountState
_LIVE = (_O.OPEN, _O.SUSPENDED)
ACCOUNT: Lifecycle[AccountState] = Lifecycle(
    "an account",
    _table(
        ("account_opened", (_O.UNKNOWN, _O.CLOSED), _O.OPEN),
        ("account_closed", _LIVE, _O.CLOSED),
        (Power.SUSPEND_ACCOUNT.value, _LIVE, _O.SUSPENDED),
        (Power.CANCEL_ACCOUNT.value, (*_LIVE, _O.CANCELLED), _O.CANCELLED),
        (Power.TERMINATE_ACCOUNT.value, (*_LIVE, _O.CLOSED, _O.TERMINATED), _O.TERMINATED),
    ),
)

_C = ContentState
_SHOWN = (_C.SUBMITTED, _C.DISPLAYED, _C.RESTORED)
CONTENT: Lifecycle[ContentState] = Lifecycle(
    "a revision",
    _table(
        ("content_submitted", (_C.UNKNOWN,), _C.SUBMITTED),
        ("content_revised", (_C.UNKNOWN,), _C.SUBMITTED),
        ("content_displayed", (_C.UNKNOWN, *_SHOWN), _C.DISPLAYED),
        ("superseded", (*_SHOWN, _C.REVISED), _C.REVISED),
        ("content_withdrawn", (*_SHOWN, _C.REVISED), _C.WITHDRAWN),
        ("content_restored", (_C.REMOVED, _C.WITHDRAWN, _C.RESTORED), _C.RESTORED),
        (Power.REMOVE_CONTENT.value, (*_SHOWN, _C.REVISED, _C.REMOVED), _C.REMOVED),
    ),
)


def event_of(fact: Fact) -> str:
    """The event a fact is to the lifecycles: its tag, or the power that was carried out."""
    return fact.power.value if isinstance(fact, ActionApplied) else fact.tag


def application_after(state: str, fact: Fact) -> str:
    """The state of the User's application once this fact is folded.

    >>> from datetime import UTC, datetime
    >>> then = datetime(2019, 10, 4, tzinfo=UTC)
    >>> opened = AccountOpened(id="f-1", at=then, user_id="u-1", account_id="a-1")
    >>> application_after("waiting", opened)
    'accepted'
    """
    return APPLICATION.move(ApplicationState(state), event_of(fact)).state.value


def accounts_after(accounts: tuple[AccountRecord, ...], fact: Fact) -> tuple[AccountRecord, ...]:
    """The User's accounts once this fact is folded; the same tuple when nothing changes."""
    if not isinstance(fact, AccountOpened | AccountClosed):
        return accounts
    known = next((a for a in accounts if a.account_id == fact.account_id), None)
    if not ACCOUNT.move(account_state(known), fact.tag).legal:
        return accounts
    if known is None and isinstance(fact, AccountOpened):
        record = AccountRecord(fact.account_id, fact.at, None, fact.memberships, user=fact.user_id)
        return (*accounts, record)
    return tuple(_account_after(a, fact) if a is known else a for a in accounts)


def _account_after(account: AccountRecord, fact: AccountOpened | AccountClosed) -> AccountRecord:
    if isinstance(fact, AccountClosed):
        return evolve(account, closed_at=fact.at)
    memberships = tuple(dict.fromkeys((*account.memberships, *fact.memberships)))
    return evolve(account, closed_at=None, memberships=memberships)


def account_state(account: AccountRecord | None) -> AccountState:
    """The state of an account by its Member's own acts; decisions come on top of it."""
    if account is None:
        return AccountState.UNKNOWN
    if account.erased:
        return AccountState.ERASED
    return AccountState.OPEN if account.closed_at is None else AccountState.CLOSED


def user_state(application: str, accounts: tuple[AccountRecord, ...]) -> UserState:
    """What the User is: a Member while an account is open, whatever else it applied for.

    >>> user_state("waiting", ()).value
    'applicant'
    """
    states = {account_state(account) for account in accounts}
    if AccountState.OPEN in states:
        return UserState.MEMBER
    if application == ApplicationState.WAITING:
        return UserState.APPLICANT
    return UserState.FORMER_MEMBER if accounts else UserState.UNREGISTERED


def content_after(content: Mapping[str, str], fact: Fact) -> Mapping[str, str]:
    """The state of each revision (``content-3@2``) once this fact is folded.

    A new revision supersedes the older ones that were shown. The same mapping comes back when
    nothing changes.
    """
    match fact:
        case ContentSubmitted() | ContentRevised():
            name, revision = fact.content.content_id, fact.content.revision
        case ContentDisplayed() | ContentWithdrawn() | ContentRestored():
            name, revision = fact.content_id, fact.revision
        case _:
            return content
    changed = _moved(content, f"{name}@{revision}", fact.tag)
    if changed and isinstance(fact, ContentRevised):
        for target in content:
            older, _, number = target.rpartition("@")
            if older == name and int(number) < revision:
                changed |= _moved(content, target, "superseded")
    return {**content, **changed} if changed else content


def _moved(content: Mapping[str, str], target: str, event: str) -> dict[str, str]:
    """The change that an event makes to one revision, if any."""
    before = content.get(target, ContentState.UNKNOWN.value)
    after = CONTENT.move(ContentState(before), event).state.value
    return {target: after} if after != before else {}
