"""How a column is read: common shapes at once, in batches that fit a cache, the rest one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from policyenforce.bulk.letters import Mask

_BATCH = 1 << 18
_NOTHING = pa.scalar(None, pa.string())

Places = npt.NDArray[np.int64]
Scalar = Callable[..., str | None]


class Told(NamedTuple):
    """What a fast reading says of each row.

    ``values`` are texts without nulls; ``said`` is where one is an identifier at all, ``sure``
    where the reading knows what the scalar function would answer.
    """

    values: pa.Array
    said: Mask
    sure: Mask


Fast = Callable[..., Told]


def read(fast: Fast | None, scalar: Scalar, columns: Sequence[pa.Array]) -> pa.Array:
    """One column of identifiers from the columns they are made of, null where there is none.

    ``scalar`` answers for a row what ``fast`` is not sure of, once for each distinct one. A null
    in the columns is an empty text to both, and where the first is empty there is no identifier.
    """
    known: dict[tuple[str, ...], str | None] = {}

    def batch(start: int) -> pa.Array:
        texts = [pc.fill_null(column.slice(start, _BATCH), "") for column in columns]
        if fast is None:
            return _answered(texts, scalar, known)
        told = fast(*texts)
        given = pc.not_equal(texts[0], "")
        found = pc.if_else(pc.and_(pa.array(told.said), given), told.values, _NOTHING)
        rest = pc.and_(pa.array(~told.sure), given)
        if not pc.any(rest).as_py():
            return found
        answers = _answered([text.filter(rest) for text in texts], scalar, known)
        return pc.replace_with_mask(found, rest, answers)

    return pa.concat_arrays([batch(start) for start in range(0, max(len(columns[0]), 1), _BATCH)])


def _answered(
    texts: Sequence[pa.Array], scalar: Scalar, known: dict[tuple[str, ...], str | None]
) -> pa.Array:
    """What the scalar function answers, asked once for each distinct row."""
    first, place = _distinct(texts)
    rows = list(zip(*(text.take(pa.array(first)).to_pylist() for text in texts), strict=True))
    for row in rows:
        if row not in known:
            known[row] = scalar(*row)
    return pa.array([known[row] for row in rows], pa.string()).take(pa.array(place))


def _distinct(texts: Sequence[pa.Array]) -> tuple[Places, Places]:
    """Where each distinct row stands first, and which of these each row is like."""
    codes = np.zeros(len(texts[0]), np.int64)
    for text in texts:
        encoded = text.dictionary_encode()
        codes = codes * len(encoded.dictionary) + encoded.indices.to_numpy()
        _, first, codes = np.unique(codes, return_index=True, return_inverse=True)
    return first, codes
