"""Texts written as the codes of their letters: base64, hexadecimal, decimal and binary numbers.

The digits that stand for small Latin letters have a shape of their own, which hardly a word or a
model number has; what has it is decoded, and is a text only if that gives one.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable, Iterator

from policyenforce.checks.user_content.fold import Traced, rewritten

# Over folded bytes; read alike by both engines.
CODES = (
    rb"[67][0-9a-f][ ,]?[67][0-9a-f][ ,]?[67][0-9a-f][ ,]?[67][0-9a-f][ ,]?[67][0-9a-f]",
    rb"(?:9[789]|1[012][0-9])[, ] ?(?:9[789]|1[012][0-9])[, ] ?(?:9[789]|1[012][0-9])[, ]",
    rb"01[01][01][01][01][01][01] ?01[01][01]",
)
# Three letters are four digits of base64. The first bits of a small letter are always the same, and
# so each digit is one of a few. A capital or a blank may stand first or in the second group.
_BASE64 = re.compile(
    rb"[yza-eq-w][ghwxmn23][bfjnrvzdhlptx159][h-z0-6][yza-e][ghwxmn23si][bfjnrvzdhlptx159][h-z0-6]?"
)
_NEAR = 12  # bytes around a digit among letters in which such groups lie
_LONGEST = 800  # digits
_CODED = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    r"(?P<bits>[01]{8}(?:[ ,]?[01]{8}){2,})"
    r"|(?P<hexes>[2-7][0-9A-Fa-f](?:[ ,:-]?[2-7][0-9A-Fa-f]){3,})"
    r"|(?P<decimals>[1-9][0-9]{1,2}(?:[ ,;.-]{1,2}[1-9][0-9]{1,2}){3,})"
    r"|(?P<base64>[A-Za-z0-9+/]{8,}={0,2}))(?![0-9A-Za-z])"
)
_NUMBER = re.compile(r"[0-9A-Fa-f]+")
_BASES = {"bits": (2, 8), "hexes": (16, 2), "decimals": (10, 3)}
_LETTERS = 0.8  # share of the letters and blanks of a text


def coded(form: bytes, ends: Iterable[int]) -> Iterator[int]:
    """Where folded bytes look like base64, of the places where a digit among letters ends.

    >>> list(coded(b"iphone 14b, made in the city: y29jywluzq", [10, 33]))
    [33]
    """
    return (end for end in ends if _BASE64.search(form[max(0, end - _NEAR) : end + _NEAR]))


def decoded(text: str) -> Traced | None:
    """``text`` with coded words as letters, or None if it has none.

    >>> decoded("buy ZmFrZSBwYXNzcG9ydA== or 6c 61 6d 70").text
    'buy fake passport or lamp'
    """
    return rewritten(text, _plain(text))


def _plain(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _CODED.finditer(text):
        kind, code = str(match.lastgroup), match.group()
        if len(code) > _LONGEST:
            continue
        plain = _from_base64(code) if kind == "base64" else _from_numbers(code, *_BASES[kind])
        if _is_text(plain):
            yield match.start(), match.end(), plain


def _from_base64(code: str) -> str:
    digits = code.rstrip("=")
    try:
        return b64decode(digits + "=" * (-len(digits) % 4)).decode("ascii")
    except ValueError:  # of a bad length, or no text
        return ""


def _from_numbers(code: str, base: int, size: int) -> str:
    """The signs whose codes stand there; ``size`` digits each where nothing parts them."""
    runs = _NUMBER.findall(code)
    numbers = (int(run[i : i + size], base) for run in runs for i in range(0, len(run), size))
    return "".join(map(chr, numbers))


def _is_text(plain: str) -> bool:
    if not (plain.isascii() and plain.isprintable()):
        return False
    return sum(char.isalpha() or char == " " for char in plain) >= _LETTERS * len(plain) > 0
