"""The arithmetic of the ladder: decay, crossing, the merge window, one score for one incident."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.policy.ladder import points_in_force, rung_crossed, score_to_add
from policyenforce.policy.load import load_rules

RULES = load_rules()
LADDER = RULES.ladder
START = datetime(2019, 10, 4, tzinfo=UTC)
LIFE = 365
DAY = timedelta(days=1)

instants = st.datetimes(
    datetime(2018, 1, 1), datetime(2021, 1, 1), timezones=st.just(UTC) | st.timezones()
).filter(lambda at: at.utcoffset() is not None)
given_points = st.lists(st.tuples(instants, st.integers(0, 48)), max_size=12)
totals = st.integers(0, 80)


def test_a_point_counts_from_its_instant():
    assert points_in_force([(START, 6)], START, LIFE) == 6
    assert points_in_force([(START, 6)], START - timedelta(microseconds=1), LIFE) == 0


def test_a_point_dies_exactly_at_the_end_of_its_life():
    end = START + LIFE * DAY

    assert points_in_force([(START, 6)], end - timedelta(microseconds=1), LIFE) == 6
    assert points_in_force([(START, 6)], end, LIFE) == 0


def test_a_life_is_counted_in_hours_and_not_by_the_clocks_of_a_zone():
    berlin = ZoneInfo("Europe/Berlin")
    before_the_change = datetime(2019, 10, 26, 12, tzinfo=berlin)
    one_wall_day_later = datetime(2019, 10, 27, 12, tzinfo=berlin)  # 25 hours

    assert points_in_force([(before_the_change, 6)], one_wall_day_later, 1) == 0
    assert (
        points_in_force([(before_the_change, 6)], one_wall_day_later - timedelta(hours=2), 1) == 6
    )


@given(given_points, instants, st.timedeltas(timedelta(0), timedelta(days=900)))
def test_waiting_never_adds_points_to_what_was_given(given_, at, wait):
    known = [(when, points) for when, points in given_ if when <= at]
    later = at.astimezone(UTC) + wait

    assert points_in_force(known, later, LIFE) <= points_in_force(known, at, LIFE)


@given(given_points, instants)
def test_points_count_the_same_in_whatever_order_they_came(given_, at):
    assert points_in_force(given_, at, LIFE) == points_in_force(sorted(given_, key=str), at, LIFE)
    assert points_in_force(given_, at, LIFE) == points_in_force(reversed(given_), at, LIFE)


@given(given_points, given_points, instants)
def test_points_add_up(one, other, at):
    together = points_in_force([*one, *other], at, LIFE)

    assert together == points_in_force(one, at, LIFE) + points_in_force(other, at, LIFE)


@given(given_points, instants, st.integers(1, 700), st.integers(0, 700))
def test_a_longer_life_never_leaves_fewer_points(given_, at, life, more):
    assert points_in_force(given_, at, life) <= points_in_force(given_, at, life + more)


@given(given_points, instants, st.integers(-14, 14))
def test_the_zone_an_instant_is_written_in_changes_nothing(given_, at, hours):
    zone = timezone(timedelta(hours=hours))
    moved = [(when.astimezone(zone), points) for when, points in given_]

    assert points_in_force(moved, at.astimezone(zone), LIFE) == points_in_force(given_, at, LIFE)


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        (0, 5, None),
        (0, 6, "warning"),
        (6, 6, None),
        (6, 11, None),
        (5, 12, "limits_7_days"),
        (11, 12, "limits_7_days"),
        (12, 23, None),
        (0, 24, "limits_14_days"),
        (35, 47, "limits_21_days"),
        (47, 48, "end_of_membership"),
        (48, 90, None),
        (12, 6, None),
    ],
)
def test_the_highest_rung_that_is_crossed_answers(before, after, name):
    crossed = rung_crossed(LADDER, before, after)

    assert (crossed.name if crossed else None) == name


@given(totals, totals)
def test_a_crossed_rung_lies_strictly_above_before_and_at_most_at_after(before, after):
    rung = rung_crossed(LADDER, before, after)

    if rung is None:
        assert not any(before < r.points <= after for r in LADDER)
    else:
        assert before < rung.points <= after
        assert not any(rung.points < r.points <= after for r in LADDER)


@given(totals, totals, st.integers(0, 48))
def test_more_points_never_cross_a_lower_rung(before, after, more):
    fewer = rung_crossed(LADDER, before, after)
    greater = rung_crossed(LADDER, before, after + more)

    assert (fewer.severity if fewer else 0) <= (greater.severity if greater else 0)


@given(totals, totals)
def test_falling_or_staying_crosses_nothing(before, drop):
    assert rung_crossed(LADDER, before, max(0, before - drop)) is None


@given(totals, totals, totals)
def test_climbing_in_two_steps_reaches_the_rung_of_one(one, two, three):
    low, middle, high = sorted((one, two, three))
    steps = [rung_crossed(LADDER, low, middle), rung_crossed(LADDER, middle, high)]
    highest = max((r for r in steps if r), key=lambda r: r.points, default=None)

    assert highest == rung_crossed(LADDER, low, high)


def test_an_incident_scores_once_under_its_gravest_clause():
    assert score_to_add([2, 12, 6], [], START, 72) == 12


def test_an_incident_without_a_breach_scores_nothing():
    assert score_to_add([], [], START, 72) == 0


@pytest.mark.parametrize(("hours", "added"), [(0, 0), (72, 0), (72.001, 6), (200, 6), (-1, 6)])
def test_a_repeat_scores_again_only_after_the_merge_window(hours, added):
    held = [(START, 6)]

    assert score_to_add([6], held, START + timedelta(hours=hours), 72) == added


def test_a_graver_repeat_tops_up_what_the_window_holds():
    held = [(START, 2), (START + timedelta(hours=1), 4)]

    assert score_to_add([12], held, START + timedelta(hours=2), 72) == 6
    assert score_to_add([6], held, START + timedelta(hours=2), 72) == 0


@given(st.lists(st.lists(st.integers(0, 24), min_size=1, max_size=3), min_size=1, max_size=8))
def test_a_window_never_holds_more_than_its_gravest_score(incidents):
    held = []
    for minute, scores in enumerate(incidents):
        at = START + timedelta(minutes=minute)
        held.append((at, score_to_add(scores, held, at, 72)))

    assert sum(points for _, points in held) == max(max(scores) for scores in incidents)


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 24)), min_size=1, max_size=8),
    st.randoms(use_true_random=False),
)
def test_incidents_of_one_instant_score_the_same_in_any_order(incidents, random):
    def total(order):
        held = []
        for hour, score in order:
            at = START + timedelta(hours=hour)
            held.append((at, score_to_add([score], held, at, 72)))
        return sum(points for _, points in held)

    in_order = sorted(incidents, key=lambda one: one[0])
    shuffled = list(in_order)
    random.shuffle(shuffled)

    assert total(sorted(shuffled, key=lambda one: one[0])) == total(in_order)


@given(st.lists(st.integers(0, 24), max_size=5), st.integers(0, 24), given_points, instants)
def test_a_further_breach_in_an_incident_never_lowers_its_score(scores, more, held, at):
    assert score_to_add(scores, held, at, 72) <= score_to_add([*scores, more], held, at, 72)


def test_the_rules_bring_their_own_life_and_window():
    short = evolve(RULES, point_life_days=30, merge_window_hours=1)
    later = START + 31 * DAY
    held = [(START, 6)]

    assert (RULES.points_in_force(held, later), short.points_in_force(held, later)) == (6, 0)
    assert RULES.score_to_add([6], held, START + timedelta(hours=2)) == 0
    assert short.score_to_add([6], held, START + timedelta(hours=2)) == 6
