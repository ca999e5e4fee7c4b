"""What a check answers: a ``Finding``, a ``CannotTell``, or nothing at all, which is "clear"."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from enum import Enum

from attrs import frozen

from policyenforce.errors import FactError
from policyenforce.model.evidence import Bearing, Evidence
from policyenforce.terms.gates import Standard, Trigger
from policyenforce.terms.references import ClauseRef


class Severity(str, Enum):
    """How grave a breach of the clause would be here; house rules turn it into points."""

    MINOR = "minor"
    SERIOUS = "serious"
    GRAVE = "grave"


@frozen
class Finding:
    """A clause that a check sees engaged, how sure it is, and why; it holds no house rule.

    ``confidence`` is 0–1. ``attested`` is the standard that a person or a record states, or
    None where only the confidence speaks. ``target`` is what the finding is about (a content
    revision ``content-3@2``, an order, a request, another account): a precedent on the same
    clause and target keeps it from returning. ``triggers`` are those the facts have met.
    """

    id: str
    clause: ClauseRef
    subject: str
    confidence: float
    explanation: str
    check: str
    check_version: int
    fact_ids: tuple[str, ...]
    evidence: tuple[Evidence, ...] = ()
    attested: Standard | None = None
    severity: Severity = Severity.MINOR
    category: str | None = None
    target: str | None = None
    triggers: tuple[Trigger, ...] = ()
    conduct_at: datetime | None = None  # stamped by the evaluation: when the conduct was
    told_by_person: bool = False  # likewise: whether a person saw it, and no machine
    site: str | None = None  # likewise: where the conduct was
    service: str | None = None

    @property
    def incriminating(self) -> tuple[Evidence, ...]:
        """The evidence that speaks against the Member."""
        return tuple(e for e in self.evidence if e.bearing is Bearing.INCRIMINATING)


@frozen
class CannotTell:
    """A check's third answer: the clause, and which facts are missing."""

    clause: ClauseRef
    subject: str
    missing: tuple[str, ...]
    explanation: str = ""
    check: str = ""
    target: str | None = None


def found(
    clause: str,
    *,
    subject: str,
    confidence: float,
    explanation: str,
    check: str,
    version: int,
    fact_ids: Iterable[str],
    evidence: Iterable[Evidence] = (),
    attested: Standard | None = None,
    severity: Severity = Severity.MINOR,
    category: str | None = None,
    target: str | None = None,
    triggers: Iterable[Trigger] = (),
) -> Finding:
    """A finding whose id is a digest of its inputs: the same facts give the same id.

    Raises FactError when the confidence lies outside 0–1.

    >>> found("4.3/s3", subject="a-1", confidence=0.9, explanation="…", check="sharing",
    ...       version=1, fact_ids=["f-1"]).id
    'f-a35d46b2eec725aa'
    """
    if not 0.0 <= confidence <= 1.0:
        raise FactError(f"confidence {confidence} lies outside 0 to 1", where=check)
    ids = tuple(fact_ids)
    inputs = "\x1f".join(
        (check, str(version), clause, subject, category or "", target or "", *sorted(ids))
    )
    digest = hashlib.sha256(inputs.encode()).hexdigest()[:16]
    return Finding(
        id=f"f-{digest}",
        clause=ClauseRef.parse(clause),
        subject=subject,
        confidence=confidence,
        explanation=explanation,
        check=check,
        check_version=version,
        fact_ids=ids,
        evidence=tuple(evidence),
        attested=attested,
        severity=severity,
        category=category,
        target=target,
        triggers=tuple(triggers),
    )
