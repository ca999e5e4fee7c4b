"""Approvals under 4.1/s2: which one covers an account or a device, and until when.

A link says that two accounts are in one hand, an approval that this is allowed, and a
separation that it is not so: three things, kept apart. An approval covers each account,
application, User or entity it names, beside whatever else that User holds (T1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from attrs import frozen

from policyenforce.checks.context import Context
from policyenforce.checks.multiple_accounts.identifiers import approvable
from policyenforce.model.fact import Fact, position_of
from policyenforce.model.facts.registration import (
    ApprovalGranted,
    ApprovalRevoked,
)
from policyenforce.model.questions import OWN_USER, Question
from policyenforce.policy.rules import Registration

APPROVALS = ("approval_granted", "approval_revoked")


@frozen
class Approval:
    """A grant and its end: revoked, run out, or None while neither is known."""

    granted: ApprovalGranted
    ends: datetime | None

    def in_force(self, at: datetime) -> bool:
        """True from its beginning up to, and not including, its end; only if in writing (1.6)."""
        begun = self.granted.in_writing and self.granted.from_ <= at
        return begun and (self.ends is None or at < self.ends)


def approvals(facts: Iterable[Fact]) -> tuple[Approval, ...]:
    """The grants among these facts, each with the earlier of its term and its revocation."""
    ordered = sorted(facts, key=position_of)
    revoked: dict[str, datetime] = {}
    for fact in ordered:
        if isinstance(fact, ApprovalRevoked):
            revoked.setdefault(fact.approval_id, fact.at)
    grants = {f.id: f for f in ordered if isinstance(f, ApprovalGranted)}
    return tuple(
        Approval(
            grant, min(filter(None, (grant.until, revoked.get(grant.approval_id))), default=None)
        )
        for grant in grants.values()
    )


def asks_approvals(fact: Fact) -> Iterator[Question]:
    """Questions for the approvals that name the User, account, application or entity."""
    for value in (OWN_USER, *approvable(fact)):
        yield Question("approved", value, of=APPROVALS)


def covering(fact: Fact, context: Context, at: datetime) -> Approval | None:
    """The approval in force that covers the fact's account or User, or None."""
    found = (f for question in asks_approvals(fact) for f in _facts(question, context))
    return next((a for a in approvals(found) if a.in_force(at)), None)


def asks_infrastructure(kind: str, value: str) -> Question:
    """The question for approvals that name this device, network or other identifier."""
    return Question(kind, value, of=APPROVALS)


def infrastructure_approved(kind: str, value: str, context: Context, at: datetime) -> bool:
    """True while an approval lets several accounts use this identifier."""
    found = _facts(asks_infrastructure(kind, value), context)
    return any(approval.in_force(at) for approval in approvals(found))


def over(approval: Approval, registration: Registration, at: datetime) -> bool:
    """True once the approval has ended and the days of notice and grace are past (T22)."""
    days = registration.approval_notice_days + registration.approval_grace_days
    return approval.ends is not None and approval.ends + timedelta(days=days) <= at


def _facts(question: Question, context: Context) -> tuple[ApprovalGranted | ApprovalRevoked, ...]:
    return context.facts(question, ApprovalGranted, ApprovalRevoked)
