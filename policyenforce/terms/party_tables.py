"""``parties.toml``, read strictly into one ``PartyTable`` for each version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from attrs import frozen

from policyenforce.errors import TermsError
from policyenforce.terms.entities import (
    Address,
    Condition,
    Entity,
    Law,
    PartyTable,
    Reach,
    Rule,
)
from policyenforce.terms.readings import Reading
from policyenforce.terms.tables import Table

Row = TypeVar("Row")


@frozen
class _Scope:
    """The words a row may use."""

    ids: tuple[str, ...]
    groups: tuple[str, ...]
    readings: Mapping[str, Reading]


def party_tables(
    file: Table, ids: tuple[str, ...], readings: Mapping[str, Reading]
) -> dict[str, PartyTable]:
    """The table of each version; raises TermsError for a row that names what is not there."""
    places, outside = file.lists("places"), file.lists("outside")
    for group in outside.values():
        file.check("outside", group, places)
    scope = _Scope(ids, (*places, *outside), readings)
    entities = [(_versions(t, scope), _entity(t)) for t in file.tables("entity")]
    rules = [(_versions(t, scope), _rule(t, scope)) for t in file.tables("rule")]
    laws = [(_versions(t, scope), _law(t, scope)) for t in file.tables("law")]
    addresses = [(_versions(t, scope), _address(t)) for t in file.tables("address")]
    policies = [(_versions(t, scope), _pointer(t)) for t in file.tables("pointer")]
    file.done()
    tables = {
        id_: PartyTable(
            places=places,
            outside=outside,
            entities={entity.id: entity for entity in _of(entities, id_)},
            rules=tuple(_of(rules, id_)),
            laws=tuple(_of(laws, id_)),
            addresses={
                entity: address for names, address in _of(addresses, id_) for entity in names
            },
            policies={family: names for family, names in _of(policies, id_)},
        )
        for id_ in ids
    }
    for id_, table in tables.items():
        _whole(table, id_, file.where)
    return tables


def _of(rows: Iterable[tuple[tuple[str, ...], Row]], version: str) -> list[Row]:
    return [row for versions, row in rows if version in versions]


def _versions(table: Table, scope: _Scope) -> tuple[str, ...]:
    versions = table.texts("versions", scope.ids)
    table.check("versions", versions, scope.ids)
    return versions


def _entity(table: Table) -> Entity:
    entity = Entity(
        id=table.text("id"),
        name=table.text("name"),
        incorporated_in=table.text("incorporated_in"),
        company_number=table.optional("company_number"),
        also_written=table.texts("also_written", ()),
    )
    table.done()
    return entity


def _rule(table: Table, scope: _Scope) -> Rule:
    rule = Rule(
        id=table.text("id"),
        entity=table.text("entity"),
        when=tuple(_condition(inner, scope) for inner in table.tables("when")),
        member=table.optional("member"),
        displaces=table.flag("displaces"),
        reading=table.optional("reading"),
    )
    table.done()
    if not rule.when:
        raise table.error("when", "at least one condition", "[]")
    if rule.reading is not None:
        table.check("reading", (rule.reading,), scope.readings)
        known = {reach.value for reach in Reach}
        table.check("reading", tuple(scope.readings[rule.reading].options), known)
    return rule


def _condition(table: Table, scope: _Scope) -> Condition:
    condition = Condition(
        origin=_group(table, "origin", scope),
        residence=_group(table, "residence", scope),
        access=_group(table, "access", scope),
        uses=table.optional("uses"),
    )
    table.done()
    return condition


def _group(table: Table, key: str, scope: _Scope) -> str | None:
    name = table.optional(key)
    if name is not None:
        table.check(key, (name,), scope.groups)
    return name


def _law(table: Table, scope: _Scope) -> Law:
    law = Law(
        id=table.text("id"),
        law=table.text("law"),
        court=table.text("court"),
        conflict_rules_excluded=table.flag("conflict_rules_excluded"),
        origin=_group(table, "origin", scope),
        entities=table.texts("entities", ()),
    )
    table.done()
    if (law.origin is None) == (not law.entities):
        raise table.error("origin", "an origin or entities, one of the two", law.origin)
    return law


def _address(table: Table) -> tuple[tuple[str, ...], Address]:
    entities = table.texts("entities")
    address = Address(
        attention=table.text("attention"),
        street=table.text("street"),
        city=table.text("city"),
        unit=table.optional("unit"),
        building=table.optional("building"),
        district=table.optional("district"),
        postcode=table.optional("postcode"),
    )
    table.done("id")
    return entities, address


def _pointer(table: Table) -> tuple[str, tuple[str, ...]]:
    family, policies = table.text("uses"), table.texts("policies")
    table.done("id")
    return family, policies


def _whole(table: PartyTable, version: str, where: str) -> None:
    """Every company that a rule names must exist, with an address and a law."""
    named = {rule.entity for rule in table.rules}
    lawful = {entity for law in table.laws for entity in law.entities}
    if any(law.origin for law in table.laws):
        lawful |= set(table.entities)
    wanted = (("entity", table.entities), ("address", table.addresses), ("law", lawful))
    for what, known in wanted:
        missing = sorted((named | (lawful & set(table.entities))) - set(known))
        if missing:
            raise TermsError(f"version {version} has no {what} for `{missing[0]}`", where=where)
