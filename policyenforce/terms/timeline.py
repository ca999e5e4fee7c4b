"""``Terms``: every version in order of time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from attrs import field, frozen

from policyenforce.errors import TermsError
from policyenforce.terms.loading import load_catalogue
from policyenforce.terms.readings import CATALOGUE, Reading
from policyenforce.terms.versions import TermsVersion, digest


@frozen
class Terms:
    """All versions, oldest first, the zone their dates are read in, and the readings.

    >>> from datetime import datetime
    >>> terms = Terms.load()
    >>> terms.in_force(datetime(2019, 10, 3, 12, tzinfo=terms.zone)).id
    '2019-09-12'
    """

    versions: tuple[TermsVersion, ...] = field(eq=False)
    zone: ZoneInfo = field(eq=False)
    readings: Mapping[str, Reading] = field(repr=False, eq=False)
    content_hash: str = field(init=False)
    _newest_first: tuple[tuple[datetime, datetime | None, TermsVersion], ...] = field(
        init=False, eq=False, repr=False
    )

    @_newest_first.default
    def _intervals(self) -> tuple[tuple[datetime, datetime | None, TermsVersion], ...]:
        """From when until when, in UTC: times of two zones compare slowly."""
        return tuple(
            (version.starts.astimezone(UTC), version.ends and version.ends.astimezone(UTC), version)
            for version in reversed(self.versions)
        )

    @content_hash.default
    def _hash(self) -> str:
        return digest(
            {
                "zone": self.zone.key,
                "versions": [version.content_hash for version in self.versions],
                "readings": {
                    reading.id: [dict(reading.options), reading.default]
                    for reading in self.readings.values()
                },
            }
        )

    @staticmethod
    def load(path: str | Path | None = None, *, zone: str | ZoneInfo | None = None) -> Terms:
        """The Terms of a catalogue folder, the shipped one for None, read in ``zone`` if given.

        The shipped Terms are read once. Raises TermsError, naming file and key, for a folder
        that is not a sound catalogue, and for an unknown zone.
        """
        if path is None and (zone is None or isinstance(zone, str)):
            return _shipped(zone)
        return _load(CATALOGUE if path is None else Path(path), zone)

    def in_force(self, at: datetime) -> TermsVersion:
        """The version in force at an aware instant.

        Raises TermsError for a naive time and where no version holds.
        """
        instant = aware(at)
        for starts, ends, version in self._newest_first:
            if starts <= instant:
                if ends is None or instant < ends:
                    return version
                break
        first = self.versions[0]
        raise TermsError(
            f"no version of the Terms is in force at `{at.isoformat()}`",
            hint=f"the first one starts at {first.starts.isoformat()}",
        )

    def version(self, id_: str) -> TermsVersion:
        """The version of that id; raises TermsError when there is none."""
        for version in self.versions:
            if version.id == id_:
                return version
        known = ", ".join(version.id for version in self.versions)
        raise TermsError(f"unknown version `{str(id_)[:40]}`", hint=f"known versions: {known}")


def aware(at: datetime) -> datetime:
    """The instant in UTC, so that it compares exactly; raises TermsError for a naive time."""
    if at.tzinfo is UTC:
        return at
    if at.utcoffset() is None:
        raise TermsError(
            f"the time `{at.isoformat()}` has no zone", hint="add an offset such as `+08:00`"
        )
    return at.astimezone(UTC)


@cache
def _shipped(zone: str | None) -> Terms:
    return _load(CATALOGUE, zone)


def _load(folder: Path, zone: str | ZoneInfo | None) -> Terms:
    catalogue = load_catalogue(folder, zone)
    return Terms(catalogue.versions, catalogue.zone, catalogue.readings)
