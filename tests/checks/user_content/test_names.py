"""Prohibited goods are found by their names; innocent names that resemble them are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyenforce.checks.user_content.screen import Screen

SCREEN = Screen()
SCREEN.texts({"title": ""})
HERE = Path(__file__).parent
OFFERS = (
    "Selling {}, ships worldwide",
    "Buy {} online, best price",
    "{} for sale, fast delivery",
    "{} in stock, order today",
)


def names(file: str) -> list[str]:
    lines = (HERE / file).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("# ")]


@pytest.mark.parametrize("offer", OFFERS)
def test_prohibited_goods_on_offer_are_found(offer: str) -> None:
    texts = [offer.format(name) for name in names("prohibited_names.txt")]
    answers = SCREEN.batch([{"text": text} for text in texts])

    assert [text for text, hits in zip(texts, answers, strict=True) if not hits] == []


@pytest.mark.parametrize("offer", ["{}", *OFFERS])
def test_innocent_goods_that_resemble_them_are_clear(offer: str) -> None:
    texts = [offer.format(name) for name in names("innocent_names.txt")]
    answers = SCREEN.batch([{"text": text} for text in texts])

    assert [text for text, hits in zip(texts, answers, strict=True) if hits] == []
