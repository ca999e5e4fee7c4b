"""The hot statements, compiled once from the tables to the text that a driver takes.

Each comes with the names of its parameters, checked here, so that callers give them by place.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from attrs import frozen
from sqlalchemy import (
    bindparam,
    delete,
    func,
    literal_column,
    make_url,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.expression import ClauseElement

from policyenforce.ledger.port import MarkRow
from policyenforce.ledger.selects import (
    AS_FACT,
    IS_FACT,
    ONE,
    bearers,
    count_facts,
    finding,
    first,
    follows,
    holders,
    keyed,
    last,
    last_mark,
    latest,
    rows,
    tally,
)
from policyenforce.ledger.tables import METADATA

entry, vault, mark, holder, member, history, sessions, deadline, token_key = (
    METADATA.tables[name]
    for name in (
        "entry",
        "vault",
        "mark",
        "holder",
        "member",
        "history",
        "sessions",
        "deadline",
        "token_key",
    )
)

Asked = tuple[str, tuple[Any, ...]]
"""A statement and its parameters."""


@frozen
class Statements:
    """The text of each statement; parameters in the order that ``statements`` names them."""

    head: str
    heads: str
    add_entry: str
    add_vault: str
    add_mark: str
    drop_mark: str
    rows: str
    orphans: str
    fact: str
    fact_stream: str
    fact_keys: str
    at_key: str
    outcome: str
    finding: str
    newest_facts: str
    newest_tagged: str
    newest_marked: str
    newest_marked_tagged: str
    holders: str
    bearers: str
    tally: str
    count_facts: str
    bearers_of_all: str  # of keys in a JSON list; PostgreSQL sends ``bearers`` for each instead
    facts: str
    outcomes: str
    stream_of: str
    bind: str
    joined: str
    join: str
    separate: str
    history: str
    put_history: str
    move_history: str
    sessions: str
    put_sessions: str
    newest: str
    latest: str
    deadlines: str
    put_deadline: str
    done_deadline: str
    erase: str
    erase_sessions: str
    fingerprints: str
    clear_fingerprints: str
    add_fingerprint: str
    users: str
    count_kinds: str
    count_streams: str
    count_users: str
    marks: str
    clear_marks: str
    clear_holders: str
    clear_members: str
    clear_sessions: str


@cache
def statements(name: str) -> Statements:
    """The statements for ``sqlite`` (places are ``?``) or ``postgresql`` (places are ``%s``).

    >>> statements("sqlite").stream_of
    'SELECT holder.user FROM holder WHERE holder.named = ?'
    """
    if name == "sqlite":
        return _Compiler("sqlite://", "qmark", sqlite.insert).all()
    return _Compiler("postgresql+psycopg://", "format", postgresql.insert).all()


class _Compiler:
    def __init__(self, url: str, places: str, insert: Any) -> None:
        dialect: Any = make_url(url).get_dialect()
        self._dialect = dialect(paramstyle=places)
        self._insert = insert

    def __call__(self, statement: ClauseElement, *names: str) -> str:
        made: Any = statement.compile(dialect=self._dialect)
        found = tuple(made.positiontup or ())
        if found != names:
            raise AssertionError(f"{made} takes {found}, not {names}")
        return " ".join(str(made).split())

    def all(self) -> Statements:
        return Statements(
            **self._history(), **self._reading(), **self._answers(),
            **self._projections(), **self._deadlines(), **self._whole(),
        )  # fmt: skip

    def _history(self) -> dict[str, str]:
        mine = entry.c.stream == bindparam("stream")
        heads = select(entry.c.seq, entry.c.hash, entry.c.recorded_at).where(mine)
        found = self._insert(mark)
        keyed = ("kind", "value", "role", "holder")
        earlier = found.on_conflict_do_update(
            index_elements=keyed,
            set_={name: found.excluded[name] for name in ("user", "tag", "position", "fact_id")},
            where=found.excluded.position < mark.c.position,
        )
        this = (mark.c[name] == bindparam(name) for name in keyed)
        return {
            "head": self(first(heads.order_by(entry.c.seq.desc()), ONE), "stream"),
            "add_entry": self(self._insert(entry), *entry.c.keys()),
            "add_vault": self(self._insert(vault), *vault.c.keys()),
            "add_mark": self(earlier, *mark.c.keys()),
            "drop_mark": self(delete(mark).where(*this), *keyed),
            "erase": self(delete(vault).where(vault.c.stream == bindparam("stream")), "stream"),
            "erase_sessions": self(
                delete(sessions).where(sessions.c.stream == bindparam("stream")), "stream"
            ),
        }

    def _reading(self) -> dict[str, str]:
        by_id = (entry.c.id == bindparam("id")) & IS_FACT
        mine = entry.c.stream == bindparam("stream")
        known = entry.c.recorded_at <= bindparam("known_at")
        later = entry.c.position >= bindparam("start")
        outcome = entry.alias("outcome")
        followed = outcome.join(entry, follows(outcome))
        at_key = rows().where(mine, entry.c.seq == bindparam("seq"))
        return {
            "fact": self(rows().where(by_id), "id"),
            "fact_stream": self(select(entry.c.stream).where(by_id), "id"),
            "at_key": self(at_key, "stream", "seq"),
            "outcome": self(
                first(
                    select(outcome.c.body)
                    .select_from(followed)
                    .where(by_id)
                    .order_by(outcome.c.seq.desc()),
                    ONE,
                ),
                "id",
            ),
            "facts": self(
                rows().where(mine, IS_FACT, later, known).order_by(entry.c.position),
                "stream", "start", "known_at",
            ),
            "outcomes": self(
                rows().where(mine, ~IS_FACT, known).order_by(entry.c.seq), "stream", "known_at"
            ),
        }  # fmt: skip

    def _answers(self) -> dict[str, str]:
        mine = entry.c.stream == bindparam("stream")
        tagged = entry.c.tag == bindparam("tag")
        tag, or_tag = (mark.c.tag == bindparam(name) for name in ("tag", "or_tag"))
        before = entry.c.position < bindparam("before")
        newest = rows().where(mine, IS_FACT)
        marked = rows(
            mark.join(entry, (entry.c.id == mark.c.fact_id) & IS_FACT).outerjoin(
                vault, (vault.c.stream == entry.c.stream) & (vault.c.seq == entry.c.seq)
            )
        ).where(*keyed(), AS_FACT)
        return {
            "newest_facts": self(last(newest.where(before)), "stream", "before", "limit"),
            "newest_tagged": self(
                last(newest.where(tagged, before)), "stream", "tag", "before", "limit"
            ),
            "newest_marked": self(last_mark(marked), "kind", "value", "before", "limit"),
            "newest_marked_tagged": self(
                last_mark(marked.where(tag | or_tag)),
                "kind", "value", "tag", "or_tag", "before", "limit",
            ),
            "holders": self(holders(), "kind", "value", "before", "limit"),
            "finding": self(finding(), "value", "before"),
            "bearers": self(bearers(mark, *keyed()), "kind", "value", "after", "limit"),
            "tally": self(tally(), "kind", "value", "after", "limit"),
            "count_facts": self(count_facts(), "tag", "after", "limit"),
            "bearers_of_all": self._bearers_of_all(),
        }  # fmt: skip

    def _bearers_of_all(self) -> str:
        if self._dialect.name != "sqlite":
            return ""
        key = func.json_each(bindparam("keys")).table_valued("value", name="key")
        kind, value = (
            func.json_extract(key.c.value, literal_column(f"'$[{place}]'")) for place in (0, 1)
        )
        marks = key.join(mark, (mark.c.kind == kind) & (mark.c.value == value))
        return self(bearers(marks), "keys", "after", "limit")

    def _projections(self) -> dict[str, str]:
        bound = self._insert(holder)
        bind = bound.on_conflict_do_update(
            index_elements=["named"], set_={"user": bound.excluded.user}
        )
        one = history.c.user == bindparam("user")
        put = self._insert(history)
        put_history = put.on_conflict_do_update(
            index_elements=["user"],
            set_={
                "version": history.c.version + literal_column("1"),
                "newest": put.excluded.newest,
                "body": put.excluded.body,
            },
        )
        kept = self._insert(sessions)
        of_account = sessions.c.account == bindparam("account")
        named = holder.c.named == bindparam("named")
        whose = member.c.user == bindparam("user")
        this = member.c.stream == bindparam("stream")
        joined = select(member.c.stream).where(whose).order_by(member.c.stream)
        return {
            "stream_of": self(select(holder.c.user).where(named), "named"),
            "bind": self(bind, "named", "user"),
            "joined": self(joined, "user"),
            "join": self(self._insert(member).on_conflict_do_nothing(), "user", "stream"),
            "separate": self(delete(member).where(whose, this), "user", "stream"),
            "history": self(
                select(history.c.version, history.c.newest, history.c.body).where(one), "user"
            ),
            "sessions": self(select(sessions.c.body).where(of_account), "account"),
            "put_sessions": self(
                kept.on_conflict_do_update(
                    index_elements=["account"],
                    set_={name: kept.excluded[name] for name in ("stream", "body")},
                ),
                *sessions.c.keys(),
            ),
            "newest": self(select(history.c.newest).where(one), "user"),
            "latest": self(latest()),
            "put_history": self(put_history, *history.c.keys()),
            "move_history": self(
                update(history).where(one).values(newest=bindparam("newest")), "newest", "user"
            ),
        }

    def _deadlines(self) -> dict[str, str]:
        is_open = deadline.c.done == literal_column("0")
        put = self._insert(deadline)
        moved = {n: put.excluded[n] for n in ("account_id", "due_at", "deadline", "concerns")}
        due = select(*deadline.c[:5]).where(is_open, deadline.c.due_at <= bindparam("until"))
        done = update(deadline).where(deadline.c.id == bindparam("which"))
        return {
            "deadlines": self(due.order_by(deadline.c.due_at, deadline.c.id), "until"),
            "put_deadline": self(
                put.on_conflict_do_update(index_elements=["id"], set_=moved, where=is_open),
                *deadline.c.keys(),
            ),
            "done_deadline": self(done.values(done=literal_column("1")), "which"),
        }  # fmt: skip

    def _whole(self) -> dict[str, str]:
        last = select(entry.c.stream, func.max(entry.c.seq).label("seq")).group_by(entry.c.stream)
        newest = last.subquery("newest")
        same = (newest.c.stream == entry.c.stream) & (newest.c.seq == entry.c.seq)
        of_head = (entry.c.stream, entry.c.seq, entry.c.hash, entry.c.recorded_at)
        heads = select(*of_head).select_from(entry.join(newest, same)).order_by(entry.c.stream)
        owned = (entry.c.stream == vault.c.stream) & (entry.c.seq == vault.c.seq)
        lost = select(vault.c.stream, vault.c.seq).select_from(vault.outerjoin(entry, owned))
        keys = select(entry.c.stream, entry.c.seq).where(IS_FACT).order_by(entry.c.position)
        kinds = select(entry.c.kind, func.count()).group_by(entry.c.kind)
        return {
            "heads": self(heads),
            "rows": self(rows().order_by(entry.c.stream, entry.c.seq)),
            "orphans": self(lost.where(entry.c.id.is_(None)).order_by(*vault.c[:2])),
            "fact_keys": self(keys),
            "fingerprints": self(select(*token_key.c)),
            "clear_fingerprints": self(delete(token_key)),
            "add_fingerprint": self(self._insert(token_key), *token_key.c.keys()),
            "users": self(select(history.c.user).order_by(history.c.user)),
            "count_kinds": self(kinds),
            "count_streams": self(select(func.count(entry.c.stream.distinct()))),
            "count_users": self(select(func.count()).select_from(history)),
            "marks": self(select(*(mark.c[name] for name in MarkRow._fields))),
            "clear_marks": self(delete(mark)),
            "clear_holders": self(delete(holder)),
            "clear_members": self(delete(member)),
            "clear_sessions": self(delete(sessions)),
        }
