"""Grounds, actions, measures and the ``Decision`` that joins them.

INVARIANT: a decision names (ground clause, power clause) for each action, and one that uses
a power its ground does not open cannot be constructed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import Enum

from attrs import field, frozen

from policyenforce.errors import GateError
from policyenforce.model.evidence import Bearing, Evidence
from policyenforce.model.facts.dealings import Money
from policyenforce.model.facts.procedure import Actor, MeasureKind
from policyenforce.model.findings import Severity
from policyenforce.model.standing import Capability
from policyenforce.terms.gates import Gate, OpensPowers, Power, Standard, Trigger
from policyenforce.terms.references import ClauseRef


class Status(str, Enum):
    """Where a decision stands."""

    PROPOSED = "proposed"
    IN_FORCE = "in force"
    REJECTED = "rejected"
    AMENDED = "amended"
    OVERTURNED = "overturned"
    STAYED = "stayed"


class ScopeKind(str, Enum):
    """What an action bears on."""

    ACCOUNT = "account"
    APPLICATION = "application"
    SITE = "site"
    SERVICE = "service"
    CAPABILITY = "capability"
    CONTENT = "content"
    CAP = "cap"


@frozen
class Scope:
    """What an action bears on, and which one; for capabilities, which of them.

    ``value`` is the account, site, service, content revision or, for a cap, the number.
    """

    kind: ScopeKind
    value: str | None = None
    capabilities: tuple[Capability, ...] = ()


@frozen
class End:
    """When an action ends: at an instant, when a named fact cures it, or open."""

    at: datetime | None = None
    cure: str | None = None

    @property
    def label(self) -> str:
        """``until 2019-11-03T…``, ``until details_amended`` or ``open-ended``."""
        if self.at is not None:
            return f"until {self.at.isoformat()}"
        return f"until {self.cure}" if self.cure else "open-ended"


@frozen
class Ground:
    """Findings on one clause that pass a gate: the standard reached and the triggers met."""

    clause: ClauseRef
    standard: Standard
    explanation: str
    finding_ids: tuple[str, ...]
    fact_ids: tuple[str, ...]
    evidence: tuple[Evidence, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    category: str | None = None
    target: str | None = None
    severity: Severity = Severity.MINOR
    fallen: bool = False

    @property
    def incriminating(self) -> tuple[Evidence, ...]:
        """The evidence that speaks against the Member."""
        return tuple(e for e in self.evidence if e.bearing is Bearing.INCRIMINATING)


@frozen
class Price:
    """What a breach costs after what came before it, where the house lets the record change it.

    ``worth`` are its points by themselves, ``percent`` the share of them that was asked, and
    ``earlier`` the breaches of the same ground that still counted.
    """

    worth: int
    percent: int
    earlier: int = 0


@frozen
class Modification:
    """What of a content revision a person rewrote: the fields, and the fact that keeps their text.

    The text before is that of the revision. Both are personal, so neither stands here.
    """

    parts: tuple[str, ...]
    fact_id: str


@frozen
class DisciplinaryAction:
    """One use of one power: on what, from when, until when, for which ground and points."""

    power: Power
    scope: Scope
    starts: datetime
    end: End
    ground: ClauseRef
    power_clause: ClauseRef
    points: int = 0
    label: str = ""
    rung: str | None = None  # the rung of the ladder it comes from
    stayed: bool = False  # does not bind until a person has decided
    applied: str | None = None  # what the platform answered: applied, failed
    price: Price | None = None  # where the house lets the record change what a breach costs
    modification: Modification | None = None

    def scoring(self, points: int, price: Price | None = None) -> DisciplinaryAction:
        """The same action with so many points; written out, since every decision that scores asks.

        >>> from datetime import UTC
        >>> then = datetime(2019, 10, 4, tzinfo=UTC)
        >>> ground, power = ClauseRef.parse("5.6(d)"), ClauseRef.parse("6.2(v)")
        >>> scope = Scope(ScopeKind.ACCOUNT)
        >>> DisciplinaryAction(
        ...     Power.OTHER_CORRECTIVE, scope, then, End(), ground, power
        ... ).scoring(6).points
        6
        """
        return DisciplinaryAction(
            self.power, self.scope, self.starts, self.end, self.ground, self.power_clause,
            points, self.label, self.rung, self.stayed, self.applied, price,
            self.modification,
        )  # fmt: skip


@frozen
class ProtectiveMeasure:
    """Not discipline: no breach, no points, a mandatory end, its own notice; reviewable."""

    id: str
    kind: MeasureKind
    basis: str
    reason: str
    account_id: str
    fact_id: str
    starts: datetime
    ends: datetime
    target: str | None = None
    amount: Money | None = None
    by: Actor | None = None
    lifted: bool = False

    def __attrs_post_init__(self) -> None:
        if self.ends <= self.starts:
            raise GateError("a protective measure must end after it starts", where=self.id)
        if self.kind is MeasureKind.PAUSE_PAYOUTS and (self.by is None or self.amount is None):
            raise GateError(
                "a pause of pay-outs needs a person and an amount",
                where=self.id,
                hint="reading T26",
            )


def _pair(action: DisciplinaryAction) -> str:
    return f"`{action.ground}` with `{action.power_clause}`"


_OVER = frozenset({Status.REJECTED, Status.OVERTURNED})


def grounds_under(
    action: DisciplinaryAction, grounds: Iterable[Ground], terms: OpensPowers
) -> Iterator[Ground]:
    """The grounds an action rests on: those of its clause that pass the gate of its power."""
    opening = terms.opening(action.ground, action.power_clause)
    if opening is None:
        return iter(())
    return (ground for ground in grounds if _passes(ground, action.ground, opening.gate))


def _passes(ground: Ground, clause: ClauseRef, gate: Gate) -> bool:
    same = ground.clause is clause or ground.clause == clause  # mostly the very same: much faster
    return same and gate.passed(ground.standard, ground.triggers)


@frozen
class Decision:
    """What follows from grounds: actions, each inside a power that its ground opens.

    Raises GateError on construction when it does not, or when the ground has fallen and the
    decision is neither overturned nor rejected. ``conduct_at`` is when the conduct was,
    ``decided_at`` when the decision was taken; ``rule`` names the response or rung used,
    ``actor`` the person, if one decided. ``automated_*`` are set by the machine alone.
    """

    id: str
    account_id: str
    user: str
    fact_id: str
    status: Status
    grounds: tuple[Ground, ...]
    actions: tuple[DisciplinaryAction, ...]
    terms: OpensPowers = field(repr=lambda terms: repr(terms.id), eq=lambda terms: terms.id)
    policy_hash: str
    rule: str
    conduct_at: datetime
    decided_at: datetime
    automated_detection: bool
    automated_decision: bool
    readings: tuple[str, ...] = ()
    actor: Actor | None = None
    revision: int = 1
    reason: str = ""
    points_before: int = 0
    points_after: int = 0
    appeal_until: datetime | None = None
    appeal_id: str | None = None
    related_to: str | None = None
    site: str | None = None
    service: str | None = None
    hands: tuple[str, ...] = ()  # everybody who has had a hand in it, in order
    rule_versions: tuple[str, ...] = ()  # of the rules it was drawn from, as in `name@3f2a…`

    def __attrs_post_init__(self) -> None:
        if not self.grounds or not self.actions:
            raise GateError("a decision needs a ground and an action", where=self.id)
        for action in self.actions:
            self._check(action)

    def _check(self, action: DisciplinaryAction) -> None:
        opening = self.terms.opening(action.ground, action.power_clause)
        if opening is None or action.power not in opening.powers:
            raise GateError(f"{_pair(action)} does not open `{action.power.value}`", where=self.id)
        resting, over = False, self.status in _OVER
        for ground in self.grounds:
            if _passes(ground, action.ground, opening.gate):
                if over or not ground.fallen:
                    return
                resting = True
        why = "every ground of {} has fallen" if resting else "no ground passes the gate of {}"
        raise GateError(why.format(_pair(action)), where=self.id)

    @property
    def in_force(self) -> bool:
        """True for a decision that binds: not proposed, rejected, overturned or stayed."""
        return self.status in (Status.IN_FORCE, Status.AMENDED)

    @property
    def price(self) -> Price | None:
        """What its breach costs, where it scored and the record has a say in that."""
        return next((action.price for action in self.actions if action.points), None)

    @property
    def on_application(self) -> bool:
        """True when an application was decided on: some ground was met with one."""
        return any(Trigger.APPLICATION in ground.triggers for ground in self.grounds)

    @property
    def points(self) -> int:
        """The points its actions carry together."""
        return sum(action.points for action in self.actions)
