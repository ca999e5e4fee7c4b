"""Whether a phrase names the goods that are offered, or only what other goods are named after.

An English compound means its last word: ``opium`` for sale is opium, an ``opium poppy cushion``
is a cushion. So a phrase is the goods when no further noun follows it. The words that may follow
a whole thing are few and known, as are those that may stand before one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Set
from functools import cache
from importlib.resources import files

from policyenforce.checks.user_content.fold import fold

_REACH = 60  # code points before and after the phrase
_MOST_MEASURES = 4  # numbers and units that are passed over
_NEXT = re.compile(r" ?([a-z0-9%$']+)")
_LAST = re.compile(r"([^\W_]+)(?:'[a-z]?)? ?#?$")
_WORD = re.compile(r"[^\W_]+")
_TITLE = 120  # code points of a text that may be a title
# What follows goods that are offered: a sign, an amount, or the words of an offer; no verb.
_TOLD = re.compile(r" ?(?:$|[,.;:!(|+&]|\d|(?:for|from|with|without|per|no)\b)")
_ENDED = re.compile(r"(?:^|[.!?:;|>*]) ?#?$")


def is_last(form: str, start: int, end: int, forms: Set[str] = frozenset()) -> bool:
    """True when what stands at a place of folded text is not the first part of a compound.

    ``forms`` are further words that may follow it.

    >>> is_last("opium for sale", 0, 5), is_last("opium poppy cushion", 0, 5)
    (True, False)
    >>> is_last("opium oil, pure", 0, 5), is_last("opium oil burner", 0, 5)
    (True, False)
    """
    if form[start:end].rpartition(" ")[2] in _words("after_goods"):
        return True  # the phrase is an offer by itself
    rest = form[end : end + _REACH]
    if rest.startswith("'"):  # a thing of theirs
        return False
    at = 0
    for _ in range(_MOST_MEASURES):
        following = _NEXT.match(rest, at)
        if following is None:
            return True
        word = following.group(1)
        if word in _words("after_goods") or word in forms:
            return True
        # A form may be the first part of another name in its turn: a rock carving.
        passed = word[0].isdigit() or word in _words("forms") or (at > 0 and _qualifies(word))
        if not passed:
            return not word.isalpha()
        at = following.end()
    return True


def is_alone(form: str, start: int, end: int, forms: Set[str] = frozenset()) -> bool:
    """True when no other word stands before the phrase either, but those of an offer.

    >>> is_alone("selling coke, 1 g", 8, 12), is_alone("diet coke for sale", 5, 9)
    (True, False)
    """
    before = form[max(0, start - _REACH) : start]
    word = _LAST.search(before)
    if word is None:
        begins = bool(_ENDED.search(before))
    else:
        begins = _is_measure(word.group(1)) or word.group(1) in _words("before_goods")
    return begins and is_last(form, start, end, forms)


def opens(form: str, start: int, end: int) -> bool:
    """True when a short text begins with the goods, as a title does, and tells nothing of them.

    A name told several times begins with itself.

    >>> opens("5 kg fresh opium, sealed", 11, 16), opens("opium is a poison", 0, 5)
    (True, False)
    >>> opens("opium opium opium", 12, 17)
    True
    """
    if len(form) > _TITLE or not _TOLD.match(form[end : end + _REACH]):
        return False
    name = form[start:end]
    words = [word for word in _WORD.findall(form[:start]) if word != name]  # told several times
    return len(words) <= _MOST_MEASURES and all(
        _is_measure(word) or word in _words("before_goods") for word in words
    )


def _qualifies(word: str) -> bool:
    """True for what may follow an amount or a form: a unit, or a word of praise or origin."""
    return any(word in _words(kind) for kind in ("measures", "before_goods", "origins"))


def _is_measure(word: str) -> bool:
    """True for a number, with or without its unit, and for a unit."""
    return word[0].isdigit() or word in _words("measures")


@cache
def _words(kind: str) -> frozenset[str]:
    source = files("policyenforce.checks.user_content") / "lexicon" / "goods.toml"
    content = tomllib.loads(source.read_text(encoding="utf-8"))
    return frozenset(map(fold, content[kind]))
