from __future__ import annotations

import pytest

pa = pytest.importorskip("pyarrow")

from policyenforce.bulk.normalising import STRONG, WEAK, normalised  # noqa: E402 - it needs Arrow

COLUMNS = (
    "email", "phone", "device_id", "cookie_id", "ip", "card_token", "bank_account",
    "registration_number", "company_name", "first_name", "last_name", "address", "postcode",
    "city", "country",
)  # fmt: skip


def test_only_kinds_whose_columns_exist_are_told() -> None:
    assert list(normalised(pa.table({"first_name": ["Ana"]}))) == ["person", "person_core"]
    assert normalised(pa.table({"shoe_size": ["44"]})) == {}


def test_every_kind_is_a_column_as_long_as_the_table() -> None:
    empty = pa.table({name: pa.nulls(3, pa.string()) for name in COLUMNS})
    found = normalised(empty)

    assert tuple(found) == (*STRONG, *WEAK)
    assert all(column.to_pylist() == [None] * 3 for column in found.values())
