"""The standard streams of the process: closed, in any locale, or left by the reader."""

from __future__ import annotations

import os
import sys
from typing import TextIO


def settle() -> None:
    """Make standard output and error usable, whatever they are: UTF-8, or nowhere when closed."""
    for number, name in ((1, "stdout"), (2, "stderr")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, nowhere(number))
        else:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def nowhere(number: int) -> TextIO:
    """A stream on this file number that leads nowhere, so that no file opened later takes it."""
    opened = os.open(os.devnull, os.O_RDWR)
    if opened != number:
        os.dup2(opened, number)
        os.close(opened)
    return os.fdopen(number, "w", encoding="utf-8")


def discard(stream: TextIO) -> None:
    """Nobody reads this stream any more: let what is still to come vanish."""
    opened = os.open(os.devnull, os.O_WRONLY)
    os.dup2(opened, stream.fileno())
    os.close(opened)


def printable(text: str) -> str:
    """What others wrote must not steer the terminal of whoever reads it."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "·" for c in text)


def say(text: str) -> None:
    """A remark to the person at the terminal, on standard error; whether it is read or not."""
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        discard(sys.stderr)
