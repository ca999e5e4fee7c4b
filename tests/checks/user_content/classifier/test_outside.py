from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Event

import pytest

from policyenforce.checks.user_content.classifier.outside import OutsideClassifier
from policyenforce.checks.user_content.classifier.protocol import Classifier, Scores
from policyenforce.errors import InputError

Answer = Sequence[Mapping[str, float] | None]


def outside(ask: Callable[[Sequence[str]], Answer], timeout: float = 5.0) -> OutsideClassifier:
    return OutsideClassifier("theirs", "7", ask, timeout=timeout, most=2)


def test_an_outside_model_answers_in_batches_and_in_order() -> None:
    sizes: list[int] = []

    def ask(texts: Sequence[str]) -> Answer:
        sizes.append(len(texts))
        return [{"spam": len(text) / 10} for text in texts]

    one: Classifier = outside(ask)
    answers = one.scores(["a", "bb", "ccc"])

    assert [a.spam for a in answers if a] == [0.1, 0.2, 0.3]
    assert sizes == [2, 1]


def test_a_late_answer_is_none() -> None:
    release = Event()

    def ask(texts: Sequence[str]) -> Answer:
        release.wait(10)
        return [{"spam": 1.0} for _ in texts]

    try:
        answers = outside(ask, timeout=0.05).scores(["a", "b", "c"])
    finally:
        release.set()

    assert answers == [None, None, None]


def test_a_service_that_hangs_is_not_asked_for_ever() -> None:
    release, asked = Event(), []

    def ask(texts: Sequence[str]) -> Answer:
        asked.append(texts)
        release.wait(10)
        return [{"spam": 1.0} for _ in texts]

    one = outside(ask, timeout=0.02)
    try:
        answers = one.scores(["a"] * 20)
    finally:
        release.set()

    assert answers == [None] * 20
    assert len(asked) == 4


def failing(texts: Sequence[str]) -> Answer:
    raise ConnectionError("no route to a@b.example")


@pytest.mark.parametrize(
    "ask",
    [
        failing,
        lambda texts: [],
        lambda texts: [{"spam": 2.0}],
        lambda texts: [{"spam": float("nan")}],
        lambda texts: [{"rude": 0.5}],
        lambda texts: [{"spam": "high"}],
        lambda texts: [None],
        lambda texts: None,
    ],
)
def test_what_is_no_answer_cannot_tell(ask: Callable[[Sequence[str]], Answer]) -> None:
    assert outside(ask).scores(["a"]) == [None]


def test_one_call_that_fails_leaves_the_others() -> None:
    def ask(texts: Sequence[str]) -> Answer:
        if "bad" in texts:
            failing(texts)
        return [{"hate": 0.5} for _ in texts]

    answers = outside(ask).scores(["a", "b", "bad", "d", "e"])

    assert [a is None for a in answers] == [False, False, True, True, False]


def test_scores_outside_0_to_1_are_refused() -> None:
    with pytest.raises(InputError, match="`hate` lies outside"):
        Scores(toxic=0.0, hate=1.5, sexual=0.0, spam=0.0)


@pytest.mark.parametrize(("timeout", "most"), [(0.0, 1), (-1.0, 1), (1.0, 0)])
def test_no_time_and_no_room_for_an_answer_are_refused(timeout: float, most: int) -> None:
    with pytest.raises(InputError, match="never answer"):
        OutsideClassifier("theirs", "7", lambda texts: [], timeout=timeout, most=most)
