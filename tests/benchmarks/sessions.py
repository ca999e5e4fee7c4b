"""How fast sessions are judged, as a table and one by one, beside raw floors of the same run.

    python tests/benchmarks/sessions.py [--accounts N] [--recorded N]

The floor of a table is decoding the texts and sorting by account and time, which nobody can do
without. Of an event through ``record`` there are two: bare ``sqlite3`` writing the same rows, and
``record`` of a sign-out, which nothing looks at. Seconds are of one processor.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from record import floor as written
from record import noted

import policyenforce as pe
from policyenforce.bulk.events import sound
from policyenforce.bulk.session_log import log_of
from policyenforce.bulk.session_states import states
from policyenforce.bulk.sessions import sessions
from policyenforce.checks.account_sharing.kept import Kept
from policyenforce.checks.account_sharing.observed import taken_in
from policyenforce.checks.account_sharing.row import from_row, to_row
from policyenforce.checks.account_sharing.scores import judged
from policyenforce.testing.sign_ins import sign_ins
from policyenforce.testing.sign_ins_facts import facts_of

_TYPES = {"at": pa.timestamp("us", "UTC"), "latitude": pa.float64(), "longitude": pa.float64(),
          "duration_s": pa.float64()}  # fmt: skip


def simulated(accounts: int) -> pa.Table:
    """The log of a usual world."""
    columns: dict[str, list[object]] = {}
    for rows, _, _ in sign_ins(1, accounts):
        for row in rows:
            for name, value in row.items():
                columns.setdefault(name, []).append(value)
    return pa.table(
        {name: pa.array(told, _TYPES.get(name, pa.string())) for name, told in columns.items()}
    )


def floor(table: pa.Table) -> None:
    """Decode every text, and sort the events of each account by time."""
    for name in ("account_id", "event", "device_id", "ip", "network", "country"):
        table[name].dictionary_encode()
    pc.sort_indices(table, sort_keys=[("account_id", "ascending"), ("at", "ascending")])


def signed_out(fact: pe.Fact) -> pe.Fact:
    """The sign-out of the same account, device and instant."""
    told = {"account_id": fact.named, "device_id": getattr(fact, "device_id", None)}
    return pe.SignedOut(id=fact.id, at=fact.at, **told)  # type: ignore[arg-type]  # a table of mixed values


def spent_on(work: Callable[[], object]) -> float:
    """Processor seconds."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def recorded(folder: Path, facts: Sequence[pe.Fact], keys: pe.TokenKeys) -> float:
    """Processor seconds of ``record``, one fact a transaction."""
    path = Path(tempfile.mkdtemp(dir=folder)) / "ledger.db"
    enforcer = pe.open_enforcer(f"sqlite:///{path}", keys=keys)
    for fact in {type(fact): fact for fact in facts}.values():
        enforcer.preview(fact, now=fact.at)  # what is loaded once is not counted

    def work() -> None:
        for fact in facts:
            enforcer.record(fact, now=fact.at)

    spent = spent_on(work)
    enforcer.close()
    return spent


def judge(facts: Sequence[pe.Fact]) -> None:
    """What ``record`` does with sessions, but for the store: read a row, a step, look, a row."""
    points, rows = pe.load_rules().sessions, dict[str, bytes]()
    for fact in facts:
        account = fact.named or ""
        before = from_row(rows[account]) if account in rows else Kept()
        after = taken_in(before, fact, fact.at, {})
        if after.state is not before.state and len(after.state.devices) > 1:
            judged(after.state, points, after.common)
        rows[account] = to_row(after)


def one_by_one(accounts: int) -> None:
    """Print what an event costs through ``record``, beside both floors; medians of three."""
    told = (fact for rows, _, _ in sign_ins(2, accounts) for fact in facts_of(rows))
    facts = sorted(told, key=lambda fact: fact.at)
    outs, keys = [signed_out(fact) for fact in facts], pe.TokenKeys.generate()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        work = noted(folder, facts, keys, 1)
        runs = [
            (
                spent_on(lambda: written(folder, work)),
                recorded(folder, outs, keys),
                recorded(folder, facts, keys),
                spent_on(lambda: judge(facts)),
            )
            for _ in range(3)
        ]
    rows, out, ours, bare = (
        statistics.median(side) / len(facts) * 1e6 for side in zip(*runs, strict=True)
    )
    print(
        f"one by one, {len(facts)} facts: the same rows bare {rows:.0f} µs, a sign-out recorded "
        f"{out:.0f} µs, an event recorded and judged {ours:.0f} µs: {ours - out:.0f} µs more than "
        f"the sign-out ({ours / out:.2f} times), {ours / rows:.2f} times the bare rows; the step, "
        f"the look and the row by themselves {bare:.0f} µs"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--recorded", type=int, default=150, help="accounts recorded one by one")
    arguments = parser.parse_args()
    table = simulated(arguments.accounts)
    sessions(table.slice(0, 1_000))  # load what is loaded once
    spent = {}
    for name, work in (
        ("floor", lambda: floor(table)),
        ("states", lambda: states(log_of(sound(table, "")[0]))),
        ("sessions", lambda: sessions(table)),
    ):
        times = []
        for _ in range(3):
            begun = time.process_time()
            work()
            times.append(time.process_time() - begun)
        spent[name] = min(times)
        print(f"{name:9} {spent[name]:6.2f} s  {len(table) / spent[name]:>11,.0f} events/s")
    print(f"ratio to the floor: {spent['sessions'] / spent['floor']:.1f}")
    one_by_one(arguments.recorded)


if __name__ == "__main__":
    main()
