"""How a column is read: common shapes at once, in batches that fit a cache, the rest one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from policyenforce.bulk.letters import Mask

_BATCH = 1 << 17
_THREADS = 2
_NOTHING = pa.scalar(None, pa.string())

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

    ``scalar`` answers for a row what ``fast`` is not sure of, once for each distinct one; a null
    in the columns is an empty text to both.
    """
    known: dict[tuple[str, ...], str | None] = {}

    def batch(start: int) -> pa.Array:
        texts = [pc.fill_null(column.slice(start, _BATCH), "") for column in columns]
        if fast is None:
            return _answered(texts, scalar, known)
        told = fast(*texts)
        found = pc.if_else(pa.array(told.said), told.values, _NOTHING)
        rest = pa.array(~told.sure)
        if told.sure.all():
            return found
        answers = _answered([text.filter(rest) for text in texts], scalar, known)
        return pc.replace_with_mask(found, rest, answers)

    starts = range(0, max(len(columns[0]), 1), _BATCH)
    with ThreadPoolExecutor(_THREADS) as pool:
        return pa.concat_arrays(list(pool.map(batch, starts)))


def _answered(
    texts: Sequence[pa.Array], scalar: Scalar, known: dict[tuple[str, ...], str | None]
) -> pa.Array:
    return pa.array(_answers(texts, scalar, known), pa.string())


def _answers(
    texts: Sequence[pa.Array], scalar: Scalar, known: dict[tuple[str, ...], str | None]
) -> Iterator[str | None]:
    for row in zip(*(text.to_pylist() for text in texts), strict=True):
        if row not in known:
            known[row] = scalar(*row)
        yield known[row]
