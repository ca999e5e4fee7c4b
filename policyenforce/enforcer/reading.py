"""``Reader``: from stored bytes to values, and from a fact to its evaluation."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any

import orjson
from attrs import NOTHING, evolve, fields

from policyenforce.checks.account_sharing.kept import Kept
from policyenforce.checks.context import Context
from policyenforce.checks.table import Check
from policyenforce.discipline.standing import standing_at
from policyenforce.enforcer.indexing import asked
from policyenforce.errors import FactError
from policyenforce.evaluation import (
    checks_for,
    conclude,
    further,
    is_moot,
    judged,
    questions,
    ready,
    terms_for,
)
from policyenforce.ledger.port import Stored, Transaction
from policyenforce.model.decisions import Decision
from policyenforce.model.fact import FACT_TYPES, Fact
from policyenforce.model.findings import Finding
from policyenforce.model.outcome import History, Outcome
from policyenforce.model.questions import Holder, Question, Wants
from policyenforce.model.structuring import canonical, fact_from_json, record_converter
from policyenforce.policy.rules import HouseRules
from policyenforce.privacy.tokens import TokenKeys
from policyenforce.privacy.vault import is_erased, join

_REMEMBERED = 4096
_MANY = 10_000  # facts that bear one key
_NOTHING: dict[object, object] = {str: "", dict[str, str]: {}}
END = "~"  # sorts after every position


class Reader:
    """Turns what the ledger holds into values under one set of house rules."""

    def __init__(
        self,
        rules: HouseRules,
        keys: TokenKeys,
        checks: tuple[Check, ...],
        randomness: Callable[[int], bytes],
    ) -> None:
        self.rules = rules
        self.keys = keys
        self.checks = checks
        self.randomness = randomness
        self._records = record_converter(rules.terms)
        self._histories: OrderedDict[str, tuple[int, History]] = OrderedDict()
        self.read_sessions = ReadSessions()
        self._readied: set[type[Fact]] = set()

    def ready(self, kind: type[Fact]) -> None:
        """Have the checks of this kind of fact make what takes seconds.

        Outside a transaction: whoever else writes would wait for it, and give up.
        """
        if kind not in self._readied:
            ready(kind, self.rules, self.checks)
            self._readied.add(kind)

    def fact(self, stored: Stored) -> Fact:
        """The fact of an entry, its personal part put back where it is not erased.

        Raises IntegrityError for an entry that holds no such thing, and FactError for a fact
        that would be refused today.
        """
        try:
            body = orjson.loads(stored.body)
            personal = orjson.loads(stored.personal) if stored.personal else None
            blank = _blank(body["fact"]) if is_erased(body, personal) else {}
            return fact_from_json({**blank, **join(body, personal)})
        except (AttributeError, KeyError, TypeError, ValueError):
            raise stored.damaged from None
        except FactError as error:
            raise error.at(stored.place) from None

    def outcome(self, body: bytes) -> Outcome:
        """The outcome of an entry."""
        return self._records.from_record(orjson.loads(body), Outcome)

    def history(self, tx: Transaction, user: str) -> History:
        """The User's folded history; parsed only when it is not the one last seen."""
        row = tx.history(user)
        if row is None:
            return History(user)
        seen = self._histories.get(user)
        if seen is not None and seen[0] == row.version:
            return seen[1]
        history = self._records.from_record(orjson.loads(row.body), History)
        self._remember(user, row.version, history)
        return history

    def keep_history(self, tx: Transaction, history: History, newest: str) -> None:
        """Write the User's folded history, and remember it as what the row now holds.

        ``newest`` is the position of the newest fact folded; where nothing but that is new, the
        rest stays as it is kept.
        """
        user, row = history.user, tx.history(history.user)
        version, seen = row.version if row else 0, self._histories.get(user)
        if seen is not None and seen[0] == version and seen[1] is history:
            tx.put_history(user, newest, None)
        else:
            tx.put_history(user, newest, self.body(history))
            self._remember(user, version + 1, history)

    def _remember(self, user: str, counter: int, history: History) -> None:
        self._histories[user] = (counter, history)
        self._histories.move_to_end(user)
        if len(self._histories) > _REMEMBERED:
            self._histories.popitem(last=False)

    def forget(self) -> None:
        """Drop what was remembered, after a transaction that did not hold."""
        self._histories.clear()

    def body(self, record: Any) -> bytes:
        """The canonical bytes of one of our own records."""
        return canonical(self._records.to_record(record))

    def evaluation(
        self,
        tx: Transaction,
        fact: Fact,
        position: str,
        history: History,
        now: datetime,
        overlay: Mapping[str, Finding] | None = None,
        *,
        traced: bool = False,
        sessions: tuple[object, ...] = (),
    ) -> Callable[[frozenset[str]], Outcome]:
        """Ask, answer, and judge: one read, and more for what that makes the checks ask.

        ``position`` is the fact's own; ``overlay`` holds findings not yet stored, ``sessions``
        what was kept of the account's sessions before it and is with it. With ``traced`` the
        outcome tells every condition looked at. Gives what then tells the outcome, given the
        rules that do nothing by themselves, which no check knows of.
        """
        checks = checks_for(type(fact), self.checks)
        if is_moot(type(fact), checks, sessions):
            return lambda braked: Outcome(fact.id)
        terms = terms_for(fact, self.rules, history)
        every = questions(fact, self.rules, checks)
        likely = [question for check in checks for question in check.likely]
        answers = self._answers(tx, every, likely, position, history.user, overlay, sessions)
        context = Context(
            now=now,
            terms=terms,
            rules=self.rules,
            standing=standing_at(history, fact.named or history.user, fact.at, self.rules),
            history=history,
            subject=history.user,
            answers=answers,
            traced=traced,
        )
        while more := further(fact, context, checks):
            raw = tx.answer(
                asked(more, self.keys, history.user), user=history.user, before=position
            )
            answers.read(raw)
            for question in more:
                if question.wants is Wants.DECISION:
                    found = self._decided(tx, question.value, raw[question], history.user)
                    answers.add(question, found)
        told = judged(fact, context, checks)

        def concluding(braked: frozenset[str]) -> Outcome:
            seen = evolve(context, braked=braked) if braked else context
            return conclude(fact, seen, told.findings, told.cannot_tell, told.errors)

        return concluding

    def _answers(
        self,
        tx: Transaction,
        every: Iterable[Question],
        likely: Sequence[Question],
        position: str,
        user: str,
        overlay: Mapping[str, Finding] | None,
        sessions: tuple[object, ...],
    ) -> _Answers:
        wanted: list[Question] = []
        found = _Answers(self._values)
        for question in every:
            if question.wants is Wants.SESSIONS:
                found.add(question, sessions)
            else:
                wanted.append(question)
        if wanted:
            known = asked(wanted, self.keys, user)
            found.read(tx.answer(known, user=user, before=position, likely=likely))
        if any([question.wants is Wants.FINDING for question in wanted]):
            # INVARIANT: a person's act is about a finding of its own User, however it is folded.
            found.values_of = partial(self._values, overlay=overlay, streams=tx.members(user))
        return found

    def bearing(self, tx: Transaction, kind: str, value: str, *tags: str) -> tuple[Fact, ...]:
        """Every fact that bears a key, oldest first, of these tags or any."""
        question = Question(kind, value, of=tags, limit=_MANY)
        rows = tx.answer([(question, value)], user="", before=END)[question]
        return tuple(self.fact(row) for row in rows if isinstance(row, Stored))

    def finding(self, tx: Transaction, finding_id: str) -> Finding | None:
        """The recorded finding of this id, as its newest outcome has it."""
        question = Question("finding", finding_id, Wants.FINDING)
        raw = tx.answer([(question, finding_id)], user="", before=END)[question]
        return next((f for f in self._values(question, raw) if isinstance(f, Finding)), None)

    def _decided(
        self, tx: Transaction, decision_id: str, rows: Iterable[Stored | Holder], user: str
    ) -> tuple[Decision, ...]:
        """What the newest of these facts made of a decision, if that is another User's.

        INVARIANT: a User's own decisions are known from its history alone, however it is folded.
        """
        mine = tx.members(user)
        bodies = (
            tx.outcome(row.id) for row in rows if isinstance(row, Stored) and row.stream not in mine
        )
        return tuple(
            decision
            for body in bodies
            if body is not None
            for decision in self.outcome(body).decisions
            if decision.id == decision_id
        )

    def _values(
        self,
        question: Question,
        rows: tuple[Stored | Holder, ...],
        overlay: Mapping[str, Finding] | None = None,
        streams: Collection[str] | None = None,
    ) -> tuple[object, ...]:
        if question.wants is Wants.HOLDERS:
            return rows
        if question.wants is not Wants.FINDING:
            return tuple([row if isinstance(row, Holder) else self.fact(row) for row in rows])
        if overlay is not None:
            found = overlay.get(question.value)
            return (found,) if found else ()
        return tuple(
            finding
            for row in rows
            if isinstance(row, Stored) and (streams is None or row.stream in streams)
            for finding in self.outcome(row.body).findings
            if finding.id == question.value
        )


class ReadSessions:
    """What was made of the rows of sessions last seen, good as long as a row is still the same."""

    def __init__(self) -> None:
        self._made: OrderedDict[str, tuple[bytes, Kept]] = OrderedDict()

    def get(self, account: str, row: bytes) -> Kept | None:
        """What this very row holds, if that was made before."""
        known = self._made.get(account)
        return known[1] if known is not None and known[0] == row else None

    def put(self, account: str, row: bytes, kept: Kept) -> None:
        """Remember what a row holds."""
        self._made[account] = (row, kept)
        self._made.move_to_end(account)
        if len(self._made) > _REMEMBERED:
            self._made.popitem(last=False)


class _Answers(Mapping[Question, tuple[object, ...]]):
    """Answers that were read together, each turned into values when a check looks at it.

    What the first of them make a check ask is added to them.
    """

    def __init__(
        self, values_of: Callable[[Question, tuple[Stored | Holder, ...]], tuple[object, ...]]
    ) -> None:
        self.values_of = values_of
        self._raw: dict[Question, Mapping[Question, tuple[Stored | Holder, ...]]] = {}
        self._made: dict[Question, tuple[object, ...]] = {}

    def read(self, raw: Mapping[Question, tuple[Stored | Holder, ...]]) -> None:
        """Take over what answers further questions."""
        self._raw.update(dict.fromkeys(raw, raw))

    def add(self, question: Question, values: tuple[object, ...]) -> None:
        """Answer a further question."""
        self._made[question] = values

    def __getitem__(self, question: Question) -> tuple[object, ...]:
        made = self._made.get(question)
        if made is None:
            made = self._made[question] = self.values_of(question, self._raw[question][question])
        return made

    def get(self, question: Question, default: Any = None) -> Any:
        """As of any mapping; checks ask by this, so that it goes no roundabout way."""
        made = self._made.get(question)
        if made is not None:
            return made
        return self[question] if question in self._raw else default

    def __contains__(self, question: object) -> bool:
        return question in self._made or question in self._raw

    def __iter__(self) -> Iterator[Question]:
        yield from dict.fromkeys((*self._raw, *self._made))

    def __len__(self) -> int:
        return sum(1 for _ in self)


@cache
def _blank(tag: str) -> dict[str, object]:
    """What stands for the erased fields that a kind of fact cannot be without: nothing."""
    kind: Any = FACT_TYPES[tag]
    needed = (a for a in fields(kind) if a.metadata.get("personal"))
    return {a.name: _NOTHING.get(a.type, []) for a in needed if a.default is NOTHING}
