"""``relate``: a table in, pairs and clusters out, or one line that says what is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from re import sub
from typing import Any

import pytest

import policyenforce as pe
from tests.cli.conftest import NOW, SENTINELS, START, Cli, command, written

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")
csv = pytest.importorskip("pyarrow.csv")

MAIL, NAME, PHONE = SENTINELS
COLUMNS = ("account_id", "card_token", "bank_account", "email")
ROWS = (
    ("a", "tok_8173", None, MAIL),
    ("b", "tok_8173", "GB82WEST12345698765432", None),
    ("c", None, "GB82WEST12345698765432", None),
    ("d", None, None, None),
)
ABOUT_TWO = '{"left": "a", "right": "b", "same": false}'


def table(columns: tuple[str, ...] = COLUMNS) -> Any:
    return pa.table(
        {
            name: pa.array([row[COLUMNS.index(name)] for row in ROWS], pa.string())
            for name in columns
        }
    )


def lines() -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in table().to_pylist())


def accounts_in(folder: Path, suffix: str = "parquet") -> Path:
    file = folder / f"accounts.{suffix}"
    if suffix == "parquet":
        parquet.write_table(table(), file)
    elif suffix == "csv":
        csv.write_csv(table(), file)
    else:
        file.write_bytes(lines())
    return file


def read(folder: Path, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = parquet.read_table(folder / f"{name}.parquet").to_pylist()
    return rows


def clusters(folder: Path) -> dict[str, str]:
    return {row["account_id"]: row["cluster_id"] for row in read(folder, "clusters")}


def pairs(folder: Path) -> list[tuple[str, str, str]]:
    return [(row["left"], row["right"], row["band"]) for row in read(folder, "pairs")]


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl"])
def test_every_kind_of_table_gives_the_same_pairs_and_clusters(
    cli: Cli, tmp_path: Path, suffix: str
) -> None:
    out = tmp_path / "new" / "out"
    said = cli("relate", accounts_in(tmp_path, suffix), "--out", out)

    assert (said.code, said.out) == (0, "")
    assert (
        said.err
        == f"4 accounts, 3 pairs, 2 clusters: {out}/pairs.parquet, {out}/clusters.parquet\n"
    )
    assert pairs(out) == [("a", "b", "review"), ("a", "c", "review"), ("b", "c", "review")]
    assert clusters(out) == {"a": "a", "b": "a", "c": "a", "d": "d"}


def test_json_lines_come_from_standard_input(cli: Cli, tmp_path: Path) -> None:
    said = cli("relate", "-", "--out", tmp_path, stdin=lines())

    assert (said.code, len(pairs(tmp_path))) == (0, 3)


def test_it_is_a_command_of_the_process_too(tmp_path: Path) -> None:
    said = command("relate", "-", "--out", tmp_path / "out", stdin=lines())

    assert (said.code, said.out, clusters(tmp_path / "out")["c"]) == (0, "", "a")


def test_the_tables_have_the_columns_that_are_promised(cli: Cli, tmp_path: Path) -> None:
    cli("relate", accounts_in(tmp_path), "--out", tmp_path)
    schemas = [parquet.read_schema(tmp_path / f"{n}.parquet").names for n in ("pairs", "clusters")]

    assert schemas == [
        ["left", "right", "score", "band", "relation", "evidence", "approval"],
        ["account_id", "cluster_id"],
    ]
    assert not (tmp_path / "merges.parquet").exists()


def test_every_pair_is_written_with_reasons_that_add_up_and_repeat_no_value(
    cli: Cli, tmp_path: Path
) -> None:
    cli("relate", accounts_in(tmp_path), "--out", tmp_path)
    found = read(tmp_path, "pairs")

    assert [sum(line["points"] for line in pair["evidence"]) for pair in found] == [
        pair["score"] for pair in found
    ]
    assert not any(value and value in str(found) for row in ROWS for value in row[1:])


def test_columns_that_are_not_read_are_told(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("account_id,shoe size,email,\x1b[31m\nm-1,44,x,y\n")

    said = cli("relate", file, "--out", tmp_path)

    assert said.code == 0
    assert said.err.splitlines()[0] == "not read, as no column of accounts: shoe size, ·[31m"


def test_a_table_without_accounts_gives_tables_without_rows(cli: Cli, tmp_path: Path) -> None:
    parquet.write_table(table().slice(0, 0), tmp_path / "a.parquet")

    said = cli("relate", tmp_path / "a.parquet", "--out", tmp_path)

    assert (said.code, pairs(tmp_path), clusters(tmp_path)) == (0, [], {})
    assert said.err.startswith("0 accounts, 0 pairs, 0 clusters: ")


def test_what_people_reviewed_holds(cli: Cli, tmp_path: Path) -> None:
    told = written(
        tmp_path / "reviewed.jsonl",
        ABOUT_TWO.encode(),
        b"",
        b'{"left": "d", "right": "a", "same": true, "by": "ana"}',
        b'{"left": "d", "right": "x", "same": true}',
    )
    said = cli("relate", accounts_in(tmp_path), "--out", tmp_path, "--reviewed", told)

    assert said.code == 0
    assert clusters(tmp_path) == {"a": "a", "b": "b", "c": "b", "d": "a"}
    assert pairs(tmp_path) == [("a", "d", "act"), ("b", "c", "review")]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("x", "the line is no JSON"),
        (ABOUT_TWO[:-1], "the line is no JSON"),
        (f'["{MAIL}"]', "a reviewed pair needs `left`, `right` and `same`"),
        ('{"left": "a", "right": "b"}', "a reviewed pair needs"),
        ('{"left": 1, "right": 2, "same": true}', "a reviewed pair needs"),
        ('{"left": "a", "right": "a", "same": true}', "a reviewed pair needs"),
        (f'{{"left": "a", "right": "b", "same": "{NAME}"}}', "a reviewed pair needs"),
        ('{"left": "a", "right": "b", "same": 1}', "a reviewed pair needs"),
        ("\udcff", "the line is no JSON"),
    ],
)
def test_a_bad_reviewed_line_is_refused_and_nothing_is_written(
    cli: Cli, tmp_path: Path, line: str, says: str
) -> None:
    bad = line.encode(errors="surrogateescape")
    file = written(tmp_path / "reviewed.jsonl", ABOUT_TWO.encode(), bad)
    said = cli("relate", accounts_in(tmp_path), "--out", tmp_path / "out", "--reviewed", file)

    assert (said.code, said.out) == (3, "")
    assert said.err.startswith(f"error: {file}:2: {says}")
    assert not any(sentinel in said.err for sentinel in SENTINELS)
    assert not (tmp_path / "out").exists()


def granted(name: str, scope: pe.ApprovalScope, *subjects: str) -> pe.ApprovalGranted:
    return pe.ApprovalGranted(
        id=name, at=START, approval_id=name, scope=scope, subjects=subjects, signer="Ana",
        role="officer", from_=START,
    )  # fmt: skip


def test_what_is_approved_is_in_no_band_and_approved_things_do_not_link(
    cli: Cli, tmp_path: Path
) -> None:
    facts = written(
        tmp_path / "approvals.jsonl",
        granted("ap-1", pe.ApprovalScope.ACCOUNTS, "a", "b"),
        granted("ap-2", pe.ApprovalScope.INFRASTRUCTURE, "bank:GB82WEST12345698765432"),
    )
    at = ("--approvals", facts, "--now", NOW)
    said = cli("relate", accounts_in(tmp_path), "--out", tmp_path, *at)

    assert said.code == 0
    assert pairs(tmp_path) == [("a", "b", "none")]
    assert read(tmp_path, "pairs")[0]["approval"] == "ap-1"


def test_approvals_count_from_their_instant_on(cli: Cli, tmp_path: Path) -> None:
    facts = written(tmp_path / "f.jsonl", granted("ap-1", pe.ApprovalScope.ACCOUNTS, "a", "b"))
    at = ("--approvals", facts, "--now", "2019-10-05T07:59:59Z")
    cli("relate", accounts_in(tmp_path), "--out", tmp_path, *at)

    assert pairs(tmp_path)[0] == ("a", "b", "review")


def test_clusters_keep_the_names_of_an_earlier_run(cli: Cli, tmp_path: Path) -> None:
    parquet.write_table(table().slice(1, 2), tmp_path / "earlier.parquet")
    cli("relate", tmp_path / "earlier.parquet", "--out", tmp_path / "one")
    parquet.write_table(
        pa.table({"account_id": ["a", "b", "c"], "cluster_id": ["a", "b", "b"]}),
        tmp_path / "before.parquet",
    )
    for before in (tmp_path / "one" / "clusters.parquet", tmp_path / "before.parquet"):
        cli("relate", accounts_in(tmp_path), "--out", tmp_path, "--previous", before)

        assert clusters(tmp_path) == {"a": "b", "b": "b", "c": "b", "d": "d"}

    assert read(tmp_path, "merges") == [{"from_cluster": "a", "to_cluster": "b"}]


def test_the_points_are_those_of_the_house_rules(cli: Cli, tmp_path: Path) -> None:
    house = (files("policyenforce.policy") / "house.toml").read_text(encoding="utf-8")
    before, _, after = house.partition("[accounts]\n")
    rules = tmp_path / "strict.toml"
    rules.write_text(f"{before}[accounts]\n{sub('review = [0-9]+', 'review = 72', after, count=1)}")
    said = cli("relate", accounts_in(tmp_path), "--out", tmp_path, "--policy", rules)

    assert (said.code, pairs(tmp_path)) == (0, [("a", "b", "review")])


BAD: dict[str, tuple[tuple[str, ...], str]] = {
    "no such table": (("missing.csv",), "missing.csv: there is no such file"),
    "another kind of file": (("accounts.xlsx",), "`.xlsx` is no kind of table"),
    "a broken table": (("broken.csv",), "broken.csv, row 1: the table cannot be read as csv"),
    "no earlier clusters": (
        ("accounts.parquet", "--previous", "missing.parquet"),
        "missing.parquet: there is no such file",
    ),
    "earlier clusters without names": (
        ("accounts.parquet", "--previous", "accounts.parquet"),
        "there is no column `cluster_id`",
    ),
    "no reviewed pairs": (
        ("accounts.parquet", "--reviewed", "missing.jsonl"),
        "missing.jsonl: no such file",
    ),
    "a folder of reviewed pairs": (("accounts.parquet", "--reviewed", "."), ".: is a directory"),
    "no approvals": (
        ("accounts.parquet", "--approvals", "missing.jsonl"),
        "missing.jsonl: cannot read the file",
    ),
    "approvals that are no facts": (
        ("accounts.parquet", "--approvals", "broken.csv"),
        "broken.csv:1: not JSON",
    ),
    "no house rules": (("accounts.parquet", "--policy", "missing.toml"), "missing.toml: cannot"),
    "no time": (
        ("accounts.parquet", "--approvals", "none.jsonl", "--now", "soon"),
        "`soon` is no time",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_whatever_is_wrong_is_one_line_and_nothing_is_written(
    cli: Cli, tmp_path: Path, case: str
) -> None:
    accounts_in(tmp_path)
    (tmp_path / "broken.csv").write_text(f"account_id,email\n{MAIL}\n")
    (tmp_path / "none.jsonl").touch()
    before = sorted(tmp_path.iterdir())
    arguments, says = BAD[case]
    said = cli("relate", *arguments, "--out", "out")

    assert (said.code, said.out) == (3, "")
    assert said.err.startswith("error: ") and says in said.err
    assert len(said.err.splitlines()) == 1 and MAIL not in said.err
    assert sorted(tmp_path.iterdir()) == before


def test_what_stood_there_stays_when_something_is_wrong(cli: Cli, tmp_path: Path) -> None:
    cli("relate", accounts_in(tmp_path), "--out", tmp_path / "out")
    before = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    (tmp_path / "bad.jsonl").write_bytes(lines() + f'{{"account_id": "{NAME}'.encode())

    assert cli("relate", tmp_path / "bad.jsonl", "--out", tmp_path / "out").code == 3
    assert {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()} == before


def test_a_file_is_no_folder_to_write_to(cli: Cli, tmp_path: Path) -> None:
    file = accounts_in(tmp_path)
    content = file.read_bytes()
    said = cli("relate", file, "--out", file)

    assert (said.code, said.err.startswith(f"error: {file}: file exists")) == (3, True)
    assert file.read_bytes() == content


def test_it_needs_a_folder_to_write_to(cli: Cli, tmp_path: Path) -> None:
    said = cli("relate", accounts_in(tmp_path))

    assert (said.code, "--out" in said.err) == (2, True)


def test_a_closed_standard_input_is_one_line(tmp_path: Path) -> None:
    closed = ("bash", "-c", 'exec "$@" <&-', "bash")
    done = subprocess.run(
        [*closed, sys.executable, "-c", "from policyenforce.cli.main import main; main()",
         "relate", "-", "--out", tmp_path / "out"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (
        3,
        "error: standard input: cannot read: it is closed\n",
    )


WITHOUT = """
import sys

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {library!r}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Finder())
from policyenforce.cli.main import main
main()
"""


@pytest.mark.parametrize("library", ["pyarrow", "numpy", "scipy"])
def test_without_the_libraries_of_tables_the_extra_is_named(tmp_path: Path, library: str) -> None:
    code = WITHOUT.format(library=library)
    done = subprocess.run(
        [sys.executable, "-c", code, "relate", accounts_in(tmp_path), "--out", tmp_path / "out"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (
        3,
        "error: tables need the extra `bulk` (hint: pip install 'policyenforce[bulk]')\n",
    )
