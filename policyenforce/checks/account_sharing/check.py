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

from policyenforce.checks.account_sharing.devices import (
    DeviceDay,
    asks_devices,
    coexisting,
    days_of,
    device_of,
    one_person,
    takeover_signs,
)
from policyenforce.checks.answers import Answer, Answers, against, in_favour
from policyenforce.checks.context import Context
from policyenforce.checks.table import Check
from policyenforce.model.evidence import Evidence
from policyenforce.model.fact import Fact, position_of
from policyenforce.model.facts.registration import (
    ApplicationReceived,
    AuthorisedUserChanged,
    UserKind,
)
from policyenforce.model.facts.sessions import (
    CredentialSharingReported,
    SecuritySettingChanged,
    SessionActive,
    SignedIn,
    UnauthorisedUseReported,
    WithWhom,
)
from policyenforce.model.findings import Severity
from policyenforce.model.questions import Question
from policyenforce.policy.rules import HouseRules
from policyenforce.terms.gates import Standard

ANSWERS = Answers("account_sharing", 1)

_SESSIONS = ("signed_in", "session_active", "sign_in_failed", "security_setting_changed")
_RECENT = 24
_UNGRADED = fields(CredentialSharingReported).confidence.default  # type: ignore[arg-type]  # the decorator hides attrs
_SIDE_BY_SIDE = 0.35
_EACH_MORE = 0.05
_REVIEW_ONLY = 0.5  # devices alone never amount to suspicion
_HOUR = timedelta(hours=1)


def asks(fact: Fact, rules: HouseRules) -> Iterable[Question]:
    """What the check has to know, all of it about the fact's own account."""
    if isinstance(fact, (SignedIn, SessionActive)):
        yield from asks_devices(fact.account_id, fact.at, rules.sharing.window_days)
        yield from (_recent(fact), _staff(fact))
    elif isinstance(fact, SecuritySettingChanged):
        yield _recent(fact)
    elif isinstance(fact, CredentialSharingReported):
        yield from (_staff(fact), _application(fact))


def run(fact: Fact, context: Context) -> Iterator[Answer]:
    """The findings on 4.3 and 4.5 that this fact gives rise to; no finding is "clear"."""
    if isinstance(fact, CredentialSharingReported):
        yield from _reported(fact, context)
    elif isinstance(fact, UnauthorisedUseReported):
        yield from _stranger(fact, context)
    elif isinstance(fact, (SignedIn, SessionActive)):
        yield from _side_by_side(fact, context)
    elif isinstance(fact, SecuritySettingChanged) and takeover_signs(_own(fact, context)):
        yield _protect(fact, "4.3/s1")


CHECK = Check(
    name=ANSWERS.check,
    version=ANSWERS.version,
    reads=(
        SignedIn,
        SessionActive,
        SecuritySettingChanged,
        CredentialSharingReported,
        UnauthorisedUseReported,
    ),
    asks=asks,
    run=run,
)


def _reported(fact: CredentialSharingReported, context: Context) -> Iterator[Answer]:
    if any(change.person_id == fact.person_id for change in _named_staff(fact, context)):
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
    applications = context.facts(_application(fact), ApplicationReceived)
    alone = bool(applications) and applications[-1].kind is not UserKind.ENTITY
    return WithWhom.OUTSIDE if alone and fact.with_whom is WithWhom.INSIDE else fact.with_whom


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


def _side_by_side(fact: SignedIn | SessionActive, context: Context) -> Iterator[Answer]:
    """Found once, with the first session after the row that made devices co-exist."""
    rows = _rows(fact, context)
    devices = _shared_devices(rows, context)
    if not devices:
        return
    newest = max(rows, key=lambda row: row.since)
    recent = _own(fact, context)
    sessions = [f for f in recent if isinstance(f, (SignedIn, SessionActive))]
    if not sessions or sessions[-1].id != newest.fact_id:
        return
    if _shared_devices([r for r in rows if r != newest], context):
        return
    if takeover_signs(recent):
        yield _protect(fact, "4.3/s3")
        return
    sharing = context.rules.sharing
    more = len(devices) - sharing.min_devices
    yield ANSWERS.finding(
        fact,
        "4.3/s3",
        min(_REVIEW_ONLY, _SIDE_BY_SIDE + _EACH_MORE * more),
        f"{len(devices)} devices were used side by side within {sharing.window_days} days, each "
        f"on {sharing.min_days} days or more; they may belong to one person, so a person looks",
        _device_evidence(rows, devices),
        target=f"devices of {fact.account_id}",
    )


def _rows(fact: SignedIn | SessionActive, context: Context) -> list[DeviceDay]:
    """The rows that count: inside the window, by nobody named, outside a stranger's time."""
    sharing = context.rules.sharing
    first = fact.at - timedelta(days=sharing.window_days)
    questions = asks_devices(fact.account_id, fact.at, sharing.window_days)
    holders = [holder for q in questions for holder in context.holders(q)]
    if len({device_of(holder) for holder in holders}) < sharing.min_devices:
        return []  # too few whoever used them
    found = [DeviceDay.of(holder) for holder in holders]
    staff = _named_staff(fact, context)
    if any(change.successor and first <= change.from_ for change in staff):
        return []
    named = {change.person_id for change in staff}
    strange = [i for i in context.history.intervals if i.account_id == fact.account_id]
    return [
        row
        for row in found
        if row.day >= first.astimezone(UTC).date()
        and row.person not in named
        and not any(
            i.since.astimezone(UTC).date() <= row.day <= i.until.astimezone(UTC).date()
            for i in strange
        )
    ]


def _shared_devices(rows: list[DeviceDay], context: Context) -> list[str]:
    sharing = context.rules.sharing
    devices = coexisting(days_of(rows), sharing.min_days, sharing.min_devices)
    return [] if one_person(rows, devices) else devices


def _device_evidence(rows: list[DeviceDay], devices: list[str]) -> Iterator[Evidence]:
    days = days_of(rows)
    for number, device in enumerate(devices, start=1):
        seen = days[device]
        ids = {r.fact_id for r in rows if r.device == device and r.day in seen}
        yield Evidence(
            "device_side_by_side",
            f"device {number}: used on {len(seen)} days between {min(seen)} and {max(seen)}",
            fact_ids=tuple(sorted(ids)),
        )


def _protect(fact: Fact, clause: str) -> Answer:
    return ANSWERS.cannot_tell(
        fact,
        clause,
        ("unauthorised_use_reported",),
        "failed sign-ins, a strange device and a changed setting look like a take-over; ask the "
        "Member before anything is held against it",
    )


def _own(fact: Fact, context: Context) -> tuple[Fact, ...]:
    """What happened lately on this very account, this fact included, oldest first."""
    known = context.facts(_recent(fact), Fact)
    here = [f for f in known if f.named == fact.named]
    if isinstance(fact, SecuritySettingChanged):
        here.append(fact)
    return tuple(sorted(here, key=position_of))


def _named_staff(fact: Fact, context: Context) -> tuple[AuthorisedUserChanged, ...]:
    """Who may act on this account at the fact's instant; for each person the newest word."""
    newest: dict[str, AuthorisedUserChanged] = {}
    for change in sorted(context.facts(_staff(fact), AuthorisedUserChanged), key=position_of):
        if change.account_id == fact.named:
            newest[change.person_id] = change
    return tuple(
        change
        for change in newest.values()
        if change.from_ <= fact.at and (change.until is None or fact.at < change.until)
    )


def _staff(fact: Fact) -> Question:
    return Question("stream", fact.named or "", of=("authorised_user_changed",))


def _recent(fact: Fact) -> Question:
    return Question("stream", fact.named or "", of=_SESSIONS, limit=_RECENT)


def _application(fact: Fact) -> Question:
    return Question("stream", fact.named or "", of=("application_received",), limit=1)
