"""Devices and places that hang together are one pair of hands."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.account_sharing.hands import (
    Hand,
    Where,
    blocks,
    cells,
    countries,
    far_apart,
    groups,
    hands,
    kilometres,
    providers,
    side_by_side,
    turns,
)
from policyenforce.checks.account_sharing.state import Trace
from tests.checks.account_sharing.sessions import (
    LEEDS,
    LISBON,
    NOWHERE,
    OXFORD,
    SINCE,
    gathered,
    visit,
    visits,
)


def hands_of(traces: Iterable[Trace], where: Where) -> list[Hand]:
    return hands(groups(traces, where), where)


def test_devices_that_were_at_one_place_are_one_hand() -> None:
    state = gathered(visits(range(4), "laptop"), visits(range(3), "phone"))

    assert len(hands_of(state.devices.values(), cells)) == 1


def test_a_device_that_was_at_both_places_makes_them_one_hand() -> None:
    state = gathered(
        visits(range(4), "home"),
        visits(range(4), "there", "90.0.0.1", LEEDS),
        [visit(5, "phone"), visit(6, "phone", "90.0.0.1", LEEDS)],
    )

    assert len(hands_of(state.devices.values(), cells)) == 1


def test_devices_that_never_met_are_two_hands_and_the_busier_comes_first() -> None:
    state = gathered(visits(range(4), "mine"), visits(range(9), "other", "90.0.0.1", LEEDS))
    first, second = hands_of(state.devices.values(), cells)

    assert (first.days.bit_count(), second.days.bit_count()) == (9, 4)


def test_a_device_of_no_known_place_belongs_to_no_hand_and_joins_none() -> None:
    state = gathered(
        visits(range(4), "mine"),
        visits(range(4), "other", "90.0.0.1", LEEDS),
        visits(range(4), "hidden", network="vpn"),
    )

    assert [len(hand.traces) for hand in hands_of(state.devices.values(), cells)] == [1, 1]


def test_a_new_address_of_the_same_provider_is_the_same_home_to_providers_only() -> None:
    state = gathered(visits(range(4), "a", "81.2.69.1"), visits(range(4), "b", "81.2.70.1"))
    traces = list(state.devices.values())

    assert [len(hands_of(traces, by)) for by in (blocks, providers)] == [2, 1]


def test_neighbours_in_a_block_are_one_network() -> None:
    state = gathered(visits(range(4), "a", "81.2.69.1"), visits(range(4), "b", "81.2.69.200"))

    assert len(hands_of(state.devices.values(), blocks)) == 1


def test_countries_are_told_apart_by_name() -> None:
    state = gathered(
        visits(range(4), "a"), visits(range(4), "b", "90.0.0.1", (None, None), country="PT")
    )

    assert len(hands_of(state.devices.values(), countries)) == 2


def test_an_office_alone_is_a_desk_and_a_home_is_none() -> None:
    state = gathered(
        visits(range(4), "pc", "90.0.0.1", LEEDS, network="office"), visits(range(4), "mine")
    )
    desks = [hand.at_desk for hand in hands_of(state.devices.values(), cells)]

    assert sorted(desks) == [False, True]


def test_a_hand_that_seldom_shows_its_place_is_not_settled_there() -> None:
    seldom = visits(range(12), "phone", "100.64.1.1", LEEDS, network="mobile")
    state = gathered(visits(range(3), "mine"), seldom, visits((2, 5), "phone", "90.0.0.1", LEEDS))
    phone, laptop = hands_of(state.devices.values(), cells)

    assert (laptop.settled, phone.settled) == (True, False)


def test_whoever_is_elsewhere_each_time_is_settled_nowhere() -> None:
    journey = [visit(day, "mine", "90.0.0.1", (float(day), 10.0)) for day in range(0, 50, 10)]
    (hand,) = hands_of(gathered(journey).devices.values(), cells)

    assert (hand.days.bit_count(), hand.placed, hand.settled) == (5, 1, False)


def test_neighbouring_cells_are_one_place_to_stay_at() -> None:
    blurred = [visit(day, "mine", where=(51.5 + day / 10, -0.1)) for day in range(3)]
    (hand,) = hands_of(gathered(blurred).devices.values(), cells)

    assert hand.placed == 3


def test_a_home_that_gets_another_address_each_day_is_one_place_of_its_provider() -> None:
    daily = [visit(day, "mine", f"81.2.{day}.1") for day in range(6)]
    (hand,) = hands_of(gathered(daily).devices.values(), blocks)

    assert (hand.placed, hand.settled) == (6, True)


def test_days_behind_a_relay_say_nothing_of_a_hand() -> None:
    hidden = visits(range(12), "mine", "45.9.1.1", LISBON, network="vpn")
    state = gathered(visits(range(0, 12, 4), "mine"), hidden)
    (hand,) = hands_of(state.devices.values(), cells)

    assert hand.days.bit_count() == 3
    assert hand.settled


@pytest.mark.parametrize(
    ("where", "country", "far"),
    [
        (OXFORD, "GB", False),
        (LEEDS, "GB", True),
        (NOWHERE, "GB", False),
        (NOWHERE, "PT", True),
        (NOWHERE, None, False),
    ],
)
def test_two_places_are_far_apart_where_something_shows_it(
    where: tuple[float | None, float | None], country: str | None, far: bool
) -> None:
    state = gathered(
        visits(range(4), "mine"), visits(range(4), "pc", "90.0.0.7", where, country=country)
    )
    here, there = hands_of(state.devices.values(), blocks)

    assert far_apart(here, there) is far


def test_only_the_time_in_which_both_existed_is_compared() -> None:
    state = gathered(
        visits((0, 1, 2, 3, 5, 7), "mine"), visits((4, 6, 8), "other", "90.0.0.1", LEEDS)
    )
    main, other = hands_of(state.devices.values(), cells)
    beside = side_by_side(main, other, SINCE)

    assert (beside.days, beside.turns, beside.same) == (2, 3, 0)


def test_hands_one_after_the_other_are_not_side_by_side() -> None:
    state = gathered(visits(range(4), "old"), visits(range(9, 12), "new", "90.0.0.1", LEEDS))
    main, other = hands_of(state.devices.values(), cells)

    assert side_by_side(main, other, SINCE).days == 0


@given(st.integers(0, 2**40), st.integers(0, 2**40))
def test_turns_are_as_many_as_changes_in_a_list_of_days(left: int, right: int) -> None:
    left &= ~right
    days = [bool(left >> day & 1) for day in range(41) if (left | right) >> day & 1]

    assert turns(left, right) == sum(a is not b for a, b in pairwise(days))


def test_the_distance_of_two_cities_is_that_of_the_map() -> None:
    assert round(kilometres((515, -1), (538, -15)), -1) == 270
    assert kilometres((515, -1), (515, -1)) == 0
