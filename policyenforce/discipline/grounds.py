"""From findings to grounds: which power would each finding open, if any."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from policyenforce.discipline.actions import CONTENT_POWERS, is_revision
from policyenforce.discipline.setting import Setting
from policyenforce.model.decisions import Ground, ScopeKind
from policyenforce.model.findings import Finding
from policyenforce.policy.rules import ActionTemplate, Mode, Response
from policyenforce.terms.gates import Power, Standard, Trigger
from policyenforce.terms.references import ClauseRef

BREACH_POWER = ClauseRef.parse("6.2(v)")
"""The widest door of 6.2: a ground that passes its gate is a breach and may score."""

ENDS_ACCOUNT = frozenset({Power.CANCEL_ACCOUNT, Power.TERMINATE_ACCOUNT})


@frozen
class Established:
    """A finding that became a ground, with the house's responses that its gate lets through."""

    finding: Finding
    ground: Ground
    templates: tuple[tuple[ActionTemplate, Mode, str], ...]
    breach: bool
    points: int


def standard_reached(finding: Finding, setting: Setting) -> Standard:
    """What a person or record attests, or else what house thresholds make of the confidence.

    INVARIANT: a machine's confidence never amounts to FACT.
    """
    if finding.attested is not None:
        return finding.attested
    by_threshold = setting.rules.standard_of(finding.clause, finding.category, finding.confidence)
    return min(by_threshold, Standard.BELIEF)


def established(
    finding: Finding, setting: Setting, standard: Standard | None = None
) -> Established | None:
    """The ground a finding gives, or None when it passes no gate and a person must look.

    ``standard`` is what a person reached on it, when one has.
    """
    reached = standard_reached(finding, setting) if standard is None else standard
    templates = tuple(
        (template, response.mode, response.name)
        for response in setting.rules.responses_for(finding.clause, finding.category)
        for template in _opened(response, finding, reached, setting)
    )
    breach = passes(finding, reached, BREACH_POWER, setting)
    if not templates and not breach:
        return None
    stranger = in_interval(setting)
    points = setting.rules.points_for(finding.clause, finding.severity) if breach else 0
    return Established(
        finding=finding,
        ground=ground_of(finding, reached),
        templates=templates,
        breach=breach and not stranger,
        points=0 if stranger else points,
    )


def ground_of(finding: Finding, standard: Standard) -> Ground:
    """The ground that rests on one finding."""
    return Ground(
        clause=finding.clause,
        standard=standard,
        explanation=finding.explanation,
        finding_ids=(finding.id,),
        fact_ids=finding.fact_ids,
        evidence=finding.evidence,
        triggers=finding.triggers,
        category=finding.category,
        target=finding.target,
        severity=finding.severity,
    )


def passes(finding: Finding, standard: Standard, power_clause: ClauseRef, setting: Setting) -> bool:
    """True when the finding at this standard passes the gate of a power clause."""
    opening = setting.terms.opening(finding.clause, power_clause)
    return opening is not None and opening.gate.passed(standard, finding.triggers)


def barred(finding: Finding, setting: Setting) -> bool:
    """True when a refuted finding or overturned ground already answered this one."""
    return any(precedent.bars(finding) for precedent in setting.history.precedents)


def in_interval(setting: Setting) -> bool:
    """True when a stranger used the account at the time of the conduct (T25)."""
    return any(
        i.account_id == setting.account_id and i.since <= setting.conduct_at <= i.until
        for i in setting.history.intervals
    )


def gravest(grounds: Iterable[Established]) -> Established | None:
    """The breach an incident is scored under: most points, then first clause."""
    breaches = sorted(
        (g for g in grounds if g.breach), key=lambda g: (-g.points, g.finding.clause, g.finding.id)
    )
    return breaches[0] if breaches else None


def _opened(
    response: Response, finding: Finding, standard: Standard, setting: Setting
) -> Iterable[ActionTemplate]:
    if standard >= response.at_least:
        yield from (t for t in response.actions if usable(t, finding, standard, setting))


def usable(
    template: ActionTemplate, finding: Finding, standard: Standard, setting: Setting
) -> bool:
    """True when the finding at this standard opens the template's power on what it bears on."""
    opening = setting.terms.opening(finding.clause, template.power_clause)
    if opening is None or template.power not in opening.powers:
        return False
    if template.power not in CONTENT_POWERS and in_interval(setting):
        return False
    if template.power in ENDS_ACCOUNT and Trigger.APPLICATION in finding.triggers:
        return False  # at the door an application is turned down; an open account stays open
    if template.scope is ScopeKind.CONTENT and not is_revision(finding.target):
        return False
    return opening.gate.passed(standard, finding.triggers)
