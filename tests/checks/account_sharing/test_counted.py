"""Whose sessions count: not those of named staff, nor those of a stranger's time."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.account_sharing.counted import one_person, that_count
from policyenforce.checks.account_sharing.events import DAY, FAILED, Event
from policyenforce.checks.account_sharing.kept import Kept
from policyenforce.model.outcome import Interval
from tests.checks.account_sharing.sessions import SINCE, visit, visits


def kept(*events: tuple[Event, str | None]) -> Kept:
    known = Kept()
    for event, person in sorted(events, key=lambda told: told[0].at):
        known = known.after(event, person)
    return known


def used(days: range, device: str, person: str | None = None) -> list[tuple[Event, str | None]]:
    return [(event, person) for event in visits(days, device)]


def strange(first: float, last: float) -> Interval:
    since, until = (datetime.fromtimestamp((SINCE + day) * DAY, UTC) for day in (first, last))
    return Interval("a-1", since, until)


LIFE = kept(
    *used(range(10), "mine"),
    *used(range(4, 6), "thief"),
    *used(range(8), "clerk", "p-2"),
    (visit(3, kind=FAILED), None),
    (visit(5, kind=FAILED), None),
    (visit(5, "thief", kind="password_changed"), None),
    (visit(9, "clerk", kind="password_changed"), None),
)


def test_where_nothing_is_left_out_the_state_is_the_very_same() -> None:
    assert that_count(LIFE) is LIFE.state
    assert that_count(LIFE, [], ["p-9"]) is LIFE.state


def test_devices_of_named_staff_are_left_out_with_what_they_changed() -> None:
    state = that_count(LIFE, named=["p-2"])

    assert set(state.devices) == {"mine", "thief"}
    assert {device for _, _, device in state.changes} == {"thief"}


def test_the_days_of_a_stranger_are_left_out_of_everything() -> None:
    state = that_count(LIFE, [strange(4.0, 5.9)])
    mine = state.devices["mine"]

    assert set(state.devices) == {"mine", "clerk"}
    assert mine.days == mine.clean == mine.places["81.2.69.1"] == 0b1111001111
    assert len(state.failures) == 1
    assert {device for _, _, device in state.changes} == {"clerk"}


def test_a_device_begins_and_ends_with_the_days_that_are_left() -> None:
    state = that_count(LIFE, [strange(0, 2), strange(8, 20)])
    mine, whole = state.devices["mine"], LIFE.state.devices["mine"]

    assert whole.first < (SINCE + 3) * DAY <= mine.first < (SINCE + 4) * DAY
    assert (SINCE + 7) * DAY <= mine.last < (SINCE + 8) * DAY


def test_a_stranger_before_or_after_all_that_is_kept_changes_nothing() -> None:
    assert that_count(LIFE, [strange(-9, -1)]) == LIFE.state
    assert that_count(LIFE, [strange(500, 900)]) == LIFE.state


@given(st.floats(-20, 120), st.floats(-20, 120))
def test_what_counts_is_never_more_than_what_is_kept(first: float, last: float) -> None:
    state = that_count(LIFE, [strange(first, last)], ["p-2"])

    for name, trace in state.devices.items():
        whole = LIFE.state.devices[name]
        assert 0 < trace.days & whole.days == trace.days
        assert whole.first <= trace.first <= trace.last <= whole.last


def test_devices_are_one_person_s_only_when_every_one_is_known_to_be() -> None:
    def one(*persons: str | None) -> bool:
        told = [u for n, who in enumerate(persons) for u in used(range(2), f"d-{n}", who)]
        known = kept(*told)
        return one_person(known, known.state)

    assert one("p-1", "p-1")
    assert not one("p-1", "p-2")
    assert not one("p-1", None)
    assert not one(None, None)
