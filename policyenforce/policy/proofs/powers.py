"""Powers: every action stays inside one that its grounds open, behind a gate they can pass."""

from __future__ import annotations

from collections.abc import Iterator

from policyenforce.policy.proofs.problem import (
    Problem,
    acts_alone,
    answered_by,
    scores_of,
    versions_of,
)
from policyenforce.policy.rules import HouseRules
from policyenforce.policy.templates import ActionTemplate, Response
from policyenforce.terms.gates import Gate, Power, Standard
from policyenforce.terms.references import ClauseRef
from policyenforce.terms.versions import TermsVersion


def power_problems(rules: HouseRules) -> Iterator[Problem]:
    """Every use of a power that a ground does not open, or opens too easily."""
    for response in rules.responses:
        where = f"responses: `{response.name}`"
        for ground in answered_by(response, rules):
            for action in response.actions:
                yield from _closed(ground, action, rules, where)
                yield from _too_easy(response, ground, action, rules, where)
    scoring = sorted({score.clause for score in scores_of(rules)})
    for rung in rules.ladder:
        for ground in scoring:
            for action in rung.actions:
                yield from _closed(ground, action, rules, f"ladder: `{rung.name}`")


def _closed(
    ground: ClauseRef, action: ActionTemplate, rules: HouseRules, where: str
) -> Iterator[Problem]:
    for version in versions_of(rules):
        if not any(s.ref == ground for s in version.statements):
            continue
        if _gate(version, ground, action) is None:
            others = [
                opening.power_clause.text
                for opening in version.openings(ground)
                if action.power in opening.powers
            ]
            instead = f"it is opened by {', '.join(others)}" if others else "nothing opens it"
            yield Problem(
                "powers",
                f"{ground} with {action.power_clause} does not open `{action.power.value}`",
                f"a finding on {ground} that is proved beyond doubt, under version {version.id}:"
                f" {instead}",
                where,
            )


def _gate(version: TermsVersion, ground: ClauseRef, action: ActionTemplate) -> Gate | None:
    if not any(s.ref == action.power_clause for s in version.statements):
        return None
    opening = version.opening(ground, action.power_clause)
    return opening.gate if opening is not None and action.power in opening.powers else None


def _too_easy(
    response: Response, ground: ClauseRef, action: ActionTemplate, rules: HouseRules, where: str
) -> Iterator[Problem]:
    """An action that nobody looks at needs belief; a mild corrective at least suspicion."""
    if not acts_alone(response.mode, action, rules):
        return
    needed = Standard.SUSPICION if action.power is Power.OTHER_CORRECTIVE else Standard.BELIEF
    for version in versions_of(rules):
        if not any(s.ref == ground for s in version.statements):
            continue
        gate = _gate(version, ground, action)
        if gate is None or max(gate.standard, response.at_least) >= needed:
            continue
        asked = max(gate.standard, response.at_least)
        row = rules.thresholds.row(ground, response.category)
        confidence = 0.0 if asked is Standard.NONE else row.suspicion
        yield Problem(
            "review_gates",
            f"`{action.power.value}` follows {asked.label} alone, with nobody looking",
            f"a finding on {ground} of confidence {confidence} uses it at once",
            where,
        )
        return
