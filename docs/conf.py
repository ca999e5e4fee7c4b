"""How the pages are built: ``python -m sphinx -W -b html docs docs/_build/html``."""

from __future__ import annotations

import configparser
import pathlib
import re
from typing import Any

_setup = configparser.ConfigParser()
_setup.read(pathlib.Path(__file__).resolve().parent.parent / "setup.cfg", encoding="utf-8")

project = "policyenforce"
author = _setup["metadata"]["author"]
release = version = _setup["metadata"]["version"]
copyright = f"2026, {author}"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary"]
exclude_patterns = ["_build", "_templates"]
templates_path = ["_templates"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
suppress_warnings = [
    "myst.xref_missing",  # pages link to files of the repository, too
    "ref.python",  # rooms may use one short name for different things
]
autosummary_generate = True
autodoc_typehints = "description"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": True, "ignore-module-all": True}
html_theme = "furo"
html_title = "policyenforce"

PARAGRAPH_THEN_PICTURE = re.compile(r"(?m)^(?P<text>\S.*[^:\s])\n\n(?= {4}(?!>>>|[-*] |\d\.))")


def keep_pictures(
    _app: Any, what: str, _name: str, obj: Any, _options: Any, lines: list[str]
) -> None:
    """Show an indented block of a docstring as it stands: a tree, a table, a command."""
    # Sphinx takes the indent away when all but the first line have it; a module has none to take.
    text = (obj.__doc__ or "").strip() + "\n" if what == "module" else "\n".join(lines)
    lines[:] = PARAGRAPH_THEN_PICTURE.sub(r"\g<text>\n\n::\n\n", text).split("\n")


def setup(app: Any) -> None:
    """Sphinx calls this."""
    app.connect("autodoc-process-docstring", keep_pictures)
