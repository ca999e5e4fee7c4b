"""A contract not performed (6.3(a)): a complaint, by the other party, and will or weight.

Four conditions, none of which stands for another: somebody complains; that somebody is the
other party of a recorded order (T9); there are grounds to believe it; and the failure is
willful, or material. Goods paid for and overdue are material by the record itself; everything
else needs a person's word. An order that is merely late, with nobody complaining, is not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from attrs import frozen

from policyenforce.checks.answers import Answer, against, contrary, in_favour
from policyenforce.checks.context import Context
from policyenforce.checks.dealings.voice import ANSWERS, SURE_BY_STANDARD
from policyenforce.model.evidence import Evidence
from policyenforce.model.fact import position_of
from policyenforce.model.facts.dealings import (
    Allegation,
    ComplaintAnswered,
    ComplaintReceived,
    ComplaintResolved,
    Resolution,
    TransactionRecorded,
)
from policyenforce.model.findings import Severity
from policyenforce.model.questions import Question
from policyenforce.terms.gates import Standard, Trigger

_BY_RECORD = 0.9  # a complaint that the platform's own record bears out
_ORDERS = 500  # how far back a resolution looks for its order
_SELLERS_PART = frozenset({Allegation.NON_DELIVERY, Allegation.NOT_AS_DESCRIBED})


@frozen
class _Failure:
    """Evidence of a failure with weight, or what is missing to see one; neither is "clear"."""

    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()


def order_asked(fact: ComplaintReceived) -> tuple[Question, ...]:
    """The order a complaint names."""
    if fact.order_id is None:
        return ()
    return (Question("order", fact.order_id, of=("transaction_recorded",)),)


def complaint_asked(fact: ComplaintResolved) -> tuple[Question, ...]:
    """The complaint that is resolved, its answers, and the Member's orders on either side."""
    return (
        Question("complaint", fact.complaint_id, of=("complaint_received", "complaint_answered")),
        Question("stream", fact.account_id, of=("transaction_recorded",), limit=_ORDERS),
        Question("names", fact.account_id, of=("transaction_recorded",), limit=_ORDERS),
    )


def complained(fact: ComplaintReceived, context: Context) -> Iterator[Answer]:
    """6.3(a) as far as the complaint and the record of the order carry it."""
    known = [t for q in order_asked(fact) for t in context.facts(q, TransactionRecorded)]
    order = _order(fact, known)
    if order is None:
        missing = "order_id" if fact.order_id is None else "transaction_recorded"
        yield _unknown(fact, fact, (missing,), "the contract complained about is not known")
        return
    if not _from_counterparty(fact, order, context):
        return
    failure = _failure(fact, order, context)
    if failure.missing:
        why = "neither a person nor the record says whether the failure has weight"
        yield _unknown(fact, fact, failure.missing, why)
    if not failure.evidence:
        return
    by_record = any(item.kind == "overdue" for item in failure.evidence)
    yield ANSWERS.finding(
        fact,
        "6.3(a)",
        max(fact.confidence, _BY_RECORD) if by_record else fact.confidence,
        "The other party complains that the Member did not perform their contract.",
        (*_contract(fact, order), *failure.evidence, *_for_the_member(fact, order, ())),
        attested=fact.standard or None,
        severity=Severity.SERIOUS if fact.willful else Severity.MINOR,
        target=order.order_id,
        triggers=(Trigger.COMPLAINT,),
    )


def resolved(fact: ComplaintResolved, context: Context) -> Iterator[Answer]:
    """6.3(a) as a person left it; nothing where the complaint already said as much."""
    found = fact.willful or fact.material
    if fact.resolution is Resolution.REJECTED or not found or fact.standard is Standard.NONE:
        return
    about, own, named = complaint_asked(fact)
    complaints = context.facts(about, ComplaintReceived)
    complaint = next((c for c in complaints if c.account_id == fact.account_id), None)
    if complaint is None:
        yield _unknown(fact, None, ("complaint_received",), "the complaint is not on record")
        return
    known = (*context.facts(own, TransactionRecorded), *context.facts(named, TransactionRecorded))
    order = _order(complaint, sorted(known, key=position_of))
    if order is None:
        missing = "order_id" if complaint.order_id is None else "transaction_recorded"
        yield _unknown(fact, complaint, (missing,), "the contract complained about is not known")
        return
    if not _from_counterparty(complaint, order, context) or _said_before(fact, complaint):
        return
    yield ANSWERS.finding(
        fact,
        "6.3(a)",
        SURE_BY_STANDARD[fact.standard],
        "A person has found that the Member did not perform a contract.",
        (
            *_contract(complaint, order),
            *_weight(fact),
            *_for_the_member(complaint, order, context.facts(about, ComplaintAnswered)),
        ),
        attested=fact.standard,
        severity=Severity.SERIOUS if fact.willful else Severity.MINOR,
        target=order.order_id,
        triggers=(Trigger.COMPLAINT,),
    )


def _unknown(
    fact: ComplaintReceived | ComplaintResolved,
    complaint: ComplaintReceived | None,
    missing: tuple[str, ...],
    why: str,
) -> Answer:
    target = complaint.order_id if complaint else None
    return ANSWERS.cannot_tell(fact, "6.3(a)", missing, why, target=target)


def _order(
    complaint: ComplaintReceived, known: Sequence[TransactionRecorded]
) -> TransactionRecorded | None:
    """The newest record of the order, preferring one that names the Member."""
    same = [t for t in known if t.order_id == complaint.order_id]
    involved = [t for t in same if complaint.account_id in (t.account_id, t.buyer_id)]
    return next(iter(reversed(involved or same)), None)


def _from_counterparty(
    complaint: ComplaintReceived, order: TransactionRecorded, context: Context
) -> bool:
    """Whether the complaint comes from the other party of the Member's contract (T9)."""
    parties = {order.account_id, order.buyer_id}
    if complaint.complainant_id == complaint.account_id or complaint.account_id not in parties:
        return False
    anyone = context.rules.reading("T9") == "any_complaint"
    return anyone or complaint.complainant_id in parties


def _failure(
    complaint: ComplaintReceived, order: TransactionRecorded, context: Context
) -> _Failure:
    """What a person said of the failure and what the record shows, else what is missing."""
    allegation = complaint.allegation
    sells = complaint.account_id == order.account_id
    if allegation is not Allegation.OTHER and sells != (allegation in _SELLERS_PART):
        return _Failure()
    days = context.rules.dealings.delivery_grace_days
    owed = _owed(complaint, order, timedelta(days=days))
    # The record can speak for weight only until a person has found that there is none.
    by_record = allegation is Allegation.NON_DELIVERY and complaint.material is not False
    evidence = [*_weight(complaint)]
    if by_record and owed and order.due_at is not None:
        evidence.append(against("paid", "The purchase price has been received.", order))
        words = f"Nothing came within {days} days of the due date."
        evidence.append(against("overdue", words, order))
    if evidence or not owed:
        return _Failure(tuple(evidence))
    looked = {"willful": complaint.willful, "material": complaint.material}
    unsaid = tuple(name for name, said in looked.items() if said is None)
    return _Failure(missing=(*unsaid, "due_at") if by_record and unsaid else unsaid)


def _owed(complaint: ComplaintReceived, order: TransactionRecorded, grace: timedelta) -> bool:
    """False where the record shows performance, or that its turn had not come."""
    paid = _by(order.paid_at, complaint)
    if complaint.allegation is Allegation.NON_PAYMENT:
        return not paid
    if complaint.allegation is not Allegation.NON_DELIVERY:
        return True
    due = order.due_at is None or complaint.at > order.due_at + grace
    return paid and due and not _by(order.delivered_at, complaint)


def _by(instant: datetime | None, complaint: ComplaintReceived) -> bool:
    return instant is not None and instant <= complaint.at


def _said_before(fact: ComplaintResolved, complaint: ComplaintReceived) -> bool:
    """True when the complaint came with the same standard and the same finding of weight."""
    found = (fact.willful, fact.material)
    return complaint.standard is fact.standard and found == (complaint.willful, complaint.material)


def _contract(complaint: ComplaintReceived, order: TransactionRecorded) -> Iterator[Evidence]:
    words = complaint.allegation.value.replace("_", " ")
    yield against("complaint", f"The other party complains: {words}.", complaint)
    yield against("contract", f"Order `{order.order_id}` joins the two.", order)


def _weight(fact: ComplaintReceived | ComplaintResolved) -> tuple[Evidence, ...]:
    said = (
        ("willful", "The failure was found to be on purpose.", fact.willful),
        ("material", "The failure was found to be a matter of weight.", fact.material),
    )
    return tuple(against(f"{name}_failure", words, fact) for name, words, found in said if found)


def _for_the_member(
    complaint: ComplaintReceived, order: TransactionRecorded, answers: Iterable[ComplaintAnswered]
) -> Iterator[Evidence]:
    """What the record and the Member's answers say on the other side."""
    if complaint.allegation is Allegation.NON_DELIVERY and _by(order.delivered_at, complaint):
        yield contrary("delivered", "The record shows a delivery before the complaint.", order)
    for answer in answers:
        if answer.proof_of_performance:
            yield contrary("proof_of_performance", "The Member showed performance.", answer)
        else:
            yield in_favour("answered", "The Member answered the complaint.", answer)
