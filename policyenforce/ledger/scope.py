"""What the two SQL stores share around a transaction: connections, beginning and ending."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from policyenforce.errors import LedgerError
from policyenforce.ledger import chain, schema
from policyenforce.ledger.port import Head, Problem
from policyenforce.ledger.remembering import Remembered
from policyenforce.ledger.sql import SqlTransaction
from policyenforce.ledger.statements import statements


def address(url: str) -> URL:
    """The parts of a URL; raises LedgerError, in which no password is repeated."""
    try:
        return make_url(url)
    except (ArgumentError, ValueError) as error:
        raise LedgerError(
            "not the address of a ledger", hint="write `scheme://user:password@host:port/database`"
        ) from error


class SqlLedger(ABC):
    """Lends connections to transactions; a store says how they open, begin and end."""

    many_writers = False
    _dialect: str
    _failures: tuple[type[Exception], ...]
    _stale: tuple[type[Exception], ...] = ()  # what an idle connection that died raises
    _transaction: type[SqlTransaction] = SqlTransaction
    _alone: tuple[str, ...]  # begins a transaction that no other can be beside

    def __init__(self) -> None:
        self._statements = statements(self._dialect)
        self._idle: deque[Any] = deque()
        self._closed = False

    def _settle(self, *, create: bool, upgrade: bool) -> None:
        """Compare the schema with this code's, and migrate where that is wanted."""
        connection: Any = None
        try:
            connection = self._connect()
            if schema.must_migrate(self._version(connection), create=create, upgrade=upgrade):
                schema.migrate(self._dialect, connection, self._alone)
        except self._failures as error:
            raise self._error(error) from error
        finally:
            if connection is not None:
                connection.close()

    def transaction(self) -> Scope:
        """Read and write; all of it is kept, or after an exception nothing."""
        return Scope(self, writes=True)

    def reading(self) -> Scope:
        """Read only, as of one instant."""
        return Scope(self, writes=False)

    def verify(self, anchored: Mapping[str, Head] | None = None) -> tuple[Problem, ...]:
        """Check every chain and vault part."""
        with self.reading() as tx:
            return tuple(tx.problems(anchored))

    def heads(self) -> Mapping[str, Head]:
        """The newest entry of each stream, in stream order."""
        with self.reading() as tx:
            return tx.heads()

    def head_digest(self) -> str:
        """One SHA-256 over all heads."""
        return chain.digest_of(self.heads())

    def close(self) -> None:
        """Close the connections that no transaction holds; the others follow as they end."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def begin(self, *, writes: bool) -> tuple[Any, SqlTransaction]:
        """A connection with a transaction begun on it."""
        if self._closed:
            raise LedgerError("the ledger is closed")
        self._await_turn(writes)
        try:
            connection = self._begun(writes)
            remembered = self._remembered(connection)
        except BaseException as error:
            self.released(writes=writes, erased=False)
            if isinstance(error, self._failures):
                raise self._error(error) from error
            raise
        return connection, self._transaction(
            connection, self._statements, remembered, writes=writes
        )

    def _begun(self, writes: bool) -> Any:
        """An idle connection, unless it has died meanwhile, or else a new one."""
        while True:
            kept = self._kept()
            connection = kept or self._connect()
            try:
                self._begin(connection, writes)
            except BaseException as error:
                connection.close()
                if kept is None or not isinstance(error, self._stale):
                    raise
            else:
                return connection

    def _kept(self) -> Any:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def finish(self, connection: Any, *, kept: bool) -> None:
        """Commit or roll back, and keep the connection for the next transaction."""
        try:
            self._finish(connection, kept)
        except self._failures as error:
            connection.close()
            raise self._error(error) from error
        if self._closed:
            connection.close()
        else:
            self._idle.append(connection)

    def failed(self, connection: Any, error: BaseException) -> LedgerError | None:
        """Roll back; what to raise instead of a failure of the store."""
        if not isinstance(error, self._failures):
            self.finish(connection, kept=False)
            return None
        connection.close()  # which rolls back
        return self._error(error)

    def _remembered(self, connection: Any) -> Remembered:
        """What may still be taken as read in the transaction that has just begun."""
        return Remembered()

    def _await_turn(self, writes: bool) -> None:  # noqa: B027  (a store may have no turns)
        """Wait until a transaction may begin."""

    def released(self, *, writes: bool, erased: bool) -> None:  # noqa: B027  (or nothing to do)
        """Called once for each turn, however the transaction ended."""

    @abstractmethod
    def _connect(self) -> Any:
        """A new connection of the driver."""

    @abstractmethod
    def _version(self, connection: Any) -> str | None:
        """The version of the schema that is there, or None."""

    @abstractmethod
    def _begin(self, connection: Any, writes: bool) -> None:
        """Begin a transaction."""

    @abstractmethod
    def _finish(self, connection: Any, kept: bool) -> None:
        """Commit or roll back."""

    @abstractmethod
    def _error(self, error: Exception) -> LedgerError:
        """What a failure of the driver means, with no value of any row in it."""


class Scope:
    """The ``with`` block of one transaction."""

    __slots__ = ("_connection", "_ledger", "_made", "_writes")

    def __init__(self, ledger: SqlLedger, *, writes: bool) -> None:
        self._ledger = ledger
        self._writes = writes

    def __enter__(self) -> SqlTransaction:
        self._connection, self._made = self._ledger.begin(writes=self._writes)
        return self._made

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        ledger, made = self._ledger, self._made
        made.end()
        try:
            if error is None:
                ledger.finish(self._connection, kept=True)
            elif (instead := ledger.failed(self._connection, error)) is not None:
                raise instead from error
        finally:
            ledger.released(writes=self._writes, erased=made.erased and error is None)
