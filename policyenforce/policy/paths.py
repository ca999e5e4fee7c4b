"""Where something stands in a policy file: ``ladder[2].actions[0].power``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from policyenforce.errors import InputError, PolicyError

_SHOWN = 60


def step(part: str | int) -> str:
    """One step of a path: ``[2]``, ``cap``, ``["5.5(c)"]``.

    >>> step(2), step("cap"), step("5.5(c)")
    ('[2]', 'cap', '["5.5(c)"]')
    """
    if isinstance(part, int):
        return f"[{part}]"
    return part if part.replace("-", "_").isidentifier() else f'["{part[:_SHOWN]}"]'


def joined(*steps: str) -> str:
    """The path that steps make together.

    >>> joined("ladder", "[2]", "name")
    'ladder[2].name'
    """
    path = ""
    for one in filter(None, steps):
        path += one if one.startswith("[") or not path else f".{one}"
    return path


@contextmanager
def placed(part: str | int) -> Iterator[None]:
    """Whatever is refused inside is refused one step further down, as PolicyError."""
    try:
        yield
    except InputError as flaw:
        where = joined(step(part), flaw.where or "")
        raise PolicyError(flaw.message, where=where, hint=flaw.hint) from None
