"""What gives a name of everyday words away when one of them is misspelt.

No word of such a name is looked at wherever it stands; but one of them next to the first or the
last letters of the other is seldom anything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from itertools import pairwise

_SHORTEST = 4  # letters of a word whose misspellings are seen by the word next to it
_HINT = 6  # letters of a word and of the misspelt one next to it that are right together


def hints(
    names: Iterable[Sequence[str]], telling: Set[str], watched: Set[str], never: Set[str]
) -> dict[str, tuple[str, int]]:
    """What is left of a name of everyday words when the one beside a word of it is misspelt.

    The word and the letters next to it → the word and where it begins. ``watched`` words need none,
    nor do the neighbours of ``telling`` ones; of those that ``never`` tell nothing is said.

    >>> hints([["black", "powder"]], set(), set(), set())
    {'black po': ('black', 0), 'ck powder': ('powder', 3)}
    """
    none = telling | watched | never
    made: dict[str, tuple[str, int]] = {}
    for one, two in {pair for name in names for pair in pairwise(name)}:
        if not (one.isascii() and one.isalpha() and two.isascii() and two.isalpha()):
            continue
        if _may_hint(one) and two not in telling and one not in none and len(two) >= _SHORTEST:
            made[f"{one} {two[: _right(one)]}"] = one, 0
        if _may_hint(two) and one not in telling and two not in none and len(one) >= _SHORTEST:
            made[f"{one[-_right(two) :]} {two}"] = two, _right(two) + 1
    return made


def _may_hint(word: str) -> bool:
    return len(word) >= _SHORTEST - 1


def _right(word: str) -> int:
    """How many letters next to this word are right where it is a hint."""
    return max(2, _HINT - len(word))
