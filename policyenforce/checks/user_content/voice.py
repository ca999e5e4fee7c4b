"""How this check words its answers: its name, its version, the fact and what it is about."""

from __future__ import annotations

from collections.abc import Iterable

from policyenforce.model.evidence import Evidence
from policyenforce.model.fact import Fact
from policyenforce.model.findings import CannotTell, Finding, Severity, found
from policyenforce.terms.gates import Standard
from policyenforce.terms.references import ClauseRef

NAME, VERSION = "user_content", 3
LINKS, RIGHTS = "links", "rights"
"""The categories of findings that no rule pack makes."""

Answer = Finding | CannotTell


def finding(
    fact: Fact,
    clause: str,
    confidence: float,
    explanation: str,
    evidence: Iterable[Evidence],
    *,
    target: str,
    category: str | None = None,
    severity: Severity = Severity.SERIOUS,
    attested: Standard | None = None,
) -> Finding:
    """A finding about one revision of content; rests on the fact and those its evidence names."""
    evidence = tuple(evidence)
    named = (fact_id for item in evidence for fact_id in item.fact_ids)
    return found(
        clause,
        subject=fact.named or "house",
        confidence=confidence,
        explanation=explanation,
        check=NAME,
        version=VERSION,
        fact_ids=dict.fromkeys((fact.id, *named)),
        evidence=evidence,
        attested=attested,
        severity=severity,
        category=category,
        target=target,
    )


def cannot_tell(fact: Fact, clause: str, missing: str, explanation: str, target: str) -> CannotTell:
    """That the clause cannot be judged until something named is there."""
    return CannotTell(
        ClauseRef.parse(clause), fact.named or "house", (missing,), explanation, NAME, target
    )


def target_of(content_id: str, revision: int) -> str:
    """The name of a revision, ``content-3@2``."""
    return f"{content_id}@{revision}"
