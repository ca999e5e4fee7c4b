from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from policyenforce.checks.account_sharing.check import CHECK
from policyenforce.checks.account_sharing.lookalikes import REVIEW_ONLY
from policyenforce.checks.answers import Answer
from policyenforce.model.evidence import Bearing
from policyenforce.model.fact import Fact
from policyenforce.model.facts.registration import AuthorisedUserChanged, UserKind
from policyenforce.model.facts.sessions import (
    CredentialSharingReported,
    UnauthorisedUseReported,
    WithWhom,
)
from policyenforce.model.findings import CannotTell, Finding
from policyenforce.model.outcome import History, Interval
from policyenforce.policy.load import load_rules
from policyenforce.terms.gates import Standard
from tests.checks.account_sharing.lives import GUILTY, INNOCENT
from tests.checks.account_sharing.sessions import facts
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


MEMBERS = {"entity": ENTITY, "trader": member(UserKind.SOLE_TRADER), "unknown": ()}


def judge_all(*lives: Iterable[Fact], kind: str = "trader", **past: Any) -> list[Answer]:
    facts_told = (*MEMBERS[kind], *chain.from_iterable(lives))
    return list(Past(facts_told, **past).judge_all(CHECK))


def told_of(verdict: str, kind: str = "trader", **past: Any) -> list[Answer]:
    _, events = GUILTY[verdict]
    return judge_all(facts(*events), kind=kind, **past)


def looks(answers: Iterable[Answer]) -> list[str]:
    """What the sessions were said to look like, each once."""
    return list(dict.fromkeys(str(a.target).partition(": ")[2] for a in answers))


OUTSIDER, COLLEAGUES = "an outsider in another city", "colleagues in one office"
THIEF, SALE = "a thief", "a sale of the account"


class TestWhatSessionsLookLike:
    @pytest.mark.parametrize("life", INNOCENT)
    def test_what_merely_looks_like_it_says_nothing(self, life: str) -> None:
        assert judge_all(facts(*INNOCENT[life])) == []

    @pytest.mark.parametrize("life", GUILTY)
    def test_what_the_whole_log_amounts_to_is_told_and_told_once(self, life: str) -> None:
        verdict, events = GUILTY[life]
        answers = judge_all(facts(*events))
        said = [(a.clause.text, a.target) for a in answers]

        assert looks(answers)[-1] == verdict.value
        assert len(said) == len(set(said))

    def test_is_never_more_than_a_reason_for_a_person_to_look(self) -> None:
        rules = load_rules()
        answers = [a for life in GUILTY for a in told_of(life) if isinstance(a, Finding)]

        assert answers
        for found in answers:
            assert found.attested is None
            assert found.confidence <= REVIEW_ONLY
            assert rules.standard_of(found.clause, None, found.confidence) is Standard.NONE

    def test_the_member_can_follow_the_evidence(self) -> None:
        (finding, _) = told_of(OUTSIDER)

        assert isinstance(finding, Finding)
        assert "several people in different places" in finding.explanation
        assert "guest" not in "".join(e.sentence for e in finding.evidence)
        assert any("more than twenty kilometres apart" in e.sentence for e in finding.evidence)

    def test_sharing_outside_is_multiple_use_where_there_is_no_inside(self) -> None:
        assert clauses(told_of(OUTSIDER, "trader")) == ["4.3/s3", "4.5/s1"]

    @pytest.mark.parametrize("kind", ["entity", "unknown"])
    def test_of_an_entity_nobody_says_whether_it_is_outside(self, kind: str) -> None:
        sharing, cannot = told_of(OUTSIDER, kind)

        assert isinstance(sharing, Finding) and sharing.clause.text == "4.3/s3"
        assert isinstance(cannot, CannotTell)
        assert (cannot.clause.text, cannot.missing) == ("4.5/s1", ("with_whom",))

    def test_colleagues_breach_4_3_alone(self) -> None:
        assert clauses(told_of(COLLEAGUES, "entity")) == ["4.3/s3"]
        assert clauses(told_of(COLLEAGUES, "trader")) == ["4.3/s3", "4.5/s1"]

    def test_under_the_harsher_reading_any_sharing_is_multiple_use(self) -> None:
        rules = reading(T2="any_sharing")

        assert clauses(told_of(COLLEAGUES, "entity", rules=rules)) == ["4.3/s3", "4.5/s1"]

    def test_a_sale_concerns_the_transfer_of_the_contract(self) -> None:
        assert clauses(told_of(SALE)) == ["4.3/s3", "12.6"]

    def test_a_take_over_asks_the_member_and_holds_nothing_against_it(self) -> None:
        (answer,) = told_of(THIEF)

        assert isinstance(answer, CannotTell)
        assert (answer.clause.text, answer.missing) == ("4.3/s1", ("unauthorised_use_reported",))
        assert "failed sign-ins" in answer.explanation

    def test_the_order_in_which_facts_arrive_plays_no_part(self) -> None:
        told = list(facts(*GUILTY[OUTSIDER][1]))
        answers = [judge_all(order) for order in (told, told[::-1], sorted(told, key=hash))]

        assert answers[0] == answers[1] == answers[2]
        assert clauses(answers[0]) == ["4.3/s3", "4.5/s1"]

    def test_another_account_of_the_user_is_looked_at_apart(self) -> None:
        mine, phone, guest, hers = GUILTY[OUTSIDER][1]
        other = facts(guest, hers, account="a-2")

        assert judge_all(facts(mine, phone), [opened("a-2", "u-1")], other) == []


class TestWhoIsNamed:
    def test_named_staff_do_not_count(self) -> None:
        mine, phone, guest, hers = GUILTY[OUTSIDER][1]
        ours, named = facts(mine, phone), tuple(facts(guest, hers, person="p-2"))

        assert judge_all(ours, named, [staff("p-2")]) == []
        assert clauses(judge_all(facts(mine, phone), named)) == ["4.3/s3", "4.5/s1"]

    def test_a_device_that_others_use_too_is_not_theirs_alone(self) -> None:
        mine, phone, guest, hers = GUILTY[OUTSIDER][1]
        named = facts(guest[::2], hers, person="p-2")
        unnamed = (evolve(f, id=f"{f.id}-x") for f in facts(guest[1::2]))

        answers = judge_all(facts(mine, phone), named, unnamed, [staff("p-2")])

        assert clauses(answers) == ["4.3/s3", "4.5/s1"]

    def test_devices_of_one_known_person_are_its_own(self) -> None:
        assert judge_all(facts(*GUILTY[OUTSIDER][1], person="p-1")) == []

    @pytest.mark.parametrize("life", [OUTSIDER, COLLEAGUES, SALE])
    def test_a_declared_successor_takes_over_lawfully(self, life: str) -> None:
        told = facts(*GUILTY[life][1])

        assert judge_all(told, [staff("p-2", successor=True)]) == []


class TestAStrangersTime:
    def test_does_not_count(self) -> None:
        def robbed(history: History) -> History:
            return evolve(history, intervals=(Interval("a-1", day(0), day(99)),))

        assert told_of(OUTSIDER, change=robbed) == []
        assert told_of(THIEF, change=robbed) == []

    def test_on_another_account_changes_nothing(self) -> None:
        def robbed(history: History) -> History:
            return evolve(history, intervals=(Interval("a-9", day(0), day(99)),))

        assert told_of(OUTSIDER, change=robbed) == told_of(OUTSIDER)


def test_nothing_is_asked_about_a_strangers_report() -> None:
    assert list(CHECK.asks(stranger(1), load_rules())) == []
