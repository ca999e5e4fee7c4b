"""Cases: one for each User, however many findings and proposals wait for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from attrs import evolve

from policyenforce.discipline.actions import ACCOUNT_POWERS
from policyenforce.discipline.setting import Setting, identity
from policyenforce.model.decisions import Decision, Status
from policyenforce.model.evidence import Evidence
from policyenforce.model.findings import Finding
from policyenforce.model.outcome import Case, CaseStatus

T = TypeVar("T")


def case_for(
    setting: Setting, waiting: Sequence[Finding], decisions: Sequence[Decision], reason: str = ""
) -> Case | None:
    """The User's case with what this fact adds to it; None when it adds nothing."""
    proposed = tuple(
        d.id for d in decisions if d.status is Status.PROPOSED or any(a.stayed for a in d.actions)
    )
    findings = tuple(f.id for f in waiting)
    if not findings and not proposed and not reason:
        return None
    case = setting.open_case() or Case(
        id=identity("case", setting.history.user, setting.fact.id),
        account_id=setting.account_id,
        opened_at=setting.starts,
        reason=reason or _reason(waiting, decisions),
    )
    return evolve(
        case,
        finding_ids=_joined(case.finding_ids, findings),
        decision_ids=_joined(case.decision_ids, proposed),
        related=_joined(case.related, _related(waiting, decisions)),
    )


def settled(case: Case, setting: Setting, *done: str) -> Case:
    """The case without what a person has dealt with; closed when nothing is left."""
    findings = tuple(i for i in case.finding_ids if i not in done)
    decisions = tuple(i for i in case.decision_ids if i not in done)
    status = CaseStatus.OPEN if findings or decisions else CaseStatus.CLOSED
    return evolve(case, finding_ids=findings, decision_ids=decisions, status=status)


def _reason(waiting: Sequence[Finding], decisions: Sequence[Decision]) -> str:
    if waiting:
        return f"{waiting[0].clause}: {waiting[0].explanation}"
    clauses = ", ".join(str(g.clause) for d in decisions for g in d.grounds)
    return f"a decision on {clauses} is proposed"


def _related(waiting: Sequence[Finding], decisions: Sequence[Decision]) -> tuple[Evidence, ...]:
    """Why other accounts may be related: shown to the person, acted on by nobody else (T8)."""
    from_findings = [e for f in waiting if f.clause.number == "4.1" for e in f.incriminating]
    from_grounds = [
        e
        for d in decisions
        if any(a.power in ACCOUNT_POWERS for a in d.actions)
        for g in d.grounds
        if g.clause.number == "4.1"
        for e in g.evidence
    ]
    return tuple(dict.fromkeys([*from_findings, *from_grounds]))


def _joined(old: tuple[T, ...], new: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*old, *new)))


def case_after(setting: Setting, decisions: Sequence[Decision], *done: str) -> tuple[Case, ...]:
    """The open case with new proposals joined and what is done with taken out."""
    grown = case_for(setting, (), decisions) or setting.open_case()
    if grown is None:
        return ()
    case = settled(grown, setting, *done)
    return () if case == setting.open_case() else (case,)
