"""No punishment from a mere finding, and no power that its ground does not open."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import policyenforce as pe
from policyenforce.discipline.decide import decide
from policyenforce.discipline.setting import Setting
from policyenforce.model.decisions import Scope, ScopeKind, Status
from policyenforce.model.findings import found
from policyenforce.policy.load import load_rules
from policyenforce.terms import Terms

AT = datetime(2019, 10, 5, tzinfo=UTC)
RULES = load_rules()
VERSION = Terms.load().in_force(AT)
STATEMENTS = [s.ref.text for s in VERSION.statements]
ALL_TRIGGERS = tuple(pe.Trigger)
SUSPICION_OPENS = {"4.1/s3", "6.3(b)", "6.3(c)", "6.5"}


def setting() -> Setting:
    fact = pe.AccountOpened(id="f-1", at=AT, user_id="u-1", account_id="a-1")
    return Setting(fact, AT, VERSION, RULES, pe.History("u-1"), AT)


def finding(
    clause: str, standard: pe.Standard, triggers: tuple[pe.Trigger, ...] = ()
) -> pe.Finding:
    return found(
        clause,
        subject="a-1",
        confidence=0.99,
        explanation="as seen",
        check="test",
        version=1,
        fact_ids=("f-1",),
        attested=standard,
        severity=pe.Severity.GRAVE,
        target="content-1@1",
        triggers=triggers,
    )


@pytest.mark.parametrize("clause", STATEMENTS)
def test_a_suspicion_reaches_discipline_only_through_its_four_doors(clause: str) -> None:
    triggers = tuple(t for t in ALL_TRIGGERS if t is not pe.Trigger.APPLICATION)

    verdicts = decide((finding(clause, pe.Standard.SUSPICION, triggers),), setting())

    # 6.1's second limb asks for no standard, and 4.1/s4 none for an application: both leave
    # the account alone. Everything else needs one of the four.
    account = [
        d for d in verdicts.decisions if any("content" not in a.power.value for a in d.actions)
    ]
    assert bool(account) <= (clause in SUSPICION_OPENS)
    assert len(verdicts.waiting) == (0 if verdicts.decisions else 1)


@pytest.mark.parametrize("clause", sorted(SUSPICION_OPENS))
def test_the_four_doors_do_open(clause: str) -> None:
    verdicts = decide((finding(clause, pe.Standard.SUSPICION, ALL_TRIGGERS),), setting())

    assert verdicts.decisions


@pytest.mark.parametrize(
    ("clause", "trigger"),
    [
        ("6.5", pe.Trigger.AFFILIATE_NOTICE),
        ("7.5", pe.Trigger.UNANSWERED_REQUEST),
        ("6.3(a)", pe.Trigger.COMPLAINT),
        ("4.1/s4", pe.Trigger.APPLICATION),
    ],
)
def test_no_degree_of_belief_replaces_a_trigger(clause: str, trigger: pe.Trigger) -> None:
    without = tuple(t for t in ALL_TRIGGERS if t is not trigger)

    assert decide((finding(clause, pe.Standard.FACT, without),), setting()).decisions == ()
    assert decide((finding(clause, pe.Standard.FACT, (trigger,)),), setting()).decisions


def decision(clause: str, power_clause: str, power: pe.Power, standard: pe.Standard) -> pe.Decision:
    ground = pe.Ground(
        pe.ClauseRef.parse(clause), standard, "as seen", (), ("f-1",), triggers=ALL_TRIGGERS
    )
    action = pe.DisciplinaryAction(
        power,
        Scope(ScopeKind.ACCOUNT, "a-1"),
        AT,
        pe.End(),
        ground.clause,
        pe.ClauseRef.parse(power_clause),
    )
    return pe.Decision(
        id="d-1",
        account_id="a-1",
        user="u-1",
        fact_id="f-1",
        status=Status.IN_FORCE,
        grounds=(ground,),
        actions=(action,),
        terms=VERSION,
        policy_hash=RULES.hash,
        rule="test",
        conduct_at=AT,
        decided_at=AT,
        automated_detection=True,
        automated_decision=True,
    )


@pytest.mark.parametrize("clause", STATEMENTS)
@pytest.mark.parametrize("power", list(pe.Power))
def test_a_decision_exists_exactly_when_its_ground_opens_the_power(
    clause: str, power: pe.Power
) -> None:
    doors = {o.power_clause.text: o for o in VERSION.openings(pe.ClauseRef.parse(clause))}
    for statement in VERSION.statements:
        if not statement.powers:
            continue
        opening = doors.get(statement.ref.text)
        for standard in pe.Standard:
            allowed = (
                opening is not None
                and power in opening.powers
                and opening.gate.passed(standard, ALL_TRIGGERS)
            )
            if allowed:
                assert decision(clause, statement.ref.text, power, standard).in_force
            else:
                with pytest.raises(pe.GateError):
                    decision(clause, statement.ref.text, power, standard)


def test_a_decision_needs_a_ground_and_an_action() -> None:
    with pytest.raises(pe.GateError, match="ground and an action"):
        pe.Decision(
            id="d-1",
            account_id="a-1",
            user="u-1",
            fact_id="f-1",
            status=Status.IN_FORCE,
            grounds=(),
            actions=(),
            terms=VERSION,
            policy_hash="",
            rule="",
            conduct_at=AT,
            decided_at=AT,
            automated_detection=True,
            automated_decision=True,
        )


def test_a_machine_never_reaches_fact() -> None:
    from attrs import evolve

    from policyenforce.discipline.grounds import standard_reached

    sure = evolve(finding("5.5(c)", pe.Standard.FACT), attested=None, confidence=1.0)

    assert standard_reached(sure, setting()) is pe.Standard.BELIEF
