"""What ``record`` costs above raw ``sqlite3`` writing the very same rows, in the same run.

    python tests/benchmarks/record.py [DIRECTORY] [--facts N]

The facts are the example marketplace's, in order. A first run that is not timed notes every
statement and row that is written; the floor replays exactly those on a bare connection with the
same pragmas and the same transactions. Runs are interleaved; medians of three are printed, for
one fact a transaction and for batches of 100, with the cost of a bare sync on this disk.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import policyenforce as pe
from policyenforce.ledger import sql
from policyenforce.testing.marketplace import marketplace

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON")
Work = list[list[tuple[str, Sequence[Sequence[object]]]]]  # transaction -> statements with rows


def enforced(
    folder: Path,
    facts: Sequence[pe.Fact],
    keys: pe.TokenKeys,
    batch: int,
    begun: Callable[[], None] = lambda: None,
) -> float:
    """Seconds that the enforcer takes for the facts, the store opened beforehand.

    ``begun`` is called when the time begins to run.
    """
    path = Path(tempfile.mkdtemp(dir=folder)) / "ledger.db"
    enforcer = pe.open_enforcer(f"sqlite:///{path}", keys=keys)
    for fact in {type(fact): fact for fact in facts}.values():
        enforcer.preview(fact, now=fact.at)  # what is loaded once is not counted
    begun()
    start = time.perf_counter()
    if batch == 1:
        for fact in facts:
            enforcer.record(fact, now=fact.at)
    else:
        for _ in enforcer.record_many(facts, now=lambda fact: fact.at, batch=batch):
            pass
    seconds = time.perf_counter() - start
    enforcer.close()
    return seconds


def noted(folder: Path, facts: Sequence[pe.Fact], keys: pe.TokenKeys, batch: int) -> Work:
    """Every row the ledger writes for the facts, transaction by transaction."""
    work: Work = []
    once, many, lasting = (
        sql.SqlTransaction._write,
        sql.SqlTransaction._write_all,
        sql.SqlTransaction.__init__,
    )

    def opened(self: Any, *arguments: Any, **more: Any) -> None:
        lasting(self, *arguments, **more)
        work.append([])

    def write(self: Any, statement: str, *values: object) -> None:
        work[-1].append((statement, [values]))
        once(self, statement, *values)

    def write_all(self: Any, *some: Any) -> None:
        work[-1].extend((statement, list(rows)) for statement, rows in some if rows)
        many(self, *some)

    sql.SqlTransaction.__init__ = opened  # type: ignore[method-assign]  # to note, not to change
    sql.SqlTransaction._write, sql.SqlTransaction._write_all = write, write_all  # type: ignore[method-assign]  # likewise
    try:
        enforced(folder, facts, keys, batch, begun=work.clear)
    finally:
        sql.SqlTransaction.__init__ = lasting  # type: ignore[method-assign]  # as it was
        sql.SqlTransaction._write, sql.SqlTransaction._write_all = once, many  # type: ignore[method-assign]  # likewise
    return [transaction for transaction in work if transaction]


def floor(folder: Path, work: Work) -> float:
    """Seconds that bare ``sqlite3`` takes to write the same rows in the same transactions."""
    path = Path(tempfile.mkdtemp(dir=folder)) / "raw.db"
    pe.open_enforcer(f"sqlite:///{path}", keys=pe.TokenKeys.generate()).close()
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    cursor = connection.cursor()
    start = time.perf_counter()
    for transaction in work:
        cursor.execute("BEGIN IMMEDIATE")
        for statement, rows in transaction:
            cursor.executemany(statement, rows)
        cursor.execute("COMMIT")
    seconds = time.perf_counter() - start
    connection.close()
    return seconds


def sync_cost(folder: Path) -> float:
    """Seconds of one fsync of a small append on this disk, median of 50."""
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        taken = []
        for _ in range(50):
            start = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main() -> None:
    """Print one line for each batch size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", nargs="?", help="which disk (default: the temporary one)")
    parser.add_argument("--facts", type=int, default=None, help="how many (default: all)")
    arguments = parser.parse_args()
    facts, keys = marketplace()[: arguments.facts], pe.TokenKeys.generate()
    with tempfile.TemporaryDirectory(dir=arguments.directory) as name:
        folder = Path(name)
        print(f"{len(facts)} facts; a bare sync costs {sync_cost(folder) * 1e6:.0f} µs")
        for batch in (1, 100):
            work = noted(folder, facts, keys, batch)
            pairs = [(floor(folder, work), enforced(folder, facts, keys, batch)) for _ in range(3)]
            raw, ours = (
                statistics.median(side) / len(facts) * 1e6 for side in zip(*pairs, strict=True)
            )
            print(
                f"batch {batch:>3}: raw {raw:6.0f} µs a fact, record {ours:6.0f} µs: "
                f"{ours - raw:.0f} µs above, {raw / ours:.2f} of the raw rate"
            )


if __name__ == "__main__":
    main()
