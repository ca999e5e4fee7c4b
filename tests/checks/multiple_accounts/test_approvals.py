"""When an approval ends, by its term or by being taken back, and what that engages (T22)."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from policyenforce.checks.multiple_accounts.approvals import approval_deadlines, approvals
from policyenforce.checks.multiple_accounts.check import CHECK
from policyenforce.model.facts.procedure import DeadlinePassed
from policyenforce.model.facts.registration import (
    ApprovalGranted,
    ApprovalRevoked,
    ApprovalScope,
)
from policyenforce.model.findings import Finding
from policyenforce.policy.load import load_rules
from policyenforce.terms.gates import Standard
from tests.checks.past import Past, day, opened, reading

RULES = load_rules()
AFTER = timedelta(
    days=RULES.registration.approval_notice_days + RULES.registration.approval_grace_days
)


def granted(at: float = 0, *subjects: str, **more: Any) -> ApprovalGranted:
    told: dict[str, Any] = {"scope": ApprovalScope.ACCOUNTS, "from_": day(at), **more}
    return ApprovalGranted(
        id=f"g-{at}", at=day(at), approval_id="ok-1", subjects=subjects or ("a-2",),
        signer="Ana", role="officer", **told,
    )  # fmt: skip


def revoked(at: float) -> ApprovalRevoked:
    return ApprovalRevoked(id=f"r-{at}", at=day(at), approval_id="ok-1", by="Ana")


@pytest.mark.parametrize(
    ("facts", "ends"),
    [
        ((granted(),), None),
        ((granted(until=day(30)),), day(30)),
        ((granted(), revoked(10)), day(10)),
        ((granted(until=day(30)), revoked(10)), day(10)),
        ((granted(until=day(5)), revoked(10)), day(5)),
        ((granted(), revoked(10), granted(20)), None),
        ((granted(), revoked(10), granted(20, until=day(30))), day(30)),
        ((granted(), revoked(10), granted(20), revoked(25)), day(25)),
    ],
)
def test_the_newest_grant_holds_and_ends_by_its_term_or_by_what_takes_it_back(
    facts: tuple[Any, ...], ends: Any
) -> None:
    for told in permutations((*facts, facts[0])):
        assert approvals(told)[-1].ends == ends

        due = list(approval_deadlines(told, RULES))
        expected = [] if ends is None else [("approval:ok-1:a-2", ends + AFTER)]
        assert [(d.id, d.due_at) for d in due] == expected


def test_every_account_that_is_named_gets_its_deadline() -> None:
    due = list(approval_deadlines((granted(0, "a-2", "a-3"), revoked(9)), RULES))

    assert [(d.account_id, d.deadline, d.concerns) for d in due] == [
        ("a-2", "approval_expired", "ok-1"),
        ("a-3", "approval_expired", "ok-1"),
    ]


@pytest.mark.parametrize(
    "scope", [scope for scope in ApprovalScope if scope is not ApprovalScope.ACCOUNTS]
)
def test_only_an_approval_of_accounts_sets_one(scope: ApprovalScope) -> None:
    assert list(approval_deadlines((granted(scope=scope), revoked(9)), RULES)) == []


def test_a_revocation_of_what_nobody_knows_sets_none() -> None:
    assert list(approval_deadlines((revoked(9),), RULES)) == []


class TestImmediate:
    RULES = reading(T22="immediate")
    PAST = (opened("a-1", "u-1", 1), granted(), opened("a-2", "u-1", 2), revoked(30))

    def judge(self, at: float, rules: Any) -> tuple[Any, ...]:
        fact = DeadlinePassed(
            id="t", at=day(at), account_id="a-2", deadline="approval_expired", concerns="ok-1"
        )
        return Past([*self.PAST, fact], rules=rules).judge(CHECK, fact)

    def test_the_ban_applies_from_the_instant_of_expiry(self) -> None:
        (finding,) = self.judge(30, self.RULES)

        assert isinstance(finding, Finding)
        assert (finding.clause.text, finding.attested) == ("4.1/s2", Standard.FACT)
        assert "grace" not in finding.evidence[0].sentence
        assert self.judge(29, self.RULES) == ()

    def test_by_default_control_alone_is_engaged_after_notice_and_grace(self) -> None:
        (finding,) = self.judge(30 + AFTER.days, RULES)

        assert isinstance(finding, Finding)
        assert (finding.clause.text, finding.attested) == ("4.1/s3", None)
        assert self.judge(30 + AFTER.days - 1, RULES) == ()

    def test_the_deadline_comes_at_the_end_itself(self) -> None:
        (due,) = approval_deadlines((granted(), revoked(30)), self.RULES)

        assert due.due_at == day(30)
