"""Surroundings: denial, reporting, frames and offers change what a hit means."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyenforce.checks.user_content.screen import Screen

SCREEN = Screen()
SCREEN.texts({"title": ""})  # compiled here, outside every deadline
IDENTITIES_TEXT = (
    "black white asian arab latino african roma jewish muslim christian hindu sikh buddhist "
    "atheist women men girls boys gay lesbian bisexual trans transgender queer disabled deaf "
    "blind autistic wheelchair elderly old young pregnant immigrant refugee migrant foreigner "
    "chinese indian mexican nigerian russian ukrainian turkish american pakistani jews "
    "muslims blacks whites "
)
IDENTITIES = IDENTITIES_TEXT.split()
NEUTRAL_TEXT = (
    "we welcome sell to from and the our customers people love this dress cotton festival "
    "food culture history month shop summer gift for with family community art hair care "
)
NEUTRAL = NEUTRAL_TEXT.split()


def rules(text: str, field: str = "description") -> set[str]:
    return {hit.rule for hit in SCREEN.texts({field: text})}


@pytest.mark.parametrize(
    "text",
    [
        "We never sell counterfeit watches",
        "we do not accept, ship or list replica handbags",
        "Replica handbags are not allowed here",
        "Please report sellers of fake passports",
        "no replica watches, only originals",
        "a documentary on counterfeit money in the nineties",
        "police seized 300 fake passports",
        "drug test kit for cocaine and heroin, price $9",
        "toy pistols for sale",
        "faux leopard skin rug, cheap",
        "elephant plush toy, ships today",
        "this stupid printer is a piece of shit",
        "damn good coffee",
        "motorcycle exhaust silencer",
        "book about heroin, order now",
        "prop money for film: fake bills",
        "the police told us that a buyer used fake passports",
        "he wrote I will kill you, please look at the chat",
        "what I will kill you with is strictly prohibited here",
        "Keeps cloned credit cards out of your life",
        "keeping stolen phones off our market, $5",
        "keeps cloned credit cards at bay, order now",
        "a wallet that protects you from cloned credit cards",
        "shields your savings from hacked accounts and cloned cards, in stock",
        "guarding your purse from cloned bank cards",
        "safe from cloned credit cards",
        "keep your family safe from fake passports",
        "stops cloned credit cards, free shipping",
        "unstolen credit cards for sale",
    ],
)
def test_an_innocent_use_is_clear(text: str) -> None:
    assert rules(text) == set()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("not only originals but replica watches", "replica-offer"),
        ("No problem: we have replica watches", "replica-offer"),
        ("no minimum, replica watches in stock", "replica-offer"),
        ("We do not lie. Replica watches here", "replica-offer"),
        ("I am not joking, I will kill you", "threat-of-violence"),
        ("no black customers", "refusing-to-deal"),
        ("if you do not refund me I will kill you", "threat-of-violence"),
        ("keep cloned credit cards out of sight, ships today", "stolen-cards"),
        ("we keep cloned credit cards in stock", "stolen-cards"),
        ("Protect yourself, buy cloned credit cards", "stolen-cards"),
        ("protect your home from thugs with our cloned credit cards", "stolen-cards"),
        ("safe shipping from china cloned credit cards", "stolen-cards"),
        ("protected shipping from europe: fake passports", "forged-document"),
        ("Stop lying or we will break your legs", "threat-of-finding"),
        ("Remove your negative review or I will come to your house", "threat-of-finding"),
        ("If you do not give 5 stars I will publish your address", "blackmail"),
    ],
)
def test_a_denial_of_something_else_denies_nothing(text: str, rule: str) -> None:
    assert rule in rules(text)


def test_what_is_reported_and_offered_in_one_breath_is_kept_at_half() -> None:
    offered = SCREEN.texts({"description": "in the news: replica watches, buy now $20"})

    assert [hit.confidence for hit in offered] == [0.425]
    assert offered[0].notes == ("reported, yet offered",)


def test_an_ambiguous_word_needs_an_offer_and_an_offer_makes_it_surer() -> None:
    assert rules("the street was full of crystal meth") == set()
    offered = SCREEN.texts({"description": "crystal meth, $40"})
    assert max(hit.confidence for hit in offered) == 0.8
    assert "drug-on-offer" in rules("crystal meth", "title")


def test_slang_needs_its_company() -> None:
    assert rules("exotic kush incense holder") == set()
    assert rules("exotic kush, per ounce") == {"drug-slang-offer"}


@settings(max_examples=400)
@given(st.lists(st.sampled_from(IDENTITIES + NEUTRAL), min_size=1, max_size=14))
def test_identity_words_alone_never_make_a_finding(words: list[str]) -> None:
    hits = SCREEN.texts({"title": " ".join(words), "description": " ".join(reversed(words))})

    assert hits == ()


@pytest.mark.parametrize("word", IDENTITIES)
def test_an_identity_word_by_itself_is_clear(word: str) -> None:
    for text in (word, f"{word} {word}", f"I am {word}", f"{word} people are people"):
        assert rules(text) == set()
        assert rules(text, "title") == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rolex replica", {"brand-replica"}),
        ("ROLEX watch, mirror quality", {"brand-replica"}),
        ("Rolex, not a replica", set()),
        ("Genuine Rolex with papers", set()),
        ("we never sell fake Rolex", set()),
        ("rolexes fake", set()),
        ("Rоlех 1:1", {"brand-replica"}),
    ],
)
def test_a_brand_with_the_words_of_a_copy_is_a_finding(text: str, found: set[str]) -> None:
    hits = Screen(brands=["Rolex"]).texts({"title": text})
    by_brand = {hit.rule for hit in hits} & {"brand-replica"}

    assert by_brand == found
    assert all(str(hit.clause) == "5.4(b)" for hit in hits if hit.rule == "brand-replica")
