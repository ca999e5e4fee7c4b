"""Reported conduct, and the written permissions that cover it (3, 5.6–5.8, 5.12, 12.6; 1.6)."""

from __future__ import annotations

from collections.abc import Iterator

from policyenforce.checks.answers import Answer, against
from policyenforce.checks.conduct.voice import ANSWERS
from policyenforce.checks.context import Context
from policyenforce.checks.right_facts import right_fact, within
from policyenforce.errors import TermsError
from policyenforce.model.evidence import Evidence
from policyenforce.model.facts.dealings import ConductReported
from policyenforce.model.facts.registration import (
    ApprovalGranted,
    ApprovalRevoked,
    ApprovalScope,
)
from policyenforce.model.questions import Question
from policyenforce.terms.gates import Standard
from policyenforce.terms.references import ClauseRef

_REPORTED = ("3", "4.3/s1", "5.6", "5.7", "5.8", "5.12", "12.6")
_BY_FAULT = "4.3/s1"  # keeping an account secure is broken by fault, and fault is proved (T25)
_CATCH_ALL = "3.2/s3"
_SOMETHING = "5.6(c)"  # keeping to the Terms: what a report of no known clause speaks of

# What the platform can permit in writing; no permission makes an unlawful act lawful.
_PERMITTED = ("3.2", "3.5", "5.6(c)", "5.6(h)", "5.6(j)", "5.7", "12.6")


def permission_asked(fact: ConductReported) -> tuple[Question, ...]:
    """The approval a report names, where the clause is one that approval can lift."""
    if fact.permission is None or not within(fact.clause, _PERMITTED):
        return ()
    return (Question("approval", fact.permission, of=("approval_granted", "approval_revoked")),)


def reported(fact: ConductReported, context: Context) -> Iterator[Answer]:
    """The clause a report names, unless a permission covers it or another fact would say it."""
    if fact.clause in context.terms.off:
        return
    if not _owed(fact.clause, context):
        yield _other_fact(fact)
        return
    if fact.clause == _CATCH_ALL and not fact.standard:
        yield ANSWERS.cannot_tell(
            fact,
            _CATCH_ALL,
            ("standard",),
            "a catch-all is for a person to apply, and none has reached a standard",
            target=fact.target,
        )
        return
    if within(fact.clause, (_BY_FAULT,)) and fact.standard is not Standard.FACT:
        yield ANSWERS.cannot_tell(
            fact,
            fact.clause,
            ("standard",),
            "an account that was not kept secure is no breach until fault is proved (T25)",
            target=fact.target,
        )
        return
    words = f"The report calls it {fact.severity.value}, and is {fact.confidence:.0%} sure."
    evidence = [against("reported", words, fact)]
    if fact.standard:
        words = f"Whoever reported it states a standard of {fact.standard.label}."
        evidence.append(against("attested", words, fact))
    if permission_asked(fact):
        lapsed = _permission(fact, context)
        if lapsed is None:
            return
        if not isinstance(lapsed, Evidence):
            yield lapsed
            return
        evidence.append(lapsed)
    yield ANSWERS.finding(
        fact,
        fact.clause,
        fact.confidence,
        f"Conduct that clause {fact.clause} forbids was reported.",
        evidence,
        attested=fact.standard or None,
        severity=fact.severity,
        target=fact.target,
    )


def _owed(clause: str, context: Context) -> bool:
    """True for a statement of these Terms that somebody can break and a report can tell of."""
    try:
        statement = context.terms.statement(clause)
    except TermsError:
        return False
    return statement.owed and within(clause, _REPORTED)


def _other_fact(fact: ConductReported) -> Answer:
    """Which fact would tell what this report cannot."""
    named = right_fact(fact.clause)
    right = None if named == fact.tag else named
    try:
        clause = ClauseRef.parse(fact.clause).text
    except TermsError:
        clause = _SOMETHING
    missing = right or "conduct_reported.clause"
    why = f"`{right}` tells of it" if right else "name one duty of 3, 5.6-5.8, 5.12 or 12.6"
    words = f"a report of conduct does not carry this: {why}"
    return ANSWERS.cannot_tell(fact, clause, (missing,), words, target=fact.target)


def _permission(fact: ConductReported, context: Context) -> Answer | Evidence | None:
    """None when a permission covers the conduct; why it does not, as evidence; or what is missing.

    It covers what is written, signed by somebody in a role, in force at the time, not revoked,
    and names the account or its User (1.6).
    """
    records = [r for q in permission_asked(fact) for r in _records(q, context)]
    if not records:
        return _unproved(fact, "approval_granted", "the permission named is not on record")
    newest = records[-1]
    if isinstance(newest, ApprovalGranted) and newest.scope is ApprovalScope.INFRASTRUCTURE:
        return _unproved(fact, "approval_granted.scope", "the permission named is for a device")
    if isinstance(newest, ApprovalRevoked):
        return against("permission_revoked", "The permission named had been revoked.", newest)
    if not (newest.in_writing and newest.signer.strip() and newest.role.strip()):
        words = "The permission named is not in writing by an officer."
        return against("permission_unsigned", words, newest)
    if fact.at < newest.from_ or (newest.until is not None and newest.until <= fact.at):
        words = "The permission named was not in force at the time."
        return against("permission_not_in_force", words, newest)
    accounts = {account.account_id for account in context.history.accounts}
    if not {fact.account_id, context.subject, *accounts} & set(newest.subjects):
        return _unproved(fact, "approval_granted.subjects", "the permission names other subjects")
    return None


def _records(question: Question, context: Context) -> tuple[ApprovalGranted | ApprovalRevoked, ...]:
    return context.facts(question, ApprovalGranted, ApprovalRevoked)


def _unproved(fact: ConductReported, missing: str, why: str) -> Answer:
    return ANSWERS.cannot_tell(fact, fact.clause, (missing,), why, target=fact.target)
