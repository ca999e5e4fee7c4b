"""The examples run as their first lines say, and show what they promise."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from policyenforce.testing.cases import read_cases

EXAMPLES = Path(__file__).parents[2] / "examples"
BIN = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*map(str, command)],
        cwd=folder,
        env={**os.environ, "PATH": BIN, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
    )


def test_the_backend_publishes_rejects_and_asks_a_person(tmp_path: Path) -> None:
    done = run(sys.executable, EXAMPLES / "backend.py", folder=tmp_path)
    lines = done.stdout.splitlines()

    assert done.returncode == 0, done.stderr
    assert lines[:3] == [
        "tea set:  publish",
        "handbags: reject",
        "account passed on? waits for a person: True",
    ]
    assert "power: suspend_account under 6.2(i)" in lines
    assert lines[-1] == "desk lamp: reject: suspend_account under 6.2(i) for 12.6"
    assert list(tmp_path.iterdir()) == []


def test_the_script_queues_what_somebody_has_to_look_at(tmp_path: Path) -> None:
    done = run(EXAMPLES / "moderation" / "moderate.sh", folder=tmp_path)

    assert done.returncode == 1, done.stderr
    assert [line.split("\t")[:2] for line in done.stdout.splitlines()] == [
        ["l-2", "take down"],
        ["l-4", "look at"],
        ["l-6", "look at"],
    ]


def test_the_script_has_nothing_to_say_of_ordinary_listings(tmp_path: Path) -> None:
    listings = tmp_path / "fine.jsonl"
    listings.write_text('{"id": "l-1", "title": "Hex bolts M8"}\n', encoding="utf-8")
    done = run(EXAMPLES / "moderation" / "moderate.sh", listings, folder=tmp_path)

    assert (done.returncode, done.stdout) == (0, "")


def test_the_script_passes_on_what_went_wrong(tmp_path: Path) -> None:
    done = run(EXAMPLES / "moderation" / "moderate.sh", tmp_path / "none.jsonl", folder=tmp_path)

    assert done.returncode in (2, 3)
    assert done.stdout == ""
    assert "none.jsonl" in done.stderr


def test_the_folder_of_cases_passes_under_pytest() -> None:
    options = ("-q", "-p", "no:cacheprovider", "policy_cases")
    done = run(sys.executable, "-m", "pytest", *options, folder=EXAMPLES)

    assert done.returncode == 0, done.stdout
    assert "7 passed" in done.stdout


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.policy.yaml")), ids=lambda p: p.name)
def test_every_case_says_what_it_shows(path: Path) -> None:
    for case in read_cases(path):
        assert len(case.note.split()) >= 4
