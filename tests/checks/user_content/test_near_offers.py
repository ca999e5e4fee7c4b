"""Next to an offer a misspelt name is found; other words there are left as they are."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.user_content.near_offers import NearOffers
from policyenforce.checks.user_content.screen import Screen
from policyenforce.checks.user_content.spellings import sound

SCREEN = Screen()
SCREEN.texts({"title": ""})
OFFERS = ("Selling {}, ships worldwide", "Buy {} online", "{} for sale", "fresh {} available now")
TELLING = ["silencer", "amphetamine", "ephedrine", "detonators", "methamphetamine"]
NEAR = NearOffers(TELLING, [("stun", "gun"), ("butterfly", "knife")], frozenset({"silences"}))


@pytest.mark.parametrize("offer", OFFERS)
@pytest.mark.parametrize(
    "name",
    [
        "horien", "sceinler", "aaihnptmeme", "dtnaooerts", "oonxycode", "heroizn", "xahnax",
        "stoleqn watches", "sianide", "oksykodone", "sylenser", "human ongars",
        "human orhgans", "human s kull", "butte rfly knife", "butterflyknife", "sutn gun",
        "hand grandee", "lean syr up", "hand grneade", "magic mmhrusoos", "clqoned cards",
    ],
)  # fmt: skip
def test_a_misspelt_name_on_offer_is_found(name: str, offer: str) -> None:
    assert SCREEN.texts({"text": offer.format(name)}) != ()


@pytest.mark.parametrize("offer", OFFERS)
@pytest.mark.parametrize(
    "goods",
    [
        "beaker", "hand blender", "egg beater", "muzzle for dogs", "bread bible", "tyre inflater",
        "butter dish", "sand timer", "hoover bags", "card holder", "hand trowel", "pipe cutter",
        "bath mat", "gum tree", "stud gun", "butterfly kite", "cloned voices pedal", "chapel hat",
        "hair bands", "gin still", "stun band", "human body lotion", "cam belt", "card sleeves",
    ],
)  # fmt: skip
def test_innocent_goods_on_offer_are_clear(goods: str, offer: str) -> None:
    assert SCREEN.texts({"text": offer.format(goods)}) == ()


@given(st.sampled_from(TELLING), st.randoms(use_true_random=False))
def test_letters_mixed_between_the_ends_mean_the_word(word: str, chance: random.Random) -> None:
    inner = list(word[1:-1])
    chance.shuffle(inner)
    mixed = f"{word[0]}{''.join(inner)}{word[-1]}"

    assert word in NEAR.meant(mixed)


@given(st.sampled_from(TELLING), st.data(), st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
def test_a_letter_added_inside_means_the_word(word: str, data: st.DataObject, letter: str) -> None:
    at = data.draw(st.integers(1, len(word) - 1))

    assert word in NEAR.meant(word[:at] + letter + word[at:])


@given(st.text("abcghiknopstuwxyz ", max_size=120), st.integers(0, 60))
def test_changes_lie_inside_the_text_and_change_it(text: str, place: int) -> None:
    form = text.encode()
    start = min(place, len(form))

    for first, last, word in NEAR.changes(form, start, start):
        assert 0 <= first < last <= len(form)
        assert form[first:last] != word.encode()


@given(st.text("abcdefghijklmnopqrstuvwxyz", max_size=30))
def test_a_sound_is_never_longer_than_twice_its_word(word: str) -> None:
    assert len(sound(word)) <= 2 * len(word)
