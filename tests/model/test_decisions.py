"""Decisions stay inside the powers their grounds open; measures keep their own rules."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.errors import FactError, GateError
from policyenforce.model.decisions import (
    Decision,
    DisciplinaryAction,
    End,
    Ground,
    MeasureKind,
    ProtectiveMeasure,
    Scope,
    ScopeKind,
    Status,
)
from policyenforce.model.facts.dealings import Money
from policyenforce.model.facts.procedure import Actor
from policyenforce.terms.gates import Gate, Opening, Power, Standard, Trigger
from policyenforce.terms.references import ClauseRef
from policyenforce.testing.strategies import measures
from tests.model.samples import THEN

LISTING = ClauseRef.parse("5.5(c)")
NOTICE = ClauseRef.parse("6.5")
ACCOUNTS = ClauseRef.parse("6.2(i)")
PERSON = Actor("p-1")


@frozen
class TwoOpenings:
    """Terms of two openings: a listing at belief, an affiliate's notice at suspicion."""

    id: str = "tiny"

    def opening(self, ground: ClauseRef, power_clause: ClauseRef) -> Opening | None:
        """The opening of that pair, or None."""
        suspend = frozenset({Power.SUSPEND_ACCOUNT, Power.TERMINATE_ACCOUNT})
        limit = frozenset({Power.LIMIT_SERVICE})
        notice = Gate(Standard.SUSPICION, triggers=(Trigger.AFFILIATE_NOTICE,))
        return {
            (LISTING, ACCOUNTS): Opening(ACCOUNTS, suspend, Gate(Standard.BELIEF)),
            (NOTICE, NOTICE): Opening(NOTICE, limit, notice),
        }.get((ground, power_clause))


def ground(
    clause: ClauseRef = LISTING, standard: Standard = Standard.BELIEF, *triggers: Trigger
) -> Ground:
    """A ground at a standard."""
    return Ground(clause, standard, "seen", ("f-1",), ("x-1",), triggers=triggers)


def action(
    power: Power = Power.SUSPEND_ACCOUNT,
    clause: ClauseRef = LISTING,
    power_clause: ClauseRef = ACCOUNTS,
    points: int = 4,
) -> DisciplinaryAction:
    """An action on the account, open-ended."""
    return DisciplinaryAction(
        power, Scope(ScopeKind.ACCOUNT, "a-1"), THEN, End(), clause, power_clause, points
    )


def decision(
    grounds: tuple[Ground, ...] = (ground(),),
    actions: tuple[DisciplinaryAction, ...] = (action(),),
    **more: Any,
) -> Decision:
    """A decision under the tiny Terms."""
    return Decision(
        id="d-1",
        account_id="a-1",
        user="u-1",
        fact_id="x-1",
        status=more.pop("status", Status.IN_FORCE),
        grounds=grounds,
        actions=actions,
        terms=more.pop("terms", TwoOpenings()),
        policy_hash="h",
        rule="r",
        conduct_at=THEN,
        decided_at=THEN,
        automated_detection=True,
        automated_decision=True,
        **more,
    )


def test_a_ground_that_passes_the_gate_opens_its_powers() -> None:
    made = decision(
        (ground(), ground(NOTICE, Standard.SUSPICION, Trigger.AFFILIATE_NOTICE)),
        (action(points=4), action(Power.LIMIT_SERVICE, NOTICE, NOTICE, points=2)),
    )

    assert made.points == 6
    assert made.in_force


@pytest.mark.parametrize("standard", [Standard.NONE, Standard.SUSPICION])
def test_a_ground_below_the_gate_cannot_be_used(standard: Standard) -> None:
    with pytest.raises(GateError, match="no ground passes the gate") as refused:
        decision((ground(standard=standard),))

    assert refused.value.where == "d-1"


def test_no_belief_replaces_a_trigger_that_has_not_come() -> None:
    limit = action(Power.LIMIT_SERVICE, NOTICE, NOTICE)

    with pytest.raises(GateError, match="no ground passes the gate"):
        decision((ground(NOTICE, Standard.FACT),), (limit,))


@pytest.mark.parametrize(
    "power", sorted(set(Power) - {Power.SUSPEND_ACCOUNT, Power.TERMINATE_ACCOUNT})
)
def test_a_power_that_was_not_opened_cannot_be_used(power: Power) -> None:
    with pytest.raises(GateError, match=f"does not open `{power.value}`"):
        decision(actions=(action(power),))


def test_a_pair_of_clauses_that_opens_nothing_cannot_be_used() -> None:
    with pytest.raises(GateError, match=r"`5\.5\(c\)` with `6\.5` does not open"):
        decision(actions=(action(power_clause=NOTICE),))


def test_a_strong_ground_lends_nothing_to_an_action_on_another() -> None:
    strong = ground(standard=Standard.FACT)
    limit = action(Power.LIMIT_SERVICE, NOTICE, NOTICE)

    with pytest.raises(GateError, match="no ground passes the gate"):
        decision((strong,), (limit,))


def test_every_action_is_looked_at() -> None:
    with pytest.raises(GateError):
        decision(actions=(action(), action(Power.CANCEL_ACCOUNT)))


@pytest.mark.parametrize(("grounds", "actions"), [((), (action(),)), ((ground(),), ())])
def test_a_decision_has_a_ground_and_an_action(grounds: Any, actions: Any) -> None:
    with pytest.raises(GateError, match="needs a ground and an action"):
        decision(grounds, actions)


def test_changing_a_decision_does_not_slip_past_its_gate() -> None:
    sound = decision()

    with pytest.raises(GateError):
        evolve(sound, grounds=(ground(standard=Standard.SUSPICION),))
    with pytest.raises(GateError):
        evolve(sound, actions=(action(Power.REMOVE_CONTENT),))


@given(st.sampled_from(Power), st.sampled_from(Standard), st.sampled_from([LISTING, NOTICE]))
def test_what_can_be_constructed_is_what_the_terms_open(
    power: Power, standard: Standard, clause: ClauseRef
) -> None:
    power_clause = ACCOUNTS if clause == LISTING else NOTICE
    opening = TwoOpenings().opening(clause, power_clause)
    triggers = (Trigger.AFFILIATE_NOTICE,)
    allowed = (
        opening is not None and power in opening.powers and opening.gate.passed(standard, triggers)
    )
    try:
        decision((ground(clause, standard, *triggers),), (action(power, clause, power_clause),))
    except GateError:
        assert not allowed
    else:
        assert allowed


@pytest.mark.parametrize("status", Status)
def test_only_a_decision_in_force_or_amended_binds(status: Status) -> None:
    assert decision(status=status).in_force is (status in {Status.IN_FORCE, Status.AMENDED})


def test_decisions_under_terms_of_another_id_differ() -> None:
    assert decision() == decision(terms=TwoOpenings())
    assert decision() != decision(terms=TwoOpenings("other"))
    assert "terms='tiny'" in repr(decision())


@pytest.mark.parametrize(
    ("end", "label"),
    [
        (End(), "open-ended"),
        (End(at=THEN), "until 2019-10-04T09:00:00+00:00"),
        (End(cure="details_amended"), "until details_amended"),
    ],
)
def test_an_end_says_what_it_waits_for(end: End, label: str) -> None:
    assert end.label == label


def measure(**more: Any) -> ProtectiveMeasure:
    """A hold of one day unless told otherwise."""
    given_ = {"kind": MeasureKind.HOLD_CONTENT, "starts": THEN, "ends": THEN + timedelta(days=1)}
    return ProtectiveMeasure(
        id="m-1", basis="2.2", reason="held", account_id="a-1", fact_id="x-1", **{**given_, **more}
    )


@pytest.mark.parametrize("ends", [THEN, THEN - timedelta(microseconds=1)])
def test_a_measure_ends_after_it_starts(ends: Any) -> None:
    with pytest.raises(GateError, match="must end after it starts") as refused:
        measure(ends=ends)

    assert refused.value.where == "m-1"


@pytest.mark.parametrize(
    "missing",
    [
        {"by": PERSON, "amount": None},
        {"by": None, "amount": Money(Decimal(5), "USD")},
        {"by": None, "amount": None},
    ],
)
def test_a_pause_of_pay_outs_needs_a_person_and_an_amount(missing: dict[str, Any]) -> None:
    with pytest.raises(GateError, match="a person and an amount") as refused:
        measure(kind=MeasureKind.PAUSE_PAYOUTS, **missing)

    assert refused.value.hint == "reading T26"


def test_a_pause_of_pay_outs_by_a_person_over_an_amount_stands() -> None:
    paused = measure(kind=MeasureKind.PAUSE_PAYOUTS, by=PERSON, amount=Money(Decimal(5), "USD"))

    assert paused.amount == Money(Decimal("5.00"), "USD")


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_an_amount_is_a_finite_number(amount: str) -> None:
    with pytest.raises(FactError, match="a finite number") as refused:
        Money(Decimal(amount), "USD")

    assert refused.value.where == "amount"


@pytest.mark.parametrize("currency", ["usd", "US", "USDT", ""])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(FactError, match="three capital letters"):
        Money(Decimal(1), currency)


@given(measures())
def test_every_measure_that_can_be_drawn_has_an_end(drawn: ProtectiveMeasure) -> None:
    assert drawn.ends > drawn.starts
    assert drawn.kind is not MeasureKind.PAUSE_PAYOUTS or (drawn.by and drawn.amount)
