"""``screen``: texts in, findings with spans out, streaming."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import IO, Annotated, Any

import orjson
import typer

from policyenforce.checks.user_content.hits import Hit
from policyenforce.checks.user_content.screen import Screen
from policyenforce.cli.options import Policy
from policyenforce.cli.output import line, progress
from policyenforce.cli.reading import lines_of
from policyenforce.errors import FactError, InputError
from policyenforce.policy.load import load_rules
from policyenforce.policy.rules import HouseRules

CHUNK = 1024
_NOT_TEXT = frozenset({"id", "language"})


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command()(screen)


def screen(
    files: Annotated[list[str], typer.Argument(help="JSON Lines with id and text; - is standard input.")],
    policy: Policy = None,
) -> None:
    """Read texts against clauses 5.4–5.7 and print what each engages; 1 when anything was found."""
    rules = load_rules(policy)
    reader = Screen(
        brands=rules.content.brands,
        block_hosts=rules.content.block_hosts,
        allow_hosts=rules.content.allow_hosts,
    )
    found = False
    with ExitStack() as stack, progress("screening") as advance:
        for chunk in _chunks(_documents(files, stack)):
            for document, hits in zip(chunk, reader.batch([d[1] for d in chunk]), strict=True):
                found = found or bool(hits)
                line(_written(document, hits, reader, rules))
            advance(len(chunk))
    raise typer.Exit(1 if found else 0)


Document = tuple[str, dict[str, str], str | None]  # id, texts by field, language


def _chunks(documents: Iterable[Document]) -> Iterator[Sequence[Document]]:
    stream = iter(documents)
    while chunk := list(islice(stream, CHUNK)):
        yield chunk


def _documents(files: Sequence[str], stack: ExitStack) -> Iterator[Document]:
    for name in files:
        source: IO[bytes]
        if name == "-":
            source = sys.stdin.buffer
        else:
            try:
                source = stack.enter_context(Path(name).open("rb"))
            except OSError as error:
                raise InputError(f"cannot read `{name}`: {error.strerror}") from None
        for number, text in enumerate(lines_of(source, name), 1):
            if text.strip():
                yield _document(text, f"{name}:{number}")


def _document(text: bytes, where: str) -> Document:
    try:
        read = orjson.loads(text)
    except orjson.JSONDecodeError:
        hint = 'one object a line: {"id": "…", "text": "…"}'
        raise FactError("not JSON", where=where, hint=hint) from None
    if not isinstance(read, dict) or not isinstance(read.get("id"), str):
        raise FactError("an object with a text `id` is needed", where=where)
    texts = {name: value for name, value in read.items() if name not in _NOT_TEXT}
    for name, value in texts.items():
        if value is not None and not isinstance(value, str):
            raise FactError("not a text", where=f"{where}: {name[:40]}", hint="give texts only")
    language = read.get("language")
    if language is not None and not isinstance(language, str):
        raise FactError("not a text", where=f"{where}: language")
    return read["id"], {n: v for n, v in texts.items() if v is not None}, language


def _written(
    document: Document, hits: Sequence[Hit], reader: Screen, rules: HouseRules
) -> dict[str, Any]:
    name, texts, language = document
    written: dict[str, Any] = {"id": name, "findings": [_finding(hit, rules) for hit in hits]}
    uncovered = reader.uncovered(texts, language)
    if uncovered:
        written["cannot_tell"] = [f"no rule pack reads {code}" for code in uncovered]
    return written


def _finding(hit: Hit, rules: HouseRules) -> dict[str, Any]:
    return {
        "clause": str(hit.clause),
        "category": hit.category,
        "confidence": round(hit.confidence, 4),
        "standard": rules.standard_of(hit.clause, hit.category, hit.confidence).label,
        "severity": hit.severity.value,
        "rule": hit.rule,
        "spans": [[s.field, s.start, s.end] for s in hit.spans],
    }
