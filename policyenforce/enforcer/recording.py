"""Recording one fact inside a transaction: evaluate, append, and mend what it was late for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from attrs import evolve

from policyenforce.checks.multiple_accounts.approvals import APPROVALS, approval_deadlines
from policyenforce.discipline.history import advance
from policyenforce.enforcer.belonging import settle
from policyenforce.enforcer.braking import evaluated
from policyenforce.enforcer.events import Events
from policyenforce.enforcer.folding import Changed, Refolded, refold
from policyenforce.enforcer.indexing import outcome_rows
from policyenforce.enforcer.planning import Plan, of_approval, plan_of
from policyenforce.enforcer.reading import END, Reader
from policyenforce.enforcer.relating import carried_to, decided_on, fallen
from policyenforce.enforcer.sessions import recorded
from policyenforce.errors import ConflictError, FactError, InputError, TermsError
from policyenforce.ledger.port import AMENDMENT, FACT, OUTCOME, Entry, MarkRow, Stored, Transaction
from policyenforce.model.fact import Fact, personal_paths, position_of
from policyenforce.model.facts.dealings import InformationRequested
from policyenforce.model.facts.procedure import CaseHandled, DeadlinePassed, ReviewRecorded
from policyenforce.model.facts.registration import (
    ApprovalGranted,
    ApprovalRevoked,
    UsersLinked,
    UsersSeparated,
)
from policyenforce.model.outcome import Deadline, Outcome
from policyenforce.model.questions import Question
from policyenforce.model.structuring import canonical, fact_from_json, fact_to_json, sound_json
from policyenforce.privacy.vault import COMMITMENT, split

_SALT_BYTES = 16
_PAIRS = (UsersLinked, UsersSeparated)
_TWO = "name two different users"
_READ = "make one of its class, or read JSON with `fact_from_json`"
_TIMED = (InformationRequested, ApprovalGranted, ApprovalRevoked, CaseHandled, DeadlinePassed)


def admissible(reader: Reader, tx: Transaction, fact: Fact) -> Stored | None:
    """The entry of a fact that is known already, or None for a new one that can be recorded.

    Raises ConflictError for a known id with another body, TermsError for a clause that the
    Terms do not have or a time before they began, FactError for a pair of one User with itself.
    """
    return _admitted(reader, tx, fact, *_told_as(fact))


def _told_as(fact: Fact) -> tuple[dict[str, Any], bool]:
    """The fact in JSON, and whether it is known by that to be sound."""
    if not isinstance(fact, Fact):
        raise InputError(f"a {type(fact).__name__} is no fact", hint=_READ)
    data = sound_json(fact)
    return (fact_to_json(fact), False) if data is None else (data, True)


def _admitted(
    reader: Reader, tx: Transaction, fact: Fact, data: dict[str, Any], sound: bool
) -> Stored | None:
    known = tx.known(fact.id)
    if known is not None:
        if not _same(fact, data, known):
            raise ConflictError(
                f"fact `{fact.id}` is known with another body",
                hint="a fact never changes; give a new fact its own id",
            )
        return known
    try:
        told = fact if sound else fact_from_json(data)
        terms = reader.rules.terms.in_force(told.at.astimezone(UTC))
    except TermsError as error:
        raise error.at("at") from None
    if isinstance(fact, _PAIRS) and fact.user_id == fact.other_user_id:
        raise FactError(f"user `{fact.user_id}` named twice", where="other_user_id", hint=_TWO)
    clause = getattr(fact, "clause", None)
    if clause is not None:
        try:
            terms.clause(clause)
        except TermsError as error:
            raise error.at("clause") from None
    return None


def lock_all(reader: Reader, tx: Transaction, facts: Iterable[Fact]) -> None:
    """Wait at once for all that recording these facts will touch, as far as it shows by now.

    Writers of several facts that wait fact by fact would wait for each other.
    """
    fresh = (fact for fact in facts if admissible(reader, tx, fact) is None)
    tx.lock({name for fact in fresh for name in plan_of(reader, tx, fact).locks})


def record(reader: Reader, tx: Transaction, fact: Fact, now: datetime, events: Events) -> Outcome:
    """Record the fact and what it leads to; a known fact gives back what was stored.

    What operators may hear of it waits in ``events``. Raises what ``admissible`` raises, and
    ConflictError for an account of two Users.
    """
    data, sound = _told_as(fact)
    known = _admitted(reader, tx, fact, data, sound)
    plan = None if known else plan_of(reader, tx, fact)
    while plan is not None and tx.lock(plan.locks):
        # Whoever held a stream may have written what we read before we had it.
        known = _admitted(reader, tx, fact, data, sound)
        plan = None if known else plan_of(reader, tx, fact)
    if plan is None:
        stored = tx.outcome(fact.id)
        return Outcome(fact.id) if stored is None else reader.outcome(stored)
    outcome = _carry_out(reader, tx, fact, data, plan, now)
    events.of(fact, outcome)
    if outcome.decisions or outcome.amendments:
        now_on = decided_on(reader, tx, (plan.place.user, *plan.others))
        _follow(reader, tx, plan.bases | now_on, plan.earliest, fact, now, events)
    if isinstance(fact, ReviewRecorded) and fact.related_to is not None:
        _tell(reader, tx, {fact.related_to}, now, events)
    return outcome


def _follow(
    reader: Reader,
    tx: Transaction,
    bases: frozenset[str],
    start: str,
    cause: Fact,
    now: datetime,
    events: Events,
) -> None:
    """Decide anew, from ``start`` on, what was carried over from these decisions.

    Ends, because a decision sorts after the one it rests on, and only what changed is followed.
    """
    users = carried_to(tx, bases)
    if not users:
        return
    for user in users:
        before = decided_on(reader, tx, (user,))
        if _mend(reader, tx, user, start, cause, now):
            theirs = before | decided_on(reader, tx, (user,))
            _follow(reader, tx, theirs, start, cause, now, events)
    _tell(reader, tx, bases, now, events)


def _tell(
    reader: Reader, tx: Transaction, bases: Iterable[str], now: datetime, events: Events
) -> None:
    """Record for the related accounts that what their decisions rest on has fallen."""
    for told in tuple(fallen(reader, tx, bases)):
        record(reader, tx, told, now, events)


def _carry_out(
    reader: Reader, tx: Transaction, fact: Fact, data: dict[str, Any], plan: Plan, now: datetime
) -> Outcome:
    user, position = plan.place.user, plan.position
    settle(reader, tx, fact, plan.place)
    if isinstance(fact, _TIMED):
        _keep_time(reader, tx, fact)
    history = reader.history(tx, user)
    entry = _fact_entry(reader, fact, data, plan.place.stream, position, now)
    kept = tx.history(user)
    if plan.place.moved or (kept is not None and position < kept.newest):
        return _late(reader, tx, fact, entry, plan, now)
    sessions = recorded(reader, tx, fact)
    step = sessions.step(fact, plan.place.stream, now)
    outcome = evaluated(reader, tx, fact, position, history, now, sessions=step)
    sessions.write()
    after = advance(history, fact, outcome)
    if plan.others:
        tx.append((entry,), plan.rows)
        reader.keep_history(tx, after, position)
        outcome = evolve(outcome, amendments=_mended(reader, tx, plan, fact, now))
        tx.append(*_told(reader, entry, fact, outcome))
    else:
        entries, found = _told(reader, entry, fact, outcome)
        tx.append((entry, *entries), (*plan.rows, *found))
        reader.keep_history(tx, after, position)
    return outcome


def _same(fact: Fact, data: dict[str, Any], known: Stored) -> bool:
    body, _ = split(data, personal_paths(type(fact)), known.salt or b"")
    if known.salt is not None or COMMITMENT not in body:
        return canonical(body) == known.body
    # The personal part is erased: what is left must agree.
    kept = orjson.loads(known.body)
    return {**body, COMMITMENT: None} == {**kept, COMMITMENT: None}


def _fact_entry(
    reader: Reader, fact: Fact, data: dict[str, Any], stream: str, position: str, now: datetime
) -> Entry:
    paths = personal_paths(type(fact))
    salt = reader.randomness(_SALT_BYTES) if paths else b""
    body, personal = split(data, paths, salt)
    return Entry(
        stream=stream,
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


def _told(
    reader: Reader, entry: Entry, fact: Fact, outcome: Outcome
) -> tuple[tuple[Entry, ...], tuple[MarkRow, ...]]:
    """What is stored of an outcome: an entry and its index rows, or nothing if it is empty."""
    if outcome.empty:
        return (), ()
    stored = evolve(
        entry, kind=OUTCOME, id=f"o:{fact.id}", body=reader.body(outcome), personal=None, salt=None
    )
    return (stored,), tuple(outcome_rows(fact, outcome, entry.stream))


def _late(
    reader: Reader, tx: Transaction, fact: Fact, entry: Entry, plan: Plan, now: datetime
) -> Outcome:
    """Fold the stream again from the late fact on; each difference becomes an amendment."""
    tx.append((entry,), plan.rows)
    folded = refold(reader, tx, plan.place.user, start=plan.start, now=now)
    _keep(reader, tx, folded)
    own = next((c.outcome for c in folded.changed if c.fact.id == fact.id), Outcome(fact.id))
    others = tuple(c for c in folded.changed if c.fact.id != fact.id)
    amended = (*(c.fact.id for c in others), *_mended(reader, tx, plan, fact, now))
    outcome = evolve(own, amendments=amended)
    tx.append(*_told(reader, entry, fact, outcome))
    _append_changes(reader, tx, others, fact, now)
    return outcome


def _mended(
    reader: Reader, tx: Transaction, plan: Plan, late: Fact, now: datetime
) -> tuple[str, ...]:
    """The facts of other Users that are decided anew; known before the outcome is stored."""
    return tuple(
        changed
        for other, start in sorted(plan.others.items())
        if (tx.stream_of(other) or other) == other
        for changed in _mend(reader, tx, other, start, late, now)
    )


def _mend(
    reader: Reader, tx: Transaction, user: str, start: str, late: Fact, now: datetime
) -> Sequence[str]:
    """Fold another User's stream again, whose facts had asked for what is only known now."""
    folded = refold(reader, tx, user, start=start, now=now)
    if not folded.changed and (start or not folded.newest):
        folded.write_sessions()
        return ()
    _append_changes(reader, tx, folded.changed, late, now)
    _keep(reader, tx, folded)
    return [c.fact.id for c in folded.changed]


def _keep(reader: Reader, tx: Transaction, folded: Refolded) -> None:
    reader.keep_history(tx, folded.history, folded.newest)
    folded.write_sessions()


def _append_changes(
    reader: Reader,
    tx: Transaction,
    changed: Sequence[Changed],
    late: Fact,
    now: datetime,
) -> None:
    entries: list[Entry] = []
    rows: list[MarkRow] = []
    gone: list[MarkRow] = []
    for change in changed:
        outcome = evolve(change.outcome, because_of=late.id)
        body = reader.body(outcome)
        # What tells amendments of one fact apart: the late fact and what is said because of it.
        tail = hashlib.sha256(late.id.encode() + body).hexdigest()[:16]
        entries.append(
            Entry(
                stream=change.stored.stream,
                kind=AMENDMENT,
                id=f"a:{change.fact.id}:{tail}",
                tag=change.fact.tag,
                position=change.stored.position,
                at=change.fact.at,
                recorded_at=now,
                body=body,
            )
        )
        found = tuple(outcome_rows(change.fact, outcome, change.stored.stream))
        was = outcome_rows(change.fact, change.before, change.stored.stream)
        rows.extend(found)
        gone.extend(row for row in was if row not in found)
    if entries:
        # INVARIANT: the index leads to what the newest outcomes hold, and to nothing else.
        tx.unmark(gone)
        tx.append(entries, rows)


def _keep_time(reader: Reader, tx: Transaction, fact: Fact) -> None:
    """Put on the list what the fact sets, and take off what has passed, whichever came first."""
    if isinstance(fact, DeadlinePassed):
        tx.done_deadline(fact.id)
    set_now = tuple(deadlines_of(reader, tx, fact))
    tx.put_deadlines(set_now)
    for deadline in set_now:
        known = tx.known(deadline.id)
        if known is not None and known.tag == DeadlinePassed.tag:
            tx.done_deadline(deadline.id)


def deadlines_of(reader: Reader, tx: Transaction, fact: Fact) -> Iterator[Deadline]:
    """The instants this fact sets, which time alone will bring."""
    if isinstance(fact, InformationRequested):
        if not _superseded(tx, fact, "request", fact.request_id):
            # Silence counts once the house's grace is over; before that nobody can tell (5.9, 7.5).
            over = fact.due_at + timedelta(hours=reader.rules.cooperation.answer_grace_hours)
            name = f"due:{fact.account_id}:{fact.request_id}"
            yield Deadline(name, fact.account_id, over, "request_due", fact.request_id)
    elif isinstance(fact, CaseHandled):
        if fact.until is not None:
            name = f"snooze:{fact.id}"
            yield Deadline(name, fact.account_id, fact.until, "snooze_over", fact.case_id or "")
    elif isinstance(fact, (ApprovalGranted, ApprovalRevoked)):
        known = (
            other for tag in APPROVALS for other in of_approval(reader, tx, fact.approval_id, tag)
        )
        yield from approval_deadlines((*known, fact), reader.rules)


def _superseded(tx: Transaction, fact: Fact, kind: str, value: str) -> bool:
    """True when a later fact of the same kind is known, which sets the date instead."""
    question = Question(kind, value, of=(fact.tag,), limit=1)
    newest = tx.answer([(question, value)], user="", before=END)[question]
    return any(isinstance(row, Stored) and row.position > position_of(fact) for row in newest)
