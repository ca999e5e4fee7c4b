"""Many writing processes beside each other: PostgreSQL through psycopg 3."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from policyenforce.errors import LedgerError
from policyenforce.ledger.foresight import NOTHING, Foresight
from policyenforce.ledger.port import Answer
from policyenforce.ledger.remembering import Remembered
from policyenforce.ledger.scope import SqlLedger, address
from policyenforce.ledger.sql import CHUNK, SqlTransaction
from policyenforce.ledger.statements import Asked, Statements
from policyenforce.model.questions import Question

try:
    import psycopg
    from psycopg import errors
except ImportError as error:  # pragma: no cover  (the tests install every extra)
    raise LedgerError(
        "PostgreSQL needs its driver", hint="pip install 'policyenforce[postgres]'"
    ) from error

LOCK_TIMEOUT = 10_000  # milliseconds to wait for another writer of the same stream
LOCK_SPACE = 20191003  # keeps our advisory locks apart from a host's
LOCK = f"SELECT pg_advisory_xact_lock(hashtextextended(%s, {LOCK_SPACE}))"
READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

_MEANINGS: tuple[tuple[type[psycopg.Error], str, str | None], ...] = (
    (errors.LockNotAvailable, "another writer holds a stream", "try again"),
    (errors.DeadlockDetected, "two writers waited for each other", "try again"),
    (errors.DiskFull, "the disk of the server is full", "free some space"),
    (errors.ReadOnlySqlTransaction, "the ledger cannot be written", "it may be a stand-by server"),
    (errors.InsufficientPrivilege, "the role may not do this", "grant it the tables"),
    (
        errors.IntegrityError,
        "the history already has an entry of this id",
        "an id names one fact for ever",
    ),
    (errors.RaiseException, "the history is never changed or deleted", None),
    (errors.OperationalError, "the server does not answer", "check the address and the server"),
)


class PostgresTransaction(SqlTransaction):
    """Locks the streams it writes; sends what it can in one round trip."""

    def __init__(
        self, connection: Any, statements: Statements, remembered: Remembered, *, writes: bool
    ) -> None:
        super().__init__(connection, statements, remembered, writes=writes)
        self._held: set[str] = set()
        self._foreseen = NOTHING
        self._foresight: Foresight | None = None

    def lock(self, streams: Iterable[str]) -> bool:
        """Wait for these streams in sorted order, and keep them until the end."""
        wanted = sorted(set(streams) - self._held)
        if wanted:
            self._batch((LOCK, (stream,)) for stream in wanted)
            self._held.update(wanted)
            self._forget()  # whoever held one may have changed whose it is, and its history
        return bool(wanted)

    def answer(
        self,
        questions: Iterable[tuple[Question, str]],
        *,
        user: str,
        before: str,
        likely: Sequence[Question] = (),
    ) -> Mapping[Question, Answer]:
        """All answers in one round trip, and what is likely asked next."""
        asked = list(questions)
        if likely:
            self._foreseen = NOTHING
        self._foresight = Foresight.of(
            asked,
            likely,
            plan=lambda question, value: self._plan(question, value, user, before),
            sql=self._sql,
            user=user,
            before=before,
        )
        if self._foresight is None or user in self._members:
            return super().answer(asked, user=user, before=before)
        self._members[user] = (user,)  # as most are; the same journey tells
        found = super().answer(asked, user=user, before=before)
        if self._foreseen.alone:
            return found
        del self._members[user]
        return super().answer(asked, user=user, before=before)

    def _batch(self, asked: Iterable[Asked]) -> list[list[Any]]:
        wanted = list(asked)
        foreseen = self._foreseen.rows
        unread = [one for one in wanted if one not in foreseen]
        ahead, self._foresight = self._foresight, None
        if ahead is not None:
            found = self._sent([*unread, *(more := ahead.statements())])
            self._foreseen = told = ahead.read(found[-len(more) :])
            self._named.update(told.named)
            self._note_alone(told.named, [[]] * len(told.named))
        else:
            found = self._sent(unread) if unread else []
        rest = iter(found)
        return [foreseen[one] if one in foreseen else next(rest) for one in wanted]

    def _sent(self, asked: Iterable[Asked]) -> list[list[Any]]:
        with self._connection.pipeline():
            cursors = [self._connection.execute(*one) for one in asked]
            return [cursor.fetchall() for cursor in cursors]

    def _writing(self) -> None:
        self._foreseen = NOTHING
        super()._writing()

    def _forget(self) -> None:
        self._foreseen = NOTHING
        super()._forget()

    def _through(self, statement: str) -> Iterator[Any]:
        with self._connection.cursor(name="through") as cursor:
            cursor.itersize = CHUNK
            yield from cursor.execute(statement)

    def _write_all(self, *work: tuple[str, Sequence[Sequence[object]]]) -> None:
        with self._connection.pipeline():
            super()._write_all(*work)


class PostgresLedger(SqlLedger):
    """A ledger in one PostgreSQL database; ``create`` makes its tables there.

    Writers of different streams do not wait for each other. Raises LedgerError for a server
    that cannot be reached and a schema of another version.
    """

    many_writers = True
    _dialect = "postgresql+psycopg"
    _failures = (psycopg.Error, UnicodeEncodeError)
    _stale = (psycopg.OperationalError,)
    _transaction = PostgresTransaction
    _alone = ("BEGIN", f"SELECT pg_advisory_xact_lock({LOCK_SPACE})")

    def __init__(self, url: str, *, create: bool = True, upgrade: bool = False) -> None:
        super().__init__()
        server = address(url)
        self._where = server.render_as_string()  # which hides the password
        _, self._arguments = server.get_dialect()().create_connect_args(server)
        self._settle(create=create, upgrade=upgrade)

    def _connect(self) -> psycopg.Connection[Any]:
        connection = psycopg.connect(**self._arguments, autocommit=True)
        connection.execute(f"SET lock_timeout = {LOCK_TIMEOUT}".encode())
        return connection

    def _version(self, connection: psycopg.Connection[Any]) -> str | None:
        found = connection.execute("SELECT to_regclass('ledger_meta')").fetchone()
        if found is None or found[0] is None:
            return None
        row = connection.execute("SELECT version_num FROM ledger_meta").fetchone()
        return None if row is None else str(row[0])

    def _begin(self, connection: psycopg.Connection[Any], writes: bool) -> None:
        connection.execute("BEGIN" if writes else READ)

    def _finish(self, connection: psycopg.Connection[Any], kept: bool) -> None:
        connection.execute("COMMIT" if kept else "ROLLBACK")

    def _error(self, error: Exception) -> LedgerError:
        """Only the server's own sentence: its details repeat the values of rows."""
        if not isinstance(error, psycopg.Error):
            return LedgerError("text that is not Unicode", where=self._where)
        said = error.diag.message_primary or type(error).__name__
        for kind, message, hint in _MEANINGS:
            if isinstance(error, kind):
                return LedgerError(f"{message} ({said})", where=self._where, hint=hint)
        return LedgerError(f"the store refuses ({said})", where=self._where)
