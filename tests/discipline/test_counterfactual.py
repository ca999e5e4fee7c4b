"""What is said to have been enough for a milder decision would have been enough."""

from __future__ import annotations

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import assume, example, given
from hypothesis import strategies as st

import policyenforce as pe
from policyenforce.discipline.counterfactual import smallest_changes
from policyenforce.discipline.decide import decide
from policyenforce.discipline.explanation import explain
from policyenforce.model.decisions import Status
from policyenforce.terms.gates import Standard
from tests.discipline.cast import (
    AT,
    HOUSES,
    RULES,
    a_finding,
    a_history,
    a_setting,
    decided,
    earlier,
)

CLAUSES = ("5.6(d)", "5.6(e)", "5.6(f)", "5.6(g)", "5.6(i)")
SEVERITIES = st.sampled_from(list(pe.Severity))


def hardest(
    finding: pe.Finding, history: pe.History, later: int = 0, rules: pe.HouseRules = RULES
) -> int:
    """How hard the hardest rung is that follows the finding; 0 for none."""
    setting = evolve(a_setting(history=history, rules=rules), conduct_at=AT + timedelta(days=later))
    decisions = decide((finding,), setting).decisions
    used = {action.rung for decision in decisions for action in decision.actions}
    return max((rung.severity for rung in RULES.ladder if rung.name in used), default=0)


past = st.lists(
    st.tuples(st.sampled_from(CLAUSES), st.floats(0.5, 364), SEVERITIES), max_size=4
).map(lambda found: tuple(earlier(n, *one) for n, one in enumerate(found, start=2)))


@example(
    (earlier(2, "5.6(g)", 1.0, pe.Severity.SERIOUS),), "5.6(g)", pe.Severity.GRAVE, "shipped"
)  # what the merge window holds of it would be held of a milder one too
@given(past, st.sampled_from(CLAUSES), SEVERITIES, st.sampled_from(sorted(HOUSES)))
def test_each_change_would_have_led_to_a_lower_rung(
    before: tuple[pe.Decision, ...], clause: str, severity: pe.Severity, house: str
) -> None:
    rules, history = HOUSES[house], a_history(*before)
    finding = a_finding(clause, severity=severity)
    made = decide((finding,), a_setting(history=history, rules=rules)).decisions
    reached = hardest(finding, history, rules=rules)
    harshest = [d for d in made if any(a.rung for a in d.actions)]
    assume(harshest)

    for change in smallest_changes(harshest[-1], a_history(*before, *made), rules):
        if change.overturned:
            fallen = tuple(
                evolve(d, status=Status.OVERTURNED) if d.id in change.overturned else d
                for d in before
            )
            # What the merge window held of the same clause scores once its own decision is gone.
            assume(all(d.grounds[0].clause != finding.clause for d in fallen))
            now = hardest(finding, a_history(*fallen), rules=rules)
        elif change.days:
            now = hardest(finding, history, change.days, rules)
        elif change.severity:
            now = hardest(evolve(finding, severity=change.severity), history, rules=rules)
        else:
            continue

        assert now < reached
        assert now == (RULES.rung(change.instead).severity if change.instead else 0)


def test_the_one_earlier_decision_that_is_enough_is_named_and_no_smaller_one() -> None:
    """24 points before and 12 now make 36; without the milder of two decisions they do not."""
    before = (
        earlier(2, "5.6(i)", 100, pe.Severity.SERIOUS),
        earlier(3, "5.6(d)", 200, pe.Severity.MINOR),
        earlier(4, "5.6(j)", 300, pe.Severity.MINOR),
    )
    made = decide(
        (a_finding(severity=pe.Severity.SERIOUS),), a_setting(history=a_history(*before))
    ).decisions
    changes = list(smallest_changes(made[-1], a_history(*before, *made), RULES))

    assert changes[0].overturned == ("d-4",)
    assert changes[0].instead == "limits_14_days"
    assert changes[1].days == 65
    assert changes[2].severity is pe.Severity.MINOR


def test_what_decays_is_counted_in_whole_days_from_the_conduct() -> None:
    before = (earlier(2, "5.6(i)", 364.25, pe.Severity.SERIOUS),)
    made = decided(a_finding(), setting=a_setting(history=a_history(*before)))
    (later,) = (c for c in smallest_changes(made, a_history(*before, made), RULES) if c.days)

    assert later.days == 1
    assert "if it had been 1 day later, 12 points decayed by then" in later.sentence


def test_several_decisions_are_named_only_where_no_single_one_is_enough() -> None:
    """18 points before and 12 now are six above the rung at 24."""
    before = tuple(
        earlier(n, clause, 10 * n, pe.Severity.MINOR)
        for n, clause in enumerate(("5.6(i)", "5.6(j)", "5.6(i)"), start=2)
    )
    made = decided(a_finding(), setting=a_setting(history=a_history(*before)))
    first = next(smallest_changes(made, a_history(*before, made), RULES))

    assert first.overturned == ("d-4", "d-3")
    assert first.instead == "limits_7_days"


def test_without_a_rung_the_standard_is_what_would_have_changed_it() -> None:
    finding = a_finding("5.5(c)", attested=None, severity=pe.Severity.MINOR)
    (change,) = smallest_changes(decided(finding), a_history(), RULES)

    assert change.standard is Standard.BELIEF
    assert change.sentence == (
        "if 5.5(c) had not reached belief (it reached belief): no remove content"
    )


def test_a_floor_gives_way_to_a_milder_breach_only() -> None:
    made = decided(a_finding("5.6(g)", severity=pe.Severity.GRAVE))
    changes = [c for c in smallest_changes(made, a_history(made), RULES) if not c.standard]

    assert [(c.severity, c.instead) for c in changes] == [(pe.Severity.SERIOUS, "warning")]


@pytest.mark.parametrize("status", [Status.OVERTURNED, Status.REJECTED])
def test_what_binds_nobody_has_nothing_to_change(status: Status) -> None:
    made = evolve(decided(), status=status)

    assert list(smallest_changes(made, a_history(made), RULES)) == []


def test_an_explanation_with_the_history_tells_the_smallest_changes() -> None:
    before = earlier(2, "5.6(i)", 300, pe.Severity.SERIOUS)
    made = decided(a_finding(), setting=a_setting(history=a_history(before)))
    lines = explain(made, RULES, a_history(before, made))

    told = [line for line in lines if line.startswith("one step down: ")]
    assert told[0] == "one step down: if d-2 (12 points) were overturned: rung limits_7_days"
    assert told[1].startswith("one step down: if it had been 65 days later, 12 points decayed")
    assert lines[: -len(told)] == explain(made, RULES)


def test_where_the_incident_alone_is_enough_no_earlier_one_would_have_changed_it() -> None:
    light = earlier(2, "5.6(j)", 30, pe.Severity.MINOR)
    grave = a_finding("5.6(e)", severity=pe.Severity.GRAVE)
    made = decided(grave, setting=a_setting(history=a_history(light)))
    changes = [c for c in smallest_changes(made, a_history(light, made), RULES) if not c.standard]
    alone = decided(grave)
    by_itself = [c for c in smallest_changes(alone, a_history(alone), RULES) if not c.standard]

    assert all(action.rung in (None, "limits_7_days") for action in made.actions)
    assert [c.severity for c in by_itself] == [pe.Severity.SERIOUS]
    assert [c.severity for c in changes] == [pe.Severity.MINOR]


def test_what_scored_after_it_at_the_same_instant_did_not_count_before_it() -> None:
    graver = evolve(earlier(2, "5.6(d)", 0, pe.Severity.GRAVE), conduct_at=AT)
    made = decided(a_finding("5.6(e)", severity=pe.Severity.GRAVE))
    after = evolve(graver, decided_at=made.decided_at, fact_id="later")
    (change,) = [c for c in smallest_changes(made, a_history(made, after), RULES) if c.severity]

    assert (change.severity, change.instead) == (pe.Severity.SERIOUS, "warning")
