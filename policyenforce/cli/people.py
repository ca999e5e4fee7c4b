"""The human side: standing, explain, confirm, refute, review, relate, appeals, cases, notices."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from policyenforce.cli.facts import outcome_writer
from policyenforce.cli.options import (
    At,
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
)
from policyenforce.cli.output import line, record, rows
from policyenforce.discipline.notice import text_of
from policyenforce.errors import InputError
from policyenforce.model.decisions import Decision
from policyenforce.model.facts.procedure import AppealResult, ChosenAction, Verdict
from policyenforce.model.standing import Standing
from policyenforce.terms.gates import Power, Standard

Action = Annotated[
    list[str] | None,
    typer.Option("--action", help="POWER@CLAUSE or POWER@CLAUSE:DAYS; may be given again."),
]
KnownAt = Annotated[str | None, typer.Option("--known-at", help="As it was known at this instant.")]


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    for command in (standing, explain, notice, cases, decisions, confirm, refute, review, relate):
        app.command()(command)
    app.command()(appeal)
    app.command()(case)


def standing(
    account: str,
    store: Store,
    at: At = None,
    known_at: KnownAt = None,
    policy: Policy = None,
    keys: Keys = None,
    form: Shown = None,
) -> None:
    """What holds for an account at an instant."""
    known = None if known_at is None else instant(known_at)
    with opened(store, policy, keys, existing=True) as enforcer:
        record(_standing(enforcer.standing(account, at=instant(at), known_at=known)), form)


def explain(
    decision: str, store: Store, policy: Policy = None, keys: Keys = None
) -> None:
    """Why a decision is what it is."""
    with opened(store, policy, keys, existing=True) as enforcer:
        for text in enforcer.explain(decision):
            print(text)


def notice(decision: str, store: Store, policy: Policy = None, keys: Keys = None) -> None:
    """The statement of reasons of a decision, as text."""
    with opened(store, policy, keys, existing=True) as enforcer:
        print(text_of(enforcer.notice(decision)))


def cases(store: Store, policy: Policy = None, keys: Keys = None, form: Shown = None) -> None:
    """What waits for a person."""
    with opened(store, policy, keys, existing=True) as enforcer:
        waiting = [
            {
                "case": c.id,
                "account": c.account_id,
                "since": c.opened_at.isoformat(),
                "decisions": list(c.decision_ids),
                "findings": list(c.finding_ids),
                "reason": c.reason,
            }
            for c in enforcer.cases()
        ]
    rows(waiting, ("case", "account", "decisions", "findings", "reason"), form)


def decisions(store: Store, policy: Policy = None, keys: Keys = None, form: Shown = None) -> None:
    """Every decision, newest revision."""
    with opened(store, policy, keys, existing=True) as enforcer:
        taken = [_decision(d) for d in enforcer.decisions()]
    rows(taken, ("decision", "account", "status", "grounds", "actions", "points"), form)


def confirm(
    finding: str, store: Store, by: By, reason: Reason, standard: str = "fact",
    now: Now = None, policy: Policy = None, keys: Keys = None,
) -> None:  # fmt: skip
    """Reach a standard on a finding (suspicion, belief or fact)."""
    with opened(store, policy, keys, existing=True) as enforcer:
        done = enforcer.confirm(
            finding, _standard(standard), by=actor(by), reason=reason, now=instant(now)
        )
        line(outcome_writer(enforcer)(done))


def refute(
    finding: str, store: Store, by: By, reason: Reason,
    now: Now = None, policy: Policy = None, keys: Keys = None,
) -> None:  # fmt: skip
    """Find that it is not so; what rests on it falls."""
    with opened(store, policy, keys, existing=True) as enforcer:
        done = enforcer.refute(finding, by=actor(by), reason=reason, now=instant(now))
        line(outcome_writer(enforcer)(done))


def review(
    decision: str, verdict: Verdict, store: Store, by: By, reason: Reason,
    action: Action = None, now: Now = None, policy: Policy = None, keys: Keys = None,
) -> None:  # fmt: skip
    """Approve, amend (with --action) or reject a proposed decision."""
    with opened(store, policy, keys, existing=True) as enforcer:
        done = enforcer.review(
            decision, verdict, by=actor(by), reason=reason, now=instant(now),
            actions=_actions(action),
        )  # fmt: skip
        line(outcome_writer(enforcer)(done))


def relate(
    account: str, decision: str, store: Store, by: By, reason: Reason, action: Action,
    evidence: Annotated[list[str], typer.Option("--evidence", help="One sentence; repeatable.")],
    now: Now = None, policy: Policy = None, keys: Keys = None,
) -> None:  # fmt: skip
    """Extend a decision to an account determined to be related, on stated evidence (6.2(i))."""
    with opened(store, policy, keys, existing=True) as enforcer:
        done = enforcer.relate(
            account, decision, actions=_actions(action), evidence=evidence, by=actor(by),
            reason=reason, now=instant(now),
        )  # fmt: skip
        line(outcome_writer(enforcer)(done))


def appeal(
    decision: str,
    store: Store,
    statement: Annotated[str | None, typer.Option(help="What the Member says.")] = None,
    result: Annotated[AppealResult | None, typer.Option(help="Decide it: uphold, vary, overturn.")] = None,
    clause: Annotated[list[str] | None, typer.Option(help="A ground that falls; repeatable.")] = None,
    by: Annotated[str | None, typer.Option(help="Who hears it, as ID:role.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why.")] = None,
    now: Now = None, policy: Policy = None, keys: Keys = None,
) -> None:  # fmt: skip
    """File an appeal against a decision, or with --result decide it."""
    with opened(store, policy, keys, existing=True) as enforcer:
        if result is None:
            done = enforcer.appeal(decision, now=instant(now), statement=statement)
        elif by is None or reason is None:
            raise InputError("to decide an appeal give `--by` and `--reason`")
        else:
            done = enforcer.decide_appeal(
                decision, result, by=actor(by), reason=reason, now=instant(now),
                clauses=clause or (),
            )  # fmt: skip
        line(outcome_writer(enforcer)(done))


def case(
    case_id: Annotated[str, typer.Argument(metavar="CASE")], store: Store, by: By, reason: Reason,
    now: Now = None, policy: Policy = None, keys: Keys = None,
) -> None:  # fmt: skip
    """Close a case without more."""
    with opened(store, policy, keys, existing=True) as enforcer:
        done = enforcer.decide(case_id, by=actor(by), reason=reason, now=instant(now))
        line(outcome_writer(enforcer)(done))


def _standard(word: str) -> Standard:
    try:
        return Standard.of(word)
    except KeyError:
        known = ", ".join(s.label for s in Standard)
        raise InputError(f"`{word[:20]}` is no standard", hint=f"one of {known}") from None


def _actions(texts: list[str] | None) -> tuple[ChosenAction, ...]:
    return tuple(_action(text) for text in texts or ())


def _action(text: str) -> ChosenAction:
    power, _, rest = text.partition("@")
    clause, _, days = rest.partition(":")
    try:
        return ChosenAction(
            power=Power(power), power_clause=clause, days=int(days) if days else None
        )
    except ValueError:
        hint = "write `suspend_account@6.2(i):14`"
        raise InputError(f"`{text[:60]}` is no action", hint=hint) from None


def _standing(found: Standing) -> dict[str, Any]:
    return {
        "account": found.account_id,
        "user": found.user,
        "at": found.at.isoformat() if found.at else None,
        "state": found.state.value,
        "points": found.points,
        "restrictions": [
            {
                "capability": r.capability.value,
                "reason": r.reason,
                "source": r.source_id,
                "clause": r.clause,
                "until": r.until.isoformat() if r.until else None,
                "site": r.site,
                "service": r.service,
            }
            for several in found.restrictions.values()
            for r in several
        ],
        "listing_cap": found.listing_cap,
        "removed": sorted(found.removed),
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "decision": decision.id,
        "account": decision.account_id,
        "status": decision.status.value,
        "grounds": [str(g.clause) for g in decision.grounds],
        "actions": [f"{a.label or a.power.value} ({a.end.label})" for a in decision.actions],
        "points": decision.points,
        "rule": decision.rule,
    }
