"""Points learnt from pairs that people reviewed: with their signs, and only from enough of them."""

from __future__ import annotations

from collections import defaultdict
from importlib.resources import files
from itertools import combinations
from random import Random
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow")

from policyenforce.bulk import Fitted, fit  # noqa: E402 - what follows needs Arrow
from policyenforce.errors import InputError  # noqa: E402 - as above
from policyenforce.policy.load import load_rules  # noqa: E402 - as above
from policyenforce.testing.population import simulate_population  # noqa: E402 - as above

REVIEWED = 2400
SHARED = ("card_token", "ip", "device_id", "city", "email", "phone", "bank_account", "last_name")


@pytest.fixture(scope="module")
def world() -> tuple[Any, Any]:
    """A table of accounts, and reviewed pairs of those that share something."""
    made = simulate_population(4000, seed=3)
    bearers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for name in SHARED:
        for row, value in enumerate(made.columns[name]):
            if value:
                bearers[name, value].append(row)
    found = {pair for rows in bearers.values() for pair in combinations(rows[:6], 2)}
    pairs = Random(1).sample(sorted(found), REVIEWED)
    ids = made.columns["account_id"]
    reviewed = pa.table(
        {
            "left": [ids[left] for left, _ in pairs],
            "right": [ids[right] for _, right in pairs],
            "same": [made.controllers[left] == made.controllers[right] for left, right in pairs],
        }
    )
    columns = {name: pa.array(told, pa.string()) for name, told in made.columns.items()}
    return reviewed, pa.table(columns)


@pytest.fixture(scope="module")
def learnt(world: tuple[Any, Any]) -> Fitted:
    reviewed, table = world
    return fit(reviewed, table, source="pairs of\n2019")


def test_a_shared_card_is_learnt_to_matter_and_a_neighbourhood_is_not(learnt: Fitted) -> None:
    accounts = learnt.accounts

    assert accounts.worth("card", 2) >= accounts.review
    assert accounts.worth("ip", 2) < accounts.worth("card", 2)
    assert {"postcode", "network_block"} & accounts.alike.keys() == set()


def test_what_is_learnt_keeps_its_signs_and_its_order(learnt: Fitted) -> None:
    accounts = learnt.accounts
    tables = (*accounts.points.values(), *accounts.settled.values())

    assert min(*accounts.alike.values(), *accounts.together.values()) > 0
    assert max(accounts.against.values()) < 0
    for rows in tables:
        assert [points for _, points in rows] == sorted((p for _, p in rows), reverse=True)
        assert [reach for reach, _ in rows] == sorted(reach for reach, _ in rows)


def test_what_no_table_shows_stays_as_it_was(learnt: Fitted) -> None:
    house = load_rules().accounts

    assert (learnt.accounts.row_cap, learnt.accounts.growth) == (house.row_cap, house.growth)
    assert learnt.accounts.together["same_entity_users"] == house.together["same_entity_users"]


def test_the_same_reviews_teach_the_same(world: tuple[Any, Any], learnt: Fitted) -> None:
    assert fit(*world).accounts == learnt.accounts


def test_every_reviewed_pair_is_foretold_once_by_a_model_that_has_not_seen_it(
    learnt: Fitted,
) -> None:
    bins = learnt.calibration

    assert sum(each.pairs for each in bins) == REVIEWED
    assert [each.foretold for each in bins] == sorted(each.foretold for each in bins)
    assert all(0 <= each.observed <= 1 for each in bins)
    assert 0 < learnt.brier < 0.1


def test_what_is_learnt_says_from_what(world: tuple[Any, Any], learnt: Fitted) -> None:
    related = sum(world[0]["same"].to_pylist())

    assert learnt.provenance[:2] == (
        "learnt from pairs of\n2019",
        f"{REVIEWED} reviewed pairs, {related} of them related",
    )


def test_what_is_learnt_is_a_section_of_the_house_rules(learnt: Fitted) -> None:
    house = (files("policyenforce.policy") / "house.toml").read_text(encoding="utf-8")
    before, _, rest = house.partition("[accounts]\n")
    after = rest[rest.index("\n[sharing]") :]

    assert learnt.as_toml().startswith(f"# learnt from pairs of 2019\n# {REVIEWED} reviewed pairs")
    assert load_rules(before + learnt.as_toml() + after).accounts == learnt.accounts


def test_account_ids_that_are_numbers_are_found_by_their_texts(
    world: tuple[Any, Any], learnt: Fitted
) -> None:
    reviewed, table = world
    number = {name: row for row, name in enumerate(table["account_id"].to_pylist())}
    numbered = table.set_column(0, "account_id", pa.array(range(len(table))))
    sides = {
        side: [str(number[name]) for name in reviewed[side].to_pylist()]
        for side in ("left", "right")
    }

    assert fit(pa.table({**sides, "same": reviewed["same"]}), numbered).accounts == learnt.accounts


def changed(reviewed: Any, name: str, values: Any) -> Any:
    return reviewed.set_column(reviewed.column_names.index(name), name, values)


def test_what_cannot_be_learnt_from_is_refused(world: tuple[Any, Any]) -> None:
    reviewed, table = world
    names = reviewed["left"].to_pylist()
    for flawed, says in (
        (reviewed.slice(0, 0), "0 reviewed pairs are too few"),
        (reviewed.slice(0, 199), "199 reviewed pairs are too few"),
        (changed(reviewed, "same", pa.array([False] * REVIEWED)), "too few to learn from"),
        (changed(reviewed, "left", pa.array(["m-x", *names[1:]])), "row 1: .* names an account"),
        (
            changed(reviewed, "right", pa.array([*names[1:], None])),
            f"row {REVIEWED}: .* in `right`",
        ),
        (changed(reviewed, "same", pa.array(["false"] * REVIEWED)), "`same` is not true or false"),
        (
            changed(reviewed, "same", pa.array([None, *[True] * (REVIEWED - 1)])),
            "`same` is not true or false",
        ),
        *((reviewed.drop([name]), f"no column `{name}`") for name in reviewed.column_names),
    ):
        with pytest.raises(InputError, match=says):
            fit(flawed, table)


def test_a_table_without_account_ids_is_refused(world: tuple[Any, Any]) -> None:
    with pytest.raises(InputError, match="no column `account_id`"):
        fit(world[0], world[1].drop(["account_id"]))


def test_no_band_begins_below_a_pair_that_shares_nothing() -> None:
    """Most of those related tell another e-mail address, so a difference alone looks like one."""
    silent = [(None, None)] * 30
    told = [*silent, *[("a", "DE")] * 240]
    theirs = [*silent, *[("b", "DE")] * 140, *[("b", "CN")] * 100]
    size = len(told)
    mails = [mail and f"{mail}{row}nna.smith@one.example" for row, (mail, _) in enumerate(told)]
    mails += [mail and f"{mail}{row}ob.young@two.example" for row, (mail, _) in enumerate(theirs)]
    table = pa.table(
        {
            "account_id": [f"m-{row}" for row in range(2 * size)],
            "email": pa.array(mails, pa.string()),
            "country": pa.array([country for _, country in (*told, *theirs)], pa.string()),
        }
    )
    reviewed = pa.table(
        {
            "left": [f"m-{row}" for row in range(size)],
            "right": [f"m-{row + size}" for row in range(size)],
            "same": [True] * 130 + [False] * 140,
        }
    )
    accounts = fit(reviewed, table).accounts

    assert 1 <= accounts.review <= accounts.act == 100
    assert max(accounts.against.values()) < 0
