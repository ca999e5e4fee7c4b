"""Accounts that several persons use: outside the entity (4.5), or inside it (4.3)."""

from __future__ import annotations

from policyenforce.testing.sign_ins_life import Diary, Gadget, Person, Stay
from policyenforce.testing.sign_ins_people import (
    any_owner,
    hide,
    keep_office_hours,
    ordinary_days,
    somebody,
)
from policyenforce.testing.sign_ins_world import City

_LEAST = 5  # sittings below which nobody could tell a guest


def shared_same_city(diary: Diary) -> None:
    """Friends in other homes of the same city."""
    owner = _owner(diary)
    for _ in range(_guests(diary)):
        _visit(diary, owner.stays[0].city)
    ordinary_days(diary, owner)


def shared_other_city(diary: Diary) -> None:
    """Others in other cities of the country, some of them in one city together."""
    owner = _owner(diary)
    city = diary.world.elsewhere(owner.stays[0].city, abroad=False)
    for _ in range(_guests(diary)):
        if diary.rng.random() < 0.5:
            city = diary.world.elsewhere(owner.stays[0].city, abroad=False)
        _visit(diary, city)
    ordinary_days(diary, owner)


def shared_abroad(diary: Diary) -> None:
    """Others in other countries."""
    owner = _owner(diary)
    for _ in range(_guests(diary)):
        _visit(diary, diary.world.elsewhere(owner.stays[0].city, abroad=True))
    ordinary_days(diary, owner)


def shared_vpn(diary: Diary) -> None:
    """Owner or guests, or both, come by a VPN."""
    rng = diary.rng
    owner = _owner(diary)
    if rng.random() < 0.5:
        hide(diary, owner)
    for _ in range(_guests(diary)):
        guest = _guest(diary, _anywhere(diary, owner))
        if owner.vpn is None or rng.random() < 0.7:
            hide(diary, guest)
        diary.live(guest, least=_LEAST)
    ordinary_days(diary, owner)


def shared_part_time(diary: Diary) -> None:
    """Somebody helps on a few days of each week, or for a few weeks."""
    rng = diary.rng
    owner = _owner(diary)
    guest = _guest(diary, _anywhere(diary, owner))
    if rng.random() < 0.5:
        since = rng.uniform(0.0, 0.5) * diary.days
        until = since + rng.uniform(0.2, 0.5) * diary.days
        diary.live(guest, since, until, least=_LEAST)
    else:
        day, share = rng.uniform(0.0, 7.0), rng.choice((1.0, 2.0, 3.0))
        guest.per_day *= 1.5
        while day < diary.days:
            diary.live(guest, day, day + share, least=1)
            day += 7.0
    ordinary_days(diary, owner)


def shared_mid_window(diary: Diary) -> None:
    """Alone at first; from some day on there are guests, one after the other."""
    rng = diary.rng
    owner = _owner(diary)
    since = rng.uniform(0.2, 0.7) * diary.days
    for _ in range(_guests(diary)):
        guest = _guest(diary, _anywhere(diary, owner))
        diary.live(guest, since, least=_LEAST)
        since = min(since + rng.uniform(0.0, 0.15) * diary.days, 0.85 * diary.days)
    ordinary_days(diary, owner)


def rented(diary: Diary) -> None:
    """The owner lets a farm work with the account, beside many others; looks in now and then."""
    rng, world = diary.rng, diary.world
    owner = _owner(diary)
    owner.per_day *= rng.uniform(0.2, 0.8)
    city, hall, machine = world.crowd("rented", rng.randrange(5, 40))
    for _ in range(rng.choice((1, 1, 2, 3))):
        worker = somebody(diary, city)
        shared = rng.random() < 0.4
        worker.gadgets = [Gadget(machine if shared else world.device())]
        worker.stays = [Stay(0.0, city, hall, worker.stays[0].carrier)]
        worker.per_day *= diary.habits.shared_volume * rng.uniform(0.6, 1.4)
        if rng.random() < 0.3:
            worker.vpn, worker.on_vpn = world.proxy(owner.stays[0].city.country), 0.9
        diary.live(worker, rng.choice((0.0, 0.0, 0.3 * diary.days)), least=_LEAST)
    ordinary_days(diary, owner)


def agency(diary: Diary) -> None:
    """An agency works for the Member from its own office, as it does for many others."""
    rng, world = diary.rng, diary.world
    owner = _owner(diary)
    city, office, machine = world.crowd("agency", rng.randrange(3, 20), "office")
    clerk = somebody(diary, city, office)
    clerk.gadgets = [Gadget(machine, bound=office)]
    if rng.random() < 0.5:
        clerk.gadgets.append(Gadget(world.device(), rng.uniform(0.2, 0.8), bound=office))
    clerk.per_day *= diary.habits.shared_volume
    keep_office_hours(diary, clerk)
    diary.live(clerk, rng.choice((0.0, 0.0, 0.25 * diary.days)), least=_LEAST)
    ordinary_days(diary, owner)


def colleagues(diary: Diary) -> None:
    """One account for an office, each colleague on a machine of the office."""
    _staff(diary, at_home=0.0, mobile=0.0)


def colleagues_at_home(diary: Diary) -> None:
    """As ``colleagues``, and some also work from home with the same laptop or their own."""
    _staff(diary, at_home=0.6, mobile=0.0)


def colleagues_mobile(diary: Diary) -> None:
    """As ``colleagues``, and some also look at it on their telephones."""
    _staff(diary, at_home=0.15, mobile=0.6)


def _staff(diary: Diary, *, at_home: float, mobile: float) -> None:
    rng, world = diary.rng, diary.world
    city, office = world.office()
    for number in range(1 + rng.choices((1, 2, 3, 4, 5), (4, 4, 3, 2, 1))[0]):
        one = somebody(diary, city, office)
        outside = rng.random() < at_home
        own = Gadget(world.device(), bound=None if outside else office)
        one.gadgets = [own]
        if outside and rng.random() < 0.4:
            one.gadgets = [Gadget(world.device(), bound=office), Gadget(world.device(), 0.4)]
        if rng.random() < mobile:
            one.gadgets.append(Gadget(world.device(), rng.uniform(0.2, 0.7), phone=True))
        one.at_work = rng.uniform(0.8, 1.0)
        keep_office_hours(diary, one)
        one.per_day *= diary.habits.shared_volume
        if number:
            one.per_day *= rng.uniform(0.35, 1.0)
        since = 0.0 if rng.random() < 0.8 else rng.uniform(0.1, 0.6) * diary.days
        diary.live(one, since, least=_LEAST)


def _guests(diary: Diary) -> int:
    return diary.rng.choices((1, 2, 3, 4, 5), (5, 4, 2, 1, 1))[0]


def _owner(diary: Diary) -> Person:
    """Leaves some of the work to the others, so that the account is not much busier than most."""
    owner = any_owner(diary)
    owner.per_day *= diary.habits.shared_volume
    return owner


def _anywhere(diary: Diary, owner: Person) -> City:
    rng, city = diary.rng, owner.stays[0].city
    if rng.random() < 0.3:
        return city
    return diary.world.elsewhere(city, abroad=rng.random() < 0.4)


def _guest(diary: Diary, city: City) -> Person:
    rng = diary.rng
    guest = somebody(diary, city)
    guest.gadgets = guest.gadgets[: rng.choice((1, 1, 2, 3))]
    habits = diary.habits
    guest.per_day *= habits.shared_volume * habits.guests_pace * rng.choice((0.5, 0.8, 1.0, 1.4))
    return guest


def _visit(diary: Diary, city: City) -> None:
    diary.live(_guest(diary, city), least=_LEAST)
