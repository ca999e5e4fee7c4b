"""From a URL to a ledger."""

from __future__ import annotations

from pathlib import Path

from policyenforce.errors import LedgerError
from policyenforce.ledger.memory import MemoryLedger
from policyenforce.ledger.port import Ledger

MEMORY = "memory:"
_SQLITE = "sqlite:///"
KNOWN = (
    "`sqlite:///path/to/file.db`, `postgresql+psycopg://user@host/database`, "
    "and in Python `memory:`"
)


def open_ledger(url: str | None, *, create: bool = True) -> Ledger:
    """The ledger at ``url``; None or ``memory:`` gives one that ends with the process.

    With ``create`` an empty store gets its tables. Raises LedgerError for an unknown scheme, a
    store that cannot be reached, read or written, and a schema of another version.

    >>> open_ledger("memory:").head_digest()[:8]
    'e3b0c442'
    """
    return _opened(MEMORY if url is None else url, create=create, upgrade=False)


def upgrade_ledger(url: str) -> None:
    """Bring the schema of a ledger up to date, or make one; nothing happens to a current one.

    Raises LedgerError as ``open_ledger`` does.
    """
    _opened(url, create=True, upgrade=True).close()


def _opened(url: str, *, create: bool, upgrade: bool) -> Ledger:
    if not isinstance(url, str):
        raise LedgerError("the address of a ledger is a text", hint=f"known are {KNOWN}")
    if not url:
        raise LedgerError("the address of the ledger is empty", hint=f"known are {KNOWN}")
    scheme = url.partition(":")[0]
    if url == MEMORY:
        return MemoryLedger()
    if scheme == "sqlite":
        from policyenforce.ledger.sqlite import SqliteLedger

        return SqliteLedger(url, create=create, upgrade=upgrade)
    if scheme == "postgresql+psycopg":
        from policyenforce.ledger.postgres import PostgresLedger

        return PostgresLedger(url, create=create, upgrade=upgrade)
    raise LedgerError(f"unknown kind of ledger `{scheme}:`", hint=f"known are {KNOWN}")


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite ledger, there or not; None for every other kind of ledger.

    >>> sqlite_file("sqlite:///enforcement.db?timeout=30").name
    'enforcement.db'
    """
    if not url.startswith(_SQLITE):
        return None
    return Path(url.removeprefix(_SQLITE).partition("?")[0])
