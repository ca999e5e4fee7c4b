"""The small pattern language of the lexicon, and what it expands to.

``{buy|order} replica {watch|watches}`` stands for four phrases; an empty choice makes a word
optional; ``<drug>`` is replaced by the pack's word list of that name; a final ``*`` lets the
last word run on. There is nothing else: no nesting, no repetition, hence no blow-up at run time.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

from policyenforce.checks.user_content.fold import fold
from policyenforce.errors import PolicyError

MOST_PHRASES = 5_000  # of one pattern
_PART = re.compile(r"\{([^{}]*)\}|<([a-z_]+)>|([^{}<>]+)")


def expand(pattern: str, words: Mapping[str, Sequence[str]] | None = None) -> tuple[str, ...]:
    """The folded phrases a pattern stands for, in order, each once.

    Raises PolicyError for an unbalanced brace, an unknown word list, an empty phrase, or more
    than ``MOST_PHRASES`` phrases.

    >>> expand("{buy|order} <thing>*", {"thing": ["replica", "fake watch"]})
    ('buy replica*', 'buy fake watch*', 'order replica*', 'order fake watch*')
    """
    parts = list(_parts(pattern, words or {}))
    count = 1
    for choices in parts:
        count *= len(choices)
    if count > MOST_PHRASES:
        raise PolicyError(
            f"pattern `{pattern}` stands for {count} phrases",
            hint=f"split it; at most {MOST_PHRASES} each",
        )
    phrases = dict.fromkeys(map(_tidy, map("".join, itertools.product(*parts))))
    if "" in phrases or "*" in phrases:
        raise PolicyError(f"pattern `{pattern}` can be empty")
    return tuple(phrases)


def _parts(pattern: str, words: Mapping[str, Sequence[str]]) -> Iterator[Sequence[str]]:
    at = 0
    while at < len(pattern):
        part = _PART.match(pattern, at)
        if part is None:
            raise PolicyError(
                f"pattern `{pattern}` cannot be read at character {at}",
                hint="write {a|b} for a choice and <name> for a word list",
            )
        choice, name, literal = part.groups()
        if name is not None and name not in words:
            raise PolicyError(f"unknown word list `{name}` in pattern `{pattern}`")
        yield list(map(fold, words[name] if name else (literal,) if literal else choice.split("|")))
        at = part.end()


def _tidy(phrase: str) -> str:
    """A phrase of folded parts, without the blanks that an empty part leaves."""
    if "  " in phrase:
        phrase = fold(phrase)
    phrase = phrase.strip(" ")
    return phrase.replace(" *", "*") if "*" in phrase else phrase
