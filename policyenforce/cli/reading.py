"""Reading files of lines, and fact files twice: to see that all is sound, then to record.

Nothing is recorded from input of which any line is bad.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from policyenforce.errors import ConflictError, FactError, InputError, TermsError
from policyenforce.model.fact import Fact
from policyenforce.model.structuring import LINE_LIMIT, canonical, fact_to_json, read_facts

STANDARD_INPUT = "-"
_IN_MEMORY = 16 * 1024 * 1024


class FactFiles:
    """Fact files (``-`` is standard input), readable more than once.

    What cannot be read twice, such as a pipe, is spooled to a temporary file that has no name.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.count = 0  # of different facts, once they are checked
        self._place = ""  # of the fact in hand
        self._stack = ExitStack()
        try:
            self._files = [self._opened(name) for name in names]
        except BaseException:
            self._stack.close()
            raise

    def __enter__(self) -> FactFiles:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _opened(self, name: str) -> tuple[str, IO[bytes]]:
        file, shown = source(name, self._stack)
        if file.seekable() and name != STANDARD_INPUT:
            return shown, file
        spooled = self._stack.enter_context(_spool())
        for line in lines_of(file, shown):
            spooled.write(line)
        return shown, spooled

    def facts(self) -> Iterator[Fact]:
        """Each fact, in the order of the files."""
        for _, fact in self._placed():
            yield fact

    def checked(self) -> Iterator[Fact]:
        """Each fact once; raises FactError for the first that is not sound."""
        seen: dict[str, bytes] = {}
        for where, fact in self._placed():
            body = hashlib.sha256(canonical(fact_to_json(fact))).digest()
            if seen.setdefault(fact.id, body) != body:
                raise FactError(
                    f"id `{fact.id}` stands here with another body",
                    where=where,
                    hint="give each fact its own id",
                )
            self.count, self._place = len(seen), where
            yield fact

    @contextmanager
    def placing(self) -> Iterator[None]:
        """Around whoever goes through the facts: what it says of the fact in hand gets its line."""
        try:
            yield
        except (ConflictError, FactError, TermsError) as error:
            file, _, line = self._place.rpartition(":")
            if not line or (error.where or "").startswith(f"{file}:"):
                raise
            raise error.at(self._place) from None

    def _placed(self) -> Iterator[tuple[str, Fact]]:
        for name, file in self._files:
            file.seek(0)
            for number, fact in read_facts(lines_of(file, name), name):
                yield f"{name}:{number}", fact


def _spool() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(_IN_MEMORY)  # its ExitStack closes it


def source(name: str, stack: ExitStack) -> tuple[IO[bytes], str]:
    """The binary file of this name, closed with ``stack``, and what messages call it.

    Raises InputError when it cannot be opened.
    """
    if name == STANDARD_INPUT:
        if sys.stdin is None:
            raise InputError("cannot read: it is closed", where="standard input")
        return sys.stdin.buffer, "standard input"
    try:
        return stack.enter_context(Path(name).open("rb")), name
    except (OSError, ValueError) as error:  # a name with a null character is a ValueError
        said = getattr(error, "strerror", None) or "no file can have this name"
        raise InputError(f"cannot read the file: {said}", where=name) from None


def lines_of(file: IO[bytes], name: str) -> Iterator[bytes]:
    """The lines of a binary file; raises FactError for one that is too long to be a fact.

    Raises InputError where it cannot be read any further.
    """
    number = 0
    while line := _line(file, name):
        number += 1
        if len(line) > LINE_LIMIT:
            raise FactError(
                f"a line of more than {LINE_LIMIT:,} bytes",
                where=f"{name}:{number}",
                hint="one object a line",
            )
        yield line


def _line(file: IO[bytes], name: str) -> bytes:
    try:
        return file.readline(LINE_LIMIT + 1)
    except OSError as error:
        raise InputError(f"cannot read the file: {error.strerror}", where=name) from None
