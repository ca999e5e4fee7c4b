"""Who may decide, in whose case, how many it takes; and what protects without blame."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

import policyenforce as pe
from policyenforce.errors import ConflictError, InputError, RoleError, UnknownError
from policyenforce.model.decisions import Status
from policyenforce.model.outcome import CaseStatus
from policyenforce.policy.load import load_rules
from tests.enforcer.conftest import NOW, everything, opened, reported
from tests.enforcer.test_order import assert_sound

RULES = load_rules()
ALL = everything(RULES)
ANA, BEN, CAT = (pe.Actor(name, roles=ALL) for name in ("ana", "ben", "cat"))
NOBODY = pe.Actor("mo", roles=("clerk",))
LATER, AFTER = NOW + timedelta(days=1), NOW + timedelta(days=2)
GRAVE = pe.Severity.GRAVE
SUSPEND = pe.ChosenAction(power=pe.Power.SUSPEND_ACCOUNT, power_clause="6.2(i)", days=3)
END = pe.ChosenAction(power=pe.Power.TERMINATE_ACCOUNT, power_clause="6.2(i)")


@pytest.fixture
def enforcer() -> pe.Enforcer:
    """In memory: these acts reach the store as any other fact does."""
    made = pe.open_enforcer(policy=RULES)
    made.record(opened(), now=NOW)
    return made


def suspected(enforcer: pe.Enforcer, name: str = "c-1") -> pe.Finding:
    fact = reported(name, "5.6(b)", 1, pe.Standard.SUSPICION, severity=GRAVE, target=name)
    return enforcer.record(fact, now=NOW).findings[0]


def proposed(enforcer: pe.Enforcer, name: str = "c-1") -> pe.Decision:
    outcome = enforcer.record(reported(name, "5.6(b)", 1, severity=GRAVE), now=NOW)
    return next(d for d in outcome.decisions if d.status is Status.PROPOSED)


def only_case(enforcer: pe.Enforcer) -> pe.Case:
    (case,) = enforcer.cases()
    return case


def state(enforcer: pe.Enforcer) -> pe.AccountState:
    return enforcer.standing("a-1", at=AFTER).state


class TestTwoPersons:
    def test_a_termination_binds_with_the_second_hand_only(self, enforcer: pe.Enforcer) -> None:
        decision = proposed(enforcer)
        first = enforcer.review(
            decision.id, "amend", by=ANA, reason="no way back", now=LATER, actions=[END]
        ).decisions[0]
        assert (first.status, first.hands, state(enforcer)) == (
            Status.PROPOSED, ("ana",), pe.AccountState.OPEN,
        )  # fmt: skip
        assert only_case(enforcer).decision_ids == (decision.id,)

        again = enforcer.review(decision.id, "approve", by=ANA, reason="sure", now=LATER)
        assert again.decisions[0].status is Status.PROPOSED
        enforcer.review(decision.id, "approve", by=BEN, reason="I agree", now=AFTER)

        done = enforcer.decision(decision.id)
        assert (done.status, done.hands) == (Status.IN_FORCE, ("ana", "ben"))
        assert state(enforcer) is pe.AccountState.TERMINATED
        assert_sound(enforcer)

    def test_what_the_second_person_rejects_never_binds(self, enforcer: pe.Enforcer) -> None:
        decision = proposed(enforcer)
        enforcer.review(decision.id, "amend", by=ANA, reason="x", now=LATER, actions=[END])
        enforcer.review(decision.id, "reject", by=BEN, reason="too much", now=LATER)

        assert enforcer.decision(decision.id).status is Status.REJECTED
        assert state(enforcer) is pe.AccountState.OPEN

    def test_a_suspension_takes_one(self, enforcer: pe.Enforcer) -> None:
        decision = proposed(enforcer)
        enforcer.review(decision.id, "amend", by=ANA, reason="x", now=AFTER, actions=[SUSPEND])

        assert state(enforcer) is pe.AccountState.SUSPENDED

    def test_nobody_who_had_a_hand_in_it_hears_the_appeal(self, enforcer: pe.Enforcer) -> None:
        decision = proposed(enforcer)
        enforcer.review(decision.id, "amend", by=ANA, reason="x", now=LATER, actions=[END])
        enforcer.review(decision.id, "approve", by=BEN, reason="I agree", now=LATER)
        enforcer.appeal(decision.id, now=AFTER)

        for by in (ANA, BEN):
            with pytest.raises(ConflictError, match="may not hear its appeal"):
                enforcer.decide_appeal(decision.id, "overturn", by=by, reason="x", now=AFTER)
        enforcer.decide_appeal(decision.id, "overturn", by=CAT, reason="x", now=AFTER)
        assert state(enforcer) is pe.AccountState.OPEN

    def test_a_related_account_is_ended_by_two_as_well(self, enforcer: pe.Enforcer) -> None:
        enforcer.record(opened("a-2", "u-2"), now=NOW)
        basis = enforcer.record(reported("c-2", "5.6(d)", 1, target="l-1@1"), now=NOW).decisions[0]
        (related,) = enforcer.relate(
            "a-2", basis.id, actions=[END], evidence=["one bank account"], by=ANA, reason="x",
            now=LATER,
        ).decisions  # fmt: skip
        assert related.status is Status.PROPOSED

        enforcer.review(related.id, "approve", by=BEN, reason="so it is", now=AFTER)
        assert enforcer.standing("a-2", at=AFTER).state is pe.AccountState.TERMINATED


class TestCases:
    def test_what_is_assigned_is_decided_by_nobody_else(self, enforcer: pe.Enforcer) -> None:
        finding, case = suspected(enforcer), only_case(enforcer)
        enforcer.assign(case.id, "ana", by=BEN, reason="knows the trade", now=NOW)

        with pytest.raises(ConflictError, match="is assigned to `ana`"):
            enforcer.confirm(finding.id, pe.Standard.FACT, by=BEN, reason="x", now=LATER)
        with pytest.raises(ConflictError, match="is assigned to `ana`"):
            enforcer.decide(case.id, by=BEN, reason="x", now=LATER)
        enforcer.assign(case.id, "ben", by=CAT, reason="ana is away", now=LATER)
        enforcer.confirm(finding.id, pe.Standard.FACT, by=BEN, reason="x", now=AFTER)
        assert_sound(enforcer)

    def test_an_appeal_is_heard_whoever_s_the_case_is(self, enforcer: pe.Enforcer) -> None:
        suspected(enforcer, "c-2")
        decision = proposed(enforcer)
        enforcer.assign(only_case(enforcer).id, "ana", by=CAT, reason="hers", now=NOW)
        enforcer.review(decision.id, "approve", by=ANA, reason="x", now=LATER)
        enforcer.appeal(decision.id, now=AFTER)
        enforcer.decide_appeal(decision.id, "overturn", by=BEN, reason="wrong", now=AFTER)

        assert enforcer.decision(decision.id).status is Status.OVERTURNED

    def test_of_two_moderators_the_second_finds_it_decided(self, enforcer: pe.Enforcer) -> None:
        decision = proposed(enforcer)
        enforcer.review(decision.id, "approve", by=ANA, reason="x", now=LATER)

        with pytest.raises(ConflictError, match="is in force, not waiting"):
            enforcer.review(decision.id, "reject", by=BEN, reason="y", now=LATER)

    def test_one_is_opened_by_hand_once(self, enforcer: pe.Enforcer) -> None:
        enforcer.open_case("a-1", by=ANA, reason="a hint by telephone", now=NOW, to="ben")
        case = only_case(enforcer)

        assert (case.reason, case.assigned_to) == ("a hint by telephone", "ben")
        with pytest.raises(ConflictError, match="open already"):
            enforcer.open_case("a-1", by=ANA, reason="again", now=LATER)
        enforcer.decide(case.id, by=BEN, reason="nothing in it", now=LATER)
        assert list(enforcer.cases()) == []

    def test_one_that_rests_comes_back_by_itself(self, enforcer: pe.Enforcer) -> None:
        suspected(enforcer)
        case = only_case(enforcer)
        outcome = enforcer.snooze(case.id, AFTER, by=ANA, reason="waits for the bank", now=NOW)

        assert (outcome.cases[0].snoozed_by, outcome.cases[0].snoozed_until) == ("ana", AFTER)
        assert list(enforcer.cases(at=LATER)) == []
        assert [c.id for c in enforcer.cases(at=AFTER)] == [case.id]
        assert [c.id for c in enforcer.cases()] == [case.id]
        assert enforcer.due(now=LATER) == ()
        assert len(enforcer.due(now=AFTER)) == 1
        with pytest.raises(ConflictError, match="still to come"):
            enforcer.snooze(case.id, NOW, by=ANA, reason="x", now=AFTER)

    def test_is_decided_by_hand_on_a_finding(self, enforcer: pe.Enforcer) -> None:
        finding, case = suspected(enforcer), only_case(enforcer)
        outcome = enforcer.decide(
            case.id, by=ANA, reason="seen the papers", now=AFTER, actions=[SUSPEND]
        )

        (decision,) = outcome.decisions
        assert decision.grounds[0].finding_ids == (finding.id,)
        assert (decision.rule, decision.actor, decision.points) == ("by hand", ANA, 12)
        assert not decision.automated_decision
        assert (state(enforcer), only_notice(outcome).decision_id) == (
            pe.AccountState.SUSPENDED, decision.id,
        )  # fmt: skip
        assert list(enforcer.cases()) == []

    def test_by_hand_reaches_no_power_that_the_ground_does_not_open(
        self, enforcer: pe.Enforcer
    ) -> None:
        suspected(enforcer)
        wrong = pe.ChosenAction(power=pe.Power.CANCEL_ACCOUNT, power_clause="4.1/s3")

        with pytest.raises(ConflictError, match="does not open"):
            enforcer.decide(only_case(enforcer).id, by=ANA, reason="x", now=LATER, actions=[wrong])

    def test_by_hand_names_the_finding_where_there_are_several(self, enforcer: pe.Enforcer) -> None:
        suspected(enforcer)
        second = suspected(enforcer, "c-2")
        case = only_case(enforcer)

        with pytest.raises(InputError, match="say which finding"):
            enforcer.decide(case.id, by=ANA, reason="x", now=LATER, actions=[SUSPEND])
        done = enforcer.decide(
            case.id, by=ANA, reason="x", now=LATER, actions=[SUSPEND], finding_id=second.id
        )
        assert done.decisions[0].grounds[0].target == "c-2"

    @pytest.mark.parametrize("verb", ["open", "assign", "snooze"])
    def test_are_handled_by_whom_the_house_names(self, enforcer: pe.Enforcer, verb: str) -> None:
        if verb == "open":
            with pytest.raises(RoleError, match="may handle_case"):
                enforcer.open_case("a-1", by=NOBODY, reason="x", now=LATER)
            return
        suspected(enforcer)
        case = only_case(enforcer)
        with pytest.raises(RoleError, match="may handle_case"):
            if verb == "assign":
                enforcer.assign(case.id, "ana", by=NOBODY, reason="x", now=LATER)
            else:
                enforcer.snooze(case.id, AFTER, by=NOBODY, reason="x", now=LATER)

    def test_that_are_closed_are_not_handed_on(self, enforcer: pe.Enforcer) -> None:
        suspected(enforcer)
        case = only_case(enforcer)
        enforcer.decide(case.id, by=ANA, reason="nothing", now=LATER)

        with pytest.raises(UnknownError, match="open case"):
            enforcer.assign(case.id, "ben", by=ANA, reason="x", now=AFTER)
        assert enforcer.history("a-1").cases[0].status is CaseStatus.CLOSED

    def test_are_assigned_to_somebody(self, enforcer: pe.Enforcer) -> None:
        suspected(enforcer)
        with pytest.raises(ConflictError, match="say to whom"):
            enforcer.assign(only_case(enforcer).id, "", by=ANA, reason="x", now=LATER)


def test_whoever_has_an_interest_takes_no_part(enforcer: pe.Enforcer) -> None:
    finding = suspected(enforcer)
    enforcer.declare_conflict("a-1", "ana", by=ANA, reason="my brother's firm", now=NOW)

    for act in (
        lambda: enforcer.confirm(finding.id, pe.Standard.FACT, by=ANA, reason="x", now=LATER),
        lambda: enforcer.refute(finding.id, by=ANA, reason="x", now=LATER),
        lambda: enforcer.decide(only_case(enforcer).id, by=ANA, reason="x", now=LATER),
    ):
        with pytest.raises(ConflictError, match="has declared an interest"):
            act()
    enforcer.confirm(finding.id, pe.Standard.FACT, by=BEN, reason="x", now=LATER)
    assert enforcer.history("a-1").recused == ("ana",)


@pytest.mark.parametrize("verb", ["open_case", "declare_conflict", "protect"])
def test_nothing_is_done_about_an_account_that_no_fact_has_named(
    enforcer: pe.Enforcer, verb: str
) -> None:
    before = enforcer.ledger.head_digest()
    told: dict[str, dict[str, object]] = {
        "declare_conflict": {"person": "ben"},
        "protect": {"measure": "deny_service", "basis": "2.3", "until": LATER},
    }

    with pytest.raises(UnknownError, match="no fact names account `a-404`"):
        getattr(enforcer, verb)("a-404", by=ANA, reason="x", now=NOW, **told.get(verb, {}))
    assert enforcer.ledger.head_digest() == before


def only_notice(outcome: pe.Outcome) -> pe.Notice:
    (notice,) = outcome.notices
    return notice


class TestProtection:
    MONEY = pe.Money(Decimal("120.50"), "USD")

    def test_pauses_payouts_with_person_amount_and_end(self, enforcer: pe.Enforcer) -> None:
        outcome = enforcer.protect(
            "a-1", "pause_payouts", basis="2.3", until=LATER, by=ANA, reason="a dispute is open",
            now=NOW, amount=self.MONEY,
        )  # fmt: skip

        assert not enforcer.may("a-1", pe.Capability.WITHDRAW, at=NOW)
        assert enforcer.may("a-1", pe.Capability.WITHDRAW, at=LATER)
        assert enforcer.may("a-1", pe.Capability.SELL, at=NOW)
        assert enforcer.standing("a-1", at=NOW).points == 0
        fields = only_notice(outcome).fields
        assert fields["ground"] == "none: this protects and does not punish"
        assert fields["end"] == LATER.isoformat()
        assert_sound(enforcer)

    def test_keeps_a_service_back_and_what_survives_stays(self, enforcer: pe.Enforcer) -> None:
        outcome = enforcer.protect(
            "a-1", "deny_service", basis="2.2", until=LATER, by=ANA, reason="an order of court",
            now=NOW,
        )  # fmt: skip
        assert not enforcer.may("a-1", pe.Capability.SELL, at=NOW)
        assert enforcer.may("a-1", pe.Capability.APPEAL, at=NOW)

        done = enforcer.lift(
            "a-1", outcome.measures[0].id, by=BEN, reason="it was withdrawn", now=NOW
        )
        assert enforcer.may("a-1", pe.Capability.SELL, at=NOW)
        assert done.notices == ()
        with pytest.raises(ConflictError, match="is over already"):
            enforcer.lift("a-1", outcome.measures[0].id, by=BEN, reason="x", now=LATER)

    @pytest.mark.parametrize(
        ("kind", "more", "why"),
        [
            ("pause_payouts", {}, "needs a person and an amount"),
            ("pause_payouts", {"amount": MONEY, "until": NOW + timedelta(hours=241)}, "240 hours"),
            ("deny_service", {"basis": " "}, "needs its basis"),
            ("deny_service", {"until": NOW}, "must end after it starts"),
            ("deny_service", {"until": NOW + timedelta(hours=721)}, "720 hours at most"),
            ("hold_content", {}, "name its revision"),
            ("pause_payouts", {"amount": pe.Money(Decimal(0), "USD")}, "more than nothing"),
            ("pause_payouts", {"amount": pe.Money(Decimal(-5), "USD")}, "more than nothing"),
        ],
    )
    def test_without_basis_amount_or_end_is_refused(
        self, enforcer: pe.Enforcer, kind: str, more: dict[str, object], why: str
    ) -> None:
        told: dict[str, object] = {"basis": "2.3", "until": LATER, **more}
        with pytest.raises(ConflictError, match=why):
            enforcer.protect("a-1", kind, by=ANA, reason="x", now=NOW, **told)  # type: ignore[arg-type]  # the keywords are the method's own

        assert enforcer.history("a-1").measures == ()

    @pytest.mark.parametrize("kind", ["pause_payouts", "deny_service"])
    def test_is_ordered_and_lifted_by_whom_the_house_names(
        self, enforcer: pe.Enforcer, kind: str
    ) -> None:
        with pytest.raises(RoleError, match="may p"):
            enforcer.protect(
                "a-1", kind, basis="2.3", until=LATER, by=NOBODY, reason="x", now=NOW,
                amount=self.MONEY,
            )  # fmt: skip
        made = enforcer.protect(
            "a-1", kind, basis="2.3", until=LATER, by=ANA, reason="x", now=NOW, amount=self.MONEY
        )
        with pytest.raises(RoleError, match="may p"):
            enforcer.lift("a-1", made.measures[0].id, by=NOBODY, reason="x", now=NOW)
        with pytest.raises(UnknownError, match="measure m-0"):
            enforcer.lift("a-1", "m-0", by=ANA, reason="x", now=NOW)
        with pytest.raises(InputError, match="unknown word"):
            enforcer.protect("a-1", "fine", basis="2.3", until=LATER, by=ANA, reason="x", now=NOW)


def test_by_hand_one_person_ends_no_account(enforcer: pe.Enforcer) -> None:
    suspected(enforcer)
    case = only_case(enforcer)
    (made,) = enforcer.decide(case.id, by=ANA, reason="x", now=LATER, actions=[END]).decisions
    assert (made.status, state(enforcer)) == (Status.PROPOSED, pe.AccountState.OPEN)

    enforcer.review(made.id, "approve", by=BEN, reason="so it is", now=AFTER)
    assert state(enforcer) is pe.AccountState.TERMINATED


def test_a_notice_of_no_decision_is_not_put_off(enforcer: pe.Enforcer) -> None:
    fact = pe.NoticeDeferred(
        id="defer", at=LATER, account_id="a-1", decision_id="d-0", until=AFTER,
        legal_reason="law", by=ANA, reason="x",
    )  # fmt: skip

    assert enforcer.record(fact, now=LATER).cannot_tell[0].missing == ("decision d-0",)


def test_of_a_proposal_there_is_no_notice(enforcer: pe.Enforcer) -> None:
    with pytest.raises(ConflictError, match="only proposed"):
        enforcer.notice(proposed(enforcer).id)
