"""The user content check: 5.4–5.7, 3.6, and what texts say about 3.2, 4.3 and 12.6.

Reads content handed in, labels that people and outside models give, links that were followed,
and claims of rights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from policyenforce.checks.context import Context
from policyenforce.checks.right_facts import right_fact, within
from policyenforce.checks.table import Check, asks_nothing
from policyenforce.checks.user_content.claims import (
    answered,
    asks_claim,
    claimed,
    decided,
    withdrawn,
)
from policyenforce.checks.user_content.reading import asks_links, read, screen_of
from policyenforce.checks.user_content.resolved import chain_answers
from policyenforce.checks.user_content.voice import (
    NAME,
    VERSION,
    Answer,
    cannot_tell,
    finding,
    target_of,
)
from policyenforce.errors import TermsError
from policyenforce.model.evidence import Evidence
from policyenforce.model.fact import Fact
from policyenforce.model.facts.content import (
    ContentLabelled,
    ContentRevised,
    ContentSubmitted,
    Labeller,
    LinkResolved,
    RightsClaimAnswered,
    RightsClaimDecided,
    RightsClaimed,
    RightsClaimWithdrawn,
)
from policyenforce.model.questions import Question
from policyenforce.policy.rules import HouseRules
from policyenforce.terms.gates import Standard

__all__ = ["CHECKS", "followed", "labelled"]

_AT_DISCRETION = ("6.1/limb2",)
_OF_CONTENT = (
    "3.6", "3.7", "4.3/s3", "5.4(a)", "5.4(b)", "5.4(c)", "5.5", "5.6(d)", "5.6(e)", "5.6(f)",
    "5.6(g)", "5.6(h)", "5.6(i)", "5.6(j)", "5.7", "5.8", "6.1", "12.6",
)  # fmt: skip
"""What a text or picture can be in breach of by itself."""


def labelled(fact: ContentLabelled, context: Context) -> Iterator[Answer]:
    """A person who is sure attests belief; a model, or a person in doubt, gives a confidence.

    FACT takes more than a label: somebody confirms the finding under their role.
    """
    if not fact.breach:
        return
    by_person = fact.labeller is Labeller.PERSON
    target = target_of(fact.content_id, fact.revision)
    if not _labels(fact.clause, context):
        yield _no_label(fact, target)
        return
    if within(fact.clause, _AT_DISCRETION) and not by_person:
        words = "only a person finds content inappropriate that breaks no other clause"
        yield cannot_tell(fact, fact.clause, "content_labelled.labeller", words, target)
        return
    who = "a person" if by_person else "an outside model"
    sure = by_person and fact.confidence >= 1.0
    yield finding(
        fact,
        fact.clause,
        fact.confidence,
        f"The content was labelled by {who}.",
        (
            Evidence(
                "label",
                f"Labelled by {who} at confidence {fact.confidence:.2f}.",
                points=round(fact.confidence * 100),
                fact_ids=(fact.id,),
            ),
        ),
        target=target,
        category=fact.category,
        severity=fact.severity,
        attested=Standard.BELIEF if sure else None,
    )


def _labels(clause: str, context: Context) -> bool:
    """True for one statement of these Terms that content can break; a chapter is none."""
    try:
        context.terms.statement(clause)
    except TermsError:
        return False
    return within(clause, _OF_CONTENT)


def _no_label(fact: ContentLabelled, target: str) -> Answer:
    # INVARIANT: a label is about content, and opens no door that asks for less than belief (T24).
    named = right_fact(fact.clause)
    right = None if named == fact.tag else named
    why = f"`{right}` tells of it" if right else "name one statement that content can break"
    missing = right or "content_labelled.clause"
    return cannot_tell(
        fact, fact.clause, missing, f"a label of content does not carry this: {why}", target
    )


def followed(fact: LinkResolved, context: Context) -> Iterator[Answer]:
    """A link was followed: what its chain says."""
    yield from chain_answers(
        fact,
        fact,
        context,
        screen_of(context.rules.content),
        target_of(fact.content_id, fact.revision),
    )


_RUNS: dict[type[Fact], Callable[[Any, Context], Iterator[Answer]]] = {
    ContentSubmitted: read,
    ContentRevised: read,
    ContentLabelled: labelled,
    LinkResolved: followed,
    RightsClaimed: claimed,
    RightsClaimAnswered: answered,
    RightsClaimWithdrawn: withdrawn,
    RightsClaimDecided: decided,
}
_ASKS: dict[type[Fact], Callable[[Any, HouseRules], Iterable[Question]]] = {
    ContentSubmitted: asks_links,
    ContentRevised: asks_links,
    RightsClaimAnswered: asks_claim,
    RightsClaimDecided: asks_claim,
}


def _run(fact: Fact, context: Context) -> Iterator[Answer]:
    return _RUNS[type(fact)](fact, context)


def _asks(fact: Fact, rules: HouseRules) -> Iterable[Question]:
    return _ASKS.get(type(fact), asks_nothing)(fact, rules)


def _ready(kind: type[Fact], rules: HouseRules) -> None:
    if _RUNS[kind] is read:
        screen_of(rules.content).ready()


CHECKS = (Check(NAME, VERSION, tuple(_RUNS), _run, _asks, ready=_ready),)
