"""``Desk``: what people do, each act a fact of its own and one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from secrets import token_bytes
from types import TracebackType
from typing import TypeVar

from policyenforce.checks.listing import CHECKS
from policyenforce.checks.table import Check
from policyenforce.enforcer import acts
from policyenforce.enforcer.events import Events
from policyenforce.enforcer.instants import aware
from policyenforce.enforcer.reading import Reader
from policyenforce.enforcer.recording import record as record_in
from policyenforce.errors import ConflictError, InputError, RoleError, UnknownError
from policyenforce.ledger.port import Ledger, Transaction
from policyenforce.model.decisions import Decision
from policyenforce.model.fact import Fact
from policyenforce.model.facts.dealings import Money
from policyenforce.model.facts.procedure import (
    Actor,
    AppealResult,
    CaseAct,
    ChosenAction,
    MeasureKind,
    Verdict,
)
from policyenforce.model.outcome import Case, History, Outcome
from policyenforce.policy.rules import HouseRules
from policyenforce.privacy.tokens import TokenKeys
from policyenforce.terms.gates import Standard

W = TypeVar("W", Verdict, AppealResult, MeasureKind)
_SENTENCES = "give a list of plain sentences, one for each thing that links them"


class Desk:
    """What people decide about findings, decisions, cases and appeals.

    An act that cannot apply raises, and nothing of it is kept.
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

    def decision(self, decision_id: str) -> Decision:
        """The newest revision of a decision; raises UnknownError."""
        return self._decided(decision_id)[0]

    def decisions(self) -> Iterator[Decision]:
        """The newest revision of every decision."""
        with self.ledger.reading() as tx:
            for user in self._heads(tx):
                yield from self._reader.history(tx, user).decisions

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
        _require_words(actions)
        return self._act(acts.verdict(account, decision_id, said, by, reason, now, tuple(actions)))

    def decide(
        self,
        case_id: str,
        *,
        by: Actor,
        reason: str,
        now: datetime,
        finding_id: str | None = None,
        standard: Standard = Standard.FACT,
        actions: Sequence[ChosenAction] = (),
    ) -> Outcome:
        """A person decides a case by hand, or without ``actions`` closes it without more.

        ``actions`` stand in the place of the house's answer to one finding of the case, on which
        the person reaches the standard; ``finding_id`` may be left out where there is but one.
        """
        account = self._account_of("waiting", case_id)
        if not actions:
            return self._act(acts.closure(account, case_id, by, reason, now))
        _require_words(actions)
        waiting = next(c for c in self._history(account).cases if c.id == case_id).finding_ids
        chosen = finding_id or (waiting[0] if len(waiting) == 1 else None)
        if chosen not in waiting:
            raise InputError("say which finding of the case", hint=", ".join(waiting) or "none")
        return self._act(
            acts.confirmation(account, chosen, standard, by, reason, now, tuple(actions))
        )

    def open_case(
        self, account_id: str, *, by: Actor, reason: str, now: datetime, to: str | None = None
    ) -> Outcome:
        """A person opens a case on an account, for itself or for somebody.

        Raises UnknownError for an account no fact has named.
        """
        self._require_known(account_id)
        return self._act(acts.handling(account_id, None, CaseAct.OPEN, by, reason, now, to))

    def assign(self, case_id: str, to: str, *, by: Actor, reason: str, now: datetime) -> Outcome:
        """A case is somebody's from now on: nobody else decides in it."""
        account = self._account_of("waiting", case_id)
        return self._act(acts.handling(account, case_id, CaseAct.ASSIGN, by, reason, now, to))

    def snooze(
        self, case_id: str, until: datetime, *, by: Actor, reason: str, now: datetime
    ) -> Outcome:
        """A case rests until an instant; it comes back by itself."""
        account = self._account_of("waiting", case_id)
        act = acts.handling(
            account, case_id, CaseAct.SNOOZE, by, reason, now, until=aware(until, "until")
        )
        return self._act(act)

    def declare_conflict(
        self, account_id: str, person: str, *, by: Actor, reason: str, now: datetime
    ) -> Outcome:
        """Somebody has an interest in a User, and takes no part in what is decided on it.

        Raises UnknownError for an account no fact has named.
        """
        self._require_known(account_id)
        return self._act(acts.conflict(account_id, person, by, reason, now))

    def protect(
        self,
        account_id: str,
        measure: str | MeasureKind,
        *,
        basis: str,
        until: datetime,
        by: Actor,
        reason: str,
        now: datetime,
        target: str | None = None,
        amount: Money | None = None,
    ) -> Outcome:
        """A person orders a protective measure, with its basis and its end; it blames nobody.

        Raises UnknownError for an account no fact has named.
        """
        kind = _word(MeasureKind, measure)
        self._require_known(account_id)
        return self._act(
            acts.protection(
                account_id, kind, basis, aware(until, "until"), by, reason, now, target, amount
            )
        )

    def lift(
        self, account_id: str, measure_id: str, *, by: Actor, reason: str, now: datetime
    ) -> Outcome:
        """A person ends a protective measure before its time."""
        return self._act(acts.lifting(account_id, measure_id, by, reason, now))

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
        self._require_known(account_id)
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

    def _act(self, fact: Fact) -> Outcome:
        """Record a person's act, or raise why it cannot apply and keep nothing."""
        return self._acts((fact,))[0]

    def _acts(self, facts: Sequence[Fact]) -> tuple[Outcome, ...]:
        """Record acts that stand or fall together."""
        if any(not getattr(fact, "reason", "none is asked for").strip() for fact in facts):
            raise InputError("a reason is missing", hint="it is kept with what was decided")
        with self._writing() as (tx, events):
            outcomes = []
            for fact in facts:
                outcome = record_in(self._reader, tx, fact, fact.at, events)
                if outcome.cannot_tell and outcome.cannot_tell[0].check == "people":
                    raise UnknownError(outcome.cannot_tell[0].explanation)
                if outcome.errors:
                    kind = RoleError if "role of" in outcome.errors[0] else ConflictError
                    raise kind(outcome.errors[0])
                outcomes.append(outcome)
        return tuple(outcomes)

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

    def _history(self, account_id: str) -> History:
        with self.ledger.reading() as tx:
            return self._reader.history(tx, self._user(tx, account_id))

    def _require_known(self, account_id: str) -> None:
        """Else an act on a mistyped name would be kept, and come to nothing unseen."""
        with self.ledger.reading() as tx:
            self._user(tx, account_id)

    def _user(self, tx: Transaction, account_id: str) -> str:
        user = tx.stream_of(account_id)
        if user is None:
            raise UnknownError(
                f"no fact names account `{account_id}`", hint="record its `account_opened` first"
            )
        return user

    def _writing(self) -> _Writing:
        return _Writing(self._reader, self.ledger)


class _Writing:
    """A writing transaction and its events; what was remembered of one that fails is forgotten."""

    def __init__(self, reader: Reader, ledger: Ledger) -> None:
        self._reader = reader
        self._scope = ledger.transaction()
        self._events = Events()

    def __enter__(self) -> tuple[Transaction, Events]:
        return self._scope.__enter__(), self._events

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._scope.__exit__(kind, error, trace)
        except BaseException:
            self._reader.forget()
            raise
        if error is None:
            self._events.tell()
        else:
            self._reader.forget()


def _require_words(actions: Iterable[ChosenAction]) -> None:
    """Raise InputError for a modification that keeps to itself what the content says since.

    A recorded one may: its words can have been erased.
    """
    if any(action.modifies and not action.after for action in actions):
        raise InputError("`modifies` without what the fields say since", hint="give `after`")


def _word(kind: type[W], said: str) -> W:
    try:
        return kind(said)
    except ValueError:
        words = ", ".join(word.value for word in kind)
        raise InputError(f"unknown word `{str(said)[:40]}`", hint=f"one of: {words}") from None
