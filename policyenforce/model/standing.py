"""``Standing``: what holds for an account at an instant, and what it ``may`` do.

A standing is a value; asking it costs a dictionary look-up.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum

from attrs import field, frozen


class AccountState(str, Enum):
    """The states of an Account; ``unknown`` before it is opened."""

    UNKNOWN = "unknown"
    OPEN = "open"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    TERMINATED = "terminated"
    CLOSED = "closed"
    ERASED = "erased"


class Capability(str, Enum):
    """What an account can do; a closed list."""

    SIGN_IN = "sign_in"
    CREATE_LISTING = "create_listing"
    EDIT_LISTING = "edit_listing"
    MESSAGE = "message"
    BUY = "buy"
    SELL = "sell"
    PROMOTE = "promote"
    WITHDRAW = "withdraw"
    REVIEW = "review"
    SUBSCRIBE = "subscribe"
    USE_API = "use_api"
    READ_NOTICES = "read_notices"
    APPEAL = "appeal"
    EXPORT_DATA = "export_data"
    FULFIL_PAID_ORDERS = "fulfil_paid_orders"


SURVIVING = frozenset(
    {
        Capability.READ_NOTICES,
        Capability.APPEAL,
        Capability.EXPORT_DATA,
        Capability.FULFIL_PAID_ORDERS,
    }
)
"""What a suspension leaves, unless a person removes it by name."""


@frozen
class Restriction:
    """One capability taken by one action or measure: why, by which clause, until when.

    ``site`` and ``service`` None mean everywhere; ``until`` None means open-ended.
    """

    capability: Capability
    source_id: str
    reason: str
    clause: str | None = None
    until: datetime | None = None
    site: str | None = None
    service: str | None = None

    def covers(self, site: str | None, service: str | None) -> bool:
        """True when the restriction holds for this site and service."""
        return (self.site is None or self.site == site) and (
            self.service is None or self.service == service
        )


@frozen
class Permission:
    """The answer to ``may``; true when allowed, and says why not when it is not."""

    allowed: bool
    capability: Capability
    reason: str = ""
    source_id: str | None = None
    clause: str | None = None
    until: datetime | None = None

    def __bool__(self) -> bool:
        return self.allowed


_ALLOWED = {capability: Permission(True, capability) for capability in Capability}


@frozen
class Standing:
    """What holds for one account at one instant.

    ``points`` are those in force at ``at``. ``listing_cap`` is the smallest cap on User
    Content in force, or None. ``removed`` names content revisions taken down.

    >>> Standing("a-1", "u-1", None, AccountState.OPEN).may(Capability.SELL).allowed
    True
    """

    account_id: str
    user: str
    at: datetime | None
    state: AccountState
    points: int = 0
    restrictions: Mapping[Capability, tuple[Restriction, ...]] = field(factory=dict)
    listing_cap: int | None = None
    removed: frozenset[str] = frozenset()

    def may(
        self, capability: Capability, site: str | None = None, service: str | None = None
    ) -> Permission:
        """Whether the account may do this now, on this site and service."""
        for restriction in self.restrictions.get(capability, ()):
            if restriction.covers(site, service):
                return Permission(
                    False,
                    capability,
                    restriction.reason,
                    restriction.source_id,
                    restriction.clause,
                    restriction.until,
                )
        return _ALLOWED[capability]
