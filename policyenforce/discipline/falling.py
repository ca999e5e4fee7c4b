"""When a ground falls: its actions fall with it, and what needed its points is stayed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from attrs import evolve

from policyenforce.discipline.actions import CONTENT_POWERS
from policyenforce.discipline.ladder import cheaper, in_turn, points_at, points_given
from policyenforce.discipline.setting import Setting
from policyenforce.model.decisions import (
    Decision,
    DisciplinaryAction,
    Ground,
    Status,
    grounds_under,
)
from policyenforce.model.facts.procedure import Actor
from policyenforce.model.outcome import History, Precedent

_NOT_BINDING = (Status.PROPOSED, Status.STAYED)
LIVE = (Status.PROPOSED, Status.IN_FORCE, Status.AMENDED, Status.STAYED)


def without_grounds(
    decision: Decision, falls: Callable[[Ground], bool], actor: Actor | None, reason: str
) -> Decision:
    """The decision after some of its grounds fell; overturned when no action is left.

    INVARIANT: an action falls with its last ground.
    """
    grounds = tuple(evolve(g, fallen=True) if falls(g) else g for g in decision.grounds)
    if grounds == decision.grounds:
        return decision
    standing = [ground for ground in grounds if not ground.fallen]
    actions = tuple(a for a in decision.actions if any(grounds_under(a, standing, decision.terms)))
    if not actions:
        return evolve(
            decision,
            grounds=grounds,
            status=Status.OVERTURNED,
            revision=decision.revision + 1,
            actor=actor or decision.actor,
            reason=reason,
        )
    return with_actions(
        decision,
        actions,
        grounds=grounds,
        status=decision.status if decision.status in _NOT_BINDING else Status.AMENDED,
        revision=decision.revision + 1,
        reason=reason,
    )


def with_actions(
    decision: Decision, actions: tuple[DisciplinaryAction, ...], **changes: Any
) -> Decision:
    """The decision with these actions in place of its own, and their points counted."""
    after = decision.points_before + sum(action.points for action in actions)
    return evolve(decision, actions=actions, points_after=after, **changes)


def precedents_of(decision: Decision, falls: Callable[[Ground], bool]) -> tuple[Precedent, ...]:
    """What an overturned ground forbids to find again without evidence of a new kind."""
    return tuple(
        Precedent(
            clause=ground.clause,
            target=ground.target,
            kinds=tuple(e.kind for e in ground.incriminating),
            source_id=decision.id,
        )
        for ground in decision.grounds
        if falls(ground)
    )


def siblings(
    precedents: Sequence[Precedent], fallen: Sequence[Decision], setting: Setting, actor: Actor
) -> tuple[Decision, ...]:
    """Other live decisions of the User with a ground on what these precedents answer.

    A ground that rests on no other kind of evidence falls with them. One that does is in doubt:
    its actions are stayed until a person has decided.
    """
    fell = {decision.id for decision in fallen}
    return tuple(
        after
        for decision in setting.history.decisions
        if decision.id not in fell
        and decision.status in LIVE
        and (after := _answered(decision, precedents, actor)) is not decision
    )


def _answered(decision: Decision, precedents: Sequence[Precedent], actor: Actor) -> Decision:
    def refuted(ground: Ground) -> bool:
        return not ground.fallen and any(p.bars(ground) for p in precedents)

    def doubtful(ground: Ground) -> bool:
        return any(p.concerns(ground) for p in precedents)

    sources = ", ".join(sorted({p.source_id for p in precedents}))
    after = without_grounds(decision, refuted, actor, f"the same fell in {sources}")
    return _in_doubt(after, doubtful, f"says the same as what fell in {sources}")


def _in_doubt(decision: Decision, doubtful: Callable[[Ground], bool], reason: str) -> Decision:
    """The decision with the actions stayed that rest on doubtful grounds alone.

    Points count no more; they come back with the decision that is stayed as a whole.
    """
    firm = [g for g in decision.grounds if not g.fallen and not doubtful(g)]
    rests = [any(grounds_under(a, firm, decision.terms)) for a in decision.actions]
    waits = decision.status is Status.PROPOSED or decision.status not in LIVE
    if waits or all(rests):
        return decision
    actions = tuple(
        a if stands else evolve(a, stayed=True, points=a.points if not any(rests) else 0)
        for a, stands in zip(decision.actions, rests, strict=True)
    )
    status = Status.STAYED if all(a.stayed for a in actions) else Status.AMENDED
    return with_actions(
        decision, actions, status=status, revision=decision.revision + 1, reason=reason
    )


def dependents(changed: Sequence[Decision], setting: Setting) -> tuple[Decision, ...]:
    """Other decisions that needed points which have just fallen, earliest first.

    Where the record made a breach dearer it costs no more than without what fell. The actions of
    a rung that is not reached any more are stayed at once; a person then decides on them. Points
    of a decision that is stayed as a whole fall as well. A rung that is only proposed goes on
    waiting, and says that its points fell.
    """
    history = with_decisions(setting.history, changed)
    fell = {decision.id for decision in changed}
    names = ", ".join(sorted(fell))
    found: list[Decision] = []
    for decision in in_turn(history):
        if decision.id in fell:
            continue
        if decision.status is Status.PROPOSED and _lacks_points(decision, history, setting):
            before = points_at(history, setting.rules, decision.conduct_at)
            if before < decision.points_before:
                found.append(_still_proposed(decision, before, names))
        if not decision.in_force:
            continue
        after = cheaper(decision, history, setting.rules)
        history = with_decisions(history, (after,))
        if _lacks_points(after, history, setting):
            after = stayed(after, f"rested on points of {names}, which fell")
        elif after is not decision:
            after = _amended(after, f"cost more for {names}, which fell")
        else:
            continue
        history = with_decisions(history, (after,))
        found.append(after)
    return tuple(found)


def _amended(decision: Decision, reason: str) -> Decision:
    revision = decision.revision + 1
    return evolve(decision, status=Status.AMENDED, revision=revision, reason=reason)


def _still_proposed(decision: Decision, before: int, fell: str) -> Decision:
    return evolve(
        decision,
        points_before=before,
        points_after=before + decision.points,
        revision=decision.revision + 1,
        reason=f"rested on points of {fell}, which fell",
    )


def stayed(decision: Decision, reason: str) -> Decision:
    """The decision with the actions of its rung stayed; stayed as a whole when none is left."""
    actions = tuple(evolve(a, stayed=a.stayed or a.rung is not None) for a in decision.actions)
    status = Status.STAYED if all(a.stayed for a in actions) else Status.AMENDED
    return evolve(
        decision, actions=actions, status=status, revision=decision.revision + 1, reason=reason
    )


def spared(decision: Decision, reason: str) -> Decision:
    """A decision in doubt: content stays down, nothing else binds, nothing scores.

    So it stays until a person says otherwise.
    """
    content = any(a.power in CONTENT_POWERS for a in decision.actions)
    return with_actions(
        decision,
        tuple(
            evolve(
                a,
                stayed=a.stayed or a.power not in CONTENT_POWERS,
                points=0 if content else a.points,
            )
            for a in decision.actions
        ),
        status=Status.AMENDED if content else Status.STAYED,
        revision=decision.revision + 1,
        reason=reason,
    )


def with_decisions(history: History, changed: Sequence[Decision]) -> History:
    """The history with these decisions in place of their older revisions."""
    newer = {d.id: d for d in changed}
    kept = tuple(newer.pop(d.id, d) for d in history.decisions)
    return evolve(history, decisions=(*kept, *newer.values()))


def _lacks_points(decision: Decision, history: History, setting: Setting) -> bool:
    rungs = {a.rung for a in decision.actions if a.rung is not None and not a.stayed}
    floors = {setting.rules.floor_for(g.clause, g.severity) for g in decision.grounds}
    needed = [
        rung.points for rung in setting.rules.ladder if rung.name in rungs and rung not in floors
    ]
    if not needed:
        return False
    given = [g for g in points_given(history) if g[0] <= decision.conduct_at]
    return setting.rules.points_in_force(given, decision.conduct_at) < max(needed)
