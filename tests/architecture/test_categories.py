"""The categories of the shipped house rules are those that packs and checks really use."""

from __future__ import annotations

import ast
from math import inf

import pytest

from policyenforce.checks.user_content import voice
from policyenforce.checks.user_content.packs import Rule, shipped_packs
from policyenforce.model.findings import Severity
from policyenforce.policy.lint import lint
from policyenforce.policy.load import load_rules
from policyenforce.terms.gates import Standard
from tests.architecture.source import PACKAGE, label, tree

RULES = load_rules()
LEXICON = [(pack.name, rule) for pack in shipped_packs() for rule in pack.rules]
PACKED = frozenset(rule.category for _, rule in LEXICON)
VOICED = frozenset({voice.LINKS, voice.RIGHTS})
OPINIONS = ("misleading_claims", voice.RIGHTS)


def spelled_out() -> dict[str, str]:
    """Categories written as texts in the code of the checks, each with a file it stands in."""
    return {
        word.value.value: label(path)
        for path in sorted((PACKAGE / "checks").rglob("*.py"))
        for word in ast.walk(tree(path))
        if isinstance(word, ast.keyword)
        and word.arg == "category"
        and isinstance(word.value, ast.Constant)
        and isinstance(word.value.value, str)
    }


def test_every_category_of_packs_and_checks_is_in_the_house_rules() -> None:
    used = PACKED | VOICED | spelled_out().keys()

    assert used - set(RULES.categories) == set()


def test_the_house_rules_name_no_category_that_nothing_uses() -> None:
    assert set(RULES.categories) - PACKED - VOICED == set()


def test_every_category_has_thresholds_of_its_own() -> None:
    assert set(RULES.thresholds.categories) == set(RULES.categories)


@pytest.mark.parametrize("category", RULES.categories)
def test_suspicion_comes_before_belief(category: str) -> None:
    row = RULES.thresholds.categories[category]

    assert row.suspicion <= 0.6
    assert row.belief >= 0.85


@pytest.mark.parametrize("category", OPINIONS)
def test_no_machine_believes_an_opinion_or_a_disputed_right(category: str) -> None:
    row = RULES.thresholds.categories[category]

    assert row.belief == inf
    assert row.standard(1.0) is Standard.SUSPICION


@pytest.mark.parametrize(("pack", "rule"), LEXICON, ids=[rule.id for _, rule in LEXICON])
def test_a_rule_is_seen_and_only_a_weighty_one_is_believed(pack: str, rule: Rule) -> None:
    row = RULES.thresholds.row(rule.clause, rule.category)
    reached = row.standard(rule.weight)

    assert reached is not Standard.NONE
    assert (reached is Standard.BELIEF) <= (rule.weight >= 0.85)
    assert (reached is Standard.BELIEF) <= (rule.severity is not Severity.MINOR)


def test_the_shipped_rules_are_sound() -> None:
    assert lint(RULES) == ()
