"""What stands before a power: how sure one must be, what must have arrived, who may choose.

A ``Gate`` belongs to a power, never to a duty. ``Standard`` is ordered; triggers are met by
facts and never by a degree of belief.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, IntEnum
from typing import Protocol

from attrs import frozen

from policyenforce.terms.references import ClauseRef


class Standard(IntEnum):
    """How sure one is, or must be: ``NONE < SUSPICION < BELIEF < FACT``.

    "Reasons to suspect" and "grounds to suspect" are SUSPICION, every form of "believe" is
    BELIEF, "any reason" is NONE.
    """

    NONE = 0
    SUSPICION = 1
    BELIEF = 2
    FACT = 3

    @property
    def label(self) -> str:
        """The word written in files and notices: ``"suspicion"``."""
        return self.name.lower()

    @staticmethod
    def of(label: str) -> Standard:
        """The standard a label names; raises KeyError for another word."""
        return Standard[label.upper()]


class Trigger(str, Enum):
    """What must have arrived before a power opens."""

    APPLICATION = "application"
    COMPLAINT = "complaint"
    REQUEST = "request"
    AFFILIATE_NOTICE = "affiliate_notice"
    UNANSWERED_REQUEST = "unanswered_request"


class Discretion(str, Enum):
    """Whose choice the text leaves it to."""

    NONE = "none"
    REASONABLE = "reasonable"
    SOLE = "sole"


class Power(str, Enum):
    """What the Terms let the platform do. Disclosure and indemnity are procedures, not powers."""

    REJECT_APPLICATION = "reject_application"
    CANCEL_ACCOUNT = "cancel_account"
    SUSPEND_ACCOUNT = "suspend_account"
    TERMINATE_ACCOUNT = "terminate_account"
    LIMIT_SERVICE = "limit_service"
    DOWNGRADE_SERVICE = "downgrade_service"
    SUSPEND_SERVICE = "suspend_service"
    TERMINATE_SERVICE = "terminate_service"
    REMOVE_CONTENT = "remove_content"
    MODIFY_CONTENT = "modify_content"
    REJECT_CONTENT = "reject_content"
    CAP_CONTENT = "cap_content"
    RESTRICT_FEATURE = "restrict_feature"
    OTHER_CORRECTIVE = "other_corrective"


@frozen
class Gate:
    """The condition of one power.

    >>> Gate(Standard.SUSPICION).passed(Standard.BELIEF)
    True
    >>> Gate(Standard.SUSPICION, triggers=(Trigger.AFFILIATE_NOTICE,)).passed(Standard.FACT)
    False
    """

    standard: Standard
    reasonable: bool = False
    triggers: tuple[Trigger, ...] = ()
    discretion: Discretion = Discretion.NONE

    def passed(self, standard: Standard, triggers: Iterable[Trigger] = ()) -> bool:
        """True when the standard reached suffices and every trigger has arrived."""
        if standard < self.standard:
            return False
        return not self.triggers or set(self.triggers) <= set(triggers)


@frozen
class Opening:
    """One way from a ground to powers: the clause that opens them, the powers, their gate."""

    power_clause: ClauseRef
    powers: frozenset[Power]
    gate: Gate


class OpensPowers(Protocol):
    """What a decision asks of the Terms in force: which powers a ground opens."""

    @property
    def id(self) -> str:
        """The version's id."""

    def opening(self, ground: ClauseRef, power_clause: ClauseRef) -> Opening | None:
        """The opening from a ground to the powers of a clause, or None."""
