"""What modified content said before, and says since: read back from the facts that say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from attrs import field, frozen

from policyenforce.enforcer.reading import Reader
from policyenforce.ledger.port import Transaction
from policyenforce.model.decisions import Decision, Modification
from policyenforce.model.facts.content import Content, ContentRevised, ContentSubmitted
from policyenforce.model.facts.procedure import FindingConfirmed, ReviewRecorded

_OWN = ("title", "description")


@frozen
class Modified:
    """One content revision that a person changed: field -> its text before, and since.

    A field is missing from ``before`` where the revision had none, and from both where the text is
    erased. The texts are personal: keep them nowhere else.
    """

    target: str
    parts: tuple[str, ...]
    before: Mapping[str, str] = field(repr=False)
    after: Mapping[str, str] = field(repr=False)


def modifications(reader: Reader, tx: Transaction, decision: Decision) -> Iterator[Modified]:
    """What the actions of a decision change in content, in their order."""
    for action in decision.actions:
        made, target = action.modification, action.scope.value
        if made is not None and target is not None:
            content = _revision(reader, tx, decision.account_id, target, action.starts)
            before = {} if content is None else _texts(content, made.parts)
            yield Modified(target, made.parts, before, _written(reader, tx, made))


def _revision(
    reader: Reader, tx: Transaction, account_id: str, target: str, at: datetime
) -> Content | None:
    """What the account had handed in as this revision by then.

    Another account may have used the same name for content of its own, which is not to be shown.
    """
    about = reader.bearing(tx, "content", target.rpartition("@")[0])
    handed_in = [
        f.content
        for f in about
        if isinstance(f, (ContentSubmitted, ContentRevised))
        and f.account_id == account_id
        and f.at <= at
    ]
    return next((c for c in reversed(handed_in) if c.target == target), None)


def _texts(content: Content, parts: tuple[str, ...]) -> dict[str, str]:
    own = {name: getattr(content, name) for name in _OWN}
    said = {**content.fields, **{name: text for name, text in own.items() if text is not None}}
    return {name: said[name] for name in parts if name in said}


def _written(reader: Reader, tx: Transaction, made: Modification) -> Mapping[str, str]:
    """What the person wrote, as the fact of the act keeps it."""
    stored = tx.known(made.fact_id)
    fact = None if stored is None else reader.fact(stored)
    if not isinstance(fact, (FindingConfirmed, ReviewRecorded)):
        return {}
    return next((one.after for one in fact.actions if one.modifies == made.parts), {})
