"""What a check may ask, and the values it gets back.

A check that reads a fact asks ``Question`` values; whoever runs it answers them in one read.
Questions whose kind is an identifier are tokenised between asking and answering, so that a
personal value never reaches the store.

INVARIANT: a check asks only about keys that its fact bears (``marks_of``), its own user
or an account it names. A late fact therefore touches exactly the streams that bear one of
its keys.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

OWN_USER = "@user"
"""The value that stands for the id of the User whose stream the fact belongs to."""
SAME_KEY, BEARER = "@key", "@bearer"
"""In what is likely asked next: a key whose holders were asked for, and each User who bears it."""


class Wants(str, Enum):
    """The shape of an answer."""

    FACTS = "facts"  # the facts that bear the key, oldest first: tuple[Fact, ...]
    HOLDERS = "holders"  # who bears the key: tuple[Holder, ...]
    FINDING = "finding"  # the finding of this id: () or (Finding,)
    DECISION = "decision"  # another User's decision of this id by then: () or (Decision,)
    SESSIONS = "sessions"  # what is kept of the account's sessions: before the fact, and with it


class Question(NamedTuple):
    """``kind`` and ``value`` name a key (``order``, ``o-9``); ``limit`` caps the answer.

    With FACTS the newest ``limit`` facts come, oldest first, optionally only those of the
    tags in ``of``. With HOLDERS the earliest ``limit`` holders come. Only what sorts before
    the fact in hand is ever seen. One fact asks dozens, each a key of the answers: hence a tuple.
    """

    kind: str
    value: str
    wants: Wants = Wants.FACTS
    of: tuple[str, ...] = ()
    limit: int = 64


class Holder(NamedTuple):
    """Who bears a key: an account or application, its user, since when, by which fact."""

    holder: str
    user: str
    since: str  # position of the first fact that bore it
    fact_id: str


class Mark(NamedTuple):
    """One row of the index: the key a fact bears, and who holds it by that.

    ``holder`` is the fact's own id for keys that facts are looked up by; the account, user or
    application for identifiers.
    """

    kind: str
    value: str
    holder: str
    role: str = "fact"  # "fact", or "holder" for what HOLDERS questions see
