"""The cooperation check: what was asked, and not answered in time (5.2/s1, 5.9, 7.5).

It reads the passing of a deadline, the only instant at which silence becomes a fact. A request
about transactions is 7.5, one for registration data 5.2/s1, any other 5.9. An answer after
that cures what was decided; it is nothing to find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, timedelta
from typing import Any

from policyenforce.checks.answers import Answer, Answers, against, in_favour
from policyenforce.checks.context import Context
from policyenforce.checks.table import Check
from policyenforce.model.evidence import Evidence
from policyenforce.model.fact import Fact
from policyenforce.model.facts.dealings import (
    InformationRequested,
    InformationSupplied,
    RequestPurpose,
)
from policyenforce.model.facts.procedure import DeadlinePassed
from policyenforce.model.questions import Question
from policyenforce.policy.rules import HouseRules
from policyenforce.terms.gates import Standard, Trigger

__all__ = ["CHECKS"]

_ANSWERS = Answers("cooperation", 2)
_REQUESTS = 256
_CLAUSES = {RequestPurpose.TRANSACTION: "7.5", RequestPurpose.REGISTRATION: "5.2/s1"}
_OTHERWISE = "5.9"


def _exchange(fact: DeadlinePassed) -> Question:
    """Requests and answers of the User's own stream, the newest of them."""
    return Question(
        "stream",
        fact.account_id,
        of=("information_requested", "information_supplied"),
        limit=_REQUESTS,
    )


def _silence(fact: DeadlinePassed, context: Context) -> Iterator[Answer]:
    exchange = _exchange(fact)
    requests = [
        r for r in context.facts(exchange, InformationRequested) if r.request_id == fact.concerns
    ]
    supplied = [
        s for s in context.facts(exchange, InformationSupplied) if s.request_id == fact.concerns
    ]
    if not requests:
        if supplied or "request" in fact.deadline:
            yield _ANSWERS.cannot_tell(
                fact,
                _OTHERWISE,
                ("information_requested",),
                "the request this deadline belongs to is not on record",
                target=fact.concerns,
            )
        return
    request = requests[-1]
    if any(answer.complete for answer in supplied):
        return
    clause = _CLAUSES.get(request.purpose, _OTHERWISE)
    if request.due_at <= request.at:
        yield _ANSWERS.cannot_tell(
            fact,
            clause,
            ("information_requested.due_at",),
            "the request left no time to answer it",
            target=request.request_id,
        )
        return
    over = request.due_at + timedelta(hours=context.rules.cooperation.answer_grace_hours)
    if min(fact.at, context.now) < over:  # whoever tells of a deadline may tell of it too soon
        yield _ANSWERS.cannot_tell(
            fact,
            clause,
            ("deadline_passed",),
            f"the period of grace ends at {over.astimezone(UTC).isoformat()}",
            target=request.request_id,
        )
        return
    yield _ANSWERS.finding(
        fact,
        clause,
        1.0,
        "Information that was asked for did not come in time.",
        _evidence(fact, request, supplied),
        attested=Standard.FACT,
        target=request.request_id,
        triggers=(Trigger.REQUEST, Trigger.UNANSWERED_REQUEST),
    )


def _evidence(
    fact: DeadlinePassed, request: InformationRequested, supplied: list[InformationSupplied]
) -> Iterator[Evidence]:
    due = request.due_at.astimezone(UTC).date()
    purpose = f"{request.purpose.value} information"
    yield against("requested", f"The platform asked for {purpose} by {due}.", request)
    yield against("unanswered", "No complete answer is on record after that day.", fact)
    if supplied:
        yield in_favour("answered_in_part", "Part of it was supplied.", *supplied)


_BY_FACT: dict[type[Fact], Callable[[Any, Context], Iterator[Answer]]] = {DeadlinePassed: _silence}
_QUESTIONS: dict[type[Fact], Callable[[Any], Question]] = {DeadlinePassed: _exchange}


def _asks(fact: Fact, rules: HouseRules) -> Iterable[Question]:
    return (_QUESTIONS[type(fact)](fact),)


def _run(fact: Fact, context: Context) -> Iterator[Answer]:
    return _BY_FACT[type(fact)](fact, context)


CHECKS = (Check(_ANSWERS.check, _ANSWERS.version, tuple(_BY_FACT), _run, _asks),)
"""One row: the facts it reads are the keys of its table."""
