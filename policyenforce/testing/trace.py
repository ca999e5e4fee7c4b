"""The trace of a scenario: every step, what it led to, and why; printed when a case fails."""

from __future__ import annotations

from collections.abc import Iterator

from policyenforce.model.findings import Finding
from policyenforce.model.outcome import Outcome
from policyenforce.model.standing import Permission
from policyenforce.testing.scenario import Scenario
from policyenforce.testing.stage import Told


def trace(scenario: Scenario) -> str:
    """Every step with its findings, cannot-tells, decisions and refusals, a line each."""
    lines = [f"house rules {scenario.rules.hash[:12]}; all times as recorded"]
    for title, steps in (("given", scenario.background), ("when", scenario.told)):
        for told in steps:
            lines.append(f"{title} {told.at.isoformat()} {told.words}")
            lines.extend(f"    {line}" for line in _of(told))
    return "\n".join(lines)


def _of(told: Told) -> Iterator[str]:
    if told.refused is not None:
        yield f"refused: {told.refused}"
    for answer in told.answers:
        if isinstance(answer, Outcome):
            yield from _outcome(answer)
        elif isinstance(answer, Permission):
            yield f"allowed: {answer.allowed} {answer.reason}".rstrip()
        else:
            yield f"{type(answer).__name__}"


def _outcome(outcome: Outcome) -> Iterator[str]:
    if outcome.empty:
        return
    yield f"disposition: {outcome.disposition.value}"
    for finding in outcome.findings:
        yield from _finding(finding)
    for untold in outcome.cannot_tell:
        missing = ", ".join(untold.missing)
        yield f"cannot tell {untold.clause}: {untold.explanation}; missing {missing}"
    for decision in outcome.decisions:
        for action in decision.actions:
            yield (
                f"decision {decision.status.value} on {decision.account_id}: {action.power.value} "
                f"under {action.power_clause} for {action.ground}, {action.points} points, "
                f"{action.end.label} ({decision.rule})"
            )
    yield from (f"measure: {m.kind.value}, {m.reason}" for m in outcome.measures)
    yield from (f"case {case.status.value}: {case.reason}" for case in outcome.cases)
    yield from (f"refused: {error}" for error in outcome.errors)
    yield from (f"decided again: {fact_id}" for fact_id in outcome.amendments)


def _finding(finding: Finding) -> Iterator[str]:
    attested = f", attested {finding.attested.label}" if finding.attested is not None else ""
    category = f" [{finding.category}]" if finding.category else ""
    yield (
        f"finding {finding.clause}{category} {finding.confidence:.2f}{attested}, "
        f"{finding.severity.value}: {finding.explanation}"
    )
    yield from (f"  {e.bearing.value} {e.kind}: {e.sentence}" for e in finding.evidence)
