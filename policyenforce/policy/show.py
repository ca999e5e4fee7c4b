"""``summary``: house rules in plain values and plain words, for a person who checks them."""

from __future__ import annotations

from typing import Any

from policyenforce.policy.canonical import plain
from policyenforce.policy.rules import HouseRules
from policyenforce.policy.templates import ActionTemplate, Mode, Response
from policyenforce.terms.gates import Power

_SETTINGS = (
    "point_life_days", "merge_window_hours", "repeats", "retention", "appeals", "registration",
    "content", "accounts", "sharing", "sessions", "dealings", "cooperation", "protective",
    "cascade", "brake", "agreements", "disabled", "categories",
)  # fmt: skip


def summary(rules: HouseRules) -> dict[str, Any]:
    """What the rules say, as strings, numbers, lists and dicts; nothing is printed.

    Every action says who uses it: ``rule`` when it is in force at once, else ``person``.

    >>> from policyenforce.policy.load import load_rules
    >>> summary(load_rules())["ladder"][0]["actions"]
    [{'does': 'other_corrective (formal_warning) on account, 6.2(v)', 'by': 'rule'}]
    """
    return {
        "name": rules.name,
        "version": rules.version,
        "hash": rules.hash,
        "terms": [version.id for version in rules.terms.versions],
        "ladder": [
            {
                "rung": rung.name,
                "points": rung.points,
                "actions": [_action(action, rung.mode, rules) for action in rung.actions],
            }
            for rung in rules.ladder
        ],
        "floors": plain(rules.floors),
        "points": [{"clause": ref.text, **plain(row)} for ref, row in rules.points.items()],
        "thresholds": _thresholds(rules),
        "responses": _responses(rules),
        "by_person": sorted(power.value for power in Power if rules.needs_person(power)),
        "roles": plain(rules.roles),
        "readings": _readings(rules),
        "settings": {name: plain(getattr(rules, name)) for name in _SETTINGS},
    }


def described(action: ActionTemplate) -> str:
    """One action in a line: power, label, scope, capabilities, length, cure, clause.

    >>> from policyenforce.policy.load import load_rules
    >>> described(load_rules().rung("limits_7_days").actions[0])
    'restrict_feature on capability create_listing for 7 days, 6.2(iv)'
    """
    words = [action.power.value]
    if action.label:
        words.append(f"({action.label})")
    words.append(f"on {action.scope.value}")
    words.extend(filter(None, (" ".join(c.value for c in action.capabilities), action.value)))
    if action.days is not None:
        words.append(f"for {action.days} days")
    if action.cure is not None:
        words.append(f"until {action.cure}")
    return f"{' '.join(words)}, {action.power_clause}"


def _action(action: ActionTemplate, mode: Mode, rules: HouseRules) -> dict[str, str]:
    alone = mode is Mode.AUTO and not rules.needs_person(action.power)
    return {"does": described(action), "by": "rule" if alone else "person"}


def _thresholds(rules: HouseRules) -> list[dict[str, Any]]:
    table = rules.thresholds
    rows = [
        ("default", table.default),
        *((ref.text, row) for ref, row in table.clauses.items()),
        *((f"category {name}", row) for name, row in table.categories.items()),
    ]
    return [{"for": name, **plain(row)} for name, row in rows]


def _responses(rules: HouseRules) -> list[dict[str, Any]]:
    """One row for each response as it is written, its clauses together."""
    groups: dict[tuple[Any, ...], list[Response]] = {}
    for one in rules.responses:
        key = (one.name, one.category, one.mode, one.at_least, one.actions)
        groups.setdefault(key, []).append(one)
    return [
        {
            "response": first.name,
            "clauses": [one.clause.text for one in group],
            "category": first.category,
            "at_least": first.at_least.label,
            "actions": [_action(action, first.mode, rules) for action in first.actions],
        }
        for first, group in ((group[0], group) for group in groups.values())
    ]


def _readings(rules: HouseRules) -> list[dict[str, Any]]:
    return [
        {
            "reading": id_,
            "answer": rules.reading(id_),
            "default": rules.reading(id_) == reading.default,
            "means": reading.options[rules.reading(id_)],
        }
        for id_, reading in rules.terms.readings.items()
    ]
