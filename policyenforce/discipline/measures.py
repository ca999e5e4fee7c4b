"""Protective measures and the disposition: what is held, refused or let through meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from policyenforce.discipline.actions import CONTENT_POWERS
from policyenforce.discipline.grounds import standard_reached
from policyenforce.discipline.setting import Setting, identity
from policyenforce.model.decisions import Decision, ProtectiveMeasure
from policyenforce.model.fact import Fact
from policyenforce.model.facts.content import ContentKind, ContentRevised, ContentSubmitted
from policyenforce.model.facts.procedure import MeasureKind
from policyenforce.model.facts.registration import ApplicationReceived
from policyenforce.model.facts.sessions import UnauthorisedUseReported
from policyenforce.model.findings import CannotTell, Finding
from policyenforce.model.outcome import Disposition, History, Interval
from policyenforce.model.standing import Capability, Standing
from policyenforce.terms.gates import Power

_HANDED_IN = (ContentSubmitted, ContentRevised)
DISPOSED = frozenset({ApplicationReceived, *_HANDED_IN})
"""The facts whose subject is published, held or rejected."""
_NEEDS = {
    ContentKind.MESSAGE: Capability.MESSAGE,
    ContentKind.ADVERT: Capability.PROMOTE,
    ContentKind.FEEDBACK: Capability.REVIEW,
}
_OTHERWISE: dict[type[Fact], Capability] = {
    ContentSubmitted: Capability.CREATE_LISTING,
    ContentRevised: Capability.EDIT_LISTING,
}
_LANGUAGE = "language"
_SUSPECTED = "2.2"  # the basis of a measure that rests on nobody's word
_BEFORE = timedelta(days=3)  # in which changes count as a strange device's
_SECURITY, _STRANGER = "4.3/s1", UnauthorisedUseReported.tag


def disposition(
    setting: Setting,
    findings: Sequence[Finding],
    cannot_tell: Sequence[CannotTell],
    decisions: Sequence[Decision],
    standing: Standing,
) -> Disposition:
    """Publish, hold or reject what the fact hands in; facts that hand in nothing publish."""
    fact = setting.fact
    if isinstance(fact, ApplicationReceived):
        return _of_application(decisions, cannot_tell, findings)
    if not isinstance(fact, _HANDED_IN):
        return Disposition.PUBLISH
    removed = any(
        action.power in CONTENT_POWERS and action.scope.value == fact.content.target
        for decision in decisions
        if decision.in_force
        for action in decision.actions
    )
    needed = _NEEDS.get(fact.content.kind) or _OTHERWISE[type(fact)]
    if removed or not standing.may(needed, setting.site, setting.service):
        return Disposition.REJECT
    return Disposition.HOLD if _doubtful(setting, findings, cannot_tell) else Disposition.PUBLISH


def _of_application(
    decisions: Sequence[Decision], cannot_tell: Sequence[CannotTell], findings: Sequence[Finding]
) -> Disposition:
    rejected = any(
        action.power is Power.REJECT_APPLICATION
        for decision in decisions
        if decision.in_force
        for action in decision.actions
    )
    if rejected:
        return Disposition.REJECT
    return Disposition.HOLD if findings or cannot_tell or decisions else Disposition.PUBLISH


def _doubtful(
    setting: Setting, findings: Sequence[Finding], cannot_tell: Sequence[CannotTell]
) -> bool:
    content = setting.rules.content
    if any(standard_reached(f, setting) >= content.hold_at for f in findings):
        return True
    uncovered = any(_LANGUAGE in word for c in cannot_tell for word in c.missing)
    other = any(not any(_LANGUAGE in word for word in c.missing) for c in cannot_tell)
    return other or (uncovered and content.uncovered_language == "hold")


def measures(
    setting: Setting, held: bool, untold: Sequence[CannotTell] = ()
) -> tuple[ProtectiveMeasure, ...]:
    """What protects without blame: content held before publication, a stranger locked out.

    ``untold`` is what the checks could not tell: a stranger among it is locked out before the
    Member has said a word.
    """
    fact = setting.fact
    if held and isinstance(fact, _HANDED_IN):
        hours = setting.rules.content.hold_hours
        return (
            _measure(
                setting,
                fact,
                MeasureKind.HOLD_CONTENT,
                "2.3",
                "held for a person to read",
                hours,
                target=fact.content.target,
            ),
        )
    if isinstance(fact, UnauthorisedUseReported):
        why = "a stranger's use of the account was reported"
        return (_sign_in_anew(setting, "the Member's own report", why),)
    if alarm(untold):
        why = "sign-ins that look like a stranger's; the Member is asked"
        return (_sign_in_anew(setting, _SUSPECTED, why),)
    return ()


def alarm(untold: Sequence[CannotTell]) -> str:
    """Why a person looks after an account that a stranger may use; empty where nobody does."""
    alarms = (t for t in untold if t.clause.text == _SECURITY and _STRANGER in t.missing)
    return next((f"{told.clause}: {told.explanation}" for told in alarms), "")


def suspected(history: History) -> Iterator[Interval]:
    """When a stranger may have used an account of which its Member has said nothing yet.

    From before the alarm, which comes with what follows a strange device, until the account is
    the Member's again or a person has lifted the measure.
    """
    for measure in history.measures:
        by_itself = measure.by is None and measure.basis == _SUSPECTED
        if by_itself and measure.kind is MeasureKind.FORCE_REAUTHENTICATION and not measure.lifted:
            yield Interval(measure.account_id, measure.starts - _BEFORE, measure.ends)


def _sign_in_anew(setting: Setting, basis: str, why: str) -> ProtectiveMeasure:
    kind = MeasureKind.FORCE_REAUTHENTICATION
    hours = setting.rules.protective.maximum_hours[kind.value]
    return _measure(setting, setting.fact, kind, basis, why, hours)


def _measure(
    setting: Setting,
    fact: Fact,
    kind: MeasureKind,
    basis: str,
    reason: str,
    hours: int,
    *,
    target: str | None = None,
) -> ProtectiveMeasure:
    longest = setting.rules.protective.maximum_hours.get(kind.value, hours)
    return ProtectiveMeasure(
        id=identity("m", fact.id, kind.value),
        kind=kind,
        basis=basis,
        reason=reason,
        account_id=setting.account_id,
        fact_id=fact.id,
        starts=setting.starts,
        ends=setting.starts + timedelta(hours=min(hours, longest)),
        target=target,
    )
