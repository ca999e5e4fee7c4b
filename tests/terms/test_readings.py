"""The named answers to what the text leaves open."""

import pytest

from policyenforce.errors import TermsError
from policyenforce.terms import Terms, choose_readings, readings


def test_all_twenty_six_questions_are_there_in_order():
    assert list(readings()) == [f"T{number}" for number in range(1, 27)]
    assert Terms.load().readings == readings()


@pytest.mark.parametrize("reading", readings().values(), ids=lambda reading: reading.id)
def test_each_reading_asks_answers_and_says_why(reading):
    assert reading.question.endswith("?")
    assert len(reading.options) >= 2
    assert reading.default in reading.options
    assert len(set(reading.options.values())) == len(reading.options)
    assert len(reading.why) > 30


@pytest.mark.parametrize(
    ("id_", "default"),
    [
        ("T1", "approval_blocks"),
        ("T2", "outside_only"),
        ("T6", "listed_persons"),
        ("T8", "direct_pairs"),
        ("T16", "whole_member"),
        ("T21", "entity"),
        ("T23", "on"),
        ("T24", "excludes_content"),
        ("T25", "proven_fault"),
    ],
)
def test_the_defaults_are_the_documented_ones(id_, default):
    assert readings()[id_].choose() == default


def test_choosing_fills_in_the_defaults():
    chosen = choose_readings({"T23": "off"})

    assert chosen["T23"] == "off"
    assert {id_: option for id_, option in chosen.items() if id_ != "T23"} == {
        id_: reading.default for id_, reading in readings().items() if id_ != "T23"
    }


def test_unknown_readings_and_answers_are_refused():
    with pytest.raises(TermsError, match="unknown reading `T27`"):
        choose_readings({"T27": "on"})
    with pytest.raises(TermsError, match=r"`both` is no answer to reading T23.*: on, off"):
        choose_readings({"T23": "both"})
    with pytest.raises(TermsError, match="unknown reading `T23`"):
        choose_readings({"T23": "on"}, {})


FIXED = [reading for reading in readings().values() if reading.fixed]


@pytest.mark.parametrize("reading", FIXED, ids=lambda reading: reading.id)
def test_a_fixed_reading_takes_no_answer_but_its_own(reading):
    others = [option for option in reading.options if option != reading.default]

    assert reading.choose(reading.default) == reading.default
    for option in others:
        with pytest.raises(TermsError, match=f"reading {reading.id} is fixed"):
            reading.choose(option)
