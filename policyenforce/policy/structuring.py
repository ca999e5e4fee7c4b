"""From parsed TOML to house rules, strictly: nothing is coerced and nothing is overlooked.

cattrs is lax by default (``"3"`` becomes 3, ``true`` becomes 1), so every leaf has a hook that
looks at the type it was given, and every container one that says where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from enum import Enum
from types import UnionType
from typing import Any, NoReturn, TypeVar, Union, get_args, get_origin

from attrs import NOTHING, Attribute, fields, frozen, has, resolve_types
from cattrs import Converter

from policyenforce.errors import PolicyError
from policyenforce.model.decisions import ScopeKind
from policyenforce.model.facts import FACT_TYPES
from policyenforce.model.findings import Severity
from policyenforce.model.standing import Capability
from policyenforce.policy.canonical import APART
from policyenforce.policy.coherence import require_clause
from policyenforce.policy.paths import placed
from policyenforce.policy.rules import HouseRules
from policyenforce.policy.sections import ClassifierUse, Uncovered
from policyenforce.policy.templates import ActionTemplate, Mode, Response
from policyenforce.terms.gates import Power, Standard
from policyenforce.terms.references import ClauseRef
from policyenforce.terms.timeline import Terms

_WORDS: dict[type, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number with a point, as in 0.5",
    bool: "true or false",
    list: "a list",
    dict: "a table",
}
_WORD_TYPES = (Capability, ClassifierUse, Mode, Power, ScopeKind, Severity, Uncovered)
_SHOWN = 60
_LIKE = 0.75  # how much a known key has to be like an unknown one, to be meant
_E = TypeVar("_E", bound=Enum)

Hook = Callable[[Any, Any], Any]


@frozen
class _ResponseRow:
    """A response as it is written: one table for several clauses."""

    name: str
    clauses: tuple[ClauseRef, ...]
    mode: Mode
    actions: tuple[ActionTemplate, ...]
    category: str | None = None
    at_least: Standard = Standard.NONE

    def responses(self) -> Iterator[Response]:
        """One response for each clause."""
        for clause in self.clauses:
            yield Response(self.name, clause, self.actions, self.mode, self.category, self.at_least)


def structured(content: Mapping[str, Any], terms: Terms) -> HouseRules:
    """The house rules that a parsed file holds.

    Raises PolicyError for the first flaw, with its path (``ladder[2].actions[0].power``).
    """
    rules: HouseRules = _converter(terms).structure(content, HouseRules)
    return rules


def _converter(terms: Terms) -> Converter:
    converter = Converter()
    # Every word gets a hook of its own: cattrs would let `str` or `int` answer for it.
    named: dict[type, Hook] = {leaf: _exactly(leaf) for leaf in (str, int, float, bool)}
    named |= dict.fromkeys(_WORD_TYPES, _word)
    named |= {datetime: _instant, Standard: _standard, ClauseRef: _clause(terms)}
    for kind, hook in named.items():
        converter.register_structure_hook(kind, hook)
    # The shape registered last is asked first.
    for shape, hook in (
        (has, _table(converter, terms)),
        (_is_optional, _optional(converter)),
        (_is_sequence, _sequence(converter)),
        (_is_mapping, _mapping(converter)),
        (_is_responses, _rows(converter)),
    ):
        converter.register_structure_hook_func(shape, hook)
    return converter


def _refuse(wanted: str, value: Any) -> NoReturn:
    shown = _WORDS.get(type(value), type(value).__name__)
    if type(value) in (str, int, float, bool):
        shown = f"`{str(value)[:_SHOWN]}` ({shown.partition(',')[0]})"
    raise PolicyError(f"{wanted} was expected, not {shown}")


def _exactly(leaf: type) -> Hook:
    def hook(value: Any, _: Any) -> Any:
        if type(value) is not leaf:
            _refuse(_WORDS[leaf], value)
        return value

    return hook


def _instant(value: Any, _: Any) -> datetime:
    if not isinstance(value, datetime) or value.utcoffset() is None:
        _refuse("a time with a zone, as in 2019-10-04T00:00:00+08:00,", value)
    return value


def _clause(terms: Terms) -> Hook:
    def hook(value: Any, _: Any) -> ClauseRef:
        if type(value) is not str:
            _refuse("a clause such as `5.5(c)`", value)
        require_clause(value, terms)
        return ClauseRef.parse(value)

    return hook


def _standard(value: Any, _: Any) -> Standard:
    labels = [standard.label for standard in Standard]
    if type(value) is not str or value not in labels:
        raise PolicyError(
            f"unknown standard `{str(value)[:_SHOWN]}`", hint=f"one of: {', '.join(labels)}"
        )
    return Standard.of(value)


def _word(value: Any, kind: type[_E]) -> _E:
    words = {member.value: member for member in kind}
    if type(value) is not str or value not in words:
        raise PolicyError(
            f"unknown {kind.__name__.lower()} `{str(value)[:_SHOWN]}`",
            hint=f"one of: {', '.join(words)}",
        )
    return words[value]


def _is_optional(kind: Any) -> bool:
    return get_origin(kind) in (UnionType, Union) and type(None) in get_args(kind)


def _optional(converter: Converter) -> Hook:
    def hook(value: Any, kind: Any) -> Any:
        (inner,) = (one for one in get_args(kind) if one is not type(None))
        return converter.structure(value, inner)

    return hook


def _is_sequence(kind: Any) -> bool:
    return get_origin(kind) in (tuple, frozenset)


def _sequence(converter: Converter) -> Hook:
    def hook(value: Any, kind: Any) -> Any:
        if type(value) is not list:
            _refuse("a list", value)
        origin: Any = get_origin(kind)
        inner = get_args(kind)
        if origin is tuple and inner[-1] is not Ellipsis and len(value) != len(inner):
            raise PolicyError(f"a list of {len(inner)} was expected, not of {len(value)}")
        items = [_inside(converter, index, one, inner[0]) for index, one in enumerate(value)]
        return origin(items)

    return hook


def _is_mapping(kind: Any) -> bool:
    origin = get_origin(kind)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _mapping(converter: Converter) -> Hook:
    def hook(value: Any, kind: Any) -> Any:
        if type(value) is not dict:
            _refuse("a table", value)
        of_key, of_value = get_args(kind)
        return {
            _inside(converter, key, key, of_key): _inside(converter, key, one, of_value)
            for key, one in value.items()
        }

    return hook


def _inside(converter: Converter, part: str | int, value: Any, kind: Any) -> Any:
    with placed(part):
        return converter.structure(value, kind)


def _table(converter: Converter, terms: Terms) -> Hook:
    def hook(value: Any, kind: Any) -> Any:
        if type(value) is not dict:
            _refuse("a table", value)
        wanted = [a for a in fields(resolve_types(kind)) if APART not in a.metadata]
        _no_others(value, [a.name for a in wanted])
        given = {
            a.name: _inside(converter, a.name, value[a.name], a.type)
            for a in wanted
            if _present(a, value)
        }
        if kind is ActionTemplate:
            _known_fact(given.get("cure"))
        return kind(**given, terms=terms) if kind is HouseRules else kind(**given)

    return hook


def _present(attribute: Attribute[Any], value: Mapping[str, Any]) -> bool:
    if attribute.name in value:
        return True
    if attribute.default is NOTHING:
        raise PolicyError(f"`{attribute.name}` is missing")
    return False


def _no_others(value: Iterable[str], known: list[str]) -> None:
    for key in value:
        if key not in known:
            close = get_close_matches(key, known, 1, _LIKE)
            hint = f"did you mean `{close[0]}`?" if close else f"one of: {', '.join(known)}"
            raise PolicyError(f"unknown key `{key[:_SHOWN]}`", hint=hint)


def _known_fact(tag: str | None) -> None:
    if tag is not None and tag not in FACT_TYPES:
        close = ", ".join(get_close_matches(tag, FACT_TYPES, 3)) or "details_amended"
        with placed("cure"):
            raise PolicyError(f"unknown fact `{tag[:_SHOWN]}`", hint=f"such as: {close}")


def _is_responses(kind: Any) -> bool:
    return bool(kind == tuple[Response, ...])


def _rows(converter: Converter) -> Hook:
    def hook(value: Any, _: Any) -> tuple[Response, ...]:
        rows = converter.structure(value, tuple[_ResponseRow, ...])
        found: list[Response] = []
        for index, row in enumerate(rows):
            with placed(index):
                found.extend(row.responses())
        return tuple(found)

    return hook
