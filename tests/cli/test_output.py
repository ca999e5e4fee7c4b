"""What is printed where, seen from inside."""

from __future__ import annotations

import io
import sys

import pytest

from policyenforce.cli import main
from policyenforce.cli.output import PAGE, Format, printing, progress, record, rows


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_long_table_is_printed_page_by_page(capsys: pytest.CaptureFixture[str]) -> None:
    with printing(("id",), Format.TABLE) as put:
        for number in range(PAGE):
            put({"id": number})
        first, _ = capsys.readouterr()
        put({"id": "last"})
    second, _ = capsys.readouterr()

    assert len(first.splitlines()) == PAGE + 1
    assert second.split() == ["id", "last"]


def test_rows_already_taken_are_printed_when_something_fails(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for form, printed in (
        (Format.TABLE, "id\n1\n"),
        (Format.JSON, '[\n  {\n    "id": 1\n  }\n]\n'),
    ):
        with pytest.raises(ZeroDivisionError), printing(("id",), form) as put:
            put({"id": 1})
            raise ZeroDivisionError

        out = capsys.readouterr().out
        assert "".join(f"{line.rstrip()}\n" for line in out.splitlines()) == printed


def test_a_table_without_rows_says_so_and_other_forms_stay_empty(
    capsys: pytest.CaptureFixture[str],
) -> None:
    printed = {}
    for form in Format:
        rows([], ("id",), form)
        printed[form.value] = capsys.readouterr().out

    assert printed == {"table": "none\n", "json": "[]\n", "jsonl": ""}


def test_a_long_word_in_a_table_is_never_cut_short(capsys: pytest.CaptureFixture[str]) -> None:
    rows([{"a": "x" * 300, "b": "y" * 300}], ("a", "b"), Format.TABLE)

    out = capsys.readouterr().out
    assert (out.count("x"), out.count("y")) == (300, 300)
    assert "…" not in out


def test_cells_are_never_read_as_markup_and_nest(capsys: pytest.CaptureFixture[str]) -> None:
    cell = {"a": ["[red]x[/red]", None], "b": [], "c": {}}

    rows([{"cell": cell}], ("cell",), Format.TABLE)
    record({"cell_name": cell}, Format.TABLE)

    told = "a: [red]x[/red], –, b: –, c: –"
    assert capsys.readouterr().out.split("\n")[1:3] == [told, f"cell name  {told}"]


def test_a_bar_on_a_terminal_leaves_standard_output_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr", Terminal())

    with progress("counting", 2) as advance:
        print("data")
        advance()

    assert capsys.readouterr().out == "data\n"
    assert "counting" in sys.stderr.getvalue()  # type: ignore[attr-defined]  # it is a Terminal


def test_there_is_no_bar_beside_rows_on_the_same_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stderr", Terminal())
    monkeypatch.setattr("sys.stdout", Terminal())

    with progress("counting", 2, printing_rows=True) as advance:
        advance()

    assert sys.stderr.getvalue() == ""  # type: ignore[attr-defined]  # it is a Terminal


def test_a_terminal_is_given_colour_unless_it_wants_none(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = {}
    for no_color in ("", "1"):
        monkeypatch.setenv("NO_COLOR", no_color)
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setattr("sys.stdout", Terminal())
        rows([{"id": 1}], ("id",), None)
        shown[no_color] = sys.stdout.getvalue()  # type: ignore[attr-defined]  # it is a Terminal

    assert "\x1b[" in shown[""]
    assert "\x1b" not in shown["1"] and "id" in shown["1"]


def test_the_process_ends_with_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["policyenforce", "terms", "show", "9.9"])

    with pytest.raises(SystemExit) as ended:
        main.main()

    assert ended.value.code == 3
    assert capsys.readouterr().err.startswith("error: ")


@pytest.mark.parametrize("call", ["terms coverage", "--version"])
def test_output_that_cannot_be_written_is_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], call: str
) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full, monkeypatch.context() as patch:
        patch.setattr("sys.stdout", full)
        code = main.run(call.split())

    err = capsys.readouterr().err
    assert code == 3
    assert "No space left" in err and err.count("\n") == 1


@pytest.mark.parametrize("raised", [KeyboardInterrupt, BrokenPipeError])
def test_an_end_in_the_middle_is_clean(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], raised: type[BaseException]
) -> None:
    discarded = []
    monkeypatch.setattr(main, "discard", discarded.append)

    def ends(_: object) -> int:
        raise raised

    monkeypatch.setattr("policyenforce.cli.app.invoke", ends)

    interrupted = raised is KeyboardInterrupt
    assert main.run([]) == (130 if interrupted else 0)
    assert capsys.readouterr().err.startswith("interrupted") == interrupted
    assert discarded == ([] if interrupted else [sys.stdout])


def test_a_system_error_without_a_file_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_: object) -> int:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("policyenforce.cli.app.invoke", fails)

    assert main.run([]) == 3
    assert capsys.readouterr().err == "error: input or output: Input/output error\n"
