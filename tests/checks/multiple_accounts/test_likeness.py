from __future__ import annotations

from typing import Any

import pytest

from policyenforce.checks.multiple_accounts.likeness import alike, differs, telling
from policyenforce.model.facts.registration import Address, Entity, UserKind
from tests.checks.past import applied


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("mailbox_name", {"emails": ("anali88@a.example",)}, {"emails": ("ana.li88@b.example",)}),
        ("network_block", {"ip": "203.0.113.7"}, {"ip": "203.0.113.99"}),
        (
            "company_core",
            {"kind": UserKind.ENTITY, "entity": Entity(legal_name="Golden Harbour Trading Ltd")},
            {"kind": UserKind.ENTITY, "entity": Entity(legal_name="Golden Harbor Trading")},
        ),
        (
            "person_core",
            {"first_name": "Hans", "last_name": "Müller"},
            {"first_name": "Hanss", "last_name": "Mueller"},
        ),
        (
            "premises",
            {"addresses": (Address(lines=("Long Road 12",), postcode="EC1A 1BB", country="GB"),)},
            {"addresses": (Address(lines=("12 Long Rd",), postcode="ec1a1bb", country="GB"),)},
        ),
    ],
)
def test_two_spellings_of_one_thing_are_alike(
    kind: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert kind in alike(telling(applied("u-1", **one)), telling(applied("u-2", **other)))


def test_nothing_told_is_alike_in_nothing_and_differs_in_nothing() -> None:
    bare: dict[str, Any] = {"emails": (), "country": None}
    one, other = applied("u-1", **bare), applied("u-2", **bare)

    assert alike(telling(one), telling(other)) == ()
    assert differs(telling(one), telling(other)) == ()


def test_only_what_both_tell_can_differ() -> None:
    one = applied("u-1", emails=(), country="DE", phones=("+4915112345678",))
    other = applied("u-2", emails=(), country="FR", device_id="d-881")

    assert differs(telling(one), telling(other)) == ("country",)
    assert "phone" in differs(*map(telling, (one, applied("u-3", phones=("+33612345678",)))))


def test_only_what_is_asked_for_is_compared() -> None:
    told = {
        "emails": ("anali88@a.example",), "ip": "203.0.113.7", "phones": ("+44 20 7946 0958",),
        "first_name": "Ana", "last_name": "Lima",
    }  # fmt: skip
    kinds = frozenset({"person_core"}), frozenset({"phone", "country"})
    pair = [telling(applied(user, **told), *kinds) for user in ("u-1", "u-2")]

    assert alike(*pair) == ("person_core",)
    assert differs(*pair) == ("phone",)
