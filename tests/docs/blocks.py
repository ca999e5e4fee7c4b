"""The fenced blocks of a Markdown page, and how a reader would run them."""

from __future__ import annotations

import pathlib
import re
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^(?P<dent> *)```(?P<kind>\w+)\n(?P<body>.*?)^(?P=dent)```", re.M | re.S)


def blocks(page: pathlib.Path, *kinds: str) -> list[tuple[str, str]]:
    """``(kind, body)`` of each fenced block of these kinds, in the order of the page.

    A block under the comment ``<!-- shown, not run -->`` is left out.
    """
    text = page.read_text(encoding="utf-8")
    return [
        (match["kind"], textwrap.dedent(match["body"]))
        for match in FENCE.finditer(text)
        if match["kind"] in kinds
        and not text[: match.start()].rstrip().endswith("<!-- shown, not run -->")
    ]


def commands(body: str) -> list[str]:
    """The lines after a ``$`` prompt, with what a backslash continues."""
    joined = body.replace("\\\n", " ")
    return [line[2:] for line in joined.splitlines() if line.startswith("$ ")]
