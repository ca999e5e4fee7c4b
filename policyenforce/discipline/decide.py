"""From findings to decisions: what the house does with what the checks saw.

Findings that pass the gate of a power become grounds; grounds get the responses of their
clause and climb the ladder; what passes no gate waits for a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from attrs import evolve, frozen

from policyenforce.discipline.actions import action_from, distinct
from policyenforce.discipline.answers import Step, climb, needs_person
from policyenforce.discipline.grounds import (
    Established,
    barred,
    established,
    gravity,
    vouched_for,
)
from policyenforce.discipline.ladder import gravest, points_at, price_of, to_score
from policyenforce.discipline.setting import Setting, identity, touched
from policyenforce.discipline.tracing import trace
from policyenforce.model.conditions import Condition
from policyenforce.model.decisions import (
    Decision,
    DisciplinaryAction,
    Ground,
    ScopeKind,
    Status,
)
from policyenforce.model.facts.procedure import Actor
from policyenforce.model.findings import Finding
from policyenforce.policy.rules import ActionTemplate, HouseRules
from policyenforce.policy.versions import rule_versions
from policyenforce.terms.gates import Power, Standard
from policyenforce.terms.references import ClauseRef
from policyenforce.terms.versions import TermsVersion

RECORD = ActionTemplate(
    power=Power.OTHER_CORRECTIVE,
    power_clause=ClauseRef.parse("6.2(v)"),
    scope=ScopeKind.ACCOUNT,
    label="points_recorded",
)
"""What a breach gets that scores but has no response of its own."""


@frozen
class Verdicts:
    """The decisions of one incident, and the findings that only a person can take further."""

    decisions: tuple[Decision, ...] = ()
    waiting: tuple[Finding, ...] = ()
    trace: tuple[Condition, ...] = ()


class _Draft:
    """Actions that will stand in one decision, and the rules they came from, in order."""

    __slots__ = ("actions", "rules")

    def __init__(self) -> None:
        self.actions: list[DisciplinaryAction] = []
        self.rules: dict[str, None] = {}

    def add(self, action: DisciplinaryAction, rule: str) -> None:
        """One more action, and the rule that gives it."""
        self.actions.append(action)
        self.rules[rule] = None


def decide(
    findings: Iterable[Finding],
    setting: Setting,
    *,
    standard: Standard | None = None,
    actor: Actor | None = None,
) -> Verdicts:
    """What follows from the findings of one fact.

    With ``standard`` a person has reached it on each finding, and ``actor`` is that person.
    """
    seen = tuple(findings)
    grounds: list[Established] = []
    waiting: list[Finding] = []
    answered = standard is None and bool(setting.history.precedents)
    for finding in seen:
        if answered and barred(finding, setting):
            continue
        ground = established(finding, setting, standard)
        if ground is None:
            waiting.append(finding)
        else:
            grounds.append(ground)
    looked_at = trace(seen, grounds, setting, standard) if setting.traced else ()
    if not grounds:
        return Verdicts((), tuple(waiting), looked_at)
    return Verdicts(_decisions(grounds, setting, actor), tuple(waiting), looked_at)


def _decisions(
    grounds: Sequence[Established], setting: Setting, actor: Actor | None
) -> tuple[Decision, ...]:
    worst = gravest(grounds, setting)
    score = to_score(worst, setting) if worst else 0
    before = points_at(setting.history, setting.rules, setting.conduct_at)
    at_once, proposed = _responses(grounds, setting)
    # Points bind when something binds: what is only proposed scores on approval.
    bound, binding = grounds, worst
    if proposed.actions and not at_once.actions:
        bound = [ground for ground in grounds if ground.answer.binds]
        binding = gravest(bound, setting)
    scored_now = to_score(binding, setting) if binding else 0
    if binding and scored_now:
        beside = [g for g in bound if g is not binding and g.answer.breach]
        _climb(binding, beside, before, before + scored_now, (at_once, proposed), setting)
        if not at_once.actions:
            at_once.add(action_from(RECORD, binding.ground, setting), "points")
    made = []
    if at_once.actions:
        actions = _scored(distinct(at_once.actions), scored_now, binding, setting)
        rules, status = tuple(at_once.rules), Status.IN_FORCE
        made.append(_decision("now", actions, rules, status, grounds, before, setting, actor))
    if proposed.actions:
        actions = _scored(distinct(proposed.actions), score - scored_now, worst, setting)
        rules, status, given = tuple(proposed.rules), Status.PROPOSED, before + scored_now
        made.append(_decision("proposed", actions, rules, status, grounds, given, setting, actor))
    return tuple(made)


def _responses(grounds: Sequence[Established], setting: Setting) -> tuple[_Draft, _Draft]:
    at_once, proposed = _Draft(), _Draft()
    rules, braked, tag = setting.rules, setting.braked, setting.fact.tag
    earlier = setting.history.decisions
    for ground in sorted(grounds, key=gravity) if len(grounds) > 1 else grounds:
        for template, mode, name in ground.answer.templates:
            if template.cure == tag:
                continue  # the fact in hand is what the action would ask for
            action = action_from(template, ground.ground, setting)
            if not earlier or not _standing_already(action, ground, earlier):
                waits = needs_person(name, mode, template.power, rules, braked)
                (proposed if waits else at_once).add(action, name)
    return at_once, proposed


def _climb(
    worst: Established,
    beside: Sequence[Established],
    before: int,
    after: int,
    drafts: tuple[_Draft, _Draft],
    setting: Setting,
) -> None:
    """Add to the drafts, for now and for a person, what the ladder answers.

    The points lead to a rung under the worst breach; the floor of one beside it may lie higher.
    """
    rules, terms, braked = setting.rules, setting.terms, setting.braked
    steps: Sequence[tuple[Established, Step]] = [
        (worst, step) for step in climb(rules, terms, worst.reached, before, after, braked)
    ]
    if beside:
        floors = ((g, s) for g in beside for s in climb(rules, terms, g.reached, 0, 0, braked))
        steps = _hardest([*steps, *floors])
    at_once, proposed = drafts
    for ground, step in steps:
        draft = at_once if step.alone else proposed
        draft.rules[step.name] = None
        for template in step.templates:
            draft.actions.append(action_from(template, ground.ground, setting, rung=step.rung))


def _hardest(steps: Sequence[tuple[Established, Step]]) -> list[tuple[Established, Step]]:
    """The hardest step that acts alone, and a harder one that waits for a person."""
    alone = max((s for s in steps if s[1].alone), key=_harshness, default=None)
    waiting = max((s for s in steps if not s[1].alone), key=_harshness, default=None)
    if alone and waiting and _harshness(alone) >= _harshness(waiting):
        waiting = None
    return [step for step in (alone, waiting) if step]


def _harshness(placed: tuple[Established, Step]) -> int:
    step = placed[1]
    return step.severity if step.templates else -1


def rung_decision(
    worst: Established, beside: Sequence[Established], before: int, setting: Setting
) -> tuple[Decision, ...]:
    """The ladder's answer to points that a person has just put in force, as in ``worst``."""
    at_once, proposed = _Draft(), _Draft()
    after = before + worst.answer.points
    _climb(worst, beside, before, after, (at_once, proposed), setting)
    return tuple(
        _decision(
            kind, distinct(draft.actions), tuple(draft.rules), status, (worst, *beside), after,
            setting, None,
        )
        for kind, draft, status in (
            ("now", at_once, Status.IN_FORCE),
            ("proposed", proposed, Status.PROPOSED),
        )
        if draft.actions
    )  # fmt: skip


def _standing_already(
    action: DisciplinaryAction, ground: Established, earlier: Iterable[Decision]
) -> bool:
    """True when the same finding already led to this action: confirming it adds nothing."""
    return any(
        ground.finding.id in known.finding_ids
        and (old.power, old.scope) == (action.power, action.scope)
        for decision in earlier
        if decision.status in (Status.IN_FORCE, Status.AMENDED, Status.PROPOSED)
        for known in decision.grounds
        for old in decision.actions
    )


def _scored(
    actions: tuple[DisciplinaryAction, ...],
    points: int,
    worst: Established | None,
    setting: Setting,
) -> tuple[DisciplinaryAction, ...]:
    """The points on the first action of the gravest ground, so that they fall with it."""
    if not points or worst is None:
        return actions
    clause = worst.ground.clause
    price = None if setting.rules.repeats.plain else price_of(worst, setting)
    for index, action in enumerate(actions):
        if action.ground is clause or action.ground == clause:
            return (*actions[:index], action.scoring(points, price), *actions[index + 1 :])
    # The gravest ground has no response of its own: its points are recorded.
    return (*actions, action_from(RECORD, worst.ground, setting).scoring(points, price))


def _decision(
    kind: str,
    actions: tuple[DisciplinaryAction, ...],
    rules: tuple[str, ...],
    status: Status,
    grounds: Sequence[Established],
    before: int,
    setting: Setting,
    actor: Actor | None,
) -> Decision:
    kept = grounds
    if len(grounds) > 1:
        used = {action.ground for action in actions}
        kept = [g for g in grounds if g.ground.clause in used]
    points = sum([action.points for action in actions])
    rule, versions = _cited(setting.rules, rules)
    return Decision(
        id=identity("d", setting.fact.id, kind),
        account_id=setting.account_id,
        user=setting.history.user,
        fact_id=setting.fact.id,
        status=status,
        grounds=tuple([g.ground for g in kept]),
        actions=actions,
        terms=setting.terms,
        policy_hash=setting.rules.hash,
        rule=rule,
        conduct_at=setting.conduct_at,
        decided_at=setting.starts,
        automated_detection=not any([g.finding.told_by_person for g in kept]),
        automated_decision=actor is None and status is Status.IN_FORCE,
        readings=readings_touched(kept, actions, setting),
        actor=actor,
        points_before=before,
        points_after=before + points,
        appeal_until=appeal_until(setting),
        site=setting.site,
        service=setting.service,
        rule_versions=versions,
        reason=_why_waiting(status, rules, setting) if setting.braked else "",
        hands=() if actor is None else (actor.id,),
    )


@lru_cache(maxsize=1024)
def _cited(rules: HouseRules, names: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The rules used as a decision names them, and their versions."""
    versions = rule_versions(rules)
    return ", ".join(names), tuple(versions[name] for name in names if name in versions)


def by_hand(
    ground: Ground,
    actions: tuple[DisciplinaryAction, ...],
    actor: Actor,
    reason: str,
    finding: Finding,
    setting: Setting,
) -> Decision:
    """The decision that a person takes on one ground with actions of its own choice.

    Raises GateError for an action that the ground does not open.
    """
    used = vouched_for(finding, ground, 0, setting)
    before = points_at(setting.history, setting.rules, setting.conduct_at)
    rules = ("by hand",)
    made = _decision("by hand", actions, rules, Status.IN_FORCE, (used,), before, setting, actor)
    return evolve(made, reason=reason)


def _why_waiting(status: Status, rules: tuple[str, ...], setting: Setting) -> str:
    held = [name for name in rules if name in setting.braked]
    if not held or status is not Status.PROPOSED:
        return ""
    return f"the brake holds back {', '.join(held)}: a person decides"


def appeal_until(setting: Setting) -> datetime:
    """When the window to appeal a decision taken here closes."""
    return setting.starts + timedelta(days=setting.rules.appeals.window_days)


def readings_touched(
    grounds: Iterable[Established], actions: Iterable[DisciplinaryAction], setting: Setting
) -> tuple[str, ...]:
    """The readings of every statement a decision cites, with the option the house chose."""
    refs = (*[g.ground.clause for g in grounds], *[a.power_clause for a in actions])
    return _readings_of(refs, setting.terms, setting.rules)


@lru_cache(maxsize=1024)
def _readings_of(
    refs: tuple[ClauseRef, ...], terms: TermsVersion, rules: HouseRules
) -> tuple[str, ...]:
    return touched((name for ref in refs for name in terms.statement(ref).readings), rules)
