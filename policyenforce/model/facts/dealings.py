"""Facts of dealings and conduct (5.2, 5.6–5.9, 6.3, 6.5, 7.5).

Orders, complaints, payments, information asked for and supplied, reports.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from attrs import frozen

from policyenforce.errors import FactError
from policyenforce.model.fact import Fact, fact, key, personal
from policyenforce.model.findings import Severity
from policyenforce.terms.gates import Standard


@frozen
class Money:
    """An amount in a currency (ISO 4217); the amount is a decimal string in files."""

    amount: Decimal
    currency: str

    def __attrs_post_init__(self) -> None:
        if not self.amount.is_finite():
            raise FactError("an amount must be a finite number", where="amount")
        if len(self.currency) != 3 or not self.currency.isupper():
            raise FactError("a currency is three capital letters", where="currency", hint="`USD`")


class Allegation(str, Enum):
    """What a complaint says."""

    NON_DELIVERY = "non_delivery"
    NOT_AS_DESCRIBED = "not_as_described"
    NON_PAYMENT = "non_payment"
    OTHER = "other"


class Resolution(str, Enum):
    """How a complaint ended."""

    UPHELD = "upheld"
    REJECTED = "rejected"
    SETTLED = "settled"


class PaymentFlag(str, Enum):
    """Why a payment was flagged (6.3(b))."""

    STOLEN_CARD = "stolen_card"
    FALSE_INFORMATION = "false_information"


class RequestPurpose(str, Enum):
    """What information is asked for: a transaction is 7.5, all else 5.9 or 5.2."""

    TRANSACTION = "transaction"
    BREACH = "breach"
    SERVICE = "service"
    COMPLAINT = "complaint"
    REGISTRATION = "registration"


class Dishonesty(str, Enum):
    """Whether the breach an affiliate reports involves dishonesty or fraud (6.5)."""

    NONE = "none"
    SUSPECTED = "suspected"
    ESTABLISHED = "established"


class RestrictionKind(str, Enum):
    """The restrictions of 5.4(d) and the narrower ones of 5.6(k) (T6)."""

    TRADE = "trade"
    LEGAL = "legal"
    ECONOMIC = "economic"
    FRAUD = "fraud"


class RestrictedParty(str, Enum):
    """Who is on the list: the Member, somebody close to it, or a place."""

    MEMBER = "member"
    DIRECTOR = "director"
    OFFICER = "officer"
    CONTROLLER = "controller"
    AFFILIATE = "affiliate"
    JURISDICTION = "jurisdiction"


@fact("transaction_recorded", rank=52)
class TransactionRecorded(Fact):
    """An order between two accounts; ``account_id`` sells. Times are None until they happen."""

    account_id: str
    order_id: str = key("order")
    buyer_id: str = key("names")
    amount: Money
    paid_at: datetime | None = None
    delivered_at: datetime | None = None
    due_at: datetime | None = None


@fact("complaint_received", rank=54)
class ComplaintReceived(Fact):
    """A third party complains about ``account_id`` (6.3(a)).

    ``willful`` and ``material`` are None while nobody has looked; ``standard`` is what the
    person who looked has reached, if anyone.
    """

    account_id: str
    complaint_id: str = key("complaint")
    complainant_id: str = key("names")
    order_id: str | None = key("order", default=None)
    allegation: Allegation
    willful: bool | None = None
    material: bool | None = None
    confidence: float = 0.5
    standard: Standard | None = None
    details: str | None = personal(default=None)


@fact("complaint_answered", rank=55)
class ComplaintAnswered(Fact):
    """The Member answers; ``proof_of_performance`` when it shows delivery or conformity."""

    account_id: str
    complaint_id: str = key("complaint")
    proof_of_performance: bool = False


@fact("complaint_resolved", rank=56)
class ComplaintResolved(Fact):
    """A person closes the complaint, having found whether the failure was willful or material."""

    account_id: str
    complaint_id: str = key("complaint")
    resolution: Resolution
    willful: bool = False
    material: bool = False
    standard: Standard = Standard.BELIEF
    resolved_by: str


@fact("payment_flagged", rank=57)
class PaymentFlagged(Fact):
    """A payment looks wrong (6.3(b)); false information counts in the deal of ``order_id``."""

    account_id: str
    order_id: str | None = key("order", default=None)
    flag: PaymentFlag
    confidence: float = 0.7
    confirmed_by: str | None = None


@fact("information_challenged", rank=60)
class InformationChallenged(Fact):
    """Something the Member told is doubted (6.3(c)); a doubt is suspicion, never more."""

    account_id: str
    topic: str = key("topic")
    confidence: float = 0.6
    challenged_by: str
    user_content: bool = False


@fact("information_verified", rank=61)
class InformationVerified(Fact):
    """A person or register checked it: ``true`` or not (5.2(a))."""

    account_id: str
    topic: str = key("topic")
    true: bool
    verified_by: str
    false_since: datetime | None = None


@fact("information_requested", rank=62)
class InformationRequested(Fact):
    """The platform asks, with a due date that leaves time to answer (5.2, 5.9, 7.5)."""

    account_id: str
    request_id: str = key("request")
    purpose: RequestPurpose
    due_at: datetime
    items: tuple[str, ...] = ()
    order_id: str | None = key("order", default=None)


@fact("information_supplied", rank=63)
class InformationSupplied(Fact):
    """The User answers a request, wholly or in part."""

    account_id: str
    request_id: str = key("request")
    complete: bool = True


@fact("conduct_reported", rank=58)
class ConductReported(Fact):
    """Conduct against a duty of 3, 5.6-5.8, 5.12 or 12.6, as a person or system saw it.

    An account that was not kept secure (4.3/s1) too, once fault is proved: at FACT.

    ``standard`` is what the reporter attests, or None when only ``confidence`` speaks.
    ``permission`` names a written permission or approval that covers it (3.2, 1.6).
    """

    account_id: str
    clause: str
    reported_by: str
    confidence: float = 0.5
    standard: Standard | None = None
    severity: Severity = Severity.MINOR
    target: str | None = None
    permission: str | None = key("approval", default=None)
    details: str | None = personal(default=None)


@fact("affiliate_notice_received", rank=64)
class AffiliateNoticeReceived(Fact):
    """An affiliate gives notice that the Member breached an agreement with it (6.5).

    Of dishonesty that is only suspected, ``confidence`` says how surely it is.
    """

    account_id: str
    affiliate: str
    agreement: str
    dishonesty: Dishonesty = Dishonesty.NONE
    confidence: float = 0.7


@fact("restriction_matched", rank=65)
class RestrictionMatched(Fact):
    """A list of restrictions names the Member or one close to it (5.4(d), 5.6(k))."""

    account_id: str
    kind: RestrictionKind
    party: RestrictedParty
    list_name: str
    list_date: date
    confidence: float = 0.8
    identity_confirmed_by: str | None = None


@fact("loss_risk_assessed", rank=66)
class LossRiskAssessed(Fact):
    """A person believes that the Member's actions may cause loss or liability (6.3(d))."""

    account_id: str
    standard: Standard
    at_risk: str
    amount: Money | None = None
    assessed_by: str
    reason: str = ""


@fact("loss_recorded", rank=67)
class LossRecorded(Fact):
    """A loss, with the head it is claimed under (4.5/s2, 6.6, 8.5, 8.6)."""

    account_id: str
    clause: str
    amount: Money


@fact("fee_paid", rank=68)
class FeePaid(Fact):
    """A fee the User paid; the calendar year's sum bounds liability (8.8)."""

    account_id: str
    amount: Money
