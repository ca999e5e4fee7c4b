"""A state is what was seen, whatever the order, however often, in however many parts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.account_sharing.events import DAY, EVENTS, NETWORKS, Event
from policyenforce.checks.account_sharing.state import AccountState
from tests.checks.account_sharing.sessions import SINCE, gathered, visit

TEXTS = st.none() | st.sampled_from(("a", "b", "c"))
ONE = st.builds(
    Event,
    at=st.integers((SINCE - 2) * DAY, (SINCE + 80) * DAY),
    kind=st.sampled_from(EVENTS),
    device=TEXTS,
    place=TEXTS,
    network=st.none() | st.sampled_from(NETWORKS),
    latitude=st.none() | st.floats(-90, 90),
    longitude=st.none() | st.floats(-180, 180),
    country=TEXTS,
)
LOGS = st.lists(ONE, max_size=30)


@given(LOGS, st.randoms())
def test_the_order_of_events_changes_nothing(log: list[Event], chance: object) -> None:
    mixed = log.copy()
    chance.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis' own Random

    assert gathered(mixed) == gathered(log)


@given(LOGS)
def test_an_event_that_comes_twice_counts_once(log: list[Event]) -> None:
    assert gathered(log, log) == gathered(log)


@given(LOGS, st.integers(0, 30))
def test_two_halves_of_a_log_leave_what_the_whole_leaves(log: list[Event], cut: int) -> None:
    state = AccountState(SINCE)
    state.observe(log[:cut])
    state.observe(log[cut:])

    assert state == gathered(log)


def test_what_was_before_the_window_is_passed_over() -> None:
    assert gathered([visit(-1)]) == AccountState(SINCE)


def test_an_unclean_network_shows_no_place() -> None:
    trace = gathered([visit(0, network="vpn"), visit(1, network="hosting")]).devices["mine"]

    assert (trace.days, trace.clean) == (0b11, 0)
    assert (trace.places, trace.cells, trace.countries) == ({}, {}, {})


def test_a_failed_sign_in_is_no_visit() -> None:
    state = gathered([visit(0, kind="sign_in_failed")])

    assert (state.devices, len(state.failures)) == ({}, 1)


def test_a_changed_setting_is_a_visit_as_well() -> None:
    state = gathered([visit(0, kind="payout_changed")])

    assert [kind for _, kind, _ in state.changes] == ["payout_changed"]
    assert state.devices["mine"].days == 1


def test_without_a_device_nobody_was_there() -> None:
    assert gathered([visit(0, None)]).devices == {}
