from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve, frozen

from policyenforce.checks.user_content.check import CHECKS
from policyenforce.checks.user_content.classifier.protocol import Scores
from policyenforce.checks.user_content.hits import Hit
from policyenforce.checks.user_content.judged import judged
from policyenforce.checks.user_content.screen import Screen
from policyenforce.model.facts.content import Content, ContentSubmitted
from policyenforce.policy.load import load_rules
from policyenforce.policy.sections import ClassifierRules, ClassifierUse
from policyenforce.terms.gates import Standard

Judge = Callable[..., Any]
LATER = datetime(2019, 10, 6, 12, tzinfo=UTC)
WANTED = ClassifierRules(ClassifierUse.UNDECIDED)
ABUSE = {"title": "To the seller", "description": "you useless lying clown, drop dead"}
MUG = {"title": "Ceramic mug", "description": "Holds 300 ml and goes into the dishwasher"}


@frozen
class Fixed:
    """A classifier that says the same of every text."""

    answer: Scores | None
    name: str = "fixed"
    version: str = "3"

    def scores(self, texts: Sequence[str]) -> list[Scores | None]:
        return [self.answer] * len(texts)


def scored(**scores: float) -> Fixed:
    return Fixed(Scores(**{"toxic": 0.0, "hate": 0.0, "sexual": 0.0, "spam": 0.0} | scores))


def test_a_house_that_did_not_ask_for_it_gets_the_hits_of_the_rules() -> None:
    assert judged([ABUSE], [()], ClassifierRules(), classifier=scored(toxic=1.0)) == [()]


def test_the_shipped_house_rules_do_not_ask_for_it() -> None:
    assert load_rules().content.classifier == ClassifierRules()


def test_abuse_that_no_rule_knows_is_a_hit_with_the_model_and_its_version() -> None:
    [[hit]] = judged([ABUSE], [Screen().texts(ABUSE)], WANTED)

    assert (str(hit.clause), hit.category) == ("5.5(c)", "threats_and_harassment")
    assert hit.rule.startswith("policyenforce-linear ") and hit.by_model
    assert {span.field for span in hit.spans} <= set(ABUSE)
    assert all(0 <= s.start < s.end <= len(ABUSE[s.field]) for s in hit.spans)


def test_ordinary_trade_is_no_hit() -> None:
    assert judged([MUG], [()], WANTED) == [()]


def test_a_score_alone_is_suspicion_and_never_belief_by_the_shipped_thresholds() -> None:
    rules = load_rules()
    for head in ("toxic", "hate", "sexual", "spam"):
        [[hit]] = judged([MUG], [()], WANTED, classifier=scored(**{head: 1.0}))

        reached = rules.standard_of(hit.clause, hit.category, hit.confidence)
        assert (hit.confidence, reached) == (0.8, Standard.SUSPICION)


@pytest.mark.parametrize("score", [0.0, 0.5, 0.89])
def test_a_score_under_the_number_of_the_house_is_no_hit(score: float) -> None:
    assert judged([MUG], [()], WANTED, classifier=scored(hate=score)) == [()]


def test_the_house_decides_from_where_on_and_how_sure() -> None:
    house = evolve(WANTED, hate=0.3, most=0.4)
    [[hit]] = judged([MUG], [()], house, classifier=scored(hate=0.35))
    [[capped]] = judged([MUG], [()], house, classifier=scored(hate=0.9))

    assert (hit.confidence, capped.confidence) == (0.35, 0.4)


def test_where_a_rule_of_the_category_has_spoken_the_model_is_not_heard() -> None:
    threat = {"text": "pay me back or i will kill you"}
    by_rules = Screen().texts(threat)
    [hits] = judged([threat], [by_rules], WANTED, classifier=scored(toxic=1.0, spam=1.0))

    assert hits[: len(by_rules)] == by_rules
    assert [hit.category for hit in hits[len(by_rules) :]] == ["spam"]


def test_a_category_that_is_not_used_stays_unused() -> None:
    model = scored(sexual=1.0)

    assert judged([MUG], [()], WANTED, classifier=model, disabled=("obscene_and_sexual",)) == [()]


def test_what_the_model_cannot_read_adds_nothing() -> None:
    assert judged([MUG], [()], WANTED, classifier=Fixed(None)) == [()]


def test_a_model_that_gives_no_reasons_points_to_the_whole_text() -> None:
    [[hit]] = judged([MUG], [()], WANTED, classifier=scored(spam=1.0))

    assert [(s.field, s.start, s.end) for s in hit.spans] == [
        (name, 0, len(text)) for name, text in MUG.items()
    ]


def test_many_items_are_answered_in_order() -> None:
    none: tuple[Hit, ...] = ()
    answers = judged([MUG, ABUSE] * 50, [none] * 100, WANTED)

    assert [len(hits) for hits in answers] == [0, 1] * 50


def test_a_finding_says_that_a_model_said_so_and_that_it_reads_english_only(judge: Judge) -> None:
    rules = load_rules()
    rules = evolve(rules, content=evolve(rules.content, classifier=WANTED))
    content = Content(content_id="c-1", title="Reply", description=ABUSE["description"])
    fact = ContentSubmitted(id="f-1", at=LATER, account_id="a-1", content=content)

    silent = judge(CHECKS, fact)
    heard = judge(CHECKS, fact, rules=rules)

    assert silent.clauses == []
    [finding] = heard.findings
    [evidence] = finding.evidence
    assert (finding.category, evidence.kind) == ("threats_and_harassment", "model_score")
    assert evidence.sentence.startswith("Model policyenforce-linear 1 points to ")
    assert "English only" in evidence.sentence


def test_hits_do_not_show_the_text() -> None:
    [[hit]] = judged([ABUSE], [()], WANTED)

    assert "clown" not in repr(hit)
