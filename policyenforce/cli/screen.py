"""``screen``: texts in, findings with spans out, streaming."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack

import typer

from policyenforce.checks.user_content.judged import judged
from policyenforce.checks.user_content.reading import as_row, screen_of
from policyenforce.checks.user_content.screen import Screen
from policyenforce.cli.options import Policy, Shown
from policyenforce.cli.output import Row, printing, progress
from policyenforce.cli.streams import say
from policyenforce.cli.texts import Files, chunks, documents
from policyenforce.policy.load import load_rules


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command()(screen)


def screen(
    files: Files,
    policy: Policy = None,
    form: Shown = None,
) -> None:
    """Read texts, and print which clauses each engages.

    A line is {"id", "text"} or {"id", "title", "description", …}; "language" may name its own.
    The exit code is 1 when anything was found.
    """
    rules = load_rules(policy)
    house = rules.content
    reader = screen_of(house)
    found, untold = False, Counter[str]()
    with (
        ExitStack() as stack,
        printing(("id", "findings"), form, _brief) as put,
        progress("screening", printing_rows=True) as advance,
    ):
        for chunk in chunks(documents(files, stack, house.text_limit)):
            items = [document.texts for document in chunk]
            answers = list(reader.batch(items))
            answers = judged(items, answers, house.classifier, disabled=house.disabled_categories)
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


def _brief(row: Row) -> Row:
    words = [f"{f['clause']} {f['category']} ({f['confidence']:.2f})" for f in row["findings"]]
    return {"id": row["id"], "findings": words}
