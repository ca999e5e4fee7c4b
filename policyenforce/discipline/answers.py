"""What the house answers to a clause that is engaged: worked out once, condition by condition.

Which powers a finding opens follows from a few values of it and from nothing else, so it is
worked out once for each and looked up afterwards. The conditions are the definition: a template
is usable when all of its conditions hold, and a trace shows those very conditions.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from attrs import frozen

from policyenforce.discipline.actions import CONTENT_POWERS
from policyenforce.model.conditions import Condition
from policyenforce.model.decisions import ScopeKind
from policyenforce.model.findings import Severity
from policyenforce.policy.rules import ActionTemplate, HouseRules, Mode, Response
from policyenforce.terms.gates import Gate, Power, Standard, Trigger
from policyenforce.terms.references import ClauseRef
from policyenforce.terms.versions import TermsVersion

BREACH_POWER = ClauseRef.parse("6.2(v)")
"""The widest door of 6.2: a ground that passes its gate is a breach and may score."""

ENDS_ACCOUNT = frozenset({Power.CANCEL_ACCOUNT, Power.TERMINATE_ACCOUNT})
_KEPT = 8192  # kinds of findings whose answer is remembered


class Reached(NamedTuple):
    """All that gates ask about a finding.

    ``revision`` says that it is about a content revision, ``stranger`` that the account was in a
    stranger's hands at the time (T25).
    """

    clause: ClauseRef
    category: str | None
    severity: Severity
    standard: Standard
    triggers: tuple[Trigger, ...]
    revision: bool
    stranger: bool


@frozen
class Answer:
    """The responses that the gates let through, whether it is a breach, and what it costs."""

    templates: tuple[tuple[ActionTemplate, Mode, str], ...]
    nothing: bool
    breach: bool
    points: int


@lru_cache(maxsize=_KEPT)
def answer_to(rules: HouseRules, terms: TermsVersion, reached: Reached) -> Answer:
    """What these rules under these Terms answer to what was reached."""
    templates = tuple(
        (template, response.mode, response.name)
        for response in rules.responses_for(reached.clause, reached.category)
        for template in response.actions
        if reached.standard >= response.at_least and opened(template, reached, terms)
    )
    breach = all(c.holds for c in breach_conditions(reached, terms))
    scores = breach and not reached.stranger
    return Answer(
        templates=templates,
        nothing=not templates and not breach,
        breach=scores,
        points=rules.points_for(reached.clause, reached.severity) if scores else 0,
    )


@lru_cache(maxsize=_KEPT)
def of_rung(
    rules: HouseRules, terms: TermsVersion, reached: Reached, rung: str
) -> tuple[ActionTemplate, ...]:
    """The actions of a rung whose power is open for what was reached."""
    return tuple(t for t in rules.rung(rung).actions if opened(t, reached, terms))


def opened(template: ActionTemplate, reached: Reached, terms: TermsVersion) -> bool:
    """True when every condition of the template's power holds."""
    return all(condition.holds for condition in power_conditions(template, reached, terms))


@lru_cache(maxsize=_KEPT)
def conditions_of(
    rules: HouseRules, terms: TermsVersion, reached: Reached
) -> tuple[Condition, ...]:
    """Every condition that ``answer_to`` looks at, with its value."""
    found: list[Condition] = []
    for response in rules.responses_for(reached.clause, reached.category):
        found.append(_at_least(response, reached))
        for template in response.actions:
            found.extend(power_conditions(template, reached, terms))
    found.extend(breach_conditions(reached, terms))
    found.append(_stranger(f"{reached.clause} scores", reached))
    return tuple(found)


def power_conditions(
    template: ActionTemplate, reached: Reached, terms: TermsVersion
) -> Iterator[Condition]:
    """What has to hold before a template's power may be used for what was reached."""
    name = template.power.value
    about = f"{reached.clause}: {name} under {template.power_clause}"
    opening = terms.opening(reached.clause, template.power_clause)
    powers = () if opening is None else sorted(power.value for power in opening.powers)
    yield Condition(about, name, ", ".join(powers) or "no power at all", name in powers)
    if opening is not None:
        yield from _gate(about, opening.gate, reached)
    if template.power not in CONTENT_POWERS:
        yield _stranger(about, reached)
    if template.power in ENDS_ACCOUNT:
        applied = Trigger.APPLICATION in reached.triggers
        # At the door an application is turned down; an open account stays open.
        yield Condition(about, "no application", "one" if applied else "none", not applied)
    if template.scope is ScopeKind.CONTENT:
        told = "one" if reached.revision else "none"
        yield Condition(about, "a content revision", told, reached.revision)


def breach_conditions(reached: Reached, terms: TermsVersion) -> Iterator[Condition]:
    """What has to hold before what was reached is a breach."""
    about = f"{reached.clause}: a breach under {BREACH_POWER}"
    opening = terms.opening(reached.clause, BREACH_POWER)
    if opening is None:
        yield Condition(about, "a duty, ban or warranty", "none that 6.2 answers", False)
    else:
        yield from _gate(about, opening.gate, reached)


def _gate(about: str, gate: Gate, reached: Reached) -> Iterator[Condition]:
    standard = reached.standard
    asked = f"a standard of at least {gate.standard.label}"
    yield Condition(about, asked, standard.label, standard >= gate.standard)
    for trigger in gate.triggers:
        met = trigger in reached.triggers
        yield Condition(about, f"the trigger {trigger.value}", "met" if met else "not met", met)


def _at_least(response: Response, reached: Reached) -> Condition:
    about = f"{reached.clause}: response {response.name}"
    asked = f"a standard of at least {response.at_least.label}"
    return Condition(about, asked, reached.standard.label, reached.standard >= response.at_least)


def _stranger(about: str, reached: Reached) -> Condition:
    told = "a stranger's" if reached.stranger else "the Member's own"
    return Condition(about, "the Member's own use", told, not reached.stranger)
