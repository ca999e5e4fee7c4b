from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Cli, written

FOUND = b'{"id": "l-1", "title": "\xe8\x8c\xb6 AAA quality handbags", "description": "Leather"}'
CLEAR = b'{"id": "l-2", "title": "Ceramic tea set, six cups", "description": null}'


def test_each_text_gets_one_line_with_findings_and_spans_of_the_original(
    cli: Cli, tmp_path: Path
) -> None:
    said = cli("screen", written(tmp_path / "texts.jsonl", FOUND, b"", CLEAR))

    first, second = said.rows
    assert said.code == 1 and said.err == ""
    assert second == {"id": "l-2", "findings": []}
    assert list(first) == ["id", "findings"]
    finding = first["findings"][0]
    assert list(finding) == [
        "clause", "category", "confidence", "standard", "severity", "rule", "spans",
    ]  # fmt: skip
    assert (finding["clause"], finding["category"]) == ("5.4(c)", "counterfeit")
    [[field, start, end]] = finding["spans"]
    assert json.loads(FOUND)[field][start:end] == "AAA quality handbags"


def test_nothing_found_is_exit_code_0(cli: Cli, tmp_path: Path) -> None:
    assert cli("screen", "-", stdin=CLEAR).code == 0


def test_several_files_are_read_in_order(cli: Cli, tmp_path: Path) -> None:
    one = written(tmp_path / "one.jsonl", *[CLEAR] * 1500)
    said = cli("screen", one, "-", one, stdin=FOUND)

    assert [row["id"] for row in said.rows] == ["l-2"] * 1500 + ["l-1"] + ["l-2"] * 1500


def test_a_language_that_no_pack_reads_is_told_and_the_rows_stay_as_they_are(cli: Cli) -> None:
    said = cli("screen", "-", stdin=b'{"id": "1", "text": "kaks tassi", "language": "et"}')

    assert said.rows == [{"id": "1", "findings": []}]
    assert said.err == "cannot tell: no rule pack reads these languages, by texts: et (1)\n"


def test_the_house_rules_say_what_is_looked_for(cli: Cli, tmp_path: Path) -> None:
    shipped = (
        Path(__file__).parents[2].joinpath("policyenforce/policy/house.toml").read_text("utf-8")
    )
    assert "disabled_categories = []" in shipped
    rules = tmp_path / "house.toml"
    rules.write_text(
        shipped.replace("disabled_categories = []", 'disabled_categories = ["counterfeit"]'),
        encoding="utf-8",
    )

    said = cli("screen", "-", "--policy", rules, stdin=FOUND)

    assert "counterfeit" not in said.out


def test_a_table_says_clause_and_confidence(cli: Cli) -> None:
    said = cli("screen", "-", "--format", "table", stdin=FOUND)

    assert "5.4(c) counterfeit (0." in said.out
    assert said.code == 1


def test_json_is_one_list(cli: Cli) -> None:
    rows = json.loads(cli("screen", "-", "--format", "json", stdin=FOUND + b"\n" + CLEAR).out)
    none = json.loads(cli("screen", "-", "--format", "json").out)

    assert [row["id"] for row in rows] == ["l-1", "l-2"]
    assert none == []
