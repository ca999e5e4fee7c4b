"""Several writers at once: every chain stays whole, nobody is lost."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from policyenforce.errors import LedgerError
from policyenforce.ledger import open_ledger

WRITERS, FACTS = 4, 25


def writing(ledger, write, writer, stream):
    for number in range(FACTS):
        with ledger.transaction() as tx:
            tx.lock([stream])
            fact = write.fact(f"{writer}-{number}", number, stream=stream, recorded=0)
            tx.append([fact, write.follows(fact)], [write.mark(fact, "ip", "t", holder="a-1")])
            tx.put_history(stream, fact.position, b"{}")


def together(*work):
    with ThreadPoolExecutor(len(work)) as pool:
        for done in [pool.submit(*one) for one in work]:
            done.result(timeout=60)


def test_threads_share_a_ledger(ledger, write):
    together(*((writing, ledger, write, f"w{n}", "u-1") for n in range(WRITERS)))

    assert ledger.verify() == ()
    assert ledger.heads()["u-1"].seq == 2 * WRITERS * FACTS
    with ledger.reading() as tx:
        assert tx.history("u-1")[0] == WRITERS * FACTS


def test_ledgers_share_a_store(sql_url, write):
    open_ledger(sql_url).close()
    ledgers = [open_ledger(sql_url) for _ in range(WRITERS)]

    together(*((writing, one, write, f"w{n}", f"u-{n % 2}") for n, one in enumerate(ledgers)))

    assert ledgers[0].verify() == ()
    assert {head.seq for head in ledgers[0].heads().values()} == {WRITERS * FACTS}
    for one in ledgers:
        one.close()


def test_a_store_is_made_once_by_those_who_open_it_together(sql_url):
    together(*((lambda: open_ledger(sql_url).close(),) for _ in range(WRITERS)))

    ledger = open_ledger(sql_url, create=False)

    assert ledger.verify() == ()
    ledger.close()


@pytest.mark.parametrize("attempt", range(10))
def test_opening_a_new_file_waits_for_those_who_open_it_too(attempt, tmp_path):
    url = f"sqlite:///{tmp_path}/ledger.db"

    together(*((lambda: open_ledger(url).close(),) for _ in range(2 * WRITERS)))

    with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_opening_waits_until_the_file_is_let_go(tmp_path):
    path = tmp_path / "ledger.db"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN EXCLUSIVE")
        release = threading.Timer(0.3, other.execute, ["ROLLBACK"])
        release.start()

        ledger = open_ledger(f"sqlite:///{path}?timeout=30")
        release.join()

    assert ledger.verify() == ()
    ledger.close()


def test_opening_gives_up_when_the_file_is_not_let_go(tmp_path):
    path = tmp_path / "ledger.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")

        with pytest.raises(LedgerError, match="another writer holds the ledger"):
            open_ledger(f"sqlite:///{path}?timeout=0.1")


def test_a_reader_sees_one_instant(sql_url, write):
    ledger = open_ledger(sql_url)
    with ledger.reading() as before:
        assert before.counts()["fact"] == 0

        with ledger.transaction() as tx:
            tx.append([write.fact("f-1")], [])

        assert before.counts()["fact"] == 0
    with ledger.reading() as after:
        assert after.counts()["fact"] == 1
    ledger.close()


def test_a_writer_reads_what_was_committed_while_it_waited(sql_url, write):
    ledger, waiting = open_ledger(sql_url), threading.Event()

    def second():
        waiting.set()
        with ledger.transaction() as tx:
            tx.lock(["u-1"])
            return tx.history("u-1")

    with ThreadPoolExecutor(1) as pool:
        with ledger.transaction() as tx:
            tx.lock(["u-1"])
            found = pool.submit(second)
            waiting.wait(5)
            tx.put_history("u-1", "p-1", b"first")

        assert found.result(timeout=20) == (1, "p-1", b"first")
    ledger.close()


@pytest.mark.postgres
def test_writers_of_different_streams_do_not_wait(postgres_url, write):
    ledger = open_ledger(postgres_url)
    with ledger.transaction() as first:
        first.append([write.fact("f-1", stream="u-1")], [])
        together((writing, ledger, write, "w", "u-2"))

    assert {name: head.seq for name, head in ledger.heads().items()} == {"u-1": 1, "u-2": 2 * FACTS}
    ledger.close()


@pytest.mark.postgres
def test_two_who_wait_for_each_other_are_told(postgres_url):
    ledger, both = open_ledger(postgres_url), threading.Barrier(2)

    def crossing(first, second):
        with ledger.transaction() as tx:
            tx.lock([first])
            both.wait(5)
            tx.lock([second])

    with pytest.raises(LedgerError, match="two writers waited for each other"):
        together((crossing, "u-1", "u-2"), (crossing, "u-2", "u-1"))
    ledger.close()
