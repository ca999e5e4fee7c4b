"""Facts in any order give the same standings, decisions and outcomes in the end."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import policyenforce as pe
from policyenforce.enforcer.folding import essence
from policyenforce.model.fact import position_of
from policyenforce.model.facts.content import Content, ContentKind, Labeller
from policyenforce.model.facts.dealings import Allegation, RequestPurpose
from policyenforce.model.facts.registration import (
    Affiliation,
    ApprovalScope,
    Entity,
    SignalKind,
    UserKind,
)
from policyenforce.policy.load import load_rules
from policyenforce.testing.marketplace import marketplace
from tests.enforcer.conftest import NOW, day, opened, reported

RULES = load_rules()
KEYS = pe.TokenKeys.generate()
SERIOUS, GRAVE = pe.Severity.SERIOUS, pe.Severity.GRAVE


def fed(facts: Iterable[pe.Fact], now: datetime = NOW) -> pe.Enforcer:
    enforcer = pe.open_enforcer(policy=RULES, keys=KEYS)
    for fact in facts:
        enforcer.record(fact, now=now)
    return enforcer


def state(enforcer: pe.Enforcer, facts: Sequence[pe.Fact], now: datetime = NOW) -> dict[str, Any]:
    """All that a marketplace could see: standings, decisions, cases, what each fact led to."""
    accounts = sorted({f.named for f in facts if f.named is not None})
    with enforcer.ledger.reading() as tx:
        bodies = {fact.id: tx.outcome(fact.id) for fact in facts}
    outcomes = {
        name: essence(enforcer._reader.outcome(body)) for name, body in bodies.items() if body
    }
    return {
        "standings": {a: enforcer.standing(a, at=now) for a in accounts},
        "decisions": {d.id: d for d in enforcer.decisions()},
        "cases": {c.id: c for c in enforcer.cases()},
        "outcomes": {k: v for k, v in outcomes.items() if v != essence(pe.Outcome(k))},
    }


def assert_sound(enforcer: pe.Enforcer) -> None:
    assert list(enforcer.stale()) == []
    assert enforcer.ledger.verify() == ()


def applied(user: str, at: float, **more: Any) -> pe.ApplicationReceived:
    defaults: dict[str, Any] = {
        "kind": UserKind.SOLE_TRADER, "country": "CN", "residence": "CN", "business_use": True,
        "application_id": f"app-{user}", "first_name": user, "last_name": "Lin", "site": "alibaba",
    }  # fmt: skip
    return pe.ApplicationReceived(
        id=f"apply-{user}", at=day(at), user_id=user, **{**defaults, **more}
    )


def linked(name: str, at: float, user: str, other: str) -> pe.UsersLinked:
    return pe.UsersLinked(id=name, at=day(at), user_id=user, other_user_id=other, by="ana")


def parted(name: str, at: float, user: str, other: str) -> pe.UsersSeparated:
    return pe.UsersSeparated(id=name, at=day(at), user_id=user, other_user_id=other, by="ana")


def granted(
    name: str, at: float, *subjects: str, until: float | None = None, **more: Any
) -> pe.ApprovalGranted:
    return pe.ApprovalGranted(
        id=f"grant-{name}", at=day(at), approval_id=name, subjects=subjects, signer="li",
        scope=more.pop("scope", ApprovalScope.ACCOUNTS), role="officer", from_=day(at),
        until=None if until is None else day(until), **more,
    )  # fmt: skip


def revoked(name: str, at: float) -> pe.ApprovalRevoked:
    return pe.ApprovalRevoked(id=f"revoke-{name}", at=day(at), approval_id=name, by="li")


def sold(name: str, at: float, seller: str, buyer: str) -> pe.TransactionRecorded:
    return pe.TransactionRecorded(
        id=f"deal-{name}", at=day(at), account_id=seller, order_id=name, buyer_id=buyer,
        amount=pe.Money(Decimal(90), "USD"), paid_at=day(at),
    )  # fmt: skip


def signed_in(name: str, at: float, account: str, device: str = "pc-1") -> pe.SignedIn:
    return pe.SignedIn(id=name, at=day(at), account_id=account, device_id=device, cookie_id=device)


def feedback(name: str, at: float, account: str, about: str, rating: int) -> pe.ContentSubmitted:
    content = Content(
        content_id=name, kind=ContentKind.FEEDBACK, description="as it was",
        about_account_id=about, rating=rating,
    )  # fmt: skip
    return pe.ContentSubmitted(id=name, at=day(at), account_id=account, content=content)


LINKS: tuple[pe.Fact, ...] = (
    *(opened(f"a-{n}", f"u-{n}") for n in range(1, 5)),
    *(
        reported(f"c-{n}", "5.6(d)", 5 * n, severity=SERIOUS, account_id=f"a-{n}")
        for n in range(1, 5)
    ),
    linked("l-12", 30, "u-1", "u-2"),
    linked("l-23", 31, "u-2", "u-3"),
    parted("s-13", 32, "u-1", "u-3"),
    linked("l-41", 33, "u-4", "u-1"),
    parted("s-21", 50, "u-2", "u-1"),
    reported("c-5", "5.6(d)", 40, severity=SERIOUS, account_id="a-2"),
    reported("c-6", "5.6(b)", 60, severity=GRAVE, account_id="a-2"),
)
SHARED: tuple[pe.Fact, ...] = (
    applied("u-1", 0, device_id="pc-1", emails=("li@one.example",)),
    opened("a-1", "u-1", 1),
    applied("u-2", 2, device_id="pc-1", cookie_id="k", emails=("li@one.example",), card_tokens=("c-9",)),  # noqa: E501  # one fact a line reads as a table
    opened("a-2", "u-2", 3),
    signed_in("s-1", 4, "a-1"),
    signed_in("s-2", 5, "a-2"),
    pe.SignalObserved(
        id="sig", at=day(6), account_id="a-1", kind=SignalKind.CARD, value="c-9",
        purpose="fraud_prevention",
    ),
    granted("ap", 1.5, "a-1", "a-2", "app-u-2"),
    revoked("ap", 5.5),
    parted("s-12", 20, "u-1", "u-2"),
    linked("l-13", 25, "u-1", "u-3"),
    opened("a-3", "u-3", 2.5),
    applied("u-4", 30, device_id="pc-1", emails=("li@one.example",)),
)  # fmt: skip
DEALS: tuple[pe.Fact, ...] = (
    opened("a-1", "u-1"),
    opened("a-2", "u-2"),
    sold("o-1", 1, "a-1", "a-2"),
    pe.AffiliationDeclared(
        id="kin", at=day(1), user_id="u-2", affiliate_id="u-1", relation=Affiliation.FAMILY
    ),
    feedback("praise", 2, "a-1", "a-2", 5),
    feedback("blame", 3, "a-3", "a-1", 1),
    sold("o-2", 2, "a-1", "a-3"),
    pe.ComplaintReceived(
        id="moan", at=day(9), account_id="a-1", complaint_id="k-1", complainant_id="a-2",
        order_id="o-1", allegation=Allegation.NON_DELIVERY,
    ),
    pe.AccountClosed(id="end", at=day(30), account_id="a-2"),
    applied(
        "u-9", 3, kind=UserKind.ENTITY,
        entity=Entity(legal_name="Branch", registration_country="CN", branch_of="u-1"),
    ),
)  # fmt: skip


def labelled(name: str, at: float) -> pe.ContentLabelled:
    return pe.ContentLabelled(
        id=name, at=day(at), account_id="a-1", content_id="bag", clause="5.4(c)",
        labeller=Labeller.PERSON, labelled_by="desk",
    )  # fmt: skip


def refuting(*facts: pe.Fact) -> tuple[pe.Fact, ...]:
    """These facts, and a person who refutes what the last of them was found to engage."""
    enforcer = pe.open_enforcer(policy=RULES, keys=KEYS)
    (finding,) = [enforcer.record(fact, now=NOW) for fact in facts][-1].findings
    by = pe.Actor("ana", roles=("senior_moderator", "moderator"))
    wrong = pe.FindingRefuted(
        id="wrong", at=day(9), account_id="a-1", finding_id=finding.id, by=by, reason="not so"
    )
    return (*facts, wrong)


BAG = Content(content_id="bag", title="Bag", description="AAA quality handbags.")
REFUTED = refuting(
    opened(),
    pe.ContentSubmitted(id="bag", at=day(2), account_id="a-1", content=BAG),
    labelled("label-1", 3),
    labelled("label-2", 4),
)


@pytest.mark.parametrize(
    "facts", [LINKS, SHARED, DEALS, REFUTED], ids=["links", "shared", "deals", "refuted"]
)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_order_of_arrival_gives_the_same_end(
    facts: tuple[pe.Fact, ...], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(facts))
    in_order = fed(sorted(facts, key=position_of))

    enforcer = fed(shuffled)

    assert state(enforcer, facts) == state(in_order, facts)
    assert_sound(enforcer)
    assert enforcer.rebuild() == 0


def test_what_was_refuted_falls_wherever_it_was_said_and_other_evidence_waits() -> None:
    enforcer = fed(REFUTED)

    statuses = {d.fact_id: d.status for d in enforcer.decisions()}
    assert statuses == {
        "bag": pe.Status.STAYED, "label-1": pe.Status.OVERTURNED, "label-2": pe.Status.OVERTURNED
    }  # fmt: skip
    assert enforcer.standing("a-1", at=NOW).removed == frozenset()
    assert len(list(enforcer.cases())) == 1


@pytest.mark.parametrize("seed", [2, 4, 31])
def test_the_example_marketplace_gives_the_same_end_in_any_order(seed: int) -> None:
    facts = marketplace(members=20)
    now = facts[-1].at + timedelta(days=1)
    shuffled = random.Random(seed).sample(facts, len(facts))
    in_order = fed(facts, now)

    enforcer = fed(shuffled, now)

    assert state(enforcer, facts, now) == state(in_order, facts, now)
    assert_sound(enforcer)
    assert enforcer.rebuild() == 0


def test_what_was_known_then_is_still_answered_after_late_facts() -> None:
    facts = marketplace(members=0)
    now = facts[-1].at + timedelta(days=1)
    late = random.Random(7).sample(facts, len(facts) // 3)
    names = {fact.id for fact in late}
    enforcer = fed((fact for fact in facts if fact.id not in names), now)
    accounts = sorted({d.account_id for d in enforcer.decisions()})
    before = {a: enforcer.standing(a, at=now) for a in accounts}

    outcomes = [enforcer.record(fact, now=now + timedelta(days=1)) for fact in late]

    assert any(outcome.amendments for outcome in outcomes)
    assert {a: enforcer.standing(a, at=now) for a in accounts} != before
    assert {a: enforcer.standing(a, at=now, known_at=now) for a in accounts} == before


def test_what_was_served_is_not_served_again_when_something_older_becomes_known(
    enforcer: pe.Enforcer,
) -> None:
    grave = reported("c-1", "5.6(d)", 10, severity=pe.Severity.GRAVE)
    enforcer.record(opened(), now=day(0))
    enforcer.record(grave, now=day(10))
    served = enforcer.standing("a-1", at=day(12)).restrictions
    before = next(d for d in enforcer.decisions() if d.fact_id == "c-1")

    enforcer.record(reported("late", "5.6(a)", 1, severity=pe.Severity.MINOR), now=day(60))
    after = next(d for d in enforcer.decisions() if d.fact_id == "c-1")

    assert served
    assert enforcer.standing("a-1", at=day(12)).restrictions.keys() == served.keys()
    assert enforcer.standing("a-1", at=day(61)).restrictions == {}
    assert [(a.starts, a.end) for a in after.actions] == [(a.starts, a.end) for a in before.actions]
    assert (after.decided_at, after.appeal_until) == (before.decided_at, before.appeal_until)


def test_a_deadline_comes_though_another_fact_has_taken_its_id(enforcer: pe.Enforcer) -> None:
    asked = {"purpose": RequestPurpose.TRANSACTION, "due_at": day(5)}
    enforcer.record(
        pe.AccountOpened(id="due:a-1:r-1", at=day(0), user_id="u-1", account_id="a-1"), now=day(0)
    )
    for account, request in (("a-1", "r-1"), ("a-1", "r-2"), ("a-2", "r-1")):
        name = f"q-{account}-{request}"
        enforcer.record(
            pe.InformationRequested(
                id=name, at=day(1), account_id=account, request_id=request, **asked
            ),
            now=day(1),
        )

    done = enforcer.due(now=day(20))

    assert {o.fact_id for o in done} == {"due:a-1:r-1:passed", "due:a-1:r-2", "due:a-2:r-1"}
    assert enforcer.due(now=day(21)) == ()
