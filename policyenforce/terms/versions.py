"""``TermsVersion``: the Terms as they stood between two instants, and what they open."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from attrs import evolve, field, frozen

from policyenforce.errors import TermsError
from policyenforce.terms.additional import AdditionalAgreement, merged
from policyenforce.terms.entities import PartyTable
from policyenforce.terms.gates import Opening
from policyenforce.terms.openings import Choice, Doors, all_doors, relevant
from policyenforce.terms.readings import Reading, choose_readings
from policyenforce.terms.references import ClauseRef
from policyenforce.terms.statements import Clause, Statement, lies_in

Ref = str | ClauseRef


def digest(content: Any) -> str:
    """SHA-256 over the canonical JSON of plain values, as 64 hex digits."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@frozen(eq=False)
class TermsVersion:
    """One version: its half-open interval, its statements in printed order, sites and parties.

    ``sites`` maps hosts to site families. ``off`` are statements that are switched off here
    (12.3, or an Additional Agreement): they open nothing. ``choices`` are the house's answers to
    readings. Two versions are equal when their ``content_hash`` is; answers do not change it.

    >>> from policyenforce.terms import Terms
    >>> newer = Terms.load().version("2019-10-04")
    >>> newer.statement("4.1/s3").gate.standard.label
    'suspicion'
    >>> newer.opening("5.5(g)", "6.2(iii)").gate.standard.label
    'belief'
    >>> newer.opening("4.1/s3", "6.2(i)") is None
    True
    """

    id: str
    starts: datetime
    ends: datetime | None
    statements: tuple[Statement, ...] = field(repr=False)
    sites: Mapping[str, str] = field(repr=False)
    parties: PartyTable = field(repr=False)
    readings: Mapping[str, Reading] = field(repr=False)
    disabled_in: Mapping[str, tuple[str, ...]] = field(repr=False, factory=dict)
    off: frozenset[str] = frozenset()
    service: str | None = None
    agreements: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(repr=False, factory=dict)
    content_hash: str = field(init=False)
    _by_ref: dict[str, Statement] = field(init=False, repr=False)
    _choices: tuple[str, ...] = field(init=False, repr=False)
    _all_doors: dict[Choice, Doors] = field(init=False, repr=False)
    _doors: Doors = field(init=False, repr=False)

    @content_hash.default
    def _hash(self) -> str:
        return digest(
            {
                "id": self.id,
                "starts": self.starts.date().isoformat(),
                "ends": self.ends and self.ends.date().isoformat(),
                "statements": [statement.content() for statement in self.statements],
                "sites": dict(self.sites),
                "parties": self.parties.content(),
                "disabled_in": {ref: list(codes) for ref, codes in self.disabled_in.items()},
                "service": self.service,
                "agreements": list(self.agreements),
            }
        )

    @_by_ref.default
    def _index(self) -> dict[str, Statement]:
        return {statement.ref.text: statement for statement in self.statements}

    @_choices.default
    def _relevant(self) -> tuple[str, ...]:
        return relevant(self.statements)

    @_all_doors.default
    def _every_door(self) -> dict[Choice, Doors]:
        return all_doors(self.statements, self.readings)

    @_doors.default
    def _default_doors(self) -> Doors:
        return self._doors_under({})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TermsVersion):
            return NotImplemented
        return self.content_hash == other.content_hash

    def __hash__(self) -> int:
        return hash(self.content_hash)

    @property
    def families(self) -> tuple[str, ...]:
        """The site families, in the order of the catalogue."""
        return tuple(dict.fromkeys(self.sites.values()))

    def site_family(self, host: str) -> str:
        """The family a host or one of its subdomains belongs to; raises TermsError.

        >>> from policyenforce.terms import Terms
        >>> Terms.load().version("2019-10-04").site_family("www.tmall.ru")
        'aliexpress'
        """
        labels = host.lower().rstrip(".").split(".")
        for start in range(len(labels)):
            family = self.sites.get(".".join(labels[start:]))
            if family is not None:
                return family
        raise TermsError(
            f"`{host[:60]}` is no site of version {self.id}",
            hint=f"its sites: {', '.join(self.sites)}",
        )

    def answer(self, reading: str) -> str:
        """The answer that holds here to a reading: the house's, or else the default."""
        return self.readings[reading].choose(self.choices.get(reading))

    def family_of(self, site: str | None) -> str | None:
        """The family that a site is told by, as a family or a host; another site as it is told.

        >>> from policyenforce.terms import Terms
        >>> newer = Terms.load().version("2019-10-04")
        >>> [newer.family_of(site) for site in ("alibaba", "www.alibaba.com", "pop-up.example")]
        ['alibaba', 'alibaba', 'pop-up.example']
        """
        if site is None or site in self.families:
            return site
        try:
            return self.site_family(site)
        except TermsError:
            return site

    def statement(self, ref: Ref) -> Statement:
        """The statement at ``ref``; raises TermsError when unknown or switched off here."""
        found = self._by_ref.get(_text(ref))
        if found is None:
            raise self._unknown(_text(ref))
        return found

    def clause(self, ref: Ref) -> Clause:
        """The clause or chapter at ``ref`` with all its statements; raises TermsError if none."""
        text = _text(ref)
        statements = tuple(s for s in self.statements if lies_in(s.ref, text))
        if not statements:
            raise self._unknown(text)
        return Clause(ClauseRef.parse(text), statements)

    def openings(
        self, ground: Ref, readings: Mapping[str, str] | None = None
    ) -> tuple[Opening, ...]:
        """Every way from a ground to powers, in printed order; empty when it opens nothing.

        Raises TermsError for an unknown ground.
        """
        return tuple(self._from(_text(ground), readings).values())

    def opening(
        self, ground: Ref, power_clause: Ref, readings: Mapping[str, str] | None = None
    ) -> Opening | None:
        """The way from a ground to one power clause, its gate already combined, or None.

        ``readings`` are answers for this one question; else ``choices`` or the defaults hold.
        Raises TermsError for an unknown ground or power clause.
        """
        power = _text(power_clause)
        found = self._from(_text(ground), readings).get(power)
        if found is None and power not in self._by_ref and power not in self.off:
            raise self._unknown(power)
        return found

    def disabled(self, ref: Ref, jurisdiction: str) -> bool:
        """True when the catalogue switches the clause off for a jurisdiction (alpha-2 code)."""
        text = _text(ref)
        asked = ClauseRef.parse(text) if text in self.off else self.clause(text).ref
        return any(
            jurisdiction in codes and lies_in(asked, above)
            for above, codes in self.disabled_in.items()
        )

    def for_jurisdiction(self, jurisdiction: str) -> TermsVersion:
        """This version without what is switched off in a jurisdiction."""
        refs = [ref for ref, codes in self.disabled_in.items() if jurisdiction in codes]
        return self.without(refs)

    def without(self, refs: Iterable[Ref]) -> TermsVersion:
        """This version with clauses or statements switched off; the rest stays.

        Raises TermsError for an unknown reference.
        """
        named = [_text(ref) for ref in refs if not self._is_off(_text(ref))]
        gone = {s.ref.text for text in named for s in self.clause(text).statements}
        if not gone:
            return self
        kept = tuple(s for s in self.statements if s.ref.text not in gone)
        return evolve(self, statements=kept, off=self.off | gone)

    def for_service(
        self,
        service: str,
        agreements: Iterable[AdditionalAgreement],
        *,
        at: datetime | None = None,
    ) -> TermsVersion:
        """This version as it stands for one Service, its Additional Agreements applied.

        Agreements about other Services, or not in force at ``at``, leave it alone; without
        ``at`` those count that hold at some instant of the version. Raises TermsError for an
        agreement that overrides an unknown clause.
        """
        applying = tuple(
            a
            for a in agreements
            if a.service == service
            and (a.overlaps(self.starts, self.ends) if at is None else a.in_force(at))
        )
        if not applying:
            return self
        overrides = merged(applying)
        kept = self.without([ref for ref, override in overrides.items() if override.off])
        changed = {
            kept.statement(ref).ref.text: override.applied(kept.statement(ref))
            for ref, override in overrides.items()
            if not override.off
        }
        return evolve(
            kept,
            statements=tuple(changed.get(s.ref.text, s) for s in kept.statements),
            service=service,
            agreements=tuple(sorted(agreement.id for agreement in applying)),
        )

    def under(self, choices: Mapping[str, str]) -> TermsVersion:
        """This version read with the house's answers; raises TermsError for an unknown one.

        >>> from policyenforce.terms import Terms
        >>> literal = Terms.load().versions[0].under({"T23": "off"})
        >>> sorted(power.value for power in literal.opening("4.1/s3", "4.1/s3").powers)
        ['cancel_account', 'terminate_account']
        """
        return evolve(self, choices=choose_readings(choices, self.readings))

    def cooperates_with(self, recipient: str) -> bool:
        """True when some statement lets the platform cooperate with that kind of recipient."""
        return any(recipient in s.cooperates_with for s in self.statements)

    def discloses_to(self, recipient: str) -> bool:
        """True when some statement lets the platform disclose to that kind of recipient."""
        return any(recipient in s.discloses_to for s in self.statements)

    def _is_off(self, text: str) -> bool:
        """True when nothing of the clause is left because it was switched off."""
        here = [ref for ref in self.off if lies_in(ClauseRef.parse(ref), text)]
        return bool(here) and not any(lies_in(s.ref, text) for s in self.statements)

    def _from(self, ground: str, readings: Mapping[str, str] | None) -> dict[str, Opening]:
        doors = (self._doors if not readings else self._doors_under(readings)).get(ground)
        if doors is not None:
            return doors
        if ground in self.off:
            return {}
        raise self._unknown(ground)

    def _doors_under(self, readings: Mapping[str, str]) -> Doors:
        chosen = {**self.choices, **readings}
        choice = tuple(self.readings[id_].choose(chosen.get(id_)) for id_ in self._choices)
        return self._all_doors[choice]

    def _unknown(self, text: str) -> TermsError:
        if self._is_off(text):
            return TermsError(f"clause `{text}` is switched off here")
        ref = ClauseRef.parse(text)
        near = [s.ref.text for s in self.statements if lies_in(s.ref, ref.number)]
        hint = f"statements there: {', '.join(near)}" if near else "`terms coverage` lists them"
        return TermsError(f"version {self.id} has no clause `{text}`", hint=hint)


def _text(ref: Ref) -> str:
    return ref if isinstance(ref, str) else ref.text
