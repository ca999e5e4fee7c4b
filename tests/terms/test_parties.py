"""Whom a Member contracts with, under which law, and where to write."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.errors import TermsError
from policyenforce.terms import Ambiguous, Entity, Party, Terms, contracting_party

TERMS = Terms.load()
OLDER, NEWER = TERMS.versions
RELEVANT = ["RU", "AZ", "AM", "BY", "GE", "KZ", "KG", "MD", "TM", "TJ", "UZ"]


@pytest.mark.parametrize("site", ["alibaba", "aliexpress"])
@pytest.mark.parametrize(
    ("origin", "entity", "law"),
    [
        ("CN", "hangzhou", "CN"),
        ("HK", "hong_kong", "HK"),
        ("MO", "hong_kong", "HK"),
        ("DE", "singapore", "HK"),
        ("RU", "singapore", "HK"),
    ],
)
def test_until_3_october_2019_origin_alone_decides(origin, site, entity, law):
    party = contracting_party(OLDER, origin=origin, site=site)

    assert isinstance(party, Party)
    assert (party.entity.id, party.governing_law) == (entity, law)
    assert party.conflict_rules_excluded is True
    assert party.notice_address.unit == "26/F"
    assert len(party.privacy_policies) == 1


@pytest.mark.parametrize(
    ("origin", "site", "entity", "law"),
    [
        ("CN", "alibaba", "hangzhou", "CN"),
        ("HK", "alibaba", "hong_kong", "HK"),
        ("MO", "alibaba", "hong_kong", "HK"),
        ("DE", "alibaba", "singapore", "HK"),
        ("RU", "alibaba", "singapore", "HK"),
        ("CN", "aliexpress", "hangzhou", "CN"),
        ("HK", "aliexpress", "hong_kong", "HK"),
        ("MO", "aliexpress", "hong_kong", "HK"),
        ("DE", "aliexpress", "singapore", "HK"),
        ("RU", "aliexpress", "aliexpress_russia", "RU"),
    ],
)
def test_from_4_october_2019_the_retail_site_has_its_own_company(origin, site, entity, law):
    party = contracting_party(NEWER, origin=origin, site=site)

    assert (party.entity.id, party.governing_law) == (entity, law)
    assert len(party.privacy_policies) == (1 if site == "alibaba" else 2)
    assert party.conflict_rules_excluded is (entity != "hangzhou")


@pytest.mark.parametrize("place", RELEVANT)
def test_each_of_the_eleven_places_leads_to_the_russia_holding(place):
    retail = {"origin": "CN", "site": "aliexpress"}
    resident = contracting_party(NEWER, residence=place, access="CN", **retail)
    visitor = contracting_party(NEWER, residence="CN", access=place, **retail)

    assert resident.entity.id == visitor.entity.id == "aliexpress_russia"
    assert resident.entity.company_number == "201917627W"
    assert resident.readings == ("T16",)


@pytest.mark.parametrize("place", ["UA", "TW", "US", "LT"])
def test_other_places_are_simply_elsewhere(place):
    party = contracting_party(NEWER, origin=place, site="aliexpress")

    assert party.entity.company_number == "200720572D"


def enumerated() -> list[tuple[dict[str, object], Party | Ambiguous]]:
    """4 origins x retail member or not x site in use x access from a Relevant Jurisdiction."""
    found = []
    for origin, retail, uses, access in product(
        ("CN", "HK", "MO", "DE"), (True, False), ("alibaba", "aliexpress"), ("KZ", "DE")
    ):
        case = {"origin": origin, "uses": uses, "residence": "DE", "access": access}
        site = ("alibaba", "aliexpress") if retail else ("alibaba",)
        found.append((case, contracting_party(NEWER, site=site, **case)))
    return found


def test_exactly_6_of_the_32_combinations_have_two_companies():
    doubtful = [(case, answer) for case, answer in enumerated() if isinstance(answer, Ambiguous)]

    assert len(enumerated()) == 32
    assert len(doubtful) == 6
    assert {(case["uses"], case["access"]) for case, _ in doubtful} == {("alibaba", "KZ")}
    assert {answer.entities for _, answer in doubtful} == {
        ("hangzhou", "singapore"),
        ("hong_kong", "singapore"),
    }


def test_the_same_6_come_out_by_place_of_residence():
    doubtful = [
        (origin, residence)
        for origin, residence, access, site in product(
            ("CN", "HK", "MO", "DE"), ("RU", "DE"), ("KZ", "DE"), ("alibaba", "aliexpress")
        )
        if isinstance(
            contracting_party(NEWER, origin=origin, residence=residence, access=access, site=site),
            Ambiguous,
        )
    ]

    assert sorted(doubtful) == sorted(product(("CN", "HK", "MO"), ("RU", "DE")))


def test_no_combination_was_doubtful_before():
    answers = [
        contracting_party(OLDER, origin=origin, access=access, site=site)
        for origin, access, site in product(
            ("CN", "HK", "RU", "DE"), ("KZ", "DE"), ("alibaba", "aliexpress")
        )
    ]

    assert all(isinstance(answer, Party) for answer in answers)


def test_a_hong_kong_member_on_the_business_site_from_kazakhstan_is_told_both():
    answer = contracting_party(NEWER, origin="HK", access="KZ", site="alibaba")

    assert isinstance(answer, Ambiguous)
    assert answer.entities == ("hong_kong", "singapore")
    assert [party.governing_law for party in answer.candidates] == ["HK", "HK"]


@pytest.mark.parametrize(
    ("reading", "entities"),
    [
        ("whole_member", ("aliexpress_russia",)),
        ("per_site", ("singapore",)),
        ("ambiguous", ("singapore", "aliexpress_russia")),
    ],
)
def test_reading_t16_says_how_far_the_russia_holding_reaches(reading, entities):
    answer = contracting_party(
        NEWER,
        origin="RU",
        site=("alibaba", "aliexpress"),
        uses="alibaba",
        readings={"T16": reading},
    )
    found = answer.entities if isinstance(answer, Ambiguous) else (answer.entity.id,)

    assert found == entities


def test_a_version_built_with_readings_answers_by_them():
    literal = NEWER.under({"T16": "per_site"})
    answer = contracting_party(literal, origin="RU", site=("alibaba", "aliexpress"))

    assert answer.entities == ("singapore", "aliexpress_russia")


def test_a_member_of_both_sites_is_pointed_to_the_policies_of_both():
    party = contracting_party(NEWER, origin="DE", site=("alibaba", "aliexpress"))

    assert party.entity.id == "singapore"
    assert party.privacy_policies[0] == "Alibaba.com Privacy Policy"
    assert len(party.privacy_policies) == 3


def test_who_is_not_registered_has_no_party():
    answer = contracting_party(NEWER, origin="DE", site=())

    assert answer == Ambiguous(())


def test_two_spellings_with_one_number_are_one_company():
    holding = contracting_party(NEWER, origin="RU", site="aliexpress").entity
    other = Entity("ae", "AliExpress Russia Holding Pte Ltd.", "SG", "201917627W")
    nameless = Entity("hangzhou", "Hangzhou", "CN")

    assert holding.same_as(other)
    assert other.name in holding.also_written
    assert not holding.same_as(nameless)
    assert nameless.same_as(NEWER.parties.entities["hangzhou"])


def test_an_envelope_can_be_addressed():
    party = contracting_party(NEWER, origin="RU", site="aliexpress")
    lines = party.notice_address.lines(party.entity)

    assert lines[0] == party.entity.name
    assert lines[-2:] == ("Singapore", "068811")
    assert None not in lines


@pytest.mark.parametrize("code", ["", "hk", "HKG", "Hong Kong", "H1"])
def test_a_place_is_an_alpha_2_code(code):
    with pytest.raises(TermsError, match="is no country code"):
        contracting_party(NEWER, origin=code, site="alibaba")
    with pytest.raises(TermsError, match="is no country code"):
        contracting_party(NEWER, origin="DE", access=code or "-", site="alibaba")


def test_an_unknown_site_family_is_an_error():
    with pytest.raises(TermsError, match="unknown site family `taobao`"):
        contracting_party(NEWER, origin="HK", site=("alibaba", "taobao"))


place = st.sampled_from(["CN", "HK", "MO", "TW", "DE", "US", *RELEVANT])


@given(origin=place, residence=place, access=place, both=st.booleans())
def test_every_member_has_a_party_with_law_address_and_policy(origin, residence, access, both):
    site = ("alibaba", "aliexpress") if both else "alibaba"
    answer = contracting_party(NEWER, origin=origin, residence=residence, access=access, site=site)
    parties = answer.candidates if isinstance(answer, Ambiguous) else (answer,)

    assert parties
    assert all(p.governing_law in ("CN", "HK", "RU") and p.court for p in parties)
    assert all(p.privacy_policies and p.rules for p in parties)
    assert len({p.entity.id for p in parties}) == len(parties)
