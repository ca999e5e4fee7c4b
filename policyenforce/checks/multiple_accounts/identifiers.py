"""The identifiers a fact bears: normalised, so that equal ones are spelt alike.

INVARIANT: a value that says nothing (missing, empty, a filler such as ``n/a``) gives no
identifier at all. Null is not a value, and links nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from policyenforce.checks.multiple_accounts import contacts, names, registers
from policyenforce.checks.multiple_accounts.remembering import remembered
from policyenforce.checks.multiple_accounts.spelling import (
    UNVERIFIED,
    compact,
    is_filler,
    is_run,
    plain,
    says_nothing,
)
from policyenforce.errors import InputError, TermsError
from policyenforce.model.fact import Fact
from policyenforce.model.facts.procedure import DeadlinePassed
from policyenforce.model.facts.registration import (
    AccountOpened,
    ApplicationReceived,
    ApprovalGranted,
    ApprovalRevoked,
    ApprovalScope,
    DetailsAmended,
    Entity,
    SignalObserved,
    UserKind,
)
from policyenforce.model.facts.sessions import Network, SessionActive, SignedIn
from policyenforce.model.questions import Mark
from policyenforce.privacy.retention import FRAUD_PREVENTION, may_use

Identifier = tuple[str, str]
"""A kind and a normalised value: ``("email", "ana@example.com")``."""

APPROVAL_EXPIRED = "approval_expired"
"""The deadline that comes when an approval's notice and grace are over (T22)."""

NO_DEVICE = frozenset(
    {"004999010640000", "020000000000", "9774D56D682E549C", "FALSE", "OBJECTOBJECT", "TRUE"}
)
"""What whole series of devices and faulty scripts report as an id, without marks between."""

_CLEAN = (None, Network.FIXED, Network.OFFICE)
_BEARING = (ApplicationReceived, SignalObserved, DetailsAmended, SignedIn, SessionActive)
IDENTIFIED = (*_BEARING, AccountOpened)
"""The facts that can bear an identifier, or what an approval could name."""
OF_APPROVALS = (ApprovalGranted, ApprovalRevoked, DeadlinePassed)
"""The facts that can say something of an approval."""
_SECURITY = frozenset(
    {
        None, "identity", "eligibility", "registration", "account_security", "transaction_risk",
        "fraud_prevention", "risk_monitoring", "kyc", "anti_money_laundering",
        "background_checks",
    }
)  # fmt: skip
"""Purposes that relating accounts is compatible with; a signal kept for marketing is not."""


def _opaque(value: str, country: str | None = None) -> str | None:
    letters = compact(value)
    nobody = letters in NO_DEVICE or is_filler(letters) or is_run(letters)
    return None if nobody else value.casefold()


def _tail(value: str, country: str | None = None) -> str | None:
    number = normalise("phone", value, country)
    return None if number is None else contacts.phone_tail(number)


_NORMALISERS: dict[str, Callable[[str, str | None], str | None]] = {
    "email": contacts.email,
    "phone": contacts.phone,
    "phone_tail": _tail,
    "device": _opaque,
    "cookie": _opaque,
    "ip": contacts.ip,
    "card": registers.card,
    "bank": registers.bank,
    "registration": registers.registration,
    "tax": registers.tax,
    "company": names.company,
    "person": names.person,
    "address": names.address,
}
KINDS = tuple(_NORMALISERS)
"""Every kind of identifier, in the order evidence is told."""
_PLACES = {kind: place for place, kind in enumerate(KINDS)}


@lru_cache(maxsize=4096)
def normalise(kind: str, value: str | None, country: str | None = None) -> str | None:
    """The one spelling of a value, or None when it says nothing.

    ``country`` (ISO 3166 alpha-2) reads national numbers. A value that cannot be verified comes
    back with ``~`` in front. Raises InputError for an unknown kind.

    >>> normalise("email", "Ana@Example.com"), normalise("phone", "n/a"), normalise("tax", None)
    ('ana@example.com', None, None)
    """
    normaliser = _NORMALISERS.get(kind)
    if normaliser is None:
        raise InputError(f"`{kind[:40]}` is no kind of identifier", hint=", ".join(KINDS))
    if value is None or says_nothing(value := plain(value).lstrip(f"{UNVERIFIED} ")):
        return None
    found = normaliser(value, names.country(country))
    return found if found and any(map(str.isalnum, found)) else None


def identifiers_of(fact: Fact) -> tuple[Identifier, ...]:
    """The identifiers a fact bears, each once, in a fixed order; empty for most facts.

    Addresses of unclean networks (mobile, VPN, hosting) are left out, and so are signals whose
    privacy version does not allow this use.
    """
    return _identifiers(fact) if isinstance(fact, _BEARING) else ()


@remembered
def _identifiers(fact: Fact) -> tuple[Identifier, ...]:
    found = dict.fromkeys(
        (kind, normalised)
        for kind, value, country in _with_tails(_raw(fact))
        if (normalised := normalise(kind, value, country)) is not None
    )
    if isinstance(fact, ApplicationReceived) and fact.entity is not None:
        found.update(dict.fromkeys(_head_office(fact.entity)))
    return tuple(sorted(found, key=lambda i: (_PLACES[i[0]], i[1])))


def identifiers_among(fact: ApplicationReceived, kinds: frozenset[str]) -> Iterator[Identifier]:
    """The identifiers of an application that are of these kinds; no other one is spelt."""
    for kind, value, country in _with_tails(_raw(fact)):
        if kind in kinds:
            normalised = normalise(kind, value, country)
            if normalised is not None:
                yield kind, normalised
    if "registration" in kinds and fact.entity is not None:
        yield from _head_office(fact.entity)


def identifier_marks(fact: Fact, subject: str) -> Iterator[Mark]:
    """The index rows by which later facts find who bears the same identifiers.

    The holder is the account, else the User with its application, else the User; ``subject``
    where the fact names none of them. Applications and accounts also stand under what an
    approval could name, so that a late approval finds them.
    """
    holder = _holder(fact) or subject
    for kind, value in identifiers_of(fact):
        yield Mark(kind, value, holder, "holder")
    if isinstance(fact, (ApplicationReceived, AccountOpened)):
        for name in approvable(fact):
            yield Mark("approved", name, fact.id, "holder")


def approvable(fact: Fact) -> tuple[str, ...]:
    """The ids and numbers of a fact by which an approval may name it or its User."""
    entity = getattr(fact, "entity", None)
    numbers = (entity.registration_number, entity.branch_of) if entity else ()
    ids = [getattr(fact, name, None) for name in ("user_id", "account_id", "application_id")]
    bare = [registers.without_country(number) for number in numbers if number]
    return tuple(dict.fromkeys(name for name in (*ids, *numbers, *bare) if name))


def marks_of_approval(fact: Fact, granted: ApprovalGranted | None = None) -> Iterator[Mark]:
    """The index rows by which the subjects of an approval find it, and its revocation.

    A revocation names no subjects, so whoever indexes it hands in what was ``granted``. A
    deadline bears the key of the approval it concerns.
    """
    if isinstance(fact, DeadlinePassed) and fact.deadline == APPROVAL_EXPIRED:
        yield Mark("approval", fact.concerns, fact.id)
    if isinstance(fact, ApprovalGranted):
        granted = fact
    if granted is None or not isinstance(fact, (ApprovalGranted, ApprovalRevoked)):
        return
    keys: dict[tuple[str, str], None] = {}
    for subject in granted.subjects:
        keys.update(dict.fromkeys(_approval_keys(granted.scope, subject)))
    for kind, value in keys:
        yield Mark(kind, value, fact.id)


def _approval_keys(scope: ApprovalScope, subject: str) -> Iterator[Identifier]:
    if scope is not ApprovalScope.INFRASTRUCTURE:
        yield "approved", subject
        if scope is ApprovalScope.ENTITY and registers.without_country(subject):
            yield "approved", registers.without_country(subject)
        return
    named, _, told = subject.partition(":")
    for kind, value, country in _with_tails([(named, told, None)]):
        if kind in _NORMALISERS and (normalised := normalise(kind, value, country)) is not None:
            yield kind, normalised


def _holder(fact: Fact) -> str | None:
    if isinstance(fact, ApplicationReceived) and fact.application_id is not None:
        # Two Users may number their applications alike.
        return f"{fact.user_id}/{fact.application_id}"
    for name in ("account_id", "application_id", "user_id"):
        holder: str | None = getattr(fact, name, None)
        if holder is not None:
            return holder
    return None


Raw = tuple[str, str | None, str | None]


def _raw(fact: Fact) -> Iterator[Raw]:
    if isinstance(fact, ApplicationReceived):
        yield from _of_application(fact)
    elif isinstance(fact, SignalObserved):
        if _usable(fact):
            yield fact.kind.value, fact.value, None
    elif isinstance(fact, DetailsAmended):
        yield from ((kind, fact.changed.get(kind), None) for kind in KINDS)
    elif isinstance(fact, (SignedIn, SessionActive)):
        yield "device", fact.device_id, None
        if isinstance(fact, SignedIn):
            yield "cookie", fact.cookie_id, None
        if fact.network in _CLEAN:
            yield "ip", fact.ip, None


def _with_tails(raw: Iterable[Raw]) -> Iterator[Raw]:
    """Each value, and beside a telephone number its last digits."""
    for kind, value, country in raw:
        yield kind, value, country
        if kind == "phone":
            yield "phone_tail", value, country


def _of_application(fact: ApplicationReceived) -> Iterator[Raw]:
    country = fact.country
    for kind, values in (
        ("email", fact.emails),
        ("phone", fact.phones),
        ("card", fact.card_tokens),
        ("bank", fact.bank_accounts),
    ):
        yield from ((kind, value, country) for value in values)
    yield "device", fact.device_id, None
    yield "cookie", fact.cookie_id, None
    yield "ip", fact.ip, None
    if fact.first_name and fact.last_name:
        yield "person", f"{fact.first_name} {fact.last_name}", country
    if fact.representative is not None:
        yield "person", fact.representative.name, country
    for place in fact.addresses:
        yield "address", names.written(place), place.country or country
    if fact.entity is not None:
        yield from _of_entity(fact.entity, fact.kind)


def _of_entity(entity: Entity, kind: UserKind) -> Iterator[Raw]:
    yield "company", entity.legal_name, None
    for place in (entity.principal_place, entity.registered_address):
        if place is not None:
            yield "address", names.written(place), place.country
    # A person who names an employer is a colleague of its staff, and not that entity (T21).
    if kind is not UserKind.PERSON:
        yield "registration", entity.registration_number, entity.registration_country
        yield "tax", entity.tax_id, entity.registration_country


def _head_office(entity: Entity) -> Iterator[Identifier]:
    """The head office's number: a branch without its own goes by it, another one points to it."""
    head = normalise("registration", entity.branch_of, entity.registration_country)
    if head is not None:
        own = normalise("registration", entity.registration_number, entity.registration_country)
        yield "registration", head if own is None else registers.BRANCH + head


def _usable(signal: SignalObserved) -> bool:
    if signal.purpose not in _SECURITY:
        return False
    if signal.policy_version is None:
        return True
    try:
        return may_use(signal.kind.value, signal.policy_version, FRAUD_PREVENTION)
    except TermsError:
        return False
