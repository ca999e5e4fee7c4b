"""A catalogue folder, read strictly into versions.

The folder holds ``versions.toml``, ``parties.toml``, optionally ``readings.toml`` and
``privacy.toml``, and one file for each chapter. Whatever does not fit is a TermsError that
names file and key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import evolve, field, frozen

from policyenforce.errors import TermsError
from policyenforce.terms.bindings import misbound
from policyenforce.terms.gates import Discretion, Gate, Power, Standard, Trigger
from policyenforce.terms.openings import PATTERN
from policyenforce.terms.party_tables import party_tables
from policyenforce.terms.readings import Reading, load_readings
from policyenforce.terms.references import ClauseRef
from policyenforce.terms.statements import Bearer, Kind, Statement, lies_in
from policyenforce.terms.tables import Table, read
from policyenforce.terms.versions import TermsVersion

NOT_CHAPTERS = frozenset({"versions.toml", "parties.toml", "readings.toml", "privacy.toml"})


@frozen
class Catalogue:
    """What a folder holds: its zone, versions oldest first, and readings."""

    zone: ZoneInfo
    versions: tuple[TermsVersion, ...]
    readings: Mapping[str, Reading] = field(hash=False)


@frozen
class _Row:
    """A statement with what it says in each version."""

    statement: Statement
    words: Mapping[str, str]
    where: str


def load_catalogue(folder: Path, zone: str | ZoneInfo | None) -> Catalogue:
    """Everything but the privacy versions; raises TermsError for whatever does not fit."""
    file = read(folder / "versions.toml")
    own = file.text("zone")
    named = zone_of(own if zone is None else zone, file.where)
    tables = file.tables("version")
    file.done()
    ids = tuple(table.text("id") for table in tables)
    if not ids or len(set(ids)) != len(ids):
        raise file.error("version", "at least one version, each with its own id", list(ids))
    known = load_readings(folder)
    rows = _rows(folder, ids, known)
    parties = party_tables(read(folder / "parties.toml"), ids, known)
    versions = tuple(
        TermsVersion(
            id=id_,
            starts=midnight(table.day("starts"), named),
            ends=_end(table, named),
            statements=tuple(_as_of(row, id_) for row in rows if id_ in row.words),
            sites=table.mapping("sites"),
            parties=parties[id_],
            readings=known,
            disabled_in=_disabled(table, rows),
        )
        for id_, table in zip(ids, tables, strict=True)
    )
    for table, version in zip(tables, versions, strict=True):
        table.done()
        _sited(table, version)
    in_order([(v.id, v.starts, v.ends) for v in versions], file.where)
    return Catalogue(named, versions, known)


def zone_of(name: str | ZoneInfo, where: str | None = None) -> ZoneInfo:
    """The zone a name stands for; raises TermsError for an unknown one."""
    if isinstance(name, ZoneInfo):
        return name
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise TermsError(
            f"unknown time zone `{name[:40]}`",
            where=where,
            hint="write a name such as `Asia/Hong_Kong`",
        ) from error


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant a day begins in a zone."""
    return datetime.combine(day, time.min, tzinfo=zone)


def in_order(intervals: list[tuple[str, datetime, datetime | None]], where: str) -> None:
    """Raises TermsError unless the half-open intervals are ordered and do not overlap."""
    for id_, starts, ends in intervals:
        if ends is not None and ends <= starts:
            raise TermsError(f"version `{id_}` ends before it starts", where=where)
    for (one, _, ends), (other, starts, _) in pairwise(intervals):
        if ends is None or ends > starts:
            raise TermsError(
                f"versions `{one}` and `{other}` overlap",
                where=where,
                hint="list versions oldest first and end each before the next starts",
            )


def _end(table: Table, zone: ZoneInfo) -> datetime | None:
    ends = table.optional_day("ends")
    return None if ends is None else midnight(ends, zone)


def _rows(folder: Path, ids: tuple[str, ...], known: Mapping[str, Reading]) -> list[_Row]:
    files = sorted(path for path in folder.glob("*.toml") if path.name not in NOT_CHAPTERS)
    chapters = [(file.number("chapter"), file) for file in map(read, files)]
    rows: list[_Row] = []
    for chapter, file in sorted(chapters, key=lambda pair: pair[0]):
        for table in file.tables("statement", label="ref"):
            row = _row(table, ids, known)
            if row.statement.ref.number.partition(".")[0] not in (str(chapter), "preamble"):
                raise table.error("ref", f"a clause of chapter {chapter}", row.statement.ref)
            rows.append(row)
        file.done()
    _unique(rows)
    for row in rows:
        _grounded(row, rows)
    return rows


def _row(table: Table, ids: tuple[str, ...], known: Mapping[str, Reading]) -> _Row:
    ref = _ref(table)
    versions = table.texts("versions", ids)
    table.check("versions", versions, ids)
    words = _words(table, versions)
    statement = Statement(
        ref=ref,
        bearers=table.some_of("bearers", Bearer, required=True),
        kind=table.one_of("kind", Kind),
        paraphrase="",
        standard=table.one_of("standard", Standard),
        enforced_by=table.texts("enforced_by"),
        versions=versions,
        reasonable=table.flag("reasonable"),
        triggers=table.some_of("triggers", Trigger),
        discretion=table.one_of("discretion", Discretion, Discretion.NONE),
        readings=table.texts("readings", ()),
        powers=frozenset(table.some_of("powers", Power)),
        powers_when=_powers_when(table, known),
        grounds=table.texts("grounds", ()),
        cooperates_with=table.texts("cooperates_with", ()),
        discloses_to=table.texts("discloses_to", ()),
    )
    deems: Gate | None = statement.gate if table.flag("deems") else None
    table.done()
    _complete(table, statement, known)
    return _Row(evolve(statement, deems=deems), words, table.where)


def _ref(table: Table) -> ClauseRef:
    try:
        return ClauseRef.parse(table.text("ref"))
    except TermsError as error:
        error.at(table.where)
        raise


def _words(table: Table, versions: tuple[str, ...]) -> dict[str, str]:
    """The paraphrase in each version: one for all, or one for each."""
    if "paraphrase_in" not in table:
        return dict.fromkeys(versions, table.text("paraphrase"))
    words = table.mapping("paraphrase_in")
    if "paraphrase" in table or set(words) != set(versions):
        raise table.error(
            "paraphrase_in", f"one text for each of: {', '.join(versions)}", ", ".join(words)
        )
    return words


def _powers_when(table: Table, known: Mapping[str, Reading]) -> dict[str, frozenset[Power]]:
    found: dict[str, frozenset[Power]] = {}
    for when, names in table.lists("powers_when").items():
        id_, _, option = when.partition("=")
        if id_ not in known or option not in known[id_].options:
            raise table.error("powers_when", "a reading and its answer, as `T23=on`", when)
        found[when] = frozenset(table.word("powers_when", name, Power) for name in names)
    return found


def _complete(table: Table, statement: Statement, known: Mapping[str, Reading]) -> None:
    table.check("readings", statement.readings, known)
    if not statement.bearers:
        raise table.error("bearers", "at least one bearer", "[]")
    wrong = misbound(statement.enforced_by)
    if wrong is not None:
        raise table.error(
            "enforced_by",
            "`check:…`, `procedure:…` or `person:…` with the reason, at least one",
            wrong,
        )
    if bool(statement.powers) != bool(statement.grounds):
        raise table.error("grounds", "grounds exactly where powers are", statement.grounds)
    if statement.powers_when and not statement.powers:
        raise table.error("powers_when", "it only beside powers", list(statement.powers_when))


def _unique(rows: list[_Row]) -> None:
    seen: set[str] = set()
    for row in rows:
        text = row.statement.ref.text
        if text in seen:
            raise TermsError(f"statement `{text}` stands twice", where=row.where)
        seen.add(text)


def _grounded(row: _Row, rows: list[_Row]) -> None:
    for ground in row.statement.grounds:
        above = ground.removeprefix(PATTERN)
        if above == ground:
            known = any(other.statement.ref.text == ground for other in rows)
        else:
            known = any(o.statement.owed and lies_in(o.statement.ref, above) for o in rows)
        if not known:
            raise TermsError(
                f"`grounds` names `{ground}`, which no statement answers to", where=row.where
            )


def _as_of(row: _Row, version: str) -> Statement:
    return evolve(row.statement, paraphrase=row.words[version])


def _disabled(table: Table, rows: list[_Row]) -> dict[str, tuple[str, ...]]:
    found = table.lists("disabled_in")
    for ref in found:
        if not any(lies_in(row.statement.ref, ref) for row in rows):
            raise table.error("disabled_in", "clauses of this catalogue", ref)
    return found


def _sited(table: Table, version: TermsVersion) -> None:
    """Site families named by the parties must be families of the version."""
    families = set(version.families)
    if not families:
        raise table.error("sites", "at least one host and its family", "{}")
    rules = version.parties.rules
    used = {c.uses for rule in rules for c in rule.when} | {rule.member for rule in rules}
    for family in (used | set(version.parties.policies)) - families - {None}:
        raise table.error("sites", f"a host of the family `{family}` that the parties name", "")
