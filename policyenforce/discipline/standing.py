"""Standing as a pure fold: what a history makes hold for one account at one instant.

Nothing has to run for a restriction to end; ends are read, not executed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from policyenforce.discipline.ladder import points_at
from policyenforce.model.decisions import (
    Decision,
    DisciplinaryAction,
    ProtectiveMeasure,
    ScopeKind,
)
from policyenforce.model.facts.procedure import MeasureKind
from policyenforce.model.outcome import AccountRecord, History
from policyenforce.model.standing import (
    SURVIVING,
    AccountState,
    Capability,
    Restriction,
    Standing,
)
from policyenforce.policy.rules import HouseRules
from policyenforce.terms.gates import Power

_ORDINARY = tuple(c for c in Capability if c not in SURVIVING)
_ENDS_ACCOUNT = {
    Power.CANCEL_ACCOUNT: AccountState.CANCELLED,
    Power.TERMINATE_ACCOUNT: AccountState.TERMINATED,
    Power.SUSPEND_ACCOUNT: AccountState.SUSPENDED,
}
_GRAVITY = (
    AccountState.SUSPENDED,
    AccountState.CANCELLED,
    AccountState.TERMINATED,
)
_TAKES_CAPABILITIES = frozenset(
    {
        Power.LIMIT_SERVICE,
        Power.DOWNGRADE_SERVICE,
        Power.SUSPEND_SERVICE,
        Power.TERMINATE_SERVICE,
        Power.RESTRICT_FEATURE,
    }
)
_OF_MEASURE = {
    MeasureKind.PAUSE_PAYOUTS: (Capability.WITHDRAW,),
    MeasureKind.DENY_SERVICE: _ORDINARY,
    MeasureKind.FORCE_REAUTHENTICATION: (),
    MeasureKind.HOLD_CONTENT: (),
}


def standing_at(history: History, account_id: str, at: datetime, rules: HouseRules) -> Standing:
    """What holds for the account at the instant, as far as this history knows.

    What was decided on the User about its application binds the account that is opened later;
    only that the application was turned down touches no account opened nevertheless.
    """
    if not history.decisions and not history.measures:
        return Standing(account_id, history.user, at, _state(history, account_id, at, []))
    account = _record(history, account_id) or AccountRecord(account_id, at)
    running = [
        (decision, action)
        for decision in history.decisions
        if decision.in_force and account.bound_by(decision, history.accounts)
        for action in decision.actions
        if runs(action, at)
    ]
    taken: dict[Capability, list[Restriction]] = defaultdict(list)
    for decision, action in running:
        for restriction in _taken_by(decision, action):
            taken[restriction.capability].append(restriction)
    for measure in history.measures:
        if measure.account_id == account_id and _measure_runs(measure, at):
            for capability in _OF_MEASURE[measure.kind]:
                taken[capability].append(
                    Restriction(capability, measure.id, measure.reason, None, measure.ends)
                )
    return Standing(
        account_id=account_id,
        user=history.user,
        at=at,
        state=_state(history, account_id, at, [action for _, action in running]),
        points=points_at(history, rules, at),
        restrictions={c: tuple(sorted(r, key=_severest)) for c, r in taken.items()},
        listing_cap=_cap(action for _, action in running),
        removed=frozenset(
            action.scope.value
            for _, action in running
            if action.power in (Power.REMOVE_CONTENT, Power.REJECT_CONTENT) and action.scope.value
        ),
        modified=_modified(running),
    )


def _modified(
    running: list[tuple[Decision, DisciplinaryAction]],
) -> dict[str, tuple[str, ...]]:
    """Revision -> the decisions whose words stand over its own, the latest last."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for decision, action in sorted(running, key=lambda one: one[1].starts):
        if action.power is Power.MODIFY_CONTENT and action.scope.value:
            found[action.scope.value][decision.id] = None
    return {target: tuple(decisions) for target, decisions in found.items()}


def runs(action: DisciplinaryAction, at: datetime) -> bool:
    """True from the start up to, and not including, the end, unless stayed."""
    return (
        not action.stayed and action.starts <= at and (action.end.at is None or at < action.end.at)
    )


def _measure_runs(measure: ProtectiveMeasure, at: datetime) -> bool:
    return not measure.lifted and measure.starts <= at < measure.ends


def _state(
    history: History, account_id: str, at: datetime, actions: list[DisciplinaryAction]
) -> AccountState:
    record = _record(history, account_id)
    if record is not None and record.erased:
        return AccountState.ERASED
    imposed = [_ENDS_ACCOUNT[a.power] for a in actions if a.power in _ENDS_ACCOUNT]
    if imposed:
        return max(imposed, key=_GRAVITY.index)
    if record is None or record.opened_at > at:
        return AccountState.UNKNOWN
    closed = record.closed_at is not None and record.closed_at <= at
    return AccountState.CLOSED if closed else AccountState.OPEN


def _record(history: History, account_id: str) -> AccountRecord | None:
    return next((a for a in reversed(history.accounts) if a.account_id == account_id), None)


def _taken_by(decision: Decision, action: DisciplinaryAction) -> Iterator[Restriction]:
    if action.power in _ENDS_ACCOUNT:
        capabilities = tuple(dict.fromkeys((*_ORDINARY, *action.scope.capabilities)))
    elif action.power in _TAKES_CAPABILITIES:
        capabilities = action.scope.capabilities or _ORDINARY
    else:
        return
    scope = action.scope
    for capability in capabilities:
        yield Restriction(
            capability=capability,
            source_id=decision.id,
            reason=f"{action.power.value} under {action.power_clause} for {action.ground}",
            clause=str(action.ground),
            until=action.end.at,
            site=scope.value if scope.kind is ScopeKind.SITE else None,
            service=scope.value if scope.kind is ScopeKind.SERVICE else None,
        )


def _cap(actions: Iterator[DisciplinaryAction]) -> int | None:
    caps = [int(a.scope.value) for a in actions if a.scope.kind is ScopeKind.CAP and a.scope.value]
    return min(caps, default=None)


def _severest(restriction: Restriction) -> tuple[bool, float, str]:
    """Open-ended first, then the latest end: the answer shown is the one that lasts."""
    until = restriction.until
    return (until is not None, -until.timestamp() if until else 0.0, restriction.source_id)
