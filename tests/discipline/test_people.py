"""What people may do to findings, decisions and cases, and what is refused with its reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

import policyenforce as pe
from policyenforce.discipline.acting import Act
from policyenforce.discipline.actions import action_from
from policyenforce.discipline.appeals import decided as heard
from policyenforce.discipline.appeals import filed
from policyenforce.discipline.decide import decide
from policyenforce.discipline.falling import spared, stayed, without_grounds
from policyenforce.discipline.history import advance
from policyenforce.discipline.people import confirmed, refuted, stranger_reported
from policyenforce.discipline.reviewing import reviewed
from policyenforce.model.decisions import Scope, ScopeKind, Status
from policyenforce.model.evidence import Evidence
from policyenforce.model.facts.procedure import AppealResult, Verdict
from policyenforce.model.outcome import AccountRecord, CaseStatus, Interval, Precedent
from policyenforce.terms.gates import Trigger
from tests.discipline.cast import (
    ANA,
    AT,
    BEN,
    RULES,
    SEEN,
    a_finding,
    a_history,
    a_setting,
    decided,
    house_with,
)

NOBODY = pe.Actor("guest")
LATER = AT + timedelta(days=2)
BAD_FAITH = a_finding("5.6(b)", target=None)
SUSPEND = pe.ChosenAction(power=pe.Power.SUSPEND_ACCOUNT, power_clause="6.2(i)", days=7)


def proposed(*findings: pe.Finding, **more: Any) -> pe.Decision:
    verdicts = decide(findings or (BAD_FAITH,), a_setting(**more))
    return next(d for d in verdicts.decisions if d.status is Status.PROPOSED)


def on_one_contract(**more: Any) -> pe.Decision:
    """A proposal on an order that was not performed."""
    complained = {"target": "o-1", "triggers": (Trigger.COMPLAINT,)}
    return evolve(proposed(a_finding("6.3(a)", severity=pe.Severity.MINOR, **complained)), **more)


def a_case(*decisions: str, **more: Any) -> pe.Case:
    return pe.Case("case-1", "a-1", AT, "look", decision_ids=decisions, **more)


def review(verdict: Verdict, *decisions: pe.Decision, past: Any = None, **more: Any) -> Act:
    told: dict[str, Any] = {
        "id": "r-1", "at": LATER, "account_id": "a-1", "by": ANA, "reason": "seen it",
        "decision_id": decisions[0].id if decisions else None, **more,
    }  # fmt: skip
    fact = pe.ReviewRecorded(verdict=verdict, **told)
    case = a_case(*(decision.id for decision in decisions))
    history = past or a_history(*decisions, cases=(case,))
    return reviewed(fact, a_setting(fact, history=history, now=LATER))


class TestWhoMay:
    @pytest.mark.parametrize("verb", ["confirm", "refute"])
    def test_a_finding_is_for_whom_the_house_names(self, verb: str) -> None:
        assert finding_act(verb, a_finding(), NOBODY).refused == (f"no role of `guest` may {verb}",)

    @pytest.mark.parametrize("verb", ["confirm", "refute"])
    def test_a_finding_nobody_knows_cannot_be_told(self, verb: str) -> None:
        act = finding_act(verb, None, ANA)

        assert [c.missing for c in act.cannot_tell] == [("finding f-0",)]
        assert (act.decisions, act.cases, act.precedents) == ((), (), ())

    def test_a_review_is_for_whom_the_house_names(self) -> None:
        act = review(Verdict.APPROVE, proposed(), by=NOBODY)

        assert act == Act(refused=("no role of `guest` may review",))

    def test_a_relation_needs_the_verb_cascade(self) -> None:
        act = relate(by=pe.Actor("mo", roles=("moderator",)))

        assert act == Act(refused=("no role of `mo` may cascade",))


def finding_act(verb: str, finding: pe.Finding | None, by: pe.Actor) -> Act:
    told: dict[str, Any] = {
        "id": "x-1", "at": LATER, "account_id": "a-1", "finding_id": "f-0", "by": by, "reason": "x",
    }  # fmt: skip
    if verb == "confirm":
        fact: Any = pe.FindingConfirmed(standard=pe.Standard.FACT, **told)
        return confirmed(fact, finding, a_setting(fact))
    fact = pe.FindingRefuted(**told)
    return refuted(fact, finding, a_setting(fact))


HEARD = Evidence("heard", "Somebody told of it.", 30, ("f-2",))


def refute(finding: pe.Finding, *decisions: pe.Decision) -> Act:
    fact = pe.FindingRefuted(
        id="x-1", at=LATER, account_id="a-1", finding_id=finding.id, by=ANA, reason="not so"
    )
    return refuted(fact, finding, a_setting(fact, history=a_history(*decisions)))


class TestRefuting:
    def test_what_every_finding_of_a_ground_rested_on_makes_it_fall(self) -> None:
        decision = decided()
        (finding_id,) = decision.grounds[0].finding_ids
        act = refute(evolve(a_finding(), id=finding_id), decision)

        assert [d.status for d in act.decisions] == [Status.OVERTURNED]
        assert act.precedents[0].source_id == finding_id

    def test_one_finding_leaves_what_rests_on_others_or_on_a_person_alone(self) -> None:
        another = evolve(decided(a_finding("5.6(f)")), id="d-2")
        (related,) = relate().decisions
        act = refute(a_finding("3.1"), another, related)

        assert act.decisions == ()
        assert len(act.precedents) == 1

    def test_what_other_decisions_say_of_the_same_on_the_same_evidence_falls_too(self) -> None:
        same = evolve(decided(evolve(a_finding(), id="f-same")), id="d-same")
        elsewhere = evolve(decided(a_finding(target="c-1@2")), id="d-elsewhere")
        general = evolve(decided(a_finding(target=None)), id="d-general")

        act = refute(evolve(a_finding(), id="f-wrong"), same, elsewhere, general)

        assert [(d.id, d.status) for d in act.decisions] == [("d-same", Status.OVERTURNED)]

    def test_what_other_decisions_say_of_the_same_on_other_evidence_waits_for_a_person(
        self,
    ) -> None:
        other = evolve(decided(a_finding(evidence=(HEARD,))), id="d-other")

        act = refute(evolve(a_finding(), id="f-wrong"), other)

        (waiting,) = act.decisions
        assert (waiting.status, waiting.points) == (Status.STAYED, other.points)
        assert [c.decision_ids for c in act.cases] == [("d-other",)]

    def test_a_proposal_on_other_evidence_goes_on_waiting(self) -> None:
        waiting = proposed(a_finding("5.6(b)", evidence=(HEARD,)))

        act = refute(evolve(a_finding("5.6(b)"), id="f-wrong"), waiting)

        assert act.decisions == ()

    def test_a_decision_keeps_what_rests_on_another_of_its_grounds(self) -> None:
        two = decided(
            a_finding(evidence=(HEARD,)),
            a_finding("4.3/s3", target=None, severity=pe.Severity.MINOR),
        )

        (after,) = refute(evolve(a_finding(), id="f-wrong"), two).decisions

        assert after.status is Status.AMENDED
        assert {str(a.ground) for a in after.actions if not a.stayed} == {"4.3/s3"}
        assert not [a for a in after.actions if a.stayed and a.points]
        assert after.points_after == after.points_before + after.points

    def test_a_rung_that_needed_its_points_is_stayed(self) -> None:
        first = decided(a_finding("5.6(f)"))
        setting = a_setting(history=a_history(evolve(first, id="d-0")))
        second = decided(a_finding("5.6(e)"), setting=setting)
        assert {a.rung for a in second.actions} == {None, "limits_7_days"}

        gone, waiting = refute(a_finding("5.6(f)"), evolve(first, id="d-0"), second).decisions

        assert gone.status is Status.OVERTURNED
        assert [a.stayed for a in waiting.actions] == [a.rung is not None for a in second.actions]
        assert waiting.reason == "rested on points of d-0, which fell"


class TestReview:
    def test_of_an_unknown_decision_cannot_be_told(self) -> None:
        act = review(Verdict.APPROVE, decision_id="d-0")

        assert [c.missing for c in act.cannot_tell] == [("decision d-0",)]

    def test_of_what_does_not_wait_is_refused(self) -> None:
        assert "in force, not waiting" in review(Verdict.APPROVE, decided()).refused[0]

    def test_closes_no_decision(self) -> None:
        waiting = proposed()

        act = review(Verdict.CLOSE, waiting)

        assert "a case is closed" in act.refused[0]
        assert act.decisions == ()

    def test_that_amends_names_what_it_puts_in_place(self) -> None:
        assert "names the actions" in review(Verdict.AMEND, proposed()).refused[0]

    @pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.REJECT])
    def test_that_amends_nothing_names_no_action(self, verdict: Verdict) -> None:
        act = review(verdict, proposed(), actions=(SUSPEND,))

        assert act.refused == ("only an amendment names actions",)

    @pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.AMEND, Verdict.REJECT])
    def test_brings_nothing_back_that_fell_while_it_was_stayed(self, verdict: Verdict) -> None:
        gone = without_grounds(spared_by_a_stranger(), lambda _: True, BEN, "mistaken")

        act = review(verdict, gone, decision_id=gone.id, actions=(SUSPEND,))

        assert any(action.stayed for action in gone.actions)
        assert act.refused == (f"decision {gone.id} is overturned, not waiting",)

    def test_approving_what_was_stayed_lets_all_of_it_bind_again(self) -> None:
        stayed = spared_by_a_stranger()
        assert any(action.stayed for action in stayed.actions)

        (again,) = review(Verdict.APPROVE, stayed).decisions

        assert again.status is Status.AMENDED
        assert not any(action.stayed for action in again.actions)
        assert (again.actor, again.reason) == (ANA, "seen it")
        assert again.decided_at == stayed.decided_at

    def test_amending_what_was_stayed_keeps_the_window_it_had(self) -> None:
        waiting = spared_by_a_stranger()

        (amended,) = review(Verdict.AMEND, waiting, actions=(SUSPEND,)).decisions

        assert (amended.status, amended.appeal_until) == (Status.AMENDED, waiting.appeal_until)
        assert [a.power for a in amended.actions] == [pe.Power.SUSPEND_ACCOUNT]

    def test_rejecting_what_was_stayed_leaves_what_binds_already(self) -> None:
        stayed = spared_by_a_stranger()

        (rest,) = review(Verdict.REJECT, stayed).decisions

        assert rest.status is Status.AMENDED
        assert [a.power for a in rest.actions] == [pe.Power.REMOVE_CONTENT]

    def test_approving_counts_the_points_that_hold_by_then(self) -> None:
        waiting = proposed()
        meanwhile = evolve(decided(a_finding("5.6(f)", severity=pe.Severity.SERIOUS)), id="d-0")
        assert waiting.points_before == 0

        act = review(Verdict.APPROVE, waiting, past=a_history(waiting, meanwhile))
        approved, *further = act.decisions

        assert (approved.points_before, approved.points_after) == (6, 12)
        assert [a.rung for d in further for a in d.actions] == ["limits_7_days"]
        assert {d.points_before for d in further} == {12}
        assert {d.automated_detection for d in act.decisions} == {True}

    @pytest.mark.parametrize("first", [0, 1])
    def test_two_proposals_on_one_contract_score_once_whichever_comes_first(
        self, first: int
    ) -> None:
        seen = on_one_contract(), on_one_contract(id="d-2", conduct_at=AT + timedelta(days=10))
        one, other = seen[first], seen[1 - first]
        (taken,) = review(Verdict.APPROVE, one).decisions

        (after,) = review(Verdict.APPROVE, other, past=a_history(other, taken)).decisions

        assert (taken.points, after.points) == (one.points, 0)
        assert (after.status, len(after.actions)) == (Status.IN_FORCE, len(other.actions))

    def test_amending_a_proposal_scores_no_more_than_approving_it(self) -> None:
        other = on_one_contract(id="d-2", conduct_at=AT + timedelta(days=10))
        (taken,) = review(Verdict.APPROVE, on_one_contract()).decisions

        past = a_history(other, taken)
        (after,) = review(Verdict.AMEND, other, past=past, actions=(SUSPEND,)).decisions

        assert (after.status, after.points) == (Status.AMENDED, 0)

    def test_what_was_stayed_scores_no_more_when_its_contract_has_scored_since(self) -> None:
        waiting = spared(on_one_contract(), "the complaint was rejected")
        other = on_one_contract(id="d-2", conduct_at=AT + timedelta(days=10))
        (taken,) = review(Verdict.APPROVE, other).decisions

        (again,) = review(Verdict.APPROVE, waiting, past=a_history(waiting, taken)).decisions

        assert (waiting.points, again.points) == (other.points, 0)

    def test_approving_what_scores_nothing_climbs_nothing(self) -> None:
        notice = a_finding("6.5", triggers=(pe.Trigger.AFFILIATE_NOTICE,), target=None)

        assert len(review(Verdict.APPROVE, proposed(notice)).decisions) == 1


def spared_by_a_stranger() -> pe.Decision:
    fact = pe.UnauthorisedUseReported(
        id="s-1", at=LATER, account_id="a-1", aware_at=AT, since=AT, until=AT
    )
    act = stranger_reported(fact, a_setting(fact, history=a_history(decided()), now=LATER))
    (decision,) = act.decisions
    return decision


def test_a_stranger_s_report_spares_nothing_that_only_keeps_content_down() -> None:
    removed = decided(a_finding(severity=pe.Severity.SERIOUS))
    bare = evolve(removed, actions=(evolve(removed.actions[0], points=0),))
    fact = pe.UnauthorisedUseReported(
        id="s-1", at=LATER, account_id="a-1", aware_at=AT, since=AT, until=AT
    )

    assert stranger_reported(fact, a_setting(fact, history=a_history(bare))) == Act()


class TestChosenActions:
    @pytest.mark.parametrize(
        ("chosen", "why"),
        [
            ({"power": pe.Power.RESTRICT_FEATURE, "power_clause": "6.2(iv)"}, "capabilities"),
            ({"power": pe.Power.LIMIT_SERVICE, "power_clause": "6.2(ii)"}, "capabilities"),
            ({"power": pe.Power.CAP_CONTENT, "power_clause": "6.2(iii)"}, "needs its number"),
            (
                {"power": pe.Power.REMOVE_CONTENT, "power_clause": "6.1/limb1"},
                "names no content revision",
            ),
            (
                {
                    "power": pe.Power.RESTRICT_FEATURE,
                    "power_clause": "6.2(iv)",
                    "capabilities": ("fly",),
                },
                "'fly' is not a valid Capability",
            ),
            ({"power": pe.Power.SUSPEND_ACCOUNT, "power_clause": "6.2(ix)"}, "6.2(ix)"),
            ({"power": pe.Power.CANCEL_ACCOUNT, "power_clause": "4.1/s3"}, "does not open"),
        ],
    )
    def test_that_do_not_fit_are_refused_and_change_nothing(
        self, chosen: dict[str, Any], why: str
    ) -> None:
        act = review(Verdict.AMEND, proposed(), actions=(pe.ChosenAction(**chosen),))

        assert why in act.refused[0]
        assert (act.decisions, act.cases) == ((), ())

    @pytest.mark.parametrize(
        ("power", "clause", "kind", "value"),
        [
            (pe.Power.SUSPEND_SERVICE, "6.2(ii)", ScopeKind.SERVICE, "freight"),
            (pe.Power.TERMINATE_ACCOUNT, "6.2(i)", ScopeKind.ACCOUNT, "a-1"),
        ],
    )
    def test_bear_on_what_their_power_says(
        self, power: pe.Power, clause: str, kind: ScopeKind, value: str
    ) -> None:
        waiting = evolve(proposed(), service="freight")
        chosen = pe.ChosenAction(power=power, power_clause=clause)

        (amended,) = review(Verdict.AMEND, waiting, actions=(chosen,)).decisions

        assert amended.actions[0].scope == Scope(kind, value)
        assert amended.actions[0].points == waiting.points

    def test_bear_on_the_revision_of_the_ground(self) -> None:
        waiting = proposed(a_finding("3.1"))
        chosen = pe.ChosenAction(power=pe.Power.REMOVE_CONTENT, power_clause="6.2(iii)")

        (amended,) = review(Verdict.AMEND, waiting, actions=(chosen,)).decisions

        assert amended.actions[0].scope == Scope(ScopeKind.CONTENT, "c-1@1")

    def test_may_turn_an_application_down(self) -> None:
        finding = a_finding("1.2(a)", triggers=(pe.Trigger.APPLICATION,), target=None)
        chosen = pe.ChosenAction(power=pe.Power.REJECT_APPLICATION, power_clause="4.1/s4")

        (amended,) = review(Verdict.AMEND, proposed(finding), actions=(chosen,)).decisions

        assert amended.actions[0].scope == Scope(ScopeKind.APPLICATION, "a-1")


def test_what_a_rule_gives_bears_on_the_service_the_conduct_was_in() -> None:
    fact = pe.SignedOut(id="f-1", at=AT, account_id="a-1", site="alibaba", service="freight")
    (template,) = a_setting().rules.responses_for(pe.ClauseRef.parse("5.11"), None)[0].actions
    ground = decided().grounds[0]
    there = action_from(evolve(template, scope=ScopeKind.SERVICE), ground, a_setting(fact))

    assert there.scope == Scope(ScopeKind.SERVICE, "freight")


CULPRIT = evolve(
    decided(a_finding("5.6(d)", severity=pe.Severity.GRAVE)),
    id="d-9", account_id="a-9", user="u-9", conduct_at=AT - timedelta(days=30),
)  # fmt: skip


def on_ground(clause: str, **more: Any) -> pe.Decision:
    """The decision about another User, on another ground."""
    powers = {"6.5": (pe.Power.LIMIT_SERVICE, "6.5"), "7.5": (pe.Power.SUSPEND_ACCOUNT, "7.5")}
    power, power_clause = powers.get(clause, (pe.Power.OTHER_CORRECTIVE, "6.2(v)"))
    if clause == "4.1/s3":
        power, power_clause = pe.Power.CANCEL_ACCOUNT, "4.1/s3"
    ref = pe.ClauseRef.parse(clause)
    ground = evolve(CULPRIT.grounds[0], clause=ref, **more)
    action = evolve(
        CULPRIT.actions[0], power=power, ground=ref, power_clause=pe.ClauseRef.parse(power_clause)
    )
    return evolve(CULPRIT, grounds=(ground,), actions=(action,))


def relate(
    basis: pe.Decision | None = CULPRIT, past: Any = None, rules: Any = RULES, **more: Any
) -> Act:
    told: dict[str, Any] = {
        "id": "r-1", "at": LATER, "account_id": "a-1", "verdict": Verdict.AMEND, "by": ANA,
        "reason": "one hand", "related_to": "d-9", "actions": (SUSPEND,),
        "evidence": ("same bank account",), **more,
    }  # fmt: skip
    fact = pe.ReviewRecorded(**told)
    return reviewed(fact, a_setting(fact, now=LATER, history=past, rules=rules), basis)


class TestRelatedAccounts:
    def test_are_decided_by_a_person_on_stated_evidence(self) -> None:
        (decision,) = relate().decisions

        assert (decision.related_to, decision.actor) == ("d-9", ANA)
        assert not decision.automated_decision
        assert [e.sentence for e in decision.grounds[0].evidence] == ["same bank account"]

    @pytest.mark.parametrize("missing", [{"evidence": ()}, {"evidence": (" ",)}, {"actions": ()}])
    def test_need_actions_and_evidence(self, missing: dict[str, Any]) -> None:
        (refused,) = relate(**missing).refused

        assert refused.startswith("a related account needs")

    @pytest.mark.parametrize("verdict", [Verdict.REJECT, Verdict.CLOSE])
    def test_are_left_alone_by_who_rejects_or_closes(self, verdict: Verdict) -> None:
        act = relate(verdict=verdict)

        assert len(act.refused) == 1
        assert act.decisions == ()

    @pytest.mark.parametrize("clause", ["6.2(ii)", "6.2(iv)", "6.2(v)", "4.5/s3", "6.2"])
    def test_are_reached_by_6_2_i_alone(self, clause: str) -> None:
        act = relate(actions=(evolve(SUSPEND, power_clause=clause),))

        assert act.refused == ("only 6.2(i) reaches related accounts",)

    def test_are_other_accounts_of_other_users(self) -> None:
        own = evolve(decided(), id="d-9")

        for act in (
            relate(None, a_history(own)),
            relate(evolve(CULPRIT, user="u-1")),
            relate(evolve(CULPRIT, account_id="a-1")),
        ):
            assert act.refused == ("decision d-9 is about this User itself",)

    def test_are_not_reached_by_a_decision_that_nobody_knows(self) -> None:
        act = relate(None)

        assert [c.missing for c in act.cannot_tell] == [("decision d-9",)]
        assert act.decisions == ()

    @pytest.mark.parametrize("status", [Status.PROPOSED, Status.STAYED, Status.OVERTURNED])
    def test_are_not_reached_by_a_decision_that_does_not_bind(self, status: Status) -> None:
        act = relate(evolve(CULPRIT, status=status))

        assert act.refused == (f"decision d-9 is {status.value}, so nothing follows from it",)

    def test_get_the_ground_as_it_was_established_whatever_the_act_claims(self) -> None:
        believed = on_ground("5.6(b)", standard=pe.Standard.BELIEF, category="bad_faith")
        (decision,) = relate(believed, standard=pe.Standard.FACT).decisions
        (ground,) = decision.grounds

        assert (str(ground.clause), ground.standard) == ("5.6(b)", pe.Standard.BELIEF)
        assert (ground.severity, ground.category) == (pe.Severity.GRAVE, "bad_faith")
        assert (ground.finding_ids, ground.fact_ids) == ((), ("r-1",))

    def test_are_not_reached_by_a_clause_that_was_not_decided_on(self) -> None:
        assert relate(clause="3.5").refused == ("decision d-9 does not rest on 3.5",)

    def test_are_not_reached_by_a_ground_that_has_fallen(self) -> None:
        surer = evolve(
            CULPRIT.grounds[0], clause=pe.ClauseRef.parse("3.5"), standard=pe.Standard.FACT,
            fallen=True,
        )  # fmt: skip
        partly = evolve(on_ground("5.6(b)", standard=pe.Standard.BELIEF))
        both = evolve(partly, grounds=(surer, *partly.grounds))
        (decision,) = relate(both).decisions

        assert [str(g.clause) for g in decision.grounds] == ["5.6(b)"]
        assert relate(both, clause="3.5").decisions == ()

    def test_can_be_reached_by_a_deal_that_was_complained_of(self) -> None:
        complained = on_ground("6.3(a)", triggers=(Trigger.COMPLAINT,))
        (decision,) = relate(complained).decisions

        assert decision.grounds[0].triggers == (Trigger.COMPLAINT,)

    def test_are_decided_under_the_terms_of_the_original_conduct(self) -> None:
        older = RULES.terms_at(AT - timedelta(days=30))
        (decision,) = relate().decisions

        assert (decision.conduct_at, decision.decided_at) == (CULPRIT.conduct_at, LATER)
        assert decision.terms.id == older.id != a_setting().terms.id

    @pytest.mark.parametrize(
        ("clause", "standard"),
        [
            ("4.1/s3", pe.Standard.SUSPICION),  # opens 4.1 alone, never 6.2(i)
            ("6.5", pe.Standard.FACT),  # no notice came about this account
            ("7.5", pe.Standard.FACT),  # this account was asked nothing
        ],
    )
    def test_cannot_be_reached_by_what_does_not_open_6_2_i(
        self, clause: str, standard: pe.Standard
    ) -> None:
        every = (Trigger.AFFILIATE_NOTICE, Trigger.UNANSWERED_REQUEST)
        act = relate(on_ground(clause, standard=standard, triggers=every))

        assert act.decisions == ()
        assert clause in act.refused[0]

    def test_may_get_a_milder_step_of_the_same_kind(self) -> None:
        limits = pe.ChosenAction(
            power=pe.Power.RESTRICT_FEATURE, power_clause="6.2(i)", days=7, capabilities=("sell",)
        )
        warning = pe.ChosenAction(power=pe.Power.OTHER_CORRECTIVE, power_clause="6.2(i)")
        (decision,) = relate(actions=(limits, warning)).decisions

        assert [(a.power, a.label) for a in decision.actions] == [
            (pe.Power.RESTRICT_FEATURE, ""),
            (pe.Power.OTHER_CORRECTIVE, "formal_warning"),
        ]
        assert relate(actions=(evolve(limits, power=pe.Power.SUSPEND_SERVICE),)).decisions == ()

    def test_get_only_what_is_named_where_the_house_reads_t23_so(self) -> None:
        literal = house_with('T23 = "on"', 'T23 = "off"')
        warning = pe.ChosenAction(power=pe.Power.OTHER_CORRECTIVE, power_clause="6.2(i)")

        assert relate(rules=literal).decisions
        assert relate(rules=literal, actions=(warning,)).decisions == ()


class TestCases:
    def test_that_nobody_knows_cannot_be_told(self) -> None:
        act = review(Verdict.CLOSE, case_id="case-0")

        assert [c.missing for c in act.cannot_tell] == [("case case-0",)]

    @pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.REJECT, Verdict.AMEND])
    def test_are_closed_and_nothing_else(self, verdict: Verdict) -> None:
        assert "only be closed" in review(verdict, case_id="case-1").refused[0]
        (closed,) = review(Verdict.CLOSE, case_id="case-1").cases
        assert closed.status is CaseStatus.CLOSED

    def test_stay_open_while_something_else_waits(self) -> None:
        first, second = proposed(), evolve(proposed(a_finding("3.5", target=None)), id="d-2")

        (case,) = review(Verdict.REJECT, first, second).cases

        assert (case.status, case.decision_ids) == (CaseStatus.OPEN, ("d-2",))


def appeal(decision: pe.Decision, **more: Any) -> Act:
    fact = pe.AppealFiled(
        id="ap", at=more.pop("at", LATER), account_id="a-1", appeal_id="ap-1",
        decision_id=more.pop("decision_id", decision.id),
    )  # fmt: skip
    return filed(fact, a_setting(fact, history=a_history(decision)))


def hearing(decision: pe.Decision, result: AppealResult, **more: Any) -> Act:
    told: dict[str, Any] = {
        "id": "h", "at": LATER, "account_id": "a-1", "appeal_id": "ap-1",
        "decision_id": decision.id, "by": BEN, "reason": "heard", **more,
    }  # fmt: skip
    fact = pe.AppealDecided(result=result, **told)
    return heard(fact, a_setting(fact, history=a_history(decision)))


APPEALED = evolve(decided(), appeal_id="ap-1")


class TestAppeals:
    def test_against_an_unknown_decision_cannot_be_told(self) -> None:
        for act in (
            appeal(decided(), decision_id="d-0"),
            hearing(decided(), AppealResult.UPHOLD, decision_id="d-0"),
        ):
            assert [c.missing for c in act.cannot_tell] == [("decision d-0",)]

    def test_of_what_does_not_bind_are_refused(self) -> None:
        gone = without_grounds(decided(), lambda _: True, BEN, "mistaken")

        assert "is overturned: nothing to appeal" in appeal(gone).refused[0]
        assert "is proposed: nothing to appeal" in appeal(proposed()).refused[0]

    def test_are_taken_up_once_and_wait_in_a_case(self) -> None:
        act = appeal(decided())
        (marked,) = act.decisions

        assert marked.appeal_id == "ap-1"
        assert act.cases[0].decision_ids == (marked.id,)
        assert "is open already" in appeal(marked).refused[0]

    def test_without_a_window_are_never_too_late(self) -> None:
        late = AT + timedelta(days=4000)

        assert "window" in appeal(decided(), at=late).refused[0]
        assert appeal(evolve(decided(), appeal_until=None), at=late).decisions

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"by": NOBODY}, "no role of `guest` may decide an appeal"),
            ({"appeal_id": "ap-2"}, "no appeal `ap-2` against"),
        ],
    )
    def test_are_decided_as_the_house_says(self, change: dict[str, Any], why: str) -> None:
        assert why in hearing(APPEALED, AppealResult.OVERTURN, **change).refused[0]

    def test_are_not_heard_by_who_decided(self) -> None:
        by_ben = evolve(APPEALED, actor=BEN)

        assert "may not hear" in hearing(by_ben, AppealResult.UPHOLD).refused[0]

    def test_that_vary_name_the_grounds_that_fall(self) -> None:
        assert "name the grounds" in hearing(APPEALED, AppealResult.VARY).refused[0]

    def test_that_vary_leave_the_other_grounds_their_actions(self) -> None:
        two = decided(a_finding(), a_finding("4.3/s3", target=None, severity=pe.Severity.MINOR))

        (after,) = hearing(
            evolve(two, appeal_id="ap-1"), AppealResult.VARY, clauses=("5.6(d)",)
        ).decisions

        assert after.status is Status.AMENDED
        assert {str(a.ground) for a in after.actions} == {"4.3/s3"}
        assert after.points_after == after.points_before + after.points

    def test_that_are_won_take_the_same_ground_out_of_other_decisions(self) -> None:
        appealed = evolve(decided(), appeal_id="ap-1")
        same = evolve(decided(a_finding(confidence=0.9)), id="d-same")
        other = evolve(decided(a_finding(target="c-2@1")), id="d-other")
        fact = pe.AppealDecided(
            id="h-1", at=LATER, account_id="a-1", appeal_id="ap-1", decision_id=appealed.id,
            result=AppealResult.OVERTURN, by=BEN, reason="its own brand",
        )  # fmt: skip
        history = a_history(appealed, same, other)

        act = heard(fact, a_setting(fact, history=history, now=LATER))

        assert {d.id: d.status for d in act.decisions} == {
            appealed.id: Status.OVERTURNED,
            "d-same": Status.OVERTURNED,
        }
        assert [(p.clause, p.target, p.source_id) for p in act.precedents] == [
            (appealed.grounds[0].clause, "c-1@1", appealed.id)
        ]

    def test_that_are_won_put_before_a_person_what_rests_on_other_evidence(self) -> None:
        appealed = evolve(decided(), appeal_id="ap-1")
        other = evolve(decided(a_finding(evidence=(HEARD, SEEN))), id="d-other")
        fact = pe.AppealDecided(
            id="h-1", at=LATER, account_id="a-1", appeal_id="ap-1", decision_id=appealed.id,
            result=AppealResult.OVERTURN, by=BEN, reason="its own brand",
        )  # fmt: skip

        act = heard(fact, a_setting(fact, history=a_history(appealed, other), now=LATER))

        _, waiting = act.decisions
        assert (waiting.id, waiting.status) == ("d-other", Status.STAYED)
        assert all(action.stayed for action in waiting.actions)
        assert [(c.decision_ids, c.status) for c in act.cases] == [(("d-other",), CaseStatus.OPEN)]

    def test_that_uphold_with_no_case_open_close_none(self) -> None:
        act = hearing(APPEALED, AppealResult.UPHOLD)

        assert act.cases == ()
        assert act.decisions[0].appeal_id is None


def test_a_ground_that_falls_takes_its_action_though_a_weaker_one_of_its_clause_stands() -> None:
    decision = decided()
    weaker = evolve(decision.grounds[0], standard=pe.Standard.SUSPICION)
    both = evolve(decision, grounds=(*decision.grounds, weaker))

    after = without_grounds(both, lambda g: g.standard is pe.Standard.FACT, BEN, "mistaken")

    assert after.status is Status.OVERTURNED


def test_a_proposal_that_loses_one_ground_goes_on_waiting_with_the_other() -> None:
    two = proposed(BAD_FAITH, a_finding("3.5", target=None))

    after = without_grounds(two, lambda g: str(g.clause) == "3.5", None, "mistaken")

    assert after.status is Status.PROPOSED
    assert {str(a.ground) for a in after.actions} == {"5.6(b)"}


@pytest.mark.parametrize(
    ("fact", "word"),
    [(pe.ActionApplied, "applied"), (pe.ActionFailed, "failed")],
)
def test_what_the_platform_answers_is_kept_with_the_action(fact: Any, word: str) -> None:
    decision = decided()
    more = {"reason": "gone"} if word == "failed" else {}
    answer = fact(
        id="x", at=LATER, account_id="a-1", decision_id=decision.id,
        power=pe.Power.REMOVE_CONTENT, **more,
    )  # fmt: skip
    other = evolve(decision, id="d-0")

    history = advance(a_history(decision, other), answer, pe.Outcome("x"))

    assert [a.applied for a in history.decisions[0].actions] == [word, None]
    assert {a.applied for a in history.decisions[1].actions} == {None}


def test_a_cure_on_an_account_ends_what_was_asked_of_its_user_before() -> None:
    asked = decided(a_finding("5.2/s1", target=None))
    of_user = evolve(asked, account_id="u-2")
    accounts = (AccountRecord("a-1", AT, user="u-2"),)
    amended = pe.DetailsAmended(id="x", at=LATER, account_id="a-1", changed={"phone": "1"})

    history = advance(a_history(of_user, accounts=accounts), amended, pe.Outcome("x"))
    elsewhere = advance(a_history(of_user, accounts=()), amended, pe.Outcome("x"))

    assert [a.end.at for a in history.decisions[0].actions] == [LATER]
    assert [a.end.at for a in elsewhere.decisions[0].actions] == [None]


def test_what_lasts_some_days_or_until_a_cure_ends_with_whichever_comes_first() -> None:
    week = AT + timedelta(days=7)
    (asked,) = decided(a_finding("5.2/s1", target=None)).actions
    both = evolve(asked, end=evolve(asked.end, at=week))
    decision = evolve(decided(a_finding("5.2/s1", target=None)), actions=(both,))

    def end_after(at: datetime) -> datetime | None:
        amended = pe.DetailsAmended(id="x", at=at, account_id="a-1", changed={"phone": "1"})
        history = advance(a_history(decision), amended, pe.Outcome("x"))
        return history.decisions[0].actions[0].end.at

    assert end_after(AT + timedelta(days=2)) == AT + timedelta(days=2)
    assert end_after(week + timedelta(days=1)) == week


def test_what_the_fact_in_hand_has_cured_is_not_asked_for() -> None:
    late = a_finding("5.2(b)", target=None)
    amended = pe.DetailsAmended(id="f-1", at=AT, account_id="a-1", changed={"phone": "1"})

    by_itself = decided(late, setting=a_setting(amended))
    by_report = decided(late)

    assert [a.label for a in by_itself.actions] == ["points_recorded"]
    assert [a.label for a in by_report.actions] == ["request_to_correct"]
    assert by_itself.points == by_report.points


def test_a_fact_about_the_user_is_about_the_only_account() -> None:
    fact = pe.AccountOpened(id="f", at=AT, user_id="u-1", account_id="a-1")
    declared = pe.ApplicationReceived(id="f", at=AT, user_id="u-1", kind=pe.UserKind.PERSON)

    assert a_setting(fact).account_id == "a-1"
    assert a_setting(declared).account_id == "a-1"
    assert a_setting(declared, history=a_history(accounts=())).account_id == "u-1"


# --- What stands already, what was refuted, and what a stranger did -------------------------------


def test_a_finding_that_was_refuted_is_neither_decided_nor_put_before_a_person_again() -> None:
    finding = a_finding()
    precedent = Precedent(finding.clause, finding.target, ("seen",), "f-0")
    setting = a_setting(history=a_history(precedents=(precedent,)))

    again = decide((finding,), setting)
    by_person = decide((finding,), setting, standard=pe.Standard.FACT, actor=ANA)

    assert (again.decisions, again.waiting) == ((), ())
    assert by_person.decisions


def test_confirming_what_has_led_to_the_same_action_adds_no_second_one() -> None:
    finding = a_finding(severity=pe.Severity.MINOR)
    first = decided(finding)
    held = a_setting(history=a_history(first))

    again = decide((finding,), held, standard=pe.Standard.FACT, actor=ANA).decisions

    assert [a.power for d in again for a in d.actions].count(pe.Power.REMOVE_CONTENT) == 0


def test_what_a_stranger_did_takes_content_down_and_nothing_else() -> None:
    interval = Interval("a-1", AT, AT)
    setting = a_setting(history=a_history(intervals=(interval,)))

    (removed,) = decide((a_finding(severity=pe.Severity.GRAVE),), setting).decisions
    nothing = decide((BAD_FAITH,), setting)

    assert [a.power for a in removed.actions] == [pe.Power.REMOVE_CONTENT]
    assert removed.points == 0
    assert nothing.decisions == ()


def test_a_ground_that_nobody_calls_fallen_changes_nothing() -> None:
    decision = decided()

    assert without_grounds(decision, lambda _: False, BEN, "…") is decision


def test_what_was_stayed_as_a_whole_stays_so_when_one_of_its_grounds_falls() -> None:
    two = proposed(BAD_FAITH, a_finding("3.5", target=None))
    waiting = stayed(
        evolve(two, actions=tuple(evolve(a, rung="warning") for a in two.actions)), "points fell"
    )
    assert waiting.status is Status.STAYED

    after = without_grounds(waiting, lambda g: str(g.clause) == "3.5", BEN, "mistaken")

    assert after.status is Status.STAYED
    assert not after.in_force


def test_only_what_a_fact_cures_ends_with_it() -> None:
    both = decided(a_finding("5.2/s1", target=None), a_finding("5.9", target=None))
    amended = pe.DetailsAmended(id="x", at=LATER, account_id="a-1", changed={"phone": "1"})

    history = advance(a_history(both), amended, pe.Outcome("x"))

    assert {a.label: a.end.at for a in history.decisions[0].actions} == {
        "request_to_correct": LATER,
        "request_to_cooperate": None,
    }
