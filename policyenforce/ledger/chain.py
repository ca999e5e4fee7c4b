"""The chain: each entry's hash covers all its columns and the hash before it, per stream."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import orjson

from policyenforce.errors import LedgerError
from policyenforce.ledger.port import FACT, KINDS, Entry, Head, Problem, Stored, damaged
from policyenforce.model.fact import microseconds
from policyenforce.privacy import vault

START = "0" * 64
CLOCK_SKEW = 5_000_000  # microseconds by which the clocks of two writers may differ
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Row(NamedTuple):
    """An entry as a store holds it: instants as whole microseconds since 1970."""

    stream: str
    seq: int
    id: str
    kind: str
    tag: str
    position: str
    at: int
    recorded_at: int
    body: bytes
    hash: str
    personal: bytes | None
    salt: bytes | None


def instant(microseconds: int) -> datetime:
    """The aware UTC instant of whole microseconds since 1970.

    >>> instant(1_570_176_000_000_000)
    datetime.datetime(2019, 10, 4, 8, 0, tzinfo=datetime.timezone.utc)
    """
    return _EPOCH + timedelta(microseconds=microseconds)


def stored(row: Sequence[Any]) -> Stored:
    """The value of a row, whose columns come in the order of ``Row``.

    Raises IntegrityError for an instant that is none.
    """
    stream, seq, id, kind, tag, position, at, recorded_at, body, digest, personal, salt = row
    try:
        then, recorded = instant(at), instant(recorded_at)
    except (TypeError, OverflowError):
        raise damaged(f"the entry `{id}`", f"stream `{stream}`, seq {seq}") from None
    return Stored(
        stream, kind, id, tag, position, then, recorded, body, personal, salt,
        seq=seq, hash=digest,
    )  # fmt: skip


def digest(previous: str, columns: Sequence[object], body: bytes) -> str:
    """The hash of an entry: ``columns`` are the first eight of ``Row``.

    The columns are one line of JSON, so that the body, which ends the input, begins at its
    first line feed: two different entries never give the same input.
    """
    header = previous.encode() + orjson.dumps(columns) + b"\n"
    return hashlib.sha256(header + body).hexdigest()


def check(entries: Sequence[Entry], stream_of_fact: Callable[[str], str | None]) -> None:
    """Refuse what no chain may hold; ``stream_of_fact`` knows the facts chained already.

    INVARIANT: outcome and amendments stand in the stream of their fact, so that ``seq`` orders
    them. Raises LedgerError for that, an unknown kind, and a fact whose position is another's.
    """
    fresh: dict[str, str] = {}
    for entry in entries:
        kind, fact_id = entry.kind, entry.fact_id
        if kind == FACT:
            if fact_id != entry.id:
                raise LedgerError("the position of a fact must end with its id", where=entry.id)
            fresh[fact_id] = entry.stream
        elif kind in KINDS:
            stream = fresh.get(fact_id) or stream_of_fact(fact_id)
            if stream != entry.stream:
                raise _misplaced(entry, stream)
        else:
            raise LedgerError(f"unknown kind of entry `{kind}`", where=entry.id)
        if (entry.personal is None) != (entry.salt is None):
            raise LedgerError("a personal part comes with a salt", where=entry.id)


def _misplaced(entry: Entry, stream: str | None) -> LedgerError:
    return LedgerError(
        f"the {entry.kind} stands in stream `{entry.stream}`, its fact in `{stream}`",
        where=entry.id,
        hint="append it to the stream of its fact, after it",
    )


def link(
    entries: Iterable[Entry], heads: Callable[[str], Head | None]
) -> tuple[list[Row], dict[str, Head]]:
    """Chain entries behind the heads of their streams: the rows to store, and the new heads.

    Raises LedgerError for an entry recorded more than ``CLOCK_SKEW`` before its predecessor;
    within that the clocks of two writers are levelled.
    """
    rows: list[Row] = []
    newest: dict[str, Head] = {}
    for entry in entries:
        stream = entry.stream
        row = _row(entry, newest.get(stream) or heads(stream))
        newest[stream] = Head(row.seq, row.hash, row.recorded_at)
        rows.append(row)
    return rows, newest


def _row(entry: Entry, head: Head | None) -> Row:
    seq, previous, recorded_at = 1, START, microseconds(entry.recorded_at)
    if head is not None:
        seq, previous = head.seq + 1, head.hash
        if recorded_at < head.recorded_at:
            recorded_at = _levelled(recorded_at, head, entry)
    columns = (
        entry.stream, seq, entry.id, entry.kind, entry.tag, entry.position,
        microseconds(entry.at), recorded_at,
    )  # fmt: skip
    try:
        made = digest(previous, columns, entry.body)
    except TypeError as error:  # orjson refuses half of a surrogate pair
        raise LedgerError("text that is not Unicode", where=ascii(entry.id)) from error
    return Row(*columns, entry.body, made, entry.personal, entry.salt)


def _levelled(recorded_at: int, head: Head, entry: Entry) -> int:
    if recorded_at < head.recorded_at - CLOCK_SKEW:
        raise LedgerError(
            f"recorded at {entry.recorded_at.isoformat()}, before the newest entry of its stream",
            where=entry.id,
            hint="`now` must not run backwards: compare the clocks of the writing processes",
        )
    return head.recorded_at


def problems(
    rows: Iterable[Sequence[Any]], anchored: Mapping[str, Head] | None = None
) -> Iterator[Problem]:
    """The first wrong row of each stream; ``rows`` come sorted by stream and seq."""
    left = dict(anchored or {})
    walk: _Walk | None = None
    for row in rows:
        if walk is None or walk.stream != row[0]:
            if walk is not None:
                yield from walk.end()
            walk = _Walk(row[0], left.pop(row[0], None))
        if walk.problem is None:
            walk.step(row)
    if walk is not None:
        yield from walk.end()
    for stream, head in left.items():
        yield Problem(stream, head.seq, "", "the whole stream is gone")


class _Walk:
    """Goes along one stream, up to its first wrong row."""

    def __init__(self, stream: str, anchor: Head | None) -> None:
        self.stream = stream
        self.problem: Problem | None = None
        self._anchor = anchor
        self._head = Head(0, START, 0)

    def step(self, row: Sequence[Any]) -> None:
        message = self._wrong(row)
        if message is not None:
            self.problem = Problem(self.stream, row[1], str(row[2]), message)
        else:
            self._head = Head(row[1], row[9], row[7])

    def end(self) -> Iterator[Problem]:
        if self.problem is not None:
            yield self.problem
        elif self._anchor is not None and self._head.seq < self._anchor.seq:
            yield Problem(
                self.stream, self._anchor.seq, "", f"the entries after {self._head.seq} are gone"
            )

    def _wrong(self, row: Sequence[Any]) -> str | None:
        expected = self._head.seq + 1
        if row[1] != expected:
            return f"entry {expected} is missing before it"
        try:
            made = digest(self._head.hash, row[:8], row[8])
        except TypeError:
            return "a column has another type"
        if made != row[9]:
            return "its columns do not give its hash"
        if row[7] < self._head.recorded_at:
            return "recorded before its predecessor"
        if self._anchor is not None and row[1] == self._anchor.seq and row[9] != self._anchor.hash:
            return "not the entry that was anchored"
        return _wrong_personal(row)


def _wrong_personal(row: Sequence[Any]) -> str | None:
    personal, salt = row[10], row[11]
    if personal is None:
        return None
    try:
        true = vault.verify(orjson.loads(row[8]), orjson.loads(personal), salt)
    except (TypeError, ValueError, AttributeError):
        true = False
    return None if true else "its personal part is not the one it commits to"


def digest_of(heads: Mapping[str, Head]) -> str:
    """One SHA-256 over all heads, in stream order: what is kept outside the store.

    >>> digest_of({"u-1": Head(2, "ab", 0)}) == digest_of({"u-1": Head(3, "ab", 0)})
    False
    """
    whole = hashlib.sha256()
    for stream in sorted(heads):
        whole.update(orjson.dumps((stream, *heads[stream])) + b"\n")
    return whole.hexdigest()
