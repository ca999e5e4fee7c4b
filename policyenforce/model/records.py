"""Our own records (outcomes, decisions, findings, histories) to JSON and back, exactly.

Unlike facts they were written by the library itself: they are read without a detailed account
of what is wrong, since what is wrong then is the store.
"""

from __future__ import annotations

from typing import Any, Protocol, TypeVar, cast

from cattrs import ForbiddenExtraKeysError

from policyenforce.errors import FactError, LedgerError
from policyenforce.model.codec import Codec
from policyenforce.terms.gates import OpensPowers

T = TypeVar("T")


class Versions(Protocol):
    """What knows the versions of the Terms by their ids."""

    def version(self, version_id: str, /) -> OpensPowers:
        """The version of this id; raises TermsError for an unknown one."""


class Records:
    """Writes and reads the attrs classes of ``model``; make one with ``record_converter``."""

    def __init__(self, terms: Versions) -> None:
        self._codec = Codec(
            {OpensPowers: (lambda id, _: terms.version(id), lambda version: version.id)}
        )

    def to_record(self, value: Any) -> dict[str, Any]:
        """The JSON object of a record; fields that hold their default are left out."""
        return cast("dict[str, Any]", self._codec.writer(type(value))(value))

    def from_record(self, data: Any, cls: type[T]) -> T:
        """The record that ``to_record`` wrote.

        Raises LedgerError when it is none, TermsError for an unknown version, and GateError
        when a decision no longer stands under its own version of the Terms.
        """
        try:
            return cast("T", self._codec.reader(cls)(data, cls))
        except (FactError, KeyError, ForbiddenExtraKeysError) as error:
            raise LedgerError(
                f"a stored `{cls.__name__}` cannot be read",
                hint="`policyenforce ledger verify` says whether the history is whole",
            ) from error


def record_converter(terms: Versions) -> Records:
    """What writes records, and reads them back under these Terms.

    A decision is stored with the id of its version of the Terms, a clause as its text, a
    standard as its label, a time in UTC.

    >>> from policyenforce.model.evidence import Evidence
    >>> from policyenforce.terms.timeline import Terms
    >>> records = record_converter(Terms.load())
    >>> records.to_record(Evidence("shared_device", "two accounts, one device", points=4))
    {'kind': 'shared_device', 'sentence': 'two accounts, one device', 'points': 4}
    """
    return Records(terms)
