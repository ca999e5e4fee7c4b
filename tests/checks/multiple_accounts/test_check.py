from __future__ import annotations

import itertools
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from policyenforce.checks.multiple_accounts.check import CHECK
from policyenforce.model.decisions import (
    Decision,
    DisciplinaryAction,
    End,
    Ground,
    Scope,
    ScopeKind,
    Status,
)
from policyenforce.model.evidence import Bearing
from policyenforce.model.fact import Fact
from policyenforce.model.facts.procedure import DeadlinePassed
from policyenforce.model.facts.registration import (
    AccountClosed,
    ApprovalGranted,
    ApprovalRevoked,
    ApprovalScope,
    AuthorisedUserChanged,
    DetailsAmended,
    Entity,
    SignalKind,
    SignalObserved,
    UserKind,
    UsersLinked,
    UsersSeparated,
)
from policyenforce.model.findings import Finding
from policyenforce.model.outcome import History
from policyenforce.policy.load import load_rules
from policyenforce.terms.gates import Power, Standard, Trigger
from policyenforce.terms.references import ClauseRef
from tests.checks.past import Past, applied, clauses, day, opened, reading

BANK = "DE89370400440532013000"
HAND: dict[str, Any] = {"bank_accounts": (BANK,), "emails": ("ana@firm.example",)}


def judge(fact: Fact, *before: Fact, **past: Any) -> tuple[Any, ...]:
    return Past([*before, fact], **past).judge(CHECK, fact)


def granted(*subjects: str, scope: str = "accounts", **more: Any) -> ApprovalGranted:
    told: dict[str, Any] = {
        "id": "g-1",
        "at": day(0),
        "approval_id": "ok-1",
        "from_": day(0),
        **more,
    }
    return ApprovalGranted(
        scope=ApprovalScope(scope), subjects=subjects, signer="Ana", role="officer", **told
    )


def revoked(at: float) -> ApprovalRevoked:
    return ApprovalRevoked(id="r-1", at=day(at), approval_id="ok-1", by="Ana")


def staff(account: str, person: str, at: float = 1.5, **more: Any) -> AuthorisedUserChanged:
    told = {"from_": day(at), **more}
    return AuthorisedUserChanged(
        id=f"staff-{account}-{person}-{at}",
        at=day(at),
        account_id=account,
        person_id=person,
        **told,
    )


class TestDisposableMailboxes:
    MAILBOX = "x81@mailinator.com"

    def test_one_is_marked_in_the_evidence_of_a_link_and_adds_nothing(self) -> None:
        first, second = applied("u-1", **HAND), applied("u-2", 5, **HAND)
        told = evolve(second, emails=(*second.emails, self.MAILBOX))

        (plain,), (marked,) = judge(second, first), judge(told, first)

        assert marked.evidence[-1].kind == "disposable_mailbox"
        assert marked.evidence[-1].points == 0
        assert marked.evidence[:-1] == plain.evidence
        assert marked.confidence == plain.confidence

    def test_one_alone_is_no_reason_to_look(self) -> None:
        box = {"emails": (self.MAILBOX,)}

        assert judge(applied("u-2", 5, **box), applied("u-1")) == ()


class TestRegisteringTwice:
    def test_a_second_account_beside_an_open_one_is_a_fact(self) -> None:
        (finding,) = judge(opened("a-2", "u-1", 5), opened("a-1", "u-1"))

        assert finding.clause.text == "4.1/s2"
        assert finding.attested is Standard.FACT
        assert finding.target == "a-1"
        assert "a-2" in finding.explanation
        assert finding.evidence[0].kind == "open_account"

    def test_a_first_account_is_clear(self) -> None:
        assert judge(opened("a-1", "u-1"), opened("a-9", "u-9")) == ()

    def test_closing_and_reopening_is_not_concurrent(self) -> None:
        closed = AccountClosed(id="c-1", at=day(3), account_id="a-1")

        assert judge(opened("a-2", "u-1", 5), opened("a-1", "u-1"), closed) == ()

    def test_an_account_the_platform_ended_is_no_account(self) -> None:
        def ended(history: History) -> History:
            return evolve(history, decisions=(_cancelled("a-1"),))

        assert judge(opened("a-2", "u-1", 5), opened("a-1", "u-1"), change=ended) == ()

    def test_an_overturned_end_leaves_the_account_open(self) -> None:
        def overturned(history: History) -> History:
            decision = evolve(_cancelled("a-1"), status=Status.OVERTURNED)
            return evolve(history, decisions=(decision,))

        past = judge(opened("a-2", "u-1", 5), opened("a-1", "u-1"), change=overturned)

        assert clauses(past) == ["4.1/s2"]

    @pytest.mark.parametrize("subject", ["a-2", "u-1", "ap-2"])
    def test_an_approval_of_account_application_or_user_blocks_it(self, subject: str) -> None:
        fact = opened("a-2", "u-1", 5, application_id="ap-2")

        assert judge(fact, opened("a-1", "u-1"), granted(subject)) == ()

    def test_an_approval_of_another_account_does_not(self) -> None:
        found = judge(opened("a-3", "u-1", 5), opened("a-1", "u-1"), granted("a-2"))

        assert clauses(found) == ["4.1/s2"]

    @pytest.mark.parametrize(
        "approval",
        [
            granted("a-2", until=day(5)),
            granted("a-2", from_=day(6)),
            granted("a-2", in_writing=False),
        ],
        ids=["run out", "not begun", "not in writing"],
    )
    def test_an_approval_outside_its_time_or_form_does_not(self, approval: ApprovalGranted) -> None:
        found = judge(opened("a-2", "u-1", 5), opened("a-1", "u-1"), approval)

        assert clauses(found) == ["4.1/s2"]

    def test_a_revoked_approval_does_not(self) -> None:
        fact, first = opened("a-2", "u-1", 5), opened("a-1", "u-1")

        assert clauses(judge(fact, first, granted("a-2"), revoked(4))) == ["4.1/s2"]
        assert judge(fact, first, granted("a-2"), revoked(6)) == ()

    def test_an_account_named_for_staff_is_an_approved_use(self) -> None:
        fact, first = opened("a-2", "u-1", 5), opened("a-1", "u-1")

        assert judge(fact, first, staff("a-2", "p-2")) == ()
        assert clauses(judge(fact, first, staff("a-2", "p-2", until=day(4)))) == ["4.1/s2"]
        assert clauses(judge(fact, first, staff("a-1", "p-2"))) == ["4.1/s2"]

    def test_linked_users_are_read_as_one(self) -> None:
        facts = opened("a-1", "u-1"), opened("a-2", "u-2", 5)
        link = UsersLinked(id="l-1", at=day(9), user_id="u-1", other_user_id="u-2", by="Ana")

        assert clauses(Past([*facts, link]).judge_all(CHECK)) == []
        assert clauses(Past([*facts, link], joined={"u-2": "u-1"}).judge_all(CHECK)) == ["4.1/s2"]

    def test_a_second_application_is_suspicion_and_can_be_turned_down(self) -> None:
        again = applied("u-1", 5, id="again")
        (finding,) = judge(again, opened("a-1", "u-1"))

        assert finding.clause.text == "4.1/s3"
        assert finding.attested is None
        assert finding.triggers == (Trigger.APPLICATION,)
        assert finding.target == "a-1"

    def test_an_approved_application_is_clear(self) -> None:
        approval = granted("ap-u-1", scope="applications")

        assert judge(applied("u-1", 5), opened("a-1", "u-1"), approval) == ()


class TestOneHandBehindTwoUsers:
    def test_shared_bank_and_mailbox_are_suspicion_at_most(self) -> None:
        (finding,) = judge(applied("u-2", 5, **HAND), applied("u-1", **HAND))

        assert finding.clause.text == "4.1/s3"
        assert finding.attested is None
        assert (
            load_rules().standard_of(finding.clause, None, finding.confidence) is Standard.SUSPICION
        )
        assert finding.target == "u-1"
        assert finding.fact_ids == ("apply-u-2", "apply-u-1")
        assert "same controller" in finding.explanation
        assert "…3000" in finding.explanation

    def test_no_value_is_repeated(self) -> None:
        (finding,) = judge(applied("u-2", 5, **HAND), applied("u-1", **HAND))
        told = repr(finding)

        assert BANK not in told
        assert "ana@firm" not in told

    def test_the_review_band_is_less_than_suspicion(self) -> None:
        one = {"bank_accounts": (BANK,)}
        (finding,) = judge(applied("u-2", 5, **one), applied("u-1", **one))

        assert load_rules().standard_of(finding.clause, None, finding.confidence) is Standard.NONE

    def test_little_in_common_is_clear(self) -> None:
        one = {"first_name": "Ana", "last_name": "Diaz"}

        assert judge(applied("u-2", 5, **one), applied("u-1", **one)) == ()

    def test_the_earlier_user_is_not_found_for_the_later_one(self) -> None:
        answers = Past([applied("u-1", **HAND), applied("u-2", 5, **HAND)]).judge_all(CHECK)

        assert [a.subject for a in answers] == ["u-2"]

    def test_each_other_user_has_a_finding_of_its_own(self) -> None:
        both = {**HAND, "card_tokens": ("tok_9f",)}
        found = judge(applied("u-3", 5, **both), applied("u-1", **both), applied("u-2", 1, **both))

        assert [f.target for f in found] == ["u-1", "u-2"]

    def test_colleagues_are_no_matter_of_4_1(self) -> None:
        work: dict[str, Any] = {
            "kind": UserKind.PERSON,
            "phones": ("+442079460958",),
            "ip": "203.0.113.7",
            "entity": Entity(legal_name="Lotus Ltd", registration_number="1", tax_id="12345678"),
        }
        found = judge(
            applied("u-2", 5, **work), applied("u-1", **{**work, "kind": UserKind.ENTITY})
        )

        assert found == ()

    def test_an_entity_that_registers_again_is_the_same_entity(self) -> None:
        entity = Entity(
            registration_number="732829320", registration_country="FR", tax_id="40303265045"
        )
        told = {"kind": UserKind.ENTITY, "entity": entity}
        (finding,) = judge(applied("u-2", 5, **told), applied("u-1", **told))

        assert "same entity" in finding.explanation
        assert (
            judge(applied("u-2", 5, **told), applied("u-1", **told), rules=reading(T21="person"))
            == ()
        )

    def test_an_office_network_is_no_link(self) -> None:
        told = {"ip": "203.0.113.7", "emails": ()}

        assert judge(applied("u-2", 5, **told), applied("u-1", **told)) == ()

    def test_a_value_over_the_row_cap_does_not_count_alone(self) -> None:
        rules = load_rules()
        rules = evolve(
            rules, accounts=evolve(rules.accounts, row_cap=2, points={"bank": ((9, 70),)})
        )
        crowd = [applied(f"u-{n}", n / 10, bank_accounts=(BANK,)) for n in range(4)]
        fact = applied("u-9", 5, bank_accounts=(BANK,))

        assert judge(fact, *crowd, rules=rules) == ()
        assert judge(fact, *crowd[:2], rules=rules) == ()
        assert clauses(judge(fact, crowd[0], rules=rules)) == ["4.1/s3"]

    def test_a_separated_pair_is_never_found(self) -> None:
        first, fact = applied("u-1", **HAND), applied("u-2", 5, **HAND)
        apart = {"at": day(2), "by": "Ana"}
        here = UsersSeparated(id="s-1", user_id="u-2", other_user_id="u-1", **apart)
        there = UsersSeparated(id="s-1", user_id="u-1", other_user_id="u-2", **apart)
        linked = UsersLinked(id="l-1", at=day(3), user_id="u-1", other_user_id="u-2", by="Ana")

        assert judge(fact, first, here) == judge(fact, first, there) == ()
        assert clauses(judge(fact, first, there, linked)) == ["4.1/s3"]

    def test_named_staff_and_their_employer_are_exempt(self) -> None:
        work = {**HAND, "entity": Entity(legal_name="Lotus Ltd")}
        employer = (applied("u-1", **work), opened("a-1", "u-1"), staff("a-1", "u-2"))

        assert judge(applied("u-2", 5, **work), *employer) == ()
        assert clauses(judge(applied("u-3", 5, **work), *employer)) == ["4.1/s3"]

    def test_the_employer_is_known_by_its_account_too(self) -> None:
        bank = SignalObserved(
            id="s-1", at=day(2), account_id="a-1", kind=SignalKind.BANK, value=BANK
        )
        past = (opened("a-1", "u-1"), bank, staff("a-1", "u-2"))

        assert judge(applied("u-2", 5, bank_accounts=(BANK,)), *past) == ()
        assert clauses(judge(applied("u-3", 5, bank_accounts=(BANK,)), *past)) == ["4.1/s3"]

    def test_naming_staff_exempts_from_the_employer_alone(self) -> None:
        past = (applied("u-1"), opened("a-1", "u-1"), staff("a-1", "u-2"), applied("u-9", **HAND))

        assert [f.target for f in judge(applied("u-2", 5, **HAND), *past)] == ["u-9"]

    def test_an_employer_is_not_found_for_its_staff(self) -> None:
        past = (opened("a-1", "u-1"), staff("a-1", "u-2"), applied("u-2", 2, **HAND))
        fact = DetailsAmended(
            id="f-1",
            at=day(5),
            account_id="a-1",
            changed={"bank": BANK, "email": "ana@firm.example"},
        )

        assert judge(fact, *past) == ()
        assert clauses(judge(fact, opened("a-1", "u-1"), past[2])) == ["4.1/s3"]

    def test_a_new_signal_on_an_account_is_weighed(self) -> None:
        fact = SignalObserved(
            id="s-1", at=day(5), account_id="a-2", kind=SignalKind.BANK, value=BANK
        )
        (finding,) = judge(fact, opened("a-2", "u-2"), applied("u-1", **HAND))

        assert finding.subject == "a-2"
        assert finding.triggers == ()

    def test_a_signal_seen_before_is_no_news(self) -> None:
        def signal(name: str, at: float) -> SignalObserved:
            return SignalObserved(
                id=name, at=day(at), account_id="a-2", kind=SignalKind.BANK, value=BANK
            )

        past = (opened("a-2", "u-2"), applied("u-1", **HAND), signal("s-1", 5))

        assert judge(signal("s-2", 6), *past) == ()

    def test_an_approved_device_of_an_agency_links_nobody(self) -> None:
        approval = granted(f"bank:{BANK}", scope="infrastructure", until=day(9))
        one = {"bank_accounts": (BANK,)}

        assert judge(applied("u-2", 5, **one), applied("u-1", **one), approval) == ()
        assert clauses(judge(applied("u-2", 9, **one), applied("u-1", **one), approval)) == [
            "4.1/s3"
        ]

    def test_an_approval_blocks_the_suspicion_unless_read_to_the_letter(self) -> None:
        facts = applied("u-2", 5, **HAND), applied("u-1", **HAND), granted("u-2")
        (finding,) = judge(*facts, rules=reading(T1="literal"))

        assert judge(*facts) == ()
        assert [e.kind for e in finding.evidence if e.bearing is Bearing.MITIGATING] == ["approval"]

    def test_to_the_letter_an_approved_second_account_can_be_cancelled_and_is_no_breach(
        self,
    ) -> None:
        facts = opened("a-2", "u-1", 5), opened("a-1", "u-1"), granted("a-2")
        (finding,) = judge(*facts, rules=reading(T1="literal"))

        assert judge(*facts) == ()
        assert (finding.clause.text, finding.attested) == ("4.1/s3", None)

    def test_an_approved_entity_is_found_under_its_number(self) -> None:
        entity = Entity(registration_number="732 829 320", registration_country="FR")
        fact = applied("u-2", 5, kind=UserKind.ENTITY, entity=entity, **HAND)

        assert judge(fact, applied("u-1", **HAND), granted("FR:732829320", scope="entity")) == ()


class TestBranches:
    BRANCH = Entity(branch_of="u-1", registration_number="303265045", registration_country="FR")

    def test_a_branch_beside_its_head_office_is_the_same_entity(self) -> None:
        fact = applied("u-2", 5, kind=UserKind.ENTITY, entity=self.BRANCH)
        (finding,) = judge(fact, opened("a-1", "u-1"))

        assert (finding.clause.text, finding.target) == ("4.1/s3", "u-1")
        assert finding.evidence[0].kind == "declared_branch"

    def test_a_head_office_without_an_open_account_leaves_nothing_to_find(self) -> None:
        fact = applied("u-2", 5, kind=UserKind.ENTITY, entity=self.BRANCH)
        closed = AccountClosed(id="c-1", at=day(3), account_id="a-1")

        assert judge(fact, opened("a-1", "u-1"), closed) == ()
        assert judge(applied("u-1", 5, kind=UserKind.ENTITY, entity=self.BRANCH)) == ()

    def test_under_the_other_reading_a_number_of_its_own_makes_it_a_user(self) -> None:
        by_number = reading(T4="by_number")
        fact = applied("u-2", 5, kind=UserKind.ENTITY, entity=self.BRANCH)
        bare = applied("u-2", 5, kind=UserKind.ENTITY, entity=Entity(branch_of="u-1"))

        assert judge(fact, opened("a-1", "u-1"), rules=by_number) == ()
        assert clauses(judge(bare, opened("a-1", "u-1"), rules=by_number)) == ["4.1/s3"]

    @pytest.mark.parametrize("head_first", [True, False])
    def test_head_office_and_branch_are_found_by_number_in_either_order(
        self, head_first: bool
    ) -> None:
        number = {"registration_country": "FR"}
        head = Entity(registration_number="732829320", **number)
        branch = Entity(branch_of="732 829 320", registration_number="303265045", **number)
        first, second = (head, branch) if head_first else (branch, head)
        facts = (
            applied("u-2", 5, kind=UserKind.ENTITY, entity=second),
            applied("u-1", kind=UserKind.ENTITY, entity=first),
        )

        (finding,) = judge(*facts)

        assert finding.clause.text == "4.1/s3"
        assert (finding.evidence[0].kind == "declared_branch") is head_first
        assert judge(*facts, rules=reading(T4="by_number")) == ()

    def test_a_head_office_named_by_its_number_is_suspected_as_one_named_by_its_id(self) -> None:
        number = {"registration_country": "FR"}
        head = applied("u-1", kind=UserKind.ENTITY,
                       entity=Entity(registration_number="732829320", **number))  # fmt: skip
        named = Entity(branch_of="732829320", registration_number="303265045", **number)
        (by_number,) = judge(applied("u-2", 5, kind=UserKind.ENTITY, entity=named), head)
        (by_id,) = judge(applied("u-2", 5, kind=UserKind.ENTITY, entity=self.BRANCH), head,
                         opened("a-1", "u-1"))  # fmt: skip

        assert by_number.confidence == by_id.confidence

    def test_two_that_bear_one_number_and_declare_nothing_are_only_compared(self) -> None:
        entity = Entity(registration_number="732829320", registration_country="FR")
        found = judge(
            applied("u-2", 5, kind=UserKind.ENTITY, entity=entity),
            applied("u-1", kind=UserKind.ENTITY, entity=entity),
        )

        assert all(e.kind != "declared_branch" for finding in found for e in finding.evidence)


class TestAnApprovalThatEnds:
    PAST = (opened("a-1", "u-1"), opened("a-2", "u-1", 2))

    @staticmethod
    def deadline(account: str, at: float = 100, word: str = "approval_expired") -> DeadlinePassed:
        return DeadlinePassed(
            id=f"d-{account}", at=day(at), account_id=account, deadline=word, concerns="ok-1"
        )

    def judge(self, account: str, *more: Fact, **when: Any) -> tuple[Any, ...]:
        return judge(self.deadline(account, **when), *self.PAST, *more)

    def test_engages_the_newest_account_alone_after_notice_and_grace(self) -> None:
        approval = granted("a-1", "a-2", until=day(30))
        (finding,) = self.judge("a-2", approval)

        assert finding.clause.text == "4.1/s3"
        assert finding.target == "a-1"
        assert finding.evidence[0].sentence.startswith("approval `ok-1` ended on 2019-11-06")
        assert self.judge("a-1", approval) == ()

    def test_engages_nothing_before(self) -> None:
        approval = granted("a-2", until=day(30))
        days = (
            load_rules().registration.approval_notice_days
            + load_rules().registration.approval_grace_days
        )

        assert self.judge("a-2", approval, at=30 + days - 1) == ()
        assert clauses(self.judge("a-2", approval, at=30 + days)) == ["4.1/s3"]

    def test_never_becomes_a_breach_of_the_ban(self) -> None:
        found = self.judge("a-2", granted("a-2", until=day(30)))

        assert all(f.attested is None and f.clause.text != "4.1/s2" for f in found)

    def test_a_new_approval_takes_its_place(self) -> None:
        again = granted("a-2", id="g-2", approval_id="ok-2", from_=day(20))

        assert self.judge("a-2", granted("a-2", until=day(30)), again) == ()

    def test_one_account_left_needs_no_approval(self) -> None:
        closed = AccountClosed(id="c-1", at=day(40), account_id="a-1")

        assert self.judge("a-2", granted("a-2", until=day(30)), closed) == ()

    def test_a_revocation_ends_it_as_well(self) -> None:
        assert clauses(self.judge("a-2", granted("a-2"), revoked(30))) == ["4.1/s3"]
        assert self.judge("a-2", granted("a-2", until=day(400))) == ()

    def test_a_deadline_on_the_user_finds_the_newest_account(self) -> None:
        (finding,) = self.judge("u-1", granted("u-1", until=day(30)))

        assert "`a-2`, the newest" in finding.explanation

    def test_other_deadlines_are_not_its_matter(self) -> None:
        assert self.judge("a-2", granted("a-2", until=day(30)), word="request_due") == ()

    def test_an_unknown_approval_finds_nothing(self) -> None:
        assert self.judge("a-2") == ()


PERSONAL = {
    "emails": ("ana@firm.example",),
    "phones": ("+442079460958",),
    "bank_accounts": (BANK,),
    "card_tokens": ("tok_9f",),
    "device_id": "d-1",
    "cookie_id": "c-1",
    "ip": "203.0.113.7",
    "first_name": "Ana",
    "last_name": "Diaz",
}


@settings(max_examples=60, deadline=None)
@given(
    st.sets(st.sampled_from(sorted(PERSONAL))),
    st.sampled_from(sorted(set(PERSONAL) - {"ip"})),  # that says where the others were used
)
def test_one_more_shared_identifier_is_never_less_sure(shared: set[str], one_more: str) -> None:
    def surest(names: set[str]) -> float:
        told = {name: PERSONAL[name] for name in names}
        found = judge(applied("u-2", 5, **told), applied("u-1", **told))
        return max((f.confidence for f in found), default=0.0)

    assert surest(shared | {one_more}) >= surest(shared)


def test_a_device_of_one_home_says_less_than_one_used_from_two() -> None:
    def points(*ips: str) -> int:
        told = [{"device_id": "d-771", "card_tokens": ("tok_1",), "ip": ip} for ip in ips]
        (found,) = judge(applied("u-2", 5, **told[1]), applied("u-1", **told[0]))
        return sum(e.points for e in found.evidence)

    assert points("203.0.113.7", "203.0.113.7") < points("203.0.113.7", "198.51.100.9")


@settings(max_examples=30, deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(PERSONAL)), st.sampled_from(["", " ", "n/a", "-", None]))
)
def test_a_null_never_links(empty: dict[str, str | None]) -> None:
    told = {
        name: (value,) if isinstance(PERSONAL[name], tuple) and value is not None else value
        for name, value in empty.items()
        if value is not None or not isinstance(PERSONAL[name], tuple)
    }

    assert judge(applied("u-2", 5, **told), applied("u-1", **told)) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["accounts", "applications", "entity", "infrastructure"]),
    st.sampled_from(["u-2", "u-1", "ap-u-2", f"bank:{BANK}", "email:ana@firm.example", "device:x"]),
    st.integers(0, 10),
)
def test_an_approval_never_raises(scope: str, subject: str, until: int) -> None:
    facts = applied("u-2", 5, **HAND), applied("u-1", **HAND)
    plain = judge(*facts)
    approved = judge(*facts, granted(subject, scope=scope, until=day(until)))

    assert max((f.confidence for f in approved), default=0.0) <= plain[0].confidence


def test_the_order_in_which_facts_of_one_instant_arrive_plays_no_part() -> None:
    told = {**HAND, "card_tokens": ("tok_9f",)}
    facts = [applied(f"u-{n}", 0, **told) for n in range(3)]
    answers = [Past(order).judge_all(CHECK) for order in itertools.permutations(facts)]

    assert (
        len({a for order in answers for a in order if isinstance(a, Finding)})
        == len(answers[0])
        == 3
    )
    assert all(sorted(f.id for f in order) == sorted(f.id for f in answers[0]) for order in answers)


def _cancelled(account: str) -> Decision:
    ground = Ground(ClauseRef.parse("4.1/s3"), Standard.SUSPICION, "…", ("f-1",), ("x",))
    action = DisciplinaryAction(
        power=Power.CANCEL_ACCOUNT,
        scope=Scope(ScopeKind.ACCOUNT, account),
        starts=day(2),
        end=End(),
        ground=ground.clause,
        power_clause=ClauseRef.parse("4.1/s3"),
    )
    return Decision(
        id="d-1", account_id=account, user="u-1", fact_id="x", status=Status.IN_FORCE,
        grounds=(ground,), actions=(action,), terms=load_rules().terms_at(day(2)),
        policy_hash="h", rule="second_account", conduct_at=day(2), decided_at=day(2),
        automated_detection=True, automated_decision=False,
    )  # fmt: skip
