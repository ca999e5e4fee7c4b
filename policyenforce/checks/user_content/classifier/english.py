"""Which texts of a batch the model reads: all but those that are surely in another language."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from policyenforce.checks.user_content.classifier.batch import Batch
from policyenforce.checks.user_content.classifier.classes import ELSEWHERE, ENGLISH
from policyenforce.checks.user_content.classifier.letters import Places
from policyenforce.checks.user_content.language import languages

LANGUAGE = "en"
_OTHER_SCRIPT = 8  # bytes beyond ASCII in a fold: fewer hold no four letters of another script


def languages_elsewhere(texts: Sequence[str], forms: Sequence[bytes], batch: Batch) -> list[str]:
    """For each text the language it is surely in when that is not English, else nothing.

    Only a text with another script, or with more little words of other languages than of English
    alone, is looked at closely: no other is surely elsewhere.
    """
    doubtful = _counts(batch, ELSEWHERE) > _counts(batch, ENGLISH)
    return [
        _elsewhere_of(text) if doubt or _has_script(form) else ""
        for text, form, doubt in zip(texts, forms, doubtful.tolist(), strict=True)
    ]


def _counts(batch: Batch, name: str) -> Places:
    return np.bincount(batch.words.text_of[batch.is_a(name)], minlength=batch.letters.count)


def _has_script(form: bytes) -> bool:
    return not form.isascii() and sum(code >= 0x80 for code in form) >= _OTHER_SCRIPT


def _elsewhere_of(text: str) -> str:
    found = languages(text)
    return "" if not found or LANGUAGE in found else found[0]
