"""Which kind of fact tells of a clause, for a check that was told by another one."""

from __future__ import annotations

from policyenforce.errors import TermsError
from policyenforce.terms.references import ClauseRef
from policyenforce.terms.statements import lies_in

_TOLD_BY = {
    "1.2": "application_received",
    "3": "conduct_reported",
    "4.1/s2": "account_opened",
    "4.1": "application_received",
    "4.3/s1": "conduct_reported",
    "4.3/s4": "unauthorised_use_reported",
    "4.3": "credential_sharing_reported",
    "4.5": "credential_sharing_reported",
    "5.1": "application_received",
    "5.2/s1": "information_requested",
    "5.2(b)": "details_amended",
    "5.2": "information_verified",
    "5.4(b)": "rights_claimed",
    "5.4(d)": "restriction_matched",
    "5.4": "content_labelled",
    "5.5": "content_labelled",
    "5.6": "conduct_reported",
    "5.7": "conduct_reported",
    "5.8": "conduct_reported",
    "5.9": "information_requested",
    "5.11": "application_received",
    "5.12": "conduct_reported",
    "6.1": "content_labelled",
    "6.3(a)": "complaint_received",
    "6.3(b)": "payment_flagged",
    "6.3(c)": "information_challenged",
    "6.3(d)": "loss_risk_assessed",
    "6.5": "affiliate_notice_received",
    "7.5": "information_requested",
    "12.6": "conduct_reported",
}
"""Clause, chapter or statement -> the fact; a statement stands before the clause it is part of."""


def within(clause: str, above: tuple[str, ...]) -> bool:
    """True when a clause, as text, is one of these or stands in one; False for no clause at all.

    >>> within("5.6(d)", ("5.6",)), within("5.6(d)", ("5.5", "6.1")), within("?", ("5.6",))
    (True, False, False)
    """
    try:
        ref = ClauseRef.parse(clause)
    except TermsError:
        return False
    return any(lies_in(ref, one) for one in above)


def right_fact(clause: str) -> str | None:
    """The kind of fact that tells of this clause; None where none does.

    >>> right_fact("4.3/s4"), right_fact("6.3(c)"), right_fact("8.5")
    ('unauthorised_use_reported', 'information_challenged', None)
    """
    return next((tag for ref, tag in _TOLD_BY.items() if within(clause, (ref,))), None)
