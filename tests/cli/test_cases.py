"""``policy test``: cases run from files and folders, with no pytest."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND, Cli

PASSES = """note: a bolt is a bolt
given: [{account: a-1}]
when: [{fact: content_submitted, content: {content_id: c-1, title: Hex bolts M8}}]
want: {findings: [], disposition: publish}
"""
FAILS = PASSES.replace("a bolt is a bolt", "a bolt is held").replace("publish}", "hold}")
COPY = """note: a mark next to the words of a copy
policy: {content: {brands: [Kestrelwing]}}
given: [{account: a-1}]
when:
  - {fact: content_submitted, content: {content_id: c-1, title: "Kestrelwing, mirror quality"}}
want: {findings: [{clause: 5.4(b), standard: belief, category: counterfeit}]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "cases"
    (made / "deep").mkdir(parents=True)
    (made / "b.policy.yaml").write_text(f"{PASSES}---\n{FAILS}", encoding="utf-8")
    (made / "deep" / "a.policy.yaml").write_text(PASSES, encoding="utf-8")
    (made / "other.yaml").write_text("no: case", encoding="utf-8")
    return made


def test_every_case_of_a_folder_is_told_with_its_place_and_what_differs(
    cli: Cli, folder: Path
) -> None:
    said = cli("policy", "test", folder)

    assert (said.code, said.err) == (1, "3 cases, 1 failed\n")
    assert [(Path(r["file"]).name, r["line"], r["passed"]) for r in said.rows] == [
        ("b.policy.yaml", 1, True), ("b.policy.yaml", 6, False), ("a.policy.yaml", 1, True),
    ]  # fmt: skip
    assert list(said.rows[1]) == ["file", "line", "note", "passed", "differences"]
    assert said.rows[1]["note"] == "a bolt is held"
    assert "hold" in said.rows[1]["differences"][0] and "publish" in said.rows[1]["differences"][0]
    assert said.rows[0]["differences"] == []


def test_cases_that_all_pass_are_exit_code_0_and_none_runs_twice(cli: Cli, folder: Path) -> None:
    deep = folder / "deep"

    said = cli("policy", "test", deep / "a.policy.yaml", deep)

    assert (said.code, said.err) == (0, "1 case, none failed\n")
    assert len(said.rows) == 1


def test_a_table_says_yes_or_no_and_where(cli: Cli, folder: Path) -> None:
    said = cli("policy", "test", folder, "--format", "table")

    words = said.out.split()
    assert said.code == 1
    assert words[:4] == ["passed", "case", "note", "differences"]
    assert (words.count("yes"), words.count("no")) == (2, 1)
    assert "b.policy.yaml:6" in "".join(words)


def test_the_steps_of_a_failing_case_are_told_when_asked(cli: Cli, folder: Path) -> None:
    said = cli("policy", "test", folder, "--trace")

    assert len(said.rows) == 3
    assert f"{folder}/b.policy.yaml:6: a bolt is held\n" in said.err
    assert "\nwhen " in said.err and "a bolt is a bolt" not in said.err


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"note: n\nwhen: [{account: a}]\n", "bad.policy.yaml:1: want: a case that wants nothing"),
        (b"note: [\n", "bad.policy.yaml:2: not YAML"),
        (b"", "bad.policy.yaml: the file holds no case"),
        (b"\xff\xfe", "bad.policy.yaml: the file cannot be read as UTF-8"),
        (PASSES.encode() + b"policy: {nonsense: 1}\n", "nonsense"),
        (PASSES.encode() + b"policy: nowhere.toml\n", "nowhere.toml"),
    ],
)
def test_a_case_that_cannot_be_read_is_exit_code_3_with_its_place(
    cli: Cli, folder: Path, text: bytes, says: str
) -> None:
    (folder / "bad.policy.yaml").write_bytes(text)

    said = cli("policy", "test", folder)

    assert said.code == 3
    assert said.err.startswith("error: ") and says in said.err
    assert str(folder / "bad.policy.yaml") in said.err
    assert len(said.err.splitlines()) == 1 and len(said.err) < 600


def test_no_such_path_is_exit_code_2_and_a_folder_without_cases_exit_code_3(
    cli: Cli, tmp_path: Path
) -> None:
    missing = cli("policy", "test", "missing")
    none = cli("policy", "test")
    empty = cli("policy", "test", tmp_path)

    assert (missing.code, none.code, empty.code) == (2, 2, 3)
    assert "'missing' does not exist" in missing.err
    assert "no cases here" in empty.err and ".policy.yaml" in empty.err


def test_cases_run_under_the_house_rules_given_and_change_those(cli: Cli, tmp_path: Path) -> None:
    shipped = (files("policyenforce.policy") / "house.toml").read_text(encoding="utf-8")
    belief = "counterfeit = { suspicion = 0.5, belief = 0.85 }"
    doubting = shipped.replace(belief, belief.replace("0.85", "1.0"))
    rules = tmp_path / "house.toml"
    rules.write_text(doubting, encoding="utf-8")
    (tmp_path / "copy.policy.yaml").write_text(COPY, encoding="utf-8")

    shipped_say = cli("policy", "test", tmp_path)
    ours_say = cli("policy", "test", tmp_path, "--policy", rules)

    assert doubting != shipped
    assert (shipped_say.code, ours_say.code) == (0, 1)
    assert "suspicion" in ours_say.rows[0]["differences"][0]


def test_pytest_is_not_needed(folder: Path) -> None:
    without = "import sys; sys.modules.update(pytest=None, hypothesis=None, freezegun=None)\n"
    done = subprocess.run(
        [sys.executable, "-c", without + COMMAND[2], "policy", "test", folder / "deep"],
        capture_output=True,
    )

    assert (done.returncode, done.stderr) == (0, b"1 case, none failed\n")
    assert json.loads(done.stdout)["passed"] is True


def test_rules_that_no_case_exercises_are_named(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.policy.yaml").write_text(
        PASSES.replace("Hex bolts M8", "Fake passports"), "utf-8"
    )

    said = cli("policy", "coverage", tmp_path)
    named = {row["rule"] for row in said.rows}

    assert said.code == 1
    assert "forged-document" not in named
    assert {"replica-offer", "threat-of-violence"} <= named
    assert said.err.startswith("1 case, ")
    assert list(said.rows[0]) == ["rule", "category", "clause"]
