"""Packs: every rule keeps its own promises, and a malformed pack is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyenforce.checks.user_content.expansion import MOST_PHRASES, expand
from policyenforce.checks.user_content.packs import (
    Pack,
    Rule,
    load_pack,
    pack_of_words,
    shipped_packs,
)
from policyenforce.checks.user_content.screen import Screen
from policyenforce.errors import PolicyError, TermsError
from policyenforce.terms.timeline import Terms

RULES = [pytest.param(rule, id=rule.id) for pack in shipped_packs() for rule in pack.rules]
GOOD = """
[pack]
category = "ours"
clause = "5.5(e)"
language = "en"
severity = "minor"
provenance = "ours"
licence = "ours"
frames = ["toy"]

[words]
thing = ["lamp", "torch"]

[[rule]]
id = "ours-1"
weight = 0.5
patterns = ["{cheap|} <thing>s", "glow*"]
match = ["cheap lamps"]
no_match = ["lamp"]
"""


@pytest.fixture(scope="module")
def screen() -> Screen:
    return Screen()


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_finds_its_examples(rule: Rule, screen: Screen) -> None:
    for text in rule.match:
        assert rule.id in {hit.rule for hit in screen.texts({rule.field_of_examples: text})}, text


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_leaves_its_counter_examples_alone(rule: Rule, screen: Screen) -> None:
    for text in rule.no_match:
        assert screen.texts({rule.field_of_examples: text}) == (), text


def test_every_clause_exists_in_the_terms() -> None:
    version = Terms.load().versions[-1]
    for pack in shipped_packs():
        for rule in pack.rules:
            assert version.statement(rule.clause).ref == rule.clause


def test_rule_ids_are_unique_and_every_pack_says_where_it_comes_from() -> None:
    packs = shipped_packs()
    ids = [rule.id for pack in packs for rule in pack.rules]

    assert len(ids) == len(set(ids))
    assert {pack.provenance for pack in packs} == {"written for this project"}
    assert {pack.language for pack in packs} == {"en", "es", "ru", "zh"}
    assert len({x for pack in packs for rule in pack.rules for x in rule.phrases}) > 2_000


def test_no_single_short_word_of_a_pack_is_a_whole_phrase() -> None:
    short = {
        x
        for pack in shipped_packs()
        for rule in pack.rules
        for x in rule.phrases
        if x.isascii() and len(x.rstrip("*")) < 4 and not (rule.needs or rule.offer)
    }

    assert short == set()


def test_a_pack_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(GOOD)
    pack = load_pack(path)

    assert pack.rules[0].phrases == ("lamps", "torchs", "glow*")
    assert pack.rules[0].frames == ("toy",)
    hits = Screen(pack).texts({"x": "Glowing lamps"})
    assert [(hit.rule, hit.spans[0].start, len(hit.spans)) for hit in hits] == [("ours-1", 0, 2)]


def test_the_whole_name_of_goods_is_told_where_its_last_word_would_do(screen: Screen) -> None:
    text = "Selling anabol*c steroids, cheap"
    (hit,) = screen.texts({"title": text})

    assert [text[span.start : span.end] for span in hit.spans] == ["anabol*c steroids"]


def test_examples_that_do_not_hold_are_named(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(
        GOOD.replace('["lamp"]', '["lamp", "glow"]').replace('["cheap', '["hat", "cheap')
    )

    assert Screen(load_pack(path)).wrong_examples() == (("ours-1", "hat"), ("ours-1", "glow"))


def test_rules_of_a_category_can_be_left_out() -> None:
    pack = shipped_packs()[0]

    assert pack.without(pack.categories).rules == ()
    assert pack.without(["other"]) == pack


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[pack]", "[packs]", "unknown key `packs`"),
        ('language = "en"\n', "", "`language` must be a str"),
        ('severity = "minor"', 'severity = "huge"', "unknown severity `huge`"),
        ("weight = 0.5", "weight = 1.5", "weight 1.5 lies outside 0 to 1"),
        ("weight = 0.5", 'weight = "1"', "`weight` must be a float"),
        ("weight = 0.5", "weight = 0.5\noffer = 1", "`offer` must be a bool"),
        ("weight = 0.5", "weight = 0.5\nneeds = [1]", "`needs` must be a list of strings"),
        ("weight = 0.5", "weight = 0.5\ncolour = 1", "unknown key `colour`"),
        ('match = ["cheap lamps"]\n', "", "a rule needs patterns and examples of both kinds"),
        ("<thing>s", "<things>s", "unknown word list `things`"),
        ("glow*", "{a|b", "cannot be read at character 0"),
        ("glow*", "{|}*", "can be empty"),
        ("glow*", "{a|b}" * 13, f"stands for {2**13} phrases"),
        ("[pack]", "[pack", "the pack cannot be read"),
    ],
)
def test_a_malformed_pack_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(PolicyError) as caught:
        load_pack(path)

    assert said in str(caught.value)
    assert "ours.toml" in str(caught.value)


def test_a_rule_written_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(GOOD + GOOD[GOOD.index("[[rule]]") :])
    with pytest.raises(PolicyError, match="rule `ours-1` is written twice"):
        load_pack(path)


def test_an_unknown_clause_names_its_rule(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(GOOD.replace("5.5(e)", "5.5(e"))
    with pytest.raises(TermsError, match="rule `ours-1`"):
        load_pack(path)


def test_a_missing_pack_is_a_policy_error(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="cannot be read"):
        load_pack(tmp_path / "none.toml")


def test_a_word_list_becomes_a_pack() -> None:
    pack: Pack = pack_of_words(
        ["# ours", "grey import", "", "parallel {goods|stock} # both"],
        name="ours", category="grey", clause="5.5(e)", language="en",
    )  # fmt: skip

    assert pack.rules[0].phrases == ("grey import", "parallel goods", "parallel stock")
    assert Screen(pack).texts({"title": "Grey-import phone"})[0].confidence == 0.7


def test_expansion_keeps_order_drops_doubles_and_has_a_limit() -> None:
    assert expand("{b|a|b} {x|}") == ("b x", "b", "a x", "a")
    assert MOST_PHRASES >= 1_000
