"""Who may stand on the platform's side, and the rules that pick one: values only.

``PartyTable`` is what one version of the Terms says about it; ``parties.py`` answers for a
Member.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from attrs import asdict, field, frozen


@frozen
class Entity:
    """A company; two spellings are one company when the company numbers agree (T20)."""

    id: str
    name: str
    incorporated_in: str
    company_number: str | None = None
    also_written: tuple[str, ...] = ()

    def same_as(self, other: Entity) -> bool:
        """True for the same company number, or, where a number is missing, the same id."""
        if self.company_number and other.company_number:
            return self.company_number == other.company_number
        return self.id == other.id


@frozen
class Address:
    """Where a legal notice to an entity goes."""

    attention: str
    street: str
    city: str
    unit: str | None = None
    building: str | None = None
    district: str | None = None
    postcode: str | None = None

    def lines(self, entity: Entity) -> tuple[str, ...]:
        """The address as written on an envelope to ``entity``."""
        parts = (
            entity.name,
            self.attention,
            self.unit,
            self.building,
            self.street,
            self.district,
            self.city,
            self.postcode,
        )
        return tuple(part for part in parts if part)


@frozen
class Whereabouts:
    """Three places that the Terms tell apart, as ISO alpha-2 codes."""

    origin: str
    residence: str
    access: str


@frozen
class Condition:
    """Named groups of places, and the site family in use; every one given has to hold."""

    origin: str | None = None
    residence: str | None = None
    access: str | None = None
    uses: str | None = None


class Reach(str, Enum):
    """How far a displacing rule goes for a member of several site families."""

    WHOLE_MEMBER = "whole_member"
    PER_SITE = "per_site"
    AMBIGUOUS = "ambiguous"


@frozen
class Rule:
    """Names ``entity`` when one of ``when`` holds; ``displaces`` the other rules where it does.

    ``member`` limits it to members of a site family; ``reading`` is the id of the reading that
    says how far a displacing rule reaches.
    """

    id: str
    entity: str
    when: tuple[Condition, ...]
    member: str | None = None
    displaces: bool = False
    reading: str | None = None


@frozen
class Law:
    """A governing law and court, picked by the group of places of origin or by the entity."""

    id: str
    law: str
    court: str
    conflict_rules_excluded: bool
    origin: str | None = None
    entities: tuple[str, ...] = ()


@frozen
class PartyTable:
    """All that one version says about parties, law, notice addresses and privacy pointers."""

    places: Mapping[str, tuple[str, ...]] = field(factory=dict, hash=False)
    outside: Mapping[str, tuple[str, ...]] = field(factory=dict, hash=False)
    entities: Mapping[str, Entity] = field(factory=dict, hash=False)
    rules: tuple[Rule, ...] = ()
    laws: tuple[Law, ...] = ()
    addresses: Mapping[str, Address] = field(factory=dict, hash=False)
    policies: Mapping[str, tuple[str, ...]] = field(factory=dict, hash=False)

    def lies_in(self, place: str, group: str) -> bool:
        """True when the country code belongs to the named group."""
        if group in self.outside:
            return not any(place in self.places[inner] for inner in self.outside[group])
        return place in self.places[group]

    def law_of(self, entity: str, origin: str) -> Law | None:
        """The law for an entity and a place of origin, or None where no row fits."""
        for law in self.laws:
            if entity in law.entities or (law.origin and self.lies_in(origin, law.origin)):
                return law
        return None

    def content(self) -> dict[str, Any]:
        """Everything the table says, as plain values; what is hashed."""
        return asdict(self)
