"""Answers that are read when somebody looks at them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from policyenforce.ledger.port import Answer
from policyenforce.model.questions import Question


class Answering(Protocol):
    """What answers one question at a time."""

    def one(self, question: Question, value: str, user: str, before: str) -> Answer:
        """The answer to a single question."""
        ...


class OnDemand(Mapping[Question, Answer]):
    """Where a look-up costs no journey, one that nobody needs is the only cost.

    Good for as long as its transaction lasts.
    """

    def __init__(
        self, transaction: Answering, asked: Mapping[Question, str], user: str, before: str
    ) -> None:
        self._transaction = transaction
        self._asked = asked
        self._user = user
        self._before = before

    def __getitem__(self, question: Question) -> Answer:
        return self._transaction.one(question, self._asked[question], self._user, self._before)

    def __contains__(self, question: object) -> bool:
        return question in self._asked

    def __iter__(self) -> Iterator[Question]:
        return iter(self._asked)

    def __len__(self) -> int:
        return len(self._asked)
