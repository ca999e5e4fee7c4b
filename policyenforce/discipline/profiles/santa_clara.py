"""Whether a notice is complete by the Santa Clara Principles: content, clause, source, appeal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policyenforce.discipline.notice import notice_of
from policyenforce.errors import NoticeError
from policyenforce.model.decisions import Decision
from policyenforce.model.outcome import History
from policyenforce.policy.rules import HouseRules

_NEEDED = {
    "scope": "which content or account it concerns",
    "ground": "the specific clause",
    "source": "how it was found",
    "automation": "whether a machine found or decided it",
    "complaint": "how to appeal",
    "decided by": "who decided",
}


def statement(decision: Decision, history: History, rules: HouseRules) -> Mapping[str, str]:
    """What the principles ask a notice to tell; raises NoticeError where something is missing."""
    fields = notice_of(decision, history, rules).fields
    said = {"decision": decision.id, **{name: fields.get(name, "") for name in _NEEDED}}
    found = list(flaws(said, decision))
    if found:
        raise NoticeError(f"incomplete by Santa Clara: {'; '.join(found)}", where=decision.id)
    return said


def flaws(said: Mapping[str, str], decision: Decision) -> Iterator[str]:
    """What a notice leaves open."""
    yield from (f"it does not say {what}" for name, what in _NEEDED.items() if not said.get(name))
    if decision.in_force and decision.appeal_until is None:
        yield "no window to appeal"
