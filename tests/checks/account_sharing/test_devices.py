from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.account_sharing.devices import (
    DeviceDay,
    asks_devices,
    coexisting,
    days_of,
    device_marks,
    one_person,
    takeover_signs,
)
from policyenforce.model.fact import Fact
from policyenforce.model.facts.registration import AccountClosed
from policyenforce.model.facts.sessions import (
    Network,
    SecuritySettingChanged,
    SessionActive,
    Setting,
    SignedIn,
    SignInFailed,
)
from policyenforce.model.questions import Holder
from tests.checks.past import day

DAYS = st.frozensets(st.dates(date(2019, 10, 1), date(2019, 10, 30)), min_size=1)


def october(*days: int) -> frozenset[date]:
    return frozenset(date(2019, 10, number) for number in days)


def row(spelt: str, fact_id: str = "f-1") -> DeviceDay:
    return DeviceDay.of(Holder(spelt, "u-1", "p", fact_id))


def test_a_session_gives_one_dated_row() -> None:
    fact = SessionActive(
        id="f-1",
        at=day(0),
        account_id="a-1",
        device_id=" d|1 ",
        network=Network.VPN,
        person_id="p-1",
    )
    (mark,) = device_marks(fact)

    assert (mark.kind, mark.value, mark.role) == ("device_day", "a-1|2019-10", "holder")
    assert mark.holder == "2019-10-07|d/1|vpn|p-1"
    assert row(mark.holder) == DeviceDay(date(2019, 10, 7), "d/1", "vpn", "p-1", "p", "f-1")


def test_what_is_unknown_stays_unknown() -> None:
    found = row("2019-10-07|d-1|-|-")

    assert (found.network, found.person) == (None, None)


def test_the_day_is_that_of_greenwich() -> None:
    at = datetime(2019, 11, 1, 1, tzinfo=timezone(timedelta(hours=8)))
    (mark,) = device_marks(SignedIn(id="f-1", at=at, account_id="a-1", device_id="d-1"))

    assert (mark.value, mark.holder[:10]) == ("a-1|2019-10", "2019-10-31")


def test_without_a_device_id_there_is_no_row() -> None:
    assert list(device_marks(SignedIn(id="f-1", at=day(0), account_id="a-1", device_id=" "))) == []
    assert list(device_marks(SignedIn(id="f-1", at=day(0), account_id="a-1"))) == []
    assert list(device_marks(AccountClosed(id="f-1", at=day(0), account_id="a-1"))) == []


def test_every_month_of_the_window_is_asked_for_once() -> None:
    keys = [q.value for q in asks_devices("a-1", datetime(2019, 12, 2, tzinfo=UTC), 33)]

    assert keys == ["a-1|2019-10", "a-1|2019-11", "a-1|2019-12"]


def test_a_new_telephone_takes_over_from_the_old_one() -> None:
    devices = {"old": october(*range(1, 12)), "new": october(*range(10, 30))}

    assert coexisting(devices, 3, 2) == []


def test_cleared_browsers_never_persist() -> None:
    assert coexisting({f"d-{n}": october(n) for n in range(1, 30)}, 3, 2) == []


def test_one_device_within_the_life_of_another_co_exists_with_it() -> None:
    devices = {"b": october(*range(1, 30)), "a": october(5, 15, 25)}

    assert coexisting(devices, 3, 2) == ["b", "a"]


def test_more_devices_may_be_asked_for() -> None:
    two = {"a": october(1, 2, 3), "b": october(1, 2, 3)}

    assert coexisting(two, 3, 3) == []
    assert coexisting({**two, "c": october(1, 2, 3)}, 3, 3) == ["a", "b", "c"]


@given(st.dictionaries(st.sampled_from("abcd"), DAYS), st.integers(1, 5), st.integers(2, 4))
def test_what_co_exists_persists_and_is_never_alone(
    days: dict[str, frozenset[date]], min_days: int, min_devices: int
) -> None:
    found = coexisting(days, min_days, min_devices)

    assert found == [] or len(found) >= min_devices
    assert all(len(days[device]) >= min_days for device in found)


@given(st.dictionaries(st.sampled_from("abcd"), DAYS), st.integers(1, 4))
def test_asking_for_more_days_never_finds_more(
    days: dict[str, frozenset[date]], min_days: int
) -> None:
    assert set(coexisting(days, min_days + 1, 2)) <= set(coexisting(days, min_days, 2))


def test_days_on_unclean_networks_do_not_count() -> None:
    rows = [row("2019-10-01|d|fixed|-"), row("2019-10-02|d|mobile|-"), row("2019-10-03|d|-|-")]

    assert days_of(rows) == {"d": october(1, 3)}


def test_one_person_is_one_only_when_every_device_says_so() -> None:
    def told(*persons: str) -> bool:
        rows = [row(f"2019-10-01|d-{n}|fixed|{person}") for n, person in enumerate(persons)]
        return one_person(rows, [r.device for r in rows])

    assert told("p-1", "p-1")
    assert not told("p-1", "p-2")
    assert not told("p-1", "-")
    assert not told("-", "-")


def seen(*facts: tuple[str, float, str | None]) -> list[Fact]:
    made: list[Fact] = []
    for number, (tag, at, device) in enumerate(facts):
        told = {"id": f"f-{number}", "at": day(at), "account_id": "a-1", "device_id": device}
        if tag == "change":
            made.append(SecuritySettingChanged(setting=Setting.PAYOUT, **told))  # type: ignore[arg-type]  # a table of mixed values
        else:
            made.append((SignedIn if tag == "in" else SignInFailed)(**told))  # type: ignore[arg-type]  # a table of mixed values
    return made


FAILED = [("failed", 9.0 + n / 100, "x") for n in range(3)]


def test_failures_a_strange_device_and_a_change_look_like_a_take_over() -> None:
    assert takeover_signs(seen(("in", 1, "d-1"), *FAILED, ("in", 9.2, "x"), ("change", 9.3, "x")))


def test_any_sign_that_is_missing_leaves_an_ordinary_change() -> None:
    assert not takeover_signs(seen(("in", 1, "d-1"), *FAILED, ("change", 9.3, "d-1")))
    assert not takeover_signs(seen(("in", 1, "d-1"), *FAILED, ("change", 9.3, None)))
    assert not takeover_signs(seen(("in", 1, "d-1"), *FAILED[:2], ("change", 9.3, "x")))
    assert not takeover_signs(seen(("in", 1, "d-1"), *FAILED, ("change", 11, "x")))
    assert not takeover_signs(seen(*FAILED, ("in", 9.2, "x"), ("change", 9.3, "x")))
    assert not takeover_signs(seen(("in", 1, "d-1"), *FAILED, ("in", 9.2, "x")))
