"""Finding many literal patterns in bytes at once: Hyperscan, or a plain automaton without it.

Both answer the same: every occurrence of every pattern as (pattern number, start, end), byte
offsets, sorted. Time is linear in the text plus the hits. Word boundaries are the caller's.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any, Protocol

Occurrence = tuple[int, int, int]

_NEAR_END = 8  # bytes
_TAIL = 8  # bytes; longer ones are too many
_LEAST = 7  # bytes that tell enough without a last word
_SHORT = frozenset(
    b"to in on of at up by it is be me us my we as an or so no go do if id a i u s".split()
)  # last words that stand everywhere
_RUN = 5  # bytes of a part without a blank; shorter ones stand in too many words
_LONG_TAIL = 12  # bytes, where the last word is a common one that stands in every second text
_BEFORE = 8  # bytes before such a word, its blank among them


class Scanner(Protocol):
    """What a multi-pattern scan answers."""

    def scan(self, data: bytes) -> list[Occurrence]:
        """Every (pattern number, start, end) in ``data``, sorted by end, then number."""
        ...  # pragma: no cover - a protocol has no body


def scanner(patterns: Sequence[bytes], common: Set[bytes] = frozenset()) -> Scanner:
    """The fastest scanner this platform has for distinct, non-empty ``patterns``.

    ``common`` words stand in many texts; knowing them makes the scan faster, and no different.

    >>> scanner([b"he", b"she"]).scan(b"ushers")
    [(0, 2, 4), (1, 1, 4)]
    """
    try:
        import hyperscan  # noqa: F401 - only whether it is there
    except ImportError:
        return PlainScanner(patterns)
    return HyperscanScanner(patterns, common)


class HyperscanScanner:
    """Hyperscan's pure literal interface; one scratch space per thread, safe to share.

    Only a part of each pattern is compiled, mostly its tail, which takes a fifth of the time: a
    hundred thousand phrases share few endings. Where it stands, the text says which patterns do.
    """

    def __init__(self, patterns: Sequence[bytes], common: Set[bytes] = frozenset()) -> None:
        self._numbers = {pattern: number for number, pattern in enumerate(patterns)}
        sizes: dict[bytes, set[tuple[int, int]]] = {}
        tails_of = _Tails(common)
        for pattern in patterns:
            tail, behind = tails_of.of(pattern)
            sizes.setdefault(tail, set()).add((behind, len(pattern)))
        self._sizes = [sorted(found) for found in sizes.values()]
        # A blank near the end, the commonest byte, tells little: a part without one is read faster,
        # and two databases of the one and the other kind in two thirds of the time of one.
        tails = list(enumerate(sizes))
        kinds = (
            [(n, tail) for n, tail in tails if (b" " in tail[-_NEAR_END:]) is blank]
            for blank in (True, False)
        )
        with ThreadPoolExecutor(max_workers=2) as pool:  # Hyperscan compiles without the lock
            databases = tuple(pool.map(_compiled, filter(None, kinds)))
        self._scans = _Scans(databases)

    def scan(self, data: bytes) -> list[Occurrence]:
        """See ``Scanner.scan``."""
        tails: list[tuple[int, int]] = []
        for scan in self._scans.mine if data else ():
            scan(data, context=tails)
        return self._completed(data, tails) if tails else []

    def _completed(self, data: bytes, tails: list[tuple[int, int]]) -> list[Occurrence]:
        """The patterns of which these tails are a part and the data holds the rest."""
        out: list[Occurrence] = []
        for tail, end in tails:
            for behind, length in self._sizes[tail]:
                start, last = end + behind - length, end + behind
                if start >= 0 and last <= len(data):
                    number = self._numbers.get(data[start:last])
                    if number is not None:
                        out.append((number, start, last))
        return sorted(set(out), key=_by_end)  # one tail may be the end of another


class _Tails:
    """Which part of a pattern is compiled for it."""

    def __init__(self, common: Set[bytes]) -> None:
        self._common = common
        self._standing = b" ".join(sorted(common))
        self._is_rare = cache(self._stands_in_none)

    def of(self, pattern: bytes) -> tuple[bytes, int]:
        """A part of a pattern, and how many bytes stand behind it.

        >>> _Tails({b"ordinary"}).of(b"fake passport in"), _Tails(set()).of(b"extraor dinary")
        ((b'passport', 3), (b'extraor', 7))
        """
        end, behind = self._end(pattern)
        return (self._run(pattern) if b" " in end else None) or (end, behind)

    def _end(self, pattern: bytes) -> tuple[bytes, int]:
        """Its last bytes; a short last word is left off: " to" and " in" stand everywhere."""
        blank = pattern.rfind(b" ")
        behind = len(pattern) - blank if blank >= _LEAST and pattern[blank + 1 :] in _SHORT else 0
        whole = pattern[: len(pattern) - behind]
        last = whole[whole.rfind(b" ") + 1 :]
        common = self._common
        if len(last) > _TAIL:  # of words run together, the last
            last = next((last[-n:] for n in range(_LEAST, len(last)) if last[-n:] in common), last)
        size = max(_LONG_TAIL, len(last) + _BEFORE) if last in common else _TAIL
        return whole[-size:], behind

    def _run(self, pattern: bytes) -> tuple[bytes, int] | None:
        """The end of its longest run without a blank that stands in no common word, if any."""
        longest, at = None, -1
        for run in pattern.split(b" "):
            at += 1 + len(run)
            piece = run[-_TAIL:]
            if self._is_rare(piece) and (longest is None or len(piece) >= len(longest[0])):
                longest = piece, len(pattern) - at
        return longest

    def _stands_in_none(self, piece: bytes) -> bool:
        return len(piece) >= _RUN and piece not in self._standing


def _compiled(literals: Sequence[tuple[int, bytes]]) -> Any:
    """A Hyperscan database of numbered literals."""
    import hyperscan  # 20 ms, and absent on some platforms

    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[literal for _, literal in literals],
        ids=[number for number, _ in literals],
        elements=len(literals),
        flags=0,
        literal=True,
    )
    return database


def _by_end(occurrence: Occurrence) -> tuple[int, int]:
    number, _, end = occurrence
    return end, number


class _Scans(threading.local):
    """What scans data with each of some databases; scratch space is each thread's own.

    The context of a scan is the list to which it adds (number, end) of every match.
    """

    def __init__(self, databases: tuple[Any, ...]) -> None:
        import hyperscan

        self.mine = [
            partial(db.scan, match_event_handler=_keep, scratch=hyperscan.Scratch(db))
            for db in databases
        ]


def _keep(number: int, _start: int, end: int, _flags: int, found: list[tuple[int, int]]) -> None:
    found.append((number, end))


@cache
def holds(literal: bytes) -> Callable[[bytes], bool]:
    """A test whether data holds a literal; ``in`` is slow where its first byte is a common one.

    >>> holds(b"  ")(b"two  blanks"), holds(b"  ")(b"one after one " * 500)
    (True, False)
    """
    try:
        import hyperscan
    except ImportError:
        return lambda data: literal in data
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[literal],
        ids=[0],
        elements=1,
        flags=hyperscan.HS_FLAG_SINGLEMATCH,
        literal=True,
    )
    scans = _Scans((database,))

    def test(data: bytes) -> bool:
        found: list[tuple[int, int]] = []
        for scan in scans.mine if data else ():
            scan(data, context=found)
        return bool(found)

    return test


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

    The expressions come in groups, and are answered by group in one pass. They use only what both
    engines read alike, and neither backtracks: they hold no nested repetition.
    """

    def __init__(self, *groups: Sequence[bytes]) -> None:
        self._scans: _Scans | None = None
        self._nothing = tuple(() for _ in groups)
        self._plain = [re.compile(b"|".join(b"(?:%b)" % e for e in group)) for group in groups]
        try:
            import hyperscan
        except ImportError:
            return
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        database.compile(
            expressions=[expression for group in groups for expression in group],
            ids=[number for number, group in enumerate(groups) for _ in group],
            elements=sum(map(len, groups)),
            flags=0,
        )
        self._scans = _Scans((database,))

    def ends(self, data: bytes) -> Sequence[Sequence[int]]:
        """By group, the ends of matches, rising; at least one in each stretch that holds one."""
        if self._scans is None:
            return [[match.end() for match in plain.finditer(data)] for plain in self._plain]
        found: list[tuple[int, int]] = []
        for scan in self._scans.mine if data else ():
            scan(data, context=found)
        if not found:
            return self._nothing
        found.sort()
        return [[end for group, end in found if group == one] for one in range(len(self._plain))]
