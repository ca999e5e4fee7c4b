"""Below the command nothing reads the clock or the environment, prints, or sets up logging."""

from __future__ import annotations

import ast
import pathlib
from collections.abc import Callable, Iterator

from tests.architecture.source import MODULES, PACKAGE, label, spelled, tree

NOW = {
    "date.today",
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
}
CLOCKS = NOW | {"time.gmtime", "time.localtime", "time.time", "time.time_ns"}
SURROUNDINGS = {"os.environ", "os.environb", "os.getenv", "environ", "getenv"}
CONFIGURES = {"structlog.configure", "structlog.configure_once", "logging.basicConfig"}
PRINTS = {"print", "sys.stdout.write", "sys.stderr.write"}
TOO_WIDE = {"Exception", "RuntimeError", "ValueError"}
BELOW = [path for path in MODULES if path.relative_to(PACKAGE).parts[0] != "cli"]


def places(modules: list[pathlib.Path], wrong: Callable[[ast.AST], bool]) -> Iterator[str]:
    """``path:line`` of every node that is wrong."""
    for path in modules:
        for node in ast.walk(tree(path)):
            if wrong(node):
                yield f"{label(path)}:{getattr(node, 'lineno', 0)}"


def names(*forbidden: str) -> Callable[[ast.AST], bool]:
    """Whether a node is one of these dotted names."""
    return lambda node: (
        isinstance(node, ast.Attribute | ast.Name) and spelled(node) in set(forbidden)
    )


def is_naive(node: ast.AST) -> bool:
    """Whether a node asks for the time without saying in which zone."""
    return (
        isinstance(node, ast.Call)
        and spelled(node.func) in NOW
        and not (node.args or node.keywords)
    )


def raises_too_wide(node: ast.AST) -> bool:
    """Whether a node raises what no caller can tell from a mistake of the library."""
    return (
        isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and spelled(node.exc.func) in TOO_WIDE
    )


def test_nothing_below_the_command_reads_the_clock() -> None:
    assert list(places(BELOW, names(*CLOCKS))) == []


def test_nothing_below_the_command_reads_the_environment() -> None:
    assert list(places(BELOW, names(*SURROUNDINGS))) == []


def test_nothing_below_the_command_configures_logging() -> None:
    assert list(places(BELOW, names(*CONFIGURES))) == []


def test_nothing_below_the_command_prints() -> None:
    assert list(places(BELOW, names(*PRINTS))) == []


def test_no_time_is_made_without_a_zone() -> None:
    assert list(places(MODULES, is_naive)) == []


def test_errors_come_from_the_one_tree() -> None:
    assert list(places(BELOW, raises_too_wide)) == []


def test_the_rules_catch_what_they_are_for() -> None:
    text = "import os\nos.environ['x']\nprint(datetime.now())\nraise ValueError('no')\n"
    nodes = list(ast.walk(ast.parse(text)))

    assert any(map(names(*SURROUNDINGS), nodes))
    assert any(map(names(*PRINTS), nodes))
    assert any(map(names(*CLOCKS), nodes))
    assert any(map(is_naive, nodes))
    assert any(map(raises_too_wide, nodes))
