"""Opening an enforcer: a store, house rules and the keys that tokens are made with."""

from __future__ import annotations

from pathlib import Path

from policyenforce.enforcer.belonging import HOUSE
from policyenforce.enforcer.enforcer import Enforcer
from policyenforce.errors import InputError, LedgerError
from policyenforce.ledger.open import MEMORY, open_ledger, sqlite_file
from policyenforce.ledger.port import Ledger
from policyenforce.policy.load import load_rules
from policyenforce.policy.rules import HouseRules
from policyenforce.privacy.fingerprints import fingerprints
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
    the store. Without ``create`` a ledger must be there. Raises LedgerError, also for other keys
    than the ledger was written with, PolicyError, or InputError when the keys are missing.

    >>> open_enforcer().rules.point_life_days
    365
    """
    rules = policy if isinstance(policy, HouseRules) else load_rules(policy)
    known = _known_keys(store, keys)
    ledger = open_ledger(store, create=create)
    try:
        known = known or _own_keys(str(store), ledger)
        _agree(ledger, known)
        return Enforcer(ledger, rules, known)
    except BaseException:
        ledger.close()
        raise


def _known_keys(store: str | None, keys: Keys | None) -> TokenKeys | None:
    """The keys that were given or belong to no file; None when they lie beside the store."""
    if keys is not None:
        return keys if isinstance(keys, TokenKeys) else TokenKeys.from_file(keys)
    if store is None or store == MEMORY:
        return TokenKeys.generate()
    if str(store).startswith(_SHARED):
        raise InputError(
            "a shared store needs token keys", where="keys", hint="give keys=… or `--keys FILE`"
        )
    return None


def _agree(ledger: Ledger, keys: TokenKeys) -> None:
    """See that the keys are those of the ledger, and write down the fingerprints of new ones.

    An empty ledger takes any keys: nothing was tokenised yet.
    """
    given = fingerprints(keys)
    with ledger.reading() as tx:
        if tx.fingerprints() == given:
            return
    with ledger.transaction() as tx:
        tx.lock((HOUSE,))
        others = sorted(set(tx.fingerprints().items()) - set(given.items()))
        if others and tx.counts()["streams"]:
            name = others[0][0]
            told = "is not the one" if name in given else "is missing: it is one"
            raise LedgerError(
                f"token key `{name}` {told} that this ledger was written with",
                hint="give the keys it was made with: with others no identifier is found again",
            )
        tx.put_fingerprints(given)


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
