"""Whom a Member contracts with, under which law, and where to write.

Everything comes from the catalogue; this module knows how the rules are read, not what they
say. Where two rules name two companies and nothing displaces them, the answer is both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from attrs import frozen

from policyenforce.errors import TermsError
from policyenforce.terms.entities import (
    Address,
    Condition,
    Entity,
    PartyTable,
    Reach,
    Rule,
    Whereabouts,
)
from policyenforce.terms.versions import TermsVersion

_COUNTRY = re.compile(r"[A-Z]{2}")


@frozen
class Party:
    """The contracting company with what follows from it.

    ``governing_law`` is an ISO alpha-2 code; ``rules`` are the catalogue rules that named the
    company; ``readings`` the ids of the readings that had a say.
    """

    entity: Entity
    governing_law: str
    court: str
    conflict_rules_excluded: bool
    notice_address: Address
    privacy_policies: tuple[str, ...]
    rules: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()


@frozen
class Ambiguous:
    """The text names several companies, or, for someone who is no member, none at all."""

    candidates: tuple[Party, ...]

    @property
    def entities(self) -> tuple[str, ...]:
        """The ids of the companies, in the order of the rules."""
        return tuple(party.entity.id for party in self.candidates)


def contracting_party(
    version: TermsVersion,
    *,
    origin: str,
    site: str | Iterable[str],
    residence: str | None = None,
    access: str | None = None,
    uses: str | Iterable[str] | None = None,
    readings: Mapping[str, str] | None = None,
) -> Party | Ambiguous:
    """The company a Member deals with under ``version``.

    ``origin``, ``residence`` and ``access`` are ISO alpha-2 codes; an unknown residence is
    taken to be the origin, an unknown place of access the residence. ``site`` is the family
    the person is a member of, or several; an empty one means "not registered" and has no
    party. ``uses`` are the families in use, by default all memberships. Raises TermsError for
    a malformed code or an unknown family. Source: the party clause, readings T16 and T20.

    >>> from policyenforce.terms import Terms
    >>> newer = Terms.load().version("2019-10-04")
    >>> contracting_party(newer, origin="RU", site="aliexpress").entity.id
    'aliexpress_russia'
    >>> contracting_party(newer, origin="HK", access="KZ", site="alibaba").entities
    ('hong_kong', 'singapore')
    """
    members = _families(version, site)
    used = members if uses is None else _families(version, uses)
    home = _country(residence or origin)
    where = Whereabouts(_country(origin), home, _country(access or home))
    named: dict[str, list[Rule]] = {}
    if members:
        for family in used:
            for rule in _naming(version, where, members, (family, used), readings or {}):
                rules = named.setdefault(rule.entity, [])
                rules.extend(() if rule in rules else (rule,))
    parties = tuple(
        _party(version.parties, entity, rules, where.origin, used)
        for entity, rules in named.items()
    )
    return parties[0] if len(parties) == 1 else Ambiguous(parties)


def _naming(
    version: TermsVersion,
    where: Whereabouts,
    members: tuple[str, ...],
    use: tuple[str, tuple[str, ...]],
    readings: Mapping[str, str],
) -> list[Rule]:
    """The rules that name a company for one family in use."""
    table = version.parties
    family, used = use
    plain: list[Rule] = []
    for rule in table.rules:
        if rule.member is not None and rule.member not in members:
            continue
        if not rule.displaces:
            plain.extend((rule,) if _holds(table, rule, where, (family,)) else ())
            continue
        reach = _reach(version, rule, readings)
        own = rule.member in (None, family)
        over = used if reach is not Reach.PER_SITE else (family,)
        if not _holds(table, rule, where, over) or not (own or reach is not Reach.PER_SITE):
            continue
        plain = [rule] if own or reach is Reach.WHOLE_MEMBER else [*plain, rule]
        if plain == [rule]:
            break
    return plain


def _reach(version: TermsVersion, rule: Rule, readings: Mapping[str, str]) -> Reach:
    if rule.reading is None:
        return Reach.WHOLE_MEMBER
    told = readings.get(rule.reading)
    answer = version.answer(rule.reading)
    return Reach(answer if told is None else version.readings[rule.reading].choose(told))


def _holds(table: PartyTable, rule: Rule, where: Whereabouts, used: tuple[str, ...]) -> bool:
    return any(_met(table, condition, where, used) for condition in rule.when)


def _met(
    table: PartyTable, condition: Condition, where: Whereabouts, used: tuple[str, ...]
) -> bool:
    asked = (
        (condition.origin, where.origin),
        (condition.residence, where.residence),
        (condition.access, where.access),
    )
    if condition.uses is not None and condition.uses not in used:
        return False
    return all(group is None or table.lies_in(place, group) for group, place in asked)


def _party(
    table: PartyTable, entity: str, rules: list[Rule], origin: str, used: tuple[str, ...]
) -> Party:
    law = table.law_of(entity, origin)
    if law is None:
        raise TermsError(f"no governing law is set for `{entity}` and origin `{origin}`")
    return Party(
        entity=table.entities[entity],
        governing_law=law.law,
        court=law.court,
        conflict_rules_excluded=law.conflict_rules_excluded,
        notice_address=table.addresses[entity],
        privacy_policies=tuple(
            dict.fromkeys(name for family in used for name in table.policies.get(family, ()))
        ),
        rules=tuple(rule.id for rule in rules),
        readings=tuple(rule.reading for rule in rules if rule.reading),
    )


def _country(code: str) -> str:
    if not _COUNTRY.fullmatch(code):
        raise TermsError(
            f"`{code[:20]}` is no country code", hint="write two capital letters such as `HK`"
        )
    return code


def _families(version: TermsVersion, site: str | Iterable[str]) -> tuple[str, ...]:
    families = (site,) if isinstance(site, str) else tuple(dict.fromkeys(site))
    for family in families:
        if family not in version.families:
            raise TermsError(
                f"unknown site family `{str(family)[:40]}`",
                hint=f"version {version.id} knows: {', '.join(version.families)}",
            )
    return families
