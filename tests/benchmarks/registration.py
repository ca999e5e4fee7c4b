"""What one registration costs against a ledger of many accounts, beside its bare look-ups.

    python tests/benchmarks/registration.py [--accounts N] [--asked N] [--keep FILE]

The ledger is filled by bare ``sqlite3`` with a simulated marketplace
(``policyenforce.testing.population``): of each account the application with its personal part,
the opening and every row of the index. Beyond 20 000 accounts only the index grows, by the rows
of strangers with whom nobody shares anything. Further accounts of the same marketplace then
apply. Timed is the check of 4.1 on each application: normalise and tokenise, ask, answer, see
what the Users found still hold, and score with evidence. The floor is, in the same run and
interleaved, one indexed look-up for each identifier of the same application, prepared
beforehand. Both are told by the clock and as seconds of computing. With ``--keep`` the file is
used again.
"""

from __future__ import annotations

import argparse
import gc
import sqlite3
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from attrs import evolve

import policyenforce as pe
from policyenforce.checks.multiple_accounts.check import CHECK
from policyenforce.enforcer.indexing import fact_rows
from policyenforce.enforcer.reading import Reader
from policyenforce.ledger import Ledger, MarkRow
from policyenforce.ledger.sqlite import SqliteLedger
from policyenforce.model.fact import Fact, microseconds, personal_paths, position_of
from policyenforce.model.facts.registration import (
    AccountOpened,
    Address,
    ApplicationReceived,
    Entity,
    UserKind,
)
from policyenforce.model.outcome import History
from policyenforce.model.structuring import canonical, fact_to_json
from policyenforce.policy.load import load_rules
from policyenforce.policy.relations import IDENTIFIERS
from policyenforce.privacy.vault import split
from policyenforce.testing.population import Population, simulate_population

START = datetime(2019, 10, 4, tzinfo=UTC)
KEYS = pe.TokenKeys.from_text("k1 " + "A" * 43)
SALT = b"x" * 16
LOOK_UP = (
    "SELECT holder, user, position, fact_id FROM mark WHERE kind = ? AND value = ? "
    "AND role = 'holder' AND position < ? ORDER BY position, holder LIMIT ?"
)
STRANGER = (
    "WITH RECURSIVE one(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM one WHERE n < ?) "
    "INSERT INTO mark SELECT ?, 'k1:' || hex(randomblob(12)), 'holder', 's-' || n, 's-' || n, "
    "'application_received', printf('%018d|10|s-%d', n, n), 's-' || n FROM one"
)
KINDS = (*IDENTIFIERS[:9], "company", "person", "address")  # of which each stranger has one
SIMULATED = 20_000
Seconds = tuple[float, float]  # by the clock, and of computing


def application(made: Population, row: int) -> ApplicationReceived:
    """The fact that tells what one row of the marketplace does."""

    def told(name: str) -> str | None:
        return made.columns[name][row] or None

    def several(name: str) -> tuple[str, ...]:
        value = told(name)
        return () if value is None else (value,)

    company, country = told("company_name"), told("country")
    place = Address(
        lines=several("address"), city=told("city"), postcode=told("postcode"), country=country
    )
    entity = Entity(
        legal_name=company,
        registration_number=told("registration_number"),
        registration_country=country,
    )
    return ApplicationReceived(
        id=f"f-{row}", at=START + timedelta(seconds=row), user_id=f"u-{row}", country=country,
        kind=UserKind.ENTITY if company else UserKind.PERSON, entity=entity if company else None,
        first_name=told("first_name"), last_name=told("last_name"), emails=several("email"),
        phones=several("phone"), addresses=(place,), device_id=told("device_id"),
        cookie_id=told("cookie_id"), ip=told("ip"), card_tokens=several("card_token"),
        bank_accounts=several("bank_account"),
    )  # fmt: skip


def fill(path: Path, made: Population, accounts: int) -> None:
    """Write so many accounts, as they would be recorded but for outcomes and hashes."""
    connection = sqlite3.connect(path, isolation_level=None)
    index = "ix_mark_kind_value_role_position"
    for line in ("PRAGMA synchronous=OFF", "PRAGMA cache_size=-1000000", f"DROP INDEX {index}"):
        connection.execute(line)
    connection.execute("BEGIN")
    for row in range(min(accounts, SIMULATED)):
        _write(connection, row, application(made, row))
    for kind in KINDS if accounts > SIMULATED else ():
        connection.execute(STRANGER, (accounts - SIMULATED, kind))
    connection.execute("COMMIT")
    connection.execute(f"CREATE INDEX {index} ON mark (kind, value, role, position)")
    connection.execute("ANALYZE")
    connection.close()


def _write(connection: sqlite3.Connection, row: int, applied: ApplicationReceived) -> None:
    user, account = applied.user_id, f"m-{row}"
    opened = AccountOpened(id=f"o-{row}", at=applied.at, user_id=user, account_id=account)
    facts: tuple[Fact, ...] = (applied, opened)
    for seq, fact in enumerate(facts, 1):
        body, personal = split(fact_to_json(fact), personal_paths(type(fact)), SALT)
        at = microseconds(fact.at)
        connection.execute(
            "INSERT INTO entry VALUES (?,?,?,?,?,?,?,?,?,?)",
            (user, seq, fact.id, "fact", fact.tag, position_of(fact), at, at, canonical(body), ""),
        )
        if personal is not None:
            connection.execute(
                "INSERT INTO vault VALUES (?,?,?,?)", (user, seq, canonical(personal), SALT)
            )
        connection.executemany(
            "INSERT OR IGNORE INTO mark VALUES (?,?,?,?,?,?,?,?)",
            [
                (m.kind, m.value, m.role, m.holder, m.user, m.tag, m.position, m.fact_id)
                for m in fact_rows(fact, user, KEYS)
            ],
        )
    connection.executemany("INSERT INTO holder VALUES (?,?)", [(user, user), (account, user)])


def clocks() -> Seconds:
    """What the clock says, and how long this thread has computed."""
    return time.perf_counter(), time.thread_time()


def since(start: Seconds) -> Seconds:
    """What has gone by."""
    now = clocks()
    return now[0] - start[0], now[1] - start[1]


def checked(reader: Reader, ledger: Ledger, fact: ApplicationReceived) -> tuple[Seconds, int]:
    """Seconds of the check on one application, and how many findings it has."""
    with ledger.reading() as tx:
        start = clocks()
        history = History(fact.user_id)
        found = reader.evaluation(tx, fact, position_of(fact), history, fact.at)(frozenset())
        return since(start), len(found.findings)


def looked_up(connection: sqlite3.Connection, rows: Sequence[MarkRow], limit: int) -> Seconds:
    """Seconds of the bare look-ups of what an application bears."""
    start = clocks()
    for row in rows:
        connection.execute(LOOK_UP, (row.kind, row.value, row.position, limit)).fetchall()
    return since(start)


def measured(
    path: Path, facts: Sequence[ApplicationReceived]
) -> Iterator[tuple[Seconds, Seconds, int]]:
    """For each application the seconds of its check and of its look-ups, and its findings."""
    rules = load_rules()
    reader = Reader(rules, KEYS, (CHECK,), lambda size: SALT[:size])
    ledger, bare = SqliteLedger(f"sqlite:///{path}"), sqlite3.connect(path)
    limit = rules.accounts.row_cap + 1
    # Looked up all beforehand, so that nothing of a fact is remembered when its turn comes.
    borne = [[row for row in fact_rows(fact, "", KEYS) if _is_borne(row)] for fact in facts]
    for number, (fact, rows) in enumerate(zip(facts, borne, strict=True)):
        if number % 2:  # whoever comes second finds the pages warm
            raw = looked_up(bare, rows, limit)
            ours, found = checked(reader, ledger, evolve(fact))
        else:
            ours, found = checked(reader, ledger, evolve(fact))
            raw = looked_up(bare, rows, limit)
        yield ours, raw, found
    ledger.close()
    bare.close()


def _is_borne(row: MarkRow) -> bool:
    return row.role == "holder" and row.kind != "approved"


def line(name: str, told: Sequence[Seconds]) -> str:
    """The distribution of one part, by the clock and computing."""
    clock, computed = (statistics.quantiles(side, n=100) for side in zip(*told, strict=True))
    return (
        f"{name:24} p50 {clock[49] * 1e3:6.3f} ms, p99 {clock[98] * 1e3:6.3f} ms "
        f"(computing {computed[49] * 1e3:6.3f} and {computed[98] * 1e3:6.3f})"
    )


def main() -> None:
    """Print both distributions, and the ratio of the medians."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--asked", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=501)
    parser.add_argument("--keep", type=Path, help="the file of the ledger, used again if there")
    asked = parser.parse_args()
    simulated = min(asked.accounts, SIMULATED)
    with tempfile.TemporaryDirectory() as folder:
        path = asked.keep or Path(folder) / "ledger.db"
        made = simulate_population(simulated + asked.asked, asked.seed)
        if not path.exists():
            pe.open_enforcer(f"sqlite:///{path}", keys=KEYS).close()
            fill(path, made, asked.accounts)
        facts = [application(made, row) for row in range(simulated, simulated + asked.asked)]
        list(measured(path, facts[:200]))  # what is loaded and compiled once
        gc.collect()
        gc.freeze()  # the marketplace itself is not what a backend has in memory
        told = list(measured(path, facts))
    ours, raw, found = zip(*told, strict=True)
    print(f"{asked.accounts:,} accounts, {asked.asked:,} applications")
    print(line("check", ours))
    print(line("  that finds nothing", [one for one, _, findings in told if not findings]))
    print(line("  with findings", [one for one, _, findings in told if findings]))
    print(line("look-ups", raw))
    ratio = statistics.median(s[1] for s in ours) / statistics.median(s[1] for s in raw)
    print(f"check / look-ups, computing: {ratio:.1f}")
    print(f"findings of each: {dict(sorted(Counter(found).items()))}")


if __name__ == "__main__":
    main()
