"""``screen``: texts in, findings with spans out, streaming."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from typing import Annotated, Any, NamedTuple

import orjson
import typer

from policyenforce.checks.user_content.reading import as_row, screen_of
from policyenforce.checks.user_content.screen import Screen
from policyenforce.cli.options import Policy, Shown
from policyenforce.cli.output import Row, printing, progress
from policyenforce.cli.reading import lines_of, source
from policyenforce.cli.streams import say
from policyenforce.errors import FactError
from policyenforce.model.facts.content import is_language_tag
from policyenforce.model.refusals import named
from policyenforce.policy.load import load_rules

CHUNK = 1024


class Document(NamedTuple):
    """One line of input: its id, its texts by field, and the language its author named."""

    id: str
    texts: dict[str, str]
    language: str | None


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command()(screen)


def screen(
    files: Annotated[
        list[str], typer.Argument(help="JSON Lines with id and texts; - is standard input.")
    ],
    policy: Policy = None,
    form: Shown = None,
) -> None:
    """Read texts, and print which clauses each engages.

    A line is {"id", "text"} or {"id", "title", "description", …}; "language" may name its own.
    The exit code is 1 when anything was found.
    """
    rules = load_rules(policy)
    reader = screen_of(rules.content)
    found, untold = False, Counter[str]()
    with (
        ExitStack() as stack,
        printing(("id", "findings"), form, _brief) as put,
        progress("screening", printing_rows=True) as advance,
    ):
        for chunk in _chunks(_documents(files, stack, rules.content.text_limit)):
            answers = reader.batch([document.texts for document in chunk])
            for document, hits in zip(chunk, answers, strict=True):
                found = found or bool(hits)
                untold.update(reader.uncovered(document.texts, document.language))
                put({"id": document.id, "findings": [as_row(hit, rules) for hit in hits]})
            advance(len(chunk))
    _tell(untold, reader)
    raise typer.Exit(1 if found else 0)


def _tell(untold: Counter[str], reader: Screen) -> None:
    """A text that no pack reads is not clear, even with nothing found."""
    if untold:
        texts = ", ".join(f"{code} ({count})" for code, count in sorted(untold.items()))
        say(f"cannot tell: no rule pack reads these languages, by texts: {texts}")


def _chunks(documents: Iterable[Document]) -> Iterator[Sequence[Document]]:
    stream = iter(documents)
    while chunk := list(islice(stream, CHUNK)):
        yield chunk


def _documents(files: Sequence[str], stack: ExitStack, limit: int) -> Iterator[Document]:
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
        place = f"{where}: column {error.colno}"
    hint = 'write one object a line, in UTF-8: {"id": "…", "text": "…"}'
    raise FactError("not JSON", where=place, hint=hint)  # out here, without the line


def _brief(row: Row) -> Row:
    words = [f"{f['clause']} {f['category']} ({f['confidence']:.2f})" for f in row["findings"]]
    return {"id": row["id"], "findings": words}
