"""Claims of third parties' rights: a claim is suspicion, a decision is fact (5.4(b))."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policyenforce.checks.context import Context
from policyenforce.checks.user_content.voice import (
    RIGHTS,
    Answer,
    cannot_tell,
    finding,
    target_of,
)
from policyenforce.model.evidence import Bearing, Evidence
from policyenforce.model.facts.content import (
    RightsClaimAnswered,
    RightsClaimDecided,
    RightsClaimed,
    RightsClaimWithdrawn,
)
from policyenforce.model.questions import Question
from policyenforce.policy.rules import HouseRules
from policyenforce.terms.gates import Standard

_CLAIMED = 0.4
_LICENCE_SHOWN = 0.1
_HISTORY = (RightsClaimed, RightsClaimAnswered, RightsClaimWithdrawn, RightsClaimDecided)

Step = RightsClaimAnswered | RightsClaimDecided


def asks_claim(fact: Step, rules: HouseRules) -> Iterable[Question]:
    """What happened to the claim before."""
    yield Question("claim", fact.claim_id, of=tuple(kind.tag for kind in _HISTORY))


def claimed(fact: RightsClaimed, context: Context) -> Iterator[Answer]:
    """A claim alone: suspicion and never more."""
    yield finding(
        fact,
        "5.4(b)",
        _CLAIMED,
        "Somebody claims a right in the content; nothing is decided.",
        (_claim(fact),),
        target=target_of(fact.content_id, fact.revision),
        category=RIGHTS,
        attested=Standard.SUSPICION,
    )


def answered(fact: RightsClaimAnswered, context: Context) -> Iterator[Answer]:
    """A licence that was shown lowers the finding; without one the claim stands as it was."""
    claim, closed = _before(fact, context)
    if claim is None:
        yield _unknown(fact)
    elif fact.licensed and not closed:
        licence = Evidence(
            "licence_shown",
            "The Member answered the claim with a licence.",
            fact_ids=(fact.id,),
            bearing=Bearing.MITIGATING,
        )
        yield finding(
            fact,
            "5.4(b)",
            _LICENCE_SHOWN,
            "A right is claimed, and a licence was shown.",
            (_claim(claim), licence),
            target=target_of(claim.content_id, claim.revision),
            category=RIGHTS,
        )


def withdrawn(fact: RightsClaimWithdrawn, context: Context) -> Iterator[Answer]:
    """Nobody claims the right any more: clear."""
    return iter(())


def decided(fact: RightsClaimDecided, context: Context) -> Iterator[Answer]:
    """A claim upheld is a fact; one rejected leaves nothing."""
    claim, _ = _before(fact, context)
    if not fact.upheld:
        return
    if claim is None:
        yield _unknown(fact)
        return
    upheld = Evidence(
        "claim_upheld", "The claim was decided for the claimant.", fact_ids=(fact.id,)
    )
    yield finding(
        fact,
        "5.4(b)",
        1.0,
        "The content infringes a right of a third party.",
        (_claim(claim), upheld),
        target=target_of(claim.content_id, claim.revision),
        category=RIGHTS,
        attested=Standard.FACT,
    )


def _claim(claim: RightsClaimed) -> Evidence:
    # The owner and the claimant may be persons: the kind of right is named, they are not.
    return Evidence(
        "right_claimed", f"A right is claimed: {claim.right[:60]}.", fact_ids=(claim.id,)
    )


def _before(fact: Step, context: Context) -> tuple[RightsClaimed | None, bool]:
    """The claim, and whether it was withdrawn or decided before this fact."""
    history = [
        f
        for question in asks_claim(fact, context.rules)
        for f in context.facts(question, *_HISTORY)
    ]
    claim = next((f for f in reversed(history) if isinstance(f, RightsClaimed)), None)
    closed = any(isinstance(f, (RightsClaimWithdrawn, RightsClaimDecided)) for f in history)
    return claim, closed


def _unknown(fact: Step) -> Answer:
    return cannot_tell(
        fact, "5.4(b)", RightsClaimed.tag, "the claim itself is not known", fact.claim_id
    )
