"""Keyed tokens: what the index holds instead of an e-mail address or a device id.

A plain hash of every IPv4 address falls in an hour; a keyed one does not, as long as the keys
lie outside the database. Each kind of signal has a key of its own, so that equal values of two
kinds give different tokens. Keys rotate: the newest makes the tokens, and `ledger rebuild` writes
anew what older ones made, so that it is found again.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from binascii import b2a_base64
from collections.abc import Callable
from pathlib import Path

from attrs import field, frozen

from policyenforce.errors import ConflictError, InputError

PERSONAL_KINDS: frozenset[str] = frozenset(
    {
        "email",
        "phone",
        "phone_tail",
        "device",
        "cookie",
        "ip",
        "card",
        "bank",
        "registration",
        "tax",
        "company",
        "person",
        "address",
    }
)
"""The kinds of index keys whose values never reach a store as they are."""

_Padded = tuple["hashlib._Hash", "hashlib._Hash"]

_KEY_BYTES = 32
_BLOCK_BYTES = 64  # of SHA-256
_PADS = (0x36, 0x5C)
_TOKEN_BYTES = 18  # 144 bits: 24 characters, no padding, no collision in 10⁹ values
_KEY_ID = re.compile(r"[a-z0-9]{1,16}")
_REMEMBERED = 4096  # tokens made lately: a device comes back with each session
_LINE = "a line is an id of 1 to 16 of a-z and 0-9, a blank, 32 bytes in base64url"
_URLSAFE = bytes.maketrans(b"+/", b"-_")


@frozen(repr=False)
class TokenKeys:
    """Master keys, oldest first, each with an id; the newest makes the tokens.

    Raises InputError for a key id that is not 1–16 of ``a-z0-9`` or occurs twice, and for a
    master that is not 32 bytes long.

    >>> keys = TokenKeys.from_text("k1 " + "A" * 43)
    >>> keys
    TokenKeys(k1)
    >>> keys.token("email", "ana@example.com") == keys.token("cookie", "ana@example.com")
    False
    """

    masters: tuple[tuple[str, bytes], ...]
    _newest_first: tuple[tuple[str, dict[str, _Padded]], ...] = field(
        init=False, eq=False, default=()
    )
    _made: dict[tuple[str, str], str] = field(init=False, eq=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        ids = [key_id for key_id, _ in self.masters]
        if not ids or len(set(ids)) != len(ids):
            raise InputError("token keys need one key or more, each with its own id")
        for key_id, master in self.masters:
            if not _KEY_ID.fullmatch(key_id):
                raise InputError(f"`{key_id[:40]}` is no key id", hint="1 to 16 of a-z and 0-9")
            if len(master) != _KEY_BYTES:
                raise InputError(f"key `{key_id}` is not {_KEY_BYTES} bytes long")
        derived = tuple((f"{name}.", _by_kind(master)) for name, master in reversed(self.masters))
        object.__setattr__(self, "_newest_first", derived)

    @staticmethod
    def generate(
        key_id: str = "k1", randomness: Callable[[int], bytes] = secrets.token_bytes
    ) -> TokenKeys:
        """A new master key; ``randomness`` gives so many random bytes."""
        return TokenKeys(((key_id, randomness(_KEY_BYTES)),))

    @staticmethod
    def from_text(text: str, where: str | None = None) -> TokenKeys:
        """Keys written one a line, oldest first: an id, a blank, 32 bytes in base64url.

        Blank lines and lines that begin with ``#`` do not count. Raises InputError that names
        the line; no message ever repeats what stands in it.
        """
        lines = enumerate(map(str.strip, text.splitlines()), 1)
        place = f"{where}:" if where else "line "
        read = tuple(_read(line, f"{place}{n}") for n, line in lines if line and line[0] != "#")
        try:
            return TokenKeys(read)
        except InputError as error:
            raise (error.at(where) if where else error) from None

    @staticmethod
    def from_file(path: str | Path) -> TokenKeys:
        """The keys that ``save`` wrote; raises InputError when the file cannot be read."""
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise InputError("the token keys cannot be read", where=str(path)) from None
        return TokenKeys.from_text(text, str(path))

    @property
    def key_id(self) -> str:
        """The id of the key that makes new tokens."""
        return self.masters[-1][0]

    def rotated(
        self, key_id: str, randomness: Callable[[int], bytes] = secrets.token_bytes
    ) -> TokenKeys:
        """These keys and a new one, which makes the tokens from now on."""
        return TokenKeys((*self.masters, (key_id, randomness(_KEY_BYTES))))

    def token(self, kind: str, normalised: str) -> str:
        """The token of a normalised value: ``k1.`` and 24 base64url characters.

        Raises InputError for a kind outside ``PERSONAL_KINDS``.
        """
        made = self._made.get((kind, normalised))
        if made is None:
            if len(self._made) >= _REMEMBERED:
                self._made.clear()
            prefix, keys = self._newest_first[0]
            made = self._made[kind, normalised] = prefix + _digest(keys, kind, normalised)
        return made

    def tokens(self, kind: str, normalised: str) -> tuple[str, ...]:
        """One token for each key, the newest first: what a look-up asks for after a rotation."""
        return tuple(p + _digest(keys, kind, normalised) for p, keys in self._newest_first)

    def save(self, path: str | Path) -> None:
        """Write the keys to ``path``, readable by its owner alone (mode 0600), in one step.

        Raises ConflictError when the file holds a key that these keys lack, since the tokens it
        made could never be looked up again.
        """
        place = Path(path)
        if place.exists() and not set(TokenKeys.from_file(place).masters) <= set(self.masters):
            raise ConflictError(
                "the file holds keys that would be lost",
                where=str(place),
                hint="rotate the keys of the file, or choose another file",
            )
        fresh = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.writelines(f"{n} {urlsafe_b64encode(m).decode()}\n" for n, m in self.masters)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, place)

    def __reduce__(self) -> tuple[type[TokenKeys], tuple[tuple[tuple[str, bytes], ...]]]:
        """For another process: the masters alone, of which all else is made anew."""
        return TokenKeys, (self.masters,)

    def __repr__(self) -> str:
        return f"TokenKeys({self.key_id})"


def _by_kind(master: bytes) -> dict[str, _Padded]:
    # HKDF's expand step: the master is uniformly random already, so extracting adds nothing.
    return {
        kind: _padded(hmac.digest(master, f"policyenforce token {kind}\x01".encode(), "sha256"))
        for kind in sorted(PERSONAL_KINDS)
    }


def _padded(key: bytes) -> _Padded:
    """HMAC-SHA256 (RFC 2104) up to where the message comes in: the same for every message."""
    block = key.ljust(_BLOCK_BYTES, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in block) for pad in _PADS)
    return hashlib.sha256(inner), hashlib.sha256(outer)


def _digest(keys: dict[str, _Padded], kind: str, normalised: str) -> str:
    padded = keys.get(kind)
    if padded is None:
        raise InputError(f"`{kind[:40]}` is no kind of personal value")
    inner, outer = padded[0].copy(), padded[1].copy()
    inner.update(normalised.encode("utf-8", "surrogatepass"))
    outer.update(inner.digest())
    digest = outer.digest()
    return b2a_base64(digest[:_TOKEN_BYTES], newline=False).translate(_URLSAFE).decode()


def _read(line: str, where: str) -> tuple[str, bytes]:
    """The id and the key of a line, of which any part may be a key that lacks its id."""
    key_id, _, master = line.partition(" ")
    text = master.strip().rstrip("=")
    try:
        key = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (Base64Error, ValueError):
        raise InputError("the key is not written in base64url", where=where, hint=_LINE) from None
    if not _KEY_ID.fullmatch(key_id):
        raise InputError("the line begins with no key id", where=where, hint=_LINE)
    if len(key) != _KEY_BYTES:
        raise InputError(f"the key is not {_KEY_BYTES} bytes long", where=where, hint=_LINE)
    return key_id, key
