"""Stores that cannot be used: a reason, a hint, exit code 3, and what was there is as it was."""

from __future__ import annotations

import os
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

import policyenforce as pe
from policyenforce.ledger import sqlite as sqlite_ledger
from tests.cli.conftest import (
    BREACHES,
    NOW,
    ORDINARY,
    SENTINELS,
    Cli,
    command,
    day,
    digest,
    opened,
    reported,
    written,
)


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    return written(tmp_path / "facts.jsonl", opened("a-7", "u-7"), reported("c-7", "5.6(f)", 5))


def refused(
    cli: Cli, store: str, *says: str, verb: tuple[object, ...] = ("standing", "a-1")
) -> None:
    said = cli(*verb, "--store", store)

    assert (said.code, said.out) == (3, "")
    assert len(said.err.splitlines()) == 1
    for text in says:
        assert text in said.err


def test_a_file_that_is_no_ledger_is_left_alone(cli: Cli, tmp_path: Path, facts: Path) -> None:
    file = tmp_path / "notes.db"
    file.write_text("Dear diary, " * 100)

    for verb in (("standing", "a-1"), ("enforce", facts), ("ledger", "init"), ("ledger", "verify")):
        refused(cli, f"sqlite:///{file}", "not a ledger", verb=verb)

    assert file.read_text() == "Dear diary, " * 100
    assert sorted(tmp_path.iterdir()) == [facts, file]


@pytest.mark.parametrize(
    "verb", ["standing a-1", "decisions", "due", "ledger verify", "ledger upgrade"]
)
def test_only_some_commands_make_a_ledger(cli: Cli, tmp_path: Path, verb: str) -> None:
    refused(cli, "sqlite:///new.db", "no ledger here", "ledger init", verb=tuple(verb.split()))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "store", ["ledger.db", "mysql://u:secret@host/db", "postgres:secret", "://"]
)
def test_an_unknown_kind_of_store_is_told_without_its_password(
    cli: Cli, facts: Path, store: str
) -> None:
    said = cli("enforce", facts, "--store", store)

    assert said.code == 3
    assert "unknown kind of ledger" in said.err and "sqlite:///" in said.err
    assert "secret" not in said.err


@pytest.mark.parametrize(
    "store", ["sqlite://", "sqlite:///", "sqlite:///x.db?mode=ro", "sqlite:///:memory:"]
)
def test_an_address_that_is_no_file_is_refused(cli: Cli, tmp_path: Path, store: str) -> None:
    refused(cli, store, "error: ")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("verb", ["verify", "checkpoint", "rebuild"])
def test_an_empty_file_is_no_ledger_and_is_named(cli: Cli, tmp_path: Path, verb: str) -> None:
    (tmp_path / "empty.db").touch()

    refused(cli, "sqlite:///empty.db", "empty.db: no ledger here", verb=("ledger", verb))


@pytest.mark.parametrize("store", ["", "memory:ledger"])
def test_a_store_that_keeps_nothing_is_refused(
    cli: Cli, tmp_path: Path, facts: Path, store: str
) -> None:
    for verb in (("enforce", facts), ("due",), ("ledger", "init"), ("ledger", "verify")):
        refused(cli, store, "ledger", "hint: ", "sqlite:///", verb=verb)

    assert list(tmp_path.iterdir()) == [facts]


def test_facts_are_tried_in_memory_and_nothing_else_is(cli: Cli, tmp_path: Path) -> None:
    facts = written(tmp_path / "facts.jsonl", reported("breach-9", "5.6(f)"))

    tried = cli("enforce", facts, "--store", "memory:", "--now", NOW)
    verified = cli("ledger", "verify", "--store", "memory:")

    assert (tried.code, len(tried.out.splitlines())) == (1, 1)
    assert "nothing of it is kept" in tried.err
    assert verified.code == 3 and "would end with the command" in verified.err
    assert [path.name for path in tmp_path.iterdir()] == ["facts.jsonl"]


def test_a_missing_folder_is_named(cli: Cli, facts: Path) -> None:
    refused(cli, "sqlite:///no/such/ledger.db", "no/such", "create it", verb=("enforce", facts))


def test_a_server_that_is_not_there_is_told_without_its_password(
    cli: Cli, tmp_path: Path, facts: Path
) -> None:
    keys = tmp_path / "keys"
    pe.TokenKeys.generate().save(keys)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    store = f"postgresql+psycopg://bob:secret@127.0.0.1:{port}/x"

    said = cli("enforce", facts, "--store", store, "--keys", keys)

    assert said.code == 3
    assert "does not answer" in said.err and "secret" not in said.err
    refused(cli, store, "a shared store needs token keys")


@pytest.mark.parametrize("content", [None, "k1 short\n", "nothing\n"])
def test_token_keys_that_cannot_be_read_are_told_without_a_key(
    cli: Cli, tmp_path: Path, store: str, content: str | None
) -> None:
    keys = tmp_path / "other.keys"
    if content is not None:
        keys.write_text(content)

    said = cli("standing", "a-1", "--store", store, "--keys", keys)

    assert said.code == 3
    assert "other.keys" in said.err and "short" not in said.err


def test_a_ledger_never_gets_other_keys_than_its_own(
    cli: Cli, ledger: Path, store: str, facts: Path
) -> None:
    keys = Path(f"{ledger}.keys")
    keys.unlink()
    head = digest(store)

    for verb in (("enforce", facts), ("standing", "a-1"), ("ledger", "init")):
        refused(cli, store, "token keys of this ledger are missing", verb=verb)

    assert not keys.exists()
    assert digest(store) == head


def test_a_timeout_in_the_address_uses_the_same_keys(cli: Cli, tmp_path: Path, store: str) -> None:
    before = sorted(tmp_path.iterdir())

    assert cli("standing", "a-1", "--store", f"{store}?timeout=30").code == 0
    assert sorted(tmp_path.iterdir()) == before


def test_a_locked_ledger_is_told_after_the_time_to_wait(
    cli: Cli, ledger: Path, store: str, facts: Path
) -> None:
    head = digest(store)
    script = (
        "import sqlite3, sys\n"
        "sqlite3.connect(sys.argv[1], isolation_level=None).execute('BEGIN EXCLUSIVE')\n"
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, ledger], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == b"held\n"

        said = cli("enforce", facts, "--store", f"{store}?timeout=0.2", "--now", NOW)
        reading = cli("standing", "a-1", "--store", f"{store}?timeout=0.2", "--at", NOW)

        other.communicate()

    assert (said.code, said.out) == (3, "")
    assert "another writer holds the ledger" in said.err and "timeout" in said.err
    assert str(ledger) in said.err and len(said.err.splitlines()) == 1
    assert reading.code == 0
    assert digest(store) == head
    assert cli("enforce", facts, "--store", store, "--now", NOW).code == 1


def test_a_ledger_of_a_newer_schema_is_left_alone(
    cli: Cli, ledger: Path, store: str, facts: Path
) -> None:
    with closing(sqlite3.connect(ledger)) as connection, connection:
        connection.execute("UPDATE ledger_meta SET version_num = '9999'")
    content = ledger.read_bytes()

    for verb in (("standing", "a-1"), ("enforce", facts), ("ledger", "init"), ("ledger", "verify"),
                 ("ledger", "upgrade")):  # fmt: skip
        refused(cli, store, "schema `9999`, newer than", "hint: use the policyenforce", verb=verb)

    assert ledger.read_bytes() == content


def pages_of(store: str) -> int:
    with closing(sqlite3.connect(store.removeprefix("sqlite:///"))) as connection:
        return int(connection.execute("PRAGMA page_count").fetchone()[0])


def test_a_full_disk_keeps_what_was_committed_and_says_how_to_go_on(
    cli: Cli, tmp_path: Path, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = [reported(f"c-{i}", "5.6(f)", 5 + i / 100, details=SENTINELS[1]) for i in range(300)]
    file = written(tmp_path / "facts.jsonl", *facts)
    pages = pages_of(store)
    for suffix in ("", ".keys"):
        shutil.copy(f"{tmp_path}/ledger.db{suffix}", f"{tmp_path}/roomy.db{suffix}")
    cli("enforce", file, "--store", "sqlite:///roomy.db", "--now", NOW)
    limit = f"max_page_count={pages + (pages_of('sqlite:///roomy.db') - pages) // 2}"
    with monkeypatch.context() as patch:
        patch.setattr(sqlite_ledger, "PRAGMAS", (*sqlite_ledger.PRAGMAS, limit))
        said = cli("enforce", file, "--store", store, "--now", NOW)

    assert said.code == 3
    assert "the disk is full" in said.err and "hint: " in said.err
    assert 0 < len(said.rows) < 300 and len(said.rows) % 100 == 0
    assert f"stopped after {len(said.rows)} of 300" in said.err
    assert SENTINELS[1] not in said.err
    assert cli("ledger", "verify", "--store", store).code == 0
    assert len(cli("enforce", file, "--store", store, "--now", NOW).rows) == 300


def test_a_disk_that_refuses_leaves_the_ledger_as_it_was(tmp_path: Path, store: str) -> None:
    file = written(tmp_path / "facts.jsonl", *(reported(f"c-{i}", "5.6(f)", 5) for i in range(100)))
    head, size = digest(store), Path(store.removeprefix("sqlite:///")).stat().st_size

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    said = command("enforce", file, "--store", store, "--now", NOW, preexec_fn=little_room)

    assert (said.code, said.out) == (3, "")
    assert len(said.err.splitlines()) == 1 and "hint: " in said.err
    assert digest(store) == head


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte; only root may make one, and not everywhere."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    try:
        made = subprocess.run(mount, capture_output=True).returncode == 0
    except OSError:
        made = False
    if not made:
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_real_disk_that_fills_up_keeps_whole_batches(
    cli: Cli, tmp_path: Path, small_disk: Path
) -> None:
    facts = [reported(f"c-{i}", "5.6(f)", 5 + i / 100, details=SENTINELS[1]) for i in range(1000)]
    file = written(tmp_path / "facts.jsonl", *facts)
    store = f"sqlite:///{small_disk}/ledger.db"

    said = cli("enforce", file, "--store", store, "--now", NOW)
    shown = cli("demo", small_disk / "shop")

    assert (said.code, shown.code) == (3, 3)
    assert f"{small_disk}/ledger.db: the disk is full" in said.err and "hint: " in said.err
    assert len(said.rows) % 100 == 0 and len(said.rows) < 1000
    assert SENTINELS[1] not in said.err and len(said.err.splitlines()) <= 2
    assert f"{small_disk}/shop/facts.jsonl: cannot write the facts: No space" in shown.err
    assert cli("ledger", "verify", "--store", store).rows[0]["verified"] is True


def test_a_disk_that_is_only_read_leaves_the_ledger_as_it_was(
    cli: Cli, ledger: Path, facts: Path, small_disk: Path
) -> None:
    for suffix in ("", ".keys"):
        shutil.copy(f"{ledger}{suffix}", small_disk)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    before = {path.name: path.read_bytes() for path in small_disk.iterdir()}

    for verb in (
        ("enforce", facts, "--store", f"sqlite:///{small_disk}/ledger.db"),
        ("enforce", facts, "--store", f"sqlite:///{small_disk}/new.db"),
        ("ledger", "init", "--store", f"sqlite:///{small_disk}/new.db"),
        ("demo", small_disk / "shop"),
    ):
        said = cli(*verb)

        assert (said.code, said.out) == (3, "")
        assert str(small_disk) in said.err and len(said.err.splitlines()) == 1
    assert {path.name: path.read_bytes() for path in small_disk.iterdir()} == before


NOBODY = 65534


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that everybody may read."""
    made = Path(tempfile.mkdtemp())
    made.chmod(0o755)
    yield made
    made.chmod(0o755)
    shutil.rmtree(made)


@contextmanager
def without_privileges() -> Iterator[None]:
    """Whoever is root is nobody for a while."""
    me = os.geteuid()
    if me == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(me)


def test_a_folder_that_cannot_be_written_is_told(cli: Cli, public: Path, ledger: Path) -> None:
    file = written(public / "facts.jsonl", *ORDINARY, reported("c-9", "5.6(f)", 9))
    for suffix in ("", ".keys"):
        shutil.copy(f"{ledger}{suffix}", public / f"ledger.db{suffix}")
        (public / f"ledger.db{suffix}").chmod(0o444)
    cli("enforce", file, "--store", "sqlite:///warm.db")  # imports what only its owner may read
    public.chmod(0o555)
    before = {path.name: path.read_bytes() for path in public.iterdir()}

    with without_privileges():
        fresh = cli("enforce", file, "--store", f"sqlite:///{public}/new.db")
        known = cli("enforce", file, "--store", f"sqlite:///{public}/ledger.db")
        shown = cli("demo", public / "demo")

    assert [said.code for said in (fresh, known, shown)] == [3, 3, 3]
    for said in (fresh, known, shown):
        assert len(said.err.splitlines()) == 1 and str(public) in said.err
    assert {path.name: path.read_bytes() for path in public.iterdir()} == before


def test_standard_output_on_a_full_disk_is_an_error_and_what_is_recorded_stays(
    tmp_path: Path, store: str
) -> None:
    file = written(tmp_path / "facts.jsonl", *BREACHES, reported("c-9", "5.6(f)", 9))
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", "from policyenforce.cli.main import main; main()",
             "enforce", file, "--store", store, "--now", NOW],
            stdout=full, stderr=subprocess.PIPE,
        )  # fmt: skip

    assert done.returncode == 3
    assert b"No space left" in done.stderr and b"Traceback" not in done.stderr
    enforcer = pe.open_enforcer(store)
    assert enforcer.preview(reported("c-9", "5.6(f)", 9), now=day(60)).findings
    enforcer.close()
