"""Restrictions and sanctions: two clauses that reach different people (5.4(d), 5.6(k), T6)."""

from __future__ import annotations

from collections.abc import Iterator

from policyenforce.checks.answers import Answer, against, in_favour
from policyenforce.checks.context import Context
from policyenforce.checks.registration.voice import ANSWERS
from policyenforce.model.facts.dealings import RestrictedParty, RestrictionKind, RestrictionMatched
from policyenforce.model.findings import Severity
from policyenforce.terms.gates import Standard

_P = RestrictedParty
_RESTRICTED = frozenset({_P.MEMBER, _P.AFFILIATE})
_SANCTIONED = frozenset({_P.MEMBER, _P.DIRECTOR, _P.OFFICER, _P.CONTROLLER, _P.AFFILIATE})
_SANCTIONS = frozenset({RestrictionKind.ECONOMIC, RestrictionKind.FRAUD})
_WHO = {
    _P.MEMBER: "the Member",
    _P.DIRECTOR: "a director of the Member",
    _P.OFFICER: "an officer of the Member",
    _P.CONTROLLER: "a controlling party of the Member",
    _P.AFFILIATE: "an affiliate of the Member",
    _P.JURISDICTION: "a place where the Member or one close to it is organised or works",
}


def restricted(fact: RestrictionMatched, context: Context) -> Iterator[Answer]:
    """5.4(d) for Member and affiliates, any restriction; 5.6(k) for more people, sanctions only.

    A place counts for 5.6(k) alone, and only under the literal reading of T6. A match is as
    sure as its confidence until somebody has confirmed the identity.
    """
    names = "names" if fact.identity_confirmed_by else "seems to name"
    for clause in _clauses(fact, context):
        evidence = [
            against(
                f"listed_{fact.party.value}",
                f"The list `{fact.list_name}` of {fact.list_date} names {_WHO[fact.party]}.",
                fact,
            )
        ]
        if fact.identity_confirmed_by:
            evidence.append(
                against("identity_confirmed", "The identity behind the entry is confirmed.", fact)
            )
        else:
            evidence.append(
                in_favour("identity_open", "Nobody has confirmed yet that it is the same.", fact)
            )
        yield ANSWERS.finding(
            fact,
            clause,
            fact.confidence,
            f"A list of restrictions {names} {_WHO[fact.party]}.",
            evidence,
            attested=Standard.FACT if fact.identity_confirmed_by else None,
            severity=Severity.GRAVE,
            target=fact.list_name,
        )


def _clauses(fact: RestrictionMatched, context: Context) -> Iterator[str]:
    if fact.party in _RESTRICTED:
        yield "5.4(d)"
    reached = fact.party in _SANCTIONED or context.rules.reading("T6") == "jurisdictions"
    if fact.kind in _SANCTIONS and reached:
        yield "5.6(k)"
