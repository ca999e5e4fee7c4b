"""Indemnity and the liability cap as records: heads, amounts, years (4.5/s2, 6.6, 8.5, 8.6, 8.8).

Neither is discipline; neither touches a standing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, tzinfo
from decimal import Decimal

from attrs import frozen

from policyenforce.errors import GateError
from policyenforce.model.facts.dealings import FeePaid, LossRecorded, Money
from policyenforce.terms.references import ClauseRef

HEADS = ("4.5/s2", "6.6", "8.5", "8.6")
"""The separate heads a loss can be claimed under."""


@frozen
class IndemnityClaim:
    """The losses recorded under one head in one currency."""

    head: ClauseRef
    total: Money
    fact_ids: tuple[str, ...]


def indemnity_claims(losses: Iterable[LossRecorded]) -> tuple[IndemnityClaim, ...]:
    """One claim for each head and currency; raises GateError for a clause that is no head."""
    sums: dict[tuple[str, str], list[LossRecorded]] = defaultdict(list)
    for loss in losses:
        if loss.clause not in HEADS:
            raise GateError(
                f"`{loss.clause}` is no head of indemnity", where=loss.id, hint=", ".join(HEADS)
            )
        sums[loss.clause, loss.amount.currency].append(loss)
    return tuple(
        IndemnityClaim(
            ClauseRef.parse(head),
            Money(sum((loss.amount.amount for loss in of), Decimal(0)), currency),
            tuple(loss.id for loss in of),
        )
        for (head, currency), of in sorted(sums.items())
    )


def liability_cap(
    fees: Iterable[FeePaid],
    year: int,
    currency: str,
    legal_maximum: Decimal = Decimal(0),
    *,
    zone: tzinfo,
) -> Money:
    """What bounds the platform's liability for a year: the greater of fees and law (8.8).

    The year begins and ends in ``zone``, that of the Terms, whatever offset a fee was told in.
    """
    paid = sum(
        (
            fee.amount.amount
            for fee in fees
            if fee.at.astimezone(zone).year == year and fee.amount.currency == currency
        ),
        Decimal(0),
    )
    return Money(max(paid, legal_maximum), currency)


def claim_window_ends(cause_arose: datetime) -> datetime:
    """One year from the cause, the shortest window 8.8 allows; 29 February falls on 1 March."""
    try:
        return cause_arose.replace(year=cause_arose.year + 1)
    except ValueError:
        return cause_arose.replace(year=cause_arose.year + 1, month=3, day=1)
