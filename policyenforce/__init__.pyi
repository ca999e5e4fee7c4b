from policyenforce.checks.account_sharing.countries import (
    countries as countries,
)
from policyenforce.checks.account_sharing.countries import (
    located as located,
)
from policyenforce.discipline.cascade import (
    CascadePlan as CascadePlan,
)
from policyenforce.discipline.letter import (
    Form as Form,
)
from policyenforce.discipline.letter import (
    Translation as Translation,
)
from policyenforce.discipline.reversal import (
    ReversalPlan as ReversalPlan,
)
from policyenforce.enforcer import (
    Enforcer as Enforcer,
)
from policyenforce.enforcer import (
    open_enforcer as open_enforcer,
)
from policyenforce.errors import (
    ConflictError as ConflictError,
)
from policyenforce.errors import (
    FactError as FactError,
)
from policyenforce.errors import (
    GateError as GateError,
)
from policyenforce.errors import (
    InputError as InputError,
)
from policyenforce.errors import (
    IntegrityError as IntegrityError,
)
from policyenforce.errors import (
    LedgerError as LedgerError,
)
from policyenforce.errors import (
    NoticeError as NoticeError,
)
from policyenforce.errors import (
    PolicyEnforceError as PolicyEnforceError,
)
from policyenforce.errors import (
    PolicyError as PolicyError,
)
from policyenforce.errors import (
    RoleError as RoleError,
)
from policyenforce.errors import (
    TermsError as TermsError,
)
from policyenforce.errors import (
    UnknownError as UnknownError,
)
from policyenforce.model.conditions import (
    Condition as Condition,
)
from policyenforce.model.decisions import (
    Decision as Decision,
)
from policyenforce.model.decisions import (
    DisciplinaryAction as DisciplinaryAction,
)
from policyenforce.model.decisions import (
    End as End,
)
from policyenforce.model.decisions import (
    Ground as Ground,
)
from policyenforce.model.decisions import (
    ProtectiveMeasure as ProtectiveMeasure,
)
from policyenforce.model.decisions import (
    Scope as Scope,
)
from policyenforce.model.decisions import (
    ScopeKind as ScopeKind,
)
from policyenforce.model.decisions import (
    Status as Status,
)
from policyenforce.model.evidence import (
    Bearing as Bearing,
)
from policyenforce.model.evidence import (
    Evidence as Evidence,
)
from policyenforce.model.evidence import (
    Span as Span,
)
from policyenforce.model.fact import (
    Fact as Fact,
)
from policyenforce.model.facts.content import (
    Content as Content,
)
from policyenforce.model.facts.content import (
    ContentDisplayed as ContentDisplayed,
)
from policyenforce.model.facts.content import (
    ContentKind as ContentKind,
)
from policyenforce.model.facts.content import (
    ContentLabelled as ContentLabelled,
)
from policyenforce.model.facts.content import (
    ContentRestored as ContentRestored,
)
from policyenforce.model.facts.content import (
    ContentRevised as ContentRevised,
)
from policyenforce.model.facts.content import (
    ContentSubmitted as ContentSubmitted,
)
from policyenforce.model.facts.content import (
    ContentWithdrawn as ContentWithdrawn,
)
from policyenforce.model.facts.content import (
    Labeller as Labeller,
)
from policyenforce.model.facts.content import (
    LinkResolved as LinkResolved,
)
from policyenforce.model.facts.content import (
    RightsClaimAnswered as RightsClaimAnswered,
)
from policyenforce.model.facts.content import (
    RightsClaimDecided as RightsClaimDecided,
)
from policyenforce.model.facts.content import (
    RightsClaimed as RightsClaimed,
)
from policyenforce.model.facts.content import (
    RightsClaimWithdrawn as RightsClaimWithdrawn,
)
from policyenforce.model.facts.dealings import (
    AffiliateNoticeReceived as AffiliateNoticeReceived,
)
from policyenforce.model.facts.dealings import (
    Allegation as Allegation,
)
from policyenforce.model.facts.dealings import (
    ComplaintAnswered as ComplaintAnswered,
)
from policyenforce.model.facts.dealings import (
    ComplaintReceived as ComplaintReceived,
)
from policyenforce.model.facts.dealings import (
    ComplaintResolved as ComplaintResolved,
)
from policyenforce.model.facts.dealings import (
    ConductReported as ConductReported,
)
from policyenforce.model.facts.dealings import (
    Dishonesty as Dishonesty,
)
from policyenforce.model.facts.dealings import (
    FeePaid as FeePaid,
)
from policyenforce.model.facts.dealings import (
    InformationChallenged as InformationChallenged,
)
from policyenforce.model.facts.dealings import (
    InformationRequested as InformationRequested,
)
from policyenforce.model.facts.dealings import (
    InformationSupplied as InformationSupplied,
)
from policyenforce.model.facts.dealings import (
    InformationVerified as InformationVerified,
)
from policyenforce.model.facts.dealings import (
    LossRecorded as LossRecorded,
)
from policyenforce.model.facts.dealings import (
    LossRiskAssessed as LossRiskAssessed,
)
from policyenforce.model.facts.dealings import (
    Money as Money,
)
from policyenforce.model.facts.dealings import (
    PaymentFlag as PaymentFlag,
)
from policyenforce.model.facts.dealings import (
    PaymentFlagged as PaymentFlagged,
)
from policyenforce.model.facts.dealings import (
    RequestPurpose as RequestPurpose,
)
from policyenforce.model.facts.dealings import (
    Resolution as Resolution,
)
from policyenforce.model.facts.dealings import (
    RestrictedParty as RestrictedParty,
)
from policyenforce.model.facts.dealings import (
    RestrictionKind as RestrictionKind,
)
from policyenforce.model.facts.dealings import (
    RestrictionMatched as RestrictionMatched,
)
from policyenforce.model.facts.dealings import (
    TransactionRecorded as TransactionRecorded,
)
from policyenforce.model.facts.procedure import (
    ActionApplied as ActionApplied,
)
from policyenforce.model.facts.procedure import (
    ActionFailed as ActionFailed,
)
from policyenforce.model.facts.procedure import (
    Actor as Actor,
)
from policyenforce.model.facts.procedure import (
    AppealDecided as AppealDecided,
)
from policyenforce.model.facts.procedure import (
    AppealFiled as AppealFiled,
)
from policyenforce.model.facts.procedure import (
    AppealResult as AppealResult,
)
from policyenforce.model.facts.procedure import (
    AuthorityOrderReceived as AuthorityOrderReceived,
)
from policyenforce.model.facts.procedure import (
    CaseAct as CaseAct,
)
from policyenforce.model.facts.procedure import (
    CaseHandled as CaseHandled,
)
from policyenforce.model.facts.procedure import (
    Channel as Channel,
)
from policyenforce.model.facts.procedure import (
    ChosenAction as ChosenAction,
)
from policyenforce.model.facts.procedure import (
    ConflictDeclared as ConflictDeclared,
)
from policyenforce.model.facts.procedure import (
    DeadlinePassed as DeadlinePassed,
)
from policyenforce.model.facts.procedure import (
    DecisionReversed as DecisionReversed,
)
from policyenforce.model.facts.procedure import (
    DisclosureRequested as DisclosureRequested,
)
from policyenforce.model.facts.procedure import (
    FindingConfirmed as FindingConfirmed,
)
from policyenforce.model.facts.procedure import (
    FindingRefuted as FindingRefuted,
)
from policyenforce.model.facts.procedure import (
    LegalHoldLifted as LegalHoldLifted,
)
from policyenforce.model.facts.procedure import (
    LegalHoldSet as LegalHoldSet,
)
from policyenforce.model.facts.procedure import (
    MeasureKind as MeasureKind,
)
from policyenforce.model.facts.procedure import (
    NoticeDeferred as NoticeDeferred,
)
from policyenforce.model.facts.procedure import (
    NoticeFailed as NoticeFailed,
)
from policyenforce.model.facts.procedure import (
    NoticeSent as NoticeSent,
)
from policyenforce.model.facts.procedure import (
    ProtectionLifted as ProtectionLifted,
)
from policyenforce.model.facts.procedure import (
    ProtectionOrdered as ProtectionOrdered,
)
from policyenforce.model.facts.procedure import (
    Requester as Requester,
)
from policyenforce.model.facts.procedure import (
    ReviewRecorded as ReviewRecorded,
)
from policyenforce.model.facts.procedure import (
    SubjectRequestReceived as SubjectRequestReceived,
)
from policyenforce.model.facts.procedure import (
    SubjectRight as SubjectRight,
)
from policyenforce.model.facts.procedure import (
    Verdict as Verdict,
)
from policyenforce.model.facts.registration import (
    AccountClosed as AccountClosed,
)
from policyenforce.model.facts.registration import (
    AccountOpened as AccountOpened,
)
from policyenforce.model.facts.registration import (
    Address as Address,
)
from policyenforce.model.facts.registration import (
    Affiliation as Affiliation,
)
from policyenforce.model.facts.registration import (
    AffiliationDeclared as AffiliationDeclared,
)
from policyenforce.model.facts.registration import (
    ApplicationReceived as ApplicationReceived,
)
from policyenforce.model.facts.registration import (
    ApplicationWithdrawn as ApplicationWithdrawn,
)
from policyenforce.model.facts.registration import (
    ApprovalGranted as ApprovalGranted,
)
from policyenforce.model.facts.registration import (
    ApprovalRevoked as ApprovalRevoked,
)
from policyenforce.model.facts.registration import (
    ApprovalScope as ApprovalScope,
)
from policyenforce.model.facts.registration import (
    AuthorisedUserChanged as AuthorisedUserChanged,
)
from policyenforce.model.facts.registration import (
    DetailsAmended as DetailsAmended,
)
from policyenforce.model.facts.registration import (
    Entity as Entity,
)
from policyenforce.model.facts.registration import (
    Referee as Referee,
)
from policyenforce.model.facts.registration import (
    Representative as Representative,
)
from policyenforce.model.facts.registration import (
    SignalKind as SignalKind,
)
from policyenforce.model.facts.registration import (
    SignalObserved as SignalObserved,
)
from policyenforce.model.facts.registration import (
    TermsAccepted as TermsAccepted,
)
from policyenforce.model.facts.registration import (
    UserKind as UserKind,
)
from policyenforce.model.facts.registration import (
    UsersLinked as UsersLinked,
)
from policyenforce.model.facts.registration import (
    UsersSeparated as UsersSeparated,
)
from policyenforce.model.facts.sessions import (
    CredentialSharingReported as CredentialSharingReported,
)
from policyenforce.model.facts.sessions import (
    Network as Network,
)
from policyenforce.model.facts.sessions import (
    SecuritySettingChanged as SecuritySettingChanged,
)
from policyenforce.model.facts.sessions import (
    SessionActive as SessionActive,
)
from policyenforce.model.facts.sessions import (
    Setting as Setting,
)
from policyenforce.model.facts.sessions import (
    SignedIn as SignedIn,
)
from policyenforce.model.facts.sessions import (
    SignedOut as SignedOut,
)
from policyenforce.model.facts.sessions import (
    SignInFailed as SignInFailed,
)
from policyenforce.model.facts.sessions import (
    UnauthorisedUseReported as UnauthorisedUseReported,
)
from policyenforce.model.facts.sessions import (
    WithWhom as WithWhom,
)
from policyenforce.model.findings import (
    CannotTell as CannotTell,
)
from policyenforce.model.findings import (
    Finding as Finding,
)
from policyenforce.model.findings import (
    Severity as Severity,
)
from policyenforce.model.outcome import (
    Case as Case,
)
from policyenforce.model.outcome import (
    Deadline as Deadline,
)
from policyenforce.model.outcome import (
    Disposition as Disposition,
)
from policyenforce.model.outcome import (
    History as History,
)
from policyenforce.model.outcome import (
    Notice as Notice,
)
from policyenforce.model.outcome import (
    Outcome as Outcome,
)
from policyenforce.model.standing import (
    AccountState as AccountState,
)
from policyenforce.model.standing import (
    Capability as Capability,
)
from policyenforce.model.standing import (
    Permission as Permission,
)
from policyenforce.model.standing import (
    Standing as Standing,
)
from policyenforce.model.structuring import (
    fact_from_json as fact_from_json,
)
from policyenforce.model.structuring import (
    fact_to_json as fact_to_json,
)
from policyenforce.model.structuring import (
    read_facts as read_facts,
)
from policyenforce.policy.load import (
    load_rules as load_rules,
)
from policyenforce.policy.rules import (
    HouseRules as HouseRules,
)
from policyenforce.privacy.tokens import (
    TokenKeys as TokenKeys,
)
from policyenforce.terms.gates import (
    Gate as Gate,
)
from policyenforce.terms.gates import (
    Power as Power,
)
from policyenforce.terms.gates import (
    Standard as Standard,
)
from policyenforce.terms.gates import (
    Trigger as Trigger,
)
from policyenforce.terms.references import (
    ClauseRef as ClauseRef,
)
from policyenforce.terms.versions import (
    TermsVersion as TermsVersion,
)

__version__: str
