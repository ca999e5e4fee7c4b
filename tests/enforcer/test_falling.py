"""What is proposed for points that fall before anybody has decided on it."""

from __future__ import annotations

from datetime import timedelta

import policyenforce as pe
from tests.enforcer.conftest import NOW, Record, opened, reported

BEN = pe.Actor("ben", roles=("appeals_officer",))
GRAVE = pe.Severity.GRAVE


def proposed(enforcer: pe.Enforcer, record: Record) -> pe.Decision:
    """The end of a membership, proposed at 48 points: 12, 12 and 24 of the last breach."""
    record(
        opened(),
        *(
            reported(
                f"f-{n}", clause, 1 + 10 * n, pe.Standard.FACT, severity=GRAVE, target=f"x{n}@1"
            )
            for n, clause in enumerate(("5.6(e)", "5.6(f)", "5.6(d)"))
        ),
    )  # fmt: skip
    return next(d for d in enforcer.decisions() if d.status is pe.Status.PROPOSED)


def overturned(enforcer: pe.Enforcer, fact_id: str, days: int) -> str:
    (made,) = [d for d in enforcer.decisions() if d.fact_id == fact_id and d.in_force]
    enforcer.appeal(made.id, now=NOW + timedelta(days=days))
    enforcer.decide_appeal(
        made.id, "overturn", by=BEN, reason="not so", now=NOW + timedelta(days=days)
    )
    return made.id


def test_a_proposed_rung_goes_on_waiting_and_says_that_its_points_fell(
    enforcer: pe.Enforcer, record: Record
) -> None:
    waiting = proposed(enforcer, record)
    fell = overturned(enforcer, "f-0", 1)

    now = enforcer.decision(waiting.id)
    told = enforcer.explain(waiting.id)
    assert (waiting.points_before, now.points_before) == (48, 36)
    assert (now.status, now.reason) == (
        pe.Status.PROPOSED,
        f"rested on points of {fell}, which fell",
    )
    assert "points: 36 in force before, 0 more once it is approved" in told
    assert "rung end_of_membership: reached at 48 points; only 36 count by now" in told
    assert list(enforcer.stale()) == []


def test_what_takes_no_points_from_a_proposal_does_not_change_it(
    enforcer: pe.Enforcer, record: Record
) -> None:
    waiting = proposed(enforcer, record)
    record(reported("late", "5.6(e)", 60, pe.Standard.FACT, target="x9@1"))
    overturned(enforcer, "late", 1)

    assert enforcer.decision(waiting.id) == waiting


def test_a_rung_of_too_few_points_is_not_told_to_be_the_floor_of_its_clause(
    enforcer: pe.Enforcer, record: Record
) -> None:
    waiting = proposed(enforcer, record)
    overturned(enforcer, "f-0", 1)
    for name in ("ana", "cyd"):
        by = pe.Actor(name, roles=("senior_moderator",))
        enforcer.review(
            waiting.id, "approve", by=by, reason="all the same", now=NOW + timedelta(days=2)
        )

    told = enforcer.explain(waiting.id)
    assert not any("the least that this clause gets" in line for line in told)
