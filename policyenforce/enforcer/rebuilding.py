"""Computing every projection again from the entries, in the transaction of the caller.

Whose is what follows from all facts together, so they are gone through in order of position,
however they came in. Marks of facts whose personal part is erased are kept as they are: their
tokens can be made from nothing else, and a ban may rest on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from policyenforce.enforcer.belonging import HOUSE, place_of, settle
from policyenforce.enforcer.folding import Refolded, as_recorded
from policyenforce.enforcer.indexing import outcome_rows
from policyenforce.enforcer.planning import rows_of
from policyenforce.enforcer.reading import Reader
from policyenforce.enforcer.recording import deadlines_of
from policyenforce.errors import LedgerError
from policyenforce.ledger.port import MarkRow, Projected, Stored, Transaction, damaged
from policyenforce.model.facts.procedure import DeadlinePassed
from policyenforce.model.facts.registration import AccountOpened
from policyenforce.model.outcome import History, Outcome
from policyenforce.privacy.vault import is_erased

_FOREVER = datetime.max.replace(tzinfo=UTC)


def rebuild(reader: Reader, tx: Transaction) -> int:
    """Write marks, missing deadlines, holders, members and histories; how many histories differed.

    Raises FactError where the vault lost what a fact cannot be read without, and IntegrityError
    for an entry that cannot be read at all.
    """
    tx.lock({HOUSE, *tx.users()})
    before = {user: tx.history(user) for user in tx.users()}
    for user in before:
        reader.keep_history(tx, History(user), "")
    kept = _marks_of_the_erased(tx)
    tx.clear_projections()
    tx.append((), kept)
    streams = _index(reader, tx)
    _settle(reader, tx, streams)
    return _fold(reader, tx, {*before, *streams}, before)


def _marks_of_the_erased(tx: Transaction) -> tuple[MarkRow, ...]:
    erased = {stored.id for stored in tx.all_facts() if _is_erased(stored)}
    return tuple(mark for mark in tx.marks() if mark.fact_id in erased)


def _is_erased(stored: Stored) -> bool:
    personal = None if stored.personal is None else _table(stored, stored.personal)
    return is_erased(_table(stored, stored.body), personal)


def _table(stored: Stored, text: bytes) -> dict[str, Any]:
    try:
        read = orjson.loads(text)
    except ValueError:
        raise stored.damaged from None
    if not isinstance(read, dict):
        raise stored.damaged
    return read


def _index(reader: Reader, tx: Transaction) -> frozenset[str]:
    """Marks, and the deadlines that were lost; one that stands stays as it was set."""
    standing = {deadline.id for deadline in tx.deadlines(_FOREVER)}
    streams = set()
    for stored in tx.all_facts():
        fact = reader.fact(stored)
        streams.add(stored.stream)
        rows = list(rows_of(reader, tx, fact, stored.stream))
        body = tx.outcome(stored.id)
        if body is not None:
            rows.extend(outcome_rows(fact, _outcome(reader, stored, body), stored.stream))
        tx.append((), rows)
        tx.put_deadlines(d for d in deadlines_of(reader, tx, fact) if d.id not in standing)
        if isinstance(fact, DeadlinePassed):
            tx.done_deadline(fact.id)
    return frozenset(streams)


def _outcome(reader: Reader, stored: Stored, body: bytes) -> Outcome:
    try:
        return reader.outcome(body)
    except (LedgerError, AttributeError, TypeError, ValueError):
        raise damaged(f"the outcome of `{stored.id}`", stored.place) from None


def _settle(reader: Reader, tx: Transaction, streams: frozenset[str]) -> None:
    for stored in tx.all_facts():
        fact = reader.fact(stored)
        settle(reader, tx, fact, place_of(reader, tx, fact))
        if isinstance(fact, AccountOpened) and fact.account_id in streams - {fact.user_id}:
            tx.join(fact.user_id, fact.account_id)  # its facts that became known before it


def _fold(
    reader: Reader,
    tx: Transaction,
    users: Iterable[str],
    before: Mapping[str, Projected | None],
) -> int:
    changed = 0
    for user in sorted(users):
        head = tx.stream_of(user) or user
        folded = as_recorded(reader, tx, user) if head == user else Refolded(History(user))
        was = before.get(user)
        if was is None and not folded.newest:
            continue
        now = (folded.newest, reader.body(folded.history))
        changed += was is None or was[1:] != now
        reader.keep_history(tx, folded.history, folded.newest)
    return changed
