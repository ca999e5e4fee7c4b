"""Content handed in: what the screen sees in it, under which clauses, and what it cannot read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from policyenforce.checks.context import Context
from policyenforce.checks.user_content.hits import Hit
from policyenforce.checks.user_content.judged import judged
from policyenforce.checks.user_content.links import LINK_HINT, Link
from policyenforce.checks.user_content.packs import shipped_packs
from policyenforce.checks.user_content.resolved import chain_answers, leads_from
from policyenforce.checks.user_content.screen import Screen
from policyenforce.checks.user_content.voice import Answer, cannot_tell, finding
from policyenforce.model.evidence import Evidence
from policyenforce.model.facts.content import (
    Content,
    ContentRevised,
    ContentSubmitted,
    LinkResolved,
)
from policyenforce.model.findings import Finding, Severity
from policyenforce.model.questions import Question
from policyenforce.policy.rules import HouseRules
from policyenforce.policy.sections import ContentRules
from policyenforce.terms.references import ClauseRef

HandedIn = ContentSubmitted | ContentRevised
_GRAVITY = {severity: rank for rank, severity in enumerate(Severity)}


@lru_cache(maxsize=16)
def screen_of(house: ContentRules) -> Screen:
    """The screen a house's rules ask for, compiled once for each set of rules."""
    packs = [pack.without(house.disabled_categories) for pack in shipped_packs()]
    return Screen(
        *packs,
        brands=house.brands,
        block_hosts=house.block_hosts,
        allow_hosts=house.allow_hosts,
        limit=house.text_limit,
    )


def texts_of(content: Content) -> dict[str, str]:
    """The texts of a revision by field name; a free field never hides title or description."""
    named = {"title": content.title, "description": content.description}
    texts = {name: text for name, text in named.items() if text is not None}
    for name, text in content.fields.items():
        texts[f"fields.{name}" if name in named else name] = text
    return texts


def as_row(hit: Hit, rules: HouseRules) -> dict[str, Any]:
    """A hit as the command and the tables tell it, with the standard that the house gives it."""
    return {
        "clause": str(hit.clause),
        "category": hit.category,
        "confidence": round(hit.confidence, 4),
        "standard": rules.standard_of(hit.clause, hit.category, hit.confidence).label,
        "severity": hit.severity.value,
        "rule": hit.rule,
        "spans": [[span.field, span.start, span.end] for span in hit.spans],
    }


def asks_links(fact: HandedIn, rules: HouseRules) -> Iterable[Question]:
    """Where its links lead, when it may hold some and somebody has followed them before."""
    if any(LINK_HINT.search(text) for text in texts_of(fact.content).values()):
        yield Question("content", fact.content.content_id, of=(LinkResolved.tag,))


def read(fact: HandedIn, context: Context) -> Iterator[Answer]:
    """Findings by clause and category, then what cannot be told: languages, hidden links."""
    content, screen = fact.content, screen_of(context.rules.content)
    texts = texts_of(content)
    house = context.rules.content
    [hits] = judged(
        [texts], [screen.texts(texts)], house.classifier, disabled=house.disabled_categories
    )
    yield from _findings(fact, hits)
    for language in screen.uncovered(texts, content.language):
        yield cannot_tell(
            fact,
            "5.5(c)",
            f"language pack `{language[:20]}`",
            "the text is in a language that no rule pack covers",
            content.target,
        )
    yield from _links(fact, context, screen, texts)


def _findings(fact: HandedIn, hits: Iterable[Hit]) -> Iterator[Finding]:
    groups: dict[tuple[ClauseRef, str], list[Hit]] = {}
    for hit in hits:
        groups.setdefault((hit.clause, hit.category), []).append(hit)
    for (clause, category), group in groups.items():
        yield finding(
            fact,
            clause.text,
            max(hit.confidence for hit in group),
            f"The text falls under the category {category.replace('_', ' ')}.",
            [_evidence(hit, fact.id) for hit in group],
            target=fact.content.target,
            category=category,
            severity=max((hit.severity for hit in group), key=_GRAVITY.__getitem__),
        )


def _evidence(hit: Hit, fact_id: str) -> Evidence:
    fields = ", ".join(dict.fromkeys(span.field for span in hit.spans))
    read = f" ({'; '.join(hit.notes)})" if hit.notes else ""
    places = "one place" if len(hit.spans) == 1 else f"{len(hit.spans)} places"
    who = f"Model {hit.rule} points" if hit.by_model else f"Rule {hit.rule} holds"
    return Evidence(
        "model_score" if hit.by_model else "rule_hit",
        f"{who} {'to' if hit.by_model else 'at'} {places} in {fields}{read}.",
        points=round(hit.confidence * 100),
        fact_ids=(fact_id,),
        spans=hit.spans,
    )


def _links(
    fact: HandedIn, context: Context, screen: Screen, texts: Mapping[str, str]
) -> Iterator[Answer]:
    unresolved = screen.unresolved(texts)
    if not unresolved:
        return
    followed = [
        f
        for question in asks_links(fact, context.rules)
        for f in context.facts(question, LinkResolved)
    ]
    hidden: list[Link] = []
    for _, link in unresolved:
        known = next((f for f in reversed(followed) if leads_from(link, f)), None)
        if known is None:
            hidden.append(link)
        else:
            yield from chain_answers(fact, known, context, screen, fact.content.target)
    if hidden:
        hosts = ", ".join(dict.fromkeys(link.host for link in hidden))
        yield cannot_tell(
            fact,
            "5.5(g)",
            LinkResolved.tag,
            f"where links at {hosts} lead is not known",
            fact.content.target,
        )
