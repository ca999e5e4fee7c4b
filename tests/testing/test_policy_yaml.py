"""Reading policy cases: what is written is what is meant."""

from __future__ import annotations

import pytest

from policyenforce.errors import InputError
from policyenforce.testing.policy_yaml import documents


def read(text: str) -> list[tuple[int, dict[str, object]]]:
    return list(documents(text, "x.policy.yaml"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("5.10", "5.10"),
        ("6.5", "6.5"),
        ("2019-10-04", "2019-10-04"),
        ("2019-10-04 09:30:00", "2019-10-04 09:30:00"),
        ("09:30", "09:30"),
        ("NO", "NO"),
        ("on", "on"),
        ("1e3", "1e3"),
        ("true", True),
        ("false", False),
        ("12", 12),
        ("-3", -3),
        ("012", "012"),
        ("null", None),
        ("~", None),
        ("", None),
        ("nullity", "nullity"),
    ],
)
def test_a_scalar_is_read_as_a_lawyer_writes_it(written: str, meant: object) -> None:
    ((_, data),) = read(f"key: {written}")

    assert data == {"key": meant}
    assert type(data["key"]) is type(meant)


def test_a_key_stays_the_word_that_was_written() -> None:
    assert read("true: false") == [(1, {"true": False})]


def test_documents_know_the_line_they_begin_on() -> None:
    assert [line for line, _ in read("a: 1\n---\n\nb: 2\n---\n")] == [1, 4]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3", "x.policy.yaml:3: the key `a` stands twice"),
        ("- a", "x.policy.yaml:1: a case is a mapping of keys"),
        ("\n\njust words", "x.policy.yaml:3: a case is a mapping of keys"),
        ("? [a]\n: 1", "x.policy.yaml:1: a key has to be a word"),
        ("a: [1", "x.policy.yaml:1: not YAML: "),
        ("a: 1\nb: !!python/name:os.system x", "x.policy.yaml:2: not YAML: "),
        ("a: *b", "x.policy.yaml:1: not YAML: "),
        ("a: 1\nb: \0", "x.policy.yaml:2: not YAML: a character that has no place in it (U+0000)"),
        ("a: " + "[" * 5000, "x.policy.yaml: not YAML: nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_placed_by_file_and_line(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text)

    assert str(caught.value).startswith(message)
