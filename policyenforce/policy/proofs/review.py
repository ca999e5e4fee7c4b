"""Review: what ends, never ends, reaches others or silences a Member has a person before it."""

from __future__ import annotations

from collections.abc import Iterator

from policyenforce.model.standing import SURVIVING
from policyenforce.policy.proofs.problem import Problem, acts_alone, uses
from policyenforce.policy.rules import HouseRules
from policyenforce.policy.templates import FINAL, ActionTemplate
from policyenforce.terms.gates import Power

_NEEDED = ("confirm", "refute", "review", "decide_appeal", "cascade")
_MOMENTARY = frozenset(
    {
        Power.OTHER_CORRECTIVE,
        Power.REMOVE_CONTENT,
        Power.MODIFY_CONTENT,
        Power.REJECT_CONTENT,
        Power.REJECT_APPLICATION,
    }
)
"""Powers used once, whose effect has no length."""


def review_problems(rules: HouseRules) -> Iterator[Problem]:
    """Every gate of review that stands open or that nobody can pass."""
    for name, mode, action in uses(rules):
        if acts_alone(mode, action, rules):
            yield from _alone(name, action)
    yield from _cascade(rules)
    yield from _roles(rules)


def _alone(name: str, action: ActionTemplate) -> Iterator[Problem]:
    power = action.power.value
    if action.power in FINAL:
        yield Problem(
            "review_gates",
            f"{name} uses `{power}` with nobody looking",
            f"one mistaken finding and `{power}` is in force before a person reads it",
            "review",
        )
    elif action.power not in _MOMENTARY and action.days is None and action.cure is None:
        yield Problem(
            "review_gates",
            f"{name} uses `{power}` without an end and with nobody looking",
            f"an account restricted today is still restricted in ten years by `{name}`",
            name,
        )
    silenced = sorted(c.value for c in set(action.capabilities) & SURVIVING)
    if silenced:
        yield Problem(
            "review_gates",
            f"{name} takes `{silenced[0]}` with nobody looking",
            f"a Member loses `{silenced[0]}`, which only a person may take by name",
            name,
        )


def _cascade(rules: HouseRules) -> Iterator[Problem]:
    cascade, top = rules.cascade, rules.ladder[-1]
    if cascade.automatic:
        yield Problem(
            "review_gates",
            "a cascade reaches related accounts with nobody looking",
            f"an innocent Member on the same device ({cascade.minimum_weight} points) is punished",
            "cascade.automatic",
        )
    if cascade.hop_limit > 1 and rules.reading("T8") == "direct_pairs":
        yield Problem(
            "cascade",
            f"a cascade of {cascade.hop_limit} hops goes beyond pairs with evidence of their own",
            "a shares a device with b, b a card with c: a's breach reaches c, who shares nothing",
            "cascade.hop_limit",
        )
    if cascade.minimum_weight < rules.accounts.review:
        yield Problem(
            "cascade",
            "a cascade follows links that are too weak for a case",
            f"a link of {cascade.minimum_weight} points cascades, while a case opens at"
            f" {rules.accounts.review}",
            "cascade.minimum_weight",
        )
    if cascade.milder_rung == top.name and len(rules.ladder) > 1:
        yield Problem(
            "cascade",
            "a related account may get the top rung",
            f"a Member without a breach of their own gets `{top.name}`",
            "cascade.milder_rung",
        )


def _roles(rules: HouseRules) -> Iterator[Problem]:
    for verb in _NEEDED:
        if not rules.roles.get(verb):
            yield Problem(
                "roles",
                f"nobody may `{verb}`",
                f"what waits for `{verb}` waits for ever, whoever tries",
                f"roles.{verb}",
            )
    approver = rules.cascade.approver_role
    if not rules.allows("cascade", [approver]):
        yield Problem(
            "roles",
            f"the approver of a cascade, `{approver}`, may not use the verb `cascade`",
            f"a cascade proposed to a `{approver}` can never be approved",
            "cascade.approver_role",
        )
