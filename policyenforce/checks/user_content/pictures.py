"""Lists of picture hashes that the caller supplies; no picture is ever looked at.

An exact hash (SHA-256, MD5) finds the same file. A PDQ hash (Facebook, 2019: 256 bits, 64
hexadecimal digits) finds the same picture in another size or quality: few of its bits differ.
"""

from __future__ import annotations

from collections.abc import Iterable

from policyenforce.errors import PolicyError

PDQ_DIGITS = 64
ALIKE = 31  # of the 256 bits may differ: the threshold that PDQ's authors recommend
_PARTS = 32  # bytes of a hash
_EXACT = (32, 40, 64)  # hexadecimal digits of MD5, SHA-1 and SHA-256


class PictureList:
    """Hashes of pictures that may not be shown.

    ``most`` is how many bits of a PDQ hash may differ. As many as 31 wrong bits leave at least one
    of the 32 bytes of a hash as it is, so that only listed hashes with an equal byte are compared.
    """

    def __init__(
        self, exact: Iterable[str] = (), pdq: Iterable[str] = (), *, most: int = ALIKE
    ) -> None:
        if not 0 <= most < _PARTS:
            raise PolicyError(f"`most` is {most}", hint=f"0 to {_PARTS - 1} bits")
        self._exact = frozenset(_digits(text, _EXACT) for text in exact)
        self._most = most
        self._pdq = [
            int(text, 16) for text in dict.fromkeys(_digits(t, (PDQ_DIGITS,)) for t in pdq)
        ]
        self._by_byte: dict[tuple[int, int], list[int]] = {}
        for number in self._pdq:
            for place, byte in enumerate(number.to_bytes(_PARTS, "big")):
                self._by_byte.setdefault((place, byte), []).append(number)

    def lists(self, text: str) -> bool:
        """True for an exact hash that is listed.

        >>> PictureList(exact=["9e107d9d372bb6826bd81d3542a419d6"]).lists("00" * 16)
        False
        """
        return _digits(text, _EXACT) in self._exact

    def distance(self, pdq: str) -> int | None:
        """Bits in which the nearest listed PDQ hash differs, or None if none is near.

        >>> PictureList(pdq=["f" * 64]).distance("f" * 63 + "e")
        1
        """
        number = int(_digits(pdq, (PDQ_DIGITS,)), 16)
        near = {
            listed
            for place, byte in enumerate(number.to_bytes(_PARTS, "big"))
            for listed in self._by_byte.get((place, byte), ())
        }
        nearest = min(((number ^ listed).bit_count() for listed in near), default=_PARTS)
        return nearest if nearest <= self._most else None

    def __len__(self) -> int:
        return len(self._exact) + len(self._pdq)


def _digits(text: str, lengths: tuple[int, ...]) -> str:
    plain = text.strip().lower()
    if len(plain) not in lengths or not all(char in "0123456789abcdef" for char in plain):
        allowed = " or ".join(map(str, lengths))
        raise PolicyError(f"`{text[:80]}` is no hash", hint=f"write {allowed} hexadecimal digits")
    return plain
