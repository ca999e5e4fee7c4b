"""The tables, on a registry of their own: a host's ``create_all`` never touches them.

Instants are whole microseconds since 1970, so that they sort and compare alike everywhere.
Text sorts bytewise. Only ``entry`` is history; the vault holds what may be erased, ``token_key``
tells the keys of tokens apart, and the other tables are projections and the queue of deadlines.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
_FACTS = text("kind = 'fact'")
_OPEN = text("done = 0")
_KEYED = {"sqlite_with_rowid": False}


class _Table(SQLModel, registry=registry(metadata=METADATA)):
    pass


class EntryTable(_Table, table=True):
    """The history: one row for each entry, never changed, never deleted."""

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("id", "kind"),
        CheckConstraint("kind IN ('fact', 'outcome', 'amendment')", name="kind"),
        Index(None, "stream", "position"),
        Index(None, "stream", "tag", "position", sqlite_where=_FACTS, postgresql_where=_FACTS),
        Index(None, "tag", "position", sqlite_where=_FACTS, postgresql_where=_FACTS),
    )

    stream: str = Field(primary_key=True, sa_type=TEXT)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    id: str = Field(sa_type=TEXT)
    kind: str = Field(sa_type=TEXT)
    tag: str = Field(sa_type=TEXT)
    position: str = Field(sa_type=TEXT)
    at: int = Field(sa_type=BigInteger)
    recorded_at: int = Field(sa_type=BigInteger)
    body: bytes = Field(sa_type=LargeBinary)
    hash: str = Field(sa_type=TEXT)


class VaultTable(_Table, table=True):
    """The personal part of an entry and its salt, deleted when it is erased."""

    __tablename__ = "vault"
    __table_args__ = (
        ForeignKeyConstraint(["stream", "seq"], ["entry.stream", "entry.seq"]),
        _KEYED,
    )

    stream: str = Field(primary_key=True, sa_type=TEXT)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    personal: bytes = Field(sa_type=LargeBinary)
    salt: bytes = Field(sa_type=LargeBinary)


class MarkTable(_Table, table=True):
    """The index: who or what bears a key, since which position."""

    __tablename__ = "mark"
    __table_args__ = (
        CheckConstraint("role IN ('fact', 'holder')", name="role"),
        Index(None, "kind", "value", "role", "position"),
        _KEYED,
    )

    kind: str = Field(primary_key=True, sa_type=TEXT)
    value: str = Field(primary_key=True, sa_type=TEXT)
    role: str = Field(primary_key=True, sa_type=TEXT)
    holder: str = Field(primary_key=True, sa_type=TEXT)
    user: str = Field(sa_type=TEXT)
    tag: str = Field(sa_type=TEXT)
    position: str = Field(sa_type=TEXT)
    fact_id: str = Field(sa_type=TEXT)


class HolderTable(_Table, table=True):
    """Whose an account or user id is."""

    __tablename__ = "holder"
    __table_args__ = _KEYED

    named: str = Field(primary_key=True, sa_type=TEXT)
    user: str = Field(sa_type=TEXT)


class MemberTable(_Table, table=True):
    """Streams read as a user's beside its own."""

    __tablename__ = "member"
    __table_args__ = _KEYED

    user: str = Field(primary_key=True, sa_type=TEXT)
    stream: str = Field(primary_key=True, sa_type=TEXT)


class HistoryTable(_Table, table=True):
    """The folded history of a user, and how often it changed."""

    __tablename__ = "history"

    user: str = Field(primary_key=True, sa_type=TEXT)
    version: int = Field(sa_type=BigInteger)
    newest: str = Field(sa_type=TEXT)
    body: bytes = Field(sa_type=LargeBinary)


class SessionsTable(_Table, table=True):
    """What is kept of an account's sessions; personal, and erased with its stream."""

    __tablename__ = "sessions"
    __table_args__ = (Index(None, "stream"), _KEYED)

    account: str = Field(primary_key=True, sa_type=TEXT)
    stream: str = Field(sa_type=TEXT)
    body: bytes = Field(sa_type=LargeBinary)


class TokenKeyTable(_Table, table=True):
    """Which token keys the identifiers in the index were made with: never the keys themselves."""

    __tablename__ = "token_key"
    __table_args__ = _KEYED

    id: str = Field(primary_key=True, sa_type=TEXT)
    fingerprint: str = Field(sa_type=TEXT)


class DeadlineTable(_Table, table=True):
    """What time alone will bring."""

    __tablename__ = "deadline"
    __table_args__ = (
        CheckConstraint("done IN (0, 1)", name="done"),
        Index(None, "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: str = Field(primary_key=True, sa_type=TEXT)
    account_id: str = Field(sa_type=TEXT)
    due_at: int = Field(sa_type=BigInteger)
    deadline: str = Field(sa_type=TEXT)
    concerns: str = Field(sa_type=TEXT)
    done: int = Field(sa_type=SmallInteger)
