"""What the statements have in common: which rows are meant, in which order, and how many."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, select

from policyenforce.ledger.tables import METADATA

entry, vault, mark, holder, history = (
    METADATA.tables[name] for name in ("entry", "vault", "mark", "holder", "history")
)
IS_FACT = entry.c.kind == literal_column("'fact'")
AS_FACT = mark.c.role == literal_column("'fact'")
AS_HOLDER = mark.c.role == literal_column("'holder'")
WITH_VAULT = entry.outerjoin(
    vault, (vault.c.stream == entry.c.stream) & (vault.c.seq == entry.c.seq)
)
NOW_OF = func.coalesce(holder.c.user, mark.c.user)  # the user a mark belongs to by now
LIMIT: Any = bindparam("limit", type_=entry.c.seq.type)
ONE: Any = literal_column("1")


def rows(source: Any = WITH_VAULT) -> Select[Any]:
    """The columns of ``chain.Row``."""
    return select(*entry.c, vault.c.personal, vault.c.salt).select_from(source)


def keyed() -> tuple[Any, Any]:
    """Marks of one key."""
    return mark.c.kind == bindparam("kind"), mark.c.value == bindparam("value")


def follows(outcome: Any) -> Any:
    """INVARIANT: an outcome stands in the stream of its fact, at its position."""
    here = (outcome.c.stream == entry.c.stream) & (outcome.c.position == entry.c.position)
    return here & (outcome.c.kind != literal_column("'fact'"))


def first(rows: Select[Any], limit: Any = LIMIT) -> Select[Any]:
    """The first rows; without an offset of its own the compiler would add a parameter."""
    return rows.limit(limit).offset(literal_column("0"))


def last(facts: Select[Any]) -> Select[Any]:
    """The newest of these facts."""
    return first(facts.order_by(entry.c.position.desc()))


def last_mark(facts: Select[Any]) -> Select[Any]:
    """The newest mark before a position."""
    seen = facts.where(mark.c.position < bindparam("before"))
    return first(seen.order_by(mark.c.position.desc()))


def holders() -> Select[Any]:
    """Who bears a key, by the user it belongs to by now."""
    bearing = mark.outerjoin(holder, holder.c.named == mark.c.user)
    return first(
        select(mark.c.holder, NOW_OF, mark.c.position, mark.c.fact_id)
        .select_from(bearing)
        .where(*keyed(), AS_HOLDER, mark.c.position < bindparam("before"))
        .order_by(mark.c.position, mark.c.holder)
    )


def finding() -> Select[Any]:
    """The outcomes that tell a finding, the newest of a fact first."""
    outcome = entry.alias("outcome")
    facts = mark.join(entry, (entry.c.id == mark.c.fact_id) & IS_FACT)
    found = facts.join(outcome, follows(outcome)).outerjoin(
        vault, (vault.c.stream == outcome.c.stream) & (vault.c.seq == outcome.c.seq)
    )
    is_finding = mark.c.kind == literal_column("'finding'")
    value, before = mark.c.value == bindparam("value"), mark.c.position < bindparam("before")
    return (
        select(*outcome.c, vault.c.personal, vault.c.salt)
        .select_from(found)
        .where(is_finding, value, AS_FACT, before)
        .order_by(mark.c.position, outcome.c.seq.desc())
    )


def tally() -> Select[Any]:
    """As many later bearers of a key as are asked for."""
    later = mark.c.position > bindparam("after")
    return first(select(ONE).select_from(mark).where(*keyed(), AS_HOLDER, later))


def count_facts() -> Select[Any]:
    """As many later facts of a kind as are asked for."""
    tagged, later = entry.c.tag == bindparam("tag"), entry.c.position > bindparam("after")
    return first(select(ONE).select_from(entry).where(IS_FACT, tagged, later))


def latest() -> Select[Any]:
    """The last position of all facts: of each kind the last one, found by the index of kinds."""
    tag, least = entry.c.tag, func.min(entry.c.tag)
    first = select(least.label("tag")).where(IS_FACT).cte("kinds", recursive=True)
    following = select(least).where(IS_FACT, tag > first.c.tag).correlate(first)
    kinds = first.union_all(select(following.scalar_subquery()).where(first.c.tag.is_not(None)))
    last = select(func.max(entry.c.position)).where(IS_FACT, tag == kinds.c.tag).correlate(kinds)
    return select(func.max(last.scalar_subquery())).select_from(kinds)


def bearers(marks: Any, *which: Any) -> Select[Any]:
    """The users who bear some of these marks and whose history is newer."""
    bearing = marks.outerjoin(holder, holder.c.named == mark.c.user)
    return first(
        select(NOW_OF.label("bearer"))
        .distinct()
        .select_from(bearing.join(history, history.c.user == NOW_OF))
        .where(*which, history.c.newest > bindparam("after"))
        .order_by(literal_column("bearer"))
    )
