"""Texts without end for fuzzing: any code points, pieces of disguises, and both mixed."""

from __future__ import annotations

import random
from collections.abc import Iterator

PIECES = (
    "cocaine",
    "c0caine",
    "replica watches",
    "fake ",
    "passport",
    "buy ",
    "k i l l ",
    "%",
    "%6",
    "%61",
    "&#",
    "&#107;",
    "&amp;",
    "&#x",
    ";",
    "<b>",
    "</b>",
    "<!-- ",
    "-->",
    "\\u00",
    "\\x6",
    "|",
    "(",
    ")",
    "\u200b",
    "\u202e",
    "\u0301",
    "\u20e3",
    "\ufe0f",
    "🅰",
    "🇨",
    "🔥",
    "а",
    "е",
    "Ⓒ",
    "𝓬",
    "ß",
    "İ",
    "\x00",
    "\x1e",
    "\ud800",
    "\udfff",
    "http://",
    ".com",
    " dot ",
    "hxxp",
    "xn--",
    "@",
    "購",
    "купить ",
    "출",
    "ก",
    "Y29jYWluZQ==",
    "pbpnvar",
    "eniacoc",
    "\n",
    "\t",
    "  ",
    "....",
    "****",
    "aaaa",
    "''",
    '"',
)
_PLANES = (
    (0, 0x7F),
    (0x80, 0x2FF),
    (0x300, 0x36F),
    (0x2000, 0x2BFF),
    (0x1F000, 0x1FAFF),
    (0, 0x10FFFF),
)


def random_texts(count: int, seed: int) -> Iterator[str]:
    """``count`` texts of up to forty pieces, the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        yield "".join(
            chance.choice(PIECES)
            if chance.random() < 0.6
            else chr(chance.randint(*chance.choice(_PLANES)))
            for _ in range(chance.randint(0, 40))
        )
