"""What holds and why: standing, explanations, notices, cases, decisions."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from policyenforce.cli.options import At, Keys, Policy, Shown, Store, instant, opened
from policyenforce.cli.output import Format, prose, record, rows
from policyenforce.discipline.letter import Form
from policyenforce.model.decisions import Decision
from policyenforce.model.outcome import Case
from policyenforce.model.standing import Standing

KnownAt = Annotated[
    str | None,
    typer.Option("--known-at", help="As it was known at this instant.", metavar="TIME"),
]
Traced = Annotated[
    bool, typer.Option("--trace", help="Tell every condition looked at, with its value.")
]


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    for command in (standing, explain, notice, modified, cases, decisions):
        app.command()(command)


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
    then, known = instant(at), None if known_at is None else instant(known_at)
    with opened(store, policy, keys) as enforcer:
        record(_standing(enforcer.standing(account, at=then, known_at=known)), form)


def explain(
    decision: str, store: Store, policy: Policy = None, keys: Keys = None, trace: Traced = False,
    form: Shown = None,
) -> None:  # fmt: skip
    """Why a decision is what it is, and what would have made it milder.

    It is text unless --format asks for JSON.
    """
    with opened(store, policy, keys) as enforcer:
        lines = enforcer.explain(decision, trace=trace)
    if form in (None, Format.TABLE):
        prose(lines)
    else:
        record({"decision": decision, "explanation": list(lines)}, form)


def notice(
    decision: str, store: Store, policy: Policy = None, keys: Keys = None,
    letter: Annotated[Form, typer.Option("--as", help="The form of the letter.")] = Form.TEXT,
    form: Shown = None,
) -> None:  # fmt: skip
    """The statement of reasons of a decision.

    It is a letter, as the Member gets it, unless --format asks for its fields.
    """
    with opened(store, policy, keys) as enforcer:
        found = enforcer.notice(decision)
        written = enforcer.letter(decision, letter)
    if form in (None, Format.TABLE):
        prose(written.splitlines())
    else:
        about = {"notice": found.id, "decision": found.decision_id, "account": found.account_id}
        record({**about, "fields": found.fields}, form)


def modified(
    decision: str, store: Store, policy: Policy = None, keys: Keys = None, form: Shown = None
) -> None:
    """What a decision changed in content: each field before, and since."""
    with opened(store, policy, keys) as enforcer:
        found = enforcer.modifications(decision)
    told = [
        {"content": one.target, "field": name, "before": one.before.get(name),
         "after": one.after.get(name)}
        for one in found
        for name in one.parts
    ]  # fmt: skip
    rows(told, ("content", "field", "before", "after"), form)


def cases(
    store: Store, at: At = None, policy: Policy = None, keys: Keys = None, form: Shown = None
) -> None:
    """What waits for a person.

    With --at cases that rest at that instant are left out.
    """
    then = None if at is None else instant(at)
    with opened(store, policy, keys) as enforcer:
        waiting = [_case(case) for case in enforcer.cases(at=then)]
    rows(waiting, ("case", "account", "decisions", "findings", "reason"), form)


def decisions(store: Store, policy: Policy = None, keys: Keys = None, form: Shown = None) -> None:
    """Every decision, newest revision."""
    with opened(store, policy, keys) as enforcer:
        taken = [_decision(d) for d in enforcer.decisions()]
    rows(taken, ("decision", "account", "status", "grounds", "actions", "points"), form)


def _case(case: Case) -> dict[str, Any]:
    return {
        "case": case.id,
        "account": case.account_id,
        "since": case.opened_at.isoformat(),
        "decisions": list(case.decision_ids),
        "findings": list(case.finding_ids),
        "reason": case.reason,
        "assigned": case.assigned_to,
        "rests_until": case.snoozed_until.isoformat() if case.snoozed_until else None,
    }


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
        "modified": {target: list(found.modified[target]) for target in sorted(found.modified)},
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
