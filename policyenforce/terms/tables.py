"""TOML read strictly: every key is asked for once, and what nobody asked for is an error.

    table = Table({"ref": "4.2"}, "accounts.toml: statement 1")
    table.text("ref"); table.done()

Each error is a TermsError that names the file and the key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from policyenforce.errors import TermsError

Word = TypeVar("Word", bound=Enum)

_SHOWN = 60


def read(path: Path) -> Table:
    """The file as one table; raises TermsError when it is missing, unreadable or not TOML."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TermsError(
            f"cannot read `{path.name}`: {error.strerror}",
            where=str(path.parent),
            hint="a catalogue folder holds its chapters and versions.toml, parties.toml, …",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TermsError(f"not valid TOML: {error}", where=path.name) from error
    return Table(values, path.name)


class Table:
    """One table and where it stands.

    >>> Table({"ref": "4.2", "reff": "4.3"}, "accounts.toml").done("ref")
    Traceback (most recent call last):
    ...
    policyenforce.errors.TermsError: accounts.toml: unknown key `reff` (hint: known keys: ref)
    """

    __slots__ = ("_asked", "_values", "where")

    def __init__(self, values: Mapping[str, Any], where: str) -> None:
        self._values = values
        self._asked: set[str] = set()
        self.where = where

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str, default: str | None = None) -> str:
        """A string with something in it; raises TermsError when absent without a default."""
        value = self._take(key, default)
        if not isinstance(value, str) or (not value.strip() and value != default):
            raise self.error(key, "a text that is not empty", value)
        return value

    def optional(self, key: str) -> str | None:
        """A string, or None when the key is absent."""
        self._asked.add(key)
        return self.text(key) if key in self else None

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of strings, none of them twice."""
        value = self._take(key, default)
        items = tuple(value) if isinstance(value, (list, tuple)) else None
        if items is None or not all(isinstance(item, str) and item for item in items):
            raise self.error(key, "a list of texts", value)
        if len(set(items)) != len(items):
            raise self.error(key, "a list without repetitions", value)
        return items

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self.error(key, "true or false", value)
        return value

    def number(self, key: str) -> int:
        """A whole number above zero."""
        value = self._take(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.error(key, "a whole number above zero", value)
        return value

    def day(self, key: str) -> date:
        """A date without an hour."""
        value = self._take(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.error(key, "a date such as 2019-10-04", value)
        return value

    def optional_day(self, key: str) -> date | None:
        """A date, or None when the key is absent."""
        self._asked.add(key)
        return self.day(key) if key in self else None

    def one_of(self, key: str, kind: type[Word], default: Word | None = None) -> Word:
        """The member of ``kind`` that the text names by its value or its label."""
        return self.word(key, self.text(key, _label(default) if default else None), kind)

    def some_of(self, key: str, kind: type[Word], *, required: bool = False) -> tuple[Word, ...]:
        """The members of ``kind`` that a list of texts names."""
        names = self.texts(key, None if required else ())
        return tuple(self.word(key, name, kind) for name in names)

    def word(self, key: str, name: str, kind: type[Word]) -> Word:
        """The member of ``kind`` called ``name``; ``key`` is only named in the error."""
        for member in kind:
            if _label(member) == name:
                return member
        known = ", ".join(_label(member) for member in kind)
        raise self.error(key, f"one of: {known}", name)

    def table(self, key: str) -> Table:
        """The table under ``key``, empty when absent."""
        value = self._take(key, {})
        if not isinstance(value, dict):
            raise self.error(key, "a table", value)
        return Table(value, f"{self.where}: {key}")

    def tables(self, key: str, label: str = "id") -> list[Table]:
        """The tables of an array, each placed by what its ``label`` key says."""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(key, f"[[{key}]] tables", value)
        return [
            Table(item, f"{self.where}: {key} `{item.get(label, position)}`")
            for position, item in enumerate(value, 1)
        ]

    def mapping(self, key: str) -> dict[str, str]:
        """A table of texts."""
        inner = self.table(key)
        return {name: inner.text(name) for name in inner._values}

    def lists(self, key: str) -> dict[str, tuple[str, ...]]:
        """A table of lists of texts."""
        inner = self.table(key)
        return {name: inner.texts(name) for name in inner._values}

    def done(self, *known: str) -> None:
        """Raises TermsError for the first key that was neither asked for nor ``known``."""
        self._asked.update(known)
        for key in self._values:
            if key not in self._asked:
                raise TermsError(
                    f"unknown key `{key[:_SHOWN]}`",
                    where=self.where,
                    hint=f"known keys: {', '.join(sorted(self._asked))}",
                )

    def check(self, key: str, values: Collection[str], known: Collection[str]) -> None:
        """Raises TermsError for the first of ``values`` that is not among ``known``."""
        for value in values:
            if value not in known:
                raise self.error(key, f"one of: {', '.join(known)}", value)

    def error(self, key: str, wanted: str, value: object) -> TermsError:
        """The error that ``key`` should have held ``wanted``."""
        shown = str(value)[:_SHOWN]
        return TermsError(f"`{key}` is `{shown}`", where=self.where, hint=f"write {wanted}")

    def _take(self, key: str, default: Any = None) -> Any:
        self._asked.add(key)
        value = self._values.get(key, default)
        if value is None:
            raise TermsError(f"the key `{key}` is missing", where=self.where)
        return value


def _label(member: Enum) -> str:
    value = member.value
    return value if isinstance(value, str) else member.name.lower()
