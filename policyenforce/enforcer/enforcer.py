"""``Enforcer``: the use cases a backend calls; the one place where ledger and evaluation meet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import reduce
from itertools import islice
from secrets import token_bytes
from typing import TypeVar

from policyenforce.checks.listing import CHECKS
from policyenforce.checks.table import Check
from policyenforce.discipline import explanation
from policyenforce.discipline.notice import notice_of, with_sending
from policyenforce.discipline.standing import standing_at
from policyenforce.enforcer import acts
from policyenforce.enforcer.events import Events
from policyenforce.enforcer.folding import as_known, as_recorded, differences
from policyenforce.enforcer.reading import Reader
from policyenforce.enforcer.rebuilding import rebuild
from policyenforce.enforcer.recording import admissible, lock_all
from policyenforce.enforcer.recording import record as record_in
from policyenforce.errors import (
    ConflictError,
    InputError,
    RoleError,
    UnknownError,
)
from policyenforce.ledger.port import Ledger, Transaction
from policyenforce.model.decisions import Decision, Status
from policyenforce.model.fact import Fact
from policyenforce.model.facts.procedure import (
    Actor,
    AppealResult,
    ChosenAction,
    DeadlinePassed,
    NoticeSent,
    Verdict,
)
from policyenforce.model.lifecycles import content_after
from policyenforce.model.outcome import Case, CaseStatus, History, Notice, Outcome
from policyenforce.model.standing import Capability, Permission, Standing
from policyenforce.policy.rules import HouseRules
from policyenforce.privacy.tokens import TokenKeys
from policyenforce.terms.gates import Standard

Clock = datetime | Callable[[Fact], datetime]
W = TypeVar("W", Verdict, AppealResult)
BATCH = 100
_SENTENCES = "give a list of plain sentences, one for each thing that links them"


class _Undone(Exception):
    """Leaves a transaction without keeping anything."""


class Enforcer:
    """Records facts, answers what holds, and carries out what people decide.

    ``now`` is always an argument. Every method that changes something is one transaction.
    ``randomness`` gives the salts of the commitments to what is personal.
    """

    def __init__(
        self,
        ledger: Ledger,
        rules: HouseRules,
        keys: TokenKeys,
        checks: tuple[Check, ...] = CHECKS,
        randomness: Callable[[int], bytes] = token_bytes,
    ) -> None:
        self.ledger = ledger
        self.rules = rules
        self._reader = Reader(rules, keys, checks, randomness)

    def record(self, fact: Fact, *, now: datetime) -> Outcome:
        """Record a fact and what it leads to; the same fact again gives the stored outcome.

        Raises ConflictError for a known id with another body, InputError for a naive ``now``.
        """
        _aware(now)
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
            with self._writing() as (tx, events):
                if self.ledger.many_writers:
                    lock_all(self._reader, tx, chunk)
                outcomes = [
                    record_in(self._reader, tx, fact, _aware(moment(fact)), events)
                    for fact in chunk
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

    def preview(self, fact: Fact, *, now: datetime) -> Outcome:
        """The outcome ``record`` would give; nothing is kept."""
        _aware(now)
        outcome = None
        try:
            with self._writing() as (tx, events):
                outcome = record_in(self._reader, tx, fact, now, events)
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
        _aware(at)
        with self.ledger.reading() as tx:
            user = self._user(tx, account_id)
            if known_at is None:
                history = self._reader.history(tx, user)
            else:
                history = as_known(self._reader, tx, account_id, _aware(known_at))
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

    def confirm(
        self, finding_id: str, standard: Standard, *, by: Actor, reason: str, now: datetime
    ) -> Outcome:
        """A person reaches a standard on a finding; the way from a finding to a ground."""
        account = self._account_of("finding", finding_id)
        return self._act(acts.confirmation(account, finding_id, standard, by, reason, now))

    def refute(self, finding_id: str, *, by: Actor, reason: str, now: datetime) -> Outcome:
        """A person finds that it is not so; grounds that rest on it fall."""
        account = self._account_of("finding", finding_id)
        return self._act(acts.refutation(account, finding_id, by, reason, now))

    def review(
        self,
        decision_id: str,
        verdict: str | Verdict,
        *,
        by: Actor,
        reason: str,
        now: datetime,
        actions: Sequence[ChosenAction] = (),
    ) -> Outcome:
        """A person approves, amends or rejects a proposed decision."""
        account = self._account_of("decided", decision_id)
        said = _word(Verdict, verdict)
        return self._act(acts.verdict(account, decision_id, said, by, reason, now, tuple(actions)))

    def decide(self, case_id: str, *, by: Actor, reason: str, now: datetime) -> Outcome:
        """A person closes a case without more."""
        account = self._account_of("waiting", case_id)
        return self._act(acts.closure(account, case_id, by, reason, now))

    def relate(
        self,
        account_id: str,
        decision_id: str,
        *,
        actions: Sequence[ChosenAction],
        evidence: Sequence[str],
        by: Actor,
        reason: str,
        now: datetime,
    ) -> Outcome:
        """A person extends a decision to a related account, on stated evidence (6.2(i), T8).

        Raises InputError for evidence that is no sentence, UnknownError for an account no fact
        has named, ConflictError for the very account that was decided on.
        """
        if isinstance(evidence, str) or not evidence or not all(e.strip() for e in evidence):
            raise InputError("the evidence that accounts are related is missing", hint=_SENTENCES)
        decision = self.decision(decision_id)
        with self.ledger.reading() as tx:
            self._user(tx, account_id)
        if account_id == decision.account_id:
            raise ConflictError(f"decision {decision_id} is about this account itself")
        if not decision.in_force:
            raise ConflictError(f"decision {decision_id} does not bind, so nothing follows from it")
        return self._act(
            acts.relation(account_id, decision, tuple(actions), tuple(evidence), by, reason, now)
        )

    def appeal(self, decision_id: str, *, now: datetime, statement: str | None = None) -> Outcome:
        """The Member asks for another look at a decision."""
        account = self._account_of("decided", decision_id)
        return self._act(acts.appeal(account, decision_id, statement, now))

    def decide_appeal(
        self,
        decision_id: str,
        result: str | AppealResult,
        *,
        by: Actor,
        reason: str,
        now: datetime,
        clauses: Sequence[str] = (),
    ) -> Outcome:
        """Somebody who did not take the decision decides its grounds."""
        decision = self.decision(decision_id)
        if decision.appeal_id is None:
            raise ConflictError(f"no appeal against {decision_id} is open")
        said = _word(AppealResult, result)
        return self._act(acts.hearing(decision, said, tuple(clauses), by, reason, now))

    def due(self, *, now: datetime) -> tuple[Outcome, ...]:
        """What time alone has brought: each passed deadline is recorded once, however late.

        Nothing starts before ``now``.
        """
        _aware(now)
        outcomes = []
        with self._writing() as (tx, events):
            for deadline in tx.deadlines(now):
                known = tx.known(deadline.id)
                if known is None or known.tag != DeadlinePassed.tag:  # else it has been told
                    fact = acts.passed(deadline, id_is_taken=known is not None)
                    outcomes.append(record_in(self._reader, tx, fact, now, events))
                tx.done_deadline(deadline.id)
        return tuple(outcomes)

    def explain(self, decision_id: str) -> tuple[str, ...]:
        """Why a decision is what it is, line by line; raises UnknownError."""
        return explanation.explain(self.decision(decision_id), self.rules)

    def decision(self, decision_id: str) -> Decision:
        """The newest revision of a decision; raises UnknownError."""
        return self._decided(decision_id)[0]

    def notice(self, decision_id: str) -> Notice:
        """The notice of a decision that binds; raises NoticeError when a field is missing."""
        decision, history = self._decided(decision_id)
        if decision.status is Status.PROPOSED:
            raise ConflictError(f"decision {decision_id} is only proposed; nothing to notify yet")
        with self.ledger.reading() as tx:
            sent = self._reader.bearing(tx, "decision", decision_id, NoticeSent.tag)
        return with_sending(notice_of(decision, history, self.rules), sent, self.rules)

    def history(self, account_id: str) -> History:
        """All that an account's standing is folded from; raises UnknownError."""
        with self.ledger.reading() as tx:
            return self._reader.history(tx, self._user(tx, account_id))

    def content(self, content_id: str) -> Mapping[str, str]:
        """The state of each known revision of a piece of User Content: such as shown or removed."""
        with self.ledger.reading() as tx:
            facts = self._reader.bearing(tx, "content", content_id)
        return reduce(content_after, facts, {})

    def cases(self) -> Iterator[Case]:
        """Every case that waits for a person."""
        with self.ledger.reading() as tx:
            for user in self._heads(tx):
                for case in self._reader.history(tx, user).cases:
                    if case.status is CaseStatus.OPEN:
                        yield case

    def decisions(self) -> Iterator[Decision]:
        """The newest revision of every decision."""
        with self.ledger.reading() as tx:
            for user in self._heads(tx):
                yield from self._reader.history(tx, user).decisions

    def stale(self) -> Iterator[tuple[str, str]]:
        """Users whose projected history is not what their facts give, and in which part."""
        with self.ledger.reading() as tx:
            for user in self._heads(tx):
                folded = as_recorded(self._reader, tx, user)
                for part in differences(self._reader.history(tx, user), folded.history):
                    yield user, part
                if tx.newest((user,)).get(user) != folded.newest:
                    yield user, "newest"

    def rebuild(self) -> int:
        """Compute every projection again from the entries; how many histories differed."""
        self._reader.forget()
        with self._writing() as (tx, _):
            return rebuild(self._reader, tx)

    def close(self) -> None:
        """Let go of the ledger."""
        self.ledger.close()

    def _act(self, fact: Fact) -> Outcome:
        """Record a person's act, or raise why it cannot apply and keep nothing."""
        if not getattr(fact, "reason", "none is asked for").strip():
            raise InputError("a reason is missing", hint="it is kept with what was decided")
        with self._writing() as (tx, events):
            outcome = record_in(self._reader, tx, fact, fact.at, events)
            if outcome.cannot_tell and outcome.cannot_tell[0].check == "people":
                raise UnknownError(outcome.cannot_tell[0].explanation)
            if outcome.errors:
                kind = RoleError if "role of" in outcome.errors[0] else ConflictError
                raise kind(outcome.errors[0])
        return outcome

    def _decided(self, decision_id: str) -> tuple[Decision, History]:
        with self.ledger.reading() as tx:
            for user in sorted(tx.bearers((("decided", decision_id),), after="", cap=2)):
                history = self._reader.history(tx, user)
                decision = history.decision(decision_id)
                if decision is not None:
                    return decision, history
        raise UnknownError(f"no decision `{decision_id}`")

    def _account_of(self, kind: str, record_id: str) -> str:
        """The account a finding, decision or case is about; raises UnknownError."""
        with self.ledger.reading() as tx:
            users = sorted(tx.bearers(((kind, record_id),), after="", cap=2))
            for user in users:
                history = self._reader.history(tx, user)
                records: tuple[Decision | Case, ...] = (*history.decisions, *history.cases)
                for record in records:
                    if record.id == record_id:
                        return record.account_id
            finding = self._reader.finding(tx, record_id) if kind == "finding" else None
            if finding is not None:
                return finding.subject
        noun = {"decided": "decision", "waiting": "case"}.get(kind, kind)
        raise UnknownError(f"no {noun} `{record_id}`")

    def _heads(self, tx: Transaction) -> tuple[str, ...]:
        """The users whose stream is not read as somebody else's."""
        return tuple(user for user in tx.users() if (tx.stream_of(user) or user) == user)

    def _user(self, tx: Transaction, account_id: str) -> str:
        user = tx.stream_of(account_id)
        if user is None:
            raise UnknownError(
                f"no fact names account `{account_id}`", hint="record its `account_opened` first"
            )
        return user

    @contextmanager
    def _writing(self) -> Iterator[tuple[Transaction, Events]]:
        """A writing transaction; what was remembered of one that fails is forgotten."""
        events = Events()
        try:
            with self.ledger.transaction() as tx:
                yield tx, events
        except BaseException:
            self._reader.forget()
            raise
        events.tell()


def _word(kind: type[W], said: str) -> W:
    try:
        return kind(said)
    except ValueError:
        words = ", ".join(word.value for word in kind)
        raise InputError(f"unknown word `{str(said)[:40]}`", hint=f"one of: {words}") from None


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise InputError("`now` has no zone", hint="use `datetime.now(UTC)`")
    return instant
