"""``Hit``: what a screen answers, and the gathering of spans that leads to it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from attrs import frozen

from policyenforce.checks.user_content.packs import Rule
from policyenforce.model.evidence import Span
from policyenforce.model.findings import Severity
from policyenforce.terms.references import ClauseRef

_GRAVITY = {severity: rank for rank, severity in enumerate(Severity)}


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
    by_model: bool = False


@frozen
class Seen:
    """One place where a rule holds."""

    rule: Rule
    span: Span
    confidence: float
    notes: tuple[str, ...] = ()


def hits_of(seen: Iterable[Seen]) -> tuple[Hit, ...]:
    """One hit for each rule, by its id: its outermost spans, its highest confidence.

    A rule that only sees what a surer one of its clause and category sees anyway is left out.
    """
    by_rule: dict[str, list[Seen]] = {}
    for one in seen:
        by_rule.setdefault(one.rule.id, []).append(one)
    hits = [_hit(places[0].rule, places) for _, places in sorted(by_rule.items())]
    return tuple(hit for hit in hits if not any(_repeats(hit, other) for other in hits))


def _repeats(hit: Hit, other: Hit) -> bool:
    """True when every place of a hit lies inside a place of a surer hit that says the same."""
    # INVARIANT: neither confidence nor severity of a clause and category ever falls by this.
    return (
        hit.rule != other.rule
        and (hit.clause, hit.category) == (other.clause, other.category)
        and hit.confidence < other.confidence
        and _GRAVITY[hit.severity] <= _GRAVITY[other.severity]
        and _all_inside(hit.spans, other.spans)
    )


def _all_inside(spans: Iterable[Span], wider: Sequence[Span]) -> bool:
    """True where each span lies inside one of the wider, which are outermost and in order.

    Of these one that begins later ends later, so only the last that begins before a span matters.
    """
    begins = [(one.field, one.start) for one in wider]
    for span in spans:
        place = bisect_right(begins, (span.field, span.start)) - 1
        if place < 0 or not _inside(span, wider[place]):
            return False
    return True


def _inside(span: Span, wider: Span) -> bool:
    return span.field == wider.field and wider.start <= span.start and span.end <= wider.end


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
        if not (kept and _inside(span, kept[-1])):
            kept.append(span)
    return tuple(kept)
