"""What stored data may be used for, how long it is kept, and what becomes of it then.

The privacy policies name purposes and kinds of data by version, but hardly any periods: those
are rules of the house, here as data. A claim can be brought within a year of its cause (8.8),
which is why nothing that could answer one goes sooner.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from attrs import frozen

from policyenforce.errors import InputError, TermsError
from policyenforce.model.fact import FACT_TYPES
from policyenforce.terms.privacy import PrivacyVersion, privacy_versions

FRAUD_PREVENTION = "fraud_prevention"
"""The purpose under which accounts are related to each other after registration."""

CLAIM_DAYS = 366
HISTORY_DAYS = 1_830

_BUSINESS = ("business_identity", "seller_identity")
_COLLECTED_AS: dict[str, tuple[str, ...]] = {
    "email": ("contact",),
    "phone": ("contact",),
    "phone_tail": ("contact",),
    "person": ("contact",),
    "address": ("contact",),
    "company": _BUSINESS,
    "registration": _BUSINESS,
    "tax": _BUSINESS,
    "card": ("payment",),
    "bank": ("payment",),
    "ip": ("ip_address",),
    "cookie": ("cookie_ids",),
    "device": ("device_id",),
}


def may_use(
    kind: str,
    policy_version: str | None,
    purpose: str,
    versions: tuple[PrivacyVersion, ...] | None = None,
) -> bool:
    """Whether a signal collected under a privacy version may be used for a purpose.

    Only where the version both collects that kind of data and states the purpose. Without a
    version the answer is no: such a signal cannot show its basis. Raises InputError for an
    unknown kind, TermsError for an unknown version or purpose.

    >>> may_use("device", "2018-05-25", "fraud_prevention")
    False
    >>> may_use("device", "2019-01-17", "fraud_prevention")
    True
    >>> may_use("email", "2017-09-28", "fraud_prevention")
    False
    """
    if kind not in _COLLECTED_AS:
        raise InputError(f"`{kind[:40]}` is no kind of signal", hint=", ".join(_COLLECTED_AS))
    if policy_version is None:
        return False
    known = {version.id: version for version in versions or privacy_versions()}
    if policy_version not in known:
        raise TermsError(
            f"unknown privacy version `{policy_version[:40]}`", hint=f"known: {', '.join(known)}"
        )
    version = known[policy_version]
    collected = any(version.collects(category) for category in _COLLECTED_AS[kind])
    return version.states(purpose) and collected


class EndState(str, Enum):
    """What becomes of data whose time is up; an isolated row is locked away, not erased."""

    DELETE = "delete"
    ANONYMISE = "anonymise"
    ISOLATE = "isolate"


@frozen
class RetentionRule:
    """How long a category of data stays: so many ``days`` after its ``trigger`` happened.

    ``category`` is a room of facts (``registration`` … ``procedure``) or ``identifiers``, the
    index by which accounts are related. ``purpose`` is a word of the privacy policies.
    """

    category: str
    purpose: str
    trigger: str
    days: int
    end_state: EndState

    def ends(self, triggered_at: datetime) -> datetime:
        """The instant from which the end state is due."""
        return triggered_at + timedelta(days=self.days)

    def due(self, triggered_at: datetime | None, now: datetime, *, held: bool = False) -> bool:
        """True when time is up, the trigger has come, and no legal hold keeps the data.

        >>> from datetime import UTC
        >>> rule = retention_rules()["identifiers"]
        >>> rule.due(datetime(2019, 10, 4, tzinfo=UTC), datetime(2020, 10, 4, tzinfo=UTC))
        True
        """
        return not held and triggered_at is not None and self.ends(triggered_at) <= now


def retention_rules(history_days: int = HISTORY_DAYS) -> dict[str, RetentionRule]:
    """The rules by category; ``history_days`` is how long the house keeps its decisions.

    Raises InputError for a history shorter than the year in which a claim can be brought.
    """
    if history_days < CLAIM_DAYS:
        raise InputError(
            f"a history of {history_days} days is shorter than a claim may take to come",
            hint=f"{CLAIM_DAYS} days or more (8.8)",
        )
    rules = (
        RetentionRule(
            "registration", "registration", "account_closed", history_days, EndState.ANONYMISE
        ),
        RetentionRule("sessions", "account_security", "recorded", CLAIM_DAYS, EndState.DELETE),
        RetentionRule(
            "content", "transactions", "content_withdrawn", CLAIM_DAYS, EndState.ANONYMISE
        ),
        RetentionRule(
            "dealings", "transactions", "transaction_recorded", history_days, EndState.ISOLATE
        ),
        RetentionRule(
            "procedure", "customer_service", "last_action_ended", history_days, EndState.ANONYMISE
        ),
        RetentionRule(
            "identifiers", FRAUD_PREVENTION, "account_closed", CLAIM_DAYS, EndState.DELETE
        ),
    )
    return {rule.category: rule for rule in rules}


def category_of(tag: str) -> str:
    """The category a kind of fact is kept under; raises InputError for an unknown tag.

    >>> import policyenforce.model.facts
    >>> category_of("signed_in")
    'sessions'
    """
    if tag not in FACT_TYPES:
        raise InputError(f"`{tag[:40]}` is no kind of fact")
    return FACT_TYPES[tag].__module__.rpartition(".")[2]


def promises_end(version: PrivacyVersion, *, eea: bool) -> bool:
    """True when the version promises to delete, anonymise or isolate what it needs no longer.

    The 2018 text promises it inside the EEA alone, later ones to everybody.
    """
    return "end_states" in version.retention or (eea and "end_states_eea" in version.retention)
