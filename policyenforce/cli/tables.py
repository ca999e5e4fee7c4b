"""Tables on the command line: where they come from, and the extra that reads them."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

from policyenforce.cli.reading import STANDARD_INPUT
from policyenforce.errors import InputError


def source(name: str) -> Path | BinaryIO:
    """The file of this name, or standard input for ``-``; raises InputError."""
    if name != STANDARD_INPUT:
        return Path(name)
    if sys.stdin is None:
        raise InputError("cannot read: it is closed", where="standard input")
    return sys.stdin.buffer


def bulk() -> ModuleType:
    """The package of that name, which needs an extra; raises InputError without it."""
    try:
        from policyenforce import bulk as found
    except ImportError:
        raise InputError(
            "tables need the extra `bulk`", hint="pip install 'policyenforce[bulk]'"
        ) from None
    return found
