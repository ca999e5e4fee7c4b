"""Ctrl-C, a termination, a second Ctrl-C: one line, an exit code, and the ledger can go on.

Nothing here waits for a time. What is signalled either stands still (its output has nowhere to
go, its input does not end) or sends the signal to itself at a known step.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from policyenforce.cli import main
from tests.cli.conftest import (
    COMMAND,
    NOW,
    SENTINELS,
    Cli,
    command,
    day,
    digest,
    reported,
    written,
)

PATIENCE = 300  # seconds; only a hang takes as long
COUNT = 1000  # facts; what comes of them fills a pipe many times over
LISTEN = (  # to both signals, whatever they are to whoever runs the tests
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "signal.signal(signal.SIGTERM, signal.SIG_DFL)\n"
)
WORDS = [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]


@contextmanager
def started(*arguments: object) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-c", LISTEN + COMMAND[2], *map(str, arguments)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        bufsize=0, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()  # does nothing to one that has ended


def first_line(process: subprocess.Popen[bytes]) -> bytes:
    """What it prints first; then nobody reads, so that it cannot come to its end."""
    assert process.stdout is not None

    return process.stdout.readline()


@pytest.fixture
def many(tmp_path: Path) -> Path:
    facts = [
        reported(f"c-{i:04}", "5.6(f)", 5 + i / 1000, account_id=f"a-{i % 50}")
        for i in range(COUNT)
    ]
    return written(tmp_path / "facts.jsonl", *facts)


@pytest.fixture
def other(ledger: Path, tmp_path: Path) -> str:
    """The same ledger once more, with the same keys."""
    for suffix in ("", ".keys"):
        shutil.copy(f"{ledger}{suffix}", f"{tmp_path}/other.db{suffix}")
    return f"sqlite:///{tmp_path}/other.db"


@pytest.mark.parametrize(("number", "code", "word"), WORDS)
def test_what_was_committed_stays_and_the_same_command_carries_on_to_the_same_end(
    many: Path, store: str, other: str, number: int, code: int, word: str
) -> None:
    before = digest(store)
    whole = command("enforce", many, "--store", other, "--now", NOW)

    with started("enforce", many, "--store", store, "--now", NOW) as process:
        first = first_line(process)
        os.killpg(process.pid, number)
        rest, err = process.communicate(timeout=PATIENCE)

    so_far = rf"{word}; stopped after (\d+) of {COUNT} outcomes; the same command carries on there"
    said = re.fullmatch(so_far, err.decode().strip())
    assert process.returncode == code
    assert said is not None and 0 < int(said[1]) < COUNT
    assert whole.out.encode().startswith(first + rest)  # the last line may be cut
    assert digest(store) not in (before, digest(other))
    assert command("ledger", "verify", "--store", store).code == 0

    again = command("enforce", many, "--store", store, "--now", NOW)

    assert (again.code, again.rows) == (whole.code, whole.rows)
    assert digest(store) == digest(other)


def test_whoever_presses_ctrl_c_again_need_not_wait_for_a_reader(many: Path, store: str) -> None:
    with started("enforce", many, "--store", store, "--now", NOW) as process:
        first_line(process)
        for _ in range(10 * PATIENCE):
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
                break
        _, err = process.communicate(timeout=PATIENCE)

    assert process.returncode == 130
    assert err.startswith(b"interrupted; stopped after ") and err.count(b"\n") == 1
    assert command("ledger", "verify", "--store", store).code == 0


@pytest.mark.parametrize(("number", "code", "word"), WORDS)
def test_before_the_input_has_ended_nothing_is_made(
    tmp_path: Path, many: Path, number: int, code: int, word: str
) -> None:
    with started("enforce", "-", "--store", f"sqlite:///{tmp_path}/new.db") as process:
        assert process.stdin is not None
        for line in many.read_bytes().splitlines(keepends=True):  # in all more than a pipe holds,
            process.stdin.write(line)  # so that by its end it is being read
        process.send_signal(number)
        process.wait(PATIENCE)
        out, err = process.communicate(timeout=PATIENCE)

    assert (process.returncode, out) == (code, b"")
    assert err.decode() == f"{word}; what was not committed is as it was\n"
    assert list(tmp_path.iterdir()) == [many]


AT_IMPORT = """
import signal, sys

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            signal.raise_signal(signal.SIGINT)

from policyenforce.cli.main import main
sys.meta_path.insert(0, Finder())
main()
"""


@pytest.mark.parametrize(
    "module",
    ["policyenforce.cli.app", "typer", "orjson", "sqlalchemy", "policyenforce.policy.load"],
)
def test_an_interruption_while_it_is_still_importing_is_clean(tmp_path: Path, module: str) -> None:
    code = LISTEN + AT_IMPORT.format(module=module)
    done = subprocess.run(
        [sys.executable, "-c", code, "demo", tmp_path / "shop"],
        capture_output=True,
    )

    assert (done.returncode, done.stdout) == (130, b"")
    assert done.stderr == b"interrupted; what was not committed is as it was\n"
    assert not (tmp_path / "shop" / "ledger.db").exists()


# The salts and keys of two ledgers differ, and so do their digests, unless chance is taken out.
DEMO = """
import secrets, signal
secrets.token_bytes = bytes
from policyenforce.enforcer.enforcer import Enforcer
from policyenforce.cli import demo
from policyenforce.cli.main import main
small, record_many = demo.marketplace, Enforcer.record_many

def interrupted(*arguments, **more):
    for number, outcome in enumerate(record_many(*arguments, **more)):
        if number == {after}:
            signal.raise_signal(signal.SIGINT)
        yield outcome

demo.marketplace = lambda seed: small(seed, 5)
Enforcer.record_many = interrupted
main()
"""


def demonstrated(folder: Path, after: int = -1) -> subprocess.CompletedProcess[str]:
    code = LISTEN + DEMO.format(after=after)
    return subprocess.run(
        [sys.executable, "-c", code, "demo", folder],
        capture_output=True, text=True,
    )  # fmt: skip


def story(text: str) -> list[str]:
    """What was told, but for the seconds it took and where it is kept."""
    lines = re.sub(r"in \d+\.\d s", "in no time", text).splitlines()
    return [line for line in lines if not line.startswith(("Facts:", "Ledger:"))]


def test_a_demo_that_was_interrupted_carries_on_to_the_same_end(tmp_path: Path) -> None:
    whole = demonstrated(tmp_path / "whole")
    cut = demonstrated(tmp_path / "cut", after=250)
    stores = [f"sqlite:///{tmp_path}/{name}/ledger.db" for name in ("whole", "cut")]
    halfway = [digest(store) for store in stores]
    again = demonstrated(tmp_path / "cut")

    assert (whole.returncode, cut.returncode, again.returncode) == (0, 130, 0)
    assert (cut.stdout, cut.stderr) == ("", "interrupted; what was not committed is as it was\n")
    assert halfway[0] != halfway[1]
    assert story(again.stdout) == story(whole.stdout)
    assert [digest(store) for store in stores] == [halfway[0]] * 2


def test_an_interruption_anywhere_is_exit_code_130(
    cli: Cli, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("policyenforce.enforcer.enforcer.Enforcer.standing", interrupted)

    said = cli("standing", "a-1", "--store", store, "--at", day(1).isoformat())

    assert (said.code, said.out) == (130, "")
    assert said.err == "interrupted; what was not committed is as it was\n"


def test_an_interruption_in_the_middle_says_how_far_it_came(
    cli: Cli, many: Path, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(*_: object) -> None:
        main._stop(signal.SIGTERM, None)

    monkeypatch.setattr("policyenforce.cli.facts._put", told)

    said = cli("enforce", many, "--store", store, "--now", NOW)

    assert (said.code, said.out) == (143, "")
    assert said.err == (
        f"terminated; stopped after 1 of {COUNT} outcomes; the same command carries on there\n"
    )


def test_an_interruption_does_not_wait_for_output_that_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: object) -> int:
        print("a line")
        raise KeyboardInterrupt

    monkeypatch.setattr("policyenforce.cli.app.invoke", interrupted)
    with open("/dev/full", "w", encoding="utf-8") as full, monkeypatch.context() as patch:
        patch.setattr("sys.stdout", full)
        code = main.run([])

    assert code == 130
    assert capsys.readouterr().err == "interrupted; what was not committed is as it was\n"


def test_a_signal_that_was_ignored_from_the_start_stays_ignored(many: Path, store: str) -> None:
    shell = 'trap "" INT; exec "$@"'  # as nohup and a shell's background jobs do
    call = ["bash", "-c", shell, "bash", *COMMAND, "enforce", many, "--store", store, "--now", NOW]
    with subprocess.Popen(
        call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
    ) as process:  # fmt: skip
        first = first_line(process)
        process.send_signal(signal.SIGINT)
        rest, err = process.communicate(timeout=PATIENCE)

    assert (process.returncode, err) == (1, b"")
    assert (first + rest).count(b"\n") == COUNT


def test_no_personal_value_is_told_by_an_interruption(
    cli: Cli, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt from ValueError(SENTINELS[0])

    monkeypatch.setattr("policyenforce.enforcer.enforcer.Enforcer.standing", interrupted)

    said = cli("standing", "a-1", "--store", store)

    assert said.code == 130
    assert SENTINELS[0] not in said.err
