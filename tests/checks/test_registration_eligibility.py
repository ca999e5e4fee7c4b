"""1.2, 2.2, 4.1/s4, 5.1(b), 5.11: who may use the Sites at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.registration import CHECKS
from policyenforce.checks.registration.eligibility import age_on
from policyenforce.model.facts.content import Content, ContentSubmitted
from policyenforce.model.facts.registration import (
    AccountClosed,
    AccountOpened,
    ApplicationReceived,
    ApplicationWithdrawn,
    Referee,
    UserKind,
)
from policyenforce.policy.load import load_rules
from policyenforce.terms.gates import Standard, Trigger

THEN = datetime(2019, 10, 10, 12, tzinfo=UTC)
PERSON = ApplicationReceived(
    id="f-1",
    at=THEN,
    site="www.alibaba.com",
    user_id="u-1",
    application_id="ap-1",
    kind=UserKind.SOLE_TRADER,
    country="FR",
    residence="FR",
    access_country="FR",
    birth_date=date(1980, 5, 1),
    business_use=True,
)


def house(**changes):
    rules = load_rules()
    return evolve(rules, registration=evolve(rules.registration, **changes))


def test_a_complete_application_of_an_adult_for_business_is_clear(judge):
    assert judge(CHECKS, PERSON).answers == ()


def test_a_minor_is_found_by_the_birth_date_given_and_the_application_may_be_turned_down(judge):
    judged = judge(CHECKS, evolve(PERSON, birth_date=date(2002, 1, 1)))

    found = judged.found("1.2(a)")
    assert judged.clauses == ["1.2(a)", "4.1/s4"]
    assert (found.attested, found.confidence) == (Standard.FACT, 1.0)
    assert found.triggers == (Trigger.APPLICATION,)
    assert "2002" not in repr(found)


@pytest.mark.parametrize(
    ("born", "residence", "clauses"),
    [
        (date(2000, 6, 1), "TH", ["1.2(a)", "4.1/s4"]),
        (date(2000, 6, 1), "FR", []),
        (date(2001, 10, 10), "FR", []),
        (date(2001, 10, 11), "FR", []),  # it is the 11th already on Kiritimati
        (date(2001, 10, 12), "FR", ["1.2(a)", "4.1/s4"]),
    ],
)
def test_the_age_asked_is_that_of_the_place_of_residence(judge, born, residence, clauses):
    judged = judge(CHECKS, evolve(PERSON, birth_date=born, residence=residence))

    assert (judged.clauses, judged.missing) == (clauses, {})


def test_the_origin_stands_in_for_an_unknown_residence(judge):
    young = evolve(PERSON, birth_date=date(2000, 6, 1), residence=None, country="TH")

    assert judge(CHECKS, young).clauses == ["1.2(a)", "4.1/s4"]


@pytest.mark.parametrize(
    ("born", "clauses", "missing"),
    [
        (date(2000, 6, 1), [], {"1.2(a)": ("residence",)}),  # 19: enough in France, not in Thailand
        (date(2003, 6, 1), ["1.2(a)", "4.1/s4"], {}),  # 16: too young wherever it is
        (date(1990, 6, 1), [], {}),
    ],
)
def test_where_the_place_is_unknown_every_age_that_is_asked_somewhere_counts(
    judge, born, clauses, missing
):
    judged = judge(CHECKS, evolve(PERSON, birth_date=born, residence=None, country=None))

    assert (judged.clauses, judged.missing) == (clauses, missing)


def test_under_the_other_reading_of_t19_eighteen_holds_everywhere(judge, reading):
    young = evolve(PERSON, birth_date=date(2000, 6, 1), residence="TH")

    assert judge(CHECKS, young, rules=reading(T19="eighteen")).answers == ()


@pytest.mark.parametrize("born", [None, date(2031, 1, 1)])
def test_without_a_birth_date_in_the_past_nobody_can_tell_the_age(judge, born):
    judged = judge(CHECKS, evolve(PERSON, birth_date=born))

    assert (judged.clauses, judged.missing) == ([], {"1.2(a)": ("birth_date",)})


@given(st.dates(date(1930, 1, 1), date(2019, 1, 1)), st.integers(0, 4000))
def test_an_older_applicant_never_fares_worse(judge, born, days):
    elder = evolve(PERSON, birth_date=born - timedelta(days=days))
    younger = evolve(PERSON, birth_date=born)

    assert len(judge(CHECKS, elder).findings) <= len(judge(CHECKS, younger).findings)


def test_somebody_born_on_a_leap_day_comes_of_age_in_march():
    assert age_on(date(2004, 2, 29), datetime(2022, 2, 28, 9, tzinfo=UTC)) == 17
    assert age_on(date(2004, 2, 29), datetime(2022, 3, 1, 0, tzinfo=UTC)) == 18


@pytest.mark.parametrize(
    ("place", "attested", "confidence"),
    [
        ("residence", Standard.FACT, 1.0),
        ("country", Standard.FACT, 1.0),
        ("access_country", None, 0.8),
    ],
)
def test_each_of_three_places_is_tested_against_the_barred_ones(judge, place, attested, confidence):
    judged = judge(CHECKS, evolve(PERSON, **{place: "KP"}), rules=house(barred_countries=("KP",)))

    found = judged.found("1.2(b)")
    assert list(judged.kinds("1.2(b)")) == [f"barred_{place}"]
    assert (found.attested, found.confidence) == (attested, confidence)


def test_places_that_are_not_barred_are_clear(judge):
    assert judge(CHECKS, PERSON, rules=house(barred_countries=("KP",))).answers == ()


def test_a_place_that_is_not_known_cannot_be_told_where_some_places_are_barred(judge):
    unknown = evolve(PERSON, residence=None, access_country=None)

    judged = judge(CHECKS, unknown, rules=house(barred_countries=("KP",)))
    assert judged.missing == {"1.2(b)": ("residence", "access_country")}
    assert judge(CHECKS, unknown).missing == {}


@pytest.mark.parametrize(
    ("kind", "clauses"),
    [
        (UserKind.PERSON, ["5.1(b)", "5.11", "4.1/s4"]),
        (UserKind.SOLE_TRADER, ["5.1(b)", "4.1/s4"]),
    ],
)
def test_use_that_is_not_business_engages_the_business_clauses(judge, kind, clauses):
    judged = judge(CHECKS, evolve(PERSON, kind=kind, business_use=False))

    assert judged.clauses == clauses
    assert judged.found("5.1(b)").attested is Standard.FACT


@pytest.mark.parametrize(
    ("site", "t12", "found"),
    [
        ("alibaba", "by_site_family", True),
        ("m.alibaba.com", "by_site_family", True),
        ("aliexpress.com", "by_site_family", False),
        ("aliexpress.com", "everywhere", True),
        ("alibaba.com", "nowhere", False),
        (None, "everywhere", True),
        (None, "nowhere", False),
    ],
)
def test_t12_the_business_clauses_hold_by_site_family(judge, reading, site, t12, found):
    consumer = evolve(PERSON, kind=UserKind.PERSON, business_use=False, site=site)
    judged = judge(CHECKS, consumer, rules=reading(T12=t12))

    assert ("5.11" in judged.clauses, judged.missing) == (found, {})


@pytest.mark.parametrize(
    ("site", "use", "missing"),
    [
        (None, False, ("site",)),
        ("example.org", False, ("site",)),
        (None, None, ("business_use", "site")),
        ("alibaba", None, ("business_use",)),
    ],
)
def test_without_site_or_purpose_business_use_cannot_be_told(judge, site, use, missing):
    consumer = evolve(PERSON, kind=UserKind.PERSON, business_use=use, site=site)

    assert judge(CHECKS, consumer).missing == {"5.1(b)": missing, "5.11": missing}


def test_business_use_is_clear_whatever_the_site(judge):
    assert judge(CHECKS, evolve(PERSON, site=None)).answers == ()


def test_an_application_is_turned_down_only_for_a_reason_that_another_finding_gives(judge):
    unwilling = Referee(name="R", consent_to_act=False)
    bad = evolve(PERSON, kind=UserKind.PERSON, business_use=False, referees=(unwilling,))
    rejection = judge(CHECKS, bad).found("4.1/s4")

    assert "5.1(b), 5.11, 5.8(a)" in rejection.explanation
    assert {e.kind for e in rejection.evidence} == {"no_business_use", "no_consent_to_act"}
    assert (rejection.target, rejection.triggers) == ("ap-1", (Trigger.APPLICATION,))
    assert rejection.confidence == 1.0


def test_what_cannot_be_told_is_no_reason_to_turn_an_application_down(judge):
    judged = judge(CHECKS, evolve(PERSON, birth_date=None, business_use=None))

    assert judged.findings == ()
    assert set(judged.missing) == {"1.2(a)", "5.1(b)"}


CONTENT = ContentSubmitted(
    id="f-9", at=THEN + timedelta(days=9), account_id="a-1", content=Content(content_id="c-1")
)
OPENED = AccountOpened(id="f-2", at=THEN, user_id="u-1", account_id="a-1")
CLOSED = AccountClosed(id="f-3", at=THEN + timedelta(days=3), account_id="a-1")
WITHDRAWN = ApplicationWithdrawn(id="f-2", at=THEN + timedelta(days=1), user_id="u-1")


@pytest.mark.parametrize("before", [(), (OPENED,), (PERSON, OPENED)])
def test_content_of_a_registered_user_is_clear(judge, before):
    assert judge(CHECKS, CONTENT, *before).answers == ()


@pytest.mark.parametrize(
    ("content", "before", "word"),
    [
        (CONTENT, (OPENED, CLOSED), "closed"),
        (evolve(CONTENT, account_id="u-1"), (PERSON,), "waiting"),
        (evolve(CONTENT, account_id="u-1"), (PERSON, WITHDRAWN), "withdrawn"),
    ],
)
def test_content_of_somebody_whom_the_record_shows_unregistered_engages_2_2(
    judge, content, before, word
):
    found = judge(CHECKS, content, *before).found("2.2")

    assert word in found.explanation
    assert (found.attested, found.target, found.triggers) == (Standard.FACT, "c-1@1", ())
