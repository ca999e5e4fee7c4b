"""Short ways to say what a decision rests on, for the tests of this room."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

from attrs import evolve

import policyenforce as pe
from policyenforce.discipline.decide import decide
from policyenforce.discipline.setting import Setting
from policyenforce.model.evidence import Evidence
from policyenforce.model.findings import found
from policyenforce.model.outcome import AccountRecord
from policyenforce.policy.load import load_rules
from policyenforce.policy.repeats import Repeats

AT = datetime(2019, 10, 20, tzinfo=UTC)
RULES = load_rules()
VERSION = RULES.terms_at(AT)
SEEN = Evidence("seen", "It was seen on the page.", 40, ("f-1",))
ANA = pe.Actor("ana", roles=("moderator", "senior_moderator"))
BEN = pe.Actor("ben", roles=("appeals_officer",))


def a_finding(clause: str = "5.6(d)", **more: Any) -> pe.Finding:
    defaults: dict[str, Any] = {
        "subject": "a-1", "confidence": 0.95, "explanation": "it says what it may not",
        "check": "test", "version": 1, "fact_ids": ("f-1",), "evidence": (SEEN,),
        "attested": pe.Standard.FACT, "severity": pe.Severity.SERIOUS, "target": "c-1@1",
    }  # fmt: skip
    return evolve(found(clause, **{**defaults, **more}), conduct_at=AT)


def a_history(*decisions: pe.Decision, **more: Any) -> pe.History:
    defaults: dict[str, Any] = {
        "accounts": (AccountRecord("a-1", AT, None, ("alibaba",), user="u-1"),),
        "origin": "CN", "residence": "CN", "access": "CN",
    }  # fmt: skip
    return pe.History("u-1", **{**defaults, **more}, decisions=decisions)


def a_setting(
    fact: pe.Fact | None = None,
    *,
    history: pe.History | None = None,
    rules: pe.HouseRules = RULES,
    now: datetime = AT,
) -> Setting:
    fact = fact or pe.SignedOut(id="f-1", at=AT, account_id="a-1", site="alibaba")
    terms = rules.terms_at(fact.at, service=fact.service)
    return Setting(fact, now, terms, rules, history or a_history(), fact.at)


def house_with(old: str, new: str) -> pe.HouseRules:
    """The default house rules with one line of their file written otherwise."""
    text = (files("policyenforce.policy") / "house.toml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    return load_rules(text.replace(old, new))


STRICT = evolve(RULES, repeats=Repeats(50, pe.Severity.SERIOUS, (150, 200)))
"""The default house, but first offences cost half and repeated ones more each time."""
HOUSES = {"shipped": RULES, "strict": STRICT}


def decided(
    *findings: pe.Finding, setting: Setting | None = None, actor: pe.Actor | None = None
) -> pe.Decision:
    """The decision that binds at once on these findings."""
    verdicts = decide(findings or (a_finding(),), setting or a_setting(), actor=actor)
    return next(d for d in verdicts.decisions if d.in_force)


def earlier(number: int, clause: str, days: float, severity: pe.Severity) -> pe.Decision:
    """A decision on conduct so many days before, with the points of its clause."""
    made = decided(a_finding(clause, severity=severity, target=f"c-{number}@1"))
    then = AT - timedelta(days=days)
    return evolve(made, id=f"d-{number}", fact_id=f"f-{number}", conduct_at=then, decided_at=then)
