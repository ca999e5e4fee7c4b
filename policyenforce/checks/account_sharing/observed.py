"""What a recorded fact says of an account's sessions, as one event of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from policyenforce.checks.account_sharing.events import (
    ACTIVITY,
    CONTACT,
    DAY,
    FAILED,
    PASSWORD,
    PAYOUT,
    SECOND_FACTOR,
    Event,
    place_of,
)
from policyenforce.checks.account_sharing.kept import Kept
from policyenforce.model.fact import Fact, microseconds
from policyenforce.model.facts.sessions import (
    Network,
    SecuritySettingChanged,
    SessionActive,
    Setting,
    SignedIn,
    SignInFailed,
)

SESSIONS = (SignedIn, SessionActive, SignInFailed, SecuritySettingChanged)
"""The facts that say something of an account's sessions."""
AHEAD = timedelta(days=1)
"""How far ahead of the time a clock may be before what it says is put aside."""

_CHANGE: Mapping[Setting, str] = MappingProxyType(
    {
        Setting.PASSWORD: PASSWORD,
        Setting.CONTACT: CONTACT,
        Setting.PAYOUT: PAYOUT,
        Setting.SECOND_FACTOR: SECOND_FACTOR,
    }
)
_A_SECOND = 1_000_000
_ANYBODYS = (None, Network.FIXED)
_FIXED = Network.FIXED.value


Shared = Mapping[str, bool]
"""Whether so many accounts bear the fact's ``device`` or ``ip`` that it is nobody's own."""


def asks_who(kept: Kept, fact: Fact) -> Iterator[str]:
    """Which of its identifiers it matters of who else bears them: what is new of this day."""
    if not isinstance(fact, (SignedIn, SessionActive)):
        return
    seen = kept.seen(fact.device_id, _second(fact) // DAY)
    if fact.device_id and seen is None:
        yield "device"
    if fact.ip and fact.network in _ANYBODYS and (seen is None or place_of(fact.ip) not in seen):
        yield "ip"


def taken_in(kept: Kept, fact: Fact, known_at: datetime, shared: Shared) -> Kept:
    """What is kept of the account's sessions once this fact is known as well.

    ``shared`` answers ``asks_who``. What lies ahead of ``known_at``, when the platform learnt of
    it, is put aside.
    """
    if fact.at > known_at + AHEAD:
        return kept
    at = _second(fact)
    if isinstance(fact, SignInFailed):
        return kept.after(Event(at, FAILED))
    if isinstance(fact, SecuritySettingChanged):
        return kept.after(Event(at, _CHANGE[fact.setting], fact.device_id or None))
    if not isinstance(fact, (SignedIn, SessionActive)):
        return kept
    place = place_of(fact.ip) if fact.ip else None
    network = _network(kept, fact, place, shared.get("ip", False))
    where = (fact.latitude, fact.longitude) if isinstance(fact, SignedIn) else (None, None)
    event = Event(
        at,
        ACTIVITY,
        fact.device_id or None,
        place,
        network,
        *where,
        fact.country or None,
    )
    common = shared.get("device", fact.device_id in kept.common)
    said = fact.network.value if fact.network else None
    return kept.after(event, fact.person_id, shared_device=common, said=said)


def _network(
    kept: Kept, fact: SignedIn | SessionActive, place: str | None, crowded: bool
) -> str | None:
    """The network as told, or as told of the address before, or else somebody's own line.

    Whatever is said of it, a line that many accounts come by is a carrier's, and nobody's home.
    """
    told = fact.network.value if fact.network else None
    if place is None:
        return told
    told = told or kept.network_of(place) or _FIXED
    return Network.MOBILE.value if crowded and told == _FIXED else told


def _second(fact: Fact) -> int:
    return microseconds(fact.at) // _A_SECOND
