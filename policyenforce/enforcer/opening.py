"""Opening an enforcer: a store, house rules and the keys that tokens are made with."""

from __future__ import annotations

from pathlib import Path

from policyenforce.enforcer.enforcer import Enforcer
from policyenforce.errors import InputError
from policyenforce.ledger.open import open_ledger
from policyenforce.policy.load import load_rules
from policyenforce.policy.rules import HouseRules
from policyenforce.privacy.tokens import TokenKeys

_SQLITE = "sqlite:///"


def open_enforcer(
    store: str | None = None,
    *,
    policy: str | Path | HouseRules | None = None,
    keys: str | Path | TokenKeys | None = None,
) -> Enforcer:
    """An enforcer over a store (None: in memory), under a policy (None: the default).

    ``keys`` are the token keys or their file. A SQLite store without keys uses, and on first
    use writes, the file of its own name with ``.keys`` added; keep it apart from backups of the
    store. Raises LedgerError, PolicyError, or InputError when a shared store comes without keys.

    >>> open_enforcer().rules.point_life_days
    365
    """
    rules = policy if isinstance(policy, HouseRules) else load_rules(policy)
    ledger = open_ledger(store)
    try:
        return Enforcer(ledger, rules, _keys(store, keys))
    except BaseException:
        ledger.close()
        raise


def _keys(store: str | None, keys: str | Path | TokenKeys | None) -> TokenKeys:
    if isinstance(keys, TokenKeys):
        return keys
    if keys is not None:
        return TokenKeys.from_file(keys)
    if store is None or store == "memory:":
        return TokenKeys.generate()
    if not store.startswith(_SQLITE):
        raise InputError(
            "a shared store needs token keys", where="keys", hint="give keys=… or `--keys FILE`"
        )
    path = Path(store.removeprefix(_SQLITE) + ".keys")
    if path.exists():
        return TokenKeys.from_file(path)
    made = TokenKeys.generate()
    made.save(path)
    return made
