"""The words of a batch: where they stand, and a hash for each spelling."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from policyenforce.checks.user_content.classifier.hashing import Hashes, Sums
from policyenforce.checks.user_content.classifier.letters import (
    BLANK,
    END,
    Letters,
    Numbers,
    Places,
    letters_of,
)


@frozen(eq=False)
class Words:
    """The words of a batch: ``starts:ends`` in its letters, hash, text by number, quoted or not."""

    starts: Places
    ends: Places
    hashes: Hashes
    text_of: Numbers
    quoted: NDArray[np.bool_]


def words_of(letters: Letters) -> Words:
    """Every run of letters and digits."""
    solid = (letters.codes != BLANK) & (letters.codes != END)
    edges = np.flatnonzero(solid[1:] != solid[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    hashes = Sums.of(letters.codes).of_stretches(starts, ends)
    return Words(starts, ends, hashes, letters.text_of[starts], letters.quoted[starts])


def hashes_of(words: str) -> list[int]:
    """The hashes of words written with blanks between them."""
    found: list[int] = words_of(letters_of([" ".join(words.split()).encode()])).hashes.tolist()
    return found
