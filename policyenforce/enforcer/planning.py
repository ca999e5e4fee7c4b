"""What recording a fact will touch: its place, its index rows, and whose facts to look at again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from policyenforce.checks.multiple_accounts.lives import begins_or_ends
from policyenforce.enforcer.belonging import HOUSE, Place, place_of
from policyenforce.enforcer.indexing import addressed, fact_rows, revocation_rows, touched_keys
from policyenforce.enforcer.reading import END, Reader
from policyenforce.enforcer.relating import decided_on, related_users, resting_on
from policyenforce.ledger.port import MarkRow, Transaction
from policyenforce.model.fact import Fact, position_of
from policyenforce.model.facts.procedure import ReviewRecorded
from policyenforce.model.facts.registration import ApprovalGranted, ApprovalRevoked
from policyenforce.model.questions import Holder, Question, Wants
from policyenforce.privacy.tokens import PERSONAL_KINDS

Keys = Sequence[tuple[str, str]]
_FEW = 64  # Users that share something with a late fact, before it matters who they are
_ALL = 1_000_000
_SHARED_KINDS = PERSONAL_KINDS | {
    "approved", "approval", "authorised", "names", "order", "request", "user_pair",
}  # fmt: skip
"""The kinds of keys by which a fact of one User asks about those of another."""


@frozen
class Plan:
    """What recording a fact will touch.

    ``position`` is the fact's own, ``start`` the one from which the User's own facts are
    evaluated again, ``others`` the Users that had asked for what is only known now, each with
    such a position. ``bases`` are the decisions so far about all of these, and ``related`` the
    Users whose own decisions rest on those, or on which what is recorded rests.
    """

    place: Place
    position: str
    rows: tuple[MarkRow, ...]
    start: str
    others: Mapping[str, str]
    bases: frozenset[str] = frozenset()
    related: frozenset[str] = frozenset()

    @property
    def earliest(self) -> str:
        """The first position from which anything is evaluated again."""
        return min((self.start, *self.others.values()))

    @property
    def locks(self) -> Iterator[str]:
        """All that has to hold still meanwhile: streams, and the keys that others look up.

        Named only as they are taken: a store of one writer takes none.

        INVARIANT: two facts that bear the same key, and so ask about each other, are recorded
        one after the other.
        """
        yield from self.place.streams
        yield from self.others
        yield from self.related
        yield from (f"{row.kind}={row.value}" for row in self.rows if row.kind in _SHARED_KINDS)


def plan_of(reader: Reader, tx: Transaction, fact: Fact) -> Plan:
    """Look ahead, changing nothing; raises what ``place_of`` raises."""
    place = place_of(reader, tx, fact)
    position = position_of(fact)
    rows = rows_of(reader, tx, fact, place.stream)
    asked = dict.fromkeys(_asking(reader, tx, fact, place.user, rows, position), position)
    if begins_or_ends(fact):
        asked.update(dict.fromkeys(_sharing(reader, tx, place.user, position), position))
    if place.moved:
        for stream in sorted(place.moved):
            for user, start in _asking_about(reader, tx, stream).items():
                asked[user] = min(start, asked.get(user, start))
        asked.update(dict.fromkeys(place.reread, ""))
    start = asked.pop(place.user, position)
    bases = decided_on(reader, tx, (place.user, *asked))
    related = related_users(reader, tx, bases) if bases else bases
    if isinstance(fact, ReviewRecorded):
        related |= resting_on(tx, fact)
    return Plan(place, position, rows, min(start, position), asked, bases, related)


def rows_of(reader: Reader, tx: Transaction, fact: Fact, stream: str) -> tuple[MarkRow, ...]:
    """The index rows that a fact brings."""
    rows = fact_rows(fact, stream, reader.keys)
    if isinstance(fact, (ApprovalGranted, ApprovalRevoked)):
        return (*rows, *_revocations(reader, tx, fact))
    return rows


def _revocations(
    reader: Reader, tx: Transaction, fact: ApprovalGranted | ApprovalRevoked
) -> Iterator[MarkRow]:
    """The rows by which the subjects of a grant find its revocation, whichever came first."""
    if isinstance(fact, ApprovalRevoked):
        for grant in of_approval(reader, tx, fact.approval_id, ApprovalGranted.tag):
            if isinstance(grant, ApprovalGranted):
                yield from revocation_rows(fact, grant, HOUSE, reader.keys)
    else:
        for revoked in of_approval(reader, tx, fact.approval_id, ApprovalRevoked.tag):
            if isinstance(revoked, ApprovalRevoked):
                yield from revocation_rows(revoked, fact, HOUSE, reader.keys)


def of_approval(reader: Reader, tx: Transaction, approval_id: str, tag: str) -> Iterator[Fact]:
    """The grants or revocations of one approval that are known, oldest first."""
    return iter(reader.bearing(tx, "approval", approval_id, tag))


def _asking(
    reader: Reader, tx: Transaction, fact: Fact, user: str, rows: Iterable[MarkRow], after: str
) -> frozenset[str]:
    """The Users with a later fact that may have asked about this one."""
    if tx.nothing_after(after):
        return frozenset()
    accounts = (account.account_id for account in reader.history(tx, user).accounts)
    keys = touched_keys(fact, rows, accounts)
    named = {tx.stream_of(name) or name for name in addressed(rows)}
    later = {user for user, newest in tx.newest(named).items() if newest > after} if named else ()
    return _bearing(reader, tx, keys, after).union(later)


def _sharing(reader: Reader, tx: Transaction, user: str, after: str) -> frozenset[str]:
    """The Users with a later fact that bears an identifier of this one.

    They have asked what it still holds, unless it never held anything that could have ended.
    """
    if tx.nothing_after(after):
        return frozenset()
    history = reader.history(tx, user)
    if not history.accounts and history.application in ("none", "waiting"):
        return frozenset()
    keys = {
        (row.kind, row.value): None
        for stored in tx.facts(user)
        for row in fact_rows(reader.fact(stored), stored.stream, reader.keys)
        if row.kind in PERSONAL_KINDS
    }
    return _bearing(reader, tx, tuple(keys), after) - {user}


def _asking_about(reader: Reader, tx: Transaction, stream: str) -> dict[str, str]:
    """The Users that may have asked about any fact of a stream, and from where on."""
    found: dict[str, str] = {}
    for stored in tx.facts(stream):
        fact = reader.fact(stored)
        rows = fact_rows(fact, stored.stream, reader.keys)
        for user in _asking(reader, tx, fact, stream, rows, stored.position):
            found.setdefault(user, stored.position)
    return found


def _bearing(reader: Reader, tx: Transaction, keys: Keys, after: str) -> frozenset[str]:
    """The Users with a later fact that bear one of the keys.

    INVARIANT: what more accounts share than the checks read tells the later ones nothing, so
    that only the earliest holders need a second look.
    """
    found = tx.bearers(keys, after=after, cap=_FEW)
    if len(found) < _FEW:
        return found
    cap = reader.rules.accounts.row_cap + 2
    personal = [(kind, value) for kind, value in keys if kind in PERSONAL_KINDS]
    plain = [key for key in keys if key not in personal]
    questions = [(Question(*key, Wants.HOLDERS, limit=cap), key[1]) for key in personal]
    answers = tx.answer(questions, user="", before=END).values()
    early = {row.user for rows in answers for row in rows if isinstance(row, Holder)}
    newer = {user for user, newest in tx.newest(early).items() if newest > after}
    return tx.bearers(plain, after=after, cap=_ALL) | newer
