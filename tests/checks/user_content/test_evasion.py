"""Disguised words are found where plain ones are, and their spans cover the disguise."""

from __future__ import annotations

import pytest

from policyenforce.checks.user_content.screen import Screen
from tests.checks.user_content.disguises import DISGUISES

SCREEN = Screen()
SCREEN.texts({"title": ""})
TERMS = (
    "cocaine", "heroin", "methamphetamine", "replica watches", "fake passport",
    "stolen credit cards", "counterfeit money", "elephant ivory", "hacked accounts", "rhino horn",
    "escort service",
)  # fmt: skip
BY_ONE, BY_ALL = 0.6, 0.95
"""The share of the terms seen through: under each technique, and under all together."""


def is_found(text: str, start: int, end: int) -> bool:
    spans = [s for hit in SCREEN.texts({"description": text}) for s in hit.spans]
    return any(s.start <= start + 1 and s.end >= end - 1 for s in spans)


def seen_through(term: str, written: str) -> bool:
    before = "We sell "
    text = f"{before}{written} for sale, order now on telegram"
    return is_found(text, len(before), len(before) + len(written))


def answers(technique: str) -> dict[str, bool]:
    disguised = {term: DISGUISES[technique](term) for term in TERMS}
    return {w: seen_through(term, w) for term, w in disguised.items() if w != term}


@pytest.mark.parametrize("term", TERMS)
def test_the_terms_are_found_as_they_are_spelt(term: str) -> None:
    assert seen_through(term, term)


@pytest.mark.parametrize("technique", DISGUISES)
def test_a_disguise_is_seen_through(technique: str) -> None:
    seen = answers(technique)

    assert sum(seen.values()) >= BY_ONE * len(seen), [w for w, ok in seen.items() if not ok]


def test_nearly_all_disguises_are_seen_through() -> None:
    seen = [ok for technique in DISGUISES for ok in answers(technique).values()]

    assert sum(seen) >= BY_ALL * len(seen)
