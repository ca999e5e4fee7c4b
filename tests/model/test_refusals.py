"""What is refused, and what the message says: the path, what was expected, a hint."""

from __future__ import annotations

from collections import UserDict
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.errors import FactError
from policyenforce.model.fact import TEXT_LIMIT, Fact
from policyenforce.model.facts.registration import ApplicationReceived, UserKind
from policyenforce.model.structuring import fact_from_json, fact_to_json
from policyenforce.testing.strategies import facts
from tests.model.samples import closed

START = datetime(2019, 10, 4, 9, tzinfo=UTC)
HEAD = {"id": "f-1", "at": "2019-10-04T09:00:00Z", "account_id": "a-1"}
CONTENT = {"fact": "content_submitted", **HEAD}
REVIEW = {"fact": "review_recorded", **HEAD, "verdict": "amend", "by": {"id": "p"}, "reason": "r"}
LOSS = {"fact": "loss_recorded", **HEAD, "clause": "8.5"}
CLAUSE_HINT = "write `5.5(c)`, `6.2(i)` or a statement such as `4.1/s3`"
TIME_HINT = "write `2019-10-04T09:00:00Z`"


def refusal(data: Any) -> FactError:
    """The error that reading this object raises."""
    with pytest.raises(FactError) as refused:
        fact_from_json(data)
    return refused.value


REFUSED: list[tuple[dict[str, Any], str | None, str, str | None]] = [
    # the object, the path, the message, the hint
    ({"id": "f-1"}, "fact", "a missing field", "name the kind of fact"),
    ({"fact": 3}, "fact", "expected text, got the number `3`", None),
    (
        {"fact": "content_submited"},
        "fact",
        "an unknown kind of fact `content_submited`",
        "did you mean `content_submitted`?",
    ),
    ({"fact": "zzzz"}, "fact", "an unknown kind of fact `zzzz`", None),
    ({"fact": "ann@example.com"}, "fact", "an unknown kind of fact", None),
    (
        {**CONTENT, "version": "1"},
        "version",
        "expected a whole number of 1 or more",
        None,
    ),
    ({**CONTENT, "version": True}, "version", "expected a whole number of 1 or more", None),
    ({**CONTENT, "version": 0}, "version", "expected a whole number of 1 or more", None),
    (
        {**CONTENT, "version": 2},
        "version",
        "version 2 of `content_submitted` is not known yet",
        "upgrade policyenforce, which reads up to version 1",
    ),
    (CONTENT, "content", "a missing field", None),
    (
        {**CONTENT, "acount_id": "a"},
        None,
        "an unknown field `acount_id`",
        "did you mean `account_id`?",
    ),
    ({**CONTENT, "shoe size": "9"}, None, "an unknown field", None),
    (
        {**CONTENT, "content": {"content_id": "c", "titel": "x"}},
        "content",
        "an unknown field `titel`",
        "did you mean `title`?",
    ),
    ({**CONTENT, "content": {}}, "content.content_id", "a missing field", None),
    ({**CONTENT, "content": "Ann"}, "content", "expected an object, got a text", None),
    ({**CONTENT, "content": None}, "content", "expected an object, got null", None),
    (
        {**CONTENT, "content": {"content_id": "c", "fields": {"brand": 3}}},
        "content.fields.*",
        "expected text, got a number",
        None,
    ),
    (
        {**CONTENT, "content": {"content_id": "c", "fields": []}},
        "content.fields",
        "expected an object, got a list",
        None,
    ),
    (
        {**CONTENT, "content": {"content_id": "c", "revision": 0}},
        "content.revision",
        "expected a number of 1 or more, got the number `0`",
        None,
    ),
    (
        {**CONTENT, "content": {"content_id": "c", "revision": True}},
        "content.revision",
        "expected a whole number, got the truth value `True`",
        None,
    ),
    (
        {**CONTENT, "content": {"content_id": "c", "rating": 2**53 + 1}},
        "content.rating",
        "expected a whole number, got the number `9007199254740993`",
        None,
    ),
    (
        {**CONTENT, "content": {"content_id": "c", "kind": "shop\x1b[2J`" + "x" * 50}},
        "content.kind",
        "expected a known word, got the text `shop·[2J·" + "x" * 31 + "…`",
        "one of `listing`, `message`, `profile`, `advert`, `feedback`, `other`",
    ),
    ({**HEAD, "fact": "account_closed", "id": ""}, "id", None, None),
    ({**HEAD, "fact": "account_closed", "id": "x" * 201}, "id", None, None),
    (
        {**HEAD, "fact": "account_closed", "at": "2019-10-04T09:00:00"},
        "at",
        "a time without a zone, got the text `2019-10-04T09:00:00`",
        TIME_HINT,
    ),
    (
        {**HEAD, "fact": "account_closed", "at": 1570179600},
        "at",
        "expected a time, got the number `1570179600`",
        TIME_HINT,
    ),
    (
        {**HEAD, "fact": "account_closed", "at": "2019-10-04 09:00:00Z"},
        "at",
        "expected a time, got the text `2019-10-04 09:00:00Z`",
        TIME_HINT,
    ),
    (
        {**HEAD, "fact": "account_closed", "at": "2019-13-04T09:00:00Z"},
        "at",
        "expected a time, got the text `2019-13-04T09:00:00Z`",
        TIME_HINT,
    ),
    (
        {**HEAD, "fact": "account_closed", "at": "0001-01-01T00:00:00+08:00"},
        "at",
        "expected a time, got the text `0001-01-01T00:00:00+08:00`",
        TIME_HINT,
    ),
    (
        {**HEAD, "fact": "account_closed", "account_id": None},
        "account_id",
        "expected text, got null",
        None,
    ),
    ({**HEAD, "fact": "account_closed", "site": ["a"]}, "site", "expected text, got a list", None),
    (
        {**HEAD, "fact": "complaint_answered", "complaint_id": "c", "proof_of_performance": 1},
        "proof_of_performance",
        "expected true or false, got the number `1`",
        None,
    ),
    (
        {**HEAD, "fact": "conduct_reported", "clause": "5.5 c", "reported_by": "p"},
        "clause",
        "expected a clause reference, got the text `5.5 c`",
        CLAUSE_HINT,
    ),
    (
        {**HEAD, "fact": "conduct_reported", "clause": 5.5, "reported_by": "p"},
        "clause",
        "expected text, got the number `5.5`",
        None,
    ),
    (
        {
            **HEAD,
            "fact": "conduct_reported",
            "clause": "3.1",
            "reported_by": "p",
            "standard": "sure",
        },
        "standard",
        "expected a standard, got the text `sure`",
        "one of `none`, `suspicion`, `belief`, `fact`",
    ),
    (
        {
            **HEAD,
            "fact": "conduct_reported",
            "clause": "3.1",
            "reported_by": "p",
            "confidence": 1.01,
        },
        "confidence",
        "expected a number from 0 to 1, got the number `1.01`",
        None,
    ),
    (
        {
            **HEAD,
            "fact": "conduct_reported",
            "clause": "3.1",
            "reported_by": "p",
            "confidence": float("nan"),
        },
        "confidence",
        "expected a finite number, got the number `nan`",
        None,
    ),
    (
        {
            **HEAD,
            "fact": "conduct_reported",
            "clause": "3.1",
            "reported_by": "p",
            "confidence": "0.5",
        },
        "confidence",
        "expected a finite number, got the text `0.5`",
        None,
    ),
    (
        {**REVIEW, "actions": [{"power": "suspend_account", "power_clause": "6.2(i)", "days": 0}]},
        "actions[0].days",
        "expected a number of 1 or more, got the number `0`",
        None,
    ),
    (
        {
            **REVIEW,
            "actions": [
                {"power": "suspend_account", "power_clause": "6.2(i)"},
                {"power": "suspend_account", "power_clause": "six"},
            ],
        },
        "actions[1].power_clause",
        "expected a clause reference, got the text `six`",
        CLAUSE_HINT,
    ),
    (
        {**REVIEW, "evidence": ["a", 3]},
        "evidence[1]",
        "expected text, got the number `3`",
        None,
    ),
    ({**REVIEW, "evidence": "abc"}, "evidence", "expected a list, got a text", None),
    ({**REVIEW, "evidence": {"0": "a"}}, "evidence", "expected a list, got an object", None),
    ({**REVIEW, "evidence": b"ab"}, "evidence", "expected a list, got something else", None),
    (
        {**LOSS, "amount": {"amount": 12.5, "currency": "USD"}},
        "amount.amount",
        "expected a decimal number in text, got the number `12.5`",
        'write `"12.50"`',
    ),
    (
        {**LOSS, "amount": {"amount": "NaN", "currency": "USD"}},
        "amount.amount",
        "expected a decimal number in text, got the text `NaN`",
        'write `"12.50"`',
    ),
    (
        {**LOSS, "amount": {"amount": "1", "currency": "usd"}},
        "amount.currency",
        "a currency is three capital letters",
        "`USD`",
    ),
    (
        {
            **HEAD,
            "fact": "restriction_matched",
            "kind": "trade",
            "party": "member",
            "list_name": "l",
            "list_date": "2019-02-29",
        },
        "list_date",
        "expected a day, got the text `2019-02-29`",
        "write `1980-02-29`",
    ),
    (
        {
            **HEAD,
            "fact": "restriction_matched",
            "kind": "trade",
            "party": "member",
            "list_name": "l",
            "list_date": "20190228",
        },
        "list_date",
        "expected a day, got the text `20190228`",
        "write `1980-02-29`",
    ),
]


@pytest.mark.parametrize(("data", "where", "message", "hint"), REFUSED)
def test_a_refusal_names_the_path_what_was_expected_and_what_to_do(
    data: dict[str, Any], where: str | None, message: str | None, hint: str | None
) -> None:
    error = refusal(data)

    assert error.where == where
    assert error.hint == hint
    assert message is None or error.message == message


def test_the_place_of_the_object_comes_before_the_path() -> None:
    with pytest.raises(FactError) as refused:
        fact_from_json({**CONTENT, "content": {}}, "facts.jsonl:3")

    assert str(refused.value) == "facts.jsonl:3: content.content_id: a missing field"


@pytest.mark.parametrize("data", [None, [], "{}", 3, b"{}"])
def test_only_an_object_is_a_fact(data: Any) -> None:
    error = refusal(data)

    assert error.message.startswith("expected an object, got ")
    assert "{}" not in error.message


def test_any_mapping_is_an_object() -> None:
    written = fact_to_json(closed())

    assert fact_from_json(UserDict(written)) == closed()


@pytest.mark.parametrize("field", ["account_id", "source"])
def test_text_is_refused_above_its_limit_and_accepted_at_it(field: str) -> None:
    longest = {**HEAD, "fact": "account_closed", field: "x" * TEXT_LIMIT}

    assert getattr(fact_from_json(longest), field) == "x" * TEXT_LIMIT

    error = refusal({**longest, field: "x" * (TEXT_LIMIT + 1)})

    assert error.message.startswith("text of more than 1,000,000 characters")
    assert len(str(error)) < 200


@given(facts(), st.text(min_size=1))
def test_no_fact_takes_a_field_it_does_not_have(fact: Fact, name: str) -> None:
    written = fact_to_json(fact)
    name = f"{name}?"

    assert "unknown field" in refusal({**written, name: "x"}).message


@given(facts(), st.data())
def test_no_field_takes_a_value_that_is_no_json_value_of_its_type(
    fact: Fact, data: st.DataObject
) -> None:
    written = fact_to_json(fact)
    name = data.draw(st.sampled_from(sorted(set(written) - {"fact", "version"})))

    error = refusal({**written, name: object()})

    assert error.where == name
    assert error.message.endswith("got something else")


@pytest.mark.parametrize("name", ["emails", "phones", "bank_accounts", "card_tokens"])
def test_one_text_is_never_taken_for_several_values(name: str) -> None:
    told: dict[str, Any] = {"id": "f-1", "at": START, "user_id": "u-1", "kind": UserKind.PERSON}
    with pytest.raises(FactError, match="several values") as refused:
        ApplicationReceived(**told, **{name: "j@b.example"})

    assert refused.value.where == name
    assert "j@b" not in str(refused.value)
