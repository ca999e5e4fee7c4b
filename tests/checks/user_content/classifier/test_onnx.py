"""An encoder of the operator's in the ONNX format: its outputs as heads, in time, or no answer."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from math import exp
from pathlib import Path
from typing import Any

import pytest

from policyenforce.checks.user_content.classifier.onnx import onnx_classifier
from policyenforce.checks.user_content.classifier.outside import OutsideClassifier
from policyenforce.checks.user_content.classifier.protocol import Scores
from policyenforce.checks.user_content.judged import judged
from policyenforce.errors import InputError
from policyenforce.policy.sections import ClassifierRules, ClassifierUse
from tests.checks.user_content.classifier.onnx_file import model

pytest.importorskip("onnxruntime")

WORDS = ("", "good", "bad", "worse", "coins")
WEIGHTS = (
    (9.0, 9.0, 9.0),
    (-4.0, -4.0, -4.0),
    (3.0, 0.0, -4.0),
    (0.0, 5.0, -4.0),
    (-4.0, 0.0, 2.0),
)
HEADS = {"toxic": (0, 1), "spam": (2,)}
ALL = ("input_ids", "attention_mask", "token_type_ids")


def encode(texts: Sequence[str]) -> list[list[int]]:
    """One token a word."""
    return [[WORDS.index(word) for word in text.split()] for text in texts]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "own.onnx"
    path.write_bytes(model(WEIGHTS, ALL))
    return path


def share(odds: float) -> float:
    return 1 / (1 + exp(-odds))


def test_each_output_speaks_for_its_head_and_the_highest_of_a_head_counts(file: Path) -> None:
    found = onnx_classifier(file, encode, HEADS).scores(["good", "bad worse", "coins coins"])

    assert found == [
        Scores(toxic=share(-4), hate=0.0, sexual=0.0, spam=share(-4)),
        Scores(toxic=share(5), hate=0.0, sexual=0.0, spam=share(-8)),
        Scores(toxic=share(0), hate=0.0, sexual=0.0, spam=share(4)),
    ]


def test_of_exclusive_outputs_a_text_has_one(file: Path) -> None:
    heads = {"toxic": (0,), "hate": (1,), "spam": (2,)}
    [found] = onnx_classifier(file, encode, heads, exclusive=True).scores(["bad coins"])

    assert found is not None
    assert found.toxic + found.hate + found.spam == pytest.approx(1)
    assert found.highest == "hate"


def test_texts_asked_together_score_as_alone(file: Path) -> None:
    ours = onnx_classifier(file, encode, HEADS, most=3)
    texts = ["good good good good", "bad", "worse coins", "good", "coins bad good worse bad"]

    assert ours.scores(texts) == [score for text in texts for score in ours.scores([text])]


@pytest.mark.parametrize("inputs", [ALL[:1], ALL[:2], (ALL[0], ALL[2])])
def test_a_model_is_given_the_inputs_that_it_asks_for(tmp_path: Path, inputs: Any) -> None:
    path = tmp_path / "own.onnx"
    path.write_bytes(model(WEIGHTS, inputs))
    [found] = onnx_classifier(path, encode, HEADS).scores(["bad"])

    assert found is not None
    assert found.toxic == pytest.approx(share(3))


def test_of_a_text_with_too_many_tokens_or_none_it_cannot_tell(file: Path) -> None:
    found = onnx_classifier(file, encode, HEADS, tokens=3).scores(["bad bad bad", "bad " * 4, " "])

    assert [one is not None for one in found] == [True, False, False]


@pytest.mark.parametrize(
    "wrong", [lambda texts: [[1]] * (len(texts) + 1), lambda texts: [[99]] * len(texts)]
)
def test_a_tokenizer_that_does_not_fit_is_no_answer(file: Path, wrong: Any) -> None:
    assert onnx_classifier(file, wrong, HEADS).scores(["good", "bad"]) == [None, None]


def test_the_version_follows_the_file(file: Path) -> None:
    before = onnx_classifier(file, encode, HEADS)
    file.write_bytes(model(((*WEIGHTS[0][:2], 1.0), *WEIGHTS[1:]), ALL))
    after = onnx_classifier(file, encode, HEADS, name="ours")

    assert (before.name, after.name) == ("onnx", "ours")
    assert len({before.version, after.version}) == 2


def test_findings_name_the_model_and_its_version(file: Path) -> None:
    ours = onnx_classifier(file, encode, HEADS, name="ours")
    rules = ClassifierRules(use=ClassifierUse.UNDECIDED, toxic=0.9)
    [hits] = judged([{"text": "bad worse"}], [()], rules, classifier=ours)

    assert isinstance(ours, OutsideClassifier)
    assert [hit.rule for hit in hits] == [f"ours {ours.version}"]


@pytest.mark.parametrize(
    ("heads", "said"),
    [({"rude": (0,)}, "there is no head `rude`"), ({}, "no head is named")],
)
def test_a_head_that_there_is_not_is_refused(file: Path, heads: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        onnx_classifier(file, encode, heads)


def test_what_is_no_such_model_is_refused_by_name(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.onnx").write_text("no model")
    (tmp_path / "image.onnx").write_bytes(model(WEIGHTS, ("input_ids", "pixels")))
    wrong = {
        "missing.onnx": "no such file",
        "text.onnx": "no model in the ONNX format",
        "image.onnx": "other inputs than a text encoder",
    }
    for name, said in wrong.items():
        with pytest.raises(InputError, match=said) as caught:
            onnx_classifier(tmp_path / name, encode, HEADS)
        assert caught.value.where == str(tmp_path / name)

    assert capfd.readouterr() == ("", "")


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)

    with pytest.raises(InputError, match=r"pip install 'policyenforce\[onnx\]'"):
        onnx_classifier(file, encode, HEADS)
