from __future__ import annotations

from datetime import timedelta

import pytest

import policyenforce as pe
from policyenforce.errors import InputError
from policyenforce.model.decisions import Status
from policyenforce.model.outcome import CaseStatus
from tests.enforcer.conftest import NOW, Record, day, opened, reported

SERIOUS, GRAVE = pe.Severity.SERIOUS, pe.Severity.GRAVE
LATER = NOW + timedelta(days=1)
AFTER = LATER + timedelta(hours=1)


def suspected(record: Record) -> pe.Finding:
    outcome = record(
        opened(),
        reported("c-1", "5.6(d)", 1, pe.Standard.SUSPICION, severity=GRAVE, target="l-1@1"),
    )
    return outcome.findings[0]


def proposed(record: Record) -> pe.Decision:
    outcome = record(opened(), reported("c-1", "5.6(b)", 1, severity=GRAVE))
    return next(d for d in outcome.decisions if d.status is Status.PROPOSED)


def test_a_suspicion_waits_in_a_case_and_punishes_nobody(
    enforcer: pe.Enforcer, record: Record
) -> None:
    finding = suspected(record)

    assert list(enforcer.decisions()) == []
    assert [c.finding_ids for c in enforcer.cases()] == [(finding.id,)]
    assert enforcer.standing("a-1", at=NOW).points == 0


def test_a_person_who_confirms_makes_it_a_ground_and_closes_the_case(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    finding = suspected(record)

    outcome = enforcer.confirm(finding.id, pe.Standard.FACT, by=moderator, reason="seen", now=LATER)

    decision = outcome.decisions[0]
    assert decision.grounds[0].standard is pe.Standard.FACT
    assert (decision.actor, decision.automated_decision) == (moderator, False)
    assert decision.conduct_at == finding.conduct_at
    assert [c for c in enforcer.cases() if finding.id in c.finding_ids] == []
    assert enforcer.standing("a-1", at=LATER).points > 0


def test_what_a_person_confirms_bears_on_the_site_and_service_of_the_conduct(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    where = {"site": "www.aliexpress.com", "service": "logistics"}
    suspected = reported("c-1", "5.6(b)", 1, pe.Standard.SUSPICION, severity=GRAVE, **where)
    finding = record(opened(), suspected).findings[0]

    outcome = enforcer.confirm(finding.id, pe.Standard.FACT, by=moderator, reason="seen", now=LATER)

    assert outcome.decisions
    assert {(d.site, d.service) for d in outcome.decisions} == {("aliexpress", "logistics")}


def test_the_notice_that_is_sent_is_the_notice_that_is_asked_for_later(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    applied = pe.ApplicationReceived(
        id="app",
        at=day(-3),
        user_id="u-1",
        application_id="ap-1",
        country="RU",
        kind=pe.UserKind.SOLE_TRADER,
        business_use=True,
    )
    before = pe.AccountOpened(
        id="open", at=day(-2.8), user_id="u-1", account_id="a-1", memberships=("aliexpress",)
    )
    outcome = record(applied, before, reported("c-1", "5.6(b)", -2.5, severity=GRAVE))
    waiting = next(d for d in outcome.decisions if d.status is Status.PROPOSED)

    approved = enforcer.review(waiting.id, "approve", by=moderator, reason="seen", now=LATER)
    sent = next(n for n in approved.notices if n.decision_id == waiting.id)
    later = enforcer.notice(waiting.id)

    assert sent.fields["terms"] == "2019-09-12"
    assert sent.fields == {name: later.fields[name] for name in sent.fields}
    assert later.fields["sent"] == "not on record"


@pytest.mark.parametrize("told", ["alibaba", "www.alibaba.com"])
def test_a_host_and_its_family_are_the_same_site(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor, told: str
) -> None:
    false = pe.InformationVerified(
        id="v-1", at=day(1), account_id="a-1", topic="address", true=False,
        verified_by="desk", site=told,
    )  # fmt: skip
    outcome = record(opened(), false)
    waiting = next(d for d in outcome.decisions if d.status is Status.PROPOSED)
    enforcer.review(waiting.id, "approve", by=moderator, reason="seen", now=LATER)

    def allowed(site: str) -> bool:
        return enforcer.may("a-1", pe.Capability.SELL, at=AFTER, site=site).allowed

    assert waiting.site == "alibaba"
    assert [allowed(site) for site in ("alibaba", "www.alibaba.com")] == [False, False]
    assert allowed("aliexpress")


def test_no_standard_is_none_that_is_reached(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    finding = suspected(record)
    digest = enforcer.ledger.head_digest()

    with pytest.raises(pe.InputError, match="reaches a standard") as refused:
        enforcer.confirm(finding.id, pe.Standard.NONE, by=moderator, reason="no", now=LATER)

    assert "refute" in str(refused.value)
    assert enforcer.ledger.head_digest() == digest


def test_confirming_twice_adds_nothing(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor, hearer: pe.Actor
) -> None:
    finding = suspected(record)
    enforcer.confirm(finding.id, pe.Standard.FACT, by=moderator, reason="seen", now=LATER)
    points = enforcer.standing("a-1", at=LATER).points

    again = enforcer.confirm(finding.id, pe.Standard.FACT, by=hearer, reason="too", now=AFTER)

    assert again.decisions == ()
    assert enforcer.standing("a-1", at=LATER).points == points


def test_a_refuted_finding_is_a_precedent_and_does_not_return(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    finding = suspected(record)
    enforcer.refute(finding.id, by=moderator, reason="not so", now=LATER)

    outcome = record(
        reported("c-2", "5.6(d)", 210, severity=GRAVE, target="l-1@1"),
        now=LATER + timedelta(days=20),
    )

    assert outcome.findings
    assert outcome.decisions == ()
    assert list(enforcer.cases()) == []


def test_refuting_the_only_ground_overturns_the_decision(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    outcome = record(opened(), reported("c-1", "5.6(d)", 1, severity=GRAVE))
    assert enforcer.standing("a-1", at=NOW).points > 0

    after = enforcer.refute(outcome.findings[0].id, by=moderator, reason="mistaken", now=LATER)

    assert {d.status for d in after.decisions} == {Status.OVERTURNED}
    assert enforcer.standing("a-1", at=NOW).points == 0


def test_a_role_that_may_not_is_refused_and_nothing_is_kept(
    enforcer: pe.Enforcer, record: Record
) -> None:
    finding = suspected(record)
    digest = enforcer.ledger.head_digest()

    with pytest.raises(pe.RoleError, match="confirm"):
        enforcer.confirm(finding.id, pe.Standard.FACT, by=pe.Actor("guest"), reason="x", now=LATER)

    assert enforcer.ledger.head_digest() == digest


@pytest.mark.parametrize("verb", ["confirm", "refute", "review", "appeal", "explain", "decide"])
def test_what_does_not_exist_is_said(enforcer: pe.Enforcer, moderator: pe.Actor, verb: str) -> None:
    by = {"by": moderator, "reason": "x", "now": LATER}
    calls = {
        "confirm": lambda: enforcer.confirm("f-0", pe.Standard.FACT, **by),
        "refute": lambda: enforcer.refute("f-0", **by),
        "review": lambda: enforcer.review("d-0", "approve", **by),
        "appeal": lambda: enforcer.appeal("d-0", now=LATER),
        "explain": lambda: enforcer.explain("d-0"),
        "decide": lambda: enforcer.decide("case-0", **by),
    }

    with pytest.raises(pe.UnknownError):
        calls[verb]()


def test_a_proposal_binds_only_once_a_person_approves_it(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    decision = proposed(record)
    assert enforcer.standing("a-1", at=LATER).points == 0

    outcome = enforcer.review(decision.id, "approve", by=moderator, reason="yes", now=LATER)

    approved = outcome.decisions[0]
    assert approved.status is Status.IN_FORCE
    assert {a.starts for a in approved.actions} == {LATER}
    assert enforcer.standing("a-1", at=LATER).points == decision.points
    assert outcome.notices[0].decision_id == decision.id


def test_a_rejected_proposal_never_binds(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    decision = proposed(record)

    enforcer.review(decision.id, "reject", by=moderator, reason="no", now=LATER)

    assert enforcer.decision(decision.id).status is Status.REJECTED
    assert enforcer.standing("a-1", at=LATER).points == 0
    assert list(enforcer.cases()) == []
    with pytest.raises(pe.ConflictError, match="rejected"):
        enforcer.review(decision.id, "approve", by=moderator, reason="yes", now=LATER)


def test_an_amended_proposal_does_what_the_person_chose(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    decision = proposed(record)
    chosen = pe.ChosenAction(power=pe.Power.SUSPEND_ACCOUNT, power_clause="6.2(i)", days=3)

    enforcer.review(
        decision.id, "amend", by=moderator, reason="milder", now=LATER, actions=[chosen]
    )

    assert enforcer.standing("a-1", at=LATER).state is pe.AccountState.SUSPENDED
    after = LATER + timedelta(days=3)
    assert enforcer.standing("a-1", at=after).state is pe.AccountState.OPEN
    assert enforcer.standing("a-1", at=LATER).points == decision.points


def test_an_amendment_cannot_use_a_power_the_ground_does_not_open(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    decision = proposed(record)
    chosen = pe.ChosenAction(power=pe.Power.CANCEL_ACCOUNT, power_clause="4.1/s3")

    with pytest.raises(pe.ConflictError, match="cancel_account"):
        enforcer.review(decision.id, "amend", by=moderator, reason="x", now=LATER, actions=[chosen])


def test_whoever_decided_does_not_hear_the_appeal(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    decision = proposed(record)
    enforcer.review(decision.id, "approve", by=moderator, reason="yes", now=LATER)
    enforcer.appeal(decision.id, now=LATER)

    with pytest.raises(pe.ConflictError, match="may not hear"):
        enforcer.decide_appeal(decision.id, "uphold", by=moderator, reason="x", now=LATER)


def test_a_won_appeal_restores_the_standing_as_if_it_had_never_been(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor, hearer: pe.Actor
) -> None:
    decision = proposed(record)
    clean = enforcer.standing("a-1", at=LATER)
    enforcer.review(decision.id, "approve", by=moderator, reason="yes", now=LATER)
    assert enforcer.standing("a-1", at=LATER) != clean

    enforcer.appeal(decision.id, now=LATER + timedelta(days=1))
    heard = LATER + timedelta(days=2)
    enforcer.decide_appeal(decision.id, "overturn", by=hearer, reason="wrong", now=heard)

    assert enforcer.standing("a-1", at=LATER) == clean
    assert enforcer.standing("a-1", at=LATER, known_at=LATER).points == decision.points


def test_what_rested_on_points_that_fell_is_stayed_for_a_person(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor, hearer: pe.Actor
) -> None:
    first = record(opened(), reported("c-1", "5.6(d)", 1, severity=SERIOUS)).decisions[0]
    second = record(reported("c-2", "5.6(d)", 20, severity=SERIOUS, target="l-1@1")).decisions[0]
    rungs = [a.rung for a in second.actions if a.rung]
    assert rungs

    enforcer.appeal(first.id, now=LATER)
    outcome = enforcer.decide_appeal(first.id, "overturn", by=hearer, reason="wrong", now=LATER)

    after = enforcer.decision(second.id)
    assert [a.stayed for a in after.actions] == [a.rung is not None for a in after.actions]
    assert second.id in [i for c in outcome.cases for i in c.decision_ids]
    assert enforcer.standing("a-1", at=LATER).points == second.points

    enforcer.review(second.id, "reject", by=moderator, reason="no rung left", now=AFTER)
    assert not any(a.rung for a in enforcer.decision(second.id).actions)


def test_an_appeal_outside_its_window_is_refused(enforcer: pe.Enforcer, record: Record) -> None:
    decision = record(opened(), reported("c-1", "5.6(d)", 1, severity=SERIOUS)).decisions[0]

    with pytest.raises(pe.ConflictError, match="window"):
        enforcer.appeal(decision.id, now=NOW + timedelta(days=400))


@pytest.mark.parametrize(
    ("proof", "days", "taken_up"),
    [("smtp 250", 200, True), (None, 200, False), ("smtp 250", 240, False)],
)
def test_the_window_to_appeal_is_counted_from_deemed_receipt(
    enforcer: pe.Enforcer, record: Record, proof: str | None, days: int, taken_up: bool
) -> None:
    """The notice goes out fifty days late; without proof of sending it is not received (11.2)."""
    decision = record(opened(), reported("c-1", "5.6(d)", 1, target="l-1@1")).decisions[0]
    sent = pe.NoticeSent(
        id="sent", at=NOW + timedelta(days=50), account_id="a-1", decision_id=decision.id,
        channel=pe.Channel.EMAIL, proof=proof,
    )  # fmt: skip
    record(sent, now=sent.at)
    then = NOW + timedelta(days=days)

    if taken_up:
        assert enforcer.appeal(decision.id, now=then).decisions[0].appeal_id is not None
    else:
        with pytest.raises(pe.ConflictError, match="window to appeal closed"):
            enforcer.appeal(decision.id, now=then)


def test_an_upheld_decision_goes_on_binding(
    enforcer: pe.Enforcer, record: Record, hearer: pe.Actor
) -> None:
    decision = record(opened(), reported("c-1", "5.6(d)", 1, severity=SERIOUS)).decisions[0]
    enforcer.appeal(decision.id, now=LATER)
    points = enforcer.standing("a-1", at=LATER).points

    enforcer.decide_appeal(decision.id, "uphold", by=hearer, reason="right", now=LATER)

    assert enforcer.standing("a-1", at=LATER).points == points
    assert list(enforcer.cases()) == []


def test_a_related_account_is_touched_only_by_a_person_with_evidence(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    decision = record(opened(), reported("c-1", "5.6(d)", 1, severity=GRAVE)).decisions[0]
    record(opened("a-2", "u-2"))
    chosen = [pe.ChosenAction(power=pe.Power.SUSPEND_ACCOUNT, power_clause="6.2(i)", days=7)]
    assert enforcer.standing("a-2", at=LATER).state is pe.AccountState.OPEN

    for nothing in ([], [" "], "bank"):
        with pytest.raises(InputError, match="evidence"):
            enforcer.relate(
                "a-2", decision.id, actions=chosen, evidence=nothing,
                by=moderator, reason="x", now=LATER,
            )  # fmt: skip
    for account, refusal in (("a-1", pe.ConflictError), ("a-77", pe.UnknownError)):
        with pytest.raises(refusal):
            enforcer.relate(
                account, decision.id, actions=chosen, evidence=["one bank account"],
                by=moderator, reason="x", now=LATER,
            )  # fmt: skip
    assert len(list(enforcer.decisions())) == 1
    outcome = enforcer.relate(
        "a-2", decision.id, actions=chosen, evidence=["same bank account …4417"],
        by=moderator, reason="one controller", now=LATER,
    )  # fmt: skip

    related = outcome.decisions[0]
    assert related.related_to == decision.id
    assert enforcer.standing("a-2", at=LATER).state is pe.AccountState.SUSPENDED
    notice = enforcer.notice(related.id)
    assert "a-1" not in "".join(notice.fields.values())


def test_an_act_of_a_person_needs_its_reason_and_a_known_word(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    decision = proposed(record)

    with pytest.raises(InputError, match="a reason is missing"):
        enforcer.review(decision.id, "approve", by=moderator, reason=" ", now=LATER)
    with pytest.raises(InputError, match="unknown word `yes`") as refused:
        enforcer.review(decision.id, "yes", by=moderator, reason="right", now=LATER)

    assert "approve" in str(refused.value)
    assert enforcer.decision(decision.id) == decision


def test_a_case_can_be_closed_without_more(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    suspected(record)
    case = next(enforcer.cases())

    outcome = enforcer.decide(case.id, by=moderator, reason="nothing in it", now=LATER)

    assert outcome.cases[0].status is CaseStatus.CLOSED
    assert list(enforcer.cases()) == []
