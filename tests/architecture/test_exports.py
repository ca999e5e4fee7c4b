"""The public names: listed by hand, importable, documented."""

from __future__ import annotations

import inspect
import re

import pytest

import policyenforce
from tests.architecture.source import ROOT

NAMES = sorted(policyenforce.__all__)


def test_the_public_names_are_listed_once_each() -> None:
    assert NAMES
    assert len(NAMES) == len(set(policyenforce.__all__))


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_can_be_imported_and_is_listed_by_dir(name: str) -> None:
    value = getattr(policyenforce, name)

    assert value is not None
    assert name in dir(policyenforce)


@pytest.mark.parametrize("name", NAMES)
def test_every_public_class_and_function_says_what_it_is(name: str) -> None:
    value = getattr(policyenforce, name)
    if not (inspect.isclass(value) or inspect.isroutine(value)):
        pytest.skip("a plain value is documented where it is defined")

    written = value.__dict__.get("__doc__") if inspect.isclass(value) else value.__doc__

    assert written and len(written.split()) >= 3
    assert not written.startswith(f"{name}("), "the signature is not a description"


def test_the_page_of_names_lists_exactly_the_public_names() -> None:
    page = (ROOT / "docs" / "names.md").read_text(encoding="utf-8")
    listed = re.findall(r"^   ([A-Za-z_]+)$", page, flags=re.MULTILINE)

    assert sorted(listed) == NAMES


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = policyenforce.no_such_name


def test_type_checkers_see_exactly_the_public_names() -> None:
    stub = (ROOT / "policyenforce" / "__init__.pyi").read_text(encoding="utf-8")
    listed = [*re.findall(r" as ([A-Za-z_]+)", stub), "__version__"]

    assert sorted(listed) == NAMES
