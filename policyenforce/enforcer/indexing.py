"""What of a fact goes into the index, and how questions and answers pass the token line.

Identifiers are tokenised between asking and answering: a personal value never reaches the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policyenforce.checks.multiple_accounts.identifiers import (
    IDENTIFIED,
    OF_APPROVALS,
    identifier_marks,
    marks_of_approval,
)
from policyenforce.ledger.port import MarkRow
from policyenforce.model.decisions import Decision
from policyenforce.model.fact import Fact, marks_of, position_at, position_of
from policyenforce.model.facts.registration import (
    ApplicationReceived,
    ApprovalGranted,
    ApprovalRevoked,
)
from policyenforce.model.outcome import Outcome
from policyenforce.model.questions import OWN_USER, Mark, Question
from policyenforce.policy.versions import rule_of
from policyenforce.privacy.tokens import PERSONAL_KINDS, TokenKeys

ACTED, ADOPTED, HIT = "acted", "adopted", "hit"
"""What a rule did by itself: by its name, by the house rules it stood in, by its version."""
LINKED, RELATIONS = "linked", "4.1"
"""Whom a finding on several accounts links to, and the clause of such findings."""
ANY = "*"
"""Stands for every rule."""
_LIFE = frozenset({"account_opened", "account_closed", "affiliation_declared"})
"""What others ask about a User that one of their facts names."""
_OF_OTHERS = frozenset({"names", "user_pair", "authorised"})
"""The keys whose value is another User or account, which asks who names it."""


def fact_rows(fact: Fact, user: str, keys: TokenKeys) -> tuple[MarkRow, ...]:
    """The index rows of a fact: its keys and its identifiers."""
    return _rows(fact, _marks(fact, user), user, keys)


def revocation_rows(
    revoked: ApprovalRevoked, granted: ApprovalGranted, user: str, keys: TokenKeys
) -> tuple[MarkRow, ...]:
    """The further index rows of a revocation, which names no subjects: those of the grant."""
    return _rows(revoked, marks_of_approval(revoked, granted), user, keys)


def _rows(fact: Fact, marks: Iterable[Mark], user: str, keys: TokenKeys) -> tuple[MarkRow, ...]:
    place = (user, fact.tag, position_of(fact), fact.id)
    return tuple(
        [
            MarkRow(
                kind,
                keys.token(kind, value) if kind in PERSONAL_KINDS else value,
                role,
                holder,
                *place,
            )
            for kind, value, holder, role in marks
        ]
    )


def outcome_rows(fact: Fact, outcome: Outcome, user: str) -> Iterator[MarkRow]:
    """The index rows by which findings, decisions and cases are found again."""
    position = position_of(fact)
    for kind, records in (
        ("finding", outcome.findings),
        ("decided", outcome.decisions),
        ("waiting", outcome.cases),
    ):
        for record in records:
            yield MarkRow(kind, record.id, "fact", fact.id, user, fact.tag, position, fact.id)
    for finding in outcome.findings:
        if finding.clause.number == RELATIONS and finding.target is not None:
            yield MarkRow(
                LINKED, finding.target, "fact", fact.id, user, fact.tag, position, fact.id
            )
    yield from marks_of_acting(fact, outcome, user)


def acted_alone(decision: Decision) -> bool:
    """True for a decision that binds and that nobody took."""
    return decision.in_force and decision.automated_decision


def marks_of_acting(fact: Fact, outcome: Outcome, user: str) -> Iterator[MarkRow]:
    """The rows by which it is counted what each rule did by itself."""
    for decision in filter(acted_alone, outcome.decisions):
        position = position_at(decision.decided_at)
        keys = [(ACTED, ANY), (ADOPTED, decision.policy_hash)]
        for version in decision.rule_versions:
            keys += [(ACTED, rule_of(version)), (HIT, version)]
        for kind, value in keys:
            yield MarkRow(kind, value, "holder", decision.id, user, fact.tag, position, fact.id)


def asked(questions: Iterable[Question], keys: TokenKeys, user: str) -> list[tuple[Question, str]]:
    """Each question with the value the store knows; ``user`` is whose fact is asked about."""
    return [(question, _known_as(question, keys, user)) for question in questions]


def _known_as(question: Question, keys: TokenKeys, user: str) -> str:
    """The value as the store knows it: a keyed token for identifiers, else the value."""
    if question.kind in PERSONAL_KINDS:
        return keys.token(question.kind, question.value)
    return user if question.value == OWN_USER else question.value


def touched_keys(
    fact: Fact, rows: Iterable[MarkRow], accounts: Iterable[str] = ()
) -> tuple[tuple[str, str], ...]:
    """The keys by which other Users' facts may have asked about this one.

    ``accounts`` are all that its own User has.
    """
    found = [(row.kind, row.value) for row in rows]
    if fact.tag in _LIFE:
        names = (getattr(fact, "user_id", None), getattr(fact, "account_id", None), *accounts)
        found.extend(("names", name) for name in names if name is not None)
    return tuple(dict.fromkeys(found))


def addressed(rows: Iterable[MarkRow]) -> tuple[str, ...]:
    """The Users and accounts that may have asked who names them."""
    return tuple(dict.fromkeys(row.value for row in rows if row.kind in _OF_OTHERS))


def _marks(fact: Fact, user: str) -> Iterator[Mark]:
    yield from marks_of(fact)
    if isinstance(fact, IDENTIFIED):
        yield from identifier_marks(fact, user)
    if isinstance(fact, OF_APPROVALS):
        yield from marks_of_approval(fact)
    if isinstance(fact, ApplicationReceived) and fact.entity and fact.entity.branch_of:
        yield Mark("names", fact.entity.branch_of, fact.id)
