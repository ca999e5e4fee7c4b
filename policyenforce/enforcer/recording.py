"""Recording one fact inside a transaction: resolve, evaluate, append, and mend what it was late for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import orjson
from attrs import evolve

from policyenforce.discipline.history import advance
from policyenforce.enforcer.folding import Changed, refold
from policyenforce.enforcer.indexing import fact_rows, outcome_rows, touched_keys
from policyenforce.enforcer.reading import Reader
from policyenforce.errors import ConflictError
from policyenforce.ledger.port import AMENDMENT, FACT, OUTCOME, Entry, MarkRow, Stored, Transaction
from policyenforce.model.fact import Fact, personal_paths, position_of
from policyenforce.model.facts.dealings import InformationRequested
from policyenforce.model.facts.registration import (
    AccountOpened,
    ApprovalGranted,
    ApprovalRevoked,
    ApprovalScope,
    UsersLinked,
    UsersSeparated,
)
from policyenforce.model.outcome import Deadline, History, Outcome
from policyenforce.model.questions import Question
from policyenforce.model.structuring import canonical, checked, fact_to_json
from policyenforce.privacy.vault import COMMITMENT, split

HOUSE = "house"
_SALT_BYTES = 16
_REACH = 64  # how many other Users one late fact may make us look at again


def admissible(reader: Reader, tx: Transaction, fact: Fact) -> Stored | None:
    """The entry of a fact that is known already, or None for a new one that can be recorded.

    Raises ConflictError for a known id with another body, TermsError for a clause that the
    Terms do not have or a time before they began.
    """
    known = tx.known(fact.id)
    if known is not None:
        if not _same(fact, known):
            raise ConflictError(
                f"fact `{fact.id}` is known with another body",
                hint="a fact never changes; give a new fact its own id",
            )
        return known
    terms = reader.rules.terms.in_force(checked(fact).at)
    clause = getattr(fact, "clause", None)
    if clause is not None:
        terms.clause(clause)
    return None


def record(reader: Reader, tx: Transaction, fact: Fact, now: datetime) -> Outcome:
    """Record the fact and what it leads to; a known fact gives back what was stored.

    Raises what ``admissible`` raises.
    """
    if admissible(reader, tx, fact) is not None:
        stored = tx.outcome(fact.id)
        return Outcome(fact.id) if stored is None else reader.outcome(stored)
    user, joined = _user_of(reader, tx, fact)
    rows = fact_rows(fact, user, reader.keys, _granted(reader, tx, fact))
    position = position_of(fact)
    others = tx.bearers(touched_keys(fact, rows), after=position, cap=_REACH) - {user}
    tx.lock(sorted({user, *others, *joined}))
    history = reader.history(tx, user)
    entry = _fact_entry(reader, fact, user, position, now)
    tx.put_deadlines(_deadlines(fact, reader))
    if position < history.newest or joined:
        tx.append((entry,), rows)
        outcome = _late(reader, tx, fact, user, position if not joined else "", now)
    else:
        outcome = reader.evaluate(tx, fact, history, now)
        after = advance(history, fact, outcome)
        entries, found = _with_outcome(reader, entry, fact, outcome, user, now)
        tx.append(entries, (*rows, *found))
        reader.keep_history(tx, after)
    mended = [i for other in sorted(others) for i in _mend(reader, tx, other, position, fact, now)]
    if isinstance(fact, UsersSeparated):
        mended += [i for other in joined for i in _mend(reader, tx, other, "", fact, now)]
    return evolve(outcome, amendments=(*outcome.amendments, *mended)) if mended else outcome


def _same(fact: Fact, known: Stored) -> bool:
    body, _ = split(fact_to_json(fact), personal_paths(type(fact)), known.salt or b"")
    if known.salt is not None or COMMITMENT not in body:
        return canonical(body) == known.body
    # The personal part is erased: what is left must agree.
    kept = orjson.loads(known.body)
    return {**body, COMMITMENT: None} == {**kept, COMMITMENT: None}


def _granted(reader: Reader, tx: Transaction, fact: Fact) -> ApprovalGranted | None:
    """What a revocation takes back: its subjects are those of the grant."""
    if not isinstance(fact, ApprovalRevoked):
        return None
    question = Question("approval", fact.approval_id, of=(ApprovalGranted.tag,), limit=1)
    rows = tx.answer([(question, question.value)], user=HOUSE, before=position_of(fact))[question]
    found = (reader.fact(row) for row in rows if isinstance(row, Stored))
    return next((grant for grant in found if isinstance(grant, ApprovalGranted)), None)


def _user_of(reader: Reader, tx: Transaction, fact: Fact) -> tuple[str, tuple[str, ...]]:
    """Whose stream the fact belongs to, and which streams it joins or parts."""
    if fact.named is None:
        return HOUSE, ()
    if isinstance(fact, (UsersLinked, UsersSeparated)):
        return _paired(reader, tx, fact)
    known = tx.stream_of(fact.named)
    if isinstance(fact, AccountOpened):
        user = known or fact.user_id
        tx.bind(fact.user_id, user)
        before = tx.bind(fact.account_id, user)
        if before is not None and before != user:
            _absorb(reader, tx, user, before)
            return user, (before,)
        return user, ()
    if known is not None:
        return known, ()
    # An account whose opening is not known yet has a stream of its own until it is.
    user = fact.named
    tx.bind(fact.named, user)
    return user, ()


def _absorb(reader: Reader, tx: Transaction, user: str, other: str) -> None:
    """Read another stream as this user's; what was folded of it alone no longer stands."""
    tx.join(user, other)
    if tx.history(other) is not None:
        reader.keep_history(tx, History(other))


def _paired(
    reader: Reader, tx: Transaction, fact: UsersLinked | UsersSeparated
) -> tuple[str, tuple[str, ...]]:
    user = tx.stream_of(fact.user_id) or fact.user_id
    tx.bind(fact.user_id, user)
    other = fact.other_user_id
    newest = max(_pair_positions(reader, tx, fact), default="")
    if newest > position_of(fact):
        return user, ()
    if isinstance(fact, UsersLinked):
        head = tx.stream_of(other) or other
        if head == user:
            return user, ()
        for account in reader.history(tx, head).accounts:
            tx.bind(account.account_id, user)
        tx.bind(other, user)
        _absorb(reader, tx, user, head)
        return user, (head,)
    if tx.stream_of(other) == user and other != user:
        tx.separate(user, other)
        tx.bind(other, other)
        for stored in tx.facts(other):
            if stored.tag == AccountOpened.tag:
                tx.bind(reader.fact(stored).account_id, other)  # type: ignore[attr-defined]  # its tag says what it is
        return user, (other,)
    tx.bind(other, tx.stream_of(other) or other)
    return user, ()


def _pair_positions(
    reader: Reader, tx: Transaction, fact: UsersLinked | UsersSeparated
) -> Iterable[str]:
    pair = {fact.user_id, fact.other_user_id}
    for user in sorted(pair):
        for stored in tx.facts(tx.stream_of(user) or user):
            if stored.tag in (UsersLinked.tag, UsersSeparated.tag):
                known = reader.fact(stored)
                if {known.user_id, known.other_user_id} == pair:  # type: ignore[attr-defined]  # its tag says what it is
                    yield stored.position


def _fact_entry(reader: Reader, fact: Fact, user: str, position: str, now: datetime) -> Entry:
    data = fact_to_json(fact)
    salt = reader.randomness(_SALT_BYTES)
    body, personal = split(data, personal_paths(type(fact)), salt)
    return Entry(
        stream=user,
        kind=FACT,
        id=fact.id,
        tag=fact.tag,
        position=position,
        at=fact.at,
        recorded_at=now,
        body=canonical(body),
        personal=canonical(personal) if personal is not None else None,
        salt=salt if personal is not None else None,
    )


def _with_outcome(
    reader: Reader, entry: Entry, fact: Fact, outcome: Outcome, user: str, now: datetime
) -> tuple[tuple[Entry, ...], tuple[MarkRow, ...]]:
    if outcome.empty:
        return (entry,), ()
    stored = evolve(
        entry, kind=OUTCOME, id=f"o:{fact.id}", body=reader.body(outcome), personal=None, salt=None
    )
    return (entry, stored), tuple(outcome_rows(fact, outcome, user))


def _late(
    reader: Reader, tx: Transaction, fact: Fact, user: str, start: str, now: datetime
) -> Outcome:
    """Fold the stream again from the late fact on; each difference becomes an amendment."""
    folded = refold(reader, tx, user, start=start, now=now)
    own = Outcome(fact.id)
    others = []
    for changed in folded.changed:
        if changed.fact.id == fact.id:
            own = changed.outcome
        else:
            others.append(changed)
    _append_changes(reader, tx, user, folded.changed, fact, now)
    reader.keep_history(tx, folded.history)
    return evolve(own, amendments=tuple(c.fact.id for c in others)) if others else own


def _mend(
    reader: Reader, tx: Transaction, user: str, start: str, late: Fact, now: datetime
) -> Sequence[str]:
    """Fold another User's stream again, whose facts had asked for what is only known now."""
    folded = refold(reader, tx, user, start=start, now=now)
    if start and not folded.changed:
        return ()
    _append_changes(reader, tx, user, folded.changed, late, now)
    reader.keep_history(tx, folded.history)
    return [c.fact.id for c in folded.changed]


def _append_changes(
    reader: Reader,
    tx: Transaction,
    user: str,
    changed: Sequence[Changed],
    late: Fact,
    now: datetime,
) -> None:
    entries: list[Entry] = []
    rows: list[MarkRow] = []
    for change in changed:
        own = change.fact.id == late.id
        outcome = change.outcome if own else evolve(change.outcome, because_of=late.id)
        body = reader.body(outcome)
        tail = hashlib.sha256(late.id.encode() + body).hexdigest()[:16]
        entries.append(
            Entry(
                stream=change.stored.stream,
                kind=OUTCOME if own else AMENDMENT,
                id=f"o:{change.fact.id}" if own else f"a:{change.fact.id}:{tail}",
                tag=change.fact.tag,
                position=change.stored.position,
                at=change.fact.at,
                recorded_at=now,
                body=body,
            )
        )
        rows.extend(outcome_rows(change.fact, outcome, user))
    if entries:
        tx.append(entries, rows)


def _deadlines(fact: Fact, reader: Reader) -> Iterable[Deadline]:
    """The instants this fact sets, which time alone will bring."""
    if isinstance(fact, InformationRequested):
        # Silence counts once the house's grace is over; before that nobody can tell (5.9, 7.5).
        over = fact.due_at + timedelta(hours=reader.rules.cooperation.answer_grace_hours)
        yield Deadline(
            f"due:{fact.request_id}", fact.account_id, over, "request_due", fact.request_id
        )
    if isinstance(fact, ApprovalGranted) and fact.until is not None:
        registration = reader.rules.registration
        days = registration.approval_notice_days + registration.approval_grace_days
        if fact.scope is ApprovalScope.ACCOUNTS:
            for subject in fact.subjects:
                yield Deadline(
                    f"approval:{fact.approval_id}:{subject}",
                    subject,
                    fact.until + timedelta(days=days),
                    "approval_expired",
                    fact.approval_id,
                )
