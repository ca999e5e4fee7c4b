from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.multiple_accounts.evidence import (
    OFFICE_KINDS,
    Relation,
    Shared,
    confidence_of,
    link,
    masked,
    relation_of,
    score,
)
from policyenforce.checks.multiple_accounts.identifiers import KINDS
from policyenforce.policy.load import load_rules
from policyenforce.policy.rules import AccountRelations

HOUSE = load_rules().accounts
REACHES = st.dictionaries(st.sampled_from(KINDS), st.integers(2, 80))


@given(REACHES, st.sampled_from(KINDS), st.integers(2, 80))
def test_a_further_shared_identifier_never_lowers_the_score(
    reaches: dict[str, int], kind: str, reach: int
) -> None:
    more = {**reaches, kind: min(reach, reaches.get(kind, reach))}

    assert score(more, HOUSE) >= score(reaches, HOUSE)


@given(REACHES, st.sampled_from(KINDS))
def test_a_value_that_more_share_is_never_worth_more(reaches: dict[str, int], kind: str) -> None:
    common = {**reaches, kind: reaches.get(kind, 2) + 1}

    assert score(common, HOUSE) <= score({**common, kind: common[kind] - 1}, HOUSE)


@given(st.dictionaries(st.sampled_from(sorted(OFFICE_KINDS)), st.integers(2, 50)))
def test_an_office_alone_is_worth_nothing(reaches: dict[str, int]) -> None:
    assert score(reaches, HOUSE) == 0


def test_nothing_shared_is_worth_nothing() -> None:
    assert score({}, HOUSE) == 0


def test_a_switchboard_does_not_make_one_person_of_colleagues() -> None:
    colleagues = {"phone": 2, "company": 2, "address": 2, "ip": 2}

    assert score(colleagues, HOUSE) == HOUSE.worth("phone", 2) < HOUSE.review


def test_what_an_office_shares_counts_up_to_what_a_hand_shares() -> None:
    house = AccountRelations(points={"card": ((9, 20),), "ip": ((9, 30),), "phone": ((9, 45),)})

    assert score({"card": 2, "ip": 2}, house) == 40
    assert score({"card": 2, "ip": 2, "phone": 2}, house) == 85


def test_a_value_over_the_row_cap_counts_only_beside_another() -> None:
    house = AccountRelations(row_cap=5, points={"ip": ((99, 10),), "device": ((99, 30),)})

    assert score({"device": 6}, house) == 0
    assert score({"device": 6, "ip": 6}, house) == 0
    assert score({"device": 6, "ip": 2}, house) == 40


def test_several_values_of_a_kind_count_by_the_least_common_one() -> None:
    house = AccountRelations(points={"email": ((2, 60), (9, 10))})
    found = link("u-2", [Shared("email", "b", 5), Shared("email", "a", 2)], house)

    assert found.points == 60
    assert [e.points for e in found.evidence] == [60]


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from("abc"), st.integers(2, 60))))
def test_the_order_of_what_is_shared_plays_no_part(values: list[tuple[str, str, int]]) -> None:
    shared = [Shared(kind, value, reach) for kind, value, reach in values]

    assert link("u-2", shared, HOUSE) == link("u-2", reversed(shared), HOUSE)


@pytest.mark.parametrize(
    ("kinds", "relation"),
    [
        (["registration", "ip"], Relation.SAME_ENTITY),
        (["tax", "device"], Relation.SAME_ENTITY),
        (["device", "company"], Relation.SAME_CONTROLLER),
        (["ip", "company", "address"], Relation.SHARED_INFRASTRUCTURE),
    ],
)
def test_the_relation_says_what_the_kinds_speak_for(kinds: list[str], relation: Relation) -> None:
    assert relation_of(kinds) is relation


@given(st.integers(0, 1_000), st.integers(0, 1_000))
def test_more_points_are_never_less_sure_and_never_belief(left: int, right: int) -> None:
    less, more = sorted((left, right))
    low, high = confidence_of(less, HOUSE) or 0.0, confidence_of(more, HOUSE) or 0.0

    assert 0.0 <= low <= high <= 0.85


def test_the_bands_lie_on_either_side_of_suspicion() -> None:
    assert confidence_of(HOUSE.review - 1, HOUSE) is None
    assert confidence_of(HOUSE.act - 1, HOUSE) < 0.6
    assert confidence_of(HOUSE.act, HOUSE) >= 0.6


def test_one_band_may_be_empty() -> None:
    assert confidence_of(70, AccountRelations(review=70, act=70)) == 0.65


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("bank", "~6222021234564417", "bank account …4417 (not verified)"),
        (
            "registration",
            "branch/~FR:732829320",
            "head office's registration number …9320 (not verified)",
        ),
        ("email", "ana@example.com", "e-mail address a…"),
        ("device", "d-1", "device …"),
        ("ip", "203.0.113.7", "network address"),
        ("person", "ana diaz", "personal name"),
    ],
)
def test_a_value_is_told_masked(kind: str, value: str, told: str) -> None:
    assert masked(kind, value) == told


def test_evidence_says_what_is_shared_and_how_widely() -> None:
    rare, common = (
        Shared("bank", "GB82WEST12345698764417", 2, ("f-2", "f-1")),
        Shared("ip", "x", 51),
    )
    first, second = link("u-2", [common, rare], HOUSE).evidence

    assert first.sentence == "same bank account …4417, seen on 2 accounts"
    assert (first.kind, first.points, first.fact_ids) == ("shared_bank", 70, ("f-2", "f-1"))
    assert second.sentence == "same network address, seen on more than 50 accounts"


@given(st.sampled_from(KINDS), st.text("0123456789abcdef", min_size=9, max_size=40))
def test_no_evidence_repeats_a_value(kind: str, value: str) -> None:
    assert value not in link("u-2", [Shared(kind, value, 2)], HOUSE).evidence[0].sentence
