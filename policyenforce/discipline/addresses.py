"""Where a notice goes: the last-known address (11.2), never one that a stranger set (T25)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from policyenforce.discipline.measures import suspected
from policyenforce.model.fact import Fact, position_of
from policyenforce.model.facts.registration import ApplicationReceived, DetailsAmended
from policyenforce.model.outcome import History, Interval


def addresses(facts: Iterable[Fact], history: History, at: datetime) -> tuple[str, ...]:
    """The e-mail addresses a User has told by an instant, the newest first.

    What was changed on an account while a stranger used it is left out, and what was changed
    while one may have used it comes last, so that the address held before comes first. Personal:
    hand it to whoever sends, and keep it nowhere else.
    """
    stranger, perhaps = history.intervals, tuple(suspected(history))
    told: list[str] = []
    for fact in sorted(facts, key=position_of):
        if fact.at > at:
            continue
        if isinstance(fact, ApplicationReceived):
            told = [*fact.emails, *told]
        elif isinstance(fact, DetailsAmended) and not _by_stranger(fact, stranger):
            new = [*filter(None, [fact.changed.get("email")])]
            told = [*told, *new] if _by_stranger(fact, perhaps) else [*new, *told]
    return tuple(dict.fromkeys(told))


def _by_stranger(fact: DetailsAmended, intervals: Iterable[Interval]) -> bool:
    return any(i.account_id == fact.account_id and i.since <= fact.at <= i.until for i in intervals)
