"""A simulated marketplace: who is behind each account is known, and others look like them."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from random import Random

import pytest

from policyenforce.testing.population import Mix, Population, simulate_population

ALL_COLUMNS = (
    "account_id", "email", "phone", "device_id", "cookie_id", "ip", "card_token", "bank_account",
    "registration_number", "company_name", "first_name", "last_name", "address", "postcode",
    "city", "country",
)  # fmt: skip
SIZE = 20_000
HAND = ("email", "phone", "device_id", "cookie_id", "card_token", "bank_account")
SCENES = {
    "ordinary", "careless", "middling", "careful", "very_careful", "branches", "colleagues",
    "colleagues_again", "large_office", "large_office_again", "family", "family_again", "agency",
    "agency_again", "cafe", "tenants",
}  # fmt: skip


@pytest.fixture(scope="module")
def made() -> Population:
    return simulate_population(SIZE, seed=3)


def shared(made: Population, one: int, other: int) -> int:
    """How many things of one hand two accounts share."""
    told = (made.columns[name] for name in HAND)
    return sum(column[one] is not None and column[one] == column[other] for column in told)


def hands(made: Population) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for row, controller in enumerate(made.controllers):
        found[controller].append(row)
    return found


def test_the_same_seed_gives_the_same_population() -> None:
    assert simulate_population(300, seed=7) == simulate_population(300, seed=7)


def test_another_seed_gives_another_population() -> None:
    one, other = (simulate_population(300, seed=seed) for seed in (7, 8))

    assert one.columns["email"] != other.columns["email"]
    assert one.scenes != other.scenes


def test_making_a_population_leaves_other_randomness_alone() -> None:
    import random

    random.seed(3)
    expected = Random(3).random()
    simulate_population(50, seed=1)

    assert random.random() == expected


@pytest.mark.parametrize("size", [0, 1, 2, 137])
def test_there_are_as_many_accounts_as_were_asked_for(size: int) -> None:
    made = simulate_population(size, seed=1)

    assert {name: len(column) for name, column in made.columns.items()} == dict.fromkeys(
        ALL_COLUMNS, size
    )
    assert (len(made.controllers), len(made.scenes)) == (size, size)


def test_every_account_has_an_id_of_its_own(made: Population) -> None:
    ids = made.columns["account_id"]

    assert (len(set(ids)), None in ids) == (len(ids), False)


def test_there_are_just_the_columns_of_a_table_of_accounts_and_all_are_texts(
    made: Population,
) -> None:
    kinds = {type(value) for column in made.columns.values() for value in column}

    assert tuple(made.columns) == ALL_COLUMNS
    assert kinds == {str, type(None)}


def test_every_scene_appears(made: Population) -> None:
    assert set(made.scenes) >= SCENES


def test_who_has_several_accounts_shares_more_between_them_than_strangers_do(
    made: Population,
) -> None:
    rng = Random(1)
    own = [pair for rows in hands(made).values() for pair in combinations(rows, 2)]
    strangers = [tuple(rng.sample(range(SIZE), 2)) for _ in range(4000)]
    of_own = sum(shared(made, *pair) for pair in own) / len(own)
    of_strangers = sum(shared(made, *pair) for pair in strangers) / len(strangers)

    assert of_own > 0.5
    assert of_strangers < 0.02


def test_the_careless_share_more_than_the_careful(made: Population) -> None:
    rate = {}
    for care in ("careless", "middling", "careful", "very_careful"):
        pairs = [
            pair
            for rows in hands(made).values()
            if made.scenes[rows[0]] == care
            for pair in combinations(rows, 2)
        ]
        rate[care] = sum(shared(made, *pair) for pair in pairs) / len(pairs)

    assert sorted(rate, key=rate.__getitem__) == ["very_careful", "careful", "middling", "careless"]


def test_colleagues_share_their_network_and_are_different_people(made: Population) -> None:
    behind: dict[str, set[int]] = defaultdict(set)
    for row, scene in enumerate(made.scenes):
        address = made.columns["ip"][row]
        if scene == "colleagues" and address:
            behind[address].add(made.controllers[row])

    assert len([who for who in behind.values() if len(who) > 2]) > 20


@pytest.mark.parametrize("scene", ["ordinary", "colleagues", "large_office", "cafe", "tenants"])
def test_each_account_of_honest_strangers_has_a_controller_of_its_own(
    made: Population, scene: str
) -> None:
    controllers = Counter(
        who for who, where in zip(made.controllers, made.scenes, strict=True) if where == scene
    )

    assert set(controllers.values()) == {1}


def test_a_hand_has_at_most_thirty_accounts(made: Population) -> None:
    sizes = [len(rows) for rows in hands(made).values() if made.scenes[rows[0]] == "careless"]

    assert 5 < max(sizes) <= 30


def test_a_mix_without_controllers_makes_none() -> None:
    honest = Mix(controllers=0.0, branches=0.0, several=0.0)
    made = simulate_population(1500, seed=2, mix=honest)

    assert max(len(rows) for rows in hands(made).values()) <= 4
    assert not {"careless", "middling", "careful", "very_careful", "branches"} & set(made.scenes)


def test_what_is_missing_mistyped_and_made_up_follows_the_mix() -> None:
    tidy = simulate_population(800, seed=2, mix=Mix(missing=0.0, typos=0.0, dummies=0.0))
    messy = simulate_population(800, seed=2, mix=Mix(missing=0.5))

    assert tidy.columns["phone"].count(None) == 0
    assert 300 < messy.columns["phone"].count(None) < 500


def test_a_drawn_mix_stays_within_bounds_and_makes_a_population() -> None:
    usual = Mix()
    for seed in range(20):
        mix = Mix.drawn(seed)

        assert 0.5 * usual.controllers <= mix.controllers <= 1.8 * usual.controllers
        assert 0.7 * usual.thrift <= mix.thrift <= 1.25 * usual.thrift
        assert len(simulate_population(60, seed, mix=mix).controllers) == 60
