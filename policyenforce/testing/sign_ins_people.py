"""A person with devices and places, and what happens to anybody: trips, new devices, changes."""

from __future__ import annotations

from math import inf

from attrs import evolve

from policyenforce.testing.sign_ins_life import HOUR, Diary, Gadget, Person, Stay
from policyenforce.testing.sign_ins_world import City, Spot

_AT_A_DESK = 0.8
CHANGES = ("password_changed", "contact_changed", "payout_changed")


def somebody(diary: Diary, city: City | None = None, work: Spot | None = None) -> Person:
    """A person with one to four devices, a home, a carrier and perhaps a place of work."""
    rng, world, habits = diary.rng, diary.world, diary.habits
    random = rng.random
    city = city or world.city()
    if work is None and random() < habits.workplaces:
        work = world.office(city)[1]
    phone_first = random() < 0.35
    gadgets = [Gadget(world.device(), phone=phone_first)]
    while len(gadgets) < 4 and random() < habits.more_devices:
        phone = phone_first if len(gadgets) % 2 == 0 else not phone_first
        gadgets.append(Gadget(world.device(), rng.uniform(0.1, 1.0), phone))
    if work is not None and random() < 0.35:  # a machine that stays on the desk
        gadgets.append(Gadget(world.device(), rng.uniform(0.4, 1.2), bound=work))
    carrier = world.carrier(city.country, national=random() < habits.national_carriers)
    pace = rng.lognormvariate(-(habits.spread**2) / 2, habits.spread)  # 1 on average
    person = Person(
        gadgets,
        [Stay(0.0, city, world.home(city), carrier, work)],
        per_day=min(_BUSIEST, habits.per_day * pace),
        first_hour=rng.uniform(6, 10),
        hours=rng.uniform(8, 16),
        weekends=rng.choice((0.2, 0.7, 1.0)),
        on_carrier=min(1.0, habits.on_carrier * rng.uniform(0.2, 1.8)),
        forgets=habits.forgets,
    )
    if random() < habits.at_any_hour:
        person.at_any_hour, person.first_hour, person.hours = True, 0.0, 24.0
        person.weekends, person.at_work = 1.0, rng.uniform(0.2, 0.7)
    if random() < habits.cafes:
        person.cafe = world.guest_network(city)
    if random() < habits.occasional_vpn:
        person.vpn, person.on_vpn = world.vpn(), rng.uniform(0.05, 0.4)
    return person


def any_owner(diary: Diary) -> Person:
    """The owner of an account that something happens to: lives in one of the usual ways."""
    rng = diary.rng
    drawn = rng.random()
    if drawn < 0.15:
        return office_worker(diary)
    person = somebody(diary)
    if drawn < 0.2:
        hide(diary, person)
    elif drawn < 0.27:
        roam(diary, person)
    elif drawn < 0.3:
        person.clears = rng.choice((0.2, 0.5, 0.9))
    if drawn > 0.92:
        travel(diary, person, 1)
    return person


def office_worker(diary: Diary) -> Person:
    """Works behind an address that many accounts share, and hardly anywhere else."""
    rng = diary.rng
    city, work = diary.world.office()
    person = somebody(diary, city, work)
    if rng.random() < _AT_A_DESK:
        person.gadgets = _desk_and_home(diary, person.stays[0])
    person.at_work = rng.uniform(0.85, 1.0)
    keep_office_hours(diary, person)
    return person


def _desk_and_home(diary: Diary, stay: Stay) -> list[Gadget]:
    """A machine or two that stay at work, what is carried, and perhaps one that stays at home."""
    rng, device = diary.rng, diary.world.device
    gadgets = [Gadget(device(), rng.uniform(0.8, 1.6), bound=stay.work)]
    if rng.random() < 0.05:  # a till, a meeting room
        gadgets.append(Gadget(device(), rng.uniform(0.1, 0.8), bound=stay.work))
    if rng.random() < 0.7:
        gadgets.append(Gadget(device(), rng.uniform(0.1, 0.6), phone=True))
    if rng.random() < 0.3:  # a laptop that goes to and fro
        gadgets.append(Gadget(device(), rng.uniform(0.2, 1.0)))
    if rng.random() < 0.4:
        gadgets.append(Gadget(device(), rng.uniform(0.1, 0.6), bound=stay.home))
    return gadgets


def keep_office_hours(diary: Diary, person: Person) -> None:
    """Works by day and seldom at weekends, unless in a world where nobody keeps hours."""
    rng = diary.rng
    if not person.at_any_hour:
        person.weekends = rng.choice((0.05, 0.1, 0.4))
        person.first_hour, person.hours = rng.uniform(7.5, 9.5), rng.uniform(8, 10)


def hide(diary: Diary, person: Person) -> None:
    """Comes by a VPN most of the time."""
    person.vpn, person.on_vpn = diary.world.vpn(), diary.rng.choice((0.4, 0.7, 0.9, 1.0))


def roam(diary: Diary, person: Person) -> None:
    """Lives on the telephone, behind any gateway of the country."""
    rng, world = diary.rng, diary.world
    if not any(gadget.phone for gadget in person.gadgets):
        person.gadgets.append(Gadget(world.device(), phone=True))
    for gadget in person.gadgets:
        gadget.share = 1.0 if gadget.phone else gadget.share * 0.4
    stay = person.stays[0]
    carrier = world.carrier(stay.city.country, national=True)
    person.on_carrier = rng.uniform(0.7, 1.0)
    if rng.random() < 0.3:  # the laptop goes by the telephone too
        person.stays[0] = Stay(0.0, stay.city, carrier, carrier, stay.work)
    else:
        person.stays[0] = Stay(0.0, stay.city, stay.home, carrier, stay.work)


def travel(diary: Diary, person: Person, trips: int) -> None:
    """Goes away and comes back, with what can be carried; some telephones roam by way of home."""
    rng, world = diary.rng, diary.world
    at_home = person.stays[0]
    day = rng.uniform(0.0, diary.days / (trips + 1))
    for _ in range(trips):
        city = world.elsewhere(at_home.city, abroad=rng.random() < 0.6)
        near = world.carrier(city.country, national=False)
        carrier = at_home.carrier if rng.random() < 0.5 else near
        lobby = world.guest_network(city)
        airport = world.guest_network(at_home.city)
        stays = rng.choice((0.8, 2.0, 4.0, 7.0, 12.0)) * rng.uniform(0.7, 1.3)
        journey = rng.uniform(3, 14) * HOUR
        person.stays += [
            Stay(day, at_home.city, airport, at_home.carrier),
            Stay(day + 2 * HOUR, city, lobby, carrier, journey=journey),
            Stay(
                day + stays,
                at_home.city,
                at_home.home,
                at_home.carrier,
                at_home.work,
                journey=journey,
            ),
        ]
        day += stays + rng.uniform(1.0, 2.0 * diary.days / (trips + 1))


def replace(diary: Diary, person: Person, gadget: Gadget, day: float) -> Gadget:
    """Buys a new device for an old one, and uses both for some days."""
    rng = diary.rng
    new = evolve(gadget, device_id=diary.world.device(), since=day, until=inf)
    gadget.until = day + rng.choice((0.0, 0.0, 0.2, 1.0, 2.0, 5.0))
    person.gadgets.append(new)
    return new


def change(diary: Diary, person: Person, day: float, gadget: Gadget | None = None) -> None:
    """Changes one or more settings in the proper way, now and then after a failure or two."""
    rng = diary.rng
    events = rng.choices(CHANGES, (0.55, 0.25, 0.2), k=rng.choice((1, 1, 1, 2)))
    fails = rng.choice((0, 0, 0, 0, 1, 2, 3))
    diary.sit(person, day, then=dict.fromkeys(events), fails=fails, gadget=gadget)


def ordinary_days(diary: Diary, person: Person, since: float = 0.0, until: float = inf) -> None:
    """Lives, with what happens to anybody at times: a trip, a new device, a changed setting."""
    rng, habits = diary.rng, diary.habits
    if rng.random() < habits.short_trips and len(person.stays) == 1:
        travel(diary, person, 1)
    if rng.random() < habits.replacements:
        replace(diary, person, rng.choice(person.gadgets), rng.uniform(0.1, 0.9) * diary.days)
    if rng.random() < habits.settings:
        day = rng.uniform(0.05, 0.95) * diary.days
        if since <= day < until:
            change(diary, person, day)
    diary.live(person, since, until, least=1)


_BUSIEST = 4.0  # events a day
