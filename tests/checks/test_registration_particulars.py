"""5.1(a), 5.1(c), 5.2/s1, 5.8: who stands behind an application."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.registration import CHECKS
from policyenforce.model.facts.registration import (
    Address,
    ApplicationReceived,
    Entity,
    Referee,
    Representative,
    UserKind,
)
from policyenforce.terms.gates import Standard, Trigger

PLACE = Address(lines=("12, Main Street",), city="Lyon", postcode="69 001", country="FR")
OTHER = Address(lines=("7 Rue Haute",), city="Brest", postcode="29200", country="BE")
TRADER = Entity(
    legal_name="Trader SAS",
    registration_number="R-1",
    registration_country="FR",
    registered_address=PLACE,
    principal_place=PLACE,
)
AGREED = Referee(
    name="Rita Referee",
    consent_to_act=True,
    consent_to_publish=True,
    consent_to_contact=True,
    letters_true=True,
)


def application(**changes):
    fields = {
        "id": "f-1",
        "at": datetime(2019, 10, 10, tzinfo=UTC),
        "site": "alibaba",
        "user_id": "u-1",
        "kind": UserKind.ENTITY,
        "business_use": True,
        "entity": TRADER,
        "representative": Representative(name="Ana Anders", authority=True),
    }
    return ApplicationReceived(**{**fields, **changes})


def entity(**changes):
    return application(entity=evolve(TRADER, **changes))


def test_a_complete_application_of_an_entity_is_clear(judge):
    assert judge(CHECKS, application(referees=(AGREED,))).answers == ()


def test_a_representative_without_authority_breaches_5_1_a(judge):
    judged = judge(CHECKS, application(representative=Representative(name="Ana", authority=False)))

    assert judged.clauses == ["5.1(a)", "4.1/s4"]
    assert judged.found("5.1(a)").attested is Standard.FACT
    assert "Ana" not in repr(judged.found("5.1(a)"))


@pytest.mark.parametrize(
    ("representative", "missing"),
    [(None, "representative"), (Representative(name="Ana"), "representative.authority")],
)
def test_authority_that_is_not_stated_cannot_be_told(judge, representative, missing):
    judged = judge(CHECKS, application(representative=representative))

    assert (judged.clauses, judged.missing) == ([], {"5.1(a)": (missing,)})


def test_a_sole_trader_acts_for_itself_and_has_no_principal_place_to_compare(judge):
    alone = application(
        kind=UserKind.SOLE_TRADER, representative=None, entity=None, birth_date=date(1970, 1, 1)
    )

    assert judge(CHECKS, alone).answers == ()


@pytest.mark.parametrize(
    "spelling",
    [
        PLACE,
        evolve(PLACE, lines=("12 MAIN STREET",), postcode="69001"),
        evolve(PLACE, lines=("Room 5", "12 Main Street")),
        evolve(PLACE, lines=(), city=None),
    ],
)
def test_another_spelling_of_the_principal_place_is_the_same_place(judge, spelling):
    assert judge(CHECKS, entity(registered_address=spelling)).answers == ()


@pytest.mark.parametrize(
    ("part", "confidence"), [("country", 0.95), ("postcode", 0.8), ("city", 0.8), ("lines", 0.6)]
)
def test_an_address_other_than_the_principal_place_breaches_5_1_c(judge, part, confidence):
    elsewhere = evolve(PLACE, **{part: getattr(OTHER, part)})
    judged = judge(CHECKS, entity(registered_address=elsewhere))

    found = judged.found("5.1(c)")
    assert list(judged.kinds("5.1(c)")) == [f"other_{part}"]
    assert (found.confidence, found.attested) == (confidence, None)
    assert not any(word in repr(found) for word in ("Main", "Haute", "Lyon", "Brest", "69"))


@given(
    st.sets(st.sampled_from(["country", "postcode", "city", "lines"])),
    st.sets(st.sampled_from(["country", "postcode", "city", "lines"])),
)
def test_more_parts_that_differ_never_lower_the_confidence(judge, some, more):
    def confidence(parts):
        elsewhere = evolve(PLACE, **{part: getattr(OTHER, part) for part in parts})
        found = [f for f in judge(CHECKS, entity(registered_address=elsewhere)).findings]
        return next((f.confidence for f in found if f.clause.text == "5.1(c)"), 0.0)

    assert confidence(some) <= confidence(some | more)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"principal_place": None}, ("entity.principal_place",)),
        ({"branch_of": "R-1"}, ("entity.head_office",)),
        (
            {"principal_place": Address(country="FR"), "registered_address": Address(city="Lyon")},
            ("entity.principal_place", "entity.registered_address"),
        ),
    ],
)
def test_two_addresses_that_cannot_be_compared_leave_5_1_c_open(judge, changes, missing):
    judged = judge(CHECKS, entity(**changes))

    assert (judged.clauses, judged.missing) == ([], {"5.1(c)": missing})


def test_the_head_office_counts_for_a_branch_and_its_own_place_does_not(judge):
    branch = {"branch_of": "R-1", "head_office": PLACE, "principal_place": OTHER}

    assert judge(CHECKS, entity(**branch)).answers == ()
    assert "5.1(c)" in judge(CHECKS, entity(**branch, registered_address=OTHER)).clauses


def test_t4_by_number_a_branch_with_a_number_of_its_own_answers_for_its_own_place(judge, reading):
    rules = reading(T4="by_number")
    place = {"branch_of": "R-0", "head_office": PLACE, "principal_place": OTHER}

    assert "5.1(c)" in judge(CHECKS, entity(**place), rules=rules).clauses
    assert judge(CHECKS, entity(**{**place, "branch_of": "R-1"}), rules=rules).answers == ()


def test_without_a_registered_address_any_address_given_may_be_the_place(judge):
    def given_addresses(*addresses):
        return application(entity=evolve(TRADER, registered_address=None), addresses=addresses)

    assert "5.1(c)" not in judge(CHECKS, given_addresses(OTHER, PLACE)).clauses
    assert judge(CHECKS, given_addresses(OTHER)).found("5.1(c)").confidence == 0.95
    assert judge(CHECKS, given_addresses()).missing == {"5.1(c)": ("entity.registered_address",)}


def test_what_the_house_asks_of_an_entity_and_is_left_out_breaches_5_2_s1(judge):
    judged = judge(CHECKS, entity(legal_name=None, registration_number=""))

    found = judged.found("5.2/s1")
    assert list(judged.kinds("5.2/s1")) == ["no_legal_name", "no_registration_number"]
    assert found.attested is Standard.FACT
    assert found.triggers == (Trigger.APPLICATION, Trigger.REQUEST)


def test_an_entity_that_tells_nothing_of_itself_leaves_out_everything(judge):
    judged = judge(CHECKS, application(entity=None))

    assert len(judged.found("5.2/s1").evidence) == 4
    assert judged.missing == {"5.1(c)": ("entity.principal_place", "entity.registered_address")}


@pytest.mark.parametrize(
    ("consent", "clause"),
    [
        ("consent_to_act", "5.8(a)"),
        ("consent_to_publish", "5.8(b)"),
        ("letters_true", "5.8(b)"),
        ("consent_to_contact", "5.8(c)"),
    ],
)
def test_each_consent_of_a_referee_is_a_warranty_of_its_own(judge, consent, clause):
    refused = judge(CHECKS, application(referees=(AGREED, evolve(AGREED, **{consent: False}))))
    unsaid = judge(CHECKS, application(referees=(AGREED, evolve(AGREED, **{consent: None}))))

    found = refused.found(clause)
    assert refused.clauses == [clause, "4.1/s4"]
    assert found.evidence[0].sentence.startswith("Referee 2 ")
    assert "Rita" not in repr(found)
    assert found.attested is Standard.FACT
    assert (unsaid.clauses, unsaid.missing) == ([], {clause: (f"referees[1].{consent}",)})


def test_one_referee_can_refuse_while_another_has_not_been_asked(judge):
    both = (evolve(AGREED, consent_to_act=False), evolve(AGREED, consent_to_act=None))
    judged = judge(CHECKS, application(referees=both))

    assert judged.clauses == ["5.8(a)", "4.1/s4"]
    assert judged.missing == {"5.8(a)": ("referees[1].consent_to_act",)}
