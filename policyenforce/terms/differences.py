"""What changes from one version to another, as values a person or a program can read."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from attrs import asdict, field, frozen

from policyenforce.terms.versions import TermsVersion


class Area(str, Enum):
    """What part of the agreement differs."""

    STATEMENT = "statement"
    SITE = "site"
    ENTITY = "entity"
    PARTY_RULE = "party_rule"
    LAW = "law"
    ADDRESS = "address"
    POLICY = "policy"


class Change(str, Enum):
    """How it differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@frozen
class Difference:
    """One thing that differs: ``key`` names it, ``before`` and ``after`` hold plain values.

    For a changed thing only the fields that differ are kept; an addition has no ``before``, a
    removal no ``after``.
    """

    area: Area
    key: str
    change: Change
    before: Mapping[str, Any] | None = field(hash=False)
    after: Mapping[str, Any] | None = field(hash=False)


def diff(one: TermsVersion, other: TermsVersion) -> tuple[Difference, ...]:
    """Every difference from ``one`` to ``other``, by area and in printed order.

    >>> from policyenforce.terms import Terms
    >>> older, newer = Terms.load().versions
    >>> [d.key for d in diff(older, newer) if d.area is Area.ENTITY]
    ['aliexpress_russia']
    """
    before, after = _areas(one), _areas(other)
    return tuple(
        difference for area in Area for difference in _between(area, before[area], after[area])
    )


def _between(
    area: Area, before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]
) -> list[Difference]:
    found: list[Difference] = []
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if old is None:
            found.append(Difference(area, key, Change.ADDED, None, new))
        elif new is None:
            found.append(Difference(area, key, Change.REMOVED, old, None))
        elif old != new:
            fields = [name for name in new if old[name] != new[name]]
            found.append(
                Difference(
                    area,
                    key,
                    Change.CHANGED,
                    {name: old[name] for name in fields},
                    {name: new[name] for name in fields},
                )
            )
    return found


def _areas(version: TermsVersion) -> dict[Area, dict[str, dict[str, Any]]]:
    table = version.parties
    return {
        Area.STATEMENT: {s.ref.text: s.content() for s in version.statements},
        Area.SITE: {host: {"family": family} for host, family in version.sites.items()},
        Area.ENTITY: {entity.id: asdict(entity) for entity in table.entities.values()},
        Area.PARTY_RULE: {rule.id: asdict(rule) for rule in table.rules},
        Area.LAW: {law.id: asdict(law) for law in table.laws},
        Area.ADDRESS: {id_: asdict(address) for id_, address in table.addresses.items()},
        Area.POLICY: {family: {"policies": names} for family, names in table.policies.items()},
    }
