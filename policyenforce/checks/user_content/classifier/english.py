"""Which texts of a batch the model reads: all but those that are surely in another language."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from policyenforce.checks.user_content.classifier.batch import Batch
from policyenforce.checks.user_content.classifier.classes import ELSEWHERE, ENGLISH
from policyenforce.checks.user_content.classifier.letters import Places
from policyenforce.checks.user_content.language import languages

LANGUAGE = "en"
_OTHER_SCRIPT = 4  # letters: fewer are a name, or a disguise
_LATIN = "\u024f"  # the last letter of the Latin alphabets


def languages_elsewhere(texts: Sequence[str], batch: Batch) -> list[str]:
    """For each text the language it is surely in when that is not English, else nothing.

    Only a text with another script, or with more little words of other languages than of English
    alone, is looked at closely: no other is surely elsewhere.
    """
    doubtful = _counts(batch, ELSEWHERE) > _counts(batch, ENGLISH)
    return [
        _elsewhere_of(text) if doubt or _has_script(text) else ""
        for text, doubt in zip(texts, doubtful.tolist(), strict=True)
    ]


def _counts(batch: Batch, name: str) -> Places:
    return np.bincount(batch.words.text_of[batch.is_a(name)], minlength=batch.letters.count)


def _has_script(text: str) -> bool:
    """True for letters of another script; a fold may have spelt them in Latin ones."""
    if text.isascii():
        return False
    return sum(letter > _LATIN and letter.isalpha() for letter in text) >= _OTHER_SCRIPT


def _elsewhere_of(text: str) -> str:
    found = languages(text)
    return "" if not found or LANGUAGE in found else found[0]
