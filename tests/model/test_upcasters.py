"""Facts of an older shape are read as if they had been written today."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from policyenforce.errors import FactError
from policyenforce.model.fact import FACT_TYPES, Fact, fact, key
from policyenforce.model.structuring import UPCASTERS, fact_from_json, fact_to_json

TAG = "parcel_seen"
HEAD = {"fact": TAG, "id": "f-1", "at": "2019-10-04T09:00:00Z", "account_id": "a-1"}


@pytest.fixture
def parcel_seen(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Fact]]:
    """A kind of fact in its third version, with a way from each older one."""
    monkeypatch.setitem(FACT_TYPES, TAG, Fact)  # so that the registration is undone

    @fact(TAG, version=3)
    class ParcelSeen(Fact):
        """A parcel was seen."""

        account_id: str
        parcel_id: str = key("parcel")
        grams: int

    monkeypatch.setitem(UPCASTERS, (TAG, 1), number_to_parcel_id)
    monkeypatch.setitem(UPCASTERS, (TAG, 2), kilograms_to_grams)
    yield ParcelSeen


def number_to_parcel_id(body: dict[str, Any]) -> dict[str, Any]:
    """Version 2 calls ``number`` what it is."""
    number = body.pop("number")
    return {**body, "parcel_id": f"p-{number}"}


def kilograms_to_grams(body: dict[str, Any]) -> dict[str, Any]:
    """Version 3 counts grams."""
    kilograms = body.pop("kilograms")
    return {**body, "grams": kilograms * 1000}


@pytest.mark.parametrize(
    "body",
    [
        {"number": 7, "kilograms": 2},
        {"version": 1, "number": 7, "kilograms": 2},
        {"version": 2, "parcel_id": "p-7", "kilograms": 2},
        {"version": 3, "parcel_id": "p-7", "grams": 2000},
    ],
)
def test_every_older_version_reads_as_the_newest(
    parcel_seen: type[Fact], body: dict[str, Any]
) -> None:
    read: Any = fact_from_json({**HEAD, **body})

    assert type(read) is parcel_seen
    assert (read.parcel_id, read.grams) == ("p-7", 2000)


def test_the_newest_version_is_written_with_its_number(parcel_seen: type[Fact]) -> None:
    read = fact_from_json({**HEAD, "version": 2, "parcel_id": "p-7", "kilograms": 2})

    assert fact_to_json(read) == {**HEAD, "version": 3, "parcel_id": "p-7", "grams": 2000}
    assert fact_from_json(fact_to_json(read)) == read


def test_reading_leaves_the_body_that_was_handed_in_alone(parcel_seen: type[Fact]) -> None:
    body = {**HEAD, "version": 1, "number": 7, "kilograms": 2}

    fact_from_json(body)

    assert body == {**HEAD, "version": 1, "number": 7, "kilograms": 2}


def test_a_version_without_a_way_to_the_next_is_refused(
    parcel_seen: type[Fact], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(UPCASTERS, (TAG, 2))

    with pytest.raises(FactError) as refused:
        fact_from_json({**HEAD, "version": 1, "number": 7, "kilograms": 2}, "f:1")

    assert str(refused.value) == "f:1: version: version 2 of `parcel_seen` can no longer be read"


def test_a_version_of_the_future_is_refused(parcel_seen: type[Fact]) -> None:
    with pytest.raises(FactError, match="not known yet") as refused:
        fact_from_json({**HEAD, "version": 4})

    assert refused.value.hint == "upgrade policyenforce, which reads up to version 3"


def test_a_body_that_its_upcaster_cannot_take_is_refused(parcel_seen: type[Fact]) -> None:
    with pytest.raises(FactError, match="no sound body of version 1 of `parcel_seen`"):
        fact_from_json({**HEAD, "version": 1, "kilograms": 2})


def test_an_upcaster_that_forgets_a_field_is_caught_by_the_strict_reader(
    parcel_seen: type[Fact],
) -> None:
    with pytest.raises(FactError, match="an unknown field `number`"):
        fact_from_json({**HEAD, "version": 2, "number": 7, "kilograms": 2, "parcel_id": "p"})
