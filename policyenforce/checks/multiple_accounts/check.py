"""The check of 4.1: one account for each User, unless more are approved.

4.1/s2 is found where the same User registers again while an account is open; that is a fact of
the register. 4.1/s3 is found where identifiers speak for one hand behind two Users, which is
suspicion at most, while that other User still holds an account or an application; and where an
approval has ended (T22). Once a person links two Users their streams are read as one, and the
second registration shows as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from itertools import chain

from policyenforce.checks.answers import Answer, Answers
from policyenforce.checks.context import Context
from policyenforce.checks.multiple_accounts.approvals import (
    APPROVALS,
    Approval,
    approvals,
    asks_approvals,
    asks_infrastructure,
    covering,
    over,
)
from policyenforce.checks.multiple_accounts.contacts import is_disposable
from policyenforce.checks.multiple_accounts.evidence import (
    Link,
    Relation,
    confidence_of,
)
from policyenforce.checks.multiple_accounts.identifiers import (
    APPROVAL_EXPIRED,
    identifiers_of,
    normalise,
)
from policyenforce.checks.multiple_accounts.lives import ENDING, asks_life, held
from policyenforce.checks.multiple_accounts.registers import BRANCH
from policyenforce.checks.multiple_accounts.relations import (
    asks_of_shared,
    asks_relations,
    in_force,
    links,
    may_be_linked,
    staff_here,
)
from policyenforce.checks.table import Check
from policyenforce.model.evidence import Bearing, Evidence
from policyenforce.model.fact import Fact
from policyenforce.model.facts.procedure import DeadlinePassed
from policyenforce.model.facts.registration import (
    AccountOpened,
    ApplicationReceived,
    ApprovalGranted,
    ApprovalRevoked,
    AuthorisedUserChanged,
    DetailsAmended,
    SignalObserved,
)
from policyenforce.model.findings import Finding
from policyenforce.model.outcome import AccountRecord
from policyenforce.model.questions import BEARER, SAME_KEY, Question
from policyenforce.policy.rules import HouseRules
from policyenforce.terms.gates import Standard, Trigger

ANSWERS = Answers("multiple_accounts", 2)
Approved = Callable[[], Approval | None]
"""What approves this, looked up only where something is found: most facts give nothing."""

_APPLIES_AGAIN = 0.85
_APPROVAL_ENDED = 0.75
_TOLD = 3
_SUSPECTED = "reasons to suspect another account in the same hands"
_DOUBTFUL = "another account may be in the same hands, for a person to look at"


def asks(fact: Fact, rules: HouseRules) -> Iterable[Question]:
    """What the check has to know; questions about nobody but the fact's own User and keys."""
    if isinstance(fact, DeadlinePassed):
        if fact.deadline == APPROVAL_EXPIRED:
            yield _approval(fact)
            yield from asks_approvals(fact)
        return
    relations = tuple(asks_relations(fact, rules))
    yield from relations
    if relations or isinstance(fact, (AccountOpened, ApplicationReceived)):
        yield from asks_approvals(fact)
    if isinstance(fact, AccountOpened):
        yield staff_here(fact)
    head = _head_office(fact, rules)
    if head is not None:
        yield from asks_life(head)


def then(fact: Fact, context: Context) -> Iterable[Question]:
    """What of the shared values is approved, and what those who share enough still hold."""
    if not isinstance(fact, (DeadlinePassed, AccountOpened)):
        yield from asks_of_shared(fact, context)
        for user in may_be_linked(fact, context):
            yield from asks_life(user)


def run(fact: Fact, context: Context) -> Iterator[Answer]:
    """The findings on 4.1 that this fact gives rise to; no finding is "clear"."""
    if isinstance(fact, DeadlinePassed):
        yield from _approval_ended(fact, context)
        return
    approved = cache(lambda: covering(fact, context, fact.at))
    if isinstance(fact, AccountOpened):
        yield from _registered_again(fact, context, approved)
        return
    found: Iterator[Finding] = chain(
        _applied_again(fact, context, approved),
        _branch(fact, context, approved),
        _linked_to(fact, context, approved),
    )
    if context.rules.reading("T1") == "approval_blocks":
        found = (finding for finding in found if approved() is None)
    yield from found


CHECK = Check(
    name=ANSWERS.check,
    version=ANSWERS.version,
    reads=(ApplicationReceived, AccountOpened, SignalObserved, DetailsAmended, DeadlinePassed),
    asks=asks,
    then=then,
    likely=(asks_infrastructure(SAME_KEY, SAME_KEY), *asks_life(BEARER)),
    run=run,
)


def _registered_again(
    fact: AccountOpened, context: Context, approved: Approved
) -> Iterator[Finding]:
    others = [a for a in _open_accounts(context, fact.at) if a.account_id != fact.account_id]
    if not others:
        return
    staff = in_force(context.facts(staff_here(fact), AuthorisedUserChanged), fact)
    if any(change.account_id == fact.account_id for change in staff):
        return
    told = (
        f"account `{fact.account_id}` was registered while account `{others[0].account_id}` of "
        "the same User was open"
    )
    evidence = [_open_since(account) for account in others]
    approval = approved()
    if approval is not None:
        if context.rules.reading("T1") == "literal":
            target = others[0].account_id
            yield _suspicion(fact, _APPLIES_AGAIN, told, evidence, target, approval)
        return
    yield ANSWERS.finding(
        fact,
        "4.1/s2",
        1.0,
        f"{told}, and nothing approved it",
        evidence,
        attested=Standard.FACT,
        target=others[0].account_id,
    )


def _applied_again(fact: Fact, context: Context, approved: Approved) -> Iterator[Finding]:
    if not isinstance(fact, ApplicationReceived):
        return
    others = _open_accounts(context, fact.at)
    if others:
        yield _suspicion(
            fact,
            _APPLIES_AGAIN,
            f"the User applies again while account `{others[0].account_id}` is open",
            [_open_since(account) for account in others],
            others[0].account_id,
            approved(),
        )


def _branch(fact: Fact, context: Context, approved: Approved) -> Iterator[Finding]:
    """A branch is no User beside its head office (5.1(c), T4); a subsidiary is."""
    head = _head_office(fact, context.rules)
    if head is None or head == context.subject:
        return
    opened = held(_life(head, context)).accounts
    if opened:
        account, event = min(opened.items())
        told = Evidence(
            "declared_branch",
            f"the applicant declares to be a branch of the User that holds account `{account}`",
            context.rules.accounts.act,
            (fact.id, event.id),
        )
        explanation = f"a branch applies beside its head office ({Relation.SAME_ENTITY.value})"
        yield _suspicion(fact, _APPLIES_AGAIN, explanation, [told], head, approved())


def _linked_to(fact: Fact, context: Context, approved: Approved) -> Iterator[Finding]:
    """Whoever shares enough with this User, and still holds something."""
    if not isinstance(fact, ApplicationReceived) and _holds_nothing(fact, context):
        return
    for one in links(fact, context, lambda user: context.facts(asks_life(user)[0], Fact)):
        if _speaks(one, context) and not held(_life(one.user, context)).nothing:
            yield _linked(fact, context, one, approved())


def _speaks(one: Link, context: Context) -> bool:
    """True for a link that speaks for one hand, strongly enough for a person to look."""
    if one.relation is Relation.SHARED_INFRASTRUCTURE:
        return False
    return confidence_of(one.points, context.rules.accounts) is not None


def _holds_nothing(fact: Fact, context: Context) -> bool:
    """True when this User itself has had accounts, and none of them is open any more."""
    return bool(context.history.accounts) and not _open_accounts(context, fact.at)


def _life(user: str, context: Context) -> Iterator[Fact]:
    return (fact for question in asks_life(user) for fact in context.facts(question, Fact))


def _linked(fact: Fact, context: Context, one: Link, approval: Approval | None) -> Finding:
    declared = tuple(_declared(fact, context, one))
    why = (*declared, *one.evidence)
    told = "; ".join(evidence.sentence for evidence in why[:_TOLD])
    sure = bool(declared) or one.points >= context.rules.accounts.act
    begins = _SUSPECTED if sure else _DOUBTFUL
    explanation = f"{begins} ({one.relation.value}): {told}"
    # Who says to be a branch says more than any value that two merely share.
    floor = _APPLIES_AGAIN if declared else 0.0
    confidence = max(confidence_of(one.points, context.rules.accounts) or 0.0, floor)
    evidence = (*why, *_marks(fact))
    return _suspicion(fact, confidence, explanation, evidence, one.user, approval)


def _declared(fact: Fact, context: Context, one: Link) -> Iterator[Evidence]:
    """The applicant names by its number a head office that the other User is, or goes by (T4).

    What the other User declares speaks against nobody but that User.
    """
    head, shared = _head_office(fact, context.rules), one.shared.get("registration")
    if head is None or shared is None or not isinstance(fact, ApplicationReceived):
        return
    country = fact.entity.registration_country if fact.entity else None
    named = normalise("registration", head, country)
    if named is not None and shared.value.removeprefix(BRANCH) == named:
        words = "the applicant declares to be a branch of the office that bears this number"
        yield Evidence("declared_branch", words, context.rules.accounts.act, shared.fact_ids)


def _marks(fact: Fact) -> Iterator[Evidence]:
    """What a person who looks at a link should know, and what links nobody."""
    mailboxes = (value for kind, value in identifiers_of(fact) if kind == "email")
    if any(map(is_disposable, mailboxes)):
        yield Evidence(
            "disposable_mailbox",
            "the e-mail address is one of those that are opened for an hour",
            fact_ids=(fact.id,),
        )


def _suspicion(
    fact: Fact,
    confidence: float,
    explanation: str,
    evidence: Iterable[Evidence],
    target: str,
    approval: Approval | None,
) -> Finding:
    if approval is not None:  # reading T1=literal: the ban is lifted, the power is not
        granted = approval.granted
        told = f"approval `{granted.approval_id}` of {granted.signer} lifts the ban"
        note = Evidence("approval", told, fact_ids=(granted.id,), bearing=Bearing.MITIGATING)
        evidence = (*evidence, note)
    applies = isinstance(fact, ApplicationReceived)
    return ANSWERS.finding(
        fact,
        "4.1/s3",
        confidence,
        explanation,
        evidence,
        target=target,
        triggers=(Trigger.APPLICATION,) if applies else (),
    )


def _approval_ended(fact: DeadlinePassed, context: Context) -> Iterator[Finding]:
    """T22: what is left after notice and grace engages control, the newest account alone.

    By the reading ``immediate`` the ban itself applies, from the instant of expiry.
    """
    if fact.deadline != APPROVAL_EXPIRED or covering(fact, context, fact.at) is not None:
        return
    ended = approvals(context.facts(_approval(fact), ApprovalGranted, ApprovalRevoked))
    past = [a for a in ended if over(a, context.rules, fact.at)]
    accounts = _open_accounts(context, fact.at)
    if not past or not accounts:
        return
    oldest, newest = accounts[0], accounts[-1]
    if oldest == newest:  # one account needs no approval
        return
    granted, ends = past[-1].granted, past[-1].ends
    user_told = fact.account_id == context.subject and newest.account_id not in granted.subjects
    if fact.account_id != newest.account_id and not user_told:
        return  # once, and never for the older ones
    at_once = context.rules.reading("T22") == "immediate"
    when = f"ended on {ends:%Y-%m-%d}" + ("" if at_once else ", and notice and grace are past")
    told = Evidence(
        "approval_ended",
        f"approval `{granted.approval_id}` {when}",
        fact_ids=(fact.id, granted.id),
    )
    yield ANSWERS.finding(
        fact,
        "4.1/s2" if at_once else "4.1/s3",
        1.0 if at_once else _APPROVAL_ENDED,
        f"the User still controls account `{newest.account_id}`, the newest, beside account "
        f"`{oldest.account_id}`, though nothing approves it any more",
        [told, _open_since(oldest)],
        attested=Standard.FACT if at_once else None,
        target=oldest.account_id,
        subject=newest.account_id,
    )


def _open_accounts(context: Context, at: datetime) -> tuple[AccountRecord, ...]:
    """The User's accounts that exist at the instant, oldest first; what is ended is no account."""
    ending = [
        decision
        for decision in context.history.decisions
        if decision.in_force
        and any(a.power in ENDING and a.starts <= at and not a.stayed for a in decision.actions)
    ]
    accounts = context.history.accounts
    found = (
        account
        for account in accounts
        if account.open_at(at) and not any(account.bound_by(d, accounts) for d in ending)
    )
    return tuple(sorted(found, key=lambda account: (account.opened_at, account.account_id)))


def _open_since(account: AccountRecord) -> Evidence:
    day = f"{account.opened_at:%Y-%m-%d}"
    return Evidence("open_account", f"account `{account.account_id}` has been open since {day}")


def _head_office(fact: Fact, rules: HouseRules) -> str | None:
    """The User a branch names as its head office, unless reading T4 goes by the number."""
    if not isinstance(fact, ApplicationReceived) or fact.entity is None:
        return None
    entity = fact.entity
    if rules.reading("T4") != "one_user" and entity.registration_number:
        return None
    return entity.branch_of


def _approval(fact: DeadlinePassed) -> Question:
    return Question("approval", fact.concerns, of=APPROVALS)
