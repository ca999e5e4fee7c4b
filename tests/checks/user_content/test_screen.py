"""The screen: one or many, the same answers, inside the text, and never an escape."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyenforce.checks.user_content.packs import pack_of_words
from policyenforce.checks.user_content.screen import Screen
from policyenforce.errors import FactError, InputError
from policyenforce.model.evidence import Span

SCREEN = Screen(brands=["Acme"], block_hosts=["evil.com"], allow_hosts=["alibaba.com"])
SCREEN.texts({"title": ""})  # compiled here, outside every deadline
FRAGMENTS = st.sampled_from(
    ["replica", "watches", "buy", "cocaine", "c0caine", "k i l l", "i will kill you", "evil.com",
     "evil dot com", "hxxp://evil[.]com", "Acme", "fake", "not", "%61", "&#107;", "\u200b", "а",
     "е", "\x1e", "  ", "-", ".", ",", "купить", "кокаин", "出售", "枪支", "ß", "İ",
     "\ud800", "🇨🇳", "x"]
)  # fmt: skip
TEXTS = st.lists(FRAGMENTS | st.text(max_size=6), max_size=12).map(" ".join) | st.lists(
    FRAGMENTS, max_size=8
).map("".join)
ITEMS = st.dictionaries(st.sampled_from(["title", "description", "x"]), TEXTS, max_size=3)


@given(st.lists(ITEMS, max_size=6))
@settings(max_examples=200, deadline=None)
def test_a_batch_answers_as_one_by_one(items: list[dict[str, str]]) -> None:
    assert list(SCREEN.batch(items)) == [SCREEN.texts(item) for item in items]


@given(ITEMS)
@settings(max_examples=200, deadline=None)
def test_spans_lie_inside_the_original_and_confidences_inside_one(texts: dict[str, str]) -> None:
    for hit in SCREEN.texts(texts):
        assert 0 < hit.confidence <= 1
        for span in hit.spans:
            assert 0 <= span.start < span.end <= len(texts[span.field])


@given(ITEMS)
@settings(deadline=None)
def test_no_text_makes_any_question_fail(texts: dict[str, str]) -> None:
    assert isinstance(SCREEN.links(texts), tuple)
    assert isinstance(SCREEN.unresolved(texts), tuple)
    assert isinstance(SCREEN.uncovered(texts), tuple)


def test_a_batch_longer_than_a_block_keeps_its_order() -> None:
    items = [{"title": "replica watches" if n % 1_000 == 7 else f"lamp {n}"} for n in range(5_000)]
    answers = list(SCREEN.batch(iter(items)))

    assert [n for n, hits in enumerate(answers) if hits] == [7, 1007, 2007, 3007, 4007]


def test_spans_are_code_points_of_the_original() -> None:
    title = "🔥🔥 ｒeplica\u200b  Watches ß"
    hit = SCREEN.texts({"title": title})[0]

    assert hit.spans == (Span("title", 3, 20),)
    assert title[3:20] == "ｒeplica\u200b  Watches"


@pytest.mark.parametrize("sign", ["\x00", "\x1e", "\x1f", "\x7f", "\u200b"])
def test_a_sign_that_is_not_seen_hides_no_word(sign: str) -> None:
    item = {"text": f"coca{sign}ine for sale"}
    (hit,) = SCREEN.texts(item)

    assert hit.spans == (Span("text", 0, len(item["text"])),)
    assert list(SCREEN.batch([item, {"text": "lamp"}])) == [(hit,), ()]


def test_a_name_told_several_times_is_told() -> None:
    assert {hit.category for hit in SCREEN.texts({"text": "opium opium opium"})} == {"drugs"}


def test_a_weaker_rule_that_sees_only_the_same_words_is_left_out() -> None:
    hits = SCREEN.texts({"description": "replica watches"})

    assert [(hit.rule, hit.confidence) for hit in hits] == [("replica-offer", 0.85)]


def test_a_weaker_rule_that_sees_another_place_stays() -> None:
    hits = SCREEN.texts({"title": "replica watches", "description": "bags, high copy"})

    assert [hit.rule for hit in hits] == ["copy-of-a-mark", "replica-offer"]


def test_rules_of_two_clauses_stand_side_by_side() -> None:
    hits = SCREEN.texts(
        {"description": "selling my alibaba account, here is my login and password"}
    )

    assert {str(hit.clause) for hit in hits} == {"4.3/s3", "12.6"}


def test_one_rule_in_several_places_is_one_hit_with_its_outermost_spans() -> None:
    hits = SCREEN.texts({"title": "replica watch", "description": "fake. replica bag"})
    hit = next(hit for hit in hits if hit.rule == "replica-offer")

    assert {span.field for span in hit.spans} == {"title", "description"}


def test_a_span_inside_another_of_the_same_rule_is_not_told_twice() -> None:
    words = ["red lamp", "red lamp shade"]
    pack = pack_of_words(words, name="w", category="c", clause="5.5(e)", language="en")

    assert Screen(pack).texts({"t": "a red lamp shade"})[0].spans == (Span("t", 2, 16),)


def test_a_batch_without_host_lists_answers_too() -> None:
    items = [{"t": "lamp"}, {"t": "evil.com"}, {"t": "replica watches"}]

    assert [len(hits) for hits in Screen().batch(items)] == [0, 0, 1]


def test_words_inside_words_are_not_found() -> None:
    pack = pack_of_words(
        ["art", "гад", "枪支"], name="w", category="c", clause="5.5(e)", language="en"
    )
    screen = Screen(pack)

    assert screen.texts({"t": "cart artist smart"}) == ()
    assert screen.texts({"t": "Гадание"}) == ()
    assert len(screen.texts({"t": "出售枪支弹药"})) == 1
    assert len(screen.texts({"t": "art."})) == 1


def test_a_russian_word_that_looks_like_an_english_one_is_not_it() -> None:
    pack = pack_of_words(["pot"], name="w", category="c", clause="5.5(e)", language="en")
    screen = Screen(pack)

    assert screen.texts({"t": "открой рот и скажи"}) == ()
    assert len(screen.texts({"t": "best рот in town, order today"})) == 1
    assert len(screen.texts({"t": "best pоt in town"})) == 1


def test_a_latin_word_is_no_russian_one() -> None:
    pack = pack_of_words(["сор"], name="w", category="c", clause="5.5(e)", language="ru")

    assert Screen(pack).texts({"t": "cop show"}) == ()
    assert len(Screen(pack).texts({"t": "сор"})) == 1


@pytest.mark.parametrize(
    "told",
    [{"brands": "Acme"}, {"limit": 0}, {"block_hosts": "evil.com"}, {"allow_hosts": "ours.com"}],
)
def test_one_text_where_several_are_wanted_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        Screen(**told)


def test_a_screen_is_made_of_packs_alone() -> None:
    with pytest.raises(InputError, match="made of packs"):
        Screen("lamps")  # type: ignore[arg-type]  # what a caller without types may hand in


def test_too_long_a_text_is_refused_never_cut() -> None:
    screen = Screen(limit=10)

    assert screen.texts({"title": "x" * 10}) == ()
    for ask in (screen.texts, screen.links, lambda texts: list(screen.batch([{"t": "y"}, texts]))):
        with pytest.raises(FactError, match="the text has 11 characters") as caught:
            ask({"title": "x" * 11})

        assert caught.value.where == "title"


def test_what_is_no_text_is_refused() -> None:
    for ask in (SCREEN.texts, lambda texts: list(SCREEN.batch([texts]))):
        with pytest.raises(FactError, match="field `title` is no text"):
            ask({"title": 7})


def test_a_million_characters_are_read() -> None:
    texts = {"description": "lamp shade " * 90_000 + "replica watches"}
    hit = SCREEN.texts(texts)[0]

    assert hit.spans == (Span("description", 990_000, 990_015),)


@pytest.mark.parametrize(
    "piece", ["a ", "a.", "c0c ", "aa", "%61", "&#97;", "replica watch ", "а "]
)
def test_hostile_repetition_takes_linear_time(piece: str) -> None:
    assert len(SCREEN.texts({"description": piece * (100_000 // len(piece))})) <= 2


def test_no_items_have_no_answers() -> None:
    assert list(SCREEN.batch([])) == []
    assert list(SCREEN.batch([{}])) == [()]
    assert SCREEN.texts({}) == ()


def test_importing_the_room_loads_no_scanner_and_no_pack() -> None:
    code = (
        "import sys; import policyenforce.checks.user_content.screen as s; s.Screen();"
        "print(sorted({'hyperscan', 'can_ada', 'publicsuffixlist', 'numpy'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"
