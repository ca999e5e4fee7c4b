"""The command as a process: interrupted, cut off, closed, on a terminal, in colour or not."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import tempfile
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from policyenforce.cli import main
from tests.cli.conftest import (
    COMMAND,
    NOW,
    Cli,
    command,
    reported,
    written,
)

ESCAPE = "\x1b["


def on_terminal(
    *arguments: object, terminal: tuple[str, ...] = ("stdout", "stderr"), **env: str
) -> tuple[int, str, str]:
    """Exit code, what the terminal showed, and what was written elsewhere."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 160, 0, 0))
    with tempfile.TemporaryFile() as apart:
        streams = {name: follower if name in terminal else apart for name in ("stdout", "stderr")}
        process = subprocess.Popen(
            [*COMMAND, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "160", **env},
            **streams,
        )
        os.close(follower)
        shown = b"".join(iter(lambda: _read(leader), b""))
        os.close(leader)
        code = process.wait(60)
        apart.seek(0)
        return code, shown.decode(), apart.read().decode()


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 65536)
    except OSError:  # the other end is closed
        return b""


def test_a_terminal_gets_a_table_and_a_pipe_gets_json_lines(store: str) -> None:
    code, shown, _ = on_terminal("decisions", "--store", store)
    piped = command("decisions", "--store", store)

    assert (code, piped.code) == (0, 0)
    assert "decision" in shown and "account" in shown and '{"' not in shown
    assert piped.rows[0]["account"] == "a-1"


@pytest.mark.parametrize(
    "call",
    ["--help", "standing --help", "standing", "nonsense", "terms readings", "terms show 4.1"],
)
def test_no_color_means_no_escape_at_all(call: str) -> None:
    _, shown, _ = on_terminal(*call.split(), NO_COLOR="1", FORCE_COLOR="1")

    assert shown
    assert "\x1b" not in shown


def test_without_no_color_a_table_is_styled_on_a_terminal_only(store: str) -> None:
    _, shown, _ = on_terminal("decisions", "--store", store)

    assert ESCAPE in shown
    assert ESCAPE not in command("decisions", "--store", store, "--format", "table").out


@pytest.mark.parametrize("color", ["1", ""])
def test_progress_goes_to_standard_error_and_data_only_to_standard_output(
    tmp_path: Path, store: str, color: str
) -> None:
    texts = written(tmp_path / "texts.jsonl", *[b'{"id": "1", "text": "Ceramic tea set"}'] * 3000)
    facts = written(tmp_path / "facts.jsonl", *(reported(f"c-{i}", "5.6(f)", 5) for i in range(50)))

    for arguments in (("screen", texts), ("enforce", facts, "--store", store, "--now", NOW)):
        _, shown, out = on_terminal(*arguments, terminal=("stderr",), NO_COLOR=color)

        assert arguments[0].rstrip("e") in shown and '"id"' not in shown and '"fact"' not in shown
        assert all(line.startswith("{") for line in out.splitlines()) and len(out) > 1000
        assert ("\x1b[3" in shown) == (not color)


def test_no_progress_where_standard_error_is_no_terminal(tmp_path: Path) -> None:
    texts = written(tmp_path / "texts.jsonl", *[b'{"id": "1", "text": "Ceramic tea set"}'] * 3000)

    assert command("screen", texts).err == ""


def piped_into_head(*arguments: object) -> tuple[int, bytes, bytes]:
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None and process.stderr is not None
    first = process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    return process.wait(60), first, err


def test_a_closed_pipe_is_silent(tmp_path: Path) -> None:
    texts = written(tmp_path / "texts.jsonl", *[b'{"id": "1", "text": "x"}'] * 20_000)

    code, first, err = piped_into_head("screen", texts)

    assert (code, err) == (0, b"")
    assert first == b'{"id":"1","findings":[]}\n'


def test_a_closed_pipe_does_not_stop_what_is_being_recorded(tmp_path: Path, store: str) -> None:
    facts = [reported(f"c-{i}", "5.6(f)", 5 + i / 100, account_id=f"a-{i}") for i in range(400)]
    file = written(tmp_path / "facts.jsonl", *facts)

    code, first, err = piped_into_head("enforce", file, "--store", store, "--now", NOW)

    assert (code, err) == (1, b"")
    assert first.startswith(b'{"fact":"c-0"')
    assert command("standing", "a-399", "--store", store).code == 0


def test_a_reader_that_is_gone_before_a_row_is_told_stops_nothing(
    cli: Cli, tmp_path: Path, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path / "facts.jsonl", reported("c-5", "5.6(f)", 5))
    gone: list[object] = []

    @contextmanager
    def broken(*_: object) -> Iterator[Callable[[object], None]]:
        def put(_: object) -> None:
            raise BrokenPipeError

        yield put

    monkeypatch.setattr("policyenforce.cli.facts.printing", broken)
    monkeypatch.setattr("policyenforce.cli.facts.discard", gone.append)

    said = cli("enforce", file, "--store", store, "--now", NOW)

    assert (said.code, said.err, len(gone)) == (1, "", 1)


def test_texts_of_any_script_pass_whatever_the_locale(tmp_path: Path) -> None:
    texts = written(tmp_path / "texts.jsonl", '{"id": "茶", "text": "Чай"}'.encode())

    said = command("screen", texts, env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii"})

    assert said.code == 0
    assert said.rows[0]["id"] == "茶"


def test_an_internal_error_tells_where_and_not_what(
    cli: Cli, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("ana@secret.example")

    monkeypatch.setattr("policyenforce.enforcer.enforcer.Enforcer.standing", fails)

    said = cli("standing", "a-1", "--store", store)

    assert said.code == 3
    assert said.err.startswith("error: internal error, RuntimeError in test_process.py:")
    assert "secret" not in said.err


def test_a_broken_pipe_found_out_at_the_end_keeps_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bad = written(tmp_path / "texts.jsonl", b'{"id": "1", "text": "AAA quality handbags"}')
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8") as broken, monkeypatch.context() as patch:
        patch.setattr("sys.stdout", broken)

        assert main.run(["screen", str(bad)]) == 1


def test_what_has_no_traceback_has_no_place() -> None:
    assert main._where(ValueError("x")) == "an unknown place"
