"""Every error a caller can cause, as one tree.

::

    PolicyEnforceError            what was wrong; ``where`` it stood; ``hint`` says what to do
    ├── InputError                what came in cannot be read
    │   ├── FactError             one fact is malformed
    │   ├── PolicyError           the house rules are malformed or unsound
    │   └── TermsError            an unknown clause, version, site or place
    ├── GateError                 a power was used that its ground does not open
    ├── ConflictError             a known id with another body, or a decision that moved on
    ├── RoleError                 the actor may not use this verb
    ├── UnknownError              no such account, finding, decision or case
    ├── NoticeError               a notice lacks a mandatory field
    └── LedgerError               the store cannot be opened, read or written
        └── IntegrityError        the history does not verify
"""

from __future__ import annotations


class PolicyEnforceError(Exception):
    """Base of the tree: a message, the place it stood, and a hint apart.

    >>> print(PolicyEnforceError("unknown clause `9.9`", where="f.jsonl:3", hint="`terms show`"))
    f.jsonl:3: unknown clause `9.9` (hint: `terms show`)
    """

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        hint = f" (hint: {self.hint})" if self.hint else ""
        return f"{place}{self.message}{hint}"

    def at(self, where: str) -> PolicyEnforceError:
        """The same error, placed: ``where`` goes in front of what was known of the place."""
        self.where = f"{where}: {self.where}" if self.where else where
        return self


class InputError(PolicyEnforceError):
    """What came in cannot be read."""


class FactError(InputError):
    """One fact is malformed; nothing of it is recorded."""


class PolicyError(InputError):
    """The house rules are malformed or unsound."""


class TermsError(InputError):
    """An unknown clause, version, site or place."""


class GateError(PolicyEnforceError):
    """A power was used that its ground does not open."""


class ConflictError(PolicyEnforceError):
    """A known id arrived with another body, or a decision has moved on meanwhile."""


class RoleError(PolicyEnforceError):
    """The actor's roles do not allow this verb."""


class UnknownError(PolicyEnforceError):
    """No such account, finding, decision or case."""


class NoticeError(PolicyEnforceError):
    """A notice lacks a mandatory field, and is refused."""


class LedgerError(PolicyEnforceError):
    """The store cannot be opened, read or written; what it held before still stands."""


class IntegrityError(LedgerError):
    """The history does not verify."""
