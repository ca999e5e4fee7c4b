"""Whatever is written: no exception escapes, spans fit, and no disguise makes a text milder."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

import pytest

from policyenforce.checks.user_content.fold import fold, traced
from policyenforce.checks.user_content.screen import Screen
from tests.checks.user_content.random_texts import random_texts

SCREEN = Screen(brands=["Acme"], block_hosts=["evil.com"], allow_hosts=["alibaba.com"])
SCREEN.texts({"title": ""})
COUNT = 1_500
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
OFFENDING = (
    "Buy fake passports online",
    "Replica watches 1:1, ships today",
    "cocaine for sale, $40 per gram",
    "I will kill you and your family",
    "Contact us on WhatsApp for prices",
    "we sell cloned cards with pin",
)


def verdict(text: str) -> dict[tuple[str, str], float]:
    hits = SCREEN.texts({"text": text})
    found: dict[tuple[str, str], float] = {}
    for hit in hits:
        key = (str(hit.clause), hit.category)
        found[key] = max(found.get(key, 0.0), hit.confidence)
    return found


def test_random_texts_raise_nothing_and_their_spans_fit() -> None:
    texts = list(random_texts(COUNT, seed=11))
    answers = list(SCREEN.batch([{"text": text} for text in texts]))

    assert [SCREEN.texts({"text": text}) for text in texts] == answers
    for text, hits in zip(texts, answers, strict=True):
        for span in (span for hit in hits for span in hit.spans):
            assert 0 <= span.start < span.end <= len(text)


def test_random_texts_fold_once_and_trace_back() -> None:
    for text in random_texts(COUNT, seed=12):
        form = traced(text)

        assert form.text == fold(text) == fold(fold(text))
        assert len(form.starts) == len(form.ends) == len(form.text)


@pytest.mark.parametrize("text", OFFENDING)
@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        str.title,
        str.swapcase,
        lambda t: t.translate(WIDE),
        "\u200b".join,
        "\u00ad".join,
        "\ufe0f".join,
        lambda t: unicodedata.normalize("NFD", t),
        lambda t: t.replace(" ", "\u3000"),
        lambda t: t.replace(" ", " \u200d"),
    ],
)
def test_case_width_and_invisible_characters_never_lower_a_verdict(
    text: str, change: Callable[[str], str]
) -> None:
    before, after = verdict(text), verdict(change(text))

    assert before
    assert all(after.get(key, 0.0) >= confidence for key, confidence in before.items())


@pytest.mark.parametrize("seed", range(20))
def test_invisible_characters_at_random_never_lower_a_verdict(seed: int) -> None:
    chance = random.Random(seed)
    text = OFFENDING[seed % len(OFFENDING)]
    hidden = "".join(c + chance.choice(("", "", "\u200b", "\u2060", "\ufeff")) for c in text)

    assert verdict(hidden) == verdict(text)


@pytest.mark.parametrize(
    "text",
    [
        "a" + "\u0301" * 200_000,
        "&amp;" * 40_000,
        "&#38;#" * 30_000,
        "a" * 200_000 + "!",
        "%25" * 60_000,
        "<b" * 90_000,
        "a<b>" * 40_000,
        "\u202e" * 100_000,
        "x|" * 60_000,
        "().." * 40_000,
        "h t t p : / / " * 12_000,
        "cocaine" * 20_000,
        "c o c a i n e " * 10_000,
        "🅰" * 50_000,
        "a.b." * 40_000,
        "not " * 40_000 + "cocaine",
        "1k1ll " * 20_000,
        "passport pasport " * 6_000,
    ],
)
def test_an_adversarial_text_is_read_to_its_end(text: str) -> None:
    hits = SCREEN.texts({"description": text})

    assert all(span.end <= len(text) for hit in hits for span in hit.spans)
