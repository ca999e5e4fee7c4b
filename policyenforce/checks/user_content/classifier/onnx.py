"""A small encoder of the operator's, in the ONNX format, as a ``Classifier``: the extra ``onnx``.

How a text becomes numbers is a matter of the tokenizer that the encoder was trained with, and what
its outputs mean is for whoever trained it to say. All else is as with any outside model: in time,
or it cannot tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import file_digest
from pathlib import Path
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from policyenforce.checks.user_content.classifier.outside import OutsideClassifier
from policyenforce.checks.user_content.classifier.protocol import HEADS
from policyenforce.errors import InputError

Encode = Callable[[Sequence[str]], Sequence[Sequence[int]]]
"""The tokens of each text, as the numbers that the encoder knows them by."""

_TOKENS, _MASK, _KINDS = "input_ids", "attention_mask", "token_type_ids"
_EXTRA = "pip install 'policyenforce[onnx]'"
_VERSION_LETTERS = 12


def onnx_classifier(
    model: Path,
    encode: Encode,
    heads: Mapping[str, Sequence[int]],
    *,
    name: str = "onnx",
    exclusive: bool = False,
    tokens: int = 512,
    threads: int = 1,
    timeout: float = 5.0,
    most: int = 32,
) -> OutsideClassifier:
    """A classifier that runs this model; its version is a hash of the file.

    ``heads`` says by number which outputs of the model speak for a head; of several the highest
    counts. Outputs are taken to be log odds, each for itself, or of ``exclusive`` classes of which
    a text has one. Of a text with more than ``tokens`` it cannot tell. ``timeout`` (seconds) and
    ``most`` (texts at once) are those of ``OutsideClassifier``.

    Raises InputError without the extra, for a file that is no such model, for inputs other than
    ``input_ids``, ``attention_mask`` and ``token_type_ids``, and for unknown heads.
    """
    strange = sorted(set(heads) - set(HEADS))
    if strange or not heads:
        named = f"there is no head `{strange[0][:40]}`" if strange else "no head is named"
        raise InputError(named, hint=f"one of: {', '.join(HEADS)}")
    session = _session(model, threads)
    encoder = _Encoder(session, encode, heads, exclusive=exclusive, tokens=tokens)
    with model.open("rb") as file:
        version = file_digest(file, "sha256").hexdigest()[:_VERSION_LETTERS]
    return OutsideClassifier(name, version, encoder.ask, timeout=timeout, most=most)


def _session(model: Path, threads: int) -> Any:
    try:
        import onnxruntime
    except ImportError:
        raise InputError("such a model needs the extra `onnx`", hint=_EXTRA) from None
    if not model.is_file():
        raise InputError("no such file", where=str(model))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 4  # what is wrong is raised, and never printed
    try:
        session = onnxruntime.InferenceSession(model, options, ["CPUExecutionProvider"])
    except Exception:  # of several kinds, none of them public
        raise InputError("no model in the ONNX format", where=str(model)) from None
    inputs = {one.name for one in session.get_inputs()}
    if _TOKENS not in inputs or inputs - {_TOKENS, _MASK, _KINDS}:
        raise InputError(
            "a model with other inputs than a text encoder's",
            where=str(model),
            hint=f"`{_TOKENS}`, and perhaps `{_MASK}` and `{_KINDS}`",
        )
    return session


@frozen
class _Encoder:
    """A model that is loaded, and how to ask it."""

    session: Any
    encode: Encode = field(repr=False)
    heads: Mapping[str, Sequence[int]]
    exclusive: bool
    tokens: int

    def ask(self, texts: Sequence[str]) -> list[Mapping[str, float] | None]:
        """The probabilities of each text by head; None of one that is too long."""
        coded = self.encode(texts)
        if len(coded) != len(texts):
            raise InputError("the tokenizer did not answer for each text")
        told: list[Mapping[str, float] | None] = [None] * len(texts)
        short = [place for place, one in enumerate(coded) if 0 < len(one) <= self.tokens]
        if short:
            rows = self._probabilities([coded[place] for place in short])
            for place, row in zip(short, rows, strict=True):
                told[place] = {
                    head: max(float(row[output]) for output in outputs)
                    for head, outputs in self.heads.items()
                }
        return told

    def _probabilities(self, coded: Sequence[Sequence[int]]) -> NDArray[np.float64]:
        """One row a text, one column an output."""
        longest = max(map(len, coded))
        ids = np.zeros((len(coded), longest), np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(coded):
            ids[row, : len(tokens)], mask[row, : len(tokens)] = tokens, 1
        every = {_TOKENS: ids, _MASK: mask, _KINDS: np.zeros_like(ids)}
        wanted = {one.name: every[one.name] for one in self.session.get_inputs()}
        odds = np.asarray(self.session.run(None, wanted)[0], np.float64)
        if self.exclusive:
            odds = np.exp(odds - odds.max(axis=1, keepdims=True))
            shares: NDArray[np.float64] = odds / odds.sum(axis=1, keepdims=True)
            return shares
        return 1 / (1 + np.exp(-np.clip(odds, -60, 60)))
