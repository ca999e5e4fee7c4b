from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.multiple_accounts.evidence import (
    OFFICE_KINDS,
    Comparison,
    Relation,
    Shared,
    at_most,
    confidence_of,
    link,
    masked,
    relation_of,
    rows,
    same,
    score,
)
from policyenforce.checks.multiple_accounts.identifiers import KINDS
from policyenforce.checks.multiple_accounts.likeness import that_count
from policyenforce.model.evidence import Bearing
from policyenforce.policy.load import load_rules
from policyenforce.policy.relations import (
    AGAINST,
    GROUPS,
    HAND_KINDS,
    LIKENESSES,
    AccountRelations,
)

HOUSE = load_rules().accounts
SHARED = st.dictionaries(
    st.sampled_from(KINDS), st.tuples(st.integers(2, 80), st.booleans()), max_size=8
)


def pair(shared: dict[str, tuple[int, bool]], *differs: str) -> Comparison:
    return Comparison(
        tuple(
            Shared(kind, "v", reach, settled=settled and kind in HAND_KINDS)
            for kind, (reach, settled) in shared.items()
        ),
        differs=differs,
    )


def of(**reaches: int) -> Comparison:
    return pair({kind: (reach, False) for kind, reach in reaches.items()})


@given(SHARED, st.sampled_from(KINDS), st.integers(2, 50), st.booleans())
def test_a_further_shared_identifier_never_lowers_the_score(
    shared: dict[str, tuple[int, bool]], kind: str, reach: int, settled: bool
) -> None:
    more = {**shared, kind: shared.get(kind, (reach, settled))}

    assert score(pair(more, *GROUPS), HOUSE) >= score(pair(shared, *GROUPS), HOUSE)


SEEN = st.lists(
    st.builds(
        lambda kind, reach, more, settled: Shared(
            kind, "v", reach, accounts=reach + more, settled=settled and kind in HAND_KINDS
        ),
        st.sampled_from(KINDS),
        st.integers(2, 60),
        st.integers(0, 80),
        st.booleans(),
    ),
    max_size=8,
)


@given(SEEN, SEEN)
def test_no_further_value_lowers_the_score_however_many_accounts_bear_it(
    shared: list[Shared], further: list[Shared]
) -> None:
    known = {one.kind: one for one in shared}
    less = Comparison(tuple(known.values()))
    more = Comparison((*known.values(), *(one for one in further if one.kind not in known)))

    assert score(more, HOUSE) >= score(less, HOUSE)
    assert score(more, HOUSE) <= at_most(more.shared, HOUSE)


@pytest.mark.parametrize(
    ("accounts", "rows_met"),
    [
        (2, []),
        (3, ["five_to_four_clusters"]),
        (4, ["five_to_four_clusters", "two_to_a_cluster"]),
        (6, ["five_to_four_clusters", "two_to_a_cluster", "three_to_a_cluster"]),
    ],
)
def test_what_many_accounts_of_few_hands_bear_counts_more(
    accounts: int, rows_met: list[str]
) -> None:
    compared = Comparison((Shared("bank", "v", 2, accounts=accounts),))
    further = [row for row in rows(compared, HOUSE) if row.name != "bank"]

    assert [row.name for row in further] == rows_met
    assert all(row.points > 0 for row in further)


def test_what_half_a_town_bears_counts_no_more_for_being_borne_by_few_hands() -> None:
    common = Shared("device", "v", HOUSE.row_cap * 5, accounts=HOUSE.row_cap * 50)
    beside = (Shared("bank", "v", 2, accounts=2), common)

    assert score(Comparison(beside), HOUSE) == HOUSE.worth("bank", 2)


@given(SHARED, st.sampled_from(KINDS))
def test_a_value_that_more_share_is_never_worth_more(
    shared: dict[str, tuple[int, bool]], kind: str
) -> None:
    reach, settled = shared.get(kind, (2, False))
    rare, common = {**shared, kind: (reach, settled)}, {**shared, kind: (reach + 1, settled)}

    assert score(pair(common), HOUSE) <= score(pair(rare), HOUSE)


@given(st.dictionaries(st.sampled_from(sorted(OFFICE_KINDS & {*KINDS})), st.integers(2, 50)))
def test_an_office_alone_is_no_reason_to_look(reaches: dict[str, int]) -> None:
    assert score(of(**reaches), HOUSE) < HOUSE.review


@given(SHARED, st.sets(st.sampled_from(LIKENESSES)), st.sets(st.sampled_from([*GROUPS])))
def test_no_further_likeness_takes_a_pair_beyond_what_it_can_come_to(
    shared: dict[str, tuple[int, bool]], alike: set[str], differs: set[str]
) -> None:
    compared = evolve(pair(shared, *differs), alike=tuple(alike), entity_users=bool(differs))

    assert score(compared, HOUSE) <= at_most(compared.shared, HOUSE)


@given(
    SHARED,
    st.sets(st.sampled_from(LIKENESSES)),
    st.sets(st.sampled_from(AGAINST)),
    st.dictionaries(st.sampled_from(LIKENESSES), st.sampled_from((0, 12, 45))),
    st.dictionaries(st.sampled_from(AGAINST), st.sampled_from((0, -3))),
)
def test_what_is_not_worth_looking_for_changes_no_line_of_the_sum(
    shared: dict[str, tuple[int, bool]],
    likely: set[str],
    apart: set[str],
    worth: dict[str, int],
    against: dict[str, int],
) -> None:
    house = evolve(HOUSE, alike=worth, against=against)
    likenesses, differing = that_count(house)
    every = evolve(pair(shared, *apart), alike=tuple(likely))
    some = evolve(every, alike=tuple(likely & likenesses), differs=tuple(apart & differing))

    assert sorted(rows(some, house), key=repr) == sorted(rows(every, house), key=repr)


def test_nothing_shared_is_worth_nothing() -> None:
    assert rows(Comparison(), HOUSE) == ()
    assert score(Comparison(differs=("bank", "phone")), HOUSE) <= 0


def test_a_switchboard_does_not_make_one_person_of_colleagues() -> None:
    work = {"phone": (2, True), "company": (2, False), "address": (2, False), "ip": (2, False)}

    assert score(pair(work, "person", "email", "machine"), HOUSE) < HOUSE.act


def test_what_is_shared_in_one_place_counts_once_by_its_best_value() -> None:
    house = AccountRelations(settled={"card": ((9, 20),), "device": ((9, 30),)})
    told = rows(pair({"card": (2, True), "device": (2, True)}), house)

    assert {row.name: row.points for row in told} == {"card": 0, "device": 30}


def test_what_is_shared_in_one_place_counts_beside_what_is_not() -> None:
    house = AccountRelations(points={"card": ((9, 20),)}, settled={"device": ((9, 30),)})

    assert score(pair({"card": (2, False), "device": (2, True)}), house) == 50


def test_what_differs_takes_points_away_only_where_nothing_of_its_group_agrees() -> None:
    house = AccountRelations(
        points={"phone": ((9, 40),), "card": ((9, 30),)}, against={"phone": -9, "card": -8}
    )

    assert score(pair({"phone": (2, False)}, "phone", "card"), house) == 32


def test_the_company_itself_counts_more_than_its_staff() -> None:
    house = AccountRelations(points={"tax": ((9, 20),)}, together={"same_entity_users": 50})
    shared = (Shared("tax", "v", 2),)

    assert score(Comparison(shared), house) == 20
    assert score(Comparison(shared, entity_users=True), house) == 70


def test_a_value_over_the_row_cap_counts_only_beside_another() -> None:
    house = AccountRelations(row_cap=5, points={"ip": ((99, 10),), "device": ((99, 30),)})

    assert score(of(device=6), house) == 0
    assert score(of(device=6, ip=6), house) == 0
    assert score(of(device=6, ip=2), house) == 40


def test_several_values_of_a_kind_count_by_the_least_common_one() -> None:
    house = AccountRelations(points={"email": ((2, 60), (9, 10))})
    both = Comparison((Shared("email", "b", 5), Shared("email", "a", 2)))
    found = link("u-2", both, house)

    assert found.points == 60
    assert [e.points for e in found.evidence] == [60]


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from("abc"), st.integers(2, 60))))
def test_the_order_of_what_is_shared_plays_no_part(values: list[tuple[str, str, int]]) -> None:
    shared = [Shared(kind, value, reach) for kind, value, reach in values]
    forth, back = Comparison(tuple(shared)), Comparison(tuple(reversed(shared)))

    assert link("u-2", forth, HOUSE) == link("u-2", back, HOUSE)


@given(SHARED)
def test_the_points_told_add_up_to_the_score(shared: dict[str, tuple[int, bool]]) -> None:
    found = link("u-2", pair(shared, *GROUPS), HOUSE)

    assert sum(e.points for e in found.evidence) == found.points


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
        ("phone_tail", "12345679", "telephone number (last digits) …5679"),
        ("ip", "203.0.113.7", "network address"),
        ("person", "ana diaz", "personal name"),
    ],
)
def test_a_value_is_told_masked(kind: str, value: str, told: str) -> None:
    assert masked(kind, value) == told


def test_evidence_says_what_is_shared_and_how_widely() -> None:
    rare, common = (
        Shared("bank", "GB82WEST12345698764417", 2, ("f-2", "f-1"), accounts=3),
        Shared("device", "x", 9, accounts=9, settled=True),
    )
    told = {one.kind: one for one in link("u-2", Comparison((common, rare)), HOUSE).evidence}
    first, second = told["shared_bank"], told["shared_device"]

    assert first.sentence == "same bank account …4417, seen on 3 accounts of 2 clusters"
    assert first.fact_ids == ("f-2", "f-1")
    assert second.sentence == "same device …, seen on 9 accounts of 9 clusters, in few places"


def test_what_differs_is_told_as_counter_evidence() -> None:
    house = AccountRelations(points={"card": ((9, 30),)}, against={"bank": -8})
    told = link("u-2", pair({"card": (2, False)}, "bank"), house).evidence[-1]

    assert (told.sentence, told.points) == ("another bank account", -8)
    assert told.bearing is Bearing.COUNTER


@given(SHARED, st.integers(2, 80))
def test_a_kind_that_the_house_does_not_weigh_changes_nothing(
    shared: dict[str, tuple[int, bool]], reach: int
) -> None:
    house = AccountRelations(points={k: v for k, v in HOUSE.points.items() if k != "phone_tail"})
    told = {kind: n for kind, n in shared.items() if kind != "phone_tail"}

    assert score(pair({**told, "phone_tail": (reach, False)}), house) == score(pair(told), house)


@given(st.sampled_from(KINDS), st.text("0123456789abcdef", min_size=9, max_size=40))
def test_no_evidence_repeats_a_value(kind: str, value: str) -> None:
    assert value not in same(Shared(kind, value, 2))
