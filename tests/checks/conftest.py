"""A check run as the enforcer would run it: facts recorded before, its questions answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from attrs import evolve, frozen

from policyenforce.checks.context import Context
from policyenforce.checks.table import Check
from policyenforce.model.fact import Fact, marks_of, position_of
from policyenforce.model.facts.registration import AccountOpened
from policyenforce.model.findings import CannotTell, Finding
from policyenforce.model.lifecycles import accounts_after, application_after
from policyenforce.model.outcome import History
from policyenforce.model.questions import Question
from policyenforce.model.standing import AccountState, Standing
from policyenforce.policy.load import load_rules
from policyenforce.policy.rules import HouseRules

NOW = datetime(2020, 6, 1, tzinfo=UTC)


@frozen
class Judged:
    """What a check answered, easy to ask."""

    answers: tuple[Finding | CannotTell, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(a for a in self.answers if isinstance(a, Finding))

    @property
    def clauses(self) -> list[str]:
        """The clauses found, in the order of the answers."""
        return [f.clause.text for f in self.findings]

    @property
    def missing(self) -> dict[str, tuple[str, ...]]:
        """What is missing, by the clause that cannot be told."""
        return {a.clause.text: a.missing for a in self.answers if isinstance(a, CannotTell)}

    def found(self, clause: str) -> Finding:
        """The one finding of a clause."""
        (finding,) = (f for f in self.findings if f.clause.text == clause)
        return finding

    def kinds(self, clause: str) -> dict[str, str]:
        """The evidence of a finding: its kind, and which way it bears."""
        return {e.kind: e.bearing.value for e in self.found(clause).evidence}


@frozen
class _Past:
    """The facts before the one in hand, as a ledger would show them."""

    facts: Sequence[Fact]

    def user_of(self, named: str | None) -> str:
        opened = (f for f in self.facts if isinstance(f, AccountOpened))
        return next((f.user_id for f in opened if f.account_id == named), named or "house")

    def stream(self, named: str | None) -> list[Fact]:
        user = self.user_of(named)
        return [f for f in self.facts if self.user_of(f.named) == user]

    def answer(self, question: Question, fact: Fact) -> tuple[Fact, ...]:
        if question.kind in ("stream", "account"):
            seen = self.stream(question.value)
        else:
            key = (question.kind, question.value)
            seen = [f for f in self.facts if key in {(m.kind, m.value) for m in marks_of(f)}]
        kept = [f for f in seen if not question.of or f.tag in question.of]
        return tuple(kept[-question.limit :])

    def history(self, fact: Fact) -> History:
        history = History(self.user_of(fact.named))
        for past in self.stream(fact.named):
            history = evolve(
                history,
                application=application_after(history.application, past),
                accounts=accounts_after(history.accounts, past),
            )
        return history


def _judge(
    checks: Sequence[Check],
    fact: Fact,
    *before: Fact,
    rules: HouseRules | None = None,
    subject: str | None = None,
    now: datetime = NOW,
) -> Judged:
    rules = rules or load_rules()
    (check,) = (c for c in checks if type(fact) in c.reads)
    past = _Past(sorted((f for f in before if position_of(f) < position_of(fact)), key=position_of))
    history = past.history(fact)
    user = subject or history.user
    context = Context(
        now=now,
        terms=rules.terms_at(fact.at, service=fact.service),
        rules=rules,
        standing=Standing(fact.named or "house", user, fact.at, AccountState.OPEN),
        history=history,
        subject=user,
        answers={q: past.answer(q, fact) for q in check.asks(fact, rules)},
    )
    return Judged(tuple(check.run(fact, context)))


@pytest.fixture(scope="session")
def judge() -> Callable[..., Judged]:
    """``judge(checks, fact, *facts before it, rules=…)``: what the check answers."""
    return _judge


@pytest.fixture(scope="session")
def reading() -> Callable[..., HouseRules]:
    """``reading(T12="nowhere")``: the shipped rules under other readings."""
    return lambda **chosen: evolve(load_rules(), readings={**load_rules().readings, **chosen})
