"""What was carried over to a related account goes with the decision it rests on (6.2(i), T8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import policyenforce as pe
from policyenforce.model.fact import position_of
from policyenforce.model.facts.content import Content
from policyenforce.model.facts.procedure import AppealResult, Verdict
from policyenforce.model.outcome import CaseStatus
from tests.enforcer.conftest import NOW, Record, day, opened, reported
from tests.enforcer.test_order import assert_sound, fed, state

GRAVE = pe.Severity.GRAVE
LATER, AFTER = NOW + timedelta(days=1), NOW + timedelta(days=2)
ANA = pe.Actor("ana", roles=("senior_moderator", "moderator"))
BEN = pe.Actor("ben", roles=("appeals_officer",))
SUSPEND = pe.ChosenAction(power=pe.Power.SUSPEND_ACCOUNT, power_clause="6.2(i)")
OPEN, SUSPENDED = pe.AccountState.OPEN, pe.AccountState.SUSPENDED


def carried(decision_id: str, at: float = 5, account: str = "a-2", **more: Any) -> Any:
    told: dict[str, Any] = {
        "id": f"relate-{account}", "verdict": Verdict.AMEND, "by": ANA, "reason": "one hand",
        "actions": (SUSPEND,), "evidence": ("same bank account",), "related_to": decision_id,
        **more,
    }  # fmt: skip
    return pe.ReviewRecorded(at=day(at), account_id=account, **told)


def grave(name: str = "c-1", at: float = 1, **more: Any) -> pe.ConductReported:
    return reported(name, "5.6(d)", at, severity=GRAVE, **more)


def refuted(finding_id: str, at: float = 8) -> pe.FindingRefuted:
    return pe.FindingRefuted(
        id="wrong", at=day(at), account_id="a-1", finding_id=finding_id, by=ANA, reason="not so"
    )


@pytest.fixture
def basis(record: Record) -> pe.Decision:
    """A decision that binds on the first account, and a second account of another User."""
    first = record(opened(), grave()).decisions[0]
    record(opened("a-2", "u-2"))
    return first


class TestWhatIsForged:
    @pytest.mark.parametrize("how", ["record", "preview"])
    def test_reaches_nobody_when_the_decision_is_made_up(
        self, enforcer: pe.Enforcer, record: Record, how: str
    ) -> None:
        record(opened("a-2", "u-2"))
        forged = carried("no-such", clause="5.6(d)", standard=pe.Standard.FACT)

        outcome = getattr(enforcer, how)(forged, now=NOW)

        assert [c.missing for c in outcome.cannot_tell] == [("decision no-such",)]
        assert enforcer.standing("a-2", at=LATER).state is OPEN

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"reason": " "}, "a person's act needs its reason"),
            ({"evidence": (" ",)}, "evidence that it is related"),
            ({"evidence": ()}, "evidence that it is related"),
            ({"clause": "3.5"}, "does not rest on 3.5"),
            ({"by": pe.Actor("mo", roles=("moderator",))}, "may cascade"),
            ({"actions": (evolve(SUSPEND, power_clause="6.2(v)"),)}, "only 6.2(i)"),
        ],
    )
    def test_is_refused_as_the_methods_refuse_it(
        self, enforcer: pe.Enforcer, record: Record, basis: pe.Decision, change: Any, why: str
    ) -> None:
        outcome = record(carried(basis.id, **change))

        assert why in outcome.errors[0]
        assert outcome.decisions == ()
        assert enforcer.standing("a-2", at=LATER).state is OPEN

    def test_makes_no_more_of_a_ground_than_was_established(
        self, record: Record, basis: pe.Decision
    ) -> None:
        (related,) = record(carried(basis.id, standard=pe.Standard.FACT)).decisions

        assert related.grounds[0].standard is basis.grounds[0].standard is pe.Standard.BELIEF
        assert related.conduct_at == basis.conduct_at

    def test_does_not_reach_back_before_the_decision(
        self, record: Record, basis: pe.Decision
    ) -> None:
        assert record(carried(basis.id, at=0.5)).decisions == ()


class TestWhatItRestsOnFalls:
    def fall(self, how: str, enforcer: pe.Enforcer, basis: pe.Decision) -> None:
        if how == "refuted":
            finding_id = basis.grounds[0].finding_ids[0]
            enforcer.refute(finding_id, by=ANA, reason="not so", now=LATER)
            return
        if how == "won":
            enforcer.appeal(basis.id, now=LATER)
            enforcer.decide_appeal(basis.id, "overturn", by=BEN, reason="wrong", now=LATER)
            return
        enforcer.record(
            pe.UnauthorisedUseReported(
                id="stranger", at=LATER, account_id="a-1", aware_at=day(1), since=day(0),
                until=day(2),
            ),
            now=LATER,
        )  # fmt: skip

    @pytest.mark.parametrize("how", ["refuted", "won", "spared"])
    def test_it_is_stayed_and_a_person_looks(
        self, enforcer: pe.Enforcer, record: Record, basis: pe.Decision, how: str
    ) -> None:
        (related,) = record(carried(basis.id)).decisions
        assert enforcer.standing("a-2", at=NOW).state is SUSPENDED

        self.fall(how, enforcer, basis)

        after = enforcer.decision(related.id)
        assert after.status is pe.Status.STAYED
        assert basis.id in after.reason
        assert enforcer.standing("a-2", at=AFTER).state is OPEN
        waiting = [c for c in enforcer.history("a-2").cases if c.status is CaseStatus.OPEN]
        assert [c.decision_ids for c in waiting] == [(related.id,)]
        assert enforcer.standing("a-2", at=AFTER, known_at=NOW).state is SUSPENDED
        assert_sound(enforcer)
        assert enforcer.rebuild() == 0

    def test_a_person_ends_it_and_nobody_lets_it_bind_again(
        self, enforcer: pe.Enforcer, record: Record, basis: pe.Decision
    ) -> None:
        (related,) = record(carried(basis.id)).decisions
        self.fall("refuted", enforcer, basis)

        for verdict in ("approve", "amend"):
            with pytest.raises(pe.ConflictError, match="does not bear it any more"):
                enforcer.review(
                    related.id, verdict, by=ANA, reason="still", now=AFTER, actions=[SUSPEND]
                )
        enforcer.review(related.id, "reject", by=ANA, reason="it fell", now=AFTER)

        assert enforcer.decision(related.id).status is pe.Status.REJECTED
        assert list(enforcer.cases()) == []

    def test_it_may_bind_again_once_what_it_rests_on_does(
        self, enforcer: pe.Enforcer, record: Record, basis: pe.Decision
    ) -> None:
        (related,) = record(carried(basis.id)).decisions
        self.fall("spared", enforcer, basis)
        enforcer.review(basis.id, "approve", by=ANA, reason="no stranger", now=AFTER)
        assert enforcer.decision(related.id).status is pe.Status.STAYED

        then = AFTER + timedelta(days=1)
        enforcer.review(related.id, "approve", by=ANA, reason="no stranger", now=then)

        assert enforcer.standing("a-2", at=then).state is SUSPENDED

    def test_what_was_carried_over_from_it_follows(
        self, enforcer: pe.Enforcer, record: Record, basis: pe.Decision
    ) -> None:
        (second,) = record(carried(basis.id)).decisions
        record(opened("a-3", "u-3"))
        (third,) = record(carried(second.id, 6, "a-3")).decisions
        assert third.in_force

        self.fall("refuted", enforcer, basis)

        statuses = {enforcer.decision(d.id).status for d in (second, third)}
        assert statuses == {pe.Status.STAYED}
        assert enforcer.standing("a-3", at=AFTER).state is OPEN
        assert_sound(enforcer)

    @pytest.mark.parametrize(
        ("falls", "status"), [("5.5(d)", pe.Status.IN_FORCE), ("5.6(d)", pe.Status.STAYED)]
    )
    def test_it_goes_with_the_ground_it_was_carried_over_on_and_with_no_other(
        self, enforcer: pe.Enforcer, record: Record, falls: str, status: pe.Status
    ) -> None:
        content = Content(
            content_id="c", title="Bag", description="stolen credit card dumps, kill all jews"
        )
        listed = pe.ContentSubmitted(id="c", at=day(1), account_id="a-1", content=content)
        (basis,) = record(opened(), opened("a-2", "u-2"), listed).decisions
        (related,) = record(carried(basis.id, clause="5.6(d)")).decisions

        enforcer.appeal(basis.id, now=LATER)
        enforcer.decide_appeal(
            basis.id, "vary", by=BEN, reason="not that", now=LATER, clauses=[falls]
        )

        assert enforcer.decision(basis.id).in_force
        assert enforcer.decision(related.id).status is status


def in_a_row(*more: pe.Fact) -> tuple[pe.Fact, ...]:
    """Three accounts, what was decided on each carried over to the next, and other facts."""
    begun = (opened(), opened("a-2", "u-2"), opened("a-3", "u-3"), grave(), *more)
    enforcer = fed(begun)
    to_second = carried(on(enforcer, "a-1").id)
    enforcer.record(to_second, now=NOW)
    return (*begun, to_second, carried(on(enforcer, "a-2").id, 6, "a-3"))


def on(enforcer: pe.Enforcer, account: str) -> pe.Decision:
    """The decision on an account, or the one that was carried over to it."""
    found = [d for d in enforcer.decisions() if d.account_id == account]
    return next((d for d in found if d.related_to), found[0])


def filed(name: str, at: float, decision: pe.Decision) -> pe.AppealFiled:
    return pe.AppealFiled(
        id=f"file-{name}", at=day(at), account_id=decision.account_id, appeal_id=name,
        decision_id=decision.id,
    )  # fmt: skip


def heard(name: str, at: float, decision: pe.Decision, result: AppealResult) -> pe.AppealDecided:
    return pe.AppealDecided(
        id=f"hear-{name}-{at}", at=day(at), account_id=decision.account_id, appeal_id=name,
        decision_id=decision.id, result=result, by=BEN, reason="heard",
    )  # fmt: skip


def approved(at: float, decision: pe.Decision) -> pe.ReviewRecorded:
    return pe.ReviewRecorded(
        id=f"again-{decision.account_id}", at=day(at), account_id=decision.account_id, by=ANA,
        decision_id=decision.id, verdict=Verdict.APPROVE, reason="no stranger",
    )  # fmt: skip


def paired(kind: Any, at: float, user: str, other: str) -> pe.Fact:
    fact: pe.Fact = kind(id=f"pair-{at}", at=day(at), user_id=user, other_user_id=other, by="ana")
    return fact


ROW = in_a_row()
FIRST, SECOND = (on(fed(ROW), account) for account in ("a-1", "a-2"))
REFUTED = refuted(FIRST.grounds[0].finding_ids[0])
STRANGER = pe.UnauthorisedUseReported(
    id="stranger", at=day(7), account_id="a-1", aware_at=day(1), since=day(0), until=day(2)
)
OVERTURNED = (filed("k-1", 7, FIRST), heard("k-1", 8, FIRST, AppealResult.OVERTURN))
UPHELD = heard("k-1", 7.5, FIRST, AppealResult.UPHOLD)
SETS: dict[str, tuple[pe.Fact, ...]] = {
    "refuted": (*ROW, REFUTED),
    "won": (*ROW, *OVERTURNED, filed("k-2", 9, SECOND)),
    "upheld before": (*ROW, *OVERTURNED, UPHELD),
    "bound again": (*ROW, STRANGER, approved(9, FIRST), approved(10, SECOND)),
    "fell again": (*ROW, STRANGER, approved(9, FIRST), approved(10, SECOND), *(
        evolve(fact, at=day(11 + n)) for n, fact in enumerate(OVERTURNED)
    )),
    "beside others": (
        *in_a_row(reported("c-9", "5.6(b)", 3, severity=GRAVE, account_id="a-2")), REFUTED,
        grave("c-8", 4, account_id="a-2"), grave("c-7", 9, account_id="a-3"),
    ),
    "linked elsewhere": (
        *ROW, REFUTED, opened("a-4", "u-4"), grave("c-4", 4, account_id="a-4"),
        paired(pe.UsersLinked, 5.5, "u-2", "u-4"),
    ),
    "linked with it": (
        *ROW, REFUTED, paired(pe.UsersLinked, 5.5, "u-1", "u-2"),
    ),
    "linked and parted": (
        *ROW, REFUTED, paired(pe.UsersLinked, 5.5, "u-1", "u-2"),
        paired(pe.UsersSeparated, 9, "u-2", "u-1"),
    ),
}  # fmt: skip


def test_the_sets_end_as_they_are_named() -> None:
    def end(name: str) -> list[str]:
        enforcer = fed(sorted(SETS[name], key=position_of))
        return [enforcer.standing(account, at=NOW).state.value for account in ("a-2", "a-3")]

    assert end("refuted") == end("won") == end("fell again") == ["open", "open"]
    assert end("upheld before") == ["suspended", "suspended"]
    assert end("bound again") == ["suspended", "open"]


@pytest.mark.parametrize("facts", SETS.values(), ids=SETS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_order_of_arrival_gives_the_same_end(
    facts: Sequence[pe.Fact], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(facts))
    in_order = fed(sorted(facts, key=position_of))

    enforcer = fed(shuffled)

    assert state(enforcer, facts) == state(in_order, facts)
    assert_sound(enforcer)
    assert enforcer.rebuild() == 0


@pytest.mark.parametrize("last", ["relate-a-2", "c-1", "wrong", "open-a-2"])
def test_whatever_comes_last_what_it_rests_on_has_fallen(last: str) -> None:
    facts = SETS["refuted"]
    late = next(fact for fact in facts if fact.id == last)

    enforcer = fed((*(fact for fact in facts if fact is not late), late))

    assert on(enforcer, "a-2").status is pe.Status.STAYED
    assert enforcer.standing("a-3", at=NOW).state is OPEN


def test_a_fall_that_a_late_fact_undoes_leaves_nothing_behind() -> None:
    enforcer = fed((*ROW, *OVERTURNED))
    assert on(enforcer, "a-2").status is pe.Status.STAYED

    enforcer.record(UPHELD, now=LATER)

    assert on(enforcer, "a-2").in_force
    assert enforcer.standing("a-3", at=NOW).state is SUSPENDED
    assert list(enforcer.cases()) == []
    assert_sound(enforcer)
