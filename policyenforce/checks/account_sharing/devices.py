"""Which devices used an account on which days, and which of them went on side by side.

Sharing is several devices that each persist and co-exist. A new telephone takes over from the
old one, a cleared browser is a device of one day, a traveller or VPN user is the same device on
another network, and an office is many accounts on one network: none of these co-exist here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from attrs import frozen

from policyenforce.model.fact import Fact
from policyenforce.model.facts.sessions import (
    Network,
    SecuritySettingChanged,
    SessionActive,
    SignedIn,
    SignInFailed,
)
from policyenforce.model.questions import Holder, Mark, Question, Wants

DEVICE_DAY = "device_day"
UNCLEAN = frozenset({Network.MOBILE.value, Network.VPN.value, Network.HOSTING.value})
"""Networks whose addresses change hands; a day seen only there shows no place."""

_ROWS = 1_000  # of one account in one month; 30 devices a day is no account's life
_NOVELTY = timedelta(hours=24)
_FAILURES = 3


@frozen
class DeviceDay:
    """One row: on this day (UTC) this device used the account, on such a network, by whom."""

    day: date
    device: str
    network: str | None
    person: str | None
    since: str
    fact_id: str

    @staticmethod
    def of(holder: Holder) -> DeviceDay:
        """The row a dated holder spells: ``2019-10-03|d-1|fixed|-``."""
        day, device, network, person = holder.holder.split("|", 3)
        return DeviceDay(
            date.fromisoformat(day),
            device,
            None if network == "-" else network,
            None if person == "-" else person,
            holder.since,
            holder.fact_id,
        )


def device_of(holder: Holder) -> str:
    """The device that a dated holder names."""
    return holder.holder.split("|", 2)[1]


def device_marks(fact: Fact) -> Iterator[Mark]:
    """The dated row of a session, filed under account and month; none without a device id.

    >>> from policyenforce.model.facts.sessions import SignedIn
    >>> at = datetime(2019, 10, 3, 9, tzinfo=UTC)
    >>> [mark.holder for mark in device_marks(
    ...     SignedIn(id="f-1", at=at, account_id="a-1", device_id="d-1", network=Network.FIXED))]
    ['2019-10-03|d-1|fixed|-']
    """
    if not isinstance(fact, (SignedIn, SessionActive)):
        return
    device = _plain(fact.device_id)
    if device == "-":
        return
    day = fact.at.astimezone(UTC).date()
    network = fact.network.value if fact.network else "-"
    row = f"{day}|{device}|{network}|{_plain(fact.person_id)}"
    yield Mark(DEVICE_DAY, _filed(fact.account_id, day), row, "holder")


def asks_devices(account_id: str, at: datetime, window_days: int) -> tuple[Question, ...]:
    """One question for each month that the window of days before ``at`` touches."""
    last = at.astimezone(UTC).date()
    first = last - timedelta(days=window_days)
    return _by_month(account_id, first.year * 12 + first.month - 1, last.year * 12 + last.month)


@lru_cache(1024)
def _by_month(account_id: str, first: int, end: int) -> tuple[Question, ...]:
    """``first`` and ``end`` count months since the year 0."""
    days = (date(month // 12, month % 12 + 1, 1) for month in range(first, end))
    return tuple(
        Question(DEVICE_DAY, _filed(account_id, day), Wants.HOLDERS, limit=_ROWS) for day in days
    )


def coexisting(days: Mapping[str, frozenset[date]], min_days: int, min_devices: int) -> list[str]:
    """The devices that went on side by side with ``min_devices - 1`` others of them or more.

    Two devices do when each was used on ``min_days`` days of the time in which both existed.

    >>> week = frozenset(date(2019, 10, day) for day in range(1, 8))
    >>> coexisting({"d-1": week, "d-2": week}, 3, 2)
    ['d-1', 'd-2']
    """
    found = {device: seen for device, seen in days.items() if len(seen) >= min_days}
    before = -1
    while before != len(found):
        before = len(found)
        found = {
            device: seen
            for device, seen in found.items()
            if _partners(device, found, min_days) >= min_devices - 1
        }
    return sorted(found, key=lambda device: (min(found[device]), device))


def days_of(rows: Iterable[DeviceDay]) -> dict[str, frozenset[date]]:
    """The days of each device, those on unclean networks left out."""
    found: dict[str, set[date]] = defaultdict(set)
    for row in rows:
        if row.network not in UNCLEAN:
            found[row.device].add(row.day)
    return {device: frozenset(days) for device, days in found.items()}


def one_person(rows: Iterable[DeviceDay], devices: Iterable[str]) -> bool:
    """True when every one of these devices is known to be used by the same single person."""
    persons = {device: {r.person for r in rows if r.device == device} for device in devices}
    everybody = set().union(*persons.values())
    return len(everybody) == 1 and None not in everybody


def takeover_signs(facts: Iterable[Fact]) -> bool:
    """True when a strange device changed a security setting soon after failed sign-ins.

    A device is strange that was first seen less than a day before the change, while another
    one was known. Such an account needs protection, and is no evidence of sharing.
    """
    seen = tuple(facts)
    return any(_strange(f, seen) for f in seen if isinstance(f, SecuritySettingChanged))


def _strange(change: SecuritySettingChanged, facts: tuple[Fact, ...]) -> bool:
    since = change.at - _NOVELTY
    failures = sum(isinstance(f, SignInFailed) and since <= f.at <= change.at for f in facts)
    known = {
        f.device_id
        for f in facts
        if isinstance(f, (SignedIn, SessionActive)) and f.at < since and f.device_id
    }
    novel = change.device_id is not None and change.device_id not in known
    return failures >= _FAILURES and bool(known) and novel


def _partners(device: str, days: Mapping[str, frozenset[date]], min_days: int) -> int:
    others = (seen for name, seen in days.items() if name != device)
    return sum(_side_by_side(days[device], seen, min_days) for seen in others)


def _side_by_side(left: frozenset[date], right: frozenset[date], min_days: int) -> bool:
    first, last = max(min(left), min(right)), min(max(left), max(right))
    return all(sum(first <= day <= last for day in days) >= min_days for days in (left, right))


def _filed(account_id: str, day: date) -> str:
    return f"{account_id}|{day.year:04d}-{day.month:02d}"


def _plain(value: str | None) -> str:
    return (value or "").strip().replace("|", "/") or "-"
