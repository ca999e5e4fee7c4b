"""Facts from JSON and back: strict in what is read, canonical in what is written.

A fact is one JSON object with its tag under ``fact``; fields that hold their default are left
out, times are in UTC. Reading takes a quick path; what it refuses is read once more in detail,
so that the message can name the place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar, cast

import orjson
from cattrs import BaseValidationError, ForbiddenExtraKeysError

from policyenforce.errors import FactError
from policyenforce.model.codec import Codec
from policyenforce.model.facts import FACT_TYPES, Fact
from policyenforce.model.records import Records, record_converter
from policyenforce.model.refusals import described, explained, named, nearest
from policyenforce.model.upcasters import UPCASTERS, newest

__all__ = [
    "LINE_LIMIT",
    "UPCASTERS",
    "Records",
    "canonical",
    "checked",
    "fact_from_json",
    "fact_from_line",
    "fact_to_json",
    "not_json",
    "read_facts",
    "record_converter",
    "sound_json",
]

LINE_LIMIT = 4 * 1024 * 1024
"""Bytes in one line of a file of facts; a longer line is refused."""

F = TypeVar("F", bound=Fact)
_ONE_A_LINE = "write one object a line"
_QUICK = Codec()
_DETAILED = Codec(detailed=True)
_CHECKED = Codec(checked=True)
_OTHER_TYPE = (AttributeError, KeyError, TypeError, ValueError)


def fact_from_json(data: Mapping[str, Any], where: str | None = None) -> Fact:
    """The fact that a JSON object tells.

    Raises FactError naming ``where``, the path and a hint: for an unknown or missing field, a
    naive time, a value of another type, an unknown word, a number outside its limits.

    >>> fact_from_json({"fact": "account_closed", "id": "f-1", "account_id": "a-1",
    ...                 "at": "2019-10-04T17:00:00+08:00"}).at.isoformat()
    '2019-10-04T09:00:00+00:00'
    """
    try:
        cls, body = _opened(data)
        try:
            return cast("Fact", _QUICK.reader(cls)(body, cls))
        except (FactError, KeyError, ForbiddenExtraKeysError):
            return _read_in_detail(cls, body)
    except FactError as error:
        raise error if where is None else error.at(where) from None


def fact_to_json(fact: Fact) -> dict[str, Any]:
    """The JSON object of a fact: tag, version if not 1, and what differs from the defaults.

    Raises FactError when a field holds what JSON could not give back.

    >>> from datetime import UTC, datetime
    >>> from policyenforce.model.facts.registration import AccountClosed
    >>> then = datetime(2019, 10, 4, tzinfo=UTC)
    >>> fact_to_json(AccountClosed(id="f-1", at=then, account_id="a-1"))
    {'fact': 'account_closed', 'id': 'f-1', 'at': '2019-10-04T00:00:00Z', 'account_id': 'a-1'}
    """
    cls = type(fact)
    if FACT_TYPES.get(cls.tag) is not cls:
        raise FactError(f"`{cls.__name__}` is no kind of fact")
    try:
        return _written(_QUICK, fact)
    except _OTHER_TYPE:
        raise FactError("a field holds a value of another type", where=cls.tag) from None
    except FactError as error:
        raise error.at(cls.tag) from None


def sound_json(fact: Fact) -> dict[str, Any] | None:
    """What ``fact_to_json`` gives, where it is clear on writing it that it can be read back.

    None where reading it back has to tell.
    """
    try:
        return _written(_CHECKED, fact) if FACT_TYPES.get(fact.tag) is type(fact) else None
    except (FactError, *_OTHER_TYPE):
        return None


def checked(fact: F) -> F:
    """The same fact, held to what a file could tell: for facts that were built in Python.

    Raises FactError as ``fact_from_json`` does, with the path of what is wrong.
    """
    return cast("F", fact_from_json(fact_to_json(fact)))


def canonical(data: Any) -> bytes:
    """The one spelling in bytes of a JSON value, with sorted keys: what is hashed and stored.

    Raises FactError for what JSON cannot hold.

    >>> canonical({"b": 1, "a": "é"}).decode()
    '{"a":"é","b":1}'
    """
    try:
        return orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        raise FactError("a value that JSON cannot hold") from None


def read_facts(lines: Iterable[bytes], name: str) -> Iterator[tuple[int, Fact]]:
    """The facts of a JSON Lines file with their line numbers, from 1; empty lines are skipped.

    Raises FactError at the first line that holds no fact, placed as ``name:line: path``.

    >>> line = b'{"fact":"account_closed","id":"f-1","at":"2019-10-04T09:00:00Z"}'
    >>> next(read_facts([line], "facts.jsonl"))
    Traceback (most recent call last):
    policyenforce.errors.FactError: facts.jsonl:1: account_id: a missing field
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield number, fact_from_line(line, f"{name}:{number}")


def fact_from_line(line: bytes, where: str) -> Fact:
    """The fact of one line of JSON; raises FactError placed at ``where``."""
    if len(line) > LINE_LIMIT:
        raise FactError(f"a line of more than {LINE_LIMIT:,} bytes", where=where)
    try:
        data = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        problem = not_json(line, error)
    else:
        return fact_from_json(data, where)
    raise problem.at(where)  # out here, since orjson's own error carries the whole line along


def not_json(line: bytes, error: orjson.JSONDecodeError, hint: str = _ONE_A_LINE) -> FactError:
    """What is wrong with a line that orjson refused, without the line itself."""
    if line.startswith(b"\xef\xbb\xbf"):
        return FactError("a byte order mark", hint="save the file as UTF-8 without one")
    try:
        line.decode()
    except UnicodeDecodeError as broken:
        return FactError(f"not UTF-8 at byte {broken.start + 1}", hint="only UTF-8 is read")
    return FactError(f"not JSON at column {error.colno}", hint=hint)


def _written(codec: Codec, fact: Fact) -> dict[str, Any]:
    cls = type(fact)
    body = codec.writer(cls)(fact)
    if cls.version == 1:
        return {"fact": cls.tag, **body}
    return {"fact": cls.tag, "version": cls.version, **body}


def _opened(data: Mapping[str, Any]) -> tuple[type[Fact], dict[str, Any]]:
    """The class a tag names, and the body in that class's newest shape."""
    if not isinstance(data, Mapping):
        raise FactError(f"expected an object, got {described(data, personal=True)}")
    body = dict(data)
    tag, version = body.pop("fact", None), body.pop("version", 1)
    cls = FACT_TYPES.get(tag) if type(tag) is str else None
    if cls is None:
        raise _unknown_tag(tag)
    if version != cls.version or type(version) is not int:
        if type(version) is not int or version < 1:
            raise FactError("expected a whole number of 1 or more", where="version")
        body = newest(cls.tag, version, cls.version, body)
    return cls, body


def _unknown_tag(tag: object) -> FactError:
    if tag is None:
        return FactError("a missing field", where="fact", hint="name the kind of fact")
    if type(tag) is not str:
        return FactError(f"expected text, got {described(tag)}", where="fact")
    return FactError(
        f"an unknown kind of fact{named(tag)}", where="fact", hint=nearest(tag, [*FACT_TYPES])
    )


def _read_in_detail(cls: type[Fact], body: dict[str, Any]) -> Fact:
    try:
        return cast("Fact", _DETAILED.reader(cls)(body, cls))
    except BaseValidationError as error:
        raise explained(error, body) from None
