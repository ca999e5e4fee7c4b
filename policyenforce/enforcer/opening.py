"""Opening an enforcer: a store, house rules and the keys that tokens are made with."""

from __future__ import annotations

from pathlib import Path

from policyenforce.enforcer.enforcer import Enforcer
from policyenforce.errors import InputError
from policyenforce.ledger.open import MEMORY, open_ledger, sqlite_file
from policyenforce.ledger.port import Ledger
from policyenforce.policy.load import load_rules
from policyenforce.policy.rules import HouseRules
from policyenforce.privacy.tokens import TokenKeys

Keys = str | Path | TokenKeys
_SHARED = "postgresql"


def open_enforcer(
    store: str | None = None,
    *,
    policy: str | Path | HouseRules | None = None,
    keys: Keys | None = None,
    create: bool = True,
) -> Enforcer:
    """An enforcer over a store (None: in memory), under a policy (None: the default).

    ``keys`` are the token keys or their file. A SQLite store without keys uses, and with a new
    ledger writes, the file of its own name with ``.keys`` added; keep it apart from backups of
    the store. Without ``create`` a ledger must be there. Raises LedgerError, PolicyError, or
    InputError when the keys are missing.

    >>> open_enforcer().rules.point_life_days
    365
    """
    rules = policy if isinstance(policy, HouseRules) else load_rules(policy)
    known = _known_keys(store, keys)
    ledger = open_ledger(store, create=create)
    try:
        return Enforcer(ledger, rules, known or _own_keys(str(store), ledger))
    except BaseException:
        ledger.close()
        raise


def _known_keys(store: str | None, keys: Keys | None) -> TokenKeys | None:
    """The keys that were given or belong to no file; None when they lie beside the store."""
    if keys is not None:
        return keys if isinstance(keys, TokenKeys) else TokenKeys.from_file(keys)
    if store is None or store == MEMORY:
        return TokenKeys.generate()
    if store.startswith(_SHARED):
        raise InputError(
            "a shared store needs token keys", where="keys", hint="give keys=… or `--keys FILE`"
        )
    return None


def _own_keys(store: str, ledger: Ledger) -> TokenKeys:
    """The keys beside a SQLite store. INVARIANT: a ledger with entries never gets other keys."""
    path = Path(f"{sqlite_file(store)}.keys")
    if path.exists():
        return TokenKeys.from_file(path)
    if ledger.heads():
        raise InputError(
            "the token keys of this ledger are missing",
            where=str(path),
            hint="put the file back: with other keys no identifier is found again",
        )
    made = TokenKeys.generate()
    try:
        made.save(path)
    except OSError:
        raise InputError(
            "the token keys cannot be written",
            where=str(path),
            hint="make its folder writable, or give keys=… or `--keys FILE`",
        ) from None
    return made
