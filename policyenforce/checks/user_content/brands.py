"""Brands are the caller's data; a brand offered with the words of a copy is a finding (5.4(b))."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from policyenforce.checks.user_content.fold import fold
from policyenforce.checks.user_content.packs import Rule
from policyenforce.model.findings import Severity
from policyenforce.terms.references import ClauseRef

_WEIGHT = 0.9


def brand_rule(brands: Iterable[str]) -> Rule:
    """The rule that finds one of these brands next to a word for a copy.

    >>> brand_rule(["Acme & Söhne"]).phrases
    ('acme & sohne',)
    """
    phrases = dict.fromkeys(fold(brand).strip() for brand in brands)
    phrases.pop("", None)
    return Rule(
        id="brand-replica",
        category="counterfeit",
        clause=ClauseRef.parse("5.4(b)"),
        severity=Severity.SERIOUS,
        weight=_WEIGHT,
        languages=(),
        phrases=tuple(phrases),
        needs=replica_words(),
        frames=("detector", "authentication", "how to spot"),
    )


@lru_cache(maxsize=1)
def replica_words() -> tuple[str, ...]:
    """Words that make an offer of a brand an offer of a copy."""
    source = files("policyenforce.checks.user_content") / "lexicon" / "brands.toml"
    content = tomllib.loads(source.read_text(encoding="utf-8"))
    return tuple(content["replica_words"])
