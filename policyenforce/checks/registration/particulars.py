"""Who stands behind an application: 5.1(a) authority, 5.1(c) place, 5.2/s1 data, 5.8 referees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from policyenforce.checks.answers import Answer, against
from policyenforce.checks.context import Context
from policyenforce.checks.registration.voice import ANSWERS
from policyenforce.model.facts.registration import Address, ApplicationReceived, Entity, UserKind
from policyenforce.terms.gates import Standard, Trigger

_WORD = re.compile(r"[^\W_]+")
_SURE_BY_PART = {"country": 0.95, "postcode": 0.8, "city": 0.8, "lines": 0.6}
_CONSENTS = {
    "5.8(a)": (("consent_to_act", "has not agreed to serve as one"),),
    "5.8(b)": (
        ("consent_to_publish", "has not agreed to be published"),
        ("letters_true", "is quoted with letters or comments that are not true"),
    ),
    "5.8(c)": (("consent_to_contact", "has not agreed to be asked by others"),),
}


def empowered(fact: ApplicationReceived, context: Context) -> Iterator[Answer]:
    """5.1(a): whoever accepts for an entity may do so; a person acts for itself."""
    representative = fact.representative
    if representative is None:
        if fact.kind is UserKind.ENTITY:
            yield ANSWERS.cannot_tell(
                fact, "5.1(a)", ("representative",), "nobody is named who accepts for the entity"
            )
        return
    if representative.authority is None:
        yield ANSWERS.cannot_tell(
            fact,
            "5.1(a)",
            ("representative.authority",),
            "whether the representative may accept is not known",
        )
    elif not representative.authority:
        yield ANSWERS.finding(
            fact,
            "5.1(a)",
            1.0,
            "Whoever accepted the Terms had no authority to do so.",
            (against("no_authority", "The representative is on record without authority.", fact),),
            attested=Standard.FACT,
            triggers=(Trigger.APPLICATION,),
        )


def principal_place(fact: ApplicationReceived, context: Context) -> Iterator[Answer]:
    """5.1(c): an entity gives its principal place, a branch the place of its head office (T4)."""
    if fact.kind is not UserKind.ENTITY:
        return
    entity = fact.entity or Entity()
    branch = _is_branch(entity, context)
    name = "head_office" if branch else "principal_place"
    wanted = entity.head_office if branch else entity.principal_place
    given = (entity.registered_address,) if entity.registered_address else fact.addresses
    known = {f"entity.{name}": wanted, "entity.registered_address": given}
    missing = tuple(what for what, value in known.items() if not value)
    if wanted is None or missing:
        yield ANSWERS.cannot_tell(
            fact, "5.1(c)", missing, "one of the two addresses to compare is not known"
        )
        return
    differing = [_differing(address, wanted) for address in given]
    if () in differing:
        return
    if None in differing:
        yield ANSWERS.cannot_tell(
            fact, "5.1(c)", tuple(known), "the two addresses have no part in common to compare"
        )
        return
    parts = min((parts for parts in differing if parts), key=_certainty)
    place = "its head office" if branch else "its principal place of business"
    yield ANSWERS.finding(
        fact,
        "5.1(c)",
        _certainty(parts),
        f"The address an entity registers with is not that of {place}.",
        [against(f"other_{p}", f"The {p} given is not that of {place}.", fact) for p in parts],
        triggers=(Trigger.APPLICATION,),
    )


def _is_branch(entity: Entity, context: Context) -> bool:
    if entity.branch_of is None:
        return False
    own_number = entity.registration_number not in (None, entity.branch_of)
    return context.rules.reading("T4") == "one_user" or not own_number


def _differing(given: Address, wanted: Address) -> tuple[str, ...] | None:
    """The parts in which two addresses differ; None when no part is known of both."""
    pairs = {
        "country": (_words(given.country), _words(wanted.country)),
        "postcode": (_words(given.postcode, apart=False), _words(wanted.postcode, apart=False)),
        "city": (_words(given.city), _words(wanted.city)),
        "lines": (_words(*given.lines), _words(*wanted.lines)),
    }
    known = {part: pair for part, pair in pairs.items() if all(pair)}
    if not known:
        return None
    # One spelling may say more than the other ("Room 5"), so a part of the other is the same.
    return tuple(part for part, (a, b) in known.items() if not (a <= b or b <= a))


def _words(*texts: str | None, apart: bool = True) -> frozenset[str]:
    folded = unicodedata.normalize("NFKC", " ".join(text or "" for text in texts)).casefold()
    words = _WORD.findall(folded)
    return frozenset(words if apart or not words else ["".join(words)])


def _certainty(parts: tuple[str, ...]) -> float:
    return max(_SURE_BY_PART[part] for part in parts)


def supplied(fact: ApplicationReceived, context: Context) -> Iterator[Answer]:
    """5.2/s1: the data the house asks of an entity is there."""
    if fact.kind is not UserKind.ENTITY:
        return
    entity = fact.entity or Entity()
    lacking = [n for n in context.rules.registration.required_entity if not getattr(entity, n)]
    if lacking:
        named = ", ".join(name.replace("_", " ") for name in lacking)
        yield ANSWERS.finding(
            fact,
            "5.2/s1",
            1.0,
            f"The application leaves out what the platform asks of an entity: {named}.",
            [
                against(f"no_{name}", f"The {name.replace('_', ' ')} is not given.", fact)
                for name in lacking
            ],
            attested=Standard.FACT,
            triggers=(Trigger.APPLICATION, Trigger.REQUEST),
        )


def referees_agreed(fact: ApplicationReceived, context: Context) -> Iterator[Answer]:
    """5.8: each referee gave each of three consents, and what is quoted of them is true."""
    for clause, asked in _CONSENTS.items():
        answers = [
            (number, name, fault, getattr(referee, name))
            for number, referee in enumerate(fact.referees, 1)
            for name, fault in asked
        ]
        refused = [(number, name, fault) for number, name, fault, said in answers if said is False]
        if refused:
            yield ANSWERS.finding(
                fact,
                clause,
                1.0,
                "A business referee is named without what the referee has to agree to.",
                [
                    against(f"no_{name}", f"Referee {number} {fault}.", fact)
                    for number, name, fault in refused
                ],
                attested=Standard.FACT,
                triggers=(Trigger.APPLICATION,),
            )
        unsaid = tuple(f"referees[{n - 1}].{name}" for n, name, _, said in answers if said is None)
        if unsaid:
            yield ANSWERS.cannot_tell(
                fact, clause, unsaid, "whether each referee agrees to this is not stated"
            )
