"""The user content check: 5.4–5.7, 3.6, and what texts say about 3.2, 4.3 and 12.6.

Reads content handed in, labels that people and outside models give, links that were followed,
and claims of rights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from policyenforce.checks.context import Context
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
from policyenforce.checks.user_content.voice import NAME, VERSION, Answer, finding, target_of
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


def labelled(fact: ContentLabelled, context: Context) -> Iterator[Answer]:
    """A person who is sure attests belief; a model, or a person in doubt, gives a confidence.

    FACT takes more than a label: somebody confirms the finding under their role.
    """
    if not fact.breach:
        return
    by_person = fact.labeller is Labeller.PERSON
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
        target=target_of(fact.content_id, fact.revision),
        category=fact.category,
        severity=fact.severity,
        attested=Standard.BELIEF if sure else None,
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


CHECKS = (Check(NAME, VERSION, tuple(_RUNS), _run, _asks),)
