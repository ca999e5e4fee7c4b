"""``load_rules``: the house rules of a TOML file, read strictly."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path

from policyenforce.errors import InputError, PolicyError
from policyenforce.policy.coherence import require_coherent
from policyenforce.policy.rules import HouseRules
from policyenforce.policy.structuring import structured
from policyenforce.terms.timeline import Terms

_MARK = "\ufeff"

SHIPPED = "house.toml"
"""The documented default, shipped beside this module."""


def load_rules(source: str | Path | None = None, terms: Terms | None = None) -> HouseRules:
    """The house rules of a file, of TOML text, or the shipped default for None.

    A text is what has a line break in it; any other string is a path. Raises PolicyError that
    names file and path in it for whatever is unknown, missing, of the wrong type or at odds
    with the rest; whether sound rules follow is what ``lint`` proves.

    >>> load_rules().name
    'house'
    """
    if source is None:
        return _shipped() if terms is None else _read(_default_text(), SHIPPED, terms)
    known = Terms.load() if terms is None else terms
    if isinstance(source, str) and "\n" in source:
        return _read(source, "policy", known)
    return _read(_text_of(Path(source)), str(source), known)


@cache
def _shipped() -> HouseRules:
    return _read(_default_text(), SHIPPED, Terms.load())


def _default_text() -> str:
    return (files("policyenforce.policy") / SHIPPED).read_text(encoding="utf-8")


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as reason:
        said = reason.strerror if isinstance(reason, OSError) else "not UTF-8"
        raise PolicyError(
            f"cannot read the house rules: {said}",
            where=str(path),
            hint="start from the shipped `house.toml`",
        ) from reason


def _read(text: str, name: str, terms: Terms) -> HouseRules:
    if text.startswith(_MARK):
        hint = "save it as UTF-8 without one"
        raise PolicyError("the file begins with a byte order mark", where=name, hint=hint)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as reason:
        raise PolicyError(f"not valid TOML: {reason}", where=name) from reason
    except RecursionError:
        raise PolicyError("not valid TOML: nested too deeply", where=name) from None
    try:
        rules = structured(content, terms)
        require_coherent(rules)
    except InputError as flaw:
        flaw.at(name)
        raise
    return rules
