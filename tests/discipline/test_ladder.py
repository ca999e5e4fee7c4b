"""The ladder over a history: merge window, rungs, floors, fairness."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import policyenforce as pe
from policyenforce.model.decisions import Status
from policyenforce.policy.load import load_rules
from tests.enforcer.conftest import NOW, day, opened, reported

RULES = load_rules()
CLAUSES = ("5.6(b)", "5.6(d)", "5.6(e)", "5.6(f)", "3.5", "3.2(a)")
incident = st.tuples(
    st.sampled_from(CLAUSES),
    st.floats(0, 120).map(lambda d: round(d, 2)),
    st.sampled_from([pe.Standard.SUSPICION, pe.Standard.BELIEF, pe.Standard.FACT]),
    st.sampled_from(list(pe.Severity)),
)
HARD = (
    pe.AccountState.UNKNOWN,
    pe.AccountState.OPEN,
    pe.AccountState.SUSPENDED,
    pe.AccountState.CANCELLED,
    pe.AccountState.TERMINATED,
)


def outcome_of(
    incidents: list[tuple[str, float, pe.Standard, pe.Severity]],
) -> tuple[pe.Enforcer, pe.Standing]:
    enforcer = pe.open_enforcer(policy=RULES)
    enforcer.record(opened(), now=NOW)
    for index, (clause, at, standard, severity) in enumerate(incidents):
        enforcer.record(reported(f"c-{index}", clause, at, standard, severity=severity), now=NOW)
    return enforcer, enforcer.standing("a-1", at=NOW)


@settings(max_examples=60, deadline=None)
@given(st.lists(incident, max_size=5), incident)
def test_one_more_breach_is_never_milder(
    before: list[tuple[str, float, pe.Standard, pe.Severity]],
    more: tuple[str, float, pe.Standard, pe.Severity],
) -> None:
    _, less = outcome_of(before)
    _, worse = outcome_of([*before, more])

    assert worse.points >= less.points
    assert HARD.index(worse.state) >= HARD.index(less.state)
    assert {c for c in pe.Capability if worse.may(c)} <= {c for c in pe.Capability if less.may(c)}


@settings(max_examples=60, deadline=None)
@given(st.lists(incident, max_size=5))
def test_nothing_binds_without_a_ground_whose_gate_is_passed(
    incidents: list[tuple[str, float, pe.Standard, pe.Severity]],
) -> None:
    enforcer, _ = outcome_of(incidents)

    for decision in enforcer.decisions():
        for action in decision.actions:
            opening = decision.terms.opening(action.ground, action.power_clause)
            assert opening is not None
            assert action.power in opening.powers
            assert any(
                opening.gate.passed(g.standard, g.triggers)
                for g in decision.grounds
                if g.clause == action.ground
            )
        assert decision.status in (Status.IN_FORCE, Status.PROPOSED)


def test_breaches_of_one_clause_within_the_window_count_once() -> None:
    grave = pe.Severity.GRAVE
    _, first = outcome_of([("5.6(d)", 1, pe.Standard.FACT, grave)])
    _, twice = outcome_of(
        [("5.6(d)", 1, pe.Standard.FACT, grave), ("5.6(d)", 3.5, pe.Standard.FACT, grave)]
    )
    _, later = outcome_of(
        [("5.6(d)", 1, pe.Standard.FACT, grave), ("5.6(d)", 4.5, pe.Standard.FACT, grave)]
    )

    assert twice.points == first.points
    assert later.points == 2 * first.points


def test_a_graver_breach_in_the_window_tops_up_to_its_own_score() -> None:
    minor, grave = pe.Severity.MINOR, pe.Severity.GRAVE
    _, alone = outcome_of([("5.6(d)", 2, pe.Standard.FACT, grave)])
    _, topped = outcome_of(
        [("5.6(d)", 1, pe.Standard.FACT, minor), ("5.6(d)", 2, pe.Standard.FACT, grave)]
    )

    assert topped.points == alone.points


def test_points_decay_after_their_life_and_the_decision_stays() -> None:
    enforcer, _ = outcome_of([("5.6(d)", 1, pe.Standard.FACT, pe.Severity.SERIOUS)])
    life = timedelta(days=RULES.point_life_days)

    assert enforcer.standing("a-1", at=day(1) + life - timedelta(seconds=1)).points > 0
    assert enforcer.standing("a-1", at=day(1) + life).points == 0
    assert len(list(enforcer.decisions())) == 1


def test_the_top_rung_is_only_ever_proposed() -> None:
    enforcer, standing = outcome_of(
        [("5.6(d)", 1 + 10 * i, pe.Standard.FACT, pe.Severity.GRAVE) for i in range(3)]
    )
    ended = [
        (d.status, a.power)
        for d in enforcer.decisions()
        for a in d.actions
        if a.power is pe.Power.TERMINATE_ACCOUNT
    ]

    assert ended
    assert {status for status, _ in ended} == {Status.PROPOSED}
    assert standing.state is pe.AccountState.OPEN


@pytest.mark.parametrize("standard", [pe.Standard.SUSPICION, None])
def test_what_nobody_attests_scores_nothing(standard: pe.Standard | None) -> None:
    enforcer = pe.open_enforcer(policy=RULES)
    enforcer.record(opened(), now=NOW)

    outcome = enforcer.record(
        reported("c-1", "5.6(d)", 1, standard, confidence=0.3, severity=pe.Severity.GRAVE), now=NOW
    )

    assert outcome.decisions == ()
    assert outcome.cases
    assert enforcer.standing("a-1", at=NOW).points == 0
