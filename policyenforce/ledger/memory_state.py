"""What the ledger in memory holds, and how its entries are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from attrs import define, evolve, field

from policyenforce.ledger import chain
from policyenforce.ledger.port import Head, MarkRow, Projected, Stored
from policyenforce.model.fact import microseconds
from policyenforce.model.outcome import Deadline

K = TypeVar("K")
V = TypeVar("V")


@define
class State:
    """Everything kept; personal parts lie apart from the chains, as they do on disk."""

    chains: dict[str, list[Stored]] = field(factory=dict)
    facts: dict[str, Stored] = field(factory=dict)
    placed: dict[str, list[Stored]] = field(factory=dict)  # facts of a stream by position
    outcomes: dict[str, list[Stored]] = field(factory=dict)
    ids: set[tuple[str, str]] = field(factory=set)
    vault: dict[tuple[str, int], tuple[bytes, bytes]] = field(factory=dict)
    marks: dict[tuple[str, str, str], dict[str, MarkRow]] = field(factory=dict)
    holders: dict[str, str] = field(factory=dict)
    members: dict[str, frozenset[str]] = field(factory=dict)
    histories: dict[str, Projected] = field(factory=dict)
    sessions: dict[str, tuple[str, bytes]] = field(factory=dict)  # stream and row, by account
    deadlines: dict[str, tuple[Deadline, bool]] = field(factory=dict)
    fingerprints: dict[str, str] = field(factory=dict)


def restoring(table: dict[K, V], key: K) -> Callable[[], object]:
    """What puts a key of a table back to what it is now."""
    if key not in table:
        return lambda: table.pop(key, None)
    value = table[key]
    return lambda: table.__setitem__(key, value)


def head_of(entries: Sequence[Stored]) -> Head | None:
    """The newest of a chain, or None of an empty one."""
    if not entries:
        return None
    newest = entries[-1]
    return Head(newest.seq, newest.hash, microseconds(newest.recorded_at))


def whole(state: State, entry: Stored) -> Stored:
    """The entry with its personal part, unless that is erased."""
    kept = state.vault.get((entry.stream, entry.seq))
    return entry if kept is None else evolve(entry, personal=kept[0], salt=kept[1])


def row_of(entry: Stored) -> chain.Row:
    """The entry as the chain checks it."""
    return chain.Row(
        entry.stream, entry.seq, entry.id, entry.kind, entry.tag, entry.position,
        microseconds(entry.at), microseconds(entry.recorded_at), entry.body, entry.hash,
        entry.personal, entry.salt,
    )  # fmt: skip
