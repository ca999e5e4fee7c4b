"""What is remembered, as the rest of the house sees it: two protocols and their values.

A ledger keeps one append-only chain of entries for each stream, and beside it projections (marks,
holders, members, histories, sessions, deadlines) that can be computed again from the entries.
``memory``, ``sqlite`` and ``postgres`` keep the same contract, proved by one test suite.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import NamedTuple, Protocol

from attrs import field, frozen

from policyenforce.errors import IntegrityError
from policyenforce.model.outcome import Deadline
from policyenforce.model.questions import Holder, Question

FACT, OUTCOME, AMENDMENT = KINDS = ("fact", "outcome", "amendment")

Answer = tuple["Stored | Holder", ...]


@frozen
class Entry:
    """One row of the history, before it is chained.

    ``id`` is the fact id for a fact, ``o:…`` or ``a:…`` otherwise, unique within its ``kind``.
    ``tag`` and ``position`` are those of the fact concerned, ``position`` as
    ``model.fact.position_of`` writes it. ``body`` holds canonical JSON and is hashed as it
    stands; ``personal`` goes to the vault with its ``salt``, outside the chain.
    """

    stream: str
    kind: str
    id: str
    tag: str
    position: str
    at: datetime
    recorded_at: datetime
    body: bytes = field(repr=False)
    personal: bytes | None = field(default=None, repr=False)
    salt: bytes | None = field(default=None, repr=False)

    @property
    def fact_id(self) -> str:
        """The id of the fact that the entry is, or belongs to."""
        return self.position.split("|", 2)[-1]


@frozen
class Stored(Entry):
    """An entry in its chain: ``seq`` counts from 1, ``hash`` is SHA-256 as 64 hex digits.

    ``personal`` and ``salt`` are None where there were none or they are erased.
    """

    seq: int = field(kw_only=True)
    hash: str = field(kw_only=True)

    @property
    def place(self) -> str:
        """Where the entry stands, for messages."""
        return f"stream `{self.stream}`, seq {self.seq}"

    @property
    def damaged(self) -> IntegrityError:
        """What is raised where an entry holds what no writer can have left there."""
        return damaged(f"the entry `{self.id}`", self.place)


def damaged(what: str, where: str) -> IntegrityError:
    """What cannot be read, by its id and place; nothing that stands in it is told."""
    hint = "`ledger verify` tells what else is; restore a copy"
    return IntegrityError(f"{what} is damaged", where=where, hint=hint)


class Head(NamedTuple):
    """The newest entry of a stream."""

    seq: int
    hash: str
    recorded_at: int  # whole microseconds since 1970


class Projected(NamedTuple):
    """The folded history of a user as it is kept.

    ``version`` rises with each change of ``body``; ``newest`` is the position of the newest
    fact folded, which moves without one.
    """

    version: int
    newest: str
    body: bytes


class MarkRow(NamedTuple):
    """One row of the index: ``model.questions.Mark`` with its place, the value tokenised.

    ``(kind, value, role, holder)`` is kept once, with the smallest ``position``. The fields come
    in the order of the table's columns, so that a row is written as it is.
    """

    kind: str
    value: str
    role: str
    holder: str
    user: str
    tag: str
    position: str
    fact_id: str


@frozen
class Problem:
    """The first entry of a stream that does not verify, and what is wrong with it."""

    stream: str
    seq: int
    id: str
    message: str


class Transaction(Protocol):
    """What can be read, and in a writing transaction changed, at one instant.

    Raises LedgerError when a reading transaction is asked to write.
    """

    def lock(self, streams: Iterable[str]) -> bool:
        """Keep other writers off these streams until the end, whatever order they come in.

        True when others may have written since this transaction began to read.
        """
        ...

    def stream_of(self, named: str) -> str | None:
        """The user whose stream an account or user id belongs to; None when never bound."""
        ...

    def bind(self, named: str, user: str) -> str | None:
        """Say whose an account or user id is; the user it was bound to before, if another."""
        ...

    def members(self, user: str) -> tuple[str, ...]:
        """The streams read as this user's: its own first, then those joined, in order."""
        ...

    def join(self, user: str, other: str) -> None:
        """Read ``other``, and what is joined to it, as this user's from now on."""
        ...

    def separate(self, user: str, other: str) -> None:
        """Take back ``join(user, other)``; nothing of either stream changes."""
        ...

    def known(self, fact_id: str) -> Stored | None:
        """The entry of a fact."""
        ...

    def outcome(self, fact_id: str) -> bytes | None:
        """The body of the newest outcome or amendment of a fact; None when nothing followed."""
        ...

    def history(self, user: str) -> Projected | None:
        """The folded history of a user."""
        ...

    def put_history(self, user: str, newest: str, body: bytes | None) -> None:
        """Replace the folded history, or with None move only ``newest`` of the one there is."""
        ...

    def sessions(self, account: str) -> bytes | None:
        """What is kept of an account's sessions; None where nothing is, or it has to be folded."""
        ...

    def put_sessions(self, account: str, stream: str, body: bytes) -> None:
        """Keep the sessions of an account: personal, and erased with the stream."""
        ...

    def newest(self, users: Iterable[str]) -> Mapping[str, str]:
        """The newest position of each user that has a history."""
        ...

    def nothing_after(self, position: str) -> bool:
        """True where it is known without a look that no fact stands after a position."""
        ...

    def answer(
        self,
        questions: Iterable[tuple[Question, str]],
        *,
        user: str,
        before: str,
        likely: Sequence[Question] = (),
    ) -> Mapping[Question, Answer]:
        """All answers in one read, each question with its value already tokenised.

        ``likely`` is what may be asked next of a key (``SAME_KEY``) and of its bearers
        (``BEARER``): a store may read it at once, and answers nothing else by it.

        Good for as long as the transaction lasts. Only what sorts before the position ``before``
        is seen. FACTS gives the newest
        ``limit`` facts, oldest first; HOLDERS the earliest ``limit``; FINDING the outcome or
        amendment that is newest for its fact, if it holds the finding. The kind ``stream``
        reads the user's own streams, ``account`` those of the account's user; every other
        kind goes through the marks.
        """
        ...

    def append(self, entries: Sequence[Entry], marks: Sequence[MarkRow]) -> None:
        """Chain the entries and index the marks.

        Raises LedgerError for an id that is known, an entry recorded before its
        predecessor, and an outcome outside the stream of its fact.
        """
        ...

    def unmark(self, marks: Iterable[MarkRow]) -> None:
        """Take rows out of the index, whatever place they stand at."""
        ...

    def bearers(self, keys: Iterable[tuple[str, str]], *, after: str, cap: int) -> frozenset[str]:
        """At most ``cap`` users that bear a ``(kind, value)`` and have a fact after ``after``."""
        ...

    def tally(self, kind: str, value: str, *, after: str, cap: int) -> int:
        """How many holders of a key stand after a position, counted up to ``cap``."""
        ...

    def count_facts(self, tags: Iterable[str], *, after: str, cap: int) -> int:
        """How many facts of these tags stand after a position, each tag counted up to ``cap``."""
        ...

    def facts(
        self, user: str, *, start: str = "", known_at: datetime | None = None
    ) -> Iterator[Stored]:
        """The facts of all member streams from position ``start`` on, in position order.

        ``known_at`` leaves out what was recorded after it.
        """
        ...

    def outcomes(self, user: str, *, known_at: datetime | None = None) -> Mapping[str, Stored]:
        """The newest outcome or amendment of each fact of the user, by fact id, as known then."""
        ...

    def deadlines(self, until: datetime) -> tuple[Deadline, ...]:
        """What falls due up to and at ``until`` and is not done, earliest first."""
        ...

    def put_deadlines(self, deadlines: Iterable[Deadline]) -> None:
        """Keep deadlines by id; one that is open moves, one that is done stays done."""
        ...

    def done_deadline(self, deadline_id: str) -> None:
        """Take a deadline off the list for good."""
        ...

    def fingerprints(self) -> Mapping[str, str]:
        """The fingerprint of each token key that this ledger was written with, by its id."""
        ...

    def put_fingerprints(self, fingerprints: Mapping[str, str]) -> None:
        """Keep these fingerprints in place of those there were."""
        ...

    def erase_personal(self, user: str) -> int:
        """Delete the personal parts and salts of a user's streams; how many there were.

        What is kept of its accounts' sessions goes as well.
        """
        ...

    def users(self) -> Iterator[str]:
        """The users that have a history, in order."""
        ...

    def counts(self) -> Mapping[str, int]:
        """How many entries of each kind, streams and users there are."""
        ...

    def all_facts(self) -> Iterator[Stored]:
        """Every fact of every stream, in position order."""
        ...

    def marks(self) -> Iterator[MarkRow]:
        """Every row of the index."""
        ...

    def clear_projections(self) -> None:
        """Forget marks, holders, members and sessions, so that they can be computed again."""
        ...


class Ledger(Protocol):
    """Where the history is kept.

    With ``many_writers`` transactions that write go on side by side, each behind its locks.
    """

    @property
    def many_writers(self) -> bool:
        """False where one transaction writes at a time."""
        ...

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Read and write; all of it is kept, or after an exception nothing."""
        ...

    def reading(self) -> AbstractContextManager[Transaction]:
        """Read only, as of one instant; never waits for writers."""
        ...

    def verify(self, anchored: Mapping[str, Head] | None = None) -> tuple[Problem, ...]:
        """Check every chain and vault part; the first wrong row of each stream that has one.

        A chain alone cannot show that its tail was cut off: give the ``heads()`` that were
        kept outside to see that too.
        """
        ...

    def heads(self) -> Mapping[str, Head]:
        """The newest entry of each stream, in stream order."""
        ...

    def head_digest(self) -> str:
        """One SHA-256 over all heads: kept outside the store, it anchors the whole history."""
        ...

    def close(self) -> None:
        """Let go of the store; safe to call twice."""
        ...
