"""Marks, digits and length of each text: how it is written, whatever its words.

Spam shows in them. What people say to each other does not, so only the head for spam weighs them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from policyenforce.checks.user_content.classifier.letters import END, Array, Places

MARKS = b"!?$%*&+=:@#>()<;,.\"'\xa3\xac"  # the last two end a pound and a euro sign
DIGIT = len(MARKS)
LENGTH = DIGIT + 1
KINDS = 32
MOST = 8  # steps of a count: 0, 1, 2–3, 4–7 …
_KIND = np.full(256, -1, dtype=np.int64)
_KIND[np.frombuffer(MARKS, dtype=np.uint8)] = np.arange(len(MARKS))
_KIND[0x30:0x3A] = DIGIT
_IS_KIND = _KIND >= 0


def marks_of(forms: Sequence[bytes]) -> tuple[Places, Places]:
    """The number of a text, and the kind and step of a count, for each that is not nought."""
    codes = np.frombuffer(bytes([END]).join(forms), dtype=np.uint8)
    seen = np.flatnonzero(_IS_KIND[codes])
    text_of = np.searchsorted(np.flatnonzero(codes == END), seen)
    counts = np.bincount(text_of * KINDS + _KIND[codes[seen]], minlength=len(forms) * KINDS)
    counts[LENGTH::KINDS] = [len(form) for form in forms]
    found = np.flatnonzero(counts)
    steps = np.minimum(_bits(counts[found]), (found % KINDS == LENGTH) * MOST + MOST)
    return found // KINDS, found % KINDS * 2 * MOST + steps - 1


def _bits(counts: Array) -> Places:
    """How many binary digits each count has."""
    bits: Places = np.frexp(counts.astype(np.float64))[1].astype(np.int64)
    return bits
