"""What every identifier goes through first: plain letters, and nothing that says nothing."""

from __future__ import annotations

import re
import unicodedata

UNVERIFIED = "~"
"""Stands before a value that nothing could confirm: kept, since it may be true all the same."""

UNSEEN = re.compile(
    "[\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
"""What formats a text and cannot be seen (Unicode category Cf)."""

NOT_WORD = re.compile(r"[\W_]+")
NOTHING = frozenset(
    {
        "", "0", "blank", "na", "nan", "nil", "no", "nodata", "none", "notapplicable",
        "notavailable", "notgiven", "null", "tbc", "tbd", "test", "undefined", "unknown",
        "unspecified", "x", "xx", "xxx",
    }
)  # fmt: skip
"""What forms and programs write for nothing, in small letters and without marks between."""

_UP_AND_DOWN = ("01234567890123456789", "98765432109876543210")
RUNS = frozenset(
    line[start:end] for line in _UP_AND_DOWN for start in range(16) for end in range(start + 5, 21)
)
"""Five to twenty digits that count up or down."""


def plain(value: str) -> str:
    """The text in the letters that other forms use: full-width ones narrow, invisible ones gone.

    >>> plain("１３８\u200b１２３４")
    '1381234'
    """
    if value.isascii():
        return value.strip()
    return unicodedata.normalize("NFKC", UNSEEN.sub("", value)).strip()


def compact(value: str) -> str:
    """Letters and digits alone, in capitals.

    >>> compact("hrb 12-345/b")
    'HRB12345B'
    """
    return NOT_WORD.sub("", value).upper()


def says_nothing(value: str) -> bool:
    """True for an empty text and for what people and programs write instead of one.

    >>> says_nothing("N / A"), says_nothing("None."), says_nothing("Nan Li")
    (True, True, False)
    """
    return NOT_WORD.sub("", value).casefold() in NOTHING


def is_filler(text: str) -> bool:
    """True for what people type to get past a field: nothing, or one character repeated.

    >>> is_filler("1111111"), is_filler("138123456")
    (True, False)
    """
    return len(set(text)) <= 1


def is_run(text: str) -> bool:
    """True for five digits or more that count up or down.

    >>> is_run("456789012"), is_run("98765"), is_run("1234")
    (True, True, False)
    """
    return text in RUNS
