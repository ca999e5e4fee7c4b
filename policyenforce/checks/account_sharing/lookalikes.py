"""What the sessions of an account look like from one fact on: reasons for a person to look.

The scores are those that a table of the same sessions gets. What they amount to is told once, with
the fact that made it so; nobody is disciplined by it. A take-over has a victim: it is answered with
a question to the Member, and the account is protected meanwhile (T25).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

from policyenforce.checks.account_sharing.bounds import WINDOW
from policyenforce.checks.account_sharing.counted import one_person, that_count
from policyenforce.checks.account_sharing.kept import Kept
from policyenforce.checks.account_sharing.scores import Judged, Verdict, judged
from policyenforce.checks.account_sharing.staff import handed_over, named_staff
from policyenforce.checks.answers import Answer, Answers
from policyenforce.checks.context import Context
from policyenforce.model.evidence import Bearing
from policyenforce.model.fact import Fact
from policyenforce.model.findings import Severity
from policyenforce.model.outcome import Interval
from policyenforce.model.questions import Question, Wants
from policyenforce.policy.sessions import SessionPoints

REVIEW_ONLY = 0.45
"""Sessions alone never amount to suspicion, however surely they look like something."""

_STEP = 2  # what is kept before a fact, and with it
_TWO = 2  # devices without which nothing can be told
_NOTHING = Judged(0.0, 0.0, 0.0, 0.0, Verdict.NONE)
_SAYS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.OUTSIDE: "several people in different places",
        Verdict.INSIDE: "several people at one place",
        Verdict.TRANSFERRED: "a new holder who took over from the old one",
    }
)


def asks_sessions(fact: Fact) -> Question:
    """What is kept of the sessions of the fact's account."""
    return Question("sessions", fact.named or "", Wants.SESSIONS)


def shows_nothing(sessions: Sequence[object]) -> bool:
    """True where a step of the sessions, before a fact and with it, gives nothing to look at."""
    kept = [one for one in sessions if isinstance(one, Kept)]
    if len(kept) != _STEP:
        return False
    before, after = kept
    return after.state is before.state or len(after.state.devices) < _TWO


def look(fact: Fact, context: Context) -> Judged | None:
    """What the sessions look like with this fact that they did not look like before it.

    None where that is nothing new.
    """
    before, after = (k for k in context.answers[asks_sessions(fact)] if isinstance(k, Kept))
    if shows_nothing((before, after)):
        return None
    found = _seen(after, fact, context)
    if found.verdict is Verdict.NONE or found.verdict is _seen(before, fact, context).verdict:
        return None
    return found


def answers_to(
    found: Judged, fact: Fact, context: Context, answers: Answers, *, alone: bool
) -> Iterator[Answer]:
    """The answers to what was seen; ``alone`` says that the Member has no inside (T2)."""
    verdict, target = found.verdict, f"sessions of {fact.named}: {found.verdict.value}"
    if verdict is Verdict.TAKEOVER:
        yield _ask_the_member(found, fact, answers, target)
        return
    score = found.score(verdict)
    said = f"the sessions look like {_SAYS[verdict]}, with a score of {score:.2f}: a person looks"
    sure = min(REVIEW_ONLY, score)
    yield answers.finding(fact, "4.3/s3", sure, said, found.evidence, target=target)
    if verdict is Verdict.TRANSFERRED:
        sold = f"{said}, for an account cannot be sold"
        yield answers.finding(fact, "12.6", sure, sold, found.evidence, target=target)
    elif alone or context.rules.reading("T2") == "any_sharing":
        yield answers.finding(
            fact,
            "4.5/s1",
            sure,
            f"{said}, for this would be multiple use",
            found.evidence,
            severity=Severity.SERIOUS,
            target=target,
        )
    elif verdict is Verdict.OUTSIDE:
        why = "colleagues at home look like outsiders, and nobody says who it is"
        yield answers.cannot_tell(fact, "4.5/s1", ("with_whom",), why, target=target)


def _ask_the_member(found: Judged, fact: Fact, answers: Answers, target: str) -> Answer:
    why = "; ".join(e.sentence for e in found.evidence if e.bearing is Bearing.INCRIMINATING)
    return answers.cannot_tell(
        fact,
        "4.3/s1",
        ("unauthorised_use_reported",),
        f"the sessions look like a take-over ({why}); ask the Member before anything is held "
        "against it",
        target=target,
    )


def _seen(kept: Kept, fact: Fact, context: Context) -> Judged:
    if len(kept.state.devices) < _TWO:
        return _NOTHING
    strange = tuple(i for i in context.history.intervals if i.account_id == fact.named)
    staff = named_staff(fact, context) if kept.names_anybody else ()
    named = frozenset(change.person_id for change in staff)
    asked = (context.rules.hash, strange, named)
    found = kept.judged.get(asked)
    if not isinstance(found, Judged):
        found = kept.judged[asked] = _judged(kept, strange, named, context.rules.sessions)
    lawful = found.verdict is not Verdict.NONE and handed_over(fact, context, WINDOW)
    return _NOTHING if lawful else found


def _judged(
    kept: Kept, strange: Collection[Interval], named: Collection[str], points: SessionPoints
) -> Judged:
    state = that_count(kept, strange, named)
    if len(state.devices) < _TWO:
        return _NOTHING
    found = judged(state, points, kept.common)
    if found.verdict in (Verdict.NONE, Verdict.TAKEOVER) or not one_person(kept, state):
        return found
    return _NOTHING
