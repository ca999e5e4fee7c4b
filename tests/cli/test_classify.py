from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Cli, written

ABUSE = b'{"id": "l-1", "title": "You liar", "description": "I will break your legs, you idiot"}'
CLEAR = b'{"id": "l-2", "text": "Ceramic tea set, six cups", "description": null}'
GERMAN = b'{"id": "l-3", "text": "Die Ware ist nicht von uns und wird geliefert"}'


def test_each_text_gets_one_line_with_a_score_for_each_head(cli: Cli, tmp_path: Path) -> None:
    said = cli("classify", written(tmp_path / "texts.jsonl", ABUSE, b"", CLEAR))

    first, second = said.rows
    assert said.code == 0 and said.err == ""
    assert [list(row) for row in said.rows] == [["id", "scores"]] * 2
    assert list(first["scores"]) == ["toxic", "hate", "sexual", "spam"]
    assert first["scores"]["toxic"] > 0.8 > 0.2 > second["scores"]["toxic"]


LANGUAGES = (b"de", b"de-AT", b"FR", b"en", b"en-GB")


def test_many_lines_of_several_files_are_read_in_order(cli: Cli, tmp_path: Path) -> None:
    one = written(tmp_path / "one.jsonl", *[CLEAR] * 1500)
    said = cli("classify", one, "-", one, stdin=ABUSE)

    assert [row["id"] for row in said.rows] == ["l-2"] * 1500 + ["l-1"] + ["l-2"] * 1500


def test_texts_in_another_language_are_counted_and_their_rows_stay_as_they_are(cli: Cli) -> None:
    said = cli("classify", "-", stdin=GERMAN + b"\n" + CLEAR)

    assert [list(row["scores"]) for row in said.rows] == [["toxic", "hate", "sexual", "spam"]] * 2
    assert said.err == ("cannot tell: the model reads English; texts in another language: de (1)\n")


def test_a_language_that_is_named_counts_as_well_as_one_that_is_seen(cli: Cli) -> None:
    named = [b'{"id": "l", "text": "Guten Morgen", "language": "%s"}' % tag for tag in LANGUAGES]

    said = cli("classify", "-", stdin=b"\n".join(named))

    assert len(said.rows) == len(named)
    assert said.err.endswith("texts in another language: de (2), fr (1)\n")


def test_a_bad_line_is_named_without_its_text(cli: Cli) -> None:
    said = cli("classify", "-", stdin=CLEAR + b'\n{"id": "secret", "text": 7}')

    assert said.code == 3
    assert "standard input:2" in said.err and "secret" not in said.err


def test_a_table_and_one_list_are_printed_on_demand(cli: Cli) -> None:
    table = cli("classify", "-", "--format", "table", stdin=ABUSE)
    rows = json.loads(cli("classify", "-", "--format", "json", stdin=CLEAR).out)

    assert "toxic 0.9" in table.out or "toxic 1.0" in table.out
    assert [row["id"] for row in rows] == ["l-2"]


def test_the_screen_hears_the_classifier_where_the_house_asks_for_it(
    cli: Cli, tmp_path: Path
) -> None:
    shipped = (
        Path(__file__).parents[2].joinpath("policyenforce/policy/house.toml").read_text("utf-8")
    )
    assert 'use = "never" ' in shipped
    rules = tmp_path / "house.toml"
    rules.write_text(shipped.replace('use = "never" ', 'use = "undecided" '), encoding="utf-8")
    abuse = b'{"id": "1", "text": "what a useless lying clown, drop dead"}'

    silent = cli("screen", "-", stdin=abuse)
    heard = cli("screen", "-", "--policy", rules, stdin=abuse + b"\n" + CLEAR)

    assert silent.rows == [{"id": "1", "findings": []}]
    [finding] = heard.rows[0]["findings"]
    assert (finding["category"], finding["standard"]) == ("threats_and_harassment", "suspicion")
    assert finding["rule"].startswith("policyenforce-linear ")
    assert heard.rows[1]["findings"] == []
