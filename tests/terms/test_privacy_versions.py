"""What each privacy version lets one collect, for what, and for whom."""

from datetime import UTC, datetime, timedelta

import pytest

from policyenforce.errors import TermsError
from policyenforce.terms import (
    Disclosure,
    Region,
    Terms,
    disclosure,
    privacy_in_force,
    privacy_versions,
)

VERSIONS = privacy_versions()
OF = {version.id: version for version in VERSIONS}
TERMS = Terms.load().version("2019-10-04")
INSTANT = timedelta(microseconds=1)


def stating(kind: str, word: str) -> list[str]:
    return [version.id for version in VERSIONS if word in getattr(version, kind)]


def test_there_are_five_versions_and_each_ends_where_the_next_begins():
    assert list(OF) == ["2017-09-28", "2018-05-25", "2019-01-17", "2020-02-27", "2020-09-14"]
    assert [v.ends for v in VERSIONS[:-1]] == [v.starts for v in VERSIONS[1:]]
    assert VERSIONS[-1].ends is None


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.id)
def test_a_version_is_in_force_from_its_first_instant(version):
    assert privacy_in_force(version.starts, "alibaba") is version
    before = privacy_in_force(version.starts - INSTANT, "alibaba")

    assert before is not version


@pytest.mark.parametrize(
    ("kind", "word", "since"),
    [
        ("purposes", "fraud_prevention", "2018-05-25"),
        ("purposes", "account_security", "2018-05-25"),
        ("purposes", "identity", "2017-09-28"),
        ("purposes", "eligibility", "2017-09-28"),
        ("purposes", "anti_money_laundering", "2019-01-17"),
        ("purposes", "third_party_marketing", "2020-02-27"),
        ("categories", "device_id", "2019-01-17"),
        ("categories", "broad_location", "2019-01-17"),
        ("categories", "user_messages", "2019-01-17"),
        ("categories", "third_party_verification", "2019-01-17"),
        ("categories", "card_security_code", "2018-05-25"),
        ("categories", "ip_address", "2017-09-28"),
        ("recipients", "risk_control_provider", "2018-05-25"),
        ("recipients", "other_user", "2019-01-17"),
    ],
)
def test_what_is_stated_says_since_when(kind, word, since):
    holding = stating(kind, word)

    assert holding == [id_ for id_ in OF if id_ >= since]
    assert {getattr(OF[id_], kind)[word].since for id_ in holding} == {since}


def test_know_your_customer_is_not_dated_to_2018():
    assert not OF["2018-05-25"].states("kyc")
    assert OF["2019-01-17"].states("kyc")


def test_the_last_two_versions_differ_in_one_thing_only():
    older, newer = OF["2020-02-27"], OF["2020-09-14"]
    kinds = ("categories", "recipients", "retention", "rights", "legal_bases", "features")

    assert all(getattr(older, kind) == getattr(newer, kind) for kind in kinds)
    assert set(older.purposes) ^ set(newer.purposes) == {
        "last_viewed_to_sellers",
        "last_viewed_to_sellers_and_vendors",
    }


def test_minors_and_security_are_absent_in_2019_alone():
    for feature in ("minors_under_18", "security_section"):
        assert stating("features", feature) == [id_ for id_ in OF if id_ != "2019-01-17"]


def test_both_sites_are_covered_until_2019_and_then_one():
    assert [len(version.sites) for version in VERSIONS] == [2, 2, 1, 1, 1]


def test_no_policy_of_the_retail_site_is_known_for_the_days_of_the_terms():
    for version in Terms.load().versions:
        assert privacy_in_force(version.starts, "aliexpress") is None
        assert privacy_in_force(version.starts, "alibaba").id == "2019-01-17"


def test_before_the_first_version_nothing_is_known():
    assert privacy_in_force(VERSIONS[0].starts - INSTANT, "alibaba") is None


def test_a_zone_moves_the_day():
    at = datetime(2018, 5, 25, 1, tzinfo=UTC)

    assert privacy_in_force(at, "alibaba").id == "2018-05-25"
    assert privacy_in_force(at, "alibaba", zone="America/New_York").id == "2017-09-28"


def test_naive_times_and_unknown_sites_are_errors():
    with pytest.raises(TermsError, match="has no zone"):
        privacy_in_force(datetime(2019, 10, 4), "alibaba")
    with pytest.raises(TermsError, match="unknown site family `taobao`"):
        privacy_in_force(VERSIONS[0].starts, "taobao")


def test_rights_outside_the_eea_are_those_that_the_version_gives_to_all():
    older, newer = OF["2018-05-25"], OF["2019-01-17"]

    assert older.grants("access", eea=False)
    assert not older.grants("erase", eea=False)
    assert older.grants("erase", eea=True)
    assert not OF["2017-09-28"].grants("erase", eea=True)
    assert not newer.grants("access", eea=False)
    assert newer.grants("access", eea=True)
    assert OF["2020-09-14"].grants("correct", eea=True)


def test_the_end_states_of_retention_reach_everyone_from_2019():
    assert OF["2018-05-25"].retention["end_states_eea"].region is Region.EEA
    assert OF["2019-01-17"].retention["end_states"].region is Region.EVERYWHERE
    assert set(OF["2017-09-28"].retention) == {"purposes_without_end"}


def test_legal_bases_are_named_from_2018():
    assert set(OF["2017-09-28"].legal_bases) == {"deemed_authorisation"}
    assert set(OF["2018-05-25"].legal_bases) == {
        "contract",
        "law",
        "legitimate_interest",
        "consent",
    }
    assert OF["2017-09-28"].change_rule == "newest_governs_earlier_data"


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.id)
def test_no_version_names_the_injured_or_investigators(version):
    assert not version.discloses_to("injured_third_party")
    assert not version.discloses_to("private_investigator")
    assert version.discloses_to("law_enforcement")
    assert version.discloses_to("affiliate")


@pytest.mark.parametrize(
    ("recipient", "answer"),
    [
        ("law_enforcement", Disclosure.ALLOWED),
        ("government", Disclosure.ALLOWED),
        ("legal_process", Disclosure.ALLOWED),
        ("injured_third_party", Disclosure.NEEDS_CONSENT_OR_LAW),
        ("private_investigator", Disclosure.COOPERATION_ONLY),
        ("marketing_platform", Disclosure.REFUSED),
    ],
)
def test_two_gates_stand_before_disclosure(recipient, answer):
    assert disclosure(TERMS, OF["2019-01-17"], recipient) is answer


def test_without_a_known_policy_the_answer_is_unknown():
    assert disclosure(TERMS, None, "law_enforcement") is Disclosure.UNKNOWN
    assert disclosure(TERMS, None, "private_investigator") is Disclosure.COOPERATION_ONLY


def test_a_word_nobody_knows_is_an_error():
    policy = OF["2019-01-17"]

    with pytest.raises(TermsError, match="unknown recipient `neighbour`"):
        policy.discloses_to("neighbour")
    with pytest.raises(TermsError, match="unknown purpose `fun`"):
        policy.states("fun")
    with pytest.raises(TermsError, match="unknown category `shoe_size`"):
        policy.collects("shoe_size")


def test_each_version_has_a_hash_of_its_own():
    assert len({version.content_hash for version in VERSIONS}) == 5
    assert [v.content_hash for v in privacy_versions(zone="UTC")] == [
        v.content_hash for v in VERSIONS
    ]
