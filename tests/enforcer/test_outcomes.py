"""What a backend is told of a fact is what the ledger tells of it from then on."""

from __future__ import annotations

import pytest
from attrs import evolve, frozen

import policyenforce as pe
from policyenforce.discipline.notice import notice_of
from policyenforce.testing.marketplace import marketplace
from tests.enforcer.conftest import NOW, Record, opened, reported

FACTS = marketplace()


@frozen
class Told:
    """A fact, what was told of it at once, and what followed from its User's history then."""

    fact: pe.Fact
    outcome: pe.Outcome
    projected: tuple[pe.Notice, ...]


@pytest.fixture(scope="module")
def example() -> pe.Enforcer:
    return pe.open_enforcer()


@pytest.fixture(scope="module")
def told(example: pe.Enforcer) -> tuple[Told, ...]:
    """The whole example marketplace, fact by fact."""
    return tuple(heard(example, fact) for fact in FACTS)


def heard(enforcer: pe.Enforcer, fact: pe.Fact) -> Told:
    outcome = enforcer.record(fact, now=fact.at)
    if not outcome.notices:
        return Told(fact, outcome, ())
    history = enforcer.history(outcome.notices[0].account_id)
    taken_back = {fact.decision_id} if isinstance(fact, pe.DecisionReversed) else set()
    heard_of = (d for d in outcome.decisions if d.in_force or d.id in taken_back)
    return Told(fact, outcome, tuple(notice_of(d, history, enforcer.rules) for d in heard_of))


def of_decisions(outcome: pe.Outcome) -> tuple[pe.Notice, ...]:
    measures = {measure.id for measure in outcome.measures}
    return tuple(n for n in outcome.notices if n.decision_id not in measures)


def test_every_notice_is_the_projection_of_the_history_right_after_its_fact(
    told: tuple[Told, ...],
) -> None:
    projected = [list(n.fields.items()) for one in told for n in one.projected]

    assert [list(n.fields.items()) for one in told for n in of_decisions(one.outcome)] == projected
    assert len(projected) > 20


def test_a_notice_of_an_application_knows_the_place_that_it_states(told: tuple[Told, ...]) -> None:
    applied = [
        notice
        for one in told
        if one.fact.tag == "application_received"
        for notice in of_decisions(one.outcome)
    ]

    assert applied
    assert not [n.id for n in applied if "not determined" in n.fields["contracting entity"]]


def test_recording_every_fact_again_gives_what_was_told_or_its_amendment(
    example: pe.Enforcer, told: tuple[Told, ...]
) -> None:
    amended = {name for one in told for name in one.outcome.amendments}

    again = [example.record(one.fact, now=NOW) for one in told]

    assert amended
    assert {o.fact_id for o in again if o.because_of} == amended
    for one, outcome in zip(told, again, strict=True):
        if outcome.because_of is None:
            assert repr(outcome) == repr(one.outcome)  # in which the fields keep their order
        else:
            assert outcome.amendments == one.outcome.amendments


def test_recording_again_changes_nothing(example: pe.Enforcer, told: tuple[Told, ...]) -> None:
    before = example.ledger.head_digest()

    for one in told:
        example.record(one.fact, now=NOW)

    assert example.ledger.head_digest() == before


def test_what_is_told_once_of_a_late_fact_is_told_again(
    enforcer: pe.Enforcer, record: Record
) -> None:
    record(opened(), reported("c-2", "5.6(f)", 20), reported("c-3", "5.6(f)", 21))
    late = reported("c-1", "5.6(d)", 10, severity=pe.Severity.GRAVE)

    outcome = record(late)

    assert outcome.amendments
    assert repr(record(late)) == repr(outcome)
    assert enforcer.ledger.verify() == ()


def test_an_amended_outcome_still_tells_what_it_amended(
    enforcer: pe.Enforcer, record: Record
) -> None:
    record(opened(), reported("c-3", "5.6(f)", 21))
    late = reported("c-2", "5.6(d)", 10, severity=pe.Severity.GRAVE)
    first = record(late)

    record(reported("c-1", "5.6(d)", 5, severity=pe.Severity.GRAVE))

    again = record(late)
    assert first.amendments == ("c-3",)
    assert (again.because_of, again.amendments) == ("c-1", ("c-3",))
    assert enforcer.ledger.verify() == ()


def test_a_preview_with_a_trace_tells_every_condition_and_keeps_nothing(
    enforcer: pe.Enforcer, record: Record
) -> None:
    record(opened())
    fact = reported("c-1", "5.6(d)", 1, severity=pe.Severity.GRAVE, target="l-1@1")

    plain = enforcer.preview(fact, now=NOW)
    told = enforcer.preview(fact, now=NOW, trace=True)

    assert plain.trace == ()
    assert any(c.about == "rung limits_14_days" and c.holds for c in told.trace)
    assert evolve(told, trace=()) == plain
    assert list(enforcer.decisions()) == []


def test_an_explanation_with_a_trace_tells_what_was_looked_at_then(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    """The second breach was decided over the points of the first, which fell afterwards."""
    grave = pe.Severity.GRAVE
    first = record(opened(), reported("c-1", "5.6(d)", 1, severity=grave, target="l-1@1"))
    second = record(reported("c-2", "5.6(e)", 10, severity=grave, target="l-2@1"))
    decision = second.decisions[-1]
    plain = enforcer.explain(decision.id)
    lines = enforcer.explain(decision.id, trace=True)

    assert lines[: len(plain)] == plain
    assert any(line.startswith("one step down: if d-") for line in plain)
    assert (
        "+ rung limits_21_days: asked from below 36 points to it or above, found from 24 to 36"
        in lines
    )

    enforcer.refute(first.findings[0].id, by=moderator, reason="not so", now=NOW)

    assert not any(
        line.startswith("one step down: if d-") for line in enforcer.explain(decision.id)
    )


def test_what_a_person_confirmed_is_traced_from_that_person_s_standard(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    suspected = record(
        opened(), reported("c-1", "5.6(d)", 1, pe.Standard.SUSPICION, target="l-1@1")
    )
    done = enforcer.confirm(
        suspected.findings[0].id, pe.Standard.FACT, by=moderator, reason="seen", now=NOW
    )

    assert "+ 5.6(d): standard: asked stated by a person, found fact" in enforcer.explain(
        done.decisions[0].id, trace=True
    )
