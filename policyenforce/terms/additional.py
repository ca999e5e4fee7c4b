"""``AdditionalAgreement``: a separate agreement about one Service, which prevails there alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from attrs import evolve, field, frozen

from policyenforce.errors import TermsError
from policyenforce.terms.gates import Standard
from policyenforce.terms.statements import Statement


@frozen
class Override:
    """What an agreement puts in the place of a statement: new words, a standard, or nothing."""

    paraphrase: str | None = None
    standard: Standard | None = None
    off: bool = False

    def __attrs_post_init__(self) -> None:
        if self.off == bool(self.paraphrase or self.standard is not None):
            raise TermsError(
                "an override switches a clause off or replaces something in it",
                hint="give `off`, or a paraphrase or standard, but not both",
            )

    def applied(self, statement: Statement) -> Statement:
        """The statement with its words or its standard replaced."""
        standard = statement.standard if self.standard is None else self.standard
        deems = statement.deems and evolve(statement.deems, standard=standard)
        words = self.paraphrase or statement.paraphrase
        return evolve(statement, paraphrase=words, standard=standard, deems=deems)


@frozen
class AdditionalAgreement:
    """An agreement about one Service, from ``starts`` until ``ends`` (half-open, aware).

    ``overrides`` maps clause references to what replaces them. Raises TermsError for naive
    times or an empty interval.

    >>> from datetime import UTC
    >>> day = datetime(2019, 11, 1, tzinfo=UTC)
    >>> AdditionalAgreement("aa-1", "logistics", {"5.11": Override(off=True)}, day).in_force(day)
    True
    """

    id: str
    service: str
    overrides: Mapping[str, Override] = field(hash=False)
    starts: datetime
    ends: datetime | None = None

    def __attrs_post_init__(self) -> None:
        for instant in filter(None, (self.starts, self.ends)):
            if instant.utcoffset() is None:
                raise TermsError(f"agreement `{self.id}` has a time without a zone")
        if self.ends is not None and self.ends <= self.starts:
            raise TermsError(f"agreement `{self.id}` ends before it starts")

    def in_force(self, at: datetime) -> bool:
        """True when the agreement holds at the instant."""
        return self.starts <= at and (self.ends is None or at < self.ends)

    def overlaps(self, starts: datetime, ends: datetime | None) -> bool:
        """True when it holds at some instant of the half-open interval."""
        return (ends is None or self.starts < ends) and (self.ends is None or starts < self.ends)


def merged(agreements: Iterable[AdditionalAgreement]) -> dict[str, Override]:
    """One override for each clause; the agreement that started last wins, then the greater id."""
    ordered = sorted(agreements, key=lambda agreement: (agreement.starts, agreement.id))
    overrides: dict[str, Override] = {}
    for agreement in ordered:
        overrides.update(agreement.overrides)
    return overrides
