"""What the house rules are written in: thresholds, points, actions, responses, rungs, floors.

Every class refuses, on construction, what cannot mean anything: PolicyError says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from math import inf

from attrs import field, frozen

from policyenforce.errors import PolicyError
from policyenforce.model.decisions import ScopeKind
from policyenforce.model.findings import Severity
from policyenforce.model.standing import Capability
from policyenforce.terms.gates import Power, Standard
from policyenforce.terms.references import ClauseRef

SEVERITIES = (Severity.MINOR, Severity.SERIOUS, Severity.GRAVE)
"""From mild to grave."""

_SERVICE = frozenset({ScopeKind.SERVICE, ScopeKind.SITE, ScopeKind.CAPABILITY})
_ACCOUNT = frozenset({ScopeKind.ACCOUNT})
_CONTENT = frozenset({ScopeKind.CONTENT})
SCOPES: dict[Power, frozenset[ScopeKind]] = {
    Power.REJECT_APPLICATION: frozenset({ScopeKind.APPLICATION}),
    Power.CANCEL_ACCOUNT: _ACCOUNT,
    Power.SUSPEND_ACCOUNT: _ACCOUNT,
    Power.TERMINATE_ACCOUNT: _ACCOUNT,
    Power.LIMIT_SERVICE: _SERVICE,
    Power.DOWNGRADE_SERVICE: _SERVICE,
    Power.SUSPEND_SERVICE: _SERVICE,
    Power.TERMINATE_SERVICE: _SERVICE,
    Power.REMOVE_CONTENT: _CONTENT,
    Power.MODIFY_CONTENT: _CONTENT,
    Power.REJECT_CONTENT: _CONTENT,
    Power.CAP_CONTENT: frozenset({ScopeKind.CAP}),
    Power.RESTRICT_FEATURE: frozenset({ScopeKind.CAPABILITY}),
    Power.OTHER_CORRECTIVE: frozenset(ScopeKind) - {ScopeKind.CAP},
}
"""What each power can bear on."""

FINAL = frozenset({Power.CANCEL_ACCOUNT, Power.TERMINATE_ACCOUNT, Power.TERMINATE_SERVICE})
"""Powers that end something, so that no length or cure goes with them."""


class Mode(str, Enum):
    """Whether a rule acts by itself or asks a person."""

    AUTO = "auto"
    PROPOSE = "propose"


@frozen
class Thresholds:
    """From which confidence on (0–1) a finding is suspected, and from which it is believed.

    A belief of infinity (``inf`` in TOML) is beyond every confidence: only a person, or a record,
    brings such a finding there.

    >>> Thresholds(0.5, 0.85).standard(0.6).label
    'suspicion'
    >>> Thresholds(0.5, inf).standard(1.0).label
    'suspicion'
    """

    suspicion: float
    belief: float

    def __attrs_post_init__(self) -> None:
        sound = 0.0 < self.suspicion <= self.belief and self.suspicion <= 1.0
        if not sound or 1.0 < self.belief < inf:
            raise PolicyError(
                f"thresholds {self.suspicion} and {self.belief} are not in order",
                hint="0 < suspicion <= belief <= 1, or belief = inf for never by a machine",
            )

    def standard(self, confidence: float) -> Standard:
        """NONE, SUSPICION or BELIEF; a confidence never amounts to FACT."""
        if confidence >= self.belief:
            return Standard.BELIEF
        return Standard.SUSPICION if confidence >= self.suspicion else Standard.NONE


@frozen
class ThresholdTable:
    """The thresholds of single categories and clauses, and of everything else.

    The most specific row holds: category, statement, clause, numbered clause, default.
    """

    default: Thresholds
    clauses: dict[ClauseRef, Thresholds] = field(factory=dict)
    categories: dict[str, Thresholds] = field(factory=dict)

    def row(self, clause: ClauseRef, category: str | None) -> Thresholds:
        """The thresholds that hold for a finding of this clause and category."""
        if category is not None and category in self.categories:
            return self.categories[category]
        rows = (self.clauses[ref] for ref in widening(clause) if ref in self.clauses)
        return next(rows, self.default)


@frozen
class Points:
    """What one breach of a clause costs, by its severity; never less for the graver one."""

    minor: int
    serious: int
    grave: int

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.minor <= self.serious <= self.grave:
            raise PolicyError(
                f"points {self.minor}, {self.serious}, {self.grave} do not rise",
                hint="0 <= minor <= serious <= grave",
            )

    def of(self, severity: Severity) -> int:
        """The points of one severity."""
        return int(getattr(self, severity.value))


@frozen
class ActionTemplate:
    """One use of one power, waiting for a ground: what it bears on, and until when.

    ``days`` None is open-ended; ``cure`` is the tag of the fact that ends the action early.
    ``value`` None is filled in from the case: its account, content, site or service; for a
    cap it is the number of pieces of content that stay allowed.
    """

    power: Power
    power_clause: ClauseRef
    scope: ScopeKind
    days: int | None = None
    cure: str | None = None
    capabilities: tuple[Capability, ...] = ()
    value: str | None = None
    label: str = ""

    def __attrs_post_init__(self) -> None:
        if self.scope not in SCOPES[self.power]:
            allowed = ", ".join(sorted(kind.value for kind in SCOPES[self.power]))
            raise PolicyError(
                f"`{self.power.value}` cannot bear on `{self.scope.value}`",
                hint=f"its scope is one of: {allowed}",
            )
        if self.days is not None and self.days < 1:
            raise PolicyError(f"`days` is {self.days}", hint="at least 1, or none: open-ended")
        for wrong, message, hint in self._wrongs():
            if wrong:
                raise PolicyError(message, hint=hint)

    def _wrongs(self) -> Iterator[tuple[bool, str, str]]:
        name = self.power.value
        timed = self.days is not None or self.cure is not None
        yield self.power in FINAL and timed, f"`{name}` has an end", "drop `days` and `cure`"
        yield (
            (self.scope is ScopeKind.CAPABILITY) != bool(self.capabilities),
            "capabilities and the scope `capability` go together",
            "give both or neither",
        )
        capped = self.scope is ScopeKind.CAP
        yield capped and not (self.value or "").isdecimal(), "a cap needs a number", 'value = "50"'
        unnamed = self.power is Power.OTHER_CORRECTIVE and not self.label
        yield unnamed, "another corrective needs a label", 'label = "formal_warning"'


@frozen
class Response:
    """What the house answers to one finding of a clause, ladder apart.

    ``clause`` is a statement, a clause, or a numbered clause that stands for all under it.
    ``at_least`` is a standard the house asks on top of the gate of each power.
    """

    name: str
    clause: ClauseRef
    actions: tuple[ActionTemplate, ...]
    mode: Mode
    category: str | None = None
    at_least: Standard = Standard.NONE

    def __attrs_post_init__(self) -> None:
        if not self.actions:
            raise PolicyError(f"response `{self.name}` has no action", hint="give `actions`")

    def answers(self, clause: ClauseRef, category: str | None) -> bool:
        """True when a finding of this clause and category is what the response is for."""
        return clause.within(self.clause) and self.category in (None, category)

    @property
    def specificity(self) -> tuple[bool, int]:
        """Greater for the narrower rule: a category first, then the longer address."""
        clause = self.clause
        depth = (clause.letter is not None) + 2 * (clause.statement is not None)
        return (self.category is not None, depth)


@frozen
class Rung:
    """A step of the ladder: reached when points rise from below ``points`` to it or above.

    ``severity`` orders the rungs by how hard they are.
    """

    name: str
    points: int
    severity: int
    mode: Mode
    actions: tuple[ActionTemplate, ...]

    def __attrs_post_init__(self) -> None:
        if self.points < 1:
            raise PolicyError(f"rung `{self.name}` stands at {self.points} points", hint="1 up")
        if not self.actions:
            raise PolicyError(f"rung `{self.name}` has no action", hint="give `actions`")


@frozen
class Floor:
    """A breach this grave is never answered below a rung, whatever the points."""

    clause: ClauseRef
    severity: Severity
    rung: str

    def holds(self, clause: ClauseRef, severity: Severity) -> bool:
        """True for a breach of the clause that is this severe or worse."""
        graver = SEVERITIES.index(severity) >= SEVERITIES.index(self.severity)
        return graver and clause.within(self.clause)


def widening(clause: ClauseRef) -> tuple[ClauseRef, ...]:
    """The reference, its clause, and the numbered clause above: narrow to wide.

    >>> [ref.text for ref in widening(ClauseRef.parse("5.1(c)/s2"))]
    ['5.1(c)/s2', '5.1(c)', '5.1']
    """
    steps = (clause, clause.clause, ClauseRef.parse(clause.number))
    return tuple(dict.fromkeys(steps))
