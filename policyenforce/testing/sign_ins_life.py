"""Somebody with devices and places, and the diary of what they do with an account."""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, inf, log
from random import Random

from attrs import Factory, define, frozen

from policyenforce.testing.sign_ins_habits import Habits
from policyenforce.testing.sign_ins_rows import Entry
from policyenforce.testing.sign_ins_world import City, Spot, World

MINUTE = 1 / (24 * 60)
HOUR = 1 / 24


@define
class Gadget:
    """A device with its share of the sittings.

    One that is bound to a network has no other way, and is used by those who are there; a
    ``remote`` one, a desktop in a data centre, from anywhere.
    """

    device_id: str | None
    share: float = 1.0
    phone: bool = False
    since: float = -inf
    until: float = inf
    bound: Spot | None = None
    remote: bool = False


@frozen
class Stay:
    """From this day on somebody is here; nothing happens while they are on their way."""

    since: float
    city: City
    home: Spot
    carrier: Spot
    work: Spot | None = None
    journey: float = 0.0


@define
class Person:
    """Who uses an account: devices, places by time, and ways of behaving. Rates are per sitting."""

    gadgets: list[Gadget]
    stays: list[Stay]
    per_day: float
    first_hour: float = 8.0
    hours: float = 14.0
    weekends: float = 0.7
    at_work: float = 0.85
    on_carrier: float = 0.4
    at_any_hour: bool = False
    cafe: Spot | None = None
    vpn: Spot | None = None
    on_vpn: float = 0.0
    clears: float = 0.0
    forgets: float = 0.0
    away: list[tuple[float, float]] = Factory(list)

    def stay(self, at: float) -> Stay:
        """Where they are."""
        found = self.stays[0]
        for stay in self.stays[1:]:
            if stay.since <= at:
                found = stay
        return found

    def gadget(self, rng: Random, at: float) -> Gadget | None:
        """One of the devices in use at that time and at hand."""
        stay = self.stay(at)
        near = (None, stay.home, stay.work)
        left = [
            gadget
            for gadget in self.gadgets
            if gadget.since <= at < gadget.until and (gadget.remote or gadget.bound in near)
        ]
        if len(left) < 2:
            return left[0] if left else None
        drawn = rng.random() * sum(gadget.share for gadget in left)
        for gadget in left:
            drawn -= gadget.share
            if drawn < 0:
                return gadget
        return left[-1]


class Diary:
    """All that happens with one account, in days since the window opened."""

    def __init__(self, rng: Random, world: World, habits: Habits, days: int, weekday: int) -> None:
        self.rng, self.world, self.habits = rng, world, habits
        self.days, self.weekday = days, weekday
        self.entries: list[Entry] = []
        self.lacking: set[str] = set()

    def live(
        self,
        person: Person,
        since: float = 0.0,
        until: float = inf,
        *,
        least: int = 0,
    ) -> None:
        """Lets somebody use the account in their own way for a while, ``least`` times at least."""
        since, until = max(0.0, since), min(float(self.days), until)
        if since >= until:
            return
        for at in self._times(person, since, until, least):
            self.sit(person, at)

    def sit(
        self,
        person: Person,
        at: float,
        *,
        then: Iterable[str] = (),
        fails: int = 0,
        gadget: Gadget | None = None,
    ) -> None:
        """One sitting: failures, some activity, and what is changed ``then``, minutes apart."""
        rng = self.rng
        random = rng.random
        gadget = gadget or person.gadget(rng, at)
        if gadget is None:
            return
        spot = self._way(person, gadget, at)
        device, network, hop = gadget.device_id, spot.network, spot.hop(rng, at)
        if person.clears and not gadget.phone and random() < person.clears:
            gadget.device_id = device = self.world.device()
        if not fails and random() < person.forgets:
            fails = rng.choice((1, 1, 1, 2, 3))
        note = self.entries.append
        moment = at
        for _ in range(fails):
            note((moment, "sign_in_failed", device, network, hop, None))
            moment += (0.2 + 2 * random()) * MINUTE
        note((moment, "activity", device, network, hop, self._seconds()))
        for event in then:
            moment += (0.5 + 8 * random()) * MINUTE
            note((moment, event, device, network, hop, None))
        again = 1 - 1 / max(1.0, self.habits.sitting)
        while random() < again:
            moment += (2 + 40 * random()) * MINUTE
            if random() < self.habits.rehops:
                hop = spot.hop(rng, moment)
            note((moment, "activity", device, network, hop, self._seconds()))

    def fail(self, at: float, device: str | None, spot: Spot, times: int, pause: float) -> None:
        """A burst of failed sign-ins, ``pause`` days between them on average."""
        moment = at
        for _ in range(times):
            hop = spot.hop(self.rng, moment)
            self.entries.append((moment, "sign_in_failed", device, spot.network, hop, None))
            moment += self.rng.expovariate(1.0) * pause

    def call(
        self, since: float, until: float, per_day: float, device: str | None, at: Spot
    ) -> None:
        """What a program does by the programming interface, at any hour."""
        rng = self.rng
        since, until = max(0.0, since), min(float(self.days), until)
        for _ in range(count(rng, per_day * max(0.0, until - since))):
            moment = since + rng.random() * (until - since)
            hop = at.hop(rng, moment)
            self.entries.append((moment, "api", device, at.network, hop, round(rng.random(), 2)))

    def leave_out(self) -> None:
        """From now on this account tells less: one or two columns stay empty."""
        rng = self.rng
        self.lacking.update(rng.sample(_COLUMNS, rng.choice((1, 1, 2))))

    def _times(self, person: Person, since: float, until: float, least: int) -> list[float]:
        rng, random = self.rng, self.rng.random
        sittings = count(rng, person.per_day / max(1.0, self.habits.sitting) * (until - since))
        west = person.stays[0].city.longitude / 360
        times: list[float] = []
        for _ in range(max(least, sittings)):
            day = since + random() * (until - since)
            if (int(day) + self.weekday) % 7 >= _SATURDAY and random() > person.weekends:
                day = min(max(day - 2, since), until)
            spent = (random() + random()) / 2  # the middle of the day is the busiest
            at = int(day) + (person.first_hour + person.hours * spent) * HOUR - west
            at = at if since <= at < until else day
            if not _absent(person, at):
                times.append(at)
        while len(times) < least:  # whoever must come does, even on a journey
            times.append(since + random() * (until - since))
        times.sort()
        return times

    def _way(self, person: Person, gadget: Gadget, at: float) -> Spot:
        random = self.rng.random
        if gadget.bound is not None:
            return gadget.bound
        stay = person.stay(at)
        if person.vpn is not None and random() < person.on_vpn:
            return person.vpn
        if random() < (person.on_carrier if gadget.phone else person.on_carrier * _TETHERED):
            return stay.carrier
        if person.cafe is not None and stay is person.stays[0] and random() < _OUT:
            return person.cafe
        working = person.at_any_hour or self._working(stay, at)
        if stay.work is not None and working and random() < person.at_work:
            return stay.work
        return stay.home

    def _working(self, stay: Stay, at: float) -> bool:
        local = at + stay.city.longitude / 360
        hour = (local - local // 1) * 24
        return _OPENS <= hour < _CLOSES and (int(local) + self.weekday) % 7 < _SATURDAY

    def _seconds(self) -> float | None:
        drawn = self.rng.random()
        return None if drawn < _UNMEASURED else round(-_MEAN_S * log(1 - drawn), 1)


def _absent(person: Person, at: float) -> bool:
    stay = person.stay(at)
    if stay.since <= at < stay.since + stay.journey:
        return True
    return any(gone <= at < back for gone, back in person.away)


def count(rng: Random, mean: float) -> int:
    """How often something happens that happens ``mean`` times on average, by chance.

    >>> count(Random(1), 0.0), count(Random(1), 4.0) < 20
    (0, True)
    """
    if mean > _MANY:
        return max(0, round(rng.gauss(mean, mean**0.5)))
    left, times = exp(-mean), 0
    drawn = rng.random()
    while drawn > left:
        drawn *= rng.random()
        times += 1
    return times


_COLUMNS = ("coordinates", "network", "device_id", "ip", "country")
_SATURDAY = 5
_OPENS, _CLOSES = 9, 18
_TETHERED = 0.08
_OUT = 0.12
_UNMEASURED = 0.08
_MEAN_S = 800.0
_MANY = 60  # from here on the bell curve is near enough
