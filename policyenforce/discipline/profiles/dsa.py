"""The EU statement of reasons, as the transparency database takes it (schema v2, 2025-07-01).

Regulation (EU) 2022/2065, Articles 17 and 24(5). The statement is read off the decision record;
its texts are made of clauses, standards and categories, never of what anybody wrote. Nothing is
sent anywhere: the operator does that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from policyenforce.discipline.profiles.personal import personal_in
from policyenforce.discipline.wording import words
from policyenforce.errors import NoticeError
from policyenforce.model.decisions import Decision, DisciplinaryAction, Ground, ScopeKind
from policyenforce.model.outcome import History
from policyenforce.terms.gates import Power, Trigger

SCHEMA = "v2"
CATEGORIES = frozenset({
    "STATEMENT_CATEGORY_ANIMAL_WELFARE", "STATEMENT_CATEGORY_CONSUMER_INFORMATION",
    "STATEMENT_CATEGORY_CYBER_VIOLENCE", "STATEMENT_CATEGORY_CYBER_VIOLENCE_AGAINST_WOMEN",
    "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
    "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
    "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
    "STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
    "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE", "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
    "STATEMENT_CATEGORY_PROTECTION_OF_MINORS", "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
    "STATEMENT_CATEGORY_SCAMS_AND_FRAUD", "STATEMENT_CATEGORY_SELF_HARM",
    "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS", "STATEMENT_CATEGORY_VIOLENCE",
})  # fmt: skip
"""The sixteen categories of the schema."""
_CATEGORY = {
    "3.6": "SCAMS_AND_FRAUD", "4.1": "SCAMS_AND_FRAUD", "5.2": "CONSUMER_INFORMATION",
    "5.4(b)": "INTELLECTUAL_PROPERTY_INFRINGEMENTS", "5.5(c)": "ILLEGAL_OR_HARMFUL_SPEECH",
    "5.5(d)": "ILLEGAL_OR_HARMFUL_SPEECH", "5.5(e)": "UNSAFE_AND_PROHIBITED_PRODUCTS",
    "5.6(d)": "SCAMS_AND_FRAUD", "5.6(e)": "SCAMS_AND_FRAUD", "5.6(f)": "SCAMS_AND_FRAUD",
    "6.3(b)": "SCAMS_AND_FRAUD", "6.3(c)": "CONSUMER_INFORMATION",
}  # fmt: skip
_KEYWORD = {
    "3.6": "INAUTHENTIC_USER_REVIEWS", "4.1": "INAUTHENTIC_ACCOUNTS",
    "5.2": "INSUFFICIENT_INFORMATION_ON_TRADERS", "5.5(d)": "DISCRIMINATION",
    "5.6(e)": "IMPERSONATION_ACCOUNT_HIJACKING", "5.6(f)": "PHISHING",
    "6.3(c)": "INSUFFICIENT_INFORMATION_ON_TRADERS", "1.2(a)": "AGE_SPECIFIC_RESTRICTIONS",
    "1.2(b)": "GEOGRAPHICAL_REQUIREMENTS",
}  # fmt: skip
_OTHER = "DECISION_VISIBILITY_OTHER"
_VISIBILITY = {
    Power.REMOVE_CONTENT: "DECISION_VISIBILITY_CONTENT_REMOVED",
    Power.REJECT_CONTENT: "DECISION_VISIBILITY_CONTENT_DISABLED",
    Power.MODIFY_CONTENT: _OTHER,
    Power.CAP_CONTENT: _OTHER,
}
_PROVISION = {
    Power.LIMIT_SERVICE: "DECISION_PROVISION_PARTIAL_SUSPENSION",
    Power.DOWNGRADE_SERVICE: "DECISION_PROVISION_PARTIAL_SUSPENSION",
    Power.RESTRICT_FEATURE: "DECISION_PROVISION_PARTIAL_SUSPENSION",
    Power.SUSPEND_SERVICE: "DECISION_PROVISION_TOTAL_SUSPENSION",
    Power.TERMINATE_SERVICE: "DECISION_PROVISION_TOTAL_TERMINATION",
}
_ACCOUNT = {
    Power.SUSPEND_ACCOUNT: "DECISION_ACCOUNT_SUSPENDED",
    Power.TERMINATE_ACCOUNT: "DECISION_ACCOUNT_TERMINATED",
    Power.CANCEL_ACCOUNT: "DECISION_ACCOUNT_TERMINATED",
}
_SOURCE = {
    Trigger.COMPLAINT: "SOURCE_TYPE_OTHER_NOTIFICATION",
    Trigger.AFFILIATE_NOTICE: "SOURCE_TYPE_OTHER_NOTIFICATION",
}
_RESTRICTIONS = ("decision_visibility", "decision_monetary", "decision_provision",
                 "decision_account")  # fmt: skip
_LIMITS = {
    "incompatible_content_ground": 500, "incompatible_content_explanation": 2000,
    "decision_facts": 5000, "puid": 500,
}  # fmt: skip
_PUID = re.compile(r"[A-Za-z0-9-_]+")
EEA = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
    "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip
"""Where an account-wide restriction applies, as alpha-2 codes."""


def statement(decision: Decision, history: History) -> Mapping[str, Any]:
    """The statement of reasons of a decision that binds.

    Raises NoticeError for what the schema has no word for, such as a warning alone, and for
    personal data.
    """
    if not decision.in_force:
        raise NoticeError(f"decision {decision.id} does not bind: there is nothing to state")
    grounds = [ground for ground in decision.grounds if not ground.fallen]
    binding = [action for action in decision.actions if not action.stayed]
    worst = max(grounds, key=lambda g: (g.standard, g.clause.text))
    said: dict[str, Any] = {
        **_restricted(binding),
        "account_type": "ACCOUNT_TYPE_BUSINESS",
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": f"Terms of Use {decision.terms.id}, "
        f"{' and '.join(dict.fromkeys(f'clause {g.clause}' for g in grounds))}",
        "incompatible_content_explanation": " ".join(map(_explained, grounds)),
        "incompatible_content_illegal": "No",
        **_content(binding),
        "category": f"STATEMENT_CATEGORY_{_of(_CATEGORY, worst, 'OTHER_VIOLATION_TC')}",
        "territorial_scope": list(EEA),
        "content_date": decision.conduct_at.date().isoformat(),
        "application_date": min(a.starts for a in binding).date().isoformat(),
        "decision_facts": _facts(decision, grounds),
        "source_type": _source(grounds),
        "automated_detection": "Yes" if decision.automated_detection else "No",
        "automated_decision": "AUTOMATED_DECISION_FULLY"
        if decision.automated_decision
        else "AUTOMATED_DECISION_NOT_AUTOMATED",
        "puid": f"{decision.id}-{decision.revision}",
        **_ends(binding),
    }
    keyword = _of(_KEYWORD, worst, "")
    if keyword:
        said["category_specification"] = [f"KEYWORD_{keyword}"]
    require_valid(said, _names(decision, history))
    return said


def flaws(said: Mapping[str, Any], names: Iterable[str] = ()) -> Iterator[str]:
    """Everything the schema would refuse in a statement, and personal data in its texts."""
    if not any(said.get(name) for name in _RESTRICTIONS):
        yield "no restriction that the schema knows"
    for name, longest in _LIMITS.items():
        text = said.get(name)
        if not isinstance(text, str) or not text:
            yield f"`{name}` is missing"
        elif len(text) > longest:
            yield f"`{name}` is longer than {longest}"
    if said.get("category") not in CATEGORIES:
        yield "`category` is not of the schema"
    if not _PUID.fullmatch(str(said.get("puid", ""))):
        yield "`puid` has other characters than letters, digits, - and _"
    if said.get("automated_detection") not in ("Yes", "No"):
        yield "`automated_detection` is neither Yes nor No"
    hidden = tuple(names)
    for name, text in said.items():
        if isinstance(text, str) and name != "puid":
            yield from (f"`{name}` holds {what}" for what in personal_in(text, hidden))


def require_valid(said: Mapping[str, Any], names: Iterable[str] = ()) -> None:
    """Raise NoticeError for a statement that the database would refuse, or that names a person."""
    found = list(flaws(said, names))
    if found:
        raise NoticeError(f"no statement of reasons: {'; '.join(found)}", where=said.get("puid"))


def _restricted(actions: Iterable[DisciplinaryAction]) -> dict[str, Any]:
    taken = list(actions)
    visibility = [_VISIBILITY[a.power] for a in taken if a.power in _VISIBILITY]
    provision = [_PROVISION[a.power] for a in taken if a.power in _PROVISION]
    account = [_ACCOUNT[a.power] for a in taken if a.power in _ACCOUNT]
    said: dict[str, Any] = {}
    if visibility:
        said["decision_visibility"] = list(dict.fromkeys(visibility))
        if _OTHER in visibility:
            said["decision_visibility_other"] = "edited, or capped in number"
    if provision:
        said["decision_provision"] = max(provision)
    if account:
        said["decision_account"] = max(account)
    return said


def _ends(actions: Iterable[DisciplinaryAction]) -> dict[str, str]:
    """The end of each kind of restriction; one that is open-ended is left blank."""
    found: dict[str, list[Any]] = {}
    for action in actions:
        for kind, table in (
            ("visibility", _VISIBILITY), ("service", _PROVISION), ("account", _ACCOUNT)
        ):  # fmt: skip
            if action.power in table:
                found.setdefault(kind, []).append(action.end.at)
    return {
        f"end_date_{kind}_restriction": max(ends).date().isoformat()
        for kind, ends in found.items()
        if None not in ends
    }


def _content(actions: Iterable[DisciplinaryAction]) -> dict[str, Any]:
    if any(action.scope.kind is ScopeKind.CONTENT for action in actions):
        return {"content_type": ["CONTENT_TYPE_PRODUCT"]}
    return {"content_type": ["CONTENT_TYPE_OTHER"], "content_type_other": "the account"}


def _of(table: Mapping[str, str], ground: Ground, default: str) -> str:
    clause = ground.clause
    for name in (clause.text, clause.clause.text, clause.number):
        if name in table:
            return table[name]
    return default


def _explained(ground: Ground) -> str:
    category = f" ({words(ground.category)})" if ground.category else ""
    return f"Clause {ground.clause}{category}: the standard reached is {ground.standard.label}."


def _facts(decision: Decision, grounds: Iterable[Ground]) -> str:
    count = len({fact for ground in grounds for fact in ground.fact_ids})
    seen = "by automated means" if decision.automated_detection else "by a person"
    powers = ", ".join(dict.fromkeys(f"{a.power.value} under {a.power_clause}"
                                     for a in decision.actions))  # fmt: skip
    return f"Detected {seen} in {count} recorded events. What followed: {powers}."


def _source(grounds: Iterable[Ground]) -> str:
    met = (_SOURCE[t] for ground in grounds for t in ground.triggers if t in _SOURCE)
    return next(met, "SOURCE_VOLUNTARY")


def _names(decision: Decision, history: History) -> tuple[str, ...]:
    accounts = (account.account_id for account in history.accounts)
    return (decision.account_id, decision.user, *accounts)
