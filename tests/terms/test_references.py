"""Addresses of clauses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.errors import TermsError
from policyenforce.terms import ClauseRef, Gate, Standard, Terms, Trigger
from policyenforce.terms.statements import lies_in

REFS = [statement.ref for statement in Terms.load().versions[-1].statements]


@given(ref=st.sampled_from(REFS))
def test_a_reference_survives_being_written_down(ref):
    assert ClauseRef.parse(str(ref)) == ref
    assert hash(ClauseRef.parse(ref.text)) == hash(ref)
    assert ref.within(ref) and ref.within(ref.clause)
    assert lies_in(ref, ref.number)


@pytest.mark.parametrize("text", ["", "5.5(C)", "5.", "4.1/limb", "clause 4", "4.1/s3 "])
def test_what_has_no_clause_s_shape_is_refused(text):
    with pytest.raises(TermsError, match="is no clause reference"):
        ClauseRef.parse(text)


def test_references_sort_as_they_are_printed():
    printed = [
        "preamble",
        "4.1/s3",
        "5.2/s1",
        "5.5(c)",
        "5.10",
        "6.2(i)",
        "6.2(iv)",
        "6.2(v)",
        "12.1",
    ]
    refs = map(ClauseRef.parse, sorted(printed))

    assert [str(ref) for ref in sorted(refs)] == printed


def test_a_reference_does_not_compare_with_a_text():
    with pytest.raises(TypeError):
        _ = ClauseRef.parse("5.5(c)") < "5.6"


def test_a_statement_lies_in_its_letter_clause_and_chapter_and_nowhere_else():
    ref = ClauseRef.parse("5.1(c)/s2")

    assert all(lies_in(ref, above) for above in ("5.1(c)/s2", "5.1(c)", "5.1", "5"))
    assert not any(lies_in(ref, other) for other in ("5.1(b)", "5.10", "1", "5.1(c)/s1"))


@given(reached=st.sampled_from(Standard), asked=st.sampled_from(Standard))
def test_a_gate_is_passed_by_its_standard_and_every_higher_one(reached, asked):
    gate = Gate(asked, triggers=(Trigger.REQUEST,))

    assert gate.passed(reached, [Trigger.REQUEST, Trigger.COMPLAINT]) is (reached >= asked)
    assert not gate.passed(reached, [Trigger.COMPLAINT])
    assert Standard.of(asked.label) is asked


@pytest.mark.parametrize("text", ["٥.٥(c)", "5．5(c)", "５.5"])
def test_digits_of_other_scripts_are_no_clause(text):
    with pytest.raises(TermsError):
        ClauseRef.parse(text)
