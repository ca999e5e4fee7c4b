"""What must not leave the house in a public statement: anything that points at a person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# Linear: each is one bounded run of one class of characters after another.
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.\w{2,}")
_NUMBER = re.compile(r"\d[\d \-/.]{6,40}\d")
_HOST = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")
_MASKED = "…"
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?")


def personal_in(text: str, names: Iterable[str]) -> Iterator[str]:
    """Why a text may not be published: which kind of personal data it seems to hold.

    ``names`` are the accounts and Users that must not be named. The value is never repeated.

    >>> list(personal_in("write to ana@firm.example", ()))
    ['an e-mail address']
    >>> list(personal_in("decided on 2019-10-04 12:30", ()))
    []
    """
    if _ADDRESS.search(text):
        yield "an e-mail address"
    bare = _MOMENT.sub("", text)
    if _HOST.search(bare):
        yield "a network address"
    elif _NUMBER.search(bare):
        yield "a long number"
    if _MASKED in text:
        yield "a masked value"
    if any(name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in names):
        yield "the id of an account or User"
