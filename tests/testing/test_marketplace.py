"""The example marketplace: the same from the same seed, and a story for every kind of fact."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest

import policyenforce as pe
from policyenforce.enforcer import open_enforcer
from policyenforce.errors import UnknownError
from policyenforce.model.fact import Fact, position_of
from policyenforce.model.facts import FACT_TYPES
from policyenforce.model.facts.registration import AccountOpened, ApplicationReceived
from policyenforce.model.outcome import Outcome
from policyenforce.model.structuring import canonical, fact_from_json, fact_to_json
from policyenforce.terms import Terms
from policyenforce.testing.market_cases import TEN_CASES
from policyenforce.testing.market_members import CHANGE, START
from policyenforce.testing.market_stage import Stage, clock, decision, finding
from policyenforce.testing.marketplace import marketplace

FACTS = marketplace()
BY_ID = {fact.id: fact for fact in FACTS}
PEOPLE = {
    "finding_confirmed",
    "finding_refuted",
    "review_recorded",
    "appeal_filed",
    "appeal_decided",
    "case_handled",
    "conflict_declared",
    "protection_ordered",
    "protection_lifted",
    "notice_deferred",
    "decision_reversed",
}


def written(facts: list[Fact]) -> bytes:
    return b"\n".join(canonical(fact_to_json(fact)) for fact in facts)


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    enforcer = open_enforcer()
    return list(enforcer.record_many(FACTS, now=lambda fact: fact.at))


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert written(marketplace()) == written(FACTS)


def test_another_seed_gives_another_marketplace_of_the_same_cast() -> None:
    other = marketplace(seed=7, members=20)
    same = marketplace(members=20)

    assert written(other) != written(same)
    assert {f.id for f in other if f.id.startswith("first-")} == {
        f.id for f in same if f.id.startswith("first-")
    }


def test_there_are_at_least_300_members_and_5000_facts() -> None:
    opened = {fact.account_id for fact in FACTS if isinstance(fact, AccountOpened)}

    assert len(opened) >= 300
    assert len(FACTS) >= 5_000


def test_every_kind_of_fact_happens() -> None:
    assert {fact.tag for fact in FACTS} == set(FACT_TYPES)


def test_no_two_facts_share_an_id() -> None:
    assert len(BY_ID) == len(FACTS)


def test_the_facts_are_in_the_order_in_which_they_are_folded() -> None:
    positions = [position_of(fact) for fact in FACTS]

    assert positions == sorted(positions)


def test_the_facts_run_for_weeks_on_both_sides_of_the_change_of_terms() -> None:
    older, newer = Terms.load().versions

    assert (older.starts, newer.starts) == (START, CHANGE)
    assert START <= FACTS[0].at < CHANGE - timedelta(days=20)
    assert CHANGE + timedelta(days=20) < FACTS[-1].at
    near = Counter(fact.at >= CHANGE for fact in FACTS if abs(fact.at - CHANGE) < timedelta(days=1))
    assert min(near[False], near[True]) > 100


def test_every_fact_survives_the_journey_through_a_file() -> None:
    assert [fact_from_json(fact_to_json(fact)) for fact in FACTS] == FACTS


def test_ordinary_members_share_no_identifier() -> None:
    applied = [f for f in FACTS if isinstance(f, ApplicationReceived) and f.id.startswith("u-0")]
    for values in (
        [f.device_id for f in applied],
        [f.ip for f in applied],
        [e for f in applied for e in f.emails],
        [p for f in applied for p in f.phones],
        [b for f in applied for b in f.bank_accounts],
        [(f.first_name, f.last_name) for f in applied],
    ):
        assert len(set(values)) == len(values) == len(applied)


def test_whatever_people_decide_finds_what_it_names(outcomes: list[Outcome]) -> None:
    acts = [o for o in outcomes if BY_ID[o.fact_id].tag in PEOPLE]

    assert len(acts) > 10
    assert [o.fact_id for o in acts if o.errors or o.cannot_tell] == []


def test_no_check_fails_and_nothing_is_refused(outcomes: list[Outcome]) -> None:
    assert [outcome.errors for outcome in outcomes if outcome.errors] == []


def test_ordinary_members_are_mostly_left_in_peace(outcomes: list[Outcome]) -> None:
    # The cast's facts are named after scenes; ordinary ones after members, orders and content.
    ordinary = [o for o in outcomes if o.fact_id[:2] in ("u-", "a-", "c-", "o-", "r-")]
    found = [o for o in ordinary if o.findings]

    assert len(ordinary) > 4_900
    assert 10 < len(found) < 60


def test_the_findings_reach_across_the_clauses(outcomes: list[Outcome]) -> None:
    clauses = {str(f.clause.number) for outcome in outcomes for f in outcome.findings}

    assert {"3.6", "4.1", "4.3", "4.5", "5.2", "5.4", "5.5", "5.6", "5.7", "6.3", "6.5", "7.5"} <= (
        clauses
    )


def test_the_marketplace_may_be_small() -> None:
    facts = marketplace(members=1)

    assert len({f.account_id for f in facts if isinstance(f, AccountOpened)} - {"a-0001"}) > 30


def test_each_of_the_ten_cases_plays_alone() -> None:
    for name, play in TEN_CASES:
        stage = Stage(open_enforcer(), name)
        play(stage)

        assert stage.facts, name


def test_a_scene_that_goes_wrong_says_where() -> None:
    stage = Stage(open_enforcer(), "wrong")
    account = stage.member("nobody", "10-04 09:00")
    outcome = stage.tell(pe.AccountClosed, "10-05 09:00", account_id=account)

    with pytest.raises(UnknownError, match=r"wrong-03 led to no finding on 4\.1/s2"):
        finding(outcome, "4.1/s2")
    with pytest.raises(UnknownError, match="wrong-03 led to no decision"):
        decision(outcome)


def test_the_clock_of_a_scene_stands_where_the_terms_count_their_days() -> None:
    assert clock("10-04 00:00") == CHANGE
    assert isinstance(clock("09-12 00:00"), datetime)
