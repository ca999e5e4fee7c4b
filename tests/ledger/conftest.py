"""One contract, three stores: every test that takes ``ledger`` runs on each of them."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from attrs import frozen

from policyenforce.ledger import AMENDMENT, FACT, OUTCOME, Entry, Ledger, MarkRow, open_ledger
from policyenforce.model.fact import microseconds
from policyenforce.privacy import vault

POSTGRES = os.environ.get("POLICYENFORCE_TEST_POSTGRES")
START = datetime(2019, 10, 4, 9, tzinfo=UTC)

needs_postgres = [
    pytest.mark.postgres,
    pytest.mark.skipif(POSTGRES is None, reason="POLICYENFORCE_TEST_POSTGRES is not set"),
]
STORES = ["memory", "sqlite", pytest.param("postgres", marks=needs_postgres)]


@frozen
class Write:
    """Entries and marks with everything that a test does not care about filled in."""

    start: datetime = START

    def at(self, minute: int) -> datetime:
        return self.start + timedelta(minutes=minute)

    def position(self, fact_id: str, minute: int) -> str:
        return f"{microseconds(self.at(minute)) + 10**17:018d}|50|{fact_id}"

    def fact(
        self,
        fact_id: str,
        minute: int = 0,
        *,
        stream: str = "u-1",
        tag: str = "signed_in",
        recorded: int | None = None,
        personal: dict[str, object] | None = None,
    ) -> Entry:
        body: dict[str, object] = {"fact": tag, "id": fact_id}
        salt = None
        if personal is not None:
            salt = f"salt of {fact_id}".encode()
            body, personal = vault.split(body | personal, tuple((n,) for n in personal), salt)
        return Entry(
            stream=stream,
            kind=FACT,
            id=fact_id,
            tag=tag,
            position=self.position(fact_id, minute),
            at=self.at(minute),
            recorded_at=self.at(minute if recorded is None else recorded),
            body=orjson.dumps(body, option=orjson.OPT_SORT_KEYS),
            personal=None if personal is None else orjson.dumps(personal),
            salt=salt,
        )

    def follows(
        self, fact: Entry, body: bytes = b"{}", *, late: str = "", recorded: int | None = None
    ) -> Entry:
        kind, name = (AMENDMENT, f"a:{fact.id}:{late}") if late else (OUTCOME, f"o:{fact.id}")
        recorded_at = fact.recorded_at if recorded is None else self.at(recorded)
        return Entry(fact.stream, kind, name, fact.tag, fact.position, fact.at, recorded_at, body)

    def mark(
        self, fact: Entry, kind: str, value: str, *, holder: str | None = None, user: str = ""
    ) -> MarkRow:
        role = "fact" if holder is None else "holder"
        return MarkRow(
            kind, value, role, holder or fact.id, user or fact.stream, fact.tag,
            fact.position, fact.id,
        )  # fmt: skip


@pytest.fixture
def write() -> Write:
    return Write()


@pytest.fixture(params=STORES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty store."""
    if request.param == "memory":
        yield "memory:"
    elif request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.db'}"
    else:
        yield from _postgres_schema()


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    opened = open_ledger(url)
    yield opened
    opened.close()


@pytest.fixture(params=STORES[1:])
def sql_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty store that outlives its ledger."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.db'}"
    else:
        yield from _postgres_schema()


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The address of an empty store on the test server."""
    if POSTGRES is None:
        pytest.skip("POLICYENFORCE_TEST_POSTGRES is not set")
    yield from _postgres_schema()


def _postgres_schema() -> Iterator[str]:
    """A schema of its own in the test server, gone afterwards."""
    import psycopg
    from sqlalchemy import make_url

    assert POSTGRES is not None
    address = make_url(POSTGRES)
    _, arguments = address.get_dialect()().create_connect_args(address)
    name = f"ledger_{uuid.uuid4().hex}"
    with psycopg.connect(**arguments, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
        joined = "&" if "?" in POSTGRES else "?"
        yield f"{POSTGRES}{joined}options={quote(f'-csearch_path={name}')}"
        connection.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture
def journeys(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by one whenever a PostgreSQL ledger waits for its server within a transaction."""
    from policyenforce.ledger.postgres import PostgresTransaction

    made: list[str] = []
    for name in ("_sent", "_one", "_all"):
        once = getattr(PostgresTransaction, name)

        def counted(self: Any, *asked: Any, once: Any = once, name: str = name) -> Any:
            made.append(name)
            return once(self, *asked)

        monkeypatch.setattr(PostgresTransaction, name, counted)
    return made
