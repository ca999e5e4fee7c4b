"""Disguises are undone, and ordinary spellings are left alone."""

from __future__ import annotations

import pytest

from policyenforce.checks.user_content.escapes import unescaped
from policyenforce.checks.user_content.screen import Screen
from policyenforce.checks.user_content.views import disguises, uncovered
from policyenforce.checks.user_content.vocabulary import Vocabulary

SCREEN = Screen()


@pytest.mark.parametrize(
    "text",
    [
        "r3plica w4tches",
        "repl1ca watches",
        "r.e.p.l.i.c.a watches",
        "r e p l i c a watches",
        "r-e-p-l-i-c-a w_a_t_c_h_e_s",
        "reeeplica watches",
        "re*pli*ca watches",
        "replic&#97; watches",
        "replic%61%20watches",
        "rерliса watсhеs",
        "ＲＥＰＬＩＣＡ ｗａｔｃｈｅｓ",
        "rep\u200blica wat\u00adches",
        "🅡eplica watches",
        "replica  \t watches",
        "replica/watches",
        "replic&#97; w4tches",
    ],
)
def test_a_disguise_is_seen_through_and_its_span_is_the_original(text: str) -> None:
    hits = [hit for hit in SCREEN.texts({"title": f"New: {text}!"}) if hit.rule == "replica-offer"]

    assert len(hits) == 1
    span = hits[0].spans[0]
    assert f"New: {text}!"[span.start : span.end] == text


@pytest.mark.parametrize(
    "text",
    ["b2b sourcing for 4x4 cars", "mp3 player a4b5c6", "xxl xxxl sizes", "www.shop", "a b c d e f",
     "e.g. t.b.d.", "50% off & more", "&lt;b&gt;", "%zz 100%", "aaaa batteries", "9 0 0 k"],
)  # fmt: skip
def test_an_ordinary_spelling_is_clear(text: str) -> None:
    assert SCREEN.texts({"title": text}) == ()


def test_a_hit_in_the_plain_text_is_not_said_to_be_disguised() -> None:
    hit = SCREEN.texts({"title": "replica watches aaa4bbb"})[0]

    assert hit.notes == ()
    assert SCREEN.texts({"title": "r3plica watches"})[0].notes == ("disguised spelling",)


def test_a_token_is_rewritten_only_into_a_known_word() -> None:
    words = Vocabulary(["cocaine powder", "glow*"])

    assert words.uncover("c0caine") == "cocaine"
    assert words.uncover("p0wd3r") == "powder"
    assert words.uncover("gl0w") == "glow"
    assert words.uncover("c0ca") is None
    assert words.uncover("cocaine") is None
    assert words.uncover("c0caine.powder") == "cocaine powder"
    assert words.uncover("") is None


def test_texts_without_disguise_have_no_second_reading() -> None:
    assert unescaped("plain") is None
    assert unescaped("&notanentity;") is None
    assert uncovered("plain words", Vocabulary(["cocaine"])) is None
    assert uncovered("a b " * 100, Vocabulary(["cocaine"])) is None
    long = "a" * 70 + "1"
    assert uncovered(long, Vocabulary(["cocaine"])) is None


def test_a_short_token_is_read_with_the_disguised_one_behind_it() -> None:
    words = Vocabulary(["spy camera"])

    assert list(disguises("5py c4m3r4", words)) == [(0, 3, "spy"), (4, 10, "camera")]
    assert list(disguises("5py lamp", words)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Selling c4m girls, ships worldwide", "get out of my shop you r4t",
        "Order replica 5neakers now", "shut up 7wat", "We sell baz_oo_ka wholesale",
        "hash brick_s_ in stock", "Fresh ouipm available now", "Fresh xnaax available now",
    ],
)  # fmt: skip
def test_signs_and_mixed_letters_in_short_words_are_read(text: str) -> None:
    assert Screen().texts({"text": text}) != ()


@pytest.mark.parametrize(
    "text",
    [
        "USB C4M cable for sale",
        "Drawing number R4T, spare parts",
        "file_name_template for sale",
        "Replica 5watt lamp holder",
        "snake_case_names in stock",
    ],
)
def test_model_numbers_and_file_names_mean_themselves(text: str) -> None:
    assert Screen().texts({"text": text}) == ()
