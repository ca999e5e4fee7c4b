"""From rows of the store to answers: the shape that each question wants."""

from __future__ import annotations

from typing import Any

from policyenforce.ledger import chain
from policyenforce.ledger.port import Answer
from policyenforce.model.questions import Holder, Question, Wants


def shaped(question: Question, value: str, found: list[list[Any]]) -> Answer:
    """The answer to a question, of the rows that each of its statements found."""
    if question.wants is Wants.FINDING:
        return _holding(value, found[0])
    if question.wants is Wants.HOLDERS:
        return tuple(map(Holder._make, found[0]))
    if not any(found):
        return ()
    newest = by_position([rows[::-1] for rows in found if rows])
    return tuple(map(chain.stored, newest[max(0, len(newest) - question.limit) :]))


def _holding(value: str, rows: list[Any]) -> Answer:
    """The newest outcome of the first fact whose newest outcome holds the finding."""
    newest = {(row[0], row[5]): row for row in reversed(rows)}
    for row in reversed(newest.values()):
        if value.encode() in row[8]:
            return (chain.stored(row),)
    return ()


def by_position(found: list[list[Any]]) -> list[Any]:
    """The rows of several answers, each in order of position, in that order together."""
    if len(found) == 1:
        return found[0]
    return sorted([row for rows in found for row in rows], key=lambda row: row[5])
