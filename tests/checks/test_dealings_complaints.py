"""6.3(a): four conditions, none of which stands for another (T9)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.dealings import CHECKS
from policyenforce.model.facts.dealings import (
    Allegation,
    ComplaintAnswered,
    ComplaintReceived,
    ComplaintResolved,
    Money,
    Resolution,
    TransactionRecorded,
)
from policyenforce.model.findings import Severity
from policyenforce.terms.gates import Standard, Trigger

THEN = datetime(2019, 11, 30, 12, tzinfo=UTC)


def day(number):
    return THEN + timedelta(days=number)


ORDER = TransactionRecorded(
    id="f-1",
    at=day(-40),
    account_id="seller",
    buyer_id="buyer",
    order_id="o-1",
    amount=Money(Decimal("250.00"), "USD"),
    paid_at=day(-39),
    due_at=day(-20),
)
COMPLAINT = ComplaintReceived(
    id="f-2",
    at=THEN,
    account_id="seller",
    complainant_id="buyer",
    complaint_id="k-1",
    order_id="o-1",
    allegation=Allegation.NON_DELIVERY,
)
RESOLVED = ComplaintResolved(
    id="f-4",
    at=day(5),
    account_id="seller",
    complaint_id="k-1",
    resolution=Resolution.UPHELD,
    material=True,
    resolved_by="m-1",
)


def test_paid_and_overdue_goods_with_a_complaint_of_the_buyer_meet_every_condition(judge):
    judged = judge(CHECKS, COMPLAINT, ORDER)

    found = judged.found("6.3(a)")
    assert found.confidence == 0.9
    assert found.attested is None
    assert found.triggers == (Trigger.COMPLAINT,)
    assert (found.target, found.fact_ids) == ("o-1", ("f-2", "f-1"))
    assert list(judged.kinds("6.3(a)")) == ["complaint", "contract", "paid", "overdue"]


def test_an_overdue_order_that_nobody_complains_about_is_not_read():
    assert not any(TransactionRecorded in check.reads for check in CHECKS)


@pytest.mark.parametrize(
    ("change", "of_order"),
    [
        ({"complainant_id": "a stranger"}, {}),
        ({"complainant_id": "seller"}, {}),
        ({"account_id": "another seller"}, {}),
        ({}, {"paid_at": None}),
        ({}, {"paid_at": day(1)}),
        ({}, {"delivered_at": day(-1)}),
        ({}, {"due_at": day(-7)}),
        ({"willful": False, "material": False}, {}),
        ({"allegation": Allegation.NON_PAYMENT}, {}),
        ({"account_id": "buyer", "complainant_id": "seller"}, {}),
    ],
    ids=[
        "not the counterparty", "the Member itself", "not the Member's contract", "not paid",
        "paid only later", "delivered", "within the grace", "found to have no weight",
        "a seller does not pay", "a buyer does not deliver",
    ],
)  # fmt: skip
def test_each_condition_that_is_not_met_leaves_6_3_a_clear(judge, change, of_order):
    judged = judge(CHECKS, evolve(COMPLAINT, **change), evolve(ORDER, **of_order))

    assert judged.answers == ()


def test_goods_delivered_after_the_complaint_had_not_been_delivered_at_it(judge):
    assert judge(CHECKS, COMPLAINT, evolve(ORDER, delivered_at=day(1))).clauses == ["6.3(a)"]


@pytest.mark.parametrize(("due", "clauses"), [(-8, ["6.3(a)"]), (-7, [])])
def test_goods_are_overdue_once_the_grace_of_the_house_is_over(judge, due, clauses):
    assert judge(CHECKS, COMPLAINT, evolve(ORDER, due_at=day(due))).clauses == clauses


@pytest.mark.parametrize(
    ("change", "before", "missing"),
    [
        ({"order_id": None}, (ORDER,), ("order_id",)),
        ({}, (), ("transaction_recorded",)),
        ({}, (evolve(ORDER, due_at=None),), ("willful", "material", "due_at")),
        ({"willful": False}, (evolve(ORDER, due_at=None),), ("material", "due_at")),
        ({"material": False}, (ORDER,), ("willful",)),
        ({"allegation": Allegation.NOT_AS_DESCRIBED}, (ORDER,), ("willful", "material")),
        ({"allegation": Allegation.OTHER, "material": False}, (ORDER,), ("willful",)),
    ],
)
def test_what_neither_record_nor_person_says_cannot_be_told(judge, change, before, missing):
    judged = judge(CHECKS, evolve(COMPLAINT, **change), *before)

    assert (judged.clauses, judged.missing) == ([], {"6.3(a)": missing})


@pytest.mark.parametrize("allegation", [Allegation.NOT_AS_DESCRIBED, Allegation.OTHER])
@pytest.mark.parametrize("weight", ["willful", "material"])
def test_will_or_weight_that_a_person_sees_is_enough_either_way(judge, allegation, weight):
    seen = evolve(COMPLAINT, allegation=allegation, confidence=0.7, **{weight: True})
    judged = judge(CHECKS, evolve(seen, standard=Standard.BELIEF), ORDER)

    found = judged.found("6.3(a)")
    assert judged.kinds("6.3(a)")[f"{weight}_failure"] == "incriminating"
    assert (found.confidence, found.attested) == (0.7, Standard.BELIEF)
    assert (found.severity is Severity.SERIOUS) is (weight == "willful")


def test_a_record_of_delivery_is_counter_evidence_even_where_a_person_saw_will(judge):
    seen = evolve(COMPLAINT, willful=True)
    judged = judge(CHECKS, seen, evolve(ORDER, delivered_at=day(-1)))

    assert judged.kinds("6.3(a)")["delivered"] == "counter"
    assert judged.found("6.3(a)").confidence == 0.5


def test_a_standard_of_none_is_no_standard(judge):
    seen = evolve(COMPLAINT, material=True, standard=Standard.NONE)

    assert judge(CHECKS, seen, ORDER).found("6.3(a)").attested is None


NO_PAY = evolve(
    COMPLAINT, account_id="buyer", complainant_id="seller", allegation=Allegation.NON_PAYMENT
)


def test_a_buyer_who_does_not_pay_needs_a_person_who_sees_weight(judge):
    unpaid = evolve(ORDER, paid_at=None)

    assert judge(CHECKS, NO_PAY, unpaid).missing == {"6.3(a)": ("willful", "material")}
    assert judge(CHECKS, evolve(NO_PAY, material=True), unpaid).clauses == ["6.3(a)"]
    assert judge(CHECKS, NO_PAY, ORDER).answers == ()


def test_under_the_other_reading_of_t9_anybody_may_complain(judge, reading):
    stranger = evolve(COMPLAINT, complainant_id="a stranger")

    assert judge(CHECKS, stranger, ORDER, rules=reading(T9="any_complaint")).clauses == ["6.3(a)"]


def test_the_newest_record_of_an_order_that_names_the_member_counts(judge):
    later = evolve(ORDER, id="f-0", at=day(-3), delivered_at=day(-3))
    foreign = evolve(ORDER, id="f-9", at=day(-2), account_id="x", buyer_id="y")

    assert judge(CHECKS, COMPLAINT, ORDER, later, foreign).answers == ()


LADDER = {
    "willful": [False, None, True],
    "material": [False, None, True],
    "confidence": [0.1, 0.5, 0.95],
    "delivered_at": [day(-1), None],
    "paid_at": [None, day(-39)],
    "due_at": [day(9), day(-20)],
}


@given(
    st.sampled_from([Allegation.NON_DELIVERY, Allegation.NOT_AS_DESCRIBED]),
    st.fixed_dictionaries({name: st.sampled_from(range(len(LADDER[name]))) for name in LADDER}),
    st.sampled_from(sorted(LADDER)),
)
def test_more_that_incriminates_never_lowers_the_confidence(judge, allegation, steps, raised):
    def sure(steps):
        at = {name: LADDER[name][min(step, len(LADDER[name]) - 1)] for name, step in steps.items()}
        order = evolve(ORDER, **{n: at.pop(n) for n in ("delivered_at", "paid_at", "due_at")})
        findings = judge(CHECKS, evolve(COMPLAINT, allegation=allegation, **at), order).findings
        return max((f.confidence for f in findings), default=0.0)

    assert sure(steps) <= sure({**steps, raised: steps[raised] + 1})


def test_a_persons_word_and_the_record_together_are_no_less_sure_than_the_record(judge):
    judged = judge(CHECKS, evolve(COMPLAINT, material=True), ORDER)

    assert judged.found("6.3(a)").confidence == 0.9
    assert {"material_failure", "overdue"} <= set(judged.kinds("6.3(a)"))


def test_a_complaint_that_is_upheld_with_weight_is_attested(judge):
    judged = judge(CHECKS, RESOLVED, ORDER, COMPLAINT)

    found = judged.found("6.3(a)")
    assert (found.attested, found.confidence) == (Standard.BELIEF, 0.9)
    assert found.fact_ids == ("f-4", "f-2", "f-1")
    assert (found.target, found.triggers) == ("o-1", (Trigger.COMPLAINT,))


@pytest.mark.parametrize(
    "change",
    [
        {"resolution": Resolution.REJECTED},
        {"material": False},
        {"standard": Standard.NONE},
    ],
)
def test_a_complaint_that_ends_without_weight_or_standard_is_clear(judge, change):
    assert judge(CHECKS, evolve(RESOLVED, **change), ORDER, COMPLAINT).answers == ()


@pytest.mark.parametrize(
    ("before", "missing"),
    [
        ((ORDER,), ("complaint_received",)),
        ((COMPLAINT,), ("transaction_recorded",)),
        ((ORDER, evolve(COMPLAINT, order_id=None)), ("order_id",)),
        ((ORDER, evolve(COMPLAINT, account_id="somebody")), ("complaint_received",)),
    ],
)
def test_a_resolution_without_its_complaint_or_contract_cannot_be_told(judge, before, missing):
    assert judge(CHECKS, RESOLVED, *before).missing == {"6.3(a)": missing}


def test_a_resolution_of_a_strangers_complaint_is_clear(judge):
    assert judge(CHECKS, RESOLVED, ORDER, evolve(COMPLAINT, complainant_id="x")).answers == ()


def test_a_resolution_against_a_buyer_finds_the_order_by_its_other_side(judge):
    against_buyer = evolve(RESOLVED, account_id="buyer")

    assert judge(CHECKS, against_buyer, ORDER, NO_PAY).clauses == ["6.3(a)"]


def test_what_the_complaint_already_said_is_not_said_again(judge):
    said = evolve(COMPLAINT, material=True, willful=False, standard=Standard.BELIEF)
    surer = evolve(RESOLVED, standard=Standard.FACT)

    assert judge(CHECKS, RESOLVED, ORDER, said).answers == ()
    assert judge(CHECKS, surer, ORDER, said).clauses == ["6.3(a)"]


@pytest.mark.parametrize(
    ("proof", "kind", "bearing"),
    [(True, "proof_of_performance", "counter"), (False, "answered", "mitigating")],
)
def test_the_members_answer_is_heard(judge, proof, kind, bearing):
    answer = ComplaintAnswered(
        id="f-3", at=day(1), account_id="seller", complaint_id="k-1", proof_of_performance=proof
    )
    judged = judge(CHECKS, RESOLVED, ORDER, COMPLAINT, answer)

    assert judged.kinds("6.3(a)")[kind] == bearing
    assert "f-3" in judged.found("6.3(a)").fact_ids


def test_a_settled_complaint_can_still_have_been_willful(judge):
    settled = evolve(RESOLVED, resolution=Resolution.SETTLED, material=False, willful=True)

    assert judge(CHECKS, settled, ORDER, COMPLAINT).found("6.3(a)").severity is Severity.SERIOUS
