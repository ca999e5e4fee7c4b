"""What lives of an account amount to, each guilty one beside innocent ones that look like it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.account_sharing.scores import Judged, Verdict
from policyenforce.model.evidence import Bearing
from policyenforce.policy.sessions import COUNTED, FOR, probability
from tests.checks.account_sharing.lives import (
    GUEST,
    GUILTY,
    HER_PHONE,
    INNOCENT,
    MINE,
    PHONE,
    THIEF,
)
from tests.checks.account_sharing.sessions import (
    LEEDS,
    NOWHERE,
    POINTS,
    verdict_of,
    visits,
)


@pytest.mark.parametrize("life", GUILTY)
def test_each_of_the_four_is_told_from_its_sessions(life: str) -> None:
    verdict, events = GUILTY[life]
    found = verdict_of(*events)

    assert found.verdict is verdict
    assert found.score(verdict) >= probability(getattr(POINTS, verdict.value).found)


@pytest.mark.parametrize("life", INNOCENT)
def test_what_merely_looks_like_it_stays_clean(life: str) -> None:
    found = verdict_of(*INNOCENT[life])

    assert (found.verdict, found.evidence) == (Verdict.NONE, ())
    assert max(found.outside, found.inside, found.takeover, found.transferred) < 0.5


def test_a_factory_s_one_machine_is_nobody_s_own() -> None:
    machine = tuple(visits(range(0, 60, 2), "hall", "90.0.0.7", LEEDS, network="office"))
    phone = tuple(visits(range(1, 60, 2), "mine"))

    assert verdict_of(machine, phone, common=["hall"]).outside == verdict_of(phone).outside


def test_a_takeover_suppresses_sharing() -> None:
    alone, stolen = verdict_of(MINE, PHONE, GUEST, HER_PHONE), verdict_of(MINE, PHONE, GUEST, THIEF)

    assert (alone.verdict, stolen.verdict) == (Verdict.OUTSIDE, Verdict.TAKEOVER)
    assert stolen.outside <= 1 - stolen.takeover + 1e-4


def test_everything_works_without_coordinates_and_networks() -> None:
    guest = visits(range(1, 60, 2), "guest", "90.0.0.1", NOWHERE, country="PT", network=None)
    her_phone = visits(
        range(1, 60, 3), "her-phone", "90.0.0.1", NOWHERE, country="PT", network=None
    )
    mine = visits(range(0, 60, 2), "mine", "81.2.69.1", NOWHERE, network=None)

    assert verdict_of(mine, guest, her_phone).verdict is Verdict.OUTSIDE


def test_the_points_of_the_evidence_and_the_start_add_up_to_the_score() -> None:
    found = verdict_of(*GUILTY["an outsider in another city"][1])
    signs = {Bearing.INCRIMINATING: 1, Bearing.COUNTER: -1}
    total = POINTS.outside.start + sum(one.points * signs[one.bearing] for one in found.evidence)

    assert found.outside == pytest.approx(probability(total), abs=1e-4)
    assert all(one.sentence and "{" not in one.sentence for one in found.evidence)


@pytest.mark.parametrize("days", [range(1, 60, 4), range(3, 60, 6), (1, 2, 3, 4)])
def test_a_further_day_side_by_side_never_lowers_the_score(days: Iterable[int]) -> None:
    before: Judged | None = None
    for last in sorted(days):
        guest = visits([day for day in days if day <= last], "guest", "90.0.0.1", LEEDS)
        found = verdict_of(MINE, guest)

        assert before is None or found.outside >= before.outside
        before = found


@given(st.sampled_from(sorted(COUNTED)), st.data())
def test_more_of_what_speaks_for_a_verdict_never_lowers_it(
    verdict: str, data: st.DataObject
) -> None:
    table = getattr(POINTS, verdict)
    name = data.draw(st.sampled_from(COUNTED[verdict]))
    less, more = sorted(data.draw(st.tuples(st.integers(0, 99), st.integers(0, 99))))
    gained = table.worth(name, more) - table.worth(name, less)

    assert gained >= 0 if name in FOR[verdict] else gained <= 0
