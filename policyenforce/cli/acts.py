"""What people decide: confirm, refute, review, extend, appeal."""

from __future__ import annotations

from typing import Annotated, Literal

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
from policyenforce.cli.output import Format, printing
from policyenforce.enforcer import Enforcer
from policyenforce.errors import InputError, TermsError
from policyenforce.model.facts.procedure import AppealResult, ChosenAction
from policyenforce.model.outcome import Outcome
from policyenforce.model.standing import Capability
from policyenforce.terms.gates import Power, Standard
from policyenforce.terms.references import ClauseRef

Action = Annotated[
    list[str] | None,
    typer.Option("--action", help="POWER@CLAUSE:DAYS:CAPABILITIES; may be given again."),
]
After = Annotated[
    list[str] | None,
    typer.Option(
        "--after",
        callback=words,
        help="FIELD=TEXT: what modified content says since; may be given again.",
    ),
]
Said = Annotated[Literal["approve", "amend", "reject"], typer.Argument()]
Reached = Annotated[str, typer.Option("--standard", help="suspicion, belief or fact.")]
Statement = Annotated[
    str | None, typer.Option("--statement", callback=words, help="What the Member says.")
]
Result = Annotated[AppealResult | None, typer.Option("--result", help="What was decided.")]
Falls = Annotated[
    list[str] | None, typer.Option("--clause", help="A ground that falls; may be given again.")
]
Hearer = Annotated[str | None, typer.Option("--by", help="Who hears it: ben, or ben:role.")]
Why = Annotated[
    str | None, typer.Option("--reason", callback=words, help="Why; it is kept and shown.")
]


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    for command in (confirm, refute, review, extend, appeal):
        app.command()(command)


def confirm(
    finding: str, store: Store, by: By, reason: Reason, standard: Reached = "fact",
    now: Now = None, policy: Policy = None, keys: Keys = None, form: Shown = None,
) -> None:  # fmt: skip
    """Reach a standard on a finding."""
    sure, who, then = reached(standard), actor(by), instant(now)
    with opened(store, policy, keys) as enforcer:
        done = enforcer.confirm(finding, sure, by=who, reason=reason, now=then)
        show(enforcer, done, form)


def refute(
    finding: str, store: Store, by: By, reason: Reason,
    now: Now = None, policy: Policy = None, keys: Keys = None, form: Shown = None,
) -> None:  # fmt: skip
    """Find that it is not so; what rests on it falls."""
    who, then = actor(by), instant(now)
    with opened(store, policy, keys) as enforcer:
        show(enforcer, enforcer.refute(finding, by=who, reason=reason, now=then), form)


def review(
    decision: str, verdict: Said, store: Store, by: By, reason: Reason, action: Action = None,
    after: After = None, now: Now = None, policy: Policy = None, keys: Keys = None,
    form: Shown = None,
) -> None:  # fmt: skip
    """Approve, amend or reject a proposed decision."""
    chosen, who, then = chosen_actions(action, after), actor(by), instant(now)
    with opened(store, policy, keys) as enforcer:
        done = enforcer.review(
            decision, verdict, by=who, reason=reason, now=then, actions=chosen
        )  # fmt: skip
        show(enforcer, done, form)


def extend(
    account: str, decision: str, store: Store, by: By, reason: Reason, action: Action,
    evidence: Annotated[
        list[str], typer.Option("--evidence", callback=words, help="One sentence; repeatable.")
    ],
    now: Now = None, policy: Policy = None, keys: Keys = None, form: Shown = None,
) -> None:  # fmt: skip
    """Extend a decision to a related account (6.2(i)).

    A person has determined the relation, on the evidence stated.
    """
    chosen, who, then = chosen_actions(action), actor(by), instant(now)
    with opened(store, policy, keys) as enforcer:
        done = enforcer.relate(
            account, decision, actions=chosen, evidence=evidence, by=who, reason=reason, now=then
        )
        show(enforcer, done, form)


def appeal(
    decision: str, store: Store, statement: Statement = None, result: Result = None,
    clause: Falls = None, by: Hearer = None, reason: Why = None,
    now: Now = None, policy: Policy = None, keys: Keys = None, form: Shown = None,
) -> None:  # fmt: skip
    """File an appeal, or with --result decide it."""
    then = instant(now)
    if result is None:
        if clause or by or reason:
            raise InputError("to decide an appeal give `--result`", hint="uphold, vary or overturn")
        with opened(store, policy, keys) as enforcer:
            show(enforcer, enforcer.appeal(decision, now=then, statement=statement), form)
        return
    if by is None or reason is None or statement is not None:
        raise InputError("to decide an appeal give `--by` and `--reason`, and no `--statement`")
    who = actor(by)
    with opened(store, policy, keys) as enforcer:
        done = enforcer.decide_appeal(
            decision, result, by=who, reason=reason, now=then, clauses=clause or ()
        )
        show(enforcer, done, form)


def show(enforcer: Enforcer, done: Outcome, form: Format | None) -> None:
    """Print what came of an act."""
    with printing(COLUMNS, form, brief) as put:
        put(outcome_writer(enforcer)(done))


def reached(word: str) -> Standard:
    """The standard a word names; raises InputError."""
    known = {standard.label: standard for standard in Standard if standard is not Standard.NONE}
    reached = known.get(word.lower())
    if reached is None:
        hint = f"one of {', '.join(known)}; `refute` says that it is not so"
        raise InputError(f"`{word[:20]}` is no standard to reach", hint=hint)
    return reached


def chosen_actions(
    texts: list[str] | None, after: list[str] | None = None
) -> tuple[ChosenAction, ...]:
    """The actions that options name, and what modified content says since; raises InputError."""
    told = [_written(text) for text in after or ()]
    written = dict(told)
    if len(written) < len(told):
        raise InputError("`--after` says twice what one field says", hint="once for each field")
    made = tuple(_action(text, written) for text in texts or ())
    if bool(written) != any(one.power is Power.MODIFY_CONTENT for one in made):
        raise InputError(
            "`--after` goes with the action `modify_content`, and the action with it",
            hint="write `--action modify_content@6.1/limb1 --after title=...`",
        )
    return made


def _written(text: str) -> tuple[str, str]:
    name, sign, said = text.partition("=")
    if not (name and sign):
        raise InputError("`--after` names a field and its text", hint="as in `--after title=...`")
    return name, said


def _action(text: str, written: dict[str, str]) -> ChosenAction:
    """``POWER@CLAUSE``, then if wanted ``:DAYS`` and ``:CAPABILITY,CAPABILITY``."""
    power, _, rest = text.partition("@")
    clause, days, capabilities = [*rest.split(":"), "", ""][:3]
    try:
        return ChosenAction(
            power=Power(power),
            power_clause=ClauseRef.parse(clause).text,
            days=_positive(days) if days else None,
            capabilities=tuple(Capability(c).value for c in capabilities.split(",") if c),
            after=written if power == Power.MODIFY_CONTENT.value else {},
        )
    except (ValueError, TermsError):
        hint = "write `suspend_account@6.2(i):14` or `restrict_feature@6.2(iv):7:create_listing`"
        raise InputError(f"`{text[:60]}` is no action", hint=hint) from None


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number
