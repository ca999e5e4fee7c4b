"""House rules are read strictly: what is unknown, missing, mistyped or at odds is refused."""

import tomllib
from datetime import UTC, datetime

import pytest

from policyenforce.errors import InputError, PolicyError
from policyenforce.model.findings import Severity
from policyenforce.policy.coherence import require_coherent
from policyenforce.policy.load import load_rules
from policyenforce.policy.paths import joined, placed, step
from policyenforce.policy.rules import Mode, Uncovered
from policyenforce.policy.structuring import structured
from policyenforce.terms import ClauseRef, Power, Standard, Terms

SMALL = """
name = "small"
version = "1"
[thresholds]
default = { suspicion = 0.5, belief = 0.9 }
[points]
"5.5" = { minor = 1, serious = 2, grave = 3 }
[[ladder]]
name = "warning"
points = 3
severity = 1
mode = "auto"
actions = [{ power = "other_corrective", power_clause = "6.2(v)", scope = "account", label = "w" }]
"""

AGREEMENT = """
[[agreements]]
id = "logistics-1"
service = "logistics"
starts = 2019-11-01T00:00:00+08:00
[agreements.overrides."5.11"]
off = true
"""


def refusal(text: str) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        load_rules(text)
    return caught.value


def test_a_small_policy_gets_documented_defaults_for_everything_it_leaves_out():
    rules = load_rules(SMALL)

    assert rules.point_life_days == 365
    assert rules.content.hold_at is Standard.SUSPICION
    assert rules.content.uncovered_language is Uncovered.HOLD
    assert rules.registration.minimum_age == {"default": 18}
    assert rules.brake.share == 0.05
    assert rules.reading("T23") == "on"


def test_the_shipped_default_is_read_once():
    assert load_rules() is load_rules()


def test_the_shipped_default_can_be_read_over_other_terms():
    assert load_rules(terms=Terms.load(zone="UTC")).terms.zone.key == "UTC"


def test_a_string_without_a_line_break_is_a_path(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_text(SMALL, encoding="utf-8")

    assert load_rules(str(path)) == load_rules(path) == load_rules(SMALL)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(PolicyError, match="No such file") as caught:
        load_rules(tmp_path / "absent.toml")

    assert caught.value.where == str(tmp_path / "absent.toml")


def test_a_file_that_is_not_utf_8_is_refused(tmp_path):
    path = tmp_path / "latin.toml"
    path.write_bytes(b'name = "\xe9"\n')

    with pytest.raises(PolicyError, match="not UTF-8"):
        load_rules(path)


def test_an_error_in_a_file_names_the_file_and_the_path_in_it(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_text(SMALL.replace('"auto"', '"sometimes"'), encoding="utf-8")

    with pytest.raises(PolicyError) as caught:
        load_rules(path)

    assert str(caught.value) == (
        f"{path}: ladder[0].mode: unknown mode `sometimes` (hint: one of: auto, propose)"
    )


def test_broken_toml_is_told_with_its_line():
    flaw = refusal(SMALL + "\n[points\n")

    assert flaw.where == "policy"
    assert "line" in flaw.message


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        ('"6.2(v)"', '"9.9"', "ladder[0].actions[0].power_clause", "unknown clause `9.9`"),
        ('"6.2(v)"', '"5.5(z)"', "ladder[0].actions[0].power_clause", "unknown clause `5.5(z)`"),
        ('"6.2(v)"', "6.2", "ladder[0].actions[0].power_clause", "a clause such as `5.5(c)`"),
        ('"5.5" =', '"5.55" =', 'points["5.55"]', "unknown clause `5.55`"),
        ('"other_corrective"', '"fine"', "ladder[0].actions[0].power", "unknown power `fine`"),
        ('"account"', '"galaxy"', "ladder[0].actions[0].scope", "unknown scopekind `galaxy`"),
        ("points = 3", 'points = "3"', "ladder[0].points", "a whole number was expected, not `3`"),
        ("points = 3", "points = 3.0", "ladder[0].points", "a whole number was expected"),
        ("points = 3", "points = true", "ladder[0].points", "a whole number was expected"),
        ("points = 3", "points = 0", "ladder[0]", "rung `warning` stands at 0 points"),
        ("severity = 1", "", "ladder[0]", "`severity` is missing"),
        ("severity = 1", "severty = 1", "ladder[0]", "unknown key `severty`"),
        ('name = "small"', "", "", "`name` is missing"),
        ('name = "small"', "name = 7", "name", "a text was expected, not `7`"),
        ('name = "small"', 'name = "small"\nroles = 7', "roles", "a table was expected"),
        (
            'name = "small"',
            'name = "small"\nroles.review = "me"',
            "roles.review",
            "a list was expected",
        ),
        (
            'name = "small"',
            'name = "small"\ncascade = []',
            "cascade",
            "a table was expected, not a list",
        ),
        ("0.5", "1", "thresholds.default.suspicion", "a number with a point"),
        ("0.5", "0.95", "thresholds.default", "thresholds 0.95 and 0.9 are not in order"),
        ("0.5", "0.0", "thresholds.default", "are not in order"),
        ("0.9", "1.5", "thresholds.default", "are not in order"),
        ("0.5", "nan", "thresholds.default", "are not in order"),
        ("0.5", "inf", "thresholds.default", "thresholds inf and 0.9 are not in order"),
        ("0.9", "-inf", "thresholds.default", "are not in order"),
        ("minor = 1", "minor = 4", 'points["5.5"]', "points 4, 2, 3 do not rise"),
        ("minor = 1", "minor = -1", 'points["5.5"]', "do not rise"),
        ('label = "w"', 'label = ""', "ladder[0].actions[0]", "needs a label"),
        ('label = "w"', 'label = "w", days = 0', "ladder[0].actions[0]", "`days` is 0"),
        (
            'label = "w"',
            'label = "w", cure = "luck"',
            "ladder[0].actions[0].cure",
            "unknown fact `luck`",
        ),
        (
            'label = "w"',
            'label = "w", capabilities = ["fly"]',
            "ladder[0].actions[0].capabilities[0]",
            "unknown capability `fly`",
        ),
        (
            'label = "w"',
            'label = "w", capabilities = ["sell"]',
            "ladder[0].actions[0]",
            "capabilities and the scope `capability` go together",
        ),
        (
            SMALL[SMALL.index("actions =") : -1],
            "actions = []",
            "ladder[0]",
            "rung `warning` has no action",
        ),
    ],
)
def test_a_flaw_is_refused_at_its_path(old, new, where, message):
    assert old in SMALL

    flaw = refusal(SMALL.replace(old, new, 1))

    assert flaw.where == ": ".join(filter(None, ("policy", where)))
    assert message in flaw.message


@pytest.mark.parametrize(
    ("addition", "where", "message"),
    [
        ("[readings]\nT99 = 'on'", "readings.T99", "unknown reading `T99`"),
        ("[readings]\nT23 = 'maybe'", "readings.T23", "`maybe` is no answer to reading T23"),
        ("[roles]\nfire = ['boss']", "roles", "unknown verb `fire`"),
        ("[cascade]\nmilder_rung = 'cliff'", "cascade.milder_rung", "unknown rung `cliff`"),
        ("[cascade]\nautomatic = 1", "cascade.automatic", "true or false was expected"),
        ("[cascade]\ncap = -1", "cascade", "`cap` is -1"),
        ("[brake]\nshare = 0.0", "brake", "`share` is 0.0"),
        ("[brake]\nper_day = 10", "brake", "`per_day` is 10"),
        ("[content]\nhold_at = 'doubt'", "content.hold_at", "unknown standard `doubt`"),
        (
            "[content]\nuncovered_language = 'ask'",
            "content.uncovered_language",
            "unknown uncovered",
        ),
        ("[content.classifier]\nhate = 1.5", "content.classifier", "`hate` is 1.5"),
        (
            "[content.classifier]\nuse = 'always'",
            "content.classifier.use",
            "unknown classifieruse",
        ),
        (
            "[content]\ndisabled_categories = ['x']",
            "content.disabled_categories[0]",
            "unknown category `x`",
        ),
        (
            "[content]\nblock_hosts = ['a.b']\nallow_hosts = ['a.b']",
            "content",
            "both blocked and allowed",
        ),
        (
            "[thresholds.categories]\nx = { suspicion = 0.1, belief = 0.2 }",
            "thresholds.categories.x",
            "unknown category",
        ),
        ("[registration]\nminimum_age = { HK = 18 }", "registration", "names no default"),
        ("[registration]\nbarred_countries = ['hk']", "registration", "`hk` is no country code"),
        ("[registration]\nrequired_entity = ['motto']", "registration", "an entity has no `motto`"),
        (
            "[accounts]\npoints = { horoscope = [[2, 5]] }",
            "accounts",
            "unknown identifier `horoscope`",
        ),
        (
            "[accounts]\npoints = { ip = [[2, 5], [2, 4]] }",
            "accounts",
            "the rows of `ip` are out of order",
        ),
        (
            "[accounts]\npoints = { ip = [[2, 5], [3, 6]] }",
            "accounts",
            "the rows of `ip` are out of order",
        ),
        (
            "[accounts]\npoints = { ip = [[2, 5, 1]] }",
            "accounts.points.ip[0]",
            "a list of 2 was expected, not of 3",
        ),
        ("[accounts]\nact = 10", "accounts", "`act` is 10"),
        ("[sharing]\nreport_prompt_hours = 0", "sharing", "is 0"),
        ("[dealings]\ndelivery_grace_days = -1", "dealings", "is -1"),
        ("[cooperation]\nanswer_grace_hours = -1", "cooperation", "is -1"),
        ("[appeals]\nwindow_days = 0", "appeals", "is 0"),
        ("[retention]\nhistory_days = 0", "retention", "is 0"),
        ("[protective]\nmaximum_hours = { hold_content = 5 }", "protective", "`deny_service`"),
        (
            "[protective.maximum_hours]\nforce_reauthentication = 1\nhold_content = 0\n"
            "pause_payouts = 1\ndeny_service = 1",
            "protective",
            "`hold_content` is 0",
        ),
        (
            "[[floors]]\nclause = '5.5'\nseverity = 'grave'\nrung = 'cliff'",
            "floors[0].rung",
            "unknown rung",
        ),
        (
            "[[floors]]\nclause = '5.5'\nseverity = 'dire'\nrung = 'warning'",
            "floors[0].severity",
            "unknown severity",
        ),
        (
            "[[responses]]\nname = 'r'\nclauses = ['5.5']\nmode = 'auto'\nactions = []",
            "responses[0]",
            "has no action",
        ),
        (
            "[[agreements]]\nid = 'a'\nservice = 's'\nstarts = 2019-11-01\noverrides = {}",
            "agreements[0].starts",
            "a time with a zone",
        ),
        (
            "[[agreements]]\nid = 'a'\nservice = 's'\nstarts = 2019-11-01T00:00:00\noverrides = {}",
            "agreements[0].starts",
            "a time with a zone",
        ),
        (
            AGREEMENT.replace("off = true", "off = false"),
            'agreements[0].overrides["5.11"]',
            "an override switches",
        ),
        (
            AGREEMENT.replace("5.11", "5.99"),
            'agreements.logistics-1.overrides["5.99"]',
            "unknown clause `5.99`",
        ),
        (AGREEMENT.replace("5.11", "nine"), "agreements", "`nine` is no clause reference"),
        (AGREEMENT + AGREEMENT, "agreements", "`logistics-1` stands twice"),
        ("[disabled]\n'5.99' = ['*']", 'disabled["5.99"]', "unknown clause"),
    ],
)
def test_a_flaw_in_a_section_is_refused_at_its_path(addition, where, message):
    flaw = refusal(SMALL + addition + "\n")

    assert flaw.where == f"policy: {where}"
    assert message in flaw.message


RUNG = SMALL[SMALL.index("[[ladder]]") :]
RESPONSE = """
[[responses]]
name = "r"
clauses = ["5.5"]
mode = "auto"
actions = [{ power = "remove_content", power_clause = "6.1/limb1", scope = "content" }]
"""


@pytest.mark.parametrize(
    ("addition", "message"),
    [
        (RUNG, "the rungs do not rise"),
        (RUNG.replace("points = 3", "points = 2"), "the rungs do not rise"),
        (RUNG.replace("points = 3", "points = 9"), "`warning` stands twice"),
        (RESPONSE + RESPONSE, "`r 5.5` stands twice"),
        (RESPONSE + 'category = "x"\n', "unknown category `x`"),
    ],
)
def test_rules_that_collide_are_refused(addition, message):
    assert message in refusal(SMALL + addition).message


def test_a_ladder_without_rungs_is_refused():
    assert "the rungs do not rise" in refusal("ladder = []" + SMALL.replace(RUNG, "")).message


def test_a_category_named_twice_is_refused():
    assert "`x` stands twice" in refusal("categories = ['x', 'x']" + SMALL).message


def test_an_unknown_key_hints_at_the_nearest_known_one():
    assert refusal("verzion = '2'" + SMALL).hint == "did you mean `version`?"


def test_an_unknown_key_that_is_only_a_little_like_another_hints_at_all_of_them():
    assert refusal("penalties = '2'" + SMALL).hint.startswith("one of: name, version")


def test_a_byte_order_mark_is_called_one(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_text(SMALL, encoding="utf-8-sig")

    with pytest.raises(PolicyError, match="byte order mark"):
        load_rules(path)


def test_what_is_nested_too_deeply_is_refused():
    assert "nested too deeply" in refusal("a =" + "[" * 100_000 + "\n").message


def test_an_unknown_key_like_no_other_hints_at_all_of_them():
    assert refusal("zzz = 1" + SMALL).hint.startswith("one of: name, version, thresholds")


def test_an_unknown_clause_hints_at_its_neighbours():
    assert refusal(SMALL.replace('"5.5" =', '"5.5(z)" =')).hint.startswith("nearby: 5.5(a), 5.5(b)")


def test_a_clause_with_no_neighbour_hints_at_the_terms():
    assert refusal(SMALL.replace('"5.5" =', '"77" =')).hint == "`terms coverage` lists them"


def test_one_row_of_responses_stands_for_each_of_its_clauses():
    rules = load_rules(SMALL + RESPONSE.replace('["5.5"]', '["5.5", "5.4(b)"]'))

    assert [(r.name, r.clause.text, r.mode) for r in rules.responses] == [
        ("r", "5.5", Mode.AUTO),
        ("r", "5.4(b)", Mode.AUTO),
    ]


def test_an_agreement_is_read_with_its_times_and_overrides():
    (agreement,) = load_rules(SMALL + AGREEMENT).agreements

    assert agreement.starts == datetime(2019, 10, 31, 16, tzinfo=UTC)
    assert agreement.overrides["5.11"].off is True


def test_comments_layout_and_key_order_play_no_part_in_the_hash():
    lines = SMALL.strip().splitlines()
    shuffled = "\n".join(["# ours", lines[1], lines[0], *lines[2:]]).replace(
        "minor = 1, serious = 2", "serious = 2,  minor = 1"
    )

    assert load_rules(shuffled).hash == load_rules(SMALL).hash


def test_writing_a_default_out_does_not_change_the_hash():
    assert load_rules("point_life_days = 365" + SMALL).hash == load_rules(SMALL).hash


@pytest.mark.parametrize(
    ("old", "new"),
    [("0.9", "0.91"), ("grave = 3", "grave = 4"), ('"w"', '"x"'), ('"auto"', '"propose"')],
)
def test_every_change_of_content_changes_the_hash(old, new):
    assert load_rules(SMALL.replace(old, new, 1)).hash != load_rules(SMALL).hash


def test_rules_are_equal_when_content_and_terms_are():
    one, other = load_rules(SMALL), load_rules(SMALL, Terms.load(zone="UTC"))

    assert one == load_rules(SMALL)
    assert hash(one) == hash(load_rules(SMALL))
    assert one != other
    assert one != "small"


def test_rules_stay_within_a_line_when_printed(house):
    assert repr(house).startswith("HouseRules(name='house', version='1'")
    assert len(repr(house)) < 300


def test_what_is_structured_is_what_stands_in_the_file():
    content = tomllib.loads(SMALL)

    rules = structured(content, Terms.load())
    require_coherent(rules)

    assert rules.points[ClauseRef.parse("5.5")].of(Severity.GRAVE) == 3
    assert rules.ladder[0].actions[0].power is Power.OTHER_CORRECTIVE


def test_paths_join_names_with_points_and_everything_else_in_brackets():
    assert (
        joined(step("ladder"), step(2), step("name"), "", step("5.5(c)"))
        == 'ladder[2].name["5.5(c)"]'
    )


def test_only_faults_of_the_input_are_placed():
    with pytest.raises(ZeroDivisionError), placed("ladder"):
        _ = 1 / 0


def test_a_flaw_told_by_another_room_is_placed_as_one_of_the_policy():
    with pytest.raises(PolicyError) as caught, placed("ladder"), placed(0):
        raise InputError("odd", hint="even")

    assert str(caught.value) == "ladder[0]: odd (hint: even)"
