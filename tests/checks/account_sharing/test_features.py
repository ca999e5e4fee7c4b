"""What is counted of the devices at one address: the fewest people who explain them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.account_sharing.events import Event
from policyenforce.checks.account_sharing.features import sharing
from tests.checks.account_sharing.sessions import LEEDS, gathered, visits

HOME, OTHER_HOME, BRANCH = "81.2.69.1", "92.40.7.1", "91.0.0.7"


def office(*devices: str, days: Iterable[int] = range(4)) -> Iterator[Event]:
    for device in devices:
        yield from visits(days, device, "90.0.0.7", LEEDS, network="office")


def people(*lives: Iterable[Event], kind: str = "office") -> tuple[int, int]:
    """How many there are at least, and on how many days two of them were there."""
    found = sharing(gathered(*lives))
    return found.get(f"{kind}_people", 0), found.get(f"{kind}_two", 0)


def test_machines_that_never_leave_an_office_are_each_somebody_else_s() -> None:
    assert people(office("a", "b", "c")) == (3, 4)


def test_a_machine_that_stays_and_what_goes_home_together_are_one_person_s() -> None:
    home = [*visits((5, 6), "laptop", HOME), *visits((5, 7), "phone", HOME)]

    assert people(office("pc", "laptop", "phone"), home) == (1, 0)


def test_devices_that_go_home_apart_are_two_people_s() -> None:
    homes = [*visits((5, 6), "laptop", HOME), *visits((5, 7), "other", OTHER_HOME)]

    assert people(office("laptop", "other"), homes) == (2, 4)


def test_two_colleagues_with_a_machine_and_a_laptop_each_are_two_and_not_four() -> None:
    homes = [*visits((5, 6), "laptop", HOME), *visits((5, 7), "other", OTHER_HOME)]

    assert people(office("pc-1", "pc-2", "laptop", "other"), homes) == (2, 4)


def test_what_has_a_home_in_common_with_two_others_joins_them() -> None:
    homes = [
        *visits((5, 6), "laptop", HOME),
        *visits((5, 7), "phone", OTHER_HOME),
        *visits((5,), "tablet", HOME),
        *visits((7,), "tablet", OTHER_HOME),
    ]

    assert people(office("laptop", "phone", "tablet"), homes) == (1, 0)


def test_another_office_is_nobody_s_home() -> None:
    branch = (
        event for name in ("a", "b") for event in visits((8, 9), name, BRANCH, network="office")
    )

    assert people(office("a", "b"), branch) == (2, 4)


def test_days_on_which_only_one_of_them_was_there_are_not_counted() -> None:
    assert people(office("a", days=range(4)), office("b", days=range(2, 8))) == (2, 2)


@pytest.mark.parametrize(("kind", "found"), [("place", (2, 4)), ("office", (0, 0))])
def test_an_address_that_is_no_office_is_counted_by_itself(
    kind: str, found: tuple[int, int]
) -> None:
    at_home = (event for name in ("a", "b", "c") for event in visits(range(4), name, HOME))

    assert people(at_home, visits((5, 6), "a", OTHER_HOME), kind=kind) == found


@given(st.integers(1, 5), st.integers(0, 5))
def test_a_further_machine_never_makes_fewer_people(stays: int, more: int) -> None:
    names = [f"pc-{number}" for number in range(stays + more)]

    assert people(office(*names))[0] >= people(office(*names[:stays]))[0]
