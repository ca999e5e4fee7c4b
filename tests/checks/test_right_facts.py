"""Which fact tells of a clause: what one check says of another is true of that other one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import policyenforce as pe
from policyenforce.checks.conduct import CHECKS as CONDUCT
from policyenforce.checks.right_facts import right_fact
from policyenforce.checks.user_content.check import CHECKS as CONTENT
from policyenforce.terms import Terms
from policyenforce.testing.cases import PolicyCase, changed, read_cases
from policyenforce.testing.scenario import Scenario

Judge = Callable[..., Any]
THEN = datetime(2019, 11, 10, tzinfo=UTC)
CASES = sorted((Path(__file__).parents[1] / "policy").glob("*/breach.policy.yaml"))
BY_SILENCE = {"information_requested": "deadline_passed"}
"""A request tells of nothing until its day has passed."""

SHORT = {
    "account": "application_received",
    "application": "application_received",
    "due": "deadline_passed",
}
"""What cases tell in their own words, and the kind of fact that it is."""
NAMING = ("conduct_reported", "content_labelled")
"""Facts that name the clause they tell of."""


def checked() -> Iterator[tuple[str, str]]:
    """Every clause that a check finds and that some kind of fact is said to tell of."""
    terms = Terms.load().versions[-1]
    for statement in terms.statements:
        right = right_fact(statement.ref.text)
        counts = statement.owed or bool(terms.openings(statement.ref))
        if right and counts and any(by.startswith("check:") for by in statement.enforced_by):
            yield statement.ref.text, right


CHECKED = tuple(checked())


@cache
def told_in_cases() -> frozenset[tuple[str, str]]:
    """Each clause found in a breaching case, with the kind of fact that led to it."""
    cases = (case for path in CASES for case in read_cases(path))
    return frozenset(pair for case in cases for pair in _told(case))


def _told(case: PolicyCase) -> Iterator[tuple[str, str]]:
    scenario = Scenario(changed(case.policy) if isinstance(case.policy, Mapping) else None)
    scenario.given(*case.given).when(*case.when)
    for told in (*scenario.background, *scenario.told):
        verb, _, rest = told.words.partition(": ")
        kind = rest if verb == "fact" else SHORT.get(verb, verb)
        for outcome in (a for a in told.answers if isinstance(a, pe.Outcome)):
            yield from ((found.clause.text, kind) for found in outcome.findings)


def report(clause: str) -> pe.ConductReported:
    return pe.ConductReported(
        id="f-1", at=THEN, account_id="a-1", clause=clause, reported_by="desk",
        standard=pe.Standard.FACT,
    )  # fmt: skip


def label(clause: str) -> pe.ContentLabelled:
    return pe.ContentLabelled(
        id="f-1", at=THEN, account_id="a-1", content_id="c-1", clause=clause,
        labeller=pe.Labeller.PERSON, labelled_by="desk",
    )  # fmt: skip


@pytest.mark.parametrize("clause", [c for c, right in CHECKED if right == "conduct_reported"])
def test_a_report_tells_of_what_it_is_said_to_tell_of(judge: Judge, clause: str) -> None:
    assert judge(CONDUCT, report(clause)).clauses == [clause]


@pytest.mark.parametrize("clause", [c for c, right in CHECKED if right == "content_labelled"])
def test_a_label_tells_of_what_it_is_said_to_tell_of(judge: Judge, clause: str) -> None:
    assert judge(CONTENT, label(clause)).clauses == [clause]


@pytest.mark.parametrize(("clause", "right"), [row for row in CHECKED if row[1] not in NAMING])
def test_every_other_fact_leads_to_the_clause_in_some_case(clause: str, right: str) -> None:
    assert (clause, BY_SILENCE.get(right, right)) in told_in_cases()


@pytest.mark.parametrize(("clause", "right"), CHECKED)
@pytest.mark.parametrize(("checks", "told"), [(CONDUCT, report), (CONTENT, label)])
def test_a_fact_that_cannot_tell_names_the_one_that_can(
    judge: Judge, checks: Any, told: Callable[[str], pe.Fact], clause: str, right: str
) -> None:
    judged = judge(checks, told(clause))

    assert judged.clauses == [clause] or judged.missing == {clause: (right,)}
