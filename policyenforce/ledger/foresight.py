"""What is read along with a first answer because it is likely asked next: PostgreSQL only.

Who bears a key is followed by what those Users hold, and what is approved for the key. Where few
bear it, all of that comes on the same journey. What was not foreseen is asked as ever.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from policyenforce.ledger.statements import Asked, Statements
from policyenforce.ledger.tables import METADATA
from policyenforce.model.questions import BEARER, SAME_KEY, Question, Wants

_FEW = 16  # rows that tell who bears a key; of a commoner key nothing is foreseen
_MOST = 32  # Users whose facts are foreseen
_MANY = 64  # facts of one User; of whom there are as many, those are not foreseen
_NAMES = [column.name for column in METADATA.tables["entry"].c]
_TAG = _NAMES.index("tag")
_COLUMNS = ", ".join(f"entry.{name}" for name in _NAMES)
_KEYS = "unnest(%s::text[], %s::text[]) WITH ORDINALITY AS asked (kind, value, n)"
_VAULT = "LEFT JOIN vault ON vault.stream = entry.stream AND vault.seq = entry.seq"
_MARKED = f"""
SELECT asked.n, told.* FROM {_KEYS} CROSS JOIN LATERAL (
  SELECT {_COLUMNS}, vault.personal, vault.salt
  FROM mark JOIN entry ON entry.id = mark.fact_id AND entry.kind = 'fact' {_VAULT}
  WHERE mark.kind = asked.kind AND mark.value = asked.value AND mark.role = 'fact'
    AND mark.tag = ANY(%s::text[]) AND mark.position < %s
  ORDER BY mark.position DESC LIMIT %s
) AS told
"""
_LIVES = f"""
WITH bearing AS (
  SELECT found.bearer, count(*) OVER (PARTITION BY asked.n) AS rows
  FROM {_KEYS} CROSS JOIN LATERAL (
    SELECT coalesce(holder."user", mark."user") AS bearer
    FROM mark LEFT JOIN holder ON holder.named = mark."user"
    WHERE mark.kind = asked.kind AND mark.value = asked.value AND mark.role = 'holder'
      AND mark.position < %s
    ORDER BY mark.position LIMIT {_FEW + 1}
  ) AS found
), few AS (
  SELECT DISTINCT bearer FROM bearing WHERE rows <= {_FEW} AND bearer <> %s
  LIMIT {_MOST}
)
SELECT few.bearer, holder."user", EXISTS (SELECT FROM member WHERE member."user" = few.bearer),
  told.*
FROM few LEFT JOIN holder ON holder.named = few.bearer
LEFT JOIN LATERAL (
  SELECT {_COLUMNS}, vault.personal, vault.salt
  FROM entry {_VAULT}
  WHERE entry.stream = few.bearer AND entry.kind = 'fact' AND entry.tag = ANY(%s::text[])
    AND entry.position < %s
  ORDER BY entry.position DESC LIMIT {_MANY}
) AS told ON true
"""


@frozen
class Foreseen:
    """The rows of statements not asked yet, whose the bearers are, and if the User is one alone."""

    rows: Mapping[Asked, list[Any]]
    named: Mapping[str, str | None]
    alone: bool


NOTHING = Foreseen({}, {}, alone=False)


@frozen
class Foresight:
    """Which statements go ahead of their questions, and what their rows tell."""

    plan: Callable[[Question, str], list[Asked]]
    sql: Statements
    keys: tuple[tuple[str, str], ...]
    user: str
    before: str
    of_keys: tuple[Question, ...]
    of_bearers: tuple[Question, ...]

    @classmethod
    def of(
        cls, asked: Sequence[tuple[Question, str]], likely: Sequence[Question], **rest: Any
    ) -> Foresight | None:
        """The foresight on these questions, or None where none asks who bears a key."""
        keys = tuple((q.kind, value) for q, value in asked if q.wants is Wants.HOLDERS)
        if not (keys and likely):
            return None
        of_keys, of_bearers = (
            tuple(question for question in likely if question.value == value)
            for value in (SAME_KEY, BEARER)
        )
        return cls(keys=keys, of_keys=of_keys, of_bearers=of_bearers, **rest)

    def statements(self) -> list[Asked]:
        """The statements to send along."""
        kinds, values = map(list, zip(*self.keys, strict=True))
        marked = [
            (_MARKED, (kinds, values, list(question.of), self.before, question.limit))
            for question in self.of_keys
        ]
        tags = sorted({tag for question in self.of_bearers for tag in question.of})
        lives = (_LIVES, (kinds, values, self.before, self.user, tags, self.before))
        return [*marked, lives, (self.sql.joined, (self.user,))]

    def read(self, found: Sequence[list[Any]]) -> Foreseen:
        """What the rows of those statements tell, each in its order."""
        *marked, lives, joined = found
        foreseen: dict[Asked, list[Any]] = {}
        named: dict[str, str | None] = {}
        for question, rows in zip(self.of_keys, marked, strict=True):
            foreseen.update(self._newest_marked(question, rows))
        told: dict[str, list[Any]] = defaultdict(list)
        for bearer, whose, others, *row in lives:
            if whose in (None, bearer) and not others:
                named[bearer] = whose
                told[bearer].extend([row] if row[0] is not None else [])
        for bearer, rows in told.items():
            if len(rows) < _MANY:
                foreseen.update(self._newest(bearer, rows))
        return Foreseen(foreseen, named, not joined)

    def _newest_marked(
        self, question: Question, rows: list[Any]
    ) -> Iterator[tuple[Asked, list[Any]]]:
        """What each statement about a key finds: the rows of the tags it names."""
        of_key: dict[int, list[Any]] = defaultdict(list)
        for number, *row in rows:
            of_key[number].append(row)
        for number, (kind, value) in enumerate(self.keys, 1):
            mine = of_key[number]
            if len(mine) < question.limit:
                for asked in self.plan(question._replace(kind=kind), value):
                    yield asked, [row for row in mine if row[_TAG] in asked[1][2:-2]]

    def _newest(self, bearer: str, rows: list[Any]) -> Iterator[tuple[Asked, list[Any]]]:
        for question in self.of_bearers:
            for tag in question.of:
                mine = [row for row in rows if row[_TAG] == tag]
                asked = self.sql.newest_tagged, (bearer, tag, self.before, question.limit)
                yield asked, mine[: question.limit]
