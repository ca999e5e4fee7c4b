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
from policyenforce.discipline.grounds import (
    Established,
    barred,
    established,
    gravest,
    gravity,
    rung_templates,
)
from policyenforce.discipline.ladder import points_at, rung_reached, to_score
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
from policyenforce.policy.rules import ActionTemplate, HouseRules, Mode, Rung
from policyenforce.policy.versions import RUNG, rule_versions
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


@frozen
class _Draft:
    """Actions that will stand in one decision, and the rules they came from."""

    actions: tuple[DisciplinaryAction, ...] = ()
    rules: tuple[str, ...] = ()


_EMPTY = _Draft()


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
    findings = tuple(findings)
    looked_at = trace(findings, setting, standard) if setting.traced else ()
    grounds: list[Established] = []
    waiting: list[Finding] = []
    for finding in findings:
        if standard is None and barred(finding, setting):
            continue
        ground = established(finding, setting, standard)
        if ground is None:
            waiting.append(finding)
        else:
            grounds.append(ground)
    if not grounds:
        return Verdicts((), tuple(waiting), looked_at)
    return Verdicts(_decisions(grounds, setting, actor), tuple(waiting), looked_at)


def _decisions(
    grounds: Sequence[Established], setting: Setting, actor: Actor | None
) -> tuple[Decision, ...]:
    worst = gravest(grounds)
    score = to_score(worst, setting) if worst else 0
    before = points_at(setting.history, setting.rules, setting.conduct_at)
    at_once, proposed = _responses(grounds, setting)
    # Points bind when something binds: an incident that is only proposed scores on approval.
    scored_now = score if at_once.actions or not proposed.actions else 0
    rung = rung_reached(before, before + scored_now, worst, setting.rules) if worst else None
    if worst and rung and scored_now:
        crossed = (before, before + scored_now)
        at_once, proposed = _with_rung(rung, worst, at_once, proposed, setting, crossed)
    if worst and scored_now and not at_once.actions:
        at_once = _Draft((action_from(RECORD, worst.ground, setting),), ("points",))
    made = []
    for kind, draft, status, points, given in (
        ("now", at_once, Status.IN_FORCE, scored_now, before),
        ("proposed", proposed, Status.PROPOSED, score - scored_now, before + scored_now),
    ):
        if draft.actions:
            actions = _scored(distinct(draft.actions), points, worst, setting)
            made.append(
                _decision(kind, actions, draft.rules, status, grounds, given, setting, actor)
            )
    return tuple(made)


def _responses(grounds: Sequence[Established], setting: Setting) -> tuple[_Draft, _Draft]:
    at_once: list[tuple[DisciplinaryAction, str]] = []
    proposed: list[tuple[DisciplinaryAction, str]] = []
    for ground in sorted(grounds, key=gravity) if len(grounds) > 1 else grounds:
        for template, mode, name in ground.templates:
            if template.cure == setting.fact.tag:
                continue  # the fact in hand is what the action would ask for
            action = action_from(template, ground.ground, setting)
            if _standing_already(action, ground, setting):
                continue
            side = proposed if _needs_person(name, mode, action.power, setting) else at_once
            side.append((action, name))
    return _draft(at_once), _draft(proposed)


def _draft(side: Sequence[tuple[DisciplinaryAction, str]]) -> _Draft:
    if not side:
        return _EMPTY
    names = dict.fromkeys([name for _, name in side])
    return _Draft(tuple([action for action, _ in side]), tuple(names))


def _with_rung(
    rung: Rung,
    worst: Established,
    at_once: _Draft,
    proposed: _Draft,
    setting: Setting,
    crossed: tuple[int, int],
) -> tuple[_Draft, _Draft]:
    """The drafts with a rung; while a harder one waits for a person, the hardest automatic holds.

    INVARIANT: more points never lead to less, so a proposal does not lift what would bind at once.
    """
    if not _waits(rung, worst, setting):
        return _joined(at_once, rung, worst, setting), proposed
    below, after = crossed
    meanwhile = [
        lower
        for lower in setting.rules.ladder
        if below < lower.points <= after and not _waits(lower, worst, setting)
    ]
    if meanwhile:
        at_once = _joined(at_once, meanwhile[-1], worst, setting)
    return at_once, _joined(proposed, rung, worst, setting)


def _joined(draft: _Draft, rung: Rung, worst: Established, setting: Setting) -> _Draft:
    return _Draft(
        (*draft.actions, *_of_rung(rung, worst, setting)), (*draft.rules, RUNG + rung.name)
    )


def _of_rung(rung: Rung, worst: Established, setting: Setting) -> tuple[DisciplinaryAction, ...]:
    return tuple(
        [
            action_from(template, worst.ground, setting, rung=rung.name)
            for template in rung_templates(worst, rung, setting)
        ]
    )


def _waits(rung: Rung, worst: Established, setting: Setting) -> bool:
    name = RUNG + rung.name
    templates = rung_templates(worst, rung, setting)
    return any(_needs_person(name, rung.mode, template.power, setting) for template in templates)


def rung_decision(
    worst: Established, before: int, after: int, setting: Setting, actor: Actor | None
) -> tuple[Decision, ...]:
    """The ladder's answer to points that a person has just put in force."""
    rung = rung_reached(before, after, worst, setting.rules)
    if rung is None:
        return ()
    at_once, proposed = _with_rung(rung, worst, _EMPTY, _EMPTY, setting, (before, after))
    return tuple(
        _decision(
            kind, distinct(draft.actions), draft.rules, status, (worst,), after, setting, actor
        )
        for kind, draft, status in (
            ("now", at_once, Status.IN_FORCE),
            ("proposed", proposed, Status.PROPOSED),
        )
        if draft.actions
    )


def _needs_person(name: str, mode: Mode, power: Power, setting: Setting) -> bool:
    if mode is Mode.PROPOSE or setting.rules.needs_person(power):
        return True
    return name in setting.braked


def _standing_already(action: DisciplinaryAction, ground: Established, setting: Setting) -> bool:
    """True when the same finding already led to this action: confirming it adds nothing."""
    history = setting.history
    return bool(history.decisions) and any(
        ground.finding.id in known.finding_ids
        and (old.power, old.scope) == (action.power, action.scope)
        for decision in history.decisions
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
    for index, action in enumerate(actions):
        if action.ground == worst.ground.clause:
            return (*actions[:index], action.scoring(points), *actions[index + 1 :])
    # The gravest ground has no response of its own: its points are recorded.
    return (*actions, action_from(RECORD, worst.ground, setting).scoring(points))


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
    used = {action.ground for action in actions}
    kept = tuple([g for g in grounds if g.ground.clause in used])
    points = sum([action.points for action in actions])
    versions = rule_versions(setting.rules)
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
        rule=", ".join(rules),
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
        rule_versions=tuple([versions[name] for name in rules if name in versions]),
        reason=_why_waiting(status, rules, setting),
        hands=() if actor is None else (actor.id,),
    )


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
    used = Established(finding, ground, (), breach=True, points=0)
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
    refs = tuple([g.ground.clause for g in grounds] + [a.power_clause for a in actions])
    return _readings_of(refs, setting.terms, setting.rules)


@lru_cache(maxsize=1024)
def _readings_of(
    refs: tuple[ClauseRef, ...], terms: TermsVersion, rules: HouseRules
) -> tuple[str, ...]:
    return touched((name for ref in refs for name in terms.statement(ref).readings), rules)
