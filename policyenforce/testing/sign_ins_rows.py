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

    ``lacking`` names what this account never tells: ``device_id``, ``network``, ``ip`` or
    ``coordinates``.
    """
    random, noisy = rng.random, _all_noise(habits)
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
        if random() < noisy:
            day += _spoil(rng, habits, row)
            if rng.random() * noisy < habits.duplicates:
                arrived.append((day + rng.random() * _LATEST, len(arrived), row.copy()))
        arrived.append((day, len(arrived), row))
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


def _all_noise(habits: Habits) -> float:
    rates = (
        habits.no_device,
        habits.no_network,
        habits.no_coordinates,
        habits.no_ip,
        habits.misread_networks,
        habits.duplicates,
        habits.late,
        habits.skewed,
    )
    return 1.0 if max(rates) > _MUCH else min(1.0, sum(rates))


def _spoil(rng: Random, habits: Habits, row: Row) -> float:
    """Leaves out or changes some of the row; gives the days by which it arrives late.

    It is called for a share ``noisy`` of the rows, so each rate is taken out of that share.
    """
    noisy = _all_noise(habits)

    def happens(rate: float) -> bool:
        return rng.random() * noisy < rate

    if happens(habits.no_device):
        row["device_id"] = None
    if happens(habits.misread_networks):
        row["network"] = rng.choice(_NETWORKS)
    for name, rate in (
        ("network", habits.no_network),
        ("coordinates", habits.no_coordinates),
        ("ip", habits.no_ip),
    ):
        if happens(rate):
            _leave_out(row, name)
    if happens(habits.skewed):
        row["at"] += timedelta(minutes=rng.uniform(-_SKEW, _SKEW))
    return rng.random() * _LATEST if happens(habits.late) else 0.0


def _leave_out(row: Row, name: str) -> None:
    if name == "coordinates":
        row["latitude"] = row["longitude"] = None
    elif name == "country":
        row["country"] = None
    elif name == "device_id":
        row["device_id"] = None
    elif name == "network":
        row["network"] = None
    else:
        row["ip"] = None


_NETWORKS = ("fixed", "office", "mobile", "vpn", "hosting")
_MUCH = 0.3
_LATEST = 20 / (24 * 60)
_SKEW = 10.0
