"""The ordinary Members of the example marketplace: who they are and how they registered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final

from attrs import frozen

from policyenforce.model.fact import Fact
from policyenforce.model.facts.registration import (
    AccountOpened,
    Address,
    ApplicationReceived,
    Entity,
    Referee,
    Representative,
    TermsAccepted,
    UserKind,
)
from policyenforce.testing.market_words import (
    FIRST_NAMES,
    HOUSES,
    LAST_NAMES,
    PLACES,
    STREETS,
    TRADES,
    Place,
)

START: Final = datetime(2019, 9, 11, 16, tzinfo=UTC)
"""Midnight of 12 September 2019 where the Terms count their days (UTC+8)."""

CHANGE: Final = datetime(2019, 10, 3, 16, tzinfo=UTC)
"""Midnight of 4 October 2019 there: the newer version of the Terms begins."""

DAYS: Final = 50
"""How many days the facts run over."""

OLDER, NEWER = "2019-09-12", "2019-10-04"


@frozen
class Member:
    """An ordinary Member: its ids, where it is from, what it uses, and its devices."""

    number: int
    kind: UserKind
    name: tuple[str, str]
    company: str
    place: Place
    site: str
    joined: datetime
    device: str
    phone_device: str
    ip: str

    @property
    def user_id(self) -> str:
        """``u-0017``."""
        return f"u-{self.number:04d}"

    @property
    def account_id(self) -> str:
        """``a-0017``."""
        return f"a-{self.number:04d}"

    @property
    def sells(self) -> bool:
        """Whoever runs a business here sells."""
        return self.kind is not UserKind.PERSON


def people(rng: Random, count: int) -> Iterator[Member]:
    """``count`` Members; no two share a name, a company, a device or an address."""
    names = [(first, last) for first in FIRST_NAMES for last in LAST_NAMES]
    companies = [f"{house} {trade}" for house in HOUSES for trade in TRADES]
    rng.shuffle(names)
    rng.shuffle(companies)
    shares = [place.share for place in PLACES]
    for number in range(1, count + 1):
        place = rng.choices(PLACES, shares)[0]
        kind = rng.choices(tuple(UserKind), (30, 15, 55))[0]
        family = "aliexpress" if kind is UserKind.PERSON or rng.random() < 0.3 else "alibaba"
        company = companies[number % len(companies)]
        yield Member(
            number=number,
            kind=kind,
            name=names[number % len(names)],
            company=f"{company} {place.company}" if kind is UserKind.ENTITY else company,
            place=place,
            site=family,
            joined=_joined(rng),
            device=f"dev-{number:04d}-{rng.getrandbits(40):010x}",
            phone_device=f"mob-{number:04d}-{rng.getrandbits(40):010x}",
            ip=f"2001:db8:{number:x}:{rng.getrandbits(16):x}::{rng.getrandbits(16):x}",
        )


def _joined(rng: Random) -> datetime:
    """Most Members come in the first days; the last ones after the change of Terms."""
    day = rng.randrange(10) if rng.random() < 0.8 else rng.randrange(10, DAYS - 10)
    return START + timedelta(days=day, seconds=rng.randrange(86_400))


def registration(member: Member, rng: Random) -> Iterator[Fact]:
    """The application, the account, and every acceptance of the Terms."""
    yield _application(member, rng)
    opened = member.joined + timedelta(hours=rng.randrange(1, 30))
    yield AccountOpened(
        id=f"{member.account_id}-opened",
        at=opened,
        site=member.site,
        user_id=member.user_id,
        account_id=member.account_id,
        application_id=f"app-{member.number:04d}",
        memberships=(member.site,),
    )
    version = OLDER if opened < CHANGE else NEWER
    yield accepted(member, opened + timedelta(minutes=2), version)
    if version == OLDER and rng.random() < 0.4:
        yield accepted(member, CHANGE + timedelta(minutes=rng.randrange(9_000)), NEWER)


def accepted(member: Member, at: datetime, version: str) -> TermsAccepted:
    """The Member accepts a version of the Terms, or goes on after it was posted."""
    return TermsAccepted(
        id=f"{member.account_id}-terms-{version}",
        at=at,
        site=member.site,
        account_id=member.account_id,
        terms_version=version,
    )


def _application(member: Member, rng: Random) -> ApplicationReceived:
    first, last = member.name
    address = _address(member, rng)
    sure = rng.random()
    return ApplicationReceived(
        id=f"{member.user_id}-applied",
        at=member.joined,
        site=member.site,
        user_id=member.user_id,
        application_id=f"app-{member.number:04d}",
        kind=member.kind,
        country=member.place.country,
        residence=member.place.country,
        access_country=member.place.country,
        first_name=first,
        last_name=last,
        birth_date=_born(rng),
        emails=(f"{first}.{last}{member.number}@mail.example".lower(),),
        phones=(_phone(member.number),),
        addresses=(address,),
        device_id=member.device,
        ip=member.ip,
        bank_accounts=(f"{member.place.country}{rng.randrange(10**13, 10**14)}",),
        business_use=member.sells or sure < 0.1,
        **(_business(member, address, rng) if member.kind is UserKind.ENTITY else {}),
    )


def _business(member: Member, address: Address, rng: Random) -> dict[str, Any]:
    """What an entity adds; one in thirty leaves something out."""
    number = None if rng.random() < 0.03 else f"{rng.randrange(10**11, 10**12)}"
    empowered = rng.choices((True, None), (97, 3))[0]
    referees = (Referee(name=f"{member.company} bank", consent_to_act=True, consent_to_publish=True,
                        consent_to_contact=True, letters_true=True),)  # fmt: skip
    return {
        "entity": Entity(
            legal_name=member.company,
            registration_number=number,
            registration_country=member.place.country,
            tax_id=f"{rng.randrange(10**8, 10**9)}",
            principal_place=address,
            registered_address=address,
        ),
        "representative": Representative(
            name=" ".join(member.name), role="director", authority=empowered
        ),
        "referees": referees if rng.random() < 0.1 else (),
    }


def _address(member: Member, rng: Random) -> Address:
    return Address(
        lines=(f"{member.number} {rng.choice(STREETS)}",),
        city=member.place.town,
        postcode=f"{rng.randrange(10_000, 99_999)}",
        country=member.place.country,
    )


def _born(rng: Random) -> date:
    """Of full age, but for one in a hundred and fifty."""
    year = 2004 if rng.random() < 0.007 else rng.randrange(1955, 1998)
    return date(year, rng.randrange(1, 13), rng.randrange(1, 29))


def _phone(number: int) -> str:
    """A number of the block that telephone companies keep free for fiction."""
    return f"+1{201 + number // 100}55501{number % 100:02d}"
