"""What shared identifiers are worth: whole points, added up, each with its sentence.

A value counts by its reach, the number of distinct Users that bear it: what two share says
much, what half a town shares says nothing. What an office shares (address, company, network)
counts at most as much as what one hand shares, so that colleagues never add up to one person.
INVARIANT: a further shared identifier never lowers the score, and none gives none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from attrs import frozen

from policyenforce.checks.multiple_accounts.registers import BRANCH
from policyenforce.checks.multiple_accounts.spelling import UNVERIFIED
from policyenforce.model.evidence import Evidence
from policyenforce.policy.rules import AccountRelations

_LABELS = {
    "email": "e-mail address",
    "phone": "telephone number",
    "phone_tail": "telephone number (last digits)",
    "device": "device",
    "cookie": "browser",
    "ip": "network address",
    "card": "payment card",
    "bank": "bank account",
    "registration": "registration number",
    "tax": "tax number",
    "company": "company name",
    "person": "personal name",
    "address": "postal address",
}
ENTITY_KINDS = frozenset({"registration", "tax"})
OFFICE_KINDS = frozenset({"company", "address", "ip"})
_SWITCHBOARD = "phone"  # one hand's or an office's, nobody can tell which
_UNSPOKEN = frozenset({"ip", "company", "person", "address"})
_SHOWN = 4
_LONG_ENOUGH = 2 * _SHOWN


class Relation(str, Enum):
    """How two accounts hang together; only the first two concern 4.1."""

    SAME_CONTROLLER = "same controller"
    SAME_ENTITY = "same entity"
    SHARED_INFRASTRUCTURE = "shared infrastructure"


@frozen
class Shared:
    """One value that another User bears too; ``reach`` counts the Users that bear it."""

    kind: str
    value: str
    reach: int
    fact_ids: tuple[str, ...] = ()


@frozen
class Link:
    """What speaks for one hand behind this account and another User's: points and reasons."""

    user: str
    relation: Relation
    points: int
    evidence: tuple[Evidence, ...]


def score(reaches: Mapping[str, int], accounts: AccountRelations) -> int:
    """The points of one pair, from the smallest reach of each kind of value it shares.

    A value commoner than the row cap counts only beside another one that is not.

    >>> house = AccountRelations(points={"bank": ((2, 70),), "ip": ((9, 10),)})
    >>> score({"bank": 2}, house), score({"bank": 2, "ip": 2}, house), score({"ip": 2}, house)
    (70, 80, 0)
    """
    if all(reach > accounts.row_cap for reach in reaches.values()):
        return 0
    worth = {kind: accounts.worth(kind, reach) for kind, reach in reaches.items()}
    office = sum(points for kind, points in worth.items() if kind in OFFICE_KINDS)
    hand = sum(worth.values()) - office
    return hand + min(office, hand - worth.get(_SWITCHBOARD, 0))


def relation_of(kinds: Iterable[str]) -> Relation:
    """What sharing these kinds of value speaks for.

    >>> relation_of(["ip", "address"]).value
    'shared infrastructure'
    """
    shared = set(kinds)
    if shared & ENTITY_KINDS:
        return Relation.SAME_ENTITY
    return Relation.SHARED_INFRASTRUCTURE if shared <= OFFICE_KINDS else Relation.SAME_CONTROLLER


def link(user: str, shared: Iterable[Shared], accounts: AccountRelations) -> Link:
    """The relation to another User, by the least common value of each kind they share."""
    best: dict[str, Shared] = {}
    for one in sorted(shared, key=lambda s: (s.reach, s.value)):
        best.setdefault(one.kind, one)
    told = sorted(best.values(), key=lambda s: (-accounts.worth(s.kind, s.reach), s.kind))
    return Link(
        user=user,
        relation=relation_of(best),
        points=score({kind: one.reach for kind, one in best.items()}, accounts),
        evidence=tuple(_evidence(one, accounts) for one in told),
    )


def confidence_of(points: int, accounts: AccountRelations) -> float | None:
    """Points as a confidence, 0–1, or None below the review band.

    The review band stays below what usually counts as suspicion, the act band below what
    counts as belief: shared values alone never show who acts.

    >>> house = AccountRelations(review=60, act=100)
    >>> confidence_of(59, house), confidence_of(60, house), confidence_of(100, house)
    (None, 0.3, 0.65)
    """
    if points < accounts.review:
        return None
    if points < accounts.act:
        within = (points - accounts.review) / (accounts.act - accounts.review)
        return round(0.3 + 0.25 * within, 3)
    return round(0.65 + 0.2 * min(1.0, (points - accounts.act) / accounts.act), 3)


def _evidence(shared: Shared, accounts: AccountRelations) -> Evidence:
    return Evidence(
        kind=f"shared_{shared.kind}",
        sentence=f"same {masked(shared.kind, shared.value)}, {_seen(shared.reach, accounts)}",
        points=accounts.worth(shared.kind, shared.reach),
        fact_ids=shared.fact_ids,
    )


def _seen(reach: int, accounts: AccountRelations) -> str:
    if reach > accounts.row_cap:
        return f"seen on more than {accounts.row_cap} accounts"
    return f"seen on {reach} accounts"


def masked(kind: str, value: str) -> str:
    """A value as evidence may name it: its kind, and of long numbers the last four characters.

    >>> masked("bank", "GB82WEST12345698764417"), masked("email", "ana@example.com")
    ('bank account …4417', 'e-mail address a…')
    """
    doubt = " (not verified)" if UNVERIFIED in value[: len(BRANCH) + 1] else ""
    head = "head office's " if value.startswith(BRANCH) else ""
    bare = value.removeprefix(BRANCH).removeprefix(UNVERIFIED)
    label = f"{head}{_LABELS[kind]}"
    if kind in _UNSPOKEN:
        return label
    if kind == "email":
        return f"{label} {bare[:1]}…{doubt}"
    return f"{label} …{bare[-_SHOWN:] if len(bare) >= _LONG_ENOUGH else ''}{doubt}"
