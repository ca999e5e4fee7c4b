"""The scenario and its acts: what a policy case tells, told from Python."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import policyenforce as pe
from policyenforce.errors import (
    ConflictError,
    GateError,
    InputError,
    NoticeError,
    RoleError,
    UnknownError,
)
from policyenforce.model.decisions import Status
from policyenforce.model.outcome import CaseStatus
from policyenforce.privacy.disclosure import Disclosure, Item
from policyenforce.testing.acts import ACTS, KEYS
from policyenforce.testing.scenario import Scenario

BAGS = {"content_id": "c-1", "title": "AAA quality handbags"}
CARD = {"fact": "payment_flagged", "flag": "stolen_card", "confidence": "0.7"}


@pytest.fixture
def scenario() -> Scenario:
    return Scenario().given(account="a-1", at="2019-09-12")


def test_the_fixture_is_a_scenario_of_its_own(policy: Scenario) -> None:
    policy.given(account="a-1").when(fact="content_submitted", content=BAGS)

    assert policy.outcome.disposition is pe.Disposition.REJECT
    assert policy.standing().points == 6
    assert policy.may("sell")


def test_nothing_of_another_test_is_in_the_fixture(policy: Scenario) -> None:
    with pytest.raises(UnknownError):
        policy.standing("a-1")


def test_facts_may_be_told_as_they_are(scenario: Scenario) -> None:
    at = datetime(2019, 10, 4, tzinfo=UTC)
    scenario.when(pe.AccountClosed(id="f-1", at=at, account_id="a-1"))

    assert scenario.standing(at=at).state is pe.AccountState.CLOSED
    assert scenario.outcome.fact_id == "f-1"
    assert scenario.told[0].words == "account_closed f-1"


def test_before_anything_has_happened_there_is_no_outcome() -> None:
    scenario = Scenario()

    assert scenario.terms.id == "2019-09-12"
    with pytest.raises(UnknownError, match="nothing has happened yet"):
        _ = scenario.outcome


def test_time_never_runs_back_when_something_late_is_told(scenario: Scenario) -> None:
    scenario.when(fact="content_submitted", at="2019-09-20", content=BAGS)
    scenario.when(fact="content_submitted", at="2019-09-15", content={**BAGS, "content_id": "c-2"})

    assert scenario.now == datetime(2019, 9, 19, 16, tzinfo=UTC)
    assert scenario.standing(at="2019-09-16").removed == frozenset()


def test_a_fact_may_be_learnt_of_later_than_it_happened(scenario: Scenario) -> None:
    scenario.when(fact="content_submitted", at="2019-09-15", known="2019-09-20", content=BAGS)

    assert scenario.decision("5.4(c)").actions[0].starts == datetime(2019, 9, 19, 16, tzinfo=UTC)


def test_errors_are_raised_by_when_and_kept_by_attempt(scenario: Scenario) -> None:
    with pytest.raises(UnknownError, match=r"no finding on `5\.7`"):
        scenario.when(confirm="5.7")

    scenario.attempt({"confirm": "5.7"})
    assert scenario.refusals == ("no finding on `5.7`",)


def test_a_person_confirms_and_the_decision_binds(scenario: Scenario) -> None:
    scenario.given(fact="conduct_reported", clause="5.6(e)", reported_by="x", severity="serious")
    scenario.when(confirm="5.6(e)", standard="belief", by="senior_moderator", reason="seen")

    (decision,) = scenario.decisions
    assert decision.status is Status.IN_FORCE
    assert decision.grounds[0].standard is pe.Standard.BELIEF
    assert decision.actor is not None
    assert decision.actor.roles == ("senior_moderator",)


def test_a_finding_is_looked_up_by_clause_and_account(scenario: Scenario) -> None:
    scenario.given(account="a-2")
    for account in ("a-1", "a-2"):
        scenario.given(account_id=account, **CARD)

    assert scenario.finding("6.3(b)").subject == "a-2"
    assert scenario.finding("6.3(b)", "a-1").subject == "a-1"


def test_a_review_amends_with_actions_of_its_own(scenario: Scenario) -> None:
    scenario.given(CARD).when(
        review="6.3(b)",
        verdict="amend",
        actions=[{"power": "restrict_feature", "power_clause": "6.2(iv)", "days": 3,
                  "capabilities": ["buy"]}],
    )  # fmt: skip

    assert scenario.decisions[0].status is Status.AMENDED
    assert not scenario.may("buy")
    assert scenario.may("sell")


def test_a_role_that_may_not_is_refused(scenario: Scenario) -> None:
    scenario.given(CARD)

    with pytest.raises(RoleError, match="no role of `the intern` may review"):
        scenario.when(review="6.3(b)", by="intern")


def test_a_case_is_closed_by_a_person(scenario: Scenario) -> None:
    scenario.given(fact="conduct_reported", clause="5.12", reported_by="x", confidence="0.5")
    scenario.when(close="a-1")

    assert scenario.outcome.cases[0].status is CaseStatus.CLOSED
    with pytest.raises(InputError, match="no case of `a-1` is open"):
        scenario.when(close="a-1")


def test_an_appeal_is_filed_and_heard(scenario: Scenario) -> None:
    scenario.given(fact="content_submitted", content=BAGS)
    scenario.when({"appeal": "5.4(c)"}, {"decide_appeal": "5.4(c)", "result": "overturn"})

    assert scenario.decisions[0].status is Status.OVERTURNED
    assert scenario.standing().points == 0


def test_of_several_decisions_on_a_clause_one_is_picked_by_its_power(scenario: Scenario) -> None:
    scenario.given(fact="conduct_reported", clause="12.6", reported_by="x", standard="belief")
    scenario.given(review="12.6")
    scenario.when({"appeal": "12.6", "power": "other_corrective"}, {"appeal": "12.6"})

    powers = [d.actions[0].power for d in scenario.decisions]
    assert powers == [pe.Power.OTHER_CORRECTIVE, pe.Power.SUSPEND_ACCOUNT]


def test_an_appeal_that_nobody_filed_is_not_heard(scenario: Scenario) -> None:
    scenario.given(fact="content_submitted", content=BAGS)

    with pytest.raises(ConflictError, match="no appeal against"):
        scenario.when(decide_appeal="5.4(c)")


def test_permission_is_asked_with_site_and_service(scenario: Scenario) -> None:
    scenario.given({"fact": "information_verified", "topic": "address", "true": False,
                    "verified_by": "visit"}, {"review": "5.2(a)"})  # fmt: skip
    scenario.when({"may": "sell", "site": "alibaba"}, {"may": "sell", "site": "aliexpress"})

    asked = [told.answers[0] for told in scenario.told]
    assert [bool(answer) for answer in asked] == [False, True]


def test_a_notice_that_lacks_a_field_is_refused(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario.given(fact="content_submitted", content=BAGS)
    assert scenario.notice("5.4(c)").fields["court"]

    from policyenforce.discipline import notice

    monkeypatch.setattr(notice, "_decider", lambda _: "")
    with pytest.raises(NoticeError, match="lacks `decided by`"):
        scenario.notice("5.4(c)")


def test_what_is_only_proposed_has_no_notice(scenario: Scenario) -> None:
    scenario.given(CARD)

    with pytest.raises(ConflictError, match="only proposed"):
        scenario.notice()


def test_data_is_disclosed_through_both_gates_or_not_at_all(scenario: Scenario) -> None:
    scenario.when(disclose="police", items=["identity"], legal_basis="warrant")
    with pytest.raises(GateError, match="only cooperate"):
        scenario.when(disclose="private_investigator", items=["identity"])

    assert [line.item for line in scenario.answer(Disclosure).log] == [Item.IDENTITY]


def test_time_alone_is_told_by_due(scenario: Scenario) -> None:
    scenario.given(
        fact="information_requested",
        at="2019-09-13",
        request_id="rq",
        purpose="service",
        due_at="2019-09-20",
    )
    scenario.when(due="2019-09-30")

    assert [str(f.clause) for f in scenario.outcome.findings] == ["5.9"]
    assert scenario.now is not None
    assert scenario.now - timedelta(hours=1) < scenario.standing().at < scenario.now + timedelta(1)


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ({}, "a step says what it is"),
        ({"confrim": "5.7"}, "did you mean `confirm`"),
        ({"confirm": "5.7", "standart": "fact"}, "did you mean `standard`"),
        ({"confirm": None}, "name the clause it is about"),
        ({"may": "fly"}, "`fly` is not known here"),
        ({"parties": {"origin": "HK"}}, "say the `origin` and the `site`"),
        ({"parties": {"origin": "HK", "site": "alibaba", "acess": "KZ"}}, "of: access, origin"),
        ({"relate": "a-1"}, "to: name the clause"),
        ({"cooperate": "police", "wrong": "sin"}, "`sin` is not known here"),
    ],
)
def test_a_step_that_is_not_well_formed_is_refused(
    scenario: Scenario, step: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        scenario.when(step)


@pytest.mark.parametrize("action", [{}, {"power": "fly"}, {"power": "cap_content", "dais": 3}])
def test_an_action_that_is_not_well_formed_is_refused(
    scenario: Scenario, action: dict[str, object]
) -> None:
    scenario.given(CARD)

    with pytest.raises(InputError, match=r"actions\[0\]: an action names"):
        scenario.when(review="6.3(b)", verdict="amend", actions=[action])


def test_every_act_of_a_person_or_question_has_its_own_keys() -> None:
    assert set(ACTS) - set(KEYS) == {"account", "application", "fact"}
