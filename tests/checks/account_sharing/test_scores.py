"""What lives of an account amount to, each guilty one beside innocent ones that look like it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.account_sharing.events import Event
from policyenforce.checks.account_sharing.scores import Judged, Verdict
from policyenforce.model.evidence import Bearing
from policyenforce.policy.sessions import COUNTED, FOR, probability
from tests.checks.account_sharing.sessions import (
    LEEDS,
    LISBON,
    LONDON,
    NOWHERE,
    POINTS,
    verdict_of,
    visit,
    visits,
)

MINE = tuple(visits(range(0, 60, 2), "mine"))
PHONE = tuple(visits(range(0, 60, 3), "phone"))
GUEST = tuple(visits(range(1, 60, 4), "guest", "90.0.0.1", LEEDS))
HER_PHONE = tuple(visits(range(3, 60, 6), "her-phone", "90.0.0.1", LEEDS))
DESKS = tuple(
    event
    for number in range(5)
    for event in visits(
        range(number % 2, 60, 2), f"pc-{number}", "90.0.0.7", LEEDS, network="office"
    )
)  # fmt: skip
THIEF = (
    *(visit(30 + n / 1440, None, "45.9.1.1", LISBON, kind="sign_in_failed") for n in range(9)),
    visit(30.1, "thief", "45.9.1.1", NOWHERE, network="hosting", country="PT"),
    visit(30.11, "thief", "45.9.1.1", NOWHERE, network="hosting", kind="password_changed"),
    visit(30.12, "thief", "45.9.1.1", NOWHERE, network="hosting", kind="payout_changed"),
)
OLD = tuple(visits(range(0, 28, 2), "old"))
BUYER = (
    *visits(range(30, 60, 2), "new", "85.240.1.1", LISBON, country="PT"),
    *visits(range(31, 60, 5), "new-phone", "85.240.1.1", LISBON, country="PT"),
    *(
        visit(30.01, "new", "85.240.1.1", LISBON, country="PT", kind=kind)
        for kind in ("password_changed", "contact_changed", "payout_changed")
    ),
)

GUILTY: dict[str, tuple[Verdict, tuple[Iterable[Event], ...]]] = {
    "an outsider in another city": (Verdict.OUTSIDE, (MINE, PHONE, GUEST, HER_PHONE)),
    "an agency on behalf of the member": (
        Verdict.OUTSIDE,
        (
            MINE,
            PHONE,
            visits(range(0, 60, 2), "clerk-1", "85.240.1.1", LISBON, country="PT"),
            visits(range(1, 60, 3), "clerk-2", "85.240.1.1", LISBON, country="PT"),
        ),
    ),
    "colleagues in one office": (Verdict.INSIDE, (DESKS,)),
    "a thief": (Verdict.TAKEOVER, (MINE, PHONE, THIEF)),
    "a sale of the account": (Verdict.TRANSFERRED, (OLD, BUYER)),
}
INNOCENT: dict[str, tuple[Iterable[Event], ...]] = {
    "nobody": (),
    "one device": (MINE,),
    "a telephone and a laptop at home": (MINE, PHONE),
    "a traveller": (
        MINE,
        visits(range(20, 26), "mine", "85.240.1.1", LISBON, country="PT"),
        visits(range(40, 44), "phone", "90.0.0.1", LEEDS),
        PHONE,
    ),
    "a VPN user": (
        MINE,
        visits(range(1, 60, 2), "mine", "45.9.1.1", LISBON, network="vpn", country="PT"),
        visits(range(0, 60, 3), "phone", "45.9.2.1", LEEDS, network="vpn"),
    ),
    "a VPN user with a new telephone who changes a password": (
        visits(range(0, 60, 2), "mine", "45.9.1.1", LISBON, network="vpn", country="PT"),
        visits(range(31, 60, 2), "new", "45.9.7.1", LEEDS, network="vpn"),
        [visit(31.1, "new", "45.9.7.1", LEEDS, network="vpn", kind="password_changed")],
    ),
    "a mobile gateway": (
        visits(range(0, 60, 2), "phone", "100.64.3.1", LEEDS, network="mobile"),
        visits(range(1, 60, 2), "phone", "100.64.9.1", LONDON, network="mobile"),
    ),
    "cleared cookies": ([visit(day, f"browser-{day}") for day in range(0, 60, 2)],),
    "a new telephone": (
        MINE,
        visits(range(0, 30, 3), "old-phone"),
        visits(range(31, 60, 3), "new-phone"),
    ),
    "a mover": (visits(range(30), "mine"), visits(range(30, 60), "mine", "90.0.0.1", LEEDS)),
    "a program beside the member": (
        MINE,
        (visit(day, "key", "45.9.1.1", LISBON, network="hosting", kind="api") for day in range(60)),
    ),
    "settings changed from a known device": (
        MINE,
        PHONE,
        (visit(30.1, "mine", kind=kind) for kind in ("password_changed", "payout_changed")),
    ),
    "a forgotten password": (
        MINE,
        (visit(30 + n / 1440, "mine", kind="sign_in_failed") for n in range(9)),
        [visit(30.1, "mine", kind="password_changed")],
    ),
    "no coordinates": (
        visits(range(40), "a", "81.2.69.1", NOWHERE),
        visits(range(40), "b", "81.2.69.1", NOWHERE),
    ),
}  # fmt: skip


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
