"""A simulated marketplace of accounts, with the truth about who is behind each of them.

It is there to fit and to measure what relates accounts: controllers with up to thirty accounts at
several levels of care, and the honest people who look like them - colleagues behind one network
address, families, agencies, tenants of one address, heirs of a telephone number. Every rate stands
in ``Mix``, and ``Mix.drawn`` draws another world, so that nothing leans on one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from random import Random

from attrs import asdict, frozen

from policyenforce.testing.population_people import Firm, People, Person
from policyenforce.testing.population_rows import COLUMNS, Noise, written
from policyenforce.testing.population_words import Region

Row = dict[str, str | None]
_CARE = ("careless", "middling", "careful", "very_careful")


@frozen
class Mix:
    """Which share of the accounts belongs to each scene, and how careful and tidy people are."""

    controllers: float = 0.14
    careless: float = 0.35
    middling: float = 0.35
    careful: float = 0.22
    branches: float = 0.015
    colleagues: float = 0.14
    large_offices: float = 0.02
    families: float = 0.08
    agencies: float = 0.05
    cafes: float = 0.02
    mobile: float = 0.2
    tenants: float = 0.03
    intermediaries: float = 0.01
    recycled_phones: float = 0.02
    second_hand: float = 0.012
    several: float = 0.14
    proxies: float = 0.75
    missing: float = 0.15
    typos: float = 0.04
    dummies: float = 0.01
    thrift: float = 1.0

    @classmethod
    def drawn(cls, seed: int) -> Mix:
        """Another world: each rate between about half and twice its usual value.

        >>> Mix.drawn(1) == Mix.drawn(1), Mix.drawn(1) == Mix.drawn(2)
        (True, False)
        """
        rng = Random(f"mix {seed}")
        usual = asdict(cls())
        thrift = usual.pop("thrift")
        drawn = {name: rate * rng.uniform(0.5, 1.8) for name, rate in usual.items()}
        return cls(**drawn, thrift=thrift * rng.uniform(0.7, 1.25))


@frozen
class Population:
    """The accounts as columns of text, and for each account its controller and its scene."""

    columns: Mapping[str, list[str | None]]
    controllers: list[int]
    scenes: list[str]


def simulate_population(accounts: int, seed: int, *, mix: Mix | None = None) -> Population:
    """So many accounts, in random order; the same seed gives the same ones.

    >>> made = simulate_population(50, seed=1)
    >>> len(made.columns["account_id"]), len(made.controllers), len(set(made.scenes)) > 3
    (50, 50, True)
    """
    rng = Random(f"population {seed}")
    mix = mix or Mix()
    world = _World(rng, mix, People(rng, accounts, mix.mobile))
    rows: list[tuple[Row, int, str]] = []
    while len(rows) < accounts:
        rows.extend(world.next_scene())
    del rows[accounts:]
    rng.shuffle(rows)
    noise = Noise(mix.missing, mix.typos, mix.dummies)
    columns: dict[str, list[str | None]] = {name: [] for name in ("account_id", *COLUMNS)}
    for number, (row, _, _) in enumerate(rows):
        columns["account_id"].append(f"m-{number:07d}")
        told = written(rng, row, noise)
        for name in COLUMNS:
            columns[name].append(told[name])
    return Population(columns, [who for _, who, _ in rows], [scene for _, _, scene in rows])


Scene = Iterator[tuple[Row, int, str]]


class _World:
    """Makes one scene after the other, each with accounts that belong together in some way."""

    def __init__(self, rng: Random, mix: Mix, people: People) -> None:
        self.rng, self.mix, self.people = rng, mix, people
        self.number = 0
        # A scene is drawn so often that its accounts make up its share, by its usual size.
        shares: tuple[tuple[Callable[[], Scene], float, float], ...] = (
            (self._controller, mix.controllers, 4.6),
            (self._branches, mix.branches, 3.5),
            (self._colleagues, mix.colleagues, 5.5),
            (self._large_office, mix.large_offices, 150),
            (self._family, mix.families, 2.6),
            (self._agency, mix.agencies, 14),
            (self._cafe, mix.cafes, 12),
            (self._tenants, mix.tenants, 40),
        )
        rest = max(0.05, 1 - sum(share for _, share, _ in shares))
        self.scenes = [scene for scene, _, _ in shares] + [self._ordinary]
        self.weights = [share / size for _, share, size in shares] + [rest]

    def next_scene(self) -> Scene:
        """The accounts of one more scene."""
        return self.rng.choices(self.scenes, self.weights)[0]()

    def _who(self) -> int:
        self.number += 1
        return self.number

    def _machine(self) -> tuple[str, str, float]:
        """A machine that several people use: its device, its browser, how often that is kept."""
        return self.people.device(), self.people.device(), self.rng.choice((0.0, 0.6, 0.9, 1.0))

    def _at_machine(self, row: Row, machine: tuple[str, str, float]) -> None:
        device, cookie, kept = machine
        row["device_id"] = device
        if self.rng.random() < kept:
            row["cookie_id"] = cookie
            if self.rng.random() < 0.15:  # another program on the same machine
                row["device_id"] = self.people.device()

    def _ordinary(self) -> Scene:
        rng, mix, people = self.rng, self.mix, self.people
        person = people.person()
        firm = people.firm(person.region) if rng.random() < 0.55 else None
        row = people.row(person, firm)
        if rng.random() < mix.recycled_phones:
            row["phone"] = people.given_up("phone") or row["phone"]
        if rng.random() < mix.second_hand:
            row["device_id"] = people.given_up("device_id") or row["device_id"]
        if rng.random() < mix.intermediaries:
            row["bank_account"] = people.intermediary()
        people.remember(row)
        yield row, self._who(), "ordinary"

    def _colleagues(self) -> Scene:
        yield from self._office(2 + int(self.rng.expovariate(1 / 3.5)), "colleagues")

    def _large_office(self) -> Scene:
        yield from self._office(40 + int(self.rng.expovariate(1 / 110)), "large_office")

    def _office(self, size: int, scene: str) -> Scene:
        rng, people = self.rng, self.people
        firm = people.firm()
        switchboard, shared_mail = rng.random() < 0.25, rng.random() < 0.6
        pool = self._machine() if rng.random() < 0.08 else None
        for _ in range(size):
            row = people.row(people.person(firm.region), firm)
            row["ip"] = firm.ip if rng.random() < 0.85 else row["ip"]
            if switchboard and rng.random() < 0.6:
                row["phone"] = firm.phone
            if shared_mail:
                row["email"] = people.mail_at(firm, row)
            if pool and rng.random() < 0.5:
                self._at_machine(row, pool)
            if rng.random() < 0.15:  # the firm pays and is paid for some of its staff
                row["bank_account"] = firm.bank
            if rng.random() < 0.05:
                row["card_token"] = firm.card
            yield from self._perhaps_again(row, scene)

    def _perhaps_again(self, row: Row, scene: str) -> Scene:
        """The account, and now and then further ones of the same person in the same place."""
        rng, who = self.rng, self._who()
        yield row, who, scene
        while rng.random() < self.mix.several:
            again = dict(row)
            fresh = self.people.row(self.people.person(), None)
            for name in _REUSED:
                if name == "email" or rng.random() < 0.35:
                    again[name] = fresh[name]
            yield again, who, f"{scene}_again"

    def _family(self) -> Scene:
        rng, people = self.rng, self.people
        first = people.person()
        machine = self._machine()
        shared_device, shared_card = rng.random() < 0.3, rng.random() < 0.12
        shared_phone, shared_bank = rng.random() < 0.12, rng.random() < 0.08
        for _ in range(rng.choice((2, 2, 2, 3, 3, 4))):
            person = people.relative(first)
            row = people.row(person, None)
            row["ip"] = first.ip if rng.random() < 0.8 else row["ip"]
            if shared_device and rng.random() < 0.7:
                self._at_machine(row, machine)
            if shared_card and rng.random() < 0.8:
                row["card_token"] = first.card
            if shared_phone and rng.random() < 0.6:
                row["phone"] = first.phone
            if shared_bank and rng.random() < 0.7:
                row["bank_account"] = first.bank
            yield from self._perhaps_again(row, "family")

    def _agency(self) -> Scene:
        rng, people = self.rng, self.people
        agent = people.person()
        contact = rng.random() < 0.25
        card = agent.card if rng.random() < 0.12 else None
        machines = [self._machine() for _ in range(rng.choice((1, 1, 2, 3)))]
        for _ in range(3 + min(57, int(rng.expovariate(1 / 11)))):
            owner = people.person(agent.region)
            row = people.row(owner, people.firm(agent.region))
            self._at_machine(row, rng.choice(machines))
            row["ip"] = agent.ip if rng.random() < 0.9 else row["ip"]
            if contact and rng.random() < 0.5:
                row["phone"] = agent.phone
            if card and rng.random() < 0.7:
                row["card_token"] = card
            yield from self._perhaps_again(row, "agency")

    def _cafe(self) -> Scene:
        rng, people = self.rng, self.people
        ip, machines = people.address_of_network(), [self._machine() for _ in range(6)]
        for _ in range(3 + int(rng.expovariate(1 / 9))):
            row = people.row(people.person(), None)
            row["ip"] = ip
            if rng.random() < 0.4:
                self._at_machine(row, rng.choice(machines))
            yield row, self._who(), "cafe"

    def _tenants(self) -> Scene:
        rng, people = self.rng, self.people
        place = people.firm()
        for _ in range(5 + int(rng.expovariate(1 / 35))):
            firm = people.firm(place.region)
            row = people.row(people.person(place.region), firm)
            row.update(address=place.address, postcode=place.postcode, city=place.city)
            if rng.random() < 0.1:
                row["phone"] = place.phone
            yield row, self._who(), "tenants"

    def _branches(self) -> Scene:
        rng, people = self.rng, self.people
        head, who = people.firm(), self._who()
        same_number, same_bank = rng.random() < 0.7, rng.random() < 0.6
        for _ in range(2 + int(rng.expovariate(1 / 1.5))):
            branch = people.branch(head, own_number=not same_number)
            row = people.row(people.person(head.region), branch)
            if same_bank:
                row["bank_account"] = head.bank
            if rng.random() < 0.5:
                row["email"] = people.mail_at(head, row)
            yield row, who, "branches"

    def _controller(self) -> Scene:
        rng, mix = self.rng, self.mix
        careful = mix.careless + mix.middling + mix.careful
        shares = (mix.careless, mix.middling, mix.careful, max(0.03, 1 - careful))
        level = rng.choices(range(4), shares)[0]
        size = min(30, int(2 / (1 - rng.random()) ** 0.75))
        person = self.people.person()
        firms = [self.people.firm(person.region)] if rng.random() < 0.6 else []
        yield from self._accounts_of(level, size, person, firms)

    def _accounts_of(self, level: int, size: int, person: Person, firms: list[Firm]) -> Scene:
        """One hand's accounts: of each thing it has the same one, a few, or always a fresh one."""
        rng, people, who = self.rng, self.people, self._who()
        masks: list[Person] = [person]
        abroad = rng.random() < 0.3  # invented people live anywhere
        pools = {name: self._pool(name, level) for name in _REUSED}
        if rng.random() < self.mix.proxies * (0.6, 1.0, 1.0, 1.0)[level]:
            pools.pop("ip")  # comes by another way every time
        past: list[Row] = []
        for _ in range(size):
            mask = self._mask(level, masks, person, None if abroad else person.region)
            firm = self._firm(level, firms, person) if firms else None
            row = people.row(mask, firm)
            for name, (values, most, rate) in pools.items():
                if len(values) < most:
                    values.append(row[name])
                if rng.random() < rate:
                    row[name] = rng.choice(values)
            if past and rng.random() < _SIMILAR_MAIL[level]:
                row["email"] = people.similar_mail(rng.choice(past)["email"])
            past.append(row)
            yield row, who, _CARE[level]

    def _pool(self, name: str, level: int) -> tuple[list[str | None], int, float]:
        """The values of one kind that this hand uses, how many at most, and how often."""
        rng = self.rng
        constant, few = _REUSE[name][level]
        drawn = rng.random()
        if drawn < constant * self.mix.thrift:
            return [], 1, rng.uniform(0.75, 1.0)
        if drawn < (constant + few) * self.mix.thrift:
            return [], rng.choice((2, 2, 3, 4, 6)), rng.uniform(0.5, 1.0)
        return [], 1, 0.0

    def _mask(
        self, level: int, masks: list[Person], person: Person, region: Region | None
    ) -> Person:
        """The name and address the next account goes by: an old one, a relative's, an invented."""
        rng = self.rng
        if rng.random() < (0.75, 0.45, 0.12, 0.03)[level]:
            return rng.choice(masks)
        if rng.random() < (0.3, 0.25, 0.15, 0.05)[level]:
            masks.append(self.people.relative(person))
        else:
            masks.append(self.people.person(region))
        return masks[-1]

    def _firm(self, level: int, firms: list[Firm], person: Person) -> Firm:
        rng = self.rng
        if rng.random() < (0.7, 0.45, 0.15, 0.05)[level]:
            return rng.choice(firms)
        fresh = self.people.firm(person.region)
        if rng.random() < (0.4, 0.3, 0.15, 0.03)[level]:
            fresh = self.people.at_address_of(firms[0], fresh)
        firms.append(fresh)
        return fresh


_REUSED = ("device_id", "cookie_id", "ip", "card_token", "bank_account", "phone", "email")
_REUSE = {  # how likely one value for all accounts is, and a few values for them
    "device_id": ((0.6, 0.35), (0.25, 0.4), (0.08, 0.2), (0.02, 0.06)),
    "cookie_id": ((0.35, 0.45), (0.15, 0.35), (0.05, 0.15), (0.02, 0.05)),
    "ip": ((0.5, 0.4), (0.3, 0.4), (0.12, 0.25), (0.04, 0.1)),
    "card_token": ((0.35, 0.4), (0.12, 0.3), (0.06, 0.15), (0.02, 0.05)),
    "bank_account": ((0.45, 0.4), (0.2, 0.4), (0.1, 0.25), (0.03, 0.08)),
    "phone": ((0.35, 0.35), (0.08, 0.25), (0.03, 0.1), (0.01, 0.04)),
    "email": ((0.04, 0.06), (0.01, 0.04), (0.0, 0.01), (0.0, 0.0)),
}
_SIMILAR_MAIL = (0.25, 0.12, 0.04, 0.01)
