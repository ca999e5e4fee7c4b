"""Random sign-ins of Users who share devices, addresses and each other, in any order of arrival."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

import policyenforce as pe
from policyenforce.checks.account_sharing.kept import Kept
from policyenforce.checks.account_sharing.row import from_row
from policyenforce.model.fact import position_of
from policyenforce.model.facts.registration import AuthorisedUserChanged
from tests.enforcer.conftest import day, opened
from tests.enforcer.test_order import assert_sound, fed, linked, parted, state

NOW = day(200)
ACCOUNTS = [f"a-{number}" for number in range(4)]
ADDRESSES = (None, "81.2.69.1", "90.0.0.1", "85.1.1.7", "85.1.1.8")
NETWORKS = (None, pe.Network.FIXED, pe.Network.OFFICE, pe.Network.VPN)


def world(rng: random.Random, sessions: int = 60) -> list[pe.Fact]:
    """Four accounts of three Users, two of whom may be one; some were never opened."""
    facts: list[pe.Fact] = [
        opened(account, f"u-{number % 3}", rng.uniform(0, 40))
        for number, account in enumerate(ACCOUNTS)
        if rng.random() < 0.8
    ]
    facts.append(linked("join", rng.uniform(0, 60), "u-0", "u-1"))
    if rng.random() < 0.5:
        facts.append(parted("part", rng.uniform(0, 60), "u-0", "u-1"))
    spans = (5, 60, 140)
    return [*facts, *(_session(rng, f"f-{n}", rng.choice(spans)) for n in range(sessions))]


def _session(rng: random.Random, name: str, span: int) -> pe.Fact:
    account, at, kind = rng.choice(ACCOUNTS), day(rng.uniform(0, span)), rng.random()
    device = rng.choice(("hall", "d-1", "d-2", f"{account}-x", f"{account}-y", None))
    who: dict[str, Any] = {"id": name, "at": at, "account_id": account}
    if kind < 0.75:
        return pe.SignedIn(
            **who, device_id=device, ip=rng.choice(ADDRESSES), network=rng.choice(NETWORKS),
            country=rng.choice((None, "GB", "PT")), latitude=rng.choice((None, 51.5, 38.7)),
            longitude=-0.1, person_id=rng.choice((None, None, "p-1")),
        )  # fmt: skip
    if kind < 0.85:
        return pe.SignInFailed(**who, device_id=device)
    if kind < 0.92:
        setting = rng.choice(list(pe.Setting))
        return pe.SecuritySettingChanged(**who, setting=setting, device_id=device)
    if kind < 0.96:
        return AuthorisedUserChanged(
            **who, person_id="p-1", from_=at, successor=rng.random() < 0.2
        )  # fmt: skip
    since = at - timedelta(days=3)
    return pe.UnauthorisedUseReported(**who, aware_at=at - timedelta(hours=3), since=since)


def rows(enforcer: pe.Enforcer) -> dict[str, Kept]:
    with enforcer.ledger.reading() as tx:
        found = {account: tx.sessions(account) for account in ACCOUNTS}
    return {account: from_row(row) for account, row in found.items() if row is not None}


@pytest.mark.parametrize("seed", range(10))
def test_any_order_leaves_the_same_answers_and_the_same_rows(seed: int) -> None:
    rng = random.Random(seed)
    facts = world(rng)
    in_order = fed(sorted(facts, key=position_of), NOW)

    shuffled = fed(rng.sample(facts, len(facts)), NOW)

    assert state(shuffled, facts, NOW) == state(in_order, facts, NOW)
    assert rows(shuffled) == rows(in_order) != {}
    assert_sound(shuffled)
    assert shuffled.rebuild() == 0


def test_the_worlds_hold_something_to_be_told() -> None:
    facts = world(random.Random(3), 200)

    assert len(state(fed(sorted(facts, key=position_of), NOW), facts, NOW)["outcomes"]) > 5
