"""The steps of a scenario: what each verb of a policy case does, and the keys it knows.

``account application fact sessions`` tell facts; ``confirm refute review close relate cascade
appeal decide_appeal`` are what people do; ``due`` lets time pass; ``may parties disclose
cooperate`` ask. An act is told by the clause it is about, never by the id of a record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from policyenforce.errors import InputError
from policyenforce.model.decisions import Decision, Status
from policyenforce.model.facts.procedure import ChosenAction, DisclosureRequested
from policyenforce.model.outcome import CaseStatus
from policyenforce.model.standing import Capability
from policyenforce.privacy.disclosure import Cooperation, Disclosure, Item, Wrong
from policyenforce.terms.gates import Power, Standard
from policyenforce.terms.parties import contracting_party
from policyenforce.terms.privacy import privacy_in_force
from policyenforce.testing.shorthands import actor
from policyenforce.testing.stage import Answer, Stage

Entry = Mapping[str, Any]

_PLACES = frozenset({"origin", "site", "residence", "access", "uses"})
_WAITING = (Status.PROPOSED, Status.STAYED)
_ASKED = ("at", "site", "items", "legal_basis", "consent")


def _account(stage: Stage, entry: Entry) -> Iterable[Answer]:
    applied, opened = stage.facts.opened(entry)
    return (stage.record(applied), stage.record(opened))


def _application(stage: Stage, entry: Entry) -> Iterable[Answer]:
    return (stage.record(stage.facts.applied(entry)),)


def _fact(stage: Stage, entry: Entry) -> Iterable[Answer]:
    known = entry.get("known")
    fact = stage.facts.fact({key: value for key, value in entry.items() if key != "known"})
    return (stage.record(fact, stage.facts.when(known) if known else None),)


def _sessions(stage: Stage, entry: Entry) -> Iterable[Answer]:
    return tuple(map(stage.record, stage.facts.sessions(entry)))


def _confirm(stage: Stage, entry: Entry) -> Iterable[Answer]:
    found = stage.finding(_clause(entry, "confirm"), entry.get("account"))
    standard, who = _standard(entry.get("standard", "fact")), _by(stage, entry, "moderator")
    actions = _actions(entry)
    if not actions:
        return (stage.enforcer.confirm(found.id, standard, **who),)
    waiting = (c for c in stage.enforcer.cases() if found.id in c.finding_ids)
    case = next(waiting, None)
    if case is None:
        raise InputError(f"no case of `{found.clause}` is open to be decided by hand")
    decided = stage.enforcer.decide(
        case.id, finding_id=found.id, standard=standard, actions=actions, **who
    )
    return (decided,)


def _refute(stage: Stage, entry: Entry) -> Iterable[Answer]:
    found = stage.finding(_clause(entry, "refute"), entry.get("account"))
    return (stage.enforcer.refute(found.id, **_by(stage, entry, "moderator")),)


def _review(stage: Stage, entry: Entry) -> Iterable[Answer]:
    decision = _decision(stage, entry, "review", lambda d: d.status in _WAITING)
    verdict = _word(entry.get("verdict", "approve"), ("approve", "reject", "amend"), "verdict")
    return (
        stage.enforcer.review(
            decision.id, verdict, actions=_actions(entry), **_by(stage, entry, "moderator")
        ),
    )


def _close(stage: Stage, entry: Entry) -> Iterable[Answer]:
    account = stage.facts.account(entry, "close")
    cases = stage.enforcer.history(account).cases
    waiting = [case for case in cases if case.status is CaseStatus.OPEN]
    if not waiting:
        raise InputError(f"no case of `{account}` is open", where="close")
    return (stage.enforcer.decide(waiting[-1].id, **_by(stage, entry, "moderator")),)


def _relate(stage: Stage, entry: Entry) -> Iterable[Answer]:
    decision = stage.decision(_clause(entry, "to"), None, lambda d: d.in_force)
    return (
        stage.enforcer.relate(
            str(entry["relate"]),
            decision.id,
            actions=_actions(entry),
            evidence=tuple(entry.get("evidence", ())),
            **_by(stage, entry, "senior_moderator"),
        ),
    )


def _cascade(stage: Stage, entry: Entry) -> Iterable[Answer]:
    decision = stage.decision(
        _clause(entry, "cascade"), entry.get("account"), lambda d: d.in_force and not d.related_to
    )
    _, outcomes = stage.enforcer.approve_cascade(
        decision.id, only=tuple(entry.get("only", ())), **_by(stage, entry, "senior_moderator")
    )
    return outcomes


def _appeal(stage: Stage, entry: Entry) -> Iterable[Answer]:
    decision = _decision(stage, entry, "appeal", lambda d: d.in_force)
    now = stage.moment(stage.facts.at(entry))
    return (stage.enforcer.appeal(decision.id, now=now, statement=entry.get("statement")),)


def _decide_appeal(stage: Stage, entry: Entry) -> Iterable[Answer]:
    decision = _decision(stage, entry, "decide_appeal", lambda d: d.appeal_id is not None)
    result = _word(entry.get("result", "uphold"), ("uphold", "vary", "overturn"), "result")
    return (
        stage.enforcer.decide_appeal(
            decision.id,
            result,
            clauses=tuple(entry.get("clauses", ())),
            **_by(stage, entry, "appeals_officer"),
        ),
    )


def _due(stage: Stage, entry: Entry) -> Iterable[Answer]:
    now = stage.moment(stage.facts.at({"at": entry["due"]}))
    return stage.enforcer.due(now=now)


def _may(stage: Stage, entry: Entry) -> Iterable[Answer]:
    capability = _word(entry["may"], tuple(c.value for c in Capability), "may")
    return (
        stage.enforcer.may(
            stage.facts.account(entry),
            Capability(capability),
            at=stage.moment(stage.facts.at(entry)),
            site=entry.get("site"),
            service=entry.get("service"),
        ),
    )


def _parties(stage: Stage, entry: Entry) -> Iterable[Answer]:
    at = stage.moment(stage.facts.at(entry))
    asked = entry["parties"]
    if not isinstance(asked, Mapping) or not {"origin", "site"} <= {*asked} <= _PLACES:
        known = ", ".join(sorted(_PLACES))
        raise InputError("say the `origin` and the `site`", where="parties", hint=f"of: {known}")
    return (contracting_party(stage.rules.terms_at(at), **asked),)


def _disclose(stage: Stage, entry: Entry) -> Iterable[Answer]:
    at, request = _request(stage, entry, "disclose")
    outcome = stage.record(request)
    terms = stage.rules.terms_at(at)
    disclosure = Disclosure(
        request=request,
        terms=terms,
        privacy=privacy_in_force(at, terms.family_of(request.site) or "alibaba"),
        items=tuple(Item(item) for item in entry.get("hand_out", request.items)),
        by=actor(entry.get("by"), "legal"),
        at=at,
        permission=entry.get("permission"),
        roles=stage.rules.roles.get("disclose", ()),
    )
    return (outcome, disclosure)


def _cooperate(stage: Stage, entry: Entry) -> Iterable[Answer]:
    at, request = _request(stage, entry, "cooperate")
    wrong = _word(entry.get("wrong", "crime"), tuple(w.value for w in Wrong), "wrong")
    outcome = stage.record(request)
    suspected = _standard(entry.get("suspected", "none"))
    terms = stage.rules.terms_at(at)
    return (outcome, Cooperation(request, terms, Wrong(wrong), suspected))


def _request(stage: Stage, entry: Entry, verb: str) -> tuple[datetime, DisclosureRequested]:
    account = stage.facts.account(entry)
    told = {key: entry[key] for key in _ASKED if key in entry}
    fact = stage.facts.fact(
        {
            "fact": "disclosure_requested",
            "account_id": account,
            "request_id": f"request of {entry[verb]}",
            "requester": entry[verb],
            **told,
        }
    )
    if not isinstance(fact, DisclosureRequested):  # its tag says what it is
        raise InputError("no request", where=verb)
    return fact.at, fact


def _by(stage: Stage, entry: Entry, role: str) -> dict[str, Any]:
    """Who acts, why and when, as every act of a person takes it."""
    return {
        "by": actor(entry.get("by"), role),
        "reason": str(entry.get("reason", "as the record shows")),
        "now": stage.moment(stage.facts.at(entry)),
    }


def _decision(stage: Stage, entry: Entry, verb: str, fits: Callable[[Decision], bool]) -> Decision:
    power = entry.get("power")

    def meant(decision: Decision) -> bool:
        used = {action.power.value for action in decision.actions}
        return fits(decision) and (power is None or power in used)

    return stage.decision(_clause(entry, verb), entry.get("account"), meant)


def _clause(entry: Entry, key: str) -> str:
    clause = entry.get(key)
    if not isinstance(clause, (str, int)) or isinstance(clause, bool):
        raise InputError("name the clause it is about", where=key, hint="as in `5.5(c)`")
    return str(clause)


def _actions(entry: Entry) -> tuple[ChosenAction, ...]:
    made = []
    for number, action in enumerate(entry.get("actions", ())):
        try:
            made.append(ChosenAction(**{**action, "power": Power(action["power"])}))
        except (TypeError, KeyError, ValueError):
            raise InputError(
                "an action names `power` and `power_clause`; `days`, `capabilities`, `after`",
                where=f"actions[{number}]",
            ) from None
    return tuple(made)


def _standard(label: object) -> Standard:
    return Standard.of(_word(label, tuple(s.label for s in Standard), "standard"))


def _word(word: object, known: tuple[str, ...], where: str) -> str:
    if word not in known:
        raise InputError(
            f"`{str(word)[:40]}` is not known here", where=where, hint=", ".join(known)
        )
    return str(word)


ACTS: dict[str, Callable[[Stage, Entry], Iterable[Answer]]] = {
    "account": _account,
    "application": _application,
    "fact": _fact,
    "sessions": _sessions,
    "confirm": _confirm,
    "refute": _refute,
    "review": _review,
    "close": _close,
    "relate": _relate,
    "cascade": _cascade,
    "appeal": _appeal,
    "decide_appeal": _decide_appeal,
    "due": _due,
    "may": _may,
    "parties": _parties,
    "disclose": _disclose,
    "cooperate": _cooperate,
}
"""What a step can be. The first key of a mapping that stands here says which it is."""

_ACT = ("at", "by", "reason", "account")
KEYS: dict[str, tuple[str, ...]] = {
    "sessions": ("at", "account"),
    "confirm": ("standard", "actions", *_ACT),
    "refute": _ACT,
    "review": ("verdict", "actions", "power", *_ACT),
    "close": ("at", "by", "reason"),
    "relate": ("to", "actions", "evidence", "at", "by", "reason"),
    "cascade": ("only", *_ACT),
    "appeal": ("statement", "power", "at", "account"),
    "decide_appeal": ("result", "clauses", "power", *_ACT),
    "due": (),
    "may": ("account", "site", "service", "at"),
    "parties": ("at",),
    "disclose": (
        "items",
        "hand_out",
        "legal_basis",
        "consent",
        "permission",
        "by",
        "at",
        "site",
        "account",
    ),
    "cooperate": ("items", "wrong", "suspected", "at", "site", "account"),
}
"""The keys of each act; what tells a fact takes that fact's own fields."""
