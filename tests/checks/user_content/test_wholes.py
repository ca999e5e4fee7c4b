"""A name of everyday words is found as a whole when it is turned, joined or taken apart."""

from __future__ import annotations

import codecs

import pytest

from policyenforce.checks.user_content.screen import Screen
from policyenforce.checks.user_content.spellings import Misspelt
from policyenforce.checks.user_content.wholes import wholes

SCREEN = Screen()
SCREEN.texts({"title": ""})


@pytest.mark.parametrize(
    "written",
    [
        "bmob epip", "epip bmob", "cvcr obzo", "pipebomb", "pi pe bomb", "di ekaf", "snug nuts",
        "nug nuts", "spy ca mera", "aremac yps",
        codecs.encode("fake id", "rot13"),
    ],
)  # fmt: skip
def test_a_name_of_everyday_words_is_found_in_disguise(written: str) -> None:
    assert SCREEN.texts({"text": f"Selling {written}, ships worldwide"}) != ()


@pytest.mark.parametrize("name", ["JaguarTeeth", "TigerBones", "PainPills", "HumanBlood"])
def test_a_name_is_found_run_together_where_its_words_are_not_found_in_tokens(name: str) -> None:
    assert SCREEN.texts({"text": f"Selling {name}, ships worldwide"}) != ()


@pytest.mark.parametrize(
    "written",
    ["IWillBuryYou", "eid uoy epoh i", "v ubcr lbh qvr", "frg lbh ba sver", "uoy yrub lliw i"],
)
def test_what_is_said_to_somebody_is_found_as_a_whole(written: str) -> None:
    assert SCREEN.texts({"text": f"If you do not refund me {written}"}) != ()


@pytest.mark.parametrize("text", ["i wonk erehw uoy evil", "evil uoy erehw wonk i"])
def test_a_sentence_of_everyday_words_is_found_backwards(text: str) -> None:
    assert SCREEN.texts({"text": text}) != ()


def test_a_name_with_a_telling_word_is_left_to_that_word() -> None:
    assert (
        wholes(["fake passport"], [["fake", "passport"]], {"passport"}, {"passport"}, set(), set())
        == {}
    )


def test_two_pieces_that_are_words_are_no_disguise() -> None:
    made = wholes([], [["car", "pets"]], set(), set(), set(), {"pe", "ts"})

    assert "car pe ts" not in made
    assert made["car p ets"] == ("car pets", Misspelt.SPELT)
