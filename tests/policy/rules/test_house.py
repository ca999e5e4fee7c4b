"""The shipped default: sound, complete over the Terms, and in step with the packs and the field."""

import re
import tomllib
from importlib.resources import files

import pytest
from attrs import fields, has

from policyenforce.model.decisions import MeasureKind
from policyenforce.model.findings import Severity
from policyenforce.policy.lint import lint
from policyenforce.policy.load import load_rules
from policyenforce.policy.relations import IDENTIFIERS, IMPLIED
from policyenforce.policy.rules import VERBS, HouseRules, Mode
from policyenforce.privacy.tokens import PERSONAL_KINDS
from policyenforce.terms import ClauseRef, Power, Standard, Terms

RULES = load_rules()
TEXT = (files("policyenforce.policy") / "house.toml").read_text(encoding="utf-8")
NEWER = Terms.load().version("2019-10-04")
COMMENTED = (
    "retention",
    "appeals",
    "roles",
    "cascade",
    "brake",
    "protective.maximum_hours",
    "registration",
    "content",
    "accounts",
    "sharing",
    "dealings",
    "cooperation",
)
FOUND = [s for s in NEWER.statements if any(b.startswith("check:") for b in s.enforced_by)]


def ref(text: str) -> ClauseRef:
    return ClauseRef.parse(text)


def responses(clause: str, category: str | None = None) -> list[tuple[Power, str, Mode]]:
    return [
        (action.power, action.power_clause.text, response.mode)
        for response in RULES.responses_for(ref(clause), category)
        for action in response.actions
    ]


def test_the_shipped_default_is_sound():
    assert lint(RULES) == ()


def test_the_ladder_is_that_of_the_field():
    steps = [(r.points, r.actions[0].power, r.actions[0].days, r.mode) for r in RULES.ladder]

    assert steps == [
        (6, Power.OTHER_CORRECTIVE, None, Mode.AUTO),
        (12, Power.RESTRICT_FEATURE, 7, Mode.AUTO),
        (24, Power.RESTRICT_FEATURE, 14, Mode.AUTO),
        (36, Power.RESTRICT_FEATURE, 21, Mode.PROPOSE),
        (48, Power.TERMINATE_ACCOUNT, None, Mode.PROPOSE),
    ]
    assert RULES.rung("warning").actions[0].label == "formal_warning"
    assert RULES.rung("limits_21_days").actions[1].power is Power.CAP_CONTENT


@pytest.mark.parametrize(
    "statement", [s for s in FOUND if s.owed or s.deems], ids=lambda s: s.ref.text
)
def test_every_breach_that_a_check_can_find_has_a_consequence(statement):
    scores = RULES.points_for(statement.ref, Severity.GRAVE) > 0

    assert scores or RULES.responses_for(statement.ref, None)


@pytest.mark.parametrize(
    "statement",
    [s for s in FOUND if (s.owed or s.deems) and NEWER.opening(s.ref, "6.2(v)")],
    ids=lambda s: s.ref.text,
)
def test_every_breach_that_6_2_answers_scores_at_every_rung_of_gravity(statement):
    points = [RULES.points_for(statement.ref, severity) for severity in Severity]

    assert points[1] > 0
    assert points[0] < points[2]


@pytest.mark.parametrize(
    "clause",
    [
        "5.4(a)",
        "5.4(b)",
        "5.4(c)",
        "5.5(a)",
        "5.5(g)",
        "5.6(d)",
        "5.6(e)",
        "5.6(f)",
        "5.6(j)",
        "5.7",
        "3.6",
    ],
)
def test_content_in_breach_is_removed_once_that_is_believed(clause):
    (response,) = RULES.responses_for(ref(clause), None)

    assert responses(clause) == [(Power.REMOVE_CONTENT, "6.1/limb1", Mode.AUTO)]
    assert response.at_least is Standard.BELIEF


@pytest.mark.parametrize(
    ("clause", "power", "by"),
    [
        ("4.1/s3", Power.CANCEL_ACCOUNT, "4.1/s3"),
        ("4.1/s3", Power.REJECT_APPLICATION, "4.1/s4"),
        ("4.1/s4", Power.REJECT_APPLICATION, "4.1/s4"),
        ("1.2(a)", Power.REJECT_APPLICATION, "4.1/s4"),
        ("4.5/s1", Power.SUSPEND_ACCOUNT, "4.5/s3"),
        ("5.4(d)", Power.SUSPEND_ACCOUNT, "6.2(i)"),
        ("5.6(k)", Power.SUSPEND_ACCOUNT, "6.2(i)"),
        ("6.3(a)", Power.RESTRICT_FEATURE, "6.2(iv)"),
        ("6.3(b)", Power.RESTRICT_FEATURE, "6.2(iv)"),
        ("6.3(d)", Power.RESTRICT_FEATURE, "6.2(iv)"),
        ("6.5", Power.LIMIT_SERVICE, "6.5"),
        ("7.5", Power.SUSPEND_ACCOUNT, "7.5"),
    ],
)
def test_what_weighs_on_a_member_is_proposed(clause, power, by):
    assert (power, by, Mode.PROPOSE) in responses(clause)


def test_suspected_information_is_only_asked_to_be_corrected():
    (response,) = RULES.responses_for(ref("6.3(c)"), None)
    (action,) = response.actions

    assert (action.power, action.label) == (Power.OTHER_CORRECTIVE, "request_to_correct")
    assert (action.cure, response.mode) == ("details_amended", Mode.AUTO)


def test_transaction_data_that_arrives_ends_the_suspension():
    (response,) = RULES.responses_for(ref("7.5"), None)

    assert response.actions[0].cure == "information_supplied"


def test_content_that_offers_an_account_goes_by_6_2_which_names_it():
    assert responses("12.6", "credentials_offered_or_asked") == [
        (Power.REMOVE_CONTENT, "6.2(iii)", Mode.AUTO)
    ]


def test_nothing_ends_an_account_and_nothing_cascades_without_a_person():
    assert {Power.CANCEL_ACCOUNT, Power.TERMINATE_ACCOUNT, Power.TERMINATE_SERVICE} <= RULES.review
    assert RULES.cascade.automatic is False
    assert RULES.cascade.hop_limit == 1


def test_every_reading_is_written_out_with_its_default():
    assert RULES.readings == {id_: r.default for id_, r in Terms.load().readings.items()}


def test_every_verb_has_its_roles():
    assert set(RULES.roles) == set(VERBS)
    assert all(RULES.roles.values())


def test_every_measure_has_its_maximum():
    assert set(RULES.protective.maximum_hours) == {kind.value for kind in MeasureKind}


def test_every_identifier_is_weighed_and_kept_as_a_token():
    accounts = RULES.accounts
    likeness = {kind for kind, weaker in IMPLIED.items() if weaker in accounts.alike}

    assert set(accounts.points) | likeness | {"address"} == set(IDENTIFIERS)
    assert set(IDENTIFIERS) <= set(PERSONAL_KINDS)


def test_nothing_in_the_file_is_left_to_a_hidden_default():
    written = tomllib.loads(TEXT)
    sections = [a for a in fields(HouseRules) if a.init and a.name not in ("terms", "agreements")]

    assert {a.name for a in sections} == set(written)
    for section in sections:
        value = getattr(RULES, section.name)
        if has(type(value)) and section.name != "thresholds":
            assert {a.name for a in fields(type(value)) if a.init} == set(written[section.name])


@pytest.mark.parametrize("section", COMMENTED)
def test_every_key_of_a_section_is_explained_beside_it(section):
    body = TEXT.split(f"\n[{section}]\n")[1].partition("\n[")[0]
    keys = [line for line in body.splitlines() if re.match(r"\w+ = ", line)]

    assert keys
    assert [line for line in keys if "#" not in line] == []
