"""A phrase is goods on offer only where no other thing is named after it."""

from __future__ import annotations

import pytest

from policyenforce.checks.user_content.goods import is_alone, is_last
from policyenforce.checks.user_content.screen import Screen

SCREEN = Screen()


def place(text: str, phrase: str) -> tuple[str, int, int]:
    start = text.index(phrase)
    return text, start, start + len(phrase)


@pytest.mark.parametrize(
    ("text", "last", "alone"),
    [
        ("opium", True, True),
        ("opium for sale", True, True),
        ("selling opium, ships today", True, True),
        ("5 kg of opium in stock", True, True),
        ("opium 50 g, pure", True, True),
        ("opium f0r s4le", True, True),
        ("opium 出售", True, True),
        ("garden opium for sale", True, False),
        ("opium poppy cushion", False, False),
        ("opium 30 relay", False, False),
        ("buy opium black perfume", False, False),
        ("opium!", True, True),
        ("tea. opium", True, True),
        ("dress, opium", True, False),
    ],
)
def test_goods_are_told_from_what_is_named_after_them(text: str, last: bool, alone: bool) -> None:
    assert is_last(*place(text, "opium")) is last
    assert is_alone(*place(text, "opium")) is alone


def test_a_form_of_the_goods_may_follow() -> None:
    at = place("ivory bangle for sale", "ivory")

    assert not is_last(*at)
    assert is_last(*at, forms={"bangle"})


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("opium resin", True),
        ("opium resin afghan 10 g", True),
        ("opium powder china supplier", True),
        ("opium oil burner", False),
        ("opium rock carving map", False),
        ("opium 10 g pen case", False),
    ],
)
def test_a_form_may_be_the_beginning_of_another_name(text: str, last: bool) -> None:
    assert is_last(*place(text, "opium")) is last


@pytest.mark.parametrize(
    ("breach", "innocent"),
    [
        ("We sell human skulls, real", "We sell human skull posters"),
        ("Order assassin today", "Order Assassin novel today"),
    ],
)
def test_what_is_only_named_after_goods_is_none_where_it_is_sold(
    breach: str, innocent: str
) -> None:
    assert SCREEN.texts({"description": breach})
    assert SCREEN.texts({"description": innocent}) == ()


def test_a_title_that_tells_of_goods_offers_none() -> None:
    assert SCREEN.texts({"title": "Pangolin, stuffed"})
    assert SCREEN.texts({"title": "Pangolin is the shyest of all mammals"}) == ()


def test_a_phrase_that_is_an_offer_needs_no_more() -> None:
    assert is_last(*place("opium for sale healthy price", "opium for sale"))


@pytest.mark.parametrize(
    ("breach", "innocent"),
    [
        ("Selling cocaine, ships worldwide", "Selling Cocaine Creek trail patch, ships worldwide"),
        ("Glock for sale, fast delivery", "Glock enspiel for sale, fast delivery"),
        ("dynamite in stock, order today", "Dynamite shrimp sauce in stock, order today"),
        ("Buy landmines online", "Buy landmine barbell attachment online"),
        ("shark fins for sale", "Shark fin bandsaw blade for sale"),
        ("bear claws for sale", "Bear claws meat shredder for sale"),
        ("buy a kidney", "buy kidney bowl, steel"),
        ("Mercury for sale, 5 kg", "Mercury thermometer for sale"),
        ("Explosives in stock", "Explosives hazard labels in stock"),
        ("Selling rifles, ships worldwide", "Rifle Paper notebook for sale"),
        ("Selling molly, ships worldwide", "Molly doll for sale"),
        ("Valium 10 mg in stock", "Valium box set, vinyl, price 9"),
        ("RPG for sale, fast delivery", "RPG dice set for sale, fast delivery"),
        ("Buy LSD online", "Buy LSD-30 motor online"),
        ("ricin for sale", "Ricinus ornamental seeds for sale"),
    ],
)
def test_the_thing_is_found_and_the_thing_named_after_it_is_not(breach: str, innocent: str) -> None:
    assert SCREEN.texts({"text": breach})
    assert SCREEN.texts({"text": innocent}) == ()


@pytest.mark.parametrize(
    ("breach", "innocent"),
    [
        ("the owner is a kike", "Kike Hernandez, signed baseball card"),
        ("gook bastards copied my shop", "Gook sealing compound for pipes"),
        ("towel heads run this shop", "Towel head wrap for hair, microfibre"),
        ("beaners stole it", "Beaner's coffee mug"),
        ("that tranny sent junk", "Tranny mount for a van, 1998"),
    ],
)
def test_a_word_for_people_that_is_a_name_as_well_is_told_by_the_noun_behind_it(
    breach: str, innocent: str
) -> None:
    assert SCREEN.texts({"description": breach})
    assert SCREEN.texts({"title": innocent}) == ()


def test_a_description_is_read_with_the_title_above_it() -> None:
    apart = {"title": "UK driving licence", "description": "registered in the database"}

    assert {hit.rule for hit in SCREEN.texts(apart)} == {"document-near-forgery"}
    assert SCREEN.texts({"title": apart["title"]}) == ()
    assert [SCREEN.texts(apart)] == list(SCREEN.batch([apart]))
