"""Our own records come back from the store exactly as they went in."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson
import pytest
from attrs import frozen
from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policyenforce.errors import GateError, LedgerError, TermsError
from policyenforce.model.decisions import (
    Decision,
    DisciplinaryAction,
    End,
    Ground,
    ProtectiveMeasure,
    Scope,
    ScopeKind,
    Status,
)
from policyenforce.model.evidence import Bearing, Evidence, Span
from policyenforce.model.facts.dealings import Money
from policyenforce.model.findings import CannotTell, Finding
from policyenforce.model.outcome import (
    Case,
    Deadline,
    History,
    Interval,
    Notice,
    Outcome,
    Precedent,
)
from policyenforce.model.standing import (
    SURVIVING,
    AccountState,
    Capability,
    Permission,
    Restriction,
    Standing,
)
from policyenforce.model.structuring import canonical, record_converter
from policyenforce.terms.gates import Power, Standard
from policyenforce.terms.references import ClauseRef
from policyenforce.terms.timeline import Terms
from policyenforce.testing.strategies import records_of
from tests.model.samples import THEN

TERMS = Terms.load()
NEWEST = TERMS.versions[-1]
RECORDS = record_converter(TERMS)
KINDS = [
    CannotTell,
    Case,
    Deadline,
    Decision,
    Evidence,
    Finding,
    History,
    Interval,
    Notice,
    Outcome,
    Permission,
    Precedent,
    ProtectiveMeasure,
    Restriction,
    Standing,
]
FEW = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("cls", KINDS, ids=lambda cls: cls.__name__)
def test_every_record_comes_back_as_it_was(cls: type[Any]) -> None:
    @FEW
    @given(records_of(cls, NEWEST))
    def comes_back(record: Any) -> None:
        spelled = canonical(RECORDS.to_record(record))
        again = RECORDS.from_record(orjson.loads(spelled), cls)

        assert type(again) is cls
        assert again == record
        assert canonical(RECORDS.to_record(again)) == spelled

    comes_back()


def decided(terms: Any = NEWEST) -> Decision:
    """A decision of one ground and one action."""
    listing, power_clause = ClauseRef.parse("5.5(c)"), ClauseRef.parse("6.2(i)")
    scope = Scope(ScopeKind.CAPABILITY, None, (Capability.SELL,))
    return Decision(
        id="d-1",
        account_id="a-1",
        user="u-1",
        fact_id="x-1",
        status=Status.IN_FORCE,
        grounds=(Ground(listing, Standard.BELIEF, "seen", ("f-1",), ("x-1",)),),
        actions=(
            DisciplinaryAction(
                Power.SUSPEND_ACCOUNT, scope, THEN, End(cure="fee_paid"), listing, power_clause
            ),
        ),
        terms=terms,
        policy_hash="h",
        rule="r",
        conduct_at=THEN,
        decided_at=THEN,
        automated_detection=True,
        automated_decision=False,
    )


def test_a_decision_is_written_in_words_and_without_its_defaults() -> None:
    assert RECORDS.to_record(decided()) == {
        "id": "d-1",
        "account_id": "a-1",
        "user": "u-1",
        "fact_id": "x-1",
        "status": "in force",
        "grounds": [
            {
                "clause": "5.5(c)",
                "standard": "belief",
                "explanation": "seen",
                "finding_ids": ["f-1"],
                "fact_ids": ["x-1"],
            }
        ],
        "actions": [
            {
                "power": "suspend_account",
                "scope": {"kind": "capability", "capabilities": ["sell"]},
                "starts": "2019-10-04T09:00:00Z",
                "end": {"cure": "fee_paid"},
                "ground": "5.5(c)",
                "power_clause": "6.2(i)",
            }
        ],
        "terms": NEWEST.id,
        "policy_hash": "h",
        "rule": "r",
        "conduct_at": "2019-10-04T09:00:00Z",
        "decided_at": "2019-10-04T09:00:00Z",
        "automated_detection": True,
        "automated_decision": False,
    }


def test_a_decision_is_read_back_under_its_own_version_of_the_terms() -> None:
    again = RECORDS.from_record(RECORDS.to_record(decided()), Decision)

    assert again.terms is NEWEST


def test_a_decision_of_an_unknown_version_is_refused() -> None:
    record = RECORDS.to_record(decided()) | {"terms": "1999-01-01"}

    with pytest.raises(TermsError, match="1999-01-01"):
        RECORDS.from_record(record, Decision)


@frozen
class NothingOpens:
    """Terms under which no ground opens any power."""

    id: str

    def opening(self, ground: ClauseRef, power_clause: ClauseRef) -> None:
        """No opening."""

    def version(self, version_id: str) -> NothingOpens:
        """These Terms, whatever the id."""
        return NothingOpens(version_id)


def test_a_stored_decision_is_held_to_its_gate_again() -> None:
    record = RECORDS.to_record(decided())

    with pytest.raises(GateError):
        record_converter(NothingOpens("x")).from_record(record, Decision)


@pytest.mark.parametrize(
    "change",
    [{"status": "gone"}, {"grounds": None}, {"decided_at": "now"}, {"more": 1}, {"revision": 0}],
)
def test_a_record_that_is_none_is_an_error_of_the_ledger(change: dict[str, Any]) -> None:
    record = RECORDS.to_record(decided()) | change

    with pytest.raises(LedgerError, match="a stored `Decision` cannot be read") as refused:
        RECORDS.from_record(record, Decision)

    assert refused.value.hint is not None
    assert "ledger verify" in refused.value.hint


def test_a_record_that_lacks_a_field_is_an_error_of_the_ledger() -> None:
    with pytest.raises(LedgerError, match="a stored `Outcome`"):
        RECORDS.from_record({}, Outcome)


def test_evidence_keeps_its_spans_and_bearing() -> None:
    evidence = Evidence("word", "seen", 2, ("x-1",), Bearing.MITIGATING, (Span("title", 0, 4),))
    record = RECORDS.to_record(evidence)

    assert record["bearing"] == "mitigating"
    assert record["spans"] == [{"field": "title", "start": 0, "end": 4}]
    assert RECORDS.from_record(record, Evidence) == evidence


def test_a_set_is_written_sorted() -> None:
    standing = Standing(
        "a-1",
        "u-1",
        None,
        AccountState.SUSPENDED,
        restrictions={Capability.SELL: (Restriction(Capability.SELL, "d-1", "rung"),)},
        removed=frozenset({"c@2", "c@1", "b@1"}),
    )
    record = RECORDS.to_record(standing)

    assert record["removed"] == ["b@1", "c@1", "c@2"]
    assert list(record["restrictions"]) == ["sell"]
    assert RECORDS.from_record(record, Standing) == standing


def test_an_outcome_that_led_to_nothing_is_its_fact_alone() -> None:
    assert RECORDS.to_record(Outcome("x-1")) == {"fact_id": "x-1"}
    assert RECORDS.from_record({"fact_id": "x-1"}, Outcome).empty


def test_a_frozen_clock_can_be_written_into_a_record() -> None:
    with freeze_time("2019-10-04T09:00:00Z"):
        case = Case("c-1", "a-1", datetime.now(UTC), "look")
        record = record_converter(TERMS).to_record(case)

    assert record["opened_at"] == "2019-10-04T09:00:00Z"
    assert RECORDS.from_record(record, Case) == case


@given(st.decimals(-(10**12), 10**12, places=6))
def test_amounts_come_back_to_the_last_digit(amount: Decimal) -> None:
    money = Money(amount, "USD")
    again = RECORDS.from_record(RECORDS.to_record(money), Money)

    assert again == money
    assert again.amount.as_tuple() == amount.as_tuple()


def test_capabilities_that_survive_are_written_as_words() -> None:
    restricted = [Restriction(capability, "d-1", "named") for capability in sorted(SURVIVING)]
    words = [RECORDS.to_record(restriction)["capability"] for restriction in restricted]

    assert words == ["appeal", "export_data", "fulfil_paid_orders", "read_notices"]
