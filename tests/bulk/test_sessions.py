"""A table of events in, one row an account out, whatever the order of the rows."""

from __future__ import annotations

import gc
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

from policyenforce.bulk import read_events, sessions, write_table  # noqa: E402 - it needs Arrow
from policyenforce.errors import InputError  # noqa: E402 - as above
from policyenforce.testing.sign_ins import sign_ins  # noqa: E402 - as above
from tests.bulk.session_rows import START, rows, table  # noqa: E402 - as above


def simulated(accounts: int = 60) -> list[dict[str, Any]]:
    return [dict(row) for told, _, _ in sign_ins(7, accounts) for row in told]


def by_account(found: Any) -> dict[str, dict[str, Any]]:
    return {row["account_id"]: row for row in found.scores.to_pylist()}


def test_the_order_of_the_rows_plays_no_part() -> None:
    told = simulated()

    assert sessions(table(told)).scores == sessions(table(told[::-1])).scores


def test_a_row_that_comes_twice_changes_no_score() -> None:
    told = simulated()

    assert sessions(table(told * 2)).scores == sessions(table(told)).scores


def test_the_collector_is_left_as_it_was() -> None:
    sessions(table(simulated(3)))
    on = gc.isenabled()
    gc.disable()
    try:
        sessions(table(simulated(3)))
        off = gc.isenabled()
    finally:
        gc.enable()

    assert (on, off) == (True, False)


def test_every_account_has_one_row_with_scores_between_0_and_1() -> None:
    told = simulated()
    found = by_account(sessions(table(told)))

    assert set(found) == {row["account_id"] for row in told}
    for row in found.values():
        scores = [row[name] for name in ("outside", "inside", "takeover", "transferred")]
        assert all(0 <= score <= 1 for score in scores)
        assert bool(row["evidence"]) is (row["verdict"] != "none")


def test_events_ahead_of_the_time_are_put_aside_and_counted() -> None:
    told = rows(1, 20)
    now = max(row["at"] for row in told)
    ahead = {**told[0], "at": now + timedelta(days=400)}
    found = sessions(table([*told, ahead]), now=now)

    assert found.counts["events ahead of the time"] == 1
    assert found.scores == sessions(table(told)).scores


def test_a_log_that_is_ahead_as_a_whole_has_its_own_time() -> None:
    found = sessions(table(rows(1, 20)), now=START - timedelta(days=400))

    assert found.counts["events ahead of the time"] == 0


def test_an_empty_table_has_no_accounts() -> None:
    assert len(sessions(table([])).scores) == 0


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl"])
def test_each_kind_of_file_says_the_same(tmp_path: Path, suffix: str) -> None:
    told = table(rows(2, 60))
    file = tmp_path / f"events.{suffix}"
    if suffix == "parquet":
        parquet.write_table(told, file)
    else:
        texts = told["at"].cast(pa.timestamp("us")).cast(pa.string())
        zoned = pa.array([f"{text}Z" for text in texts.to_pylist()])
        write_table(file, told.set_column(1, "at", zoned))
    read, unread = read_events(file)

    assert unread == ()
    assert sessions(read).scores == sessions(told).scores


def test_an_instant_without_a_zone_is_taken_to_be_in_utc() -> None:
    told = table(rows(2, 5))
    bare = told.set_column(1, "at", told["at"].cast(pa.timestamp("us")))

    assert sessions(bare).scores == sessions(told).scores


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown event": ({"event": "signed_in"}, "unknown `event`"),
    "no event": ({"event": None}, "unknown `event`"),
    "an unknown network": ({"network": "wifi"}, "unknown `network`"),
    "no account": ({"account_id": None}, "no `account_id`"),
    "a blank account": ({"account_id": "  "}, "no `account_id`"),
    "no instant": ({"at": None}, "no `at`"),
    "a latitude beyond the pole": ({"latitude": 90.5}, "`latitude` is outside"),
    "a longitude beyond the date line": ({"longitude": -181.0}, "`longitude` is outside"),
    "a duration below 0": ({"duration_s": -1.0}, "`duration_s` is below 0"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_row_is_named_and_nothing_of_it_is_shown(case: str) -> None:
    flaw, said = BAD[case]
    told = rows(4, 6)
    told[3] |= flaw
    with pytest.raises(InputError) as refused:
        sessions(table(told))

    assert said in str(refused.value)
    assert "row 4" in str(refused.value)


@pytest.mark.parametrize("column", ["account_id", "at", "event"])
def test_a_column_that_is_needed_is_asked_for(column: str) -> None:
    with pytest.raises(InputError, match=f"there is no column `{column}`"):
        sessions(table(rows(4, 6)).drop_columns(column))


@pytest.mark.parametrize("text", ["yesterday", "2024-13-40T00:00:00Z", "1709510400"])
def test_what_is_no_instant_is_refused(text: str) -> None:
    told = table(rows(4, 1))
    with pytest.raises(InputError, match="`at`"):
        sessions(told.set_column(1, "at", pa.array([text])))


def test_numbers_that_are_text_are_refused() -> None:
    told = table(rows(4, 1))
    with pytest.raises(InputError, match="the column `latitude` holds string"):
        sessions(told.set_column(6, "latitude", pa.array(["51.5"])))


def test_columns_that_are_not_there_are_unknown() -> None:
    told = table(rows(4, 40)).select(["account_id", "at", "event"])

    assert set(sessions(told).scores["verdict"].to_pylist()) == {"none"}


def test_a_country_that_nobody_told_is_looked_up_by_the_address() -> None:
    told = simulated()
    known = {row["ip"]: row["country"] for row in told if row.get("ip") and row.get("country")}
    placed = [{**row, "country": known.get(row.get("ip"))} for row in told]
    half = [row if place % 2 else {**row, "country": None} for place, row in enumerate(placed)]
    bare = [{**row, "country": ""} for row in told]
    asked: list[str] = []

    def country_of(address: str) -> str | None:
        asked.append(address)
        return known.get(address)

    found = sessions(table(half), country_of=country_of)

    assert found.scores == sessions(table(placed)).scores != sessions(table(bare)).scores
    assert sessions(table(bare), country_of=known.get).scores == found.scores
    assert 0 < len(asked) == len(set(asked))


def test_a_country_that_was_told_is_not_looked_up() -> None:
    told = [{**row, "country": "PT"} for row in simulated(20)]

    assert sessions(table(told), country_of={}.__getitem__).scores == sessions(table(told)).scores


def test_a_log_without_addresses_is_in_no_country() -> None:
    told = [{**row, "ip": None, "country": None} for row in simulated(20)]

    assert sessions(table(told), country_of={}.__getitem__).scores == sessions(table(told)).scores
