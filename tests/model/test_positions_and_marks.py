"""Where a fact sorts, whom it is about, and by what later facts find it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.errors import FactError
from policyenforce.model.fact import (
    FACT_TYPES,
    Fact,
    marks_of,
    microseconds,
    position_at,
    position_of,
)
from policyenforce.model.facts.content import Content, ContentSubmitted
from policyenforce.model.facts.dealings import ComplaintReceived, Money, TransactionRecorded
from policyenforce.model.facts.procedure import ReviewRecorded
from policyenforce.model.facts.registration import ApprovalGranted
from policyenforce.model.questions import Mark
from policyenforce.testing.strategies import facts
from tests.model.samples import CLASSES, THEN, by_tag, closed, opened

AT = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-9, minutes=-30))]))
IDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=6)
KINDS = st.sampled_from([opened, closed])


@given(AT, AT, IDS, IDS, KINDS, KINDS)
def test_positions_sort_bytewise_as_instant_rank_and_id(
    at: datetime, other_at: datetime, id_: str, other_id: str, kind: Any, other_kind: Any
) -> None:
    first, second = kind(f"{id_}", at), other_kind(f"{other_id}", other_at)
    expected = (at, first.rank, first.id.encode()) < (other_at, second.rank, second.id.encode())

    assert (position_of(first).encode() < position_of(second).encode()) is expected


@given(facts(), st.timedeltas(timedelta(microseconds=1), timedelta(days=9)))
def test_a_position_at_an_instant_lies_after_its_facts_and_before_later_ones(
    fact: Fact, later: timedelta
) -> None:
    here = position_of(fact).encode()

    assert here < position_at(fact.at).encode()
    assert position_at(fact.at - later).encode() < here


def test_instants_before_1970_sort_before_those_after() -> None:
    early = [datetime(1900, 1, 1, tzinfo=UTC), datetime(1969, 12, 31, 23, 59, 59, 999999, UTC)]

    assert microseconds(early[1]) == -1
    assert position_at(early[0]) < position_at(early[1]) < position_at(THEN)


@given(facts())
def test_the_same_instant_in_another_zone_has_the_same_position(fact: Fact) -> None:
    elsewhere = fact.at.astimezone(timezone(timedelta(hours=5, minutes=45)))

    assert microseconds(elsewhere) == microseconds(fact.at)


@pytest.mark.parametrize("cls", CLASSES, ids=by_tag)
def test_every_kind_has_a_two_digit_rank_of_its_own_and_a_sentence(cls: type[Fact]) -> None:
    assert 0 <= cls.rank <= 99
    assert [other.tag for other in CLASSES if other.rank == cls.rank] == [cls.tag]
    assert FACT_TYPES[cls.tag] is cls
    assert cls.__doc__ is not None
    assert cls.__doc__.strip()[0].isupper()


@pytest.mark.parametrize("cls", CLASSES, ids=by_tag)
def test_every_kind_is_about_one_of_its_own_fields_or_the_house(cls: type[Fact]) -> None:
    names = {attribute.name for attribute in cls.__attrs_attrs__}

    assert cls.about is None or cls.about in names


def test_a_fact_without_a_user_goes_to_the_house() -> None:
    assert ApprovalGranted.about is None
    assert opened().named == "u-1"
    assert closed("a-9").named == "a-9"


@pytest.mark.parametrize("id_", ["", "x" * 201])
def test_an_id_is_neither_empty_nor_endless(id_: str) -> None:
    with pytest.raises(FactError, match="1 to 200 characters"):
        opened().__class__(id=id_, at=THEN, user_id="u", account_id="a")


def test_a_fact_cannot_be_built_at_a_naive_time() -> None:
    with pytest.raises(FactError, match="a time without a zone") as refused:
        opened(at=datetime(2019, 10, 4))

    assert refused.value.where == "at"


@pytest.mark.parametrize(
    ("id_", "at", "place"),
    [
        (5, THEN, "id"),
        (None, THEN, "id"),
        ("f-1", None, "at"),
        ("f-1", "2019-10-04T09:00:00Z", "at"),
        ("f-1", date(2019, 10, 4), "at"),
    ],
)
def test_a_fact_built_from_values_of_another_type_says_which(id_: Any, at: Any, place: str) -> None:
    with pytest.raises(FactError, match="expected") as refused:
        opened().__class__(id=id_, at=at, user_id="u", account_id="a")

    assert refused.value.where == place


def sold(order: str) -> TransactionRecorded:
    """One sale."""
    from decimal import Decimal

    return TransactionRecorded(
        id="f-1",
        at=THEN,
        account_id="a-1",
        order_id=order,
        buyer_id="a-2",
        amount=Money(Decimal(3), "USD"),
    )


def test_a_fact_is_found_by_its_key_fields() -> None:
    assert list(marks_of(sold("o-1"))) == [
        Mark("order", "o-1", "f-1"),
        Mark("names", "a-2", "f-1"),
    ]


def test_a_key_that_is_missing_leaves_no_mark() -> None:
    complaint = ComplaintReceived(
        id="f-2",
        at=THEN,
        account_id="a-1",
        complaint_id="c-1",
        complainant_id="a-3",
        allegation="other",  # type: ignore[arg-type]  # what it says plays no part here
    )

    assert {mark.kind for mark in marks_of(complaint)} == {"complaint", "names"}


def test_content_is_found_by_the_id_inside_it() -> None:
    content = Content(content_id="c-1", revision=2)
    fact = ContentSubmitted(id="f-3", at=THEN, account_id="a-1", content=content)

    assert list(marks_of(fact)) == [Mark("content", "c-1", "f-3")]
    assert fact.content.target == "c-1@2"


def test_feedback_is_found_by_the_account_it_speaks_of() -> None:
    content = Content(content_id="c-1", about_account_id="a-2")
    fact = ContentSubmitted(id="f-3", at=THEN, account_id="a-1", content=content)

    assert list(marks_of(fact)) == [
        Mark("content", "c-1", "f-3"),
        Mark("names", "a-2", "f-3"),
    ]


@given(facts())
def test_marks_carry_no_personal_value_and_no_nulls(fact: Fact) -> None:
    personal = {a.name for a in type(fact).__attrs_attrs__ if "personal" in a.metadata}
    keyed = {a.name for a in type(fact).__attrs_attrs__ if "key" in a.metadata}

    content = getattr(fact, "content", None)
    bearers = [getattr(fact, name) for name in keyed]
    if content is not None:
        bearers += [content.content_id, content.about_account_id]
    marks = list(marks_of(fact))

    assert personal & keyed == set()
    assert all(mark.holder == fact.id and mark.role == "fact" for mark in marks)
    assert sorted(m.value for m in marks) == sorted(v for v in bearers if v is not None)


def test_a_review_is_found_by_its_decision_its_case_its_plan_or_what_it_carries_over() -> None:
    keys = {a.metadata["key"] for a in ReviewRecorded.__attrs_attrs__ if "key" in a.metadata}

    assert keys == {"decision", "case", "plan", "related"}


UNSEEN = ["a\x1b[31m", "a\n1", "a\u202e1", "\x00", "a\ud8001"]


@pytest.mark.parametrize("name", ["id", "account_id", "user_id"])
@pytest.mark.parametrize("unseen", UNSEEN)
def test_an_id_that_could_steer_a_terminal_is_refused_and_not_repeated(
    name: str, unseen: str
) -> None:
    sound: dict[str, Any] = {"id": "f", "at": THEN, "account_id": "a-1", "user_id": "u-1"}

    with pytest.raises(FactError, match="control character") as refused:
        opened().__class__(**{**sound, name: unseen})

    assert refused.value.where == name
    assert unseen not in str(refused.value)


@pytest.mark.parametrize("name", ["account_id", "user_id"])
@pytest.mark.parametrize("taken", ["", "house"])
def test_no_account_and_no_user_is_nameless_or_called_as_the_stream_of_nobody(
    name: str, taken: str
) -> None:
    sound: dict[str, Any] = {"id": "f", "at": THEN, "account_id": "a-1", "user_id": "u-1"}

    with pytest.raises(FactError, match=r"reserved|empty") as refused:
        opened().__class__(**{**sound, name: taken})

    assert refused.value.where == name


@pytest.mark.parametrize(
    "text", ["", "e", "\x1b[31m", "jane@secret.example", "en-", "en\n", "en_GB"]
)
def test_a_language_is_a_tag(text: str) -> None:
    assert Content(content_id="c", language="zh-Hant").language == "zh-Hant"
    with pytest.raises(FactError, match="no language tag"):
        Content(content_id="c", language=text)
