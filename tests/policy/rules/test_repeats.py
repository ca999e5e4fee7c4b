"""What the record changes in the price of a breach, and the proofs that reckon with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import policyenforce as pe
from policyenforce.errors import PolicyError
from policyenforce.policy.lint import lint
from policyenforce.policy.load import load_rules
from policyenforce.policy.repeats import Repeats, incidents, share_of
from policyenforce.policy.templates import Points
from policyenforce.policy.versions import rule_versions
from policyenforce.terms.references import ClauseRef

RULES = load_rules()
MINOR, SERIOUS, GRAVE = pe.Severity
NEW_YEAR = datetime(2019, 1, 1, tzinfo=UTC)
percents = st.integers(1, 400)


def house(repeats: Repeats, points: Points, *rungs: tuple[str, int]) -> pe.HouseRules:
    """The shipped house with rungs at these points, and one clause that scores."""
    ladder = tuple(evolve(RULES.rung(name), points=at) for name, at in rungs)
    return evolve(
        RULES,
        repeats=repeats,
        ladder=ladder,
        points={ClauseRef.parse("5.5"): points},
        responses=(),
        floors=(),
        cascade=evolve(RULES.cascade, milder_rung=None),
    )


def unreachable(rules: pe.HouseRules) -> list[str]:
    return [p.message for p in lint(rules) if p.rule == "reachable"]


def test_as_shipped_the_record_changes_no_price() -> None:
    assert RULES.repeats.plain
    assert {
        RULES.repeats.percent(severity, earlier=earlier, clean=clean)
        for severity in pe.Severity
        for earlier in (0, 1, 5)
        for clean in (True, False)
    } == {100}


def test_a_first_offence_is_softened_up_to_the_severity_named_and_no_further() -> None:
    repeats = Repeats(50, SERIOUS)

    assert [repeats.percent(s, earlier=0, clean=True) for s in pe.Severity] == [50, 50, 100]
    assert [repeats.percent(s, earlier=0, clean=False) for s in pe.Severity] == [100, 100, 100]


def test_a_repeat_costs_more_each_time_and_the_last_step_holds_for_every_later_one() -> None:
    repeats = Repeats(again_percent=(150, 200))

    asked = [repeats.percent(MINOR, earlier=n, clean=False) for n in range(5)]

    assert asked == [100, 150, 200, 200, 200]


@pytest.mark.parametrize("percent", [0, -5, 101])
def test_softening_asks_for_one_to_a_hundred_percent(percent: int) -> None:
    with pytest.raises(PolicyError, match="first_offence_percent"):
        Repeats(first_offence_percent=percent)


@pytest.mark.parametrize("steps", [(99,), (150, 149), (200, 0), (10_001,)])
def test_a_later_breach_is_never_cheaper_nor_dearer_beyond_measure(steps: tuple[int, ...]) -> None:
    with pytest.raises(PolicyError, match="again_percent"):
        Repeats(again_percent=steps)


@given(st.integers(0, 60), st.integers(0, 60), percents, percents)
def test_more_points_or_a_greater_share_are_never_less(
    one: int, other: int, share: int, greater: int
) -> None:
    few, many = sorted((one, other))
    small, great = sorted((share, greater))

    assert share_of(few, small) <= share_of(many, small) <= share_of(many, great)
    assert (share_of(few, small) == 0) == (few == 0)


@given(st.lists(st.integers(0, 500), max_size=8), st.integers(0, 500))
def test_one_more_breach_never_makes_fewer_incidents(hours: list[int], more: int) -> None:
    known = [NEW_YEAR + timedelta(hours=hour) for hour in hours]
    with_more = [*known, NEW_YEAR + timedelta(hours=more)]

    assert incidents(known, 72) <= incidents(with_more, 72) <= incidents(known, 72) + 1


def test_a_rung_that_only_dear_repeats_reach_is_reachable() -> None:
    """Sixes alone make 6, 12 and 18; the second one at half as much again makes 15."""
    rungs = (("warning", 6), ("limits_7_days", 13), ("limits_14_days", 17))
    sixes = Points(6, 6, 6)

    assert unreachable(house(Repeats(), sixes, *rungs)) == [
        "no set of breaches reaches rung `limits_7_days`"
    ]
    assert unreachable(house(Repeats(again_percent=(150,)), sixes, *rungs)) == []


def test_a_rung_that_only_a_softened_first_offence_reaches_is_reachable() -> None:
    rungs = (("warning", 2), ("limits_7_days", 4), ("limits_14_days", 6))
    sixes = Points(6, 6, 6)

    assert unreachable(house(Repeats(50, GRAVE), sixes, *rungs)) == [
        "no set of breaches reaches rung `limits_7_days`"
    ]
    assert unreachable(house(Repeats(70, GRAVE), sixes, *rungs)) == [
        "no set of breaches reaches rung `warning`"
    ]


def test_settings_that_change_no_price_change_no_version_of_a_rung() -> None:
    dearer = evolve(RULES, repeats=Repeats(again_percent=(150,)))
    idle = evolve(RULES, repeats=Repeats(first_offence_up_to=GRAVE))

    assert rule_versions(idle) == rule_versions(RULES)
    assert rule_versions(dearer)["rung:warning"] != rule_versions(RULES)["rung:warning"]


def test_the_settings_are_read_from_the_file_and_shown() -> None:
    text = 'repeats = { first_offence_percent = 50, first_offence_up_to = "grave" }'
    shipped = (
        '[repeats]\nfirst_offence_percent = 100\nfirst_offence_up_to = "minor"\nagain_percent = []'
    )
    house_text = (files("policyenforce.policy") / "house.toml").read_text(encoding="utf-8")
    assert shipped in house_text
    rules = load_rules(text + "\n" + house_text.replace(shipped, ""))

    assert rules.repeats == Repeats(50, GRAVE)
    assert rules.hash != RULES.hash
