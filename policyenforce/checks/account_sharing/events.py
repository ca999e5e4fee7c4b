"""What a row of a session log may say, and which networks show where somebody is."""

from __future__ import annotations

from ipaddress import IPv6Address
from typing import NamedTuple

from policyenforce.model.facts.sessions import Network

ACTIVITY, FAILED, API = "activity", "sign_in_failed", "api"
PASSWORD, CONTACT, PAYOUT = "password_changed", "contact_changed", "payout_changed"
CHANGES = (PASSWORD, CONTACT, PAYOUT)
SECOND_FACTOR = "second_factor_changed"
"""A change that facts tell of, and tables of sessions do not."""
EVENTS = (ACTIVITY, FAILED, *CHANGES, API)
"""The kinds of event, as a table of sessions names them."""

NETWORKS = tuple(network.value for network in Network)
UNCLEAN = frozenset({Network.MOBILE.value, Network.VPN.value, Network.HOSTING.value})
"""Networks whose addresses change hands: they show no place, and nothing is compared with them."""

COMMON = 3
"""Accounts from which on a device is nobody's own: a terminal, a hall's machine."""
CROWD = 13
"""Accounts from which on an address that no row describes is taken for a carrier's."""

HOUR, DAY = 3_600, 86_400
CELLS_A_DEGREE = 10
Cell = tuple[int, int]
"""Tenths of a degree of latitude and of longitude, some eleven kilometres or less."""


def place_of(address: str) -> str:
    """A network address as it is compared: IPv4 as it is, of IPv6 what names the subscriber.

    >>> place_of("203.0.113.7"), place_of("2001:db8:1:2::7"), place_of("::ffff:203.0.113.7")
    ('203.0.113.7', '2001:db8:1:2', '203.0.113.7')
    """
    if ":" not in address:
        return address.strip()
    try:
        found = IPv6Address(address.strip())
    except ValueError:
        return address.strip()
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return ":".join(format(int(group, 16), "x") for group in found.exploded.split(":")[:4])


class Event(NamedTuple):
    """One event of an account: ``at`` in seconds since 1970, UTC; coordinates in degrees.

    ``place`` is the network address as it is compared; what is not known is None.
    """

    at: int
    kind: str = ACTIVITY
    device: str | None = None
    place: str | None = None
    network: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    country: str | None = None


def cell_of(event: Event) -> Cell | None:
    """The cell that an event lies in, where it has coordinates.

    >>> cell_of(Event(0, latitude=51.52, longitude=-0.13))
    (515, -1)
    """
    if event.latitude is None or event.longitude is None:
        return None
    return round(event.latitude * CELLS_A_DEGREE), round(event.longitude * CELLS_A_DEGREE)
