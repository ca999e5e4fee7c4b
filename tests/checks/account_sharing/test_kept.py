"""What is kept between two facts: a value, a step further each time, and never large."""

from __future__ import annotations

from functools import reduce

from hypothesis import given, settings
from hypothesis import strategies as st

from policyenforce.checks.account_sharing.bounds import MOST_PLACES, MOST_TRACES, WINDOW
from policyenforce.checks.account_sharing.events import ACTIVITY, API, CHANGES, DAY, FAILED, Event
from policyenforce.checks.account_sharing.kept import Kept
from policyenforce.checks.account_sharing.lookalikes import shows_nothing
from policyenforce.checks.account_sharing.row import from_row, to_row
from policyenforce.checks.account_sharing.scores import judged
from policyenforce.checks.account_sharing.state import AccountState
from tests.checks.account_sharing.lives import GUILTY
from tests.checks.account_sharing.sessions import POINTS, SINCE, gathered, visit, visits

DEVICES = st.one_of(st.none(), st.sampled_from(["d-1", "d-2", "d-3"]))
EVENTS = st.builds(
    Event,
    at=st.integers(SINCE * DAY, (SINCE + 200) * DAY),
    kind=st.sampled_from([ACTIVITY, ACTIVITY, FAILED, *CHANGES]),
    device=DEVICES,
    place=st.one_of(st.none(), st.sampled_from(["81.2.69.1", "90.0.0.1"])),
    network=st.one_of(st.none(), st.sampled_from(["fixed", "office", "vpn"])),
    latitude=st.one_of(st.none(), st.sampled_from([51.5, 38.7])),
    longitude=st.one_of(st.none(), st.just(-0.1)),
    country=st.one_of(st.none(), st.sampled_from(["GB", "PT"])),
)


def folded(events: list[Event], kept: Kept | None = None) -> Kept:
    return reduce(lambda known, event: known.after(event, "p-1"), events, kept or Kept())


@given(st.lists(EVENTS, max_size=30))
def test_a_row_says_all_that_is_kept(events: list[Event]) -> None:
    kept = folded(sorted(events, key=lambda event: event.at))
    kept = kept.after(visit(300, place="203.0.113.7"), "p-2", shared_device=True, said="vpn")

    assert from_row(to_row(kept)) == kept


@given(st.lists(EVENTS, max_size=30), st.integers(0, 30))
def test_a_log_in_two_runs_leaves_the_same(events: list[Event], cut: int) -> None:
    events.sort(key=lambda event: event.at)
    first = from_row(to_row(folded(events[:cut])))

    assert folded(events[cut:], first) == folded(events)


def test_a_step_is_looked_at_only_where_it_shows_something_of_two_devices() -> None:
    alone = folded([visit(0, "mine")])
    two = folded([visit(1, "guest")], alone)
    once_more = folded([visit(1.1, "guest")], two)

    assert once_more != two
    assert shows_nothing((two, once_more))
    assert shows_nothing((Kept(), alone))
    assert not shows_nothing((alone, two))
    assert not shows_nothing(())


@given(st.lists(EVENTS, min_size=1, max_size=20), EVENTS)
def test_a_step_changes_nothing_that_was_kept(events: list[Event], more: Event) -> None:
    events.sort(key=lambda event: event.at)
    kept = folded(events)
    before = to_row(kept)
    kept.after(more._replace(at=max(more.at, events[-1].at)))

    assert to_row(kept) == before


@given(st.lists(EVENTS, max_size=30))
@settings(max_examples=50)
def test_nothing_older_than_the_window_is_kept(events: list[Event]) -> None:
    events.sort(key=lambda event: event.at)
    state = folded(events).state

    assert all(0 < trace.days < 1 << WINDOW for trace in state.devices.values())
    assert all(trace.first >= state.since * DAY for trace in state.devices.values())
    assert all(at >= state.since * DAY for at in state.failures)


def test_within_the_window_the_state_is_that_of_the_whole_log() -> None:
    for _, lives in GUILTY.values():
        events = sorted((e for life in lives for e in life), key=lambda event: event.at)
        assert judged(folded(events).whole, POINTS) == judged(gathered(events), POINTS)


def test_programs_and_failures_leave_no_device() -> None:
    kept = folded([visit(0, "key", kind=API), visit(0, "pc", kind=FAILED)])

    assert (kept.state.devices, len(kept.state.failures)) == ({}, 1)


def test_a_change_in_a_session_says_nothing_of_where_the_device_was() -> None:
    session = visit(3, network="vpn")
    change = Event(session.at + 60, CHANGES[0], session.device)
    kept = folded([session, change])

    assert kept.state.devices["mine"].networks == {"vpn": 1}
    assert kept.state.changes == {(change.at, CHANGES[0], "mine")}
    assert folded([change]).state.devices["mine"].networks == {None: 1}


def test_what_is_kept_is_bounded_whatever_comes() -> None:
    cleared = [visit(n / 100, f"browser-{n}") for n in range(1_000)]
    moving = list(visits((n / 20 for n in range(1_000)), "mine"))
    moving = [e._replace(place=f"81.2.{n // 200}.{n % 200}") for n, e in enumerate(moving)]
    failing = [visit(n / 1_000, kind=FAILED) for n in range(5_000)]

    assert len(folded(cleared).state.devices) == MOST_TRACES
    assert len(folded(moving).state.devices["mine"].places) == MOST_PLACES
    for events in (cleared, moving, failing):
        assert len(to_row(folded(events))) < 40_000


def test_the_devices_of_most_days_stay() -> None:
    mine = list(visits(range(5), "mine"))
    cleared = [visit(6 + n / 100, f"browser-{n}") for n in range(500)]

    assert "mine" in folded([*mine, *cleared]).state.devices


def test_an_address_is_what_was_said_of_it_or_of_its_neighbours() -> None:
    kept = Kept()
    for place, said in (("203.0.113.7", "vpn"), ("203.0.113.7", "vpn"), ("203.0.9.1", "fixed")):
        kept = kept.after(visit(0, place=place), said=said)

    assert kept.network_of("203.0.113.7") == "vpn"
    assert kept.network_of("203.0.113.99") == "vpn"
    assert kept.network_of("203.0.9.9") == "fixed"
    assert kept.network_of("203.0.200.1") == "vpn"
    assert kept.network_of("198.51.100.1") is None


def test_a_device_that_comes_again_on_a_day_leaves_the_state_as_it_is() -> None:
    kept = folded([visit(0)])
    later = visit(0.01)
    again = kept.after(later, "p-1")

    assert again.state is kept.state
    assert again.whole.devices["mine"].last == later.at
    assert again.after(visit(3), "p-1").whole == gathered([visit(0), later, visit(3)])


@given(st.lists(EVENTS, min_size=1, max_size=30))
def test_whatever_came_again_is_known_in_the_end(events: list[Event]) -> None:
    events = sorted((e for e in events if e.at < (SINCE + 60) * DAY), key=lambda event: event.at)
    events = [e for e in events if e.kind in (ACTIVITY, FAILED)]
    kept = folded(events)
    whole = AccountState(kept.state.since)
    whole.observe(events)

    assert kept.whole == whole


def test_an_empty_account_has_nothing_kept() -> None:
    assert Kept().state == AccountState(0)
