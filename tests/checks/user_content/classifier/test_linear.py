from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyenforce.checks.user_content.classifier.linear import (
    LinearClassifier,
    shipped_classifier,
)
from policyenforce.checks.user_content.classifier.protocol import HEADS, Classifier
from policyenforce.errors import InputError

TEXTS = (
    "Ceramic tea set, six cups",
    "You are an idiot and a thief, I will break your legs",
    "All immigrants are vermin",
    "WINNER!! Text CLAIM to 80062 now for a free phone",
    "I want to suck your cock all night",
    "",
    "!!!",
    "   ",
    "x",
    "12345",
    "ünïcode \U0001f600 text\u200b with — marks",
)


@pytest.fixture(scope="module")
def shipped() -> LinearClassifier:
    return shipped_classifier()


def test_the_shipped_model_is_a_classifier(shipped: LinearClassifier) -> None:
    one: Classifier = shipped

    assert (one.name, one.version) == ("policyenforce-linear", "1")


@pytest.mark.parametrize(
    ("text", "head"),
    [(TEXTS[1], "toxic"), (TEXTS[2], "hate"), (TEXTS[3], "spam"), (TEXTS[4], "sexual")],
)
def test_a_plain_case_of_each_head_is_found(
    shipped: LinearClassifier, text: str, head: str
) -> None:
    [scores] = shipped.scores([text])

    assert scores is not None and scores.of(head) > 0.8


def test_ordinary_trade_is_left_alone(shipped: LinearClassifier) -> None:
    [scores] = shipped.scores([TEXTS[0]])

    assert scores is not None and max(map(scores.of, HEADS)) < 0.2


def test_a_batch_says_what_each_text_alone_says(shipped: LinearClassifier) -> None:
    together = shipped.scores(TEXTS * 60)

    assert together == [shipped.scores([text])[0] for text in TEXTS] * 60


@settings(deadline=None)
@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_text_gets_scores_within_bounds_in_any_company(texts: list[str]) -> None:
    one = shipped_classifier()
    estimates = one.estimates(texts)

    assert [e.scores for e in estimates] == [one.estimates([t])[0].scores for t in texts]
    assert all(0.0 <= e.scores.of(head) <= 1.0 for e in estimates for head in HEADS)


@settings(deadline=None)
@given(st.text(max_size=80), st.sampled_from(HEADS))
def test_reasons_lie_inside_the_text(text: str, head: str) -> None:
    for reason in shipped_classifier().reasons(text, head):
        assert 0 <= reason.start < reason.end <= len(text)
        assert reason.gram == text[reason.start : reason.end]
        assert reason.weight > 0


@pytest.mark.parametrize("head", HEADS)
def test_reasons_of_a_long_text_are_few_and_the_strongest_first(
    shipped: LinearClassifier, head: str
) -> None:
    reasons = shipped.reasons("Win a prize, you horny filthy vermin! " * 2_000, head, most=3)
    weights = [reason.weight for reason in reasons]

    assert len(weights) == 3 and weights == sorted(weights, reverse=True)


def test_no_texts_are_no_answers(shipped: LinearClassifier) -> None:
    assert shipped.scores([]) == []


def test_a_text_of_a_million_letters_is_scored(shipped: LinearClassifier) -> None:
    [scores] = shipped.scores(["All immigrants are vermin. " * 37_000])

    assert scores is not None and scores.hate > 0.5


def test_a_text_in_another_language_is_not_told(shipped: LinearClassifier) -> None:
    german, russian, english = shipped.estimates(
        ["Die Ware ist nicht von uns und wird geliefert", "Мы отправим товар завтра", "A tea set"]
    )

    assert (german.told, german.language) == (None, "de")
    assert (russian.told, russian.language) == (None, "ru")
    assert english.told == english.scores


def test_case_width_and_invisible_letters_change_no_score(shipped: LinearClassifier) -> None:
    plain, disguised = shipped.scores(["you pathetic idiot", "YOU p\u200bathetic ｉｄｉｏｔ"])

    assert plain == disguised


def test_letters_set_apart_and_digits_for_letters_are_read(shipped: LinearClassifier) -> None:
    plain, apart, digits = shipped.scores(
        ["you are all vermin", "you are all v e r m i n", "you are all v3rm1n"]
    )

    assert plain is not None and apart is not None and digits is not None
    assert apart.toxic == pytest.approx(plain.toxic, abs=0.03)
    assert digits.toxic == pytest.approx(plain.toxic, abs=0.03)


def test_the_words_that_decided_are_named(shipped: LinearClassifier) -> None:
    text = "Ces — all immigrants are ｖermin"
    [first, *_] = shipped.reasons(text, "hate")

    assert first.gram in text and "ermin" in first.gram
    assert first.gram not in repr(first)


def test_which_group_is_named_makes_no_difference(shipped: LinearClassifier) -> None:
    first, *others = shipped.scores(
        [f"I met some {group} in town" for group in ("women", "Muslims", "immigrants", "Jews")]
    )

    assert others == [first] * 3


def test_the_weights_take_less_than_two_megabytes() -> None:
    kept = files("policyenforce.checks.user_content.classifier") / "weights.npz"
    size = len(kept.read_bytes())

    assert 0 < size < 2_000_000
    assert shipped_classifier().weights.table.nbytes < 2_000_000


def test_calibrating_keeps_the_order_and_meets_the_labels(shipped: LinearClassifier) -> None:
    samples = [(text, {"spam": "now" in text}) for text in _many()]
    own = shipped.calibrate(samples)
    before = [s.spam for s in shipped.scores(_many()) if s]
    after = [s.spam for s in own.scores(_many()) if s]

    assert np.all(np.diff(np.array(after)[np.argsort(before, kind="stable")]) >= 0)
    assert abs(sum(after) - sum(told["spam"] for _, told in samples)) < 5
    assert own.version == "1+calibrated" and shipped.version == "1"


def test_too_few_samples_leave_a_head_as_it_was(shipped: LinearClassifier) -> None:
    own = shipped.calibrate([("Buy now", {"spam": True}), ("A mug", {"spam": False})])

    assert own.lines == shipped.lines and own.version == "1"


def test_a_head_that_is_none_is_refused(shipped: LinearClassifier) -> None:
    with pytest.raises(InputError, match="no score is called `rude`"):
        shipped.calibrate([("A mug", {"rude": True})])
    with pytest.raises(InputError, match="no score is called `rude`"):
        shipped.reasons("A mug", "rude")


def _many() -> list[str]:
    goods = ("mug", "lamp", "tent", "chair", "scarf", "kettle", "wallet", "drill")
    return [
        line.format(one)
        for one in goods
        for line in (
            "Win a free {} now, text WIN",
            "Claim your cash prize now, call for a {}",
            "Is the {} still there?",
            "A {} in good condition, collect in person",
            "I bought the {} for my mother",
        )
    ]
