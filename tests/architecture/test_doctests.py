"""Every example in a docstring runs."""

from __future__ import annotations

import ast
import doctest
import importlib
import pathlib

import pytest

from tests.architecture.source import MODULES, dotted, label, tree

FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL
NEEDS = {
    "policyenforce.bulk": ("numpy", "pyarrow", "rensa", "scipy"),
    "policyenforce.checks.account_sharing.countries": ("iptocc",),
}


def shows_an_example(path: pathlib.Path) -> bool:
    """True where some docstring of the module holds a prompt."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return any(
        ">>>" in (ast.get_docstring(node) or "")
        for node in ast.walk(tree(path))
        if isinstance(node, documented)
    )


EXAMPLES = [path for path in MODULES if shows_an_example(path) and "migrations" not in path.parts]


@pytest.mark.parametrize("path", EXAMPLES, ids=label)
def test_every_example_in_a_docstring_runs(
    path: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for room, libraries in NEEDS.items():
        for library in libraries if dotted(path).startswith(room) else ():
            pytest.importorskip(library)

    failed, tried = doctest.testmod(importlib.import_module(dotted(path)), optionflags=FLAGS)

    assert tried > 0
    assert failed == 0
