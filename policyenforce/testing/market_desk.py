"""A scene at the desk: a case that is handed on, money that is kept back, a rule taken back."""

from __future__ import annotations

from decimal import Decimal

from policyenforce.model.decisions import Status
from policyenforce.model.facts.content import Content, ContentSubmitted
from policyenforce.model.facts.dealings import Money
from policyenforce.model.facts.procedure import (
    Actor,
    CaseAct,
    CaseHandled,
    ConflictDeclared,
    DecisionReversed,
    MeasureKind,
    NoticeDeferred,
    ProtectionLifted,
    ProtectionOrdered,
)
from policyenforce.testing.market_stage import MODERATOR, SENIOR, Stage, clock, decision

_LEGAL = Actor("legal-moreau", roles=("legal",))


def at_the_desk(stage: Stage) -> None:
    """A hint comes by telephone; a listing is taken down by a rule that is found to be too wide."""
    account = stage.member("sorrel", "09-12 15:00")
    opened = stage.tell(
        CaseHandled, "09-18 09:00", account_id=account, act=CaseAct.OPEN, by=MODERATOR,
        reason="a hint by telephone", to=MODERATOR.id,
    )  # fmt: skip
    case = opened.cases[0].id
    stage.tell(
        ConflictDeclared, "09-18 09:30", account_id=account, person=MODERATOR.id, by=MODERATOR,
        reason="a former employer",
    )  # fmt: skip
    stage.tell(
        CaseHandled, "09-18 10:00", account_id=account, case_id=case, act=CaseAct.ASSIGN,
        by=SENIOR, reason="the first has an interest", to=SENIOR.id,
    )  # fmt: skip
    stage.tell(
        CaseHandled, "09-18 10:10", account_id=account, case_id=case, act=CaseAct.SNOOZE,
        by=SENIOR, reason="the bank answers on Monday", until=clock("09-23 09:00"),
    )  # fmt: skip
    held = stage.tell(
        ProtectionOrdered, "09-18 10:20", account_id=account, measure=MeasureKind.PAUSE_PAYOUTS,
        basis="2.3", until=clock("09-24 10:20"), by=SENIOR, reason="until the bank has answered",
        amount=Money(Decimal("820.00"), "USD"),
    )  # fmt: skip
    stage.tell(
        ProtectionLifted, "09-20 16:00", account_id=account, measure_id=held.measures[0].id,
        by=SENIOR, reason="the bank has answered",
    )  # fmt: skip
    content = Content(content_id="c-sorrel", title="Bag", description="AAA quality handbags.")
    taken = stage.tell(ContentSubmitted, "09-25 09:00", account_id=account, content=content)
    made = decision(taken, Status.IN_FORCE)
    stage.tell(
        NoticeDeferred, "09-25 09:30", account_id=account, decision_id=made.id,
        until=clock("09-27 09:30"), legal_reason="an investigation asks for it", by=_LEGAL,
        reason="letter of 24 September",
    )  # fmt: skip
    stage.tell(
        DecisionReversed, "09-28 12:00", account_id=account, decision_id=made.id,
        plan="reversal-0000000000000000", by=SENIOR, reason="the rule was too wide that day",
    )  # fmt: skip
