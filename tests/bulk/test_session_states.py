"""A whole log at once leaves each account the state that its events leave one by one."""

from __future__ import annotations

import pytest

pa = pytest.importorskip("pyarrow")

from policyenforce.bulk.events import sound  # noqa: E402 - it needs Arrow
from policyenforce.bulk.session_log import COMMON, CROWD, Log, log_of  # noqa: E402 - as above
from policyenforce.bulk.session_states import states  # noqa: E402 - as above
from policyenforce.checks.account_sharing.events import (  # noqa: E402 - as above
    EVENTS,
    NETWORKS,
    Event,
)
from policyenforce.checks.account_sharing.state import AccountState  # noqa: E402 - as above
from tests.bulk.session_rows import START, rows, table  # noqa: E402 - as above


def log(told: list[dict[str, object]]) -> Log:
    return log_of(sound(table(told), "a test")[0])


def one_by_one(known: Log) -> list[AccountState]:
    """The states of the accounts, each event observed on its own."""
    found = [AccountState(known.since) for _ in range(len(known.accounts))]
    for row in range(len(known.at)):

        def word(numbers: object, words: object, row: int = row) -> str | None:
            number = int(numbers[row])  # type: ignore[index]  # an array of the log
            return None if number < 0 else words[number]  # type: ignore[index]  # its words

        latitude, longitude = float(known.latitude[row]), float(known.longitude[row])
        found[int(known.account[row])].observe(
            [
                Event(
                    int(known.at[row]),
                    EVENTS[int(known.event[row])],
                    word(known.device, known.devices),
                    word(known.place, known.places),
                    word(known.network, NETWORKS),
                    None if latitude != latitude else latitude,
                    None if longitude != longitude else longitude,
                    word(known.country, known.countries),
                )
            ]
        )
    return found


@pytest.mark.parametrize("seed", range(8))
def test_a_log_at_once_equals_its_events_one_by_one(seed: int) -> None:
    known = log(rows(seed))

    assert states(known) == one_by_one(known)


@pytest.mark.parametrize("days", [1, 63, 64, 200])
def test_a_log_of_any_length_keeps_all_its_days(days: int) -> None:
    told = rows(3, 50)
    for number, row in enumerate(told):
        row["at"] = START.replace(hour=number % 24) + (START - START) + (number % days) * DAY
    known = log(told)

    assert states(known) == one_by_one(known)


def test_an_empty_log_has_no_accounts() -> None:
    assert states(log([])) == []


def test_a_network_that_is_missing_is_what_most_rows_of_the_address_say() -> None:
    told = rows(1, 4)
    for row, network in zip(told, ("vpn", "vpn", "fixed", None), strict=True):
        row |= {"ip": "198.51.100.1", "network": network}

    assert NETWORKS[int(log(told).network[-1])] == "vpn"


@pytest.mark.parametrize(("accounts", "network"), [(1, "fixed"), (CROWD, "mobile")])
def test_an_address_that_nobody_describes_is_a_carrier_s_if_many_use_it(
    accounts: int, network: str
) -> None:
    told = rows(1, accounts)
    for number, row in enumerate(told):
        row |= {"account_id": f"a-{number}", "ip": "198.51.100.1", "network": None}

    assert {NETWORKS[number] for number in log(told).network.tolist()} == {network}


def test_a_line_that_many_come_by_is_nobody_s_home_whatever_is_said_of_it() -> None:
    told = rows(1, CROWD)
    for number, row in enumerate(told):
        row |= {"account_id": f"a-{number}", "ip": "198.51.100.1", "network": "fixed"}

    assert {NETWORKS[number] for number in log(told).network.tolist()} == {"mobile"}


def test_a_network_that_no_row_describes_is_that_of_its_neighbours() -> None:
    told = rows(1, 3)
    for row, ip, network in zip(
        told, ("198.51.100.1", "198.51.7.1", "198.51.100.9"), ("vpn", "fixed", None), strict=True
    ):
        row |= {"ip": ip, "network": network}

    assert NETWORKS[int(log(told).network[-1])] == "vpn"


@pytest.mark.parametrize(("accounts", "common"), [(COMMON - 1, False), (COMMON, True)])
def test_a_device_of_several_accounts_is_nobody_s_own(accounts: int, common: bool) -> None:
    told = rows(1, accounts)
    for number, row in enumerate(told):
        row |= {"account_id": f"a-{number}", "device_id": "hall"}

    assert log(told).common.tolist() == [common]


def test_repeated_and_late_rows_are_counted() -> None:
    told = rows(5, 40)
    told.sort(key=lambda row: row["at"])
    known = log([*told, told[0]])

    assert (log(told).repeated, log(told).late) == (0, 0)
    assert (known.repeated, known.late) == (1, 1)


DAY = START.replace(day=5) - START
