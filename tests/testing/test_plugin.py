"""The plugin as pytest runs it: what is collected, what a failure prints, what it costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

GOOD = """
note: a bolt is a bolt
given: [{account: a-1}]
when: [{fact: content_submitted, content: {content_id: c-1, title: Hex bolts M8}}]
want: {findings: []}
"""
BAD = GOOD.replace("findings: []", "findings: [5.7]").replace("a bolt is a bolt", "wrong")


def write(pytester: pytest.Pytester, **texts: str) -> None:
    for name, text in texts.items():
        (pytester.path / name.replace("_", ".")).write_text(text, encoding="utf-8")


def test_policy_cases_are_collected_and_no_other_yaml(pytester: pytest.Pytester) -> None:
    write(pytester, one_policy_yaml=GOOD + "---" + GOOD, other_yaml="- 1", two_policy_yml="- 1")
    result = pytester.runpytest("-v")

    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["one.policy.yaml::1: a bolt is a bolt PASSED*"])


def test_a_failing_case_prints_what_differs_and_the_trace(pytester: pytest.Pytester) -> None:
    write(pytester, one_policy_yaml=GOOD, two_policy_yaml=BAD)
    result = pytester.runpytest()

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "two.policy.yaml:2: wrong",
            "  - findings: wanted clause: 5.7, and it is not there",
            "given 2019-09-12T01:00:00+00:00 account: a-1",
            "when 2019-09-12T02:00:00+00:00 fact: content_submitted",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_file_that_cannot_be_read_is_an_error_of_collection(pytester: pytest.Pytester) -> None:
    write(pytester, one_policy_yaml="note: n\nwhen: [{acount: a-1}]\nwant: {findings: []}")
    result = pytester.runpytest()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*one.policy.yaml:1: when?0?: a step says what it is*account*"])


def test_house_rules_that_cannot_be_read_are_told_without_a_traceback(
    pytester: pytest.Pytester,
) -> None:
    write(pytester, one_policy_yaml=GOOD + "policy: nowhere.toml\n")
    result = pytester.runpytest()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*cannot read the house rules*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_an_error_that_is_no_refusal_keeps_its_traceback(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    from policyenforce.testing.cases import PolicyCase

    def broken(self: PolicyCase) -> None:
        raise ZeroDivisionError("inside")

    monkeypatch.setattr(PolicyCase, "run", broken)
    write(pytester, one_policy_yaml=GOOD)
    result = pytester.runpytest_inprocess()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*ZeroDivisionError: inside*"])


def test_the_fixture_is_there_without_being_imported(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_it(policy):
            policy.given(account="a-1").when(
                fact="content_submitted", content={"content_id": "c", "title": "Hex bolts"}
            )
            assert policy.outcome.findings == ()
        """
    )

    pytester.runpytest().assert_outcomes(passed=1)


def test_the_plugin_brings_nothing_of_the_library_with_it() -> None:
    code = (
        "import sys, policyenforce.testing.plugin; "
        "print(sorted(m for m in sys.modules if m.startswith('policyenforce')))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == str(
        ["policyenforce", "policyenforce.testing", "policyenforce.testing.plugin"]
    )
