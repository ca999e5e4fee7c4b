"""Whether what a Member told is true and kept true (5.2(a), 5.2(b)).

A doubt is not read here: suspected wrong information is 6.3(c), and only verification by a
person or register makes it a matter of 5.2 (T7).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from policyenforce.checks.answers import Answer, against, in_favour
from policyenforce.checks.context import Context
from policyenforce.checks.registration.voice import ANSWERS
from policyenforce.model.evidence import Evidence
from policyenforce.model.fact import Fact
from policyenforce.model.facts.dealings import InformationVerified
from policyenforce.model.facts.registration import DetailsAmended
from policyenforce.model.findings import Severity
from policyenforce.model.questions import Question
from policyenforce.terms.gates import Standard


def told_before(fact: InformationVerified) -> Question:
    """What was checked and amended before, in the Member's own stream."""
    return Question("stream", fact.account_id, of=("information_verified", "details_amended"))


def verified(fact: InformationVerified, context: Context) -> Iterator[Answer]:
    """5.2(a) when something told proves false; 5.2(b) too when it has been so for long."""
    if fact.true:
        return
    earlier = context.facts(told_before(fact), InformationVerified, DetailsAmended)
    open_since = _still_false(fact, earlier)
    since = fact.false_since or (open_since.at if open_since else None)
    late = since is not None and fact.at - since > _prompt(context)
    if open_since is None:
        yield ANSWERS.finding(
            fact,
            "5.2(a)",
            1.0,
            "Something the Member told the platform has been checked and is not true.",
            (
                against("verified_false", f"`{fact.topic}` was checked and is not true.", fact),
                *_in_its_favour(fact, since, late, earlier, context),
            ),
            attested=Standard.FACT,
            severity=Severity.MINOR if since is not None and not late else Severity.SERIOUS,
            target=fact.topic,
        )
    if late and since is not None:
        yield ANSWERS.finding(
            fact,
            "5.2(b)",
            1.0,
            "Something that had ceased to be true was not put right promptly.",
            (
                against(
                    "not_amended",
                    f"`{fact.topic}` has been untrue since {_day(since)} and was not amended.",
                    fact,
                    *((open_since,) if open_since else ()),
                ),
            ),
            attested=Standard.FACT,
            target=fact.topic,
        )


def _still_false(fact: InformationVerified, earlier: Sequence[Fact]) -> InformationVerified | None:
    """The earlier check that found the same, if nothing has been put right since."""
    found: InformationVerified | None = None
    for past in earlier:
        if isinstance(past, DetailsAmended):
            found = None if fact.topic in past.changed else found
        elif isinstance(past, InformationVerified) and past.topic == fact.topic:
            found = None if past.true else found or past
    return found


def _in_its_favour(
    fact: InformationVerified,
    since: datetime | None,
    late: bool,
    earlier: Sequence[Fact],
    context: Context,
) -> Iterator[Evidence]:
    if since is not None and not late:
        days = context.rules.registration.prompt_amendment_days
        yield in_favour("recent_change", f"It became untrue less than {days} days ago.", fact)
    tried = [e for e in earlier if isinstance(e, DetailsAmended) and fact.topic in e.changed]
    if tried:
        yield in_favour("amended", f"The Member has amended `{fact.topic}` before.", *tried)


def amended(fact: DetailsAmended, context: Context) -> Iterator[Answer]:
    """5.2(b): a change is told within the days that the house calls prompt."""
    if not fact.changed or fact.true_since is None:
        known = {"changed": fact.changed or None, "true_since": fact.true_since}
        missing = tuple(name for name, value in known.items() if value is None)
        yield ANSWERS.cannot_tell(
            fact, "5.2(b)", missing, "what changed, or when it came about, is not known"
        )
        return
    days = context.rules.registration.prompt_amendment_days
    if fact.at - fact.true_since <= _prompt(context):
        return
    yield ANSWERS.finding(
        fact,
        "5.2(b)",
        1.0,
        f"A change was told later than the {days} days that count as prompt.",
        (
            against("amended_late", f"The change came about {_day(fact.true_since)}.", fact),
            in_favour("amended", "The Member told it without being asked.", fact),
        ),
        attested=Standard.FACT,
        target=", ".join(sorted(fact.changed)),
    )


def _prompt(context: Context) -> timedelta:
    return timedelta(days=context.rules.registration.prompt_amendment_days)


def _day(instant: datetime) -> str:
    return instant.astimezone(UTC).date().isoformat()
