"""Intervals, hashes, switched-off clauses and Additional Agreements."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import attrs
import pytest

from policyenforce.errors import TermsError
from policyenforce.terms import (
    AdditionalAgreement,
    ClauseRef,
    Override,
    Power,
    Standard,
    Terms,
    TermsVersion,
)

TERMS = Terms.load()
OLDER, NEWER = TERMS.versions
CHANGE = datetime(2019, 10, 3, 16, tzinfo=UTC)  # midnight of the 4th in Hong Kong
INSTANT = timedelta(microseconds=1)
NOVEMBER = datetime(2019, 11, 1, tzinfo=UTC)


def test_a_version_holds_from_its_first_instant_and_not_at_its_last():
    assert TERMS.in_force(CHANGE - INSTANT).id == "2019-09-12"
    assert TERMS.in_force(CHANGE).id == "2019-10-04"


def test_the_first_version_begins_at_midnight_in_the_zone():
    start = datetime(2019, 9, 12, tzinfo=ZoneInfo("Asia/Hong_Kong"))

    assert TERMS.in_force(start).id == "2019-09-12"
    with pytest.raises(TermsError, match="no version of the Terms is in force"):
        TERMS.in_force(start - INSTANT)


def test_the_same_instant_in_another_zone_gives_the_same_version():
    there = CHANGE.astimezone(timezone(timedelta(hours=-7)))

    assert there.date().isoformat() == "2019-10-03"
    assert TERMS.in_force(there).id == "2019-10-04"


@pytest.mark.parametrize("zone", ["America/Los_Angeles", ZoneInfo("America/Los_Angeles")])
def test_another_zone_moves_the_change(zone):
    terms = Terms.load(zone=zone)

    assert terms.in_force(CHANGE).id == "2019-09-12"
    assert terms.in_force(datetime(2019, 10, 4, 7, tzinfo=UTC)).id == "2019-10-04"


def test_a_naive_time_is_refused():
    with pytest.raises(TermsError, match="has no zone"):
        TERMS.in_force(datetime(2019, 10, 4))


def test_an_unknown_zone_or_version_is_an_error():
    with pytest.raises(TermsError, match="unknown time zone `Mars/Olympus`"):
        Terms.load(zone="Mars/Olympus")
    with pytest.raises(TermsError, match="unknown version `2018-01-01`"):
        TERMS.version("2018-01-01")


def test_the_shipped_terms_are_read_once():
    assert Terms.load() is TERMS


def test_after_the_last_end_nothing_is_in_force():
    ended = attrs.evolve(TERMS, versions=(OLDER,))

    with pytest.raises(TermsError, match="no version of the Terms is in force"):
        ended.in_force(CHANGE)


def test_hashes_are_stable_and_tell_versions_apart():
    again = Terms.load(zone="Asia/Hong_Kong")

    assert again is not TERMS
    assert again == TERMS
    assert [v.content_hash for v in again.versions] == [v.content_hash for v in TERMS.versions]
    assert OLDER.content_hash != NEWER.content_hash
    assert len(bytes.fromhex(TERMS.content_hash)) == 32


def test_the_whole_hash_covers_the_zone_and_a_version_s_hash_does_not():
    moved = Terms.load(zone="UTC")

    assert moved.content_hash != TERMS.content_hash
    assert moved.versions[1] == NEWER


@pytest.mark.parametrize(
    "change",
    [
        {"paraphrase": "Something else."},
        {"standard": Standard.FACT},
        {"powers": frozenset({Power.CANCEL_ACCOUNT})},
        {"grounds": ("4.1/s2",)},
        {"enforced_by": ("policy",)},
        {"reasonable": True},
    ],
)
def test_any_change_of_a_statement_changes_the_hash(change):
    changed = attrs.evolve(
        NEWER,
        statements=tuple(
            attrs.evolve(s, **change) if s.ref.text == "4.1/s3" else s for s in NEWER.statements
        ),
    )

    assert changed.content_hash != NEWER.content_hash
    assert changed != NEWER


def test_a_change_of_sites_or_parties_changes_the_hash_and_readings_do_not():
    fewer = attrs.evolve(NEWER, sites={"alibaba.com": "alibaba"})
    lawless = attrs.evolve(NEWER, parties=attrs.evolve(NEWER.parties, laws=()))

    assert len({NEWER, fewer, lawless, NEWER.under({"T23": "off"})}) == 3
    assert NEWER != "2019-10-04"


@pytest.mark.parametrize(
    ("host", "family"),
    [
        ("alibaba.com", "alibaba"),
        ("www.alibaba.com", "alibaba"),
        ("M.AliExpress.RU.", "aliexpress"),
        ("tmall.ru", "aliexpress"),
    ],
)
def test_a_host_belongs_to_a_site_family(host, family):
    assert NEWER.site_family(host) == family


@pytest.mark.parametrize("host", ["notalibaba.com", "alibaba.com.evil.example", "com", ""])
def test_a_lookalike_host_belongs_to_none(host):
    with pytest.raises(TermsError, match="is no site of version 2019-10-04"):
        NEWER.site_family(host)


def test_the_russian_hosts_came_with_the_newer_version():
    assert NEWER.families == OLDER.families == ("alibaba", "aliexpress")
    with pytest.raises(TermsError, match=r"`tmall\.ru` is no site of version 2019-09-12"):
        OLDER.site_family("tmall.ru")


def without_limits(version: TermsVersion) -> TermsVersion:
    return attrs.evolve(version, disabled_in={"8.7": ("DE",), "5.11": ("DE", "FR")})


def test_a_clause_void_in_one_place_stands_elsewhere():
    version = without_limits(NEWER)

    assert version.disabled("8.7(d)", "DE") and version.disabled("5.11", "FR")
    assert not version.disabled("8.7(d)", "FR")
    assert not version.disabled("8.8", "DE")
    assert not any(NEWER.disabled(s.ref, "DE") for s in NEWER.statements)


def test_a_jurisdiction_gets_the_terms_without_what_is_void_there():
    german = without_limits(NEWER).for_jurisdiction("DE")

    assert len(german.statements) == 113 - 7
    assert german.openings("5.11") == ()
    assert german.disabled("5.11", "DE")
    assert german.opening("5.1(b)", "6.2(i)") == NEWER.opening("5.1(b)", "6.2(i)")
    assert without_limits(NEWER).for_jurisdiction("JP") == without_limits(NEWER)


def test_a_power_clause_that_is_off_opens_nothing():
    version = NEWER.without(["6.2(i)", ClauseRef.parse("4.1/s3")])

    assert version.opening("5.5(a)", "6.2(i)") is None
    assert version.opening("5.5(a)", "6.2(ii)") is not None
    assert version.openings("4.1/s2")[0].power_clause.text == "4.1/s4"


def test_switching_off_twice_is_as_good_as_once_and_unknown_clauses_are_errors():
    once = NEWER.without(["5.8"])

    assert once.without(["5.8", "5.8(a)"]) is once
    assert NEWER.without([]) is NEWER
    with pytest.raises(TermsError, match=r"clause `5\.8\(a\)` is switched off"):
        once.statement("5.8(a)")
    with pytest.raises(TermsError, match=r"no clause `5\.13`"):
        NEWER.without(["5.13"])
    with pytest.raises(TermsError, match=r"no clause `5\.13`"):
        NEWER.disabled("5.13", "DE")


def agreement(overrides: dict[str, Override], **changes: object) -> AdditionalAgreement:
    made = AdditionalAgreement("aa-1", "logistics", overrides, NOVEMBER)
    return attrs.evolve(made, **changes)


def test_an_additional_agreement_prevails_for_its_own_service_only():
    signed = agreement({"5.11": Override(off=True), "5.2(b)": Override("Within five days.")})
    logistics = NEWER.for_service("logistics", [signed], at=NOVEMBER)

    assert logistics.statement("5.2(b)").paraphrase == "Within five days."
    assert logistics.openings("5.11") == ()
    assert (logistics.service, logistics.agreements) == ("logistics", ("aa-1",))
    assert logistics != NEWER
    assert NEWER.for_service("storefront", [signed], at=NOVEMBER) is NEWER


def test_a_replaced_standard_moves_the_gate_also_of_a_deemed_breach():
    signed = agreement(
        {"6.3(c)": Override(standard=Standard.BELIEF), "4.1/s3": Override(standard=Standard.FACT)}
    )
    logistics = NEWER.for_service("logistics", [signed])

    assert logistics.opening("6.3(c)", "6.2(i)").gate.standard is Standard.BELIEF
    assert logistics.opening("4.1/s2", "4.1/s3").gate.standard is Standard.FACT
    assert logistics.statement("6.3(c)").paraphrase == NEWER.statement("6.3(c)").paraphrase


def test_an_agreement_counts_only_while_it_is_in_force():
    signed = agreement({"5.11": Override(off=True)}, ends=NOVEMBER + timedelta(days=30))

    assert NEWER.for_service("logistics", [signed], at=NOVEMBER - INSTANT) is NEWER
    assert NEWER.for_service("logistics", [signed], at=signed.ends) is NEWER
    assert NEWER.for_service("logistics", [signed], at=signed.ends - INSTANT) is not NEWER


def test_without_an_instant_those_agreements_count_that_touch_the_version():
    signed = agreement({"5.11": Override(off=True)})
    earlier = agreement({"5.11": Override(off=True)}, starts=OLDER.starts, ends=OLDER.ends)

    assert NEWER.for_service("logistics", [signed]) is not NEWER
    assert OLDER.for_service("logistics", [signed]) is OLDER
    assert NEWER.for_service("logistics", [earlier]) is NEWER
    assert OLDER.for_service("logistics", [earlier]) is not OLDER


def test_of_two_agreements_the_later_one_wins_whatever_their_order():
    first = agreement({"5.2(b)": Override("First.")})
    second = agreement(
        {"5.2(b)": Override("Second.")}, id="aa-2", starts=NOVEMBER + timedelta(days=1)
    )
    at = NOVEMBER + timedelta(days=2)
    words = {
        NEWER.for_service("logistics", order, at=at).statement("5.2(b)").paraphrase
        for order in ([first, second], [second, first])
    }

    assert words == {"Second."}


def test_agreements_that_make_no_sense_are_refused():
    with pytest.raises(TermsError, match="has a time without a zone"):
        agreement({}, starts=datetime(2019, 11, 1))
    with pytest.raises(TermsError, match="ends before it starts"):
        agreement({}, ends=NOVEMBER)
    with pytest.raises(TermsError, match="switches a clause off or replaces"):
        Override(paraphrase="x", off=True)
    with pytest.raises(TermsError, match="switches a clause off or replaces"):
        Override()
    with pytest.raises(TermsError, match=r"no clause `5\.99`"):
        NEWER.for_service("logistics", [agreement({"5.99": Override("x")})])
