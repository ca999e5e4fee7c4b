"""Scanning: every engine finds what the oracle finds."""

from __future__ import annotations

import builtins
import threading
from typing import Any

import ahocorasick_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.user_content.escapes import ESCAPES
from policyenforce.checks.user_content.scan import (
    Detector,
    HyperscanScanner,
    PlainScanner,
    holds,
    scanner,
)
from policyenforce.checks.user_content.views import SUSPICIOUS

PIECES = st.text(alphabet="abя ", min_size=1, max_size=5).map(str.encode)
ENGINES = pytest.mark.parametrize("engine", [HyperscanScanner, PlainScanner])


def oracle(patterns: list[bytes], data: bytes) -> list[tuple[int, int, int]]:
    found = ahocorasick_rs.BytesAhoCorasick(patterns).find_matches_as_indexes(
        data, overlapping=True
    )
    return sorted(found, key=lambda row: (row[2], row[0]))


@ENGINES
@given(
    patterns=st.lists(PIECES, min_size=1, max_size=8, unique=True),
    data=st.text(alphabet="abя ", max_size=60).map(str.encode),
)
def test_it_finds_exactly_what_the_oracle_finds(
    engine: Any, patterns: list[bytes], data: bytes
) -> None:
    assert engine(patterns).scan(data) == oracle(patterns, data)


@ENGINES
@given(
    tails=st.lists(st.text("ab", max_size=6), min_size=1, max_size=8, unique=True),
    data=st.lists(st.text("ab", min_size=1, max_size=9), max_size=8),
)
def test_long_patterns_that_begin_alike_are_told_apart(
    engine: Any, tails: list[str], data: list[str]
) -> None:
    begin = "a phrase that begins "
    patterns = [(begin + tail).encode() for tail in tails]
    text = begin.join(["", *data]).encode()

    assert engine(patterns).scan(text) == oracle(patterns, text)


WORDS = ["heroin", "ordinary", "extraor", "dinary", "portable", "sportable", "in", "to"]
PHRASES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)


@given(
    patterns=st.lists(PHRASES, min_size=1, max_size=8, unique=True),
    common=st.sets(st.sampled_from(WORDS)),
    data=st.lists(st.sampled_from(WORDS), max_size=30),
    gap=st.sampled_from([" ", "", ", "]),
)
def test_words_that_are_common_change_nothing_that_is_found(
    patterns: list[str], common: set[str], data: list[str], gap: str
) -> None:
    literals, text = [p.encode() for p in patterns], gap.join(data).encode()
    known = {word.encode() for word in common}

    assert HyperscanScanner(literals, known).scan(text) == oracle(literals, text)


@ENGINES
def test_a_pattern_cut_off_by_the_end_of_the_text_is_not_found(engine: Any) -> None:
    patterns = [b"replica watches", b"replica watches wholesale"]

    assert engine(patterns).scan(b"replica watches whole") == [(0, 0, 15)]


@ENGINES
def test_signs_of_regular_expressions_are_plain_text(engine: Any) -> None:
    found = engine([b"a.b", b"\\x41", b"(x"]).scan(b"acb a.b \\x41 (x")

    assert found == [(0, 4, 7), (1, 8, 12), (2, 13, 15)]


@ENGINES
def test_no_patterns_and_no_text_find_nothing(engine: Any) -> None:
    assert engine([]).scan(b"abc") == []
    assert engine([b"abc"]).scan(b"") == []


@ENGINES
def test_threads_share_one_scanner(engine: Any) -> None:
    shared, answers = engine([b"he", b"she"]), []

    def scan() -> None:
        answers.extend(shared.scan(b"ushers") for _ in range(200))

    threads = [threading.Thread(target=scan) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [[(0, 2, 4), (1, 1, 4)]] * 800


@pytest.fixture
def without_hyperscan(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "hyperscan":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", missing)


def test_a_platform_without_the_wheel_scans_plainly(without_hyperscan: None) -> None:
    assert isinstance(scanner([b"a"]), PlainScanner)
    assert Detector([b"a[0-9]"], [b"x"]).ends(b"xa1") == [[3], [1]]


def test_this_platform_scans_with_hyperscan() -> None:
    assert isinstance(scanner([b"a"]), HyperscanScanner)


FAST, PLAIN = Detector(SUSPICIOUS, ESCAPES), Detector(SUSPICIOUS, ESCAPES)
PLAIN._scans = None  # as where Hyperscan is missing


@given(data=st.text(alphabet="abn01$@!.%4f&#; *~", max_size=40).map(str.encode))
def test_both_detectors_suspect_the_same_texts(data: bytes) -> None:
    assert list(map(bool, FAST.ends(data))) == list(map(bool, PLAIN.ends(data)))


@pytest.mark.parametrize("size", [0, 1, 5_000])
def test_data_holds_a_literal_wherever_it_stands(size: int) -> None:
    test = holds(b"  ")

    assert not test(b"a " * size)
    assert test(b"a " * size + b"  ")
    assert test(b"  " + b"a " * size)


def test_a_phrase_that_ends_in_a_short_word_is_found_to_its_end() -> None:
    phrases = [b"write to us on", b"write to us o", b"write to us"]

    assert scanner(phrases).scan(b"write to us on it") == PlainScanner(phrases).scan(
        b"write to us on it"
    )
    assert scanner(phrases).scan(b"write to us o") == [(2, 0, 11), (1, 0, 13)]
