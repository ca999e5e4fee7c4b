"""Hypothesis strategies for facts and for the records they lead to.

Importing this module needs the extra ``testing``. What is drawn is always sound: every fact can
be written and read, every decision stands under the Terms it names.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any, TypeVar, cast, get_args, get_origin

from attrs import NOTHING, Attribute, Factory, fields, has, resolve_types
from hypothesis import strategies as st

from policyenforce.model.codec import CLAUSE_TEXTS, LIMITS
from policyenforce.model.decisions import (
    Decision,
    DisciplinaryAction,
    Ground,
    ProtectiveMeasure,
    Status,
)
from policyenforce.model.evidence import Evidence
from policyenforce.model.facts import FACT_TYPES, Fact
from policyenforce.model.facts.dealings import Money
from policyenforce.model.facts.procedure import Actor, MeasureKind
from policyenforce.model.findings import Finding, Severity, found
from policyenforce.terms.gates import Opening, OpensPowers, Standard, Trigger
from policyenforce.terms.references import ClauseRef
from policyenforce.terms.timeline import Terms
from policyenforce.terms.versions import TermsVersion

__all__ = [
    "clauses",
    "decisions",
    "facts",
    "facts_of",
    "findings",
    "instants",
    "measures",
    "records_of",
    "texts",
]

F = TypeVar("F", bound=Fact)
T = TypeVar("T")
Special = Mapping[Any, st.SearchStrategy[Any]]

_ZONES = (UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-3, minutes=-30)))
_FORMS = {"currency": ("CNY", "EUR", "USD"), "language": ("en", "zh-Hant")}
_MOST = 3  # items in a collection that is drawn


def texts(*, least: int = 0) -> st.SearchStrategy[str]:
    """Short text of any script, without the lone surrogates that no file can hold."""
    return st.text(st.characters(exclude_categories=["Cs"]), min_size=least, max_size=12)


def instants() -> st.SearchStrategy[datetime]:
    """Aware times around the versions of the shipped Terms, in several zones."""
    return st.datetimes(
        datetime(2010, 1, 1), datetime(2040, 1, 1), timezones=st.sampled_from(_ZONES)
    )


def clauses() -> st.SearchStrategy[ClauseRef]:
    """References to statements of the newest of the shipped Terms."""
    return st.sampled_from([s.ref for s in Terms.load().versions[-1].statements])


def facts() -> st.SearchStrategy[Fact]:
    """Facts of every kind."""
    return st.sampled_from(sorted(FACT_TYPES)).flatmap(lambda tag: facts_of(FACT_TYPES[tag]))


def facts_of(cls: type[F]) -> st.SearchStrategy[F]:
    """Facts of one class.

    >>> from policyenforce.model.facts.registration import AccountClosed
    >>> facts_of(AccountClosed).validate()
    """
    return cast("st.SearchStrategy[F]", _cached(cast("Hashable", cls)))


def findings() -> st.SearchStrategy[Finding]:
    """Findings whose ids are the digests of their inputs."""
    return st.builds(
        found,
        st.builds(str, clauses()),
        subject=texts(least=1),
        confidence=st.floats(0, 1),
        explanation=texts(),
        check=texts(least=1),
        version=st.integers(1, 9),
        fact_ids=st.lists(texts(least=1), max_size=_MOST),
        evidence=st.lists(_of(Evidence), max_size=_MOST),
        attested=st.none() | st.sampled_from(Standard),
        severity=st.sampled_from(Severity),
        category=st.none() | texts(),
        target=st.none() | texts(),
        triggers=st.lists(st.sampled_from(Trigger), max_size=_MOST, unique=True),
    )


def measures() -> st.SearchStrategy[ProtectiveMeasure]:
    """Protective measures that keep their own rules: an end, and T26's person and amount."""
    pause = MeasureKind.PAUSE_PAYOUTS
    others = st.sampled_from([kind for kind in MeasureKind if kind is not pause])
    return st.one_of(
        _measure(others, st.none() | _of(Actor), st.none() | _of(Money)),
        _measure(st.just(pause), _of(Actor), _of(Money)),
    )


def decisions(terms: TermsVersion) -> st.SearchStrategy[Decision]:
    """Decisions whose actions lie inside powers that their grounds open under these Terms."""
    pairs = [(s.ref, opening) for s in terms.statements for opening in terms.openings(s.ref)]
    chosen = st.lists(st.integers(0, len(pairs) - 1), min_size=1, max_size=2)
    drawn = st.tuples(chosen, st.sampled_from(Status))
    return drawn.flatmap(lambda d: _decision(terms, [pairs[index] for index in d[0]], d[1]))


def records_of(cls: type[T], terms: TermsVersion) -> st.SearchStrategy[T]:
    """Records of one class, such as ``Outcome`` or ``History``, under one version of the Terms."""
    special = {
        Finding: findings(),
        ProtectiveMeasure: measures(),
        Decision: decisions(terms),
        ClauseRef: clauses(),
    }
    return cast("st.SearchStrategy[T]", special[cls] if cls in special else _of(cls, special))


def _ids() -> st.SearchStrategy[str]:
    seen = st.characters(exclude_categories=["C", "Z"])
    return st.text(seen, min_size=1, max_size=12).filter(lambda text: text != "house")


@cache
def _cached(cls: Hashable) -> st.SearchStrategy[Any]:
    return _of(cast("type[Fact]", cls), {}, id=_ids())


def _measure(
    kinds: st.SearchStrategy[MeasureKind],
    by: st.SearchStrategy[Actor | None],
    amounts: st.SearchStrategy[Money | None],
) -> st.SearchStrategy[ProtectiveMeasure]:
    times = st.tuples(instants(), st.timedeltas(timedelta(microseconds=1), timedelta(days=90)))
    return times.flatmap(
        lambda drawn: _of(
            ProtectiveMeasure,
            kind=kinds,
            by=by,
            amount=amounts,
            starts=st.just(drawn[0]),
            ends=st.just(drawn[0] + drawn[1]),
        )
    )


def _decision(
    terms: OpensPowers, pairs: list[tuple[ClauseRef, Opening]], status: Status
) -> st.SearchStrategy[Decision]:
    over = status in (Status.REJECTED, Status.OVERTURNED)
    grounds = st.tuples(*(_ground(clause, opening, over) for clause, opening in pairs))
    actions = st.tuples(*(_action(clause, opening) for clause, opening in pairs))
    special = {OpensPowers: st.just(terms)}
    return _of(Decision, special, grounds=grounds, actions=actions, status=st.just(status))


def _ground(clause: ClauseRef, opening: Opening, may_fall: bool) -> st.SearchStrategy[Ground]:
    enough = [standard for standard in Standard if standard >= opening.gate.standard]
    return _of(
        Ground,
        clause=st.just(clause),
        standard=st.sampled_from(enough),
        triggers=st.just(opening.gate.triggers),
        fallen=st.booleans() if may_fall else st.just(False),
    )


def _action(clause: ClauseRef, opening: Opening) -> st.SearchStrategy[DisciplinaryAction]:
    return _of(
        DisciplinaryAction,
        power=st.sampled_from(sorted(opening.powers)),
        ground=st.just(clause),
        power_clause=st.just(opening.power_clause),
    )


def _of(
    cls: type[T], special: Special | None = None, **given: st.SearchStrategy[Any]
) -> st.SearchStrategy[T]:
    """Values of an attrs class, each field by its type and name unless given."""
    drawn = {
        a.alias: given[a.name] if a.name in given else _field(a, special or {})
        for a in fields(resolve_types(cast("type[Any]", cls)))
    }
    return st.builds(cls, **drawn)


def _field(attribute: Attribute[Any], special: Special) -> st.SearchStrategy[Any]:
    values = _kind(attribute.type, attribute.name, special)
    if attribute.default is NOTHING or isinstance(attribute.default, Factory):  # type: ignore[arg-type]  # attrs types Factory as a function
        return values
    return st.just(attribute.default) | values


def _kind(kind: Any, name: str, special: Special) -> st.SearchStrategy[Any]:
    if kind in special:
        return special[kind]
    inner, origin = get_args(kind), get_origin(kind)
    if NoneType in inner:
        known = next(one for one in inner if one is not NoneType)
        return st.none() | _kind(known, name, special)
    if origin in (tuple, frozenset):
        return st.lists(_kind(inner[0], name, special), max_size=_MOST).map(origin)
    if inner:
        key, value = (_kind(one, name, special) for one in inner)
        return st.dictionaries(key, value, max_size=_MOST)
    return _of(kind, special) if has(kind) else _plain(kind, name)


def _plain(kind: type[Any], name: str) -> st.SearchStrategy[Any]:
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    if kind is str:
        if name in CLAUSE_TEXTS:
            return st.builds(str, clauses())
        if name.endswith(("account_id", "user_id")):
            return _ids()
        return st.sampled_from(_FORMS[name]) if name in _FORMS else texts()
    low, high = LIMITS.get(name, (-1e9, 1e9))
    plain: dict[Any, st.SearchStrategy[Any]] = {
        int: st.integers(int(low), int(min(high, 1e9))),
        float: st.floats(low, min(high, 1e9)),
        bool: st.booleans(),
        Decimal: st.decimals(-(10**9), 10**9, places=4),
        datetime: instants(),
        date: st.dates(),
    }
    return plain[kind]
