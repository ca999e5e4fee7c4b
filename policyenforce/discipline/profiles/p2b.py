"""The statement of reasons to a business user, Regulation (EU) 2019/1150, Article 4.

Thirty days before a service is ended as a whole, unless a legal duty or repeated infringement
exempts; specific facts and the published ground; a way to clarify.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from policyenforce.discipline.notice import notice_of
from policyenforce.errors import NoticeError
from policyenforce.model.decisions import Decision
from policyenforce.model.outcome import History
from policyenforce.policy.rules import HouseRules
from policyenforce.terms.gates import Power, Trigger

ADVANCE = timedelta(days=30)
_ENDS_ALL = frozenset({Power.TERMINATE_ACCOUNT, Power.CANCEL_ACCOUNT, Power.TERMINATE_SERVICE})
_LEGAL_DUTY = frozenset({"5.4(d)", "5.6(k)"})


def statement(decision: Decision, history: History, rules: HouseRules) -> Mapping[str, Any]:
    """The statement of a decision that binds; raises NoticeError for one that Article 4 forbids."""
    if not decision.in_force:
        raise NoticeError(f"decision {decision.id} does not bind: there is nothing to state")
    fields = notice_of(decision, history, rules).fields
    ending = [a.starts for a in decision.actions if a.power in _ENDS_ALL and not a.stayed]
    why = exemption(decision, history)
    said = {
        "decision": decision.id,
        "account": decision.account_id,
        "kind": "termination" if ending else "restriction",
        "decided_at": decision.decided_at.isoformat(),
        "takes_effect": min(a.starts for a in decision.actions).isoformat(),
        "advance_days": (min(ending) - decision.decided_at).days if ending else None,
        "exemption": why,
        "facts": fields["facts"],
        "third_party_notices": [
            t.value
            for g in decision.grounds
            for t in g.triggers
            if t in (Trigger.COMPLAINT, Trigger.AFFILIATE_NOTICE)
        ],
        "ground": fields["ground"],
        "published_terms": decision.terms.id,
        "clarification": fields["complaint"],
        "data": fields["effect"],
    }
    found = list(flaws(said))
    if found:
        raise NoticeError(f"no statement under P2B: {'; '.join(found)}", where=decision.id)
    return said


def exemption(decision: Decision, history: History) -> str | None:
    """Why no thirty days are owed, by the record: a legal duty, or the same breach before."""
    clauses = {g.clause.text for g in decision.grounds if not g.fallen}
    if clauses & _LEGAL_DUTY:
        return "a legal duty"
    earlier = (
        d
        for d in history.decisions
        if d.in_force and d.id != decision.id and d.conduct_at < decision.conduct_at
    )
    if any(clauses & {g.clause.text for g in d.grounds if not g.fallen} for d in earlier):
        return "repeated infringement"
    return None


def flaws(said: Mapping[str, Any]) -> Iterator[str]:
    """What Article 4 forbids or misses in a statement."""
    for name in ("facts", "ground", "published_terms", "clarification"):
        if not said.get(name):
            yield f"`{name}` is missing"
    owed = said.get("kind") == "termination" and said.get("exemption") is None
    if owed and (said.get("advance_days") or 0) < ADVANCE.days:
        yield f"a service is ended with less than {ADVANCE.days} days' notice, and nothing exempts"
