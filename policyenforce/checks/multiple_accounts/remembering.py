"""What was made of the last few facts: the steps of one evaluation ask the same of each again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from policyenforce.model.fact import Fact

_MOST = 64
Kind = TypeVar("Kind", bound=Fact)
Made = TypeVar("Made")


def remembered(make: Callable[[Kind], Made]) -> Callable[[Kind], Made]:
    """``make``, which is asked once for each of the last few facts.

    A fact is known by being the same object: comparing one with another costs more than it saves.
    """
    known: dict[int, tuple[Kind, Made]] = {}

    @wraps(make)
    def ask(fact: Kind) -> Made:
        found = known.get(id(fact))
        if found is None or found[0] is not fact:
            if len(known) >= _MOST:
                known.clear()
            found = known[id(fact)] = fact, make(fact)
        return found[1]

    return ask
