"""Further scenes of the example marketplace, so that every kind of fact has a story."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from policyenforce.model.decisions import Status
from policyenforce.model.facts.content import (
    Content,
    ContentDisplayed,
    ContentKind,
    ContentLabelled,
    ContentRestored,
    ContentRevised,
    ContentSubmitted,
    ContentWithdrawn,
    Labeller,
    LinkResolved,
    RightsClaimAnswered,
    RightsClaimDecided,
    RightsClaimed,
    RightsClaimWithdrawn,
)
from policyenforce.model.facts.dealings import (
    Allegation,
    ComplaintAnswered,
    ComplaintReceived,
    ComplaintResolved,
    ConductReported,
    InformationRequested,
    InformationSupplied,
    LossRecorded,
    LossRiskAssessed,
    Money,
    RequestPurpose,
    Resolution,
    RestrictedParty,
    RestrictionKind,
    RestrictionMatched,
    TransactionRecorded,
)
from policyenforce.model.facts.procedure import (
    ActionApplied,
    ActionFailed,
    AppealDecided,
    AppealFiled,
    AppealResult,
    Channel,
    DeadlinePassed,
    FindingConfirmed,
    FindingRefuted,
    NoticeFailed,
    NoticeSent,
    ReviewRecorded,
    Verdict,
)
from policyenforce.model.facts.registration import (
    AccountClosed,
    Affiliation,
    AffiliationDeclared,
    ApplicationReceived,
    ApplicationWithdrawn,
    ApprovalGranted,
    ApprovalRevoked,
    ApprovalScope,
    UserKind,
    UsersLinked,
    UsersSeparated,
)
from policyenforce.model.findings import Severity
from policyenforce.terms.gates import Power, Standard
from policyenforce.testing.market_desk import at_the_desk
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


def climbing_the_ladder(stage: Stage) -> None:
    """A seller breaks one rule after another until a person has to end the membership."""
    account = stage.member("quentin", "09-12 13:00", company="Quentin Deals Co., Ltd.")
    for day, text in (
        ("09-16", "AAA quality handbags, super clone watches."),
        ("09-20", "We make fake diplomas and forged bank statements."),
        ("09-24", "FUD crypter and keylogger for sale."),
        ("09-28", "Buy tramadol online, xanax no prescription."),
        ("10-04", "Buy MDMA online, pure cocaine, discreet shipping."),
    ):
        content = Content(content_id=f"c-quentin-{day}", title="Offer", description=text)
        stage.tell(
            ContentSubmitted, f"{day} 09:00", site="alibaba", account_id=account, content=content
        )


def mistaken_then_restored(stage: Stage) -> None:
    """A listing is taken down by mistake; the appeal brings it back."""
    account = stage.member("rhona", "09-12 14:00")
    content = Content(content_id="c-rhona", title="Bag", description="AAA quality handbags.")
    stage.tell(ContentSubmitted, "09-17 09:00", account_id=account, content=content)
    labelled = stage.tell(
        ContentLabelled, "09-17 11:00", account_id=account, content_id="c-rhona",
        clause="5.4(c)", category="counterfeit", labeller=Labeller.PERSON, labelled_by="mod-lin",
    )
    made = decision(labelled, Status.IN_FORCE)
    stage.tell(
        NoticeFailed, "09-17 11:05", account_id=account, decision_id=made.id,
        channel=Channel.SMS, reason="number not in use",
    )
    stage.tell(
        NoticeSent, "09-17 11:20", account_id=account, decision_id=made.id,
        channel=Channel.EMAIL, address="rhona@scene.example", proof="smtp 250 of 2019-09-17",
    )
    stage.tell(
        ActionFailed, "09-17 11:30", account_id=account, decision_id=made.id,
        power=Power.REMOVE_CONTENT, reason="the cache did not answer",
    )
    stage.tell(
        ActionApplied, "09-17 11:40", account_id=account, decision_id=made.id,
        power=Power.REMOVE_CONTENT,
    )
    stage.tell(
        AppealFiled, "09-18 08:00", account_id=account, appeal_id="appeal-rhona",
        decision_id=made.id, statement="AAA is the name of my shop",
    )
    stage.tell(
        AppealDecided, "09-20 10:00", account_id=account, appeal_id="appeal-rhona",
        decision_id=made.id, result=AppealResult.OVERTURN, by=APPEALS,
        reason="the shop sells its own bags under its own name",
    )
    stage.tell(
        ContentRestored, "09-20 10:30", account_id=account, content_id="c-rhona", revision=1
    )


def second_thoughts(stage: Stage) -> None:
    """A listing in doubt is revised, shown, and withdrawn; the doubt is refuted."""
    account = stage.member("sorcha", "09-12 15:00")
    first = Content(content_id="c-sorcha", title="Cases", description="Our telegram is @sorcha.")
    seen = stage.tell(ContentSubmitted, "09-18 09:00", account_id=account, content=first)
    stage.tell(
        FindingRefuted, "09-18 12:00", account_id=account,
        finding_id=finding(seen, "5.5(e)").id, by=MODERATOR,
        reason="the handle names the shop and asks for nothing",
    )
    second = Content(content_id="c-sorcha", revision=2, title="Cases", description="Of leather.")
    stage.tell(ContentRevised, "09-19 09:00", account_id=account, content=second)
    stage.tell(
        ContentDisplayed, "09-19 09:05", account_id=account, content_id="c-sorcha", revision=2
    )
    stage.tell(
        ContentWithdrawn, "10-15 09:00", account_id=account, content_id="c-sorcha", revision=2
    )


def claims_of_right(stage: Stage) -> None:
    """Three claims: one withdrawn, one answered with a licence, one upheld."""
    account = stage.member("tadhg", "09-12 16:00", company="Tadhg Prints Co., Ltd.")
    names = ("poster", "mug", "scarf")
    for name in names:
        content = Content(content_id=f"c-{name}", title=f"Printed {name}", description="New.")
        stage.tell(ContentSubmitted, "09-15 09:00", account_id=account, content=content)
    for name in names:
        stage.tell(
            RightsClaimed, "09-22 10:00", account_id=account, claim_id=f"cl-{name}",
            content_id=f"c-{name}", right="copyright", owner="Studio Vellum",
            claimant="Studio Vellum, legal desk",
        )
    stage.tell(RightsClaimWithdrawn, "09-25 10:00", account_id=account, claim_id="cl-poster")
    stage.tell(
        RightsClaimAnswered, "09-26 10:00", account_id=account, claim_id="cl-mug", licensed=True
    )
    stage.tell(
        RightsClaimDecided, "10-11 10:00", account_id=account, claim_id="cl-scarf", upheld=True,
        decided_by="district court",
    )


def undelivered(stage: Stage) -> None:
    """A paid order never comes; a complaint, an answer, and a person who resolves it."""
    account = stage.member("ualan", "09-12 17:00", company="Ualan Boats Co., Ltd.")
    buyer = stage.member("winifred", "09-12 17:30", site="aliexpress", country="GB")
    amount = Money(Decimal("1240.50"), "USD")
    stage.tell(
        TransactionRecorded, "09-13 10:00", site="alibaba", account_id=account,
        order_id="o-ualan-1", buyer_id=buyer, amount=amount, paid_at=clock("09-13 10:00"),
        due_at=clock("09-20 00:00"),
    )
    stage.tell(
        ComplaintReceived, "10-03 10:00", account_id=account, complaint_id="co-ualan",
        complainant_id=buyer, order_id="o-ualan-1", allegation=Allegation.NON_DELIVERY,
    )
    stage.tell(ComplaintAnswered, "10-05 10:00", account_id=account, complaint_id="co-ualan")
    stage.tell(
        ComplaintResolved, "10-09 10:00", account_id=account, complaint_id="co-ualan",
        resolution=Resolution.UPHELD, willful=True, material=True, standard=Standard.FACT,
        resolved_by="mod-lin",
    )
    stage.tell(LossRecorded, "10-10 10:00", account_id=account, clause="6.6", amount=amount)
    stage.tell(
        LossRiskAssessed, "10-11 10:00", account_id=account, standard=Standard.BELIEF,
        at_risk="other buyers", amount=amount, assessed_by="mod-okafor",
        reason="four more orders are paid and overdue",
    )


def questions_and_silence(stage: Stage) -> None:
    """Two requests for information: one answered, one met by silence."""
    account = stage.member("ysolde", "09-12 18:00", company="Ysolde Nets Co., Ltd.")
    for name, purpose in (("a", RequestPurpose.COMPLAINT), ("b", RequestPurpose.TRANSACTION)):
        stage.tell(
            InformationRequested, "09-16 10:00", account_id=account, request_id=f"rq-ysolde-{name}",
            purpose=purpose, due_at=clock("09-26 10:00"), items=("shipping papers",),
        )
    stage.tell(
        InformationSupplied, "09-20 10:00", account_id=account, request_id="rq-ysolde-a"
    )
    silence = stage.tell(
        DeadlinePassed, "09-27 10:00", f"due:{account}:rq-ysolde-b", source="clock",
        account_id=account, deadline="request_due", concerns="rq-ysolde-b",
    )
    stage.tell(
        ReviewRecorded, "09-28 10:00", account_id=account, verdict=Verdict.APPROVE, by=MODERATOR,
        decision_id=decision(silence, Status.PROPOSED).id, reason="asked twice, no word",
    )
    stage.tell(
        InformationSupplied, "10-02 10:00", account_id=account, request_id="rq-ysolde-b"
    )


def conduct(stage: Stage) -> None:
    """Reports of conduct, from a doubt to a certainty; one of them a person confirms."""
    reports = (
        ("3.2/s2", 0.7, Severity.SERIOUS), ("3.5", 0.9, Severity.SERIOUS),
        ("5.6(b)", 0.6, Severity.MINOR), ("5.6(e)", 0.9, Severity.SERIOUS),
        ("5.6(f)", 0.95, Severity.MINOR), ("5.6(h)", 0.7, Severity.SERIOUS),
        ("5.6(j)", 0.9, Severity.GRAVE), ("5.7", 0.88, Severity.MINOR),
        ("12.6", 0.9, Severity.SERIOUS),
    )
    for number, (clause, confidence, severity) in enumerate(reports, start=1):
        account = stage.member(f"reported-{number}", f"09-13 {8 + number:02d}:15")
        told = stage.tell(
            ConductReported, f"10-{1 + number:02d} 11:00", account_id=account, clause=clause,
            reported_by="trust desk", confidence=confidence, severity=severity,
            details="seen in the logs of the day",
        )
        if clause == "5.6(e)":
            stage.tell(
                FindingConfirmed, "10-06 09:00", account_id=account, by=MODERATOR,
                finding_id=finding(told, clause).id, standard=Standard.FACT,
                reason="the register names another owner",
            )


def names_on_lists(stage: Stage) -> None:
    """A list of restrictions: a name that was confirmed, and one that is only alike."""
    for name, who, kind in (
        ("azure", "compliance desk", RestrictionKind.ECONOMIC),
        ("beryl", None, RestrictionKind.TRADE),
    ):
        account = stage.member(name, "09-14 15:00", company=f"{name.title()} Freight Co., Ltd.")
        stage.tell(
            AffiliationDeclared, "09-14 16:00", user_id=f"u-{name}", affiliate_id=f"p-{name}",
            relation=Affiliation.DIRECTOR,
        )
        stage.tell(
            RestrictionMatched, "09-29 10:00", account_id=account, kind=kind,
            party=RestrictedParty.MEMBER, list_name="export control list",
            list_date=date(2019, 9, 1), confidence=0.8, identity_confirmed_by=who,
        )


def comings_and_goings(stage: Stage) -> None:
    """An application taken back, an account closed, two Users found to be one, and two not."""
    stage.tell(
        ApplicationReceived, "09-15 09:00", user_id="u-caspian", application_id="app-caspian",
        kind=UserKind.SOLE_TRADER, country="TR", site="alibaba", business_use=True,
        birth_date=date(1990, 2, 3),
    )
    stage.tell(
        ApplicationWithdrawn, "09-16 09:00", user_id="u-caspian", application_id="app-caspian"
    )
    leaver = stage.member("delphine", "09-15 10:00", site="aliexpress", country="ES")
    stage.tell(AccountClosed, "10-12 09:00", account_id=leaver)
    stage.member("eamon", "09-15 11:00")
    stage.member("eamon-too", "09-15 12:00")
    linked = {"user_id": "u-eamon", "other_user_id": "u-eamon-too", "by": SENIOR.id}
    stage.tell(UsersLinked, "10-13 09:00", reason="one passport for both", **linked)
    stage.tell(UsersSeparated, "10-16 09:00", reason="the passports were two", **linked)
    stage.tell(
        ApprovalGranted, "09-18 09:00", approval_id="ap-cafe", scope=ApprovalScope.INFRASTRUCTURE,
        subjects=("ip:198.51.100.200",), signer="officer-shen", role="authorised_officer",
        from_=clock("09-18 00:00"),
    )
    stage.tell(
        ApprovalRevoked, "10-20 09:00", approval_id="ap-cafe", by="officer-shen",
        reason="the shared office has closed",
    )


def links_and_praise(stage: Stage) -> None:
    """A link that leads somewhere harmful, and feedback that a seller gave itself."""
    account = stage.member("fenella", "09-15 13:00")
    stage.tell(
        ContentSubmitted, "10-02 09:00", account_id=account,
        content=Content(
            content_id="c-fenella", title="Ring light", description="Manual: https://example.com/m"
        ),
    )
    stage.tell(
        LinkResolved, "10-02 09:30", account_id=account, content_id="c-fenella",
        chain=("https://example.com/m", "https://login.example.net/verify"),
        captured_at=clock("10-02 09:29"), harmful=True, clause="5.6(f)",
    )
    stage.tell(
        ContentSubmitted, "10-17 09:00", account_id=account,
        content=Content(
            content_id="r-fenella", kind=ContentKind.FEEDBACK, rating=5, language="en",
            description="The best seller of all.", about_account_id=account,
        ),
    )


MORE_SCENES = (
    ("ladder", climbing_the_ladder),
    ("restored", mistaken_then_restored),
    ("desk", at_the_desk),
    ("revised", second_thoughts),
    ("claims", claims_of_right),
    ("undelivered", undelivered),
    ("silence", questions_and_silence),
    ("conduct", conduct),
    ("lists", names_on_lists),
    ("comings", comings_and_goings),
    ("links", links_and_praise),
)
"""A scene's name and what plays it."""
