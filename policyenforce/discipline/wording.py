"""The words for an action, the same in an explanation and in a notice."""

from __future__ import annotations

from collections.abc import Callable

from policyenforce.discipline.actions import ACCOUNT_POWERS
from policyenforce.model.decisions import Decision, DisciplinaryAction, ScopeKind, Status
from policyenforce.model.standing import SURVIVING, Capability
from policyenforce.policy.repeats import WHOLE
from policyenforce.terms.gates import Power

_CURES = {
    "details_amended": "the details are amended",
    "information_supplied": "all of the information is supplied",
    "security_setting_changed": "the password or the second factor is changed",
}
_LEFT = {
    Capability.EXPORT_DATA: "your data stays available for export",
    Capability.FULFIL_PAID_ORDERS: "paid orders may be fulfilled",
}
_NO_LONGER = {Status.OVERTURNED: "has fallen", Status.REJECTED: "was not taken"}


def words(name: str) -> str:
    """A name of the code as it is read: ``remove_content`` is "remove content"."""
    return name.replace("_", " ")


def named(action: DisciplinaryAction) -> str:
    """What is done: the power, or for another corrective its label, and what it takes."""
    corrective = action.power is Power.OTHER_CORRECTIVE and action.label
    told = words(action.label if corrective else action.power.value)
    if action.scope.kind is ScopeKind.CAP:
        return f"{told}: at most {action.scope.value}"
    if action.modification is not None:
        return f"{told}: {', '.join(map(words, action.modification.parts))}"
    taken = ", ".join(words(c.value) for c in action.scope.capabilities)
    return f"{told}: {taken}" if taken else told


def state(action: DisciplinaryAction, decision: Decision) -> str:
    """What keeps an action from binding, in brackets; empty for one that binds."""
    why = _NO_LONGER.get(decision.status)
    if why is None and action.stayed:
        why = "stayed: does not bind until a person has decided"
    return f" ({why})" if why else ""


def bears_on(action: DisciplinaryAction, decision: Decision) -> str:
    """What an action bears on, and which one; a site or service not named is every one."""
    kind, value = action.scope.kind, action.scope.value
    if kind in (ScopeKind.SITE, ScopeKind.SERVICE):
        return f"{kind.value} {value}" if value else f"every {kind.value}"
    if kind is ScopeKind.CONTENT:
        return f"content {value}"
    if kind is ScopeKind.APPLICATION:
        return f"the application of {decision.user}"
    return holder(decision)


def holder(decision: Decision) -> str:
    """The account a decision is on, or the User where there was none yet."""
    kind = "User" if decision.account_id == decision.user else "account"
    return f"{kind} {decision.account_id}"


def lasts(action: DisciplinaryAction) -> str:
    """How long an action lasts: up to an instant, until it is cured, or without an end."""
    end = action.end
    if end.at is not None or end.cure is None:
        return end.label
    return f"until {cure(end.cure)}"


def cure(tag: str) -> str:
    """The fact that ends an action, as its Member reads it."""
    return _CURES.get(tag, words(tag))


def priced(decision: Decision) -> str:
    """What the Member's record changed in what the breach cost, in brackets; empty if nothing."""
    price = decision.price
    if price is None or price.percent == WHOLE:
        return ""
    share = f"{price.percent} % of the {price.worth} it is worth"
    if price.percent < WHOLE:
        return f" (a first offence: {share})"
    breaches = f"{price.earlier} earlier breach{'es' * (price.earlier > 1)}"
    return f" (after {breaches} of the same ground: {share})"


def by_action(decision: Decision, tell: Callable[[DisciplinaryAction], str]) -> str:
    """What holds of each action, said once where it is the same for all."""
    told = [(named(action), tell(action)) for action in decision.actions]
    if len({what for _, what in told}) == 1:
        return told[0][1]
    return "; ".join(dict.fromkeys(f"{name}: {what}" for name, what in told))


def left(decision: Decision) -> str:
    """What the Member keeps, but for what a person has taken by name."""
    taken = {
        c
        for action in decision.actions
        if action.power in ACCOUNT_POWERS or action.scope.kind is ScopeKind.CAPABILITY
        for c in action.scope.capabilities
    }
    kept = [text for capability, text in _LEFT.items() if capability not in taken]
    gone = [words(c.value) for c in Capability if c in SURVIVING & taken]
    return "; ".join([*kept, *(f"{name} is taken as well" for name in gone)])
