"""One letter off in a long telling word: found as it is, and never where another word is meant."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.user_content.screen import Screen
from policyenforce.checks.user_content.slips import Slips, is_slip, slips

SCREEN = Screen()
SCREEN.texts({"title": ""})
WORDS = st.text(alphabet=string.ascii_lowercase, min_size=7, max_size=12)
LETTERS = st.sampled_from(string.ascii_lowercase)


@given(WORDS, LETTERS, st.data())
def test_a_letter_lost_added_or_changed_inside_is_a_slip(
    word: str, letter: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(1, len(word) - 2))
    written = (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at + 1 :],
        word[:at] + letter + word[at:],
    )

    assert all(is_slip(token, word) for token in written if token != word)


@given(WORDS, WORDS)
def test_a_slip_keeps_the_ends_and_changes_the_length_by_one_at_most(one: str, two: str) -> None:
    if is_slip(one, two):
        assert (one[0], one[-1]) == (two[0], two[-1])
        assert abs(len(one) - len(two)) <= 1
        assert one != two


@given(WORDS)
def test_each_slip_is_found_by_a_piece_or_is_a_literal(word: str) -> None:
    known = Slips([word], frozenset(), [])

    for written in slips(word, 1, len(word)):
        assert known.finds(written, word) or written in known.spoilt or written == word


def test_a_piece_of_a_common_word_is_not_looked_for() -> None:
    known = Slips(["moneygram"], frozenset(), ["money"])

    assert "money" not in known.pieces
    assert "ygram" in known.pieces


@pytest.mark.parametrize(
    "text",
    [
        "selling oxycozdone, fast delivery", "Buy keylotger online", "exlosives for sale",
        "amqphetamine in stock", "silecer for sale, ships anywhere", "buy lip fillre online",
        "LipFiller for sale", "selling #pistol, fast delivery", "selling c*c**n*, fast delivery",
        "Buy bl*ck p*wd*r online, best price", "We sell sto__le__n phones, worldwide delivery",
    ],
)  # fmt: skip
def test_goods_are_seen_through_a_slip(text: str) -> None:
    assert SCREEN.texts({"title": text})


@pytest.mark.parametrize(
    "text",
    [
        "Pistons for sale", "Landline phone, in stock", "Inulin powder, best price",
        "Leotards for girls, wholesale", "Steamer for sale", "Jazz singers, signed photo",
        "Butylene glycol for sale", "Lip filler brush", "Silicone mould in stock",
    ],
)  # fmt: skip
def test_words_one_letter_from_goods_mean_themselves(text: str) -> None:
    assert not [hit for hit in SCREEN.texts({"title": text}) if "disguised spelling" in hit.notes]
