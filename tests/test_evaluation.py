"""The pipeline: what a broken check, a clause switched off or an unfinished notice lead to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve

import policyenforce as pe
from policyenforce.checks.context import Context
from policyenforce.checks.table import Check
from policyenforce.errors import LedgerError
from policyenforce.evaluation import conclude, evaluate, further, is_moot, questions
from policyenforce.model.findings import CannotTell, Finding
from policyenforce.model.outcome import Disposition
from policyenforce.model.questions import Question, Wants
from policyenforce.model.standing import AccountState, Restriction, Standing
from tests.discipline.cast import ANA, AT, RULES, VERSION, a_finding, a_history, house_with

HERE = pe.SignedOut(id="f-1", at=AT, account_id="a-1", site="alibaba")
OPEN = Standing("a-1", "u-1", AT, AccountState.OPEN)
ASKED = Question("account", "a-2")


def a_context(rules: pe.HouseRules = RULES, **more: Any) -> Context:
    told: dict[str, Any] = {
        "now": AT, "terms": rules.terms_at(AT), "standing": OPEN, "history": a_history(),
        "subject": "u-1", **more,
    }  # fmt: skip
    return Context(rules=rules, **told)


def a_check(*answers: Any, fails: Exception | None = None, **more: Any) -> Check:
    def run(fact: pe.Fact, context: Context) -> Iterator[Finding | CannotTell]:
        if fails is not None:
            raise fails
        yield from answers

    return Check("test", 1, (pe.SignedOut,), run, **more)


def test_a_broken_check_is_told_and_clears_nothing() -> None:
    broken, sound = a_check(fails=ValueError("secret")), a_check(a_finding())

    outcome = evaluate(HERE, a_context(), (broken, sound))

    assert outcome.errors == ("check test failed with ValueError",)
    assert [c.missing for c in outcome.cannot_tell] == [("a working check `test`",)]
    assert len(outcome.findings) == 1
    assert outcome.decisions


def test_a_fact_is_moot_where_every_check_that_reads_it_is_idle() -> None:
    busy, idle = a_check(), a_check(idle=lambda sessions: sessions == ("same", "same"))

    assert is_moot(pe.SignedOut, (idle,), ("same", "same"))
    assert not is_moot(pe.SignedOut, (idle,), ("same", "other"))
    assert not is_moot(pe.SignedOut, (idle, busy), ("same", "same"))
    assert not is_moot(pe.FindingRefuted, (idle,), ("same", "same"))


def test_a_store_that_fails_stops_everything() -> None:
    with pytest.raises(LedgerError):
        evaluate(HERE, a_context(), (a_check(fails=LedgerError("gone")),))


def test_a_clause_that_is_switched_off_binds_nobody() -> None:
    rules = house_with('# "5.11" = ["FR"]', '"5.11" = ["*"]')
    untold = CannotTell(pe.ClauseRef.parse("5.11"), "a-1", ("site",))
    check = a_check(a_finding("5.11"), untold, a_finding("5.6(e)"))

    off, on = evaluate(HERE, a_context(rules), (check,)), evaluate(HERE, a_context(), (check,))

    assert [str(f.clause) for f in off.findings] == ["5.6(e)"]
    assert off.cannot_tell == ()
    assert [str(f.clause) for f in on.findings] == ["5.11", "5.6(e)"]


def test_findings_are_stamped_with_when_the_conduct_was_and_who_saw_it() -> None:
    report = pe.ConductReported(
        id="f-2", at=AT, account_id="a-1", clause="5.6(e)", reported_by="desk", confidence=0.9
    )
    bare = evolve(a_finding(), conduct_at=None)
    check = evolve(a_check(bare), reads=(pe.SignedOut, pe.ConductReported))

    by_machine = evaluate(HERE, a_context(), (check,)).findings[0]
    by_person = evaluate(report, a_context(), (check,)).findings[0]

    assert (by_machine.conduct_at, by_machine.told_by_person) == (AT, False)
    assert (by_person.conduct_at, by_person.told_by_person) == (AT, True)


def test_a_notice_that_lacks_a_field_is_said_and_keeps_the_decision(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("policyenforce.discipline.notice.MANDATORY", ("recipient", "seal"))

    outcome = conclude(HERE, a_context(), (a_finding(),))

    assert outcome.decisions
    assert outcome.notices == ()
    assert any("lacks `seal`" in error for error in outcome.errors)


def test_a_check_asks_a_second_time_about_whom_the_first_answers_name() -> None:
    check = a_check(asks=lambda fact, rules: (ASKED,), then=lambda fact, context: (ASKED, OTHER))

    assert questions(HERE, RULES, (check,)) == (ASKED,)
    assert further(HERE, a_context(answers={ASKED: ()}), (check,)) == (OTHER,)
    assert further(HERE, a_context(), (a_check(),)) == ()


OTHER = Question("account", "a-3")


@pytest.mark.parametrize(
    ("error", "passes"), [(ValueError("broken"), False), (LedgerError("gone"), True)]
)
def test_a_check_that_fails_while_asking_is_told_when_it_runs(
    error: Exception, passes: bool
) -> None:
    def then(fact: pe.Fact, context: Context) -> Iterator[Question]:
        raise error

    check = a_check(fails=error, then=then)
    if passes:
        with pytest.raises(LedgerError):
            further(HERE, a_context(), (check,))
    else:
        assert further(HERE, a_context(), (check,)) == ()
        assert evaluate(HERE, a_context(), (check,)).errors


def test_an_act_on_a_finding_asks_for_that_finding() -> None:
    fact = pe.FindingConfirmed(
        id="c-1", at=AT, account_id="a-1", finding_id="f-9", standard=pe.Standard.FACT,
        by=ANA, reason="seen",
    )  # fmt: skip

    assert questions(fact, RULES, ()) == (Question("finding", "f-9", Wants.FINDING),)


def submitted(**more: Any) -> pe.ContentSubmitted:
    content = pe.Content(content_id="c-1", title="a red dress")
    return pe.ContentSubmitted(id="f-1", at=AT, account_id="a-1", content=content, **more)


def test_content_from_nowhere_is_no_way_round_a_limit_on_one_site() -> None:
    limit = Restriction(pe.Capability.CREATE_LISTING, "d-1", "limited", site="alibaba")
    limited = evolve(OPEN, restrictions={pe.Capability.CREATE_LISTING: (limit,)})

    def disposition(site: str | None) -> Disposition:
        fact = submitted(site=site)
        return conclude(fact, a_context(standing=limited), ()).disposition

    assert disposition("alibaba") is Disposition.REJECT
    assert disposition(None) is Disposition.REJECT
    assert disposition("aliexpress") is Disposition.PUBLISH


def test_content_of_a_closed_account_is_not_published() -> None:
    closed = evolve(OPEN, state=AccountState.CLOSED)

    assert conclude(submitted(), a_context(standing=closed), ()).disposition is Disposition.REJECT


@pytest.mark.parametrize("automatic", [True, False])
def test_an_application_is_rejected_once_that_is_decided_and_held_before(automatic: bool) -> None:
    applied = pe.ApplicationReceived(id="f-1", at=AT, user_id="u-1", kind=pe.UserKind.PERSON)
    rules = RULES
    if automatic:  # a house that lets a rule turn applications down by itself
        (row,) = (r for r in RULES.responses if r.name == "ineligible" and str(r.clause) == "2.2")
        rules = evolve(RULES, responses=(evolve(row, mode=type(row.mode)("auto")),))
    finding = a_finding("2.2", triggers=(pe.Trigger.APPLICATION,), target=None)
    context = a_context(rules, history=a_history(accounts=()))

    outcome = conclude(applied, context, (finding,))

    assert outcome.disposition is (Disposition.REJECT if automatic else Disposition.HOLD)
    assert conclude(applied, context, ()).disposition is Disposition.PUBLISH


def test_an_application_gives_no_reason_to_end_an_account() -> None:
    finding = a_finding("4.1/s3", triggers=(pe.Trigger.APPLICATION,), target=None)
    assert VERSION.opening(finding.clause, finding.clause) is not None

    at_door = conclude(HERE, a_context(), (finding,)).decisions
    inside = conclude(HERE, a_context(), (evolve(finding, triggers=()),)).decisions

    assert {a.power for d in at_door for a in d.actions} == {pe.Power.REJECT_APPLICATION}
    assert {a.power for d in inside for a in d.actions} == {pe.Power.CANCEL_ACCOUNT}
