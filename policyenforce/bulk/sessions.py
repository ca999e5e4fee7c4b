"""A whole table of session events: the scores of each account, its verdict, and why (4.3, 4.5).

The state of every account is gathered at once; what it amounts to is asked of the same functions
that judge a single account. Nothing here decides anything: a verdict is a reason to look.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from policyenforce.bulk.events import sound, with_countries
from policyenforce.bulk.session_log import Log, log_of
from policyenforce.bulk.session_states import states
from policyenforce.checks.account_sharing.countries import Countries
from policyenforce.checks.account_sharing.scores import Judged, judged
from policyenforce.model.evidence import Bearing
from policyenforce.policy.load import load_rules
from policyenforce.policy.sessions import SessionPoints

_AHEAD = timedelta(days=1)
_EVIDENCE = pa.list_(
    pa.struct([("kind", pa.string()), ("points", pa.int32()), ("sentence", pa.string())])
)


@frozen
class Sessions:
    """One row an account, by its id, and how many rows of the log were what.

    ``scores`` has ``account_id, outside, inside, takeover, transferred, verdict, evidence``; points
    below 0 in ``evidence`` speak against the verdict. ``counts`` tells events, accounts, which
    events were repeated, out of order or put aside as ahead of the time, and accounts by verdict.
    """

    scores: pa.Table
    counts: Mapping[str, int]


def sessions(
    table: pa.Table,
    points: SessionPoints | None = None,
    *,
    now: datetime | None = None,
    country_of: Countries | None = None,
    progress: Callable[[str], None] = lambda stage: None,
) -> Sessions:
    """Judge the sessions of every account of a log; the order of its rows plays no part.

    ``table`` has ``account_id``, ``at``, ``event`` and any of the other columns of
    ``events.EVENT_COLUMNS``; ``points`` are by default those of the built-in house rules. Events
    more than a day after ``now`` are put aside, unless most of the log is: a log that is dated
    ahead as a whole has its own time. Where an event tells an address and no country,
    ``country_of`` is asked. Raises InputError for a table that holds what is no event.

    >>> from datetime import UTC
    >>> seen = {"account_id": ["a"], "at": [datetime(2019, 10, 3, tzinfo=UTC)],
    ...         "event": ["activity"], "device_id": ["d-1"]}
    >>> sessions(pa.table(seen)).scores.select(["account_id", "verdict"]).to_pylist()
    [{'account_id': 'a', 'verdict': 'none'}]
    """
    progress("reading")
    events, _ = sound(table, "the table")
    whole = len(events)
    if country_of is not None:
        events = with_countries(events, country_of)
    if now is not None:
        ahead = pc.greater(events["at"], pa.scalar(now + _AHEAD, events["at"].type))
        if 2 * (pc.sum(ahead).as_py() or 0) < whole:
            events = events.filter(pc.invert(ahead))
    kept = len(events)
    log = log_of(events)
    table_of_points = points or load_rules().sessions
    common = frozenset(
        name for name, shared in zip(log.devices, log.common.tolist(), strict=True) if shared
    )
    with _nothing_to_collect():
        progress("gathering")
        gathered = states(log)
        progress("judging")
        found = [judged(state, table_of_points, common) for state in gathered]
    progress("telling")
    scores = _told(log, found)
    verdicts = pc.value_counts(scores["verdict"])
    return Sessions(
        scores,
        {
            "events": whole,
            "accounts": len(found),
            "repeated events": log.repeated,
            "events out of order": log.late,
            "events ahead of the time": whole - kept,
            **{row["values"]: row["counts"] for row in verdicts.to_pylist()},
        },
    )


@contextmanager
def _nothing_to_collect() -> Iterator[None]:
    """Without the search for cycles: states have none, and a million of them are searched often."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _told(log: Log, found: list[Judged]) -> pa.Table:
    evidence = [
        [
            {
                "kind": one.kind,
                "points": one.points if one.bearing is Bearing.INCRIMINATING else -one.points,
                "sentence": one.sentence,
            }
            for one in account.evidence
        ]
        for account in found
    ]
    table = pa.table(
        {
            "account_id": log.accounts,
            **{
                name: pa.array([getattr(account, name) for account in found], pa.float64())
                for name in ("outside", "inside", "takeover", "transferred")
            },
            "verdict": pa.array([account.verdict.value for account in found], pa.string()),
            "evidence": pa.array(evidence, _EVIDENCE),
        }
    )
    return table.sort_by("account_id")
