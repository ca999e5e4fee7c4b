"""Lists of hosts, in the shapes operators have: hosts files and plain lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import frozen

from policyenforce.errors import PolicyError

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


@frozen(repr=False)
class HostList:
    """Hosts; each stands for itself and every host under it."""

    hosts: frozenset[str] = frozenset()

    @staticmethod
    def of(hosts: Iterable[str]) -> HostList:
        """The list of these hosts, lower-cased and in their ASCII form.

        Raises PolicyError for a text that is no host.
        """
        return HostList(frozenset(_ascii(host) for host in hosts))

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
            return HostList.read(Path(path).read_text(encoding="utf-8").splitlines())
        except (OSError, UnicodeDecodeError) as reason:
            raise PolicyError(
                f"the host list cannot be read: {reason}", where=str(path)
            ) from reason
        except PolicyError as reason:
            raise reason.at(str(path)) from None

    def covers(self, host: str) -> bool:
        """True when the host, or a domain above it, is listed."""
        while host:
            if host in self.hosts:
                return True
            host = host.partition(".")[2]
        return False

    def __bool__(self) -> bool:
        return bool(self.hosts)

    def __repr__(self) -> str:
        return f"HostList({len(self.hosts)} hosts)"


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
