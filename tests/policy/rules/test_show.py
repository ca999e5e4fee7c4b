"""The summary a person checks: plain values that say what the rules do."""

import json

from attrs import evolve

from policyenforce.policy.load import load_rules
from policyenforce.policy.rules import Mode
from policyenforce.policy.show import described, summary
from policyenforce.terms import Power

RULES = load_rules()
SHOWN = summary(RULES)


def test_the_summary_is_plain_data():
    assert json.loads(json.dumps(SHOWN)) == SHOWN


def test_the_summary_names_the_rules_and_the_terms():
    assert SHOWN["hash"] == RULES.hash
    assert SHOWN["terms"] == ["2019-09-12", "2019-10-04"]


def test_every_rung_says_what_it_does_and_who_does_it():
    assert [(rung["rung"], rung["points"]) for rung in SHOWN["ladder"]][-1] == (
        "end_of_membership",
        48,
    )
    assert SHOWN["ladder"][3]["actions"] == [
        {
            "does": "restrict_feature on capability create_listing promote for 21 days, 6.2(iv)",
            "by": "person",
        },
        {"does": "cap_content on cap 10 for 21 days, 6.2(iii)", "by": "person"},
    ]
    assert SHOWN["ladder"][1]["actions"][0]["by"] == "rule"


def test_an_automatic_action_behind_a_review_gate_is_a_persons():
    ladder = tuple(evolve(rung, mode=Mode.AUTO) for rung in RULES.ladder)
    shown = summary(evolve(RULES, ladder=ladder))

    assert [rung["actions"][0]["by"] for rung in shown["ladder"]] == ["rule"] * 4 + ["person"]


def test_a_response_is_shown_once_with_all_its_clauses():
    row = next(r for r in SHOWN["responses"] if r["response"] == "ineligible")

    assert row["clauses"] == ["1.2(a)", "1.2(b)", "2.2"]
    assert row["at_least"] == "suspicion"
    assert row["actions"] == [{"does": "reject_application on application, 4.1/s4", "by": "person"}]


def test_a_response_to_a_category_says_so():
    row = next(r for r in SHOWN["responses"] if r["response"] == "remove_account_offer")

    assert row["category"] == "credentials_offered_or_asked"


def test_thresholds_are_listed_from_wide_to_narrow():
    names = [row["for"] for row in SHOWN["thresholds"]]

    assert names[0] == "default"
    assert "5.4(b)" in names
    assert "category harmful_to_minors" in names
    assert SHOWN["thresholds"][0] == {"for": "default", "suspicion": 0.5, "belief": 0.85}


def test_what_no_machine_believes_is_shown_as_never():
    row = next(r for r in SHOWN["thresholds"] if r["for"] == "category rights")

    assert row == {"for": "category rights", "suspicion": 0.4, "belief": "never"}


def test_a_reading_says_what_it_means_and_whether_it_is_the_default():
    shown = summary(evolve(RULES, readings={"T23": "off"}))
    row = next(r for r in shown["readings"] if r["reading"] == "T23")

    assert row == {
        "reading": "T23",
        "answer": "off",
        "default": False,
        "means": "only the steps that are named",
    }
    assert all(row["default"] for row in SHOWN["readings"])


def test_the_powers_of_a_person_include_those_a_reading_adds():
    assert "terminate_account" in SHOWN["by_person"]
    assert "modify_content" in SHOWN["by_person"]
    assert "remove_content" not in SHOWN["by_person"]


def test_an_action_with_a_cure_says_what_ends_it():
    (response,) = [r for r in RULES.responses if r.name == "insecure_account"]

    assert described(response.actions[0]) == (
        "suspend_account on account for 7 days until security_setting_changed, 4.5/s3"
    )
    assert response.actions[0].power is Power.SUSPEND_ACCOUNT


def test_settings_are_shown_as_they_stand():
    assert SHOWN["settings"]["point_life_days"] == 365
    assert SHOWN["settings"]["content"]["hold_at"] == "suspicion"
    assert SHOWN["settings"]["accounts"]["points"]["card"] == [
        [reach, points] for reach, points in RULES.accounts.points["card"]
    ]
