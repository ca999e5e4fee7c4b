from __future__ import annotations

import itertools
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from policyenforce.checks.account_sharing.check import CHECK
from policyenforce.model.evidence import Bearing
from policyenforce.model.fact import Fact
from policyenforce.model.facts.registration import AuthorisedUserChanged, UserKind
from policyenforce.model.facts.sessions import (
    CredentialSharingReported,
    Network,
    SecuritySettingChanged,
    SessionActive,
    Setting,
    SignedIn,
    SignInFailed,
    UnauthorisedUseReported,
    WithWhom,
)
from policyenforce.model.findings import CannotTell, Finding
from policyenforce.model.outcome import History, Interval
from policyenforce.policy.load import load_rules
from policyenforce.policy.rules import HouseRules
from policyenforce.terms.gates import Standard
from tests.checks.past import Past, applied, clauses, day, opened, reading


def judge(fact: Fact, *before: Fact, **past: Any) -> tuple[Finding | CannotTell, ...]:
    return Past([*before, fact], **past).judge(CHECK, fact)


def member(kind: UserKind) -> tuple[Fact, ...]:
    return applied("u-1", kind=kind), opened("a-1", "u-1")


ENTITY = member(UserKind.ENTITY)


def staff(person: str, at: float = 1.5, **more: Any) -> AuthorisedUserChanged:
    told = {"account_id": "a-1", "from_": day(at), **more}
    return AuthorisedUserChanged(id=f"staff-{person}-{at}", at=day(at), person_id=person, **told)


def report(with_whom: WithWhom = WithWhom.UNKNOWN, **more: Any) -> CredentialSharingReported:
    return CredentialSharingReported(
        id="r-1", at=day(5), account_id="a-1", reported_by="m-7", with_whom=with_whom, **more
    )


class TestReportsOfSharing:
    def test_inside_the_entity_breaches_4_3_alone(self) -> None:
        answers = judge(report(WithWhom.INSIDE), *ENTITY)

        assert clauses(answers) == ["4.3/s3"]
        assert len(answers) == 1

    def test_outside_the_entity_is_multiple_use_too(self) -> None:
        assert clauses(judge(report(WithWhom.OUTSIDE), *ENTITY)) == ["4.3/s3", "4.5/s1"]

    def test_unknown_is_never_outside(self) -> None:
        sharing, cannot = judge(report(), *ENTITY)

        assert isinstance(sharing, Finding) and sharing.clause.text == "4.3/s3"
        assert isinstance(cannot, CannotTell)
        assert (cannot.clause.text, cannot.missing) == ("4.5/s1", ("with_whom",))

    @pytest.mark.parametrize("kind", [UserKind.SOLE_TRADER, UserKind.PERSON])
    def test_only_an_entity_has_an_inside(self, kind: UserKind) -> None:
        assert clauses(judge(report(WithWhom.INSIDE), *member(kind))) == ["4.3/s3", "4.5/s1"]
        assert clauses(judge(report(), *member(kind))) == ["4.3/s3"]

    def test_an_unknown_member_keeps_the_benefit_of_an_inside(self) -> None:
        assert clauses(judge(report(WithWhom.INSIDE), opened("a-1", "u-1"))) == ["4.3/s3"]

    def test_under_the_harsher_reading_any_sharing_is_multiple_use(self) -> None:
        rules = reading(T2="any_sharing")
        found = [judge(report(where), *ENTITY, rules=rules) for where in WithWhom]

        assert [clauses(answers) for answers in found] == [["4.3/s3", "4.5/s1"]] * 3

    def test_a_report_attests_nothing_and_weighs_what_the_house_says(self) -> None:
        rules = load_rules()
        rules = evolve(rules, sharing=evolve(rules.sharing, reported_confidence=0.4))
        (plain,) = judge(report(WithWhom.INSIDE), *ENTITY, rules=rules)
        (graded,) = judge(report(WithWhom.INSIDE, confidence=0.95), *ENTITY, rules=rules)

        assert isinstance(plain, Finding) and isinstance(graded, Finding)
        assert (plain.confidence, plain.attested) == (0.4, None)
        assert (graded.confidence, graded.attested) == (0.95, None)

    def test_what_the_member_admits_is_a_fact(self) -> None:
        found = judge(report(WithWhom.OUTSIDE, admitted=True), *ENTITY)

        assert [(f.attested, f.confidence) for f in found] == [(Standard.FACT, 1.0)] * 2  # type: ignore[union-attr]  # all are findings
        assert "the Member admits" in found[0].explanation

    def test_named_staff_and_a_declared_successor_are_no_sharing(self) -> None:
        fact = report(WithWhom.OUTSIDE, person_id="p-2", admitted=True)

        assert judge(fact, *ENTITY, staff("p-2")) == ()
        assert judge(fact, *ENTITY, staff("p-2", successor=True)) == ()

    @pytest.mark.parametrize(
        "named",
        [
            [staff("p-3")],
            [staff("p-2", from_=day(6))],
            [staff("p-2", until=day(5))],
            [staff("p-2"), staff("p-2", 2, until=day(3))],
            [staff("p-2", account_id="a-2"), opened("a-2", "u-1")],
        ],
        ids=["somebody else", "not yet", "no longer", "taken back", "another account"],
    )
    def test_others_are(self, named: list[Fact]) -> None:
        fact = report(WithWhom.INSIDE, person_id="p-2")

        assert clauses(judge(fact, *ENTITY, *named)) == ["4.3/s3"]

    def test_a_nameless_person_is_nobody_on_the_list(self) -> None:
        assert clauses(judge(report(WithWhom.INSIDE), *ENTITY, staff("p-2"))) == ["4.3/s3"]


def stranger(hours: float, **more: Any) -> UnauthorisedUseReported:
    at = day(5 + hours / 24)
    return UnauthorisedUseReported(id="r-1", at=at, account_id="a-1", aware_at=day(5), **more)


class TestReportsOfAStranger:
    @pytest.mark.parametrize("hours", [-2, 0, 23.9, 24])
    def test_a_prompt_report_breaches_nothing(self, hours: float) -> None:
        assert judge(stranger(hours), *ENTITY) == ()

    def test_a_late_report_is_a_fact_with_a_word_in_the_members_favour(self) -> None:
        (finding,) = judge(stranger(50), *ENTITY)

        assert isinstance(finding, Finding)
        assert (finding.clause.text, finding.attested) == ("4.3/s4", Standard.FACT)
        assert "50 hours later; 24 hours are prompt" in finding.explanation
        assert [e.bearing for e in finding.evidence] == [Bearing.INCRIMINATING, Bearing.MITIGATING]

    def test_under_the_harsher_reading_nothing_speaks_for_the_member(self) -> None:
        (finding,) = judge(stranger(50), *ENTITY, rules=reading(T3="attribution_only"))

        assert isinstance(finding, Finding)
        assert [e.bearing for e in finding.evidence] == [Bearing.INCRIMINATING]

    def test_security_is_breached_by_the_result_only_in_a_house_that_says_so(self) -> None:
        strict = reading(T25="strict")

        assert clauses(judge(stranger(1), *ENTITY, rules=strict)) == ["4.3/s1"]
        assert clauses(judge(stranger(50), *ENTITY, rules=strict)) == ["4.3/s1", "4.3/s4"]

    @given(st.floats(-100, 10_000))
    @settings(max_examples=40, deadline=None)
    def test_a_report_never_proves_fault(self, hours: float) -> None:
        assert "4.3/s1" not in clauses(judge(stranger(hours), *ENTITY))


def session(device: str | None, at: float, **more: Any) -> SignedIn:
    told = {"network": Network.FIXED, "account_id": "a-1", **more}
    return SignedIn(id=f"{told['account_id']}-{device}-{at}", at=day(at), device_id=device, **told)


def side_by_side(days: int = 4, **more: Any) -> list[Fact]:
    return [
        session(device, number + shift, **more)
        for number in range(2, 2 + days)
        for device, shift in (("d-1", 0.0), ("d-2", 0.1))
    ]


def two_are_many() -> HouseRules:
    rules = load_rules()
    return evolve(rules, sharing=evolve(rules.sharing, min_devices=2))


def judge_all(facts: list[Fact], **past: Any) -> tuple[Finding | CannotTell, ...]:
    return Past([*ENTITY, *facts], **{"rules": two_are_many(), **past}).judge_all(CHECK)


def test_a_laptop_and_a_telephone_are_one_person_by_the_shipped_rules() -> None:
    assert clauses(judge_all(side_by_side(20), rules=load_rules())) == []


class TestDevicesSideBySide:
    def test_are_found_once_for_a_person_to_look_at(self) -> None:
        (finding,) = judge_all(side_by_side(8))

        assert isinstance(finding, Finding)
        assert finding.clause.text == "4.3/s3"
        assert finding.attested is None
        rules = load_rules()
        assert rules.standard_of(finding.clause, None, finding.confidence) is Standard.NONE

    def test_are_not_found_again_by_further_sessions_of_the_day(self) -> None:
        same_day: list[Fact] = [session("d-1", 5.5 + n / 100) for n in range(4)]

        assert clauses(judge_all([*side_by_side(4), *same_day])) == ["4.3/s3"]

    def test_the_member_can_follow_the_evidence(self) -> None:
        (finding,) = judge_all(side_by_side(8))

        assert isinstance(finding, Finding)
        assert [e.sentence for e in finding.evidence] == [
            "device 1: used on 3 days between 2019-10-09 and 2019-10-11",
            "device 2: used on 3 days between 2019-10-09 and 2019-10-11",
        ]
        assert "d-1" not in "".join(e.sentence for e in finding.evidence)

    def test_more_devices_are_surer_but_never_suspicion(self) -> None:
        facts: list[Fact] = [
            session(f"d-{n}", number + n / 100) for number in range(2, 6) for n in range(9)
        ]
        rules = load_rules()
        rules = evolve(rules, sharing=evolve(rules.sharing, min_devices=9))
        (two,) = (a for a in judge_all(side_by_side(8)))
        (nine,) = (a for a in judge_all(facts, rules=rules))
        found = [a.confidence for a in judge_all(facts) if isinstance(a, Finding)]

        assert isinstance(two, Finding) and isinstance(nine, Finding)
        assert two.confidence == nine.confidence == found[0] == 0.35

    def test_two_days_are_no_habit(self) -> None:
        assert judge_all(side_by_side(2)) == ()

    def test_a_session_that_goes_on_counts_too(self) -> None:
        facts: list[Fact] = [
            SessionActive(id=f"{f.id}-x", at=f.at, account_id="a-1", device_id=f.device_id)  # type: ignore[attr-defined]  # all are sessions
            for f in side_by_side()
        ]

        assert clauses(judge_all(facts)) == ["4.3/s3"]

    @pytest.mark.parametrize("network", [Network.VPN, Network.MOBILE, Network.HOSTING])
    def test_unclean_networks_show_nothing(self, network: Network) -> None:
        assert judge_all(side_by_side(9, network=network)) == ()

    def test_an_unknown_network_is_no_excuse(self) -> None:
        assert clauses(judge_all(side_by_side(network=None))) == ["4.3/s3"]

    def test_a_traveller_with_a_vpn_is_one_device(self) -> None:
        networks = itertools.cycle([Network.FIXED, Network.VPN, Network.MOBILE, Network.HOSTING])
        facts: list[Fact] = [
            session("d-1", n / 2, network=next(networks), country="CNDEFR"[n % 3 * 2 :][:2])
            for n in range(4, 60)
        ]

        assert judge_all(facts) == ()

    def test_an_office_behind_one_address_is_many_accounts(self) -> None:
        accounts = [f"a-{n}" for n in range(1, 6)]
        facts: list[Fact] = [opened(a, f"u-{a}") for a in accounts[1:]]
        facts += [
            session(f"d-{a}", number, account_id=a, ip="203.0.113.7", network=Network.OFFICE)
            for a in accounts
            for number in range(2, 12)
        ]

        assert judge_all(facts) == ()

    def test_a_new_telephone_is_no_second_person(self) -> None:
        facts: list[Fact] = [session("old", n) for n in range(2, 13)]
        facts += [session("new", n + 0.1) for n in range(11, 25)]

        assert judge_all(facts) == ()

    def test_cleared_cookies_are_devices_of_a_day(self) -> None:
        assert judge_all([session(f"d-{n}", n) for n in range(2, 30)]) == ()

    def test_without_a_device_id_nothing_is_found(self) -> None:
        facts: list[Fact] = [
            session(None, n / 3, ip=f"203.0.113.{n % 9}", cookie_id=f"c-{n % 2}")
            for n in range(6, 60)
        ]

        assert judge_all(facts) == ()

    def test_devices_outside_the_window_are_forgotten(self) -> None:
        facts: list[Fact] = [session("d-1", n) for n in (2, 3, 40, 41)]
        facts += [session("d-2", n + 0.1) for n in (2, 3, 40, 41)]

        assert judge_all([*facts, session("d-1", 42)]) == ()

    def test_devices_of_one_known_person_are_its_own(self) -> None:
        assert judge_all(side_by_side(person_id="p-1")) == ()

    def test_named_staff_do_not_count(self) -> None:
        facts = [f for f in side_by_side() if f.device_id == "d-1"]  # type: ignore[attr-defined]  # all are sessions
        named: list[Fact] = [session("d-2", n + 0.1, person_id="p-2") for n in range(2, 6)]

        assert judge_all([*facts, *named, staff("p-2")]) == ()
        assert clauses(judge_all([*facts, *named])) == ["4.3/s3"]

    def test_a_declared_successor_takes_over_device_by_device(self) -> None:
        assert judge_all([*side_by_side(), staff("p-2", successor=True)]) == ()

    def test_a_strangers_time_does_not_count(self) -> None:
        def robbed(history: History) -> History:
            times = (Interval("a-1", day(2), day(3)), Interval("a-9", day(0), day(99)))
            return evolve(history, intervals=times)

        assert judge_all(side_by_side(4), change=robbed) == ()
        assert clauses(judge_all(side_by_side(6), change=robbed)) == ["4.3/s3"]

    def test_another_account_of_the_user_is_looked_at_apart(self) -> None:
        other = [session(f"d-{n % 2}", 2 + n / 2 + 0.05, account_id="a-2") for n in range(4)]

        assert judge_all([opened("a-2", "u-1"), *other]) == ()
        assert clauses(judge_all([opened("a-2", "u-1"), *other, *side_by_side()])) == ["4.3/s3"]

    def test_the_order_in_which_facts_of_one_instant_arrive_plays_no_part(self) -> None:
        facts = [session(d, n) for n in range(2, 7) for d in ("d-1", "d-2", "d-3")]
        answers = [judge_all(order) for order in (facts, facts[::-1], sorted(facts, key=hash))]

        assert answers[0] == answers[1] == answers[2]
        assert clauses(answers[0]) == ["4.3/s3"]


def takeover() -> list[Fact]:
    """Three failures and a changed pay-out by a device nobody knows."""
    failed: list[Fact] = [
        SignInFailed(id=f"x-{n}", at=day(4 + n / 100), account_id="a-1", device_id="d-2")
        for n in range(3)
    ]
    return [
        *failed,
        SecuritySettingChanged(
            id="c-1", at=day(4.05), account_id="a-1", setting=Setting.PAYOUT, device_id="x"
        ),
    ]


class TestSignsOfATakeOver:
    def test_ask_for_the_members_word_and_hold_nothing_against_it(self) -> None:
        (answer,) = judge_all([session("d-1", 2), *takeover()])

        assert isinstance(answer, CannotTell)
        assert (answer.clause.text, answer.missing) == ("4.3/s1", ("unauthorised_use_reported",))

    def test_silence_the_suspicion_of_sharing(self) -> None:
        answers = judge_all([*side_by_side(), *takeover()])

        assert clauses(answers) == []
        assert [a.clause.text for a in answers] == ["4.3/s1", "4.3/s3"]

    def test_an_ordinary_change_is_clear(self) -> None:
        change = takeover()[-1]

        assert judge_all([session("d-1", 2), change]) == ()


def test_nothing_is_asked_about_a_strangers_report() -> None:
    assert list(CHECK.asks(stranger(1), load_rules())) == []
