"""What reaches several Members: ``cascade``, ``unwind`` and ``reverse``, planned and approved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from policyenforce.cli.facts import COLUMNS, brief, outcome_writer
from policyenforce.cli.options import (
    By,
    Keys,
    Now,
    Policy,
    Reason,
    Shown,
    Store,
    actor,
    instant,
    opened,
    words,
)
from policyenforce.cli.output import Format, printing, rows
from policyenforce.cli.streams import say
from policyenforce.discipline.cascade import CascadePlan
from policyenforce.discipline.reversal import ReversalPlan
from policyenforce.enforcer import Enforcer
from policyenforce.errors import InputError
from policyenforce.model.facts.procedure import Actor
from policyenforce.model.outcome import Outcome

Approved = Annotated[
    bool, typer.Option("--approve", help="Do it; without, the plan is only shown.")
]
Accounts = Annotated[
    list[str] | None, typer.Option("--account", help="Only this account; may be given again.")
]
Approver = Annotated[str | None, typer.Option("--by", help="Who approves: ana, or ana:role.")]
Why = Annotated[
    str | None, typer.Option("--reason", callback=words, help="Why; it is kept and shown.")
]
Since = Annotated[str, typer.Option("--since", help="Decided at or after.", metavar="TIME")]


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    for command in (cascade, unwind, reverse):
        app.command()(command)


def cascade(
    decision: str, store: Store, approve: Approved = False, account: Accounts = None,
    by: Approver = None, reason: Why = None,
    now: Now = None, policy: Policy = None, keys: Keys = None, form: Shown = None,
) -> None:  # fmt: skip
    """Show which related accounts a decision could reach (6.2(i)).

    Each is told with the evidence of its link, the path to it, and why it is exempt if it is.
    With --approve a person carries the decision over to all that are not, or to those named.
    """
    then, who = instant(now), _approver(approve, by, reason)
    with opened(store, policy, keys) as enforcer:
        if who is None:
            _plan(enforcer.cascade(decision, now=then), form)
            return
        name, outcomes = enforcer.approve_cascade(
            decision, by=who, reason=reason or "", now=then, only=account or ()
        )
        say(f"cascade {name}: `unwind {name}` takes it back")
        _show(enforcer, outcomes, form)


def unwind(
    cascade_id: Annotated[str, typer.Argument(metavar="CASCADE")], store: Store, by: By,
    reason: Reason, now: Now = None, policy: Policy = None, keys: Keys = None, form: Shown = None,
) -> None:  # fmt: skip
    """Take back exactly what one approved cascade did."""
    who, then = actor(by), instant(now)
    with opened(store, policy, keys) as enforcer:
        done = enforcer.unwind(cascade_id, by=who, reason=reason, now=then)
        _show(enforcer, done, form)


def reverse(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="name@version, or a bare name.")],
    store: Store, since: Since, approve: Approved = False, by: Approver = None, reason: Why = None,
    now: Now = None, policy: Policy = None, keys: Keys = None, form: Shown = None,
) -> None:  # fmt: skip
    """Show what undoing a rule would take back, or with --approve take it back.

    Each Member concerned is told.
    """
    then, from_, who = instant(now), instant(since), _approver(approve, by, reason)
    with opened(store, policy, keys) as enforcer:
        plan = enforcer.reverse(rule, since=from_)
        if who is None:
            _reversals(plan, form)
            if not plan.reversals:
                say(f"nothing to take back: no decision in force was drawn from `{rule}` since")
            return
        _show(
            enforcer, enforcer.approve_reversal(plan, by=who, reason=reason or "", now=then), form
        )


def _approver(approve: bool, by: str | None, reason: str | None) -> Actor | None:
    """Who approves, or None where nobody does; raises InputError for half of it."""
    if not approve:
        if by is not None or reason is not None:
            raise InputError("to approve the plan give `--approve`", hint="without, it is shown")
        return None
    if by is None or reason is None:
        raise InputError("to approve the plan give `--by` and `--reason`")
    return actor(by)


def _plan(plan: CascadePlan, form: Format | None) -> None:
    told = [
        {
            "decision": plan.decision_id,
            "account": one.account_id,
            "exempt": one.exempt,
            "weight": one.weight,
            "path": list(one.path),
            "evidence": [e.sentence for e in one.evidence],
            "findings": list(one.finding_ids),
            "actions": []
            if one.exempt
            else [_action(a.power.value, a.days, a.capabilities) for a in plan.actions],
        }
        for one in plan.related
    ]
    rows(told, ("account", "exempt", "weight", "path", "evidence", "actions"), form)


def _action(power: str, days: int | None, capabilities: Iterable[str]) -> str:
    """As ``--action`` of other commands takes it."""
    told: Any = (f"{power}@6.2(i)", "" if days is None else str(days), ",".join(capabilities))
    return ":".join(told).rstrip(":")


def _reversals(plan: ReversalPlan, form: Format | None) -> None:
    told = [
        {
            "plan": plan.id,
            "decision": one.decision_id,
            "account": one.account_id,
            "status": one.status.value,
            "decided": one.decided_at.isoformat(),
            "actions": list(one.actions),
            "points": one.points,
            "automated": one.automated,
        }
        for one in plan.reversals
    ]
    rows(told, ("decision", "account", "status", "decided", "actions", "points"), form)


def _show(enforcer: Enforcer, outcomes: Iterable[Outcome], form: Format | None) -> None:
    write = outcome_writer(enforcer)
    with printing(COLUMNS, form, brief) as put:
        for outcome in outcomes:
            put(write(outcome))
