"""``Hit``: what a screen answers, and the gathering of spans that leads to it."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from policyenforce.checks.user_content.packs import Rule
from policyenforce.model.evidence import Span
from policyenforce.model.findings import Severity
from policyenforce.terms.references import ClauseRef


@frozen
class Hit:
    """One rule's finding in one piece of content.

    ``confidence`` (0–1) is what the surroundings left of the rule's weight; ``spans`` are code
    points of the original fields; ``notes`` say what was read in the surroundings.
    """

    clause: ClauseRef
    category: str
    confidence: float
    severity: Severity
    rule: str
    spans: tuple[Span, ...]
    notes: tuple[str, ...] = ()


@frozen
class Seen:
    """One place where a rule holds."""

    rule: Rule
    span: Span
    confidence: float
    notes: tuple[str, ...] = ()


def hits_of(seen: Iterable[Seen]) -> tuple[Hit, ...]:
    """One hit for each rule, by its id: its outermost spans, its highest confidence."""
    by_rule: dict[str, list[Seen]] = {}
    for one in seen:
        by_rule.setdefault(one.rule.id, []).append(one)
    return tuple(_hit(places[0].rule, places) for _, places in sorted(by_rule.items()))


def _hit(rule: Rule, places: list[Seen]) -> Hit:
    return Hit(
        rule.clause,
        rule.category,
        max(place.confidence for place in places),
        rule.severity,
        rule.id,
        _outermost({place.span for place in places}),
        tuple(dict.fromkeys(note for place in places for note in place.notes)),
    )


def _outermost(spans: set[Span]) -> tuple[Span, ...]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.field, s.start, -s.end)):
        inside = kept and kept[-1].field == span.field and span.end <= kept[-1].end
        if not inside:
            kept.append(span)
    return tuple(kept)
