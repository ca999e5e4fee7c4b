"""Whoever silences a tool says which rule, and why."""

from __future__ import annotations

import io
import re
import tokenize

import pytest

from tests.architecture.source import MODULES, ROOT, label

TESTS = sorted((ROOT / "tests").rglob("*.py"))
EXAMPLES = sorted((ROOT / "examples").rglob("*.py"))
SUPPRESSION = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:\s*no\s*(?:cover|branch))")
CODES = r"[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*"
KINDS = r"\[[a-z-]+(?:,\s*[a-z-]+)*\]"
REASON = r"\W+\w+"
WELL_MADE = re.compile(
    rf"#\s*(?:noqa: {CODES}|type: ignore{KINDS}|pragma: no (?:cover|branch)){REASON}"
)


def unexplained(text: str) -> list[str]:
    """The comments of a module that silence a tool without saying which rule, or why."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = (token.string for token in tokens if token.type == tokenize.COMMENT)
    return [c for c in comments if SUPPRESSION.search(c) and not WELL_MADE.search(c)]


def test_every_suppression_carries_a_code_and_a_reason() -> None:
    files = [*MODULES, *TESTS, *EXAMPLES]
    found = {label(path): unexplained(path.read_text(encoding="utf-8")) for path in files}

    assert {path: comments for path, comments in found.items() if comments} == {}


@pytest.mark.parametrize(
    ("comment", "accepted"),
    [
        ("# noqa", False),
        ("# noqa: BLE001", False),
        ("# noqa: BLE001 - a check that raises must not stop the others", True),
        ("# noqa: PLE0605  # the names above, listed by hand", True),
        ("# type: ignore", False),
        ("# type: ignore[arg-type]", False),
        ("# type: ignore[arg-type]  # the stub of the library is wrong here", True),
        ("# pragma: no cover", False),
        ("# pragma: no cover - only on other machines", True),
    ],
)
def test_a_bare_suppression_is_refused(comment: str, accepted: bool) -> None:
    assert unexplained(f"x = 1  {comment}\n") == ([] if accepted else [comment])
