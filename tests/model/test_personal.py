"""What tells something of a person is never printed, neither in a repr nor in an error."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, get_args

import pytest
from attrs import fields, has, resolve_types
from hypothesis import HealthCheck, given, settings

from policyenforce.errors import FactError
from policyenforce.model.codec import json_name
from policyenforce.model.fact import Fact, personal_paths
from policyenforce.model.facts.content import ContentSubmitted
from policyenforce.model.facts.registration import ApplicationReceived
from policyenforce.model.structuring import fact_from_json, fact_to_json
from policyenforce.testing.strategies import facts_of
from tests.model.samples import CLASSES, by_tag

SENTINEL = "Xaviera4711"
NUMBER = 4711.4711
FEW = settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow], deadline=None)
Path = tuple[str, ...]


def hidden_paths(cls: Any, above: Path = (), hidden: bool = False) -> Iterator[Path]:
    """The JSON paths of every field under one that is marked personal or kept out of reprs."""
    for attribute in fields(resolve_types(cls)):
        path = (*above, json_name(attribute))
        inside = hidden or "personal" in attribute.metadata or attribute.repr is False
        inner = [k for k in (attribute.type, *get_args(attribute.type)) if has_fields(k)]
        if inside:
            yield path
        if inner and not str(attribute.type).startswith("tuple"):
            yield from hidden_paths(inner[0], path, inside)


def has_fields(kind: Any) -> bool:
    """True for an attrs class."""
    return isinstance(kind, type) and has(kind)


def put(body: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """The body with another value at a path."""
    name, *rest = path
    inner = body.get(name)
    below = inner if isinstance(inner, dict) else {}
    return {**body, name: put(below, tuple(rest), value) if rest else value}


PERSONAL = [cls for cls in CLASSES if any(hidden_paths(cls))]
BROKEN: list[Any] = [
    SENTINEL,
    [SENTINEL, 3],
    [[SENTINEL]],
    {SENTINEL: SENTINEL},
    {"name": SENTINEL},
    {"name": [SENTINEL]},
    [{SENTINEL: 1}],
    {SENTINEL: 3},
    NUMBER,
    [NUMBER],
    {"a": NUMBER},
]


def test_many_facts_have_personal_fields() -> None:
    assert len(PERSONAL) >= 12
    assert ApplicationReceived in PERSONAL


@pytest.mark.parametrize("cls", PERSONAL, ids=by_tag)
def test_no_error_repeats_a_personal_value(cls: type[Fact]) -> None:
    @FEW
    @given(facts_of(cls))
    def keeps_silent(fact: Fact) -> None:
        refused = 0
        for path, value in product(hidden_paths(cls), BROKEN):
            try:
                fact_from_json(put(fact_to_json(fact), path, value), "facts.jsonl:1")
            except FactError as error:
                refused += 1
                said = f"{error} {error!r} {error.args} {error.where} {error.hint}"

                assert SENTINEL not in said
                assert "4711" not in said

        assert refused > 0

    keeps_silent()


@pytest.mark.parametrize("cls", PERSONAL, ids=by_tag)
def test_no_repr_shows_a_personal_value(cls: type[Fact]) -> None:
    @FEW
    @given(facts_of(cls))
    def keeps_silent(fact: Fact) -> None:
        taken = 0
        for path in hidden_paths(cls):
            for value in (SENTINEL, [SENTINEL], {"a": SENTINEL}):
                try:
                    shown = fact_from_json(put(fact_to_json(fact), path, value))
                except FactError:
                    continue  # this field takes a value of another shape
                taken += 1

                assert SENTINEL in str(fact_to_json(shown))
                assert SENTINEL not in repr(shown)
                assert SENTINEL not in str(shown)

        assert taken > 0

    keeps_silent()


def test_what_stands_in_place_of_content_is_not_repeated() -> None:
    head = {"fact": "content_submitted", "id": "f-1", "at": "2019-10-04T09:00:00Z"}

    with pytest.raises(FactError) as refused:
        fact_from_json({**head, "account_id": "a-1", "content": f"{SENTINEL} sells shoes"})

    assert str(refused.value) == "content: expected an object, got a text"


def test_the_paths_of_personal_fields_are_those_of_the_json_form() -> None:
    assert set(personal_paths(ContentSubmitted)) == {
        ("content", "title"),
        ("content", "description"),
        ("content", "fields"),
    }
    assert ("emails",) in personal_paths(ApplicationReceived)


@pytest.mark.parametrize("cls", PERSONAL, ids=by_tag)
def test_every_personal_path_leads_to_a_field_of_the_json_form(cls: type[Fact]) -> None:
    paths = set(personal_paths(cls))

    assert paths <= set(hidden_paths(cls))
