"""Reading fact files twice: once to see that all of it is sound, once to record it.

Nothing is recorded from input of which any line is bad.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from policyenforce.errors import FactError, InputError
from policyenforce.model.fact import Fact
from policyenforce.model.structuring import canonical, fact_to_json, read_facts

_IN_MEMORY = 16 * 1024 * 1024
_LONGEST = 4 * 1024 * 1024


class FactFiles:
    """Fact files (``-`` is standard input), readable more than once."""

    def __init__(self, names: Sequence[str]) -> None:
        self._stack = ExitStack()
        self._files = [(name, self._open(name)) for name in names]

    def __enter__(self) -> FactFiles:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _open(self, name: str) -> IO[bytes]:
        if name == "-":
            spooled = self._stack.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))
            for part in lines_of(sys.stdin.buffer, "standard input"):
                spooled.write(part)
            return spooled  # type: ignore[return-value]  # it reads as a binary file does
        try:
            return self._stack.enter_context(Path(name).open("rb"))
        except OSError as error:
            raise InputError(f"cannot read `{name}`: {error.strerror}") from None

    def facts(self) -> Iterator[tuple[str, Fact]]:
        """Each fact with its place, ``file:line``."""
        for name, file in self._files:
            file.seek(0)
            for number, fact in read_facts(lines_of(file, name), name):
                yield f"{name}:{number}", fact

    def checked(self) -> int:
        """How many facts there are; raises FactError for the first that is not sound."""
        seen: dict[str, bytes] = {}
        for where, fact in self.facts():
            body = hashlib.sha256(canonical(fact_to_json(fact))).digest()
            if seen.setdefault(fact.id, body) != body:
                raise FactError(
                    f"id `{fact.id}` stands here with another body",
                    where=where,
                    hint="give each fact its own id",
                )
        return len(seen)


def lines_of(file: Any, name: str) -> Iterator[bytes]:
    """The lines of a binary file; raises FactError for one that is too long to be a fact."""
    number = 0
    while line := file.readline(_LONGEST + 1):
        number += 1
        if len(line) > _LONGEST:
            raise FactError(
                f"a line of more than {_LONGEST // 1024 // 1024} MiB",
                where=f"{name}:{number}",
                hint="one fact a line; keep long text out of facts",
            )
        yield line
