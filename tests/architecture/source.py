"""The package's own source, as the tests of the repository read it."""

from __future__ import annotations

import ast
import functools
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "policyenforce"
MODULES = sorted(PACKAGE.rglob("*.py"))


def label(path: pathlib.Path) -> str:
    """A path as a reader of a failed test wants it: from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


def dotted(path: pathlib.Path) -> str:
    """``policyenforce/terms/gates.py`` as ``policyenforce.terms.gates``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@functools.cache
def tree(path: pathlib.Path) -> ast.Module:
    """One module, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def spelled(node: ast.expr) -> str:
    """``datetime.now`` for the expression that says so, and ``""`` for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = spelled(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""
