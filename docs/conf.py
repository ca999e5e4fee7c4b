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
suppress_warnings = ["myst.xref_missing"]  # pages link to files of the repository, too
autosummary_generate = True
autodoc_typehints = "description"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": True, "ignore-module-all": True}
html_theme = "furo"
html_title = "policyenforce"

PARAGRAPH_THEN_PICTURE = re.compile(
    r"(?m)^(?P<text>[^\s:.].*[^:\s])\n\n(?=(?: {4}|\t)(?!>>>|[-*] |\d\.))"
)


def keep_pictures(
    _app: Any, _what: str, _name: str, _obj: Any, _options: Any, lines: list[str]
) -> None:
    """Show an indented block of a docstring as it stands: a tree, a table, a command."""
    lines[:] = PARAGRAPH_THEN_PICTURE.sub(r"\g<text>\n\n::\n\n", "\n".join(lines)).split("\n")


def setup(app: Any) -> None:
    """Sphinx calls this."""
    app.connect("autodoc-process-docstring", keep_pictures)
