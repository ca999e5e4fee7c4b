"""Which rules over User Content no policy case exercises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from policyenforce.checks.user_content.packs import Rule
from policyenforce.checks.user_content.reading import screen_of
from policyenforce.policy.rules import HouseRules
from policyenforce.testing.cases import PolicyCase


def unexercised(cases: Iterable[PolicyCase], rules: HouseRules) -> tuple[Rule, ...]:
    """The rules of the house's packs that hold in no text of any case, in the order of the packs.

    >>> from policyenforce.policy.load import load_rules
    >>> rules = load_rules(None)
    >>> len(unexercised([], rules)) == sum(len(p.rules) for p in screen_of(rules.content).packs)
    True
    """
    screen = screen_of(rules.content)
    texts = (text for case in cases for step in (*case.given, *case.when) for text in _texts(step))
    held = {hit.rule for hits in screen.batch(texts) for hit in hits}
    return tuple(rule for pack in screen.packs for rule in pack.rules if rule.id not in held)


def _texts(told: Any, name: str = "description") -> Iterator[dict[str, str]]:
    """Every text of a step, a title as a title."""
    if isinstance(told, str):
        yield {"title" if name == "title" else "description": told}
    elif isinstance(told, Mapping):
        for key, value in told.items():
            yield from _texts(value, str(key))
    elif isinstance(told, list | tuple):
        for value in told:
            yield from _texts(value, name)
