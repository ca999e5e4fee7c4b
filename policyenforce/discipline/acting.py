"""``Act``: what a person's act gives, and what keeps somebody from it.

Which role may use which verb is a house rule. Apart from that nobody decides on a User it has an
interest in, or in a case that is somebody else's, and some powers take two persons.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from policyenforce.discipline.setting import Setting
from policyenforce.model.conditions import Condition
from policyenforce.model.decisions import Decision, DisciplinaryAction, ProtectiveMeasure
from policyenforce.model.fact import Fact
from policyenforce.model.facts.procedure import (
    Actor,
    AppealDecided,
    CaseAct,
    CaseHandled,
    ConflictDeclared,
    DecisionReversed,
)
from policyenforce.model.findings import CannotTell, Finding
from policyenforce.model.outcome import Case, Precedent
from policyenforce.policy.rules import HouseRules
from policyenforce.terms.references import ClauseRef

_BREACH = ClauseRef.parse("6.2")
_TWO = 2


@frozen
class Act:
    """What a person's act gives; ``refused`` says why it could not apply."""

    decisions: tuple[Decision, ...] = ()
    cases: tuple[Case, ...] = ()
    precedents: tuple[Precedent, ...] = ()
    measures: tuple[ProtectiveMeasure, ...] = ()
    cannot_tell: tuple[CannotTell, ...] = ()
    refused: tuple[str, ...] = ()
    waiting: tuple[Finding, ...] = ()
    trace: tuple[Condition, ...] = ()


def hindered(fact: Fact, setting: Setting) -> str | None:
    """Why somebody may not act on this User or in this case at all, or None.

    A case that is assigned may be handed on by anybody with the role, but not decided in.
    """
    by = getattr(fact, "by", None)
    if not isinstance(by, Actor) or isinstance(fact, ConflictDeclared):
        return None
    if by.id in setting.history.recused:
        return f"`{by.id}` has declared an interest in this User and takes no part"
    case = setting.open_case()
    if case is None or case.assigned_to in (None, by.id) or not _in_case(fact, case):
        return None
    return f"case {case.id} is assigned to `{case.assigned_to}`; assign it anew first"


def _in_case(fact: Fact, case: Case) -> bool:
    """True for what is decided in the case; an appeal is heard, and a plan approved, beside it."""
    if isinstance(fact, (AppealDecided, DecisionReversed)):
        return False
    if isinstance(fact, CaseHandled):
        return fact.act is not CaseAct.ASSIGN and fact.case_id == case.id
    names = {getattr(fact, name, None) for name in ("case_id", "decision_id", "finding_id")}
    return bool(names & {case.id, *case.decision_ids, *case.finding_ids})


def needs_second(
    actions: Iterable[DisciplinaryAction], hands: Iterable[str], rules: HouseRules
) -> bool:
    """True where a power takes two persons and only one has had a hand in it so far."""
    return len(set(hands)) < _TWO and any(a.power in rules.two_persons for a in actions)


def role_refused(verb: str, actor: Actor) -> str:
    """That somebody lacks the role for a verb, in words."""
    return f"no role of `{actor.id}` may {verb}"


def unknown(setting: Setting, what: str) -> CannotTell:
    """That an act names what is not known before it."""
    return CannotTell(
        clause=_BREACH,
        subject=setting.account_id,
        missing=(what,),
        explanation=f"{what} is not known before this instant",
        check="people",
    )
