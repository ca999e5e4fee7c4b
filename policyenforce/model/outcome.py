"""What one fact led to, and the history that a User's standing is folded from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum

from attrs import field, frozen

from policyenforce.model.conditions import Condition
from policyenforce.model.decisions import Decision, Ground, ProtectiveMeasure
from policyenforce.model.evidence import Evidence
from policyenforce.model.findings import CannotTell, Finding
from policyenforce.terms.gates import Standard
from policyenforce.terms.references import ClauseRef


class Disposition(str, Enum):
    """What a backend does with what was handed in."""

    PUBLISH = "publish"
    HOLD = "hold"
    REJECT = "reject"


class CaseStatus(str, Enum):
    """Whether a person still has to look."""

    OPEN = "open"
    CLOSED = "closed"


@frozen
class Case:
    """What waits for a person: one for each subject, however many findings."""

    id: str
    account_id: str
    opened_at: datetime
    reason: str
    finding_ids: tuple[str, ...] = ()
    decision_ids: tuple[str, ...] = ()
    related: tuple[Evidence, ...] = ()
    status: CaseStatus = CaseStatus.OPEN
    assigned_to: str | None = None  # whose it is: nobody else decides in it meanwhile
    snoozed_until: datetime | None = None
    snoozed_by: str | None = None

    def rests(self, at: datetime) -> bool:
        """True while somebody has put it aside; it comes back by itself."""
        return self.snoozed_until is not None and at < self.snoozed_until


_FIELDS = (
    "notice", "version", "decision", "status", "recipient", "language", "terms",
    "contracting entity", "governing law", "court", "notice address", "ground", "basis", "power",
    "standard", "facts", "source", "automation", "action", "scope", "start", "end", "override",
    "points", "cure", "complaint", "effect", "decided by", "rules", "readings", "sent", "channel",
    "address", "proof of sending", "deemed received", "failed", "deferred",
)  # fmt: skip
"""The fields of notices in the order they are read in, however they were stored."""


def _in_order(fields: Mapping[str, str]) -> dict[str, str]:
    known = {name: fields[name] for name in _FIELDS if name in fields}
    return {**known, **fields}


@frozen
class Notice:
    """The statement of reasons, a projection of the decision record (11.2).

    ``fields`` holds every mandatory field under its name; the text is rendered from them.
    """

    id: str
    decision_id: str
    account_id: str
    fields: dict[str, str] = field(factory=dict, converter=_in_order)


@frozen
class Deadline:
    """An instant that time alone will bring; ``due`` records it as ``deadline_passed``."""

    id: str
    account_id: str
    due_at: datetime
    deadline: str
    concerns: str


@frozen
class Precedent:
    """A refuted finding or overturned ground: not found again without evidence of a new kind."""

    clause: ClauseRef
    target: str | None
    kinds: tuple[str, ...]
    source_id: str = ""

    def concerns(self, said: Finding | Ground) -> bool:
        """True for the same clause on the same target.

        What has no target is never the same again: one refuted report must not clear the next.
        """
        same = (said.clause, said.target) == (self.clause, self.target)
        return same and self.target is not None

    def bars(self, said: Finding | Ground) -> bool:
        """True when this says only what has been refuted already."""
        return self.concerns(said) and {e.kind for e in said.incriminating} <= set(self.kinds)


@frozen
class Outcome:
    """What one fact led to. Empty parts mean that nothing followed."""

    fact_id: str
    disposition: Disposition = Disposition.PUBLISH
    findings: tuple[Finding, ...] = ()
    cannot_tell: tuple[CannotTell, ...] = ()
    decisions: tuple[Decision, ...] = ()
    measures: tuple[ProtectiveMeasure, ...] = ()
    cases: tuple[Case, ...] = ()
    notices: tuple[Notice, ...] = ()
    precedents: tuple[Precedent, ...] = ()
    errors: tuple[str, ...] = ()
    because_of: str | None = None  # the late fact that made this an amendment
    amendments: tuple[str, ...] = ()  # fact ids re-decided by this one
    braked: tuple[str, ...] = ()  # the rules that the brake held back, so that a person decides
    trace: tuple[Condition, ...] = ()  # what was looked at, where that was asked for; never kept

    @property
    def empty(self) -> bool:
        """True when nothing followed, so that nothing need be stored."""
        followed = (
            self.findings or self.cannot_tell or self.decisions or self.measures or self.cases
            or self.notices or self.precedents or self.errors or self.amendments
            or self.braked or self.trace
        )  # fmt: skip
        nothing_else = self.because_of is None and self.disposition is Disposition.PUBLISH
        return nothing_else and not followed


@frozen
class AccountRecord:
    """One account of a User: its life, where it is registered, and for whom it was opened."""

    account_id: str
    opened_at: datetime
    closed_at: datetime | None = None
    memberships: tuple[str, ...] = ()
    erased: bool = False
    user: str = ""

    def bound_by(self, decision: Decision, accounts: Iterable[AccountRecord]) -> bool:
        """True for a decision on the account, or on its User at the door, before it was opened.

        ``accounts`` are all that are known. What was decided on a User with accounts open, and not
        on an application, is about no account opened later.
        """
        if decision.account_id == self.account_id:
            return True
        if decision.account_id != self.user or decision.conduct_at > self.opened_at:
            return False
        open_then = (
            account.open_at(decision.conduct_at)
            for account in accounts
            if account.user == self.user and account.account_id != self.account_id
        )
        return decision.on_application or not any(open_then)

    def open_at(self, at: datetime) -> bool:
        """True while the account is there, whatever was decided on it."""
        closed = self.closed_at is not None and self.closed_at <= at
        return self.opened_at <= at and not closed and not self.erased


@frozen
class Interval:
    """A stretch in which a stranger used an account: what happened in it scores nothing (T25)."""

    account_id: str
    since: datetime
    until: datetime


@frozen
class History:
    """All that a User's standing is folded from: a value, built fact by fact."""

    user: str
    application: str = "none"  # none, waiting, accepted, rejected, withdrawn
    origin: str | None = None  # the three places that pick the contracting party
    residence: str | None = None
    access: str | None = None
    accounts: tuple[AccountRecord, ...] = ()
    decisions: tuple[Decision, ...] = ()
    measures: tuple[ProtectiveMeasure, ...] = ()
    cases: tuple[Case, ...] = ()
    precedents: tuple[Precedent, ...] = ()
    confirmed: dict[str, Standard] = field(factory=dict)
    intervals: tuple[Interval, ...] = ()
    holds: tuple[str, ...] = ()
    recused: tuple[str, ...] = ()  # who has an interest in this User, and decides nothing on it

    @property
    def law(self) -> str | None:
        """Whose law may switch a clause off (12.3): the residence, or else the origin."""
        return self.residence or self.origin

    def decision(self, decision_id: str) -> Decision | None:
        """The newest revision of a decision, or None."""
        return next((d for d in self.decisions if d.id == decision_id), None)
