"""The version of the tables: compared at opening, changed only by a migration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from policyenforce.errors import LedgerError

CURRENT = "0004"  # the newest revision in migrations/versions; later ones sort behind it
VERSION_TABLE = "ledger_meta"
MIGRATIONS = Path(__file__).parent / "migrations"

INIT = "make one with `policyenforce ledger init`"
_UPGRADE = "bring it up to date with `policyenforce ledger upgrade`"


def must_migrate(found: str | None, *, create: bool, upgrade: bool) -> bool:
    """True when the tables have to be made or changed before the ledger is used.

    Raises LedgerError where that was not asked for, and for a schema newer than this code.

    >>> must_migrate(None, create=True, upgrade=False)
    True
    >>> must_migrate("0004", create=True, upgrade=False)
    False
    """
    if found is None:
        if create:
            return True
        raise LedgerError("no ledger here", hint=INIT)
    if found > CURRENT:
        raise LedgerError(
            f"the ledger has schema `{found}`, newer than `{CURRENT}`",
            hint="use the policyenforce that wrote it, or a newer one",
        )
    if found < CURRENT and not upgrade:
        raise LedgerError(f"the ledger has schema `{found}`, not `{CURRENT}`", hint=_UPGRADE)
    return found < CURRENT


def migrate(dialect: str, connection: Any, alone: tuple[str, ...]) -> None:
    """Bring the tables to ``CURRENT`` in one transaction, on a connection of the driver.

    ``alone`` are the statements that begin it so that no second process migrates beside it.
    The driver's own errors pass; an unknown version raises LedgerError.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError
    from sqlalchemy import create_engine
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import StaticPool

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = create_engine(f"{dialect}://", creator=lambda: connection, poolclass=StaticPool)
    try:
        with engine.connect() as migrating:
            for statement in alone:
                migrating.exec_driver_sql(statement)
            config.attributes["connection"] = migrating
            command.upgrade(config, "head")
            migrating.commit()
    except DBAPIError as error:
        raise (error.orig or error) from error
    except CommandError as error:
        raise LedgerError("the schema is of an unknown version", hint=INIT) from error
