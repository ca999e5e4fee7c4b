"""A ledger is opened with the keys it was written with, and with no others."""

from __future__ import annotations

from pathlib import Path

import pytest

import policyenforce as pe
from tests.enforcer.conftest import NOW, opened

FIRST = pe.TokenKeys.generate()
ROTATED = FIRST.rotated("k2")


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A ledger with entries, written with ``ROTATED``."""
    url = f"sqlite:///{tmp_path}/ledger.db"
    for keys in (FIRST, ROTATED):
        enforcer = pe.open_enforcer(url, keys=keys)
        enforcer.record(opened(), now=NOW)
        enforcer.close()
    return url


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        (pe.TokenKeys.generate(), "`k1` is not the one"),
        (pe.TokenKeys.generate().rotated("k2"), "`k1` is not the one"),
        (FIRST.rotated("k2"), "`k2` is not the one"),
        (FIRST, "`k2` is missing"),
        (pe.TokenKeys.generate("k9"), "`k1` is missing"),
    ],
)
def test_other_keys_are_refused_by_name(store: str, keys: pe.TokenKeys, name: str) -> None:
    with pytest.raises(pe.LedgerError, match=name) as refused:
        pe.open_enforcer(store, keys=keys)

    assert "made with" in str(refused.value.hint)
    pe.open_enforcer(store, keys=ROTATED).close()


def test_a_replaced_file_of_keys_is_noticed(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path}/ledger.db", tmp_path / "ledger.db.keys"
    enforcer = pe.open_enforcer(url)
    enforcer.record(opened(), now=NOW)
    enforcer.close()
    file.unlink()
    pe.TokenKeys.generate().save(file)

    with pytest.raises(pe.LedgerError, match="k1"):
        pe.open_enforcer(url)


def test_an_empty_ledger_takes_any_keys(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    pe.open_enforcer(url, keys=pe.TokenKeys.generate("k9")).close()
    pe.open_enforcer(url, keys=FIRST).close()

    enforcer = pe.open_enforcer(url, keys=FIRST)
    enforcer.record(opened(), now=NOW)
    enforcer.close()
    pe.open_enforcer(url, keys=ROTATED).close()


def test_no_key_lies_in_the_ledger(store: str) -> None:
    content = Path(store.removeprefix("sqlite:///")).read_bytes()

    assert not [
        name for name, key in ROTATED.masters if key in content or key.hex().encode() in content
    ]
