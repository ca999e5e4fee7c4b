"""``Check``: a row of the table of checks. No base class: three plain functions and a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from attrs import frozen

from policyenforce.checks.context import Context
from policyenforce.model.fact import Fact
from policyenforce.model.findings import CannotTell, Finding
from policyenforce.model.questions import Question
from policyenforce.policy.rules import HouseRules


def asks_nothing(fact: Fact, rules: HouseRules) -> Iterable[Question]:
    """For checks that need only the fact itself."""
    return ()


def never_idle(sessions: Sequence[object]) -> bool:
    """For checks that look at every fact they read."""
    return False


def asks_no_more(fact: Fact, context: Context) -> Iterable[Question]:
    """For checks that the first answers suffice."""
    return ()


def ready_at_once(kind: type[Fact], rules: HouseRules) -> None:
    """For checks that have nothing to make before their first fact."""


@frozen(eq=False)
class Check:
    """What a check reads, what it asks, and how it answers.

    ``asks`` names the facts it needs, and ``then`` what else once those are known, about
    accounts and Users that the answers name: it is asked until it names nothing new. ``likely``
    is what ``then`` may ask of a key and of the Users who bear it, for a store that reads it
    along with the first answers where each journey counts. ``run`` yields findings, or
    ``CannotTell`` with the facts that are missing, or nothing, which is "clear". ``idle`` is told
    what is kept of the account's sessions, before the fact and with it: where it says True, the
    check has nothing to say of the fact, and is not asked. ``ready`` makes what a kind of fact
    needs and takes seconds, once, while no transaction is open.
    """

    name: str
    version: int
    reads: tuple[type[Fact], ...]
    run: Callable[[Fact, Context], Iterator[Finding | CannotTell]]
    asks: Callable[[Fact, HouseRules], Iterable[Question]] = asks_nothing
    then: Callable[[Fact, Context], Iterable[Question]] = asks_no_more
    likely: tuple[Question, ...] = ()
    idle: Callable[[Sequence[object]], bool] = never_idle
    ready: Callable[[type[Fact], HouseRules], None] = ready_at_once
