"""An explanation says what was asked and reached, on what evidence, and what would change it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from attrs import evolve

import policyenforce as pe
from policyenforce.discipline.decide import decide
from policyenforce.discipline.explanation import explain
from policyenforce.discipline.falling import spared, without_grounds
from policyenforce.discipline.notice import notice_of
from policyenforce.discipline.reviewing import reviewed
from policyenforce.model.decisions import Status
from policyenforce.model.evidence import Bearing, Evidence
from policyenforce.model.facts.procedure import Verdict
from tests.discipline.cast import (
    ANA,
    AT,
    BEN,
    RULES,
    VERSION,
    a_finding,
    a_history,
    a_setting,
    decided,
)

GRAVE, MINOR = pe.Severity.GRAVE, pe.Severity.MINOR
NO_REPORT = a_finding("5.6(b)", severity=GRAVE, target=None)


def told(decision: pe.Decision) -> str:
    return "\n".join(explain(decision, RULES))


def proposed(*findings: pe.Finding) -> pe.Decision:
    verdicts = decide(findings, a_setting())
    return next(d for d in verdicts.decisions if d.status is Status.PROPOSED)


def test_each_line_of_a_decision_is_told_once() -> None:
    decision = decided()
    lines = explain(decision, RULES)

    assert len(lines) == len(set(lines))
    assert lines[0] == f"decision {decision.id} on account a-1: in force"
    assert lines[1] == "ground 5.6(d), reached fact: it says what it may not"
    assert lines[2] == "  against: It was seen on the page. (weight 40) [f-1]"
    assert "under 6.1/limb1 for 5.6(d), which asks for belief" in told(decision)
    assert "detection automatic, decision automatic" in lines
    assert "taken by: a house rule" in lines
    assert f"house rules {RULES.hash[:12]}; Terms {VERSION.id}" in told(decision)
    assert "readings: T18=by_person" in lines


def test_evidence_says_which_way_it_bears() -> None:
    evidence = tuple(
        Evidence(bearing.value, f"speaks {bearing.value}", bearing=bearing) for bearing in Bearing
    )
    text = told(decided(a_finding(evidence=evidence)))

    assert "  against: speaks incriminating" in text
    assert "  in favour: speaks mitigating" in text
    assert "  disproving: speaks counter" in text


def test_what_was_said_already_is_not_said_again() -> None:
    same = Evidence("told", "the Member admits it", fact_ids=("f-1",))
    finding = a_finding(explanation="the Member admits it", evidence=(same,))
    twice = told(decided(finding, evolve(finding, id="f-2", clause=pe.ClauseRef.parse("5.6(e)"))))

    assert "  against: as stated [f-1]" in twice
    assert "  the same evidence as for 5.6(d)" in twice


def test_an_action_on_two_grounds_is_one_action_with_both() -> None:
    text = told(
        proposed(*(a_finding(c, severity=GRAVE, target=None) for c in ("5.4(d)", "5.6(k)")))
    )

    assert text.count("action suspend account") == 1
    assert "for 5.4(d), which asks for belief; under 6.2(i) for 5.6(k)" in text


def test_a_ground_that_carries_only_part_says_which_part_would_fall() -> None:
    second = a_finding("4.3/s3", target=None, severity=MINOR)
    text = told(decided(a_finding(), second))

    assert (
        "would change it: if 5.6(d) were refuted, remove content and restrict feature: create "
        "listing would fall" in text
    )
    assert "would change it: if 4.3/s3 were refuted, request own accounts would fall" in text
    assert "if 5.6(d) were refuted, all of it would fall" in told(decided())


@pytest.mark.parametrize(
    ("finding", "says"),
    [
        (a_finding(severity=GRAVE), "rung limits_14_days: reached at 24 points; with 1 fewer"),
        (
            a_finding("5.6(g)", severity=GRAVE),
            "rung limits_14_days: the least that this clause gets when it is this grave",
        ),
    ],
)
def test_a_rung_says_what_reached_it(finding: pe.Finding, says: str) -> None:
    assert says in told(decided(finding))


def test_a_proposal_for_a_rung_counts_what_the_same_conduct_has_already_scored() -> None:
    before = decided(a_finding("5.6(i)", severity=GRAVE, fact_ids=("f-0",)))
    history = a_history(evolve(before, id="d-0"))
    findings = (a_finding("5.6(j)", severity=GRAVE),)
    made = decide(findings, a_setting(history=history)).decisions
    now, waiting = made

    assert (now.points_before, now.points_after) == (24, 48)
    assert (waiting.points_before, waiting.points) == (48, 0)
    assert "rung end_of_membership: reached at 48 points; with 1 fewer" in told(waiting)
    assert "points: 48 in force before, 0 more once it is approved" in told(waiting)


def test_a_proposal_waits_for_a_person_and_says_so() -> None:
    text = told(proposed(NO_REPORT))

    assert "taken by: nobody yet; it waits for a person" in text
    assert "decision still to be taken by a person" in text
    assert "can be appealed" not in text


def review(decision: pe.Decision, verdict: Verdict, **more: object) -> pe.ReviewRecorded:
    return pe.ReviewRecorded(
        id="r-1", at=AT + timedelta(days=30), account_id="a-1", decision_id=decision.id,
        verdict=verdict, by=ANA, reason="seen it", **more,
    )  # type: ignore[arg-type]  # fmt: skip  # the keywords are the fact's own


def after(decision: pe.Decision, verdict: Verdict, **more: object) -> pe.Decision:
    fact = review(decision, verdict, **more)
    setting = a_setting(fact, history=a_history(decision), now=fact.at)
    return reviewed(fact, setting).decisions[0]


def test_an_approved_proposal_is_decided_and_appealable_from_the_approval_on() -> None:
    decision = proposed(NO_REPORT)
    approved = after(decision, Verdict.APPROVE)

    assert approved.decided_at == AT + timedelta(days=30)
    assert approved.appeal_until == approved.decided_at + timedelta(days=RULES.appeals.window_days)
    assert "taken by: ana (moderator, senior_moderator)\nbecause: seen it" in told(approved)
    assert "detection automatic, decision by a person" in told(approved)


def test_a_person_s_report_is_no_automatic_detection_and_a_confirmation_no_report() -> None:
    seen = decided(evolve(a_finding(), told_by_person=True))
    confirmed = decided(a_finding(), actor=ANA)

    assert "detection by a person, decision automatic" in told(seen)
    assert "detection automatic, decision by a person" in told(confirmed)
    assert notice_of(seen, a_history(), RULES).fields["source"] == "a person's report"


@pytest.mark.parametrize("verdict", [Verdict.REJECT, None])
def test_what_no_longer_binds_says_so_and_what_could_change_it_no_more(
    verdict: Verdict | None,
) -> None:
    decision = proposed(NO_REPORT)
    gone = (
        after(decision, verdict)
        if verdict
        else without_grounds(decided(), lambda _: True, BEN, "mistaken")
    )

    assert "points: 0 in force before; this adds none" in explain(gone, RULES)
    assert "would change it" not in told(gone)
    assert ("was not taken" if verdict else "has fallen") in told(gone)
    fields = notice_of(gone, a_history(), RULES).fields
    assert fields["points"] == "none: the decision does not bind"


def test_what_is_stayed_is_told_as_stayed_and_its_points_as_gone() -> None:
    decision = spared(decided(), "the account was in a stranger's hands")
    fields = notice_of(decision, a_history(), RULES).fields

    assert (decision.points, decision.points_after) == (0, 0)
    assert "(restrict_feature) on account a-1 (stayed: does not bind" in told(decision)
    assert "restrict feature: create listing (stayed: does not bind" in fields["action"]
    assert fields["points"] == "0 for this, 0 in all"
    assert not any(line.startswith("rung ") for line in explain(decision, RULES))


def test_an_open_appeal_is_told() -> None:
    decision = decided()

    assert "can be appealed until" in told(decision)
    assert "appeal ap-1 is open" in told(evolve(decision, appeal_id="ap-1"))


def test_everybody_who_had_a_hand_in_it_is_named() -> None:
    assert "with a hand in it: ana, ben" in told(evolve(decided(), hands=("ana", "ben")))
    assert "with a hand in it" not in told(evolve(decided(), hands=("ana",)))


def test_a_person_without_a_role_is_named_as_such() -> None:
    assert "taken by: x (no role)" in told(evolve(decided(), actor=pe.Actor("x")))


def test_the_application_of_a_user_without_account_is_told_as_the_users() -> None:
    finding = a_finding("1.2(a)", triggers=(pe.Trigger.APPLICATION,), target=None)
    fact = pe.ApplicationReceived(id="f-1", at=AT, user_id="u-1", kind=pe.UserKind.PERSON)
    setting = a_setting(fact, history=a_history(accounts=()))
    (decision,) = decide((finding,), setting).decisions

    assert f"decision {decision.id} on User u-1" in told(decision)
    assert "action reject application (reject_application) on the application of u-1" in told(
        decision
    )
    assert "which asks for no standard and application" in told(decision)


def test_a_measure_a_person_chose_is_named_for_what_it_is() -> None:
    chosen = pe.ChosenAction(power=pe.Power.SUSPEND_ACCOUNT, power_clause="6.2(i)", days=3)
    other = pe.ChosenAction(power=pe.Power.OTHER_CORRECTIVE, power_clause="6.2(v)")
    amended = after(proposed(NO_REPORT), Verdict.AMEND, actions=(chosen, other))

    fields = notice_of(amended, a_history(), RULES).fields

    assert fields["action"] == "suspend account; measure chosen by a person"
    assert fields["end"].startswith("suspend account: until 20")
    assert fields["end"].endswith("measure chosen by a person: open-ended")


def test_a_notice_says_what_is_left_but_for_what_a_person_took_by_name() -> None:
    chosen = pe.ChosenAction(
        power=pe.Power.SUSPEND_ACCOUNT, power_clause="6.2(i)", capabilities=("export_data",)
    )
    plain = notice_of(decided(), a_history(), RULES).fields["effect"]
    amended = after(proposed(NO_REPORT), Verdict.AMEND, actions=(chosen,))
    harder = notice_of(amended, a_history(), RULES).fields["effect"]

    assert plain == "your data stays available for export; paid orders may be fulfilled"
    assert harder == "paid orders may be fulfilled; export data is taken as well"


def test_a_limit_on_a_site_that_was_not_said_is_told_as_every_site() -> None:
    notice = a_finding("6.5", triggers=(pe.Trigger.AFFILIATE_NOTICE,), target=None)
    fact = pe.SignedOut(id="f-1", at=AT, account_id="a-1")
    (anywhere,) = decide((notice,), a_setting(fact)).decisions
    (here,) = decide((notice,), a_setting()).decisions

    assert "limit service (limit_service) on every site," in told(anywhere)
    assert "limit service (limit_service) on site alibaba," in told(here)


def test_a_cap_says_how_much_is_left() -> None:
    before = decided(a_finding("5.6(i)", severity=GRAVE, fact_ids=("f-0",)))
    findings = (a_finding("5.6(h)", severity=GRAVE),)
    history = a_history(evolve(before, id="d-0"))
    made = decide(findings, a_setting(history=history)).decisions

    assert "cap content: at most 10" in "".join(map(told, made))
