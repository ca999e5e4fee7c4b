"""Facts to JSON and back: nothing is lost, and one fact has one spelling."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any

import orjson
import pytest
from attrs import evolve, fields, has
from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policyenforce.errors import FactError
from policyenforce.model.codec import Codec
from policyenforce.model.fact import Fact
from policyenforce.model.facts.content import Content, ContentSubmitted
from policyenforce.model.facts.dealings import (
    LossRecorded,
    LossRiskAssessed,
    Money,
    PaymentFlag,
    PaymentFlagged,
)
from policyenforce.model.facts.registration import AccountClosed, ApprovalGranted, ApprovalScope
from policyenforce.model.facts.sessions import SignedIn, UnauthorisedUseReported
from policyenforce.model.structuring import (
    canonical,
    checked,
    fact_from_json,
    fact_to_json,
    sound_json,
)
from policyenforce.terms.gates import Standard
from policyenforce.testing.strategies import facts, facts_of
from tests.model.samples import CLASSES, THEN, by_tag, closed

FEW = settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)


@pytest.mark.parametrize("cls", CLASSES, ids=by_tag)
def test_every_fact_comes_back_from_json_as_it_was(cls: type[Fact]) -> None:
    @FEW
    @given(facts_of(cls))
    def comes_back(fact: Fact) -> None:
        spelled = canonical(fact_to_json(fact))
        again = fact_from_json(orjson.loads(spelled))

        assert type(again) is cls
        assert again == fact
        assert canonical(fact_to_json(again)) == spelled

    comes_back()


@given(facts())
def test_what_is_written_is_plain_json(fact: Fact) -> None:
    written = fact_to_json(fact)

    assert orjson.loads(orjson.dumps(written)) == written


@given(facts())
def test_a_field_that_holds_its_default_says_the_same_written_or_not(fact: Fact) -> None:
    written = fact_to_json(fact)
    spelled_out = {"source": "backend", "tenant": "default", "site": None, "version": 1} | written

    assert fact_from_json(spelled_out) == fact


def test_defaults_are_left_out_of_the_body() -> None:
    assert fact_to_json(closed()) == {
        "fact": "account_closed",
        "id": "close-a-1",
        "at": "2019-10-04T09:00:00Z",
        "account_id": "a-1",
    }


def test_a_field_named_by_a_keyword_has_its_own_name_in_json() -> None:
    granted = ApprovalGranted(
        id="f-1",
        at=THEN,
        approval_id="p-1",
        scope=ApprovalScope.ACCOUNTS,
        subjects=("a-1", "a-2"),
        signer="Li",
        role="officer",
        from_=THEN,
    )
    written = fact_to_json(granted)

    assert written["from"] == "2019-10-04T09:00:00Z"
    assert "from_" not in written
    assert written["subjects"] == ["a-1", "a-2"]


def test_standards_enumerations_and_amounts_are_written_as_words_and_text() -> None:
    risk = LossRiskAssessed(
        id="f-1",
        at=THEN,
        account_id="a-1",
        standard=Standard.BELIEF,
        at_risk="buyers",
        amount=Money(Decimal("1E+2"), "USD"),
        assessed_by="p-1",
    )
    flagged = PaymentFlagged(id="f-2", at=THEN, account_id="a-1", flag=PaymentFlag.STOLEN_CARD)

    assert fact_to_json(risk)["standard"] == "belief"
    assert fact_to_json(risk)["amount"] == {"amount": "100", "currency": "USD"}
    assert fact_to_json(flagged)["flag"] == "stolen_card"


@pytest.mark.parametrize(
    ("at", "spelled"),
    [
        (datetime(2019, 10, 4, 9, tzinfo=UTC), "2019-10-04T09:00:00Z"),
        (datetime(2019, 10, 4, 9, 0, 0, 120, tzinfo=UTC), "2019-10-04T09:00:00.000120Z"),
        (datetime(2019, 10, 4, 17, tzinfo=timezone(timedelta(hours=8))), "2019-10-04T09:00:00Z"),
        (datetime(33, 1, 1, tzinfo=UTC), "0033-01-01T00:00:00Z"),
    ],
)
def test_times_are_written_in_utc(at: datetime, spelled: str) -> None:
    assert fact_to_json(closed(at=at))["at"] == spelled


@pytest.mark.parametrize(
    "spelled",
    [
        "2019-10-04T09:00:00Z",
        "2019-10-04T09:00Z",
        "2019-10-04T17:00:00+08:00",
        "2019-10-04T05:30:00.000000-03:30",
    ],
)
def test_a_time_is_read_with_any_offset_and_kept_in_utc(spelled: str) -> None:
    fact = fact_from_json({**fact_to_json(closed()), "at": spelled})

    assert fact.at == THEN
    assert fact.at.tzinfo is UTC


def test_a_whole_number_is_read_where_a_fraction_is_allowed() -> None:
    body = {"fact": "session_active", "id": "f-1", "at": "2019-10-04T09:00:00Z"}
    fact: Any = fact_from_json({**body, "account_id": "a-1", "duration_s": 60})

    assert type(fact.duration_s) is float
    assert fact.duration_s == 60.0


def test_a_frozen_clock_can_be_written_and_read() -> None:
    with freeze_time("2019-10-04T09:00:00Z"):
        now = datetime.now(UTC)
        fact = UnauthorisedUseReported(id="f-1", at=now, account_id="a-1", aware_at=now, since=now)
        spelled = canonical(fact_to_json(fact))
        again = fact_from_json(orjson.loads(spelled))

    assert b'"at":"2019-10-04T09:00:00Z"' in spelled
    assert again == fact


def test_classes_first_met_under_a_frozen_clock_are_read_afterwards() -> None:
    with freeze_time("2019-10-04"):
        codec = Codec()
        write, read = codec.writer(AccountClosed), codec.reader(AccountClosed)
        fact = closed(at=datetime.now(UTC))

    assert read(write(fact), AccountClosed) == fact


def test_canonical_bytes_do_not_depend_on_the_order_of_keys() -> None:
    assert canonical({"b": 1, "a": {"d": 2, "c": 3}}) == canonical({"a": {"c": 3, "d": 2}, "b": 1})


@pytest.mark.parametrize("value", [{"at": object()}, {1: "a"}, {"n": 2**70}, {"t": "\ud800"}])
def test_what_json_cannot_hold_has_no_canonical_bytes(value: object) -> None:
    with pytest.raises(FactError, match="JSON cannot hold"):
        canonical(value)


def test_only_kinds_of_fact_are_written() -> None:
    with pytest.raises(FactError, match="`Fact` is no kind of fact"):
        fact_to_json(Fact(id="f-1", at=THEN))


class NoOffset(tzinfo):
    """A zone that does not say how far from UTC it is."""

    def utcoffset(self, dt: datetime | None) -> None:
        return None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"aware_at": datetime(2019, 10, 4)}, "a time without a zone"),
        ({"aware_at": datetime(2019, 10, 4, tzinfo=NoOffset())}, "a time without a zone"),
        ({"aware_at": "2019-10-04T09:00:00Z"}, "a value of another type"),
    ],
)
def test_a_fact_built_with_what_no_file_could_say_is_not_written(
    change: dict[str, Any], message: str
) -> None:
    sound = UnauthorisedUseReported(id="f-1", at=THEN, account_id="a-1", aware_at=THEN)

    with pytest.raises(FactError, match=message) as refused:
        fact_to_json(evolve(sound, **change))

    assert refused.value.where == "unauthorised_use_reported"


@pytest.mark.parametrize("amount", ["1E+30", "0.1234567890123", "1E+999999", "1E-999999"])
def test_an_amount_that_no_file_could_hold_is_not_written(amount: str) -> None:
    lost = LossRecorded(
        id="f-1", at=THEN, account_id="a-1", clause="8.5", amount=Money(Decimal(amount), "USD")
    )

    with pytest.raises(FactError, match="at most 24 digits"):
        fact_to_json(lost)


@given(facts())
def test_a_sound_fact_passes_the_check_unchanged(fact: Fact) -> None:
    assert checked(fact) == fact


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"account_id": 17}, "account_id: expected text, got the number `17`"),
        ({"latitude": 91.0}, "latitude: expected a number from -90 to 90, got a number"),
        ({"longitude": float("nan")}, "signed_in: expected a finite number"),
        ({"network": "fixed"}, "signed_in: a field holds a value of another type"),
    ],
)
def test_a_fact_built_in_python_is_held_to_the_rules_of_files(
    change: dict[str, Any], message: str
) -> None:
    sound = SignedIn(id="f-1", at=THEN, account_id="a-1")

    with pytest.raises(FactError) as refused:
        checked(evolve(sound, **change))

    assert str(refused.value) == message


ODD = st.sampled_from(
    [
        None, True, 0, 17, -1.5, 91.0, float("nan"), 2**60, "", "x", "house", "fixed", b"x",
        (), ("x",), (3,), [], ["x"], {}, {"x": "y"}, {"x": 1}, {3: "y"}, frozenset({"x"}),
        THEN, THEN.date(), Decimal(1), Decimal("NaN"), Standard.BELIEF, closed(), object(),
    ]
)  # fmt: skip


@st.composite
def odd(draw: st.DrawFn, strategy: st.SearchStrategy[Any]) -> Any:
    """A fact of which one field, at any depth, holds whatever a Python programme may put there."""
    value = draw(strategy)
    chosen = draw(st.sampled_from(fields(type(value))))
    inner = getattr(value, chosen.name)
    odder = draw(odd(st.just(inner)) | ODD if has(type(inner)) else ODD)
    try:
        return evolve(value, **{chosen.name: odder})
    except (FactError, TypeError, AttributeError):  # such a value cannot even be built
        return value


@pytest.mark.parametrize("cls", CLASSES, ids=by_tag)
def test_a_sound_fact_is_known_to_be_sound_as_it_is_written(cls: type[Fact]) -> None:
    @FEW
    @given(facts_of(cls))
    def check(fact: Fact) -> None:
        assert sound_json(fact) == fact_to_json(fact)

    check()


@pytest.mark.parametrize("cls", CLASSES, ids=by_tag)
def test_what_is_written_as_sound_can_always_be_read_back(cls: type[Fact]) -> None:
    @settings(FEW, max_examples=40)
    @given(odd(facts_of(cls)))
    def check(fact: Fact) -> None:
        written = sound_json(fact)

        if written is not None:
            assert canonical(written) == canonical(fact_to_json(fact))
            fact_from_json(written)

    check()


@given(st.integers(-(2**53), 2**53))
def test_whole_numbers_that_every_reader_keeps_exactly_are_accepted(rating: int) -> None:
    content = Content(content_id="c-1", rating=rating)
    fact = ContentSubmitted(id="f-1", at=THEN, account_id="a-1", content=content)

    assert checked(fact) == fact
