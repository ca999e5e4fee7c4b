"""JSON Lines: every line is a fact, or the place of what is wrong is named."""

from __future__ import annotations

import io

import pytest

from policyenforce.errors import FactError
from policyenforce.model.structuring import (
    LINE_LIMIT,
    canonical,
    fact_from_line,
    fact_to_json,
    read_facts,
)
from tests.model.samples import closed, opened

LINES = [canonical(fact_to_json(fact)) + b"\n" for fact in (opened(), closed())]


def test_facts_come_with_their_line_numbers_and_empty_lines_count() -> None:
    file = io.BytesIO(b"\n".join([b"", LINES[0], b" \t\r", LINES[1]]))

    assert list(read_facts(file, "facts.jsonl")) == [(2, opened()), (5, closed())]


def test_an_empty_file_holds_no_facts() -> None:
    assert list(read_facts([], "facts.jsonl")) == []


def test_the_lines_before_a_bad_one_have_been_read() -> None:
    reading = read_facts([LINES[0], b'{"fact":"account_closed"}'], "facts.jsonl")

    assert next(reading) == (1, opened())

    with pytest.raises(FactError, match=r"^facts\.jsonl:2: id: a missing field$"):
        next(reading)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"fact": NaN}', "f:1: not JSON at column 10 (hint: write one object a line)"),
        (b'{"fact": 1e999}', "f:1: not JSON at column 10 (hint: write one object a line)"),
        (b'{"fact"', "f:1: not JSON at column 8 (hint: write one object a line)"),
        (b"{} {}", "f:1: not JSON at column 4 (hint: write one object a line)"),
        (b'{"a": "\\ud800"}', "f:1: not JSON at column 8 (hint: write one object a line)"),
        (b"\x89PNG\r\n", "f:1: not UTF-8 at byte 1 (hint: only UTF-8 is read)"),
        (b'{"a": "\xe9"}', "f:1: not UTF-8 at byte 8 (hint: only UTF-8 is read)"),
        (b"\x00\x00", "f:1: not JSON at column 1 (hint: write one object a line)"),
        (
            b"\xef\xbb\xbf{}",
            "f:1: a byte order mark (hint: save the file as UTF-8 without one)",
        ),
        (b'"fact"', "f:1: expected an object, got a text"),
        (b"[{}]", "f:1: expected an object, got a list"),
        (b"null", "f:1: expected an object, got null"),
    ],
)
def test_what_is_no_object_of_json_is_refused_with_its_place(line: bytes, message: str) -> None:
    with pytest.raises(FactError) as refused:
        list(read_facts([line], "f"))

    assert str(refused.value) == message


def test_a_line_may_be_as_long_as_the_limit_and_no_longer() -> None:
    padded = LINES[0].rstrip().ljust(LINE_LIMIT)

    assert fact_from_line(padded, "f:1") == opened()

    with pytest.raises(FactError, match="f:1: a line of more than 4,194,304 bytes"):
        fact_from_line(padded + b" ", "f:1")


@pytest.mark.parametrize("line", [b'{"title": "Ann', b'{"title": "Ann \xff"}'])
def test_the_error_of_a_broken_line_does_not_carry_the_line_along(line: bytes) -> None:
    with pytest.raises(FactError) as refused:
        fact_from_line(line, "f:1")

    assert "Ann" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None
