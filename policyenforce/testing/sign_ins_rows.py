"""The rows of one account as a log keeps them: some late, some twice, some with holes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from random import Random
from typing import TypedDict

from policyenforce.testing.sign_ins_habits import Habits
from policyenforce.testing.sign_ins_world import KM_PER_DEGREE, Hop


class Row(TypedDict):
    """One event of an account: a line of the table of events."""

    account_id: str
    at: datetime
    event: str
    device_id: str | None
    ip: str | None
    network: str | None
    latitude: float | None
    longitude: float | None
    country: str | None
    duration_s: float | None


Entry = tuple[float, str, str | None, str, Hop, float | None]
"""What happened: day of the window, event, device, network, hop, seconds."""


def written(
    rng: Random,
    habits: Habits,
    account_id: str,
    start: datetime,
    entries: list[Entry],
    lacking: Collection[str],
) -> list[Row]:
    """The entries as rows in the order in which they arrive.

    ``lacking`` names what this account never tells: ``device_id``, ``network``, ``ip``,
    ``country`` or ``coordinates``.
    """
    random, noisy = rng.random, min(1.0, sum(getattr(habits, name) for name in _RATES))
    jitter = 2 * habits.jitter_km / KM_PER_DEGREE
    arrived: list[tuple[float, int, Row]] = []
    entries.sort(key=_moment)
    for day, event, device, network, (ip, latitude, longitude, country), seconds in entries:
        if jitter:
            latitude = round(latitude + (random() - 0.5) * jitter, 4)
            longitude = round(longitude + (random() - 0.5) * jitter, 4)
        row: Row = {
            "account_id": account_id,
            "at": start + timedelta(days=day),
            "event": event,
            "device_id": device,
            "ip": ip,
            "network": network,
            "latitude": latitude,
            "longitude": longitude,
            "country": country,
            "duration_s": seconds,
        }
        arrives = day
        if random() < noisy:
            # Here once in every 1 / noisy rows, so that each rate is reached over all of them.
            arrives += _spoil(rng, habits, row, noisy)
            if random() * noisy < habits.duplicates:
                arrived.append((arrives + random() * _LATEST, len(arrived), row.copy()))
        arrived.append((arrives, len(arrived), row))
    arrived.sort(key=_arrival)
    rows = [row for _, _, row in arrived]
    for name in lacking:
        for row in rows:
            _leave_out(row, name)
    return rows


def _moment(entry: Entry) -> float:
    return entry[0]


def _arrival(arrived: tuple[float, int, Row]) -> tuple[float, int]:
    return arrived[:2]


def _spoil(rng: Random, habits: Habits, row: Row, noisy: float) -> float:
    """Leaves out or changes some of the row; gives the days by which it arrives late."""

    def happens(rate: float) -> bool:
        return rng.random() * noisy < rate

    if happens(habits.misread_networks):
        row["network"] = rng.choice(_NETWORKS)
    if happens(habits.no_device):
        _leave_out(row, "device_id")
    if happens(habits.no_network):
        _leave_out(row, "network")
    if happens(habits.no_ip):
        _leave_out(row, "ip")
    if happens(habits.no_coordinates):
        _leave_out(row, "coordinates")
        if rng.random() < _NOWHERE:
            _leave_out(row, "country")
    if happens(habits.skewed):
        row["at"] += timedelta(days=rng.uniform(-_SKEW, _SKEW))
    return rng.random() * _LATEST if happens(habits.late) else 0.0


def _leave_out(row: Row, name: str) -> None:
    match name:
        case "device_id":
            row["device_id"] = None
        case "ip":
            row["ip"] = None
        case "network":
            row["network"] = None
        case "country":
            row["country"] = None
        case _:
            row["latitude"] = row["longitude"] = None


_RATES = (
    "no_device",
    "no_network",
    "no_coordinates",
    "no_ip",
    "misread_networks",
    "duplicates",
    "late",
    "skewed",
)
_NETWORKS = ("fixed", "office", "mobile", "vpn", "hosting")
_NOWHERE = 0.3  # without coordinates the country is often still known
_LATEST = 20 / (24 * 60)  # days
_SKEW = 10 / (24 * 60)
