"""What each privacy policy allows to be collected, for what, for whom, and how long.

A stored signal can only show its basis by the version it was collected under. Where the
catalogue holds no policy for a site family at an instant, the answer is None: unknown, which
never means allowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import Enum
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from attrs import field, frozen

from policyenforce.errors import TermsError
from policyenforce.terms.loading import in_order, midnight, zone_of
from policyenforce.terms.readings import CATALOGUE
from policyenforce.terms.tables import Table, read
from policyenforce.terms.timeline import aware
from policyenforce.terms.versions import TermsVersion, digest

_KINDS = ("category", "purpose", "recipient", "retention", "right", "legal_basis", "feature")


class Region(str, Enum):
    """Where a provision holds."""

    EVERYWHERE = "everywhere"
    EEA = "eea"


@frozen
class Provision:
    """One thing a privacy version states: its word, our sentence, and since which version.

    ``since`` is the id of the first version that states it, not only of this one.
    """

    id: str
    text: str
    since: str
    region: Region = Region.EVERYWHERE


@frozen
class PrivacyVersion:
    """One version of a privacy policy and the site families it covers; half-open interval.

    >>> policy = privacy_versions()[2]
    >>> policy.id, policy.collects("device_id"), policy.states("fraud_prevention")
    ('2019-01-17', True, True)
    >>> policy.purposes["fraud_prevention"].since
    '2018-05-25'
    """

    id: str
    starts: datetime = field(eq=False)
    ends: datetime | None = field(eq=False)
    sites: tuple[str, ...] = field(eq=False)
    change_rule: str = field(eq=False)
    categories: Mapping[str, Provision] = field(eq=False, repr=False)
    purposes: Mapping[str, Provision] = field(eq=False, repr=False)
    recipients: Mapping[str, Provision] = field(eq=False, repr=False)
    retention: Mapping[str, Provision] = field(eq=False, repr=False)
    rights: Mapping[str, Provision] = field(eq=False, repr=False)
    legal_bases: Mapping[str, Provision] = field(eq=False, repr=False)
    features: Mapping[str, Provision] = field(eq=False, repr=False)
    words: Mapping[str, frozenset[str]] = field(eq=False, repr=False)
    content_hash: str

    def holds(self, at: datetime) -> bool:
        """True from its start up to, and not including, its end."""
        return self.starts <= at and (self.ends is None or at < self.ends)

    def collects(self, category: str) -> bool:
        """True when the version says that this category of data is collected."""
        return self._has("category", category, self.categories)

    def states(self, purpose: str) -> bool:
        """True when the version states this purpose."""
        return self._has("purpose", purpose, self.purposes)

    def discloses_to(self, recipient: str) -> bool:
        """True when the version names this kind of recipient (T10, the second gate).

        False means that consent or a legal permission is needed. Raises TermsError for a word
        the catalogue does not know.
        """
        return self._has("recipient", recipient, self.recipients)

    def grants(self, right: str, *, eea: bool) -> bool:
        """True when a person inside (``eea``) or outside the EEA has this right."""
        if not self._has("right", right, self.rights):
            return False
        return eea or self.rights[right].region is Region.EVERYWHERE

    def _has(self, kind: str, word: str, stated: Mapping[str, Provision]) -> bool:
        if word not in self.words[kind]:
            raise TermsError(
                f"unknown {kind} `{str(word)[:40]}`",
                hint=f"known: {', '.join(sorted(self.words[kind]))}",
            )
        return word in stated


class Disclosure(str, Enum):
    """The answer of both gates."""

    ALLOWED = "allowed"
    COOPERATION_ONLY = "cooperation_only"
    NEEDS_CONSENT_OR_LAW = "needs_consent_or_law"
    REFUSED = "refused"
    UNKNOWN = "unknown"


def disclosure(terms: TermsVersion, privacy: PrivacyVersion | None, recipient: str) -> Disclosure:
    """Whether personal data may go to this kind of recipient, on request (reading T10).

    The Terms are asked first, then the privacy version; UNKNOWN where there is none. Whether a
    request or process has arrived, and whether it is lawful, is for the caller to establish.

    >>> from policyenforce.terms import Terms
    >>> disclosure(Terms.load().versions[0], privacy_versions()[2], "injured_third_party").value
    'needs_consent_or_law'
    """
    if not terms.discloses_to(recipient):
        cooperates = terms.cooperates_with(recipient)
        return Disclosure.COOPERATION_ONLY if cooperates else Disclosure.REFUSED
    if terms.answer("T10") == "terms_only":
        return Disclosure.ALLOWED
    if privacy is None:
        return Disclosure.UNKNOWN
    named = privacy.discloses_to(recipient)
    return Disclosure.ALLOWED if named else Disclosure.NEEDS_CONSENT_OR_LAW


def privacy_versions(
    path: str | Path | None = None, *, zone: str | ZoneInfo | None = None
) -> tuple[PrivacyVersion, ...]:
    """Every privacy version of a catalogue folder, oldest first; the shipped ones for None.

    Raises TermsError for a malformed file or an unknown zone.
    """
    if path is None and (zone is None or isinstance(zone, str)):
        return _shipped(zone)
    return _load(CATALOGUE if path is None else Path(path), zone)


def privacy_in_force(
    at: datetime,
    site: str,
    *,
    path: str | Path | None = None,
    zone: str | ZoneInfo | None = None,
) -> PrivacyVersion | None:
    """The policy that covers a site family at an aware instant, or None where none is known.

    Raises TermsError for a naive time and for a site family that no version ever covers.

    >>> from datetime import UTC
    >>> autumn = datetime(2019, 10, 4, tzinfo=UTC)
    >>> privacy_in_force(autumn, "alibaba").id, privacy_in_force(autumn, "aliexpress")
    ('2019-01-17', None)
    """
    instant, versions = aware(at), privacy_versions(path, zone=zone)
    known = dict.fromkeys(family for version in versions for family in version.sites)
    if site not in known:
        raise TermsError(
            f"unknown site family `{str(site)[:40]}`", hint=f"known: {', '.join(known)}"
        )
    for version in versions:
        if version.holds(instant):
            return version if site in version.sites else None
    return None


@cache
def _shipped(zone: str | None) -> tuple[PrivacyVersion, ...]:
    return _load(CATALOGUE, zone)


def _load(folder: Path, zone: str | ZoneInfo | None) -> tuple[PrivacyVersion, ...]:
    file = read(folder / "privacy.toml")
    zone = zone_of(zone or read(folder / "versions.toml").text("zone"), file.where)
    tables = file.tables("version")
    ids = tuple(table.text("id") for table in tables)
    stated = {kind: list(_provisions(file, kind, ids)) for kind in _KINDS}
    file.done()
    versions = tuple(_version(table, stated, zone) for table in tables)
    in_order([(v.id, v.starts, v.ends) for v in versions], file.where)
    return versions


Stated = Mapping[str, list[tuple[tuple[str, ...], Provision]]]


def _provisions(
    file: Table, kind: str, ids: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Provision]]:
    seen: set[tuple[str, str]] = set()
    for table in file.tables(kind):
        versions = table.texts("versions")
        table.check("versions", versions, ids)
        id_ = table.text("id")
        if seen.intersection((id_, version) for version in versions):
            raise TermsError(f"{kind} `{id_}` stands twice", where=table.where)
        seen.update((id_, version) for version in versions)
        since = min(versions, key=ids.index, default="")
        region = table.one_of("region", Region, Region.EVERYWHERE)
        yield versions, Provision(id_, table.text("text"), since, region)
        table.done()


def _version(table: Table, stated: Stated, zone: ZoneInfo) -> PrivacyVersion:
    id_, ends = table.text("id"), table.optional_day("ends")
    held = {
        kind: {p.id: p for versions, p in rows if id_ in versions} for kind, rows in stated.items()
    }
    starts, sites, rule = table.day("starts"), table.texts("sites"), table.text("change_rule")
    table.done()
    content = {
        kind: [[p.id, p.text, p.region.value] for p in rows.values()] for kind, rows in held.items()
    }
    return PrivacyVersion(
        id=id_,
        starts=midnight(starts, zone),
        ends=None if ends is None else midnight(ends, zone),
        sites=sites,
        change_rule=rule,
        categories=held["category"],
        purposes=held["purpose"],
        recipients=held["recipient"],
        retention=held["retention"],
        rights=held["right"],
        legal_bases=held["legal_basis"],
        features=held["feature"],
        words={kind: frozenset(p.id for _, p in rows) for kind, rows in stated.items()},
        content_hash=digest(
            {
                "id": id_,
                "starts": str(starts),
                "ends": str(ends),
                "sites": sites,
                "change_rule": rule,
                "content": content,
            }
        ),
    )
