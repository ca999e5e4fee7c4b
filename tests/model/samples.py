"""What several tests of the model use: an instant, small facts, every class of fact."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from policyenforce.model.fact import Fact
from policyenforce.model.facts import FACT_TYPES
from policyenforce.model.facts.registration import AccountClosed, AccountOpened

THEN = datetime(2019, 10, 4, 9, tzinfo=UTC)
CLASSES = [cls for cls in FACT_TYPES.values() if cls.__module__.startswith("policyenforce.")]
"""Every class of fact that the library has, without those a test adds."""


def by_tag(cls: type[Fact]) -> str:
    """The name of a parametrised case."""
    return cls.tag


def opened(account: str = "a-1", at: datetime = THEN, **more: Any) -> AccountOpened:
    """An account of the User ``u-1`` is opened."""
    return AccountOpened(id=f"open-{account}", at=at, user_id="u-1", account_id=account, **more)


def closed(account: str = "a-1", at: datetime = THEN) -> AccountClosed:
    """That account is closed by its Member."""
    return AccountClosed(id=f"close-{account}", at=at, account_id=account)
