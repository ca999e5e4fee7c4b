"""Random logs of sessions, as rows and as a table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pyarrow as pa

from policyenforce.checks.account_sharing.events import EVENTS, NETWORKS

START = datetime(2024, 3, 4, tzinfo=UTC)
TYPES = {"at": pa.timestamp("us", "UTC"), "latitude": pa.float64(), "longitude": pa.float64(),
         "duration_s": pa.float64()}  # fmt: skip
NAMES = ("account_id", "at", "event", "device_id", "ip", "network", "latitude", "longitude",
         "country", "duration_s")  # fmt: skip


def rows(seed: int, count: int = 300) -> list[dict[str, Any]]:
    """Events of a few accounts, with everything that can be missing missing now and then."""
    rng = Random(seed)

    def maybe(value: object) -> Any:
        return None if rng.random() < 0.1 else value

    return [
        {
            "account_id": f"a-{rng.randrange(8)}",
            "at": START + timedelta(seconds=rng.randrange(100 * 86_400)),
            "event": rng.choice((EVENTS[0], EVENTS[0], *EVENTS)),
            "device_id": maybe(f"d-{rng.randrange(9)}"),
            "ip": maybe(f"203.0.{rng.randrange(3)}.{rng.randrange(3)}"),
            "network": maybe(rng.choice(NETWORKS)),
            "latitude": maybe(rng.uniform(-90, 90)),
            "longitude": maybe(rng.uniform(-180, 180)),
            "country": maybe(rng.choice(("GB", "PT"))),
            "duration_s": maybe(rng.uniform(0, 900)),
        }
        for _ in range(count)
    ]


def table(told: list[dict[str, Any]]) -> pa.Table:
    """The rows as a table."""
    return pa.table(
        {
            name: pa.array([row[name] for row in told], TYPES.get(name, pa.string()))
            for name in NAMES
        }
    )
