"""``Stage``: where the scenes of the example marketplace are played.

What people decide names findings and decisions by id, so a scene is played into an enforcer in
memory while it is written. The ids are digests of their inputs: whoever records the same facts
under the default house rules meets the same ids.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final

from policyenforce.enforcer import Enforcer
from policyenforce.errors import UnknownError
from policyenforce.model.decisions import Decision, Status
from policyenforce.model.fact import Fact
from policyenforce.model.facts.procedure import Actor
from policyenforce.model.facts.registration import (
    AccountOpened,
    Address,
    ApplicationReceived,
    Entity,
    Representative,
    UserKind,
)
from policyenforce.model.facts.sessions import Network, SignedIn
from policyenforce.model.findings import Finding
from policyenforce.model.outcome import Outcome

MODERATOR: Final = Actor("mod-lin", roles=("moderator",))
SENIOR: Final = Actor("mod-okafor", roles=("senior_moderator",))
APPEALS: Final = Actor("appeals-brandt", roles=("appeals_officer",))

_HONG_KONG = timezone(timedelta(hours=8))


def clock(when: str) -> datetime:
    """``"10-04 09:30"`` of 2019 where the Terms count their days.

    >>> clock("10-04 00:00").isoformat()
    '2019-10-04T00:00:00+08:00'
    """
    return datetime.fromisoformat(f"2019-{when.replace(' ', 'T')}:00").replace(tzinfo=_HONG_KONG)


class Stage:
    """Plays one scene: every fact told is kept in ``facts`` and recorded at its own time."""

    def __init__(self, enforcer: Enforcer, scene: str) -> None:
        self.scene = scene
        self.facts: list[Fact] = []
        self._enforcer = enforcer

    def tell(
        self, kind: Callable[..., Fact], when: str, id: str | None = None, /, **fields: Any
    ) -> Outcome:
        """A fact of this kind happens; returns what it leads to."""
        name = id or f"{self.scene}-{len(self.facts) + 1:02d}"
        fact = kind(id=name, at=clock(when), **fields)
        self.facts.append(fact)
        return self._enforcer.record(fact, now=fact.at)

    def member(
        self, name: str, when: str, *, site: str = "alibaba", country: str = "CN",
        company: str | None = None, user_id: str | None = None, **changes: Any,
    ) -> str:  # fmt: skip
        """A Member registers, as a company unless ``company`` is None; returns its account."""
        user = user_id or f"u-{name}"
        place = Address(lines=(f"1 {name.title()} Court",), city="Linhu", country=country)
        shape: dict[str, Any] = {"kind": UserKind.SOLE_TRADER, "first_name": name.title(),
                                 "last_name": self.scene.title(), "birth_date": _BORN}  # fmt: skip
        if company:
            shape = {
                "kind": UserKind.ENTITY,
                "entity": Entity(
                    legal_name=company, registration_number=f"{self.scene.upper()}{name.upper()}77",
                    registration_country=country, principal_place=place, registered_address=place,
                ),
                "representative": Representative(
                    name=f"{name.title()} {self.scene.title()}", role="director", authority=True
                ),
            }  # fmt: skip
        about = {
            "site": site, "user_id": user, "application_id": f"app-{name}",
            "country": country, "residence": country, "access_country": country,
            "business_use": True, "emails": (f"{name}@{self.scene}.example",),
            "device_id": f"pc-{self.scene}-{name}", "addresses": (place,),
        }  # fmt: skip
        self.tell(ApplicationReceived, when, **{**about, **shape, **changes})
        self.tell(
            AccountOpened, when, site=site, user_id=user, account_id=f"a-{name}",
            application_id=f"app-{name}", memberships=(site,),
        )  # fmt: skip
        return f"a-{name}"

    def sign_ins(
        self, account: str, days: Sequence[str], devices: Mapping[str, dict[str, Any]]
    ) -> None:
        """The account is used from each of these devices on each of these days, from ten on."""
        for day in days:
            for minute, (device, seen) in enumerate(devices.items()):
                self.tell(
                    SignedIn, f"{day} 10:{minute:02d}", account_id=account, device_id=device,
                    **{"network": Network.OFFICE, **seen},
                )  # fmt: skip


_BORN: Final = date(1984, 5, 17)


def finding(outcome: Outcome, clause: str) -> Finding:
    """The finding on a clause; raises UnknownError when the scene did not go as written."""
    for found in outcome.findings:
        if str(found.clause) == clause:
            return found
    raise UnknownError(f"{outcome.fact_id} led to no finding on {clause}")


def decision(outcome: Outcome, status: Status | None = None) -> Decision:
    """The first decision, of this status if one is given; raises UnknownError without one."""
    for made in outcome.decisions:
        if status in (None, made.status):
            return made
    raise UnknownError(f"{outcome.fact_id} led to no decision that is {status}")
