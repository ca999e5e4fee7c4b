from __future__ import annotations

from attrs import evolve

from policyenforce.checks.multiple_accounts.remembering import remembered
from policyenforce.model.fact import Fact
from tests.checks.past import applied


def test_a_fact_is_asked_about_once_as_long_as_few_come_between() -> None:
    asked: list[str] = []

    @remembered
    def name(fact: Fact) -> str:
        asked.append(fact.id)
        return fact.id

    facts = [applied(f"u-{number}") for number in range(3)]
    answers = [name(fact) for _ in range(2) for fact in facts]

    assert answers == [fact.id for fact in facts] * 2
    assert asked == [fact.id for fact in facts]


def test_an_equal_fact_is_another_one() -> None:
    fact = applied("u-1")

    @remembered
    def place(fact: Fact) -> object:
        return object()

    assert place(fact) is place(fact)
    assert place(evolve(fact)) is not place(fact)


def test_only_the_last_ones_are_kept() -> None:
    asked: list[str] = []

    @remembered
    def name(fact: Fact) -> str:
        asked.append(fact.id)
        return fact.id

    first = applied("u-0")
    for fact in (first, *(applied(f"u-{number}") for number in range(1, 80)), first):
        name(fact)

    assert asked.count(first.id) == 2
