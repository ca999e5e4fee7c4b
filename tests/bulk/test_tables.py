"""A table of accounts is sound as a whole, or refused: what is wrong, where, and no value of it."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

from policyenforce.bulk import (  # noqa: E402 - it needs Arrow
    read_accounts,
    read_clusters,
    tables,
    write_tables,
)
from policyenforce.bulk.tables import ACCOUNT_COLUMNS, CELL_LIMIT  # noqa: E402 - as above
from policyenforce.errors import InputError  # noqa: E402 - as above

MAIL, NAME, PHONE = SENTINELS = ("sentinel.person@secret.example", "Sentinella", "+31612345678")
HEAD = b"account_id,email,last_name\n"
MINE = f"m-1,{MAIL},{NAME}\n".encode()
LATIN = f"m-2,{MAIL},".encode() + "Müller\n".encode("latin-1")
NOT_UTF8 = pa.StringArray.from_buffers(
    2, pa.array([0, 3, 6], pa.int32()).buffers()[1], pa.py_buffer(b"ab\xffcde")
)
LARGE = "x" * (2 * CELL_LIMIT)


def line(**told: Any) -> bytes:
    return json.dumps({"account_id": "m-1", "email": MAIL, **told}).encode() + b"\n"


def column(name: str, values: Any) -> Any:
    return pa.table({"account_id": ["m-1", "m-2"], name: values})


BAD: dict[str, tuple[str, Any, str, str]] = {
    "no account_id": ("csv", b"email,phone\n", "no column `account_id`", ""),
    "no line of names": ("csv", MINE, "no column `account_id`", ""),
    "a line of names with blanks": ("csv", b" account_id ,email\n", "no column `account_id`", ""),
    "no columns": ("parquet", pa.table({}), "no column `account_id`", ""),
    "an id twice": ("csv", HEAD + MINE + b"m-2,,\n" + MINE, "`account_id` stands there twice",
                    ", rows 1 and 3"),
    "an id twice in parquet": ("parquet", pa.table({"account_id": [NAME, NAME]}),
                               "`account_id` stands there twice", ", rows 1 and 2"),
    "no id": ("csv", HEAD + MINE + f",{MAIL},\n".encode(), "has no `account_id`", ", row 2"),
    "a blank id": ("csv", HEAD + f'"  ",{MAIL},\n'.encode(), "has no `account_id`", ", row 1"),
    "a null id": ("jsonl", line() + line(account_id=None), "has no `account_id`", ", row 2"),
    "a number and none": ("parquet", pa.table({"account_id": [7, None]}), "has no `account_id`",
                          ", row 2"),
    "ids with fractions": ("parquet", pa.table({"account_id": [7.5]}),
                           "the column `account_id` holds double", ""),
    "a telephone as a number": ("parquet", column("phone", [31612345678, None]),
                                "the column `phone` holds int64", ""),
    "bytes": ("parquet", column("email", [MAIL.encode(), b""]), "`email` holds binary", ""),
    "lists": ("parquet", column("email", [[MAIL], []]), "`email` holds list", ""),
    "latin-1": ("csv", HEAD + MINE + LATIN, "text that is not UTF-8", ", row 2"),
    "latin-1 in the names": ("csv", "account_id,prénom\n".encode("latin-1"),
                             "text that is not UTF-8", ""),
    "parquet that is not UTF-8": ("parquet", column("email", NOT_UTF8),
                                  "the column `email` holds text that is not UTF-8", ""),
    "an id that is not UTF-8": ("parquet", pa.table({"account_id": NOT_UTF8}),
                                "the column `account_id` holds text that is not UTF-8", ""),
    "lines not in UTF-8": ("jsonl", b'{"account_id": "\xff"}\n', "text that is not UTF-8", ""),
    "a cell of two megabytes": ("csv", HEAD + MINE + f"m-2,{LARGE},\n".encode(),
                                "a cell of `email` has 2,000,000 bytes", ", row 2"),
    "such a cell in lines": ("jsonl", line(city=LARGE), "a cell of `city` has", ", row 1"),
    "such a cell in parquet": ("parquet", column("ip", [None, LARGE]), "a cell of `ip`", ", row 2"),
    "an empty csv file": ("csv", b"", "there is no row in it", ""),
    "an empty file of lines": ("jsonl", b"", "there is no row in it", ""),
    "an empty parquet file": ("parquet", b"", "there is no row in it", ""),
    "only blank lines": ("csv", b"\n\n", "there is no row in it", ""),
    "a name twice": ("csv", b"account_id,email,email\n" + MINE, "two columns have one name",
                     ", columns 2 and 3"),
    "a name twice in parquet": (
        "parquet",
        pa.Table.from_arrays([pa.array(["m-1"]), pa.array(["x"]), pa.array([NAME])],
                             names=["account_id", "email", "email"]),
        "two columns have one name", ", columns 2 and 3"),
    "a value twice instead of names": ("csv", f"{NAME},{NAME}\n".encode(),
                                       "two columns have one name", ", columns 1 and 2"),
    "a name twice in a line": ("jsonl", f'{{"email": "{MAIL}", "email": "{NAME}"}}\n'.encode(),
                               "a name stands twice in a line", ", row 1"),
    "a cell too many": ("csv", HEAD + MINE + f"m-2,{MAIL},{NAME},{PHONE}\n".encode(),
                        "cells in a row: 4, not 3", ", row 2"),
    "a cell too few": ("csv", HEAD + f"{NAME},{MAIL}\n".encode(), "cells in a row: 2, not 3",
                       ", row 1"),
    "an open quotation mark": ("csv", HEAD + f'm-2,"{MAIL},{NAME}\n'.encode() + MINE,
                               "cells in a row: 2, not 3", ", row 1"),
    "an open quotation mark at the end of a row": ("csv", HEAD + MINE + f'm-2,,"{NAME}\n'.encode(),
                                                   "a quotation mark has no second one", ""),
    "a number in a line": ("jsonl", line() + line(phone=31612345678),
                           "the column `phone` holds a number", ", row 2"),
    "an id that is a number": ("jsonl", line(account_id=7), "holds a number", ", row 1"),
    "a list in a line": ("jsonl", line(email=[MAIL]), "`email` holds an array", ", row 1"),
    "a truth in a line": ("jsonl", line(email=True), "`email` holds a boolean", ", row 1"),
    "more than texts in another column": ("jsonl", line(x=1) + line(x=NAME),
                                          "a column holds more than texts", ", row 2"),
    "a broken line": ("jsonl", line() + line()[:-9] + b"\n", "a line is no JSON", ", row 2"),
    "a line of text": ("jsonl", line() + MAIL.encode(), "a line is no JSON", ", row 2"),
    "a list of objects": ("jsonl", b"[" + line() + b"]", "a line is no object", ", row 1"),
    "half of a pair": ("jsonl", b'{"account_id": "\\ud800"}\n', "surrogate pair", ", row 1"),
    "UTF-16": ("csv", (HEAD + MINE).decode().encode("utf-16"), "it is UTF-16", ""),
    "UTF-16 lines": ("jsonl", line().decode().encode("utf-16"), "it is UTF-16", ""),
    "gzip by another name": ("csv", gzip.compress(HEAD + MINE), "it is compressed", ""),
    "gzip lines by another name": ("jsonl", gzip.compress(line()), "it is compressed", ""),
    "a workbook by another name": ("csv", b"PK\x03\x04\x14\x00\n" + MINE, "a workbook", ""),
    "csv by the name of parquet": ("parquet", HEAD + MINE * 9, "it is damaged", ""),
    "parquet that is cut off": ("parquet", b"PAR1" + MINE + b"PAR1", "it is damaged", ""),
    "gzip": ("csv.gz", gzip.compress(HEAD + MINE), "`.gz` is no kind of table", ""),
    "a workbook": ("xlsx", b"PK\x03\x04", "`.xlsx` is no kind of table", ""),
}  # fmt: skip


def refused(source: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        read_accounts(source)
    return caught.value


def stored(path: Path, content: Any) -> Path:
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        parquet.write_table(content, path)
    return path


@pytest.mark.parametrize("case", BAD)
def test_a_bad_table_is_refused_with_what_is_wrong_and_where(tmp_path: Path, case: str) -> None:
    suffix, content, says, place = BAD[case]
    file = stored(tmp_path / f"accounts.{suffix}", content)
    error = refused(file)

    assert says in error.message
    assert error.where == f"{file}{place}"
    assert not [sentinel for sentinel in SENTINELS if sentinel in str(error)]
    assert len(str(error).splitlines()) == 1


@pytest.mark.parametrize("name", ["missing.csv", "folder.csv", "missing.parquet", "\0.csv"])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()

    assert refused(tmp_path / name).message == "there is no such file"


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_a_file_that_may_not_be_read_is_refused(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: Any) -> Any:
        raise PermissionError(13, f"Failed to open '{NAME}'")

    monkeypatch.setitem(tables._READERS, suffix, closed)
    error = refused(stored(tmp_path / f"a.{suffix}", HEAD))

    assert error.message == "cannot read the file: permission denied"


def test_a_file_without_a_suffix_is_refused_with_what_to_name_it(tmp_path: Path) -> None:
    error = refused(stored(tmp_path / "accounts", HEAD))

    assert (error.message, error.hint) == (
        "it has no suffix",
        "name the file .parquet, .csv or .jsonl",
    )


def test_names_of_columns_that_are_known_are_told_when_the_id_is_missing(tmp_path: Path) -> None:
    error = refused(stored(tmp_path / "a.csv", b"id,phone,Sentinella,email\n"))

    assert error.hint == "columns: email, phone"


def test_a_bad_line_of_standard_input_is_refused() -> None:
    error = refused(io.BytesIO(line() + MAIL.encode()))

    assert (error.where, "a line is no JSON" in error.message) == ("standard input", True)
    assert MAIL not in str(error)


GOOD: dict[str, tuple[str, Any, list[Any]]] = {
    "only names": ("csv", b"account_id,city\n", []),
    "formulas": ("csv", b"account_id,city\n=1,=A1\n+2,@sum\n-3,\t4\n",
                 [("=1", "=A1"), ("+2", "@sum"), ("-3", "\t4")]),
    "zeros in front": ("csv", b"account_id,city\n007,0031\n", [("007", "0031")]),
    "words for nothing": ("csv", b"account_id,city\nNA,null\nNaN,\n",
                          [("NA", "null"), ("NaN", None)]),
    "a byte order mark": ("csv", b"\xef\xbb\xbfaccount_id,city\nm-1,x\n", [("m-1", "x")]),
    "breaks and marks in quotes": ("csv", b'account_id,city\nm-1,"a\n""b"", c"\nm-2,d\n',
                                   [("m-1", 'a\n"b", c'), ("m-2", "d")]),
    "a mark for inches": ("csv", b'account_id,city\nm-1,5" pipe\n', [("m-1", '5" pipe')]),
    "line ends of another system": ("csv", b"account_id,city\r\nm-1,x\r\n", [("m-1", "x")]),
    "columns in another order": ("csv", b"city,account_id\nx,m-1\n", [("m-1", "x")]),
    "long texts": ("parquet", pa.table({"account_id": pa.array(["m-1"], pa.large_string()),
                                        "city": pa.array(["x"], pa.large_string())}),
                   [("m-1", "x")]),
    "views of texts": ("parquet", pa.table({"account_id": pa.array(["m-1"], pa.string_view()),
                                            "city": pa.array(["x"], pa.string_view())}),
                       [("m-1", "x")]),
    "a dictionary": ("parquet", pa.table({"account_id": ["m-1", "m-2"],
                                          "city": pa.array(["x", "x"]).dictionary_encode()}),
                     [("m-1", "x"), ("m-2", "x")]),
    "a column of nothing": ("parquet", column("city", pa.nulls(2)), [("m-1", None), ("m-2", None)]),
    "numbers for ids": ("parquet", pa.table({"account_id": [12, 7], "city": ["x", "y"]}),
                        [(12, "x"), (7, "y")]),
    "an upper-case suffix": ("CSV", b"account_id,city\nm-1,x\n", [("m-1", "x")]),
}  # fmt: skip


@pytest.mark.parametrize("case", GOOD)
def test_what_is_sound_is_read_as_it_stands_there(tmp_path: Path, case: str) -> None:
    suffix, content, rows = GOOD[case]
    table, unread = read_accounts(stored(tmp_path / f"accounts.{suffix}", content))

    assert [tuple(row.values()) for row in table.to_pylist()] == rows
    assert (table.column_names, unread) == (["account_id", "city"], ())
    assert table.schema.field("city").type == pa.string()


def test_lines_have_all_columns_and_what_a_line_does_not_tell_is_null(tmp_path: Path) -> None:
    file = stored(tmp_path / "a.jsonl", b"\xef\xbb\xbf" + line() + b"\n" + line(account_id="m-2"))
    table, _ = read_accounts(file)

    assert table.column_names == ["account_id", *ACCOUNT_COLUMNS]
    assert table["phone"].to_pylist() == [None, None]
    assert table["account_id"].to_pylist() == ["m-1", "m-2"]


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_columns_that_are_no_part_of_an_account_are_named_and_not_read(
    tmp_path: Path, suffix: str
) -> None:
    content = {
        "csv": b"memo,account_id,email\nx,m-1,y\n",
        "jsonl": b'{"account_id": "m-1", "memo": "x"}\n',
        "parquet": pa.table({"memo": ["x"], "account_id": ["m-1"]}),
    }[suffix]
    table, unread = read_accounts(stored(tmp_path / f"a.{suffix}", content))

    assert (unread, "memo" in table.column_names) == (("memo",), False)


def test_the_row_of_a_flaw_is_told_far_into_a_file(tmp_path: Path) -> None:
    rows = b"".join(b"m-%d,,\n" % number for number in range(200_000))
    error = refused(stored(tmp_path / "a.csv", HEAD + rows + b"x\n"))

    assert error.where == f"{tmp_path / 'a.csv'}, row 200001"


def test_earlier_clusters_need_both_columns_and_names_that_are_texts(tmp_path: Path) -> None:
    for content, says in (
        ({"account_id": ["m-1"]}, "there is no column `cluster_id`"),
        ({"cluster_id": ["m-1"]}, "there is no column `account_id`"),
        ({"account_id": ["m-1"], "cluster_id": [7]}, "the column `cluster_id` holds int64"),
        ({"account_id": ["m-1", "m-2"], "cluster_id": ["m-1", None]}, r"row 2: .* no `cluster_id`"),
        ({"account_id": [None], "cluster_id": ["m-1"]}, "row 1: there is no `account_id`"),
    ):
        file = stored(tmp_path / "clusters.parquet", pa.table(content))

        with pytest.raises(InputError, match=says):
            read_clusters(file)


def test_lines_without_clusters_are_no_earlier_clusters(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="row 1: there is no `account_id`"):
        read_clusters(stored(tmp_path / "reviewed.jsonl", b'{"left": "m-1"}\n'))


def test_earlier_clusters_are_read_with_ids_that_are_texts_or_numbers(tmp_path: Path) -> None:
    for ids in (["m-1"], [7]):
        told = pa.table({"account_id": ids, "cluster_id": ["x"]})
        read = read_clusters(stored(tmp_path / "clusters.parquet", told))

        assert read.to_pylist() == [{"account_id": ids[0], "cluster_id": "x"}]


def test_tables_are_written_under_their_names_and_replace_what_stood_there(tmp_path: Path) -> None:
    for number in (1, 2):
        made = pa.table({"x": [number]})
        write_tables(tmp_path / "new" / "out", {"pairs": made, "clusters": made})

    written = sorted((tmp_path / "new" / "out").iterdir())
    assert [file.name for file in written] == ["clusters.parquet", "pairs.parquet"]
    assert [parquet.read_table(file)["x"].to_pylist() for file in written] == [[2], [2]]


def test_when_one_table_cannot_be_written_none_is(tmp_path: Path) -> None:
    write_tables(tmp_path, {"pairs": pa.table({"x": [1]})})
    (tmp_path / "clusters.parquet").mkdir()

    with pytest.raises(InputError, match=r"`clusters\.parquet` is a folder"):
        write_tables(tmp_path, dict.fromkeys(("pairs", "clusters"), pa.table({"x": [2]})))

    assert parquet.read_table(tmp_path / "pairs.parquet")["x"].to_pylist() == [1]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_is_no_folder_to_write_to(tmp_path: Path) -> None:
    file = stored(tmp_path / "out", b"kept")

    with pytest.raises(InputError, match="file exists"):
        write_tables(file, {"pairs": pa.table({"x": [1]})})

    assert file.read_bytes() == b"kept"


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"account_id;email\nm-1;x\n", "put commas between the columns"),
        (b"account_id\temail\nm-1\tx\n", "put commas between the columns"),
        (b"email,phone\n", "columns: email, phone"),
        (b"", "the names of the columns, then a row each"),
        (HEAD + b"m-1\n", "UTF-8, and in each column what it is named for"),
    ],
)
def test_the_hint_is_about_what_is_wrong(tmp_path: Path, content: bytes, hint: str) -> None:
    file = tmp_path / "accounts.csv"
    file.write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_accounts(file)

    assert refused.value.hint == hint
