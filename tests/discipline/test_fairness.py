"""What is fair whatever the findings: more is never milder, and order is nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import policyenforce as pe
from policyenforce.discipline.decide import decide
from policyenforce.model.evidence import Bearing, Evidence
from tests.discipline.cast import HOUSES, RULES, VERSION, a_finding, a_history, a_setting, earlier
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


Past = Sequence[pe.Decision]
Followed = tuple[set[object], int, int]


Incident = tuple[str, float, pe.Severity]
pasts = st.lists(
    st.tuples(st.sampled_from(("5.6(d)", "5.6(g)", "3.6")), st.floats(0.5, 400), SEVERITIES),
    max_size=2,
)
houses = st.sampled_from(sorted(HOUSES))


def follows(
    *seen: pe.Finding, before: Past = (), rules: pe.HouseRules = RULES
) -> tuple[Followed, Followed]:
    """The responses, the points and the hardest rung: what binds at once, and all in all."""
    decisions = decide(seen, a_setting(history=a_history(*before), rules=rules)).decisions
    return _told([d for d in decisions if d.in_force]), _told(decisions)


def _told(decisions: Sequence[pe.Decision]) -> Followed:
    actions = [a for d in decisions for a in d.actions]
    named = {(a.power, a.power_clause.text, a.label) for a in actions if a.rung is None}
    used = {a.rung for a in actions}
    return (
        {name for name in named if name[2] != "points_recorded"},
        sum(d.points for d in decisions),
        max((r.severity for r in RULES.ladder if r.name in used), default=0),
    )


def assert_never_milder(
    less: Iterable[pe.Finding],
    more: Iterable[pe.Finding],
    before: Past = (),
    rules: pe.HouseRules = RULES,
) -> None:
    """Neither at once nor when a person has decided what waits: its points climb only then."""
    (at_once, points, rung), (possible, in_all, _) = follows(*less, before=before, rules=rules)
    (more_at_once, more_points, more_rung), (more_possible, more_in_all, _) = follows(
        *more, before=before, rules=rules
    )

    assert at_once <= more_at_once
    assert possible <= more_possible
    assert points <= more_points
    assert in_all <= more_in_all
    assert rung <= more_rung


@settings(max_examples=300)
@given(findings, CONFIDENCES, CONFIDENCES)
def test_a_surer_finding_is_never_answered_milder(
    finding: pe.Finding, one: float, other: float
) -> None:
    bare = evolve(finding, attested=None)

    assert_never_milder(
        [evolve(bare, confidence=min(one, other))], [evolve(bare, confidence=max(one, other))]
    )


@settings(max_examples=300)
@given(findings, st.sampled_from(list(pe.Standard)), st.sampled_from(list(pe.Standard)))
def test_a_higher_standard_is_never_answered_milder(
    finding: pe.Finding, one: pe.Standard, other: pe.Standard
) -> None:
    assert_never_milder(
        [evolve(finding, attested=min(one, other))], [evolve(finding, attested=max(one, other))]
    )


@settings(max_examples=300)
@given(findings, pasts, houses)
def test_a_graver_breach_is_never_answered_milder(
    finding: pe.Finding, past: list[Incident], house: str
) -> None:
    minor, serious, grave = (evolve(finding, severity=s) for s in pe.Severity)
    before = [earlier(n, *one) for n, one in enumerate(past, start=2)]

    assert_never_milder([minor], [serious], before, HOUSES[house])
    assert_never_milder([serious], [grave], before, HOUSES[house])


@settings(max_examples=300)
@given(findings, st.sampled_from(sorted(set(pe.Trigger) - {pe.Trigger.APPLICATION})))
def test_a_further_trigger_is_never_answered_milder(
    finding: pe.Finding, trigger: pe.Trigger
) -> None:
    """An application is no reproach: it decides at which door one stands."""
    assert_never_milder([finding], [evolve(finding, triggers=tuple({*finding.triggers, trigger}))])


@settings(max_examples=300)
@given(
    st.lists(findings, min_size=1, max_size=4, unique_by=lambda f: f.clause),
    pasts,
    houses,
)
def test_a_further_finding_is_never_answered_milder(
    seen: list[pe.Finding], past: list[Incident], house: str
) -> None:
    told = [evolve(f, id=f"f-{n}") for n, f in enumerate(seen)]
    before = [earlier(n, *one) for n, one in enumerate(past, start=2)]

    assert_never_milder(told[:-1], told, before, HOUSES[house])


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
    houses,
)
def test_a_won_appeal_leaves_nobody_worse_off_than_if_it_had_never_been(
    others: list[tuple[str, int, pe.Standard, pe.Severity]],
    day: int,
    severity: pe.Severity,
    later: list[int],
    house: str,
) -> None:
    """For every later instant, as known now: no more points, the same content, no more taken.

    What needed the points is stayed; in the world without them a lower rung may hold instead.
    """
    rest = [
        reported(f"c-{n}", clause, at, standard, severity=how, target=f"x-{n}@1")
        for n, (clause, at, standard, how) in enumerate(others)
    ]
    wrong = reported("wrong", "3.6", day, severity=severity, target="y@1")
    with_it, without = (pe.open_enforcer(policy=HOUSES[house], keys=KEYS) for _ in range(2))
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
        assert (one.removed, one.state) == (two.removed, two.state)
        # Where the record sets prices, what a graver breach topped up is not raised again.
        assert one.points == two.points or (house == "strict" and one.points < two.points)
        assert {c for c in pe.Capability if two.may(c)} <= {c for c in pe.Capability if one.may(c)}
        again = with_it.standing("a-1", at=at, known_at=heard + timedelta(days=700))
        assert (again.points, again.removed) == (one.points, one.removed)
