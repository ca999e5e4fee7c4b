"""Decisions on related accounts follow the decisions about other Users that they rest on (6.2(i)).

A User's history is folded from its own facts alone. So what happens to a decision about one User
is told to those it was carried over to: their facts are evaluated again, and one that says "what
this rests on has fallen" stands in their stream. Its id and its place follow from the fact that
made the decision fall. Whether it has fallen is asked anew whenever that is folded, so a fall that
was only seen on the way, as facts came in another order, leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from policyenforce.discipline.relations import BASIS_FELL, standing_clauses
from policyenforce.discipline.setting import identity
from policyenforce.enforcer.reading import END, Reader
from policyenforce.ledger.port import Stored, Transaction
from policyenforce.model.fact import Fact, position_of
from policyenforce.model.facts.procedure import DeadlinePassed, ReviewRecorded
from policyenforce.model.questions import Question
from policyenforce.terms.references import ClauseRef

_ALL = 10_000  # facts that changed one decision, and accounts that one was carried over to
_NEXT = timedelta(microseconds=1)  # what follows from the fall of a decision sorts after it


def related_users(reader: Reader, tx: Transaction, decisions: frozenset[str]) -> frozenset[str]:
    """The Users to whom these decisions were carried over, and from them to others."""
    found: set[str] = set()
    while decisions:
        fresh = _bearers(tx, decisions) - found
        found |= fresh
        decisions = decided_on(reader, tx, fresh)
    return frozenset(found)


def decided_on(reader: Reader, tx: Transaction, users: Iterable[str]) -> frozenset[str]:
    """The ids of the decisions about these Users."""
    return frozenset([d.id for user in users for d in reader.history(tx, user).decisions])


def resting_on(tx: Transaction, act: ReviewRecorded) -> frozenset[str]:
    """The Users whose decision this act carries over to another one."""
    if act.related_to is None:
        return frozenset()
    return tx.bearers((("decided", act.related_to),), after="", cap=_ALL)


def carried_to(tx: Transaction, decision_ids: Iterable[str]) -> tuple[str, ...]:
    """The Users to whom these decisions were carried over."""
    return tuple(sorted(_bearers(tx, decision_ids)))


def fallen(
    reader: Reader, tx: Transaction, decision_ids: Iterable[str]
) -> Iterator[DeadlinePassed]:
    """What has to be told to related accounts of the fall of these decisions, and is not yet."""
    for decision_id in sorted(decision_ids):
        acts = reader.bearing(tx, "related", decision_id, ReviewRecorded.tag)
        falls = tuple(_falls(reader, tx, decision_id)) if acts else ()
        for act in acts:
            for position, cause in falls:
                if isinstance(act, ReviewRecorded) and position_of(act) < position:
                    told = _told(act.account_id, decision_id, cause)
                    if tx.known(told.id) is None:
                        yield told


def _falls(reader: Reader, tx: Transaction, decision_id: str) -> Iterator[tuple[str, Fact]]:
    """The facts, with their positions, by which a decision lost a ground that could be carried."""
    question = Question("decided", decision_id, limit=_ALL)
    before: frozenset[ClauseRef] = frozenset()
    for row in tx.answer([(question, decision_id)], user="", before=END)[question]:
        if isinstance(row, Stored):
            after = _standing(reader, tx.outcome(row.id), decision_id)
            if before - after:
                yield row.position, reader.fact(row)
            before = after


def _standing(reader: Reader, body: bytes | None, decision_id: str) -> frozenset[ClauseRef]:
    """The clauses that can be carried over once this outcome has come."""
    decisions = () if body is None else reader.outcome(body).decisions
    found = (standing_clauses(d) for d in decisions if d.id == decision_id)
    return next(found, frozenset())


def _told(account_id: str, decision_id: str, cause: Fact) -> DeadlinePassed:
    return DeadlinePassed(
        id=identity("fell", decision_id, cause.id, account_id),
        at=cause.at + _NEXT,
        source="house",
        account_id=account_id,
        deadline=BASIS_FELL,
        concerns=decision_id,
    )


def _bearers(tx: Transaction, decision_ids: Iterable[str]) -> frozenset[str]:
    keys = [("related", decision_id) for decision_id in sorted(decision_ids)]
    return tx.bearers(keys, after="", cap=_ALL) if keys else frozenset()
