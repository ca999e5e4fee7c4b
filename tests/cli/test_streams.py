"""Standard streams that are closed, full, or left by whoever read them."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from policyenforce.cli import main, streams
from tests.cli.conftest import COMMAND, NOW, ORDINARY, Cli, command, digest, reported, written


def test_streams_that_are_closed_from_the_start_harm_nothing(tmp_path: Path, store: str) -> None:
    file = written(tmp_path / "facts.jsonl", *ORDINARY, reported("c-5", "5.6(f)", 5))
    head = digest(store)
    shell = '"$@" <&- >&- 2>&-; echo "exit $?"'
    done = subprocess.run(
        ["bash", "-c", shell, "bash", *COMMAND, "enforce", file, "--store", store, "--now", NOW],
        capture_output=True, text=True,
    )  # fmt: skip

    assert done.stdout == "exit 1\n"
    assert digest(store) != head
    assert command("ledger", "verify", "--store", store).code == 0


def test_standard_input_that_is_closed_is_told(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdin", None)
        code = main.run(["screen", "-"])

    assert code == 3
    assert sys.stdin is not None


def test_a_closed_stream_is_put_nowhere_and_its_number_stays_taken() -> None:
    for number in (low_and_high := os.pipe()):
        os.close(number)
    with streams.nowhere(max(low_and_high)) as stream:
        print("lost", file=stream, flush=True)

        assert stream.fileno() == max(low_and_high)
        assert os.path.samestat(os.fstat(stream.fileno()), os.stat(os.devnull))


def test_the_lowest_free_number_is_taken_as_it_is() -> None:
    free = os.open(os.devnull, os.O_RDWR)
    os.close(free)

    with streams.nowhere(free) as stream:
        assert stream.fileno() == free


def test_closed_and_open_streams_are_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(streams, "nowhere", lambda number: f"nowhere, as {number}")
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdout", narrow)
        patch.setattr("sys.stderr", None)
        streams.settle()
        settled = sys.stderr

    assert (narrow.encoding, narrow.errors) == ("utf-8", "backslashreplace")
    assert settled == "nowhere, as 2"  # type: ignore[comparison-overlap]  # it is put in its place


def test_a_remark_that_nobody_reads_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8") as broken, monkeypatch.context() as patch:
        patch.setattr("sys.stderr", broken)
        streams.say("unheard")

        assert os.path.samestat(os.fstat(writing), os.stat(os.devnull))


@pytest.mark.parametrize(
    ("call", "code"),
    [("enforce missing --store sqlite:///new.db", 3), ("enforce", 2), ("--help", 0)],
)
def test_the_exit_code_is_the_same_whether_anybody_reads_or_not(call: str, code: int) -> None:
    for where in ("2>&1 | true", "2>/dev/full"):
        shell = f'"$@" {where}; exit ${{PIPESTATUS[0]}}'
        done = subprocess.run(["bash", "-c", shell, "bash", *COMMAND, *call.split()])

        assert done.returncode == code


def test_what_is_logged_to_nobody_stops_nothing(tmp_path: Path, store: str) -> None:
    facts = [reported(f"c-{i}", "5.6(f)", 5 + i / 100, account_id=f"a-{i}") for i in range(300)]
    file = written(tmp_path / "facts.jsonl", *facts)
    shell = '"$@" 2>&1 | head -1; exit ${PIPESTATUS[0]}'
    call = ["bash", "-c", shell, "bash", *COMMAND, "-v", "enforce", file, "--store", store]
    done = subprocess.run([*call, "--now", NOW], capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (1, "")
    assert "event=decided" in done.stdout
    assert command("standing", "a-299", "--store", store).code == 0
