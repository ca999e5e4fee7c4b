"""Facts of procedure: what people decided, filed, sent and asked for (6.1–6.5, 11.2)."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from attrs import frozen

from policyenforce.model.fact import Fact, fact, key, personal, values
from policyenforce.model.facts.dealings import Money
from policyenforce.terms.gates import Power, Standard


@frozen
class Actor:
    """Whoever acts for the platform; which role may use which verb is a house rule."""

    id: str
    kind: str = "person"
    roles: tuple[str, ...] = ()


class MeasureKind(str, Enum):
    """Protection without blame."""

    FORCE_REAUTHENTICATION = "force_reauthentication"
    HOLD_CONTENT = "hold_content"
    PAUSE_PAYOUTS = "pause_payouts"
    DENY_SERVICE = "deny_service"


class CaseAct(str, Enum):
    """What is done with a case, apart from deciding in it."""

    OPEN = "open"
    ASSIGN = "assign"
    SNOOZE = "snooze"


class Verdict(str, Enum):
    """What a reviewer does with a proposed decision or an open case."""

    APPROVE = "approve"
    REJECT = "reject"
    AMEND = "amend"
    CLOSE = "close"


class AppealResult(str, Enum):
    """What an appeal does to the grounds it names."""

    UPHOLD = "uphold"
    VARY = "vary"
    OVERTURN = "overturn"


class Channel(str, Enum):
    """How a notice travels; SMS and in-app are not among 11.2's channels (T15)."""

    HAND = "hand"
    COURIER = "courier"
    CERTIFIED_MAIL = "certified_mail"
    FAX = "fax"
    EMAIL = "email"
    PUBLIC_POSTING = "public_posting"
    SMS = "sms"
    IN_APP = "in_app"


class Requester(str, Enum):
    """Who asks for data under 6.4."""

    GOVERNMENT = "government"
    REGULATOR = "regulator"
    POLICE = "police"
    COURT = "court"
    INJURED_THIRD_PARTY = "injured_third_party"
    PRIVATE_INVESTIGATOR = "private_investigator"


class SubjectRight(str, Enum):
    """What a person may ask about its own data."""

    ACCESS = "access"
    CORRECT = "correct"
    ERASE = "erase"
    RESTRICT = "restrict"
    OBJECT = "object"
    PORT = "port"
    WITHDRAW_CONSENT = "withdraw_consent"


@values
class ChosenAction:
    """An action a reviewer puts in place of the proposed ones; ``days`` None is open-ended.

    To modify content it names the fields it rewrites (``title``, ``description``, or one of the
    content's own) and, in ``after``, what each says afterwards; ``modifies`` may be left out where
    ``after`` is given, and stays where the text is erased.
    """

    power: Power
    power_clause: str
    days: int | None = None
    capabilities: tuple[str, ...] = ()
    modifies: tuple[str, ...] = ()
    after: dict[str, str] = personal(default={})

    def __attrs_post_init__(self) -> None:
        given: object = self.after  # what else it may be is refused when it is written
        if isinstance(given, dict) and all(isinstance(name, str) for name in given):
            object.__setattr__(self, "modifies", self.modifies or tuple(sorted(given)))


@fact("finding_confirmed", rank=70)
class FindingConfirmed(Fact):
    """A person reaches a standard on a finding; this is how a finding becomes a ground.

    With ``actions`` the person decides by hand: they stand in the place of the house's responses.
    """

    account_id: str
    finding_id: str = key("finding")
    standard: Standard
    by: Actor
    reason: str
    actions: tuple[ChosenAction, ...] = ()


@fact("finding_refuted", rank=71)
class FindingRefuted(Fact):
    """A person finds that it is not so; the refutation becomes a precedent."""

    account_id: str
    finding_id: str = key("finding")
    by: Actor
    reason: str


@fact("review_recorded", rank=72)
class ReviewRecorded(Fact):
    """A person approves, amends or rejects a proposed decision, or closes a case.

    With ``related_to`` a person applies a decision on another account to this related one
    (6.2(i)); ``evidence`` then says what the relation rests on, and ``clause`` which ground of
    that decision is meant. Its standard is the one reached there, whatever is said here. ``plan``
    names the cascade that was approved as a whole.
    """

    account_id: str
    decision_id: str | None = key("decision", default=None)
    case_id: str | None = key("case", default=None)
    verdict: Verdict
    by: Actor
    reason: str
    actions: tuple[ChosenAction, ...] = ()
    clause: str | None = None
    standard: Standard | None = None
    related_to: str | None = key("related", default=None)
    evidence: tuple[str, ...] = ()
    plan: str | None = key("plan", default=None)


@fact("appeal_filed", rank=73)
class AppealFiled(Fact):
    """The Member asks for another look at a decision."""

    account_id: str
    appeal_id: str = key("appeal")
    decision_id: str = key("decision")
    statement: str | None = personal(default=None)


@fact("appeal_decided", rank=74)
class AppealDecided(Fact):
    """Somebody who did not take the decision decides on its grounds.

    ``clauses`` are the grounds concerned; empty means all of them.
    """

    account_id: str
    appeal_id: str = key("appeal")
    decision_id: str = key("decision")
    result: AppealResult
    clauses: tuple[str, ...] = ()
    by: Actor
    reason: str


@fact("notice_sent", rank=75)
class NoticeSent(Fact):
    """The platform can show that a notice was sent, and how (11.2(a)).

    ``proof`` names the record that shows it.
    """

    account_id: str
    decision_id: str = key("decision")
    channel: Channel
    address: str | None = personal(default=None)
    proof: str | None = None


@fact("notice_failed", rank=76)
class NoticeFailed(Fact):
    """A notice bounced or was deferred."""

    account_id: str
    decision_id: str = key("decision")
    channel: Channel
    reason: str


@fact("notice_deferred", rank=89)
class NoticeDeferred(Fact):
    """A person puts a notice off until an instant, for a legal reason."""

    account_id: str
    decision_id: str = key("decision")
    until: datetime
    legal_reason: str
    by: Actor
    reason: str


@fact("action_applied", rank=77)
class ActionApplied(Fact):
    """The platform answers that an action is carried out."""

    account_id: str
    decision_id: str = key("decision")
    power: Power


@fact("action_failed", rank=78)
class ActionFailed(Fact):
    """The platform answers that an action could not be carried out."""

    account_id: str
    decision_id: str = key("decision")
    power: Power
    reason: str


@fact("disclosure_requested", rank=79)
class DisclosureRequested(Fact):
    """Somebody asks for a Member's data (6.4)."""

    account_id: str
    request_id: str = key("request")
    requester: Requester
    requester_name: str | None = personal(default=None)
    legal_basis: str | None = None
    items: tuple[str, ...] = ()
    consent: bool = False


@fact("decision_reversed", rank=85)
class DecisionReversed(Fact):
    """A person takes a decision back, as one of those a plan names: a bad rule, or a cascade.

    ``plan`` names what was approved as a whole. Nothing is found not to be so by it: the same
    conduct may be decided on again.
    """

    account_id: str
    decision_id: str = key("decision")
    plan: str = key("plan")
    by: Actor
    reason: str


@fact("authority_order_received", rank=81)
class AuthorityOrderReceived(Fact):
    """A court or authority orders something done by a date; a basis for a protective measure."""

    account_id: str
    order_ref: str
    authority: str
    requires: str
    until: datetime | None = None


@fact("legal_hold_set", rank=82)
class LegalHoldSet(Fact):
    """Nothing of this User may be erased for now."""

    account_id: str
    hold_id: str = key("hold")
    reason: str


@fact("legal_hold_lifted", rank=83)
class LegalHoldLifted(Fact):
    """The hold ends."""

    account_id: str
    hold_id: str = key("hold")


@fact("subject_request_received", rank=84)
class SubjectRequestReceived(Fact):
    """A person uses a right over its own data."""

    account_id: str
    request_id: str = key("request")
    right: SubjectRight


@fact("case_handled", rank=86)
class CaseHandled(Fact):
    """A person opens a case, hands it to somebody, or lets it rest until an instant."""

    account_id: str
    case_id: str | None = key("case", default=None)
    act: CaseAct
    by: Actor
    reason: str
    to: str | None = None
    until: datetime | None = None


@fact("conflict_declared", rank=69)
class ConflictDeclared(Fact):
    """Somebody has an interest in this User, and takes no part in what is decided on it."""

    account_id: str
    person: str
    by: Actor
    reason: str


@fact("protection_ordered", rank=87)
class ProtectionOrdered(Fact):
    """A person orders a protective measure, with its basis and its end; it blames nobody.

    ``target`` is the content that is held. To pause pay-outs takes an ``amount`` (T26).
    """

    account_id: str
    measure: MeasureKind
    basis: str
    until: datetime
    by: Actor
    reason: str
    target: str | None = None
    amount: Money | None = None


@fact("protection_lifted", rank=88)
class ProtectionLifted(Fact):
    """A person ends a protective measure before its time."""

    account_id: str
    measure_id: str = key("measure")
    by: Actor
    reason: str


@fact("deadline_passed", rank=90)
class DeadlinePassed(Fact):
    """An instant that matters has come; recorded by ``due``, idempotent by its id.

    That a decision which others rest on has fallen is told in the same way, by ``record``.
    """

    account_id: str
    deadline: str
    concerns: str = key("deadline")
