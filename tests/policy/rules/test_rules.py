"""What checks and discipline ask of the house rules."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.errors import PolicyError, TermsError
from policyenforce.model.decisions import ScopeKind
from policyenforce.model.findings import Severity
from policyenforce.policy.load import load_rules
from policyenforce.policy.rules import (
    VERBS,
    AccountRelations,
    ActionTemplate,
    Floor,
    Mode,
    Points,
    Registration,
    Response,
    Thresholds,
    ThresholdTable,
)
from policyenforce.policy.templates import SCOPES, widening
from policyenforce.terms import AdditionalAgreement, ClauseRef, Override, Power, Standard, Terms

RULES = load_rules()
CONDUCT = datetime(2019, 10, 20, tzinfo=UTC)
REFS = [s.ref for s in Terms.load().version("2019-10-04").statements]
CONFIDENCE = st.floats(0, 1)


def ref(text: str) -> ClauseRef:
    return ClauseRef.parse(text)


def warn(label: str = "w") -> ActionTemplate:
    return ActionTemplate(Power.OTHER_CORRECTIVE, ref("6.2(v)"), ScopeKind.ACCOUNT, label=label)


def answer(name: str, clause: str, category: str | None = None) -> Response:
    return Response(name, ref(clause), (warn(),), Mode.AUTO, category)


TABLE = ThresholdTable(
    default=Thresholds(0.1, 0.2),
    clauses={
        ref("5.1"): Thresholds(0.2, 0.3),
        ref("5.1(c)"): Thresholds(0.3, 0.4),
        ref("5.1(c)/s2"): Thresholds(0.4, 0.5),
    },
    categories={"spam": Thresholds(0.5, 0.6)},
)


@pytest.mark.parametrize(
    ("clause", "category", "suspicion"),
    [
        ("5.2(a)", None, 0.1),
        ("5.1(a)", None, 0.2),
        ("5.1(c)", None, 0.3),
        ("5.1(c)/s2", None, 0.4),
        ("5.1(c)/s2", "spam", 0.5),
        ("5.1(a)", "unheard of", 0.2),
    ],
)
def test_the_narrowest_threshold_holds(clause, category, suspicion):
    rules = evolve(RULES, thresholds=TABLE)

    assert rules.thresholds.row(ref(clause), category).suspicion == suspicion
    assert rules.standard_of(ref(clause), category, suspicion) is Standard.SUSPICION
    assert rules.standard_of(ref(clause), category, suspicion - 0.01) is Standard.NONE
    assert rules.standard_of(ref(clause), category, suspicion + 0.1) is Standard.BELIEF


@given(st.sampled_from(REFS), CONFIDENCE, CONFIDENCE)
def test_more_confidence_never_amounts_to_less(clause, one, other):
    low, high = sorted((one, other))

    assert RULES.standard_of(clause, None, low) <= RULES.standard_of(clause, None, high)


@given(st.sampled_from(REFS), st.sampled_from(("", *RULES.categories)), CONFIDENCE)
def test_no_confidence_amounts_to_a_fact(clause, category, confidence):
    assert RULES.standard_of(clause, category or None, confidence) < Standard.FACT


@pytest.mark.parametrize(
    "clause", ["4.1/s3", "4.1/s4", "4.5/s1", "4.5/s3", "1.2(a)", "6.5", "7.5", "6.1/limb2"]
)
def test_what_is_no_breach_scores_nothing(clause):
    wide = {ref(c): Points(1, 2, 3) for c in ("4.1", "4.5", "1.2", "6.5", "6.1")}
    rules = evolve(RULES, points=wide)

    assert [rules.points_for(ref(clause), severity) for severity in Severity] == [0, 0, 0]


@pytest.mark.parametrize(
    ("clause", "severity", "points"),
    [
        ("4.1/s2", Severity.SERIOUS, 6),
        ("4.3/s3", Severity.GRAVE, 12),
        ("4.3/s4", Severity.GRAVE, 4),
        ("5.5(a)", Severity.MINOR, 1),
        ("5.5(c)", Severity.MINOR, 2),
        ("6.3(c)", Severity.MINOR, 1),
        ("12.6", Severity.GRAVE, 24),
    ],
)
def test_the_narrowest_row_of_points_holds(clause, severity, points):
    assert RULES.points_for(ref(clause), severity) == points


def test_a_breach_without_a_row_scores_nothing():
    assert evolve(RULES, points={}).points_for(ref("5.5(c)"), Severity.GRAVE) == 0


@given(st.sampled_from(REFS))
def test_a_graver_breach_never_costs_less(clause):
    points = [RULES.points_for(clause, severity) for severity in Severity]

    assert points == sorted(points)


def test_a_response_to_a_letter_stands_before_one_to_the_number():
    rules = evolve(RULES, responses=(answer("wide", "5.5"), answer("narrow", "5.5(c)")))

    assert [r.name for r in rules.responses_for(ref("5.5(c)"), None)] == ["narrow"]
    assert [r.name for r in rules.responses_for(ref("5.5(a)"), None)] == ["wide"]
    assert rules.responses_for(ref("5.4(a)"), None) == ()


def test_a_response_to_a_category_stands_before_every_other():
    rules = evolve(
        RULES,
        categories=("spam", "toxic"),
        responses=(answer("clause", "5.6(f)"), answer("category", "5.6", "spam")),
    )

    assert [r.name for r in rules.responses_for(ref("5.6(f)"), "spam")] == ["category"]
    assert [r.name for r in rules.responses_for(ref("5.6(f)"), "toxic")] == ["clause"]
    assert [r.name for r in rules.responses_for(ref("5.6(f)"), "unheard of")] == ["clause"]


def test_responses_of_the_same_width_hold_together():
    rules = evolve(RULES, responses=(answer("one", "5.5"), answer("two", "5.5")))

    assert [r.name for r in rules.responses_for(ref("5.5(c)"), None)] == ["one", "two"]


@given(st.text(max_size=20))
def test_unknown_categories_are_not_remembered(category):
    rules = load_rules()
    rules.responses_for(ref("5.5(c)"), None)
    rules.standard_of(ref("5.5(c)"), None, 0.5)
    before = len(rules._asked)
    if category not in rules.categories:
        rules.responses_for(ref("5.5(c)"), category)
        rules.standard_of(ref("5.5(c)"), category, 0.5)

    assert len(rules._asked) == before


def test_the_hardest_floor_that_a_breach_is_grave_enough_for_holds():
    floors = (
        Floor(ref("5.5"), Severity.GRAVE, "limits_21_days"),
        Floor(ref("5.5(c)"), Severity.SERIOUS, "warning"),
        Floor(ref("5.5(c)"), Severity.SERIOUS, "limits_7_days"),
    )
    rules = evolve(RULES, floors=floors)

    assert rules.floor_for(ref("5.5(c)"), Severity.GRAVE).name == "limits_21_days"
    assert rules.floor_for(ref("5.5(c)"), Severity.SERIOUS).name == "limits_7_days"
    assert rules.floor_for(ref("5.5(c)"), Severity.MINOR) is None
    assert rules.floor_for(ref("5.4(a)"), Severity.GRAVE) is None


def test_the_rules_know_which_rung_points_cross():
    assert RULES.rung_crossed(11, 17) is RULES.rung("limits_7_days")
    assert RULES.rung_crossed(17, 17) is None


def test_an_unknown_rung_is_refused_with_the_known_ones():
    with pytest.raises(PolicyError, match="unknown rung `cliff`") as caught:
        RULES.rung("cliff")

    assert "limits_7_days" in caught.value.hint


@pytest.mark.parametrize("power", [Power.TERMINATE_ACCOUNT, Power.CANCEL_ACCOUNT])
def test_termination_and_cancellation_need_a_person(power):
    assert RULES.needs_person(power)


def test_downgrading_needs_a_person_while_the_reading_says_so_and_editing_always():
    by_rule = evolve(RULES, readings={"T18": "by_rule"})

    assert RULES.needs_person(Power.MODIFY_CONTENT)
    assert RULES.needs_person(Power.DOWNGRADE_SERVICE)
    assert not by_rule.needs_person(Power.DOWNGRADE_SERVICE)
    assert by_rule.needs_person(Power.MODIFY_CONTENT)  # a rule has no words to put there
    assert not RULES.needs_person(Power.REMOVE_CONTENT)


def test_a_verb_is_for_its_roles_alone():
    assert RULES.allows("review", ["guest", "moderator"])
    assert not RULES.allows("decide_appeal", ["moderator", "senior_moderator"])
    assert not RULES.allows("review", [])


def test_a_verb_without_roles_is_for_nobody():
    assert not evolve(RULES, roles={}).allows("review", ["moderator"])


def test_an_unknown_verb_is_refused():
    with pytest.raises(PolicyError, match="unknown verb `smite`") as caught:
        RULES.allows("smite", ["moderator"])

    assert set(VERBS) <= set(caught.value.hint.removeprefix("one of: ").split(", "))


def test_a_reading_answers_with_the_choice_of_the_house_or_the_default():
    rules = evolve(RULES, readings={"T23": "off"})

    assert (rules.reading("T23"), rules.reading("T1")) == ("off", "approval_blocks")


def test_an_unknown_reading_is_refused():
    with pytest.raises(PolicyError, match="unknown reading `T99`"):
        RULES.reading("T99")


def test_a_changed_copy_has_its_own_hash_and_answers():
    warned = evolve(RULES, points={ref("5.5"): Points(7, 8, 9)})

    assert warned.hash != RULES.hash
    assert warned.points_for(ref("5.5(a)"), Severity.MINOR) == 7
    assert RULES.points_for(ref("5.5(a)"), Severity.MINOR) == 1


def test_the_terms_are_those_of_the_day():
    assert RULES.terms_at(CONDUCT).id == "2019-10-04"
    assert RULES.terms_at(CONDUCT - timedelta(days=20)).id == "2019-09-12"


def test_the_terms_are_worked_out_once():
    assert RULES.terms_at(CONDUCT) is RULES.terms_at(CONDUCT + timedelta(days=1), service="any")


def test_before_the_first_version_there_are_no_terms():
    with pytest.raises(TermsError):
        RULES.terms_at(datetime(2001, 1, 1, tzinfo=UTC))


def test_the_readings_of_the_house_decide_what_is_open():
    literal = evolve(RULES, readings={"T23": "off"})
    opened = [
        rules.terms_at(CONDUCT).opening("4.1/s3", "4.1/s3").powers for rules in (RULES, literal)
    ]

    assert Power.SUSPEND_ACCOUNT in opened[0]
    assert Power.SUSPEND_ACCOUNT not in opened[1]


def test_a_clause_switched_off_opens_nothing_where_it_is_off():
    rules = evolve(RULES, disabled={ref("5.11"): ("FR",), ref("5.9"): ("*",)})

    assert rules.terms_at(CONDUCT, jurisdiction="HK").openings("5.11")
    assert rules.terms_at(CONDUCT, jurisdiction="FR").openings("5.11") == ()
    assert rules.terms_at(CONDUCT).openings("5.9") == ()


def test_a_clause_that_an_older_version_lacks_is_switched_off_where_it_stands():
    rules = evolve(RULES, disabled={ref("12.6"): ("*",), ref("5.1(c)/s2"): ("*",)})

    assert rules.terms_at(CONDUCT - timedelta(days=20)).off == {"12.6", "5.1(c)/s2"}


def test_a_jurisdiction_of_the_catalogue_is_honoured():
    newer = evolve(RULES.terms.version("2019-10-04"), disabled_in={"5.11": ("FR",)})
    rules = evolve(RULES, terms=evolve(RULES.terms, versions=(RULES.terms.versions[0], newer)))

    assert rules.terms_at(CONDUCT, jurisdiction="FR").openings("5.11") == ()
    assert rules.terms_at(CONDUCT, jurisdiction="HK").openings("5.11")


def test_an_agreement_holds_for_its_service_and_its_time():
    agreement = AdditionalAgreement(
        "a-1", "logistics", {"5.11": Override(off=True)}, CONDUCT, CONDUCT + timedelta(days=9)
    )
    rules = evolve(RULES, agreements=(agreement,))

    assert rules.terms_at(CONDUCT, service="logistics").openings("5.11") == ()
    assert rules.terms_at(CONDUCT, service="logistics").agreements == ("a-1",)
    assert rules.terms_at(CONDUCT, service="adverts").openings("5.11")
    assert rules.terms_at(CONDUCT + timedelta(days=9), service="logistics").openings("5.11")


def test_an_age_is_that_of_the_country_or_the_default():
    registration = Registration(minimum_age={"default": 18, "JP": 20})

    assert [registration.age_in(c) for c in ("JP", "HK", None)] == [20, 18, 18]


@pytest.mark.parametrize(("reach", "points"), [(1, 60), (2, 60), (3, 20), (10, 20), (11, 0)])
def test_a_shared_value_is_worth_less_the_more_accounts_bear_it(reach, points):
    relations = AccountRelations(points={"card": ((2, 60), (10, 20))})

    assert relations.worth("card", reach) == points
    assert relations.worth("phone", reach) == 0


@given(st.sampled_from(sorted(RULES.accounts.points)), st.integers(1, 100), st.integers(0, 100))
def test_a_commoner_value_is_never_worth_more(kind, reach, more):
    assert RULES.accounts.worth(kind, reach + more) <= RULES.accounts.worth(kind, reach)


@pytest.mark.parametrize(
    ("power", "scope", "more", "message"),
    [
        (Power.REMOVE_CONTENT, ScopeKind.ACCOUNT, {}, "`remove_content` cannot bear on `account`"),
        (Power.TERMINATE_ACCOUNT, ScopeKind.ACCOUNT, {"days": 7}, "`terminate_account` has an end"),
        (
            Power.CANCEL_ACCOUNT,
            ScopeKind.ACCOUNT,
            {"cure": "fee_paid"},
            "`cancel_account` has an end",
        ),
        (Power.RESTRICT_FEATURE, ScopeKind.CAPABILITY, {}, "capabilities and the scope"),
        (Power.CAP_CONTENT, ScopeKind.CAP, {}, "a cap needs a number"),
        (Power.CAP_CONTENT, ScopeKind.CAP, {"value": "many"}, "a cap needs a number"),
        (Power.OTHER_CORRECTIVE, ScopeKind.ACCOUNT, {}, "needs a label"),
        (Power.SUSPEND_ACCOUNT, ScopeKind.ACCOUNT, {"days": 0}, "`days` is 0"),
    ],
)
def test_an_action_that_means_nothing_is_refused(power, scope, more, message):
    with pytest.raises(PolicyError, match=message.replace("(", r"\(")):
        ActionTemplate(power, ref("6.2(i)"), scope, **more)


def test_every_power_can_bear_on_something():
    assert set(SCOPES) == set(Power)
    assert all(SCOPES.values())


def test_widening_goes_from_the_statement_to_the_number():
    assert [r.text for r in widening(ref("4.1/s3"))] == ["4.1/s3", "4.1"]
    assert [r.text for r in widening(ref("5.5(c)"))] == ["5.5(c)", "5.5"]
    assert [r.text for r in widening(ref("5.7"))] == ["5.7"]
