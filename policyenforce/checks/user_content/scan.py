"""Finding many literal patterns in bytes at once: Hyperscan, or a plain automaton without it.

Both answer the same: every occurrence of every pattern as (pattern number, start, end), byte
offsets, sorted. Time is linear in the text plus the hits. Word boundaries are the caller's.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Sequence
from typing import Any, Protocol

Occurrence = tuple[int, int, int]

_HEAD = 12  # bytes; shorter ones stand in every second text, longer ones are too many


class Scanner(Protocol):
    """What a multi-pattern scan answers."""

    def scan(self, data: bytes) -> list[Occurrence]:
        """Every (pattern number, start, end) in ``data``, sorted by end, then number."""
        ...  # pragma: no cover - a protocol has no body


def scanner(patterns: Sequence[bytes]) -> Scanner:
    """The fastest scanner this platform has for distinct, non-empty ``patterns``.

    >>> scanner([b"he", b"she"]).scan(b"ushers")
    [(0, 2, 4), (1, 1, 4)]
    """
    try:
        import hyperscan  # noqa: F401 - only whether it is there
    except ImportError:
        return PlainScanner(patterns)
    return HyperscanScanner(patterns)


class HyperscanScanner:
    """Hyperscan's pure literal interface; one scratch space per thread, safe to share.

    Only the heads of the patterns are compiled, which takes a fifth of the time: fifty thousand
    phrases share few beginnings. Where a head stands, the text itself says which patterns follow.
    """

    def __init__(self, patterns: Sequence[bytes]) -> None:
        import hyperscan  # 20 ms, and absent on some platforms

        self._numbers = {pattern: number for number, pattern in enumerate(patterns)}
        lengths: dict[bytes, set[int]] = {}
        for pattern in patterns:
            lengths.setdefault(pattern[:_HEAD], set()).add(len(pattern))
        self._heads = [(len(head), sorted(found)) for head, found in lengths.items()]
        self._database: Any = None
        if patterns:
            self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
            self._database.compile(
                expressions=list(lengths),
                ids=list(range(len(lengths))),
                elements=len(lengths),
                flags=0,
                literal=True,
            )
        self._scratches = _Scratches(self._database)

    def scan(self, data: bytes) -> list[Occurrence]:
        """See ``Scanner.scan``."""
        if self._database is None or not data:
            return []
        heads: list[tuple[int, int]] = []
        append = heads.append

        def keep(head: int, _start: int, end: int, _flags: int, _context: object) -> None:
            append((head, end))

        self._database.scan(data, match_event_handler=keep, scratch=self._scratches.mine)
        return self._completed(data, heads) if heads else []

    def _completed(self, data: bytes, heads: list[tuple[int, int]]) -> list[Occurrence]:
        """The patterns that begin with these heads and go on as the data does."""
        out: list[Occurrence] = []
        for head, head_end in heads:
            size, lengths = self._heads[head]
            start = head_end - size
            for length in lengths:
                number = self._numbers.get(data[start : start + length])
                if number is not None and start + length <= len(data):
                    out.append((number, start, start + length))
        return sorted(out, key=_by_end)


def _by_end(occurrence: Occurrence) -> tuple[int, int]:
    number, _, end = occurrence
    return end, number


class _Scratches(threading.local):
    """Each thread's own scratch space for one database."""

    def __init__(self, database: Any) -> None:
        import hyperscan

        self.mine = hyperscan.Scratch(database) if database is not None else None


class PlainScanner:
    """Aho and Corasick's automaton (1975) in dictionaries: slower, needs nothing."""

    def __init__(self, patterns: Sequence[bytes]) -> None:
        self._lengths = [len(pattern) for pattern in patterns]
        self._next: list[dict[int, int]] = [{}]
        self._found: list[list[int]] = [[]]
        for number, pattern in enumerate(patterns):
            self._found[self._path(pattern)].append(number)
        self._fall = self._falls()

    def _path(self, pattern: bytes) -> int:
        state = 0
        for byte in pattern:
            following = self._next[state].get(byte)
            if following is None:
                following = len(self._next)
                self._next[state][byte] = following
                self._next.append({})
                self._found.append([])
            state = following
        return state

    def _falls(self) -> list[int]:
        fall = [0] * len(self._next)
        queue = deque(self._next[0].values())
        while queue:
            state = queue.popleft()
            for byte, following in self._next[state].items():
                fall[following] = self._step(fall, fall[state], byte)
                self._found[following] = self._found[following] + self._found[fall[following]]
                queue.append(following)
        return fall

    def _step(self, fall: list[int], state: int, byte: int) -> int:
        while state and byte not in self._next[state]:
            state = fall[state]
        return self._next[state].get(byte, 0)

    def scan(self, data: bytes) -> list[Occurrence]:
        """See ``Scanner.scan``."""
        out: list[Occurrence] = []
        state, fall, lengths = 0, self._fall, self._lengths
        for at, byte in enumerate(data, 1):
            state = self._step(fall, state, byte)
            out.extend((n, at - lengths[n], at) for n in sorted(self._found[state]))
        return out


class Detector:
    """Where any of a few regular expressions ends in bytes; for cheap suspicion, not for spans.

    The expressions use only what both engines read alike, and no engine backtracks: Hyperscan
    cannot, and they hold no nested repetition.
    """

    def __init__(self, expressions: Sequence[bytes]) -> None:
        self._database: Any = None
        self._plain = re.compile(b"|".join(b"(?:%b)" % e for e in expressions))
        try:
            import hyperscan
        except ImportError:
            return
        self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        self._database.compile(
            expressions=list(expressions),
            ids=[0] * len(expressions),
            elements=len(expressions),
            flags=0,
        )
        self._scratches = _Scratches(self._database)

    def ends(self, data: bytes) -> list[int]:
        """Ends of matches, rising; at least one in each stretch that holds a match."""
        if self._database is None:
            return [match.end() for match in self._plain.finditer(data)]
        out: list[int] = []

        def keep(_number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            out.append(end)

        if data:
            self._database.scan(data, match_event_handler=keep, scratch=self._scratches.mine)
        return sorted(out)
