"""Findings are named by their inputs, and precedents keep refuted ones away."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import fields
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.errors import FactError, TermsError
from policyenforce.model.evidence import Bearing, Evidence
from policyenforce.model.findings import Finding, Severity, found
from policyenforce.model.outcome import Disposition, History, Outcome, Precedent
from policyenforce.terms.gates import Standard
from policyenforce.terms.references import ClauseRef
from policyenforce.testing.strategies import findings

INPUTS: dict[str, Any] = {
    "clause": "4.3/s3",
    "subject": "a-1",
    "check": "sharing",
    "version": 1,
    "fact_ids": ("f-1", "f-2"),
    "category": "c",
    "target": "t",
}


def finding(**change: Any) -> Finding:
    """One finding, with other inputs where told."""
    return found(**{"confidence": 0.9, "explanation": "seen", **INPUTS, **change})


def test_the_id_is_the_same_in_every_process() -> None:
    assert finding().id == "f-d05d4847fd720970"


@pytest.mark.parametrize(
    "change",
    [
        {"confidence": 0.1},
        {"explanation": "said otherwise"},
        {"fact_ids": ("f-2", "f-1")},
        {"evidence": [Evidence("k", "s")]},
        {"attested": Standard.FACT},
        {"severity": Severity.GRAVE},
    ],
)
def test_what_is_no_input_does_not_change_the_id(change: dict[str, Any]) -> None:
    assert finding(**change).id == finding().id


@pytest.mark.parametrize(
    "change",
    [
        {"clause": "4.3/s4"},
        {"subject": "a-2"},
        {"check": "other"},
        {"version": 2},
        {"fact_ids": ("f-1",)},
        {"category": "d"},
        {"target": None},
    ],
)
def test_every_input_changes_the_id(change: dict[str, Any]) -> None:
    assert finding(**change).id != finding().id


def test_a_category_is_not_mistaken_for_a_target() -> None:
    one, other = finding(category="t", target=None), finding(category=None, target="t")

    assert one.id != other.id


@given(findings())
def test_a_finding_built_again_from_its_parts_has_the_same_id(drawn: Finding) -> None:
    again = found(
        str(drawn.clause),
        subject=drawn.subject,
        confidence=drawn.confidence,
        explanation=drawn.explanation,
        check=drawn.check,
        version=drawn.check_version,
        fact_ids=reversed(drawn.fact_ids),
        evidence=drawn.evidence,
        attested=drawn.attested,
        severity=drawn.severity,
        category=drawn.category,
        target=drawn.target,
        triggers=drawn.triggers,
    )

    assert again.id == drawn.id
    assert again.clause == drawn.clause


@given(st.floats().filter(lambda x: not 0 <= x <= 1))
def test_a_confidence_lies_between_0_and_1(confidence: float) -> None:
    with pytest.raises(FactError, match="outside 0 to 1"):
        finding(confidence=confidence)


def test_a_finding_names_a_clause() -> None:
    with pytest.raises(TermsError):
        finding(clause="the first one")


def evidence(*kinds: str, bearing: Bearing = Bearing.INCRIMINATING) -> list[Evidence]:
    """One piece of evidence of each kind."""
    return [Evidence(kind, "seen", bearing=bearing) for kind in kinds]


def test_only_what_speaks_against_the_member_is_incriminating() -> None:
    against = evidence("device")
    both = against + evidence("travel", bearing=Bearing.COUNTER)

    assert finding(evidence=both).incriminating == tuple(against)


@pytest.mark.parametrize(
    ("change", "kinds", "barred"),
    [
        ({}, ("device",), True),
        ({}, ("device", "card"), True),
        ({}, (), True),
        ({}, ("device", "address"), False),
        ({"target": "u"}, ("device",), False),
        ({"clause": "4.3/s4"}, ("device",), False),
    ],
)
def test_a_precedent_bars_what_was_refuted_until_a_new_kind_of_evidence_comes(
    change: dict[str, Any], kinds: tuple[str, ...], barred: bool
) -> None:
    precedent = Precedent(ClauseRef.parse("4.3/s3"), "t", ("device", "card"))

    assert precedent.bars(finding(evidence=evidence(*kinds), **change)) is barred


def test_counter_evidence_of_a_new_kind_does_not_lift_a_precedent() -> None:
    precedent = Precedent(ClauseRef.parse("4.3/s3"), "t", ("device",))
    more = evidence("device") + evidence("travel", bearing=Bearing.COUNTER)

    assert precedent.bars(finding(evidence=more))


def test_an_outcome_is_empty_until_something_follows() -> None:
    assert Outcome("x-1").empty
    assert not Outcome("x-1", findings=(finding(),)).empty
    assert not Outcome("x-1", because_of="x-2").empty


@pytest.mark.parametrize("name", [a.name for a in fields(Outcome) if a.name != "fact_id"])
def test_an_outcome_that_says_anything_at_all_is_not_empty(name: str) -> None:
    said = {"disposition": Disposition.HOLD, "because_of": "f-1"}.get(name, ("anything",))

    assert not Outcome("x-1", **{name: said}).empty


def test_a_history_knows_no_decision_it_has_not_got() -> None:
    assert History("u-1").decision("d-1") is None
