"""Innocent personas: one person with an account of their own, in many ways of life."""

from __future__ import annotations

from math import inf

from policyenforce.testing.sign_ins_life import HOUR, MINUTE, Diary, Gadget, Stay
from policyenforce.testing.sign_ins_people import (
    any_owner,
    change,
    hide,
    office_worker,
    ordinary_days,
    replace,
    roam,
    somebody,
    travel,
)


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
    rng = diary.rng
    person = somebody(diary)
    travel(diary, person, rng.choice((1, 2, 3, 4, 6)))
    if rng.random() < 0.3:
        person.vpn, person.on_vpn = diary.world.vpn(), 0.3
    trouble = rng.random()
    lobby = rng.choice(person.stays[2::3]).since + rng.uniform(0.5, 0.7)
    if trouble < 0.15:  # locked out on the way, with a device long known
        then = ("password_changed",) if rng.random() < 0.6 else ()
        diary.sit(person, lobby, fails=rng.choice((2, 3, 5, 8)), then=then)
    elif trouble < 0.2:  # something is lost and bought again abroad
        lost = rng.choice(person.gadgets)
        new = replace(diary, person, lost, lobby)
        lost.until = lobby
        diary.sit(person, lobby, fails=rng.choice((0, 1, 3)), gadget=new)
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


def remote_desktop(diary: Diary) -> None:
    """Works by day on a desktop in a data centre, and at home as anybody does."""
    rng, world = diary.rng, diary.world
    person = somebody(diary)
    desktop = Gadget(world.device(), rng.uniform(0.5, 3.0), bound=world.cloud(), remote=True)
    person.gadgets.append(desktop)
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
        old.until = inf
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
    diary.leave_out()
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
