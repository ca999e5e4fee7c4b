"""What another User still holds: 4.1 bans accounts side by side, not one after another (T1).

Only that User's facts are read, up to the fact in hand. An account is open from its opening
until its Member closes it or the platform answers that it is cancelled or terminated; an
application waits until it is withdrawn, turned down or an account is opened on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from attrs import field, frozen

from policyenforce.model.fact import Fact, position_of
from policyenforce.model.facts.procedure import ActionApplied, AppealDecided, AppealResult
from policyenforce.model.facts.registration import (
    AccountClosed,
    AccountOpened,
    ApplicationReceived,
    ApplicationWithdrawn,
)
from policyenforce.model.questions import Question
from policyenforce.terms.gates import Power

ENDING = frozenset({Power.CANCEL_ACCOUNT, Power.TERMINATE_ACCOUNT})
_APPLIED = ("application_received",)
_THE_REST = (
    "account_closed", "account_opened", "application_withdrawn", "action_applied", "appeal_decided",
)  # fmt: skip
_ALL = 1000  # so that what the platform tells often hides no opening


@frozen
class Held:
    """The open accounts, each with its opening, and whether an application waits.

    ``known`` is False where nothing at all is on record.
    """

    accounts: Mapping[str, AccountOpened] = field(factory=dict)
    waiting: bool = False
    known: bool = False

    @property
    def nothing(self) -> bool:
        """True when all that is known of the User has ended."""
        return self.known and not (self.accounts or self.waiting)


@lru_cache(maxsize=1024)  # one fact asks again and again
def asks_life(user: str) -> tuple[Question, ...]:
    """Questions for the facts that begin and end what a User, or an account's User, holds.

    The first is for the applications alone: what two Users are compared by.
    """
    return (
        Question("account", user, of=_APPLIED),
        Question("account", user, of=_THE_REST, limit=_ALL),
    )


def begins_or_ends(fact: Fact) -> bool:
    """True for a fact that changes what its User holds, so that others' facts may read anew.

    >>> from datetime import UTC, datetime
    >>> begins_or_ends(AccountClosed(id="f", at=datetime(2019, 10, 4, tzinfo=UTC), account_id="a"))
    True
    """
    match fact:
        case ApplicationReceived() | ApplicationWithdrawn() | AccountOpened() | AccountClosed():
            return True
        case ActionApplied(power=power):
            return power in ENDING or power is Power.REJECT_APPLICATION
        case AppealDecided(result=result):
            return result is AppealResult.OVERTURN
        case _:
            return False


def held(facts: Iterable[Fact]) -> Held:
    """What is left of a User's accounts and applications after these facts.

    >>> from datetime import UTC, datetime
    >>> then = datetime(2019, 10, 4, tzinfo=UTC)
    >>> opened = AccountOpened(id="f-1", at=then, user_id="u-1", account_id="a-1")
    >>> closed = AccountClosed(id="f-2", at=then, account_id="a-1")
    >>> held([opened]).nothing, held([opened, closed]).nothing, held([]).nothing
    (False, True, False)
    """
    accounts: dict[str, AccountOpened] = {}
    ended: dict[str, str] = {}  # decision -> the account it ended
    waiting = known = False
    for fact in sorted(facts, key=position_of):
        known = True
        match fact:
            case ApplicationReceived():
                waiting = True
            case ApplicationWithdrawn():
                waiting = False
            case AccountOpened():
                accounts[fact.account_id], waiting = fact, False
            case AccountClosed():
                accounts.pop(fact.account_id, None)
            case ActionApplied(power=Power.REJECT_APPLICATION):
                waiting = False
            case ActionApplied(power=power) if power in ENDING:
                ended[fact.decision_id] = fact.account_id
            case AppealDecided(result=AppealResult.OVERTURN):
                ended.pop(fact.decision_id, None)
    gone = set(ended.values())
    left = {name: opening for name, opening in accounts.items() if name not in gone}
    return Held(left, waiting, known)
