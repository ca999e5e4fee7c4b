"""Simulated sign-ins: what each account's rows are true of is known, and others look like them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from policyenforce.testing.sign_ins import LABELS, PERSONAS, START, Habits, Row, sign_ins

Made = list[tuple[list[Row], str, str]]
DAYS = 60
EVENTS = {
    "activity", "sign_in_failed", "password_changed", "contact_changed", "payout_changed", "api",
}  # fmt: skip
NETWORKS = {"fixed", "office", "mobile", "vpn", "hosting", None}
COLUMNS = {
    "account_id": str, "at": type(START), "event": str, "device_id": str | None,
    "ip": str | None, "network": str | None, "latitude": float | None,
    "longitude": float | None, "country": str | None, "duration_s": float | None,
}  # fmt: skip


@pytest.fixture(scope="module")
def made() -> Made:
    return list(sign_ins(3, 4000, days=DAYS))


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


def test_every_persona_and_every_label_occurs(made: Made) -> None:
    assert {persona for _, _, persona in made} == PERSONAS.keys()
    assert {label for _, label, _ in made} == set(LABELS)
    assert all(PERSONAS[persona] == label for _, label, persona in made)


def test_every_row_has_the_columns_of_a_table_of_events(made: Made) -> None:
    for rows, _, _ in made[:400]:
        for row in rows:
            assert row.keys() == COLUMNS.keys()
            assert all(isinstance(value, COLUMNS[name]) for name, value in row.items())


def test_every_row_is_well_formed(made: Made) -> None:
    slack = timedelta(minutes=20)
    for rows, _, _ in made:
        for row in rows:
            assert row["event"] in EVENTS
            assert row["network"] in NETWORKS
            assert row["at"].utcoffset() == timedelta(0)
            assert START - slack <= row["at"] < START + timedelta(days=DAYS) + slack
            assert (row["latitude"] is None) == (row["longitude"] is None)
            assert row["latitude"] is None or abs(row["latitude"]) <= 90


def test_there_are_about_forty_events_for_an_account_and_never_very_many(made: Made) -> None:
    sizes = [len(rows) for rows, _, _ in made]

    assert 35 <= sum(sizes) / len(sizes) <= 50
    assert min(sizes) >= 1
    assert max(sizes) <= 1000


def test_shares_follow_the_habits() -> None:
    personas = Counter(p for _, _, p in sign_ins(2, 3000, days=5, habits=Habits(vpn=0.2)))

    assert 0.17 * 3000 < personas["vpn"] < 0.23 * 3000
    assert 0.1 * 3000 < personas["office"] < 0.16 * 3000


def test_worlds_differ() -> None:
    one, other = (Habits.drawn(seed) for seed in (1, 2))

    assert list(sign_ins(1, 5, habits=one)) != list(sign_ins(1, 5, habits=other))
