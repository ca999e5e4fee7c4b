"""``advance``: the fold of one fact and its outcome into a User's history."""

from __future__ import annotations

from typing import TypeVar

from attrs import evolve

from policyenforce.model.decisions import Decision, DisciplinaryAction, ProtectiveMeasure
from policyenforce.model.fact import Fact
from policyenforce.model.facts.dealings import InformationSupplied
from policyenforce.model.facts.procedure import (
    ActionApplied,
    ActionFailed,
    ConflictDeclared,
    FindingConfirmed,
    LegalHoldLifted,
    LegalHoldSet,
)
from policyenforce.model.facts.registration import (
    AccountClosed,
    AccountOpened,
    ApplicationReceived,
    ApplicationWithdrawn,
)
from policyenforce.model.facts.sessions import (
    SecuritySettingChanged,
    Setting,
    UnauthorisedUseReported,
)
from policyenforce.model.lifecycles import accounts_after, application_after
from policyenforce.model.outcome import Case, History, Interval, Outcome
from policyenforce.terms.gates import Standard, Trigger

_MOVING = frozenset(
    {
        AccountClosed,
        AccountOpened,
        ActionApplied,
        ActionFailed,
        ApplicationReceived,
        ApplicationWithdrawn,
        ConflictDeclared,
        FindingConfirmed,
        LegalHoldLifted,
        LegalHoldSet,
        UnauthorisedUseReported,
    }
)
"""The facts that move a history by themselves, whatever they lead to."""

_SECURES = frozenset({Setting.PASSWORD, Setting.SECOND_FACTOR})
"""What makes an account safe again; a new address or pay-out is what a thief sets."""

R = TypeVar("R", Decision, ProtectiveMeasure, Case)


def advance(history: History, fact: Fact, outcome: Outcome) -> History:
    """The history after this fact and what it led to.

    Folding the facts of a User in order of position from an empty history gives the same
    value however they arrived. A fact that moves nothing gives back the very same history.
    """
    if type(fact) not in _MOVING and outcome.empty and not _cures(history.decisions, fact):
        return history
    return evolve(
        as_told(history, fact),
        application=application_after(history.application, fact),
        decisions=_answered(
            _cured(_merged(history.decisions, outcome.decisions), fact, history), fact
        ),
        measures=_merged(history.measures, outcome.measures),
        cases=_merged(history.cases, outcome.cases),
        precedents=(*history.precedents, *outcome.precedents),
        confirmed=_confirmed(history, fact),
        intervals=_intervals(history, fact),
        holds=_holds(history, fact),
        recused=_recused(history, fact),
    )


def as_told(history: History, fact: Fact) -> History:
    """The history with the places and the account that the fact itself tells of.

    A notice that comes of the same fact has to know them already.
    """
    accounts = accounts_after(history.accounts, fact)
    if accounts is not history.accounts:
        return evolve(history, accounts=accounts)
    if not isinstance(fact, ApplicationReceived):
        return history
    return evolve(
        history,
        origin=fact.country or history.origin,
        residence=fact.residence or history.residence,
        access=fact.access_country or history.access,
    )


def _merged(old: tuple[R, ...], new: tuple[R, ...]) -> tuple[R, ...]:
    if not new:
        return old
    newest: dict[str, R] = {record.id: record for record in new}
    kept: tuple[R, ...] = tuple(newest.pop(record.id, record) for record in old)
    return kept + tuple(newest.values())


def _cured(decisions: tuple[Decision, ...], fact: Fact, history: History) -> tuple[Decision, ...]:
    """Actions that last until a named fact end with it, those on the application too."""
    if not _cures(decisions, fact):
        return decisions
    account = getattr(fact, "account_id", None)
    users = {a.user for a in history.accounts if a.account_id == account}
    return tuple(
        evolve(d, actions=tuple(_ended(a, d, fact) for a in d.actions))
        if d.account_id in {account, history.user, *users}
        else d
        for d in decisions
    )


def _cures(decisions: tuple[Decision, ...], fact: Fact) -> bool:
    return any(_ends(a, d, fact) for d in decisions for a in d.actions)


def _ends(action: DisciplinaryAction, decision: Decision, fact: Fact) -> bool:
    """True when this is what the action waits for, and its time is not over before."""
    if action.end.cure != fact.tag or not (action.end.at is None or fact.at < action.end.at):
        return False
    match fact:
        case SecuritySettingChanged(setting=setting):
            return setting in _SECURES
        case InformationSupplied(complete=complete, request_id=request):
            asked = _asked(action, decision)
            return complete and (not asked or request in asked)
        case _:
            return True


def _asked(action: DisciplinaryAction, decision: Decision) -> set[str | None]:
    """The requests whose silence the action answers; none where it answers something else."""
    return {
        ground.target
        for ground in decision.grounds
        if ground.clause == action.ground and Trigger.UNANSWERED_REQUEST in ground.triggers
    }


def _ended(action: DisciplinaryAction, decision: Decision, fact: Fact) -> DisciplinaryAction:
    if not _ends(action, decision, fact):
        return action
    return evolve(action, end=evolve(action.end, at=max(fact.at, action.starts)))


def _answered(decisions: tuple[Decision, ...], fact: Fact) -> tuple[Decision, ...]:
    """What the platform answered: an action applied, or failed."""
    if not isinstance(fact, (ActionApplied, ActionFailed)):
        return decisions
    word = "applied" if isinstance(fact, ActionApplied) else "failed"
    return tuple(
        evolve(
            d,
            actions=tuple(
                evolve(a, applied=word) if a.power is fact.power else a for a in d.actions
            ),
        )
        if d.id == fact.decision_id
        else d
        for d in decisions
    )


def _confirmed(history: History, fact: Fact) -> dict[str, Standard]:
    if not isinstance(fact, FindingConfirmed):
        return history.confirmed
    return {**history.confirmed, fact.finding_id: fact.standard}


def _intervals(history: History, fact: Fact) -> tuple[Interval, ...]:
    if not isinstance(fact, UnauthorisedUseReported):
        return history.intervals
    since, until = fact.since or fact.aware_at, fact.until or fact.at
    return (*history.intervals, Interval(fact.account_id, since, until))


def _recused(history: History, fact: Fact) -> tuple[str, ...]:
    if not isinstance(fact, ConflictDeclared):
        return history.recused
    return tuple(dict.fromkeys((*history.recused, fact.person)))


def _holds(history: History, fact: Fact) -> tuple[str, ...]:
    if isinstance(fact, LegalHoldSet):
        return (*history.holds, fact.hold_id)
    if isinstance(fact, LegalHoldLifted):
        return tuple(h for h in history.holds if h != fact.hold_id)
    return history.holds
