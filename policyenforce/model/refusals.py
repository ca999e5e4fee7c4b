"""Why an object was refused: the path to the first thing wrong, what was expected, a hint.

INVARIANT: the value of a personal field never enters a message, nor does a whole object.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any, TypeAlias, cast, get_args, get_origin

from attrs import Attribute, fields, has
from cattrs import (
    AttributeValidationNote,
    BaseValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
)

from policyenforce.errors import FactError
from policyenforce.model.codec import json_name

Path: TypeAlias = tuple[str | int, ...]

_SHOWN = 40  # characters of a value that a message repeats
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_KINDS = {dict: "an object", list: "a list", tuple: "a list", type(None): "null"}
_SCALARS = {str: "the text", bool: "the truth value", int: "the number", float: "the number"}


def explained(error: BaseValidationError, body: object) -> FactError:
    """The first problem that a detailed reader met in ``body``."""
    return _first(error, body, (), personal=False)


def described(value: object, *, personal: bool = False) -> str:
    """What stood where something else was expected; without the value where it is personal.

    >>> described(3), described("Ann", personal=True), described([1, 2])
    ('the number `3`', 'a text', 'a list')
    """
    scalar = _SCALARS.get(type(value))
    if scalar is None:
        return _KINDS.get(type(value), "something else")
    return scalar.replace("the ", "a ", 1) if personal else f"{scalar} `{_cut(value)}`"


def named(name: object) -> str:
    """A word of the input in backticks, if it looks like a name, and nothing otherwise."""
    return f" `{name}`" if isinstance(name, str) and _NAME.fullmatch(name) else ""


def nearest(word: str, known: list[str]) -> str | None:
    """A hint at the known word most like this one."""
    close = get_close_matches(word[:_SHOWN], known, n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else None


def _first(error: Exception, value: Any, path: Path, *, personal: bool) -> FactError:
    if isinstance(error, IterableValidationError):
        inner, note = error.group_exceptions()[0][0]
        step = "*" if personal and isinstance(note.index, str) else note.index
        return _first(inner, value[note.index], (*path, step), personal=personal)
    if isinstance(error, BaseValidationError):
        return _first_of_class(error, value, path, personal=personal)
    refused = cast("FactError", error)  # readers raise nothing else
    got = f", got {described(value, personal=personal)}"
    return FactError(refused.message + got, where=_written(path), hint=refused.hint)


def _first_of_class(
    error: BaseValidationError, value: Any, path: Path, *, personal: bool
) -> FactError:
    unknown = next((e for e in error.exceptions if isinstance(e, ForbiddenExtraKeysError)), None)
    if unknown is not None:
        return _unknown_field(unknown, path, personal=personal)
    inner = error.exceptions[0]
    attribute = _attribute(inner, error.cl)
    if attribute is None:
        return _refused_by_class(cast("FactError", inner), path)
    path = (*path, json_name(attribute))
    if isinstance(inner, KeyError):
        return FactError("a missing field", where=_written(path))
    # Text that stands in place of an object may hold what the object would have marked.
    misplaced = isinstance(inner, FactError) and _compound(attribute.type)
    hidden = personal or "personal" in attribute.metadata or attribute.repr is False or misplaced
    return _first(inner, value[path[-1]], path, personal=hidden)


def _compound(kind: Any) -> bool:
    parts = (kind, *get_args(kind))
    return get_origin(kind) in (tuple, dict) or any(has(p) for p in parts if isinstance(p, type))


def _attribute(error: Exception, cls: type[Any]) -> Attribute[Any] | None:
    notes = getattr(error, "__notes__", ())
    note = next((n for n in notes if isinstance(n, AttributeValidationNote)), None)
    return None if note is None else getattr(fields(cls), note.name)


def _refused_by_class(error: FactError, path: Path) -> FactError:
    """What the class itself said of fields that were each well formed."""
    place = (*path, error.where) if error.where else path
    return FactError(error.message, where=_written(place), hint=error.hint)


def _unknown_field(error: ForbiddenExtraKeysError, path: Path, *, personal: bool) -> FactError:
    name = sorted(map(str, error.extra_fields))[0]
    hint = nearest(name, [json_name(attribute) for attribute in fields(error.cl)])
    shown = "" if personal else named(name)
    return FactError(f"an unknown field{shown}", where=_written(path), hint=hint)


def _written(path: Path) -> str | None:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".") or None


def _cut(value: object) -> str:
    text = "".join(c if c.isprintable() and c != "`" else "·" for c in str(value)[: _SHOWN + 1])
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
