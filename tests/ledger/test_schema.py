"""Migrations: from nothing to the current tables, never past what this code knows."""

import pytest
from sqlalchemy import create_engine

from policyenforce.errors import LedgerError
from policyenforce.ledger import open_ledger, upgrade_ledger
from policyenforce.ledger.schema import CURRENT, must_migrate


def run(url, *statements):
    engine = create_engine(url)
    with engine.begin() as connection:
        found = [connection.exec_driver_sql(statement) for statement in statements]
        rows = [tuple(row) for row in found[-1]] if found[-1].returns_rows else []
    engine.dispose()
    return rows


def versions(url):
    return run(url, "SELECT version_num FROM ledger_meta")


def test_opening_an_empty_store_makes_the_tables(sql_url):
    open_ledger(sql_url).close()

    assert versions(sql_url) == [(CURRENT,)]


def test_upgrading_an_empty_store_makes_the_tables(sql_url):
    upgrade_ledger(sql_url)

    assert versions(sql_url) == [(CURRENT,)]


def test_upgrading_again_changes_nothing(sql_url, write):
    ledger = open_ledger(sql_url)
    with ledger.transaction() as tx:
        tx.append([write.fact("f-1")], [])
    digest = ledger.head_digest()
    ledger.close()

    upgrade_ledger(sql_url)
    ledger = open_ledger(sql_url, create=False)

    assert ledger.head_digest() == digest
    assert versions(sql_url) == [(CURRENT,)]
    ledger.close()


def test_the_migrations_lead_to_the_tables_of_the_code(sql_url):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from policyenforce.ledger.tables import METADATA

    upgrade_ledger(sql_url)
    engine = create_engine(sql_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "ledger_meta"})

        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_the_newest_revision_is_the_current_one():
    from alembic.script import ScriptDirectory

    from policyenforce.ledger.schema import MIGRATIONS

    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [CURRENT]


def test_a_host_that_makes_its_own_tables_makes_none_of_ours():
    from sqlmodel import SQLModel

    from policyenforce.ledger.tables import METADATA

    assert not set(METADATA.tables) & set(SQLModel.metadata.tables)
    assert set(METADATA.tables) == {
        "entry", "vault", "mark", "holder", "member", "history", "sessions", "deadline",
        "token_key",
    }  # fmt: skip


def test_a_newer_schema_is_refused_and_left_alone(sql_url):
    open_ledger(sql_url).close()
    run(sql_url, "UPDATE ledger_meta SET version_num = '9999'")

    for opening in (open_ledger, upgrade_ledger):
        with pytest.raises(LedgerError, match="newer than") as refused:
            opening(sql_url)

        assert "newer" in refused.value.hint
    assert versions(sql_url) == [("9999",)]


def test_an_older_schema_is_upgraded_only_when_asked(sql_url):
    open_ledger(sql_url).close()
    run(sql_url, "UPDATE ledger_meta SET version_num = '0000'")

    with pytest.raises(LedgerError, match="schema `0000`") as refused:
        open_ledger(sql_url)

    assert "ledger upgrade" in refused.value.hint
    assert must_migrate("0000", create=False, upgrade=True)


def test_a_ledger_of_the_first_schema_is_brought_up_with_all_it_holds(sql_url, write):
    ledger = open_ledger(sql_url)
    with ledger.transaction() as tx:
        tx.append([write.fact("f-1")], [])
    digest = ledger.head_digest()
    ledger.close()
    run(
        sql_url,
        "DROP TABLE token_key",
        "DROP INDEX ix_entry_tag_position",
        "DROP TABLE sessions",
        "UPDATE ledger_meta SET version_num = '0001'",
    )

    upgrade_ledger(sql_url)

    ledger = open_ledger(sql_url, create=False)
    with ledger.reading() as tx:
        assert tx.fingerprints() == {}
    assert ledger.head_digest() == digest
    ledger.close()


def test_a_version_that_never_was_cannot_be_upgraded(sql_url):
    open_ledger(sql_url).close()
    run(sql_url, "UPDATE ledger_meta SET version_num = '0000'")

    with pytest.raises(LedgerError, match="unknown version"):
        upgrade_ledger(sql_url)

    assert versions(sql_url) == [("0000",)]


def test_without_create_an_empty_store_is_no_ledger(sql_url):
    with pytest.raises(LedgerError, match="no ledger here") as refused:
        open_ledger(sql_url, create=False)

    assert "ledger init" in refused.value.hint


def test_a_version_table_without_a_version_is_no_ledger(sql_url):
    open_ledger(sql_url).close()
    run(sql_url, "DELETE FROM ledger_meta")

    with pytest.raises(LedgerError, match="no ledger here"):
        open_ledger(sql_url, create=False)


def test_a_migration_that_fails_leaves_the_store_as_it_was(sql_url):
    run(sql_url, "CREATE TABLE mark (of_the_host INTEGER)")

    with pytest.raises(LedgerError, match="already exists"):
        open_ledger(sql_url)

    tables = (
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if sql_url.startswith("sqlite")
        else "SELECT table_name FROM information_schema.tables "
        "WHERE table_schema = current_schema()"
    )
    assert run(sql_url, tables) == [("mark",)]
