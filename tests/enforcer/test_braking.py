"""The brake: a rule that hits too many, or too often, proposes and does not act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest

import policyenforce as pe
from policyenforce.enforcer import reading
from policyenforce.evaluation import judged
from policyenforce.model.decisions import Status
from policyenforce.policy.load import load_rules
from policyenforce.policy.versions import rule_versions
from tests.enforcer.conftest import Record, day, opened, reported

TEXT = (files("policyenforce.policy") / "house.toml").read_text(encoding="utf-8")
LOW = TEXT.replace("per_hour = 50 ", "per_hour = 3 ").replace("per_day = 500 ", "per_day = 5 ")
RULE = 'clauses = ["5.1", "5.2/s1", "5.2(b)", "5.8"]\nmode = "auto"\n'
RULES, HARDER = (
    load_rules(text) for text in (LOW, LOW.replace(RULE, RULE + 'at_least = "belief"\n'))
)
ROOMY, ROOMIER = (
    load_rules(text) for text in (TEXT, TEXT.replace(RULE, RULE + 'at_least = "belief"\n'))
)
START = day(100)


@pytest.fixture
def rules() -> pe.HouseRules:
    return RULES


def hour(number: float) -> datetime:
    return START + timedelta(hours=number)


def filed(number: int, at: float, clause: str = "5.8(a)") -> pe.ConductReported:
    return pe.ConductReported(
        id=f"c-{number}", at=hour(at), account_id=f"a-{number}", clause=clause,
        reported_by="desk", standard=pe.Standard.BELIEF, target=f"l-{number}@1",
    )  # fmt: skip


def statuses(outcome: pe.Outcome) -> list[Status]:
    return [decision.status for decision in outcome.decisions]


def members(count: int) -> Iterator[pe.Fact]:
    return (opened(f"a-{n}", f"u-{n}") for n in range(count))


def test_the_changed_rules_are_another_version_of_one_rule_only() -> None:
    old, new = rule_versions(RULES), rule_versions(HARDER)

    assert {name for name in old if old[name] != new[name]} == {"put_particulars_right"}


def test_a_rule_that_used_up_its_hour_proposes_and_acts_again_in_the_next(
    enforcer: pe.Enforcer, record: Record
) -> None:
    record(*members(5), now=START)
    acted = [record(filed(n, 0.1 * n), now=hour(0.1 * n)) for n in range(4)]
    later = record(filed(4, 1.5), now=hour(1.5))

    assert [statuses(o) for o in acted[:3]] == [[Status.IN_FORCE]] * 3
    assert statuses(acted[3]) == [Status.PROPOSED]
    assert acted[3].braked == ("put_particulars_right",)
    assert acted[3].decisions[0].reason.startswith("the brake holds back put_particulars_right")
    assert [case.decision_ids for case in enforcer.cases()] == [(acted[3].decisions[0].id,)]
    assert statuses(later) == [Status.IN_FORCE]


def test_what_is_held_back_is_judged_once(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(fact: pe.Fact, *more: Any) -> Any:
        asked.append(fact.id)
        return judged(fact, *more)

    monkeypatch.setattr(reading, "judged", counted)
    record(*members(5), now=START)
    outcomes = [record(filed(n, 0), now=START) for n in range(4)]

    assert [bool(outcome.braked) for outcome in outcomes] == [False, False, False, True]
    assert [asked.count(f"c-{n}") for n in range(4)] == [1, 1, 1, 1]


def test_a_rule_that_used_up_its_day_proposes(record: Record) -> None:
    record(*members(6), now=START)
    acted = [record(filed(n, 2 * n), now=hour(2 * n)) for n in range(6)]

    assert [statuses(o)[0] for o in acted] == [Status.IN_FORCE] * 5 + [Status.PROPOSED]


def test_another_rule_is_not_held_back_with_it(record: Record) -> None:
    record(*members(4), now=START)
    for n in range(3):
        record(filed(n, 0), now=START)
    other = record(filed(3, 0, "5.6(d)"), now=START)

    assert statuses(other) == [Status.IN_FORCE]
    assert other.braked == ()


def test_what_a_person_decides_uses_up_nothing(
    enforcer: pe.Enforcer, record: Record, moderator: pe.Actor
) -> None:
    record(*members(5), now=START)
    for n in range(4):
        doubted = pe.ConductReported(
            id=f"d-{n}", at=START, account_id=f"a-{n}", clause="5.8(a)", reported_by="desk",
            standard=pe.Standard.SUSPICION,
        )  # fmt: skip
        (finding,) = record(doubted, now=START).findings
        enforcer.confirm(finding.id, pe.Standard.FACT, by=moderator, reason="seen", now=START)

    assert statuses(record(filed(4, 0), now=START)) == [Status.IN_FORCE]


def test_the_same_fact_again_and_a_late_fact_leave_it_as_it_was(
    enforcer: pe.Enforcer, record: Record
) -> None:
    """Once the hour is over the rule could act; what was held back for a person stays so."""
    record(*members(5), now=START)
    held = [record(filed(n, 1), now=hour(1)) for n in range(4)][-1]

    again = record(filed(3, 1), now=hour(50))
    late = pe.SignedOut(id="late", at=hour(0), account_id="a-3")
    record(late, reported("late-2", "5.6(d)", 0, account_id="a-3"), now=hour(50))

    assert again == held
    (decision,) = [d for d in enforcer.decisions() if d.fact_id == "c-3"]
    assert decision.status is Status.PROPOSED
    assert list(enforcer.stale()) == []
    assert enforcer.rebuild() == 0
    assert enforcer.preview(filed(4, 1), now=hour(1.2)).braked == ("put_particulars_right",)


def test_a_preview_uses_up_nothing(enforcer: pe.Enforcer, record: Record) -> None:
    record(*members(5), now=START)
    for n in range(5):
        assert enforcer.preview(filed(n, 0), now=START).braked == ()


Opens = Callable[[pe.HouseRules], pe.Enforcer]


@pytest.fixture
def opens(url: str, keys: pe.TokenKeys) -> Iterator[Opens]:
    """The same ledger under other rules."""
    made: list[pe.Enforcer] = []

    def under(rules: pe.HouseRules) -> pe.Enforcer:
        if made and url == "memory:":
            made.append(pe.Enforcer(made[0].ledger, rules, keys))
        else:
            made.append(pe.open_enforcer(url, policy=rules, keys=keys))
        return made[-1]

    yield under
    for enforcer in made:
        enforcer.close()


def young(opens: Opens, innocent: int) -> pe.Enforcer:
    """A ledger whose rules have been at work, and then one of them changed.

    Under the new rules ``innocent`` facts of the kind it reads have come that it did not hit.
    """
    old = opens(ROOMY)
    for fact in (*members(40), filed(39, -30)):
        old.record(fact, now=hour(-30))
    new = opens(ROOMIER)
    new.record(filed(0, 0), now=START)
    for n in range(innocent):
        other = pe.ConductReported(
            id=f"i-{n}", at=hour(0.5), account_id="a-38", clause="3.3", reported_by="desk",
            standard=pe.Standard.SUSPICION,
        )  # fmt: skip
        new.record(other, now=hour(0.5))
    return new


def test_a_changed_rule_that_hits_a_third_subject_of_few_proposes(opens: Opens) -> None:
    enforcer = young(opens, innocent=0)
    second = enforcer.record(filed(1, 1), now=hour(1))
    third = enforcer.record(filed(2, 1), now=hour(1))

    assert statuses(second) == [Status.IN_FORCE]
    assert statuses(third) == [Status.PROPOSED]
    assert third.braked == ("put_particulars_right",)


def test_a_changed_rule_that_hits_one_in_many_acts(opens: Opens) -> None:
    enforcer = young(opens, innocent=60)
    for n in (1, 2):
        assert statuses(enforcer.record(filed(n, 1), now=hour(1))) == [Status.IN_FORCE]


def test_one_member_hit_often_is_one_subject(opens: Opens) -> None:
    enforcer = young(opens, innocent=0)
    for n in range(4):
        fact = pe.ConductReported(
            id=f"r-{n}", at=hour(1 + n / 10), account_id="a-0", clause="5.8(a)",
            reported_by="desk", standard=pe.Standard.BELIEF, target=f"login-{n}",
        )  # fmt: skip
        assert enforcer.record(fact, now=hour(1 + n / 10)).braked == ()


def test_a_rule_is_young_for_a_day_only(opens: Opens) -> None:
    enforcer = young(opens, innocent=0)
    for n in (1, 2, 3):
        assert enforcer.record(filed(n, 25), now=hour(25)).braked == ()


def test_the_rules_a_ledger_began_with_have_not_changed(opens: Opens) -> None:
    enforcer = opens(ROOMY)
    for fact in members(5):
        enforcer.record(fact, now=START)
    for n in range(5):
        assert enforcer.record(filed(n, 1), now=hour(1)).braked == ()


def test_a_rule_that_did_not_change_is_not_young_because_another_did(opens: Opens) -> None:
    old = opens(ROOMY)
    for fact in (*members(10), filed(9, -30, "5.6(d)")):
        old.record(fact, now=hour(-30))
    new = opens(ROOMIER)
    for n in range(5):
        assert new.record(filed(n, 1, "5.6(d)"), now=hour(1)).braked == ()
