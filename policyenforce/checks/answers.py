"""``Answers``: how a check words its findings and its cannot-tells about one fact."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from policyenforce.model.evidence import Bearing, Evidence
from policyenforce.model.fact import Fact
from policyenforce.model.findings import CannotTell, Finding, Severity, found
from policyenforce.terms.gates import Standard, Trigger
from policyenforce.terms.references import ClauseRef

Answer = Finding | CannotTell


@frozen
class Answers:
    """The voice of one check, of one version: every answer names it, the fact and its subject.

    >>> from datetime import UTC, datetime
    >>> from policyenforce.model.facts.registration import AccountClosed
    >>> fact = AccountClosed(id="f-1", at=datetime(2019, 10, 4, tzinfo=UTC), account_id="a-1")
    >>> answer = Answers("conduct", 1).cannot_tell(fact, "3.6", ("rating",), "no stars were given")
    >>> answer.subject, answer.clause, answer.missing
    ('a-1', ClauseRef('3.6'), ('rating',))
    """

    check: str
    version: int

    def finding(
        self,
        fact: Fact,
        clause: str,
        confidence: float,
        explanation: str,
        evidence: Iterable[Evidence],
        *,
        attested: Standard | None = None,
        severity: Severity = Severity.MINOR,
        target: str | None = None,
        triggers: Iterable[Trigger] = (),
        subject: str | None = None,
    ) -> Finding:
        """A finding that rests on the fact in hand and on those its evidence names.

        ``subject`` is the account it is about, by default whom the fact names.
        """
        evidence = tuple(evidence)
        named = (fact_id for item in evidence for fact_id in item.fact_ids)
        return found(
            clause,
            subject=subject or _subject(fact),
            confidence=confidence,
            explanation=explanation,
            check=self.check,
            version=self.version,
            fact_ids=dict.fromkeys((fact.id, *named)),
            evidence=evidence,
            attested=attested,
            severity=severity,
            target=target,
            triggers=triggers,
        )

    def cannot_tell(
        self,
        fact: Fact,
        clause: str,
        missing: Iterable[str],
        explanation: str,
        *,
        target: str | None = None,
    ) -> CannotTell:
        """That the clause cannot be judged, and by which facts or fields it could."""
        ref = ClauseRef.parse(clause)
        return CannotTell(ref, _subject(fact), tuple(missing), explanation, self.check, target)


def _subject(fact: Fact) -> str:
    return fact.named or "house"


def against(kind: str, sentence: str, *facts: Fact) -> Evidence:
    """Evidence against the Member, resting on these facts."""
    return Evidence(kind, sentence, fact_ids=_ids(facts))


def in_favour(kind: str, sentence: str, *facts: Fact) -> Evidence:
    """Evidence that makes a breach weigh less, resting on these facts."""
    return Evidence(kind, sentence, fact_ids=_ids(facts), bearing=Bearing.MITIGATING)


def contrary(kind: str, sentence: str, *facts: Fact) -> Evidence:
    """Evidence that there was no breach at all, resting on these facts."""
    return Evidence(kind, sentence, fact_ids=_ids(facts), bearing=Bearing.COUNTER)


def _ids(facts: Iterable[Fact]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact.id for fact in facts))
