"""Approvals under 4.1/s2: which one covers an account or a device, and until when.

A link says that two accounts are in one hand, an approval that this is allowed, and a
separation that it is not so: three things, kept apart. An approval covers each account,
application, User or entity it names, beside whatever else that User holds (T1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from attrs import frozen

from policyenforce.checks.context import Context
from policyenforce.checks.multiple_accounts.identifiers import APPROVAL_EXPIRED, approvable
from policyenforce.model.fact import Fact, position_of
from policyenforce.model.facts.registration import (
    ApprovalGranted,
    ApprovalRevoked,
    ApprovalScope,
)
from policyenforce.model.outcome import Deadline
from policyenforce.model.questions import OWN_USER, Question
from policyenforce.policy.rules import HouseRules

APPROVALS = ("approval_granted", "approval_revoked")


@frozen
class Approval:
    """A grant and its end: revoked, run out, or None while neither is known."""

    granted: ApprovalGranted
    ends: datetime | None

    def in_force(self, at: datetime) -> bool:
        """True from its beginning up to, but not at, its end; once signed in writing (1.6)."""
        granted = self.granted
        signed = granted.in_writing and granted.signer.strip() and granted.role.strip()
        begun = bool(signed) and granted.from_ <= at
        return begun and (self.ends is None or at < self.ends)


def approvals(facts: Iterable[Fact]) -> tuple[Approval, ...]:
    """The grants among these facts, each with the earlier of its term and its revocation.

    A revocation ends what was granted before it; the same approval may be granted again.
    """
    ordered = sorted({fact.id: fact for fact in facts}.values(), key=position_of)
    return tuple(
        Approval(grant, min(_ends(grant, ordered[place:]), default=None))
        for place, grant in enumerate(ordered)
        if isinstance(grant, ApprovalGranted)
    )


def _ends(grant: ApprovalGranted, later: Iterable[Fact]) -> Iterator[datetime]:
    if grant.until is not None:
        yield grant.until
    for fact in later:
        if isinstance(fact, ApprovalRevoked) and fact.approval_id == grant.approval_id:
            yield fact.at


def asks_approvals(fact: Fact) -> Iterator[Question]:
    """Questions for the approvals that name the User, account, application or entity."""
    for value in (OWN_USER, *approvable(fact)):
        yield Question("approved", value, of=APPROVALS)


def covering(fact: Fact, context: Context, at: datetime) -> Approval | None:
    """The approval in force that covers the fact's account or User, or None."""
    found = (f for question in asks_approvals(fact) for f in _facts(question, context))
    return next((a for a in approvals(found) if a.in_force(at)), None)


@lru_cache(maxsize=1024)  # one fact asks twice
def asks_infrastructure(kind: str, value: str) -> Question:
    """The question for approvals that name this device, network or other identifier."""
    return Question(kind, value, of=APPROVALS)


def infrastructure_approved(kind: str, value: str, context: Context, at: datetime) -> bool:
    """True while an approval lets several accounts use this identifier."""
    found = _facts(asks_infrastructure(kind, value), context)
    return bool(found) and any(approval.in_force(at) for approval in approvals(found))


def engages(approval: Approval, rules: HouseRules) -> datetime | None:
    """When an ended approval engages 4.1: after notice and grace, or by T22 at once."""
    if approval.ends is None:
        return None
    if rules.reading("T22") == "immediate":
        return approval.ends
    registration = rules.registration
    days = registration.approval_notice_days + registration.approval_grace_days
    return approval.ends + timedelta(days=days)


def over(approval: Approval, rules: HouseRules, at: datetime) -> bool:
    """True once the approval has ended and engages 4.1 (T22)."""
    engaged = engages(approval, rules)
    return engaged is not None and engaged <= at


def approval_deadlines(facts: Iterable[Fact], rules: HouseRules) -> Iterator[Deadline]:
    """What time will bring to each account that an approval of accounts names.

    ``facts`` are all grants and revocations of one approval; the newest grant holds. Whether it
    runs out or is taken back, the deadline comes as T22 has it.
    """
    newest = approvals(facts)[-1:]
    for approval in newest:
        granted, engaged = approval.granted, engages(approval, rules)
        if engaged is None or granted.scope is not ApprovalScope.ACCOUNTS:
            continue
        for subject in granted.subjects:
            name = f"approval:{granted.approval_id}:{subject}"
            yield Deadline(name, subject, engaged, APPROVAL_EXPIRED, granted.approval_id)


def _facts(question: Question, context: Context) -> tuple[ApprovalGranted | ApprovalRevoked, ...]:
    return context.facts(question, ApprovalGranted, ApprovalRevoked)
