"""What is written as the codes of its letters is read; numbers of other kinds are left alone."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.user_content.codes import decoded
from policyenforce.checks.user_content.screen import Screen

SCREEN = Screen()
SCREEN.texts({"title": ""})
TERM = "fake passport"
LETTERS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz "), min_size=6, max_size=40)


@pytest.mark.parametrize(
    "code",
    [
        b64encode(TERM.encode()).decode(),
        b64encode(TERM.title().encode()).decode().rstrip("="),
        TERM.encode().hex(),
        " ".join(f"{ord(char):02x}" for char in TERM),
        " ".join(str(ord(char)) for char in TERM),
        ", ".join(str(ord(char)) for char in TERM),
        " ".join(f"{ord(char):08b}" for char in TERM),
        " ".join(f"U+{ord(char):04X}" for char in TERM),
        "".join(f"\\u{{{ord(char):x}}}" for char in TERM),
        "".join(f"\\{ord(char):06x}" if char in "aeo" else char for char in TERM),
    ],
)
def test_a_term_in_code_is_found_where_it_stands(code: str) -> None:
    text = f"Get a {code} here cheap"
    hits = SCREEN.texts({"text": text})

    assert {text[s.start : s.end].strip() for hit in hits for s in hit.spans} == {code}


@pytest.mark.parametrize(
    "text",
    [
        "Children's clothes, sizes 98, 104, 110, 116, 122", "EAN 6466676869705", "bra 65 70 75 80",
        "model 636c6f636b", "amendments of the commandments", "call 107 110 114 117",
    ],
)  # fmt: skip
def test_numbers_and_words_that_look_like_code_are_clear(text: str) -> None:
    assert SCREEN.texts({"text": text}) == ()


@given(LETTERS)
def test_numbers_of_letters_are_decoded(plain: str) -> None:
    coded = plain.encode().hex()
    read = decoded(coded)

    assert read is not None
    assert read.text == plain
    assert read.span(0, len(plain)) == (0, len(coded))


@given(st.text(max_size=200))
def test_no_text_breaks_the_decoder(text: str) -> None:
    read = decoded(text)

    assert read is None or len(read.starts) == len(read.ends) == len(read.text)
