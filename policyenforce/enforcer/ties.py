"""What speaks for one hand behind two Users, as the ledger holds it, and what exempts an account.

A cascade rests on findings that are recorded: those on several accounts (4.1) in which one of the
two Users named the other, whichever came first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from policyenforce.checks.multiple_accounts.approvals import APPROVALS, approvals
from policyenforce.discipline.cascade import Tie
from policyenforce.discipline.falling import LIVE
from policyenforce.enforcer.belonging import both, pairs_around
from policyenforce.enforcer.indexing import LINKED, RELATIONS
from policyenforce.enforcer.reading import Reader
from policyenforce.ledger.port import Transaction
from policyenforce.model.decisions import Decision
from policyenforce.model.evidence import Bearing
from policyenforce.model.fact import position_of
from policyenforce.model.facts.registration import AuthorisedUserChanged, UsersSeparated
from policyenforce.model.findings import Finding


def ties_around(reader: Reader, tx: Transaction, user: str, hops: int) -> tuple[Tie, ...]:
    """Every tie on a way of at most so many from this User."""
    found: dict[frozenset[str], list[tuple[Finding, str]]] = defaultdict(list)
    seen, edge = {user}, [user]
    for _ in range(hops):
        ahead: set[str] = set()
        for here in edge:
            for finding, bearer, other in _findings(reader, tx, here):
                pair = frozenset({bearer, other})
                if len(pair) > 1 and (finding, bearer) not in found[pair]:
                    found[pair].append((finding, bearer))
                    ahead |= pair
        edge = sorted(ahead - seen)
        seen |= ahead
    return tuple(_tie(reader, tx, users, told) for users, told in found.items() if told)


def _findings(reader: Reader, tx: Transaction, user: str) -> Iterator[tuple[Finding, str, str]]:
    """The findings that link this User to another: each with who bears it and whom it names."""
    for stored in tx.outcomes(user).values():
        for finding in reader.outcome(stored.body).findings:
            if finding.clause.number == RELATIONS and finding.target is not None:
                yield finding, user, tx.stream_of(finding.target) or finding.target
    accounts = (account.account_id for account in reader.history(tx, user).accounts)
    for name in dict.fromkeys((user, *tx.members(user), *accounts)):
        for fact in reader.bearing(tx, LINKED, name):
            body, bearer = tx.outcome(fact.id), tx.stream_of(fact.named or "") or fact.named
            for finding in () if body is None else reader.outcome(body).findings:
                if finding.target == name and bearer is not None:
                    yield finding, bearer, user


def _tie(
    reader: Reader, tx: Transaction, users: frozenset[str], told: Sequence[tuple[Finding, str]]
) -> Tie:
    """The strongest finding counts; one that a person has refuted counts only for being told."""
    standing = [(f, bearer) for f, bearer in told if not _refuted(reader, tx, f, bearer)]
    why = "a person has refuted that it is one hand" if not standing else None
    if _apart(reader, tx, users):
        why = "a person has found the two Users to be different"
    best, _ = max(standing or told, key=lambda one: (_weight(one[0]), one[0].id))
    return Tie(users, _weight(best), best.evidence, (best.id,), why)


def _weight(finding: Finding) -> int:
    """The points of the evidence for it, less those against."""
    return sum(
        abs(e.points) if e.bearing is Bearing.INCRIMINATING else -abs(e.points)
        for e in finding.evidence
    )


def _refuted(reader: Reader, tx: Transaction, finding: Finding, bearer: str) -> bool:
    precedents = reader.history(tx, bearer).precedents
    return any(p.source_id == finding.id or p.bars(finding) for p in precedents)


def _apart(reader: Reader, tx: Transaction, users: frozenset[str]) -> bool:
    pairs = [p for p in pairs_around(reader, tx, users) if frozenset(both(p)) == users]
    last = max(pairs, key=position_of, default=None)
    return isinstance(last, UsersSeparated)


def exemptions(
    reader: Reader,
    tx: Transaction,
    decision: Decision,
    accounts: Mapping[str, Iterable[str]],
    now: datetime,
) -> Mapping[str, str]:
    """Why an account or User is left out of a cascade: approved, named staff, decided already."""
    own = {a.account_id for a in reader.history(tx, decision.user).accounts}
    found: dict[str, str] = {}
    for user, theirs in accounts.items():
        staff = _staff(reader, tx, user, own, now) or _staff(
            reader, tx, decision.user, set(theirs), now
        )
        if staff is not None:
            found[user] = f"named staff of account `{staff}` (T21)"
        for name in (user, *theirs):
            approval = _approval(reader, tx, name, now)
            if approval is not None:
                found[name] = f"approval `{approval}` covers it (4.1)"
        for other in reader.history(tx, user).decisions:
            if other.related_to == decision.id and other.status in LIVE:
                found[other.account_id] = f"decided already: {other.id}"
    return found


def _approval(reader: Reader, tx: Transaction, name: str, now: datetime) -> str | None:
    granted = approvals(reader.bearing(tx, "approved", name, *APPROVALS))
    return next((a.granted.approval_id for a in granted if a.in_force(now)), None)


def _staff(
    reader: Reader, tx: Transaction, person: str, accounts: set[str], now: datetime
) -> str | None:
    """The account of these on which this User is named, by the newest word on each."""
    newest: dict[str, AuthorisedUserChanged] = {}
    for change in reader.bearing(tx, "authorised", person, AuthorisedUserChanged.tag):
        if isinstance(change, AuthorisedUserChanged):
            newest[change.account_id] = change
    for account, change in newest.items():
        ended = change.until is not None and change.until <= now
        if account in accounts and change.from_ <= now and not ended:
            return account
    return None
