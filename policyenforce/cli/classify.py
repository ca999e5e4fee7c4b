"""``classify``: texts in, calibrated scores out, streaming; for choosing thresholds."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack

import typer

from policyenforce.checks.user_content.classifier.protocol import HEADS
from policyenforce.cli.options import Shown
from policyenforce.cli.output import Row, printing, progress
from policyenforce.cli.streams import say
from policyenforce.cli.texts import Document, Files, chunks, documents
from policyenforce.model.fact import TEXT_LIMIT

_DIGITS = 4
_READ = "en"


def add_to(app: typer.Typer) -> None:
    """Put the command of this module on the app."""
    app.command()(classify)


def classify(files: Files, form: Shown = None) -> None:
    """Read texts, and print how likely each is toxic, hateful, sexual or spam, 0 to 1.

    A line is {"id", "text"} or {"id", "title", "description", …}; "language" may name its own.
    The model reads English: how many texts were in another language is said on standard error.
    """
    from policyenforce.checks.user_content.classifier.linear import shipped_classifier

    classifier, untold = shipped_classifier(), Counter[str]()
    with (
        ExitStack() as stack,
        printing(("id", "scores"), form, _brief) as put,
        progress("classifying", printing_rows=True) as advance,
    ):
        for chunk in chunks(documents(files, stack, TEXT_LIMIT)):
            texts = ["\n".join(document.texts.values()) for document in chunk]
            for document, estimate in zip(chunk, classifier.estimates(texts), strict=True):
                language = estimate.language or _named_elsewhere(document)
                if language:
                    untold[language] += 1
                scores = {head: round(estimate.scores.of(head), _DIGITS) for head in HEADS}
                put({"id": document.id, "scores": scores})
            advance(len(chunk))
    if untold:
        languages = ", ".join(f"{code} ({count})" for code, count in sorted(untold.items()))
        say(f"cannot tell: the model reads English; texts in another language: {languages}")


def _named_elsewhere(document: Document) -> str:
    """The language that its author names, where the model does not read it; else nothing."""
    named = (document.language or _READ).partition("-")[0].lower()
    return "" if named == _READ else named


def _brief(row: Row) -> Row:
    scores = row["scores"].items()
    return {"id": row["id"], "scores": [f"{head} {score:.2f}" for head, score in scores]}
