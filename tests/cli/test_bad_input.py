"""Whatever comes in, a bad line is one screen of text, exit code 3, and changes nothing."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

import policyenforce as pe
from tests.cli.conftest import (
    NOW,
    ORDINARY,
    SENTINELS,
    Cli,
    day,
    digest,
    reported,
    written,
)

MAIL, NAME, PHONE = SENTINELS
GOOD = json.dumps(pe.fact_to_json(reported("good", "5.6(f)", 4))).encode()


def told(**fields: object) -> bytes:
    """A line that tells of an application, with personal values in it."""
    body = {
        "fact": "application_received", "id": "ap-1", "at": "2019-10-06T08:00:00Z",
        "user_id": "u-9", "application_id": "app-9", "kind": "person", "first_name": NAME,
        "emails": [MAIL], "phones": [PHONE],
    }  # fmt: skip
    return json.dumps({**body, **fields}).encode()


BAD_LINES = {
    "truncated": (told()[:-20], "not JSON"),
    "a list": (f'["{MAIL}"]'.encode(), "expected an object"),
    "a text": (f'"{MAIL}"'.encode(), "expected an object"),
    "a number for a text": (told(first_name=31612345678), "first_name"),
    "a text for a list": (told(emails=MAIL), "emails"),
    "an unknown field": (told(**{MAIL: 1}), "an unknown field"),
    "a missing field": (b'{"fact": "account_closed", "id": "x"}', "a missing field"),
    "an unknown kind of fact": (told(fact=MAIL), "unknown kind of fact"),
    "no kind of fact": (b"{}", "fact: a missing field"),
    "a naive time": (told(at="2019-10-06T08:00:00"), "at"),
    "no time at all": (told(at="yesterday"), "at"),
    "an unknown word": (told(kind="alien"), "kind"),
    "an unknown clause": (GOOD.replace(b'"5.6(f)"', b'"9.9"').replace(b"good", b"z"), "9.9"),
    "a time before the Terms": (told(at="2001-01-01T00:00:00Z"), "Terms"),
    "text that is not UTF-8": (b'{"fact": "\xff\xfe"}', "not UTF-8"),
    "binary": (bytes(range(256)), "not"),
    "a byte order mark": (b"\xef\xbb\xbf" + told(), "byte order mark"),
    "a null character": (b"\x00", "not JSON"),
    "half of a surrogate pair": (told().replace(NAME.encode(), b"\\ud800"), "not JSON"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_LINES)
def test_a_bad_line_is_refused_and_nothing_of_the_file_is_recorded(
    cli: Cli, tmp_path: Path, store: str, ledger: Path, case: str
) -> None:
    line, says = BAD_LINES[case]
    file = written(tmp_path / "facts.jsonl", GOOD, line)
    head, content = digest(store), ledger.read_bytes()

    said = cli("enforce", file, "--store", store, "--now", NOW)

    assert (said.code, said.out) == (3, "")
    assert f"{file}:2: " in said.err and says in said.err
    assert len(said.err.splitlines()) == 1 and len(said.err) < 600
    assert not any(sentinel in said.err for sentinel in SENTINELS)
    assert (digest(store), ledger.read_bytes()) == (head, content)


@pytest.mark.parametrize("case", sorted(BAD_LINES))
def test_a_bad_file_makes_no_ledger(cli: Cli, tmp_path: Path, case: str) -> None:
    file = written(tmp_path / "facts.jsonl", GOOD, BAD_LINES[case][0])

    assert cli("enforce", file, "--store", "sqlite:///new.db").code == 3
    assert list(tmp_path.iterdir()) == [file]


def test_the_place_of_a_bad_line_is_told(cli: Cli, tmp_path: Path, store: str) -> None:
    file = written(tmp_path / "facts.jsonl", GOOD, b"", told(at="2019-10-06T08:00:00"))

    said = cli("enforce", file, "--store", store)

    assert f"{file}:3: at: " in said.err
    assert "hint: " in said.err


def test_a_line_without_end_is_refused_without_being_read_whole(
    cli: Cli, tmp_path: Path, store: str
) -> None:
    file = tmp_path / "long.jsonl"
    file.write_bytes(GOOD + b'\n{"fact": "' + b"x" * 50_000_000 + b'"}\n')
    head = digest(store)

    said = cli("enforce", file, "--store", store)
    screened = cli("screen", file)

    assert (said.code, screened.code) == (3, 3)
    assert "long.jsonl:2: a line of more than" in said.err and len(said.err) < 600
    assert "long.jsonl:2: a line of more than" in screened.err
    assert digest(store) == head


OTHER = json.dumps({**json.loads(GOOD), "clause": "5.6(d)"}).encode()


def test_one_id_with_two_bodies_is_refused_in_a_file_across_files_and_against_the_ledger(
    cli: Cli, tmp_path: Path, store: str
) -> None:
    one = written(tmp_path / "one.jsonl", GOOD)
    two = written(tmp_path / "two.jsonl", OTHER)
    both = written(tmp_path / "both.jsonl", GOOD, OTHER)
    known = written(tmp_path / "known.jsonl", GOOD, reported("breach-1", "5.6(f)"))
    head = digest(store)

    for files, place in (
        ((both,), f"{both}:2"),
        ((one, two), f"{two}:1"),
        ((known,), f"{known}:2"),
    ):
        said = cli("enforce", *files, "--store", store, "--now", NOW)

        assert (said.code, said.out) == (3, "")
        assert place in said.err and "another body" in said.err and "hint: " in said.err
    assert digest(store) == head


def test_lines_may_end_as_on_windows(cli: Cli, tmp_path: Path, store: str) -> None:
    file = written(tmp_path / "facts.jsonl", GOOD + b"\r", b"\r")
    texts = written(tmp_path / "texts.jsonl", b'{"id": "1", "text": "x"}\r', b"\r")

    said = cli("enforce", file, "--store", store, "--now", NOW)
    screened = cli("screen", texts)

    assert (said.code, [row["fact"] for row in said.rows]) == (1, ["good"])
    assert screened.rows == [{"id": "1", "findings": []}]


def test_the_same_fact_twice_is_no_error(cli: Cli, tmp_path: Path, store: str) -> None:
    file = written(
        tmp_path / "facts.jsonl",
        GOOD,
        GOOD,
        reported("breach-2", "5.6(e)", 2, standard=pe.Standard.SUSPICION),
    )

    said = cli("enforce", file, file, "--store", store, "--now", NOW)

    assert said.code == 1
    assert [row["fact"] for row in said.rows] == ["good", "good", "breach-2"] * 2


@pytest.mark.parametrize("name", ["missing.jsonl", "folder", "nul\0l"])
@pytest.mark.parametrize("verb", [("enforce", "--store", "sqlite:///new.db"), ("screen",)])
def test_what_is_no_file_is_told_by_name(
    cli: Cli, tmp_path: Path, name: str, verb: tuple[str, ...]
) -> None:
    (tmp_path / "folder").mkdir()

    said = cli(*verb, name)

    assert said.code == 3
    assert said.err.startswith("error: ") and "cannot read the file" in said.err
    assert not (tmp_path / "new.db").exists()


@pytest.mark.parametrize("verb", [("enforce", "--store", "sqlite:///new.db"), ("screen",)])
def test_a_file_that_breaks_off_is_told_by_name(cli: Cli, verb: tuple[str, ...]) -> None:
    said = cli(*verb, "/proc/self/mem")  # it opens, and its first page cannot be read

    assert (said.code, said.out) == (3, "")
    assert said.err.startswith("error: /proc/self/mem: cannot read the file")


def test_an_empty_file_is_nothing_to_do(cli: Cli, tmp_path: Path) -> None:
    empty = written(tmp_path / "empty.jsonl")
    blank = written(tmp_path / "blank.jsonl", b"", b"  ")

    said = cli("enforce", empty, blank, "--store", "sqlite:///new.db")
    screened = cli("screen", empty, blank)

    assert (said.code, said.out, said.err) == (0, "", "")
    assert (screened.code, screened.out, screened.err) == (0, "", "")
    assert not (tmp_path / "new.db").exists()
    assert cli("enforce", empty, "--store", "sqlite:///new.db", "--format", "json").out == "[]\n"


def test_facts_come_from_standard_input_and_from_pipes(
    cli: Cli, tmp_path: Path, store: str
) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    writer = threading.Thread(target=fifo.write_bytes, args=(GOOD,))
    writer.start()

    piped = cli("enforce", fifo, "--store", store, "--now", NOW)
    again = cli("enforce", "-", "--store", store, "--now", NOW, stdin=GOOD)
    writer.join()

    assert (piped.code, again.code) == (1, 1)
    assert again.rows == piped.rows
    assert again.rows[0]["fact"] == "good"


def test_a_bad_line_of_standard_input_is_placed_there(cli: Cli, store: str) -> None:
    said = cli("enforce", "-", "--store", store, stdin=GOOD + b"\n{")

    assert said.code == 3
    assert "standard input:2: not JSON" in said.err


@pytest.mark.parametrize("moment", ["2019-12-01T00:00:00", "tomorrow", ""])
def test_a_time_that_is_none_is_refused(cli: Cli, store: str, tmp_path: Path, moment: str) -> None:
    file = written(tmp_path / "facts.jsonl", GOOD)
    head = digest(store)

    codes = [
        cli("enforce", file, "--store", store, "--now", moment).code,
        cli("due", "--store", store, "--at", moment).code,
        cli("standing", "a-1", "--store", store, "--known-at", moment).code,
    ]

    assert codes == [3, 3, 3]
    assert digest(store) == head


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_that_is_none_in_utc_is_refused(cli: Cli, store: str, moment: str) -> None:
    for call in (
        ("terms", "show", "5.5(c)", "--at", moment),
        ("due", "--store", store, "--at", moment),
        ("case", "case-1", "--store", store, "--by", "ana", "--reason", "r", "--now", moment),
    ):
        said = cli(*call)

        assert (said.code, said.out) == (3, "")
        assert "outside the years 1 to 9999" in said.err and "hint: " in said.err


NOT_UTF_8 = "\udcff"  # as Python reads a byte of the command line that is none
BY = ("--by", "ana:moderator", "--reason", "r")


@pytest.mark.parametrize(
    "call",
    [
        ("confirm", "f-1", "--by", f"{NOT_UTF_8}:moderator", "--reason", "r"),
        ("confirm", "f-1", "--by", "ana:moderator", "--reason", NOT_UTF_8),
        ("appeal", "d-1", "--statement", NOT_UTF_8),
        ("appeal", "d-1", "--result", "uphold", "--by", "ben", "--reason", NOT_UTF_8),
        ("extend", "a-2", "d-1", *BY, "--action", "x", "--evidence", "e", "--evidence", NOT_UTF_8),
    ],
    ids=lambda call: call[0],
)
def test_what_a_person_says_has_to_be_unicode(cli: Cli, store: str, call: tuple[str, ...]) -> None:
    said = cli(*call, "--store", store)

    assert (said.code, said.out) == (3, "")
    assert "not UTF-8" in said.err or "characters that can be seen" in said.err
    assert "hint: " in said.err and len(said.err.splitlines()) == 1


def test_now_and_as_it_happened_exclude_each_other(cli: Cli, store: str, tmp_path: Path) -> None:
    file = written(tmp_path / "facts.jsonl", GOOD)

    said = cli("enforce", file, "--store", store, "--now", NOW, "--as-it-happened")

    assert said.code == 3 and "exclude" in said.err


BAD_RULES = {
    "not TOML": "name = [",
    "a byte order mark": "\ufeff[house]\n",
    "nested too deeply": "a=" + "[" * 100_000 + "\n",
    "an unknown key": "[house]\nnothing = 1\n",
    "no UTF-8": "\udcff\n",
}


@pytest.mark.parametrize("case", [*BAD_RULES, "missing", "a folder"])
def test_bad_house_rules_are_refused_before_anything_is_opened(
    cli: Cli, tmp_path: Path, store: str, case: str
) -> None:
    rules = tmp_path / "house.toml"
    if case == "a folder":
        rules.mkdir()
    elif case in BAD_RULES:
        rules.write_bytes(BAD_RULES[case].encode("utf-8", "surrogateescape"))
    file = written(tmp_path / "facts.jsonl", GOOD)
    head = digest(store)

    calls = [
        cli("enforce", file, "--store", store, "--policy", rules),
        cli("screen", file, "--policy", rules),
        cli("policy", "lint", rules),
        cli("standing", "a-1", "--store", store, "--policy", rules),
    ]

    assert {said.code for said in calls} == {3}
    assert {len(said.err.splitlines()) for said in calls} == {1}
    assert all(said.err.startswith(f"error: {rules}: ") for said in calls)
    assert digest(store) == head


@pytest.mark.parametrize(
    "call",
    [
        ("standing", "a-404"),
        ("explain", "d-404"),
        ("notice", "d-404"),
        ("confirm", "f-404", "--by", "ana:moderator", "--reason", "r"),
        ("refute", "f-404", "--by", "ana:moderator", "--reason", "r"),
        ("review", "d-404", "approve", "--by", "ana:moderator", "--reason", "r"),
        ("appeal", "d-404"),
        ("appeal", "d-404", "--result", "uphold", "--by", "ben", "--reason", "r"),
        ("case", "case-404", "--by", "ana:moderator", "--reason", "r"),
        ("extend", "a-2", "d-404", "--by", "ana", "--reason", "r", "--evidence", "e",
         "--action", "suspend_account@6.2(i):14"),
    ],
    ids=lambda call: "-".join(call[:2]),
)  # fmt: skip
def test_an_unknown_id_is_told_and_changes_nothing(
    cli: Cli, store: str, call: tuple[str, ...]
) -> None:
    head = digest(store)

    said = cli(*call, "--store", store)

    assert (said.code, said.out) == (3, "")
    assert "404" in said.err and len(said.err.splitlines()) == 1
    assert digest(store) == head


def test_a_later_time_than_the_ledgers_is_needed(cli: Cli, tmp_path: Path, store: str) -> None:
    file = written(tmp_path / "facts.jsonl", GOOD)
    head = digest(store)

    said = cli("enforce", file, "--store", store, "--now", day(2).isoformat())

    assert said.code == 3 and "before the newest entry" in said.err
    assert digest(store) == head


def test_texts_that_are_none_are_refused_by_screen_with_their_place(
    cli: Cli, tmp_path: Path
) -> None:
    bad = {
        b"{": "not JSON",
        b"[]": "a text `id`",
        b'{"id": 1, "text": "x"}': "a text `id`",
        b'{"text": "x"}': "a text `id`",
        b'{"id": "1", "title": 7}': "the field `title` is no text",
        b'{"id": "1"}': "no text to screen",
        b'{"id": "1", "text": null, "language": "en"}': "no text to screen",
        b'{"id": "1", "language": 7}': "the field `language` is no text",
        b'{"id": "1", "text": "x", "language": "\\u001b[31m%s"}' % MAIL.encode(): "no language tag",
        b'{"id": "1", "%s": 7}' % MAIL.encode(): "the field is no text",
        b'{"id": "1", "text": "' + b"x" * 1_000_001 + b'"}': "1,000,001 characters",
        b'{"id": "1", "text": "\xff"}': "not UTF-8 at byte 22",
        b'\xef\xbb\xbf{"id": "1", "text": "x"}': "a byte order mark",
    }
    for line, says in bad.items():
        said = cli("screen", written(tmp_path / "texts.jsonl", b'{"id": "0", "text": ""}', line))

        assert said.code == 3
        assert "texts.jsonl:2: " in said.err and says in said.err
        assert MAIL not in said.err


def test_an_ordinary_file_is_recorded_quietly(cli: Cli, tmp_path: Path) -> None:
    file = written(tmp_path / "facts.jsonl", *ORDINARY)

    said = cli("enforce", file, "--store", "sqlite:///new.db", "--now", NOW)

    assert (said.code, said.err) == (0, "")
    assert [row["fact"] for row in said.rows] == [fact.id for fact in ORDINARY]


def test_a_name_in_an_error_does_not_steer_the_terminal(cli: Cli, store: str) -> None:
    said = cli("standing", "a-\x1b[31m", "--store", store)
    missing = cli("screen", "\x1b]0;title\x07.jsonl")

    assert (said.code, missing.code) == (3, 3)
    assert "a-·[31m" in said.err and "\x1b" not in said.err + missing.err
