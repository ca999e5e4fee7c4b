"""Lives of an account, as the events of its sessions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain

from policyenforce.checks.account_sharing.events import ACTIVITY, API, DAY, FAILED, HOUR, Event
from policyenforce.checks.account_sharing.scores import Judged, judged
from policyenforce.checks.account_sharing.state import AccountState
from policyenforce.model.fact import Fact
from policyenforce.model.facts.sessions import (
    Network,
    SecuritySettingChanged,
    Setting,
    SignedIn,
    SignInFailed,
)
from policyenforce.policy.load import load_rules

LONDON, LEEDS, LISBON, NOWHERE = (51.5, -0.1), (53.8, -1.5), (38.7, -9.1), (None, None)
OXFORD, ROME, OSLO = (51.75, -1.25), (41.9, 12.5), (59.9, 10.8)
SINCE = 18_180  # 2019-10-11
POINTS = load_rules().sessions


def visit(
    day: float,
    device: str | None = "mine",
    place: str | None = "81.2.69.1",
    where: tuple[float | None, float | None] = LONDON,
    *,
    country: str | None = "GB",
    network: str | None = "fixed",
    kind: str = ACTIVITY,
) -> Event:
    """One event, on a day of the window that may have a part behind the point."""
    return Event(int((SINCE + day) * DAY) + 9 * HOUR, kind, device, place, network, *where, country)


def visits(
    days: Iterable[float], device: str, *told: object, **more: str | None
) -> Iterator[Event]:
    """The same on several days."""
    return (visit(day, device, *told, **more) for day in days)  # type: ignore[arg-type]  # as `visit`


def gathered(*lives: Iterable[Event]) -> AccountState:
    """The state that these events leave."""
    state = AccountState(SINCE)
    state.observe(chain.from_iterable(lives))
    return state


def verdict_of(*lives: Iterable[Event], common: Iterable[str] = ()) -> Judged:
    """What these events amount to under the built-in house rules."""
    return judged(gathered(*lives), POINTS, frozenset(common))


def facts(
    *lives: Iterable[Event], account: str = "a-1", person: str | None = None
) -> Iterator[Fact]:
    """The same events as facts; a program signs in by no session, so nothing is told of it."""
    for number, event in enumerate(chain.from_iterable(lives)):
        yield from _facts(event, f"{account}-{event.device}-{number:04d}", account, person)


def _facts(event: Event, name: str, account: str, person: str | None) -> Iterator[Fact]:
    at = datetime.fromtimestamp(event.at, UTC)
    if event.kind == FAILED:
        yield SignInFailed(id=name, at=at, account_id=account, device_id=event.device)
    elif event.kind != API:
        yield SignedIn(
            id=name,
            at=at,
            account_id=account,
            device_id=event.device,
            ip=event.place,
            network=Network(event.network) if event.network else None,
            country=event.country,
            latitude=event.latitude,
            longitude=event.longitude,
            person_id=person,
        )
        if event.kind != ACTIVITY:
            yield SecuritySettingChanged(
                id=f"{name}-changed",
                at=at,
                account_id=account,
                setting=Setting(event.kind.removesuffix("_changed")),
                device_id=event.device,
            )
