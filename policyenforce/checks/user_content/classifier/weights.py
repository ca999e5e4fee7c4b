"""The weights of the shipped model: whole numbers of one byte, a scale and a line for each head."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import IO

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from policyenforce.checks.user_content.classifier.ngrams import BUCKETS
from policyenforce.checks.user_content.classifier.platt import Floats, Platt
from policyenforce.checks.user_content.classifier.protocol import HEADS

_LARGEST = 127
OFFSET = 128
"""What is added to each weight in ``pairs``, so that none is below nought."""


@frozen(eq=False)
class Weights:
    """``table`` has a row for each bucket and a column for each head; times ``scales``."""

    version: str
    table: NDArray[np.int8] = field(repr=False)
    scales: Floats
    biases: Floats
    lines: tuple[Platt, ...]
    pairs: tuple[NDArray[np.uint64], ...] = field(init=False, repr=False)
    """The table once more, two heads to a number, so that both are summed by one addition."""

    def __attrs_post_init__(self) -> None:
        raised = (self.table.astype(np.int64) + OFFSET).astype(np.uint64)
        half = np.uint64(32)
        pairs = (raised[:, one] + (raised[:, one + 1] << half) for one in range(0, len(HEADS), 2))
        object.__setattr__(self, "pairs", tuple(pairs))

    @staticmethod
    def of(version: str, weights: Floats, biases: Floats, lines: tuple[Platt, ...]) -> Weights:
        """Weights rounded to a byte; ``weights`` has the shape (buckets, heads)."""
        scales = np.maximum(np.abs(weights).max(axis=0), 1e-12) / _LARGEST
        return Weights(version, np.rint(weights / scales).astype(np.int8), scales, biases, lines)

    def save(self, path: Path) -> None:
        """Write them to one compressed file, the same bytes for the same weights."""
        lines = np.array([(line.slope, line.offset) for line in self.lines])
        np.savez_compressed(
            path,
            version=np.array(self.version),
            table=self.table,
            scales=self.scales,
            biases=self.biases,
            lines=lines,
        )


@lru_cache(maxsize=1)
def shipped_weights() -> Weights:
    """The weights that come with the library."""
    source = files("policyenforce.checks.user_content.classifier") / "weights.npz"
    with source.open("rb") as file:
        return _read(file)


def _read(file: IO[bytes]) -> Weights:
    with np.load(file, allow_pickle=False) as kept:
        table = np.ascontiguousarray(kept["table"])
        assert table.shape == (BUCKETS, len(HEADS))
        lines = tuple(Platt(float(slope), float(offset)) for slope, offset in kept["lines"])
        return Weights(str(kept["version"]), table, kept["scales"], kept["biases"], lines)
