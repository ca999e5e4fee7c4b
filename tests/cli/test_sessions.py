"""``sessions``: events in, scores out, or one line that says what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.checks.account_sharing.mmdb import database
from tests.cli.conftest import Cli

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

SECRET = "device-of-sentinel"


def event(**told: Any) -> dict[str, Any]:
    seen = {"account_id": "a-1", "at": "2024-03-04T09:00:00Z", "event": "activity"}
    return {**seen, "device_id": SECRET, "ip": "203.0.113.7", **told}


def shared() -> list[dict[str, Any]]:
    """An account that two people use, each at home in a city of their own."""
    return [
        event(
            at=f"2024-03-{day:02}T09:00:00Z",
            device_id=device,
            ip=ip,
            network="fixed",
            latitude=north,
            longitude=east,
            country=country,
            duration_s=60,
        )
        for day in range(1, 30)
        for device, ip, north, east, country in (
            (SECRET, "203.0.113.7", 51.5, -0.1, "GB"),
            ("b", "198.51.100.9", 38.7, -9.1, "PT"),
            ("c", "198.51.100.9", 38.7, -9.1, "PT"),
        )
    ]


def lines(told: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in told)


def test_scores_go_to_standard_output_as_the_lines_a_file_would_hold(
    cli: Cli, tmp_path: Path
) -> None:
    events = tmp_path / "events.jsonl"
    events.write_bytes(lines([*shared(), event(account_id="a-2")]))
    kept = cli("sessions", str(events), "--out", str(tmp_path / "scores.jsonl"))
    piped = cli("sessions", str(events), "--out", "-")

    assert (kept.code, piped.code) == (0, 0)
    assert piped.out == (tmp_path / "scores.jsonl").read_text()
    assert piped.err.endswith("standard output\n")


@pytest.mark.parametrize("suffix", ["parquet", "jsonl", "csv"])
def test_a_shared_account_is_told_with_its_reasons(cli: Cli, tmp_path: Path, suffix: str) -> None:
    events, out = tmp_path / "events.jsonl", tmp_path / f"scores.{suffix}"
    events.write_bytes(lines([*shared(), event(account_id="a-2")]))
    done = cli("sessions", str(events), "--out", str(out))

    assert (done.code, done.out) == (0, "")
    assert SECRET not in done.err
    if suffix == "parquet":
        first, second = parquet.read_table(out).to_pylist()
    elif suffix == "jsonl":
        first, second = map(json.loads, out.read_text().splitlines())
    else:
        _, text, _ = out.read_text().splitlines()
        assert '"a-1"' in text
        assert "outside" in text
        return
    assert (first["account_id"], first["verdict"], second["verdict"]) == ("a-1", "outside", "none")
    assert first["outside"] > 0.5 > second["outside"]
    assert {"kind", "points", "sentence"} == set(first["evidence"][0])


def test_standard_input_is_read_as_json_lines(cli: Cli, tmp_path: Path) -> None:
    done = cli("sessions", "-", "--out", str(tmp_path / "s.parquet"), stdin=lines([event()]))

    assert done.code == 0
    assert "1 events, 1 accounts" in done.err


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"event": "login"}, "row 1: unknown `event`"),
        ({"at": "2024-03-04"}, "row 1: `at` is no instant"),
        ({"latitude": 91}, "row 1: `latitude` is outside"),
    ],
)
def test_a_bad_event_is_one_line_and_leaves_nothing(
    cli: Cli, tmp_path: Path, told: dict[str, Any], said: str
) -> None:
    out = tmp_path / "s.parquet"
    done = cli("sessions", "-", "--out", str(out), stdin=lines([event(**told)]))

    assert done.code == 3
    assert said in done.err
    assert SECRET not in done.err
    assert not out.exists()


def test_an_output_without_a_kind_is_refused_before_anything_is_read(
    cli: Cli, tmp_path: Path
) -> None:
    done = cli("sessions", str(tmp_path / "none.csv"), "--out", str(tmp_path / "scores"))

    assert done.code == 3
    assert "name the file .parquet, .csv or .jsonl" in done.err


def test_columns_that_are_not_read_are_named(cli: Cli, tmp_path: Path) -> None:
    done = cli("sessions", "-", "--out", str(tmp_path / "s.csv"), stdin=lines([event(agent="x")]))

    assert "not read, as no column of events: agent" in done.err


def abroad() -> bytes:
    """An account that three people use in three countries; only the addresses tell which."""
    return lines(
        [
            event(at=f"2024-03-{day:02}T09:00:00Z", device_id=device, ip=ip, network="fixed")
            for day in range(1, 30)
            for device, ip in (("a", "81.2.69.1"), ("b", "85.240.1.1"), ("c", "85.240.1.1"))
        ]
    )


def evidence(out: Path) -> set[str]:
    (account,) = map(json.loads, out.read_text().splitlines())
    return {line["kind"] for line in account["evidence"] if line["kind"].startswith("abroad")}


def test_countries_are_looked_up_where_that_is_asked_for(cli: Cli, tmp_path: Path) -> None:
    own, out = tmp_path / "own.mmdb", tmp_path / "s.jsonl"
    own.write_bytes(database({"81.0.0.0/8": {"country": "GB"}, "85.0.0.0/8": {"country": "PT"}}))
    found = []
    for more in ((), ("--geo", "iptocc"), ("--geo", str(own))):
        assert cli("sessions", "-", "--out", str(out), *more, stdin=abroad()).code == 0
        found.append(evidence(out))

    assert found[0] == set()
    assert found[1] == found[2] >= {"abroad_days", "abroad_turns"}


def test_a_database_that_is_none_is_refused_before_anything_is_read(
    cli: Cli, tmp_path: Path
) -> None:
    out = tmp_path / "s.jsonl"
    done = cli("sessions", "none.jsonl", "--out", str(out), "--geo", str(tmp_path / "no.mmdb"))

    assert (done.code, out.exists()) == (3, False)
    assert "no.mmdb: no such file" in done.err
