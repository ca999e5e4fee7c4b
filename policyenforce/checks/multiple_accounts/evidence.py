"""What shared identifiers are worth: whole points, added up, each with its sentence.

A value counts by its reach, the number of clusters of accounts that bear it: what two share says
much, what half a town shares says nothing. What a household, an office or an agency shares in one
place counts once, by its best value, so that one desk never adds up to one person.
INVARIANT: a further shared identifier never lowers the score, and none gives none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import NamedTuple

from attrs import frozen

from policyenforce.checks.multiple_accounts.registers import BRANCH
from policyenforce.checks.multiple_accounts.spelling import UNVERIFIED
from policyenforce.model.evidence import Bearing, Evidence
from policyenforce.policy.relations import (
    ENTITY,
    GROUPS,
    HAND_KINDS,
    IMPLIED,
    LIKENESSES,
    OFFICE,
    AccountRelations,
)

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
    "mailbox_name": "name of the mailbox in the e-mail address",
    "network_block": "neighbouring network address",
    "company_core": "company name, but for its spelling",
    "person_core": "personal name, but for its spelling",
    "premises": "house number and postcode",
    "postcode": "postcode",
}
_TOGETHER = {
    "two_of_hand": "two things of one hand agree",
    "three_of_hand": "a third thing of one hand agrees",
    "four_of_hand": "a fourth thing of one hand agrees",
    "two_settled": "two things used in one place agree",
    "three_settled": "a third thing used in one place agrees",
    "four_settled": "a fourth thing used in one place agrees",
    "hand_and_person": "a thing of one hand and a name (of the person or the mailbox) agree",
    "hand_and_network": "a thing of one hand and the network agree",
    "hand_and_office": "a thing of one hand and the firm or its address agree",
    "person_and_address": "the name and the address agree",
    "five_to_four_clusters": "some accounts that bear one of these things are one hand",
    "two_to_a_cluster": "two accounts or more of each hand bear one of these things",
    "three_to_a_cluster": "three accounts or more of each hand bear one of these things",
    "five_to_a_cluster": "five accounts or more of each hand bear one of these things",
    "same_entity_users": "both are the company itself, not somebody who works there",
}
ENTITY_KINDS = frozenset(kind for group in ENTITY for kind in GROUPS[group])
OFFICE_KINDS = frozenset(kind for group in OFFICE for kind in GROUPS[group])
_GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}
_UNSPOKEN = frozenset({"ip", "company", "person", "address"})
SHOWN = 4
LONG_ENOUGH = 2 * SHOWN
LEFT_OUT = "…"
"""How many characters of a value evidence names, of how many, and what stands for the others."""


class Relation(str, Enum):
    """How two accounts hang together; only the first two concern 4.1."""

    SAME_CONTROLLER = "same controller"
    SAME_ENTITY = "same entity"
    SHARED_INFRASTRUCTURE = "shared infrastructure"


class Shared(NamedTuple):
    """One value that two accounts share.

    ``reach`` counts the clusters of accounts that bear it, a pair as two; ``accounts`` all that do
    (0 for a mere likeness); ``settled`` is true where they sit in few places.
    """

    kind: str
    value: str
    reach: int
    fact_ids: tuple[str, ...] = ()
    accounts: int = 0
    settled: bool = False


@frozen
class Comparison:
    """What two accounts share, are merely alike in, and tell differently."""

    shared: tuple[Shared, ...] = ()
    alike: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    entity_users: bool = False


class Row(NamedTuple):
    """One line of the sum: what it is about, and its points."""

    name: str
    points: int


@frozen
class Link:
    """What speaks for one hand behind this account and another User's: points and reasons.

    ``rows`` are the lines of the sum, the heaviest first, ``shared`` the values they are about.
    """

    user: str
    relation: Relation
    points: int
    rows: tuple[Row, ...]
    shared: Mapping[str, Shared]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Each line in a sentence; made when asked for, since most links tell nobody anything."""
        return tuple([_evidence(row, self.shared.get(row.name)) for row in self.rows])


def rows(compared: Comparison, accounts: AccountRelations) -> tuple[Row, ...]:
    """The lines that make up the score of one pair; they add up to it exactly.

    A value commoner than the row cap counts only beside another one that is not.

    >>> house = AccountRelations(points={"bank": ((2, 70),), "ip": ((9, 10),)})
    >>> rows(Comparison((Shared("bank", "b", 2), Shared("ip", "i", 2))), house)
    (Row(name='ip', points=10), Row(name='bank', points=70))
    """
    return _rows(compared, _least_common(compared.shared), accounts)


def _rows(
    compared: Comparison, kinds: Mapping[str, Shared], accounts: AccountRelations
) -> tuple[Row, ...]:
    """The lines of one pair, of which ``kinds`` are the least common values by kind."""
    alike = compared.alike
    weighed = (one.reach for kind, one in kinds.items() if accounts.weighs(kind))
    if not any(reach <= accounts.row_cap for reach in weighed):
        kinds, alike = {}, ()
    open_, settled = _best(kinds, alike, accounts)
    found = list(open_.values())
    extra = {
        group: row.points - (open_[group].points if group in open_ else 0)
        for group, row in settled.items()
    }
    pooled = max(extra, key=extra.__getitem__, default=None)
    for group, row in settled.items():
        counts = group == pooled and extra[group] > 0
        found.append(Row(row.name, extra[group] if counts else 0))
    met = accounts.combined(
        {group: row.points for group, row in open_.items()},
        {group: row.points for group, row in settled.items()},
        _to_a_cluster(compared.shared, accounts) if kinds else 0.0,
    )
    found += [Row(name, accounts.together.get(name, 0)) for name in met]
    if compared.entity_users and kinds.keys() & ENTITY_KINDS:
        found.append(Row("same_entity_users", accounts.together.get("same_entity_users", 0)))
    found += [
        Row(f"other_{name}", accounts.against.get(name, 0))
        for name in compared.differs
        if name not in open_ and name not in settled
    ]
    return tuple([row for row in found if row.points or row.name in kinds])


def _to_a_cluster(shared: Iterable[Shared], accounts: AccountRelations) -> float:
    """How many accounts to a cluster bear one of the things of one hand, at most."""
    return max(
        (
            one.accounts / one.reach
            for one in shared
            if one.kind in HAND_KINDS and accounts.worth(one.kind, one.reach, settled=one.settled)
        ),
        default=0.0,
    )


def _best(
    shared: Mapping[str, Shared], alike: Iterable[str], accounts: AccountRelations
) -> tuple[dict[str, Row], dict[str, Row]]:
    """The row that counts in each group: of what is used anywhere, and of what in one place."""
    open_: dict[str, Row] = {}
    settled: dict[str, Row] = {}
    likenesses = {*alike, *(IMPLIED[kind] for kind in shared if kind in IMPLIED)}
    for kind, group in _GROUP_OF.items():
        one = shared.get(kind)
        if one is not None:
            points = accounts.worth(kind, one.reach, settled=one.settled)
            table = settled if one.settled else open_
        elif kind in likenesses:
            points, table = accounts.alike.get(kind, 0), open_
        else:
            continue
        best = table.get(group)
        if best is None or points > best.points:
            table[group] = Row(kind, points)
    return open_, settled


def score(compared: Comparison, accounts: AccountRelations) -> int:
    """The points of one pair."""
    return sum(row.points for row in rows(compared, accounts))


def relation_of(kinds: Iterable[str]) -> Relation:
    """What sharing these kinds of value speaks for.

    >>> relation_of(["ip", "address"]).value
    'shared infrastructure'
    """
    shared = set(kinds)
    if shared & ENTITY_KINDS:
        return Relation.SAME_ENTITY
    return Relation.SHARED_INFRASTRUCTURE if shared <= OFFICE_KINDS else Relation.SAME_CONTROLLER


def link(user: str, compared: Comparison, accounts: AccountRelations) -> Link:
    """The relation to another User, by the least common value of each kind they share."""
    best = _least_common(compared.shared)
    told = sorted(_rows(compared, best, accounts), key=lambda row: (-row.points, row.name))
    return Link(
        user=user,
        relation=relation_of(best),
        points=sum([row.points for row in told]),
        rows=tuple(told),
        shared=best,
    )


def at_most(shared: Iterable[Shared], accounts: AccountRelations) -> int:
    """The most points that sharing these can come to, whatever else the two tell alike.

    >>> house = AccountRelations(points={"ip": ((2, 10),)}, alike={"person_core": 12}, review=5)
    >>> at_most([Shared("ip", "203.0.113.7", 2)], house)
    22
    """
    return score(Comparison(tuple(shared), alike=LIKENESSES, entity_users=True), accounts)


def _least_common(shared: Iterable[Shared]) -> dict[str, Shared]:
    best: dict[str, Shared] = {}
    for one in sorted(shared, key=lambda s: (s.reach, s.accounts, s.value)):
        best.setdefault(one.kind, one)
    return best


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


def _evidence(row: Row, shared: Shared | None) -> Evidence:
    against = row.points < 0
    return Evidence(
        kind=row.name if shared is None else f"shared_{row.name}",
        sentence=said(row.name) if shared is None else same(shared),
        points=row.points,
        fact_ids=() if shared is None else shared.fact_ids,
        bearing=Bearing.COUNTER if against else Bearing.INCRIMINATING,
    )


def same(shared: Shared) -> str:
    """What two accounts share, in one sentence, the value masked.

    >>> same(Shared("bank", "GB82WEST12345698764417", reach=2, accounts=2))
    'same bank account …4417, seen on 2 accounts of 2 clusters'
    """
    return f"same {masked(shared.kind, shared.value)}, {seen(shared)}"


def seen(shared: Shared) -> str:
    """How many accounts and clusters of them bear a value, and whether in few places."""
    clusters = f" of {shared.reach} cluster{'s' * (shared.reach != 1)}"
    where = ", in few places" if shared.settled else ""
    return f"seen on {max(shared.accounts, shared.reach)} accounts{clusters}{where}"


def said(name: str) -> str:
    """A row that is about no single value, in one sentence.

    >>> said("other_phone"), said("person_core")
    ('another telephone number', 'same personal name, but for its spelling')
    """
    if name.startswith("other_"):
        group = name.removeprefix("other_")
        return f"another {_LABELS.get(group, group)}"
    return _TOGETHER.get(name) or f"same {_LABELS[name]}"


def masked(kind: str, value: str) -> str:
    """A value as evidence may name it: its kind, and of long numbers the last four characters.

    >>> masked("bank", "GB82WEST12345698764417"), masked("email", "ana@example.com")
    ('bank account …4417', 'e-mail address a…')
    """
    head = "head office's " if value.startswith(BRANCH) else ""
    told = value.removeprefix(BRANCH)
    doubt = " (not verified)" if told.startswith(UNVERIFIED) else ""
    bare = told.removeprefix(UNVERIFIED)
    label = f"{head}{_LABELS[kind]}"
    if kind in _UNSPOKEN:
        return label
    if kind == "email":
        return f"{label} {bare[:1]}{LEFT_OUT}{doubt}"
    return f"{label} {LEFT_OUT}{bare[-SHOWN:] if len(bare) >= LONG_ENOUGH else ''}{doubt}"
