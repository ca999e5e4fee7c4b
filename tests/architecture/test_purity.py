"""Below the command nothing reads the clock or the environment, prints, or sets up logging."""

from __future__ import annotations

import ast
import pathlib

import pytest

from tests.architecture.source import MODULES, PACKAGE, label, spelled, tree

CLOCKS = {
    "date.today",
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.gmtime",
    "time.localtime",
    "time.time",
    "time.time_ns",
}
SURROUNDINGS = {"os.environ", "os.environb", "os.getenv", "environ", "getenv"}
CONFIGURES = {"structlog.configure", "structlog.configure_once", "logging.basicConfig"}
BELOW = [path for path in MODULES if path.relative_to(PACKAGE).parts[0] != "cli"]


def mentions(path: pathlib.Path, forbidden: set[str]) -> set[str]:
    """``name:line`` of every forbidden expression in a module."""
    return {
        f"{spelled(node)}:{node.lineno}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute | ast.Name) and spelled(node) in forbidden
    }


@pytest.mark.parametrize("path", BELOW, ids=label)
def test_nothing_below_the_command_reads_the_clock(path: pathlib.Path) -> None:
    assert mentions(path, CLOCKS) == set()


@pytest.mark.parametrize("path", BELOW, ids=label)
def test_nothing_below_the_command_reads_the_environment(path: pathlib.Path) -> None:
    assert mentions(path, SURROUNDINGS) == set()


@pytest.mark.parametrize("path", BELOW, ids=label)
def test_nothing_below_the_command_configures_logging(path: pathlib.Path) -> None:
    assert mentions(path, CONFIGURES) == set()


@pytest.mark.parametrize("path", BELOW, ids=label)
def test_nothing_below_the_command_prints(path: pathlib.Path) -> None:
    printed = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and spelled(node.func) in {"print", "sys.stdout.write"}
    ]

    assert printed == []


@pytest.mark.parametrize("path", MODULES, ids=label)
def test_no_time_is_made_without_a_zone(path: pathlib.Path) -> None:
    naive = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and spelled(node.func) in CLOCKS - {"time.time", "time.time_ns"}
        and not (node.args or node.keywords)
    ]

    assert naive == []


@pytest.mark.parametrize("path", BELOW, ids=label)
def test_errors_come_from_the_one_tree(path: pathlib.Path) -> None:
    bare = [
        f"{spelled(node.exc.func)}:{node.lineno}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and spelled(node.exc.func) in {"Exception", "RuntimeError", "ValueError"}
    ]

    assert bare == []
