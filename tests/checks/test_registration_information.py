"""5.2(a), 5.2(b), 5.4(d), 5.6(k): what is told, kept true, and found on a list."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve

from policyenforce.checks.dealings import CHECKS as DEALINGS
from policyenforce.checks.registration import CHECKS
from policyenforce.model.facts.dealings import (
    InformationChallenged,
    InformationVerified,
    RestrictedParty,
    RestrictionKind,
    RestrictionMatched,
)
from policyenforce.model.facts.registration import DetailsAmended
from policyenforce.model.findings import Severity
from policyenforce.terms.gates import Standard

THEN = datetime(2019, 11, 10, 12, tzinfo=UTC)


def day(number):
    return THEN + timedelta(days=number)


FALSE = InformationVerified(
    id="f-1", at=THEN, account_id="a-1", topic="phone", true=False, verified_by="register"
)


def amendment(at, *, since=None, changed=("phone",), id="f-2"):
    told = dict.fromkeys(changed, "new")
    return DetailsAmended(id=id, at=at, account_id="a-1", changed=told, true_since=since)


def test_information_verified_false_breaches_5_2_a_as_a_fact(judge):
    judged = judge(CHECKS, FALSE)

    found = judged.found("5.2(a)")
    assert judged.clauses == ["5.2(a)"]
    assert (found.attested, found.target, found.severity) == (
        Standard.FACT,
        "phone",
        Severity.SERIOUS,
    )


def test_information_verified_true_is_clear(judge):
    assert judge(CHECKS, evolve(FALSE, true=True)).answers == ()


def test_t7_a_doubt_never_cites_5_2_and_a_check_never_cites_6_3_c(judge):
    doubt = InformationChallenged(
        id="f-1", at=THEN, account_id="a-1", topic="address", confidence=1.0, challenged_by="m-1"
    )

    assert judge(DEALINGS, doubt).clauses == ["6.3(c)"]
    assert not any(InformationChallenged in check.reads for check in CHECKS)
    assert judge(CHECKS, FALSE).clauses == ["5.2(a)"]


@pytest.mark.parametrize(
    ("days", "clauses", "severity"),
    [(30, ["5.2(a)"], Severity.MINOR), (31, ["5.2(a)", "5.2(b)"], Severity.SERIOUS)],
)
def test_what_became_untrue_within_the_prompt_days_is_not_yet_late(judge, days, clauses, severity):
    judged = judge(CHECKS, evolve(FALSE, false_since=day(-days)))

    assert judged.clauses == clauses
    assert judged.found("5.2(a)").severity is severity
    assert ("recent_change" in judged.kinds("5.2(a)")) is (days == 30)


def test_an_earlier_attempt_to_amend_speaks_for_the_member(judge):
    other = amendment(day(-2), changed=("address",), id="f-3")
    judged = judge(CHECKS, FALSE, amendment(day(-3)), other)

    found = judged.found("5.2(a)")
    assert judged.kinds("5.2(a)")["amended"] == "mitigating"
    assert found.fact_ids == ("f-1", "f-2")


def test_the_same_falsehood_is_not_found_twice_but_grows_late(judge):
    again = evolve(FALSE, id="f-5", at=day(10))
    late = evolve(FALSE, id="f-6", at=day(31))

    assert judge(CHECKS, again, FALSE).answers == ()
    assert judge(CHECKS, late, FALSE, again).clauses == ["5.2(b)"]
    assert judge(CHECKS, late, FALSE).found("5.2(b)").fact_ids == ("f-6", "f-1")


@pytest.mark.parametrize(
    "put_right",
    [amendment(day(2)), evolve(FALSE, id="f-2", at=day(2), true=True)],
)
def test_a_falsehood_that_returns_after_it_was_put_right_is_found_anew(judge, put_right):
    again = evolve(FALSE, id="f-5", at=day(40))

    assert judge(CHECKS, again, FALSE, put_right).clauses == ["5.2(a)"]


def test_a_check_on_another_topic_changes_nothing(judge):
    other = evolve(FALSE, id="f-0", at=day(-50), topic="address")

    assert judge(CHECKS, FALSE, other).clauses == ["5.2(a)"]


@pytest.mark.parametrize(("days", "clauses"), [(0, []), (30, []), (31, ["5.2(b)"])])
def test_a_change_told_after_the_prompt_days_breaches_5_2_b(judge, days, clauses):
    assert judge(CHECKS, amendment(THEN, since=day(-days))).clauses == clauses


def test_a_late_amendment_still_speaks_for_the_member_and_shows_no_value(judge):
    judged = judge(CHECKS, amendment(THEN, since=day(-40), changed=("phone", "address")))

    found = judged.found("5.2(b)")
    assert judged.kinds("5.2(b)") == {"amended_late": "incriminating", "amended": "mitigating"}
    assert (found.target, found.attested) == ("address, phone", Standard.FACT)
    assert "new" not in repr(found)


@pytest.mark.parametrize(
    ("changed", "since", "missing"),
    [
        (("phone",), None, ("true_since",)),
        ((), day(-99), ("changed",)),
        ((), None, ("changed", "true_since")),
    ],
)
def test_an_amendment_without_its_date_or_with_erased_content_cannot_be_told(
    judge, changed, since, missing
):
    judged = judge(CHECKS, amendment(THEN, since=since, changed=changed))

    assert (judged.clauses, judged.missing) == ([], {"5.2(b)": missing})


MATCH = RestrictionMatched(
    id="f-1",
    at=THEN,
    account_id="a-1",
    kind=RestrictionKind.ECONOMIC,
    party=RestrictedParty.MEMBER,
    list_name="consolidated",
    list_date=date(2019, 11, 1),
)
_K, _P = RestrictionKind, RestrictedParty


@pytest.mark.parametrize(
    ("kind", "party", "clauses"),
    [
        (_K.ECONOMIC, _P.MEMBER, ["5.4(d)", "5.6(k)"]),
        (_K.FRAUD, _P.AFFILIATE, ["5.4(d)", "5.6(k)"]),
        (_K.TRADE, _P.MEMBER, ["5.4(d)"]),
        (_K.LEGAL, _P.AFFILIATE, ["5.4(d)"]),
        (_K.ECONOMIC, _P.DIRECTOR, ["5.6(k)"]),
        (_K.FRAUD, _P.OFFICER, ["5.6(k)"]),
        (_K.ECONOMIC, _P.CONTROLLER, ["5.6(k)"]),
        (_K.TRADE, _P.DIRECTOR, []),
        (_K.LEGAL, _P.CONTROLLER, []),
        (_K.ECONOMIC, _P.JURISDICTION, []),
    ],
)
def test_t6_the_two_clauses_reach_different_people_and_restrictions(judge, kind, party, clauses):
    assert judge(CHECKS, evolve(MATCH, kind=kind, party=party)).clauses == clauses


@pytest.mark.parametrize(("kind", "clauses"), [(_K.ECONOMIC, ["5.6(k)"]), (_K.TRADE, [])])
def test_t6_a_place_counts_only_under_the_literal_reading(judge, reading, kind, clauses):
    place = evolve(MATCH, kind=kind, party=_P.JURISDICTION)

    assert judge(CHECKS, place, rules=reading(T6="jurisdictions")).clauses == clauses


def test_a_match_is_a_fact_only_once_the_identity_is_confirmed(judge):
    open_ = judge(CHECKS, MATCH)
    confirmed = judge(CHECKS, evolve(MATCH, identity_confirmed_by="m-1"))

    assert open_.found("5.4(d)").attested is None
    assert open_.kinds("5.4(d)")["identity_open"] == "mitigating"
    assert confirmed.found("5.4(d)").attested is Standard.FACT
    assert confirmed.kinds("5.4(d)")["identity_confirmed"] == "incriminating"
    assert {f.target for f in confirmed.findings} == {"consolidated"}
    assert {f.severity for f in confirmed.findings} == {Severity.GRAVE}
