"""5.2/s1, 5.9, 7.5: what was asked, and not answered in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.cooperation import CHECKS
from policyenforce.model.facts.dealings import (
    InformationRequested,
    InformationSupplied,
    RequestPurpose,
)
from policyenforce.model.facts.procedure import DeadlinePassed
from policyenforce.policy.load import load_rules
from policyenforce.terms.gates import Standard, Trigger

DUE = datetime(2019, 11, 10, tzinfo=UTC)
GRACE = timedelta(hours=load_rules().cooperation.answer_grace_hours)
REQUEST = InformationRequested(
    id="f-1",
    at=DUE - timedelta(days=14),
    account_id="a-1",
    request_id="r-1",
    purpose=RequestPurpose.BREACH,
    due_at=DUE,
)
PASSED = DeadlinePassed(
    id="f-9", at=DUE + GRACE, account_id="a-1", deadline="request_due", concerns="r-1"
)


def answer(days=-3, *, complete=True, request="r-1"):
    return InformationSupplied(
        id=f"f-{days}",
        at=DUE + timedelta(days=days),
        account_id="a-1",
        request_id=request,
        complete=complete,
    )


@pytest.mark.parametrize(
    ("purpose", "clause"),
    [
        (RequestPurpose.TRANSACTION, "7.5"),
        (RequestPurpose.REGISTRATION, "5.2/s1"),
        (RequestPurpose.BREACH, "5.9"),
        (RequestPurpose.SERVICE, "5.9"),
        (RequestPurpose.COMPLAINT, "5.9"),
    ],
)
def test_a_request_without_an_answer_is_a_fact_under_the_clause_of_its_purpose(
    judge, purpose, clause
):
    judged = judge(CHECKS, PASSED, evolve(REQUEST, purpose=purpose))

    found = judged.found(clause)
    assert judged.clauses == [clause]
    assert (found.attested, found.confidence, found.target) == (Standard.FACT, 1.0, "r-1")
    assert found.triggers == (Trigger.REQUEST, Trigger.UNANSWERED_REQUEST)
    assert found.fact_ids == ("f-9", "f-1")


def test_an_unanswered_transaction_request_passes_the_gate_of_7_5(judge):
    found = judge(CHECKS, PASSED, evolve(REQUEST, purpose=RequestPurpose.TRANSACTION)).found("7.5")
    gate = load_rules().terms_at(DUE).opening("7.5", "7.5").gate

    assert gate.passed(found.attested, found.triggers)


def test_a_complete_answer_is_clear(judge):
    assert judge(CHECKS, PASSED, REQUEST, answer()).answers == ()


def test_a_complete_answer_within_the_grace_is_clear(judge):
    assert judge(CHECKS, PASSED, REQUEST, answer(days=0.5)).answers == ()


def test_part_of_an_answer_is_not_enough_but_speaks_for_the_member(judge):
    judged = judge(CHECKS, PASSED, REQUEST, answer(complete=False))

    assert judged.kinds("5.9")["answered_in_part"] == "mitigating"


def test_an_answer_to_another_request_is_no_answer(judge):
    assert judge(CHECKS, PASSED, REQUEST, answer(request="r-2")).clauses == ["5.9"]


def test_a_late_answer_is_nothing_to_find():
    assert not any(InformationSupplied in check.reads for check in CHECKS)


@pytest.mark.parametrize("at", [DUE, DUE + GRACE - timedelta(seconds=1)])
def test_before_the_grace_is_over_silence_cannot_be_told(judge, at):
    judged = judge(CHECKS, evolve(PASSED, at=at), REQUEST)

    assert (judged.clauses, judged.missing) == ([], {"5.9": ("deadline_passed",)})


@pytest.mark.parametrize("late", [timedelta(), timedelta(hours=3)])
@pytest.mark.parametrize(
    ("purpose", "clause"), [(RequestPurpose.TRANSACTION, "7.5"), (RequestPurpose.BREACH, "5.9")]
)
def test_a_request_that_was_due_when_it_was_made_cannot_go_unanswered(judge, late, purpose, clause):
    at_once = evolve(REQUEST, at=DUE + late, purpose=purpose)
    judged = judge(CHECKS, PASSED, at_once)

    assert (judged.clauses, judged.missing) == ([], {clause: ("information_requested.due_at",)})


@pytest.mark.parametrize(
    ("now", "clauses"),
    [(DUE, []), (DUE + GRACE - timedelta(seconds=1), []), (DUE + GRACE, ["5.9"])],
)
def test_a_deadline_that_is_told_before_it_has_come_is_not_yet_silence(judge, now, clauses):
    assert judge(CHECKS, PASSED, REQUEST, now=now).clauses == clauses


def test_a_request_made_again_with_more_time_is_due_later(judge):
    again = evolve(REQUEST, id="f-2", at=DUE - timedelta(days=1), due_at=DUE + timedelta(days=30))

    assert judge(CHECKS, PASSED, REQUEST, again).missing == {"5.9": ("deadline_passed",)}


@pytest.mark.parametrize("before", [(), (answer(complete=False),)])
def test_a_deadline_of_a_request_that_is_not_on_record_cannot_be_told(judge, before):
    assert judge(CHECKS, PASSED, *before).missing == {"5.9": ("information_requested",)}


def test_a_deadline_of_another_kind_is_not_read_as_a_request(judge):
    assert judge(CHECKS, evolve(PASSED, deadline="approval_expired", concerns="p-1")).answers == ()


@given(st.lists(st.booleans(), max_size=4), st.booleans())
def test_a_further_answer_never_makes_silence_graver(judge, answers, further):
    def outcome(parts):
        given_ = [answer(days=-9 + n, complete=complete) for n, complete in enumerate(parts)]
        return len(judge(CHECKS, PASSED, REQUEST, *given_).findings)

    assert outcome([*answers, further]) <= outcome(answers)
