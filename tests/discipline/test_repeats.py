"""What came before makes a breach cheaper or dearer, where the house has it so."""

from __future__ import annotations

from datetime import datetime, timedelta

from attrs import evolve

import policyenforce as pe
from policyenforce.discipline.decide import decide
from policyenforce.model.decisions import Price, Status
from tests.discipline.cast import BEN, STRICT, a_finding, a_history, a_setting, decided, earlier
from tests.enforcer.conftest import NOW, opened, reported

MINOR, SERIOUS, GRAVE = pe.Severity
MODERATOR = pe.Actor("ana", roles=("moderator",))
HEARD = NOW + timedelta(days=2)
Incident = tuple[str, float, pe.Severity]


def after(*incidents: Incident) -> pe.Enforcer:
    """An enforcer of the strict house that learnt of these breaches, each on its own content."""
    enforcer = pe.open_enforcer(policy=STRICT)
    enforcer.record(opened(), now=NOW)
    for n, (clause, at, severity) in enumerate(incidents):
        fact = reported(
            f"f-{n}", clause, at, pe.Standard.FACT, severity=severity, target=f"x-{n}@1"
        )
        enforcer.record(fact, now=NOW)
    return enforcer


def points(enforcer: pe.Enforcer) -> dict[str, int]:
    """Fact -> the points given for it."""
    return {d.fact_id: d.points for d in enforcer.decisions() if d.in_force and d.points}


def test_a_first_offence_costs_half_and_the_second_costs_what_it_is_worth() -> None:
    given = points(after(("5.6(d)", 1, SERIOUS), ("5.6(e)", 10, SERIOUS)))

    assert given == {"f-0": 6, "f-1": 6}  # 12 and 6 by themselves


def test_a_grave_first_offence_is_not_softened() -> None:
    assert points(after(("5.6(d)", 1, GRAVE))) == {"f-0": 24}


def test_the_same_ground_costs_half_as_much_again_and_then_double() -> None:
    given = points(after(*(("5.6(e)", day, SERIOUS) for day in (1, 10, 20, 30))))

    assert given == {"f-0": 3, "f-1": 9, "f-2": 12, "f-3": 12}


def test_another_ground_is_no_repeat() -> None:
    given = points(after(("5.6(e)", 1, SERIOUS), ("5.6(f)", 10, SERIOUS)))

    assert given == {"f-0": 3, "f-1": 6}


def test_what_the_merge_window_holds_is_no_earlier_breach() -> None:
    given = points(after(("5.6(e)", 1, MINOR), ("5.6(e)", 3, SERIOUS)))

    assert given == {"f-0": 1, "f-1": 2}  # together the 3 of one softened serious breach


def test_what_came_between_makes_no_repeat_inside_the_merge_window_dearer() -> None:
    """It is the incident that began with a clean record, and was softened then."""
    given = points(after(("5.6(e)", 1, SERIOUS), ("5.6(f)", 1.5, SERIOUS), ("5.6(e)", 2, SERIOUS)))

    assert given == {"f-0": 3, "f-1": 6}


def test_what_tops_up_an_incident_with_another_between_costs_what_it_would_have_alone() -> None:
    given = points(after(("5.6(e)", 1, MINOR), ("5.6(f)", 1.5, SERIOUS), ("5.6(e)", 2, SERIOUS)))

    assert given == {"f-0": 1, "f-1": 6, "f-2": 2}  # 5.6(e) costs the 3 of one softened breach


def test_a_second_breach_of_one_revision_is_the_same_breach_however_late() -> None:
    enforcer = pe.open_enforcer(policy=STRICT)
    enforcer.record(opened(), now=NOW)
    for n, day in enumerate((1, 30)):
        fact = reported(f"f-{n}", "5.6(e)", day, pe.Standard.FACT, severity=SERIOUS, target="x@1")
        enforcer.record(fact, now=NOW)

    assert points(enforcer) == {"f-0": 3}


def test_what_has_decayed_counts_no_more() -> None:
    life = STRICT.point_life_days
    before = earlier(2, "5.6(d)", life, SERIOUS)
    made = decided(a_finding(), setting=a_setting(rules=STRICT, history=a_history(before)))

    assert made.price == Price(12, 50, 0)


def test_a_breach_that_costs_something_never_costs_nothing() -> None:
    assert points(after(("5.8(a)", 1, MINOR))) == {"f-0": 1}


def test_an_explanation_tells_what_the_record_changed() -> None:
    enforcer = after(("5.6(e)", 1, SERIOUS), ("5.6(e)", 10, SERIOUS))
    told = {d.fact_id: enforcer.explain(d.id) for d in enforcer.decisions() if d.points}

    assert any("3 for this (a first offence: 50 % of the 6 it is worth)" in s for s in told["f-0"])
    assert any(
        "9 for this (after 1 earlier breach of the same ground: 150 % of the 6 it is worth)" in s
        for s in told["f-1"]
    )


def test_the_trace_tells_what_the_record_was_asked() -> None:
    setting = a_setting(rules=STRICT, history=a_history(earlier(2, "5.6(d)", 9, SERIOUS)))
    traced = decide((a_finding(),), evolve(setting, traced=True)).trace
    told = [(c.asked, c.found, c.holds) for c in traced if c.about == "5.6(d): price"]

    assert told == [
        ("no points in force, and at most serious", "150 % of 12", False),
        ("earlier breaches of the same ground that count", "1, 150 % of 12", True),
    ]


def test_when_the_first_offence_falls_the_next_is_the_first_and_costs_no_more() -> None:
    enforcer = after(("5.6(e)", 1, SERIOUS), ("5.6(f)", 10, SERIOUS), ("5.6(e)", 20, SERIOUS))
    assert points(enforcer) == {"f-0": 3, "f-1": 6, "f-2": 9}

    overturned(enforcer, "f-0")

    assert points(enforcer) == {"f-1": 3, "f-2": 6}
    assert points(after(("5.6(f)", 10, SERIOUS), ("5.6(e)", 20, SERIOUS))) == {"f-0": 3, "f-1": 6}


def test_what_costs_less_now_is_amended_and_says_for_what() -> None:
    enforcer = after(("5.8(a)", 1, SERIOUS), ("5.6(e)", 10, MINOR))
    first = next(d.id for d in enforcer.decisions() if d.fact_id == "f-0")

    overturned(enforcer, "f-0")

    cheaper = next(d for d in enforcer.decisions() if d.fact_id == "f-1")
    assert (cheaper.status, cheaper.points, cheaper.revision) == (Status.AMENDED, 1, 2)
    assert cheaper.reason == f"cost more for {first}, which fell"


def test_a_proposal_is_approved_at_what_its_breach_costs_by_then() -> None:
    enforcer = after(("5.6(a)", 1, SERIOUS))
    approved(enforcer, "f-0")
    again = reported("f-1", "5.6(a)", 210, pe.Standard.FACT, severity=SERIOUS, target="x-1@1")
    enforcer.record(again, now=again.at)
    proposed = next(d.points for d in enforcer.decisions() if d.fact_id == "f-1")

    overturned(enforcer, "f-0", at=again.at + timedelta(days=1))
    approved(enforcer, "f-1", at=again.at + timedelta(days=2))

    assert proposed == 9
    assert points(enforcer) == {"f-1": 3}


def approved(enforcer: pe.Enforcer, fact_id: str, at: datetime = HEARD) -> None:
    """A person approves what was proposed on a fact."""
    waiting = next(d for d in enforcer.decisions() if d.fact_id == fact_id)
    enforcer.review(waiting.id, "approve", by=MODERATOR, reason="so it is", now=at)


def test_a_late_first_offence_is_reckoned_with_and_its_fall_undoes_it() -> None:
    enforcer = after(("5.6(e)", 10, SERIOUS), ("5.6(e)", 40, SERIOUS))
    before = points(enforcer)
    late = reported("late", "5.6(d)", 1, pe.Standard.FACT, severity=SERIOUS, target="y@1")

    enforcer.record(late, now=NOW + timedelta(days=1))
    assert points(enforcer) == {"late": 6, "f-0": 6, "f-1": 9}

    overturned(enforcer, "late")
    assert points(enforcer) == before == {"f-0": 3, "f-1": 9}


def overturned(enforcer: pe.Enforcer, fact_id: str, at: datetime = HEARD) -> None:
    """Appeal what was decided on a fact, and win."""
    for made in [d for d in enforcer.decisions() if d.fact_id == fact_id and d.in_force]:
        enforcer.appeal(made.id, now=at)
        enforcer.decide_appeal(made.id, "overturn", by=BEN, reason="it was not so", now=at)
