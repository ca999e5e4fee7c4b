"""What clears a Member after a decision: a complaint rejected, a claim dismissed, a doubt answered.

What was decided on it is spared until a person has looked, and what is only proposed on it says so
to whoever looks; nothing falls by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from attrs import evolve

from policyenforce.discipline.acting import Act
from policyenforce.discipline.cases import case_for
from policyenforce.discipline.falling import dependents, spared
from policyenforce.discipline.setting import Setting
from policyenforce.model.decisions import Decision, Status
from policyenforce.model.fact import Fact
from policyenforce.model.facts.content import (
    RightsClaimDecided,
    RightsClaimed,
    RightsClaimWithdrawn,
)
from policyenforce.model.facts.dealings import (
    ComplaintResolved,
    InformationChallenged,
    InformationVerified,
    Resolution,
)
from policyenforce.model.facts.registration import DetailsAmended
from policyenforce.model.questions import Question

_DOUBTS = 500  # how far back a check of information looks for the doubts it answers


def basis_told(fact: Fact) -> tuple[Question, ...]:
    """The question for the facts that this one may clear the Member of."""
    match fact:
        case ComplaintResolved(complaint_id=complaint):
            return (Question("complaint", complaint, of=("complaint_received",)),)
        case InformationVerified(account_id=account):
            doubts = (InformationChallenged.tag, DetailsAmended.tag)
            return (Question("stream", account, of=doubts, limit=_DOUBTS),)
        case RightsClaimDecided(claim_id=claim) | RightsClaimWithdrawn(claim_id=claim):
            steps = (RightsClaimed.tag, RightsClaimDecided.tag)
            return (Question("claim", claim, of=steps),)
        case _:
            return ()


def cleared(fact: Fact, told: Sequence[Fact], setting: Setting) -> Act:
    """What was decided on a basis that this fact takes away is spared for a person.

    ``told`` answers ``basis_told``. That a claim was upheld is not undone by its being withdrawn.
    """
    match fact:
        case ComplaintResolved(resolution=Resolution.REJECTED):
            return _taken_away(told, "complaint", "rejected", setting)
        case InformationVerified(true=True, topic=topic):
            return _taken_away(_doubts(told, topic), "doubt", "answered by a check", setting)
        case RightsClaimDecided(upheld=False):
            return _taken_away(told, "claim", "dismissed", setting)
        case RightsClaimWithdrawn():
            if any(isinstance(past, RightsClaimDecided) and past.upheld for past in told):
                return Act()
            return _taken_away(told, "claim", "withdrawn", setting)
        case _:
            return Act()


def spare(doubtful: Callable[[Decision], bool], reason: str, why: str, setting: Setting) -> Act:
    """The decisions in doubt are spared, for ``reason``; ``why`` is told to who looks at them."""
    changed = tuple(
        spared(decision, reason)
        for decision in setting.history.decisions
        if decision.in_force and doubtful(decision)
    )
    everything = (*changed, *dependents(changed, setting))
    if not everything:
        return Act()
    case = case_for(setting, (), everything, why)
    return Act(decisions=everything, cases=(case,) if case else ())


def _doubts(told: Iterable[Fact], topic: str) -> list[Fact]:
    """The doubts about what still reads as it did; what was amended since had its cause."""
    found: list[Fact] = []
    for past in told:
        if isinstance(past, DetailsAmended) and topic in past.changed:
            found.clear()
        elif isinstance(past, InformationChallenged) and past.topic == topic:
            found.append(past)
    return found


def _taken_away(basis: Iterable[Fact], what: str, how: str, setting: Setting) -> Act:
    taken = {fact.id for fact in basis}

    def rests(decision: Decision) -> bool:
        return any(not g.fallen and taken.intersection(g.fact_ids) for g in decision.grounds)

    reason = f"the {what} it rests on was {how}"
    act = spare(rests, reason, f"a {what} that was decided on has been {how}", setting)
    done = {decision.id for decision in act.decisions}
    waiting = (d for d in setting.history.decisions if d.status is Status.PROPOSED and rests(d))
    told = (
        evolve(decision, revision=decision.revision + 1, reason=reason)
        for decision in waiting
        if decision.id not in done
    )
    return evolve(act, decisions=(*act.decisions, *told))
