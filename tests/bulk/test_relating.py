"""A whole table related: what links, what does not, and what is told about it."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from itertools import combinations
from random import Random
from typing import Any

import pytest
from attrs import evolve

pa = pytest.importorskip("pyarrow")

import policyenforce as pe  # noqa: E402 - what follows needs Arrow
from policyenforce.bulk import Approvals, Reviewed, relate  # noqa: E402 - they need Arrow
from policyenforce.errors import InputError  # noqa: E402 - as above
from policyenforce.policy.load import load_rules  # noqa: E402 - as above
from policyenforce.testing.population import simulate_population  # noqa: E402 - as above

HOUSE = load_rules().accounts
BANK, OTHER_BANK = "GB82WEST12345698765432", "DE89370400440532013000"
NOW = datetime(2019, 12, 1, tzinfo=UTC)


def accounts(**told: dict[str, str]) -> Any:
    """A table of these accounts, each with what it tells."""
    names = sorted({name for each in told.values() for name in each})
    columns = {
        name: pa.array([each.get(name) for each in told.values()], pa.string()) for name in names
    }
    return pa.table({"account_id": pa.array(list(told), pa.string()), **columns})


def chain() -> Any:
    """``a`` and ``b`` share a card, ``b`` and ``c`` a bank account; ``d`` shares nothing."""
    return accounts(
        a={"card_token": "tok_8173"},
        b={"card_token": "tok_8173", "bank_account": BANK},
        c={"bank_account": BANK},
        d={"bank_account": OTHER_BANK},
    )


def told(found: Any) -> dict[tuple[Any, Any], dict[str, Any]]:
    return {(pair["left"], pair["right"]): pair for pair in found.pairs.to_pylist()}


def together(found: Any) -> list[str]:
    """The accounts of each cluster, as one text."""
    groups: dict[str, list[str]] = {}
    for row in found.clusters.to_pylist():
        groups.setdefault(row["cluster_id"], []).append(str(row["account_id"]))
    return sorted("".join(sorted(group)) for group in groups.values())


def simulated(size: int, seed: int) -> Any:
    made = simulate_population(size, seed)
    return pa.table({name: pa.array(told, pa.string()) for name, told in made.columns.items()})


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_rows_plays_no_part(seed: int) -> None:
    table = simulated(600, seed)
    order = Random(seed).sample(range(len(table)), len(table))

    shuffled, straight = relate(table.take(order)), relate(table)

    assert shuffled.pairs.equals(straight.pairs)
    assert shuffled.clusters.equals(straight.clusters.take(order))


def test_pairs_and_clusters_are_counted() -> None:
    found = relate(simulated(600, 4))

    assert found.counts == {
        "accounts": 600,
        "pairs": len(found.pairs),
        "clusters": len(set(found.clusters["cluster_id"].to_pylist())),
    }


def test_a_pair_is_told_once_and_the_first_account_by_id_stands_left() -> None:
    pairs = list(told(relate(simulated(600, 5))))

    assert pairs == sorted(set(pairs))
    assert all(left < right for left, right in pairs)


def test_a_thousand_accounts_behind_one_network_address_are_strangers() -> None:
    table = pa.table({"account_id": [f"m-{n}" for n in range(1000)], "ip": ["203.0.114.7"] * 1000})

    assert relate(table).counts == {"accounts": 1000, "pairs": 0, "clusters": 1000}


@pytest.mark.parametrize("column", ["device_id", "card_token", "cookie_id"])
def test_what_more_than_the_cap_bear_relates_nobody(column: str) -> None:
    at_cap = pa.table(
        {
            "account_id": [f"m-{n}" for n in range(HOUSE.row_cap)],
            column: ["6f2c91ab"] * HOUSE.row_cap,
        }
    )
    one_more = pa.concat_tables([at_cap, pa.table({"account_id": ["m-x"], column: ["6f2c91ab"]})])
    always = evolve(HOUSE, settled={}, points={"device": ((99, 90),), "card": ((99, 90),),
                                               "cookie": ((99, 90),)})  # fmt: skip

    assert relate(at_cap, always).counts["pairs"] == HOUSE.row_cap * (HOUSE.row_cap - 1) // 2
    assert relate(one_more, always).counts == {"accounts": 51, "pairs": 0, "clusters": 51}


def test_an_office_alone_relates_nobody() -> None:
    shared = {"ip": "203.0.114.7", "company_name": "Lotus Trading Ltd", "city": "Hamburg",
              "address": "Hafenstrasse 12", "postcode": "20095", "country": "DE"}  # fmt: skip
    generous = evolve(HOUSE, review=1, points={**HOUSE.points, "ip": ((9, 90),)})

    assert told(relate(accounts(a=shared, b=shared), generous)) == {}


def test_what_is_shared_is_told_with_its_reason() -> None:
    pair = told(relate(chain()))["b", "c"]

    points = HOUSE.worth("bank", 2)
    assert (pair["score"], pair["band"], pair["relation"]) == (points, "review", "same controller")
    assert pair["evidence"] == [
        {
            "kind": "shared_bank",
            "points": points,
            "sentence": "same bank account …5432, seen on 2 accounts of 2 clusters",
        }
    ]


def test_a_shared_registration_number_speaks_for_one_entity() -> None:
    shared = {"registration_number": "HRB 12345", "bank_account": BANK, "country": "DE"}

    assert told(relate(accounts(a=shared, b=shared)))["a", "b"]["relation"] == "same entity"


def test_the_act_band_begins_at_its_points() -> None:
    strong = {"card_token": "tok_8173", "bank_account": BANK, "device_id": "d-41c09a7e"}
    pair = told(relate(accounts(a=strong, b=strong)))["a", "b"]

    assert (pair["score"] >= HOUSE.act, pair["band"]) == (True, "act")


RING = {"device_id": "d-41c09a7e", "card_token": "tok_8173", "bank_account": BANK}


def test_what_one_hand_keeps_to_itself_speaks_for_one_hand() -> None:
    ring = {name: RING for name in "abcdef"}
    beside = told(relate(accounts(**ring, x={"bank_account": BANK})))["a", "x"]
    strangers = told(relate(accounts(a=RING, x={"bank_account": BANK})))["a", "x"]

    assert strangers["score"] < beside["score"]
    assert [line["sentence"] for line in beside["evidence"]] == [
        "same bank account …5432, seen on 7 accounts of 2 clusters",
        "some accounts that bear one of these things are one hand",
        "two accounts or more of each hand bear one of these things",
        "three accounts or more of each hand bear one of these things",
    ]


def test_an_account_that_pays_out_for_many_strangers_does_not_vouch_for_itself() -> None:
    strangers = {
        name: {"bank_account": BANK, "card_token": f"tok_{name}", "device_id": f"d-18f3aa2{name}"}
        for name in "abcdefgh"
    }
    found = told(relate(accounts(**strangers)))

    assert {pair["band"] for pair in found.values()} == {"review"}
    assert {pair["evidence"][0]["sentence"] for pair in found.values()} == {
        "same bank account …5432, seen on 8 accounts of 8 clusters"
    }


def test_a_path_is_told_hop_by_hop_and_is_worth_its_weakest() -> None:
    pair = told(relate(chain()))["a", "c"]

    assert pair["score"] == min(HOUSE.worth("card", 2), HOUSE.worth("bank", 2))
    assert [(hop["kind"], hop["points"]) for hop in pair["evidence"]] == [
        ("hop", 0),
        ("hop", pair["score"]),
    ]
    assert [hop["sentence"][:13] for hop in pair["evidence"]] == ["a and b: same", "b and c: same"]


def linked_by_another(**shared: str) -> Any:
    """``a`` and ``c`` share a little, and each of them much with ``b``."""
    first = {"bank_account": BANK, "email": "ana.li@example.com"}
    second = {"card_token": "tok_8173", "device_id": "6f2c91ab"}
    return accounts(a={**first, **shared}, b={**first, **second}, c={**second, **shared})


def test_a_pair_is_as_strong_as_the_strongest_way_between_the_two() -> None:
    found = told(relate(linked_by_another(cookie_id="c-18f3aa20")))
    way, one, other = found["a", "c"], found["a", "b"]["score"], found["b", "c"]["score"]

    assert HOUSE.worth("cookie", 2) < way["score"] == min(one, other)
    assert [(line["kind"], line["points"]) for line in way["evidence"]] == [
        ("hop", way["score"] if one < other else 0),
        ("hop", way["score"] if other < one else 0),
        ("themselves", 0),
    ]
    assert (
        way["evidence"][-1]["sentence"]
        == "the two themselves: same browser …aa20, seen on 2 accounts of 1 cluster"
    )


def test_a_number_of_a_register_speaks_for_one_entity_on_a_way_too() -> None:
    shared = {"registration_number": "HRB 12345", "country": "DE", "cookie_id": "c-18f3aa20"}
    found = told(relate(linked_by_another(**shared)))

    assert found["a", "c"]["evidence"][-1]["kind"] == "themselves"
    assert [row["relation"] for _, row in sorted(found.items())] == [
        "same controller",
        "same entity",
        "same controller",
    ]


@pytest.mark.parametrize("seed", range(4))
def test_no_two_pairs_contradict_a_third(seed: int) -> None:
    rows = told(relate(simulated(1500, seed)))
    score = {frozenset(pair): row["score"] for pair, row in rows.items()}
    beside = defaultdict(set)
    for one, other in rows:
        beside[one].add(other)
        beside[other].add(one)
    clusters = dict(zip(*relate(simulated(1500, seed)).clusters.to_pydict().values(), strict=True))
    corners = [
        (one, middle, other)
        for middle, near in beside.items()
        for one, other in combinations(sorted(near), 2)
        if clusters[one] == clusters[middle] == clusters[other]
    ]

    assert len(corners) > 50
    assert [
        (one, middle, other)
        for one, middle, other in corners
        if score[frozenset((one, other))]
        < min(score[frozenset((one, middle))], score[frozenset((middle, other))])
    ] == []


def test_hops_add_up_to_the_score_of_every_path() -> None:
    paths = [
        p for p in told(relate(simulated(2000, 7))).values() if p["evidence"][0]["kind"] == "hop"
    ]

    assert len(paths) > 10
    assert [sum(hop["points"] for hop in p["evidence"]) for p in paths] == [
        p["score"] for p in paths
    ]


def test_no_sentence_of_a_table_repeats_a_value() -> None:
    table = simulated(600, 8)
    said = " ".join(
        line["sentence"] for pair in told(relate(table)).values() for line in pair["evidence"]
    )
    names = ("email", "phone", "ip", "bank_account", "card_token", "device_id", "last_name")

    assert not [
        v for name in names for v in table[name].to_pylist() if v and len(v) > 8 and v in said
    ]


def test_a_refuted_pair_stays_apart_though_a_third_account_links_both() -> None:
    found = relate(chain(), reviewed=Reviewed(separated=(("c", "a"),)))

    assert list(told(found)) == [("a", "b"), ("b", "c")]
    assert together(found) == ["ab", "c", "d"]


def test_a_refuted_pair_that_shares_something_is_not_told() -> None:
    found = relate(chain(), reviewed=Reviewed(separated=(("b", "a"),)))

    assert list(told(found)) == [("b", "c")]
    assert together(found) == ["a", "bc", "d"]


def test_refuted_and_linked_accounts_stay_apart_with_all_that_is_theirs() -> None:
    reviewed = Reviewed(linked=(("c", "d"),), separated=(("a", "d"),))

    assert together(relate(chain(), reviewed=reviewed)) == ["ab", "cd"]


def test_links_that_a_refutation_gainsays_hold_but_the_refuted_pair_is_not_told() -> None:
    reviewed = Reviewed(linked=(("a", "d"), ("d", "c")), separated=(("a", "c"),))
    found = relate(chain(), reviewed=reviewed)

    assert together(found) == ["abcd"]
    assert ("a", "c") not in told(found)


def test_a_linked_pair_is_one_cluster_and_told_as_found_by_a_person() -> None:
    found = relate(chain(), reviewed=Reviewed(linked=(("d", "a"),)))

    pair = told(found)["a", "d"]
    assert together(found) == ["abcd"]
    assert (pair["score"], pair["band"]) == (HOUSE.act, "act")
    assert pair["evidence"][0]["sentence"] == "a and d: a person found them to be one hand"


@pytest.mark.parametrize(
    "linked",
    [
        (("a", "d"), ("d", "a")),
        (("a", "d"), ("a", "d")),
        (("a", "a"), ("a", "d"), ("x", "y")),
    ],
)
def test_a_link_that_stands_there_twice_or_with_nobody_says_nothing_more(
    linked: tuple[tuple[str, str], ...],
) -> None:
    once = relate(chain(), reviewed=Reviewed(linked=(("a", "d"),)))

    assert relate(chain(), reviewed=Reviewed(linked=linked)).pairs.equals(once.pairs)


def test_links_that_close_a_circle_tell_each_pair_once() -> None:
    linked = (("a", "b"), ("b", "c"), ("c", "d"), ("a", "d"), ("a", "c"))
    found = relate(chain(), reviewed=Reviewed(linked=linked))

    assert list(told(found)) == [
        ("a", "b"),
        ("a", "c"),
        ("a", "d"),
        ("b", "c"),
        ("b", "d"),
        ("c", "d"),
    ]
    assert (found.counts["pairs"], together(found)) == (6, ["abcd"])


def test_an_approved_pair_keeps_its_score_in_no_band_and_names_the_approval() -> None:
    approved = Approvals(
        {"ap-2": frozenset("ab"), "ap-1": frozenset("abx"), "ap-3": frozenset("bd")}
    )
    before, after = told(relate(chain())), told(relate(chain(), approvals=approved))

    assert after["a", "b"] == {**before["a", "b"], "band": "none", "approval": "ap-1"}
    assert after["b", "c"] == before["b", "c"]


def test_an_approval_covers_a_path_between_those_it_names() -> None:
    pair = told(relate(chain(), approvals=Approvals({"ap-1": frozenset("ac")})))["a", "c"]

    assert (pair["band"], pair["approval"]) == ("none", "ap-1")


def test_approved_infrastructure_does_not_link() -> None:
    found = relate(chain(), approvals=Approvals(shared=frozenset({("card", "tok_8173")})))

    assert (list(told(found)), together(found)) == ([("b", "c")], ["a", "bc", "d"])


def granted(name: str, scope: pe.ApprovalScope, *subjects: str, **more: Any) -> pe.ApprovalGranted:
    return pe.ApprovalGranted(
        id=name, at=NOW, approval_id=name, scope=scope, subjects=subjects, signer="Ana",
        role="officer", from_=more.pop("from_", NOW), **more,
    )  # fmt: skip


def test_approvals_in_force_are_taken_from_facts() -> None:
    facts = [
        granted("ap-1", pe.ApprovalScope.ACCOUNTS, "a", "b"),
        granted("ap-2", pe.ApprovalScope.INFRASTRUCTURE, f"bank:{BANK}", "phone:+4930901820"),
        granted("over", pe.ApprovalScope.ACCOUNTS, "a", "c", until=NOW),
        granted("later", pe.ApprovalScope.ACCOUNTS, "a", "c", from_=NOW.replace(year=2020)),
        granted("said", pe.ApprovalScope.ACCOUNTS, "a", "c", in_writing=False),
        granted("back", pe.ApprovalScope.ACCOUNTS, "a", "c"),
        pe.ApprovalRevoked(id="r-1", at=NOW, approval_id="back", by="ana"),
    ]
    approved = Approvals.of(facts, NOW)

    assert approved.accounts == {"ap-1": frozenset("ab")}
    assert {("bank", BANK), ("phone", "+4930901820")} <= approved.shared


@pytest.mark.parametrize("number", ["HRB 12345", "DE:HRB 12345", "hrb12345"])
def test_an_approved_entity_covers_all_accounts_with_its_number(number: str) -> None:
    entity = {"registration_number": "hrb 12345", "country": "DE", "bank_account": BANK}
    other = {"registration_number": "HRB 99001", "country": "DE", "bank_account": BANK}
    approved = Approvals.of([granted("ap-1", pe.ApprovalScope.ENTITY, number)], NOW)
    found = told(relate(accounts(a=entity, b=entity, c=other), approvals=approved))

    assert {pair: row["approval"] for pair, row in found.items()} == {
        ("a", "b"): "ap-1",
        ("a", "c"): None,
        ("b", "c"): None,
    }


def test_an_approved_telephone_does_not_link_by_its_last_digits() -> None:
    phone = {"phone": "+8613812345679", "card_token": "tok_8173"}
    table = accounts(a=phone, b={"phone": "+8613812345679"})
    approved = Approvals.of(
        [granted("ap-1", pe.ApprovalScope.INFRASTRUCTURE, "phone:+86 138 1234 5679")], NOW
    )
    house = evolve(HOUSE, review=1)

    assert list(told(relate(table, house))) == [("a", "b")]
    assert told(relate(table, house, approvals=approved)) == {}


def numbered() -> Any:
    return pa.table(
        {
            "account_id": pa.array([12, 3, 7], pa.int64()),
            "card_token": ["tok_8173", "tok_8173", None],
        }
    )


def test_numbers_stay_numbers() -> None:
    found = relate(numbered())

    assert found.pairs.select(["left", "right"]).to_pylist() == [{"left": 3, "right": 12}]
    assert {found.pairs.schema.field(side).type for side in ("left", "right")} == {pa.int64()}
    assert found.clusters.to_pydict() == {"account_id": [12, 3, 7], "cluster_id": ["3", "3", "7"]}


def test_reviews_and_approvals_find_accounts_that_are_numbers() -> None:
    approved = Approvals({"ap-1": frozenset({"3", "12"})})
    linked = relate(numbered(), approvals=approved, reviewed=Reviewed(linked=(("3", "7"),)))
    apart = relate(numbered(), reviewed=Reviewed(separated=(("3", "12"),)))

    assert [pair["approval"] for pair in linked.pairs.to_pylist()] == [None, "ap-1", None]
    assert (together(linked), together(apart)) == (["1237"], ["12", "3", "7"])


def test_a_cluster_keeps_its_name_while_it_grows_merges_and_splits() -> None:
    first = relate(chain().slice(1, 2)).clusters
    grown = relate(chain(), previous=first).clusters
    names = dict(zip(*grown.to_pydict().values(), strict=True))
    split = relate(chain(), reviewed=Reviewed(separated=(("a", "b"),)), previous=grown)

    assert names == {"a": "b", "b": "b", "c": "b", "d": "d"}
    assert split.clusters["cluster_id"].to_pylist() == ["a", "b", "b", "d"]
    assert split.merges.num_rows == 0


def test_clusters_that_become_one_leave_a_history() -> None:
    before = pa.table({"account_id": list("abcd"), "cluster_id": ["a", "b", "b", "d"]})
    found = relate(chain(), previous=before)

    assert found.clusters["cluster_id"].to_pylist() == ["b", "b", "b", "d"]
    assert found.merges.to_pylist() == [{"from_cluster": "a", "to_cluster": "b"}]


def test_weak_pairs_do_not_join_more_than_a_cluster_may_have() -> None:
    cap = 5
    names = [f"m-{n}" for n in range(12)]
    cards = [f"tok_{n // 2}9{n // 2}" for n in range(12)]
    banks = [None, *(f"GB82WEST1234569876{n // 2:04d}" for n in range(11))]
    found = relate(
        pa.table({"account_id": names, "card_token": cards, "bank_account": banks}),
        evolve(HOUSE, cluster_cap=cap, growth=0),
    )
    sizes = found.clusters["cluster_id"].value_counts().field("counts").to_pylist()

    assert 2 < max(sizes) <= cap


@pytest.mark.parametrize("columns", [["account_id"], ["account_id", "card_token", "bank_account"]])
def test_an_empty_table_gives_empty_tables_of_the_same_columns(columns: list[str]) -> None:
    empty, full = relate(chain().select(columns).slice(0, 0)), relate(chain())

    assert empty.counts == {"accounts": 0, "pairs": 0, "clusters": 0}
    for name in ("pairs", "clusters", "merges"):
        assert getattr(empty, name).schema == getattr(full, name).schema


def test_one_account_is_alone() -> None:
    found = relate(chain().slice(0, 1))

    assert (told(found), together(found)) == ({}, ["a"])


def test_accounts_of_which_only_the_id_is_known_are_alone() -> None:
    found = relate(chain().select(["account_id"]))

    assert (told(found), together(found)) == ({}, ["a", "b", "c", "d"])


def test_a_table_in_pieces_is_one_table() -> None:
    pieces = pa.concat_tables([chain().slice(3), chain().slice(0, 0), chain().slice(0, 3)])

    assert relate(pieces).pairs.equals(relate(chain()).pairs)


def test_a_table_without_account_ids_is_refused() -> None:
    with pytest.raises(InputError, match="there is no column `account_id`"):
        relate(chain().select(["card_token"]))


@pytest.mark.parametrize(
    ("ids", "says"), [(["a", "b", "a"], "stands there twice"), (["a", None], "no `account_id`")]
)
def test_an_account_without_an_id_or_told_twice_is_refused(
    ids: list[str | None], says: str
) -> None:
    with pytest.raises(InputError, match=says):
        relate(pa.table({"account_id": pa.array(ids, pa.string())}))


def test_each_stage_is_told_as_it_begins() -> None:
    stages: list[str] = []
    relate(chain(), progress=stages.append)

    assert stages == ["normalising", "comparing", "scoring", "joining", "telling"]
