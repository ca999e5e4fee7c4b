"""How fast a log of sessions is judged, beside a raw floor of the same run.

    python tests/benchmarks/sessions.py [--accounts N]

The floor is decoding the texts and sorting by account and time, which nobody can do without.
Seconds are of one processor.
"""

from __future__ import annotations

import argparse
import time

import pyarrow as pa
import pyarrow.compute as pc

from policyenforce.bulk.events import sound
from policyenforce.bulk.session_log import log_of
from policyenforce.bulk.session_states import states
from policyenforce.bulk.sessions import sessions
from policyenforce.testing.sign_ins import sign_ins

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


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--accounts", type=int, default=20_000)
    table = simulated(arguments.parse_args().accounts)
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


if __name__ == "__main__":
    main()
