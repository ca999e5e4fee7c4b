"""Lists of hosts, in the shapes operators have: hosts files and plain lists."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from policyenforce.errors import PolicyError

_BITS, _HASHES = 12, 4  # bits and places for each host: one of two hundred unlisted passes
_LOCAL = frozenset(
    {
        "localhost",
        "localhost.localdomain",
        "local",
        "broadcasthost",
        "0.0.0.0",
        "ip6-localhost",
        "ip6-loopback",
        "ip6-localnet",
        "ip6-allnodes",
    }
)
_SINKS = frozenset({"0.0.0.0", "127.0.0.1", "::1", "::", "255.255.255.255", "fe80::1%lo0"})


class HostList:
    """Hosts; each stands for itself and every host under it.

    Made for millions: a Bloom filter says no to nearly every host that is not listed, and a
    sorted block of bytes says yes for sure. Some forty bytes a host, a fifth of a set of texts.
    """

    def __init__(self, hosts: Iterable[str] = ()) -> None:
        listed = sorted(_ascii(host).encode() for host in hosts)
        unlike = [
            host for host, before in zip(listed, [b"", *listed], strict=False) if host != before
        ]
        self._block = b"".join(unlike)
        self._starts = array("L", accumulate(map(len, unlike), initial=0))
        self._filter = Bloom(unlike)

    @staticmethod
    def of(hosts: Iterable[str]) -> HostList:
        """The list of these hosts, lower-cased and in their ASCII form.

        Raises PolicyError for a text that is no host.
        """
        return HostList(hosts)

    @staticmethod
    def read(lines: Iterable[str]) -> HostList:
        """The hosts of a hosts file or a plain list, ``#`` beginning a comment.

        >>> HostList.read(["0.0.0.0 bad.example # seen", "worse.example"]).covers("a.bad.example")
        True
        """
        return HostList.of(host for line in lines for host in _of_line(line))

    @staticmethod
    def load(path: str | Path) -> HostList:
        """``read`` over a UTF-8 file; raises PolicyError when it cannot be read."""
        try:
            with Path(path).open(encoding="utf-8") as lines:
                return HostList.read(lines)
        except (OSError, UnicodeDecodeError) as reason:
            raise PolicyError(
                f"the host list cannot be read: {reason}", where=str(path)
            ) from reason
        except PolicyError as reason:
            raise reason.at(str(path)) from None

    def covers(self, host: str) -> bool:
        """True when the host, or a domain above it, is listed."""
        rest = host.encode(errors="replace")
        while rest:
            if rest in self._filter and self._lists(rest):
                return True
            rest = rest.partition(b".")[2]
        return False

    def _lists(self, host: bytes) -> bool:
        at = bisect_left(range(len(self)), host, key=self._host)
        return at < len(self) and self._host(at) == host

    def _host(self, number: int) -> bytes:
        return self._block[self._starts[number] : self._starts[number + 1]]

    def __iter__(self) -> Iterator[str]:
        return (self._host(number).decode() for number in range(len(self)))

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __repr__(self) -> str:
        return f"HostList({len(self)} hosts)"


class Bloom:
    """A Bloom filter (1970): ``in`` is false for sure, or true but for one in a few hundred.

    >>> b"a" in Bloom([b"a", b"b"])
    True
    """

    def __init__(self, members: Sequence[bytes]) -> None:
        self._size = max(64, _BITS * len(members))
        bits = bytearray(self._size // 8 + 1)
        for member in members:
            for place in self._places(member):
                bits[place >> 3] |= 1 << (place & 7)
        self._bits = bytes(bits)

    def _places(self, member: bytes) -> Iterator[int]:
        # Kirsch and Mitzenmacher (2006): two halves of one hash make as many as are needed.
        code = hash(member)
        step = code >> 32 | 1
        return ((code + turn * step) % self._size for turn in range(_HASHES))

    def __contains__(self, member: bytes) -> bool:
        bits, size, code = self._bits, self._size, hash(member)
        step = code >> 32 | 1
        for _ in range(_HASHES):
            place = code % size
            if not bits[place >> 3] & (1 << (place & 7)):
                return False
            code += step
        return True


def _of_line(line: str) -> Iterator[str]:
    words = line.partition("#")[0].split()
    if len(words) > 1 and words[0] in _SINKS:
        words = words[1:]
    return (word for word in words if word.lower() not in _LOCAL and word not in _SINKS)


def _ascii(host: str) -> str:
    plain = host.strip().rstrip(".").lower()
    if not plain or any(c.isspace() or c in "/@?" or "\ud800" <= c <= "\udfff" for c in plain):
        raise PolicyError(f"`{host[:80]}` is no host", hint="write one host name, without a path")
    if plain.isascii():
        return plain
    import can_ada

    encoded = can_ada.idna_encode(plain).decode()
    if not encoded:
        raise PolicyError(f"`{host[:80]}` is no host")
    return encoded
