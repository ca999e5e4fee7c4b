"""What two accounts may share, differ in, or merely resemble each other in, and what that is worth.

One table of whole points serves a single registration and a whole marketplace (4.1, 6.2(i)).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from attrs import field, frozen

from policyenforce.errors import PolicyError

IDENTIFIERS = (
    "email", "phone", "phone_tail", "device", "cookie", "ip", "card", "bank", "registration",
    "tax", "company", "person", "address",
)  # fmt: skip
"""The kinds of value that are kept and looked up; each counts by its reach."""

LIKENESSES = (
    "mailbox_name", "network_block", "company_core", "person_core", "premises", "postcode",
)  # fmt: skip
"""Weaker agreements, seen only between two accounts that are compared anyway."""

IMPLIED: Mapping[str, str] = MappingProxyType(
    {
        "email": "mailbox_name",
        "ip": "network_block",
        "company": "company_core",
        "person": "person_core",
    }
)
"""Who shares the one is also alike in the other."""

GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "email": ("email",),
        "phone": ("phone", "phone_tail"),
        "machine": ("device", "cookie"),
        "network": ("ip", "network_block"),
        "card": ("card",),
        "bank": ("bank",),
        "registration": ("registration",),
        "tax": ("tax",),
        "company": ("company", "company_core"),
        "person": ("person", "mailbox_name", "person_core"),
        "address": ("address", "premises", "postcode"),
    }
)
"""What says the same thing in several ways: of each group only the best row counts."""

HAND = frozenset({"email", "phone", "machine", "card", "bank"})
"""The groups that one person carries about; an office shares the others."""

HAND_KINDS = ("email", "phone", "phone_tail", "device", "cookie", "card", "bank")
"""The kinds whose worth depends on whether those who share them sit in one place."""

ENTITY = frozenset({"registration", "tax"})
"""The groups that name one company in a register."""

OFFICE = frozenset({"network", "company", "address"})
"""The groups that everybody in one office shares."""

TOGETHER = (
    "two_of_hand", "three_of_hand", "four_of_hand", "two_settled", "three_settled",
    "four_settled", "hand_and_person", "hand_and_network", "hand_and_office",
    "person_and_address", "five_to_four_clusters", "two_to_a_cluster", "three_to_a_cluster",
    "five_to_a_cluster", "same_entity_users",
)  # fmt: skip
"""What several agreements are worth on top of their own points, and what one hand keeps to itself.

A thing that many accounts of few clusters bear is somebody's own: ``two_to_a_cluster`` and the
like say how many accounts to a cluster bear one of the things of one hand that two share.
"""

AGAINST = (*GROUPS, "country")
"""What both accounts tell and tell differently."""

Rows = tuple[tuple[int, int], ...]


@frozen
class AccountRelations:
    """What shared identifiers are worth, and from how many points on anything follows (4.1).

    ``points`` maps a kind to rows ``(reach, points)``: a value that at most ``reach`` clusters
    of accounts bear is worth that much; beyond the last row it is worth nothing. ``alike`` and
    ``together`` add points, ``against`` takes points away. ``settled`` has the rows for values of
    one hand that several bear in few places: what a household, an office or an agency shares.
    Two accounts that share ``strong`` points beside their best value count as one cluster where
    reach is counted. Raises PolicyError for an unknown name, rows out of order, or points of the
    wrong sign.
    """

    row_cap: int = 50
    points: dict[str, Rows] = field(factory=dict)
    settled: dict[str, Rows] = field(factory=dict)
    alike: dict[str, int] = field(factory=dict)
    together: dict[str, int] = field(factory=dict)
    against: dict[str, int] = field(factory=dict)
    act: int = 100
    strong: int = 80
    review: int = 60
    growth: int = 4
    cluster_cap: int = 100

    def __attrs_post_init__(self) -> None:
        for name, least in (
            ("row_cap", 1), ("review", 1), ("act", self.review), ("strong", 1),
            ("growth", 0), ("cluster_cap", 2),
        ):  # fmt: skip
            value = getattr(self, name)
            if value < least:
                raise PolicyError(f"`{name}` is {value}", hint=f"{least} or more")
        for kind, rows in (*self.points.items(), *self.settled.items()):
            _known(kind, IDENTIFIERS, "identifier")
            _in_order(kind, rows)
        for names, table, sign in (
            (LIKENESSES, self.alike, 1),
            (TOGETHER, self.together, 1),
            (AGAINST, self.against, -1),
        ):
            for name, worth in table.items():
                _known(name, names, "row")
                if worth * sign < 0:
                    raise PolicyError(
                        f"`{name}` is worth {worth}",
                        hint="what agrees adds points, what differs takes them away",
                    )

    def worth(self, kind: str, reach: int, *, settled: bool = False) -> int:
        """The points of a shared value of this kind that ``reach`` clusters of accounts bear.

        ``settled`` values count by their own rows where the kind has some.

        >>> AccountRelations(points={"card": ((2, 60), (10, 20))}).worth("card", 3)
        20
        """
        rows = self.points.get(kind, ())
        if settled:
            rows = self.settled.get(kind, rows)
        return next((points for limit, points in rows if reach <= limit), 0)

    def weighs(self, kind: str) -> bool:
        """True for an identifier that is worth something, and so can bring a pair together."""
        return bool(self.points.get(kind) or self.settled.get(kind))

    def best(self, kind: str) -> int:
        """The most that an agreement of this kind can be worth."""
        tables = (self.points.get(kind, ()), self.settled.get(kind, ()))
        return max((rows[0][1] for rows in tables if rows), default=self.alike.get(kind, 0))

    def combined(
        self, worth: Mapping[str, int], settled: Mapping[str, int], to_a_cluster: float = 0.0
    ) -> tuple[str, ...]:
        """Which rows of ``together`` apply, by each group's points of either sort.

        ``to_a_cluster`` is how many accounts to a cluster bear a thing of one hand, at most. What
        is worth nothing on its own, a value of half a town, adds nothing here either.
        """
        shared = {group for group, points in worth.items() if points > 0}
        at_one_place = sum(points > 0 for points in settled.values())
        hand = len(shared & HAND) + (at_one_place > 0)
        met = (
            *((name, hand > count) for count, name in enumerate(_HANDS, 1)),
            *((name, at_one_place > count) for count, name in enumerate(_SETTLED, 1)),
            ("hand_and_person", hand > 0 and "person" in shared),
            ("hand_and_network", hand > 0 and "network" in shared),
            ("hand_and_office", hand > 0 and bool(shared & _BY_NAME)),
            ("person_and_address", {"person", "address"} <= shared),
            *((name, to_a_cluster >= accounts) for name, accounts in TO_A_CLUSTER),
        )
        return tuple(name for name, applies in met if applies)


TO_A_CLUSTER = (
    ("five_to_four_clusters", 1.25), ("two_to_a_cluster", 2.0), ("three_to_a_cluster", 3.0),
    ("five_to_a_cluster", 5.0),
)  # fmt: skip
"""From how many accounts to a cluster on each of these rows applies, besides those before it."""

_HANDS = ("two_of_hand", "three_of_hand", "four_of_hand")
_SETTLED = ("two_settled", "three_settled", "four_settled")
_BY_NAME = frozenset({"registration", "tax", "company", "address"})


def is_settled(bearers: int, places: int) -> bool:
    """True for a value that more accounts bear than there are networks they came from, by half.

    Only accounts whose network is known count among the bearers.

    >>> is_settled(2, 1), is_settled(2, 2), is_settled(12, 7), is_settled(12, 0)
    (True, False, False, False)
    """
    return 0 < places * 2 <= bearers


def _known(name: str, names: Iterable[str], what: str) -> None:
    if name not in names:
        raise PolicyError(f"unknown {what} `{name[:40]}`", hint=f"one of: {', '.join(names)}")


def _in_order(kind: str, rows: Rows) -> None:
    reaches, worth = [row[0] for row in rows], [row[1] for row in rows]
    if reaches != sorted(set(reaches)) or worth != sorted(worth, reverse=True):
        raise PolicyError(
            f"the rows of `{kind}` are out of order",
            hint="reach rises from row to row, points never do",
        )
    if worth and worth[-1] < 0:
        raise PolicyError(f"the rows of `{kind}` fall below 0", hint="what agrees adds points")
