"""What a table's evidence says of a value is what the evidence of one fact says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.multiple_accounts.evidence import masked
from policyenforce.policy.relations import IDENTIFIERS

pa = pytest.importorskip("pyarrow")
telling = pytest.importorskip("policyenforce.bulk.telling")


@given(st.sampled_from(IDENTIFIERS), st.lists(st.text(st.characters(codec="utf-8"), max_size=12)))
def test_a_column_of_values_is_masked_as_each_of_them(kind: str, values: list[str]) -> None:
    bare = [value.lstrip("~") for value in values]

    told = telling.same_masked(kind, pa.array(bare, pa.string())).to_pylist()

    assert told == [f"same {masked(kind, value)}" for value in bare]
