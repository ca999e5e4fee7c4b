"""``export``: decisions stated under a transparency regime; nothing is sent anywhere."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from policyenforce.cli.options import Keys, Policy, Shown, Store, opened
from policyenforce.cli.output import printing
from policyenforce.cli.streams import say

Profile = Annotated[str, typer.Argument(metavar="PROFILE", help="dsa, p2b or santa_clara.")]


def add_to(app: typer.Typer) -> None:
    """Put the command of this module on the app."""
    app.command()(export)


def export(
    profile: Profile, store: Store, policy: Policy = None, keys: Keys = None, form: Shown = None
) -> None:
    """State every binding decision under a profile that the house rules turn on.

    What cannot be stated, as a warning alone or what holds personal data, is told apart, and the
    exit code is then 1.
    """
    refused = 0
    with opened(store, policy, keys) as enforcer:
        exported = enforcer.export(profile)
        with printing(("decision", "statement"), form) as put:
            for one in exported:
                if one.statement is None:
                    refused += 1
                    say(f"{one.decision_id}: {one.refused}")
                else:
                    row: dict[str, Any] = {"decision": one.decision_id}
                    put({**row, "statement": dict(one.statement)})
    raise typer.Exit(1 if refused else 0)
