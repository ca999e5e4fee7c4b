"""3.6: praise for oneself, praise by those close to one, blame without a deal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.conduct import CHECKS
from policyenforce.model.facts.content import (
    Content,
    ContentKind,
    ContentRevised,
    ContentSubmitted,
)
from policyenforce.model.facts.dealings import (
    Allegation,
    ComplaintReceived,
    Money,
    TransactionRecorded,
)
from policyenforce.model.facts.registration import AccountOpened, Affiliation, AffiliationDeclared

THEN = datetime(2019, 11, 10, tzinfo=UTC)


def feedback(rating=5, *, author="a-1", about="a-2", form=ContentSubmitted):
    content = Content(
        content_id="c-1",
        kind=ContentKind.FEEDBACK,
        about_account_id=about,
        rating=rating,
        title="Ana is great",
    )
    return form(id="f-9", at=THEN, account_id=author, content=content)


def opened(account, user):
    at = THEN - timedelta(days=90)
    return AccountOpened(id=f"f-{account}", at=at, user_id=user, account_id=account)


def declared(user, affiliate):
    return AffiliationDeclared(
        id=f"f-{user}-{affiliate}",
        at=THEN - timedelta(days=60),
        user_id=user,
        affiliate_id=affiliate,
        relation=Affiliation.FAMILY,
    )


def dealt(seller, buyer):
    return TransactionRecorded(
        id=f"f-{seller}-{buyer}",
        at=THEN - timedelta(days=30),
        account_id=seller,
        buyer_id=buyer,
        order_id="o-1",
        amount=Money(Decimal(9), "USD"),
    )


def complaint(about, by):
    return ComplaintReceived(
        id="f-k",
        at=THEN - timedelta(days=20),
        account_id=about,
        complainant_id=by,
        complaint_id="k-1",
        allegation=Allegation.OTHER,
    )


MINE, ALSO_MINE = opened("a-1", "u-1"), opened("a-2", "u-1")
THEIRS = opened("a-2", "u-2")


@pytest.mark.parametrize("form", [ContentSubmitted, ContentRevised])
def test_praise_from_a_secondary_account_of_the_same_user_is_found(judge, form):
    judged = judge(CHECKS, feedback(form=form), MINE, ALSO_MINE)

    found = judged.found("3.6")
    assert (found.confidence, found.attested, found.target) == (0.95, None, "c-1@1")
    assert list(judged.kinds("3.6")) == ["praise", "same_user"]
    assert found.fact_ids == ("f-9", "f-a-2")
    assert "Ana" not in repr(found)


def test_praise_for_the_very_account_that_wrote_it_needs_no_record(judge):
    assert judge(CHECKS, feedback(about="a-1")).clauses == ["3.6"]


def test_streams_read_as_one_user_are_one_user(judge):
    assert judge(CHECKS, feedback(), THEIRS, subject="u-2").clauses == ["3.6"]


@pytest.mark.parametrize("rating", [4, 5])
def test_praise_between_two_users_with_no_tie_is_clear(judge, rating):
    assert judge(CHECKS, feedback(rating), MINE, THEIRS).answers == ()


@pytest.mark.parametrize("before", [(), (MINE,), (THEIRS,)])
def test_praise_between_accounts_of_unknown_users_cannot_be_told(judge, before):
    judged = judge(CHECKS, feedback(), *before)

    assert (judged.clauses, judged.missing) == ([], {"3.6": ("account_opened",)})


@pytest.mark.parametrize(
    "tie",
    [
        declared("u-1", "u-2"),
        declared("u-1", "a-2"),
        declared("u-2", "u-1"),
        declared("u-2", "a-1"),
    ],
)
def test_praise_by_somebody_declared_close_is_found_but_weaker(judge, tie):
    judged = judge(CHECKS, feedback(), MINE, THEIRS, tie)

    assert judged.found("3.6").confidence == 0.6
    assert list(judged.kinds("3.6")) == ["praise", "close_user"]


def test_a_tie_to_somebody_else_is_no_tie(judge):
    assert judge(CHECKS, feedback(), MINE, THEIRS, declared("u-1", "u-3")).answers == ()


@pytest.mark.parametrize("before", [(MINE, ALSO_MINE), (MINE, THEIRS, declared("u-1", "u-2"))])
def test_feedback_on_oneself_that_is_no_praise_is_clear_and_without_stars_unknown(judge, before):
    assert judge(CHECKS, feedback(3), *before).answers == ()
    assert judge(CHECKS, feedback(1), *before).answers == ()
    assert judge(CHECKS, feedback(None), *before).missing == {"3.6": ("rating",)}


@pytest.mark.parametrize(
    "deal", [dealt("a-2", "a-1"), dealt("a-1", "a-2"), complaint("a-2", by="a-1")]
)
def test_blame_after_a_deal_or_complaint_between_the_two_is_clear(judge, deal):
    assert judge(CHECKS, feedback(1), MINE, THEIRS, deal).answers == ()
    assert judge(CHECKS, feedback(None), MINE, THEIRS, deal).answers == ()


@pytest.mark.parametrize(
    ("rating", "missing"),
    [(1, "transaction_recorded"), (2, "transaction_recorded"), (None, "rating")],
)
def test_blame_with_nothing_on_record_between_the_two_cannot_be_told(judge, rating, missing):
    judged = judge(CHECKS, feedback(rating), MINE, THEIRS, dealt("a-3", "a-1"))

    assert (judged.clauses, judged.missing) == ([], {"3.6": (missing,)})


def test_middling_feedback_is_clear(judge):
    assert judge(CHECKS, feedback(3)).answers == ()


def test_feedback_about_nobody_cannot_be_told(judge):
    assert judge(CHECKS, feedback(about=None)).missing == {"3.6": ("about_account_id",)}


def test_other_content_is_not_read_as_feedback(judge):
    content = Content(content_id="c-1")
    listing = ContentSubmitted(id="f-9", at=THEN, account_id="a-1", content=content)

    assert judge(CHECKS, listing).answers == ()


@given(st.integers(1, 5), st.sets(st.sampled_from(["same", "close", "dealt"])))
def test_a_closer_tie_never_lowers_the_confidence(judge, rating, ties):
    def sure(ties):
        theirs = ALSO_MINE if "same" in ties else THEIRS
        extra = [declared("u-1", "a-2")] if "close" in ties else []
        extra += [dealt("a-2", "a-1")] if "dealt" in ties else []
        found = judge(CHECKS, feedback(rating), MINE, theirs, *extra).findings
        return max((f.confidence for f in found), default=0.0)

    assert sure(ties - {"same"}) <= sure(ties | {"same"})
    assert sure(ties - {"close"}) <= sure(ties | {"close"})


def test_evolved_feedback_keeps_its_revision_in_the_target(judge):
    revised = feedback(form=ContentRevised)
    revised = evolve(revised, content=evolve(revised.content, revision=2))

    assert judge(CHECKS, revised, MINE, ALSO_MINE).found("3.6").target == "c-1@2"
