"""The dealings check: what counts as a breach by 6.3, stolen cards (5.6(d)), affiliates (6.5).

Each limb keeps to its own conditions. 6.3(a) needs a complaint by the other party of that
contract (T9); 6.3(b) and 6.3(c) rest on suspicion; 6.3(d) on bare belief; 6.5 on a notice and
on dishonesty, both of them (T11).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from policyenforce.checks.answers import Answer
from policyenforce.checks.context import Context
from policyenforce.checks.dealings.complaints import (
    complained,
    complaint_asked,
    order_asked,
    resolved,
)
from policyenforce.checks.dealings.deeming import (
    assessed,
    challenged,
    flagged,
    notified,
    order_paid,
    told_asked,
)
from policyenforce.checks.dealings.voice import ANSWERS
from policyenforce.checks.table import Check
from policyenforce.model.fact import Fact
from policyenforce.model.facts.dealings import (
    AffiliateNoticeReceived,
    ComplaintReceived,
    ComplaintResolved,
    InformationChallenged,
    LossRiskAssessed,
    PaymentFlagged,
)
from policyenforce.model.questions import Question
from policyenforce.policy.rules import HouseRules

__all__ = ["CHECKS"]

_BY_FACT: dict[type[Fact], Callable[[Any, Context], Iterator[Answer]]] = {
    AffiliateNoticeReceived: notified,
    ComplaintReceived: complained,
    ComplaintResolved: resolved,
    InformationChallenged: challenged,
    LossRiskAssessed: assessed,
    PaymentFlagged: flagged,
}


_QUESTIONS: dict[type[Fact], Callable[[Any], tuple[Question, ...]]] = {
    ComplaintReceived: order_asked,
    ComplaintResolved: complaint_asked,
    InformationChallenged: told_asked,
    PaymentFlagged: order_paid,
}


def _asks(fact: Fact, rules: HouseRules) -> Iterable[Question]:
    asked = _QUESTIONS.get(type(fact))
    return asked(fact) if asked else ()


def _run(fact: Fact, context: Context) -> Iterator[Answer]:
    return _BY_FACT[type(fact)](fact, context)


CHECKS = (Check(ANSWERS.check, ANSWERS.version, tuple(_BY_FACT), _run, _asks),)
"""One row: the facts it reads are the keys of its table."""
