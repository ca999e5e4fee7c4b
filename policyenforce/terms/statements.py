"""``Statement``: one executable thing the Terms say; ``Clause``: those under one number."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from attrs import field, frozen

from policyenforce.terms.gates import Discretion, Gate, Power, Standard, Trigger
from policyenforce.terms.references import ClauseRef


class Bearer(str, Enum):
    """Whom a statement binds or empowers; a Member is a User who is registered."""

    USER = "user"
    MEMBER = "member"
    PLATFORM = "platform"


class Kind(str, Enum):
    """What sort of statement it is."""

    DUTY = "duty"
    PROHIBITION = "prohibition"
    WARRANTY = "warranty"
    RIGHT = "right"
    CONDITION = "condition"
    DEFINITION = "definition"
    PROCEDURE = "procedure"
    LIABILITY = "liability"


OWED = frozenset({Kind.DUTY, Kind.PROHIBITION, Kind.WARRANTY})


@frozen
class Statement:
    """One row of the catalogue, as it reads in one version of the Terms.

    ``standard`` is what the row itself asks, NONE where the text leaves it open. ``powers`` are
    what the statement opens, behind ``gate``, against the ``grounds``: references of other
    statements, or ``duties of 5`` for every duty, prohibition and warranty of a chapter or
    clause that a User or Member bears. ``powers_when`` adds powers under a reading
    (``T23=on``). ``deems`` is the gate of a statement that turns less than a breach into one.
    ``enforced_by`` says what binds it: ``check:…``, ``procedure:…``, or ``person:…`` and why.
    """

    ref: ClauseRef
    bearers: tuple[Bearer, ...]
    kind: Kind
    paraphrase: str
    standard: Standard
    enforced_by: tuple[str, ...]
    versions: tuple[str, ...]
    reasonable: bool = False
    triggers: tuple[Trigger, ...] = ()
    discretion: Discretion = Discretion.NONE
    readings: tuple[str, ...] = ()
    powers: frozenset[Power] = frozenset()
    powers_when: Mapping[str, frozenset[Power]] = field(factory=dict, hash=False)
    grounds: tuple[str, ...] = ()
    deems: Gate | None = None
    cooperates_with: tuple[str, ...] = ()
    discloses_to: tuple[str, ...] = ()

    @property
    def gate(self) -> Gate:
        """What stands before the powers of this statement."""
        return Gate(self.standard, self.reasonable, self.triggers, self.discretion)

    @property
    def owed(self) -> bool:
        """True for a duty, prohibition or warranty that a User or Member bears."""
        return self.kind in OWED and self.bearers != (Bearer.PLATFORM,)

    def content(self) -> dict[str, Any]:
        """Everything the statement says, as plain values in a fixed order; what is hashed."""
        return {
            "ref": self.ref.text,
            "bearers": [bearer.value for bearer in self.bearers],
            "kind": self.kind.value,
            "paraphrase": self.paraphrase,
            "standard": self.standard.label,
            "reasonable": self.reasonable,
            "triggers": [trigger.value for trigger in self.triggers],
            "discretion": self.discretion.value,
            "readings": list(self.readings),
            "powers": _sorted(self.powers),
            "powers_when": {when: _sorted(powers) for when, powers in self.powers_when.items()},
            "grounds": list(self.grounds),
            "deems": self.deems is not None,
            "cooperates_with": list(self.cooperates_with),
            "discloses_to": list(self.discloses_to),
            "enforced_by": list(self.enforced_by),
        }


def _sorted(powers: frozenset[Power]) -> list[str]:
    return sorted(power.value for power in powers)


@frozen
class Clause:
    """A clause, and its statements in printed order."""

    ref: ClauseRef
    statements: tuple[Statement, ...]


def lies_in(ref: ClauseRef, above: str) -> bool:
    """True when ``ref`` is ``above``, or stands in that clause or chapter.

    >>> lies_in(ClauseRef.parse("5.5(c)"), "5"), lies_in(ClauseRef.parse("5.5(c)"), "5.1")
    (True, False)
    """
    return above in (ref.text, ref.clause.text, ref.number, ref.number.partition(".")[0])
