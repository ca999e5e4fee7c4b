"""What a person does, as the fact it is: ids follow from who did what, and when.

The same act at the same instant is the same fact, so a repeated call changes nothing.
"""

from __future__ import annotations

from datetime import datetime

from policyenforce.discipline.relations import carried
from policyenforce.discipline.setting import identity
from policyenforce.errors import InputError
from policyenforce.model.decisions import Decision
from policyenforce.model.facts.dealings import Money
from policyenforce.model.facts.procedure import (
    Actor,
    AppealDecided,
    AppealFiled,
    AppealResult,
    CaseAct,
    CaseHandled,
    ChosenAction,
    ConflictDeclared,
    DeadlinePassed,
    DecisionReversed,
    FindingConfirmed,
    FindingRefuted,
    MeasureKind,
    NoticeDeferred,
    ProtectionLifted,
    ProtectionOrdered,
    ReviewRecorded,
    Verdict,
)
from policyenforce.model.outcome import Deadline
from policyenforce.terms.gates import Standard


def passed(deadline: Deadline, *, id_is_taken: bool = False) -> DeadlinePassed:
    """What time has brought, as a fact; another kind of fact may have taken its id."""
    return DeadlinePassed(
        id=f"{deadline.id}:passed" if id_is_taken else deadline.id,
        at=deadline.due_at,
        source="clock",
        account_id=deadline.account_id,
        deadline=deadline.deadline,
        concerns=deadline.concerns,
    )


def confirmation(
    account: str,
    finding_id: str,
    standard: Standard,
    by: Actor,
    reason: str,
    now: datetime,
    actions: tuple[ChosenAction, ...] = (),
) -> FindingConfirmed:
    """A person reaches a standard on a finding; raises InputError for ``Standard.NONE``."""
    if standard is Standard.NONE:
        raise InputError("whoever confirms reaches a standard", hint="or refute the finding")
    return FindingConfirmed(
        id=identity("confirm", finding_id, standard.label, by.id, now.isoformat()),
        at=now,
        source=by.id,
        account_id=account,
        finding_id=finding_id,
        standard=standard,
        by=by,
        reason=reason,
        actions=actions,
    )


def refutation(
    account: str, finding_id: str, by: Actor, reason: str, now: datetime
) -> FindingRefuted:
    """A person finds that it is not so."""
    return FindingRefuted(
        id=identity("refute", finding_id, by.id, now.isoformat()),
        at=now,
        source=by.id,
        account_id=account,
        finding_id=finding_id,
        by=by,
        reason=reason,
    )


def verdict(
    account: str,
    decision_id: str,
    said: Verdict,
    by: Actor,
    reason: str,
    now: datetime,
    actions: tuple[ChosenAction, ...],
) -> ReviewRecorded:
    """A person approves, amends or rejects a proposal."""
    return ReviewRecorded(
        id=identity("review", decision_id, said.value, by.id, now.isoformat()),
        at=now,
        source=by.id,
        account_id=account,
        decision_id=decision_id,
        verdict=said,
        by=by,
        reason=reason,
        actions=actions,
    )


def closure(account: str, case_id: str, by: Actor, reason: str, now: datetime) -> ReviewRecorded:
    """A person closes a case without more."""
    return ReviewRecorded(
        id=identity("review", case_id, by.id, now.isoformat()),
        at=now,
        source=by.id,
        account_id=account,
        case_id=case_id,
        verdict=Verdict.CLOSE,
        by=by,
        reason=reason,
    )


def relation(
    account: str,
    decision: Decision,
    actions: tuple[ChosenAction, ...],
    evidence: tuple[str, ...],
    by: Actor,
    reason: str,
    now: datetime,
    plan: str | None = None,
) -> ReviewRecorded:
    """A person extends a decision to a related account, alone or as part of a plan."""
    ground = carried(decision)
    return ReviewRecorded(
        # Sorts after `review-…`: what is approved and carried over at one instant comes in order.
        id=identity("review-related", account, decision.id, by.id, now.isoformat()),
        at=now,
        source=by.id,
        account_id=account,
        verdict=Verdict.AMEND,
        by=by,
        reason=reason,
        actions=actions,
        clause=None if ground is None else str(ground.clause),
        standard=None if ground is None else ground.standard,
        related_to=decision.id,
        evidence=evidence,
        plan=plan,
    )


def reversal(
    account: str, decision_id: str, plan: str, by: Actor, reason: str, now: datetime
) -> DecisionReversed:
    """A person takes a decision back, as one of those that a plan names."""
    return DecisionReversed(
        id=identity("reverse", decision_id, plan, by.id, now.isoformat()),
        at=now,
        source=by.id,
        account_id=account,
        decision_id=decision_id,
        plan=plan,
        by=by,
        reason=reason,
    )


def handling(
    account: str,
    case_id: str | None,
    act: CaseAct,
    by: Actor,
    reason: str,
    now: datetime,
    to: str | None = None,
    until: datetime | None = None,
) -> CaseHandled:
    """A person opens a case, hands it to somebody, or puts it aside."""
    return CaseHandled(
        id=identity("case-act", account, case_id or "", act.value, by.id, now.isoformat()),
        at=now,
        source=by.id,
        account_id=account,
        case_id=case_id,
        act=act,
        by=by,
        reason=reason,
        to=to,
        until=until,
    )


def conflict(account: str, person: str, by: Actor, reason: str, now: datetime) -> ConflictDeclared:
    """Somebody has an interest in a User."""
    return ConflictDeclared(
        id=identity("conflict", account, person, by.id, now.isoformat()),
        at=now,
        source=by.id,
        account_id=account,
        person=person,
        by=by,
        reason=reason,
    )


def protection(
    account: str,
    measure: MeasureKind,
    basis: str,
    until: datetime,
    by: Actor,
    reason: str,
    now: datetime,
    target: str | None,
    amount: Money | None,
) -> ProtectionOrdered:
    """A person orders a protective measure."""
    return ProtectionOrdered(
        id=identity("protect", account, measure.value, target or "", by.id, now.isoformat()),
        at=now,
        source=by.id,
        account_id=account,
        measure=measure,
        basis=basis,
        until=until,
        by=by,
        reason=reason,
        target=target,
        amount=amount,
    )


def lifting(
    account: str, measure_id: str, by: Actor, reason: str, now: datetime
) -> ProtectionLifted:
    """A person ends a protective measure before its time."""
    return ProtectionLifted(
        id=identity("lift", measure_id, by.id, now.isoformat()),
        at=now,
        source=by.id,
        account_id=account,
        measure_id=measure_id,
        by=by,
        reason=reason,
    )


def deferral(
    account: str,
    decision_id: str,
    until: datetime,
    legal_reason: str,
    by: Actor,
    reason: str,
    now: datetime,
) -> NoticeDeferred:
    """A person puts a notice off."""
    return NoticeDeferred(
        id=identity("defer", decision_id, by.id, now.isoformat()),
        at=now,
        source=by.id,
        account_id=account,
        decision_id=decision_id,
        until=until,
        legal_reason=legal_reason,
        by=by,
        reason=reason,
    )


def appeal(account: str, decision_id: str, statement: str | None, now: datetime) -> AppealFiled:
    """The Member asks for another look."""
    return AppealFiled(
        id=identity("appeal", decision_id, now.isoformat()),
        at=now,
        source="member",
        account_id=account,
        appeal_id=identity("ap", decision_id, now.isoformat()),
        decision_id=decision_id,
        statement=statement,
    )


def hearing(
    decision: Decision,
    said: AppealResult,
    clauses: tuple[str, ...],
    by: Actor,
    reason: str,
    now: datetime,
) -> AppealDecided:
    """Somebody who did not take the decision decides its grounds."""
    return AppealDecided(
        id=identity("heard", decision.id, said.value, by.id, now.isoformat()),
        at=now,
        source=by.id,
        account_id=decision.account_id,
        appeal_id=decision.appeal_id or "",
        decision_id=decision.id,
        result=said,
        clauses=clauses,
        by=by,
        reason=reason,
    )
