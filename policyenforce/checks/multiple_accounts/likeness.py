"""What two applications are merely alike in, and what they tell differently."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from policyenforce.checks.multiple_accounts import contacts, names
from policyenforce.checks.multiple_accounts.identifiers import Identifier, identifiers_of
from policyenforce.checks.multiple_accounts.remembering import remembered
from policyenforce.model.facts.registration import Address, ApplicationReceived
from policyenforce.policy.relations import GROUPS

_WEAKER: dict[str, tuple[tuple[str, Callable[[str], str | None]], ...]] = {
    "email": (("mailbox_name", contacts.mailbox_name),),
    "ip": (("network_block", contacts.network_block),),
    "company": (("company_core", names.company_core),),
    "person": (("person_core", names.person_core),),
}


def alike(one: ApplicationReceived, other: ApplicationReceived) -> tuple[str, ...]:
    """The kinds of likeness that two applications show, in a fixed order.

    >>> from datetime import UTC, datetime
    >>> then = datetime(2019, 10, 4, tzinfo=UTC)
    >>> told = [ApplicationReceived(id=m, at=then, user_id=m, kind="person", emails=(m,))
    ...         for m in ("ana.li88@one.example", "anali88@two.example")]
    >>> alike(*told)
    ('mailbox_name',)
    """
    return tuple(sorted({kind for kind, _ in _all_weaker(one) & _all_weaker(other)}))


def differs(one: ApplicationReceived, other: ApplicationReceived) -> tuple[str, ...]:
    """The groups of which both tell something; whether anything of it agrees is for the score."""
    both = _told(one) & _told(other)
    groups = tuple(group for group, kinds in GROUPS.items() if kinds[0] in both)
    countries = names.country(one.country), names.country(other.country)
    return (*groups, "country") if None not in countries and len({*countries}) > 1 else groups


@remembered
def _told(application: ApplicationReceived) -> frozenset[str]:
    return frozenset(kind for kind, _ in identifiers_of(application))


@remembered
def _all_weaker(application: ApplicationReceived) -> frozenset[Identifier]:
    return frozenset(_weaker(application))


def _weaker(application: ApplicationReceived) -> Iterator[Identifier]:
    for kind, value in identifiers_of(application):
        for weaker, spelt in _WEAKER.get(kind, ()):
            found = spelt(value)
            if found is not None:
                yield weaker, found
    for place in _places(application):
        country = names.country(place.country or application.country)
        for line in place.lines:
            door = names.premises(line, place.postcode, country)
            if door is not None:
                yield "premises", door
        code = names.postcode(place.postcode, country)
        if code is not None:
            yield "postcode", code


def _places(application: ApplicationReceived) -> Iterator[Address]:
    yield from application.addresses
    if application.entity is not None:
        for place in (application.entity.principal_place, application.entity.registered_address):
            if place is not None:
                yield place
