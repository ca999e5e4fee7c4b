"""Gamed feedback (3.6): praise for oneself, praise by those close to one, blame without a deal."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from policyenforce.checks.answers import Answer, against
from policyenforce.checks.conduct.voice import ANSWERS
from policyenforce.checks.context import Context
from policyenforce.model.fact import Fact
from policyenforce.model.facts.content import ContentKind, ContentRevised, ContentSubmitted
from policyenforce.model.facts.dealings import ComplaintReceived, TransactionRecorded
from policyenforce.model.facts.registration import AccountOpened, AffiliationDeclared
from policyenforce.model.findings import Severity
from policyenforce.model.questions import Question

HandedIn = ContentSubmitted | ContentRevised

PRAISE, BLAME = 4, 2  # stars of five: from here up it is praise, from here down blame
_SAME_USER = 0.95
_CLOSE = 0.6


@frozen
class _Asked:
    """The questions about one piece of feedback."""

    own: Question
    about: Question
    named: Question


def relation_asked(fact: HandedIn) -> tuple[Question, ...]:
    """Whose accounts the two are, who is close to whom, and what they dealt with each other."""
    asked = _asked(fact)
    return () if asked is None else (asked.own, asked.about, asked.named)


def _asked(fact: HandedIn) -> _Asked | None:
    about = fact.content.about_account_id
    if fact.content.kind is not ContentKind.FEEDBACK or about is None:
        return None
    own = ("account_opened", "affiliation_declared", "transaction_recorded")
    return _Asked(
        Question("stream", fact.account_id, of=own, limit=256),
        Question("account", about, of=("account_opened", "affiliation_declared"), limit=64),
        Question(
            "names", fact.account_id, of=("transaction_recorded", "complaint_received"), limit=256
        ),
    )


def given(fact: HandedIn, context: Context) -> Iterator[Answer]:
    """3.6, as far as accounts, declared relations and dealings on record show it."""
    if fact.content.kind is not ContentKind.FEEDBACK:
        return
    about, rating = fact.content.about_account_id, fact.content.rating
    asked = _asked(fact)
    if asked is None or about is None:
        yield _unknown(fact, "about_account_id", "whom the feedback speaks of is not known")
        return
    same = _same_user(fact, about, asked, context)
    close = () if same else _declared(fact, asked, context)
    if same or close:
        if rating is None:
            yield _unknown(fact, "rating", "it is about oneself or one close by; praise or not?")
        elif rating >= PRAISE:
            yield _praise(fact, same, close)
        return
    if (rating is None or rating <= BLAME) and not _dealt(about, asked, context):
        missing = "rating" if rating is None else "transaction_recorded"
        yield _unknown(fact, missing, "nothing on record shows what the feedback rests on")
    elif rating is not None and rating >= PRAISE and not _known(fact, about, asked, context):
        yield _unknown(fact, "account_opened", "whose account each of the two is, is not known")


def _same_user(fact: HandedIn, about: str, asked: _Asked, context: Context) -> tuple[Fact, ...]:
    """The facts that show both accounts to be one User's; the feedback itself when it is one."""
    if about == fact.account_id:
        return (fact,)
    own = context.facts(asked.own, AccountOpened)
    theirs = [o for o in context.facts(asked.about, AccountOpened) if o.account_id == about]
    users = {context.subject, *(opened.user_id for opened in own)}
    shared = [o for o in (*own, *theirs) if o.account_id == about and o.user_id in users]
    return tuple(shared[-1:])


def _declared(fact: HandedIn, asked: _Asked, context: Context) -> tuple[Fact, ...]:
    """Declarations, on either side, that one User is close to the other."""
    own, theirs = (context.facts(q, AccountOpened) for q in (asked.own, asked.about))
    sides = (
        (asked.own, {fact.content.about_account_id, *_names(theirs)}),
        (asked.about, {fact.account_id, context.subject, *_names(own)}),
    )
    return tuple(
        declaration
        for question, others in sides
        for declaration in context.facts(question, AffiliationDeclared)
        if declaration.affiliate_id in others
    )


def _names(opened: tuple[AccountOpened, ...]) -> set[str]:
    return {name for o in opened for name in (o.user_id, o.account_id)}


def _dealt(about: str, asked: _Asked, context: Context) -> bool:
    """Whether a deal or complaint between the two is on record."""
    bought = (t.account_id for t in context.facts(asked.named, TransactionRecorded))
    complained = (c.account_id for c in context.facts(asked.named, ComplaintReceived))
    sold = (t.buyer_id for t in context.facts(asked.own, TransactionRecorded))
    return about in {*bought, *complained, *sold}


def _known(fact: HandedIn, about: str, asked: _Asked, context: Context) -> bool:
    """Whether the record says whose account each of the two is."""
    opened = (*context.facts(asked.own, AccountOpened), *context.facts(asked.about, AccountOpened))
    return {fact.account_id, about} <= {o.account_id for o in opened}


def _praise(fact: HandedIn, same: tuple[Fact, ...], close: tuple[Fact, ...]) -> Answer:
    praise = against("praise", f"The feedback gives {fact.content.rating} stars.", fact)
    if same:
        tie = against("same_user", "Its author and the account it praises are one User.", *same)
        confidence, words = _SAME_USER, "by the same User"
    else:
        tie = against("close_user", "The two are declared to be close to each other.", *close)
        confidence, words = _CLOSE, "by somebody close to the one it praises"
    return ANSWERS.finding(
        fact,
        "3.6",
        confidence,
        f"Praise was left {words}.",
        (praise, tie),
        severity=Severity.SERIOUS if same else Severity.MINOR,
        target=fact.content.target,
    )


def _unknown(fact: HandedIn, missing: str, why: str) -> Answer:
    return ANSWERS.cannot_tell(fact, "3.6", (missing,), why, target=fact.content.target)
