"""How far the ledger is above raw ``sqlite3`` writing the very same rows, in the same run.

Run it with ``python tests/benchmarks/ledger_floor.py [DIRECTORY]``; the directory says which disk.
One round is one fact with an outcome, a personal part, four marks and a history.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from policyenforce.ledger import FACT, OUTCOME, Entry, Ledger, MarkRow, open_ledger
from policyenforce.model.fact import microseconds
from policyenforce.privacy import vault

Rows = dict[str, list[tuple[object, ...]]]  # table -> rows; one transaction

INSERTS = {
    "entry": "INSERT INTO entry VALUES (?,?,?,?,?,?,?,?,?,?)",
    "vault": "INSERT INTO vault VALUES (?,?,?,?)",
    "mark": "INSERT INTO mark VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET "
    "user=excluded.user, tag=excluded.tag, position=excluded.position, "
    "fact_id=excluded.fact_id WHERE excluded.position < position",
    "history": "INSERT INTO history VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET "
    "version=version+1, newest=excluded.newest, body=excluded.body",
}


def raw_write(path: Path, transactions: Iterable[Rows]) -> list[float]:
    """Write ready rows with nothing between, into a ledger file that has its tables.

    Returns the seconds of each transaction. The pragmas are those of the ledger.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    cursor, seconds = connection.cursor(), []
    for rows in transactions:
        start = time.perf_counter()
        cursor.execute("BEGIN IMMEDIATE")
        for table, some in rows.items():
            if some:
                cursor.executemany(INSERTS[table], some)
        cursor.execute("COMMIT")
        seconds.append(time.perf_counter() - start)
    connection.close()
    return seconds


Round = tuple[Entry, Entry, list[MarkRow], bytes]


def rounds(count: int, streams: int = 50) -> list[Round]:
    """What an enforcer would hand over for ``count`` facts of typical size."""
    start = datetime(2019, 10, 4, 9, tzinfo=UTC)
    made = []
    for number in range(count):
        user, at = f"user-{number % streams:05d}", start + timedelta(seconds=number)
        fact_id, salt = f"fact-{number:08d}", number.to_bytes(16, "big")
        told = {"fact": "signed_in", "id": fact_id, "account_id": user, "ip": "203.0.113.7" * 3}
        told |= {f"field_{n}": "a value of some length" for n in range(8)}
        body, personal = vault.split(told, (("ip",),), salt)
        position = f"{microseconds(at) + 10**17:018d}|50|{fact_id}"
        fact = Entry(
            user, FACT, fact_id, "signed_in", position, at, at,
            orjson.dumps(body, option=orjson.OPT_SORT_KEYS), orjson.dumps(personal), salt,
        )  # fmt: skip
        outcome = Entry(
            user, OUTCOME, f"o:{fact_id}", "signed_in", position, at, at, b"{%s}" % (b"x" * 600)
        )
        place = (user, "signed_in", position, fact_id)
        token = f"1:{number % 997:064x}"
        marks = [MarkRow(k, token, "holder", user, *place) for k in ("ip", "device", "cookie")]
        marks.append(MarkRow("order", fact_id, "fact", fact_id, *place))
        made.append((fact, outcome, marks, b"h" * 1500))
    return made


def write(ledger: Ledger, batches: Iterable[Sequence[Round]]) -> list[float]:
    """Write the rounds through the ledger; the seconds of each transaction."""
    seconds = []
    for batch in batches:
        start = time.perf_counter()
        with ledger.transaction() as tx:
            for fact, outcome, marks, history in batch:
                tx.append((fact, outcome), marks)
                tx.put_history(fact.stream, fact.position, history)
        seconds.append(time.perf_counter() - start)
    return seconds


def rows_of(ledger: Ledger, batches: Iterable[Sequence[Round]]) -> list[Rows]:
    """The rows that the ledger wrote for each batch."""
    with ledger.reading() as tx:
        hashes = {s.id: s for s in tx.all_facts()}
        outcomes = {s.id: s for user in tx.users() for s in tx.outcomes(user).values()}
    made = []
    for batch in batches:
        rows: Rows = {"entry": [], "vault": [], "mark": [], "history": []}
        for fact, outcome, marks, history in batch:
            for stored in (hashes[fact.id], outcomes[outcome.id]):
                rows["entry"].append(
                    (stored.stream, stored.seq, stored.id, stored.kind, stored.tag, stored.position,
                     microseconds(stored.at), microseconds(stored.recorded_at), stored.body,
                     stored.hash)
                )  # fmt: skip
            seq = hashes[fact.id].seq
            rows["vault"].append((fact.stream, seq, fact.personal, fact.salt))
            rows["mark"].extend(tuple(m) for m in marks)
            rows["history"].append((fact.stream, 1, fact.position, history))
        made.append(rows)
    return made


def compare(directory: Path, size: int, count: int) -> tuple[float, float]:
    """Median seconds of a transaction of ``size`` rounds: through the ledger, and raw."""
    given = rounds(count * size)
    batches = [given[n : n + size] for n in range(0, len(given), size)]
    ours, floor = [], []
    for turn in range(3):
        paths = [directory / f"{name}-{size}-{turn}.db" for name in ("ledger", "raw")]
        ledgers = [open_ledger(f"sqlite:///{path}") for path in paths]
        ours += write(ledgers[0], batches)[count // 10 :]
        rows = rows_of(ledgers[0], batches)
        ledgers[1].close()
        floor += raw_write(paths[1], rows)[count // 10 :]
        assert [len(found.verify()) for found in ledgers[:1]] == [0]
        ledgers[0].close()
    return statistics.median(ours), statistics.median(floor)


def each(work: Callable[[], object], count: int = 5000) -> float:
    """Median seconds of one call."""
    taken = []
    for _ in range(count):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def reading(directory: Path) -> tuple[float, float]:
    """Seconds to read one history: inside a transaction, and with one of its own."""
    ledger = open_ledger(f"sqlite:///{directory / 'reading.db'}")
    write(ledger, [rounds(500)])

    def alone() -> None:
        with ledger.reading() as tx:
            tx.history("user-00007")

    with ledger.reading() as tx:
        inside = each(lambda: tx.history("user-00007"))
    whole = each(alone)
    ledger.close()
    return inside, whole


def main() -> None:
    """Print microseconds and ratios."""
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if sys.argv[1:] else None) as made:
        for size, count in ((1, 600), (100, 20)):
            ours, floor = compare(Path(made), size, count)
            print(
                f"append, {size} a transaction: {ours / size * 1e6:7.1f} us a fact,"
                f" raw {floor / size * 1e6:7.1f} us, ratio {ours / floor:.2f}"
            )
        inside, whole = reading(Path(made))
        print(f"history: {inside * 1e6:.1f} us inside a transaction, {whole * 1e6:.1f} us alone")


if __name__ == "__main__":
    main()
