"""What the two SQL stores share: one transaction, on a driver's own cursor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NoReturn

from policyenforce.errors import LedgerError
from policyenforce.ledger import chain, streams
from policyenforce.ledger.port import (
    KINDS,
    Answer,
    Entry,
    Head,
    MarkRow,
    Problem,
    Projected,
    Stored,
)
from policyenforce.ledger.remembering import Remembered
from policyenforce.ledger.shaping import by_position, shaped
from policyenforce.ledger.statements import Asked, Statements
from policyenforce.model.fact import microseconds
from policyenforce.model.outcome import Deadline
from policyenforce.model.questions import Holder, Question, Wants

FOREVER = 2**62  # later than any instant, in microseconds since 1970
CHUNK = 500  # rows read at once when the whole history is gone through


class SqlTransaction:
    """Every statement was compiled beforehand; nothing here builds SQL."""

    def __init__(
        self, connection: Any, statements: Statements, remembered: Remembered, *, writes: bool
    ) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self._sql = statements
        self._writes = writes
        self._remembered = remembered
        self._heads = remembered.heads
        self._members = remembered.members
        self._named = remembered.named
        self._histories = remembered.histories
        self._sessions = remembered.sessions
        self.erased = False

    def end(self) -> None:
        """After this, whoever still holds the transaction is refused."""
        self._connection = self._cursor = _OVER

    # How statements run; PostgreSQL does the first two in fewer round trips.

    def _batch(self, asked: Iterable[Asked]) -> list[list[Any]]:
        execute = self._cursor.execute
        return [execute(statement, values).fetchall() for statement, values in asked]

    def _through(self, statement: str) -> Iterator[Any]:
        """All rows of a long answer, a few at a time."""
        # The cursor itself: a generator that is left halfway would close it, and may do so only
        # after the connection is closed.
        rows: Iterator[Any] = self._connection.cursor().execute(statement)
        return rows

    def _all(self, statement: str, *values: object) -> list[Any]:
        found: list[Any] = self._cursor.execute(statement, values).fetchall()
        return found

    def _one(self, statement: str, *values: object) -> Any:
        return self._cursor.execute(statement, values).fetchone()

    def _write(self, statement: str, *values: object) -> None:
        self._writing()
        self._cursor.execute(statement, values)

    def _write_all(self, *work: tuple[str, Sequence[Sequence[object]]]) -> None:
        for statement, rows in work:
            if rows:
                self._cursor.executemany(statement, rows)

    def _writing(self) -> None:
        if not self._writes:
            raise LedgerError("this transaction only reads")

    def lock(self, streams: Iterable[str]) -> bool:
        """Nothing to do where one transaction writes at a time."""
        return False

    # Whose is what.

    def stream_of(self, named: str) -> str | None:
        if named not in self._named:
            row = self._one(self._sql.stream_of, named)
            self._named[named] = None if row is None else row[0]
        return self._named[named]

    def bind(self, named: str, user: str) -> str | None:
        self._writing()
        previous = self.stream_of(named)
        if previous == user:
            return None
        self._write(self._sql.bind, named, user)
        self._named[named] = user
        return previous

    def members(self, user: str) -> tuple[str, ...]:
        known = self._members.get(user)
        if known is None:
            joined = self._sql.joined
            known = streams.members(user, lambda one: [row[0] for row in self._all(joined, one)])
            self._members[user] = known
        return known

    def join(self, user: str, other: str) -> None:
        self._members.clear()
        self._write(self._sql.join, user, other)

    def separate(self, user: str, other: str) -> None:
        self._members.clear()
        self._write(self._sql.separate, user, other)

    # One fact, one history.

    def known(self, fact_id: str) -> Stored | None:
        row = self._one(self._sql.fact, fact_id)
        return None if row is None else chain.stored(row)

    def outcome(self, fact_id: str) -> bytes | None:
        row = self._one(self._sql.outcome, fact_id)
        return None if row is None else row[0]

    def history(self, user: str) -> Projected | None:
        if user not in self._histories:
            row = self._one(self._sql.history, user)
            self._histories[user] = None if row is None else Projected(*row)
        return self._histories[user]

    def put_history(self, user: str, newest: str, body: bytes | None) -> None:
        row = self.history(user)
        if body is not None:
            self._write(self._sql.put_history, user, 1, newest, body)
            self._histories[user] = Projected(row.version + 1 if row else 1, newest, body)
        elif row is not None:
            self._write(self._sql.move_history, newest, user)
            self._histories[user] = Projected(row.version, newest, row.body)

    def sessions(self, account: str) -> bytes | None:
        if account not in self._sessions:
            row = self._one(self._sql.sessions, account)
            self._sessions[account] = None if row is None else row[0]
        return self._sessions[account]

    def put_sessions(self, account: str, stream: str, body: bytes) -> None:
        self._write(self._sql.put_sessions, account, stream, body)
        self._sessions[account] = body

    def newest(self, users: Iterable[str]) -> Mapping[str, str]:
        asked = list(dict.fromkeys(users))
        found = self._batch((self._sql.newest, (user,)) for user in asked)
        return {user: rows[0][0] for user, rows in zip(asked, found, strict=True) if rows}

    def nothing_after(self, position: str) -> bool:
        """Never known where others write at the same time."""
        return False

    # Answers.

    def answer(
        self,
        questions: Iterable[tuple[Question, str]],
        *,
        user: str,
        before: str,
        likely: Sequence[Question] = (),
    ) -> Mapping[Question, Answer]:
        asked = list(questions)
        self._read_whose(value for question, value in asked if question.kind == "account")
        plans = [(q, self._plan(q, value, user, before), value) for q, value in asked]
        found = iter(self._batch(asked for _, plan, _ in plans for asked in plan))
        return {
            question: shaped(question, value, list(islice(found, len(plan))))
            for question, plan, value in plans
        }

    def one(self, question: Question, value: str, user: str, before: str) -> Answer:
        """The answer to a single question."""
        if question.wants is Wants.HOLDERS:
            asked = (question.kind, value, before, question.limit)
            rows = self._cursor.execute(self._sql.holders, asked).fetchall()
            return tuple(map(Holder._make, rows))
        return shaped(question, value, self._batch(self._plan(question, value, user, before)))

    def _read_whose(self, names: Iterable[str]) -> None:
        """Read ahead whose these are, and whether others are read as theirs.

        Most are Users by their own name, of whom one journey tells both.
        """
        named = [name for name in dict.fromkeys(names) if name not in self._named]
        if not named:
            return
        sql, count = self._sql, len(named)
        found = self._batch((told, (n,)) for told in (sql.stream_of, sql.joined) for n in named)
        bound = zip(named, found[:count], strict=True)
        self._named.update((name, rows[0][0] if rows else None) for name, rows in bound)
        self._note_alone(named, found[count:])
        users = [user for name in named if (user := self._named[name]) not in (None, name)]
        if users:
            self._note_alone(users, self._batch((sql.joined, (user,)) for user in users))

    def _note_alone(self, users: Iterable[Any], found: Iterable[list[Any]]) -> None:
        """Nobody else is read as one of these Users where no row says so."""
        for user, joined in zip(users, found, strict=True):
            if not joined:
                self._members.setdefault(user, (user,))

    def _plan(self, question: Question, value: str, user: str, before: str) -> list[Asked]:
        sql, kind = self._sql, question.kind
        if question.wants is Wants.FINDING:
            return [(sql.finding, (value, before))]
        if question.wants is Wants.HOLDERS:
            return [(sql.holders, (kind, value, before, question.limit))]
        tags, end = tuple(dict.fromkeys(question.of)), (before, question.limit)
        if kind in ("stream", "account"):
            whose = user if kind == "stream" else self.stream_of(value) or value
            streams = self.members(whose)
            if not tags:
                return [(sql.newest_facts, (stream, *end)) for stream in streams]
            return [(sql.newest_tagged, (stream, tag, *end)) for stream in streams for tag in tags]
        if not tags:
            return [(sql.newest_marked, (kind, value, *end))]
        pairs = zip(tags[::2], (*tags[1::2], tags[-1]), strict=False)
        return [(sql.newest_marked_tagged, (kind, value, *pair, *end)) for pair in pairs]

    def bearers(self, keys: Iterable[tuple[str, str]], *, after: str, cap: int) -> frozenset[str]:
        found = self._batch((self._sql.bearers, (*key, after, cap)) for key in keys)
        return frozenset(sorted({row[0] for rows in found for row in rows})[:cap])

    def tally(self, kind: str, value: str, *, after: str, cap: int) -> int:
        return len(self._all(self._sql.tally, kind, value, after, cap))

    def count_facts(self, tags: Iterable[str], *, after: str, cap: int) -> int:
        found = self._batch((self._sql.count_facts, (tag, after, cap)) for tag in tags)
        return sum(map(len, found))

    # The history.

    def append(self, entries: Sequence[Entry], marks: Sequence[MarkRow]) -> None:
        self._writing()
        self.lock([entry.stream for entry in entries])
        chain.check(entries, self._stream_of_fact)
        rows, heads = chain.link(entries, self._head)
        self._heads.update(heads)
        vault = [(r.stream, r.seq, r.personal, r.salt) for r in rows if r.personal is not None]
        known = self._remembered
        if known.latest is not None:
            known.latest = max([known.latest, *[row.position for row in rows]])
        self._write_all(
            (self._sql.add_entry, [row[:10] for row in rows]),
            (self._sql.add_vault, vault),
            (self._sql.add_mark, marks),
        )

    def unmark(self, marks: Iterable[MarkRow]) -> None:
        self._writing()
        self._write_all((self._sql.drop_mark, [(m.kind, m.value, m.role, m.holder) for m in marks]))

    def _head(self, stream: str) -> Head | None:
        """Heads are kept: no other writer can move them while this transaction lasts."""
        if stream not in self._heads:
            row = self._one(self._sql.head, stream)
            self._heads[stream] = None if row is None else Head(*row)
        return self._heads[stream]

    def _stream_of_fact(self, fact_id: str) -> str | None:
        row = self._one(self._sql.fact_stream, fact_id)
        return None if row is None else row[0]

    def facts(
        self, user: str, *, start: str = "", known_at: datetime | None = None
    ) -> Iterator[Stored]:
        until = FOREVER if known_at is None else microseconds(known_at)
        mine = self.members(user)
        found = self._batch((self._sql.facts, (stream, start, until)) for stream in mine)
        yield from map(chain.stored, by_position(found))

    def outcomes(self, user: str, *, known_at: datetime | None = None) -> Mapping[str, Stored]:
        until = FOREVER if known_at is None else microseconds(known_at)
        mine = self.members(user)
        found = self._batch((self._sql.outcomes, (stream, until)) for stream in mine)
        made = (chain.stored(row) for rows in found for row in rows)
        return {entry.fact_id: entry for entry in made}

    def all_facts(self) -> Iterator[Stored]:
        keys = self._through(self._sql.fact_keys)
        while chunk := list(islice(keys, CHUNK)):
            for rows in self._batch((self._sql.at_key, tuple(key)) for key in chunk):
                yield chain.stored(rows[0])

    # Deadlines.

    def deadlines(self, until: datetime) -> tuple[Deadline, ...]:
        rows = self._all(self._sql.deadlines, microseconds(until))
        return tuple(
            Deadline(id, account_id, chain.instant(due_at), deadline, concerns)
            for id, account_id, due_at, deadline, concerns in rows
        )

    def put_deadlines(self, deadlines: Iterable[Deadline]) -> None:
        self._writing()
        rows = [
            (d.id, d.account_id, microseconds(d.due_at), d.deadline, d.concerns, 0)
            for d in deadlines
        ]
        self._write_all((self._sql.put_deadline, rows))

    def done_deadline(self, deadline_id: str) -> None:
        self._write(self._sql.done_deadline, deadline_id)

    # The whole.

    def fingerprints(self) -> Mapping[str, str]:
        return {row[0]: row[1] for row in self._all(self._sql.fingerprints)}

    def put_fingerprints(self, fingerprints: Mapping[str, str]) -> None:
        self._write(self._sql.clear_fingerprints)
        self._write_all((self._sql.add_fingerprint, list(fingerprints.items())))

    def erase_personal(self, user: str) -> int:
        erased = 0
        for stream in self.members(user):
            self._write(self._sql.erase, stream)
            erased += self._cursor.rowcount
            self._write(self._sql.erase_sessions, stream)
        self._sessions.clear()
        self.erased = self.erased or erased > 0
        return erased

    def users(self) -> Iterator[str]:
        return (row[0] for row in self._all(self._sql.users))

    def counts(self) -> Mapping[str, int]:
        kinds = {row[0]: row[1] for row in self._all(self._sql.count_kinds)}
        return {
            **{kind: kinds.get(kind, 0) for kind in KINDS},
            "streams": self._one(self._sql.count_streams)[0],
            "users": self._one(self._sql.count_users)[0],
        }

    def marks(self) -> Iterator[MarkRow]:
        return (MarkRow(*row) for row in self._through(self._sql.marks))

    def clear_projections(self) -> None:
        for statement in (
            self._sql.clear_marks,
            self._sql.clear_holders,
            self._sql.clear_members,
            self._sql.clear_sessions,
        ):
            self._write(statement)
        self._forget()

    def _forget(self) -> None:
        """Read anew what another writer, or a statement of our own, may have changed."""
        self._members.clear()
        self._named.clear()
        self._histories.clear()
        self._sessions.clear()

    def heads(self) -> Mapping[str, Head]:
        """The newest entry of each stream, in stream order."""
        return {row[0]: Head(*row[1:]) for row in self._all(self._sql.heads)}

    def problems(self, anchored: Mapping[str, Head] | None) -> Iterator[Problem]:
        """The first wrong row of each stream, and personal parts that belong to no entry."""
        yield from chain.problems(self._through(self._sql.rows), anchored)
        for stream, seq in self._all(self._sql.orphans):
            yield Problem(stream, seq, "", "a personal part without its entry")


class _Over:
    """Stands in for the connection and the cursor of a transaction that has ended."""

    def __getattr__(self, name: str) -> NoReturn:
        raise LedgerError("this transaction has ended")


_OVER = _Over()
