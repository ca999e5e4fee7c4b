"""Accounts that come into other hands: taken over (the Member is a victim), or sold (12.6)."""

from __future__ import annotations

from policyenforce.testing.sign_ins_life import HOUR, MINUTE, Diary, Gadget, Person, Stay
from policyenforce.testing.sign_ins_people import CHANGES, any_owner, ordinary_days, somebody
from policyenforce.testing.sign_ins_world import Spot


def stuffed(diary: Diary) -> None:
    """Passwords are tried in a burst, from one machine or many, until one opens."""
    rng, world = diary.rng, diary.world
    owner, day = any_owner(diary), _day(diary)
    thief = _thief(diary, owner)
    tries = rng.choice((3, 5, 8, 15, 30, 60))
    alone = rng.random() < 0.6  # else a net of machines tries, and the thief comes by another way
    net = thief.stays[0].home if alone else world.proxy(world.city().country)
    device = thief.gadgets[0].device_id if alone else rng.choice((None, world.device()))
    pause = rng.choice((0.1, 0.5, 3.0, 20.0)) * MINUTE
    before = tries * pause + rng.choice((0.0, 0.5, 6.0, 40.0)) * HOUR
    diary.fail(max(0.0, day - before), device, net, tries, pause)
    _take(diary, owner, thief, day)


def phished(diary: Diary) -> None:
    """The thief knows the password and comes in at the first try."""
    owner, day = any_owner(diary), _day(diary)
    _take(diary, owner, _thief(diary, owner), day)


def proxied(diary: Diary) -> None:
    """The thief comes by a line of the owner's own country, with a failure or none."""
    rng = diary.rng
    owner, day = any_owner(diary), _day(diary)
    thief = _thief(diary, owner)
    way = diary.world.proxy(owner.stays[0].city.country)
    thief.stays = [Stay(0.0, thief.stays[0].city, way, way)]
    tries = rng.choice((0, 0, 1, 2, 8))
    diary.fail(day - tries * MINUTE, thief.gadgets[0].device_id, way, tries, MINUTE)
    _take(diary, owner, thief, day)


def waves(diary: Diary) -> None:
    """Several thieves, or one who comes again, some days apart."""
    rng = diary.rng
    owner, day = any_owner(diary), rng.uniform(0.1, 0.5) * diary.days
    thief = _thief(diary, owner)
    for _ in range(rng.choice((2, 2, 3))):
        tries = rng.choice((0, 2, 6, 20))
        diary.fail(day - 0.5 * HOUR, None, thief.stays[0].home, tries, MINUTE)
        _work(diary, thief, day)
        if rng.random() < 0.7:
            own = day + rng.uniform(0.1, 2.0)
            diary.sit(owner, own, fails=rng.choice((0, 1, 2)), then=("password_changed",))
        day += rng.uniform(2.0, 0.2 * diary.days)
        if rng.random() < 0.5:
            thief = _thief(diary, owner)
    ordinary_days(diary, owner)


def sold(diary: Diary) -> None:
    """From one day to the next other devices in another place; the old ones stop."""
    _sell(diary, gap=0.0, overlap=0.0)


def sold_with_gap(diary: Diary) -> None:
    """Nobody uses the account for some days between seller and buyer."""
    _sell(diary, gap=diary.rng.uniform(2.0, 0.2 * diary.days), overlap=0.0)


def sold_with_overlap(diary: Diary) -> None:
    """The seller shows the buyer round for some days."""
    _sell(diary, gap=0.0, overlap=diary.rng.uniform(1.0, 0.1 * diary.days))


def sold_last_look(diary: Diary) -> None:
    """The seller looks in once or twice afterwards."""
    rng = diary.rng
    day, seller = _sell(diary, gap=rng.choice((0.0, 3.0)), overlap=0.0)
    for _ in range(rng.choice((1, 1, 2))):
        diary.sit(seller, min(diary.days - 0.1, day + rng.uniform(1.0, 15.0)))


def _day(diary: Diary) -> float:
    return diary.rng.uniform(0.15, 0.92) * diary.days


def _thief(diary: Diary, owner: Person) -> Person:
    rng, world = diary.rng, diary.world
    abroad = rng.random() < diary.habits.thieves_abroad
    thief = somebody(diary, world.elsewhere(owner.stays[0].city, abroad=abroad))
    stay = thief.stays[0]
    home: Spot = rng.choices(
        (stay.home, world.vpn(), world.cloud(), stay.carrier), (0.4, 0.25, 0.2, 0.15)
    )[0]
    thief.stays = [Stay(0.0, stay.city, home, stay.carrier)]
    thief.gadgets = [Gadget(world.device())]
    thief.vpn, thief.forgets, thief.weekends = None, 0.0, 1.0
    if rng.random() < 0.15:
        thief.clears = 0.6
    return thief


def _take(diary: Diary, owner: Person, thief: Person, day: float) -> None:
    """The thief works; the owner is still there, is locked out, or comes back after days."""
    rng, habits = diary.rng, diary.habits
    _work(diary, thief, day)
    end = rng.random()
    if end < habits.owner_stays:
        if rng.random() < 0.3:
            diary.sit(owner, day + rng.uniform(0.05, 3.0), fails=rng.choice((1, 2, 4)))
        ordinary_days(diary, owner)
        return
    ordinary_days(diary, owner, until=day)
    found = day + rng.uniform(0.1, 4.0)
    if rng.random() < 0.7:
        gadget = owner.gadget(rng, found)
        device = gadget.device_id if gadget else None
        diary.fail(found, device, owner.stay(found).home, rng.choice((2, 3, 5, 8)), 2 * MINUTE)
    if end < habits.owner_stays + habits.owner_returns:
        back = found + rng.uniform(0.1, 8.0)
        diary.sit(owner, back, then=("password_changed",))
        diary.live(owner, back)


def _work(diary: Diary, thief: Person, day: float) -> None:
    """First sitting with the changes, then some more within hours or days."""
    rng, habits = diary.rng, diary.habits
    changes = [c for c, rate in zip(CHANGES, (0.7, 0.5, 0.6), strict=True) if rng.random() < rate]
    rng.shuffle(changes)
    if rng.random() < habits.silent_thieves:
        changes = []
    elif not changes:
        changes = ["payout_changed"]
    later = changes[1:] if rng.random() < 0.3 else []
    diary.sit(thief, day, then=changes[: len(changes) - len(later)])
    if later:
        diary.sit(thief, day + rng.uniform(1.0, 30.0) * HOUR, then=later)
    lasting = rng.choice((0.1, 0.5, 2.0, 5.0, 10.0, 20.0))
    for _ in range(rng.choice((0, 1, 2, 4, 8, 12, 20))):
        diary.sit(thief, day + rng.random() * lasting)


def _sell(diary: Diary, *, gap: float, overlap: float) -> tuple[float, Person]:
    rng, world, habits = diary.rng, diary.world, diary.habits
    seller = any_owner(diary)
    city = seller.stays[0].city
    if rng.random() < 0.8:
        city = world.elsewhere(city, abroad=rng.random() < 0.5)
    buyer = somebody(diary, city)
    buyer.per_day *= rng.uniform(0.7, 1.6)
    day = rng.uniform(0.2, 0.75) * diary.days
    diary.live(seller, 0.0, day + overlap, least=5)
    diary.live(buyer, day + gap, least=5)
    if rng.random() >= habits.silent_sales:
        changes = [c for c in CHANGES if rng.random() < 0.65] or ["contact_changed"]
        if rng.random() < 0.25:  # the seller does it for the buyer
            diary.sit(seller, day - rng.uniform(0.0, 1.0), then=changes)
        else:
            diary.sit(buyer, day + gap + rng.uniform(0.0, 1.0), then=changes)
    return day, seller
