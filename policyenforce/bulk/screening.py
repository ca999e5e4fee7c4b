"""``screen``: a table of texts in, what each engages out; the screen of the checks on Arrow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from policyenforce.checks.user_content.classifier.protocol import Classifier
from policyenforce.checks.user_content.hits import Hit
from policyenforce.checks.user_content.judged import judged
from policyenforce.checks.user_content.reading import as_row, screen_of
from policyenforce.checks.user_content.screen import Screen
from policyenforce.errors import FactError
from policyenforce.policy.load import load_rules
from policyenforce.policy.rules import HouseRules

SPAN_FIELDS = ("field", "start", "end")
SPAN = pa.struct([("field", pa.string()), ("start", pa.int32()), ("end", pa.int32())])
FINDING = pa.struct(
    [
        ("clause", pa.string()),
        ("category", pa.string()),
        ("confidence", pa.float64()),
        ("standard", pa.string()),
        ("severity", pa.string()),
        ("rule", pa.string()),
        ("spans", pa.list_(SPAN)),
    ]
)
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("findings", pa.list_(FINDING)),
        ("cannot_tell", pa.list_(pa.string())),
    ]
)


def screen(
    batch: pa.RecordBatch,
    *,
    rules: HouseRules | None = None,
    reader: Screen | None = None,
    classifier: Classifier | None = None,
) -> pa.RecordBatch:
    """What each row's texts engage: ``id``, ``findings`` and ``cannot_tell``, in its order.

    ``batch`` has ``id`` and any other columns of text, one a field; a null is no text. A column
    ``language`` is what the author names. Spans are code points of the original; ``cannot_tell``
    holds the languages that no pack reads. ``rules`` (default: the built-in ones) choose packs,
    brands and host lists and give each finding its standard; ``reader`` replaces the screen they
    ask for, and ``classifier`` the shipped model where the rules use one. Raises FactError for a
    table without ``id``, or with a column that is no text.

    >>> batch = pa.RecordBatch.from_pydict({"id": ["a", "b"], "title": ["Lamp", "fake passports"]})
    >>> [[f["clause"] for f in row["findings"]] for row in screen(batch).to_pylist()]
    [[], ['5.5(f)']]
    """
    house = load_rules(None) if rules is None else rules
    read = screen_of(house.content) if reader is None else reader
    rows = _rows(batch)
    languages = _languages(batch)
    content = house.content
    told = judged(
        rows,
        list(read.batch(rows)),
        content.classifier,
        classifier=classifier,
        disabled=content.disabled_categories,
    )
    answers = [[_finding(hit, house) for hit in hits] for hits in told]
    untold = [list(read.uncovered(row, code)) for row, code in zip(rows, languages, strict=True)]
    columns = [batch.column("id").cast(pa.string()), answers, untold]
    return pa.RecordBatch.from_arrays(
        [pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)], schema=SCHEMA
    )


def screen_batches(
    batches: Iterable[pa.RecordBatch],
    *,
    rules: HouseRules | None = None,
    classifier: Classifier | None = None,
) -> Iterator[pa.RecordBatch]:
    """``screen`` of one batch after the other, at the memory of one."""
    house = load_rules(None) if rules is None else rules
    return (screen(batch, rules=house, classifier=classifier) for batch in batches)


def _rows(batch: pa.RecordBatch) -> Sequence[Mapping[str, str]]:
    if "id" not in batch.schema.names:
        raise FactError("the table has no column `id`", hint="name each text, once")
    names = [name for name in batch.schema.names if name not in ("id", "language")]
    columns = [_texts(batch, name) for name in names]
    if not columns:
        return [{} for _ in range(batch.num_rows)]
    return [
        {name: text for name, text in zip(names, row, strict=True) if text is not None}
        for row in zip(*columns, strict=True)
    ]


def _texts(batch: pa.RecordBatch, name: str) -> list[str | None]:
    column = batch.column(name)
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind)):
        raise FactError(f"the column `{name[:80]}` is no text", where=name, hint="texts only")
    texts: list[str | None] = column.to_pylist()
    return texts


def _languages(batch: pa.RecordBatch) -> Sequence[str | None]:
    if "language" in batch.schema.names:
        return _texts(batch, "language")
    return [None] * batch.num_rows


def _finding(hit: Hit, house: HouseRules) -> dict[str, Any]:
    row = as_row(hit, house)
    return {**row, "spans": [dict(zip(SPAN_FIELDS, span, strict=True)) for span in row["spans"]]}
