"""What is fair whatever the findings: more is never milder, and order is nothing."""

from __future__ import annotations

from datetime import timedelta

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import policyenforce as pe
from policyenforce.discipline.decide import decide
from policyenforce.model.evidence import Bearing, Evidence
from tests.discipline.cast import RULES, VERSION, a_finding, a_setting
from tests.enforcer.conftest import NOW, opened, reported
from tests.enforcer.test_order import KEYS

BEN = pe.Actor("ben", roles=("appeals_officer",))
CLAUSES = tuple(sorted({s.ref.text for s in VERSION.statements if s.ref.number != "preamble"}))
SEVERITIES = st.sampled_from(list(pe.Severity))
CONFIDENCES = st.floats(0, 1)
MITIGATING = Evidence("admitted", "The Member told it itself.", 10, bearing=Bearing.MITIGATING)
targets = st.sampled_from([None, "c-1@1", "order-1"])
findings = st.builds(
    a_finding,
    st.sampled_from(CLAUSES),
    attested=st.sampled_from([None, *pe.Standard]),
    confidence=CONFIDENCES,
    severity=SEVERITIES,
    target=targets,
    triggers=st.sets(st.sampled_from(list(pe.Trigger))).map(tuple),
)


def follows(*seen: pe.Finding) -> tuple[set[object], set[object], int, int]:
    """What binds, what binds or is proposed, the points in all, and the hardest rung."""
    decisions = decide(seen, a_setting()).decisions
    used = {a.rung for d in decisions for a in d.actions}
    responses = [(d.in_force, a) for d in decisions for a in d.actions if a.rung is None]
    named = [(bound, (a.power, a.power_clause.text, a.label)) for bound, a in responses]
    return (
        {name for bound, name in named if bound and name[2] != "points_recorded"},
        {name for _, name in named if name[2] != "points_recorded"},
        sum(d.points for d in decisions),
        max((r.severity for r in RULES.ladder if r.name in used), default=0),
    )


def assert_never_milder(less: pe.Finding, more: pe.Finding) -> None:
    """Never milder once a person has decided what waits: its points bind, and climb, only then."""
    bound, possible, points, rung = follows(less)
    more_bound, more_possible, more_points, more_rung = follows(more)

    assert bound <= more_bound
    assert possible <= more_possible
    assert points <= more_points
    assert rung <= more_rung or more_possible - more_bound


@settings(max_examples=300)
@given(findings, CONFIDENCES, CONFIDENCES)
def test_a_surer_finding_is_never_answered_milder(
    finding: pe.Finding, one: float, other: float
) -> None:
    bare = evolve(finding, attested=None)

    assert_never_milder(
        evolve(bare, confidence=min(one, other)), evolve(bare, confidence=max(one, other))
    )


@settings(max_examples=300)
@given(findings, st.sampled_from(list(pe.Standard)), st.sampled_from(list(pe.Standard)))
def test_a_higher_standard_is_never_answered_milder(
    finding: pe.Finding, one: pe.Standard, other: pe.Standard
) -> None:
    assert_never_milder(
        evolve(finding, attested=min(one, other)), evolve(finding, attested=max(one, other))
    )


@settings(max_examples=300)
@given(findings)
def test_a_graver_breach_is_never_answered_milder(finding: pe.Finding) -> None:
    minor, serious, grave = (evolve(finding, severity=s) for s in pe.Severity)

    assert_never_milder(minor, serious)
    assert_never_milder(serious, grave)


@settings(max_examples=300)
@given(findings)
def test_what_speaks_for_the_member_never_makes_it_harsher(finding: pe.Finding) -> None:
    excused = evolve(finding, evidence=(*finding.evidence, MITIGATING))

    assert follows(excused) == follows(finding)


@settings(max_examples=200)
@given(st.lists(findings, max_size=4, unique_by=lambda f: f.clause), st.randoms())
def test_the_order_of_findings_changes_nothing(seen: list[pe.Finding], dice: object) -> None:
    told = [evolve(f, id=f"f-{n}") for n, f in enumerate(seen)]
    other = list(told)
    dice.shuffle(other)  # type: ignore[attr-defined]  # a `random.Random` of hypothesis

    one, two = (decide(several, a_setting()).decisions for several in (told, other))

    assert [(d.id, d.status, d.points, set(d.actions)) for d in one] == [
        (d.id, d.status, d.points, set(d.actions)) for d in two
    ]


@settings(max_examples=300)
@given(findings, st.sampled_from(list(pe.Standard)))
def test_no_standard_stands_in_for_a_trigger(finding: pe.Finding, standard: pe.Standard) -> None:
    bare = evolve(finding, triggers=(), attested=standard)

    for decision in decide((bare,), a_setting()).decisions:
        for action in decision.actions:
            opening = decision.terms.opening(action.ground, action.power_clause)
            assert opening is not None and opening.gate.triggers == ()


incident = st.tuples(
    st.sampled_from(("5.6(d)", "5.6(e)", "5.6(i)", "5.8(a)", "5.6(b)")),
    st.integers(1, 150),
    st.sampled_from([pe.Standard.BELIEF, pe.Standard.FACT]),
    SEVERITIES,
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(incident, max_size=4),
    st.integers(1, 150),
    SEVERITIES,
    st.lists(st.integers(1, 600), min_size=1, max_size=4),
)
def test_a_won_appeal_leaves_nobody_worse_off_than_if_it_had_never_been(
    others: list[tuple[str, int, pe.Standard, pe.Severity]],
    day: int,
    severity: pe.Severity,
    later: list[int],
) -> None:
    """For every later instant, as known now: the same points and content, and no more taken.

    What needed the points is stayed; in the world without them a lower rung may hold instead.
    """
    rest = [
        reported(f"c-{n}", clause, at, standard, severity=how, target=f"x-{n}@1")
        for n, (clause, at, standard, how) in enumerate(others)
    ]
    wrong = reported("wrong", "3.6", day, severity=severity, target="y@1")
    with_it, without = (pe.open_enforcer(policy=RULES, keys=KEYS) for _ in range(2))
    for fact in (opened(), wrong, *rest):
        with_it.record(fact, now=NOW)
    for fact in (opened(), *rest):
        without.record(fact, now=NOW)
    heard = NOW + timedelta(days=1)
    for decision in [d for d in with_it.decisions() if d.fact_id == "wrong" and d.in_force]:
        with_it.appeal(decision.id, now=NOW)
        with_it.decide_appeal(decision.id, "overturn", by=BEN, reason="wrong", now=heard)

    for days in later:
        at = heard + timedelta(days=days)
        one, two = (e.standing("a-1", at=at) for e in (with_it, without))
        assert (one.points, one.removed, one.state) == (two.points, two.removed, two.state)
        assert {c for c in pe.Capability if two.may(c)} <= {c for c in pe.Capability if one.may(c)}
        again = with_it.standing("a-1", at=at, known_at=heard + timedelta(days=700))
        assert (again.points, again.removed) == (one.points, one.removed)
