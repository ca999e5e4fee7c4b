"""6.3(b), 6.3(c), 6.3(d), 5.6(d), 6.5: less than a breach that counts as one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.dealings import CHECKS
from policyenforce.model.facts.dealings import (
    AffiliateNoticeReceived,
    Dishonesty,
    InformationChallenged,
    InformationVerified,
    LossRiskAssessed,
    Money,
    PaymentFlag,
    PaymentFlagged,
    TransactionRecorded,
)
from policyenforce.model.facts.registration import DetailsAmended
from policyenforce.policy.load import load_rules
from policyenforce.terms.gates import Standard, Trigger

THEN = datetime(2019, 11, 10, tzinfo=UTC)
FLAG = PaymentFlagged(
    id="f-1", at=THEN, account_id="buyer", order_id="o-1", flag=PaymentFlag.STOLEN_CARD
)
ORDER = TransactionRecorded(
    id="f-0",
    at=THEN - timedelta(days=1),
    account_id="seller",
    buyer_id="buyer",
    order_id="o-1",
    amount=Money(Decimal(9), "USD"),
)


@pytest.mark.parametrize("flag", PaymentFlag)
def test_a_payment_flagged_in_a_deal_is_suspicion_and_no_fraud_yet(judge, flag):
    judged = judge(CHECKS, evolve(FLAG, flag=flag), ORDER)

    found = judged.found("6.3(b)")
    assert judged.clauses == ["6.3(b)"]
    assert (found.confidence, found.attested, found.target) == (0.7, None, "o-1")
    assert "deal" in judged.kinds("6.3(b)")


@pytest.mark.parametrize("order_id", [None, "o-1"])
def test_a_stolen_card_needs_no_deal_to_be_suspicion(judge, order_id):
    judged = judge(CHECKS, evolve(FLAG, order_id=order_id))

    assert judged.found("6.3(b)").target == order_id
    assert "deal" not in judged.kinds("6.3(b)")
    assert "counterparty" not in judged.found("6.3(b)").explanation


@pytest.mark.parametrize(
    ("order_id", "missing"), [(None, "order_id"), ("o-1", "transaction_recorded")]
)
@pytest.mark.parametrize("confirmed_by", [None, "m-1"])
def test_false_information_outside_a_known_deal_cannot_be_told(
    judge, order_id, missing, confirmed_by
):
    flag = evolve(FLAG, flag=PaymentFlag.FALSE_INFORMATION, confirmed_by=confirmed_by)
    judged = judge(CHECKS, evolve(flag, order_id=order_id))

    assert (judged.clauses, judged.missing) == ([], {"6.3(b)": (missing,)})


@pytest.mark.parametrize(
    ("flag", "clauses"),
    [(PaymentFlag.STOLEN_CARD, ["6.3(b)", "5.6(d)"]), (PaymentFlag.FALSE_INFORMATION, ["6.3(b)"])],
)
def test_a_stolen_card_that_somebody_confirmed_is_fraud_as_well(judge, flag, clauses):
    judged = judge(CHECKS, evolve(FLAG, flag=flag, confirmed_by="m-1"), ORDER)

    assert judged.clauses == clauses
    assert {f.attested for f in judged.findings} == {Standard.FACT}


def test_a_flag_on_an_order_between_others_cannot_be_told(judge):
    judged = judge(CHECKS, evolve(FLAG, account_id="somebody"), ORDER)

    assert (judged.clauses, judged.missing) == ([], {"6.3(b)": ("transaction_recorded",)})


DOUBT = InformationChallenged(
    id="f-1", at=THEN, account_id="a-1", topic="phone", challenged_by="m-1"
)


def verified(true, *, days=-2, topic="phone", id="f-8"):
    return InformationVerified(
        id=id,
        at=THEN + timedelta(days=days),
        account_id="a-1",
        topic=topic,
        true=true,
        verified_by="register",
    )


def amendment(days=-1, topic="phone"):
    at = THEN + timedelta(days=days)
    return DetailsAmended(id="f-9", at=at, account_id="a-1", changed={topic: "new"})


def test_a_doubt_about_what_was_told_is_suspicion_only(judge):
    found = judge(CHECKS, DOUBT).found("6.3(c)")

    assert (found.confidence, found.attested, found.target) == (0.6, None, "phone")
    assert found.triggers == ()
    assert load_rules().standard_of(found.clause, None, found.confidence) is Standard.SUSPICION


def test_t24_a_doubt_about_user_content_is_left_to_the_content_clauses(judge, reading):
    content = evolve(DOUBT, user_content=True)

    assert judge(CHECKS, content).answers == ()
    assert judge(CHECKS, content, rules=reading(T24="includes_content")).clauses == ["6.3(c)"]


@pytest.mark.parametrize(
    ("before", "confidence", "kinds"),
    [
        ((verified(True),), 0.3, {"verified_true": "counter"}),
        ((verified(False),), 0.6, {}),
        ((verified(True), verified(False, days=-1, id="f-9")), 0.6, {}),
        ((verified(True), amendment()), 0.6, {"amended": "mitigating"}),
        (
            (amendment(days=-3), verified(True)),
            0.3,
            {"verified_true": "counter", "amended": "mitigating"},
        ),
        ((verified(True, topic="address"), amendment(topic="address")), 0.6, {}),
    ],
)
def test_a_check_that_found_it_true_speaks_against_a_later_doubt(judge, before, confidence, kinds):
    judged = judge(CHECKS, DOUBT, *before)

    assert judged.found("6.3(c)").confidence == confidence
    assert judged.kinds("6.3(c)") == {"doubt": "incriminating", **kinds}
    assert "new" not in repr(judged.found("6.3(c)"))


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_stronger_doubt_never_weighs_less(judge, one, other):
    weaker, stronger = sorted((one, other))

    def sure(confidence, *before):
        doubt = evolve(DOUBT, confidence=confidence)
        return judge(CHECKS, doubt, *before).found("6.3(c)").confidence

    assert sure(weaker) <= sure(stronger)
    assert sure(stronger, verified(True)) <= sure(stronger)


RISK = LossRiskAssessed(
    id="f-1",
    at=THEN,
    account_id="a-1",
    standard=Standard.BELIEF,
    at_risk="users",
    assessed_by="m-1",
    reason="Ana Anders was seen",
)


@pytest.mark.parametrize(
    ("standard", "confidence"),
    [(Standard.SUSPICION, 0.5), (Standard.BELIEF, 0.9), (Standard.FACT, 1.0)],
)
def test_a_risk_of_loss_stands_at_the_standard_its_assessor_states(judge, standard, confidence):
    found = judge(CHECKS, evolve(RISK, standard=standard)).found("6.3(d)")

    assert (found.attested, found.confidence, found.target) == (standard, confidence, "users")
    assert "Ana" not in repr(found)


def test_an_assessment_that_reaches_nothing_is_clear(judge):
    assert judge(CHECKS, evolve(RISK, standard=Standard.NONE)).answers == ()


def test_a_risk_to_nobody_in_particular_cannot_be_told(judge):
    assert judge(CHECKS, evolve(RISK, at_risk=" ")).missing == {"6.3(d)": ("at_risk",)}


NOTICE = AffiliateNoticeReceived(
    id="f-1", at=THEN, account_id="a-1", affiliate="Alipay", agreement="payments-2019"
)


@pytest.mark.parametrize(
    ("dishonesty", "attested"),
    [
        (Dishonesty.NONE, []),
        (Dishonesty.SUSPECTED, [None]),
        (Dishonesty.ESTABLISHED, [Standard.BELIEF]),
    ],
)
def test_t11_6_5_takes_a_notice_and_dishonesty_and_not_one_of_them(judge, dishonesty, attested):
    judged = judge(CHECKS, evolve(NOTICE, dishonesty=dishonesty))

    assert judged.clauses == ["6.5"] * len(attested)
    assert judged.missing == {}
    assert [f.attested for f in judged.findings] == attested
    assert all(f.triggers == (Trigger.AFFILIATE_NOTICE,) for f in judged.findings)
    assert all(f.target == "payments-2019" for f in judged.findings)


@pytest.mark.parametrize(
    ("confidence", "standard"), [(0.01, Standard.NONE), (0.7, Standard.SUSPICION)]
)
def test_dishonesty_is_reasonably_suspected_from_the_suspicion_of_the_house_on(
    judge, confidence, standard
):
    notice = evolve(NOTICE, dishonesty=Dishonesty.SUSPECTED, confidence=confidence)
    found = judge(CHECKS, notice).found("6.5")

    assert load_rules().standard_of(found.clause, None, found.confidence) is standard


def test_dishonesty_without_a_notice_opens_nothing_under_6_5(judge):
    gate = load_rules().terms_at(THEN).opening("6.5", "6.5").gate
    dishonest = judge(CHECKS, evolve(FLAG, confirmed_by="m-1"), ORDER)

    assert "6.5" not in dishonest.clauses
    assert not any(gate.passed(Standard.FACT, f.triggers) for f in dishonest.findings)
    assert gate.passed(Standard.SUSPICION, (Trigger.AFFILIATE_NOTICE,))


@pytest.mark.parametrize(("source", "told"), [("Alipay", True), ("backend", False)])
def test_t11_a_house_may_want_the_notice_from_the_affiliate_itself(judge, reading, source, told):
    notice = evolve(NOTICE, dishonesty=Dishonesty.SUSPECTED, source=source)
    judged = judge(CHECKS, notice, rules=reading(T11="affiliate_itself"))

    assert judged.clauses == (["6.5"] if told else [])
    assert judged.missing == ({} if told else {"6.5": ("affiliate_notice_received",)})
