"""What two applications are merely alike in, and what they tell differently."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from policyenforce.checks.multiple_accounts import contacts, names
from policyenforce.checks.multiple_accounts.identifiers import Identifier, identifiers_among
from policyenforce.model.facts.registration import Address, ApplicationReceived
from policyenforce.policy.relations import AGAINST, GROUPS, LIKENESSES, AccountRelations

_WEAKER: dict[str, tuple[str, Callable[[str], str | None]]] = {
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


def alike(
    one: ApplicationReceived,
    other: ApplicationReceived,
    kinds: frozenset[str] = _EVERY_LIKENESS,
) -> tuple[str, ...]:
    """Those of these kinds of likeness that two applications show, in a fixed order.

    >>> from datetime import UTC, datetime
    >>> then = datetime(2019, 10, 4, tzinfo=UTC)
    >>> told = [ApplicationReceived(id=m, at=then, user_id=m, kind="person", emails=(m,))
    ...         for m in ("ana.li88@one.example", "anali88@two.example")]
    >>> alike(*told)
    ('mailbox_name',)
    """
    both = {*_weaker(one, kinds)} & {*_weaker(other, kinds)}
    return tuple(sorted({kind for kind, _ in both}))


def differs(
    one: ApplicationReceived,
    other: ApplicationReceived,
    compared: frozenset[str] = frozenset(AGAINST),
) -> tuple[str, ...]:
    """Those of these groups of which both tell something, and ``country`` where it is another.

    Whether anything of a group agrees is for the score.
    """
    first = {group: kinds[0] for group, kinds in GROUPS.items() if group in compared}
    kinds = frozenset(first.values())
    both = _told(one, kinds) & _told(other, kinds)
    groups = tuple(group for group, kind in first.items() if kind in both)
    countries = {names.country(one.country), names.country(other.country)}
    elsewhere = "country" in compared and None not in countries and len(countries) > 1
    return (*groups, "country") if elsewhere else groups


def _told(application: ApplicationReceived, kinds: frozenset[str]) -> set[str]:
    return {kind for kind, _ in identifiers_among(application, kinds)}


def _weaker(application: ApplicationReceived, kinds: frozenset[str]) -> Iterator[Identifier]:
    spelt = frozenset(kind for kind, (weaker, _) in _WEAKER.items() if weaker in kinds)
    for kind, value in identifiers_among(application, spelt):
        weaker, spell = _WEAKER[kind]
        found = spell(value)
        if found is not None:
            yield weaker, found
    for place in _places(application) if kinds & _OF_PLACES else ():
        country = names.country(place.country or application.country)
        for line in place.lines:
            door = names.premises(line, place.postcode, country)
            if door is not None and "premises" in kinds:
                yield "premises", door
        code = names.postcode(place.postcode, country)
        if code is not None and "postcode" in kinds:
            yield "postcode", code


def _places(application: ApplicationReceived) -> Iterator[Address]:
    yield from application.addresses
    if application.entity is not None:
        for place in (application.entity.principal_place, application.entity.registered_address):
            if place is not None:
                yield place
