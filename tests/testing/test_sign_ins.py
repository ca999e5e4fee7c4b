"""Simulated sign-ins: what each account's rows are true of is known, and others look like them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from random import Random
from statistics import mean

import pytest
from attrs import asdict

from policyenforce.testing.sign_ins import LABELS, PERSONAS, START, Habits, Row, sign_ins

Made = list[tuple[list[Row], str, str]]
DAYS = 60
EVENTS = {
    "activity", "sign_in_failed", "password_changed", "contact_changed", "payout_changed", "api",
}  # fmt: skip
CHANGES = {"password_changed", "contact_changed", "payout_changed"}
NETWORKS = {"fixed", "office", "mobile", "vpn", "hosting", None}
COLUMNS = {
    "account_id": str, "at": datetime, "event": str, "device_id": str | None,
    "ip": str | None, "network": str | None, "latitude": float | None,
    "longitude": float | None, "country": str | None, "duration_s": float | None,
}  # fmt: skip
NOISE = (
    "no_device", "no_network", "no_coordinates", "no_ip", "misread_networks", "duplicates", "late",
    "skewed", "lacking", "misplaced",
)  # fmt: skip
QUIET = dict.fromkeys(NOISE, 0.0)
NOBODY = dict.fromkeys(PERSONAS.keys() - {"one_person"}, 0.0)
ONLY = {"one_person": {}, **{persona: {persona: 1000.0} for persona in NOBODY}}


@pytest.fixture(scope="module")
def made() -> Made:
    return list(sign_ins(3, 4000, days=DAYS))


@cache
def living(persona: str, accounts: int = 150, **habits: float) -> list[list[Row]]:
    """The rows of accounts of this persona, without noise unless it is asked for."""
    world = Habits(**{**NOBODY, **QUIET, **habits, **ONLY[persona]})
    return [rows for rows, _, who in sign_ins(5, accounts, habits=world) if who == persona]


def days_by_device(rows: list[Row]) -> dict[str, set[int]]:
    """On which days of the window each device was seen."""
    seen: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row["device_id"] is not None and row["event"] == "activity":
            seen[row["device_id"]].add((row["at"] - START).days)
    return seen


def persisting(rows: list[Row]) -> int:
    """How many devices were seen on three days or more."""
    return sum(len(days) >= 3 for days in days_by_device(rows).values())


def share(accounts: list[list[Row]], holds: Callable[[list[Row]], bool]) -> float:
    """The share of the accounts of whose rows something is true."""
    return mean(holds(rows) for rows in accounts)


def test_the_same_seed_gives_the_same_rows() -> None:
    assert list(sign_ins(7, 60)) == list(sign_ins(7, 60))


def test_another_seed_gives_other_rows() -> None:
    assert list(sign_ins(7, 5)) != list(sign_ins(8, 5))


def test_fewer_accounts_are_the_first_of_more() -> None:
    assert list(sign_ins(7, 20)) == list(sign_ins(7, 60))[:20]


def test_making_sign_ins_leaves_other_randomness_alone() -> None:
    import random

    random.seed(3)
    expected = Random(3).random()
    list(sign_ins(1, 20))

    assert random.random() == expected


def test_every_account_has_an_id_of_its_own_and_rows_of_its_own(made: Made) -> None:
    ids = [{row["account_id"] for row in rows} for rows, _, _ in made]

    assert {len(names) for names in ids} == {1}
    assert len(set().union(*ids)) == len(made) == 4000


def test_every_persona_and_every_label_occurs(made: Made) -> None:
    assert {persona for _, _, persona in made} == PERSONAS.keys()
    assert {label for _, label, _ in made} == set(LABELS)
    assert all(PERSONAS[persona] == label for _, label, persona in made)


def test_every_row_has_the_columns_of_a_table_of_events(made: Made) -> None:
    for rows, _, _ in made[:400]:
        for row in rows:
            assert row.keys() == COLUMNS.keys()
            assert all(isinstance(row[name], kind) for name, kind in COLUMNS.items())


def test_every_row_is_well_formed(made: Made) -> None:
    for row in (row for rows, _, _ in made for row in rows):
        assert row["event"] in EVENTS
        assert row["network"] in NETWORKS
        assert row["at"].utcoffset() == timedelta(0)
        assert (row["latitude"] is None) == (row["longitude"] is None)
        assert row["latitude"] is None or abs(row["latitude"]) <= 90
        assert row["duration_s"] is None or row["duration_s"] >= 0.0


@pytest.mark.parametrize("days", [1, 9, 60, 120])
def test_all_happens_within_the_window(days: int) -> None:
    start = datetime(2030, 5, 1, 12, tzinfo=UTC)
    habits = Habits(skewed=0.0)
    times = [r["at"] for rows, _, _ in sign_ins(2, 200, days=days, start=start, habits=habits)
             for r in rows]  # fmt: skip

    assert start <= min(times)
    assert max(times) < start + timedelta(days=days)


def test_there_are_about_forty_events_for_an_account_and_never_very_many(made: Made) -> None:
    sizes = [len(rows) for rows, _, _ in made]

    assert 35 <= mean(sizes) <= 50
    assert min(sizes) >= 1
    assert max(sizes) <= 600


def test_shares_follow_the_habits() -> None:
    personas = Counter(who for _, _, who in sign_ins(2, 3000, days=5, habits=Habits(vpn=0.2)))

    assert 0.17 * 3000 < personas["vpn"] < 0.23 * 3000
    assert 0.1 * 3000 < personas["office"] < 0.16 * 3000


def test_every_persona_but_the_rest_has_a_share() -> None:
    assert PERSONAS.keys() - asdict(Habits()).keys() == {"one_person"}


def test_an_honest_world_has_no_other_label() -> None:
    guilty = {who: 0.0 for who, label in PERSONAS.items() if label != "none"}

    assert {label for _, label, _ in sign_ins(1, 500, days=5, habits=Habits(**guilty))} == {"none"}


def test_a_log_without_noise_is_whole_and_in_order() -> None:
    for rows in living("one_person"):
        times = [row["at"] for row in rows]

        assert times == sorted(times)
        assert not any(row[name] is None for row in rows for name in COLUMNS if name[0] != "d")


@pytest.mark.parametrize(
    ("habit", "column"),
    [
        ("no_device", "device_id"),
        ("no_network", "network"),
        ("no_coordinates", "latitude"),
        ("no_ip", "ip"),
    ],
)
@pytest.mark.parametrize("rate", [0.1, 0.6, 1.0])
def test_what_is_missing_follows_the_habits(habit: str, column: str, rate: float) -> None:
    rows = [row for rows in living("one_person", **{habit: rate}) for row in rows]

    assert mean(row[column] is None for row in rows) == pytest.approx(rate, abs=0.03)


def test_rates_of_noise_do_not_disturb_each_other() -> None:
    noise = {"no_device": 0.2, "no_network": 0.3, "no_ip": 0.4, "no_coordinates": 0.5}
    rows = [row for rows in living("one_person", **noise) for row in rows]

    for column, rate in (("device_id", 0.2), ("network", 0.3), ("ip", 0.4), ("latitude", 0.5)):
        assert mean(row[column] is None for row in rows) == pytest.approx(rate, abs=0.03)


def test_some_rows_come_twice_or_late_or_from_a_wrong_clock_by_minutes() -> None:
    tidy = sum(map(len, living("one_person")))
    twice = [row for rows in living("one_person", duplicates=0.2) for row in rows]
    backwards = [
        earlier["at"] - later["at"]
        for rows in living("one_person", late=0.2, skewed=0.2)
        for earlier, later in pairwise(rows)
        if earlier["at"] > later["at"]
    ]

    assert 0.07 < len({id(row) for row in twice}) / tidy - 1 < 0.35
    assert len(backwards) > 20
    assert max(backwards) < timedelta(minutes=41)


def test_an_account_may_lack_a_column_altogether() -> None:
    def lacks(rows: list[Row]) -> bool:
        return any(all(row[name] is None for row in rows) for name in COLUMNS)

    assert share(living("one_person", lacking=1.0), lacks) == 1.0
    assert share(living("bare"), lacks) == 1.0


def test_one_person_has_a_few_devices_about_one_place() -> None:
    accounts = living("one_person", occasional_vpn=0.0, short_trips=0.0)

    assert share(accounts, lambda rows: len(days_by_device(rows)) <= 6) == 1.0
    assert share(accounts, lambda rows: len({row["country"] for row in rows}) == 1) == 1.0


def test_vpn_users_jump_between_countries_with_devices_of_their_own() -> None:
    accounts = living("vpn")

    assert share(accounts, lambda rows: len({row["country"] for row in rows}) > 1) > 0.7
    assert share(accounts, lambda rows: len(days_by_device(rows)) <= 8) == 1.0


def test_travellers_take_their_devices_along() -> None:
    def moved(rows: list[Row]) -> bool:
        places = defaultdict(set)
        for row in rows:
            if row["network"] in ("fixed", "office"):
                places[row["device_id"]].add(round(row["latitude"] or 0.0))
        return any(len(seen) > 1 for seen in places.values())

    assert share(living("traveller"), moved) > 0.6
    assert share(living("one_person", short_trips=0.0), moved) < 0.25


def test_mobile_gateways_jump_about_one_country() -> None:
    accounts = living("mobile_gateway", short_trips=0.0, occasional_vpn=0.0)

    assert share(accounts, lambda rows: len({row["country"] for row in rows}) == 1) == 1.0
    assert share(accounts, lambda rows: len({row["ip"] for row in rows}) > 3) > 0.8


def test_who_clears_cookies_has_many_devices_of_one_day() -> None:
    def fleeting(rows: list[Row]) -> bool:
        return sum(len(days) == 1 for days in days_by_device(rows).values()) >= 4

    assert share(living("cookie_clearer"), fleeting) > 0.5
    assert share(living("one_person"), fleeting) < 0.05


def test_only_integrations_use_the_programming_interface(made: Made) -> None:
    calling = {who for rows, _, who in made if any(row["event"] == "api" for row in rows)}

    assert calling == {"integration"}


@pytest.mark.parametrize(
    ("persona", "column"),
    [("office", "ip"), ("family", "ip"), ("shared_pc", "device_id"), ("rented", "ip")],
)
def test_what_a_crowd_shares_is_seen_on_many_accounts(persona: str, column: str) -> None:
    accounts: dict[object, set[str]] = defaultdict(set)
    for rows in living(persona):
        for row in rows:
            accounts[row[column]].add(row["account_id"])

    assert max(map(len, accounts.values())) >= 3


def test_a_new_device_takes_over_from_the_old_one() -> None:
    def took_over(rows: list[Row]) -> bool:
        seen = [days for days in days_by_device(rows).values() if len(days) > 1]
        return any(max(old) <= min(new) + 6 for old in seen for new in seen if old is not new)

    assert share(living("new_device"), took_over) > 0.5


@pytest.mark.parametrize(
    "persona", [who for who, label in PERSONAS.items() if label in ("outside", "inside")]
)
def test_who_shares_uses_more_lasting_devices_than_one_person(persona: str) -> None:
    alone = mean(persisting(rows) for rows in living("one_person"))
    together = mean(persisting(rows) for rows in living(persona))

    assert together > alone


def test_guests_abroad_are_seen_in_several_countries() -> None:
    accounts = living("shared_abroad")

    assert share(accounts, lambda rows: len({row["country"] for row in rows}) > 1) > 0.98


def test_guests_of_the_middle_of_the_window_are_not_there_at_its_start() -> None:
    accounts = living("shared_mid_window")
    early = mean(min(days) < DAYS / 5 for r in accounts for days in days_by_device(r).values())
    usual = mean(
        min(days) < DAYS / 5
        for rows in living("shared_same_city")
        for days in days_by_device(rows).values()
    )

    assert early < 0.8 * usual


def test_colleagues_come_from_their_office() -> None:
    def at_work(rows: list[Row]) -> float:
        return Counter(row["ip"] for row in rows).most_common(2)[0][1] / len(rows)

    assert mean(map(at_work, living("colleagues"))) > 0.6
    assert mean(map(at_work, living("colleagues_mobile"))) < mean(
        map(at_work, living("colleagues"))
    )


@pytest.mark.parametrize("persona", ["stuffed", "phished", "proxied", "waves"])
def test_a_thief_changes_something_from_a_device_that_is_new(persona: str) -> None:
    def sudden(rows: list[Row]) -> bool:
        first: dict[str | None, datetime] = {}
        for row in rows:
            first.setdefault(row["device_id"], row["at"])
        return any(
            row["event"] in CHANGES and row["at"] - first[row["device_id"]] < timedelta(days=4)
            for row in rows
        )

    assert share(living(persona, silent_thieves=0.0), sudden) > 0.95
    assert share(living("one_person"), sudden) < 0.05


def test_a_silent_thief_changes_no_payout() -> None:
    payouts = [
        row
        for rows in living("phished", silent_thieves=1.0, settings=0.0)
        for row in rows
        if row["event"] == "payout_changed"
    ]

    assert payouts == []


def test_stuffing_fails_before_it_succeeds() -> None:
    def failures(rows: list[Row]) -> int:
        return sum(row["event"] == "sign_in_failed" for row in rows)

    assert min(map(failures, living("stuffed"))) >= 3
    assert mean(map(failures, living("phished"))) < mean(map(failures, living("stuffed"))) / 3


def test_owners_stay_return_or_are_locked_out_as_the_habits_say() -> None:
    def rows_of(owner_stays: float, owner_returns: float) -> int:
        return sum(
            map(len, living("phished", owner_stays=owner_stays, owner_returns=owner_returns))
        )

    assert rows_of(0.0, 0.0) < 0.9 * min(rows_of(0.0, 1.0), rows_of(1.0, 0.0))


@pytest.mark.parametrize("persona", ["sold", "sold_with_gap", "sold_with_overlap"])
def test_after_a_sale_the_old_devices_stop(persona: str) -> None:
    def handed_over(rows: list[Row]) -> bool:
        seen = days_by_device(rows)
        early = {device for device, days in seen.items() if min(days) < DAYS / 6}
        late = {device for device, days in seen.items() if max(days) >= DAYS * 5 / 6}
        return not early & late

    assert share(living(persona), handed_over) == 1.0
    assert share(living("one_person"), handed_over) < 0.4


def test_a_seller_may_look_in_once_more() -> None:
    def came_back(rows: list[Row]) -> bool:
        order = [row["device_id"] for row in rows]
        return any(
            device in order[at + 5 :]
            for at, device in enumerate(order)
            if device == order[0] and order[0] not in order[at + 1 : at + 5]
        )

    assert share(living("sold_last_look"), came_back) > 0.5


def test_a_drawn_world_stays_within_bounds_and_makes_sign_ins() -> None:
    usual = Habits()
    for seed in range(20):
        habits = Habits.drawn(seed)
        sizes = [len(rows) for rows, _, _ in sign_ins(seed, 80, habits=habits)]

        assert 0.5 * usual.vpn <= habits.vpn <= 1.8 * usual.vpn
        assert 0.0 <= habits.no_network <= 1.0
        assert 20 < mean(sizes) < 90


def test_worlds_differ() -> None:
    worlds = [Habits.drawn(seed) for seed in range(30)]
    blind = [world for world in worlds if world.no_network > 0.4]

    assert len(set(worlds)) == 30
    assert 1 <= len(blind) <= 10
