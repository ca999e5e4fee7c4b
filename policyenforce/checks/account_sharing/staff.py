"""Who may act on an account beside its Member: named staff, and a declared successor (T21)."""

from __future__ import annotations

from datetime import timedelta

from policyenforce.checks.context import Context
from policyenforce.model.fact import Fact, position_of
from policyenforce.model.facts.registration import AuthorisedUserChanged
from policyenforce.model.questions import Question


def asks_staff(fact: Fact) -> Question:
    """Who was named on the account that the fact names."""
    return Question("stream", fact.named or "", of=(AuthorisedUserChanged.tag,))


def named_staff(fact: Fact, context: Context) -> tuple[AuthorisedUserChanged, ...]:
    """Who may act on this account at the fact's instant; for each person the newest word."""
    newest: dict[str, AuthorisedUserChanged] = {}
    for change in sorted(context.facts(asks_staff(fact), AuthorisedUserChanged), key=position_of):
        if change.account_id == fact.named:
            newest[change.person_id] = change
    return tuple(
        change
        for change in newest.values()
        if change.from_ <= fact.at and (change.until is None or fact.at < change.until)
    )


def handed_over(fact: Fact, context: Context, days: int) -> bool:
    """True where a successor was declared within so many days, who takes over lawfully."""
    first = fact.at - timedelta(days=days)
    return any(c.successor and first <= c.from_ for c in named_staff(fact, context))
