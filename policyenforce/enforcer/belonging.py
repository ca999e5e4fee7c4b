"""Whose stream a fact stands in, and which streams are read as one User's.

A fact stands for ever in the stream of the User, or of the account while its opening is not
known, that it names. Which streams are read as one follows from all openings, links and
separations together, and not from the order in which they became known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from attrs import field, frozen

from policyenforce.enforcer.reading import END, Reader
from policyenforce.errors import ConflictError
from policyenforce.ledger.port import Stored, Transaction
from policyenforce.model.fact import Fact, position_of
from policyenforce.model.facts.registration import AccountOpened, UsersLinked, UsersSeparated
from policyenforce.model.outcome import History
from policyenforce.model.questions import Question

HOUSE = "house"

Pair = UsersLinked | UsersSeparated
_PAIRED = (UsersLinked.tag, UsersSeparated.tag)
_ALL = 10_000  # facts of one kind about one User


@frozen
class Place:
    """Where a fact belongs.

    ``stream`` is the one it stands in, ``user`` whose stream that is read as. ``new`` are names
    never bound before, ``moved`` the streams that this fact makes read as another User's, with
    that User, and ``left`` the Users they were read as.
    """

    stream: str
    user: str
    new: tuple[str, ...] = ()
    moved: Mapping[str, str] = field(factory=dict)
    left: frozenset[str] = frozenset()

    @property
    def reread(self) -> frozenset[str]:
        """The Users that have other facts than before."""
        return self.left | set(self.moved.values())

    @property
    def streams(self) -> frozenset[str]:
        """What has to hold still while the fact is recorded."""
        return self.reread | {self.stream, self.user, *self.moved, *self.new}


def place_of(reader: Reader, tx: Transaction, fact: Fact) -> Place:
    """Where the fact belongs, changing nothing.

    Raises ConflictError when an account is opened for a second User, or under a User's id.
    """
    named = fact.named
    if named is None:
        return Place(HOUSE, HOUSE)
    if isinstance(fact, (UsersLinked, UsersSeparated)):
        return _of_pair(reader, tx, fact)
    if isinstance(fact, AccountOpened):
        return _of_opening(reader, tx, fact)
    user = tx.stream_of(named)
    if user is None:
        return Place(named, named, (named,))
    owner = None if user == named else _owner(reader, tx, user, named)
    return Place(owner or named, user)


def settle(reader: Reader, tx: Transaction, fact: Fact, place: Place) -> None:
    """Bind what the fact names, and read the moved streams as whose they now are."""
    for name in place.new:
        tx.bind(name, place.user)
    for stream in place.moved:
        before = tx.stream_of(stream) or stream
        if before != stream:
            tx.separate(before, stream)
    for stream, user in place.moved.items():
        tx.bind(stream, user)
        for account in _opened(reader, tx, stream):
            tx.bind(account, user)
        if isinstance(fact, AccountOpened):
            tx.join(place.stream, stream)  # the account stays with its own User
        elif stream != user:
            tx.join(user, stream)
    for user in place.left:
        if tx.stream_of(user) not in (None, user) and tx.history(user) is not None:
            reader.keep_history(tx, History(user), "")


def known_streams(
    reader: Reader, tx: Transaction, named: str, known_at: datetime
) -> tuple[str, tuple[str, ...]]:
    """The User that an account or User was read as at an instant, and the streams that took."""
    user = _owner(reader, tx, tx.stream_of(named) or named, named) or named
    if user != named and named not in _opened(reader, tx, user, known_at):
        return named, (named,)
    heads = read_as(pairs_around(reader, tx, (user,), known_at))
    head = heads.get(user, user)
    users = sorted({user} | {other for other, of in heads.items() if of == head})
    accounts = (account for one in users for account in _opened(reader, tx, one, known_at))
    return head, tuple(dict.fromkeys((*users, *accounts)))


def _of_opening(reader: Reader, tx: Transaction, fact: AccountOpened) -> Place:
    names = (fact.user_id, fact.account_id)
    new = tuple(name for name in names if tx.stream_of(name) is None)
    user = tx.stream_of(fact.user_id) or fact.user_id
    before = tx.stream_of(fact.account_id)
    if before is None:
        return Place(fact.user_id, user, new)
    if before == fact.account_id != fact.user_id:
        alone = reader.history(tx, before)
        if alone.accounts or alone.application != "none":
            raise ConflictError(
                f"`{before}` is a user, and an account needs another id", where=fact.id
            )
        return Place(fact.user_id, user, new, {before: user}, frozenset({before}))
    if _owner(reader, tx, before, fact.account_id) not in (None, fact.user_id):
        raise ConflictError(
            f"account `{fact.account_id}` was opened for another user",
            where=fact.id,
            hint="if the two users are one, record `users_linked`",
        )
    return Place(fact.user_id, user, new)


def _owner(reader: Reader, tx: Transaction, user: str, account: str) -> str | None:
    """The User that an account was opened for, among those read as this one."""
    for record in reader.history(tx, user).accounts:
        if record.account_id == account:
            return record.user
    return None


def _opened(
    reader: Reader, tx: Transaction, user: str, known_at: datetime | None = None
) -> tuple[str, ...]:
    """The accounts opened for a User, itself and not one it is linked with."""
    question = Question("stream", user, of=(AccountOpened.tag,), limit=_ALL)
    return tuple(
        fact.account_id
        for fact in _asked(reader, tx, question, known_at)
        if isinstance(fact, AccountOpened) and fact.user_id == user
    )


def _of_pair(reader: Reader, tx: Transaction, fact: Pair) -> Place:
    pairs = (fact, *pairs_around(reader, tx, both(fact)))
    now = {user: tx.stream_of(user) or user for pair in pairs for user in both(pair)}
    then = read_as(pairs)
    moved = {user: then[user] for user in sorted(now) if then[user] != now[user]}
    left = frozenset(now[user] for user in moved)
    new = () if tx.stream_of(fact.user_id) else (fact.user_id,)
    return Place(fact.user_id, then[fact.user_id], new, moved, left)


def pairs_around(
    reader: Reader, tx: Transaction, users: Iterable[str], known_at: datetime | None = None
) -> tuple[Pair, ...]:
    """All that was ever said of whether these Users, or any paired with them, are one."""
    found: dict[str, Pair] = {}
    seen: set[str] = set()
    ahead = list(users)
    while ahead:
        user = ahead.pop()
        if user in seen:
            continue
        seen.add(user)
        for kind in ("stream", "user_pair"):
            question = Question(kind, user, of=_PAIRED, limit=_ALL)
            for pair in _asked(reader, tx, question, known_at):
                if isinstance(pair, (UsersLinked, UsersSeparated)):
                    found[pair.id] = pair
                    ahead.extend(both(pair))
    return tuple(found.values())


def read_as(pairs: Iterable[Pair]) -> dict[str, str]:
    """Whose stream each of these Users' is read as.

    What was said last of a pair holds. A link joins whoever is one with either side, except
    where two of them were found not to be one after it.
    """
    last: dict[frozenset[str], Pair] = {}
    for pair in sorted(pairs, key=position_of):
        last[frozenset(both(pair))] = pair
    apart = [pair for pair in last.values() if isinstance(pair, UsersSeparated)]
    heads = {user: user for both in last for user in both}
    for link in sorted(last.values(), key=position_of):
        if isinstance(link, UsersLinked) and not _parted(link, apart, heads):
            head, other = (heads[user] for user in both(link))
            heads = {user: head if of == other else of for user, of in heads.items()}
    return heads


def _parted(link: UsersLinked, apart: Iterable[UsersSeparated], heads: Mapping[str, str]) -> bool:
    joined = {heads[user] for user in both(link)}
    return any(
        position_of(pair) > position_of(link) and {heads[user] for user in both(pair)} == joined
        for pair in apart
    )


def both(pair: Pair) -> tuple[str, str]:
    """The two Users that a link or separation is about."""
    return pair.user_id, pair.other_user_id


def _asked(
    reader: Reader, tx: Transaction, question: Question, known_at: datetime | None
) -> Iterator[Fact]:
    rows = tx.answer([(question, question.value)], user=question.value, before=END)[question]
    for row in rows:
        if isinstance(row, Stored) and (known_at is None or row.recorded_at <= known_at):
            yield reader.fact(row)
