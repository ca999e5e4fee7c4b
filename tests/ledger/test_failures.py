"""Failing well: every failure of a store is a LedgerError, and the ledger is as it was."""

import os
import pwd
import sqlite3
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from policyenforce.errors import LedgerError
from policyenforce.ledger import MemoryLedger, open_ledger


@pytest.fixture
def file(tmp_path):
    return tmp_path / "ledger.db"


def open_file(file, **wanted):
    return open_ledger(f"sqlite:///{file}", **wanted)


@pytest.mark.parametrize("url", ["mysql://h/d", "ledger.db", "postgresql://h/d", "memory:x"])
def test_an_unknown_scheme_names_the_known_ones(url):
    with pytest.raises(LedgerError, match="unknown kind of ledger") as refused:
        open_ledger(url)

    assert "sqlite:///" in refused.value.hint
    assert "postgresql+psycopg://" in refused.value.hint


@pytest.mark.parametrize("address", [5, b"sqlite:///x.db", Path("x.db")])
def test_an_address_that_is_no_text_is_refused(address):
    with pytest.raises(LedgerError, match="is a text") as refused:
        open_ledger(address)

    assert "sqlite:///" in refused.value.hint


def test_an_empty_address_is_refused_and_not_taken_for_memory():
    with pytest.raises(LedgerError, match="is empty") as refused:
        open_ledger("")

    assert "sqlite:///" in refused.value.hint


@pytest.mark.parametrize("url", [None, "memory:"])
def test_without_a_store_the_ledger_is_in_memory(url):
    ledger = open_ledger(url)

    assert isinstance(ledger, MemoryLedger)
    ledger.close()
    ledger.close()


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite://host/ledger.db",
        "sqlite:///ledger.db?mode=ro",
        "sqlite:///ledger.db?timeout=soon",
        "sqlite:///ledger.db?timeout=-1",
        "postgresql+psycopg://host:port/d",
    ],
)
def test_an_address_that_is_none_is_refused(url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(LedgerError) as refused:
        open_ledger(url)

    assert refused.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_missing_directory_is_named(tmp_path):
    with pytest.raises(LedgerError, match="no such directory") as refused:
        open_file(tmp_path / "nowhere" / "ledger.db")

    assert refused.value.where == str(tmp_path / "nowhere")


def test_a_directory_that_vanishes_is_named_each_time(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    ledger = open_file(home / "ledger.db")
    (home / "ledger.db").unlink()
    home.rmdir()

    for _ in range(2):
        with pytest.raises(LedgerError, match="no such directory"), ledger.transaction():
            pass


def test_without_create_no_file_appears(file):
    with pytest.raises(LedgerError, match="no ledger here"):
        open_file(file, create=False)

    assert not file.exists()


def test_without_create_an_empty_file_stays_empty(file):
    file.touch()

    with pytest.raises(LedgerError, match="no ledger here"):
        open_file(file, create=False)
    assert file.read_bytes() == b""


def test_a_directory_is_no_ledger(tmp_path):
    with pytest.raises(LedgerError, match="cannot be opened"):
        open_file(tmp_path)


def test_another_file_is_no_ledger_and_stays_as_it_is(file):
    file.write_bytes(b"facts, one a line\n" * 100)

    with pytest.raises(LedgerError, match="not a ledger"):
        open_file(file)

    assert file.read_bytes() == b"facts, one a line\n" * 100


def test_a_damaged_file_is_said_to_be_damaged(file, write):
    ledger = open_file(file)
    with ledger.transaction() as tx:
        for number in range(200):
            tx.append([write.fact(f"f-{number}", number)], [])
    ledger.close()
    content = bytearray(file.read_bytes())
    content[8192:] = b"\xaa" * (len(content) - 8192)
    file.write_bytes(content)

    with pytest.raises(LedgerError, match="damaged") as refused:
        open_file(file).verify()

    assert "restore" in refused.value.hint


def test_a_locked_ledger_is_said_to_be_locked(file, write):
    ledger = open_file(f"{file}?timeout=0.05")
    holding = sqlite3.connect(file, isolation_level=None)
    holding.execute("BEGIN IMMEDIATE")

    with pytest.raises(LedgerError, match="another writer") as refused, ledger.transaction():
        pass
    with ledger.reading() as tx:
        assert tx.counts()["fact"] == 0
    holding.execute("ROLLBACK")
    with ledger.transaction() as tx:
        tx.append([write.fact("f-1")], [])

    assert "timeout" in refused.value.hint
    assert ledger.heads()["u-1"].seq == 1
    holding.close()
    ledger.close()


def test_a_thread_that_waits_too_long_is_told(file):
    import threading

    ledger, refused = open_file(f"{file}?timeout=0.05"), []

    def second():
        try:
            with ledger.transaction():
                pass
        except LedgerError as error:
            refused.append(error)

    with ledger.transaction():
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()

    assert "another writer" in refused[0].message
    ledger.close()


def test_a_full_disk_keeps_nothing_of_the_transaction(file, write):
    ledger = open_file(file)
    with ledger.transaction() as tx:
        tx.append([write.fact("f-1")], [])
        tx._cursor.execute("PRAGMA max_page_count=1")  # no page more than there are

    with pytest.raises(LedgerError, match="the disk is full"), ledger.transaction() as tx:
        for number in range(2, 999):
            tx.append([write.fact(f"f-{number}", number, personal={"text": "x" * 4000})], [])

    with ledger.transaction() as tx:
        tx.append([write.fact("f-2", 1)], [])

    assert ledger.verify() == ()
    assert ledger.heads()["u-1"].seq == 2
    ledger.close()


@pytest.fixture
def home():
    """A directory that even the user ``nobody`` can enter."""
    with tempfile.TemporaryDirectory() as made:
        os.chmod(made, 0o755)
        yield Path(made)
        os.chmod(made, 0o755)


@contextmanager
def without_privileges():
    """Root may write everything: be somebody else for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_that_may_not_be_written_is_said_to_be_so(home, write):
    file = home / "ledger.db"
    ledger = open_file(file)
    with ledger.transaction() as tx:
        tx.append([write.fact("f-1")], [])
    ledger.close()
    content = file.read_bytes()
    os.chmod(file, 0o444)
    os.chmod(home, 0o555)

    with without_privileges(), pytest.raises(LedgerError, match="cannot be") as refused:
        open_file(file)

    assert "writable" in refused.value.hint
    assert file.read_bytes() == content


def test_a_directory_that_may_not_be_written_is_said_to_be_so(home):
    os.chmod(home, 0o555)

    with without_privileges(), pytest.raises(LedgerError, match="cannot be opened") as refused:
        open_file(home / "ledger.db")

    assert "writable" in refused.value.hint


def test_a_closed_ledger_is_closed(sql_url):
    ledger = open_ledger(sql_url)
    ledger.close()
    ledger.close()

    with pytest.raises(LedgerError, match="closed"), ledger.reading():
        pass


def test_a_ledger_closed_inside_a_transaction_lets_it_end(sql_url, write):
    ledger = open_ledger(sql_url)
    with ledger.transaction() as tx:
        ledger.close()
        tx.append([write.fact("f-1")], [])

    again = open_ledger(sql_url)

    assert again.heads()["u-1"].seq == 1
    again.close()


def test_text_that_is_not_unicode_is_refused(sql_url):
    ledger = open_ledger(sql_url)

    with pytest.raises(LedgerError, match="not Unicode"), ledger.reading() as tx:
        tx.known("\ud800")
    with pytest.raises(LedgerError, match="not Unicode"), ledger.reading() as tx:
        tx.bearers([("order", "o-1"), ("order", "\ud800")], after="", cap=9)

    assert ledger.verify() == ()
    ledger.close()


def test_a_failing_commit_keeps_nothing_and_frees_the_turn(file, write, monkeypatch):
    ledger = open_file(file)

    def fails(connection, kept):
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patched:
        patched.setattr(ledger, "_finish", fails)
        with pytest.raises(LedgerError, match="disk I/O error"), ledger.transaction() as tx:
            tx.append([write.fact("f-1")], [])
    with ledger.transaction() as tx:
        tx.append([write.fact("f-2")], [])

    assert ledger.heads()["u-1"].seq == 1
    ledger.close()


def test_a_refusal_repeats_no_value_of_a_row(sql_url, write):
    ledger, secret = open_ledger(sql_url), "ana@example.com"
    with ledger.transaction() as tx:
        tx.append([write.fact(secret)], [])

    known = pytest.raises(LedgerError, match="already has an entry")
    with known as refused, ledger.transaction() as tx:
        tx.append([write.fact(secret, stream="u-2")], [])

    assert secret not in str(refused.value)
    ledger.close()


@pytest.mark.postgres
class TestPostgres:
    def test_a_server_that_is_not_there_is_said_to_be_so(self, tmp_path):
        with pytest.raises(LedgerError, match="does not answer") as refused:
            open_ledger(f"postgresql+psycopg://me:secret@/d?host={tmp_path}")

        assert "secret" not in str(refused.value)

    def test_an_idle_connection_that_died_is_replaced(self, postgres_url, write):
        ledger = open_ledger(postgres_url)
        with ledger.transaction() as tx:
            tx.append([write.fact("f-1")], [])
            pid = tx._one("SELECT pg_backend_pid()")[0]
        other = open_ledger(postgres_url)
        with other.transaction() as tx:
            tx._one("SELECT pg_terminate_backend(%s)", pid)

        with ledger.transaction() as tx:
            tx.append([write.fact("f-2", 1)], [])

        assert ledger.verify() == ()
        assert ledger.heads()["u-1"].seq == 2
        ledger.close()
        other.close()

    def test_a_connection_lost_in_the_middle_keeps_nothing(self, postgres_url, write):
        ledger, other = open_ledger(postgres_url), open_ledger(postgres_url)

        with pytest.raises(LedgerError), ledger.transaction() as tx:
            tx.append([write.fact("f-1")], [])
            pid = tx._one("SELECT pg_backend_pid()")[0]
            with other.transaction() as beside:
                beside._one("SELECT pg_terminate_backend(%s)", pid)
            tx.append([write.fact("f-2", 1)], [])

        assert ledger.heads() == {}
        ledger.close()
        other.close()

    def test_a_stream_held_too_long_is_said_to_be_held(self, postgres_url):
        ledger = open_ledger(postgres_url)
        with ledger.transaction() as first:
            first.lock(["u-1"])
            with pytest.raises(LedgerError, match="holds a stream"), ledger.transaction() as tx:
                tx._one("SELECT set_config('lock_timeout', '50', true)")
                tx.lock(["u-1"])
        ledger.close()

    def test_a_value_the_server_does_not_take_is_refused(self, postgres_url):
        ledger = open_ledger(postgres_url)

        with pytest.raises(LedgerError, match="the store refuses"), ledger.transaction() as tx:
            tx.bind("a\x00", "u-1")
        ledger.close()

    def test_a_missing_driver_is_named(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "psycopg", None)
        monkeypatch.delitem(sys.modules, "policyenforce.ledger.postgres", raising=False)

        with pytest.raises(LedgerError, match="driver") as refused:
            open_ledger("postgresql+psycopg://h/d")

        assert "policyenforce[postgres]" in refused.value.hint
