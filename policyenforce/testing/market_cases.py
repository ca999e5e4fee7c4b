"""The ten cases that a trust-and-safety lead tries first, as scenes of the example marketplace."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from policyenforce.model.decisions import Status
from policyenforce.model.facts.content import Content, ContentSubmitted
from policyenforce.model.facts.dealings import (
    AffiliateNoticeReceived,
    Dishonesty,
    InformationChallenged,
    InformationVerified,
    Money,
    PaymentFlag,
    PaymentFlagged,
    TransactionRecorded,
)
from policyenforce.model.facts.procedure import (
    ActionApplied,
    AppealDecided,
    AppealFiled,
    AppealResult,
    AuthorityOrderReceived,
    Channel,
    ChosenAction,
    DeadlinePassed,
    DisclosureRequested,
    FindingConfirmed,
    LegalHoldLifted,
    LegalHoldSet,
    NoticeSent,
    Requester,
    ReviewRecorded,
    SubjectRequestReceived,
    SubjectRight,
    Verdict,
)
from policyenforce.model.facts.registration import (
    ApprovalGranted,
    ApprovalScope,
    AuthorisedUserChanged,
    DetailsAmended,
)
from policyenforce.model.facts.sessions import (
    CredentialSharingReported,
    Network,
    SecuritySettingChanged,
    Setting,
    SignedIn,
    SignInFailed,
    UnauthorisedUseReported,
    WithWhom,
)
from policyenforce.terms.gates import Power, Standard
from policyenforce.testing.market_stage import (
    APPEALS,
    MODERATOR,
    SENIOR,
    Stage,
    clock,
    decision,
    finding,
)

# fmt: off
# A scene reads as a script: one fact, and what is particular about it, in a few lines.

REPLICAS = "AAA quality handbags and super clone watches, ask for the catalogue."


def across_the_change(stage: Stage) -> None:
    """1: the same listing on 3 and on 4 October: another company, law and address."""
    for name, when in (("vesna", "10-03 23:30"), ("zlata", "10-04 00:30")):
        account = stage.member(name, "09-14 11:00", site="aliexpress", country="RU")
        content = Content(content_id=f"c-{name}", title="Handbags", description=REPLICAS)
        stage.tell(
            ContentSubmitted, when, site="aliexpress", account_id=account, content=content
        )


def colleague_outsider_hacker(stage: Stage) -> None:
    """2: one password, three stories: inside the entity, outside it, and a break-in."""
    bureau = stage.member("corvid", "09-12 09:00", company="Corvid Bureau Co., Ltd.")
    stage.tell(
        AuthorisedUserChanged, "09-12 12:00", account_id=bureau, person_id="p-corvid-1",
        person_name="Ada Corvid", from_=clock("09-12 00:00"),
    )
    stage.sign_ins(
        bureau, ("09-16", "09-18", "09-23", "09-25"),
        {f"desk-corvid-{n}": {"person_id": f"p-corvid-{n}"} for n in (1, 2)},
    )
    stage.tell(
        CredentialSharingReported, "09-30 15:00", account_id=bureau, reported_by="p-corvid-1",
        with_whom=WithWhom.INSIDE, confidence=0.95, admitted=True, person_id="p-corvid-2",
    )
    outlet = stage.member("dorrin", "09-12 10:00", company="Dorrin Outlet Co., Ltd.")
    stage.sign_ins(
        outlet, ("09-16", "09-19", "09-24", "09-27"),
        {"desk-dorrin": {}, "agency-laptop": {"network": Network.FIXED, "country": "VN"}},
    )
    stage.tell(
        CredentialSharingReported, "10-01 15:00", account_id=outlet, reported_by="former agent",
        with_whom=WithWhom.OUTSIDE, confidence=0.95, admitted=True,
    )
    _broken_into(stage)


def _broken_into(stage: Stage) -> None:
    victim = stage.member("elstow", "09-12 11:00", company="Elstow Glass Co., Ltd.")
    stage.sign_ins(victim, ("09-16", "09-20", "09-25", "10-01"), {"desk-elstow": {}})
    strange = {"account_id": victim, "ip": "198.51.100.77", "network": Network.HOSTING}
    for minute in ("05", "06", "07", "08"):
        stage.tell(SignInFailed, f"10-02 03:{minute}", device_id="unknown-1", **strange)
    stage.tell(SignedIn, "10-02 03:09", device_id="unknown-1", country="NL", **strange)
    for minute, setting in (("11", Setting.PASSWORD), ("12", Setting.PAYOUT)):
        stage.tell(
            SecuritySettingChanged, f"10-02 03:{minute}", account_id=victim, setting=setting,
            device_id="unknown-1",
        )
    stage.tell(
        ContentSubmitted, "10-02 03:20", account_id=victim,
        content=Content(content_id="c-elstow-stranger", title="Handbags", description=REPLICAS),
    )
    stage.tell(
        UnauthorisedUseReported, "10-02 09:30", account_id=victim, aware_at=clock("10-02 09:10"),
        since=clock("10-02 03:00"), until=clock("10-02 09:30"),
    )


def approval_that_ends(stage: Stage) -> None:
    """3: a second account that was approved, until the approval ended."""
    stage.tell(
        ApprovalGranted, "09-12 08:00", approval_id="ap-farrow", scope=ApprovalScope.ACCOUNTS,
        subjects=("a-farrow", "a-farrow-export"), signer="officer-shen",
        role="authorised_officer", from_=clock("09-12 00:00"), until=clock("09-14 00:00"),
    )
    stage.tell(
        ApprovalGranted, "09-12 08:10", approval_id="ap-farrow-door",
        scope=ApprovalScope.APPLICATIONS, subjects=("app-farrow-export",), signer="officer-shen",
        role="authorised_officer", from_=clock("09-12 00:00"),
    )
    same: dict[str, Any] = {
        "country": "CN", "user_id": "u-farrow", "company": "Farrow Tools Co., Ltd.",
        "emails": ("desk@farrow.example",),
        "phones": ("+12025550143",), "bank_accounts": ("CN7781200045512",),
        "device_id": "pc-farrow",
    }
    stage.member("farrow", "09-12 09:00", **same)
    stage.member("farrow-export", "09-12 10:00", **same)
    for account in ("a-farrow", "a-farrow-export"):
        stage.tell(
            DeadlinePassed, "10-28 00:00", f"approval:ap-farrow:{account}", source="clock",
            account_id=account, deadline="approval_expired", concerns="ap-farrow",
        )


def one_limb_of_two(stage: Stage) -> None:
    """4: an affiliate's notice without dishonesty is nothing; with it, a person decides."""
    plain = stage.member("gessner", "09-13 09:00", company="Gessner Lamps Co., Ltd.")
    stage.tell(
        AffiliateNoticeReceived, "09-24 14:00", account_id=plain, affiliate="payments affiliate",
        agreement="settlement terms", dishonesty=Dishonesty.NONE,
    )
    both = stage.member("hathor", "09-13 10:00", company="Hathor Beads Co., Ltd.")
    told = stage.tell(
        AffiliateNoticeReceived, "09-24 15:00", account_id=both, affiliate="payments affiliate",
        agreement="settlement terms", dishonesty=Dishonesty.SUSPECTED, confidence=0.8,
    )
    stage.tell(
        ReviewRecorded, "09-26 11:00", account_id=both, decision_id=decision(told).id,
        verdict=Verdict.APPROVE, by=MODERATOR, reason="the notice and two chargebacks agree",
    )


def stale_address(stage: Stage) -> None:
    """5: a doubt about an address is 6.3(c); only a check that proves it false is 5.2."""
    doubted = stage.member("ixworth", "09-13 11:00", company="Ixworth Paper Co., Ltd.")
    stage.tell(
        InformationChallenged, "09-20 10:00", account_id=doubted, topic="address",
        challenged_by="returned parcel", confidence=0.7,
    )
    stage.tell(
        DetailsAmended, "09-23 16:00", account_id=doubted, changed={"address": "9 Lantern Street"},
        true_since=clock("09-10 00:00"),
    )
    proven = stage.member("jarrold", "09-13 12:00", company="Jarrold Felt Co., Ltd.")
    stage.tell(
        InformationVerified, "09-21 10:00", account_id=proven, topic="address", true=False,
        verified_by="site visit", false_since=clock("09-12 00:00"),
    )


def innocent_relation(stage: Stage) -> None:
    """6: who shares an office with a fraudster is a question for a person, and can win."""
    office: dict[str, Any] = {"ip": "198.51.100.140", "bank_accounts": ("CN5521009938471",)}
    culprit = stage.member("kinvara", "09-13 13:00", company="Kinvara Cards Co., Ltd.", **office)
    cousin = stage.member("lorcan", "09-13 14:00", company="Lorcan Kites Co., Ltd.", **office)
    stage.tell(
        TransactionRecorded, "09-24 09:00", account_id=culprit, order_id="o-kinvara-1",
        buyer_id="a-0001", amount=Money(Decimal(870), "USD"), paid_at=clock("09-24 09:00"),
    )
    flagged = stage.tell(
        PaymentFlagged, "09-25 10:00", account_id=culprit, order_id="o-kinvara-1",
        flag=PaymentFlag.STOLEN_CARD, confidence=0.95, confirmed_by="acquiring bank",
    )
    proposal = decision(flagged, Status.PROPOSED)
    stage.tell(
        ReviewRecorded, "09-26 09:00", account_id=culprit, decision_id=proposal.id,
        verdict=Verdict.APPROVE, by=MODERATOR, reason="the bank confirmed the card as stolen",
    )
    related = stage.tell(
        ReviewRecorded, "09-27 10:00", account_id=cousin, verdict=Verdict.AMEND, by=SENIOR,
        reason="one bank account pays for both", clause=str(proposal.grounds[0].clause),
        standard=proposal.grounds[0].standard, related_to=proposal.id,
        actions=(ChosenAction(power=Power.SUSPEND_ACCOUNT, power_clause="6.2(i)", days=7),),
        evidence=("both applications name the same bank account", "one office address"),
    )
    suspended = decision(related)
    stage.tell(
        AppealFiled, "09-28 09:00", account_id=cousin, appeal_id="appeal-lorcan",
        decision_id=suspended.id, statement="my landlord lets the next room to them",
    )
    stage.tell(
        AppealDecided, "09-30 17:00", account_id=cousin, appeal_id="appeal-lorcan",
        decision_id=suspended.id, result=AppealResult.OVERTURN, by=APPEALS,
        reason="a lease shows two tenants; the bank account is the landlord's",
    )


def who_may_be_told(stage: Stage) -> None:
    """7: the police may be given data; a private investigator only gets cooperation."""
    wanted = stage.member("maeve", "09-14 09:00", company="Maeve Clocks Co., Ltd.")
    items = ("identity", "transactions")
    stage.tell(
        DisclosureRequested, "10-07 10:00", account_id=wanted, request_id="dr-police",
        requester=Requester.POLICE, requester_name="County police, fraud desk",
        legal_basis="search warrant 44/2019", items=items,
    )
    stage.tell(
        DisclosureRequested, "10-08 10:00", account_id=wanted, request_id="dr-detective",
        requester=Requester.PRIVATE_INVESTIGATOR, requester_name="Hollis Enquiries", items=items,
    )
    stage.tell(
        AuthorityOrderReceived, "10-09 10:00", account_id=wanted, order_ref="44/2019-b",
        authority="district court", requires="keep the order records", until=clock("11-09 00:00"),
    )


def erasure_during_a_case(stage: Stage) -> None:
    """8: erasure is asked for while a decision is open: it waits, and so does the hold."""
    account = stage.member("niamh", "09-14 10:00")
    content = Content(content_id="c-niamh", title="Handbags", description=REPLICAS)
    stage.tell(ContentSubmitted, "10-05 10:00", account_id=account, content=content)
    stage.tell(
        InformationVerified, "10-06 10:00", account_id=account, topic="legal_name", true=False,
        verified_by="company register", false_since=clock("09-12 00:00"),
    )
    stage.tell(
        SubjectRequestReceived, "10-07 09:00", account_id=account, request_id="sr-niamh",
        right=SubjectRight.ERASE,
    )
    stage.tell(
        LegalHoldSet, "10-07 12:00", account_id=account, hold_id="hold-niamh",
        reason="the owner of the mark announced an action",
    )
    stage.tell(LegalHoldLifted, "10-25 12:00", account_id=account, hold_id="hold-niamh")


def from_hong_kong_in_kazakhstan(stage: Stage) -> None:
    """9: a Hong Kong Member of Alibaba who works from Kazakhstan has two possible partners."""
    account = stage.member(
        "orla", "10-04 09:00", country="HK", company="Orla Wools Limited", access_country="KZ"
    )
    content = Content(content_id="c-orla", title="Handbags", description=REPLICAS)
    stage.tell(
        ContentSubmitted, "10-09 09:00", site="alibaba", account_id=account, content=content
    )


def a_whole_notice(stage: Stage) -> None:
    """10: a decision, its notice with every field, and the proof that it was sent."""
    account = stage.member("padraig", "09-14 12:00", company="Padraig Saddles Co., Ltd.")
    content = Content(content_id="c-padraig", title="Tea", description="Pay outside the platform.")
    seen = stage.tell(
        ContentSubmitted, "10-10 09:00", site="alibaba", account_id=account, content=content
    )
    decided = decision(
        stage.tell(
            FindingConfirmed, "10-10 15:00", site="alibaba", account_id=account,
            finding_id=finding(seen, "5.5(e)").id, standard=Standard.BELIEF, by=MODERATOR,
            reason="the listing asks for payment around the platform",
        )
    )
    stage.tell(
        NoticeSent, "10-10 15:05", account_id=account, decision_id=decided.id,
        channel=Channel.EMAIL, address="padraig@tenth.example", proof="smtp 250 of 2019-10-10",
    )
    stage.tell(
        ActionApplied, "10-10 15:06", account_id=account, decision_id=decided.id,
        power=decided.actions[0].power,
    )


TEN_CASES = (
    ("first", across_the_change),
    ("second", colleague_outsider_hacker),
    ("third", approval_that_ends),
    ("fourth", one_limb_of_two),
    ("fifth", stale_address),
    ("sixth", innocent_relation),
    ("seventh", who_may_be_told),
    ("eighth", erasure_during_a_case),
    ("ninth", from_hong_kong_in_kazakhstan),
    ("tenth", a_whole_notice),
)
"""A scene's name and what plays it, in the order of the list they come from."""
