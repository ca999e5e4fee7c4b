"""Simulated sign-ins, with the truth about who was behind each account.

They are there to fit and to measure what tells sharing, take-over and transfer (4.3, 4.5, 12.6)
from innocent ways of life that look like them: travellers, VPN users, mobile gateways, cleared
cookies, new telephones, programs, offices. Every rate stands in ``Habits``, and ``Habits.drawn``
draws another world, so that nothing leans on one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from random import Random
from typing import Final

from policyenforce.testing import sign_ins_guests as guests
from policyenforce.testing import sign_ins_innocent as people
from policyenforce.testing import sign_ins_thieves as thieves
from policyenforce.testing.sign_ins_habits import Habits
from policyenforce.testing.sign_ins_life import Diary
from policyenforce.testing.sign_ins_rows import Row, written
from policyenforce.testing.sign_ins_world import World

__all__ = ("LABELS", "PERSONAS", "Habits", "Row", "sign_ins")

LABELS: Final = ("none", "outside", "inside", "takeover", "transferred")
START: Final = datetime(2024, 3, 4, tzinfo=UTC)

_LIVES: dict[str, tuple[Callable[[Diary], object], ...]] = {
    "none": (
        people.one_person,
        people.office,
        people.vpn,
        people.traveller,
        people.mobile_gateway,
        people.integration,
        people.remote_desktop,
        people.cookie_clearer,
        people.new_device,
        people.mover,
        people.two_homes,
        people.family,
        people.forgetful,
        people.settings_known,
        people.settings_new,
        people.long_break,
        people.bare,
        people.shared_pc,
        people.named_staff,
    ),
    "outside": (
        guests.shared_same_city,
        guests.shared_other_city,
        guests.shared_abroad,
        guests.shared_vpn,
        guests.shared_part_time,
        guests.shared_mid_window,
        guests.rented,
        guests.agency,
    ),
    "inside": (guests.colleagues, guests.colleagues_at_home, guests.colleagues_mobile),
    "takeover": (thieves.stuffed, thieves.phished, thieves.proxied, thieves.waves),
    "transferred": (
        thieves.sold,
        thieves.sold_with_gap,
        thieves.sold_with_overlap,
        thieves.sold_last_look,
    ),
}
PERSONAS: Final = {live.__name__: label for label, lives in _LIVES.items() for live in lives}
"""Each persona's name with the label that is true of it."""
_LEAST_REST = 0.05


def sign_ins(
    seed: int,
    accounts: int,
    *,
    days: int = 60,
    start: datetime = START,
    habits: Habits | None = None,
) -> Iterator[tuple[list[Row], str, str]]:
    """For each account its rows in the order of arrival, its true label and its persona.

    The same arguments give the same rows, and fewer accounts are the first of more. ``start`` is
    aware; all rows but those with a skewed clock lie in ``days`` from there.

    >>> rows, label, persona = next(sign_ins(1, accounts=1))
    >>> label in LABELS, PERSONAS[persona] == label, rows[0]["account_id"]
    (True, True, 'm-0000000')
    """
    habits = habits or Habits()
    rng = Random(f"sign ins {seed}")
    world = World(rng, habits)
    lives = [(live, label) for label, many in _LIVES.items() for live in many]
    shares = [getattr(habits, live.__name__, 0.0) for live, _ in lives]
    shares[0] = max(_LEAST_REST, 1 - sum(shares))
    for number in range(accounts):
        live, label = rng.choices(lives, shares)[0]
        diary = Diary(rng, world, habits, days, start.weekday())
        if rng.random() < habits.lacking:
            diary.leave_out()
        live(diary)
        entries = [entry for entry in diary.entries if 0.0 <= entry[0] < days]
        rows = written(rng, habits, f"m-{number:07d}", start, entries, diary.lacking)
        yield rows, label, live.__name__
