"""The brake: a rule that hits too many, too soon or too often, waits for a person.

What a rule did is read off the ledger: each decision that nobody took leaves rows in the index,
placed at the instant it was taken. A rule is held back when it has used up its hour or its day,
or when it changed within the last hours and hits more subjects, and a greater share of what it
looked at, than the house allows.

INVARIANT: whether a rule was held back is settled once for a fact, when its decision is first
taken, and kept with the outcome. What becomes known later holds back nothing that was done.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from policyenforce.checks.table import Check
from policyenforce.enforcer.indexing import ACTED, ADOPTED, ANY, HIT, acted_alone
from policyenforce.enforcer.reading import END, Reader
from policyenforce.ledger.port import Transaction
from policyenforce.model.fact import Fact, position_at
from policyenforce.model.findings import Finding
from policyenforce.model.outcome import History, Outcome
from policyenforce.model.questions import Holder, Question, Wants
from policyenforce.policy.versions import rule_of

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def evaluated(
    reader: Reader,
    tx: Transaction,
    fact: Fact,
    position: str,
    history: History,
    now: datetime,
    before: Outcome | None = None,
    overlay: Mapping[str, Finding] | None = None,
    sessions: tuple[object, ...] = (),
) -> Outcome:
    """What the fact leads to, with the rules held back that have to be.

    ``before`` is what is recorded of it so far, if anything: what was held back for it stays so.
    The rest is what ``Reader.evaluation`` takes.
    """
    held = frozenset(before.braked if before else ())
    concluding = reader.evaluation(tx, fact, position, history, now, overlay, sessions=sessions)
    outcome = concluding(held)
    if not outcome.decisions:
        return outcome
    taken = before.decisions if before else ()
    old = {d.id: d.rule_versions for d in taken if acted_alone(d)}
    while True:
        fresh = {
            version
            for decision in outcome.decisions
            if acted_alone(decision)
            for version in decision.rule_versions
            if version not in old.get(decision.id, ())
        }
        excess = {
            rule_of(version)
            for version in fresh
            if _too_much(reader, tx, version, outcome, fact, now)
        }
        if not excess - held:
            return outcome
        held |= excess
        outcome = concluding(held)


def _too_much(
    reader: Reader, tx: Transaction, version: str, outcome: Outcome, fact: Fact, now: datetime
) -> bool:
    brake, rule = reader.rules.brake, rule_of(version)
    for span, ceiling in ((_HOUR, brake.per_hour), (_DAY, brake.per_day)):
        if tx.tally(ACTED, rule, after=position_at(now - span), cap=ceiling) >= ceiling:
            return True
    return _hits_too_many(reader, tx, version, outcome, fact, now)


def _hits_too_many(
    reader: Reader, tx: Transaction, version: str, outcome: Outcome, fact: Fact, now: datetime
) -> bool:
    """True for a young rule that hits more subjects and a greater share than the house allows."""
    brake = reader.rules.brake
    hits = _holders(tx, HIT, version, brake.per_day)
    if not hits or not _young(reader, tx, hits[0].since, now):
        return False
    subjects = {hit.user for hit in hits} | {tx.stream_of(fact.named or "") or fact.named}
    if len(subjects) <= brake.subjects:
        return False
    enough = int(len(subjects) / brake.share)
    tags = _read_for(outcome, version, reader.checks, fact)
    first = tx.known(hits[0].fact_id)
    since = END if first is None else _before(first.position)
    looked_at = 1 + tx.count_facts(tags, after=since, cap=enough)  # and the fact in hand
    return looked_at < enough


def _young(reader: Reader, tx: Transaction, first: str, now: datetime) -> bool:
    """True when this version came with a change of rules within the last hours.

    The rules that a ledger began with have not changed.
    """
    brake = reader.rules.brake
    oldest = position_at(now - timedelta(hours=brake.young_hours))
    adopted = _holders(tx, ADOPTED, reader.rules.hash, 1)
    since = adopted[0].since if adopted else END
    if first <= oldest or since <= oldest:
        return False
    return bool(_holders(tx, ACTED, ANY, 1, before=min(first, since)))


def _read_for(
    outcome: Outcome, version: str, checks: tuple[Check, ...], fact: Fact
) -> tuple[str, ...]:
    """The kinds of facts that the checks read whose findings the rule has answered here."""
    used = {
        finding_id
        for decision in outcome.decisions
        if version in decision.rule_versions
        for ground in decision.grounds
        for finding_id in ground.finding_ids
    }
    names = {finding.check for finding in outcome.findings if finding.id in used}
    tags = {kind.tag for check in checks if check.name in names for kind in check.reads}
    return tuple(sorted(tags | {fact.tag}))


def _holders(
    tx: Transaction, kind: str, value: str, limit: int, before: str = END
) -> tuple[Holder, ...]:
    question = Question(kind, value, Wants.HOLDERS, limit=limit)
    found = tx.answer([(question, value)], user="", before=before)[question]
    return tuple(row for row in found if isinstance(row, Holder))


def _before(position: str) -> str:
    """A position just before all that stands at the instant of this one."""
    return position.partition("|")[0]
