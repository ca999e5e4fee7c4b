"""What reaches several Members is planned, approved by a person, and can be undone exactly."""

from __future__ import annotations

from datetime import timedelta
from importlib.resources import files
from typing import Any

import pytest

import policyenforce as pe
from policyenforce.discipline.cascade import Tie, hops
from policyenforce.errors import ConflictError, InputError, RoleError, UnknownError
from policyenforce.model.decisions import Status
from policyenforce.model.evidence import Evidence
from policyenforce.policy.load import load_rules
from tests.enforcer.conftest import NOW, Record, day, opened, reported
from tests.enforcer.test_order import assert_sound

GRAVE = pe.Severity.GRAVE
LATER, AFTER = NOW + timedelta(days=1), NOW + timedelta(days=2)
ANA = pe.Actor("ana", roles=("senior_moderator", "moderator"))
BEN = pe.Actor("ben", roles=("appeals_officer",))
CARD, BANK = "tok-4242", "DE89370400440532013000"
TEXT = (files("policyenforce.policy") / "house.toml").read_text(encoding="utf-8")


def applied(user: str, at: float, **more: Any) -> pe.ApplicationReceived:
    told: dict[str, Any] = {
        "kind": pe.UserKind.SOLE_TRADER, "birth_date": day(0).date().replace(year=1980),
        "business_use": True, "country": "CN", "residence": "CN", "access_country": "CN",
        "emails": (f"{user}@firm.example",), "card_tokens": (CARD,), "bank_accounts": (BANK,),
        **more,
    }  # fmt: skip
    return pe.ApplicationReceived(
        id=f"apply-{user}", at=day(at), user_id=user, application_id=f"ap-{user}", **told
    )


def member(number: int, **more: Any) -> tuple[pe.Fact, pe.Fact]:
    user = f"u-{number}"
    return applied(user, number, **more), opened(f"a-{number}", user, number + 0.5)


def approval(account: str) -> pe.ApprovalGranted:
    from policyenforce.model.facts.registration import ApprovalScope

    return pe.ApprovalGranted(
        id=f"grant-{account}", at=day(20), approval_id=f"ok-{account}", subjects=(account,),
        signer="li", scope=ApprovalScope.ACCOUNTS, role="officer", from_=day(20),
    )  # fmt: skip


@pytest.fixture
def basis(record: Record) -> pe.Decision:
    """A decision on the first of four Members who share a card and a bank account."""
    for number in (1, 2, 3, 4):
        record(*member(number))
    made = record(reported("c-1", "5.6(d)", 30, severity=GRAVE, target="l-1@1"))
    return next(d for d in made.decisions if d.in_force)


def told(plan: pe.CascadePlan) -> dict[str, str | None]:
    return {one.account_id: one.exempt for one in plan.related}


class TestACascade:
    def test_is_planned_with_evidence_path_and_the_milder_rung(
        self, enforcer: pe.Enforcer, basis: pe.Decision
    ) -> None:
        plan = enforcer.cascade(basis.id, now=LATER)
        one = plan.related[0]

        assert told(plan) == {"a-2": None, "a-3": None, "a-4": None}
        assert one.path == ("u-1", one.user)
        assert one.weight >= enforcer.rules.cascade.minimum_weight
        assert any("card" in e.sentence for e in one.evidence)
        assert [(a.power, a.power_clause, a.days) for a in plan.actions] == [
            (pe.Power.RESTRICT_FEATURE, "6.2(i)", 7)
        ]

    def test_that_is_only_planned_reaches_nobody(
        self, enforcer: pe.Enforcer, basis: pe.Decision
    ) -> None:
        before = [d.id for d in enforcer.decisions()]
        enforcer.cascade(basis.id, now=LATER)

        assert [d.id for d in enforcer.decisions()] == before

    def test_spares_who_is_approved_named_staff_or_found_to_be_another(
        self, enforcer: pe.Enforcer, record: Record, basis: pe.Decision
    ) -> None:
        record(
            approval("a-2"),
            pe.AuthorisedUserChanged(
                id="staff", at=day(40), account_id="a-1", person_id="u-3", from_=day(40),
            ),
            pe.UsersSeparated(
                id="apart", at=day(41), user_id="u-1", other_user_id="u-4", by="ana"
            ),
        )  # fmt: skip
        plan = enforcer.cascade(basis.id, now=LATER)

        assert told(plan) == {
            "a-2": "approval `ok-a-2` covers it (4.1)",
            "a-3": "named staff of account `a-1` (T21)",
            "a-4": "a person has found the two Users to be different",
        }
        assert plan.reached == ()
        with pytest.raises(ConflictError, match="is exempt: approval `ok-a-2`"):
            enforcer.approve_cascade(basis.id, by=ANA, reason="all", now=LATER, only=["a-2"])
        with pytest.raises(ConflictError, match="reaches no account"):
            enforcer.approve_cascade(basis.id, by=ANA, reason="all", now=LATER)

    def test_spares_whom_a_refuted_finding_linked(
        self, enforcer: pe.Enforcer, record: Record
    ) -> None:
        record(*member(1))
        (finding,) = [f for f in record(member(2)[0]).findings if str(f.clause) == "4.1/s3"]
        record(member(2)[1])
        made = record(reported("c-1", "5.6(d)", 30, severity=GRAVE, target="l-1@1"))
        enforcer.refute(finding.id, by=ANA, reason="a household", now=LATER)
        decision = next(d for d in made.decisions if d.in_force)

        plan = enforcer.cascade(decision.id, now=AFTER)

        assert told(plan) == {"a-2": "a person has refuted that it is one hand"}

    def test_spares_weak_evidence_and_whoever_shares_nothing(
        self, enforcer: pe.Enforcer, record: Record
    ) -> None:
        record(
            *member(1), *member(2, bank_accounts=()),
            *member(3, card_tokens=("other",), bank_accounts=()),
        )  # fmt: skip
        made = record(reported("c-1", "5.6(d)", 30, severity=GRAVE, target="l-1@1"))
        plan = enforcer.cascade(made.decisions[0].id, now=LATER)

        assert list(told(plan)) == ["a-2"]
        assert told(plan)["a-2"].startswith("the evidence weighs ")

    def test_is_approved_in_part_and_each_member_is_told_without_the_first(
        self, enforcer: pe.Enforcer, basis: pe.Decision
    ) -> None:
        name, outcomes = enforcer.approve_cascade(
            basis.id, by=ANA, reason="one hand", now=LATER, only=["a-2", "a-3"]
        )

        assert name.startswith("cascade-")
        for outcome in outcomes:
            (decision,), (notice,) = outcome.decisions, outcome.notices
            assert decision.related_to == basis.id
            assert decision.actor == ANA and not decision.automated_decision
            text = " ".join(notice.fields.values())
            for secret in ("a-1", "u-1", "c-1", "l-1"):
                assert secret not in text.replace(basis.id, "")
        assert not enforcer.may("a-2", pe.Capability.CREATE_LISTING, at=AFTER)
        assert enforcer.may("a-4", pe.Capability.CREATE_LISTING, at=AFTER)
        again = told(enforcer.cascade(basis.id, now=AFTER))
        assert again["a-2"].startswith("decided already: d-") and again["a-4"] is None

    def test_needs_the_approver_the_house_names_and_a_reason(
        self, enforcer: pe.Enforcer, basis: pe.Decision
    ) -> None:
        mo = pe.Actor("mo", roles=("moderator",))
        with pytest.raises(RoleError, match="may cascade"):
            enforcer.approve_cascade(basis.id, by=mo, reason="all", now=LATER)
        with pytest.raises(InputError, match="a reason is missing"):
            enforcer.approve_cascade(basis.id, by=ANA, reason=" ", now=LATER)
        with pytest.raises(ConflictError, match="`a-9` is not in the plan"):
            enforcer.approve_cascade(basis.id, by=ANA, reason="all", now=LATER, only=["a-9"])

        assert enforcer.may("a-2", pe.Capability.CREATE_LISTING, at=AFTER)

    def test_unwinds_exactly_what_it_did(self, enforcer: pe.Enforcer, basis: pe.Decision) -> None:
        first, _ = enforcer.approve_cascade(
            basis.id, by=ANA, reason="one hand", now=LATER, only=["a-2"]
        )
        enforcer.approve_cascade(basis.id, by=ANA, reason="one hand", now=AFTER, only=["a-3"])
        then = AFTER + timedelta(hours=1)

        (outcome,) = enforcer.unwind(first, by=ANA, reason="a household", now=then)

        assert [d.status for d in outcome.decisions] == [Status.OVERTURNED]
        assert [n.account_id for n in outcome.notices] == ["a-2"]
        assert enforcer.may("a-2", pe.Capability.CREATE_LISTING, at=then)
        assert not enforcer.may("a-3", pe.Capability.CREATE_LISTING, at=then)
        assert enforcer.decision(basis.id).in_force
        assert enforcer.unwind(first, by=ANA, reason="again", now=then) == ()
        assert_sound(enforcer)
        assert enforcer.rebuild() == 0
        with pytest.raises(UnknownError, match="no cascade"):
            enforcer.unwind("cascade-0", by=ANA, reason="?", now=then)

    def test_of_what_does_not_bind_is_refused(
        self, enforcer: pe.Enforcer, basis: pe.Decision
    ) -> None:
        enforcer.appeal(basis.id, now=LATER)
        enforcer.decide_appeal(basis.id, "overturn", by=BEN, reason="wrong", now=LATER)

        with pytest.raises(ConflictError, match="does not bind"):
            enforcer.cascade(basis.id, now=AFTER)


class TestTheReach:
    def tie(self, one: str, other: str, weight: int = 120, refuted: str | None = None) -> Tie:
        told = Evidence("shared_card", f"{one} and {other}", weight)
        return Tie(frozenset({one, other}), weight, (told,), (f"f-{one}{other}",), refuted)

    def test_ends_at_the_limit_of_hops(self) -> None:
        ties = (self.tie("a", "b"), self.tie("b", "c"), self.tie("c", "d"))

        assert set(hops("a", ties, 0)) == set()
        assert set(hops("a", ties, 1)) == {"b"}
        assert set(hops("a", ties, 2)) == {"b", "c"}

    def test_does_not_go_on_through_what_was_refuted(self) -> None:
        ties = (self.tie("a", "b", refuted="not so"), self.tie("b", "c"))

        assert set(hops("a", ties, 5)) == {"b"}

    def test_is_capped_by_the_strongest(self, url: str, keys: pe.TokenKeys) -> None:
        house = load_rules(TEXT.replace("\ncap = 20 ", "\ncap = 1 "))
        enforcer = pe.open_enforcer(url, policy=house, keys=keys)
        for number in (1, 2, 3):
            for fact in member(number):
                enforcer.record(fact, now=NOW)
        fact = reported("c-1", "5.6(d)", 30, severity=GRAVE, target="l-1@1")
        decision = enforcer.record(fact, now=NOW).decisions[0]

        plan = enforcer.cascade(decision.id, now=LATER)

        assert len(plan.reached) == 1
        assert "beyond the 1 accounts that one decision may reach" in told(plan).values()
        enforcer.close()

    def test_is_nothing_where_the_house_takes_6_2_i_by_the_letter(
        self, url: str, keys: pe.TokenKeys
    ) -> None:
        house = load_rules(TEXT.replace('T23 = "on"', 'T23 = "off"'))
        enforcer = pe.open_enforcer(url, policy=house, keys=keys)
        for number in (1, 2):
            for fact in member(number):
                enforcer.record(fact, now=NOW)
        fact = reported("c-1", "5.6(d)", 30, severity=GRAVE, target="l-1@1")
        decision = enforcer.record(fact, now=NOW).decisions[0]

        assert told(enforcer.cascade(decision.id, now=LATER)) == {
            "a-2": "nothing milder is open under 6.2(i) (T23)"
        }
        enforcer.close()


class TestReversing:
    RULE = "remove_content"

    @pytest.fixture
    def bad(self, record: Record) -> list[pe.Decision]:
        """Two decisions of one rule, of which the second reached a rung by the first's points."""
        record(opened(), opened("a-2", "u-2"))
        return [
            d
            for fact in (
                reported("c-1", "5.6(d)", 1, target="l-1@1"),
                reported("c-2", "5.6(e)", 10, severity=pe.Severity.SERIOUS, target="l-2@1"),
                reported("c-3", "5.6(d)", 2, account_id="a-2", target="l-3@1"),
            )
            for d in record(fact).decisions
        ]

    def test_is_a_plan_of_what_the_rule_did_since(
        self, enforcer: pe.Enforcer, bad: list[pe.Decision]
    ) -> None:
        version = next(v for v in bad[0].rule_versions if v.startswith(self.RULE))
        plan = enforcer.reverse(version, since=day(0))

        assert {one.decision_id for one in plan.reversals} == {d.id for d in bad}
        assert enforcer.reverse(self.RULE, since=day(0)).reversals == plan.reversals
        assert enforcer.reverse("remove_content@000000000000", since=day(0)).reversals == ()
        assert enforcer.reverse(version, since=LATER).reversals == ()
        assert all(d.in_force for d in enforcer.decisions())

    def test_gives_back_what_the_rule_took_and_tells_each_member(
        self, enforcer: pe.Enforcer, bad: list[pe.Decision]
    ) -> None:
        plan = enforcer.reverse(self.RULE, since=day(0))
        outcomes = enforcer.approve_reversal(plan, by=ANA, reason="too wide a rule", now=LATER)

        assert {n.account_id for o in outcomes for n in o.notices} == {"a-1", "a-2"}
        assert {d.status for d in enforcer.decisions()} == {Status.OVERTURNED}
        standing = enforcer.standing("a-1", at=LATER)
        assert (standing.points, standing.removed, dict(standing.restrictions)) == (
            0,
            frozenset(),
            {},
        )
        assert_sound(enforcer)
        assert enforcer.rebuild() == 0

    def test_is_no_precedent(
        self, enforcer: pe.Enforcer, record: Record, bad: list[pe.Decision]
    ) -> None:
        plan = enforcer.reverse(self.RULE, since=day(0))
        enforcer.approve_reversal(plan, by=ANA, reason="too wide a rule", now=LATER)
        again = reported("c-9", "5.6(d)", 150, target="l-1@1")

        assert record(again, now=AFTER).decisions != ()

    def test_stays_what_needed_the_points(
        self, enforcer: pe.Enforcer, record: Record, bad: list[pe.Decision]
    ) -> None:
        """Only the first decision is taken back: the rung of the second waits for a person."""
        plan = enforcer.reverse(self.RULE, since=day(0))
        first = [one for one in plan.reversals if one.decision_id == bad[0].id]
        fact = pe.DecisionReversed(
            id="back", at=LATER, account_id="a-1", decision_id=first[0].decision_id, plan=plan.id,
            by=ANA, reason="wrong",
        )  # fmt: skip
        outcome = record(fact, now=LATER)

        changed = {d.id: d for d in outcome.decisions}
        assert changed[bad[0].id].status is Status.OVERTURNED
        assert any(a.stayed and a.rung for a in changed[bad[1].id].actions)

    def test_needs_the_role_a_reason_and_the_plan_as_it_was(
        self, enforcer: pe.Enforcer, record: Record, bad: list[pe.Decision]
    ) -> None:
        plan = enforcer.reverse(self.RULE, since=day(0))
        mo = pe.Actor("mo", roles=("moderator",))
        with pytest.raises(RoleError, match="may reverse"):
            enforcer.approve_reversal(plan, by=mo, reason="wide", now=LATER)
        with pytest.raises(InputError, match="a reason is missing"):
            enforcer.approve_reversal(plan, by=ANA, reason="", now=LATER)
        empty = enforcer.reverse("no_such_rule", since=day(0))
        with pytest.raises(ConflictError, match="takes nothing back"):
            enforcer.approve_reversal(empty, by=ANA, reason="wide", now=LATER)
        record(reported("c-4", "5.6(d)", 40, account_id="a-2", target="l-9@1"), now=LATER)
        with pytest.raises(ConflictError, match="has changed since"):
            enforcer.approve_reversal(plan, by=ANA, reason="wide", now=LATER)

    def test_of_what_is_reversed_already_is_refused(
        self, enforcer: pe.Enforcer, record: Record, bad: list[pe.Decision]
    ) -> None:
        fact = pe.DecisionReversed(
            id="back", at=LATER, account_id="a-1", decision_id=bad[0].id, plan="p", by=ANA,
            reason="wrong",
        )  # fmt: skip
        record(fact, now=LATER)
        again = pe.DecisionReversed(
            id="back-2", at=AFTER, account_id="a-1", decision_id=bad[0].id, plan="p", by=ANA,
            reason="wrong",
        )  # fmt: skip
        unknown = pe.DecisionReversed(
            id="back-3", at=AFTER, account_id="a-1", decision_id="d-0", plan="p", by=ANA,
            reason="wrong",
        )  # fmt: skip

        assert record(again, now=AFTER).errors == (f"decision {bad[0].id} is overturned already",)
        assert record(unknown, now=AFTER).cannot_tell[0].missing == ("decision d-0",)


def test_without_a_milder_rung_a_related_account_gets_what_6_2_i_opens_of_the_decision() -> None:
    house = load_rules(
        "\n".join(line for line in TEXT.split("\n") if not line.startswith("milder_rung"))
    )
    enforcer = pe.open_enforcer(policy=house)
    for number in (1, 2):
        for fact in member(number):
            enforcer.record(fact, now=NOW)
    fact = reported("c-1", "5.6(d)", 30, severity=GRAVE, target="l-1@1")
    decision = enforcer.record(fact, now=NOW).decisions[0]

    plan = enforcer.cascade(decision.id, now=LATER)

    assert [(a.power, a.days, a.capabilities) for a in plan.actions] == [
        (pe.Power.RESTRICT_FEATURE, 14, ("create_listing", "promote"))
    ]
