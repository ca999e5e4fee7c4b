"""What two applications are merely alike in, and what they tell differently."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from attrs import frozen

from policyenforce.checks.multiple_accounts import contacts, names
from policyenforce.checks.multiple_accounts.identifiers import Identifier, identifiers_among
from policyenforce.model.facts.registration import Address, ApplicationReceived
from policyenforce.policy.relations import AGAINST, GROUPS, LIKENESSES, AccountRelations

Weaker = tuple[str, Callable[[str], str | None]]
"""The name of a weaker spelling, and what makes it of a normalised value."""

_WEAKER: dict[str, Weaker] = {
    "email": ("mailbox_name", contacts.mailbox_name),
    "ip": ("network_block", contacts.network_block),
    "company": ("company_core", names.company_core),
    "person": ("person_core", names.person_core),
}
_EVERY_LIKENESS = frozenset(LIKENESSES)
_OF_PLACES = frozenset({"premises", "postcode"})


def that_count(accounts: AccountRelations) -> tuple[frozenset[str], frozenset[str]]:
    """Which likenesses, and which differences, are worth looking for by this table of points.

    A likeness worth nothing counts where it says that two do not differ.
    """
    differing = frozenset(name for name in AGAINST if accounts.against.get(name))
    likenesses = frozenset(
        kind
        for group, kinds in GROUPS.items()
        for kind in kinds
        if kind in _EVERY_LIKENESS and (accounts.alike.get(kind) or group in differing)
    )
    return likenesses, differing


@frozen
class Telling:
    """What of one application is held against another: its weaker spellings, and its groups.

    ``groups`` are those of which it tells something at all.
    """

    weaker: frozenset[Identifier]
    groups: frozenset[str]
    country: str | None


def telling(
    application: ApplicationReceived,
    likenesses: frozenset[str] = _EVERY_LIKENESS,
    differing: frozenset[str] = frozenset(AGAINST),
) -> Telling:
    """What an application tells in these likenesses and groups; nothing else of it is spelt."""
    first, weaker, spelt = _looked_for(likenesses, differing)
    found = set(_of_places(application, likenesses)) if likenesses & _OF_PLACES else set()
    groups = set()
    for kind, value in identifiers_among(application, spelt):
        if kind in first:
            groups.add(first[kind])
        if kind in weaker:
            name, spell = weaker[kind]
            spelling = spell(value)
            if spelling is not None:
                found.add((name, spelling))
    here = names.country(application.country) if "country" in differing else None
    return Telling(frozenset(found), frozenset(groups), here)


@lru_cache(maxsize=8)  # as many as there are tables of points
def _looked_for(
    likenesses: frozenset[str], differing: frozenset[str]
) -> tuple[Mapping[str, str], Mapping[str, Weaker], frozenset[str]]:
    """The groups by the kind that tells them, the weaker spellings, and all kinds to be spelt."""
    first = {kinds[0]: group for group, kinds in GROUPS.items() if group in differing}
    weaker = {kind: told for kind, told in _WEAKER.items() if told[0] in likenesses}
    return first, weaker, frozenset((*first, *weaker))


def alike(one: Telling, other: Telling) -> tuple[str, ...]:
    """The kinds of likeness that two applications show, in a fixed order.

    >>> from datetime import UTC, datetime
    >>> then = datetime(2019, 10, 4, tzinfo=UTC)
    >>> told = [ApplicationReceived(id=m, at=then, user_id=m, kind="person", emails=(m,))
    ...         for m in ("ana.li88@one.example", "anali88@two.example")]
    >>> alike(*map(telling, told))
    ('mailbox_name',)
    """
    return tuple(sorted({kind for kind, _ in one.weaker & other.weaker}))


def differs(one: Telling, other: Telling) -> tuple[str, ...]:
    """The groups of which both tell something, and ``country`` where it is another.

    Whether anything of a group agrees is for the score.
    """
    both = one.groups & other.groups
    groups = tuple(group for group in GROUPS if group in both)
    elsewhere = None not in (one.country, other.country) and one.country != other.country
    return (*groups, "country") if elsewhere else groups


def _of_places(application: ApplicationReceived, kinds: frozenset[str]) -> Iterator[Identifier]:
    for place in _places(application):
        country = names.country(place.country or application.country)
        for line in place.lines if "premises" in kinds else ():
            door = names.premises(line, place.postcode, country)
            if door is not None:
                yield "premises", door
        code = names.postcode(place.postcode, country) if "postcode" in kinds else None
        if code is not None:
            yield "postcode", code


def _places(application: ApplicationReceived) -> Iterator[Address]:
    yield from application.addresses
    if application.entity is not None:
        for place in (application.entity.principal_place, application.entity.registered_address):
            if place is not None:
                yield place
