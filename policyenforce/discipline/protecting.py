"""Protective measures that a person orders or lifts: apart from discipline, with basis and end."""

from __future__ import annotations

from datetime import timedelta

from attrs import evolve

from policyenforce.discipline.acting import Act, role_refused, unknown
from policyenforce.discipline.setting import Setting, identity
from policyenforce.errors import GateError
from policyenforce.model.decisions import ProtectiveMeasure
from policyenforce.model.facts.procedure import (
    MeasureKind,
    ProtectionLifted,
    ProtectionOrdered,
)


def ordered(fact: ProtectionOrdered, setting: Setting) -> Act:
    """The measure, no longer than the house allows; refused without basis, end or a sum above 0."""
    refused = _role(fact.measure, fact, setting)
    if refused is not None:
        return refused
    longest = setting.rules.protective.maximum_hours[fact.measure.value]
    if not fact.basis.strip():
        return Act(refused=("a protective measure needs its basis: 2.2, 2.3 or a legal duty",))
    # As long as was ordered, from when the platform learns of it: so it is the same whenever
    # the fact is looked at again.
    lasts = fact.until - fact.at
    if lasts > timedelta(hours=longest):
        return Act(refused=(f"`{fact.measure.value}` may last {longest} hours at most",))
    if fact.measure is MeasureKind.HOLD_CONTENT and fact.target is None:
        return Act(refused=("to hold content name its revision",))
    if fact.amount is not None and fact.amount.amount <= 0:
        return Act(refused=("what is kept back is more than nothing",))
    try:
        measure = ProtectiveMeasure(
            id=identity("m", fact.id, fact.measure.value),
            kind=fact.measure,
            basis=fact.basis,
            reason=fact.reason,
            account_id=setting.account_id,
            fact_id=fact.id,
            starts=setting.starts,
            ends=setting.starts + lasts,
            target=fact.target,
            amount=fact.amount,
            by=fact.by,
        )
    except GateError as error:
        return Act(refused=(error.message,))
    return Act(measures=(measure,))


def lifted(fact: ProtectionLifted, setting: Setting) -> Act:
    """The measure ends now: the review that every protective measure is open to."""
    measure = next((m for m in setting.history.measures if m.id == fact.measure_id), None)
    if measure is None:
        return Act(cannot_tell=(unknown(setting, f"measure {fact.measure_id}"),))
    refused = _role(measure.kind, fact, setting)
    if refused is not None:
        return refused
    if measure.lifted or measure.ends <= fact.at:
        return Act(refused=(f"measure {measure.id} is over already",))
    return Act(measures=(evolve(measure, lifted=True),))


def _role(
    kind: MeasureKind, fact: ProtectionOrdered | ProtectionLifted, setting: Setting
) -> Act | None:
    verb = "pause_payouts" if kind is MeasureKind.PAUSE_PAYOUTS else "protect"
    if setting.rules.allows(verb, fact.by.roles):
        return None
    return Act(refused=(role_refused(verb, fact.by),))
