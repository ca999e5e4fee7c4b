"""The command, called in this process so that it is measured, or as the real thing."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from attrs import frozen

import policyenforce as pe
from policyenforce.cli.main import run
from policyenforce.ledger.open import open_ledger

START = datetime(2019, 10, 5, 8, tzinfo=UTC)
NOW = "2019-12-01T00:00:00Z"
COMMAND = (sys.executable, "-c", "from policyenforce.cli.main import main; main()")
SENTINELS = ("sentinel.person@secret.example", "Sentinella", "+31612345678")


@frozen
class Said:
    """What one call came to."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[Any]:
        """Standard output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Cli = Callable[..., Said]


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    for name in ("STORE", "POLICY", "KEYS"):
        monkeypatch.delenv(f"POLICYENFORCE_{name}", raising=False)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    structlog.reset_defaults()
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Call the command in this process."""

    def call(*arguments: object, stdin: bytes = b"") -> Said:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Said(code, out, err)

    return call


def command(
    *arguments: object, stdin: bytes = b"", env: dict[str, str] | None = None, **more: Any
) -> Said:
    """Call the command as a process of its own."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env={**os.environ, **(env or {})},
        timeout=60,
        **more,
    )
    return Said(done.returncode, done.stdout.decode(), done.stderr.decode())


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def opened(account: str = "a-1", user: str = "u-1") -> pe.AccountOpened:
    return pe.AccountOpened(id=f"open-{account}", at=START, user_id=user, account_id=account)


def reported(name: str, clause: str, at: float = 1, **more: Any) -> pe.ConductReported:
    standard = more.pop("standard", pe.Standard.BELIEF)
    return pe.ConductReported(
        id=name, at=day(at), account_id=more.pop("account_id", "a-1"), clause=clause,
        reported_by="desk", standard=standard, **more,
    )  # fmt: skip


def written(path: Path, *facts: pe.Fact | bytes) -> Path:
    """A file of facts, and of lines as they are."""
    lines = [
        fact if isinstance(fact, bytes) else json.dumps(pe.fact_to_json(fact)).encode()
        for fact in facts
    ]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


ORDINARY: Sequence[pe.Fact] = (
    opened(),
    opened("a-2", "u-2"),
    pe.SignedIn(id="s-1", at=day(0.5), account_id="a-1", device_id="phone-1"),
)
BREACHES: Sequence[pe.Fact] = (
    reported("breach-1", "5.6(d)", 1, severity=pe.Severity.GRAVE),
    reported("breach-2", "5.6(e)", 2, standard=pe.Standard.SUSPICION),
    reported("breach-3", "5.6(k)", 2.5, severity=pe.Severity.GRAVE),
)


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "ledger.db"
    enforcer = pe.open_enforcer(f"sqlite:///{path}")
    for _ in enforcer.record_many([*ORDINARY, *BREACHES], now=day(3)):
        pass
    enforcer.close()
    return path


@pytest.fixture
def ledger(_template: Path, tmp_path: Path) -> Path:
    """A ledger with two accounts, decisions and cases on one of them."""
    for suffix in ("", ".keys"):
        kept = Path(f"{_template}{suffix}")
        (tmp_path / f"ledger.db{suffix}").write_bytes(kept.read_bytes())
    return tmp_path / "ledger.db"


@pytest.fixture
def store(ledger: Path) -> str:
    return f"sqlite:///{ledger}"


def digest(store: str) -> str:
    """One digest over the whole history."""
    ledger = open_ledger(store, create=False)
    try:
        return ledger.head_digest()
    finally:
        ledger.close()
