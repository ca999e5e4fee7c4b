"""``Standing``: what holds for an account at an instant, and what it ``may`` do.

A standing is a value; asking it costs a dictionary look-up.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import NoReturn

from attrs import field, frozen

from policyenforce.errors import InputError


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


_OVER = frozenset({AccountState.CLOSED, AccountState.ERASED})
"""The states in which nothing has to be taken, since nothing is left to use."""


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
        """True when the restriction holds for this site and service.

        A site that is not said may be any; a service that is not said is none in particular.
        """
        return (self.site is None or site is None or self.site == site) and (
            self.service is None or self.service == service
        )

    def limits(self, site: str | None) -> bool:
        """True when the restriction holds for one Service only, on this site."""
        return self.service is not None and self.covers(site, self.service)

    @property
    def where(self) -> str:
        """Where it holds: ``site alibaba``, ``service ads on site alibaba``, or nothing."""
        site = f"site {self.site}" if self.site else ""
        service = f"service {self.service}" if self.service else ""
        return " on ".join(filter(None, (service, site)))


@frozen
class Permission:
    """The answer to ``may``; true when allowed, and says why not when it is not.

    ``site`` and ``service`` say where a refusal holds, None for everywhere. An answer that is
    allowed except in some Services names them in ``except_services``, and ``reason`` says why.
    """

    allowed: bool
    capability: Capability
    reason: str = ""
    source_id: str | None = None
    clause: str | None = None
    until: datetime | None = None
    site: str | None = None
    service: str | None = None
    except_services: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.allowed


class _Allowed(dict[Capability, Permission]):
    """The answer for each capability; raises InputError for what is none."""

    def __missing__(self, asked: object) -> NoReturn:
        names = ", ".join(capability.value for capability in Capability)
        raise InputError(f"unknown capability `{str(asked)[:40]}`", hint=f"one of: {names}")


_ALLOWED = _Allowed((capability, Permission(True, capability)) for capability in Capability)


@frozen
class Standing:
    """What holds for one account at one instant.

    ``points`` are those in force at ``at``. ``listing_cap`` is the smallest cap on User
    Content in force, or None. ``removed`` names content revisions taken down, ``modified`` those
    shown with other words, each with the decisions whose words those are, the latest last.

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
    modified: Mapping[str, tuple[str, ...]] = field(factory=dict)

    def may(
        self, capability: Capability, site: str | None = None, service: str | None = None
    ) -> Permission:
        """Whether the account may do this now, on this site and service.

        Without ``site`` the answer has to hold wherever the act takes place: what is taken on
        one site is refused, and ``Permission.site`` names the site to ask about instead. Without
        ``service`` the act is no use of any particular Service, so that what is taken in one
        Service alone is allowed, and ``Permission.except_services`` names where it is not. Raises
        InputError for a capability that is none.

        >>> on_one = Restriction(Capability.SELL, "d-1", "limited", site="alibaba")
        >>> standing = Standing("a-1", "u-1", None, AccountState.OPEN,
        ...                     restrictions={Capability.SELL: (on_one,)})
        >>> standing.may(Capability.SELL, site="aliexpress").allowed
        True
        >>> standing.may(Capability.SELL).reason
        'limited (only on site alibaba; say which site is meant)'
        """
        if self.state in _OVER and capability not in SURVIVING:
            return Permission(False, capability, f"the account is {self.state.value}")
        restrictions = self.restrictions.get(capability)
        if not restrictions:
            return _ALLOWED[capability]
        covering = [r for r in restrictions if r.covers(site, service)]
        if covering:
            # What holds wherever one asks is told before what another site would not have.
            return _refused(
                next((r for r in covering if r.site in (None, site)), covering[0]), site
            )
        if service is None:
            return _excepted(capability, [r for r in restrictions if r.limits(site)])
        return _ALLOWED[capability]


def _refused(restriction: Restriction, site: str | None) -> Permission:
    reason = restriction.reason
    if site is None and restriction.site is not None:
        reason = f"{reason} (only on {restriction.where}; say which site is meant)"
    return Permission(
        False,
        restriction.capability,
        reason,
        restriction.source_id,
        restriction.clause,
        restriction.until,
        restriction.site,
        restriction.service,
    )


def _excepted(capability: Capability, limits: list[Restriction]) -> Permission:
    if not limits:
        return _ALLOWED[capability]
    told = "; ".join(dict.fromkeys(f"{r.where}: {r.reason}" for r in limits))
    services = dict.fromkeys(r.service for r in limits if r.service)
    return Permission(
        True, capability, f"allowed, except in {told}", except_services=tuple(services)
    )
