"""A past with an index: identifiers, sessions and approvals answer as a ledger would."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import evolve, field, frozen

from policyenforce.checks.account_sharing.kept import Kept
from policyenforce.checks.account_sharing.observed import SESSIONS, taken_in
from policyenforce.checks.context import Context
from policyenforce.checks.multiple_accounts.identifiers import identifier_marks, marks_of_approval
from policyenforce.checks.table import Check
from policyenforce.evaluation import further
from policyenforce.model.fact import Fact, marks_of, position_of
from policyenforce.model.facts.registration import (
    AccountOpened,
    ApplicationReceived,
    ApprovalGranted,
    ApprovalRevoked,
    UserKind,
)
from policyenforce.model.findings import CannotTell, Finding
from policyenforce.model.lifecycles import accounts_after, application_after
from policyenforce.model.outcome import History
from policyenforce.model.questions import OWN_USER, Holder, Mark, Question, Wants
from policyenforce.model.standing import AccountState, Standing
from policyenforce.policy.load import load_rules
from policyenforce.policy.rules import HouseRules

START = datetime(2019, 10, 7, 9, tzinfo=UTC)


def day(number: float) -> datetime:
    """An instant so many days after the start."""
    return START + timedelta(days=number)


@frozen
class Past:
    """The facts recorded so far; ``joined`` says which users are read as which other one."""

    facts: Sequence[Fact]
    rules: HouseRules = field(factory=load_rules)
    joined: dict[str, str] = field(factory=dict)
    change: Callable[[History], History] = lambda history: history

    def before(self, fact: Fact) -> list[Fact]:
        seen = (f for f in self.facts if position_of(f) < position_of(fact))
        return sorted(seen, key=position_of)

    def user_of(self, named: str | None) -> str:
        opened = (f for f in self.facts if isinstance(f, AccountOpened))
        user = next((f.user_id for f in opened if f.account_id == named), named or "house")
        return self.joined.get(user, user)

    def marks(self, fact: Fact) -> Iterator[Mark]:
        yield from marks_of(fact)
        yield from identifier_marks(fact, self.user_of(fact.named))
        yield from marks_of_approval(fact, self._granted(fact))

    def _granted(self, fact: Fact) -> ApprovalGranted | None:
        if not isinstance(fact, ApprovalRevoked):
            return None
        grants = (f for f in self.facts if isinstance(f, ApprovalGranted))
        return next(f for f in grants if f.approval_id == fact.approval_id)

    def answer(self, question: Question, fact: Fact) -> tuple[object, ...]:
        own = self.user_of(fact.named)
        value = own if question.value == OWN_USER else question.value
        if question.wants is Wants.SESSIONS:
            return self._sessions(fact)
        if question.wants is Wants.HOLDERS:
            return self._holders(question.kind, value, question.limit, fact)
        if question.kind in ("stream", "account"):
            user = own if question.kind == "stream" else self.user_of(value)
            seen = [f for f in self.before(fact) if self.user_of(f.named) == user]
        else:
            key = (question.kind, value, "fact")
            seen = [
                f
                for f in self.before(fact)
                if key in {(m.kind, m.value, m.role) for m in self.marks(f)}
            ]
        kept = [f for f in seen if not question.of or f.tag in question.of]
        return tuple(kept[-question.limit :])

    def _sessions(self, fact: Fact) -> tuple[Kept, Kept]:
        """As where no other account shares a device or an address."""
        kept = Kept()
        for past in self.before(fact):
            if isinstance(past, SESSIONS) and past.named == fact.named:
                kept = taken_in(kept, past, past.at, {})
        return kept, taken_in(kept, fact, fact.at, {})

    def _holders(self, kind: str, value: str, limit: int, fact: Fact) -> tuple[Holder, ...]:
        found: dict[str, Holder] = {}
        for past in self.before(fact):
            for mark in self.marks(past):
                if (mark.kind, mark.value, mark.role) == (kind, value, "holder"):
                    made = Holder(mark.holder, self.user_of(past.named), position_of(past), past.id)
                    found.setdefault(mark.holder, made)
        return tuple(list(found.values())[:limit])

    def history(self, fact: Fact) -> History:
        history = History(self.user_of(fact.named))
        for past in self.before(fact):
            if self.user_of(past.named) == history.user:
                history = evolve(
                    history,
                    application=application_after(history.application, past),
                    accounts=accounts_after(history.accounts, past),
                )
        return self.change(history)

    def context(self, check: Check, fact: Fact) -> Context:
        user = self.user_of(fact.named)
        answers = {q: self.answer(q, fact) for q in check.asks(fact, self.rules)}
        context = Context(
            now=fact.at,
            terms=self.rules.terms_at(fact.at),
            rules=self.rules,
            standing=Standing(fact.named or "house", user, fact.at, AccountState.OPEN),
            history=self.history(fact),
            subject=user,
            answers=answers,
        )
        while more := further(fact, context, (check,)):
            answers.update((q, self.answer(q, fact)) for q in more)
        return context

    def judge(self, check: Check, fact: Fact) -> tuple[Finding | CannotTell, ...]:
        assert type(fact) in check.reads
        return tuple(check.run(fact, self.context(check, fact)))

    def judge_all(self, check: Check) -> tuple[Finding | CannotTell, ...]:
        """What the check answers to all facts, each with its own past."""
        facts = sorted(self.facts, key=position_of)
        return tuple(a for f in facts if type(f) in check.reads for a in self.judge(check, f))


def reading(**chosen: str) -> HouseRules:
    """The shipped rules under other readings."""
    return evolve(load_rules(), readings={**load_rules().readings, **chosen})


def clauses(answers: Iterable[Finding | CannotTell]) -> list[str]:
    """The clauses found, in the order of the answers."""
    return [a.clause.text for a in answers if isinstance(a, Finding)]


def applied(user: str, at: float = 0, **more: Any) -> ApplicationReceived:
    """An application of a sole trader, its id made from the user's."""
    told: dict[str, Any] = {
        "kind": UserKind.SOLE_TRADER,
        "id": f"apply-{user}",
        "application_id": f"ap-{user}",
        **more,
    }
    return ApplicationReceived(at=day(at), user_id=user, **told)


def opened(account: str, user: str, at: float = 1, **more: Any) -> AccountOpened:
    """An account of a user."""
    return AccountOpened(id=f"open-{account}", at=day(at), user_id=user, account_id=account, **more)
