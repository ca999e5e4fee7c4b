"""Less than a breach that counts as one (6.3(b)–(d)); confirmed fraud (5.6(d)); notices (6.5)."""

from __future__ import annotations

from collections.abc import Iterator

from policyenforce.checks.answers import Answer, against, contrary, in_favour
from policyenforce.checks.context import Context
from policyenforce.checks.dealings.voice import ANSWERS, SURE_BY_STANDARD
from policyenforce.model.evidence import Bearing, Evidence
from policyenforce.model.facts.dealings import (
    AffiliateNoticeReceived,
    Dishonesty,
    InformationChallenged,
    InformationVerified,
    LossRiskAssessed,
    PaymentFlag,
    PaymentFlagged,
    TransactionRecorded,
)
from policyenforce.model.facts.registration import DetailsAmended
from policyenforce.model.findings import Severity
from policyenforce.model.questions import Question
from policyenforce.terms.gates import Standard, Trigger

_AFTER_A_CHECK = 0.5  # what is left of a doubt about something checked and found true before


def order_paid(fact: PaymentFlagged) -> tuple[Question, ...]:
    """The order a flagged payment belongs to."""
    if fact.order_id is None:
        return ()
    return (Question("order", fact.order_id, of=("transaction_recorded",)),)


def flagged(fact: PaymentFlagged, context: Context) -> Iterator[Answer]:
    """6.3(b) on suspicion; 5.6(d) as well once somebody has confirmed a stolen card.

    A stolen card needs no deal; false information counts only in one with a counterparty.
    """
    orders = [t for q in order_paid(fact) for t in context.facts(q, TransactionRecorded)]
    stolen = fact.flag is PaymentFlag.STOLEN_CARD
    if orders and all(fact.account_id not in (t.account_id, t.buyer_id) for t in orders):
        yield _no_deal(fact, "transaction_recorded", "the order on record names others")
        return
    if not orders and not stolen:
        missing = "order_id" if fact.order_id is None else "transaction_recorded"
        yield _no_deal(fact, missing, "no deal is known in which the information was given")
        return
    what = "a stolen card" if stolen else "false or misleading information"
    evidence = [against(fact.flag.value, f"A payment was flagged for {what}.", fact)]
    if orders:
        evidence.append(against("deal", "It belongs to a deal on record.", orders[-1]))
    if fact.confirmed_by:
        evidence.append(against("confirmed", "The flag was confirmed.", fact))
    attested = Standard.FACT if fact.confirmed_by else None
    used = "was used" if fact.confirmed_by else "seems to have been used"
    clauses = ("6.3(b)", "5.6(d)") if stolen and fact.confirmed_by else ("6.3(b)",)
    for clause in clauses:
        yield ANSWERS.finding(
            fact,
            clause,
            fact.confidence,
            f"{'In a deal with a counterparty' if orders else 'In a payment'} {what} {used}.",
            evidence,
            attested=attested,
            severity=Severity.SERIOUS,
            target=fact.order_id,
        )


def _no_deal(fact: PaymentFlagged, missing: str, why: str) -> Answer:
    return ANSWERS.cannot_tell(fact, "6.3(b)", (missing,), why, target=fact.order_id)


def told_asked(fact: InformationChallenged) -> tuple[Question, ...]:
    """What was checked and amended before, in the Member's own stream."""
    return (Question("stream", fact.account_id, of=("information_verified", "details_amended")),)


def challenged(fact: InformationChallenged, context: Context) -> Iterator[Answer]:
    """6.3(c): suspicion about anything told; about User Content only where T24 says so (T7).

    Never 5.2, which asks for a fact that only verification brings.
    """
    if fact.user_content and context.rules.reading("T24") == "excludes_content":
        return
    other_side = tuple(_other_side(fact, context))
    checked = any(item.bearing is Bearing.COUNTER for item in other_side)
    yield ANSWERS.finding(
        fact,
        "6.3(c)",
        fact.confidence * _AFTER_A_CHECK if checked else fact.confidence,
        "Something the Member told is suspected to be outdated, incomplete or untrue.",
        (against("doubt", f"`{fact.topic}` is doubted.", fact), *other_side),
        target=fact.topic,
    )


def _other_side(fact: InformationChallenged, context: Context) -> Iterator[Evidence]:
    """A check found it true and nothing has changed since; or the Member has amended it."""
    true: InformationVerified | None = None
    amended: DetailsAmended | None = None
    (told,) = told_asked(fact)
    for past in context.facts(told, InformationVerified, DetailsAmended):
        if isinstance(past, DetailsAmended):
            if fact.topic in past.changed:
                true, amended = None, past
        elif isinstance(past, InformationVerified) and past.topic == fact.topic:
            true = past if past.true else None
    if true is not None:
        yield contrary("verified_true", f"`{fact.topic}` was checked and found true.", true)
    if amended is not None:
        yield in_favour("amended", f"The Member has amended `{fact.topic}` before.", amended)


def assessed(fact: LossRiskAssessed, context: Context) -> Iterator[Answer]:
    """6.3(d): a person's bare belief that loss or liability may follow."""
    if fact.standard is Standard.NONE:
        return
    if not fact.at_risk.strip():
        yield ANSWERS.cannot_tell(
            fact, "6.3(d)", ("at_risk",), "whom the loss would strike is not said"
        )
        return
    yield ANSWERS.finding(
        fact,
        "6.3(d)",
        SURE_BY_STANDARD[fact.standard],
        "What the Member does may bring loss or liability on somebody else.",
        (against("risk_of_loss", "A person has assessed a risk of loss for others.", fact),),
        attested=fact.standard,
        target=fact.at_risk,
    )


_DISHONEST: dict[Dishonesty, tuple[Standard | None, str]] = {
    Dishonesty.SUSPECTED: (None, "is suspected to involve dishonesty"),
    Dishonesty.ESTABLISHED: (Standard.BELIEF, "involves dishonesty, as the notice has it"),
}


def notified(fact: AffiliateNoticeReceived, context: Context) -> Iterator[Answer]:
    """6.5: notice of a breach toward an affiliate, and dishonesty in it at least suspected.

    Whether a suspicion is a reasonable one, its confidence says. Under T11's stricter reading the
    notice has to come from the affiliate itself.
    """
    limb = _DISHONEST.get(fact.dishonesty)
    if limb is None:
        return
    if context.rules.reading("T11") == "affiliate_itself" and fact.source != fact.affiliate:
        yield ANSWERS.cannot_tell(
            fact,
            "6.5",
            ("affiliate_notice_received",),
            "the notice on record does not come from the affiliate itself",
            target=fact.agreement,
        )
        return
    attested, words = limb
    yield ANSWERS.finding(
        fact,
        "6.5",
        fact.confidence,
        "An affiliate's agreement is reported broken, and dishonesty is at least suspected.",
        (
            against("notice", f"`{fact.affiliate}` reports a broken agreement.", fact),
            against(f"dishonesty_{fact.dishonesty.value}", f"The breach {words}.", fact),
        ),
        attested=attested,
        severity=Severity.SERIOUS,
        target=fact.agreement,
        triggers=(Trigger.AFFILIATE_NOTICE,),
    )
