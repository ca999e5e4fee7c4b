"""From a template of the house rules to an action on one account, and shifts in time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from attrs import evolve

from policyenforce.discipline.setting import Setting
from policyenforce.errors import GateError
from policyenforce.model.decisions import (
    Decision,
    DisciplinaryAction,
    End,
    Ground,
    Modification,
    Scope,
    ScopeKind,
)
from policyenforce.model.facts.procedure import ChosenAction
from policyenforce.model.standing import Capability
from policyenforce.policy.rules import ActionTemplate
from policyenforce.terms.gates import Power
from policyenforce.terms.references import ClauseRef

AT_WILL = ClauseRef.parse("4.1/s4")
"""An application may be turned down for any reason."""
CONTENT_POWERS = frozenset({Power.REMOVE_CONTENT, Power.MODIFY_CONTENT, Power.REJECT_CONTENT})
_OPEN_ENDED = End()
_NAME_LIMIT = 200  # of a field: it stands in the record, on terminals and in letters
_NAMING = frozenset({Power.RESTRICT_FEATURE, Power.LIMIT_SERVICE})
ACCOUNT_POWERS = frozenset({Power.CANCEL_ACCOUNT, Power.SUSPEND_ACCOUNT, Power.TERMINATE_ACCOUNT})


def action_from(
    template: ActionTemplate, ground: Ground, setting: Setting, *, rung: str | None = None
) -> DisciplinaryAction:
    """The action a template gives for one ground."""
    return DisciplinaryAction(
        power=template.power,
        scope=Scope(template.scope, _scope_value(template, ground, setting), template.capabilities),
        starts=setting.starts,
        end=_end(template.days, template.cure, setting.starts),
        ground=ground.clause,
        power_clause=template.power_clause,
        label=template.label,
        rung=rung,
    )


def chosen_actions(
    chosen: Iterable[ChosenAction], ground: Ground, setting: Setting, service: str | None
) -> tuple[DisciplinaryAction, ...]:
    """The actions a reviewer puts in place of what was proposed.

    Raises GateError where the choice does not say what an action would bear on, or says of one
    field twice what it reads afterwards, and ValueError for an unknown capability.
    """
    made = tuple(_chosen(one, ground, setting, service) for one in chosen)
    parts = [name for a in made if a.modification for name in a.modification.parts]
    if len(set(parts)) < len(parts):
        raise GateError("a field is modified once in a decision, not twice")
    return made


def _chosen(
    chosen: ChosenAction, ground: Ground, setting: Setting, service: str | None
) -> DisciplinaryAction:
    capabilities = tuple(Capability(c) for c in chosen.capabilities)
    kind = ScopeKind.CAPABILITY if capabilities else _kind_of(chosen.power)
    if chosen.power in _NAMING and not capabilities:
        raise GateError(f"name the capabilities that `{chosen.power.value}` takes")
    if chosen.power is Power.CAP_CONTENT:
        raise GateError("a cap needs its number, which only a house rule gives")
    if (chosen.power is Power.MODIFY_CONTENT) != bool(chosen.modifies):
        raise GateError("to modify content, and only then, say what its fields say afterwards")
    if chosen.after and set(chosen.after) != set(chosen.modifies):
        raise GateError("`after` says other fields than `modifies` names")
    if not all(name.isprintable() and 0 < len(name) <= _NAME_LIMIT for name in chosen.modifies):
        raise GateError(f"a field has a name of 1 to {_NAME_LIMIT} characters that can be seen")
    if chosen.power in CONTENT_POWERS and capabilities:
        raise GateError(f"`{chosen.power.value}` bears on content and takes no capabilities")
    if kind is ScopeKind.CONTENT and not is_revision(ground.target):
        raise GateError(f"the ground {ground.clause} names no content revision")
    value = {ScopeKind.CONTENT: ground.target, ScopeKind.SERVICE: service}.get(
        kind, setting.account_id
    )
    return DisciplinaryAction(
        power=chosen.power,
        scope=Scope(kind, value, capabilities),
        starts=setting.starts,
        end=_end(chosen.days, None, setting.starts),
        ground=ground.clause,
        power_clause=ClauseRef.parse(chosen.power_clause),
        label="measure_chosen_by_a_person" if chosen.power is Power.OTHER_CORRECTIVE else "",
        modification=Modification(chosen.modifies, setting.fact.id) if chosen.modifies else None,
    )


def distinct(actions: Iterable[DisciplinaryAction]) -> tuple[DisciplinaryAction, ...]:
    """The actions without repeats of the same power, scope and label for the same ground.

    Two grounds for the same action give it twice: it falls with the last of them. The right to
    turn an application down for any reason is no second ground beside the fault it rests on, or
    a fault that was found not to be would still shut the door.
    """
    told = tuple(actions)
    if len({action.power for action in told}) == len(told):
        return told
    seen: dict[tuple[object, ...], DisciplinaryAction] = {}
    for action in told:
        seen.setdefault((action.power, action.scope, action.label, action.ground), action)
    at_fault = {(a.power, a.scope) for a in seen.values() if a.ground != AT_WILL}
    return tuple(
        a for a in seen.values() if a.ground != AT_WILL or (a.power, a.scope) not in at_fault
    )


def starting(decision: Decision, at: datetime) -> tuple[DisciplinaryAction, ...]:
    """The actions of a proposed decision, moved to start now; lengths stay what they were."""
    return tuple(_moved(action, at) for action in decision.actions)


def is_revision(target: str | None) -> bool:
    """True for the name of a content revision, ``content-3@2``: only that can be removed."""
    return target is not None and "@" in target


def _moved(action: DisciplinaryAction, at: datetime) -> DisciplinaryAction:
    if action.end.at is None:
        return evolve(action, starts=at)
    return evolve(
        action, starts=at, end=evolve(action.end, at=action.end.at + (at - action.starts))
    )


def _end(days: int | None, cure: str | None, starts: datetime) -> End:
    if days is None:
        return _OPEN_ENDED if cure is None else End(cure=cure)
    return End(starts + timedelta(days=days), cure)


def _scope_value(template: ActionTemplate, ground: Ground, setting: Setting) -> str | None:
    if template.value is not None:
        return template.value
    if template.scope is ScopeKind.CONTENT:
        return ground.target
    if template.scope is ScopeKind.SITE:
        return setting.site
    if template.scope is ScopeKind.SERVICE:
        return setting.service
    return setting.account_id


def _kind_of(power: Power) -> ScopeKind:
    if power in CONTENT_POWERS:
        return ScopeKind.CONTENT
    if power.value.endswith("_service"):
        return ScopeKind.SERVICE
    return ScopeKind.APPLICATION if power is Power.REJECT_APPLICATION else ScopeKind.ACCOUNT
