"""Lives of an account: guilty ones, and innocent ones that look like them."""

from __future__ import annotations

from collections.abc import Iterable

from policyenforce.checks.account_sharing.events import Event
from policyenforce.checks.account_sharing.scores import Verdict
from tests.checks.account_sharing.sessions import (
    LEEDS,
    LISBON,
    LONDON,
    NOWHERE,
    OSLO,
    OXFORD,
    ROME,
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

_GUILTY: dict[str, tuple[Verdict, tuple[Iterable[Event], ...]]] = {
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
    "an agency at desks of its own abroad": (
        Verdict.OUTSIDE,
        (
            MINE,
            PHONE,
            visits(
                range(0, 60, 2), "clerk-1", "85.240.1.1", LISBON, network="office", country="PT"
            ),
            visits(
                range(1, 60, 3), "clerk-2", "85.240.1.1", LISBON, network="office", country="PT"
            ),
        ),
    ),
    "colleagues in one office": (Verdict.INSIDE, (DESKS,)),
    "a thief": (Verdict.TAKEOVER, (MINE, PHONE, THIEF)),
    "a sale of the account": (Verdict.TRANSFERRED, (OLD, BUYER)),
}
_INNOCENT: dict[str, tuple[Iterable[Event], ...]] = {
    "nobody": (),
    "one device": (MINE,),
    "a telephone and a laptop at home": (MINE, PHONE),
    "a traveller": (
        MINE,
        visits(range(20, 26), "mine", "85.240.1.1", LISBON, country="PT"),
        visits(range(40, 44), "phone", "90.0.0.1", LEEDS),
        PHONE,
    ),
    "a traveller who is somewhere else each time, with either device": (
        visits((3, 12, 20), "laptop", "90.0.0.1", LEEDS),
        [visit(40, "laptop", "85.240.1.1", LISBON, country="PT")],
        [visit(26, "phone", "92.1.1.1", ROME, country="IT")],
        [visit(48, "phone", "93.1.1.1", OSLO, country="NO")],
        visits(range(1, 60, 11), "phone", "100.64.3.1", LONDON, network="mobile"),
    ),
    "a desk at the office, and a telephone and a laptop that go home together": (
        visits(range(0, 60, 2), "pc", "90.0.0.7", LEEDS, network="office"),
        visits(range(0, 60, 3), "laptop", "90.0.0.7", LEEDS, network="office"),
        visits(range(0, 60, 4), "phone", "90.0.0.7", LEEDS, network="office"),
        visits(range(1, 60, 6), "laptop", "81.2.69.1", LEEDS),
        visits(range(1, 60, 8), "phone", "81.2.69.1", LEEDS),
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
    "a VPN user whose home gets another address now and then": (
        visits(range(0, 60, 6), "mine"),
        visits(range(0, 60, 2), "mine", "45.9.1.1", LISBON, network="vpn", country="PT"),
        visits((3, 21, 45), "phone", "81.2.5.1", NOWHERE),
        visits(range(1, 60, 2), "phone", "45.9.2.1", LEEDS, network="vpn"),
    ),
    "a telephone that is the gateway of a laptop": (
        visits((2, 30), "laptop", "81.2.69.1", NOWHERE),
        visits(range(0, 60, 3), "laptop", "100.64.3.1", LONDON, network="mobile"),
        visits((5, 17), "phone", "81.9.5.1", NOWHERE),
        visits(range(1, 60, 3), "phone", "100.64.9.1", LEEDS, network="mobile"),
    ),
    "a desk in the next town": (
        MINE,
        visits(range(1, 60, 2), "pc", "90.0.0.7", OXFORD, network="office"),
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

GUILTY = {name: (verdict, tuple(map(tuple, life))) for name, (verdict, life) in _GUILTY.items()}
INNOCENT = {name: tuple(map(tuple, life)) for name, life in _INNOCENT.items()}
