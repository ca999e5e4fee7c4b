"""The content of house rules as plain values, and the digest that identifies it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from math import inf
from typing import Any

from attrs import fields, has

from policyenforce.terms.gates import Standard
from policyenforce.terms.references import ClauseRef
from policyenforce.terms.versions import digest

APART = "apart"
"""Metadata of a field that is no content of the house rules."""


def plain(value: Any) -> Any:
    """Strings, numbers, lists and dicts that say the same; sets are sorted, times are UTC.

    A threshold that no confidence reaches is ``never``: JSON has no infinity.

    >>> plain({ClauseRef.parse("5.5(c)"): Standard.BELIEF})
    {'5.5(c)': 'belief'}
    """
    if isinstance(value, ClauseRef):
        return value.text
    if isinstance(value, Standard):
        return value.label
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Mapping):
        return {plain(key): plain(one) for key, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(map(plain, value))
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if has(type(value)):
        content = (a for a in fields(type(value)) if APART not in a.metadata)
        return {a.name: plain(getattr(value, a.name)) for a in content}
    return "never" if value == inf else value


def content_hash(value: Any) -> str:
    """SHA-256 of the canonical JSON of :func:`plain`: layout and key order play no part."""
    return digest(plain(value))
