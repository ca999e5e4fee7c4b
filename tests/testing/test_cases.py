"""Policy cases: strictly read, never empty, and explained when they fail."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from policyenforce.errors import InputError, PolicyError
from policyenforce.policy.load import load_rules
from policyenforce.testing.cases import Result, cases_of, changed, read_cases

LISTING = "{fact: content_submitted, content: {content_id: c-1, title: Super clone watch}}"
INNOCENT = "{fact: content_submitted, content: {content_id: c-1, title: Quartz watch}}"


def case(want: str, *, when: str = LISTING, given: str = "{account: a-1}", more: str = "") -> str:
    """The text of a case with one step of each kind."""
    return f"note: a case\n{more}\ngiven: [{given}]\nwhen: [{when}]\nwant: {want}\n"


def run(text: str) -> Result:
    (one,) = cases_of(text, "x.policy.yaml")
    return one.run()


def differences(want: str, **parts: str) -> tuple[str, ...]:
    return run(case(want, **parts)).differences


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("note: n\nwhen: [{account: a}]\nwant: {}", "1: want: a case that wants nothing"),
        ("note: n\nwhen: [{account: a}]", "1: want: a case that wants nothing"),
        ("note: n\nwhen: [{account: a}]\nwant: {findins: []}", "did you mean `findings`?"),
        ("note: n\nwhen: [{account: a}]\nwant: {findings: 5.2}", "want.findings: expected a list"),
        (
            "note: n\nwhen: [{account: a}]\nwant: {findings: [{claus: 5.2}]}",
            "did you mean `clause`",
        ),
        (
            "note: n\nwhen: [{account: a}]\nwant: {findings: [{category: x}]}",
            "missing key `clause`",
        ),
        ("note: n\nwhen: [{account: a}]\nwant: {decisions: [5.2]}", "[0]: expected a mapping"),
        (
            "note: n\nwhen: [{account: a}]\nwant: {decisions: [{ground: 5.2}]}",
            "a missing key `power`",
        ),
        (
            "note: n\nwhen: [{account: a}]\nwant: {standing: {account: a}}",
            "say what the standing is",
        ),
        ("note: n\nwhen: [{account: a}]\nwant: {standing: {point: 1}}", "did you mean `points`?"),
        ("note: n\nwhen: [{account: a}]\nwant: {notice: ground}", "a mapping of notice fields"),
        ("note: n\nwhen: [{account: a}]\nwant: {refused: }", "want.refused: wants nothing"),
        ("note: n\nwhen: [{account: a}]\nwant: {not_found: []}", "want.not_found: wants nothing"),
        ("when: [{account: a}]\nwant: {findings: []}", "1: note: say in a sentence"),
        ("note: ' '\nwhen: [{account: a}]\nwant: {findings: []}", "1: note: say in a sentence"),
        ("note: n\nwant: {findings: []}", "1: when: expected a list of steps"),
        ("note: n\nwhen: []\nwant: {findings: []}", "1: when: nothing happens"),
        ("note: n\nwhen: [a]\nwant: {findings: []}", "1: when[0]: a step is a mapping"),
        ("note: n\nwhen: [{acount: a}]\nwant: {findings: []}", "did you mean `account`?"),
        ("note: n\nwhen: [{}]\nwant: {findings: []}", "1: when[0]: a step says what it is"),
        ("note: n\nwhen: [{due: 2019-10-01, by: x}]\nwant: {findings: []}", "`due` knows no `by`"),
        ("note: n\nwhen: [{account: a}]\nwhat: 1\nwant: {findings: []}", "an unknown key `what`"),
        (
            "note: n\nverdict: guilty\nwhen: [{account: a}]\nwant: {findings: []}",
            "a breach or innocent",
        ),
        (
            "note: n\npolicy: 3\nwhen: [{account: a}]\nwant: {findings: []}",
            "policy: expected a path",
        ),
        ("# nothing", "x.policy.yaml: the file holds no case"),
    ],
)
def test_a_case_that_is_not_well_formed_is_refused_by_file_line_and_key(
    text: str, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        cases_of(text, "x.policy.yaml")

    assert str(caught.value).startswith("x.policy.yaml")
    assert message in str(caught.value)


def test_the_place_names_the_document_that_is_wrong() -> None:
    text = case("{findings: [5.4(c)]}") + "---\nnote: n\nwhen: [{account: a}]\n"

    with pytest.raises(InputError, match=r"x\.policy\.yaml:7: want"):
        cases_of(text, "x.policy.yaml")


def test_a_file_that_is_not_there_is_an_error_of_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read as UTF-8"):
        read_cases(tmp_path / "no.policy.yaml")


def test_a_file_may_hold_many_cases(tmp_path: Path) -> None:
    path = tmp_path / "two.policy.yaml"
    path.write_text(case("{findings: [5.4(c)]}") + "---\n" + case("{findings: []}", when=INNOCENT))

    assert [c.run().passed for c in read_cases(path)] == [True, True]


def test_a_list_of_findings_is_the_whole_list() -> None:
    assert differences("{findings: []}") == ("findings: not wanted, and there: clause: 5.4(c)",)
    assert differences("{findings: [5.4(c), 5.7]}") == (
        "findings: wanted clause: 5.7, and it is not there",
    )
    assert differences("{findings: [5.4(c)]}") == ()


def test_a_finding_that_differs_says_how() -> None:
    assert differences("{findings: [{clause: 5.4(c), standard: fact, severity: serious}]}") == (
        "findings: wanted clause: 5.4(c), standard: fact, severity: serious, and it is not there; "
        "it has standard: belief",
        "findings: not wanted, and there: clause: 5.4(c)",
    )


def test_a_list_of_decisions_is_the_whole_list() -> None:
    (left,) = differences(
        "{decisions: [{ground: 5.4(c), power: remove_content, power_clause: 6.1/limb1, "
        "status: in force}]}"
    )

    assert left == (
        "decisions: not wanted, and there: ground: 5.4(c), power: other_corrective, "
        "power_clause: 6.2(v), status: in force"
    )


@pytest.mark.parametrize(
    ("want", "difference"),
    [
        ("{disposition: publish}", "disposition: wanted publish; got reject"),
        ("{not_found: [5.4(c)]}", "not_found: 5.4(c) is found"),
        ("{measures: hold_content}", "measures: wanted hold_content; got nothing"),
        ("{case: open}", "case: wanted open, got none"),
        ("{standing: {points: 5}}", "standing: a-1: points: wanted 5, got 6"),
        ("{standing: {removed: []}}", "standing: a-1: removed: wanted [], got ['c-1@1']"),
        ("{standing: {account: a-9, points: 0}}", "standing: no fact names account `a-9`"),
        ("{notice: {language: French}}", "notice: language: wanted `French` in: English, which"),
        ("{notice: {of: 5.7, language: x}}", "notice: no decision on `5.7`"),
        ("{explained: [no such words]}", "explained: wanted `no such words` in: decision d-"),
        ("{refused: too late}", "refused: wanted `too late` in: nothing"),
        ("{allowed: true}", "allowed: nothing of that kind was asked for"),
        ("{party: hong_kong}", "party: nothing of that kind was asked for"),
        ("{standing: {may: {fly: true}}}", "standing: 'fly' is not a valid Capability"),
        ("{amendments: [x]}", "amendments: wanted x; got nothing"),
    ],
)
def test_what_is_not_as_wanted_is_told(want: str, difference: str) -> None:
    (told,) = differences(want)

    assert told.startswith(difference)


def test_what_may_be_is_wanted_of_the_last_that_was_asked() -> None:
    when = "{may: create_listing}"

    assert differences("{allowed: true}", when=when) == ()
    assert differences("{allowed: false}", when=when) == ("allowed: wanted False, got True",)


def test_why_something_may_not_be_is_wanted_in_parts() -> None:
    threat = "{fact: content_submitted, content: {content_id: c, title: i will kill you}}"
    when = threat + ", {may: create_listing}"

    assert differences("{allowed: false, because: [6.2(iv), 5.5(c)]}", when=when) == ()


def test_a_refusal_that_is_not_wanted_fails_the_case() -> None:
    assert differences("{findings: []}", when="{confirm: 5.7}") == ("refused: no finding on `5.7`",)
    assert differences("{refused: no finding}", when="{confirm: 5.7}") == ()


def test_what_cannot_be_given_fails_the_case() -> None:
    (told,) = differences("{findings: []}", given="{fact: content_shown}")

    assert told.startswith("given: content_shown-1: fact: an unknown kind of fact `content_shown`")


def test_the_version_of_the_terms_is_checked() -> None:
    assert differences("{findings: [5.4(c)]}", more="terms: 2019-10-04") == (
        "terms: wanted 2019-10-04, got 2019-09-12",
    )
    assert differences("{findings: [5.4(c)]}", more="terms: 2019-09-12") == ()


def test_house_rules_may_be_changed_for_a_case() -> None:
    more = "policy: {thresholds: {categories: {counterfeit: {suspicion: 0.5, belief: 0.99}}}}"

    assert differences("{findings: [{clause: 5.4(c), standard: belief}]}") == ()
    assert differences("{findings: [{clause: 5.4(c), standard: suspicion}]}", more=more) == ()


def test_house_rules_may_be_a_file_beside_the_case(tmp_path: Path) -> None:
    rules = (Path(load_rules.__code__.co_filename).parent / "house.toml").read_text("utf-8")
    changed_rules = rules.replace("merge_window_hours = 72", "merge_window_hours = 1")
    (tmp_path / "mine.toml").write_text(changed_rules, encoding="utf-8")
    path = tmp_path / "x.policy.yaml"
    path.write_text(
        case("{standing: {points: 12}}", given=f"{{account: a-1}}, {LISTING}",
             when="{fact: content_submitted, at: 2019-09-13, content: {content_id: c-2, "
                  "title: Super clone watch}}", more="policy: mine.toml")
    )  # fmt: skip
    (one,) = read_cases(path)

    assert one.run().differences == ()


def test_house_rules_may_be_toml_in_the_case() -> None:
    text = dedent("""
        note: n
        policy: |
          name = "half"
          version = "1"
        when: [{account: a-1}]
        want: {findings: []}
    """)

    with pytest.raises(PolicyError, match="policy"):
        run(text)


def test_a_case_that_names_no_rules_takes_those_of_the_caller() -> None:
    rules = changed({"content": {"disabled_categories": ["counterfeit"]}})
    (one,) = cases_of(case("{findings: []}"), "x.policy.yaml")

    assert one.run(rules).passed
    assert not one.run().passed


def test_an_unsound_change_of_rules_is_refused() -> None:
    with pytest.raises(PolicyError, match="colour"):
        changed({"colour": "green"})


def test_the_report_says_what_differs_and_then_every_step() -> None:
    report = run(case("{findings: []}", when=f"{LISTING}, {{confirm: 5.7}}")).report

    assert report.splitlines()[0] == "  - refused: no finding on `5.7`"
    assert "given 2019-09-12T01:00:00+00:00 account: a-1" in report
    told = "The text falls under the category counterfeit."
    assert f"finding 5.4(c) [counterfeit] 0.85, serious: {told}" in report
    assert "incriminating rule_hit: " in report
    assert "decision in force on a-1: remove_content under 6.1/limb1 for 5.4(c), 6 points" in report
    assert "    refused: no finding on `5.7`" in report


def test_the_trace_tells_of_cases_measures_untold_and_amendments() -> None:
    german = (
        "{fact: content_submitted, content: {content_id: c-9, language: de, "
        "title: Die Schere ist für die Rosen und wird geliefert}}"
    )
    late = "{fact: content_submitted, at: 2019-09-12 09:30, content: {content_id: c-0, " \
           "title: AAA quality handbags}}"  # fmt: skip
    report = run(case("{findings: []}", when=f"{german}, {LISTING}, {late}, {{may: sell}}")).report

    assert "cannot tell 5.5(c): " in report
    assert "measure: hold_content, held for a person to read" in report
    assert "case open: " in report or "cannot tell" in report
    assert "decided again: content_submitted-" in report
    assert "allowed: True" in report


def test_an_answer_that_is_no_outcome_is_told_by_its_kind() -> None:
    when = "{parties: {origin: CN, site: alibaba}}"
    result = run(case("{party: hong_kong}", when=when))

    assert result.differences == ("party: wanted hong_kong; got hangzhou",)
    assert result.trace.endswith("    Party")
