"""3.1, 3.2, 3.5, 3.7, 5.6, 5.7, 5.8, 5.12, 12.6: reported conduct and written permissions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.conduct import CHECKS
from policyenforce.model.facts.dealings import ConductReported
from policyenforce.model.facts.registration import (
    AccountOpened,
    ApprovalGranted,
    ApprovalRevoked,
    ApprovalScope,
)
from policyenforce.model.findings import Severity
from policyenforce.policy.load import load_rules
from policyenforce.terms.gates import Standard
from policyenforce.terms.references import ClauseRef

THEN = datetime(2019, 11, 10, tzinfo=UTC)
REPORT = ConductReported(
    id="f-1",
    at=THEN,
    account_id="a-1",
    clause="3.5",
    reported_by="Rita Reporter",
    confidence=0.7,
    details="Ana Anders, 12 Main Street",
)
CLAUSES = [
    "3.1", "3.2(a)", "3.2(b)", "3.2/s2", "3.5", "3.6", "3.7",
    *(f"5.6({letter})" for letter in "abcdefghijkl"),
    "5.7", "5.8(a)", "5.8(b)", "5.8(c)", "5.12", "12.6",
]  # fmt: skip


@pytest.mark.parametrize("clause", CLAUSES)
def test_reported_conduct_is_as_sure_as_its_report(judge, clause):
    judged = judge(CHECKS, evolve(REPORT, clause=clause, severity=Severity.GRAVE, target="x-1"))

    found = judged.found(clause)
    assert (found.confidence, found.attested) == (0.7, None)
    assert (found.severity, found.target) == (Severity.GRAVE, "x-1")
    assert found.evidence
    assert not any(word in repr(found) for word in ("Rita", "Ana", "Main"))


@pytest.mark.parametrize(
    ("standard", "attested"),
    [
        (Standard.FACT, Standard.FACT),
        (Standard.SUSPICION, Standard.SUSPICION),
        (Standard.NONE, None),
    ],
)
def test_the_standard_a_reporter_states_is_attested(judge, standard, attested):
    assert judge(CHECKS, evolve(REPORT, standard=standard)).found("3.5").attested is attested


def test_the_catch_all_of_3_2_takes_a_person(judge):
    vague = evolve(REPORT, clause="3.2/s3", confidence=1.0)

    assert judge(CHECKS, vague).missing == {"3.2/s3": ("standard",)}
    assert judge(CHECKS, vague).findings == ()
    assert judge(CHECKS, evolve(vague, standard=Standard.BELIEF)).clauses == ["3.2/s3"]


@pytest.mark.parametrize(
    ("clause", "right"),
    [
        ("1.2(a)", "application_received"),
        ("4.1/s2", "account_opened"),
        ("4.1/s3", "application_received"),
        ("4.3/s3", "credential_sharing_reported"),
        ("4.3/s4", "unauthorised_use_reported"),
        ("4.5/s1", "credential_sharing_reported"),
        ("5.1(b)", "application_received"),
        ("5.2(a)", "information_verified"),
        ("5.2/s1", "information_requested"),
        ("5.4(a)", "content_labelled"),
        ("5.4(b)", "rights_claimed"),
        ("5.4(c)", "content_labelled"),
        ("5.4(d)", "restriction_matched"),
        ("5.5(c)", "content_labelled"),
        ("5.9", "information_requested"),
        ("5.11", "application_received"),
        ("6.1/limb1", "content_labelled"),
        ("6.3(a)", "complaint_received"),
        ("6.3(b)", "payment_flagged"),
        ("6.3(c)", "information_challenged"),
        ("6.3(d)", "loss_risk_assessed"),
        ("6.5", "affiliate_notice_received"),
        ("7.5", "information_requested"),
        ("3.2", "conduct_reported.clause"),
        ("3.4", "conduct_reported.clause"),
        ("8.8", "conduct_reported.clause"),
    ],
)
def test_a_clause_that_a_report_cannot_carry_names_the_fact_that_can(judge, clause, right):
    judged = judge(CHECKS, evolve(REPORT, clause=clause, standard=Standard.FACT))

    assert (judged.clauses, judged.missing) == ([], {clause: (right,)})


def test_a_text_that_is_no_clause_is_a_cannot_tell_and_no_crash(judge):
    judged = judge(CHECKS, evolve(REPORT, clause="whatever", permission="p-1"))

    assert judged.missing == {"5.6(c)": ("conduct_reported.clause",)}


def test_a_clause_the_house_has_switched_off_is_not_found(judge):
    rules = evolve(load_rules(), disabled={ClauseRef.parse("3.5"): ("*",)})

    assert judge(CHECKS, REPORT, rules=rules).answers == ()


SCRAPING = evolve(REPORT, clause="3.2/s2", permission="p-1")
GRANTED = ApprovalGranted(
    id="f-0",
    at=THEN - timedelta(days=90),
    approval_id="p-1",
    scope=ApprovalScope.ACCOUNTS,
    subjects=("a-1",),
    signer="o-1",
    role="authorised_officer",
    from_=THEN - timedelta(days=90),
    until=THEN + timedelta(days=90),
)
REVOKED = ApprovalRevoked(id="f-x", at=THEN - timedelta(days=1), approval_id="p-1", by="o-1")
OPENED = AccountOpened(id="f-o", at=THEN - timedelta(days=99), user_id="u-1", account_id="a-1")


@pytest.mark.parametrize(
    "clause",
    ["3.2(a)", "3.2(b)", "3.2/s2", "3.5", "5.6(c)", "5.6(h)", "5.6(j)", "5.7", "12.6"],
)
def test_a_written_permission_in_force_answers_what_the_platform_can_permit(judge, clause):
    assert judge(CHECKS, evolve(SCRAPING, clause=clause), GRANTED).answers == ()


@pytest.mark.parametrize("clause", ["3.1", "3.6", "5.6(a)", "5.6(d)", "5.6(g)", "5.6(k)", "5.12"])
def test_no_permission_makes_an_unlawful_act_lawful(judge, clause):
    assert judge(CHECKS, evolve(SCRAPING, clause=clause), GRANTED).clauses == [clause]


def test_a_permission_for_the_user_covers_each_of_its_accounts(judge):
    for_user = evolve(GRANTED, subjects=("u-1",))
    for_other_account = evolve(GRANTED, subjects=("a-2",))
    second = evolve(OPENED, id="f-p", account_id="a-2")

    assert judge(CHECKS, SCRAPING, for_user, OPENED).answers == ()
    assert judge(CHECKS, SCRAPING, for_other_account, OPENED, second).answers == ()


@pytest.mark.parametrize(
    ("before", "kind"),
    [
        ((GRANTED, REVOKED), "permission_revoked"),
        ((evolve(GRANTED, in_writing=False),), "permission_unsigned"),
        ((evolve(GRANTED, signer=" "),), "permission_unsigned"),
        ((evolve(GRANTED, role=""),), "permission_unsigned"),
        ((evolve(GRANTED, until=THEN),), "permission_not_in_force"),
        ((evolve(GRANTED, from_=THEN + timedelta(days=1)),), "permission_not_in_force"),
    ],
)
def test_a_permission_that_does_not_hold_leaves_the_finding_and_says_why(judge, before, kind):
    judged = judge(CHECKS, SCRAPING, *before)

    assert judged.kinds("3.2/s2")[kind] == "incriminating"
    assert before[-1].id in judged.found("3.2/s2").fact_ids


def test_a_permission_granted_anew_after_its_revocation_holds(judge):
    again = evolve(GRANTED, id="f-y", at=THEN - timedelta(hours=1), until=None)

    assert judge(CHECKS, SCRAPING, GRANTED, REVOKED, again).answers == ()


@pytest.mark.parametrize(
    ("before", "missing"),
    [
        ((), "approval_granted"),
        ((evolve(GRANTED, approval_id="p-2"),), "approval_granted"),
        ((evolve(GRANTED, subjects=("a-9",)),), "approval_granted.subjects"),
        ((evolve(GRANTED, subjects=()),), "approval_granted.subjects"),
    ],
)
def test_a_permission_that_cannot_be_matched_is_neither_breach_nor_clear(judge, before, missing):
    judged = judge(CHECKS, SCRAPING, *before)

    assert (judged.clauses, judged.missing) == ([], {"3.2/s2": (missing,)})


@given(st.sampled_from(CLAUSES), st.floats(0, 1), st.floats(0, 1))
def test_a_surer_report_never_weighs_less(judge, clause, one, other):
    weaker, surer = sorted((one, other))

    def sure(confidence):
        report = evolve(REPORT, clause=clause, confidence=confidence)
        return judge(CHECKS, report).found(clause).confidence

    assert sure(weaker) <= sure(surer)


@pytest.mark.parametrize("standard", [None, Standard.SUSPICION, Standard.BELIEF])
def test_t25_an_account_not_kept_secure_is_no_breach_until_fault_is_proved(judge, standard):
    doubted = evolve(REPORT, clause="4.3/s1", standard=standard)

    assert judge(CHECKS, doubted).missing == {"4.3/s1": ("standard",)}
    assert judge(CHECKS, evolve(doubted, standard=Standard.FACT)).clauses == ["4.3/s1"]


def test_a_permission_for_a_device_is_none_for_what_is_done_with_it(judge):
    device = evolve(GRANTED, scope=ApprovalScope.INFRASTRUCTURE)

    assert judge(CHECKS, SCRAPING, device).missing == {"3.2/s2": ("approval_granted.scope",)}
