"""Whoever silences a tool says which rule, and why."""

from __future__ import annotations

import io
import pathlib
import re
import tokenize

import pytest

from tests.architecture.source import MODULES, ROOT, label

FILES = [
    *MODULES,
    *sorted((ROOT / "tests").rglob("*.py")),
    *sorted((ROOT / "examples").rglob("*.py")),
]
SUPPRESSION = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:\s*no\s*(?:cover|branch))")
WELL_MADE = (
    re.compile(r"#\s*noqa: [A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*\s+\W*\s*\S{3,}"),
    re.compile(r"#\s*type: ignore\[[a-z-]+(?:,\s*[a-z-]+)*\]\s+\W*\s*\S{3,}"),
    re.compile(r"#\s*pragma: no (?:cover|branch)\s+\W*\s*\S{3,}"),
)


def suppressions(text: str) -> list[str]:
    """The comments of a module that silence a tool."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    return [comment for comment in comments if SUPPRESSION.search(comment)]


@pytest.mark.parametrize("path", FILES, ids=label)
def test_every_suppression_carries_a_code_and_a_reason(path: pathlib.Path) -> None:
    found = suppressions(path.read_text(encoding="utf-8"))
    unexplained = [each for each in found if not any(form.search(each) for form in WELL_MADE)]

    assert unexplained == []


@pytest.mark.parametrize(
    ("comment", "accepted"),
    [
        ("# noqa", False),
        ("# noqa: BLE001", False),
        ("# noqa: BLE001 - a check that raises must not stop the others", True),
        ("# type: ignore", False),
        ("# type: ignore[arg-type]", False),
        ("# type: ignore[arg-type]  # the stub of the library is wrong here", True),
        ("# pragma: no cover", False),
        ("# pragma: no cover - only on other machines", True),
    ],
)
def test_a_bare_suppression_is_refused(comment: str, accepted: bool) -> None:
    assert suppressions(f"x = 1  {comment}\n")
    assert any(form.search(comment) for form in WELL_MADE) is accepted
