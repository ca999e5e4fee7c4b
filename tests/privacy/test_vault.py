from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.errors import FactError
from policyenforce.model.fact import personal_paths
from policyenforce.model.facts.registration import ApplicationReceived, UserKind
from policyenforce.model.structuring import fact_to_json
from policyenforce.privacy.vault import COMMITMENT, is_erased, join, split, verify
from tests.checks.past import day

SALT = b"sixteen bytes..."
PATHS = (("name",), ("content", "title"), ("rows", "secret"), ("deep", "rows", "secret"))

VALUES = st.one_of(st.none(), st.text(max_size=5), st.integers(0, 9), st.lists(st.text(max_size=3)))
ROW = st.dictionaries(st.sampled_from(["secret", "public"]), VALUES)
BODIES = st.fixed_dictionaries(
    {"id": st.text(max_size=5)},
    optional={
        "name": VALUES,
        "content": st.one_of(
            st.none(), st.dictionaries(st.sampled_from(["title", "text"]), VALUES)
        ),
        "rows": st.lists(ROW, max_size=3),
        "deep": st.fixed_dictionaries({}, optional={"rows": st.lists(ROW, max_size=2)}),
    },
)


@given(BODIES)
def test_what_was_split_joins_to_what_it_was(body: dict[str, Any]) -> None:
    before = copy.deepcopy(body)
    rest, personal = split(body, PATHS, SALT)

    assert join(rest, personal) == before
    assert body == before
    assert verify(rest, personal, SALT)
    assert (personal is None) is (COMMITMENT not in rest)


@given(BODIES)
def test_nothing_personal_stays_in_the_body(body: dict[str, Any]) -> None:
    rest, _ = split(body, PATHS, SALT)

    assert not rest.get("name")
    assert not (rest.get("content") or {}).get("title")
    for row in (*rest.get("rows", ()), *rest.get("deep", {}).get("rows", ())):
        assert row.get("secret") in (None, [])


def test_half_of_a_surrogate_pair_is_refused_without_its_text() -> None:
    with pytest.raises(FactError, match="that JSON cannot hold") as refused:
        split({"id": "f", "name": "Ana \ud800"}, PATHS, SALT)

    assert "Ana" not in str(refused.value)


def test_the_personal_part_lies_where_it_lay() -> None:
    body = {
        "id": "f",
        "name": "Ana",
        "content": {"title": "T", "text": "x"},
        "rows": [{}, {"secret": 1}],
    }
    rest, personal = split(body, PATHS, SALT)

    assert personal == {"name": "Ana", "content": {"title": "T"}, "rows": [None, {"secret": 1}]}
    assert rest == {
        "id": "f",
        "content": {"text": "x"},
        "rows": [{}, {}],
        COMMITMENT: rest[COMMITMENT],
    }


@pytest.mark.parametrize("nobody", [{}, {"name": None}, {"name": []}, {"name": {}}, {"rows": 3}])
def test_without_anything_personal_the_body_stays_as_it_was(nobody: dict[str, Any]) -> None:
    body = {"id": "f", **nobody}

    assert split(body, PATHS, SALT) == (body, None)


def test_the_commitment_depends_on_value_and_salt_but_not_on_the_order_of_keys() -> None:
    def commitment(personal: dict[str, Any], salt: bytes) -> str:
        return str(split({"name": personal}, (("name",),), salt)[0][COMMITMENT])

    same = commitment({"a": 1, "b": 2}, SALT)
    assert same == commitment({"b": 2, "a": 1}, SALT)
    assert (
        len({same, commitment({"a": 1, "b": 3}, SALT), commitment({"a": 1, "b": 2}, b"other")}) == 3
    )
    assert len(same) == 64


def test_other_values_or_another_salt_do_not_verify() -> None:
    rest, personal = split({"name": "Ana"}, PATHS, SALT)

    assert verify(rest, personal, SALT)
    assert not verify(rest, {"name": "Bo"}, SALT)
    assert not verify(rest, personal, b"another salt")
    assert not verify(rest, None, SALT)
    assert not verify({"id": "f"}, personal, SALT)


def test_an_erased_body_says_that_something_was_there() -> None:
    rest, personal = split({"id": "f", "name": "Ana"}, PATHS, SALT)

    assert is_erased(rest, None)
    assert not is_erased(rest, personal)
    assert not is_erased({"id": "f"}, None)
    assert join(rest, None) == {"id": "f"}


def test_a_fact_keeps_nothing_of_a_person_in_its_body() -> None:
    fact = ApplicationReceived(
        id="f-1", at=day(0), user_id="u-1", kind=UserKind.PERSON, first_name="Ana",
        emails=("ana@firm.example",), device_id="d-77",
    )  # fmt: skip
    whole = fact_to_json(fact)
    rest, personal = split(whole, personal_paths(ApplicationReceived), SALT)

    assert personal == {"first_name": "Ana", "emails": ["ana@firm.example"], "device_id": "d-77"}
    assert not any(word in repr(rest) for word in ("Ana", "firm.example", "d-77"))
    assert join(rest, personal) == whole
