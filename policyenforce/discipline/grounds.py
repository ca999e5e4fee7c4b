"""From findings to grounds: which power would each finding open, if any."""

from __future__ import annotations

from attrs import frozen

from policyenforce.discipline.actions import is_revision
from policyenforce.discipline.answers import Answer, Reached, answer_to
from policyenforce.discipline.setting import Setting
from policyenforce.model.decisions import Ground
from policyenforce.model.findings import Finding
from policyenforce.terms.gates import Standard
from policyenforce.terms.references import ClauseRef


@frozen
class Established:
    """A finding that became a ground, what its gate was asked, and what the house answers."""

    finding: Finding
    ground: Ground
    reached: Reached
    answer: Answer


def standard_reached(finding: Finding, setting: Setting) -> Standard:
    """What a person or record attests, or else what house thresholds make of the confidence.

    INVARIANT: a machine's confidence never amounts to FACT.
    """
    if finding.attested is not None:
        return finding.attested
    return setting.rules.standard_of(finding.clause, finding.category, finding.confidence)


def established(
    finding: Finding, setting: Setting, standard: Standard | None = None
) -> Established | None:
    """The ground a finding gives, or None when it passes no gate and a person must look.

    ``standard`` is what a person reached on it, when one has.
    """
    if standard is None:
        standard = standard_reached(finding, setting)
    reached = reached_by(finding, standard, setting)
    answer = answer_to(setting.rules, setting.terms, reached)
    if answer.nothing:
        return None
    return Established(finding, ground_of(finding, standard), reached, answer)


def vouched_for(finding: Finding, ground: Ground, points: int, setting: Setting) -> Established:
    """A ground that a person answers by hand: a breach worth ``points``, whatever the rules say."""
    answer = Answer((), nothing=False, breach=True, points=points)
    return Established(finding, ground, reached_by(finding, ground.standard, setting), answer)


def reached_by(finding: Finding, standard: Standard, setting: Setting) -> Reached:
    """What gates ask about a finding."""
    return Reached(
        finding.clause,
        finding.category,
        finding.severity,
        standard,
        finding.triggers,
        is_revision(finding.target),
        in_interval(setting),
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


def barred(finding: Finding, setting: Setting) -> bool:
    """True when a refuted finding or overturned ground already answered this one."""
    precedents = setting.history.precedents
    return bool(precedents) and any(precedent.bars(finding) for precedent in precedents)


def in_interval(setting: Setting) -> bool:
    """True when a stranger used the account at the time of the conduct (T25)."""
    intervals = setting.history.intervals
    return bool(intervals) and any(
        i.account_id == setting.account_id and i.since <= setting.conduct_at <= i.until
        for i in intervals
    )


def gravity(ground: Established) -> tuple[int, ClauseRef, str]:
    """What puts grounds in order, the gravest first."""
    return (-ground.answer.points, ground.finding.clause, ground.finding.id)
