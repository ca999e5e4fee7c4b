"""Learns the points of sessions on the project's own simulator, and prints them.

    python tests/benchmarks/fit_sessions.py [--accounts N] [--worlds N]

Each world is another set of habits (``Habits.drawn``) of another seed. The points are learnt on the
accounts of the first worlds; the figures told come from two that were not learnt from. Named staff
are left out: their log is that of colleagues who share, and only the platform knows the difference.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator

import pyarrow as pa
from attrs import evolve

from policyenforce.bulk.events import sound
from policyenforce.bulk.session_fitting import Known, as_toml, fit_sessions
from policyenforce.bulk.session_log import log_of
from policyenforce.bulk.session_states import states
from policyenforce.bulk.sessions import sessions
from policyenforce.checks.account_sharing.arrivals import arrivals
from policyenforce.checks.account_sharing.features import sharing
from policyenforce.testing.sign_ins import LABELS, Habits, sign_ins

_DAYS = (60, 30, 90, 60, 45)
_TYPES = {"at": pa.timestamp("us", "UTC"), "latitude": pa.float64(), "longitude": pa.float64(),
          "duration_s": pa.float64()}  # fmt: skip
_TOLD_FROM = 2


def simulated(seed: int, accounts: int, days: int) -> tuple[pa.Table, dict[str, str]]:
    """The log of a world, and what each of its accounts was."""
    truth: dict[str, str] = {}
    columns: dict[str, list[object]] = {}
    habits = evolve(Habits.drawn(seed), named_staff=0.0)
    for rows, label, _ in sign_ins(seed, accounts, days=days, habits=habits):
        for row in rows:
            truth[str(row["account_id"])] = label
            for name, value in row.items():
                columns.setdefault(name, []).append(value)
    arrays = {name: pa.array(told, _TYPES.get(name, pa.string())) for name, told in columns.items()}
    return pa.table(arrays), truth


def known(table: pa.Table, truth: dict[str, str]) -> Iterator[Known]:
    """What is counted of each account of a log, with what it was."""
    log = log_of(sound(table, "the simulator")[0])
    common = frozenset(
        name for name, shared in zip(log.devices, log.common.tolist(), strict=True) if shared
    )
    for name, state in zip(log.accounts.to_pylist(), states(log), strict=True):
        yield Known(sharing(state, common), tuple(arrivals(state)), truth[name])


def main() -> None:
    """Learn, print the section, and tell on standard error how well it does."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--accounts", type=int, default=5_000, help="in each world")
    arguments.add_argument("--worlds", type=int, default=24)
    asked = arguments.parse_args()
    learnt_from: list[Known] = []
    for seed in range(1, asked.worlds + 1):
        learnt_from += known(*simulated(seed, asked.accounts, _DAYS[seed % len(_DAYS)]))
    points = fit_sessions(learnt_from)
    told = [f"learnt on {len(learnt_from)} accounts of {asked.worlds} simulated worlds"]
    for seed in range(asked.worlds + 1, asked.worlds + 1 + _TOLD_FROM):
        table, truth = simulated(seed, asked.accounts, 60)
        scores = sessions(table, points).scores
        met = Counter(
            (truth[name], verdict)
            for name, verdict in zip(
                scores["account_id"].to_pylist(), scores["verdict"].to_pylist(), strict=True
            )
        )
        for label in LABELS[1:]:
            right = met[label, label]
            said = sum(count for (_, verdict), count in met.items() if verdict == label)
            true = sum(count for (truly, _), count in met.items() if truly == label)
            print(
                f"world {seed}: {label} precision {right / max(said, 1):.3f} "
                f"recall {right / max(true, 1):.3f} F1 {2 * right / max(said + true, 1):.3f}",
                file=sys.stderr,
            )
    print(as_toml(points, told))


if __name__ == "__main__":
    main()
