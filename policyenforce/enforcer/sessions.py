"""What the ledger keeps of each account's sessions: one row, a step further with each fact.

The row follows from the facts of the account in order of position, and from how many others had
used the same device or address by then. Where there is none it is computed from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from attrs import define, field

from policyenforce.checks.account_sharing.events import COMMON, CROWD
from policyenforce.checks.account_sharing.kept import Kept
from policyenforce.checks.account_sharing.observed import SESSIONS, asks_who, taken_in
from policyenforce.checks.account_sharing.row import from_row, to_row
from policyenforce.checks.multiple_accounts.identifiers import identifiers_of
from policyenforce.enforcer.indexing import asked
from policyenforce.enforcer.reading import END, Reader
from policyenforce.ledger.port import Stored, Transaction
from policyenforce.model.fact import Fact, position_of
from policyenforce.model.facts.registration import ApplicationReceived
from policyenforce.model.questions import Holder, Question, Wants

_ENOUGH = {"device": COMMON, "ip": CROWD}
_TAGS = tuple(kind.tag for kind in SESSIONS)
_ALL = 1_000_000
_AT_THE_DOOR = f"|{ApplicationReceived.rank:02d}|"

Step = tuple[Kept, ...]


@define
class Gathered:
    """The sessions of accounts while facts are gone through in order, by account.

    ``streams`` says in which stream each account's newest fact of them stands.
    """

    reader: Reader
    tx: Transaction
    kept: dict[str, Kept] = field(factory=dict)
    streams: dict[str, str] = field(factory=dict)

    def step(self, fact: Fact, stream: str, known_at: datetime) -> Step:
        """What was kept before this fact, and is with it; nothing for facts of something else."""
        if not isinstance(fact, SESSIONS):
            return ()
        account = fact.account_id
        before = self.kept.get(account) or Kept()
        after = self.kept[account] = _after(self.reader, self.tx, before, fact, known_at)
        self.streams[account] = stream
        return before, after

    def write(self) -> None:
        """Keep what was gathered."""
        for account, stream in self.streams.items():
            row = to_row(self.kept[account])
            self.tx.put_sessions(account, stream, row)
            self.reader.read_sessions.put(account, row, self.kept[account])


def recorded(reader: Reader, tx: Transaction, fact: Fact) -> Gathered:
    """What is kept of the account that a new fact names, so that one step is all there is to do."""
    gathered = Gathered(reader, tx)
    if isinstance(fact, SESSIONS):
        row = tx.sessions(fact.account_id)
        if row is None:
            return folded(reader, tx, fact.account_id, position_of(fact))
        known = reader.read_sessions.get(fact.account_id, row)
        gathered.kept[fact.account_id] = known or from_row(row)
    return gathered


def folded(reader: Reader, tx: Transaction, account: str, before: str = END) -> Gathered:
    """The sessions of one account from its facts that sort before a position."""
    gathered = Gathered(reader, tx)
    for stored in _facts(tx, account, before):
        fact = reader.fact(stored)
        if fact.named == account:
            gathered.step(fact, stored.stream, stored.recorded_at)
    return gathered


def stale_sessions(reader: Reader, tx: Transaction, user: str) -> Iterator[str]:
    """The accounts of a User of which something else is kept than their facts give."""
    accounts = (account.account_id for account in reader.history(tx, user).accounts)
    for account in dict.fromkeys((*tx.members(user), *accounts)):
        row = tx.sessions(account)
        if row is not None:
            now = folded(reader, tx, account).kept.get(account, Kept())
            if from_row(row) != now:
                yield account


def _facts(tx: Transaction, account: str, before: str) -> Iterator[Stored]:
    question = Question("account", account, of=_TAGS, limit=_ALL)
    rows = tx.answer([(question, account)], user="", before=before)[question]
    return (row for row in rows if isinstance(row, Stored))


def _after(reader: Reader, tx: Transaction, kept: Kept, fact: Fact, known_at: datetime) -> Kept:
    shared = {kind: _shared(reader, tx, fact, kind) for kind in asks_who(kept, fact)}
    return taken_in(kept, fact, known_at, shared)


def _shared(reader: Reader, tx: Transaction, fact: Fact, kind: str) -> bool:
    """True where so many accounts bear the identifier by now that it is nobody's own.

    INVARIANT: only what the fact itself bears is asked for, so that a late fact of somebody else
    finds whose sessions it concerns.
    """
    enough = _ENOUGH[kind]
    for borne, value in identifiers_of(fact):
        if borne == kind:
            # Applications bear it as well, and are no accounts: hence twice as many.
            question = Question(kind, value, Wants.HOLDERS, limit=2 * enough)
            rows = tx.answer(asked([question], reader.keys, ""), user="", before=position_of(fact))[
                question
            ]
            holders = {
                row.holder
                for row in rows
                if isinstance(row, Holder) and _AT_THE_DOOR not in row.since
            }
            if len(holders | {fact.named}) >= enough:
                return True
    return False
