"""House rules to break: the shipped text with one passage changed, and the shipped value."""

from collections.abc import Callable
from importlib.resources import files

import pytest

from policyenforce.policy.load import load_rules
from policyenforce.policy.rules import HouseRules

SHIPPED = (files("policyenforce.policy") / "house.toml").read_text(encoding="utf-8")


@pytest.fixture
def house() -> HouseRules:
    return load_rules()


@pytest.fixture
def edited() -> Callable[..., HouseRules]:
    def load(old: str, new: str) -> HouseRules:
        assert old in SHIPPED
        return load_rules(SHIPPED.replace(old, new, 1))

    return load
