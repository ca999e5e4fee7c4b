"""``demo``: a generated marketplace through everything, from an empty folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from policyenforce.cli.output import progress
from policyenforce.cli.streams import say
from policyenforce.discipline.letter import letter
from policyenforce.enforcer import Enforcer, open_enforcer
from policyenforce.errors import InputError
from policyenforce.model.decisions import Decision, Status
from policyenforce.model.fact import Fact
from policyenforce.model.outcome import Outcome
from policyenforce.model.structuring import canonical, fact_to_json
from policyenforce.testing.marketplace import marketplace

_CASES = 3  # that are shown


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command()(demo)


def demo(
    directory: Annotated[Path, typer.Argument(help="Where facts and ledger are left.")] = Path(
        "policyenforce-demo"
    ),
    seed: Annotated[int, typer.Option(help="Another seed, another marketplace.")] = 2019,
) -> None:
    """Run a generated marketplace through everything.

    It shows what came of it, and leaves the facts and the ledger in a folder. Interrupted, the
    same command carries on.
    """
    facts_path, store_path = directory / "facts.jsonl", directory / "ledger.db"
    facts = marketplace(seed=seed)
    _leave(facts_path, b"".join(canonical(fact_to_json(f)) + b"\n" for f in facts), store_path)
    enforcer = open_enforcer(f"sqlite:///{store_path}")
    try:
        started = perf_counter()
        outcomes = _run(enforcer, facts)
        enforcer.due(now=facts[-1].at + timedelta(days=1))
        seconds = perf_counter() - started
        _summary(enforcer, facts, outcomes, seconds)
        problems = enforcer.ledger.verify()
        account = _with_most_points(enforcer, facts[-1].at)
    finally:
        enforcer.close()
    print(f"\nHistory verifies: {problems or 'yes'}")
    print(f"Facts:  {facts_path}\nLedger: {store_path}")
    at = f"{facts[-1].at:%Y-%m-%dT%H:%M:%SZ}"
    say(f"try: policyenforce standing {account} --at {at} --store sqlite:///{store_path}")


def _with_most_points(enforcer: Enforcer, at: datetime) -> str:
    """Of the accounts that decisions bind the one whose standing shows most."""
    bound = {d.account_id for d in enforcer.decisions() if d.status is Status.IN_FORCE}
    return max(sorted(bound), key=lambda account: enforcer.standing(account, at=at).points)


def _leave(path: Path, content: bytes, store: Path) -> None:
    """Write the facts; where they, or a beginning of them, stand already, the demo carries on."""
    kept = path.read_bytes() if path.exists() else None
    if store.exists() if kept is None else not content.startswith(kept):
        raise InputError(
            f"`{path.parent}` holds something else already", hint="name another folder"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise InputError(f"cannot write the facts: {error.strerror}", where=str(path)) from None


def _run(enforcer: Enforcer, facts: Sequence[Fact]) -> list[Outcome]:
    outcomes = []
    with progress("enforcing", len(facts)) as advance:
        for outcome in enforcer.record_many(facts, now=lambda fact: fact.at):
            outcomes.append(outcome)
            advance()
    return outcomes


def _summary(
    enforcer: Enforcer, facts: Sequence[Fact], outcomes: Sequence[Outcome], seconds: float
) -> None:
    decisions = sorted(enforcer.decisions(), key=lambda d: (d.decided_at, d.id))
    cases = list(enforcer.cases())
    users = {f.named for f in facts if f.tag == "application_received"}
    print(
        f"Read {len(facts)} facts about {len(users)} users, {facts[0].at:%d %B %Y} to "
        f"{facts[-1].at:%d %B %Y}, in {seconds:.1f} s.\n"
    )
    _counted("Findings by clause", Counter(str(f.clause) for o in outcomes for f in o.findings))
    _counted(
        "Cannot tell, by clause", Counter(str(c.clause) for o in outcomes for c in o.cannot_tell)
    )
    _counted("Decisions by action", Counter(_what(d) for d in decisions))
    print(f"Cases waiting for a person: {len(cases)}")
    for case in cases[:_CASES]:
        print(f"  {case.id} on {case.account_id}: {case.reason[:90]}")
    if len(cases) > _CASES:
        print(f"  … and {len(cases) - _CASES} more (`policyenforce cases`)")
    print("\nThree decisions, explained")
    for decision in _telling(decisions):
        print()
        print("\n".join(f"  {text}" for text in enforcer.explain(decision.id)))
    bound = [d for d in decisions if d.status is Status.IN_FORCE]
    print("\nOne notice, as the Member gets it\n")
    print("\n".join(f"  {text}" for text in letter(enforcer.notice(bound[0].id)).splitlines()))


def _counted(title: str, counts: Counter[str]) -> None:
    print(title)
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        print(f"  {count:>5}  {name}")
    print()


def _what(decision: Decision) -> str:
    words = {a.label.replace("_", " ") or a.power.value.replace("_", " ") for a in decision.actions}
    return f"{', '.join(sorted(words))} ({decision.status.value})"


def _telling(decisions: Sequence[Decision]) -> list[Decision]:
    """One in force, one proposed and one overturned, where there are such."""
    wanted = (Status.IN_FORCE, Status.PROPOSED, Status.OVERTURNED)
    firsts = [next((d for d in decisions if d.status is status), None) for status in wanted]
    found = [d for d in firsts if d is not None]
    return found + [d for d in decisions if d not in found][: 3 - len(found)]
