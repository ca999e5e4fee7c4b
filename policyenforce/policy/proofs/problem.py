"""``Problem``: a flaw in the house rules, with the case that shows it; and what proofs rest on."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from policyenforce.model.findings import Severity
from policyenforce.policy.rules import HouseRules
from policyenforce.policy.templates import SEVERITIES, ActionTemplate, Mode, Response
from policyenforce.terms.references import ClauseRef
from policyenforce.terms.statements import Statement
from policyenforce.terms.versions import TermsVersion


@frozen
class Problem:
    """What is wrong, the proof that found it, a case that shows it, and where it stands."""

    rule: str
    message: str
    counterexample: str
    where: str = ""


@frozen(order=True)
class Score:
    """What one incident can give: the points of a breach of one severity."""

    points: int
    clause: ClauseRef
    severity: Severity

    def __str__(self) -> str:
        return f"{self.clause} {self.severity.value} ({self.points})"


def versions_of(rules: HouseRules) -> tuple[TermsVersion, ...]:
    """Every version of the Terms as the house applies it, oldest first."""
    return tuple(rules.terms_at(version.starts) for version in rules.terms.versions)


def statements_of(rules: HouseRules) -> dict[ClauseRef, Statement]:
    """Every statement that holds in some version as the house applies it, in printed order."""
    return {s.ref: s for version in versions_of(rules) for s in version.statements}


def scores_of(rules: HouseRules) -> tuple[Score, ...]:
    """Every score above nothing that a breach can give, the least first."""
    scores = (
        Score(rules.points_for(ref, severity), ref, severity)
        for ref in statements_of(rules)
        for severity in SEVERITIES
    )
    return tuple(sorted((s for s in scores if s.points), key=lambda s: (s.points, s.clause)))


def opens_something(ref: ClauseRef, rules: HouseRules) -> bool:
    """True when a finding on the statement can open some power in some version."""
    return any(
        version.openings(ref)
        for version in versions_of(rules)
        if any(s.ref == ref for s in version.statements)
    )


def answered_by(response: Response, rules: HouseRules) -> tuple[ClauseRef, ...]:
    """The statements whose findings get this response, none narrower standing before it."""
    return tuple(
        ref
        for ref in statements_of(rules)
        if ref.within(response.clause)
        and response in rules.responses_for(ref, response.category)
        and opens_something(ref, rules)
    )


def uses(rules: HouseRules) -> Iterator[tuple[str, Mode, ActionTemplate]]:
    """Every action of every response and rung: the rule's name, its mode, the action."""
    for response in rules.responses:
        yield from ((f"response `{response.name}`", response.mode, a) for a in response.actions)
    for rung in rules.ladder:
        yield from ((f"rung `{rung.name}`", rung.mode, action) for action in rung.actions)


def acts_alone(mode: Mode, action: ActionTemplate, rules: HouseRules) -> bool:
    """True when nobody looks before the action is in force."""
    return mode is Mode.AUTO and not rules.needs_person(action.power)
