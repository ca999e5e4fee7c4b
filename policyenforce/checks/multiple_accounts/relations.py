"""Who else bears the identifiers of a fact, and who of them is known to be somebody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from functools import lru_cache, partial

from policyenforce.checks.context import Context
from policyenforce.checks.multiple_accounts.approvals import (
    asks_infrastructure,
    infrastructure_approved,
)
from policyenforce.checks.multiple_accounts.evidence import (
    ENTITY_KINDS,
    OFFICE_KINDS,
    Comparison,
    Link,
    Shared,
    at_most,
    link,
)
from policyenforce.checks.multiple_accounts.identifiers import Identifier, identifiers_of
from policyenforce.checks.multiple_accounts.likeness import (
    Telling,
    alike,
    differs,
    telling,
    that_count,
)
from policyenforce.checks.multiple_accounts.registers import BRANCH
from policyenforce.model.fact import Fact, position_of
from policyenforce.model.facts.registration import (
    ApplicationReceived,
    AuthorisedUserChanged,
    UserKind,
    UsersLinked,
    UsersSeparated,
)
from policyenforce.model.questions import OWN_USER, Holder, Question, Wants
from policyenforce.policy.relations import HAND_KINDS, is_settled
from policyenforce.policy.rules import HouseRules

_PAIRED = ("users_linked", "users_separated")
_STAFF = ("authorised_user_changed",)
_AT_WORK = OFFICE_KINDS | ENTITY_KINDS
_SWITCHBOARD = frozenset({"phone", "phone_tail"})
"""What people at one firm share as a matter of course; whether one hand does, nobody can tell."""


def asks_relations(fact: Fact, rules: HouseRules) -> Iterator[Question]:
    """Questions for who bears the fact's identifiers, and for what is known of those Users."""
    identifiers = _looked_up(fact, rules)
    for kind, value in identifiers:
        yield _bearers(kind, value, rules)
    if identifiers:
        yield from (_pairs_here(fact), _pairs_elsewhere(), staff_here(fact), _staff_elsewhere())


Details = Callable[[str], Iterable[Fact]]


def links(fact: Fact, context: Context, told: Details = lambda user: ()) -> tuple[Link, ...]:
    """The relation to each other User that shares enough to be looked at, the strongest first.

    ``told`` gives the facts of another User that are known: beside its application the two are
    compared in all that both tell; without one only what they share counts.

    Left out are Users found to be somebody else, named staff and their employer (T21), values
    whose use by several accounts is approved, and what this account bore all along.
    """
    sharing, house = _sharing(fact, context), context.rules.accounts
    if not sharing:
        return ()
    likenesses, differing = that_count(house)
    tell = partial(telling, likenesses=likenesses, differing=differing)
    own = tell(fact) if isinstance(fact, ApplicationReceived) else None
    found = (
        link(user, _compared(fact, own, shared, told(user), tell), house)
        for user, shared in sharing.items()
    )
    return tuple(sorted(found, key=lambda one: (-one.points, one.user)))


def asks_of_shared(fact: Fact, context: Context) -> Iterator[Question]:
    """Questions for what lets several accounts use the identifiers that others bear too."""
    for (kind, value), holders in _holders(fact, context).items():
        if holders:
            yield asks_infrastructure(kind, value)


def may_be_linked(fact: Fact, context: Context) -> tuple[str, ...]:
    """The Users of ``links``, before anything is known of them but what they share."""
    return tuple(_sharing(fact, context))


def _sharing(fact: Fact, context: Context) -> Mapping[str, list[Shared]]:
    """What each other User shares with this one, if it may be linked by that."""
    held = _held(fact, context)
    for known, seen_in, bearing, found in _last:
        if known is fact and seen_in is context and bearing == held.keys():
            return found
    found = _found_sharing(fact, held, context)
    _last[:] = [(fact, context, held.keys(), found)]
    return found


_last: list[tuple[Fact, Context, Set[Identifier], Mapping[str, list[Shared]]]] = []
"""What was found last: who asks what more to ask comes back for the links."""


def _found_sharing(
    fact: Fact, held: dict[Identifier, tuple[Holder, ...]], context: Context
) -> dict[str, list[Shared]]:
    shared_with = _shared(fact, held, context)
    if not shared_with:
        return {}
    account = getattr(fact, "account_id", None)
    news = {value for value, holders in held.items() if account not in _ids(holders)}
    apart = _separated(fact, context) | _own_staff(fact, context)
    employers = _employers(fact, context)
    return {
        user: shared
        for user, shared in shared_with.items()
        if user not in apart
        and any((one.kind, one.value) in news for one in shared)
        and not (employers and _is_employer(user, shared, held, employers))
    }


def _looked_up(fact: Fact, rules: HouseRules) -> tuple[Identifier, ...]:
    """The identifiers to ask about: by T4 also those of head office and branches."""
    own = identifiers_of(fact)
    if rules.reading("T21") == "person":
        own = tuple((kind, value) for kind, value in own if kind not in ENTITY_KINDS)
    numbers = [value.removeprefix(BRANCH) for kind, value in own if kind == "registration"]
    if not numbers:
        return own
    if rules.reading("T4") != "one_user":
        return tuple((kind, value) for kind, value in own if not value.startswith(BRANCH))
    kin = (("registration", written) for one in numbers for written in (one, BRANCH + one))
    return tuple(dict.fromkeys((*own, *kin)))


def _holders(fact: Fact, context: Context) -> Mapping[Identifier, tuple[Holder, ...]]:
    """Who bears each identifier of the fact."""
    for known, seen_in, found in _last_holders:
        if known is fact and seen_in is context:
            return found
    found = {
        (kind, value): context.holders(_bearers(kind, value, context.rules))
        for kind, value in _looked_up(fact, context.rules)
    }
    _last_holders[:] = [(fact, context, found)]
    return found


_last_holders: list[tuple[Fact, Context, Mapping[Identifier, tuple[Holder, ...]]]] = []
"""Likewise what was read last: no answer about holders changes while more is asked."""


def _held(fact: Fact, context: Context) -> dict[Identifier, tuple[Holder, ...]]:
    """Who bears each identifier of the fact, unless its use by several is approved."""
    return {
        (kind, value): holders
        for (kind, value), holders in _holders(fact, context).items()
        if not (holders and infrastructure_approved(kind, value, context, fact.at))
    }


def _shared(
    fact: Fact, held: dict[Identifier, tuple[Holder, ...]], context: Context
) -> dict[str, list[Shared]]:
    """What each other User shares with this one, where that could reach the review band."""
    here = _here(held)
    values: dict[Identifier, Shared] = {}
    borne: dict[str, list[Identifier]] = defaultdict(list)
    for identifier, holders in held.items():
        users = {holder.user for holder in holders} - {context.subject}
        if users:
            values[identifier] = _value(identifier, holders, here, context)
            for user in users:
                borne[user].append(identifier)
    house = context.rules.accounts
    most: dict[tuple[Identifier, ...], bool] = {}

    def could_be(identifiers: tuple[Identifier, ...]) -> bool:
        if identifiers not in most:
            shared = [values[identifier] for identifier in identifiers]
            office = all(one.kind in OFFICE_KINDS for one in shared)
            most[identifiers] = not office and at_most(shared, house) >= house.review
        return most[identifiers]

    borne_by = {identifier: _facts_by_user(held[identifier]) for identifier in values}
    return {
        user: [
            _borne(values[identifier], (fact.id, *borne_by[identifier][user]))
            for identifier in identifiers
        ]
        for user, identifiers in borne.items()
        if could_be(tuple(identifiers))
    }


def _borne(value: Shared, fact_ids: tuple[str, ...]) -> Shared:
    """The value with the facts by which two bear it."""
    return Shared(value.kind, value.value, value.reach, fact_ids, value.accounts, value.settled)


def _value(
    identifier: Identifier, holders: tuple[Holder, ...], here: set[str], context: Context
) -> Shared:
    """What is known of a value that several bear."""
    kind, value = identifier
    reach = len({holder.user for holder in holders} | {context.subject})
    cap = context.rules.accounts.row_cap
    if len(holders) > cap:  # the rest was not read
        reach = max(reach, cap + 1)
    return Shared(
        kind,
        value,
        reach,
        accounts=max(reach, _accounts(holders, context.subject)),
        settled=kind in HAND_KINDS and is_settled(reach, _places(holders, here)),
    )


def _accounts(holders: tuple[Holder, ...], subject: str) -> int:
    """How many accounts bear a value: an account and its application are one."""
    ids: dict[str, set[str]] = {subject: set()}
    for holder in holders:
        theirs = ids.setdefault(holder.user, set())
        if holder.holder != holder.user and not holder.holder.startswith(f"{holder.user}/"):
            theirs.add(holder.holder)
    return sum(max(1, len(accounts)) for accounts in ids.values())


def _here(held: dict[Identifier, tuple[Holder, ...]]) -> set[str]:
    """The Users that came from the network the fact came from."""
    return {h.user for (kind, _), holders in held.items() if kind == "ip" for h in holders}


def _places(holders: tuple[Holder, ...], here: set[str]) -> int:
    """From how many networks the bearers of a value came: one where they share the fact's own.

    Of the others it is not known, so each counts for itself; without an address nobody's is.
    """
    others = {holder.user for holder in holders}
    return 1 + len(others - here) if here else len(others) + 1


def _compared(
    fact: Fact,
    own: Telling | None,
    shared: Iterable[Shared],
    told: Iterable[Fact],
    tell: Callable[[ApplicationReceived], Telling],
) -> Comparison:
    """All that is known of the two: of several applications of the other one the newest."""
    entity = any(one.kind in ENTITY_KINDS for one in shared)  # only entities bear these
    others = [other for other in told if isinstance(other, ApplicationReceived)]
    if own is None or not isinstance(fact, ApplicationReceived) or not others:
        return Comparison(tuple(shared), entity_users=entity)
    other = max(others, key=position_of)
    if _colleagues(fact, other, shared):
        shared = [one for one in shared if one.kind not in _AT_WORK | _SWITCHBOARD]
    theirs = tell(other)
    return Comparison(tuple(shared), alike(own, theirs), differs(own, theirs), entity)


def _colleagues(
    one: ApplicationReceived, other: ApplicationReceived, shared: Iterable[Shared]
) -> bool:
    """True where both name one company and at least one of them only works there (T21)."""
    names_one = any(value.kind == "company" for value in shared)
    return names_one and UserKind.PERSON in (one.kind, other.kind)


def _ids(holders: tuple[Holder, ...]) -> set[str]:
    return {holder.holder for holder in holders}


def _employers(fact: Fact, context: Context) -> set[str]:
    """The accounts of others on which this User is named as staff."""
    named = context.facts(_staff_elsewhere(), AuthorisedUserChanged)
    return {change.account_id for change in in_force(named, fact)}


def _is_employer(
    user: str,
    shared: list[Shared],
    held: dict[Identifier, tuple[Holder, ...]],
    employers: set[str],
) -> bool:
    """True for whoever holds the employer's account, or shares the marks of a work place."""
    theirs = {h.holder for holders in held.values() for h in holders if h.user == user}
    return bool(theirs & employers) or any(one.kind in _AT_WORK for one in shared)


def _facts_by_user(holders: tuple[Holder, ...]) -> Mapping[str, list[str]]:
    """By which facts each User bears a value, oldest first."""
    found: dict[str, list[str]] = defaultdict(list)
    for _, fact_id, user in sorted((h.since, h.fact_id, h.user) for h in holders):
        found[user].append(fact_id)
    return found


def _separated(fact: Fact, context: Context) -> set[str]:
    """The Users whom a person last found not to be this one."""
    questions = (_pairs_here(fact), _pairs_elsewhere())
    pairs: list[UsersLinked | UsersSeparated] = []
    for question in questions:
        pairs.extend(context.facts(question, UsersLinked))
        pairs.extend(context.facts(question, UsersSeparated))
    last: dict[str, bool] = {}
    for pair in sorted(pairs, key=position_of):
        for user in (pair.user_id, pair.other_user_id):
            last[user] = isinstance(pair, UsersSeparated)
    return {user for user, apart in last.items() if apart}


def _own_staff(fact: Fact, context: Context) -> set[str]:
    named = context.facts(staff_here(fact), AuthorisedUserChanged)
    return {change.person_id for change in in_force(named, fact)}


def in_force(
    changes: tuple[AuthorisedUserChanged, ...], fact: Fact
) -> tuple[AuthorisedUserChanged, ...]:
    """Who may act for an account at the fact's instant: for each person the newest word holds."""
    newest: dict[tuple[str, str], AuthorisedUserChanged] = {}
    for change in sorted(changes, key=position_of):
        newest[change.account_id, change.person_id] = change
    return tuple(
        change
        for change in newest.values()
        if change.from_ <= fact.at and (change.until is None or fact.at < change.until)
    )


def _bearers(kind: str, value: str, rules: HouseRules) -> Question:
    return _asked_up_to(kind, value, rules.accounts.row_cap + 1)


@lru_cache(maxsize=1024)  # one fact asks thrice
def _asked_up_to(kind: str, value: str, limit: int) -> Question:
    return Question(kind, value, Wants.HOLDERS, limit=limit)


def _pairs_here(fact: Fact) -> Question:
    return Question("stream", fact.named or OWN_USER, of=_PAIRED)


def _pairs_elsewhere() -> Question:
    return Question("user_pair", OWN_USER, of=_PAIRED)


def staff_here(fact: Fact) -> Question:
    """The question for who may act on this User's accounts."""
    return Question("stream", fact.named or OWN_USER, of=_STAFF)


def _staff_elsewhere() -> Question:
    return Question("authorised", OWN_USER, of=_STAFF)
