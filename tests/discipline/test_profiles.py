"""Statements under a regime are projections of decisions, and each validator refuses its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import policyenforce as pe
from policyenforce.discipline.decide import decide
from policyenforce.discipline.profiles import dsa, p2b, santa_clara
from policyenforce.discipline.profiles.personal import personal_in
from policyenforce.discipline.reviewing import reviewed
from policyenforce.model.decisions import Status
from tests.discipline.cast import ANA, AT, RULES, a_finding, a_history, a_setting, decided

END = pe.ChosenAction(power=pe.Power.TERMINATE_ACCOUNT, power_clause="6.2(i)")
GRAVE = pe.Severity.GRAVE


def ended(clause: str = "5.6(b)", **more: Any) -> pe.Decision:
    """A decision by which the account is ended, the second hand already on it."""
    waiting = decide((a_finding(clause, severity=GRAVE, target=None, **more),), a_setting())
    proposal = next(d for d in waiting.decisions if d.status is Status.PROPOSED)
    proposal = evolve(proposal, hands=("ben",))
    fact = pe.ReviewRecorded(
        id="r-1", at=AT, account_id="a-1", decision_id=proposal.id, verdict=pe.Verdict.AMEND,
        by=ANA, reason="x", actions=(END,),
    )  # fmt: skip
    return reviewed(fact, a_setting(fact, history=a_history(proposal))).decisions[0]


class TestTheEuStatement:
    def test_is_read_off_the_decision(self) -> None:
        decision = decided()
        said = dsa.statement(decision, a_history())

        assert said["decision_visibility"] == ["DECISION_VISIBILITY_CONTENT_REMOVED"]
        assert said["category"] == "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"
        assert said["automated_detection"] == "Yes"
        assert said["automated_decision"] == "AUTOMATED_DECISION_FULLY"
        assert said["puid"] == f"{decision.id}-1"
        assert "clause 5.6(d)" in said["incompatible_content_ground"]
        assert said["content_date"] == "2019-10-20"

    def test_follows_whoever_changes_the_decision(self) -> None:
        by_hand = evolve(decided(), automated_decision=False, automated_detection=False)
        said = dsa.statement(by_hand, a_history())

        assert said["automated_detection"] == "No"
        assert said["automated_decision"] == "AUTOMATED_DECISION_NOT_AUTOMATED"

    @pytest.mark.parametrize(
        ("decision", "field", "value"),
        [
            (ended(), "decision_account", "DECISION_ACCOUNT_TERMINATED"),
            (decided(a_finding(severity=GRAVE)), "decision_provision",
             "DECISION_PROVISION_PARTIAL_SUSPENSION"),
            (decided(a_finding(severity=GRAVE)), "end_date_service_restriction", "2019-11-03"),
            (decided(a_finding("5.6(e)")), "category_specification",
             ["KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING"]),
            (decided(a_finding("5.5(d)")), "category",
             "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"),
        ],
    )  # fmt: skip
    def test_uses_the_words_of_the_schema(
        self, decision: pe.Decision, field: str, value: object
    ) -> None:
        assert dsa.statement(decision, a_history())[field] == value

    def test_leaves_the_end_of_what_is_open_ended_blank(self) -> None:
        assert not any(n.startswith("end_date") for n in dsa.statement(ended(), a_history()))

    def test_repeats_nothing_that_anybody_wrote(self) -> None:
        told = a_finding(explanation="Ana Li of ana@firm.example, +31 6 1234 5678")
        said = dsa.statement(decided(told), a_history())

        assert "ana@firm.example" not in str(said) and "Ana Li" not in str(said)

    def test_has_no_word_for_a_warning_alone(self) -> None:
        warned = decided(a_finding("5.2/s1", attested=pe.Standard.BELIEF, target=None))

        with pytest.raises(pe.NoticeError, match="no restriction that the schema knows"):
            dsa.statement(warned, a_history())

    def test_is_not_made_of_what_does_not_bind(self) -> None:
        with pytest.raises(pe.NoticeError, match="does not bind"):
            dsa.statement(evolve(decided(), status=Status.OVERTURNED), a_history())

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"decision_facts": "write to ana@firm.example"}, "holds an e-mail address"),
            ({"decision_facts": "call +31 6 1234 5678"}, "holds a long number"),
            ({"decision_facts": "from 192.0.2.17"}, "holds a network address"),
            ({"decision_facts": "same card …4417"}, "holds a masked value"),
            ({"decision_facts": "account a-1 did it"}, "the id of an account or User"),
            ({"decision_facts": ""}, "`decision_facts` is missing"),
            ({"decision_facts": "x" * 5001}, "longer than 5000"),
            ({"category": "FRAUD"}, "not of the schema"),
            ({"puid": "d 1"}, "`puid`"),
            ({"automated_detection": True}, "neither Yes nor No"),
            ({"decision_visibility": []}, "no restriction"),
        ],
    )
    def test_that_the_database_would_refuse_is_refused(
        self, changed: dict[str, Any], why: str
    ) -> None:
        said = {**dsa.statement(decided(a_finding(severity=pe.Severity.MINOR)), a_history())}

        with pytest.raises(pe.NoticeError, match=why):
            dsa.require_valid({**said, **changed}, ("a-1",))

    @given(st.text(max_size=400))
    def test_looking_for_personal_data_ends_whatever_the_text(self, text: str) -> None:
        assert set(personal_in(text, ("a-1",))) <= {
            "an e-mail address", "a network address", "a long number", "a masked value",
            "the id of an account or User",
        }  # fmt: skip


class TestP2b:
    def test_ends_no_service_at_once(self) -> None:
        with pytest.raises(pe.NoticeError, match="less than 30 days' notice"):
            p2b.statement(ended(), a_history(), RULES)

    def test_ends_it_after_thirty_days(self) -> None:
        decision = ended()
        later = decision.decided_at + timedelta(days=30)
        put_off = evolve(decision, actions=tuple(evolve(a, starts=later) for a in decision.actions))
        said = p2b.statement(put_off, a_history(), RULES)

        assert (said["kind"], said["advance_days"], said["exemption"]) == ("termination", 30, None)

    def test_owes_no_thirty_days_to_who_did_it_before(self) -> None:
        decision = ended()
        before = evolve(
            decision, id="d-0", conduct_at=AT - timedelta(days=90), status=Status.IN_FORCE
        )
        said = p2b.statement(decision, a_history(before), RULES)

        assert said["exemption"] == "repeated infringement"
        fallen = evolve(before, status=Status.OVERTURNED)
        with pytest.raises(pe.NoticeError, match="30 days"):
            p2b.statement(decision, a_history(fallen), RULES)

    def test_owes_none_where_a_law_asks_for_it(self) -> None:
        assert p2b.statement(ended("5.6(k)"), a_history(), RULES)["exemption"] == "a legal duty"

    def test_restricts_at_once_with_facts_and_ground(self) -> None:
        said = p2b.statement(decided(), a_history(), RULES)

        assert (said["kind"], said["advance_days"]) == ("restriction", None)
        assert said["facts"] and said["ground"].startswith("5.6(d)")
        assert list(p2b.flaws({**said, "facts": ""})) == ["`facts` is missing"]

    def test_is_not_made_of_what_does_not_bind(self) -> None:
        with pytest.raises(pe.NoticeError, match="does not bind"):
            p2b.statement(evolve(decided(), status=Status.STAYED), a_history(), RULES)


class TestSantaClara:
    def test_finds_a_notice_complete(self) -> None:
        said = santa_clara.statement(decided(), a_history(), RULES)

        assert said["ground"].startswith("5.6(d)")
        assert "content c-1@1" in said["scope"]

    def test_misses_a_window_to_appeal_and_any_empty_part(self) -> None:
        decision = evolve(decided(), appeal_until=None)

        with pytest.raises(pe.NoticeError, match="no window to appeal"):
            santa_clara.statement(decision, a_history(), RULES)
        said = {**santa_clara.statement(decided(), a_history(), RULES), "ground": ""}
        assert list(santa_clara.flaws(said, decided())) == ["it does not say the specific clause"]


def test_what_the_schema_has_no_word_for_is_said_in_words() -> None:
    capped = decided(a_finding(severity=GRAVE))
    cap = evolve(
        capped.actions[-1], power=pe.Power.CAP_CONTENT, power_clause=pe.ClauseRef.parse("6.2(iii)"),
        scope=pe.Scope(pe.ScopeKind.CAP, "10"),
    )  # fmt: skip
    said = dsa.statement(evolve(capped, actions=(cap,)), a_history())

    assert said["decision_visibility"] == ["DECISION_VISIBILITY_OTHER"]
    assert said["decision_visibility_other"] == "edited, or capped in number"
    assert said["content_type"] == ["CONTENT_TYPE_OTHER"]
