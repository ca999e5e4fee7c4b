"""``terms show | diff | parties | coverage | readings``: what was agreed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from policyenforce.cli.options import At, Shown, instant
from policyenforce.cli.output import record, rows
from policyenforce.terms import (
    Ambiguous,
    Party,
    Statement,
    Terms,
    TermsVersion,
    contracting_party,
    diff,
)
from policyenforce.terms import coverage as covered

app = typer.Typer(
    help="The Terms: clauses, versions, parties, coverage.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Catalogue = Annotated[
    Path | None, typer.Option("--catalogue", help="Another operator's catalogue folder.")
]
Version = Annotated[
    str | None, typer.Option("--version", help="A version's id (default: the newest).")
]


@app.command()
def show(
    reference: Annotated[str, typer.Argument(help="A clause or statement: 5.5(c), 4.1/s3.")],
    version: Version = None,
    at: At = None,
    catalogue: Catalogue = None,
    form: Shown = None,
) -> None:
    """Show a clause or statement.

    What it says in our words, its standard, the powers it opens and what enforces it.
    """
    chosen = _version(Terms.load(catalogue), version, at)
    found = [_statement(s, chosen) for s in chosen.clause(reference).statements]
    if len(found) == 1:
        record(found[0], form)
    else:
        rows(found, ("ref", "bearers", "kind", "standard", "paraphrase"), form)


@app.command("diff")
def differences(one: str, other: str, catalogue: Catalogue = None, form: Shown = None) -> None:
    """What changes from one version to another."""
    terms = Terms.load(catalogue)
    found = [
        {
            "area": d.area.value,
            "key": d.key,
            "change": d.change.value,
            "before": d.before,
            "after": d.after,
        }
        for d in diff(terms.version(one), terms.version(other))
    ]
    rows(found, ("area", "key", "change", "before", "after"), form)


@app.command()
def parties(
    origin: Annotated[str, typer.Option(help="Where the Member is from: CN, HK, US …")],
    site: Annotated[list[str] | None, typer.Option(help="Site family; may be given again.")] = None,
    residence: Annotated[str | None, typer.Option(help="Where it resides.")] = None,
    access: Annotated[str | None, typer.Option(help="Where it uses the Sites from.")] = None,
    at: At = None,
    version: Version = None,
    catalogue: Catalogue = None,
    form: Shown = None,
) -> None:
    """Whom a Member contracts with.

    Under which law, and where to write: every party the text names.
    """
    chosen = _version(Terms.load(catalogue), version, at)
    found = contracting_party(
        chosen,
        origin=origin,
        residence=residence,
        access=access,
        site=site or chosen.families[:1],
    )
    several = found.candidates if isinstance(found, Ambiguous) else (found,)
    shown = [
        {"terms": chosen.id, "ambiguous": isinstance(found, Ambiguous), **_party(p)}
        for p in several
    ]
    rows(shown, ("terms", "ambiguous", "entity", "law", "court", "notice_address"), form)


@app.command()
def coverage(version: Version = None, catalogue: Catalogue = None, form: Shown = None) -> None:
    """What enforces each statement, or why a person must."""
    chosen = None if version is None and catalogue is None else _version(
        Terms.load(catalogue), version, None
    )  # fmt: skip
    rows(covered(chosen), ("ref", "kind", "standard", "enforced_by"), form)


@app.command()
def readings(catalogue: Catalogue = None, form: Shown = None) -> None:
    """Where the text is ambiguous, and possible answers."""
    found = [
        {
            "reading": reading.id,
            "question": reading.question,
            "options": list(reading.options),
            "default": reading.default,
        }
        for reading in Terms.load(catalogue).readings.values()
    ]
    rows(found, ("reading", "question", "options", "default"), form)


def _version(terms: Terms, version: str | None, at: str | None) -> TermsVersion:
    if version is not None:
        return terms.version(version)
    return terms.versions[-1] if at is None else terms.in_force(instant(at))


def _statement(statement: Statement, version: TermsVersion) -> dict[str, Any]:
    doors = version.openings(statement.ref)
    return {
        "ref": statement.ref.text,
        "terms": version.id,
        "bearers": [b.value for b in statement.bearers],
        "kind": statement.kind.value,
        "standard": statement.standard.label,
        "reasonable": statement.gate.reasonable,
        "discretion": statement.gate.discretion.value,
        "triggers": [t.value for t in statement.triggers],
        "paraphrase": statement.paraphrase,
        "opens": sorted(p.value for p in statement.powers),
        "as_a_ground_opens": {
            door.power_clause.text: f"{', '.join(sorted(p.value for p in door.powers))} "
            f"at {door.gate.standard.label}"
            for door in doors
        },
        "readings": list(statement.readings),
        "enforced_by": list(statement.enforced_by),
    }


def _party(party: Party) -> dict[str, Any]:
    return {
        "entity": party.entity.name,
        "company_number": party.entity.company_number,
        "law": party.governing_law,
        "court": party.court,
        "notice_address": ", ".join(party.notice_address.lines(party.entity)),
        "privacy_policies": list(party.privacy_policies),
    }
