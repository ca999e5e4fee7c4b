"""``Context``: all that one evaluation may know, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from attrs import field, frozen

from policyenforce.model.decisions import Decision
from policyenforce.model.fact import Fact
from policyenforce.model.findings import Finding
from policyenforce.model.outcome import History
from policyenforce.model.questions import Holder, Question, Wants
from policyenforce.model.standing import Standing
from policyenforce.policy.rules import HouseRules
from policyenforce.terms.versions import TermsVersion

F = TypeVar("F", bound=Fact)


@frozen
class Context:
    """Values only. ``subject`` is the User's stream; ``now`` is when the platform learns of it.

    ``history`` is what has been folded from the facts before this one.
    """

    now: datetime
    terms: TermsVersion
    rules: HouseRules
    standing: Standing
    history: History
    subject: str
    answers: Mapping[Question, tuple[object, ...]] = field(factory=dict)
    braked: frozenset[str] = frozenset()  # the rules that do nothing by themselves for now
    traced: bool = False  # whether every condition looked at is to be told

    def facts(self, question: Question, *kinds: type[F]) -> tuple[F, ...]:
        """The facts that answer a question, oldest first, of these kinds."""
        return tuple([f for f in self.answers.get(question, ()) if isinstance(f, kinds)])

    def holders(self, question: Question) -> tuple[Holder, ...]:
        """Who bears the key asked for, earliest first."""
        return tuple([h for h in self.answers.get(question, ()) if isinstance(h, Holder)])

    def finding(self, finding_id: str) -> Finding | None:
        """The finding of this id, if it was asked for and exists."""
        found = self.answers.get(Question("finding", finding_id, Wants.FINDING), ())
        return next((f for f in found if isinstance(f, Finding)), None)

    def decided(self, questions: Iterable[Question]) -> Decision | None:
        """The first decision of another User that answers these questions."""
        found = (d for question in questions for d in self.answers.get(question, ()))
        return next((d for d in found if isinstance(d, Decision)), None)
