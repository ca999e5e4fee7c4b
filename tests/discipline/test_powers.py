"""No way round a gate: not by changing a decision, reading one, amending or relating one."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from attrs import evolve

import policyenforce as pe
from policyenforce.discipline.actions import CONTENT_POWERS
from policyenforce.discipline.decide import decide
from policyenforce.discipline.reviewing import reviewed
from policyenforce.model.decisions import Decision, Scope, ScopeKind, Status
from policyenforce.model.facts.procedure import DisclosureRequested, Requester, Verdict
from policyenforce.model.structuring import record_converter
from policyenforce.privacy.disclosure import Cooperation, Disclosure, Item, Wrong
from policyenforce.terms.gates import Trigger
from tests.discipline.cast import ANA, AT, RULES, VERSION, a_finding, a_history, a_setting

RECORDS = record_converter(RULES.terms)
POWER_CLAUSES = sorted(s.ref.text for s in VERSION.statements if s.powers)
STATEMENTS = [s.ref.text for s in VERSION.statements]
SUSPICION, FACT = pe.Standard.SUSPICION, pe.Standard.FACT

# A ground of each door: its clause, the standard and triggers that open it, a power and its clause.
DOORS = {
    "4.1/s3": (SUSPICION, (), pe.Power.CANCEL_ACCOUNT, "4.1/s3"),
    "4.5/s1": (FACT, (), pe.Power.SUSPEND_ACCOUNT, "4.5/s3"),
    "5.6(d)": (pe.Standard.BELIEF, (), pe.Power.SUSPEND_ACCOUNT, "6.2(i)"),
    "6.3(a)": (pe.Standard.BELIEF, (Trigger.COMPLAINT,), pe.Power.RESTRICT_FEATURE, "6.2(iv)"),
    "6.3(b)": (SUSPICION, (), pe.Power.RESTRICT_FEATURE, "6.2(iv)"),
    "6.3(c)": (SUSPICION, (), pe.Power.OTHER_CORRECTIVE, "6.2(v)"),
    "6.5": (SUSPICION, (Trigger.AFFILIATE_NOTICE,), pe.Power.LIMIT_SERVICE, "6.5"),
    "7.5": (FACT, (Trigger.UNANSWERED_REQUEST,), pe.Power.SUSPEND_ACCOUNT, "7.5"),
}


def built(clause: str, **more: Any) -> Decision:
    standard, triggers, power, power_clause = DOORS[clause]
    ref = pe.ClauseRef.parse(clause)
    ground = pe.Ground(
        ref, standard, "as seen", ("f-1",), ("x-1",), target="c-1@1", triggers=triggers
    )
    scope = Scope(ScopeKind.ACCOUNT, "a-1")
    action = pe.DisciplinaryAction(
        power, scope, AT, pe.End(), ref, pe.ClauseRef.parse(power_clause), label="x"
    )
    told: dict[str, Any] = {
        "id": "d-1", "account_id": "a-1", "user": "u-1", "fact_id": "x-1", "terms": VERSION,
        "status": Status.IN_FORCE, "grounds": (ground,), "actions": (action,), "rule": "test",
        "policy_hash": RULES.hash, "conduct_at": AT, "decided_at": AT,
        "automated_detection": True, "automated_decision": True, **more,
    }  # fmt: skip
    return Decision(**told)


def opened(clause: str, power: pe.Power, power_clause: str, triggers: tuple[Trigger, ...]) -> bool:
    standard = DOORS[clause][0]
    opening = VERSION.opening(pe.ClauseRef.parse(clause), pe.ClauseRef.parse(power_clause))
    return bool(opening and power in opening.powers and opening.gate.passed(standard, triggers))


@pytest.mark.parametrize("clause", DOORS)
def test_a_decision_changed_or_read_back_uses_no_other_power_than_its_ground_opens(
    clause: str,
) -> None:
    sound = built(clause)
    record = RECORDS.to_record(sound)

    for power, power_clause in product(pe.Power, POWER_CLAUSES):
        other = {"power": power, "power_clause": pe.ClauseRef.parse(power_clause)}
        written = {"power": power.value, "power_clause": power_clause}
        changed = {**record, "actions": [{**record["actions"][0], **written}]}
        if opened(clause, power, power_clause, DOORS[clause][1]):
            again = evolve(sound, actions=(evolve(sound.actions[0], **other),))
            assert RECORDS.from_record(changed, Decision) == again
            continue
        with pytest.raises(pe.GateError):
            evolve(sound, actions=(evolve(sound.actions[0], **other),))
        with pytest.raises(pe.GateError):
            RECORDS.from_record(changed, Decision)


@pytest.mark.parametrize("clause", DOORS)
def test_a_ground_made_weaker_carries_no_decision_any_more(clause: str) -> None:
    sound = built(clause)
    record = RECORDS.to_record(sound)
    weaker = pe.Standard(DOORS[clause][0] - 1)
    written = {**record["grounds"][0], "standard": weaker.label}

    with pytest.raises(pe.GateError, match="no ground passes"):
        evolve(sound, grounds=(evolve(sound.grounds[0], standard=weaker),))
    with pytest.raises(pe.GateError, match="no ground passes"):
        RECORDS.from_record({**record, "grounds": [written]}, Decision)


@pytest.mark.parametrize("clause", [c for c, door in DOORS.items() if door[1]])
@pytest.mark.parametrize("wrong", [None, Trigger.APPLICATION, Trigger.REQUEST])
def test_without_the_notice_complaint_or_silence_no_standard_opens_the_door(
    clause: str, wrong: Trigger | None
) -> None:
    sound = built(clause)
    record = RECORDS.to_record(sound)
    triggers = (wrong,) if wrong else ()
    written = {**record["grounds"][0], "standard": "fact", "triggers": [t.value for t in triggers]}

    with pytest.raises(pe.GateError, match="no ground passes"):
        evolve(sound, grounds=(evolve(sound.grounds[0], standard=FACT, triggers=triggers),))
    with pytest.raises(pe.GateError, match="no ground passes"):
        RECORDS.from_record({**record, "grounds": [written]}, Decision)


@pytest.mark.parametrize("status", Status)
def test_a_fallen_ground_carries_nothing_that_could_still_bind(status: Status) -> None:
    sound = built("5.6(d)")
    fallen = (evolve(sound.grounds[0], fallen=True),)

    if status in (Status.OVERTURNED, Status.REJECTED):
        assert not evolve(sound, grounds=fallen, status=status).in_force
    else:
        with pytest.raises(pe.GateError, match="has fallen"):
            evolve(sound, grounds=fallen, status=status)


def test_what_was_overturned_is_not_put_in_force_again_by_writing_so() -> None:
    sound = built("5.6(d)")
    fallen = (evolve(sound.grounds[0], fallen=True),)
    record = RECORDS.to_record(evolve(sound, grounds=fallen, status=Status.OVERTURNED))

    with pytest.raises(pe.GateError, match="has fallen"):
        RECORDS.from_record({**record, "status": "in force"}, Decision)


@pytest.mark.parametrize("clause", DOORS)
def test_a_reviewer_reaches_no_other_power_by_amending(clause: str) -> None:
    proposed = built(clause, status=Status.PROPOSED)

    for power, power_clause in product(pe.Power, POWER_CLAUSES):
        after = {"title": "Hex bolts"} if power is pe.Power.MODIFY_CONTENT else {}
        taken = () if power in CONTENT_POWERS else ("sell",)
        chosen = pe.ChosenAction(
            power=power, power_clause=power_clause, capabilities=taken, after=after
        )
        fact = pe.ReviewRecorded(
            id="r-1", at=AT + timedelta(days=1), account_id="a-1", decision_id=proposed.id,
            verdict=Verdict.AMEND, by=ANA, reason="other", actions=(chosen,),
        )  # fmt: skip
        act = reviewed(fact, a_setting(fact, history=a_history(proposed)))

        possible = opened(clause, power, power_clause, DOORS[clause][1])
        assert bool(act.decisions) == (possible and power is not pe.Power.CAP_CONTENT)
        assert bool(act.refused) != bool(act.decisions)


@pytest.mark.parametrize("clause", STATEMENTS)
@pytest.mark.parametrize("confidence", [0.0, 0.55, 1.0])
def test_a_machine_s_confidence_scores_only_what_it_may_establish(
    clause: str, confidence: float
) -> None:
    finding = a_finding(clause, attested=None, confidence=confidence, triggers=tuple(Trigger))
    verdicts = decide((finding,), a_setting())

    scores = sum(d.points for d in verdicts.decisions)
    reached = {g.standard for d in verdicts.decisions for g in d.grounds}
    assert FACT not in reached
    if confidence < 1:
        assert scores == 0 or clause in ("6.3(b)", "6.3(c)")
    if clause.startswith("4.1/s3") or clause in ("6.5", "7.5"):
        assert scores == 0


def request(**more: Any) -> DisclosureRequested:
    told: dict[str, Any] = {
        "id": "q-1", "at": AT, "account_id": "a-1", "request_id": "q-1",
        "requester": Requester.POLICE, "items": ("identity",), **more,
    }  # fmt: skip
    return DisclosureRequested(**told)


def test_nothing_is_handed_out_or_worked_on_without_a_request_however_it_is_made() -> None:
    given = Disclosure(request(), VERSION, None, (Item.IDENTITY,), ANA, AT, permission="a warrant",
        roles=ANA.roles)  # fmt: skip
    worked = Cooperation(request(), VERSION, Wrong.CRIME, SUSPICION)
    nobody: Any = None

    with pytest.raises(pe.GateError, match="nobody asked"):
        evolve(given, request=nobody)
    with pytest.raises(pe.GateError, match="nobody asked"):
        evolve(worked, request=nobody)
    with pytest.raises(pe.GateError, match="was not asked for"):
        evolve(given, items=(Item.IDENTITY, Item.TRANSACTIONS))
    with pytest.raises(pe.GateError, match="only cooperate"):
        evolve(given, request=request(requester=Requester.PRIVATE_INVESTIGATOR))
    with pytest.raises(pe.GateError, match="suspected"):
        evolve(worked, suspected=pe.Standard.NONE)
