"""Misspellings of a word, and what is never taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.user_content.escapes import drawn, unescaped
from policyenforce.checks.user_content.fold import fold, traced
from policyenforce.checks.user_content.screen import Screen
from policyenforce.checks.user_content.spellings import Misspelt, misspellings
from policyenforce.checks.user_content.vocabulary import Vocabulary

SCREEN = Screen()
SCREEN.texts({"title": ""})
WORDS = Vocabulary(["fake passport", "buy replica watches", "cocaine"], ["passport", "cocaine"])


@pytest.mark.parametrize(
    ("spelling", "how"),
    [
        ("coacine", Misspelt.SPELT), ("cocainne", Misspelt.SPELT), ("coc aine", Misspelt.SPELT),
        ("cocine", Misspelt.SPELT), ("ccn aine", None), ("kokaine", Misspelt.SPELT),
        ("c caine", Misspelt.COVERED), ("eniacoc", Misspelt.TURNED), ("euiacoc", Misspelt.TURNED),
        ("pbpnvar", Misspelt.TURNED), ("y29jywluz", None), ("cocaine", None),
        ("3cocaine", None),
    ],
)  # fmt: skip
def test_each_way_of_misspelling_is_known(spelling: str, how: Misspelt | None) -> None:
    made = misspellings(["cocaine"], frozenset())

    assert made.get(spelling) == (("cocaine", how) if how else None)


def test_a_spelling_with_a_meaning_of_its_own_is_none() -> None:
    assert "heron" not in misspellings(["heroin"], frozenset({"heron"}))
    assert "pistols" not in misspellings(["pistol", "pistols"], frozenset())


@pytest.mark.parametrize("word", ["gun", "ключ", "a1b2c3", ""])
def test_short_words_and_other_scripts_have_no_misspellings(word: str) -> None:
    assert misspellings([word], frozenset()) == {}


@given(st.text(alphabet="abcdefgh", min_size=5, max_size=9))
def test_no_misspelling_is_the_word_itself(word: str) -> None:
    assert word not in misspellings([word], frozenset())


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("fakepassport", "fake passport"), ("buyfakepassport", "buy fake passport"),
        ("passport2024", "passport 2024"), ("passportx", None), ("replicawatches", None),
        ("passport", None), ("p" * 80, None), ("passportus", None),
    ],
)  # fmt: skip
def test_a_token_is_parted_only_into_words_with_a_telling_one(
    token: str, words: str | None
) -> None:
    assert WORDS.parted(token) == words


@pytest.mark.parametrize(
    ("token", "word"),
    [
        ("wacthes", "watches"), ("rplica", "replica"), ("repplica", "replica"),
        ("rpelcia", "replica"),
        ("watch", None), ("tea", None), ("w4tches", "watches"), ("5watches", None),
    ],
)  # fmt: skip
def test_a_neighbour_of_a_telling_word_is_read_with_care(token: str, word: str | None) -> None:
    words = Vocabulary(["buy replica watches", "old clocks"], ["replica", "clocks"])

    assert words.misspelt(token, "replica") == word
    assert words.misspelt(token, "clocks") is None


def test_a_heron_beside_a_lamp_is_no_drug() -> None:
    for text in ("Heron lamp for sale", "her oinment? no", "sales reps, west ern saddle in stock"):
        assert SCREEN.texts({"title": text}) == ()


def test_escapes_of_escapes_are_undone_three_deep() -> None:
    made = unescaped("%2563 &amp;#99; \\u0063 \\x63 c<b>o</b>c c<br/>o")

    assert made is not None
    assert made.text == "c c c c coc co"


def test_a_lone_surrogate_of_an_escape_is_harmless() -> None:
    made = unescaped("\\ud800x")

    assert made is not None
    assert traced(made.text).text == "\ufffdx"


def test_drawn_letters_are_read() -> None:
    made = drawn("/\\|\\|()")

    assert made is not None
    assert made.text == "ano"
    assert drawn("plain") is None


def test_a_flag_beside_a_word_is_no_part_of_it() -> None:
    assert fold("🇺🇸replica watches") == " u s replica watches"
    assert SCREEN.texts({"title": "🇺🇸replica watches"})
