"""What operators may be told, and nobody else in it: a few events through an allow-list.

An event has a name and values under the keys of ``ALLOWED``, nothing else: no account, no User,
no text of a fact. Events wait in ``Events`` until their transaction is committed, so that what
was undone or only previewed is never told.

structlog is imported at the first event. A host that has configured structlog gets events
through its own processors. One that has not gets them as ``key=value`` lines from the logger
``policyenforce`` of the standard library, which stays silent below warnings until the host
configures logging. Either way nothing of ours reaches standard output unasked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from policyenforce.model.fact import Fact
from policyenforce.model.outcome import Outcome

NAME = "policyenforce"
ALLOWED = frozenset(
    {"decision", "status", "clauses", "powers", "rule", "fact_kind", "count", "what"}
)
_BROKEN = "check "  # how `evaluation` begins what it says of a check that failed


def note(level: str, event: str, **allowed: Any) -> None:
    """Tell one event; raises KeyError for a key outside ``ALLOWED``, in the first test of it."""
    outside = allowed.keys() - ALLOWED
    if outside:
        raise KeyError(min(outside))
    import structlog

    if structlog.is_configured():
        logger = structlog.get_logger(NAME)
    else:
        logger = _standard_logger(structlog)
    getattr(logger, level)(event, **allowed)


class Events:
    """The events of one transaction, told when it is committed."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: list[tuple[str, str, dict[str, Any]]] = []

    def of(self, fact: Fact, outcome: Outcome) -> None:
        """What one fact led to: decisions, amendments, checks that failed."""
        for decision in outcome.decisions:
            self._add(
                "info",
                "decided",
                decision=decision.id,
                status=decision.status.value,
                clauses=_joined(str(ground.clause) for ground in decision.grounds),
                powers=_joined(action.power.value for action in decision.actions),
                rule=decision.rule,
            )
        if outcome.amendments:
            self._add("info", "amended", fact_kind=fact.tag, count=len(outcome.amendments))
        for error in outcome.errors:
            if error.startswith(_BROKEN):
                self._add("error", "check_failed", fact_kind=fact.tag, what=error)

    def tell(self) -> None:
        """The transaction holds: tell what was waiting."""
        for level, event, allowed in self._waiting:
            note(level, event, **allowed)

    def _add(self, level: str, event: str, **allowed: Any) -> None:
        self._waiting.append((level, event, allowed))


def _joined(words: Iterable[str]) -> str:
    return ",".join(dict.fromkeys(words))


def _standard_logger(structlog: Any) -> Any:
    import logging

    return structlog.wrap_logger(
        logging.getLogger(NAME),
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.processors.LogfmtRenderer(key_order=["event"]),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
    )
