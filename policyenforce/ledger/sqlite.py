"""The embedded default: one file, one writer at a time, every commit on the disk."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from time import sleep
from typing import Any

import orjson
from sqlalchemy import URL

from policyenforce.errors import LedgerError
from policyenforce.ledger import schema
from policyenforce.ledger.on_demand import OnDemand
from policyenforce.ledger.port import Answer
from policyenforce.ledger.remembering import Remembered
from policyenforce.ledger.scope import SqlLedger, address
from policyenforce.ledger.sql import SqlTransaction
from policyenforce.model.questions import Question

TIMEOUT = 10.0  # seconds to wait for another writer, unless the URL says `?timeout=`
_REMEMBERED = 4096  # rows that a connection keeps in mind, before it reads them anew
_PAUSE = 0.005  # seconds between two tries where SQLite itself does not wait

_NUL = "\\u0000"  # where SQLite takes a text in JSON to end

PRAGMAS = (
    "journal_mode=WAL",  # readers never wait for the writer
    "synchronous=FULL",  # a commit survives loss of power
    "secure_delete=ON",  # what is erased is overwritten
    "foreign_keys=ON",
    "recursive_triggers=ON",  # so that INSERT OR REPLACE meets the triggers too
)

_LOCKED = ("another writer holds the ledger", "try again, or wait longer with `?timeout=`")
_MEANINGS = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_FULL: (
        "the disk is full",
        "free some space; nothing of this transaction was kept",
    ),
    sqlite3.SQLITE_READONLY: (
        "the ledger cannot be written",
        "its file and directory must be writable",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the ledger cannot be opened",
        "its directory must exist, and both must be readable and writable",
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk does not answer",
        "check it, it may be full; nothing of this transaction was kept",
    ),
    sqlite3.SQLITE_CORRUPT: ("the file is damaged", "restore a copy, then run `ledger verify`"),
    sqlite3.SQLITE_NOTADB: ("the file is not a ledger", "check the path"),
    sqlite3.SQLITE_CONSTRAINT: (
        "the history already has an entry of this id, or may not be changed so",
        "an id names one fact for ever",
    ),
}


class SqliteTransaction(SqlTransaction):
    """Looks up many keys in one statement, and knows where no fact stands after a position."""

    def nothing_after(self, position: str) -> bool:
        """Known from the second transaction on that finds the file as the first one left it."""
        known = self._remembered
        if known.latest is None and known.once_more:
            known.latest = self._one(self._sql.latest)[0] or ""
        return known.latest is not None and known.latest <= position

    def answer(
        self,
        questions: Iterable[tuple[Question, str]],
        *,
        user: str,
        before: str,
        likely: Sequence[Question] = (),
    ) -> Mapping[Question, Answer]:
        """Each answer as somebody looks at it."""
        return OnDemand(self, dict(questions), user, before)

    def bearers(self, keys: Iterable[tuple[str, str]], *, after: str, cap: int) -> frozenset[str]:
        """At most ``cap`` users that bear one of the keys and have a fact after ``after``."""
        asked = list(keys)
        try:
            listed = orjson.dumps(asked).decode()
        except TypeError:  # half a surrogate pair, which SQLite then refuses as always
            listed = _NUL
        if len(asked) < 2 or _NUL in listed:
            return super().bearers(asked, after=after, cap=cap)
        found = self._all(self._sql.bearers_of_all, listed, after, cap)
        return frozenset([row[0] for row in found])


class _Connection(sqlite3.Connection):
    """A connection, what it has read and written, and as of which version of the file."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.version = -1
        self.remembered = Remembered()


class SqliteLedger(SqlLedger):
    """A ledger in one SQLite file; ``create`` makes the file and its tables.

    Raises LedgerError for a missing directory, a file that is no ledger, and a schema of
    another version.
    """

    _dialect = "sqlite"
    _failures = (sqlite3.Error, UnicodeEncodeError)
    _transaction = SqliteTransaction
    _alone = ("BEGIN IMMEDIATE",)

    def __init__(self, url: str, *, create: bool = True, upgrade: bool = False) -> None:
        super().__init__()
        self._path, self._timeout = _place(address(url))
        self._turn = threading.Lock()
        self._writer: int | None = None  # the thread whose turn it is
        self._unclean = False  # erased parts may still stand in the write-ahead log
        if not create and _nothing_at(self._path):  # to look inside would write into it
            raise LedgerError("no ledger here", where=str(self._path), hint=schema.INIT)
        try:
            self._settle(create=create, upgrade=upgrade)
        except LedgerError as error:
            raise (error if error.where else error.at(str(self._path))) from error.__cause__

    def close(self) -> None:
        """Close the connections that no transaction holds."""
        if self._unclean and not self._closed:
            self._overwrite_log()
        super().close()

    def _connect(self) -> _Connection:
        if not self._path.parent.is_dir():
            raise LedgerError("no such directory", where=str(self._path.parent), hint="create it")
        connection = sqlite3.connect(
            self._path,
            timeout=0,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
            factory=_Connection,
        )
        try:
            self._prepare(connection)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Set the pragmas, waiting here as long as SQLite then waits for another writer.

        Whoever changes the journal of a file that others open at the same moment is refused at
        once, whatever the connection's timeout (sqlite.org/c3ref/busy_handler.html).
        """
        left = self._timeout
        for pragma in PRAGMAS:
            while not _set(connection, pragma, last=left <= 0):
                sleep(_PAUSE)
                left -= _PAUSE
        connection.execute(f"PRAGMA busy_timeout={int(self._timeout * 1000)}")

    def _version(self, connection: sqlite3.Connection) -> str | None:
        tables = "SELECT 1 FROM sqlite_master WHERE name = 'ledger_meta'"
        if connection.execute(tables).fetchone() is None:
            return None
        row = connection.execute("SELECT version_num FROM ledger_meta").fetchone()
        return None if row is None else str(row[0])

    def _remembered(self, connection: _Connection) -> Remembered:
        """What the connection knew before, unless somebody has written since.

        ``data_version`` changes when any other connection, of whatever process, has written.
        """
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        if connection.version != version or len(connection.remembered) > _REMEMBERED:
            connection.version, connection.remembered = version, Remembered()
        else:
            connection.remembered.once_more = True
        return connection.remembered

    def _begin(self, connection: sqlite3.Connection, writes: bool) -> None:
        connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")

    def _finish(self, connection: _Connection, kept: bool) -> None:
        if not kept:
            connection.version = -1  # what the transaction knew was never so
        connection.execute("COMMIT" if kept else "ROLLBACK")

    def released(self, *, writes: bool, erased: bool) -> None:
        """Let the next thread write; after an erasure empty the write-ahead log as well."""
        if not writes:
            return
        self._writer = None
        self._turn.release()
        self._unclean = self._unclean or erased
        if self._unclean:
            self._overwrite_log()

    def _await_turn(self, writes: bool) -> None:
        """The threads of one process queue here, and not in SQLite's sleep-and-try-again."""
        if not writes:
            return
        me = threading.get_ident()
        if self._writer == me:
            raise LedgerError("a transaction of this ledger is already open in this thread")
        if not self._turn.acquire(timeout=self._timeout):
            raise LedgerError(_LOCKED[0], where=str(self._path), hint=_LOCKED[1])
        self._writer = me

    def _overwrite_log(self) -> None:
        """Where a reader still needs the old pages, the end of the next transaction tries again."""
        with suppress(sqlite3.Error, LedgerError), closing(self._connect()) as connection:
            connection.execute("PRAGMA busy_timeout=0")
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self._unclean = bool(busy)

    def _error(self, error: Exception) -> LedgerError:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        message, hint = _MEANINGS.get(code, ("the store refuses", None))
        if isinstance(error, UnicodeEncodeError):
            return LedgerError("text that is not Unicode", where=str(self._path))
        return LedgerError(f"{message} ({error})", where=str(self._path), hint=hint)


def _set(connection: sqlite3.Connection, pragma: str, *, last: bool) -> bool:
    """Set a pragma; False when another connection is in the way, and this is not the last try."""
    try:
        connection.execute(f"PRAGMA {pragma}")
    except sqlite3.OperationalError as error:
        if last or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _nothing_at(path: Path) -> bool:
    return not path.exists() or (path.is_file() and not path.stat().st_size)


def _place(url: URL) -> tuple[Path, float]:
    """The file, and how many seconds to wait for another writer."""
    wait = str(url.query.get("timeout", TIMEOUT))
    known = set(url.query) <= {"timeout"} and wait.replace(".", "", 1).isdecimal()
    if not known or url.host or url.database in (None, "", ":memory:"):
        raise LedgerError(
            "not the address of a SQLite file",
            where=url.render_as_string(),
            hint="write `sqlite:///path/to/file.db`; only `?timeout=` in seconds may follow",
        )
    return Path(str(url.database)), float(wait)
