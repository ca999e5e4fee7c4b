"""What reaches several Members is shown first, and done only when a person approves it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

import policyenforce as pe
from tests.cli.conftest import Cli, written
from tests.enforcer.conftest import NOW, opened, reported
from tests.enforcer.test_plans import member

ANA = "ana:senior_moderator,moderator"
THEN = ("--now", "2020-05-01T00:00:00Z")


@pytest.fixture
def store(cli: Cli, tmp_path: Path) -> str:
    facts = [f for number in (1, 2, 3) for f in member(number)]
    facts.append(reported("c-1", "5.6(d)", 30, severity=pe.Severity.GRAVE, target="l-1@1"))
    facts.append(opened("a-9", "u-9"))
    store = f"sqlite:///{tmp_path / 'ledger.db'}"
    file = written(tmp_path / "facts.jsonl", *facts)
    assert cli("enforce", file, "--store", store, "--now", NOW.isoformat()).code == 1
    return store


def decision(cli: Cli, store: str) -> str:
    rows = cli("decisions", "--store", store).rows
    return next(row["decision"] for row in rows if row["status"] == "in force")


def test_a_cascade_is_shown_approved_in_part_and_unwound(cli: Cli, store: str) -> None:
    name = decision(cli, store)
    plan = cli("cascade", name, "--store", store, *THEN).rows
    assert [(row["account"], row["exempt"]) for row in plan] == [("a-2", None), ("a-3", None)]
    assert plan[0]["actions"] == ["restrict_feature@6.2(i):7:create_listing"]
    assert plan[0]["path"] == ["u-1", "u-2"]

    done = cli(
        "cascade", name, "--store", store, "--approve", "--account", "a-3", "--by", ANA,
        "--reason", "one hand", *THEN,
    )  # fmt: skip
    [outcome] = done.rows
    cascade = done.err.split()[1].rstrip(":")
    assert outcome["decisions"][0]["account_id"] == "a-3"
    again = cli("cascade", name, "--store", store, *THEN).rows
    assert [row["exempt"] is None for row in again] == [True, False]

    back = cli("unwind", cascade, "--store", store, "--by", ANA, "--reason", "a family", *THEN)
    assert [d["status"] for d in back.rows[0]["decisions"]] == ["overturned"]
    assert cli("unwind", "cascade-0", "--store", store, "--by", ANA, "--reason", "x").code == 3


def test_what_a_rule_did_is_shown_and_taken_back(cli: Cli, store: str) -> None:
    since = ("--since", "2019-10-01T00:00:00Z")
    [plan] = cli("reverse", "remove_content", "--store", store, *since).rows
    assert (plan["account"], plan["status"]) == ("a-1", "in force")
    assert "remove content" in plan["actions"]

    done = cli(
        "reverse", "remove_content", "--store", store, *since, "--approve", "--by", ANA,
        "--reason", "too wide", *THEN,
    )  # fmt: skip

    assert [n["account_id"] for n in done.rows[0]["notices"]] == ["a-1"]
    again = cli("reverse", "remove_content", "--store", store, *since)

    assert again.rows == []
    assert "nothing to take back" in again.err


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--by", ANA), "give `--approve`"),
        (("--reason", "x"), "give `--approve`"),
        (("--approve", "--by", ANA), "give `--by` and `--reason`"),
        (("--approve", "--by", "mo:moderator", "--reason", "x"), "may cascade"),
    ],
)
def test_half_an_approval_is_none(cli: Cli, store: str, more: tuple[str, ...], says: str) -> None:
    said = cli("cascade", decision(cli, store), "--store", store, *more)

    assert said.code == 3
    assert says in said.err


def test_decisions_are_exported_under_a_profile_that_is_on(
    cli: Cli, store: str, tmp_path: Path
) -> None:
    text = (files("policyenforce.policy") / "house.toml").read_text(encoding="utf-8")
    house = tmp_path / "house.toml"
    house.write_text(text.replace("dsa = false", "dsa = true"), encoding="utf-8")

    off = cli("export", "dsa", "--store", store)
    on = cli("export", "dsa", "--store", store, "--policy", house)

    assert off.code == 3 and "is off" in off.err
    assert on.code == 0
    assert on.rows[0]["statement"]["decision_visibility"] == ["DECISION_VISIBILITY_CONTENT_REMOVED"]


@pytest.mark.parametrize(
    ("form", "begins"), [("markdown", "# Notice"), ("html", "<!DOCTYPE html>")]
)
def test_a_notice_is_written_in_the_form_asked_for(
    cli: Cli, store: str, form: str, begins: str
) -> None:
    assert cli("notice", decision(cli, store), "--store", store, "--as", form).out.startswith(
        begins
    )
