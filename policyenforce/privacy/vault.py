"""Splitting a fact before it is hashed: the history keeps a commitment, the vault the person.

Erasing the vault row and its salt leaves decisions and chain verifiable, and nobody in them.
The forms here are JSON: ``dict``, ``list``, ``str``, numbers, ``True``, ``False``, ``None``.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import cache
from typing import Any

from policyenforce.model.structuring import canonical

COMMITMENT = "personal"
"""The field of a body that commits to what was taken out of it."""

Tree = dict[str, Any]  # name of a field -> None for a personal one, else the tree below it


def split(
    body: dict[str, Any], paths: tuple[tuple[str, ...], ...], salt: bytes
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The body without its personal values but with a commitment to them; and those values.

    ``paths`` are those of ``model.fact.personal_paths``; they reach into lists. A value that is
    missing, None or an empty list or table is nobody's. With nothing personal the body comes
    back as it was, and None with it. ``body`` itself is never changed. Raises FactError for a
    personal value that JSON cannot hold, such as half of a surrogate pair.

    >>> body, personal = split({"id": "f-1", "first_name": "Ana"}, (("first_name",),), b"salt")
    >>> personal
    {'first_name': 'Ana'}
    >>> sorted(body)
    ['id', 'personal']
    """
    rest, taken = _split_table(body, _tree(paths))
    if taken is None:
        return body, None
    rest[COMMITMENT] = _commitment(taken, salt)
    return rest, taken


def join(body: dict[str, Any], personal: dict[str, Any] | None) -> dict[str, Any]:
    """The body as it was before ``split``; without the personal values where they are erased.

    >>> join({"id": "f-1", "personal": "9f…"}, {"first_name": "Ana"})
    {'id': 'f-1', 'first_name': 'Ana'}
    """
    rest = {name: value for name, value in body.items() if name != COMMITMENT}
    whole: dict[str, Any] = _join(rest, personal)
    return whole


def verify(body: dict[str, Any], personal: dict[str, Any] | None, salt: bytes) -> bool:
    """True when these are the very values that the body commits to, or neither has any."""
    committed = body.get(COMMITMENT)
    if committed is None or personal is None:
        return committed is None and personal is None
    return hmac.compare_digest(str(committed), _commitment(personal, salt))


def is_erased(body: dict[str, Any], personal: dict[str, Any] | None) -> bool:
    """True when the body commits to personal values that are no longer there."""
    return personal is None and COMMITMENT in body


def _commitment(personal: dict[str, Any], salt: bytes) -> str:
    return hashlib.sha256(salt + canonical(personal)).hexdigest()


@cache
def _tree(paths: tuple[tuple[str, ...], ...]) -> Tree:
    tree: Tree = {}
    for path in paths:
        below = tree
        for name in path[:-1]:
            below = below.setdefault(name, {})
        below[path[-1]] = None
    return tree


def _split(value: Any, tree: Tree) -> tuple[Any, Any]:
    if isinstance(value, list):
        pairs = [_split(one, tree) for one in value]
        taken = [personal for _, personal in pairs]
        if all(personal is None for personal in taken):
            return value, None
        return [rest for rest, _ in pairs], taken
    return _split_table(value, tree) if isinstance(value, dict) else (value, None)


def _split_table(table: dict[str, Any], tree: Tree) -> tuple[dict[str, Any], dict[str, Any] | None]:
    rest, taken = dict(table), {}
    for name, below in tree.items():
        value = table.get(name)
        if value is None or value in ([], {}):
            continue
        if below is None:
            taken[name] = rest.pop(name)
            continue
        rest[name], inner = _split(value, below)
        if inner is not None:
            taken[name] = inner
    return rest, taken or None


def _join(rest: Any, personal: Any) -> Any:
    if personal is None:
        return rest
    if isinstance(rest, list):
        return [_join(one, part) for one, part in zip(rest, personal, strict=True)]
    whole = dict(rest)
    for name, part in personal.items():
        whole[name] = _join(whole[name], part) if name in whole else part
    return whole
