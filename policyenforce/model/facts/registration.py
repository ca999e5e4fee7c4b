"""Facts of registration (1, 2, 4.1, 5.1–5.8): applications, accounts, approvals, relations."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from attrs import field, frozen

from policyenforce.model.fact import Fact, fact, key, personal, renamed, values


class UserKind(str, Enum):
    """What a User is; only an entity has an inside (4.3, 4.5)."""

    PERSON = "person"
    SOLE_TRADER = "sole_trader"
    ENTITY = "entity"


class SignalKind(str, Enum):
    """The identifiers that may show two accounts in one hand."""

    EMAIL = "email"
    PHONE = "phone"
    DEVICE = "device"
    COOKIE = "cookie"
    IP = "ip"
    CARD = "card"
    BANK = "bank"
    REGISTRATION = "registration"
    TAX = "tax"


class ApprovalScope(str, Enum):
    """What an approval under 4.1 covers."""

    ACCOUNTS = "accounts"
    APPLICATIONS = "applications"
    ENTITY = "entity"
    INFRASTRUCTURE = "infrastructure"


class Affiliation(str, Enum):
    """How a person or entity stands to a User (5.4(d), 5.6(k))."""

    DIRECTOR = "director"
    OFFICER = "officer"
    CONTROLLER = "controller"
    AFFILIATE = "affiliate"
    BRANCH = "branch"
    FAMILY = "family"


@frozen(kw_only=True)
class Address:
    """A postal address; ``country`` is an ISO 3166 alpha-2 code."""

    lines: tuple[str, ...] = field(default=(), repr=False)
    city: str | None = field(default=None, repr=False)
    postcode: str | None = field(default=None, repr=False)
    country: str | None = None


@values
class Entity:
    """A business: its register, tax number and places (5.1(c), 5.2).

    ``branch_of`` is the registration number or user id of the head office.
    """

    legal_name: str | None = personal(default=None)  # it may be a person's own name
    registration_number: str | None = None
    registration_country: str | None = None
    tax_id: str | None = None
    branch_of: str | None = None
    principal_place: Address | None = personal(default=None)
    registered_address: Address | None = personal(default=None)
    head_office: Address | None = personal(default=None)


@frozen(kw_only=True)
class Representative:
    """Who accepts the Terms for an entity; ``authority`` is None while unknown (5.1(a))."""

    name: str = field(repr=False)
    role: str | None = None
    authority: bool | None = None


@frozen(kw_only=True)
class Referee:
    """A business referee and the three consents of 5.8; None means not stated."""

    name: str = field(repr=False)
    consent_to_act: bool | None = None
    consent_to_publish: bool | None = None
    consent_to_contact: bool | None = None
    letters_true: bool | None = None


@fact("application_received", rank=10, about="user_id")
class ApplicationReceived(Fact):
    """A User asks to be registered (2.2, 4.1)."""

    user_id: str
    application_id: str | None = key("application", default=None)
    kind: UserKind
    country: str | None = None
    residence: str | None = None
    access_country: str | None = None
    first_name: str | None = personal(default=None)
    last_name: str | None = personal(default=None)
    birth_date: date | None = personal(default=None)
    entity: Entity | None = None
    representative: Representative | None = personal(default=None)
    emails: tuple[str, ...] = personal(default=())
    phones: tuple[str, ...] = personal(default=())
    addresses: tuple[Address, ...] = personal(default=())
    device_id: str | None = personal(default=None)
    cookie_id: str | None = personal(default=None)
    ip: str | None = personal(default=None)
    card_tokens: tuple[str, ...] = personal(default=())
    bank_accounts: tuple[str, ...] = personal(default=())
    business_use: bool | None = None
    referees: tuple[Referee, ...] = personal(default=())


@fact("application_withdrawn", rank=11, about="user_id")
class ApplicationWithdrawn(Fact):
    """The User takes the application back."""

    user_id: str
    application_id: str | None = key("application", default=None)


@fact("account_opened", rank=12, about="user_id")
class AccountOpened(Fact):
    """An account is assigned (4.2); from now on the User is a Member.

    ``memberships`` names the site families the account is registered on.
    """

    user_id: str
    account_id: str
    application_id: str | None = key("application", default=None)
    memberships: tuple[str, ...] = ()


@fact("account_closed", rank=80)
class AccountClosed(Fact):
    """The Member closes the account; not a measure of the platform."""

    account_id: str


@fact("details_amended", rank=20)
class DetailsAmended(Fact):
    """The Member changes what it told (5.2(b)); ``true_since`` is when the change came about."""

    account_id: str
    changed: dict[str, str] = personal()
    true_since: datetime | None = None


@fact("signal_observed", rank=21)
class SignalObserved(Fact):
    """A further identifier is seen on an account, with what shows its legal basis."""

    account_id: str
    kind: SignalKind
    value: str = personal()
    collected_at: datetime | None = None
    policy_version: str | None = None
    purpose: str | None = None
    legal_basis: str | None = None


@fact("terms_accepted", rank=13)
class TermsAccepted(Fact):
    """The Member accepts a version of the Terms, or goes on using the Sites after it (1.3)."""

    account_id: str
    terms_version: str
    in_writing_by: str | None = None


@fact("approval_granted", rank=5, about=None)
class ApprovalGranted(Fact):
    """More than one account is allowed (4.1/s2), from–until, by an officer (1.6).

    ``subjects`` are account, application or user ids, registration numbers, or, for
    infrastructure, identifiers written ``kind:value`` (``ip:192.0.2.1``).
    """

    approval_id: str = key("approval")
    scope: ApprovalScope
    subjects: tuple[str, ...] = personal()
    signer: str
    role: str
    from_: datetime = renamed("from")
    until: datetime | None = None
    in_writing: bool = True


@fact("approval_revoked", rank=6, about=None)
class ApprovalRevoked(Fact):
    """An approval is taken back."""

    approval_id: str = key("approval")
    by: str
    reason: str = ""


@fact("authorised_user_changed", rank=14)
class AuthorisedUserChanged(Fact):
    """A person may act, or no longer, on an entity's account (reading T21)."""

    account_id: str
    person_id: str = key("authorised")
    person_name: str | None = personal(default=None)
    from_: datetime = renamed("from")
    until: datetime | None = None
    successor: bool = False


@fact("affiliation_declared", rank=15, about="user_id")
class AffiliationDeclared(Fact):
    """A User names a director, officer, controller, affiliate, branch or relative."""

    user_id: str
    affiliate_id: str = key("affiliate")
    relation: Affiliation


@fact("users_linked", rank=7, about="user_id")
class UsersLinked(Fact):
    """A person finds that two Users are one; their streams are read as one from now on."""

    user_id: str
    other_user_id: str = key("user_pair")
    by: str
    reason: str = ""


@fact("users_separated", rank=8, about="user_id")
class UsersSeparated(Fact):
    """A person finds that two Users are not one; they stay apart."""

    user_id: str
    other_user_id: str = key("user_pair")
    by: str
    reason: str = ""
