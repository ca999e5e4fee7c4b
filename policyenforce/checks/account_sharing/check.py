"""The check of 4.3 and 4.5: one account, one person, kept safe.

Inside the entity sharing breaches 4.3 alone, outside it is multiple use as well (T2); where
nobody says which, 4.5 cannot be told and is never assumed. Named staff and a declared successor
are approved uses (T21). A victim who reports in time has breached nothing, and security is
breached by fault, not by result (T3, T25).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, timedelta

from attrs import fields

from policyenforce.checks.account_sharing.lookalikes import (
    answers_to,
    asks_sessions,
    look,
    shows_nothing,
)
from policyenforce.checks.account_sharing.observed import SESSIONS
from policyenforce.checks.account_sharing.staff import asks_staff, named_staff
from policyenforce.checks.answers import Answer, Answers, against, in_favour
from policyenforce.checks.context import Context
from policyenforce.checks.table import Check
from policyenforce.model.fact import Fact
from policyenforce.model.facts.registration import ApplicationReceived, UserKind
from policyenforce.model.facts.sessions import (
    CredentialSharingReported,
    UnauthorisedUseReported,
    WithWhom,
)
from policyenforce.model.findings import Severity
from policyenforce.model.questions import Question
from policyenforce.policy.rules import HouseRules
from policyenforce.terms.gates import Standard

ANSWERS = Answers("account_sharing", 2)

_UNGRADED = fields(CredentialSharingReported).confidence.default  # type: ignore[arg-type]  # the decorator hides attrs
_HOUR = timedelta(hours=1)


def asks(fact: Fact, rules: HouseRules) -> Iterable[Question]:
    """What the check has to know, all of it about the fact's own account."""
    if isinstance(fact, SESSIONS):
        yield from (asks_sessions(fact), asks_staff(fact), _application(fact))
    elif isinstance(fact, CredentialSharingReported):
        yield from (asks_staff(fact), _application(fact))


def run(fact: Fact, context: Context) -> Iterator[Answer]:
    """The findings on 4.3, 4.5 and 12.6 that this fact gives rise to; no finding is "clear"."""
    if isinstance(fact, CredentialSharingReported):
        yield from _reported(fact, context)
    elif isinstance(fact, UnauthorisedUseReported):
        yield from _stranger(fact, context)
    else:
        found = look(fact, context)
        if found is not None:
            yield from answers_to(found, fact, context, ANSWERS, alone=_alone(fact, context))


CHECK = Check(
    name=ANSWERS.check,
    version=ANSWERS.version,
    reads=(*SESSIONS, CredentialSharingReported, UnauthorisedUseReported),
    asks=asks,
    run=run,
    idle=shows_nothing,
)


def _reported(fact: CredentialSharingReported, context: Context) -> Iterator[Answer]:
    if any(change.person_id == fact.person_id for change in named_staff(fact, context)):
        return
    where = _where(fact, context)
    confidence, attested = _weight(fact, context)
    words = {
        WithWhom.INSIDE: "a colleague inside the entity",
        WithWhom.OUTSIDE: "somebody outside the entity",
        WithWhom.UNKNOWN: "another person",
    }[where]
    who = "the Member admits" if fact.admitted else f"`{fact.reported_by}` reports"
    told = f"{who} that {words} uses the account"
    evidence = [against("sharing_admitted" if fact.admitted else "sharing_reported", told, fact)]
    yield ANSWERS.finding(
        fact, "4.3/s3", confidence, told, evidence, attested=attested, target=fact.person_id
    )
    multiple = where is WithWhom.OUTSIDE or context.rules.reading("T2") == "any_sharing"
    if multiple:
        yield ANSWERS.finding(
            fact,
            "4.5/s1",
            confidence,
            f"{told}, which is multiple use",
            evidence,
            attested=attested,
            severity=Severity.SERIOUS,
            target=fact.person_id,
        )
    elif where is WithWhom.UNKNOWN:
        yield ANSWERS.cannot_tell(
            fact,
            "4.5/s1",
            ("with_whom",),
            "multiple use needs somebody outside the entity, and nobody says who it is",
            target=fact.person_id,
        )


def _where(fact: CredentialSharingReported, context: Context) -> WithWhom:
    """Inside or outside; only an entity has an inside, and unknown stays unknown (T2)."""
    inside = fact.with_whom is WithWhom.INSIDE
    return WithWhom.OUTSIDE if inside and _alone(fact, context) else fact.with_whom


def _alone(fact: Fact, context: Context) -> bool:
    applications = context.facts(_application(fact), ApplicationReceived)
    return bool(applications) and applications[-1].kind is not UserKind.ENTITY


def _weight(fact: CredentialSharingReported, context: Context) -> tuple[float, Standard | None]:
    if fact.admitted:
        return 1.0, Standard.FACT
    ungraded = fact.confidence == _UNGRADED
    return context.rules.sharing.reported_confidence if ungraded else fact.confidence, None


def _stranger(fact: UnauthorisedUseReported, context: Context) -> Iterator[Answer]:
    """4.3/s4 asks to be told at once; 4.3/s1 is breached by fault, which no report proves."""
    rules = context.rules
    report = in_favour("reported_by_member", "the Member reported the stranger itself", fact)
    favour = [] if rules.reading("T3") == "attribution_only" else [report]
    if rules.reading("T25") == "strict":
        told = "a stranger used the account, and this house asks for no fault"
        evidence = [against("unauthorised_use", told, fact), *favour]
        yield ANSWERS.finding(fact, "4.3/s1", 1.0, told, evidence, attested=Standard.FACT)
    hours, allowed = (fact.at - fact.aware_at) / _HOUR, rules.sharing.report_prompt_hours
    if hours > allowed:
        told = (
            f"the Member knew of the stranger on {fact.aware_at.astimezone(UTC):%Y-%m-%d %H:%M} "
            f"UTC and told the platform {hours:.0f} hours later; {allowed} hours are prompt"
        )
        evidence = [against("late_report", told, fact), *favour]
        yield ANSWERS.finding(fact, "4.3/s4", 1.0, told, evidence, attested=Standard.FACT)


def _application(fact: Fact) -> Question:
    return Question("stream", fact.named or "", of=("application_received",), limit=1)
