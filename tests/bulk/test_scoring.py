"""A table is scored by the points, and to the point, by which one pair is scored."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from random import Random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

pa = pytest.importorskip("pyarrow")
np = pytest.importorskip("numpy")

from policyenforce.bulk import Approvals, relate  # noqa: E402 - they need Arrow
from policyenforce.bulk.candidates import compared  # noqa: E402 - as above
from policyenforce.bulk.columns import Coded, coded  # noqa: E402 - as above
from policyenforce.bulk.scoring import score as scored  # noqa: E402 - as above
from policyenforce.checks.multiple_accounts.evidence import (  # noqa: E402 - sorted with the rest
    Comparison,
    Shared,
    score,
)
from policyenforce.policy.load import load_rules  # noqa: E402 - as above
from policyenforce.policy.relations import (  # noqa: E402 - as above
    AGAINST,
    GROUPS,
    HAND_KINDS,
    IDENTIFIERS,
    LIKENESSES,
    TOGETHER,
    AccountRelations,
    Rows,
    is_settled,
)

HOUSE = load_rules().accounts
KINDS = (*IDENTIFIERS, *LIKENESSES, "country")
Table = dict[str, list[str | None]]


def in_order(rows: dict[int, int]) -> Rows:
    """Rows of points as a table may have them: none rises."""
    return tuple(zip(sorted(rows), sorted(rows.values(), reverse=True), strict=True))


ROWS = st.dictionaries(st.integers(1, 8), st.integers(0, 90), max_size=3).map(in_order)
POINTS = st.builds(
    AccountRelations,
    points=st.dictionaries(st.sampled_from(IDENTIFIERS), ROWS),
    settled=st.dictionaries(st.sampled_from(HAND_KINDS), ROWS),
    alike=st.dictionaries(st.sampled_from(LIKENESSES), st.integers(0, 40)),
    together=st.dictionaries(st.sampled_from(TOGETHER), st.integers(0, 40)),
    against=st.dictionaries(st.sampled_from(AGAINST), st.integers(-40, 0)),
)  # fmt: skip


def world(seed: int) -> tuple[Table, list[int]]:
    """What a few accounts bear, and the clusters they are in."""
    rng = Random(seed)
    size = rng.randrange(2, 8)
    table = {kind: rng.choices((None, "x", "y"), k=size) for kind in KINDS}
    return table, rng.choices(range(4), k=size)


WORLDS = st.integers(0, 1 << 32).map(world)


def accounts_bearing(table: Table) -> Coded:
    columns = {kind: pa.array(told, pa.string()) for kind, told in table.items()}
    return coded(columns, len(table["ip"]))


def compared_by_hand(table: Table, clusters: Sequence[int], one: int, other: int) -> Comparison:
    """The statistics of one pair, counted account by account."""
    both = {kind for kind in KINDS if table[kind][one] and table[kind][other]}
    same = {kind for kind in both if table[kind][one] == table[kind][other]}
    differs = [group for group, kinds in GROUPS.items() if kinds[0] in both]
    return Comparison(
        tuple(shared(table, clusters, one, other, kind) for kind in IDENTIFIERS if kind in same),
        tuple(kind for kind in LIKENESSES if kind in same),
        (*differs, "country") if "country" in both - same else tuple(differs),
    )


def shared(table: Table, clusters: Sequence[int], one: int, other: int, kind: str) -> Shared:
    value = table[kind][one]
    bearers = [row for row, told in enumerate(table[kind]) if told == value]
    networks = [table["ip"][row] for row in bearers if table["ip"][row]]
    reach = len({clusters[row] for row in bearers}) + (clusters[one] == clusters[other])
    settled = kind in HAND_KINDS and is_settled(len(networks), len(set(networks)))
    return Shared(kind, str(value), reach, accounts=len(bearers), settled=settled)


@settings(max_examples=100)
@given(WORLDS, POINTS)
def test_a_pair_in_a_table_has_the_score_of_the_pair_alone(
    drawn: tuple[Table, list[int]], points: AccountRelations
) -> None:
    table, clusters = drawn
    pairs = [
        (one, other)
        for one, other in combinations(range(len(clusters)), 2)
        if any(points.weighs(s.kind) for s in compared_by_hand(table, clusters, one, other).shared)
    ]
    left, right = np.array(pairs, np.int32).reshape(-1, 2).T
    known = accounts_bearing(table)

    found = scored(compared(known, left, right), known, points, np.array(clusters, np.int32))

    alone = [score(compared_by_hand(table, clusters, *pair), points) for pair in pairs]
    assert found.points.tolist() == alone


@given(WORLDS, POINTS)
def test_before_there_are_clusters_each_account_is_one(
    drawn: tuple[Table, list[int]], points: AccountRelations
) -> None:
    table, clusters = drawn
    known = coded(
        {kind: pa.array(told, pa.string()) for kind, told in table.items()}, len(clusters)
    )
    pairs = np.array(list(combinations(range(len(clusters)), 2)), np.int32)
    alone = np.arange(len(clusters), dtype=np.int32)
    found = compared(known, *pairs.T)

    assert (
        scored(found, known, points).points.tolist()
        == scored(found, known, points, alone).points.tolist()
    )


SHARED = st.builds(
    Shared, st.sampled_from(IDENTIFIERS), st.just("x"), st.integers(2, 8), settled=st.booleans()
)
COMPARISONS = st.builds(
    Comparison,
    st.lists(SHARED, min_size=1, unique_by=lambda one: one.kind).map(tuple),
    st.sets(st.sampled_from(LIKENESSES)).map(tuple),
    st.sets(st.sampled_from(AGAINST)).map(tuple),
    st.booleans(),
)


@given(COMPARISONS, SHARED, POINTS)
def test_a_further_shared_identifier_never_lowers_the_score(
    known: Comparison, further: Shared, points: AccountRelations
) -> None:
    assume(all(one.kind != further.kind for one in known.shared))
    more = evolve(known, shared=(*known.shared, further))

    assert score(more, points) >= score(known, points)


COLUMNS: dict[str, tuple[str, str]] = {
    "email": ("ana.li88@one.example", "anali88@two.example"),
    "phone": ("+8613812345679", "+8613912345670"),
    "device_id": ("6f2c91", "7a1d04"),
    "cookie_id": ("c-71a9", "c-82b0"),
    "ip": ("203.0.114.7", "203.0.114.9"),
    "card_token": ("tok_8173", "tok_9264"),
    "bank_account": ("GB82WEST12345698765432", "DE89370400440532013000"),
    "company_name": ("Lotus Trading Ltd", "Lotus Trading Limited"),
    "first_name": ("Ana", "Anna"),
    "last_name": ("Li", "Lee"),
    "postcode": ("10115", "20095"),
    "country": ("DE", "CN"),
}  # fmt: skip


def whatever(seed: int) -> dict[str, Any]:
    """What a few accounts tell, little of it unlike."""
    rng = Random(seed)
    size = rng.randrange(2, 8)
    return {name: rng.choices((None, *values), k=size) for name, values in COLUMNS.items()}


WHATEVER = st.integers(0, 1 << 32).map(whatever)
LOW = evolve(HOUSE, review=1, act=40)


def accounts_of(columns: dict[str, Any]) -> Any:
    size = len(columns["email"])
    names = pa.array([f"m-{number}" for number in range(size)])
    told = {name: pa.array(column, pa.string()) for name, column in columns.items()}
    return pa.table({"account_id": names, **told})


def points_of(found: Any, *, direct: bool = False) -> dict[tuple[str, str], int]:
    """The score of each pair, or of those alone that are told by what they share themselves."""
    return {
        (pair["left"], pair["right"]): pair["score"]
        for pair in found.pairs.to_pylist()
        if not (direct and pair["evidence"][0]["kind"] == "hop")
    }


@settings(max_examples=40)
@given(WHATEVER, st.one_of(st.just(LOW), POINTS.map(lambda drawn: evolve(drawn, review=1, act=30))))
def test_the_evidence_of_every_pair_adds_up_to_its_score(
    columns: dict[str, Any], points: AccountRelations
) -> None:
    found = relate(accounts_of(columns), points).pairs.to_pylist()

    sums = [sum(line["points"] for line in pair["evidence"]) for pair in found]
    assert sums == [pair["score"] for pair in found]


@settings(max_examples=30)
@given(WHATEVER)
def test_who_tells_nothing_is_related_to_nobody(columns: dict[str, Any]) -> None:
    silent = {name: [*column, None, None] for name, column in columns.items()}

    found = relate(accounts_of(silent), LOW)

    assert points_of(found) == points_of(relate(accounts_of(columns), LOW))
    assert len(set(found.clusters["cluster_id"].to_pylist()[-2:])) == 2


@settings(max_examples=40)
@given(WHATEVER, st.sets(st.integers(0, 6), min_size=2))
def test_an_approval_of_accounts_changes_no_score(columns: dict[str, Any], named: set[int]) -> None:
    approved = Approvals({"ap-1": frozenset(f"m-{number}" for number in named)})

    found = relate(accounts_of(columns), LOW, approvals=approved)

    assert points_of(found) == points_of(relate(accounts_of(columns), LOW))


VALUES = sorted(
    {
        *(("card", value) for value in COLUMNS["card_token"]),
        *(("device", value) for value in COLUMNS["device_id"]),
        *(("ip", value) for value in COLUMNS["ip"]),
        *(("phone", value) for value in COLUMNS["phone"]),
    }
)


@settings(max_examples=50)
@given(WHATEVER, st.sets(st.sampled_from(VALUES), min_size=1), POINTS)
def test_an_approval_of_infrastructure_raises_no_score(
    columns: dict[str, Any], values: set[tuple[str, str]], points: AccountRelations
) -> None:
    house, table = evolve(points, review=1, act=30), accounts_of(columns)
    before = points_of(relate(table, house))
    approved = Approvals(shared=frozenset(values))

    after = points_of(relate(table, house, approvals=approved), direct=True)

    assert {pair: score for pair, score in after.items() if score > before.get(pair, 0)} == {}


def test_two_different_things_stay_different_when_one_is_approved() -> None:
    house = AccountRelations(
        points={"card": ((9, 80),)}, against={"machine": -30}, review=40, act=90
    )
    columns = {"card_token": ["tok_8173"] * 2, "device_id": ["6f2c91", "7a1d04"]}
    table = pa.table({"account_id": ["m-0", "m-1"], **columns})
    approved = Approvals(shared=frozenset({("device", "6f2c91")}))

    assert points_of(relate(table, house, approvals=approved)) == {("m-0", "m-1"): 50}
