"""The notice: a statement of reasons projected from a decision, and 11.2's clock.

A notice that lacks a mandatory field is refused; one that contradicts its decision cannot be
made, because every field is read off the decision record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from attrs import evolve, frozen

from policyenforce.discipline.acting import Act, role_refused, unknown
from policyenforce.discipline.explanation import automation
from policyenforce.discipline.setting import Setting, identity
from policyenforce.discipline.wording import (
    bears_on,
    by_action,
    cure,
    lasts,
    left,
    named,
    priced,
    state,
    words,
)
from policyenforce.errors import NoticeError, TermsError
from policyenforce.model.decisions import Decision, Ground, ProtectiveMeasure
from policyenforce.model.evidence import Bearing
from policyenforce.model.fact import Fact, position_of
from policyenforce.model.facts.procedure import Channel, NoticeDeferred, NoticeFailed, NoticeSent
from policyenforce.model.outcome import History, Notice
from policyenforce.policy.rules import HouseRules
from policyenforce.terms.gates import Trigger
from policyenforce.terms.parties import Ambiguous, Party, contracting_party
from policyenforce.terms.versions import TermsVersion

MANDATORY = (
    "notice", "version", "decision", "recipient", "language", "terms", "contracting entity",
    "governing law", "court", "notice address", "ground", "power", "standard", "facts", "source",
    "automation", "action", "scope", "start", "end", "override", "points", "cure", "complaint",
    "effect", "decided by", "rules",
)  # fmt: skip
"""The fields a notice to a Member must carry; none may be empty."""

_LISTED = frozenset(
    {Channel.HAND, Channel.COURIER, Channel.CERTIFIED_MAIL, Channel.FAX, Channel.EMAIL}
)
_ELECTRONIC = frozenset({Channel.SMS, Channel.IN_APP})
_SOURCES = {
    Trigger.COMPLAINT: "complaint of a third party",
    Trigger.AFFILIATE_NOTICE: "notice of an affiliate",
    Trigger.UNANSWERED_REQUEST: "a request that went unanswered",
    Trigger.REQUEST: "what the platform asked for",
    Trigger.APPLICATION: "the application",
}


@frozen
class Receipt:
    """When a notice counts as received, and by which limb of 11.2."""

    at: datetime
    rule: str


def deemed_received(sent: NoticeSent, rules: HouseRules) -> Receipt | None:
    """When 11.2 deems a notice received, or None when it does not.

    Limb (a) asks for proof of sending by an effective channel, which T15 may widen to every
    electronic one; limb (b), public posting, holds at once but only where T15 has it on.
    """
    reading = rules.reading("T15")
    if sent.channel is Channel.PUBLIC_POSTING:
        return Receipt(sent.at, "11.2(b)") if reading == "public_posting" else None
    effective = sent.channel in _LISTED or (
        reading == "electronic_form" and sent.channel in _ELECTRONIC
    )
    return Receipt(sent.at, "11.2(a)") if effective and sent.proof else None


def with_sending(
    notice: Notice,
    facts: Iterable[Fact],
    rules: HouseRules,
    known: Collection[str] | None = None,
) -> Notice:
    """The notice with how it went out, and when it counts as received: earliest receipt first.

    ``known`` are the addresses of the Member: what went to another, as one that a stranger has
    set, is not received (T25). The address itself is personal and stays in the vault.
    """
    about = tuple(facts)
    sendings = [fact for fact in about if isinstance(fact, NoticeSent)]
    receipts = {
        one.id: None if _astray(one, known) else deemed_received(one, rules) for one in sendings
    }
    sent = sorted(sendings, key=lambda one: (receipts[one.id] is None, one.at, one.id))
    held = _not_arrived(about)
    if not sent:
        return evolve(notice, fields={**notice.fields, "sent": "not on record", **held})
    first = sent[0]
    receipt = receipts[first.id]
    told = {
        "sent": first.at.isoformat(),
        "channel": words(first.channel.value),
        "address": _address_told(first, known),
        "proof of sending": first.proof or "none",
        "deemed received": f"{receipt.at.isoformat()} under {receipt.rule}"
        if receipt
        else "not yet: the channel is not one of 11.2, or its sending is not proved",
        **held,
    }
    return evolve(notice, fields={**notice.fields, **told})


def _astray(sent: NoticeSent, known: Collection[str] | None) -> bool:
    """True for what went by e-mail to an address that is none of the Member's."""
    named = sent.channel is Channel.EMAIL and sent.address is not None
    return bool(named and known and sent.address not in known)


def _address_told(sent: NoticeSent, known: Collection[str] | None) -> str:
    if _astray(sent, known):
        return "not an address of the Member (T25)"
    return "the address on record" if sent.address else "not on record"


def _not_arrived(facts: Iterable[Fact]) -> dict[str, str]:
    """What bounced, and what was put off: why, by whom, until when."""
    told: dict[str, list[str]] = {"failed": [], "deferred": []}
    for fact in sorted(facts, key=position_of):
        if isinstance(fact, NoticeFailed):
            told["failed"].append(
                f"{fact.at.isoformat()} by {words(fact.channel.value)}: {fact.reason}"
            )
        elif isinstance(fact, NoticeDeferred):
            until = f"until {fact.until.isoformat()} by {fact.by.id}"
            told["deferred"].append(f"{until}: {fact.legal_reason}")
    return {name: "; ".join(several) for name, several in told.items() if several}


def deferred(fact: NoticeDeferred, setting: Setting) -> Act:
    """A notice is put off by whom the house names, for a legal reason and not without end."""
    if not setting.rules.allows("defer_notice", fact.by.roles):
        return Act(refused=(role_refused("defer_notice", fact.by),))
    if setting.history.decision(fact.decision_id) is None:
        return Act(cannot_tell=(unknown(setting, f"decision {fact.decision_id}"),))
    if not fact.legal_reason.strip():
        return Act(refused=("a notice is put off for a legal reason only",))
    if fact.until <= fact.at:
        return Act(refused=("a notice is put off until an instant that is still to come",))
    return Act()


def notice_of(decision: Decision, history: History, rules: HouseRules) -> Notice:
    """The notice of a decision that binds; raises NoticeError when a mandatory field is empty."""
    # INVARIANT: the Terms are those of the conduct, whoever asks for the notice and whenever.
    terms = rules.terms_at(decision.conduct_at, service=decision.service, jurisdiction=history.law)
    fields = {
        "notice": identity("n", decision.id, str(decision.revision)),
        "version": str(decision.revision),
        "decision": decision.id,
        "status": decision.status.value,
        "recipient": decision.account_id,
        "language": "English, which governs (1.4)",
        "terms": decision.terms.id,
        **_party(history, decision, terms),
        "ground": _each(f"{g.clause}: {g.explanation}" for g in _standing(decision)),
        "power": _each(f"{a.power.value} under {a.power_clause}" for a in decision.actions),
        "standard": _each(f"{g.clause}: {g.standard.label}" for g in _standing(decision)),
        "facts": _each(_facts(g) for g in _standing(decision)),
        "source": _source(decision),
        "automation": automation(decision),
        "action": _each(f"{named(a)}{state(a, decision)}" for a in decision.actions),
        "scope": by_action(decision, lambda a: bears_on(a, decision)),
        "start": by_action(decision, lambda a: a.starts.isoformat()),
        "end": by_action(decision, lasts),
        "override": _override(decision, rules),
        "points": _points(decision),
        "cure": _each(f"it ends when {cure(a.end.cure)}" for a in decision.actions if a.end.cure)
        or "none asked",
        "complaint": _complaint(decision),
        "effect": left(decision),
        "decided by": _decider(decision),
        "rules": f"{decision.rule} (house rules {decision.policy_hash[:12]})",
        "readings": ", ".join(decision.readings) or "none",
    }
    if decision.related_to:
        # INVARIANT: the notice explains the relation without naming the first Member.
        fields["facts"] = "this account was determined to be related to an account in breach"
    missing = [name for name in MANDATORY if not fields.get(name)]
    if missing:
        raise NoticeError(
            f"the notice of {decision.id} lacks {', '.join(f'`{m}`' for m in missing)}",
            hint="complete the decision record; a notice is only a projection of it",
        )
    return Notice(fields["notice"], decision.id, decision.account_id, fields)


def notice_of_measure(measure: ProtectiveMeasure) -> Notice:
    """The notice of a protective measure: no breach, no points, and when it ends."""
    fields = {
        "notice": identity("n", measure.id),
        "decision": measure.id,
        "recipient": measure.account_id,
        "action": words(measure.kind.value),
        "scope": measure.target or measure.account_id,
        "ground": "none: this protects and does not punish",
        "basis": measure.basis,
        "facts": measure.reason,
        "start": measure.starts.isoformat(),
        "end": measure.ends.isoformat(),
        "complaint": "ask for a review of this measure at any time before it ends",
    }
    return Notice(fields["notice"], measure.id, measure.account_id, fields)


def _standing(decision: Decision) -> tuple[Ground, ...]:
    return tuple(g for g in decision.grounds if not g.fallen) or decision.grounds


def _party(history: History, decision: Decision, terms: TermsVersion) -> Mapping[str, str]:
    if history.origin is None:
        return _undetermined("the place the Member is from was never recorded")
    members, used = _membership(history, decision, terms)
    try:
        found = contracting_party(
            terms,
            origin=history.origin,
            residence=history.residence,
            access=history.access,
            site=members,
            uses=used,
        )
    except TermsError as error:  # a place or site that nobody can place stops no decision
        return _undetermined(error.message)
    candidates = found.candidates if isinstance(found, Ambiguous) else (found,)
    return {
        "contracting entity": _either(party.entity.name for party in candidates),
        "governing law": _either(party.governing_law for party in candidates),
        "court": _either(party.court for party in candidates),
        "notice address": _either(_address(party) for party in candidates),
    }


def _undetermined(why: str) -> Mapping[str, str]:
    names = ("contracting entity", "governing law", "court", "notice address")
    return dict.fromkeys(names, f"not determined: {why}")


def _membership(
    history: History, decision: Decision, terms: TermsVersion
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the account is a member of, and which of it the conduct used (2.1).

    Where no membership is recorded the site of the conduct stands for it, or else every family.
    """
    site = terms.family_of(decision.site)
    told = () if site is None else (site,)
    account = next((a for a in history.accounts if a.account_id == decision.account_id), None)
    named = map(terms.family_of, account.memberships if account else ())
    members = tuple(name for name in named if name) or told or terms.families
    return members, told if site in members else members


def _address(party: Party) -> str:
    return ", ".join(party.notice_address.lines(party.entity))


def _either(candidates: Iterable[str]) -> str:
    return " or ".join(dict.fromkeys(candidates))


def _each(parts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(parts))


def _facts(ground: Ground) -> str:
    against = [e.sentence for e in ground.evidence if e.bearing is Bearing.INCRIMINATING]
    facts = ", ".join(ground.fact_ids)
    told = "; ".join(sentence.removesuffix(".") for sentence in against)
    return f"{told or ground.explanation} [{facts}]"


def _source(decision: Decision) -> str:
    triggers = [t for g in decision.grounds for t in g.triggers]
    own = "the platform's own look" if decision.automated_detection else "a person's report"
    return _each(_SOURCES[t] for t in triggers) or own


def _points(decision: Decision) -> str:
    if not decision.in_force:
        return "none: the decision does not bind"
    return f"{decision.points} for this{priced(decision)}, {decision.points_after} in all"


def _override(decision: Decision, rules: HouseRules) -> str:
    agreements = [
        a.id
        for a in rules.agreements
        if a.service == decision.service and a.in_force(decision.conduct_at)
    ]
    return ", ".join(agreements) or "no Additional Agreement applies (1.5)"


def _complaint(decision: Decision) -> str:
    until = decision.appeal_until
    window = f" until {until.isoformat()}" if until else ""
    return f"appeal free of charge{window}; somebody else decides; the courts stay open to you"


def _decider(decision: Decision) -> str:
    if decision.actor is None:
        return "a house rule, without a person"
    return f"a {decision.actor.kind} ({', '.join(decision.actor.roles) or 'no role recorded'})"
