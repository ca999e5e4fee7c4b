"""Innocent personas: one person with an account of their own, in many ways of life."""

from __future__ import annotations

from collections.abc import Iterable

from policyenforce.testing.sign_ins_life import HOUR, MINUTE, Diary, Gadget, Person, Stay
from policyenforce.testing.sign_ins_world import City, Spot

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
    far = random() < habits.national_carriers
    stay = Stay(0.0, city, world.home(city), world.carrier(city.country, national=far), work)
    person = Person(
        gadgets,
        [stay],
        per_day=min(4.0, habits.per_day * rng.lognormvariate(0.0, habits.spread)),
        first_hour=rng.uniform(6, 10),
        hours=rng.uniform(8, 16),
        weekends=rng.choice((0.2, 0.7, 1.0)),
        on_carrier=min(1.0, habits.on_carrier * rng.uniform(0.2, 1.8)),
        forgets=habits.forgets,
    )
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
    if drawn > 0.92:
        travel(diary, person, 1)
    return person


def office_worker(diary: Diary) -> Person:
    """Works behind an address that many accounts share, and hardly anywhere else."""
    rng = diary.rng
    city, work = diary.world.office()
    person = somebody(diary, city, work)
    person.at_work = rng.uniform(0.85, 1.0)
    person.weekends = rng.choice((0.05, 0.1, 0.4))
    person.first_hour, person.hours = rng.uniform(8, 9.5), rng.uniform(8, 10)
    return person


def hide(diary: Diary, person: Person) -> None:
    """Comes by a VPN most of the time."""
    person.vpn, person.on_vpn = diary.world.vpn(), diary.rng.choice((0.5, 0.8, 0.95, 1.0))


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
    new = Gadget(diary.world.device(), gadget.share, gadget.phone, since=day, bound=gadget.bound)
    gadget.until = day + rng.choice((0.0, 0.0, 0.2, 1.0, 2.0, 5.0))
    person.gadgets.append(new)
    return new


def change(diary: Diary, person: Person, day: float, gadget: Gadget | None = None) -> None:
    """Changes one or more settings in the proper way, now and then after a failure or two."""
    rng = diary.rng
    events = rng.choices(CHANGES, (0.55, 0.25, 0.2), k=rng.choice((1, 1, 1, 2)))
    fails = rng.choice((0, 0, 0, 0, 1, 2, 3))
    diary.sit(person, day, then=dict.fromkeys(events), fails=fails, gadget=gadget)


def ordinary_days(diary: Diary, person: Person, since: float = 0.0, until: float = 1e9) -> None:
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


def one_person(diary: Diary) -> None:
    """One person at home, on the way and perhaps at work."""
    ordinary_days(diary, somebody(diary))


def office(diary: Diary) -> None:
    """One of many behind an office's address, each with an account of their own."""
    ordinary_days(diary, office_worker(diary))


def vpn(diary: Diary) -> None:
    """Own devices, and countries that jump."""
    person = somebody(diary)
    hide(diary, person)
    ordinary_days(diary, person)


def traveller(diary: Diary) -> None:
    """Own devices that move: airports, hotels, cafés."""
    person = somebody(diary)
    travel(diary, person, diary.rng.choice((1, 2, 3, 4, 6)))
    if diary.rng.random() < 0.3:
        person.vpn, person.on_vpn = diary.world.vpn(), 0.3
    ordinary_days(diary, person)


def mobile_gateway(diary: Diary) -> None:
    """A carrier's addresses, whose place jumps within the country."""
    person = somebody(diary)
    roam(diary, person)
    ordinary_days(diary, person)


def integration(diary: Diary) -> None:
    """A person beside a program that asks from a data centre."""
    rng, world = diary.rng, diary.world
    person = somebody(diary)
    token = world.device() if rng.random() < 0.5 else None
    since = rng.choice((0.0, 0.0, rng.uniform(0, 0.7) * diary.days))
    where = world.cloud() if rng.random() < 0.85 else person.stays[0].home
    diary.call(since, diary.days, rng.choice((0.2, 0.5, 1.0, 2.0)), token, where)
    if rng.random() < 0.2:  # and one more, of an accounting firm's software
        diary.call(0.0, diary.days, 0.3, None, world.cloud())
    ordinary_days(diary, person)


def cookie_clearer(diary: Diary) -> None:
    """A fresh device id every few sittings, from the same place."""
    person = somebody(diary)
    for gadget in person.gadgets:
        gadget.phone = gadget.phone and diary.rng.random() < 0.5
    person.clears = diary.rng.choice((0.25, 0.5, 0.9, 1.0))
    ordinary_days(diary, person)


def new_device(diary: Diary) -> None:
    """A new telephone or laptop takes over from the old one, or all of them at once."""
    rng = diary.rng
    person = somebody(diary)
    day = rng.uniform(0.1, 0.9) * diary.days
    old = list(person.gadgets) if rng.random() < 0.2 else [rng.choice(person.gadgets)]
    for gadget in old:
        new = replace(diary, person, gadget, day + rng.uniform(0.0, 3.0))
        if rng.random() < 0.4:  # the first thing it does may be to fail
            fails = rng.choice((0, 1, 2, 4))
            then = ("password_changed",) if fails and rng.random() < 0.5 else ()
            diary.sit(person, new.since + 2 * MINUTE, fails=fails, then=then, gadget=new)
    ordinary_days(diary, person)


def mover(diary: Diary) -> None:
    """Goes to live somewhere else and does not come back; some buy a new device about then."""
    rng, world = diary.rng, diary.world
    person = somebody(diary)
    day = rng.uniform(0.15, 0.85) * diary.days
    old = person.stays[0]
    city = old.city if rng.random() < 0.4 else world.elsewhere(old.city, abroad=rng.random() < 0.3)
    kept = city.country == old.city.country
    carrier = old.carrier if kept else world.carrier(city.country, national=False)
    work = world.office(city)[1] if old.work is not None else None
    person.stays.append(Stay(day, city, world.home(city), carrier, work, journey=6 * HOUR))
    if rng.random() < 0.25:
        replace(diary, person, person.gadgets[0], day + rng.uniform(-4, 8))
    if rng.random() < 0.3:
        change(diary, person, day + rng.uniform(0.5, 9))
    ordinary_days(diary, person)


def two_homes(diary: Diary) -> None:
    """Goes to and fro between two homes, some with a machine in each."""
    rng, world = diary.rng, diary.world
    person = somebody(diary)
    first = person.stays[0]
    city = first.city
    if rng.random() < 0.7:
        city = world.elsewhere(city, abroad=rng.random() < 0.15)
    home, carrier = world.home(city), first.carrier
    if rng.random() < 0.3:  # a machine that stays there
        person.gadgets.append(Gadget(world.device(), rng.uniform(0.3, 1.0), bound=home))
    cycle, part = rng.choice(((7.0, 2.5), (7.0, 4.5), (14.0, 7.0), (21.0, 10.0)))
    day = rng.uniform(0.0, cycle)
    journey = 0.0 if city == first.city else rng.uniform(1, 5) * HOUR
    while day < diary.days:
        person.stays.append(Stay(day, city, home, carrier, journey=journey))
        back = day + part
        person.stays.append(
            Stay(back, first.city, first.home, carrier, first.work, journey=journey)
        )
        day += cycle
    ordinary_days(diary, person)


def family(diary: Diary) -> None:
    """One household's address; each has an account, and some a tablet that goes round."""
    rng, world = diary.rng, diary.world
    city, home, tablet = world.crowd("family", rng.choice((2, 3, 4)))
    person = somebody(diary, city)
    old = person.stays[0]
    person.stays[0] = Stay(0.0, city, home, old.carrier, old.work)
    if rng.random() < 0.5:
        person.gadgets.append(Gadget(tablet, rng.uniform(0.1, 0.6)))
    ordinary_days(diary, person)


def forgetful(diary: Diary) -> None:
    """Bursts of failures, then success, at times a new password, from devices long known."""
    rng = diary.rng
    person = somebody(diary)
    for _ in range(rng.choice((1, 1, 2, 3, 4))):
        then = ("password_changed",) if rng.random() < 0.6 else ()
        day = rng.uniform(0.1, 1.0) * diary.days
        diary.sit(person, day, fails=rng.choice((3, 4, 6, 9, 14)), then=then)
    ordinary_days(diary, person)


def settings_known(diary: Diary) -> None:
    """Changes contact, pay-out account or password in the proper way."""
    rng = diary.rng
    person = somebody(diary)
    for _ in range(rng.choice((1, 1, 2, 3))):
        change(diary, person, rng.uniform(0.05, 0.98) * diary.days)
    ordinary_days(diary, person)


def settings_new(diary: Diary) -> None:
    """Changes them from a device bought that day, at home or at work."""
    rng = diary.rng
    person = somebody(diary)
    day = rng.uniform(0.15, 0.95) * diary.days
    old = rng.choice(person.gadgets)
    new = replace(diary, person, old, day)
    if rng.random() < 0.4:  # and keeps the old one
        old.until = 1e9
    change(diary, person, day + rng.uniform(0.01, 1.5), new)
    ordinary_days(diary, person)


def long_break(diary: Diary) -> None:
    """Away for weeks; comes back with the same device, or a new one, having forgotten a lot."""
    rng = diary.rng
    person = somebody(diary)
    gone = rng.uniform(0.05, 0.5) * diary.days
    back = gone + rng.uniform(0.2, 0.45) * diary.days
    person.away.append((gone, back))
    if rng.random() < 0.25:
        replace(diary, person, person.gadgets[0], back)
    if rng.random() < 0.4:
        then = ("password_changed",) if rng.random() < 0.5 else ()
        diary.sit(person, back + 1 * MINUTE, fails=rng.choice((1, 2, 5)), then=then)
    ordinary_days(diary, person)


def bare(diary: Diary) -> None:
    """The log tells little of this account: no coordinates, no devices, no networks."""
    rng = diary.rng
    kinds = ("coordinates", "network", "device_id", "ip")
    diary.lacking.update(_some(diary, kinds))
    if rng.random() < 0.5:
        diary.lacking.add("country")
    ordinary_days(diary, any_owner(diary))


def shared_pc(diary: Diary) -> None:
    """A hall with one machine that all use, each for an account of their own."""
    rng = diary.rng
    city, hall, machine = diary.world.crowd("shared_pc", rng.randrange(4, 30), "office")
    person = somebody(diary, city, hall)
    person.gadgets = [Gadget(machine, bound=hall)]
    if rng.random() < 0.6:
        person.gadgets.append(Gadget(diary.world.device(), rng.uniform(0.1, 0.6), phone=True))
    ordinary_days(diary, person)


def named_staff(diary: Diary) -> None:
    """A second member of the staff, whom the Member has named (no matter of 4.3)."""
    owner = office_worker(diary)
    second = somebody(diary, owner.stays[0].city, owner.stays[0].work)
    second.per_day *= diary.rng.uniform(0.2, 0.7)
    ordinary_days(diary, owner)
    diary.live(second, least=3)


def _some(diary: Diary, names: Iterable[str]) -> list[str]:
    pool = list(names)
    return diary.rng.sample(pool, diary.rng.choice((1, 1, 2)))
