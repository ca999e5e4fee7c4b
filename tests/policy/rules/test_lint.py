"""The lint: each flaw, provoked by one broken policy, with the case that shows it."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.model.decisions import ScopeKind
from policyenforce.model.findings import Severity
from policyenforce.model.standing import Capability
from policyenforce.policy.ladder import rung_crossed
from policyenforce.policy.lint import Problem, lint
from policyenforce.policy.load import load_rules
from policyenforce.policy.proofs.ladder import harshness, ladder_problems
from policyenforce.policy.rules import (
    ActionTemplate,
    Floor,
    HouseRules,
    Mode,
    Points,
    Response,
    Rung,
    Thresholds,
    ThresholdTable,
)
from policyenforce.terms import ClauseRef, Power, Standard, Terms

RULES = load_rules()
WARNING, LIMITS_7, LIMITS_14, LIMITS_21, END = RULES.ladder


def ref(text: str) -> ClauseRef:
    return ClauseRef.parse(text)


def act(power: Power, clause: str, scope: ScopeKind, **more: object) -> ActionTemplate:
    return ActionTemplate(power, ref(clause), scope, **more)


def warn(label: str = "warning") -> ActionTemplate:
    return act(Power.OTHER_CORRECTIVE, "6.2(v)", ScopeKind.ACCOUNT, label=label)


def rung(name: str, points: int, severity: int, *actions: ActionTemplate, mode=Mode.AUTO) -> Rung:
    return Rung(name, points, severity, mode, actions or (warn(),))


def limit(days: int | None, *capabilities: Capability) -> ActionTemplate:
    return act(
        Power.RESTRICT_FEATURE,
        "6.2(iv)",
        ScopeKind.CAPABILITY,
        days=days,
        capabilities=capabilities or (Capability.SELL,),
    )


def with_response(response: Response, **more: object) -> HouseRules:
    return evolve(RULES, responses=(*RULES.responses, response), **more)


def found(rules: HouseRules, rule: str) -> Problem:
    """The one problem of that proof; the others may be there as well."""
    problems = [problem for problem in lint(rules) if problem.rule == rule]
    assert len(problems) == 1, problems
    return problems[0]


def test_a_rung_that_is_no_graver_than_the_one_below_is_found():
    flat = evolve(LIMITS_14, severity=2)

    problem = found(evolve(RULES, ladder=(WARNING, LIMITS_7, flat, LIMITS_21, END)), "rungs_rise")

    assert problem.message == "rung `limits_14_days` is no graver than the one below it"
    assert problem.counterexample == "from 12 to 24 points severity goes from 2 to 2"


def test_a_rung_that_does_less_than_the_one_below_is_found():
    milder = evolve(LIMITS_14, actions=(limit(3, Capability.CREATE_LISTING),))

    problem = found(evolve(RULES, ladder=(WARNING, LIMITS_7, milder, LIMITS_21, END)), "rungs_rise")

    assert problem.counterexample == (
        "an account that climbs from 12 to 24 points gets `restrict_feature` for 3 days"
        " after `restrict_feature` for 7 days"
    )


def test_a_rung_that_every_sum_of_scores_skips_is_found():
    ladder = (rung("one", 6, 1), rung("two", 13, 2, limit(1)), rung("three", 17, 3, limit(2)))
    rules = evolve(
        RULES,
        ladder=ladder,
        points={ref("5.5"): Points(6, 6, 6)},
        responses=(),
        floors=(),
        cascade=evolve(RULES.cascade, milder_rung=None),
    )

    problem = found(rules, "reachable")

    assert problem.message == "no set of breaches reaches rung `two`"
    assert problem.counterexample == "the next total after 12 points is 18: it skips 13 to 16"


def test_a_policy_in_which_nothing_scores_is_found():
    problem = found(evolve(RULES, points={}, floors=()), "reachable")

    assert problem.counterexample == "every account stays at 0 points"


@given(
    st.sets(st.integers(1, 12), min_size=1, max_size=3),
    st.sets(st.integers(1, 30), min_size=2, max_size=4),
)
def test_the_proof_of_reach_agrees_with_walking_the_ladder(scores, rungs):
    ordered = sorted(scores)
    minor, serious, grave = ordered[0], ordered[len(ordered) // 2], ordered[-1]
    ladder = tuple(rung(f"r{points}", points, points, limit(points)) for points in sorted(rungs))
    rules = evolve(
        RULES,
        ladder=ladder,
        points={ref("5.7"): Points(minor, serious, grave)},
        floors=(),
        cascade=evolve(RULES.cascade, milder_rung=None),
    )
    problems = [p for p in ladder_problems(rules) if p.rule == "reachable"]
    skipped = {problem.message.split("`")[1] for problem in problems}

    reached, seen, totals = set(), {0}, [0]
    while totals:
        before = totals.pop()
        for score in (minor, serious, grave):
            after = before + score
            crossed = rung_crossed(ladder, before, after)
            reached |= {crossed.name} if crossed else set()
            if after <= ladder[-1].points and after not in seen:
                seen.add(after)
                totals.append(after)

    assert skipped == {one.name for one in ladder} - reached


def test_a_minor_breach_that_reaches_the_top_at_once_is_found():
    points = {**RULES.points, ref("5.7"): Points(48, 48, 48)}

    problem = found(evolve(RULES, points=points), "proportion")

    assert problem.counterexample == "an account at 0 points + 5.7 minor (48) = 48"


def test_a_floor_at_the_top_is_found():
    floors = (*RULES.floors, Floor(ref("5.6(d)"), Severity.SERIOUS, "end_of_membership"))

    problem = found(evolve(RULES, floors=floors), "floors")

    assert problem.where == f"floors[{len(RULES.floors)}]"
    assert problem.counterexample == (
        "the first serious breach of 5.6(d), at 0 points, skips the whole ladder"
    )


def test_points_for_what_is_no_breach_are_found():
    points = {**RULES.points, ref("4.1/s3"): Points(1, 2, 3)}

    problem = found(evolve(RULES, points=points), "dead_clause")

    assert problem.message == "the points of 4.1/s3 have no effect"
    assert "a finding on 4.1/s3 is no breach, so it scores 0" in problem.counterexample


def test_points_that_narrower_rows_hide_are_found():
    points = {ref("4.3"): Points(1, 2, 3)} | {ref(f"4.3/s{n}"): Points(1, 2, 3) for n in (1, 3, 4)}

    problem = found(evolve(RULES, points={**RULES.points, **points}), "dead_clause")

    assert problem.message == "the points of 4.3 have no effect"
    assert problem.counterexample == "a breach of 4.3/s1 scores by the row `4.3/s1`"


def test_points_for_a_clause_that_is_switched_off_are_found():
    points = {ref("5.11"): Points(1, 2, 3), **RULES.points}
    without = tuple(r for r in RULES.responses if r.clause != ref("5.11"))

    problem = found(
        evolve(RULES, points=points, responses=without, disabled={ref("5.11"): ("*",)}),
        "dead_clause",
    )

    assert problem.counterexample == "every clause under 5.11 is switched off"


def test_a_clause_off_in_one_place_alone_is_not_dead():
    assert lint(evolve(RULES, disabled={ref("5.11"): ("FR",)})) == ()


def test_a_response_that_opens_nothing_is_found():
    response = Response("idle", ref("5.3"), (warn(),), Mode.AUTO)

    problem = found(with_response(response), "dead_clause")

    assert problem.message == "response `idle` never answers 5.3"
    assert problem.counterexample == "a finding there opens no power"


def test_a_response_that_narrower_ones_hide_is_found():
    hidden = Response("hidden", ref("4.3"), (warn(),), Mode.AUTO)
    narrow = Response("narrow", ref("4.3/s4"), (warn(),), Mode.AUTO)

    problem = found(evolve(RULES, responses=(*RULES.responses, narrow, hidden)), "dead_clause")

    assert problem.message == "response `hidden` never answers 4.3"
    assert problem.counterexample == "a finding there gets `insecure_account`"


def test_a_floor_under_a_breach_that_scores_nothing_is_found():
    floors = (*RULES.floors, Floor(ref("3.3"), Severity.GRAVE, "warning"))
    points = {**RULES.points, ref("3.3"): Points(0, 0, 0)}

    problem = found(evolve(RULES, floors=floors, points=points), "dead_clause")

    assert problem.message == "the floor of 3.3 has no effect"


def test_a_breach_without_consequence_is_found():
    points = {clause: row for clause, row in RULES.points.items() if clause != ref("4.3/s4")}
    points[ref("4.3/s4")] = Points(0, 0, 0)

    problem = found(evolve(RULES, points=points), "dead_clause")

    assert problem.message == "a breach of 4.3/s4 has no consequence"
    assert "proved beyond doubt" in problem.counterexample


def test_a_power_its_ground_does_not_open_is_found():
    removal = act(Power.REMOVE_CONTENT, "6.1/limb1", ScopeKind.CONTENT)
    response = Response("wrong_door", ref("4.3/s4"), (removal,), Mode.PROPOSE)

    problems = [p for p in lint(with_response(response)) if p.rule == "powers"]

    assert len(problems) == 2  # one for each version of the Terms
    assert problems[0].message == "4.3/s4 with 6.1/limb1 does not open `remove_content`"
    assert problems[0].counterexample.endswith("under version 2019-09-12: it is opened by 6.2(iii)")
    assert problems[0].where == "responses: `wrong_door`"


def test_suspicion_of_several_accounts_is_not_laundered_into_6_2():
    end = act(Power.TERMINATE_ACCOUNT, "6.2(i)", ScopeKind.ACCOUNT)
    response = Response("laundered", ref("4.1/s3"), (end,), Mode.PROPOSE)

    problems = [p for p in lint(with_response(response)) if p.rule == "powers"]

    assert {p.message for p in problems} == {"4.1/s3 with 6.2(i) does not open `terminate_account`"}


def test_a_power_that_nothing_opens_for_the_ground_is_found():
    edit = act(Power.MODIFY_CONTENT, "6.2(iii)", ScopeKind.CONTENT)
    response = Response("edits", ref("4.3/s4"), (edit,), Mode.PROPOSE)

    problem = next(p for p in lint(with_response(response)) if p.rule == "powers")

    assert problem.counterexample.endswith("nothing opens it")


def test_a_rung_whose_power_some_ground_does_not_open_is_found():
    outside = evolve(
        LIMITS_14,
        actions=(act(Power.REMOVE_CONTENT, "6.1/limb1", ScopeKind.CONTENT), *LIMITS_14.actions),
    )

    problems = lint(evolve(RULES, ladder=(WARNING, LIMITS_7, outside, LIMITS_21, END)))

    assert {p.rule for p in problems} == {"powers"}
    assert {p.where for p in problems} == {"ladder: `limits_14_days`"}
    assert any(p.message.startswith("12.6 with 6.1/limb1") for p in problems)
    assert not any(p.message.startswith("5.5(c) with") for p in problems)


def test_a_reading_that_closes_a_power_is_found():
    suspend = act(Power.SUSPEND_ACCOUNT, "4.1/s3", ScopeKind.ACCOUNT, days=7)
    responses = tuple(
        evolve(r, actions=(suspend,)) if r.name == "second_account" else r for r in RULES.responses
    )
    milder = evolve(RULES, responses=responses)

    assert lint(milder) == ()
    assert {p.rule for p in lint(evolve(milder, readings={"T23": "off"}))} == {"powers"}


def test_a_power_clause_that_is_switched_off_is_found():
    problems = lint(evolve(RULES, disabled={ref("6.2(iv)"): ("*",)}))

    assert {p.rule for p in problems} == {"powers"}
    assert any(p.where == "ladder: `limits_7_days`" for p in problems)


def test_an_automatic_action_that_needs_no_belief_is_found():
    response = Response(
        "turned_away",
        ref("4.1/s4"),
        (act(Power.REJECT_APPLICATION, "4.1/s4", ScopeKind.APPLICATION),),
        Mode.AUTO,
    )

    problem = found(with_response(response), "review_gates")

    assert problem.message == "`reject_application` follows none alone, with nobody looking"
    assert problem.counterexample == "a finding on 4.1/s4 of confidence 0.0 uses it at once"


def test_the_standard_that_the_house_asks_on_top_closes_that_gate():
    response = Response(
        "turned_away",
        ref("4.1/s4"),
        (act(Power.REJECT_APPLICATION, "4.1/s4", ScopeKind.APPLICATION),),
        Mode.AUTO,
        at_least=Standard.BELIEF,
    )

    assert lint(with_response(response)) == ()


def test_more_than_a_request_on_mere_suspicion_is_found():
    response = Response("hasty", ref("6.3(c)"), (limit(7),), Mode.AUTO)

    problem = found(with_response(response), "review_gates")

    assert problem.message == "`restrict_feature` follows suspicion alone, with nobody looking"
    assert problem.counterexample == "a finding on 6.3(c) of confidence 0.5 uses it at once"


@pytest.mark.parametrize(
    "power", [Power.TERMINATE_ACCOUNT, Power.CANCEL_ACCOUNT, Power.TERMINATE_SERVICE]
)
def test_an_end_without_a_person_is_found(power):
    clause, scope, ground = {
        Power.TERMINATE_ACCOUNT: ("6.2(i)", ScopeKind.ACCOUNT, "4.3/s4"),
        Power.CANCEL_ACCOUNT: ("4.1/s3", ScopeKind.ACCOUNT, "4.1/s2"),
        Power.TERMINATE_SERVICE: ("6.2(ii)", ScopeKind.SERVICE, "4.3/s4"),
    }[power]
    response = Response(
        "final", ref(ground), (act(power, clause, scope),), Mode.AUTO, at_least=Standard.BELIEF
    )

    problem = found(with_response(response, review=frozenset()), "review_gates")

    assert problem.message == f"response `final` uses `{power.value}` with nobody looking"
    assert lint(with_response(response)) == ()


def test_an_automatic_top_rung_is_found_once_its_gate_is_open():
    ladder = (WARNING, LIMITS_7, LIMITS_14, LIMITS_21, evolve(END, mode=Mode.AUTO))

    problem = found(evolve(RULES, ladder=ladder, review=frozenset()), "review_gates")

    assert "rung `end_of_membership` uses `terminate_account`" in problem.message
    assert lint(evolve(RULES, ladder=ladder)) == ()


def test_an_automatic_restriction_without_an_end_is_found():
    problem = found(
        with_response(Response("endless", ref("4.3/s4"), (limit(None),), Mode.AUTO)), "review_gates"
    )

    assert "without an end and with nobody looking" in problem.message


def test_taking_away_an_appeal_without_a_person_is_found():
    response = Response("gag", ref("4.3/s4"), (limit(7, Capability.APPEAL),), Mode.AUTO)

    problem = found(with_response(response), "review_gates")

    assert problem.message == "response `gag` takes `appeal` with nobody looking"


def test_a_person_may_take_away_what_survives():
    response = Response("gag", ref("4.3/s4"), (limit(7, Capability.APPEAL),), Mode.PROPOSE)

    assert lint(with_response(response)) == ()


@pytest.mark.parametrize(
    ("change", "rule", "message"),
    [
        ({"automatic": True}, "review_gates", "a cascade reaches related accounts"),
        ({"hop_limit": 2}, "cascade", "a cascade of 2 hops goes beyond pairs"),
        ({"minimum_weight": 5}, "cascade", "links that are too weak"),
        ({"milder_rung": "end_of_membership"}, "cascade", "a related account may get the top rung"),
        ({"approver_role": "intern"}, "roles", "the approver of a cascade, `intern`"),
    ],
)
def test_an_unsafe_cascade_is_found(change, rule, message):
    problem = found(evolve(RULES, cascade=evolve(RULES.cascade, **change)), rule)

    assert message in problem.message
    assert problem.where.startswith("cascade.")


def test_chains_of_pairs_are_fine_under_the_reading_that_allows_them():
    cascade = evolve(RULES.cascade, hop_limit=2)

    assert lint(evolve(RULES, cascade=cascade, readings={"T8": "transitive"})) == ()


@pytest.mark.parametrize("verb", ["confirm", "refute", "review", "decide_appeal"])
def test_a_verb_that_nobody_may_use_is_found(verb):
    problem = found(evolve(RULES, roles={**RULES.roles, verb: ()}), "roles")

    assert problem.message == f"nobody may `{verb}`"


def test_points_that_outlive_their_record_are_found():
    problem = found(evolve(RULES, point_life_days=2000), "retention")

    assert problem.message == "points live 2000 days, but their record is kept for 1830"
    assert problem.counterexample.startswith("on day 1831")


def test_appeals_that_outlive_their_record_are_found():
    appeals = evolve(RULES.appeals, window_days=1831)

    assert found(evolve(RULES, appeals=appeals), "retention").where == "appeals.window_days"


def test_a_merge_window_as_long_as_a_life_is_found():
    problem = found(evolve(RULES, merge_window_hours=365 * 24), "merge_window")

    assert "swallows repeats" in problem.message


def test_a_merge_window_that_starves_a_clause_is_found():
    problem = found(evolve(RULES, merge_window_hours=200 * 24), "merge_window")

    assert problem.counterexample == (
        "3.3 broken gravely all year counts 2 times 1, together 2 points; the first rung is at 6"
    )


def test_a_merge_window_at_odds_with_nothing_scored_is_found():
    rules = evolve(RULES, merge_window_hours=365 * 24, points={}, floors=())

    assert found(rules, "merge_window").counterexample.startswith("any clause broken")


def test_no_merge_window_at_all_is_sound():
    assert lint(evolve(RULES, merge_window_hours=0)) == ()


def test_a_hold_longer_than_its_maximum_is_found():
    content = evolve(RULES.content, hold_hours=100)

    assert found(evolve(RULES, content=content), "protective").where == "content.hold_hours"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"points": {ClauseRef.parse("5.99"): Points(1, 2, 3)}}, "unknown clause `5.99`"),
        (
            {
                "thresholds": ThresholdTable(
                    Thresholds(0.5, 0.9), {ClauseRef.parse("77"): Thresholds(0.5, 0.9)}
                )
            },
            "unknown clause `77`",
        ),
        (
            {"thresholds": ThresholdTable(Thresholds(0.5, 0.9), {}, {"x": Thresholds(0.5, 0.9)})},
            "unknown category `x`",
        ),
        (
            {"floors": (Floor(ClauseRef.parse("8.8(z)"), Severity.GRAVE, "warning"),)},
            "unknown clause `8.8(z)`",
        ),
        (
            {"floors": (Floor(ClauseRef.parse("5.5"), Severity.GRAVE, "cliff"),)},
            "unknown rung `cliff`",
        ),
        ({"disabled": {ClauseRef.parse("13"): ("*",)}}, "unknown clause `13`"),
        (
            {"responses": (Response("r", ClauseRef.parse("5.99"), (warn(),), Mode.AUTO),)},
            "unknown clause `5.99`",
        ),
        ({"roles": {"smite": ("me",)}}, "unknown verb `smite`"),
        ({"readings": {"T1": "perhaps"}}, "`perhaps` is no answer to reading T1"),
    ],
)
def test_what_nothing_answers_to_is_found_in_rules_made_by_hand(change, message):
    (problem,) = lint(evolve(RULES, **change))

    assert (problem.rule, problem.message) == ("unknown", message)


def test_an_unknown_power_clause_is_found_in_rules_made_by_hand():
    odd = rung("odd", 6, 1, act(Power.OTHER_CORRECTIVE, "6.2(vi)", ScopeKind.ACCOUNT, label="x"))
    rules = evolve(RULES, ladder=(odd,), floors=(), cascade=evolve(RULES.cascade, milder_rung=None))

    (problem,) = lint(rules)

    assert problem.message == "unknown clause `6.2(vi)`"
    assert problem.where == "ladder: `odd`"


def test_rules_can_be_proved_over_other_terms():
    terms = Terms.load()
    older = evolve(terms, versions=terms.versions[:1])

    assert lint(RULES, older) == ()
    assert (
        lint(RULES, evolve(terms, versions=(terms.versions[0].without(["5.7"]),)))[0].rule
        == "unknown"
    )


def test_a_clause_that_only_one_version_has_is_proved_in_that_version():
    terms = Terms.load()
    older, newer = terms.versions
    grown = evolve(terms, versions=(older.without(["5.5(g)", "6.1/limb2", "4.3/s3"]), newer))

    assert lint(RULES, grown) == ()


def test_a_problem_is_told_once():
    problems = lint(evolve(RULES, points={ref("4.5"): Points(1, 2, 3)}, floors=()))

    assert len(problems) == len(set(problems))
    assert all(p.message and p.counterexample for p in problems)


@pytest.mark.parametrize(
    ("milder", "harsher"),
    [
        (warn(), limit(7)),
        (limit(7), limit(14)),
        (limit(14), limit(14, Capability.SELL, Capability.BUY)),
        (limit(900), limit(None)),
        (limit(None), act(Power.SUSPEND_ACCOUNT, "6.2(i)", ScopeKind.ACCOUNT, days=1)),
        (
            act(Power.SUSPEND_ACCOUNT, "6.2(i)", ScopeKind.ACCOUNT),
            act(Power.TERMINATE_ACCOUNT, "6.2(i)", ScopeKind.ACCOUNT),
        ),
    ],
)
def test_actions_are_ordered_by_how_hard_they_are(milder, harsher):
    assert harshness((milder,)) < harshness((harsher,))
    assert harshness((milder, harsher)) >= harshness((harsher,))
