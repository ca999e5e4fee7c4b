"""Who may use the Sites at all: age, place, registration, business use (1.2, 2.2, 5.1(b), 5.11)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from policyenforce.checks.answers import Answer, against
from policyenforce.checks.context import Context
from policyenforce.checks.registration.voice import ANSWERS
from policyenforce.errors import TermsError
from policyenforce.model.facts.content import ContentSubmitted
from policyenforce.model.facts.registration import ApplicationReceived, UserKind
from policyenforce.model.findings import Severity
from policyenforce.terms.gates import Standard, Trigger

EIGHTEEN = 18
_EARLIEST_ZONE = timedelta(hours=14)
_SEEN_FROM = 0.8  # where a connection seems to come from is observed, not stated


def age_on(born: date, at: datetime) -> int:
    """Whole years lived at an instant; a birthday has come once it has come anywhere on earth.

    >>> age_on(date(2001, 10, 4), datetime(2019, 10, 3, 12, tzinfo=UTC))
    18
    """
    today = (at + _EARLIEST_ZONE).astimezone(UTC).date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def of_age(fact: ApplicationReceived, context: Context) -> Iterator[Answer]:
    """1.2(a): old enough for the law of the place of residence; an entity has no age (T19)."""
    if fact.kind is UserKind.ENTITY:
        return
    age = None if fact.birth_date is None else age_on(fact.birth_date, fact.at)
    if age is None or age < 0:
        yield ANSWERS.cannot_tell(
            fact, "1.2(a)", ("birth_date",), "no birth date that lies in the past is known"
        )
        return
    ages = _ages_asked(fact, context)
    if age >= max(ages):
        return
    if age >= min(ages):
        yield ANSWERS.cannot_tell(
            fact, "1.2(a)", ("residence",), "old enough in some places, and the place is not known"
        )
        return
    yield ANSWERS.finding(
        fact,
        "1.2(a)",
        1.0,
        "The applicant is too young to conclude a contract.",
        (against("under_age", f"The birth date given is less than {min(ages)} years ago.", fact),),
        attested=Standard.FACT,
        severity=Severity.SERIOUS,
        triggers=(Trigger.APPLICATION,),
    )


def _ages_asked(fact: ApplicationReceived, context: Context) -> tuple[int, ...]:
    """The age the place of residence asks; every age that some place asks where it is unknown."""
    if context.rules.reading("T19") == "eighteen":
        return (EIGHTEEN,)
    house = context.rules.registration
    place = fact.residence or fact.country
    return tuple(house.minimum_age.values()) if place is None else (house.age_in(place),)


def admitted_by_law(fact: ApplicationReceived, context: Context) -> Iterator[Answer]:
    """1.2(b): neither residence, nor origin, nor the place of access is barred."""
    barred = context.rules.registration.barred_countries
    if not barred:
        return
    places = {
        "residence": ("resident in", fact.residence),
        "country": ("from", fact.country),
        "access_country": ("connecting from", fact.access_country),
    }
    hits = {name: (how, place) for name, (how, place) in places.items() if place in barred}
    if hits:
        stated = bool(hits.keys() - {"access_country"})
        yield ANSWERS.finding(
            fact,
            "1.2(b)",
            1.0 if stated else _SEEN_FROM,
            "The law of a place that counts keeps this User from the Services.",
            [
                against(f"barred_{name}", f"The applicant is {how} {place}, which is barred.", fact)
                for name, (how, place) in hits.items()
            ],
            attested=Standard.FACT if stated else None,
            severity=Severity.SERIOUS,
            triggers=(Trigger.APPLICATION,),
        )
        return
    missing = tuple(name for name, (_, place) in places.items() if place is None)
    if missing:
        yield ANSWERS.cannot_tell(
            fact, "1.2(b)", missing, "a place that counts is not known, and some places are barred"
        )


def for_business(fact: ApplicationReceived, context: Context) -> Iterator[Answer]:
    """5.1(b) and 5.11: business use only, on the site families where that holds (T12)."""
    holds = _business_only(fact.site, context)
    if fact.business_use or holds is False:
        return
    consumer = fact.kind is UserKind.PERSON
    clauses = ("5.1(b)", "5.11") if consumer else ("5.1(b)",)
    if fact.business_use is None or holds is None:
        known = {"business_use": fact.business_use, "site": holds}
        missing = tuple(name for name, value in known.items() if value is None)
        for clause in clauses:
            yield ANSWERS.cannot_tell(
                fact, clause, missing, "whether the Sites will be used for business is not known"
            )
        return
    for clause in clauses:
        yield ANSWERS.finding(
            fact,
            clause,
            1.0,
            "The applicant wants a site that serves businesses for something else.",
            (against("no_business_use", "The application says the use is not business.", fact),),
            attested=Standard.FACT,
            triggers=(Trigger.APPLICATION,),
        )


def _business_only(site: str | None, context: Context) -> bool | None:
    """Whether the rule holds on this site (a host or a family); None when that is unknown."""
    reading = context.rules.reading("T12")
    if reading != "by_site_family":
        return reading == "everywhere"
    if site is None:
        return None
    if site not in context.terms.families:
        try:
            site = context.terms.site_family(site)
        except TermsError:
            return None
    return site in context.rules.registration.business_only_sites


def registered(fact: ContentSubmitted, context: Context) -> Iterator[Answer]:
    """2.2: showing content needs an open registration.

    An account id is the platform's own word that somebody is registered, so only a record that
    contradicts it (an application not accepted, an account closed before) engages the clause.
    """
    history = context.history
    account = next((a for a in history.accounts if a.account_id == fact.account_id), None)
    if account is not None:
        over = account.erased or (account.closed_at is not None and account.closed_at <= fact.at)
        reason = "its account was closed before" if over else None
    elif not history.accounts and history.application in ("waiting", "rejected", "withdrawn"):
        reason = f"its application is {history.application}"
    else:
        reason = None
    if reason is not None:
        yield ANSWERS.finding(
            fact,
            "2.2",
            1.0,
            f"Content is handed in by a User who is not registered: {reason}.",
            (against("not_registered", f"The User is not registered: {reason}.", fact),),
            attested=Standard.FACT,
            target=fact.content.target,
        )
