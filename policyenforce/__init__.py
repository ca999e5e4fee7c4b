"""policyenforce makes a marketplace's Terms of Use executable.

A backend tells it what happened; it says which clause is engaged, how sure that is, what the
Terms allow to follow, what the house rules choose, and what the Member must be told.

>>> import policyenforce as pe
>>> enforcer = pe.open_enforcer()

Names are loaded when first used, so that importing costs little; type checkers read them from
the stub beside this file.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "policyenforce.checks.account_sharing.countries": ("countries", "located"),
    "policyenforce.discipline.cascade": ("CascadePlan",),
    "policyenforce.discipline.letter": ("Form", "Translation"),
    "policyenforce.discipline.reversal": ("ReversalPlan",),
    "policyenforce.enforcer": ("Enforcer", "open_enforcer"),
    "policyenforce.errors": (
        "ConflictError",
        "FactError",
        "GateError",
        "InputError",
        "IntegrityError",
        "LedgerError",
        "NoticeError",
        "PolicyEnforceError",
        "PolicyError",
        "RoleError",
        "TermsError",
        "UnknownError",
    ),
    "policyenforce.model.conditions": ("Condition",),
    "policyenforce.model.decisions": (
        "Decision",
        "DisciplinaryAction",
        "End",
        "Ground",
        "ProtectiveMeasure",
        "Scope",
        "ScopeKind",
        "Status",
    ),
    "policyenforce.model.evidence": ("Bearing", "Evidence", "Span"),
    "policyenforce.model.fact": ("Fact",),
    "policyenforce.model.facts.content": (
        "Content",
        "ContentDisplayed",
        "ContentKind",
        "ContentLabelled",
        "ContentRestored",
        "ContentRevised",
        "ContentSubmitted",
        "ContentWithdrawn",
        "Labeller",
        "LinkResolved",
        "RightsClaimAnswered",
        "RightsClaimDecided",
        "RightsClaimWithdrawn",
        "RightsClaimed",
    ),
    "policyenforce.model.facts.dealings": (
        "AffiliateNoticeReceived",
        "Allegation",
        "ComplaintAnswered",
        "ComplaintReceived",
        "ComplaintResolved",
        "ConductReported",
        "Dishonesty",
        "FeePaid",
        "InformationChallenged",
        "InformationRequested",
        "InformationSupplied",
        "InformationVerified",
        "LossRecorded",
        "LossRiskAssessed",
        "Money",
        "PaymentFlag",
        "PaymentFlagged",
        "RequestPurpose",
        "Resolution",
        "RestrictedParty",
        "RestrictionKind",
        "RestrictionMatched",
        "TransactionRecorded",
    ),
    "policyenforce.model.facts.procedure": (
        "ActionApplied",
        "ActionFailed",
        "Actor",
        "AppealDecided",
        "AppealFiled",
        "AppealResult",
        "AuthorityOrderReceived",
        "CaseAct",
        "CaseHandled",
        "Channel",
        "ChosenAction",
        "ConflictDeclared",
        "DeadlinePassed",
        "DecisionReversed",
        "DisclosureRequested",
        "FindingConfirmed",
        "FindingRefuted",
        "LegalHoldLifted",
        "LegalHoldSet",
        "MeasureKind",
        "NoticeDeferred",
        "NoticeFailed",
        "NoticeSent",
        "ProtectionLifted",
        "ProtectionOrdered",
        "Requester",
        "ReviewRecorded",
        "SubjectRequestReceived",
        "SubjectRight",
        "Verdict",
    ),
    "policyenforce.model.facts.registration": (
        "AccountClosed",
        "AccountOpened",
        "Address",
        "Affiliation",
        "AffiliationDeclared",
        "ApplicationReceived",
        "ApplicationWithdrawn",
        "ApprovalGranted",
        "ApprovalRevoked",
        "ApprovalScope",
        "AuthorisedUserChanged",
        "DetailsAmended",
        "Entity",
        "Referee",
        "Representative",
        "SignalKind",
        "SignalObserved",
        "TermsAccepted",
        "UserKind",
        "UsersLinked",
        "UsersSeparated",
    ),
    "policyenforce.model.facts.sessions": (
        "CredentialSharingReported",
        "Network",
        "SecuritySettingChanged",
        "SessionActive",
        "Setting",
        "SignInFailed",
        "SignedIn",
        "SignedOut",
        "UnauthorisedUseReported",
        "WithWhom",
    ),
    "policyenforce.model.findings": ("CannotTell", "Finding", "Severity"),
    "policyenforce.model.outcome": (
        "Case",
        "Deadline",
        "Disposition",
        "History",
        "Notice",
        "Outcome",
    ),
    "policyenforce.model.standing": ("AccountState", "Capability", "Permission", "Standing"),
    "policyenforce.model.structuring": ("fact_from_json", "fact_to_json", "read_facts"),
    "policyenforce.policy.load": ("load_rules",),
    "policyenforce.policy.rules": ("HouseRules",),
    "policyenforce.privacy.tokens": ("TokenKeys",),
    "policyenforce.terms.gates": ("Gate", "Power", "Standard", "Trigger"),
    "policyenforce.terms.references": ("ClauseRef",),
    "policyenforce.terms.versions": ("TermsVersion",),
}
_WHERE = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted([*_WHERE, "__version__"])  # noqa: PLE0605  # the names above, listed by hand


def __getattr__(name: str) -> Any:
    home = _WHERE.get(name)
    if home is None:
        raise AttributeError(f"module `policyenforce` has no name `{name}`")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_WHERE])
