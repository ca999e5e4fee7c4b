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
from policyenforce.policy.rules import ActionTemplate, HouseRules, Mode, Response, Rung
from policyenforce.policy.versions import RUNG
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
    """The responses that the gates let through, whether it is a breach, and what it costs.

    ``binds`` says that a breach has no response, or would have none if it were only just
    established, so that it scores at once. INVARIANT: then a surer one does too, whatever waits
    for a person beside it.
    """

    templates: tuple[tuple[ActionTemplate, Mode, str], ...]
    nothing: bool
    breach: bool
    points: int
    binds: bool = False


@frozen
class Step:
    """One rung that is used: its name among rules, its open actions, and whether it acts alone."""

    name: str
    rung: str
    severity: int
    templates: tuple[ActionTemplate, ...]
    alone: bool


@lru_cache(maxsize=_KEPT)
def answer_to(rules: HouseRules, terms: TermsVersion, reached: Reached) -> Answer:
    """What these rules under these Terms answer to what was reached."""
    templates = tuple(_usable(rules, terms, reached))
    breach = all(c.holds for c in breach_conditions(reached, terms))
    scores = breach and not reached.stranger
    return Answer(
        templates=templates,
        nothing=not templates and not breach,
        breach=scores,
        points=rules.points_for(reached.clause, reached.severity) if scores else 0,
        binds=scores and not (templates and any(_usable(rules, terms, _barely(reached, terms)))),
    )


def _usable(
    rules: HouseRules, terms: TermsVersion, reached: Reached
) -> Iterator[tuple[ActionTemplate, Mode, str]]:
    for response in rules.responses_for(reached.clause, reached.category):
        for template in response.actions:
            if reached.standard >= response.at_least and opened(template, reached, terms):
                yield template, response.mode, response.name


def _barely(reached: Reached, terms: TermsVersion) -> Reached:
    """The same breach with no more than the gate of a breach asks for."""
    opening = terms.opening(reached.clause, BREACH_POWER)
    if opening is None:
        return reached
    return reached._replace(standard=opening.gate.standard, triggers=opening.gate.triggers)


@lru_cache(maxsize=_KEPT)
def climb(
    rules: HouseRules,
    terms: TermsVersion,
    reached: Reached,
    before: int,
    after: int,
    braked: frozenset[str] = frozenset(),
) -> tuple[Step, ...]:
    """The rung that points reach, or the floor of the clause if it lies higher.

    INVARIANT: more points never lead to less. While a rung waits for a person, the hardest one
    below it that acts alone holds.
    """
    crossed = rules.rung_crossed(before, after)
    floor = rules.floor_for(reached.clause, reached.severity)
    rung = max(filter(None, (crossed, floor)), key=lambda r: r.severity, default=None)
    if rung is None:
        return ()

    def step(on: Rung) -> Step:
        name = RUNG + on.name
        templates = tuple(t for t in on.actions if opened(t, reached, terms))
        waits = any(needs_person(name, on.mode, t.power, rules, braked) for t in templates)
        return Step(name, on.name, on.severity, templates, alone=not waits)

    highest = step(rung)
    if highest.alone:
        return (highest,)
    lower = (step(r) for r in rules.ladder if before < r.points <= after)
    return (*[s for s in lower if s.alone][-1:], highest)


def needs_person(
    name: str, mode: Mode, power: Power, rules: HouseRules, braked: frozenset[str]
) -> bool:
    """True where a rule of that name does not use the power by itself."""
    return mode is Mode.PROPOSE or rules.needs_person(power) or name in braked


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
