"""The conduct check: reported conduct (3, 5.6, 5.7, 5.8, 5.12, 12.6) and gamed feedback (3.6).

A report is as sure as whoever made it; a person's or record's word is attested. A written
permission by an officer (3.2, 1.6) answers the clauses that permission can lift, if it is on
record and covers the account. Feedback about oneself shows by the accounts of the same User.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from policyenforce.checks.answers import Answer
from policyenforce.checks.conduct.feedback import given, relation_asked
from policyenforce.checks.conduct.reports import permission_asked, reported
from policyenforce.checks.conduct.voice import ANSWERS
from policyenforce.checks.context import Context
from policyenforce.checks.table import Check
from policyenforce.model.fact import Fact
from policyenforce.model.facts.content import ContentRevised, ContentSubmitted
from policyenforce.model.facts.dealings import ConductReported
from policyenforce.model.questions import Question
from policyenforce.policy.rules import HouseRules

__all__ = ["CHECKS"]

_BY_FACT: dict[type[Fact], Callable[[Any, Context], Iterator[Answer]]] = {
    ConductReported: reported,
    ContentRevised: given,
    ContentSubmitted: given,
}


_QUESTIONS: dict[type[Fact], Callable[[Any], tuple[Question, ...]]] = {
    ConductReported: permission_asked,
    ContentRevised: relation_asked,
    ContentSubmitted: relation_asked,
}


def _asks(fact: Fact, rules: HouseRules) -> Iterable[Question]:
    return _QUESTIONS[type(fact)](fact)


def _run(fact: Fact, context: Context) -> Iterator[Answer]:
    return _BY_FACT[type(fact)](fact, context)


CHECKS = (Check(ANSWERS.check, ANSWERS.version, tuple(_BY_FACT), _run, _asks),)
"""One row: the facts it reads are the keys of its table."""
