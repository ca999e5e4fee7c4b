"""A marketplace in which anything may come next: what is fair holds after every step."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

import policyenforce as pe
from policyenforce.errors import ConflictError, InputError, UnknownError
from policyenforce.model.decisions import Status
from policyenforce.model.facts.content import Content
from policyenforce.model.outcome import CaseStatus
from policyenforce.policy.load import load_rules
from tests.discipline.cast import STRICT
from tests.enforcer.conftest import START, everything
from tests.enforcer.test_order import assert_sound
from tests.enforcer.test_plans import applied

RULES = load_rules()
KEYS = pe.TokenKeys.generate()
ROLES = everything(RULES)
ANA, BEN, CAT = (pe.Actor(name, roles=ROLES) for name in ("ana", "ben", "cat"))
TEXTS = ("A plain blue chair.", "AAA quality handbags.", "Buy tramadol online, no prescription.")
CLAUSES = ("5.6(d)", "5.6(e)", "5.6(b)", "5.8(a)", "3.5", "6.5", "5.6(i)")
MINUTE = timedelta(minutes=1)


class Marketplace(RuleBasedStateMachine):
    """Members register, sign in and post; others complain; people review, hear and undo."""

    members = Bundle("members")
    house = RULES

    def __init__(self) -> None:
        super().__init__()
        self.enforcer = pe.open_enforcer(policy=self.house, keys=KEYS)
        self.now: datetime = START + timedelta(days=10)
        self.steps = 0
        self.won: set[str] = set()
        self.cascades: list[str] = []

    def next(self) -> str:
        """The id of what comes next; a minute goes by with everything that happens."""
        self.steps += 1
        self.now += MINUTE
        return f"s-{self.steps:03d}"

    def record(self, fact: pe.Fact) -> pe.Outcome:
        return self.enforcer.record(fact, now=self.now)

    def live(self, *statuses: Status) -> list[pe.Decision]:
        return [d for d in self.enforcer.decisions() if d.status in statuses]

    @initialize(target=members)
    def the_first_registers(self) -> str:
        return self.registers(shared=True)

    @rule(target=members, shared=st.booleans())
    def registers(self, shared: bool) -> str:
        name = self.next()
        more = {} if shared else {"card_tokens": (name,), "bank_accounts": ()}
        days = (self.now - START) / timedelta(days=1)
        self.record(applied(f"u-{name}", days, **more))
        self.record(
            pe.AccountOpened(
                id=f"open-{name}", at=self.now, user_id=f"u-{name}", account_id=f"a-{name}"
            )
        )
        return f"a-{name}"

    @rule(account=members)
    def signs_in(self, account: str) -> None:
        self.record(pe.SignedIn(id=self.next(), at=self.now, account_id=account, device_id="pc"))

    @rule(account=members, text=st.sampled_from(TEXTS))
    def posts(self, account: str, text: str) -> None:
        name = self.next()
        content = Content(content_id=f"l-{name}", title="Offer", description=text)
        may = self.enforcer.may(account, pe.Capability.CREATE_LISTING, at=self.now)
        outcome = self.record(
            pe.ContentSubmitted(id=name, at=self.now, account_id=account, content=content)
        )
        assert may or outcome.disposition is pe.Disposition.REJECT

    @rule(
        account=members,
        clause=st.sampled_from(CLAUSES),
        standard=st.sampled_from([None, *pe.Standard]),
        severity=st.sampled_from(list(pe.Severity)),
    )
    def is_complained_of(
        self, account: str, clause: str, standard: pe.Standard | None, severity: pe.Severity
    ) -> None:
        name = self.next()
        before = self.enforcer.standing(account, at=self.now).points
        outcome = self.record(
            pe.ConductReported(
                id=name, at=self.now, account_id=account, clause=clause, reported_by="desk",
                standard=standard, severity=severity, target=f"x-{name}@1",
            )
        )  # fmt: skip
        if standard in (None, pe.Standard.NONE, pe.Standard.SUSPICION):
            assert outcome.decisions == ()
            assert self.enforcer.standing(account, at=self.now).points == before

    @rule(verdict=st.sampled_from(["approve", "reject"]), by=st.sampled_from([ANA, BEN]))
    def a_proposal_is_reviewed(self, verdict: str, by: pe.Actor) -> None:
        for decision in self.live(Status.PROPOSED, Status.STAYED)[:1]:
            self.next()
            try:
                self.enforcer.review(decision.id, verdict, by=by, reason="looked", now=self.now)
            except ConflictError:  # what it rests on has fallen meanwhile
                assert decision.related_to is not None

    @rule(result=st.sampled_from(["uphold", "overturn"]))
    def an_appeal_is_heard(self, result: str) -> None:
        for decision in self.live(Status.IN_FORCE, Status.AMENDED)[-1:]:
            self.next()
            if decision.appeal_until is not None and self.now > decision.appeal_until:
                with pytest.raises(ConflictError, match="window to appeal closed"):
                    self.enforcer.appeal(decision.id, now=self.now)
                return
            self.enforcer.appeal(decision.id, now=self.now)
            self.next()
            for by in {*decision.hands}:
                with pytest.raises(ConflictError, match="may not hear"):
                    self.enforcer.decide_appeal(
                        decision.id, result, by=pe.Actor(by, roles=ROLES), reason="x", now=self.now
                    )
            self.enforcer.decide_appeal(decision.id, result, by=CAT, reason="heard", now=self.now)
            if result == "overturn":
                self.won.add(decision.id)

    @rule()
    def content_is_modified_by_hand(self) -> None:
        edit = pe.ChosenAction(
            power=pe.Power.MODIFY_CONTENT, power_clause="6.1/limb1", after={"title": "A chair"}
        )
        for case in self.enforcer.cases():
            try:
                done = self.enforcer.decide(
                    case.id, by=ANA, reason="tamed", now=self.now, actions=(edit,)
                )
            except (ConflictError, InputError):  # several findings, or none on content
                continue
            (decision,) = done.decisions
            assert self.enforcer.modifications(decision.id)[0].after == {"title": "A chair"}
            return

    @rule()
    def a_finding_is_refuted(self) -> None:
        waiting = [c for c in self.enforcer.cases() if c.finding_ids]
        for case in waiting[:1]:
            self.next()
            self.enforcer.refute(case.finding_ids[0], by=ANA, reason="not so", now=self.now)

    @rule()
    def a_cascade_is_approved(self) -> None:
        for decision in self.live(Status.IN_FORCE)[-1:]:
            self.next()
            plan = self.enforcer.cascade(decision.id, now=self.now)
            if plan.reached and plan.actions and decision.related_to is None:
                name, _ = self.enforcer.approve_cascade(
                    decision.id, by=BEN, reason="one hand", now=self.now
                )
                self.cascades.append(name)

    @rule()
    def a_cascade_is_unwound(self) -> None:
        if self.cascades:
            self.next()
            self.enforcer.unwind(self.cascades.pop(), by=ANA, reason="no", now=self.now)

    @rule(days=st.integers(1, 200))
    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.enforcer.due(now=self.now)

    @invariant()
    def nothing_is_done_without_a_ground_that_passes_the_gate(self) -> None:
        for decision in self.enforcer.decisions():
            for action in decision.actions if decision.in_force else ():
                opening = decision.terms.opening(action.ground, action.power_clause)
                assert opening is not None and action.power in opening.powers
                resting = [
                    g
                    for g in decision.grounds
                    if g.clause == action.ground
                    and not g.fallen
                    and g.standard >= opening.gate.standard
                    and set(opening.gate.triggers) <= set(g.triggers)
                ]
                assert resting

    @invariant()
    def nobody_is_ended_by_a_machine_or_by_one_person(self) -> None:
        for decision in self.live(Status.IN_FORCE, Status.AMENDED):
            if any(a.power in RULES.two_persons and not a.stayed for a in decision.actions):
                assert len(set(decision.hands)) > 1
            if any(RULES.needs_person(a.power) and not a.stayed for a in decision.actions):
                assert decision.actor is not None

    @invariant()
    def no_related_account_is_reached_without_an_approver(self) -> None:
        for decision in self.enforcer.decisions():
            if decision.related_to is not None:
                assert decision.actor is not None and not decision.automated_decision
                assert RULES.cascade.approver_role in decision.actor.roles
                assert decision.grounds[0].evidence

    @invariant()
    def every_end_comes_without_any_job(self) -> None:
        far = self.now + timedelta(days=4_000)
        for account in self.accounts():
            standing = self.enforcer.standing(account, at=far)
            assert standing.points == 0
            assert all(r.until is None for rs in standing.restrictions.values() for r in rs)

    @invariant()
    def what_was_won_binds_no_more(self) -> None:
        for account in self.accounts():
            standing = self.enforcer.standing(account, at=self.now)
            sources = {r.source_id for rs in standing.restrictions.values() for r in rs}
            assert not sources & self.won
        for name in self.won:
            assert not self.enforcer.decision(name).in_force

    @invariant()
    def what_survives_survives(self) -> None:
        for account in self.accounts():
            assert self.enforcer.may(account, pe.Capability.APPEAL, at=self.now)
            assert self.enforcer.may(account, pe.Capability.READ_NOTICES, at=self.now)

    @invariant()
    def one_case_a_member(self) -> None:
        for account in self.accounts():
            cases = self.enforcer.history(account).cases
            assert sum(case.status is CaseStatus.OPEN for case in cases) <= 1

    def accounts(self) -> list[str]:
        with self.enforcer.ledger.reading() as tx:
            users = list(tx.users())
        found = []
        for user in users:
            try:
                found += [a.account_id for a in self.enforcer.history(user).accounts]
            except UnknownError:
                continue
        return sorted(set(found))

    def teardown(self) -> None:
        assert_sound(self.enforcer)
        assert self.enforcer.rebuild() == 0


class StrictMarketplace(Marketplace):
    """The same where first offences cost half and repeated grounds more each time."""

    house = STRICT


TestMarketplace = Marketplace.TestCase
TestStrictMarketplace = StrictMarketplace.TestCase
TestMarketplace.settings = TestStrictMarketplace.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
