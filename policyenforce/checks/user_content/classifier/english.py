"""Which texts of a batch the model reads: all but those that are surely in another language."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from policyenforce.checks.user_content.classifier.words import (
    Batch,
    Hashes,
    hashes_of,
    is_one_of,
)
from policyenforce.checks.user_content.fold import fold
from policyenforce.checks.user_content.language import LITTLE_WORDS_ELSEWHERE, languages

LANGUAGE = "en"
_OTHER_SCRIPT = 8  # bytes beyond ASCII in a fold: fewer hold no four letters of another script


def languages_elsewhere(texts: Sequence[str], forms: Sequence[bytes], batch: Batch) -> list[str]:
    """For each text the language it is surely in when that is not English, else nothing.

    Only texts with a little word of another language, or another script, are looked at closely.
    """
    doubtful = np.zeros(len(texts), dtype=bool)
    doubtful[batch.words.text_of[is_one_of(batch.words.hashes, _elsewhere())]] = True
    return [
        _elsewhere_of(text) if doubt or _has_script(form) else ""
        for text, form, doubt in zip(texts, forms, doubtful.tolist(), strict=True)
    ]


def _has_script(form: bytes) -> bool:
    return not form.isascii() and sum(code >= 0x80 for code in form) >= _OTHER_SCRIPT


def _elsewhere_of(text: str) -> str:
    found = languages(text)
    return "" if not found or LANGUAGE in found else found[0]


@lru_cache(maxsize=1)
def _elsewhere() -> Hashes:
    words = " ".join(fold(word) for word in sorted(LITTLE_WORDS_ELSEWHERE))
    return np.unique(np.array(hashes_of(words), dtype=np.uint64))
