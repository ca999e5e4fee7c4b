"""The ledger in memory: the whole contract, nothing kept after the process ends."""

from __future__ import annotations

import threading
from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import TypeVar

from attrs import evolve

from policyenforce.errors import LedgerError
from policyenforce.ledger import chain, streams
from policyenforce.ledger.memory_state import State, head_of, restoring, row_of, whole
from policyenforce.ledger.port import (
    FACT,
    KINDS,
    Answer,
    Entry,
    Head,
    MarkRow,
    Problem,
    Projected,
    Stored,
)
from policyenforce.model.outcome import Deadline
from policyenforce.model.questions import Holder, Question, Wants

K = TypeVar("K")
V = TypeVar("V")

_position = attrgetter("position")
_UNKNOWN = Projected(0, "", b"")


class MemoryLedger:
    """A ledger for tests, previews and examples; one transaction at a time.

    >>> with MemoryLedger().transaction() as tx:
    ...     tx.bind("a-17", "u-1"), tx.stream_of("a-17")
    (None, 'u-1')
    """

    many_writers = False

    def __init__(self) -> None:
        self._state = State()
        self._turn = threading.RLock()
        self._open = False

    @contextmanager
    def transaction(self) -> Iterator[MemoryTransaction]:
        """Read and write; all of it is kept, or after an exception nothing."""
        with self._turn:
            if self._open:
                raise LedgerError("a transaction of this ledger is already open in this thread")
            made = MemoryTransaction(self._state, writes=True)
            self._open = True
            try:
                yield made
            except BaseException:
                made.undo()
                raise
            finally:
                made.end()
                self._open = False

    @contextmanager
    def reading(self) -> Iterator[MemoryTransaction]:
        """Read only."""
        with self._turn:
            yield MemoryTransaction(self._state, writes=False)

    def verify(self, anchored: Mapping[str, Head] | None = None) -> tuple[Problem, ...]:
        """Check every chain and vault part."""
        with self._turn:
            state = self._state
            rows = (
                row_of(whole(state, entry))
                for stream in sorted(state.chains)
                for entry in state.chains[stream]
            )
            return tuple(chain.problems(rows, anchored))

    def heads(self) -> Mapping[str, Head]:
        """The newest entry of each stream, in stream order."""
        with self._turn:
            chains = sorted(self._state.chains.items())
            return {stream: head for stream, entries in chains if (head := head_of(entries))}

    def head_digest(self) -> str:
        """One SHA-256 over all heads."""
        return chain.digest_of(self.heads())

    def close(self) -> None:
        """Nothing to let go of."""


class MemoryTransaction:
    """Works on the state itself and remembers how to take each change back."""

    def __init__(self, state: State, *, writes: bool) -> None:
        self._state = state
        self._writes = writes
        self._undo: list[Callable[[], object]] = []

    def end(self) -> None:
        """After this, whoever still holds the transaction can change nothing."""
        self._writes = False

    def undo(self) -> None:
        """Take back every change, newest first."""
        while self._undo:
            self._undo.pop()()

    def _put(self, table: dict[K, V], key: K, value: V) -> None:
        self._change(restoring(table, key))
        table[key] = value

    def _drop(self, table: dict[K, V], key: K) -> None:
        if key in table:
            self._change(restoring(table, key))
            del table[key]

    def _change(self, undo: Callable[[], object]) -> None:
        self._writing()
        self._undo.append(undo)

    def _writing(self) -> None:
        if not self._writes:
            raise LedgerError("this transaction only reads")

    def lock(self, streams: Iterable[str]) -> bool:
        """Nothing to do: there is one transaction at a time."""
        return False

    def stream_of(self, named: str) -> str | None:
        return self._state.holders.get(named)

    def bind(self, named: str, user: str) -> str | None:
        previous = self._state.holders.get(named)
        self._put(self._state.holders, named, user)
        return previous if previous != user else None

    def members(self, user: str) -> tuple[str, ...]:
        return streams.members(user, lambda one: self._state.members.get(one, ()))

    def join(self, user: str, other: str) -> None:
        joined = self._state.members.get(user, frozenset())
        self._put(self._state.members, user, joined | {other})

    def separate(self, user: str, other: str) -> None:
        joined = self._state.members.get(user, frozenset())
        self._put(self._state.members, user, joined - {other})

    def known(self, fact_id: str) -> Stored | None:
        fact = self._state.facts.get(fact_id)
        return None if fact is None else whole(self._state, fact)

    def outcome(self, fact_id: str) -> bytes | None:
        outcomes = self._state.outcomes.get(fact_id)
        return outcomes[-1].body if outcomes else None

    def history(self, user: str) -> Projected | None:
        return self._state.histories.get(user)

    def put_history(self, user: str, newest: str, body: bytes | None) -> None:
        version, _, before = self._state.histories.get(user, _UNKNOWN)
        kept = (version, before) if body is None else (version + 1, body)
        self._put(self._state.histories, user, Projected(kept[0], newest, kept[1]))

    def sessions(self, account: str) -> bytes | None:
        kept = self._state.sessions.get(account)
        return None if kept is None else kept[1]

    def put_sessions(self, account: str, stream: str, body: bytes) -> None:
        self._put(self._state.sessions, account, (stream, body))

    def newest(self, users: Iterable[str]) -> Mapping[str, str]:
        histories = self._state.histories
        return {user: histories[user][1] for user in users if user in histories}

    def nothing_after(self, position: str) -> bool:
        return False

    def answer(
        self,
        questions: Iterable[tuple[Question, str]],
        *,
        user: str,
        before: str,
        likely: Sequence[Question] = (),
    ) -> Mapping[Question, Answer]:
        return {
            question: self._answer(question, value, user, before) for question, value in questions
        }

    def _answer(self, question: Question, value: str, user: str, before: str) -> Answer:
        if question.wants is Wants.FINDING:
            return self._finding(value, before)
        if question.wants is Wants.HOLDERS:
            return self._holders(question, value, before)
        if question.kind == "stream":
            return self._newest_facts(question, self._placed(user), before)
        if question.kind == "account":
            other = self.stream_of(value) or value
            return self._newest_facts(question, self._placed(other), before)
        rows = self._state.marks.get((question.kind, value, "fact"), {}).values()
        facts = (self._state.facts.get(row.fact_id) for row in rows)
        return self._newest_facts(question, filter(None, facts), before)

    def _newest_facts(self, question: Question, facts: Iterable[Stored], before: str) -> Answer:
        seen = [
            fact
            for fact in facts
            if fact.position < before and (not question.of or fact.tag in question.of)
        ]
        seen.sort(key=_position)
        newest = seen[max(0, len(seen) - question.limit) :]
        return tuple(whole(self._state, fact) for fact in newest)

    def _holders(self, question: Question, value: str, before: str) -> Answer:
        rows = self._state.marks.get((question.kind, value, "holder"), {}).values()
        seen = sorted(
            (row.position, row.holder, row.user, row.fact_id)
            for row in rows
            if row.position < before
        )
        return tuple(
            Holder(holder, self._state.holders.get(user, user), position, fact_id)
            for position, holder, user, fact_id in seen[: question.limit]
        )

    def _finding(self, value: str, before: str) -> Answer:
        rows = self._state.marks.get(("finding", value, "fact"), {}).values()
        for row in sorted(rows, key=_position):
            outcomes = self._state.outcomes.get(row.fact_id)
            if row.position < before and outcomes and value.encode() in outcomes[-1].body:
                return (whole(self._state, outcomes[-1]),)
        return ()

    def _placed(self, user: str) -> Iterator[Stored]:
        for stream in self.members(user):
            yield from self._state.placed.get(stream, ())

    def append(self, entries: Sequence[Entry], marks: Sequence[MarkRow]) -> None:
        self._writing()
        state = self._state
        chain.check(entries, self._stream_of_fact)
        rows, _ = chain.link(entries, lambda stream: head_of(state.chains.get(stream, [])))
        for row in rows:
            self._append(chain.stored(row))
        for mark in marks:
            self._mark(mark)

    def _stream_of_fact(self, fact_id: str) -> str | None:
        fact = self._state.facts.get(fact_id)
        return fact.stream if fact else None

    def _append(self, entry: Stored) -> None:
        state, name = self._state, (entry.kind, entry.id)
        if name in state.ids:
            raise LedgerError(f"`{entry.id}` is in the history already", where=entry.stream)
        self._change(lambda: state.ids.discard(name))
        state.ids.add(name)
        if entry.personal is not None and entry.salt is not None:
            self._put(state.vault, (entry.stream, entry.seq), (entry.personal, entry.salt))
        bare = evolve(entry, personal=None, salt=None)
        self._grow(state.chains, entry.stream, bare)
        if entry.kind != FACT:
            self._grow(state.outcomes, entry.fact_id, bare)
            return
        self._put(state.facts, entry.id, bare)
        placed = state.placed.setdefault(entry.stream, [])
        insort(placed, bare, key=_position)
        self._change(lambda: placed.remove(bare))

    def _grow(self, table: dict[str, list[Stored]], key: str, entry: Stored) -> None:
        grown = table.setdefault(key, [])
        grown.append(entry)
        self._change(grown.pop)

    def _mark(self, mark: MarkRow) -> None:
        rows = self._state.marks.setdefault((mark.kind, mark.value, mark.role), {})
        known = rows.get(mark.holder)
        if known is None or mark.position < known.position:
            self._put(rows, mark.holder, mark)

    def unmark(self, marks: Iterable[MarkRow]) -> None:
        self._writing()
        for mark in marks:
            self._drop(self._state.marks.get((mark.kind, mark.value, mark.role), {}), mark.holder)

    def bearers(self, keys: Iterable[tuple[str, str]], *, after: str, cap: int) -> frozenset[str]:
        found: set[str] = set()
        for kind, value in keys:
            for role in ("fact", "holder"):
                for row in self._state.marks.get((kind, value, role), {}).values():
                    found.add(self._state.holders.get(row.user, row.user))
        newer = (user for user, newest in self.newest(found).items() if newest > after)
        return frozenset(sorted(newer)[:cap])

    def tally(self, kind: str, value: str, *, after: str, cap: int) -> int:
        rows = self._state.marks.get((kind, value, "holder"), {}).values()
        return sum(1 for _ in islice((row for row in rows if row.position > after), cap))

    def count_facts(self, tags: Iterable[str], *, after: str, cap: int) -> int:
        facts = self._state.facts.values()
        return sum(
            sum(1 for _ in islice((f for f in facts if f.tag == tag and f.position > after), cap))
            for tag in tags
        )

    def facts(
        self, user: str, *, start: str = "", known_at: datetime | None = None
    ) -> Iterator[Stored]:
        for fact in sorted(self._placed(user), key=_position):
            if fact.position >= start and (known_at is None or fact.recorded_at <= known_at):
                yield whole(self._state, fact)

    def outcomes(self, user: str, *, known_at: datetime | None = None) -> Mapping[str, Stored]:
        found: dict[str, Stored] = {}
        for fact in self._placed(user):
            for entry in self._state.outcomes.get(fact.id, ()):
                if known_at is None or entry.recorded_at <= known_at:
                    found[fact.id] = entry
        return found

    def deadlines(self, until: datetime) -> tuple[Deadline, ...]:
        due = (d for d, done in self._state.deadlines.values() if not done and d.due_at <= until)
        return tuple(sorted(due, key=lambda d: (d.due_at, d.id)))

    def put_deadlines(self, deadlines: Iterable[Deadline]) -> None:
        self._writing()
        for deadline in deadlines:
            _, done = self._state.deadlines.get(deadline.id, (deadline, False))
            if not done:
                self._put(self._state.deadlines, deadline.id, (deadline, False))

    def done_deadline(self, deadline_id: str) -> None:
        self._writing()
        kept = self._state.deadlines.get(deadline_id)
        if kept is not None:
            self._put(self._state.deadlines, deadline_id, (kept[0], True))

    def fingerprints(self) -> Mapping[str, str]:
        return dict(self._state.fingerprints)

    def put_fingerprints(self, fingerprints: Mapping[str, str]) -> None:
        self._clear(self._state.fingerprints)
        for key_id, fingerprint in fingerprints.items():
            self._put(self._state.fingerprints, key_id, fingerprint)

    def erase_personal(self, user: str) -> int:
        self._writing()
        vault, mine = self._state.vault, set(self.members(user))
        erased = [place for place in vault if place[0] in mine]
        for place in erased:
            self._drop(vault, place)
        sessions = self._state.sessions
        for account in [name for name, (stream, _) in sessions.items() if stream in mine]:
            self._drop(sessions, account)
        return len(erased)

    def users(self) -> Iterator[str]:
        yield from sorted(self._state.histories)

    def counts(self) -> Mapping[str, int]:
        made = Counter(kind for kind, _ in self._state.ids)
        return {
            **{kind: made[kind] for kind in KINDS},
            "streams": sum(1 for entries in self._state.chains.values() if entries),
            "users": len(self._state.histories),
        }

    def all_facts(self) -> Iterator[Stored]:
        for fact in sorted(self._state.facts.values(), key=_position):
            yield whole(self._state, fact)

    def marks(self) -> Iterator[MarkRow]:
        for rows in self._state.marks.values():
            yield from rows.values()

    def clear_projections(self) -> None:
        self._clear(self._state.marks)
        self._clear(self._state.holders)
        self._clear(self._state.members)
        self._clear(self._state.sessions)

    def _clear(self, table: dict[K, V]) -> None:
        kept = dict(table)
        self._change(lambda: table.update(kept))
        table.clear()
