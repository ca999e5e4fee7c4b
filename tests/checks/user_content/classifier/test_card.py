from __future__ import annotations

import re
from importlib.resources import files

from policyenforce.checks.user_content.classifier.linear import shipped_classifier

CARD = (files("policyenforce.checks.user_content.classifier") / "CARD.md").read_text("utf-8")
SOURCES = (
    "HateXplain", "Davidson", "Civil Comments", "SpamAssassin", "SMS Spam Collection",
    "Implicit Hate", "Fox News", "ToxiGen", "written for this project",
)  # fmt: skip


def rows(heading: str) -> list[list[str]]:
    """The cells of the tables under a heading, without heads and rulers."""
    part = CARD.split(f"## {heading}")[1].split("\n## ")[0]
    lines = [line.strip("| ") for line in part.splitlines() if line.startswith("|")]
    return [re.split(r" *\| *", line) for line in lines if not set(line) <= set("-| ")]


def test_the_card_is_about_the_weights_that_ship() -> None:
    shipped = shipped_classifier()

    assert CARD.startswith(f"# Model card: {shipped.name} {shipped.version}\n")


def test_every_source_stands_there_with_its_rows_and_licence() -> None:
    table = rows("What it learnt from")

    for source in SOURCES:
        [row] = [cells for cells in table if source in cells[0] or source in " ".join(cells[:1])]
        assert re.fullmatch(r"[\d ]+", row[1]) and row[2]


def test_figures_as_measured_stand_there() -> None:
    shares = [
        cell for row in rows("How well it does") for cell in row if re.match(r"[01]?\.\d", cell)
    ]

    assert len(shares) > 40
    assert all(0.0 <= float(share) <= 1.0 for share in shares)


def test_the_card_says_what_it_does_badly() -> None:
    limits = CARD.split("## What it does badly")[1]

    assert limits.count("\n- ") >= 5
    assert "calibrate" in limits
