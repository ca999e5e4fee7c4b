"""``HouseRules``: everything a house decides for itself, as one frozen value.

It is read from TOML by ``load_rules`` and asked by checks and discipline. Answers that depend
on a clause are worked out once and then looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from math import inf
from typing import Any

from attrs import evolve, field, frozen

from policyenforce.errors import PolicyError
from policyenforce.model.findings import Severity
from policyenforce.policy.canonical import APART, content_hash
from policyenforce.policy.ladder import Given, points_in_force, rung_crossed, score_to_add
from policyenforce.policy.relations import AccountRelations
from policyenforce.policy.repeats import Repeats, incidents
from policyenforce.policy.sections import (
    Appeals,
    Brake,
    Cascade,
    ContentRules,
    Cooperation,
    Dealings,
    Profiles,
    Protective,
    Registration,
    Retention,
    Sharing,
    Uncovered,
)
from policyenforce.policy.sessions import SessionPoints
from policyenforce.policy.templates import (
    ActionTemplate,
    Floor,
    Mode,
    Points,
    Response,
    Rung,
    Thresholds,
    ThresholdTable,
    widening,
)
from policyenforce.terms.additional import AdditionalAgreement
from policyenforce.terms.gates import Power, Standard
from policyenforce.terms.references import ClauseRef
from policyenforce.terms.timeline import Terms
from policyenforce.terms.versions import TermsVersion

__all__ = [
    "VERBS",
    "AccountRelations",
    "ActionTemplate",
    "Appeals",
    "Brake",
    "Cascade",
    "ContentRules",
    "Cooperation",
    "Dealings",
    "Floor",
    "HouseRules",
    "Mode",
    "Points",
    "Profiles",
    "Protective",
    "Registration",
    "Repeats",
    "Response",
    "Retention",
    "Rung",
    "Sharing",
    "ThresholdTable",
    "Thresholds",
    "Uncovered",
]

VERBS = (
    "confirm", "refute", "review", "cascade", "decide_appeal", "reverse", "pause_payouts",
    "protect", "handle_case", "defer_notice", "grant_approval", "link_users", "disclose", "hold",
    "erase",
)  # fmt: skip
"""What somebody may do for the platform; which role may do it is a house rule."""

EVERYWHERE = "*"
"""Stands for every jurisdiction where a clause is switched off."""
_DOUBT = ClauseRef.parse("6.3(c)")

_ASIDE = {APART: True}


@frozen(eq=False)
class HouseRules:
    """The house rules over some Terms.

    ``hash`` is the SHA-256 of their content as canonical JSON: comments, layout and key order
    play no part, and neither do the Terms, which a decision names by their own version.

    >>> from policyenforce.policy.load import load_rules
    >>> rules = load_rules()
    >>> rules.points_for(ClauseRef.parse("5.5(c)"), Severity.SERIOUS)
    6
    >>> rules.rung_crossed(11, 17).name
    'limits_7_days'
    """

    name: str
    version: str
    thresholds: ThresholdTable = field(repr=False)
    points: dict[ClauseRef, Points] = field(repr=False)
    ladder: tuple[Rung, ...] = field(repr=False)
    responses: tuple[Response, ...] = field(repr=False, default=())
    floors: tuple[Floor, ...] = field(repr=False, default=())
    point_life_days: int = 365
    merge_window_hours: int = 72
    repeats: Repeats = field(repr=False, factory=Repeats)
    review: frozenset[Power] = field(repr=False, factory=frozenset)
    two_persons: frozenset[Power] = field(repr=False, factory=frozenset)
    roles: dict[str, tuple[str, ...]] = field(repr=False, factory=dict)
    categories: tuple[str, ...] = field(repr=False, default=())
    readings: dict[str, str] = field(repr=False, factory=dict)
    registration: Registration = field(repr=False, factory=Registration)
    content: ContentRules = field(repr=False, factory=ContentRules)
    accounts: AccountRelations = field(repr=False, factory=AccountRelations)
    sessions: SessionPoints = field(repr=False, factory=SessionPoints)
    sharing: Sharing = field(repr=False, factory=Sharing)
    dealings: Dealings = field(repr=False, factory=Dealings)
    cooperation: Cooperation = field(repr=False, factory=Cooperation)
    appeals: Appeals = field(repr=False, factory=Appeals)
    retention: Retention = field(repr=False, factory=Retention)
    protective: Protective = field(repr=False, factory=Protective)
    cascade: Cascade = field(repr=False, factory=Cascade)
    brake: Brake = field(repr=False, factory=Brake)
    profiles: Profiles = field(repr=False, factory=Profiles)
    agreements: tuple[AdditionalAgreement, ...] = field(repr=False, default=())
    disabled: dict[ClauseRef, tuple[str, ...]] = field(repr=False, factory=dict)
    terms: Terms = field(repr=False, factory=Terms.load, metadata=_ASIDE)
    hash: str = field(init=False, metadata=_ASIDE)
    _worth: dict[str, Points] = field(init=False, repr=False, metadata=_ASIDE)
    _rungs: dict[str, Rung] = field(init=False, repr=False, metadata=_ASIDE)
    _known: frozenset[str] = field(init=False, repr=False, metadata=_ASIDE)
    _asked: dict[tuple[str, str, str | None], Any] = field(init=False, repr=False, metadata=_ASIDE)

    def __attrs_post_init__(self) -> None:
        # INVARIANT: what is worked out here follows from the content alone.
        points = [rung.points for rung in self.ladder]
        if not points or points != sorted(set(points)):
            raise PolicyError("the rungs do not rise", hint="at least one, fewest points first")
        for name, value in (
            ("hash", content_hash(self)),
            ("_worth", self._worth_of_breaches()),
            ("_rungs", {rung.name: rung for rung in self.ladder}),
            ("_known", frozenset(self.categories) | frozenset(self.thresholds.categories)),
            ("_asked", {}),
        ):
            object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, HouseRules):
            return NotImplemented
        return (self.hash, self.terms) == (other.hash, other.terms)

    def __hash__(self) -> int:
        return hash(self.hash)

    def _worth_of_breaches(self) -> dict[str, Points]:
        statements = (s for version in self.terms.versions for s in version.statements)
        return {
            statement.ref.text: self.points[row]
            for statement in statements
            if statement.owed or statement.deems is not None
            for row in widening(statement.ref)[::-1]
            if row in self.points
        }

    def standard_of(self, clause: ClauseRef, category: str | None, confidence: float) -> Standard:
        """What a machine's confidence (0–1) amounts to for this clause and category.

        Never FACT, and a doubt about information is never more than suspicion: belief takes a
        check of it, which is another clause (6.3(c), 5.2; T7). The most specific threshold holds:
        category, statement, clause, numbered clause, default.
        """
        return self.threshold_of(clause, category).standard(confidence)

    def threshold_of(self, clause: ClauseRef, category: str | None) -> Thresholds:
        """The thresholds that hold for a finding: a category nobody declared is none."""
        known = category if category in self._known else None
        key = ("row", clause.text, known)
        row: Thresholds | None = self._asked.get(key)
        if row is None:
            row = self.thresholds.row(clause, known)
            row = self._asked[key] = evolve(row, belief=inf) if clause == _DOUBT else row
        return row

    def points_for(self, clause: ClauseRef, severity: Severity) -> int:
        """The points of a breach; 0 for a statement nobody can breach, such as 4.1/s3."""
        row = self._worth.get(clause.text)
        return 0 if row is None else row.of(severity)

    def responses_for(self, clause: ClauseRef, category: str | None) -> tuple[Response, ...]:
        """The house's answers to a finding: all rows of the most specific kind that fits.

        A row for the category stands in the place of rows without one, and a row for
        ``5.5(c)`` in the place of rows for ``5.5``.
        """
        known = category if category in self._known else None
        key = ("responses", clause.text, known)
        found: tuple[Response, ...] | None = self._asked.get(key)
        if found is None:
            fitting = [r for r in self.responses if r.answers(clause, known)]
            narrowest = max((r.specificity for r in fitting), default=None)
            found = tuple(r for r in fitting if r.specificity == narrowest)
            self._asked[key] = found
        return found

    def rung(self, name: str) -> Rung:
        """The rung of that name; raises PolicyError when there is none."""
        if name not in self._rungs:
            known = ", ".join(self._rungs)
            raise PolicyError(f"unknown rung `{name[:40]}`", hint=f"the rungs: {known}")
        return self._rungs[name]

    def rung_crossed(self, before: int, after: int) -> Rung | None:
        """The highest rung with ``before < rung.points <= after``, or None."""
        return rung_crossed(self.ladder, before, after)

    def floor_for(self, clause: ClauseRef, severity: Severity) -> Rung | None:
        """The hardest rung below which a breach this severe is never answered, or None."""
        key = ("floor", clause.text, severity.value)
        if key not in self._asked:
            names = {f.rung for f in self.floors if f.holds(clause, severity)}
            lowest = (rung for rung in reversed(self.ladder) if rung.name in names)
            self._asked[key] = next(lowest, None)
        found: Rung | None = self._asked[key]
        return found

    def points_in_force(self, given: Given, at: datetime) -> int:
        """The points that count at an instant: frozen when given, decayed when read."""
        return points_in_force(given, at, self.point_life_days)

    def score_to_add(self, scores: Iterable[int], held: Given, at: datetime) -> int:
        """What one incident adds to the points: see ``policy.ladder.score_to_add``."""
        return score_to_add(scores, held, at, self.merge_window_hours)

    def incidents(self, instants: Iterable[datetime]) -> int:
        """How many incidents breaches of one ground are, those inside a merge window being one."""
        return incidents(instants, self.merge_window_hours)

    def needs_person(self, power: Power) -> bool:
        """True when the power is never used without a person, whatever a rule's mode says.

        What content says once it is modified no rule can write.
        """
        if power is Power.DOWNGRADE_SERVICE and self.reading("T18") == "by_person":
            return True
        return power in self.review or power is Power.MODIFY_CONTENT

    def allows(self, verb: str, roles: Iterable[str]) -> bool:
        """True when one of these roles may use the verb; raises PolicyError for another verb."""
        if verb not in VERBS:
            raise PolicyError(f"unknown verb `{verb[:40]}`", hint=f"one of: {', '.join(VERBS)}")
        return not set(roles).isdisjoint(self.roles.get(verb, ()))

    def reading(self, id: str) -> str:
        """The answer the house gives to a reading, else the default; raises PolicyError."""
        known = self.terms.readings
        if id not in known:
            raise PolicyError(f"unknown reading `{id[:40]}`", hint=f"one of: {', '.join(known)}")
        return self.readings.get(id) or known[id].default

    def terms_at(
        self, at: datetime, *, service: str | None = None, jurisdiction: str | None = None
    ) -> TermsVersion:
        """The Terms in force at an instant as this house applies them.

        Its readings hold, its Additional Agreements about the service are applied, and clauses
        that are switched off (everywhere, or in the jurisdiction) open nothing. Raises
        TermsError where no version is in force.
        """
        version = self.terms.in_force(at)
        agreements = tuple(a for a in self.agreements if a.service == service and a.in_force(at))
        # A law that switches nothing off is all the same to the Terms.
        law = jurisdiction if _matters(jurisdiction, version, self.disabled) else None
        key = (version.id, " ".join(a.id for a in agreements), law)
        made: TermsVersion | None = self._asked.get(key)
        if made is None:
            made = self._applied(version, service, agreements, law)
            self._asked[key] = made
        return made

    def _applied(
        self,
        version: TermsVersion,
        service: str | None,
        agreements: tuple[AdditionalAgreement, ...],
        jurisdiction: str | None,
    ) -> TermsVersion:
        off = [
            ref for ref, places in self.disabled.items() if {EVERYWHERE, jurisdiction} & {*places}
        ]
        chosen = {i: evolve(r, default=self.reading(i)) for i, r in version.readings.items()}
        made = evolve(version, readings=chosen) if self.readings else version
        if jurisdiction is not None:
            made = made.for_jurisdiction(jurisdiction)
        present = [ref for ref in off if any(s.ref.within(ref) for s in made.statements)]
        made = made.without(present)
        if service is not None and agreements:
            made = made.for_service(service, agreements)
        return made


def _matters(
    place: str | None, version: TermsVersion, disabled: Mapping[ClauseRef, tuple[str, ...]]
) -> bool:
    """True for a jurisdiction in which the version itself or the house switches something off."""
    lists = (*version.disabled_in.values(), *disabled.values())
    return any(place in codes for codes in lists)
