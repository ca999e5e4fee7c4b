"""The words that may say what enforces a statement."""

from __future__ import annotations

from collections.abc import Iterable

CHECKS = frozenset(
    {
        "account_sharing",
        "conduct",
        "cooperation",
        "dealings",
        "multiple_accounts",
        "registration",
        "user_content",
    }
)
PROCEDURES = frozenset(
    {
        "discipline.appeals",
        "discipline.decide",
        "discipline.indemnity",
        "discipline.notice",
        "discipline.standing",
        "enforcer",
        "ledger",
        "model.lifecycles",
        "policy",
        "privacy.disclosure",
        "terms.parties",
        "terms.privacy",
        "terms.versions",
    }
)


def misbound(enforced_by: Iterable[str]) -> str | None:
    """What is wrong with a list of bindings: the first unknown one, ``"nothing"``, or None.

    >>> misbound(["check:conduct"]), misbound(["check:weather"]), misbound([])
    (None, 'check:weather', 'nothing')
    """
    bindings = tuple(enforced_by)
    if not bindings:
        return "nothing"
    return next((binding for binding in bindings if not _known(binding)), None)


def _known(binding: str) -> bool:
    kind, _, name = binding.partition(":")
    if kind == "person":
        return bool(name.strip())
    return name in {"check": CHECKS, "procedure": PROCEDURES}.get(kind, frozenset())
