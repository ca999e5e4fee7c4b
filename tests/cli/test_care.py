"""Care of the ledger, the Terms, the rules, the demo, and what is logged."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

import policyenforce
from policyenforce.cli.facts import own_time
from policyenforce.policy.lint import Problem
from tests.cli.conftest import BREACHES, NOW, ORDINARY, Cli, day, digest, reported, written


def test_init_makes_a_ledger_and_keys_and_leaves_both_as_they_are(cli: Cli, tmp_path: Path) -> None:
    first = cli("ledger", "init", "--store", "sqlite:///new.db")
    keys = (tmp_path / "new.db.keys").read_bytes()
    second = cli("ledger", "init", "--store", "sqlite:///new.db")

    assert (first.code, second.code) == (0, 0)
    assert first.rows == second.rows == [{"streams": 0, "head": first.rows[0]["head"]}]
    assert (tmp_path / "new.db.keys").read_bytes() == keys


def test_init_makes_the_keys_that_are_named(cli: Cli, tmp_path: Path) -> None:
    said = cli("ledger", "init", "--store", "sqlite:///new.db", "--keys", "my.keys")

    assert said.code == 0
    assert (tmp_path / "my.keys").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "new.db.keys").exists()


def test_upgrade_of_a_current_ledger_changes_nothing(cli: Cli, store: str) -> None:
    head = digest(store)

    said = cli("ledger", "upgrade", "--store", store)

    assert said.code == 0 and said.rows[0]["head"] == head


def test_verify_finds_what_was_changed_and_says_where(cli: Cli, store: str, ledger: Path) -> None:
    sound = cli("ledger", "verify", "--store", store)
    with sqlite3.connect(ledger) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE entry SET at = at + 1 WHERE id = 's-1'")
    connection.close()
    changed = cli("ledger", "verify", "--store", store)

    assert sound.code == 0 and sound.rows[0]["verified"] is True
    assert changed.code == 1
    assert [row["id"] for row in changed.rows] == ["s-1"]


def test_a_checkpoint_shows_a_tail_that_was_cut_off(
    cli: Cli, store: str, ledger: Path, tmp_path: Path
) -> None:
    early = ledger.read_bytes()
    cli("enforce", written(tmp_path / "f.jsonl", reported("c-9", "5.6(f)", 9)), "--store", store)
    anchor = tmp_path / "heads.jsonl"
    anchor.write_text(cli("ledger", "checkpoint", "--store", store).out, encoding="utf-8")
    kept = cli("ledger", "verify", "--store", store, "--anchor", anchor)
    ledger.write_bytes(early)
    cut = cli("ledger", "verify", "--store", store, "--anchor", anchor)
    anchor.write_text("{}", encoding="utf-8")
    wrong = cli("ledger", "verify", "--store", store, "--anchor", anchor)

    assert [kept.code, cut.code, wrong.code] == [0, 1, 3]
    assert "are gone" in cut.rows[0]["problem"]
    assert "ledger checkpoint" in wrong.err


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "[]",
        '{"stream": "u-1", "seq": "1", "hash": "ab", "at": 1}',
        '{"stream": "u-1", "seq": 1, "hash": null, "at": 1}',
        '{"stream": 1, "seq": 1, "hash": "ab", "at": 1}',
        '{"stream": "u-1", "seq": true, "hash": "ab", "at": 1}',
        '{"stream": ["u-1"], "seq": 1, "hash": "ab", "at": 1}',
    ],
)
def test_an_anchor_that_anchors_nothing_is_no_proof(
    cli: Cli, store: str, tmp_path: Path, text: str
) -> None:
    anchor = tmp_path / "heads.jsonl"
    anchor.write_text(text, encoding="utf-8")

    said = cli("ledger", "verify", "--store", store, "--anchor", anchor)

    assert (said.code, said.out) == (3, "")
    assert f"{anchor}: cannot read the anchor" in said.err and "hint: " in said.err


def test_rebuild_repairs_what_was_lost(cli: Cli, store: str, ledger: Path) -> None:
    before = cli("standing", "a-1", "--store", store, "--at", NOW).rows
    with sqlite3.connect(ledger) as connection:
        for table in ("mark", "holder", "member", "history"):
            connection.execute(f"DELETE FROM {table}")
    connection.close()

    lost = cli("standing", "a-1", "--store", store, "--at", NOW)
    rebuilt = cli("ledger", "rebuild", "--store", store)

    assert lost.code == 3
    assert rebuilt.rows[0]["histories_changed"] == 2
    assert cli("standing", "a-1", "--store", store, "--at", NOW).rows == before


def test_coverage_has_one_row_for_each_statement_and_never_an_empty_one(cli: Cli) -> None:
    rows = json.loads(cli("terms", "coverage", "--format", "json").out)
    early = cli("terms", "coverage", "--version", "2019-09-12")

    assert len(rows) > 100 and len(early.rows) > 100
    assert all(list(row) == ["ref", "kind", "standard", "enforced_by"] for row in rows)
    assert all(row["enforced_by"] and all(row["enforced_by"]) for row in rows)


def test_a_clause_is_shown_with_all_its_statements_and_a_statement_alone(cli: Cli) -> None:
    clause = cli("terms", "show", "4.1")
    statement = cli("terms", "show", "4.1/s3", "--at", "2019-10-05T00:00:00Z")
    unknown = cli("terms", "show", "9.9")

    assert "4.1/s3" in [row["ref"] for row in clause.rows]
    assert statement.rows[0]["standard"] == "suspicion"
    assert (statement.rows[0]["reasonable"], statement.rows[0]["discretion"]) == (False, "none")
    assert (unknown.code, unknown.out) == (3, "") and "9.9" in unknown.err


def test_versions_differ_and_readings_have_a_default(cli: Cli) -> None:
    changed = cli("terms", "diff", "2019-09-12", "2019-10-04")
    readings = cli("terms", "readings")

    assert changed.rows and {"area", "key", "change"} <= set(changed.rows[0])
    assert all(row["default"] in row["options"] for row in readings.rows)


def test_whom_a_member_contracts_with_may_be_ambiguous(cli: Cli) -> None:
    sure = cli("terms", "parties", "--origin", "CN", "--residence", "CN", "--access", "CN")
    unsure = cli("terms", "parties", "--origin", "HK", "--access", "KZ", "--site", "alibaba")

    assert [row["ambiguous"] for row in sure.rows] == [False]
    assert len(unsure.rows) > 1 and all(row["ambiguous"] for row in unsure.rows)


def test_sound_rules_are_proved_and_shown(cli: Cli) -> None:
    sound = cli("policy", "lint")
    shown = cli("policy", "show")

    assert sound.code == 0 and sound.rows[0]["sound"] is True
    assert shown.rows[0]["hash"] == sound.rows[0]["hash"]


def test_unsound_rules_are_exit_code_1_with_a_counterexample(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = (Problem("ladder", "a rung falls", "5.6(f) mild (1)", "ladder.1"),)
    monkeypatch.setattr("policyenforce.cli.policy.problems_of", lambda *_: found)

    said = cli("policy", "lint")

    assert said.code == 1
    assert said.rows == [
        {
            "rule": "ladder",
            "where": "ladder.1",
            "problem": "a rung falls",
            "counterexample": "5.6(f) mild (1)",
        }
    ]


def test_the_demo_tells_a_story_leaves_its_files_and_does_not_overwrite_them(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from policyenforce.testing.marketplace import marketplace

    monkeypatch.setattr("policyenforce.cli.demo.marketplace", lambda seed: marketplace(seed, 5))

    said = cli("demo", "shop", "--seed", 7)
    again = cli("demo", "shop")

    assert said.code == 0
    for part in (
        "Findings by clause",
        "Decisions by action",
        "explained",
        "One notice",
        "verifies: yes",
    ):
        assert part in said.out
    assert sorted(path.name for path in (tmp_path / "shop").iterdir()) == [
        "facts.jsonl", "ledger.db", "ledger.db.keys",
    ]  # fmt: skip
    assert cli("ledger", "verify", "--store", "sqlite:///shop/ledger.db").code == 0
    assert again.code == 3 and "holds something else already" in again.err


def test_nothing_is_logged_below_a_warning_unless_asked(cli: Cli, tmp_path: Path) -> None:
    file = written(tmp_path / "facts.jsonl", *ORDINARY, *BREACHES)

    quiet = cli("enforce", file, "--store", "sqlite:///one.db", "--now", NOW)
    loud = cli("-v", "enforce", file, "--store", "sqlite:///two.db", "--now", NOW)

    assert (quiet.code, quiet.err) == (1, "")
    assert loud.out == quiet.out
    assert "level=info event=decided decision=d-" in loud.err
    assert "a-1" not in loud.err and "u-1" not in loud.err


def test_the_version_is_told(cli: Cli) -> None:
    assert cli("--version").out == f"{policyenforce.__version__}\n"


@pytest.mark.parametrize(
    "call",
    [
        "",
        "terms",
        "policy",
        "ledger",
        "nonsense",
        "standing",
        "standing a-1 --store x --format xml",
        "screen --nonsense",
    ],
)
def test_what_is_not_understood_is_exit_code_2_and_one_screen(cli: Cli, call: str) -> None:
    said = cli(*call.split())

    assert (said.code, said.out) == (2, "")
    assert "Usage: policyenforce" in said.err
    assert len(said.err.splitlines()) <= 48


@pytest.mark.parametrize("call", ["", "enforce", "standing", "terms coverage", "ledger verify"])
def test_help_goes_to_standard_output(cli: Cli, call: str) -> None:
    said = cli(*call.split(), "--help")

    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Usage: policyenforce")


def test_the_store_may_come_from_the_environment(
    cli: Cli, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICYENFORCE_STORE", store)

    assert cli("standing", "a-1").code == 0


def test_the_clock_of_told_facts_never_runs_backwards() -> None:
    moment = own_time()

    assert [moment(reported("c", "5.6(f)", at)) for at in (3, 1, 4)] == [day(3), day(3), day(4)]
