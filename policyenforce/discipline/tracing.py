"""The trace of a decision: every condition that was looked at, with its value.

It tells the conditions that ``decide`` goes by, in the order in which they are asked; it decides
nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from policyenforce.discipline.answers import Reached, answer_to, conditions_of, needs_person
from policyenforce.discipline.grounds import (
    Established,
    barred,
    reached_by,
    standard_reached,
)
from policyenforce.discipline.ladder import gravest, points_at, price_of, to_score
from policyenforce.discipline.setting import Setting
from policyenforce.model.conditions import Condition
from policyenforce.model.decisions import Price
from policyenforce.model.findings import Finding
from policyenforce.policy.repeats import WHOLE, share_of
from policyenforce.policy.rules import HouseRules, Mode
from policyenforce.policy.versions import RUNG
from policyenforce.terms.gates import Power, Standard
from policyenforce.terms.versions import TermsVersion

_PERSON = "a person must"
_KEPT = 4096  # answers whose conditions are remembered


def trace(
    findings: Sequence[Finding],
    grounds: Sequence[Established],
    setting: Setting,
    standard: Standard | None = None,
) -> tuple[Condition, ...]:
    """Every condition on the way from these findings of one fact to what follows.

    ``grounds`` are those of them that passed a gate; ``standard`` is what a person reached on
    them, when one has.
    """
    told: list[Condition] = []
    passed = {id(ground.finding) for ground in grounds}
    for finding in findings:
        if standard is None:
            told.append(_not_barred(finding, setting))
            if not told[-1].holds:
                continue
        told.extend(_standards(finding, setting, standard))
        reached = standard_reached(finding, setting) if standard is None else standard
        seen = reached_by(finding, reached, setting)
        told.extend(conditions_of(setting.rules, setting.terms, seen))
        if id(finding) in passed:
            told.extend(_at_once(seen, setting.rules, setting.terms, setting.braked))
    told.extend(_of_ladder(grounds, setting))
    return tuple(told)


def _not_barred(finding: Finding, setting: Setting) -> Condition:
    sources = [p.source_id for p in setting.history.precedents if p.bars(finding)]
    found = ", ".join(sources) or "none"
    about = f"{finding.clause}: finding {finding.id}"
    return Condition(about, "no precedent that answers it", found, not barred(finding, setting))


def _standards(
    finding: Finding, setting: Setting, standard: Standard | None
) -> Iterator[Condition]:
    about = f"{finding.clause}: standard"
    stated = standard if standard is not None else finding.attested
    if stated is not None:
        who = "a person" if standard is not None else "a person or record"
        yield Condition(about, f"stated by {who}", stated.label, stated > Standard.NONE)
        return
    row = setting.rules.threshold_of(finding.clause, finding.category)
    reached = standard_reached(finding, setting)
    for level, least in ((Standard.SUSPICION, row.suspicion), (Standard.BELIEF, row.belief)):
        asked = f"confidence of at least {least:g} for {level.label}"
        yield Condition(about, asked, f"{finding.confidence:g}", reached >= level)


@lru_cache(maxsize=_KEPT)
def _at_once(
    reached: Reached, rules: HouseRules, terms: TermsVersion, braked: frozenset[str]
) -> tuple[Condition, ...]:
    return tuple(
        _automatic(f"{reached.clause}: response {name}", name, mode, template.power, rules, braked)
        for template, mode, name in answer_to(rules, terms, reached).templates
    )


def _automatic(
    about: str, name: str, mode: Mode, power: Power, rules: HouseRules, braked: frozenset[str]
) -> Condition:
    person = rules.needs_person(power)
    found = f"{_PERSON} use {power.value}" if person else f"mode {mode.value}"
    if name in braked:
        found = "held back by the brake"
    alone = not needs_person(name, mode, power, rules, braked)
    return Condition(f"{about} acts at once", "mode auto", found, alone)


def _of_ladder(grounds: Sequence[Established], setting: Setting) -> Iterator[Condition]:
    worst = gravest(grounds, setting)
    if worst is None:
        return
    rules, clause = setting.rules, worst.finding.clause
    score, before = to_score(worst, setting), points_at(setting.history, rules, setting.conduct_at)
    price, points = price_of(worst, setting), worst.answer.points
    if price is not None:
        yield from _of_record(worst, price, rules)
        points = share_of(price.worth, price.percent)
    asked = f"more than the {points - score} points that its merge window holds"
    yield Condition(f"{clause}: points", asked, f"{points}", score > 0)
    yield from _of_rungs(rules, before, before + score, setting.braked)
    for finding in (ground.finding for ground in grounds if ground.answer.breach):
        floor = rules.floor_for(finding.clause, finding.severity)
        found = "none" if floor is None else floor.name
        about = f"{finding.clause}: floor for a {finding.severity.value} breach"
        yield Condition(about, "a rung", found, floor is not None)


def _of_record(worst: Established, price: Price, rules: HouseRules) -> Iterator[Condition]:
    """What the record makes of the price: a first offence, or a ground broken before."""
    about, share = f"{worst.finding.clause}: price", f"{price.percent} % of {price.worth}"
    up_to = rules.repeats.first_offence_up_to.value
    softened, dearer = price.percent < WHOLE, price.percent > WHOLE
    yield Condition(about, f"no points in force, and at most {up_to}", share, softened)
    told = f"{price.earlier}, {share}"
    yield Condition(about, "earlier breaches of the same ground that count", told, dearer)


@lru_cache(maxsize=_KEPT)
def _of_rungs(
    rules: HouseRules, before: int, after: int, braked: frozenset[str]
) -> tuple[Condition, ...]:
    told: list[Condition] = []
    for rung in rules.ladder:
        crossed = before < rung.points <= after
        asked = f"from below {rung.points} points to it or above"
        told.append(Condition(f"rung {rung.name}", asked, f"from {before} to {after}", crossed))
        for template in rung.actions if crossed else ():
            name = RUNG + rung.name
            about = f"rung {rung.name}"
            told.append(_automatic(about, name, rung.mode, template.power, rules, braked))
    return tuple(told)
