"""Sessions recorded one by one: judged as a table of them is, in whatever order they come."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import policyenforce as pe
from policyenforce.checks.account_sharing.events import COMMON, CROWD
from policyenforce.checks.account_sharing.kept import Kept
from policyenforce.checks.account_sharing.row import from_row, to_row
from policyenforce.checks.account_sharing.scores import Judged, judged
from policyenforce.model.fact import position_of
from policyenforce.model.facts.procedure import MeasureKind
from policyenforce.testing.sign_ins import Habits, Row, sign_ins
from policyenforce.testing.sign_ins_facts import facts_of
from tests.checks.account_sharing.lives import GUILTY
from tests.checks.account_sharing.sessions import facts as facts_of_events
from tests.enforcer.conftest import day, opened
from tests.enforcer.test_order import KEYS, RULES, applied, assert_sound, fed, state

NOW = datetime(2024, 6, 1, tzinfo=UTC)
TOLD = Habits(no_network=0.0, lacking=0.0)


def kept(enforcer: pe.Enforcer, account: str) -> Kept:
    with enforcer.ledger.reading() as tx:
        row = tx.sessions(account)
    return Kept() if row is None else from_row(row)


def seen(enforcer: pe.Enforcer, account: str) -> Judged:
    known = kept(enforcer, account)
    return judged(known.whole, RULES.sessions, known.common)


def log_of(seed: int, accounts: int, habits: Habits = TOLD) -> list[list[Row]]:
    return [rows for rows, _, _ in sign_ins(seed, accounts, habits=habits) if rows]


def recorded(log: Iterable[list[Row]]) -> pe.Enforcer:
    facts = [fact for rows in log for fact in facts_of(rows)]
    return fed(sorted(facts, key=lambda fact: fact.at), NOW)


def test_facts_one_by_one_are_scored_as_their_table_is() -> None:
    pa = pytest.importorskip("pyarrow", reason="the extra `bulk` is not installed")
    from policyenforce.bulk.sessions import sessions
    from tests.bulk.session_rows import table

    log = log_of(11, 60)
    enforcer = recorded(log)
    batch = sessions(table([dict(row) for rows in log for row in rows])).scores
    assert isinstance(batch, pa.Table)
    found = {row["account_id"]: row for row in batch.to_pylist()}

    for account, row in found.items():
        one = seen(enforcer, account)
        scores = (one.outside, one.inside, one.takeover, one.transferred)
        assert scores == (row["outside"], row["inside"], row["takeover"], row["transferred"])
        assert one.verdict.value == row["verdict"]
    assert {row["verdict"] for row in found.values()} >= {"none", "outside", "takeover"}


def test_what_the_table_finds_was_told_while_it_was_recorded() -> None:
    log = log_of(11, 60)
    enforcer = pe.open_enforcer(policy=RULES, keys=KEYS)
    told: dict[str, set[str]] = {}
    for fact in sorted((f for rows in log for f in facts_of(rows)), key=lambda f: f.at):
        outcome = enforcer.record(fact, now=NOW)
        for answer in (*outcome.findings, *outcome.cannot_tell):
            told.setdefault(answer.subject, set()).add(str(answer.target).partition(": ")[2])

    for rows in log:
        account = rows[0]["account_id"]
        verdict = seen(enforcer, account).verdict.value
        assert verdict == "none" or verdict in told[account]
    assert list(enforcer.decisions()) == []


LIVES: tuple[pe.Fact, ...] = (
    opened("a-1", "u-1"),
    opened("a-2", "u-2"),
    *facts_of_events(*(life[::3] for life in GUILTY["an outsider in another city"][1])),
    *facts_of_events(*GUILTY["a thief"][1][1:], account="a-2"),
    pe.UnauthorisedUseReported(id="help", at=day(60), account_id="a-2", aware_at=day(59)),
)
"""Some of two accounts' facts, who share devices and an address."""


@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_arrival_leaves_the_same(seed: int) -> None:
    facts = random.Random(seed).sample(LIVES, len(LIVES))
    in_order = fed(sorted(LIVES, key=lambda fact: fact.at), NOW)

    enforcer = fed(facts, NOW)

    assert state(enforcer, LIVES, NOW) == state(in_order, LIVES, NOW)
    assert [kept(enforcer, a) for a in ("a-1", "a-2")] == [
        kept(in_order, a) for a in ("a-1", "a-2")
    ]
    assert_sound(enforcer)


def test_computing_everything_again_changes_nothing() -> None:
    enforcer = fed(LIVES, NOW)
    before = kept(enforcer, "a-1")

    assert enforcer.rebuild() == 0
    newest = pe.SignedIn(id="next", at=day(70), account_id="a-1", device_id="mine")
    enforcer.record(newest, now=NOW)
    after = kept(enforcer, "a-1")
    assert after.state.devices.keys() == before.state.devices.keys()
    assert after.state.devices["guest"] == before.state.devices["guest"]
    assert_sound(enforcer)


def test_a_row_that_is_not_what_the_facts_give_is_told() -> None:
    enforcer = fed(LIVES, NOW)
    with enforcer.ledger.transaction() as tx:
        tx.put_sessions("a-1", "u-1", to_row(Kept()))

    assert list(enforcer.stale()) == [("u-1", "sessions of a-1")]


def signed_in(name: str, at: float, account: str, **more: Any) -> pe.SignedIn:
    told: dict[str, Any] = {
        "device_id": "hall",
        "ip": "81.2.69.7",
        "network": pe.Network.FIXED,
        **more,
    }
    return pe.SignedIn(id=name, at=day(at), account_id=account, **told)


def crowd(accounts: int, **more: Any) -> list[pe.Fact]:
    return [signed_in(f"in-{n}", n / 100, f"a-{n}", **more) for n in range(accounts)]


def test_a_device_of_many_accounts_is_nobody_s_own_from_then_on() -> None:
    enforcer = fed([*crowd(COMMON), signed_in("again", 2, "a-0")])

    assert kept(enforcer, "a-0").common == {"hall"}
    assert kept(enforcer, "a-1").common == frozenset()
    assert kept(enforcer, f"a-{COMMON - 1}").common == {"hall"}


def test_an_address_of_a_crowd_is_nobody_s_home() -> None:
    enforcer = fed(crowd(CROWD, network=None))
    first, last = kept(enforcer, "a-0").state, kept(enforcer, f"a-{CROWD - 1}").state

    assert first.devices["hall"].networks == {"fixed": 1}
    assert last.devices["hall"].networks == {"mobile": 1}


def test_a_late_fact_of_somebody_else_is_counted_from_its_place() -> None:
    facts = [*crowd(COMMON), signed_in("again", 2, "a-0")]
    late = facts.pop(1)
    enforcer = fed(facts)
    assert kept(enforcer, "a-0").common == frozenset()

    enforcer.record(late, now=day(90))

    assert kept(enforcer, "a-0").common == {"hall"}
    assert_sound(enforcer)


def test_a_clock_that_runs_ahead_moves_nothing() -> None:
    early = signed_in("f-1", 1, "a-1")
    ahead = signed_in("f-2", 9_000, "a-1", device_id="far")
    enforcer = fed([early, ahead])

    assert set(kept(enforcer, "a-1").state.devices) == {"hall"}
    assert_sound(enforcer)


def test_erasing_a_person_leaves_nothing_of_its_sessions() -> None:
    enforcer = fed([opened("a-1", "u-1"), signed_in("f-1", 1, "a-1")])
    with enforcer.ledger.transaction() as tx:
        tx.erase_personal("u-1")
    enforcer._reader.forget()
    enforcer.record(signed_in("f-2", 2, "a-1", device_id="new"), now=NOW)

    assert set(kept(enforcer, "a-1").state.devices) == {"new"}
    assert_sound(enforcer)


def test_a_take_over_protects_the_account_and_costs_the_member_nothing() -> None:
    enforcer = fed([opened("a-1", "u-1")], day(0))
    life = list(facts_of_events(*GUILTY["a thief"][1]))
    outcomes = [enforcer.record(f, now=f.at) for f in sorted(life, key=lambda fact: fact.at)]
    (measure,) = [m for outcome in outcomes for m in outcome.measures]

    assert measure.kind is MeasureKind.FORCE_REAUTHENTICATION
    assert (measure.basis, measure.ends > measure.starts) == ("2.2", True)
    assert list(enforcer.decisions()) == []
    assert [case.finding_ids for case in enforcer.cases()] == [()]
    assert enforcer.standing("a-1", at=NOW).points == 0


def test_a_contact_that_a_thief_may_have_set_comes_last_until_a_person_lifts_the_alarm() -> None:
    own, thief = "ana@own.example", "x@thief.example"
    enforcer = fed([applied("u-1", 0, emails=(own,)), opened("a-1", "u-1")], day(1))
    life: list[pe.Fact] = list(facts_of_events(*GUILTY["a thief"][1]))
    night = next(f.at for f in life if isinstance(f, pe.SecuritySettingChanged))
    life.append(pe.DetailsAmended(id="set", at=night, account_id="a-1", changed={"email": thief}))
    outcomes = [enforcer.record(f, now=f.at) for f in sorted(life, key=position_of)]
    (measure,) = [m for outcome in outcomes for m in outcome.measures]

    assert enforcer.addresses("a-1", at=NOW) == (own, thief)
    by = pe.Actor("ana", roles=("moderator", "senior_moderator"))
    enforcer.record(
        pe.ProtectionLifted(
            id="lift", at=measure.starts + timedelta(hours=1), account_id="a-1",
            measure_id=measure.id, by=by, reason="the Member's own new telephone",
        ),
        now=NOW,
    )  # fmt: skip
    assert enforcer.addresses("a-1", at=NOW) == (thief, own)


def test_whoever_has_looked_closes_the_case_of_a_take_over() -> None:
    enforcer = fed([opened("a-1", "u-1"), *facts_of_events(*GUILTY["a thief"][1])], NOW)
    (case,) = enforcer.cases()

    by = pe.Actor("ana", roles=("moderator", "senior_moderator"))
    enforcer.decide(case.id, by=by, reason="the Member was called", now=NOW)
    assert [c.status.value for c in enforcer.history("a-1").cases] == ["closed"]
    assert "take-over" in case.reason
