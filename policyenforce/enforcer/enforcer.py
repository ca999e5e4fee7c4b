"""``Enforcer``: the use cases a backend calls; the one place where ledger and evaluation meet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import reduce
from itertools import islice

from attrs import evolve

from policyenforce.discipline import explanation
from policyenforce.discipline.standing import standing_at
from policyenforce.enforcer import acts
from policyenforce.enforcer.folding import as_known, as_recorded, differences, traced
from policyenforce.enforcer.instants import aware
from policyenforce.enforcer.notices import Notices
from policyenforce.enforcer.plans import Plans
from policyenforce.enforcer.rebuilding import rebuild
from policyenforce.enforcer.recording import admissible, lock_all
from policyenforce.enforcer.recording import record as record_in
from policyenforce.enforcer.sessions import stale_sessions
from policyenforce.model.fact import Fact
from policyenforce.model.facts.procedure import (
    DeadlinePassed,
)
from policyenforce.model.lifecycles import content_after
from policyenforce.model.outcome import Case, CaseStatus, History, Outcome
from policyenforce.model.standing import Capability, Permission, Standing

Clock = datetime | Callable[[Fact], datetime]

BATCH = 100


class _Undone(Exception):
    """Leaves a transaction without keeping anything."""


class Enforcer(Plans, Notices):
    """Records facts, answers what holds, and carries out what people decide.

    ``now`` is always an argument. Every method that changes something is one transaction.
    ``randomness`` gives the salts of the commitments to what is personal.
    """

    def record(self, fact: Fact, *, now: datetime) -> Outcome:
        """Record a fact and what it leads to; the same fact again gives the stored outcome.

        Raises ConflictError for a known id with another body, InputError for a naive ``now``.
        """
        aware(now)
        self._reader.ready(type(fact))
        with self._writing() as (tx, events):
            return record_in(self._reader, tx, fact, now, events)

    def record_many(
        self, facts: Iterable[Fact], *, now: Clock, batch: int = BATCH
    ) -> Iterator[Outcome]:
        """Record facts in order, ``batch`` to a transaction, yielding outcomes as they commit.

        Nothing is recorded before the outcomes are asked for: go through them. ``now`` is an
        instant, or a function of the fact for replaying what happened.
        """
        moment: Callable[[Fact], datetime] = now if callable(now) else lambda _: now
        stream = iter(facts)
        while chunk := tuple(islice(stream, batch)):
            for kind in set(map(type, chunk)):
                self._reader.ready(kind)
            with self._writing() as (tx, events):
                if self.ledger.many_writers:
                    lock_all(self._reader, tx, chunk)
                outcomes = [
                    record_in(self._reader, tx, fact, aware(moment(fact)), events) for fact in chunk
                ]
            yield from outcomes

    def admit(self, facts: Iterable[Fact]) -> None:
        """See that facts could be recorded, recording nothing.

        Raises FactError or TermsError for a clause or time the Terms do not know, and
        ConflictError for a known id with another body.
        """
        with self.ledger.reading() as tx:
            for fact in facts:
                admissible(self._reader, tx, fact)

    def preview(self, fact: Fact, *, now: datetime, trace: bool = False) -> Outcome:
        """The outcome ``record`` would give; nothing is kept.

        With ``trace`` it also tells every condition that was looked at, with its value.
        """
        aware(now)
        self._reader.ready(type(fact))
        outcome = None
        try:
            with self._writing() as (tx, events):
                outcome = record_in(self._reader, tx, fact, now, events)
                if trace:
                    outcome = evolve(outcome, trace=traced(self._reader, tx, fact.id, now))
                raise _Undone
        except _Undone:
            assert outcome is not None  # set before the only raise
            return outcome

    def standing(
        self, account_id: str, *, at: datetime, known_at: datetime | None = None
    ) -> Standing:
        """What holds for an account at an instant: as known now, or as known then.

        Raises UnknownError for an account no fact has named.
        """
        aware(at, "at")
        with self.ledger.reading() as tx:
            user = self._user(tx, account_id)
            if known_at is None:
                history = self._reader.history(tx, user)
            else:
                history = as_known(self._reader, tx, account_id, aware(known_at, "known_at"))
        return standing_at(history, account_id, at, self.rules)

    def may(
        self,
        account_id: str,
        capability: Capability,
        *,
        at: datetime,
        site: str | None = None,
        service: str | None = None,
    ) -> Permission:
        """Whether an account may do something now; says why not when it may not."""
        family = self.rules.terms.versions[-1].family_of(site)
        return self.standing(account_id, at=at).may(capability, family, service)

    def due(self, *, now: datetime) -> tuple[Outcome, ...]:
        """What time alone has brought: each passed deadline is recorded once, however late.

        Nothing starts before ``now``.
        """
        aware(now)
        outcomes = []
        with self._writing() as (tx, events):
            for deadline in tx.deadlines(now):
                known = tx.known(deadline.id)
                if known is None or known.tag != DeadlinePassed.tag:  # else it has been told
                    fact = acts.passed(deadline, id_is_taken=known is not None)
                    outcomes.append(record_in(self._reader, tx, fact, now, events))
                tx.done_deadline(deadline.id)
        return tuple(outcomes)

    def explain(self, decision_id: str, *, trace: bool = False) -> tuple[str, ...]:
        """Why a decision is what it is, line by line, and what would have made it milder.

        With ``trace`` also every condition that was looked at, with its value; raises
        UnknownError.
        """
        decision, history = self._decided(decision_id)
        lines = explanation.explain(decision, self.rules, history)
        if not trace:
            return lines
        with self.ledger.reading() as tx:
            looked_at = traced(self._reader, tx, decision.fact_id, decision.decided_at)
        return (*lines, *map(str, looked_at))

    def history(self, account_id: str) -> History:
        """All that an account's standing is folded from; raises UnknownError."""
        with self.ledger.reading() as tx:
            return self._reader.history(tx, self._user(tx, account_id))

    def content(self, content_id: str) -> Mapping[str, str]:
        """The state of each known revision of a piece of User Content: such as shown or removed."""
        with self.ledger.reading() as tx:
            facts = self._reader.bearing(tx, "content", content_id)
        return reduce(content_after, facts, {})

    def cases(self, *, at: datetime | None = None) -> Iterator[Case]:
        """Every case that waits for a person; with ``at`` but for those that rest then."""
        with self.ledger.reading() as tx:
            for user in self._heads(tx):
                for case in self._reader.history(tx, user).cases:
                    if case.status is CaseStatus.OPEN and not (at and case.rests(at)):
                        yield case

    def stale(self) -> Iterator[tuple[str, str]]:
        """Users whose projected history is not what their facts give, and in which part."""
        with self.ledger.reading() as tx:
            for user in self._heads(tx):
                folded = as_recorded(self._reader, tx, user)
                for part in differences(self._reader.history(tx, user), folded.history):
                    yield user, part
                if tx.newest((user,)).get(user) != folded.newest:
                    yield user, "newest"
                for account in stale_sessions(self._reader, tx, user):
                    yield user, f"sessions of {account}"

    def rebuild(self) -> int:
        """Compute every projection again from the entries; how many histories differed."""
        self._reader.forget()
        with self._writing() as (tx, _):
            return rebuild(self._reader, tx)

    def close(self) -> None:
        """Let go of the ledger."""
        self.ledger.close()
