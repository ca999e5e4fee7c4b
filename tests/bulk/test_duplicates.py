"""The same listing twice, and two listings that only look alike."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from policyenforce import bulk

LAMP = "Vintage brass desk lamp with green glass shade, 40 W bulb, tested, two years of warranty"
MUG = "Ceramic mug, 350 ml, dishwasher safe, hand painted with a blue heron, gift box included"


def test_the_same_text_in_other_letters_is_the_same_listing() -> None:
    texts = {"a": LAMP, "b": LAMP.upper().replace(" ", "\u00a0"), "c": MUG}
    pairs = bulk.near_duplicates(texts)

    assert [(p.left, p.right, p.share) for p in pairs] == [("a", "b", 1.0)]


def test_a_word_more_is_still_near_and_another_listing_is_not() -> None:
    texts = {"a": LAMP, "b": LAMP + ", ships today", "c": LAMP.replace("desk", "floor"), "d": MUG}
    pairs = {(p.left, p.right) for p in bulk.near_duplicates(texts, least=0.75)}

    assert ("a", "b") in pairs
    assert not any("d" in pair for pair in pairs)


def test_only_pairs_of_two_accounts_are_evidence() -> None:
    pairs = bulk.near_duplicates({"a": LAMP, "b": LAMP, "c": LAMP})
    told = list(bulk.by_several_accounts(pairs, {"a": "one", "b": "one", "c": "two"}))

    assert {(left, right) for left, right, _ in told} == {("one", "two")}
    assert {(pair.left, pair.right) for _, _, pair in told} == {("a", "c"), ("b", "c")}


def test_a_crowd_of_one_text_stays_linear_and_hangs_together() -> None:
    pairs = bulk.near_duplicates({f"{n:04}": LAMP for n in range(300)})

    assert len(pairs) < 300 * 64
    assert {p.right for p in pairs} == {f"{n:04}" for n in range(1, 300)}


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.text(max_size=40), max_size=8))
@settings(deadline=None)
def test_no_text_fails_and_every_share_is_what_is_asked(texts: dict[str, str]) -> None:
    for pair in bulk.near_duplicates(texts, least=0.9):
        assert 0.9 <= pair.share <= 1
        assert pair.left != pair.right
