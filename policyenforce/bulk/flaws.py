"""What is wrong with a file of a table, in our words: Arrow's repeat what stands in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

_BEGINNINGS = {
    b"\x1f\x8b": "it is compressed",
    b"PK\x03\x04": "it is an archive or a workbook",
    b"PAR1": "it is parquet",
    b"\xff\xfe": "it is UTF-16",
    b"\xfe\xff": "it is UTF-16",
}
_EMPTY, _DAMAGED, _NO_TABLE = "there is no row in it", "it is damaged", "it is damaged, or none"
_SENTENCES = (
    (r"^Empty |size is 0 bytes|Empty CSV file or block", _EMPTY),
    (r"invalid UTF8|codec can't decode", "it holds text that is not UTF-8"),
    (r"Expected (\d+) columns, got (\d+)", "cells in a row: {1}, not {0}"),
    (r"Column\(\) changed from", "a line is no object"),
    (r"was specified twice", "a name stands twice in a line"),
    (r"changed from \w+ to \w+", "a column holds more than texts"),
    (r"surrogate pair", "half of a surrogate pair stands in it"),
    (r"^JSON parse error", "a line is no JSON"),
    (r"agic bytes|Corrupt|corrupt", _NO_TABLE),
)
_HINTS = {
    _EMPTY: "the names of the columns, then a row each",
    **dict.fromkeys((_DAMAGED, _NO_TABLE), "write the file again"),
}
_OF_HEAD = re.compile(r"Row #(\d+)")
_OF_LINES = re.compile(r"in row (\d+)$")
_COLUMN = re.compile(r"Column\(/(\w+)\) changed from \w+ to (\w+)")


def beginning(first: bytes) -> str | None:
    """What a file is that begins like this, if it is no text in UTF-8.

    >>> beginning(b"PAR1..."), beginning(b"account_id,email")
    ('it is parquet', None)
    """
    return next((said for mark, said in _BEGINNINGS.items() if first.startswith(mark)), None)


def hint(told: str) -> str:
    """What to do about a flaw that ``flaw`` or ``beginning`` tells.

    >>> hint("it is damaged"), hint("a line is no JSON")
    ('write the file again', 'UTF-8, and in each column what it is named for')
    """
    return _HINTS.get(told, "UTF-8, and in each column what it is named for")


def flaw(error: Exception, wanted: Sequence[str]) -> str:
    """What the reader said, without any value of the table.

    >>> flaw(ValueError("CSV parse error: Row #3: Expected 2 columns, got 1: ana@x.example"), ())
    'cells in a row: 1, not 2'
    >>> flaw(ValueError("JSON parse error: Column(/ip) changed from string to array"), ["ip"])
    'the column `ip` holds an array'
    """
    told = str(error)
    column = _COLUMN.search(told)
    if column and column[1] in wanted:
        article = "an" if column[2][0] in "ao" else "a"
        return f"the column `{column[1]}` holds {article} {column[2]}"
    for pattern, sentence in _SENTENCES:
        if met := re.search(pattern, told):
            return sentence.format(*met.groups())
    return _DAMAGED


def row_of(error: Exception) -> int | None:
    """Which row of a table the reader stopped at, the first as 1.

    >>> row_of(ValueError("CSV parse error: Row #3: …")), row_of(ValueError("… in row 1"))
    (2, 2)
    """
    told = str(error)
    if met := _OF_HEAD.search(told):
        return int(met[1]) - 1  # the names of the columns are the first
    met = _OF_LINES.search(told)
    return int(met[1]) + 1 if met else None
