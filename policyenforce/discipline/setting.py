"""``Setting``: the values that one decision is taken in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from attrs import Factory, field, frozen

from policyenforce.model.fact import Fact
from policyenforce.model.facts.content import Labeller
from policyenforce.model.outcome import Case, CaseStatus, History
from policyenforce.policy.rules import HouseRules
from policyenforce.terms.versions import TermsVersion


@frozen
class Setting:
    """The fact in hand, when the platform learns of it, and under which Terms and rules.

    ``history`` is what was folded from the facts before this one. ``conduct_at``, ``site`` and
    ``service`` are when and where the conduct was: the fact's own, except where a person
    confirms an older finding. A site is told by its family, whichever host the fact names.
    """

    fact: Fact
    now: datetime
    terms: TermsVersion
    rules: HouseRules
    history: History
    conduct_at: datetime
    site: str | None = field(
        default=Factory(lambda self: self.terms.family_of(self.fact.site), takes_self=True)
    )
    service: str | None = field(default=Factory(lambda self: self.fact.service, takes_self=True))
    braked: frozenset[str] = frozenset()  # the rules that do nothing by themselves for now
    traced: bool = False  # whether every condition looked at is to be told
    about: str | None = None  # the account a finding is about, where the fact names its User alone

    @cached_property
    def account_id(self) -> str:
        """The account (or, before there is one, the user) that the fact is about."""
        if self.about is not None:
            return self.about
        opened = getattr(self.fact, "account_id", None)
        named = opened or self.fact.named or self.history.user
        accounts = self.history.accounts
        if named == self.history.user and len(accounts) == 1:
            return accounts[0].account_id
        return named

    @cached_property
    def starts(self) -> datetime:
        """When an action decided here may start: no earlier than the platform learnt of it."""
        return max(self.now, self.fact.at)

    def open_case(self) -> Case | None:
        """The case of this User that still waits for a person, if there is one."""
        return next((c for c in self.history.cases if c.status is CaseStatus.OPEN), None)

    def touched(self, *names: str) -> tuple[str, ...]:
        """Readings with the option chosen, as they are printed: ``T24=exclude_content``."""
        return touched(names, self.rules)


def touched(names: Iterable[str], rules: HouseRules) -> tuple[str, ...]:
    """Readings with the option that the house chose, each once and in order."""
    return tuple(f"{name}={rules.reading(name)}" for name in sorted(set(names), key=_number))


_TOLD = frozenset(
    {
        "affiliate_notice_received",
        "complaint_received",
        "complaint_resolved",
        "conduct_reported",
        "credential_sharing_reported",
        "information_challenged",
        "information_verified",
        "loss_risk_assessed",
        "rights_claim_decided",
        "rights_claimed",
        "unauthorised_use_reported",
    }
)
"""The facts in which a person tells what it saw."""


def told_by_person(fact: Fact) -> bool:
    """True when a person, not a machine, saw what the fact tells: decides "detection".

    >>> from datetime import UTC, datetime
    >>> from policyenforce.model.facts.sessions import SignedOut
    >>> told_by_person(SignedOut(id="f-1", at=datetime(2019, 10, 4, tzinfo=UTC), account_id="a-1"))
    False
    """
    return fact.tag in _TOLD or getattr(fact, "labeller", None) is Labeller.PERSON


def _number(reading: str) -> int:
    return int(reading[1:])


def identity(prefix: str, *parts: str) -> str:
    """An id that the same inputs always give: ``d-`` and 16 hexadecimal digits."""
    return f"{prefix}-{hashlib.sha256(chr(31).join(parts).encode()).hexdigest()[:16]}"
