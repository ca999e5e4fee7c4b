"""The people, firms and things of a simulated population, before anybody writes them down."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from attrs import evolve, frozen

from policyenforce.testing.population_words import (
    GOODS,
    PROVIDERS,
    REGIONS,
    TRADES,
    Region,
    shaped,
    skewed,
)

_MANY = 4000  # values given up that somebody may get next


@frozen
class Person:
    """Somebody with all that one hand carries about."""

    region: Region
    first_name: str
    last_name: str
    address: str
    postcode: str
    city: str
    phone: str
    email: str
    device: str
    cookie: str
    ip: str
    card: str
    bank: str


@frozen
class Firm:
    """A company, its place, its network and its switchboard."""

    region: Region
    name: str
    number: str
    domain: str
    address: str
    postcode: str
    city: str
    ip: str
    phone: str
    bank: str
    card: str


class People:
    """Makes people and firms, and remembers what was given up and may come to somebody else."""

    def __init__(self, rng: Random, accounts: int, mobile: float) -> None:
        self.rng = rng
        self.mobile = mobile
        self._carriers = [self.address_of_network() for _ in range(6 + accounts // 2500)]
        self._intermediaries = [shaped(rng, "GB99PAYM99999999999999") for _ in range(3)]
        self._past: dict[str, list[str | None]] = {"phone": [], "device_id": []}
        self._mailboxes: set[str] = set()

    def address_of_network(self) -> str:
        """A public IPv4 address."""
        random = self.rng.random
        return (
            f"{int(random() * 60) + 60}.{int(random() * 256)}."
            f"{int(random() * 256)}.{int(random() * 254) + 1}"
        )

    def device(self) -> str:
        """The id of a device, or of a browser's cookie."""
        return f"{self.rng.getrandbits(64):016x}"

    def region(self) -> Region:
        """A country, the big ones more often."""
        return self.rng.choices(REGIONS, _WEIGHTS)[0]

    def person(self, region: Region | None = None) -> Person:
        """Somebody new."""
        rng = self.rng
        region = region or self.region()
        first = skewed(rng, region.given).title()
        last = (skewed(rng, region.family) + skewed(rng, region.endings)).title()
        address, postcode, city = self._place(region)
        return Person(
            region=region,
            first_name=first,
            last_name=last,
            address=address,
            postcode=postcode,
            city=city,
            phone=self._phone(region),
            email=self._mail(first, last),
            device=self.device(),
            cookie=self.device(),
            ip=self._network(),
            card=f"tok_{rng.getrandbits(60):015x}",
            bank=shaped(rng, region.bank),
        )

    def relative(self, person: Person) -> Person:
        """Another member of the family, in the same home."""
        new = self.person(person.region)
        return evolve(
            new,
            last_name=person.last_name,
            address=person.address,
            postcode=person.postcode,
            city=person.city,
            ip=person.ip,
            email=self._mail(new.first_name, person.last_name),
        )

    def firm(self, region: Region | None = None) -> Firm:
        """A new company."""
        rng = self.rng
        region = region or self.region()
        words = [rng.choice(TRADES), *((rng.choice(TRADES),) if rng.random() < 0.5 else ())]
        words += [rng.choice(GOODS)] if rng.random() < 0.7 else []
        address, postcode, city = self._place(region)
        if rng.random() < 0.6:
            words.insert(0, city)
        name = f"{' '.join(words).title()} {rng.choice(region.forms)}"
        return Firm(
            region=region,
            name=name,
            number=shaped(rng, region.registration),
            domain=f"{''.join(words)}{int(rng.random() * 100)}.{rng.choice(('com', 'net'))}",
            address=address,
            postcode=postcode,
            city=city,
            ip=self.address_of_network(),
            phone=self._phone(region),
            bank=shaped(rng, region.bank),
            card=f"tok_{rng.getrandbits(60):015x}",
        )

    def branch(self, head: Firm, *, own_number: bool) -> Firm:
        """The same company in another town."""
        other = self.firm(head.region)
        suffix = f" {other.city.title()} Branch" if self.rng.random() < 0.4 else ""
        return evolve(
            other,
            name=head.name + suffix,
            number=other.number if own_number else head.number,
            domain=head.domain,
        )

    def at_address_of(self, place: Firm, firm: Firm) -> Firm:
        """The firm, moved to where another one is."""
        return evolve(firm, address=place.address, postcode=place.postcode, city=place.city)

    def row(self, person: Person, firm: Firm | None) -> dict[str, str | None]:
        """What this person tells, for this company if there is one."""
        place = firm if firm is not None and self.rng.random() < 0.8 else person
        return {
            "email": person.email,
            "phone": person.phone,
            "device_id": person.device,
            "cookie_id": person.cookie,
            "ip": person.ip,
            "card_token": person.card,
            "bank_account": person.bank,
            "registration_number": firm.number if firm else None,
            "company_name": firm.name if firm else None,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "address": place.address,
            "postcode": place.postcode,
            "city": place.city,
            "country": person.region.code,
        }

    def mail_at(self, firm: Firm, row: dict[str, str | None]) -> str:
        """An address at the firm's own domain."""
        first, last = (row["first_name"] or "").lower(), (row["last_name"] or "").lower()
        return self._mailbox(f"{first}.{last}{int(self.rng.random() * 90)}", firm.domain)

    def similar_mail(self, mail: str | None) -> str | None:
        """What somebody makes of the own old address: an alias, a number, another provider."""
        rng = self.rng
        if mail is None:
            return None
        local, _, domain = mail.partition("@")
        match rng.randrange(4):
            case 0:
                return f"{local}+{rng.choice(('shop', 'a', 'new', '2'))}@{domain}"
            case 1:
                return self._mailbox(f"{local}{rng.randrange(100)}", domain)
            case _:
                return self._mailbox(local, rng.choice(PROVIDERS))

    def remember(self, row: dict[str, str | None]) -> None:
        """Keep what may be given up one day."""
        for name, kept in self._past.items():
            if len(kept) < _MANY:
                kept.append(row[name])
            else:
                kept[self.rng.randrange(_MANY)] = row[name]

    def given_up(self, name: str) -> str | None:
        """A telephone number or a device that was somebody else's, once."""
        kept = self._past[name]
        return kept.pop(self.rng.randrange(len(kept))) if kept else None

    def intermediary(self) -> str:
        """The bank account of a payment service."""
        return self.rng.choice(self._intermediaries)

    def _network(self) -> str:
        if self.rng.random() < self.mobile:
            return self.rng.choice(self._carriers)
        return self.address_of_network()

    def _place(self, region: Region) -> tuple[str, str, str]:
        rng = self.rng
        street, number = rng.choice(region.streets).title(), int(rng.random() * 400) + 1
        flat = f", Room {int(rng.random() * 2000) + 1}" if rng.random() < 0.5 else ""
        city = skewed(rng, region.cities).title()
        kind = rng.choice(("Road", "Street", "Lane"))
        return f"{number} {street} {kind}{flat}", shaped(rng, region.postcode), city

    def _phone(self, region: Region) -> str:
        return f"+{region.calling}{shaped(self.rng, self.rng.choice(region.mobile))}"

    def _mail(self, first: str, last: str) -> str:
        rng = self.rng
        first, last = first.lower(), last.lower()
        local = rng.choice(tuple(_locals(first, last, rng)))
        return self._mailbox(local, skewed(rng, PROVIDERS))

    def _mailbox(self, local: str, domain: str) -> str:
        """A mailbox that nobody has yet: providers and firms give each name once."""
        domain = "gmail.com" if domain == "googlemail.com" else domain
        name, number = local.replace(" ", "").replace(".", ""), 1
        while f"{name}@{domain}" in self._mailboxes:
            number += 1
            name, local = f"{name}{number}", f"{local}{number}"
        self._mailboxes.add(f"{name}@{domain}")
        return f"{local}@{domain}".replace(" ", "")


_WEIGHTS = [region.weight for region in REGIONS]


def _locals(first: str, last: str, rng: Random) -> Iterator[str]:
    number = int(rng.random() * 10000)
    yield f"{first}.{last}{number % 100}"
    yield f"{last}{first}{number}"
    yield f"{first[0]}{last}{number}"
    yield f"{rng.choice(TRADES)}{rng.choice(GOODS)}{number % 1000}"
    yield f"{first}_{number * 7}"
