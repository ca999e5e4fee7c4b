"""Facts of sessions: who signed in from where, and what was reported (4.3–4.5)."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from policyenforce.model.fact import Fact, fact, personal


class Network(str, Enum):
    """What kind of network an address belongs to; mobile, vpn and hosting are unclean."""

    FIXED = "fixed"
    OFFICE = "office"
    MOBILE = "mobile"
    VPN = "vpn"
    HOSTING = "hosting"


class Setting(str, Enum):
    """The security settings whose change after novelty speaks of a take-over."""

    PASSWORD = "password"  # the name of a setting, not a secret
    CONTACT = "contact"
    PAYOUT = "payout"
    SECOND_FACTOR = "second_factor"


class WithWhom(str, Enum):
    """Inside the Member's entity, outside it, or unknown, which never becomes outside (T2)."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


@fact("signed_in", rank=30)
class SignedIn(Fact):
    """Somebody signed in. Coordinates are degrees, and may be missing, as may the network."""

    account_id: str
    device_id: str | None = personal(default=None)
    cookie_id: str | None = personal(default=None)
    ip: str | None = personal(default=None)
    network: Network | None = None
    country: str | None = None
    latitude: float | None = personal(default=None)
    longitude: float | None = personal(default=None)
    person_id: str | None = None


@fact("sign_in_failed", rank=29)
class SignInFailed(Fact):
    """Somebody tried to sign in, and failed."""

    account_id: str
    device_id: str | None = personal(default=None)
    ip: str | None = personal(default=None)
    network: Network | None = None
    country: str | None = None


@fact("session_active", rank=31)
class SessionActive(Fact):
    """A session went on for ``duration_s`` seconds."""

    account_id: str
    device_id: str | None = personal(default=None)
    ip: str | None = personal(default=None)
    network: Network | None = None
    country: str | None = None
    duration_s: float = 0.0
    person_id: str | None = None


@fact("signed_out", rank=33)
class SignedOut(Fact):
    """A session ended."""

    account_id: str
    device_id: str | None = personal(default=None)


@fact("security_setting_changed", rank=32)
class SecuritySettingChanged(Fact):
    """Password, contact, pay-out or second factor was changed."""

    account_id: str
    setting: Setting
    device_id: str | None = personal(default=None)


@fact("unauthorised_use_reported", rank=34)
class UnauthorisedUseReported(Fact):
    """The Member reports a stranger on the account (4.3/s4).

    ``aware_at`` is when it knew; ``since`` and ``until`` bound the stranger's use, if known.
    """

    account_id: str
    aware_at: datetime
    since: datetime | None = None
    until: datetime | None = None


@fact("credential_sharing_reported", rank=35)
class CredentialSharingReported(Fact):
    """Somebody reports that ID and password are used by another person (4.3/s3)."""

    account_id: str
    reported_by: str
    with_whom: WithWhom = WithWhom.UNKNOWN
    confidence: float = 0.6
    admitted: bool = False
    person_id: str | None = None
