"""Folding: one spelling, and the way back."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.user_content.fold import (
    Traced,
    fold,
    rewritten,
    scan_form,
    traced,
    unchanged,
)

ANY_TEXT = st.text(st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Replica WATCH", "replica watch"),
        ("ｃｏｃａｉｎｅ", "cocaine"),
        ("кокаин", fold("КОКАИН")),
        ("cосаіne", "cocaine"),
        ("ΡΕΡLΙCΑ", "peplica"),
        ("wa\u200bt\u00adch", "watch"),
        ("\u202ewatch\u202c", "watch"),
        ("w\u0336a\u0336t\u0336c\u0336h", "watch"),
        ("Ⓦⓐⓣⓒⓗ", "watch"),
        ("🅺🅸🅻🅻 🅰", "kill a"),
        ("ﬁne ½", "fine 1 2"),
        ("straße", "strasse"),
        ("İSTANBUL", "istanbul"),
        ("a\u3000-_/\t b", "a b"),
        ("a|b", "a|b"),
        ("🔥a→b™", " a btm"),
        ("🇨🇳", " c n "),
        ("don’t “x”", 'don\'t "x"'),
        ("k\x00i\x07ll", "kill"),
        ("\ud800x", "\ufffdx"),
        ("हिन्दी", fold("हिन्दी")),
        ("", ""),
    ],
)
def test_it_writes_look_alikes_the_same(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(ANY_TEXT)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_every_single_code_point_folds_to_a_fixed_point() -> None:
    whole = "".join(map(chr, range(0x30000)))

    assert fold(fold(whole)) == fold(whole)


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_composed_and_decomposed_letters_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(ANY_TEXT)
def test_a_traced_fold_is_the_fold_and_its_spans_lie_inside_in_order(text: str) -> None:
    made = traced(text)

    assert made.text == fold(text) == scan_form(text).decode()
    assert len(made.starts) == len(made.ends) == len(made.text)
    assert all(0 <= s < e <= len(text) for s, e in zip(made.starts, made.ends, strict=True))
    assert list(made.starts) == sorted(made.starts)


@given(ANY_TEXT, st.text(alphabet="abcxyz", min_size=1, max_size=8), ANY_TEXT)
def test_a_word_is_traced_back_to_where_it_was_written(before: str, word: str, after: str) -> None:
    text = f"{before}. {word} .{after}"
    made = traced(text)
    for at in range(len(made.text)):
        if made.text.startswith(word, at):
            start, end = made.span(at, at + len(word))

            assert word in fold(text[start:end])


def test_the_end_of_a_collapsed_blank_is_the_last_blank() -> None:
    assert traced("a \t b").span(1, 2) == (1, 4)


def test_a_rewriting_of_a_rewriting_leads_to_the_first_text() -> None:
    first = rewritten("0123456789", [(2, 4, "x"), (8, 9, "")])
    assert first is not None
    second = rewritten(first.text, [(0, 3, "abc")])

    assert first.text == "01x45679"
    assert second is not None
    assert second.onto(first).span(0, 3) == (0, 4)
    assert second.onto(first).span(7, 8) == (9, 10)


def test_no_change_is_no_rewriting() -> None:
    assert rewritten("abc", []) is None
    assert unchanged("abc").span(1, 3) == (1, 3)
    assert isinstance(unchanged(""), Traced)


def test_what_a_hostile_text_can_leave_behind_is_bounded() -> None:
    from policyenforce.checks.user_content.fold import _FOLDS

    before = len(_FOLDS)
    fold("".join(map(chr, range(0xF0000, 0xF4000))))

    assert len(_FOLDS) == before
    assert sys.maxunicode == 0x10FFFF
