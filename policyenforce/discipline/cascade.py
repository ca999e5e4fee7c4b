"""The cascade as a plan (6.2(i)): which related accounts a decision could reach, and why not all.

Relation is no guilt: a plan punishes nobody. It tells the evidence of each link and the path to
it, who is exempt and why, and the milder rung a related account would get (T23). A person
approves all of it or some; what is exempt cannot be approved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import evolve, frozen

from policyenforce.model.decisions import Decision
from policyenforce.model.evidence import Evidence
from policyenforce.model.facts.procedure import ChosenAction
from policyenforce.policy.rules import HouseRules
from policyenforce.terms.references import ClauseRef

POWER = ClauseRef.parse("6.2(i)")
_TOLD = "reasons to suspect that one hand controls this account and another one in breach"


@frozen
class Tie:
    """What speaks for one hand behind two Users: how strongly, by which findings and evidence.

    ``refuted`` says why it no longer counts, where a person has found that it is not so.
    """

    users: frozenset[str]
    weight: int
    evidence: tuple[Evidence, ...]
    finding_ids: tuple[str, ...]
    refuted: str | None = None


@frozen
class Related:
    """One account of a related User.

    ``path`` names the Users from the first one to this one; ``weight`` is that of the weakest
    tie on it, in points of evidence. ``exempt`` says why nothing follows, or is None.
    """

    account_id: str
    user: str
    path: tuple[str, ...]
    weight: int
    evidence: tuple[Evidence, ...]
    finding_ids: tuple[str, ...]
    exempt: str | None = None


@frozen
class CascadePlan:
    """All related accounts of a decision, strongest first, and what those reached would get."""

    decision_id: str
    account_id: str
    actions: tuple[ChosenAction, ...]
    related: tuple[Related, ...]

    @property
    def reached(self) -> tuple[Related, ...]:
        """Those that are not exempt."""
        return tuple(one for one in self.related if one.exempt is None)


def hops(user: str, ties: Iterable[Tie], limit: int) -> Mapping[str, tuple[Tie, ...]]:
    """Each User reached over at most so many ties, with the ties on the way; strongest first.

    A refuted tie leads nowhere further, yet whom it leads to is told.
    """
    known = sorted(ties, key=lambda tie: (tie.refuted is not None, -tie.weight, sorted(tie.users)))
    paths: dict[str, tuple[Tie, ...]] = {user: ()}
    edge = [user]
    for _ in range(limit):
        ahead: list[str] = []
        for here in edge:
            for tie in known:
                beyond = tie.users - {here}
                if here not in tie.users or not beyond or min(beyond) in paths:
                    continue
                paths[min(beyond)] = (*paths[here], tie)
                if tie.refuted is None:
                    ahead.append(min(beyond))
        edge = ahead
    return {other: path for other, path in paths.items() if path}


def plan_cascade(
    decision: Decision,
    ties: Iterable[Tie],
    accounts: Mapping[str, Sequence[str]],
    exempt: Mapping[str, str],
    rules: HouseRules,
) -> CascadePlan:
    """The plan for a decision.

    ``accounts`` are the open accounts of each User in reach, ``exempt`` why an account or User is
    left out (an approval, named staff, decided already).
    """
    house, actions = rules.cascade, milder(decision, rules)
    found = [
        _related(account, user, decision, path)
        for user, path in hops(decision.user, ties, house.hop_limit).items()
        for account in accounts.get(user, ())
    ]
    found.sort(key=lambda one: (-one.weight, len(one.path), one.account_id))
    told: list[Related] = []
    for one in found:
        why = _why_exempt(one, exempt, actions, rules)
        if why is None and sum(o.exempt is None for o in told) >= house.cap:
            why = f"beyond the {house.cap} accounts that one decision may reach"
        told.append(evolve(one, exempt=one.exempt or why))
    return CascadePlan(decision.id, decision.account_id, actions, tuple(told))


def milder(decision: Decision, rules: HouseRules) -> tuple[ChosenAction, ...]:
    """What a related account gets: the house's milder rung, as far as 6.2(i) opens it (T23)."""
    name = rules.cascade.milder_rung
    if name is None:
        taken = ((a.power, a.end, a.starts, a.scope.capabilities) for a in decision.actions)
        chosen = [
            ChosenAction(
                power=power,
                power_clause=POWER.text,
                days=None if end.at is None else max(1, (end.at - starts).days),
                capabilities=tuple(c.value for c in capabilities),
            )
            for power, end, starts, capabilities in taken
        ]
    else:
        chosen = [
            ChosenAction(
                power=template.power,
                power_clause=POWER.text,
                days=template.days,
                capabilities=tuple(c.value for c in template.capabilities),
            )
            for template in rules.rung(name).actions
        ]
    return tuple(dict.fromkeys(one for one in chosen if _open(one, decision)))


def _open(chosen: ChosenAction, decision: Decision) -> bool:
    standing = [ground for ground in decision.grounds if not ground.fallen]
    openings = [(ground, decision.terms.opening(ground.clause, POWER)) for ground in standing]
    return any(
        opening is not None
        and chosen.power in opening.powers
        and opening.gate.passed(ground.standard, ground.triggers)
        for ground, opening in openings
    )


def _related(account: str, user: str, decision: Decision, path: Sequence[Tie]) -> Related:
    users = [decision.user]
    for tie in path:
        users.extend(tie.users - {users[-1]})
    refuted = next((tie.refuted for tie in path if tie.refuted), None)
    return Related(
        account_id=account,
        user=user,
        path=tuple(users),
        weight=min(tie.weight for tie in path),
        evidence=tuple(dict.fromkeys(e for tie in path for e in tie.evidence)),
        finding_ids=tuple(dict.fromkeys(i for tie in path for i in tie.finding_ids)),
        exempt=refuted,
    )


def _why_exempt(
    one: Related, exempt: Mapping[str, str], actions: tuple[ChosenAction, ...], rules: HouseRules
) -> str | None:
    least = rules.cascade.minimum_weight
    if one.exempt is not None:
        return one.exempt
    if one.weight < least:
        return f"the evidence weighs {one.weight}, less than {least}"
    if not actions:
        return f"nothing milder is open under {POWER} (T23)"
    return exempt.get(one.account_id) or exempt.get(one.user)


def told_to_member(one: Related, hidden: Iterable[str]) -> Iterator[str]:
    """What the related Member is told of the link: nothing that names anybody else on the path."""
    names = [*hidden, *(user for user in one.path if user != one.user)]
    against = (e for e in one.evidence if e.points >= 0)
    shown = [e.sentence for e in against if not any(name in e.sentence for name in names)]
    yield from dict.fromkeys(shown or [_TOLD])
