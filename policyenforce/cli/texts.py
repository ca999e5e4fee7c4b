"""Texts to be read: JSON Lines with an id and named texts, for every command that takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from typing import Annotated, Any, NamedTuple

import orjson
import typer

from policyenforce.cli.reading import lines_of, source
from policyenforce.errors import FactError
from policyenforce.model.facts.content import is_language_tag
from policyenforce.model.refusals import named
from policyenforce.model.structuring import not_json

CHUNK = 1024
_HINT = 'write one object a line, in UTF-8: {"id": "…", "text": "…"}'

Files = Annotated[
    list[str], typer.Argument(help="JSON Lines with id and texts; - is standard input.")
]


class Document(NamedTuple):
    """One line of input: its id, its texts by field, and the language its author named."""

    id: str
    texts: dict[str, str]
    language: str | None


def chunks(documents: Iterable[Document]) -> Iterator[Sequence[Document]]:
    """Documents by the thousand, for those who read many at once."""
    stream = iter(documents)
    while chunk := list(islice(stream, CHUNK)):
        yield chunk


def documents(files: Sequence[str], stack: ExitStack, limit: int) -> Iterator[Document]:
    """The documents of files in order; raises FactError at the first line that is none.

    ``limit`` is the most code points a field may have.
    """
    for file, name in [source(name, stack) for name in files]:
        for number, text in enumerate(lines_of(file, name), 1):
            if text.strip():
                yield _document(text, f"{name}:{number}", limit)


def _document(line: bytes, where: str, limit: int) -> Document:
    read = _read(line, where)
    if not isinstance(read, dict) or not isinstance(read.get("id"), str):
        raise FactError("an object with a text `id` is needed", where=where)
    texts: dict[str, str] = {}
    for name, value in read.items():
        if value is None or name == "id":
            continue
        if not isinstance(value, str):
            raise FactError(f"the field{named(name)} is no text", where=where, hint="texts only")
        if len(value) > limit:
            said = f"the field{named(name)} has {len(value):,} characters"
            raise FactError(said, where=where, hint=f"at most {limit:,}; send it in parts")
        texts[name] = value
    language = texts.pop("language", None)
    if language is not None and not is_language_tag(language):
        said = "the field `language` is no language tag"
        raise FactError(said, where=where, hint="`en`, `zh-Hant`; leave it out where it is unknown")
    if not texts:
        hint = "give `text`, or `title`, `description` …; null is no value"
        raise FactError("no text to screen", where=where, hint=hint)
    return Document(read["id"], texts, language)


def _read(line: bytes, where: str) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        problem = not_json(line, error, _HINT)
    raise problem.at(where)  # out here, since orjson's own error carries the whole line along
