"""The version of a rule: its name and the digest of its content, as in ``unfit_content@3f2a…``.

A decision keeps the versions of the rules that it was drawn from. So the brake can tell that a
rule has changed, and what one version did can be found and undone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from policyenforce.policy.canonical import content_hash
from policyenforce.policy.rules import HouseRules, Response

RUNG = "rung:"
"""How the name of a rung begins where it stands among the names of rules."""
_DIGITS = 12


@lru_cache(maxsize=64)
def rule_versions(rules: HouseRules) -> Mapping[str, str]:
    """Name of each response and rung -> its version.

    A response changes with its rows and with the thresholds; a rung with its actions, with what
    breaches cost and how long that counts, and with the floors.

    >>> from policyenforce.policy.load import load_rules
    >>> rule_versions(load_rules())["rung:warning"].partition("@")[0]
    'rung:warning'
    """
    responses: defaultdict[str, list[Response]] = defaultdict(list)
    for response in rules.responses:
        responses[response.name].append(response)
    repeats = () if rules.repeats.plain else (rules.repeats,)
    times = (rules.point_life_days, rules.merge_window_hours)
    climbing = (rules.points, rules.floors, *times, *repeats)
    found = {name: _version(name, tuple(rows), rules.thresholds)
             for name, rows in responses.items()}  # fmt: skip
    for rung in rules.ladder:
        found[RUNG + rung.name] = _version(RUNG + rung.name, rung, climbing)
    return found


def _version(name: str, *content: Any) -> str:
    return f"{name}@{content_hash(content)[:_DIGITS]}"


def rule_of(version: str) -> str:
    """The name of the rule that a version is of.

    >>> rule_of("rung:warning@3f2a9c01d4e5")
    'rung:warning'
    """
    return version.rpartition("@")[0]
