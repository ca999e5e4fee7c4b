"""Folding a User's facts again: after a late fact, for the past, and to check a projection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from operator import attrgetter

from attrs import evolve, frozen

from policyenforce.discipline.history import advance, as_told
from policyenforce.discipline.notice import notice_of
from policyenforce.enforcer.belonging import known_streams
from policyenforce.enforcer.braking import evaluated
from policyenforce.enforcer.reading import Reader
from policyenforce.enforcer.sessions import Gathered
from policyenforce.ledger.port import Stored, Transaction
from policyenforce.model.conditions import Condition
from policyenforce.model.decisions import Decision, DisciplinaryAction, ProtectiveMeasure
from policyenforce.model.fact import Fact
from policyenforce.model.findings import Finding
from policyenforce.model.outcome import History, Notice, Outcome


@frozen
class Changed:
    """A fact whose outcome is not what it was: its entry, the fact, what it is now and was."""

    stored: Stored
    fact: Fact
    outcome: Outcome
    before: Outcome


@frozen
class Refolded:
    """A User's history as the facts in order give it, and which outcomes that changes.

    ``newest`` is the position of the newest fact, ``sessions`` what is kept of its accounts'.
    """

    history: History
    changed: tuple[Changed, ...] = ()
    newest: str = ""
    sessions: Gathered | None = None

    def write_sessions(self) -> None:
        """Keep what was gathered of the sessions, if anything was evaluated at all."""
        if self.sessions is not None:
            self.sessions.write()


def refold(reader: Reader, tx: Transaction, user: str, *, start: str, now: datetime) -> Refolded:
    """Fold the User's facts in order; those from position ``start`` on are evaluated again.

    What does not change keeps its record, dates included; what is new starts no earlier than now.
    """
    history = History(user)
    outcomes = tx.outcomes(user)
    overlay: dict[str, Finding] = {}
    changed: list[Changed] = []
    sessions, newest = Gathered(reader, tx), ""
    for stored in tx.facts(user):
        newest = stored.position
        fact = reader.fact(stored)
        recorded = outcomes.get(stored.id)
        outcome = reader.outcome(recorded.body) if recorded else Outcome(fact.id)
        step = sessions.step(fact, stored.stream, stored.recorded_at)
        if stored.position >= start:
            again = evaluated(
                reader, tx, fact, stored.position, history, now, outcome, overlay, step
            )
            if essence(again) != essence(outcome):
                before, kept = outcome, _kept(again, outcome)
                outcome = _noticed(kept, before, as_told(history, fact), reader)
                changed.append(Changed(stored, fact, outcome, before))
        overlay.update((finding.id, finding) for finding in outcome.findings)
        history = advance(history, fact, outcome)
    return Refolded(history, tuple(changed), newest, sessions)


def traced(reader: Reader, tx: Transaction, fact_id: str, now: datetime) -> tuple[Condition, ...]:
    """Every condition looked at for a recorded fact, over what had come before it by position."""
    stored = tx.known(fact_id)
    if stored is None:
        return ()
    user = tx.stream_of(stored.stream) or stored.stream
    outcomes, history = tx.outcomes(user), History(user)
    sessions = Gathered(reader, tx)
    for before in tx.facts(user):
        if before.position >= stored.position:
            break
        recorded = outcomes.get(before.id)
        outcome = reader.outcome(recorded.body) if recorded else Outcome(before.id)
        told = reader.fact(before)
        sessions.step(told, before.stream, before.recorded_at)
        history = advance(history, told, outcome)
    fact, recorded = reader.fact(stored), outcomes.get(fact_id)
    braked = frozenset(reader.outcome(recorded.body).braked if recorded else ())
    step = sessions.step(fact, stored.stream, stored.recorded_at)
    concluding = reader.evaluation(
        tx, fact, stored.position, history, now, traced=True, sessions=step
    )
    return concluding(braked).trace


def as_recorded(reader: Reader, tx: Transaction, user: str) -> Refolded:
    """The User's history from what is recorded, evaluating nothing."""
    return _folded(reader, user, tx.facts(user), tx.outcomes(user))


def as_known(reader: Reader, tx: Transaction, named: str, known_at: datetime) -> History:
    """The history of an account's or User's User from what had been recorded by ``known_at``."""
    user, streams = known_streams(reader, tx, named, known_at)
    facts = [
        stored
        for stream in streams
        for stored in tx.facts(stream, known_at=known_at)
        if stored.stream == stream
    ]
    outcomes = {
        fact_id: stored
        for stream in streams
        for fact_id, stored in tx.outcomes(stream, known_at=known_at).items()
    }
    return _folded(reader, user, sorted(facts, key=attrgetter("position")), outcomes).history


def _folded(
    reader: Reader, user: str, facts: Iterable[Stored], outcomes: Mapping[str, Stored]
) -> Refolded:
    history, newest = History(user), ""
    for stored in facts:
        newest = stored.position
        recorded = outcomes.get(stored.id)
        outcome = reader.outcome(recorded.body) if recorded else Outcome(stored.id)
        history = advance(history, reader.fact(stored), outcome)
    return Refolded(history, newest=newest)


def essence(outcome: Outcome) -> tuple[object, ...]:
    """What an outcome says apart from when it was recorded: equal essences need no amendment."""
    return (
        outcome.disposition,
        outcome.findings,
        outcome.cannot_tell,
        tuple(_decision(d) for d in outcome.decisions),
        tuple(_measure(m) for m in outcome.measures),
        tuple(evolve(c, opened_at=_NEVER) for c in outcome.cases),
        tuple(n.decision_id for n in outcome.notices),
        outcome.precedents,
        outcome.errors,
        outcome.braked,
    )


_NEVER = datetime.min


def _decision(decision: Decision) -> tuple[object, ...]:
    bare = evolve(
        decision,
        decided_at=_NEVER,
        appeal_until=None,
        actions=tuple(
            evolve(a, starts=_NEVER, end=evolve(a.end, at=None)) for a in decision.actions
        ),
    )
    return (bare, tuple(_length(a) for a in decision.actions))


def _length(action: DisciplinaryAction) -> timedelta | None:
    return None if action.end.at is None else action.end.at - action.starts


def _measure(measure: ProtectiveMeasure) -> tuple[object, ...]:
    return (measure.id, measure.kind, measure.basis, measure.target, measure.ends - measure.starts)


def _kept(again: Outcome, old: Outcome) -> Outcome:
    """The new outcome, with every decision and measure that did not change as it was recorded.

    Which facts it made be decided again stays told.
    """
    decisions = {d.id: d for d in old.decisions}
    measures = {m.id: m for m in old.measures}
    return evolve(
        again,
        amendments=old.amendments,
        decisions=tuple(_same(d, decisions.get(d.id)) for d in again.decisions),
        measures=tuple(
            m if m.id not in measures or _measure(measures[m.id]) != _measure(m) else measures[m.id]
            for m in again.measures
        ),
    )


def _noticed(again: Outcome, old: Outcome, history: History, reader: Reader) -> Outcome:
    """With the notices of its decisions as they now stand, and the old ones of what stands."""
    known = {n.decision_id: n for n in old.notices}
    before, now = ({d.id: d for d in one.decisions} for one in (old, again))

    def of(notice: Notice) -> Notice:
        decision = now.get(notice.decision_id)
        if decision is None:
            return notice
        if before.get(decision.id) == decision and decision.id in known:
            return known[decision.id]
        return notice_of(decision, history, reader.rules)

    return evolve(again, notices=tuple(map(of, again.notices)))


def _same(new: Decision, old: Decision | None) -> Decision:
    """The decision as it was recorded, or what is new of it.

    INVARIANT: what already binds goes on as it began. A restriction that was served is not
    served again because something became known later.
    """
    if old is None or _decision(old) == _decision(new):
        return old or new
    was = {_named(a): a for a in old.actions if old.in_force and not a.stayed}
    actions = tuple(_as_begun(action, was.get(_named(action))) for action in new.actions)
    if any(_named(action) not in was for action in new.actions):
        return evolve(new, actions=actions)
    return evolve(new, actions=actions, decided_at=old.decided_at, appeal_until=old.appeal_until)


def _named(action: DisciplinaryAction) -> tuple[object, ...]:
    return (action.power, action.scope, action.ground, action.power_clause, action.label)


def _as_begun(new: DisciplinaryAction, old: DisciplinaryAction | None) -> DisciplinaryAction:
    """The action from when it has bound, for as long as it now lasts."""
    if old is None:
        return new
    length = _length(new)
    at = None if length is None else old.starts + length
    return evolve(new, starts=old.starts, end=evolve(new.end, at=at))


def differences(projected: History, folded: History) -> Iterator[str]:
    """Which parts of a projected history are not what its facts give."""
    for name in ("accounts", "decisions", "measures", "cases", "precedents"):
        if getattr(projected, name) != getattr(folded, name):
            yield name
