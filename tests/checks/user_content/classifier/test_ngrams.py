from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyenforce.checks.user_content.classifier.batch import Batch
from policyenforce.checks.user_content.classifier.classes import classes
from policyenforce.checks.user_content.classifier.letters import letters_of
from policyenforce.checks.user_content.classifier.ngrams import BUCKETS, MARKS, grams_of
from policyenforce.checks.user_content.classifier.words import hashes_of
from policyenforce.checks.user_content.fold import scan_form


def read(text: str) -> str:
    """A text as the letters of a batch say it, without the separators at its ends."""
    return bytes(letters_of([scan_form(text)]).codes)[1:-1].decode()


def buckets(text: str) -> set[int]:
    return {int(b) for grams in grams_of(Batch.of([scan_form(text)])) for b in grams.buckets}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("don't", "dont"),
        ("h a t e those", "hate those"),
        ("a b and c", "a b and c"),
        ("sooooo", "soo"),
        ("w0m3n", "women"),
        ("h@te", "hate"),
        ("$hit", "shit"),
        ("costs $500", "costs  000"),
        ("great!", "great "),
        ("1000000", "0000000"),
        ('"vermin"', " vermin "),
    ],
)
def test_disguises_are_undone_and_figures_are_alike(text: str, expected: str) -> None:
    assert read(text) == expected


def test_what_stands_inside_of_quotation_marks_is_known() -> None:
    letters = letters_of([b'he said "go away" loudly', b"no quotation", b'an open "one'])
    quoted = "".join(
        chr(code)
        for code, inside in zip(letters.codes.tolist(), letters.quoted.tolist(), strict=True)
        if inside
    )

    assert quoted.split() == ["go", "away", "one"]


def test_equal_words_have_equal_hashes_wherever_they_stand() -> None:
    words = Batch.of([b"tea for two", b"no tea", b"two teas"]).words

    assert words.hashes[0] == words.hashes[4]
    assert words.hashes[2] == words.hashes[5]
    assert words.hashes[0] != words.hashes[6]
    assert words.text_of.tolist() == [0, 0, 0, 1, 1, 2, 2]


def test_a_word_of_a_class_is_in_it() -> None:
    table = classes()
    [vermin, mug] = hashes_of("vermin xyzzy")
    bits = table.bits[table.rows_of(np.array([vermin, mug], dtype=np.uint64))]

    assert bits[0] & table.bits_of("dehuman") and not bits[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("i met some women there", "i met some muslims there"),
        ("i met some women there", "i met some black people there"),
        ("he is a gay man", "he is a deaf woman"),
        ("they help asylum seekers", "they help trans women"),
    ],
)
def test_a_text_about_one_group_is_the_text_about_another(one: str, other: str) -> None:
    same = MARKS.first  # from there on length is told, which differs

    assert {b for b in buckets(one) if b < same} == {b for b in buckets(other) if b < same}


def test_a_colour_names_nobody_unless_people_follow() -> None:
    assert buckets("a black dress") != buckets("a white dress")


def test_denial_and_quotation_change_what_is_read() -> None:
    plain = buckets("they are vermin")

    assert plain - buckets("they are not vermin")
    assert plain - buckets('they are "vermin"')


@settings(deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_buckets_and_stretches_lie_within_bounds(texts: list[str]) -> None:
    forms = [scan_form(text.replace("\x1e", " ")) for text in texts]
    batch = Batch.of(forms)

    for grams in grams_of(batch):
        assert np.all((grams.buckets >= 0) & (grams.buckets < BUCKETS))
        assert np.all((grams.text_of >= 0) & (grams.text_of < len(forms)))
        starts, ends = grams.stretches()
        assert np.all((starts >= 0) & (starts <= ends) & (ends <= len(batch.letters.codes)))
