"""The first tables, and the triggers that keep the history as it was written.

Revision: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.schema import SchemaItem

revision = "0001"
down_revision = None  # there is no way back: a history is not taken apart

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
FACTS = sa.text("kind = 'fact'")
OPEN = sa.text("done = 0")

SQLITE_TRIGGERS = (
    """
    CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'the history is never changed'); END
    """,
    """
    CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'the history is never deleted'); END
    """,
)
POSTGRES_TRIGGERS = (
    """
    CREATE FUNCTION entry_stands() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the history is never changed or deleted'; END $$
    """,
    """
    CREATE TRIGGER entry_is_never_changed BEFORE UPDATE OR DELETE ON entry
    FOR EACH ROW EXECUTE FUNCTION entry_stands()
    """,
    """
    CREATE TRIGGER entry_is_never_emptied BEFORE TRUNCATE ON entry
    FOR EACH STATEMENT EXECUTE FUNCTION entry_stands()
    """,
)


def upgrade() -> None:
    _history()
    _projections()
    _deadlines()
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_TRIGGERS if on_sqlite else POSTGRES_TRIGGERS:
        op.execute(statement)


def _history() -> None:
    _table(
        "entry",
        *_texts("stream"),
        sa.Column("seq", sa.BigInteger, nullable=False),
        *_texts("id", "kind", "tag", "position"),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        *_texts("hash"),
        sa.PrimaryKeyConstraint("stream", "seq", name="pk_entry"),
        sa.UniqueConstraint("id", "kind", name="uq_entry_id_kind"),
        sa.CheckConstraint("kind IN ('fact', 'outcome', 'amendment')", name="ck_entry_kind"),
        keyed=False,
    )
    _index("entry", "stream", "position")
    _index("entry", "stream", "tag", "position", where=FACTS)
    _table(
        "vault",
        *_texts("stream"),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("personal", sa.LargeBinary, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("stream", "seq", name="pk_vault"),
        sa.ForeignKeyConstraint(
            ["stream", "seq"], ["entry.stream", "entry.seq"], name="fk_vault_entry"
        ),
    )


def _projections() -> None:
    _table(
        "mark",
        *_texts("kind", "value", "role", "holder", "user", "tag", "position", "fact_id"),
        sa.PrimaryKeyConstraint("kind", "value", "role", "holder", name="pk_mark"),
        sa.CheckConstraint("role IN ('fact', 'holder')", name="ck_mark_role"),
    )
    _index("mark", "kind", "value", "role", "position")
    _table("holder", *_texts("named", "user"), sa.PrimaryKeyConstraint("named", name="pk_holder"))
    _table(
        "member",
        *_texts("user", "stream"),
        sa.PrimaryKeyConstraint("user", "stream", name="pk_member"),
    )
    _table(
        "history",
        *_texts("user"),
        sa.Column("version", sa.BigInteger, nullable=False),
        *_texts("newest"),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("user", name="pk_history"),
        keyed=False,
    )


def _deadlines() -> None:
    _table(
        "deadline",
        *_texts("id", "account_id"),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        *_texts("deadline", "concerns"),
        sa.Column("done", sa.SmallInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deadline"),
        sa.CheckConstraint("done IN (0, 1)", name="ck_deadline_done"),
        keyed=False,
    )
    _index("deadline", "due_at", where=OPEN)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, TEXT, nullable=False) for name in names]


def _table(name: str, *parts: SchemaItem, keyed: bool = True) -> None:
    """``keyed`` tables are stored by their primary key alone (SQLite's WITHOUT ROWID)."""
    op.create_table(name, *parts, sqlite_with_rowid=not keyed)


def _index(table: str, *columns: str, where: sa.TextClause | None = None) -> None:
    name = "_".join(("ix", table, *columns))
    op.create_index(name, table, list(columns), sqlite_where=where, postgresql_where=where)
