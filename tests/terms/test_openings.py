"""Which powers a ground opens, and behind which gate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.errors import TermsError
from policyenforce.terms import (
    Bearer,
    ClauseRef,
    Discretion,
    Gate,
    Kind,
    Power,
    Standard,
    Terms,
    Trigger,
)

NEWER = Terms.load().version("2019-10-04")
REFS = [statement.ref.text for statement in NEWER.statements]
SIX_TWO = {"6.2(i)", "6.2(ii)", "6.2(iii)", "6.2(iv)", "6.2(v)"}
POWERS = {
    "4.1/s3": {Power.CANCEL_ACCOUNT, Power.TERMINATE_ACCOUNT, Power.SUSPEND_ACCOUNT},
    "4.1/s4": {Power.REJECT_APPLICATION},
    "4.5/s3": {Power.SUSPEND_ACCOUNT, Power.TERMINATE_ACCOUNT},
    "6.1/limb1": {Power.REMOVE_CONTENT, Power.MODIFY_CONTENT, Power.REJECT_CONTENT},
    "6.1/limb2": {Power.REMOVE_CONTENT, Power.MODIFY_CONTENT, Power.REJECT_CONTENT},
    "6.2(i)": {
        Power.SUSPEND_ACCOUNT,
        Power.TERMINATE_ACCOUNT,
        Power.RESTRICT_FEATURE,
        Power.OTHER_CORRECTIVE,
    },
    "6.2(ii)": {
        Power.LIMIT_SERVICE,
        Power.DOWNGRADE_SERVICE,
        Power.SUSPEND_SERVICE,
        Power.TERMINATE_SERVICE,
    },
    "6.2(iii)": {Power.REMOVE_CONTENT, Power.CAP_CONTENT},
    "6.2(iv)": {Power.RESTRICT_FEATURE},
    "6.2(v)": {Power.OTHER_CORRECTIVE},
    "6.5": {Power.LIMIT_SERVICE, Power.SUSPEND_SERVICE, Power.TERMINATE_SERVICE},
    "7.5": {Power.SUSPEND_ACCOUNT, Power.TERMINATE_ACCOUNT},
}


def opened(ground: str) -> set[str]:
    return {opening.power_clause.text for opening in NEWER.openings(ground)}


def owed(ref: str) -> bool:
    statement = NEWER.statement(ref)
    kinds = (Kind.DUTY, Kind.PROHIBITION, Kind.WARRANTY)
    return statement.kind in kinds and set(statement.bearers) != {Bearer.PLATFORM}


@pytest.mark.parametrize("ground", REFS)
def test_discipline_is_open_to_what_members_owe_under_3_to_5_and_to_deemed_breaches(ground):
    chapter = ground.partition(".")[0]
    expected = (chapter in "345" and owed(ground)) or ground == "12.6" or ground.startswith("6.3(")

    assert SIX_TWO & opened(ground) == (SIX_TWO if expected else set())


@pytest.mark.parametrize(
    ("ground", "clauses"),
    [
        ("1.2(a)", {"4.1/s4"}),
        ("2.2", {"4.1/s4"}),
        ("2.3", set()),
        ("4.1/s2", {"4.1/s3", "4.1/s4"} | SIX_TWO),
        ("4.1/s3", {"4.1/s3", "4.1/s4"}),
        ("4.3/s1", {"4.5/s3", "4.1/s4"} | SIX_TWO),
        ("4.3/s3", {"4.1/s4"} | SIX_TWO),
        ("4.5/s1", {"4.5/s3"}),
        ("5.5(g)", {"6.1/limb1", "4.1/s4"} | SIX_TWO),
        ("5.4(d)", {"4.1/s4"} | SIX_TWO),
        ("5.9", {"4.1/s4"} | SIX_TWO),
        ("6.1/limb1", {"6.1/limb1"}),
        ("6.1/limb2", {"6.1/limb2"}),
        ("6.3(b)", SIX_TWO),
        ("6.4/s2", set()),
        ("6.5", {"6.5"}),
        ("7.5", {"7.5"}),
        ("8.5", set()),
        ("12.6", SIX_TWO),
    ],
)
def test_a_ground_opens_these_clauses_and_no_others(ground, clauses):
    assert opened(ground) == clauses


@pytest.mark.parametrize(
    ("ground", "power", "gate"),
    [
        ("4.1/s2", "4.1/s3", Gate(Standard.SUSPICION)),
        ("4.1/s3", "4.1/s3", Gate(Standard.SUSPICION)),
        ("1.2(b)", "4.1/s4", Gate(Standard.NONE, triggers=(Trigger.APPLICATION,))),
        ("4.1/s2", "6.2(i)", Gate(Standard.BELIEF, True, discretion=Discretion.SOLE)),
        ("4.5/s1", "4.5/s3", Gate(Standard.FACT)),
        ("4.3/s1", "4.5/s3", Gate(Standard.FACT)),
        ("5.9", "6.2(ii)", Gate(Standard.BELIEF, True)),
        ("5.5(a)", "6.1/limb1", Gate(Standard.BELIEF, True)),
        ("6.1/limb2", "6.1/limb2", Gate(Standard.NONE, discretion=Discretion.SOLE)),
        ("6.3(a)", "6.2(iii)", Gate(Standard.BELIEF, True, (Trigger.COMPLAINT,))),
        ("6.3(b)", "6.2(ii)", Gate(Standard.SUSPICION, True)),
        ("6.3(c)", "6.2(v)", Gate(Standard.SUSPICION, True, discretion=Discretion.SOLE)),
        ("6.3(d)", "6.2(iii)", Gate(Standard.BELIEF)),
        (
            "6.5",
            "6.5",
            Gate(Standard.SUSPICION, True, (Trigger.AFFILIATE_NOTICE,), Discretion.REASONABLE),
        ),
        ("7.5", "7.5", Gate(Standard.FACT, triggers=(Trigger.UNANSWERED_REQUEST,))),
    ],
)
def test_the_gate_is_the_power_s_own_unless_the_ground_is_a_deemed_breach(ground, power, gate):
    assert NEWER.opening(ground, power).gate == gate


@given(ground=st.sampled_from(REFS), power_clause=st.sampled_from(REFS))
def test_only_power_clauses_open_anything_and_only_their_own_powers(ground, power_clause):
    opening = NEWER.opening(ClauseRef.parse(ground), ClauseRef.parse(power_clause))

    if opening is None:
        assert power_clause not in opened(ground)
    else:
        assert opening.power_clause.text == power_clause
        assert opening.powers == POWERS[power_clause]
        assert opening in NEWER.openings(ground)


@given(ground=st.sampled_from(REFS), power=st.sampled_from(list(Power)))
def test_suspicion_alone_opens_only_the_four_doors_that_name_it(ground, power):
    doors = {
        opening.power_clause.text
        for opening in NEWER.openings(ground)
        if power in opening.powers and opening.gate.standard is Standard.SUSPICION
    }

    if ground in ("6.3(b)", "6.3(c)"):
        assert doors <= SIX_TWO
    elif ground == "6.5":
        assert doors <= {"6.5"}
    elif ground in ("4.1/s2", "4.1/s3"):
        assert doors <= {"4.1/s3"}
    else:
        assert doors == set()


@given(ground=st.sampled_from(REFS))
def test_cancellation_and_rejection_stay_with_4_1_and_modification_with_6_1(ground):
    by_power = {
        power: opening.power_clause.number
        for opening in NEWER.openings(ground)
        for power in opening.powers
        if power in (Power.CANCEL_ACCOUNT, Power.REJECT_APPLICATION, Power.MODIFY_CONTENT)
    }

    assert set(by_power.items()) <= {
        (Power.CANCEL_ACCOUNT, "4.1"),
        (Power.REJECT_APPLICATION, "4.1"),
        (Power.MODIFY_CONTENT, "6.1"),
    }


def test_suspected_multiple_accounts_are_not_laundered_into_discipline():
    laundered = [NEWER.opening("4.1/s3", power) for power in sorted(SIX_TWO)]
    belief = NEWER.opening("4.1/s2", "6.2(i)")

    assert laundered == [None] * 5
    assert not belief.gate.passed(Standard.SUSPICION)
    assert belief.gate.passed(Standard.BELIEF)


def test_a_complaint_is_needed_however_sure_one_is():
    gate = NEWER.opening("6.3(a)", "6.2(i)").gate

    assert not gate.passed(Standard.FACT)
    assert gate.passed(Standard.BELIEF, [Trigger.COMPLAINT])
    assert not gate.passed(Standard.SUSPICION, [Trigger.COMPLAINT])


def test_one_limb_of_the_affiliate_clause_is_not_enough():
    gate = NEWER.opening("6.5", "6.5").gate

    assert not gate.passed(Standard.FACT)
    assert not gate.passed(Standard.NONE, [Trigger.AFFILIATE_NOTICE])
    assert gate.passed(Standard.SUSPICION, [Trigger.AFFILIATE_NOTICE])


@pytest.mark.parametrize(("answer", "suspend"), [("on", True), ("off", False)])
def test_reading_t23_decides_whether_4_1_includes_suspension(answer, suspend):
    asked = NEWER.opening("4.1/s3", "4.1/s3", {"T23": answer}).powers
    built = NEWER.under({"T23": answer}).opening("4.1/s3", "4.1/s3").powers

    assert (Power.SUSPEND_ACCOUNT in asked) is suspend
    assert asked == built
    assert {Power.CANCEL_ACCOUNT, Power.TERMINATE_ACCOUNT} <= asked


@pytest.mark.parametrize(("answer", "milder"), [("on", True), ("off", False)])
def test_reading_t23_decides_whether_6_2_i_includes_milder_steps(answer, milder):
    powers = NEWER.under({"T23": answer}).opening("5.6(d)", "6.2(i)").powers

    assert ({Power.RESTRICT_FEATURE, Power.OTHER_CORRECTIVE} <= powers) is milder
    assert {Power.SUSPEND_ACCOUNT, Power.TERMINATE_ACCOUNT} <= powers


def test_an_answer_for_one_question_outweighs_the_version_s_own():
    literal = NEWER.under({"T23": "off"})

    assert Power.SUSPEND_ACCOUNT in literal.opening("4.1/s2", "4.1/s3", {"T23": "on"}).powers
    assert literal.openings("6.5") == NEWER.openings("6.5")


def test_unknown_clauses_and_answers_are_errors():
    with pytest.raises(TermsError, match=r"no clause `9\.9`"):
        NEWER.openings("9.9")
    with pytest.raises(TermsError, match=r"no clause `6\.2\(vi\)`"):
        NEWER.opening("5.5(a)", "6.2(vi)")
    with pytest.raises(TermsError, match="`maybe` is no answer to reading T23"):
        NEWER.opening("5.5(a)", "6.2(i)", {"T23": "maybe"})
    with pytest.raises(TermsError, match="unknown reading `T99`"):
        NEWER.under({"T99": "on"})


def test_a_misplaced_reference_is_told_what_stands_near():
    with pytest.raises(TermsError, match=r"statements there: 4\.1/s1, 4\.1/s2, 4\.1/s3, 4\.1/s4"):
        NEWER.statement("4.1")
