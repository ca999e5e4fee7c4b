"""The classifier on what the rules have not decided: scores become hits like those of the packs.

A score is a finding from the house's number on, is never surer than the house's ``most``, and is
left out where a rule of the same category has spoken. What it cannot read adds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from policyenforce.checks.user_content.classifier.protocol import (
    HEADS,
    Classifier,
    Explaining,
    Scores,
)
from policyenforce.checks.user_content.hits import Hit
from policyenforce.model.evidence import Span
from policyenforce.model.findings import Severity
from policyenforce.policy.sections import ClassifierRules, ClassifierUse
from policyenforce.terms.references import ClauseRef

_MEANS = {
    "toxic": (ClauseRef.parse("5.5(c)"), "threats_and_harassment", Severity.MINOR),
    "hate": (ClauseRef.parse("5.5(d)"), "discrimination", Severity.SERIOUS),
    "sexual": (ClauseRef.parse("5.5(c)"), "obscene_and_sexual", Severity.MINOR),
    "spam": (ClauseRef.parse("5.6(f)"), "spam", Severity.MINOR),
}
_NOTE = "a score, not a rule; English only"
_DIGITS = 4  # so that a finding is the same on every machine
_BETWEEN = "\n"  # the fields of a text, as the classifier reads them

Texts = Mapping[str, str]


def judged(
    items: Sequence[Texts],
    hits: Sequence[tuple[Hit, ...]],
    house: ClassifierRules,
    *,
    classifier: Classifier | None = None,
    disabled: Sequence[str] = (),
) -> list[tuple[Hit, ...]]:
    """The hits of each item, and after them those of the classifier, when the house uses it.

    ``hits`` are the rules' for the same items; ``disabled`` are categories that are not used.
    The shipped classifier is taken unless another is given.

    >>> from policyenforce.policy.sections import ClassifierUse
    >>> wanted = ClassifierRules(ClassifierUse.UNDECIDED)
    >>> [[hit]] = judged([{"text": "such a useless lying clown, drop dead"}], [()], wanted)
    >>> hit.category, hit.confidence
    ('threats_and_harassment', 0.8)
    """
    if house.use is ClassifierUse.NEVER or not items:
        return list(hits)
    model = classifier or _shipped()
    read = model.scores([_BETWEEN.join(texts.values()) for texts in items])
    answers = []
    for texts, found, scores in zip(items, hits, read, strict=True):
        spoken = {hit.category for hit in found} | set(disabled)
        sure = _sure(scores, house, spoken) if scores else ()
        added = (_hit(head, min(score, house.most), texts, model) for head, score in sure)
        answers.append((*found, *added))
    return answers


def _sure(scores: Scores, house: ClassifierRules, spoken: set[str]) -> Iterator[tuple[str, float]]:
    """The heads that are a finding by the house's numbers, of categories not spoken of yet."""
    for head in HEADS:
        score = round(scores.of(head), _DIGITS)
        if score >= getattr(house, head) and _MEANS[head][1] not in spoken:
            yield head, score


@cache
def _shipped() -> Classifier:
    from policyenforce.checks.user_content.classifier.linear import shipped_classifier

    return shipped_classifier()


def _hit(head: str, confidence: float, texts: Texts, model: Classifier) -> Hit:
    clause, category, severity = _MEANS[head]
    spans = tuple(_spans(head, texts, model)) or tuple(
        Span(name, 0, len(text)) for name, text in texts.items() if text
    )
    name = f"{model.name} {model.version}"
    return Hit(clause, category, confidence, severity, name, spans, (_NOTE,), by_model=True)


def _spans(head: str, texts: Texts, model: Classifier) -> Iterator[Span]:
    """Where the n-grams that decided stand, for a classifier that can tell."""
    if not isinstance(model, Explaining):
        return
    reasons = model.reasons(_BETWEEN.join(texts.values()), head)
    first = 0
    for name, text in texts.items():
        for reason in sorted(reasons, key=lambda one: one.start):
            start, end = max(reason.start - first, 0), min(reason.end - first, len(text))
            if start < end:
                yield Span(name, start, end)
        first += len(text) + len(_BETWEEN)
