"""Hashes of any stretch of a batch's letters, from running sums.

The hash of a stretch is a polynomial over its letters modulo 2**64, so that a word of any length
costs the same and no loop runs over letters.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from policyenforce.checks.user_content.classifier.letters import Bytes, Places

Hashes: TypeAlias = NDArray[np.uint64]

_RADIX = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
_INVERSE = pow(_RADIX, -1, 1 << 64)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_PAIR = np.uint64(0xC2B2AE3D27D4EB4F)
_HALF = np.uint64(32)


def mixed(hashes: Hashes) -> Hashes:
    """Hashes whose every bit depends on all the bits there were."""
    hashes = (hashes ^ (hashes >> _HALF)) * _MIX
    hashes ^= hashes >> _HALF
    return hashes


def first_bits(hashes: Hashes, bits: int) -> Hashes:
    """The first bits of ``mixed`` hashes; of more than 32 it would need its second step."""
    first: Hashes = (hashes ^ (hashes >> _HALF)) * _MIX
    first >>= np.uint64(64 - bits)
    return first


def paired(left: Hashes, right: Hashes) -> Hashes:
    """One hash for two in this order."""
    return left * _PAIR + right


def _values() -> Hashes:
    return mixed(np.arange(1, 257, dtype=np.uint64) * np.uint64(_RADIX))


_VALUES = _values()


@lru_cache(maxsize=1)
def _powers(size: int) -> tuple[Hashes, Hashes]:
    up, down = np.ones(size, dtype=np.uint64), np.ones(size, dtype=np.uint64)
    up[1:], down[1:] = np.uint64(_RADIX), np.uint64(_INVERSE)
    return np.cumprod(up, dtype=np.uint64), np.cumprod(down, dtype=np.uint64)


@frozen(eq=False)
class Sums:
    """Running sums of a batch, from which any stretch of letters is hashed at once."""

    totals: Hashes
    down: Hashes

    @staticmethod
    def of(codes: Bytes) -> Sums:
        """The sums over the codes of a batch."""
        up, down = _powers(1 << max(16, len(codes).bit_length()))
        totals = np.zeros(len(codes) + 1, dtype=np.uint64)
        np.cumsum(_VALUES[codes] * up[: len(codes)], out=totals[1:])
        return Sums(totals, down)

    def of_stretches(self, starts: Places, ends: Places) -> Hashes:
        """A hash for each stretch of letters; equal letters, equal hash."""
        return (self.totals[ends] - self.totals[starts]) * self.down[starts]

    def of_windows(self, width: int) -> Hashes:
        """The hash of the stretch of this width that begins at each letter."""
        windows: Hashes = self.totals[width:] - self.totals[:-width]
        windows *= self.down[: len(windows)]
        return windows
