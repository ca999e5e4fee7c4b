"""The points of sessions are sound, or refused."""

from __future__ import annotations

import pytest

from policyenforce.errors import PolicyError
from policyenforce.policy.load import load_rules
from policyenforce.policy.sessions import COUNTED, SessionPoints, VerdictPoints


def outside(**rows: tuple[tuple[int, int], ...]) -> SessionPoints:
    return SessionPoints(outside=VerdictPoints(rows=rows))


def test_the_built_in_points_count_something_for_each_verdict() -> None:
    points = load_rules().sessions

    assert all(getattr(points, verdict).rows for verdict in COUNTED)


def test_of_the_rows_the_last_one_reached_counts() -> None:
    table = VerdictPoints(rows={"devices": ((2, 5), (4, 9))})

    assert [table.worth("devices", number) for number in (1, 2, 3, 4, 40)] == [0, 5, 5, 9, 9]
    assert table.worth("moved", 7) == 0


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({"gone": ((1, 5),)}, "nothing called `gone` is counted for `outside`"),
        ({"devices": ((4, 9), (2, 5))}, "out of order"),
        ({"devices": ((2, 9), (4, 5))}, "out of order"),
        ({"devices": ((0, 5),)}, "out of order"),
        ({"devices": ((2, -5),)}, "out of order|wrong sign"),
        ({"moved": ((1, 5),)}, "wrong sign"),
    ],
)
def test_rows_that_break_a_promise_are_refused(
    rows: dict[str, tuple[tuple[int, int], ...]], said: str
) -> None:
    with pytest.raises(PolicyError, match=said):
        outside(**rows)
