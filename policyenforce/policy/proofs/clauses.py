"""Clauses: none is dead, neither a row that nothing uses nor a breach that nothing follows."""

from __future__ import annotations

from collections.abc import Iterator

from policyenforce.policy.proofs.problem import Problem, answered_by, statements_of
from policyenforce.policy.rules import HouseRules
from policyenforce.policy.templates import SEVERITIES, widening
from policyenforce.terms.references import ClauseRef
from policyenforce.terms.statements import Statement


def clause_problems(rules: HouseRules) -> Iterator[Problem]:
    """Every row without effect, and every breach without consequence."""
    yield from _points_without_effect(rules)
    yield from _responses_without_effect(rules)
    yield from _floors_without_effect(rules)
    yield from _breaches_without_consequence(rules)


def _breach(statement: Statement) -> bool:
    return statement.owed or statement.deems is not None


def _row(ref: ClauseRef, rules: HouseRules) -> ClauseRef | None:
    return next((wider for wider in widening(ref) if wider in rules.points), None)


def _points_without_effect(rules: HouseRules) -> Iterator[Problem]:
    statements = statements_of(rules)
    for row in rules.points:
        under = [s for ref, s in statements.items() if ref.within(row)]
        if any(_breach(s) and _row(s.ref, rules) == row for s in under):
            continue
        if not under:
            why = f"every clause under {row} is switched off"
        elif not any(map(_breach, under)):
            why = f"a finding on {under[0].ref} is no breach, so it scores 0 whatever stands here"
        else:
            narrower = next(s.ref for s in under if _breach(s))
            why = f"a breach of {narrower} scores by the row `{_row(narrower, rules)}`"
        yield Problem("dead_clause", f"the points of {row} have no effect", why, f'points["{row}"]')


def _responses_without_effect(rules: HouseRules) -> Iterator[Problem]:
    for response in rules.responses:
        if answered_by(response, rules):
            continue
        taken = [
            other.name
            for ref in statements_of(rules)
            if ref.within(response.clause)
            for other in rules.responses_for(ref, response.category)
            if other != response
        ]
        why = f"a finding there gets `{taken[0]}`" if taken else "a finding there opens no power"
        yield Problem(
            "dead_clause",
            f"response `{response.name}` never answers {response.clause}",
            why,
            f"responses: `{response.name}`",
        )


def _floors_without_effect(rules: HouseRules) -> Iterator[Problem]:
    for index, floor in enumerate(rules.floors):
        at_least = SEVERITIES[SEVERITIES.index(floor.severity) :]
        refs = [ref for ref in statements_of(rules) if ref.within(floor.clause)]
        if not any(rules.points_for(ref, severity) for ref in refs for severity in at_least):
            yield Problem(
                "dead_clause",
                f"the floor of {floor.clause} has no effect",
                f"a {floor.severity.value} breach of {floor.clause} scores 0, so no rung is asked",
                f"floors[{index}]",
            )


def _breaches_without_consequence(rules: HouseRules) -> Iterator[Problem]:
    for ref, statement in statements_of(rules).items():
        found = any(binding.startswith("check:") for binding in statement.enforced_by)
        scores = any(rules.points_for(ref, severity) for severity in SEVERITIES)
        if found and _breach(statement) and not scores and not rules.responses_for(ref, None):
            yield Problem(
                "dead_clause",
                f"a breach of {ref} has no consequence",
                f"a grave breach of {ref}, proved beyond doubt, gives no points and no action",
                f'points["{ref}"]',
            )
