"""``ClauseRef``: the address of a clause or of one statement in it.

``"5.5(c)"`` and ``"6.2(i)"`` name clauses, ``"4.1/s3"`` and ``"6.1/limb2"`` single statements.
"""

from __future__ import annotations

import re
from functools import lru_cache, total_ordering
from typing import Any

from attrs import field, frozen

from policyenforce.errors import TermsError

_SHAPE = re.compile(
    r"(preamble|[0-9]{1,2}(?:\.[0-9]{1,2})?)(?:\(([a-z]{1,4})\))?(?:/(s[0-9]|limb[0-9]))?"
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}


@total_ordering
@frozen(order=False, repr=False, cache_hash=True)
class ClauseRef:
    """A clause (``5.5(c)``) or a statement in it (``4.1/s3``); parsed, in printed order, hashable.

    >>> ClauseRef.parse("4.1/s3").clause
    ClauseRef('4.1')
    >>> ClauseRef.parse("5.5(c)") < ClauseRef.parse("5.10")
    True
    """

    text: str
    number: str = field(eq=False)
    letter: str | None = field(eq=False, default=None)
    statement: str | None = field(eq=False, default=None)

    @staticmethod
    def parse(text: str) -> ClauseRef:
        """The reference ``text`` spells; raises TermsError when it has no clause's shape."""
        return _parse(text)

    @property
    def clause(self) -> ClauseRef:
        """The clause this statement belongs to, without its statement part."""
        return self if self.statement is None else _parse(self.text.partition("/")[0])

    def within(self, other: ClauseRef) -> bool:
        """True when ``other`` is this reference, its clause, or the numbered clause above it."""
        return other.text in (self.text, self.clause.text, self.number)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"ClauseRef({self.text!r})"

    def __lt__(self, other: Any) -> bool:
        if not isinstance(other, ClauseRef):
            return NotImplemented
        return _order(self) < _order(other)


def _order(ref: ClauseRef) -> tuple[int, int, int, str, str]:
    if ref.number == "preamble":
        return (0, 0, 0, "", ref.statement or "")
    major, _, minor = ref.number.partition(".")
    letter = ref.letter or ""
    # 6.2 counts in Roman numerals; every other clause in letters.
    rank = _ROMAN.get(letter, 0) if ref.number == "6.2" else 0
    return (int(major), int(minor or 0), rank, letter, ref.statement or "")


@lru_cache(maxsize=4096)
def _parse(text: str) -> ClauseRef:
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise TermsError(
            f"`{text[:40]}` is no clause reference",
            hint="write `5.5(c)`, `6.2(i)` or a statement such as `4.1/s3`",
        )
    return ClauseRef(text, match.group(1), match.group(2), match.group(3))
