"""The desk: cases handled and decided by hand, protective measures, conflicts, notices put off."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from policyenforce.cli.acts import Action, After, chosen_actions, reached, show
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
from policyenforce.errors import InputError
from policyenforce.model.facts.dealings import Money
from policyenforce.model.facts.procedure import MeasureKind

Until = Annotated[str, typer.Option("--until", help="The instant it ends.", metavar="TIME")]
To = Annotated[str | None, typer.Option("--to", help="Whose it is from now on.")]


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    for command in (case, open_case, protect, lift, conflict, defer):
        app.command()(command)


def case(
    case_id: Annotated[str, typer.Argument(metavar="CASE")], store: Store, by: By, reason: Reason,
    to: To = None,
    snooze: Annotated[
        str | None, typer.Option("--snooze", help="Let it rest until then.", metavar="TIME")
    ] = None,
    action: Action = None,
    after: After = None,
    finding: Annotated[
        str | None, typer.Option("--finding", help="Which of its findings is decided on.")
    ] = None,
    standard: Annotated[
        str, typer.Option("--standard", help="The standard reached on it.")
    ] = "fact",
    now: Now = None, policy: Policy = None, keys: Keys = None, form: Shown = None,
) -> None:  # fmt: skip
    """Close a case without more, or decide it by hand, hand it on, or let it rest.

    With --action it is decided on one of its findings; with --to it is somebody's; with --snooze it
    comes back by itself.
    """
    who, then, chosen = actor(by), instant(now), chosen_actions(action, after)
    if sum(map(bool, (to, snooze, chosen))) > 1:
        raise InputError("`--action`, `--to` and `--snooze` exclude each other")
    with opened(store, policy, keys) as enforcer:
        if to is not None:
            done = enforcer.assign(case_id, to, by=who, reason=reason, now=then)
        elif snooze is not None:
            done = enforcer.snooze(case_id, instant(snooze), by=who, reason=reason, now=then)
        else:
            done = enforcer.decide(
                case_id, by=who, reason=reason, now=then, finding_id=finding,
                standard=reached(standard), actions=chosen,
            )  # fmt: skip
        show(enforcer, done, form)


def open_case(
    account: str, store: Store, by: By, reason: Reason, to: To = None,
    now: Now = None, policy: Policy = None, keys: Keys = None, form: Shown = None,
) -> None:  # fmt: skip
    """Open a case on an account by hand."""
    who, then = actor(by), instant(now)
    with opened(store, policy, keys) as enforcer:
        show(enforcer, enforcer.open_case(account, by=who, reason=reason, now=then, to=to), form)


def protect(
    account: str, measure: MeasureKind, store: Store, by: By, reason: Reason, until: Until,
    basis: Annotated[str, typer.Option("--basis", callback=words, help="2.2, 2.3 or a duty.")],
    amount: Annotated[
        str | None, typer.Option("--amount", help="What is kept back.", metavar="820.00:USD")
    ] = None,
    target: Annotated[
        str | None, typer.Option("--target", help="The content revision that is held.")
    ] = None,
    now: Now = None, policy: Policy = None, keys: Keys = None, form: Shown = None,
) -> None:  # fmt: skip
    """Order a protective measure: no discipline, with a basis and an end."""
    who, then, end, money = actor(by), instant(now), instant(until), _money(amount)
    with opened(store, policy, keys) as enforcer:
        done = enforcer.protect(
            account, measure, basis=basis, until=end, by=who, reason=reason, now=then,
            target=target, amount=money,
        )  # fmt: skip
        show(enforcer, done, form)


def lift(
    account: str, measure: str, store: Store, by: By, reason: Reason,
    now: Now = None, policy: Policy = None, keys: Keys = None, form: Shown = None,
) -> None:  # fmt: skip
    """End a protective measure before its time."""
    who, then = actor(by), instant(now)
    with opened(store, policy, keys) as enforcer:
        show(enforcer, enforcer.lift(account, measure, by=who, reason=reason, now=then), form)


def conflict(
    account: str, person: str, store: Store, by: By, reason: Reason,
    now: Now = None, policy: Policy = None, keys: Keys = None, form: Shown = None,
) -> None:  # fmt: skip
    """Declare that somebody has an interest in a User, and decides nothing on it."""
    who, then = actor(by), instant(now)
    with opened(store, policy, keys) as enforcer:
        done = enforcer.declare_conflict(account, person, by=who, reason=reason, now=then)
        show(enforcer, done, form)


def defer(
    decision: str, store: Store, by: By, reason: Reason, until: Until,
    legal_reason: Annotated[
        str, typer.Option("--legal-reason", callback=words, help="Which law or order asks for it.")
    ],
    now: Now = None, policy: Policy = None, keys: Keys = None, form: Shown = None,
) -> None:  # fmt: skip
    """Put the notice of a decision off, for a legal reason."""
    who, then, end = actor(by), instant(now), instant(until)
    with opened(store, policy, keys) as enforcer:
        done = enforcer.defer_notice(
            decision, end, legal_reason=legal_reason, by=who, reason=reason, now=then
        )
        show(enforcer, done, form)


def _money(text: str | None) -> Money | None:
    """``820.00:USD`` as money; raises InputError."""
    if text is None:
        return None
    amount, _, currency = text.partition(":")
    try:
        return Money(Decimal(amount), currency)
    except (InvalidOperation, ValueError):
        raise InputError(f"`{text[:30]}` is no amount", hint="write `820.00:USD`") from None
