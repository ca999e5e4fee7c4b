"""Importing the package is cheap: the heavy libraries wait for their first use."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "alembic",
    "freezegun",
    "hyperscan",
    "hypothesis",
    "iptocc",
    "jinja2",
    "maxminddb",
    "numpy",
    "onnxruntime",
    "phonenumbers",
    "pyarrow",
    "pydantic",
    "pyspark",
    "pytest",
    "rich",
    "rensa",
    "scipy",
    "sqlalchemy",
    "sqlmodel",
    "structlog",
    "typer",
)


def loaded_by(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after one statement."""
    script = (
        f"{statement}\nimport sys\nprint(*sorted({{m.partition('.')[0] for m in sys.modules}}))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(answer.stdout.split())


@pytest.mark.parametrize(
    "statement",
    [
        "import policyenforce",
        "import policyenforce.terms",
        "import policyenforce.model",
        "import policyenforce; policyenforce.PolicyEnforceError",
    ],
)
def test_importing_loads_no_database_no_numpy_and_no_terminal(statement: str) -> None:
    loaded = loaded_by(statement)

    assert "policyenforce" in loaded
    assert not loaded.intersection(HEAVY)


def test_the_simulators_load_no_extra() -> None:
    loaded = loaded_by("import policyenforce.testing, policyenforce.testing.marketplace")

    assert not loaded.intersection({"pytest", "hypothesis", "freezegun", "ahocorasick_rs"})


def test_the_pytest_plugin_loads_neither_database_nor_numpy() -> None:
    loaded = loaded_by("import policyenforce.testing.plugin")

    assert not loaded.intersection({"sqlmodel", "sqlalchemy", "numpy", "hypothesis", "typer"})


def test_the_screen_and_the_check_load_no_numpy_until_a_house_wants_the_classifier() -> None:
    loaded = loaded_by(
        "import policyenforce.checks.user_content.check as check\n"
        "from policyenforce.checks.user_content.judged import judged\n"
        "from policyenforce.policy.sections import ClassifierRules\n"
        "judged([{'text': 'tea'}], [()], ClassifierRules())"
    )

    assert "policyenforce" in loaded
    assert "numpy" not in loaded
