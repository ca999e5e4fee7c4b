"""The registration check: who may register, and whether what they tell is true.

Reads applications, amendments, verifications, matches with restriction lists, and the first
content of somebody who is not registered. Clauses 1.2, 2.2, 4.1/s4, 5.1, 5.2, 5.4(d), 5.6(k),
5.8 and 5.11.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from policyenforce.checks.answers import Answer
from policyenforce.checks.context import Context
from policyenforce.checks.registration.eligibility import (
    admitted_by_law,
    for_business,
    of_age,
    registered,
)
from policyenforce.checks.registration.information import amended, told_before, verified
from policyenforce.checks.registration.particulars import (
    empowered,
    principal_place,
    referees_agreed,
    supplied,
)
from policyenforce.checks.registration.restrictions import restricted
from policyenforce.checks.registration.voice import ANSWERS
from policyenforce.checks.table import Check
from policyenforce.model.fact import Fact
from policyenforce.model.facts.content import ContentSubmitted
from policyenforce.model.facts.dealings import InformationVerified, RestrictionMatched
from policyenforce.model.facts.registration import ApplicationReceived, DetailsAmended
from policyenforce.model.findings import Finding
from policyenforce.model.questions import Question
from policyenforce.policy.rules import HouseRules
from policyenforce.terms.gates import Trigger

__all__ = ["CHECKS"]

_OF_AN_APPLICATION = (
    of_age,
    admitted_by_law,
    empowered,
    for_business,
    principal_place,
    supplied,
    referees_agreed,
)


def _application(fact: ApplicationReceived, context: Context) -> Iterator[Answer]:
    """Every clause an application can engage; then 4.1/s4, which those findings give a reason."""
    reasons: list[Finding] = []
    for judge in _OF_AN_APPLICATION:
        for answer in judge(fact, context):
            if isinstance(answer, Finding):
                reasons.append(answer)
            yield answer
    if reasons:
        clauses = ", ".join(str(reason.clause) for reason in reasons)
        yield ANSWERS.finding(
            fact,
            "4.1/s4",
            max(reason.confidence for reason in reasons),
            f"The application may be turned down, and {clauses} would be the reason.",
            dict.fromkeys(item for reason in reasons for item in reason.evidence),
            target=fact.application_id or fact.user_id,
            triggers=(Trigger.APPLICATION,),
        )


_BY_FACT: dict[type[Fact], Callable[[Any, Context], Iterator[Answer]]] = {
    ApplicationReceived: _application,
    ContentSubmitted: registered,
    DetailsAmended: amended,
    InformationVerified: verified,
    RestrictionMatched: restricted,
}


def _asks(fact: Fact, rules: HouseRules) -> Iterable[Question]:
    return (told_before(fact),) if isinstance(fact, InformationVerified) else ()


def _run(fact: Fact, context: Context) -> Iterator[Answer]:
    return _BY_FACT[type(fact)](fact, context)


CHECKS = (Check("registration", 1, tuple(_BY_FACT), _run, _asks),)
"""One row: the facts it reads are the keys of its table."""
