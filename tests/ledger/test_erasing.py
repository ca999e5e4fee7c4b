"""Erasing: the person goes, the history stays and verifies."""

from pathlib import Path

import pytest

from policyenforce.ledger import open_ledger
from policyenforce.model.fact import position_at
from policyenforce.model.questions import Question
from policyenforce.privacy import vault

NAME = "Anastasia-Unmistakable"


@pytest.fixture
def filled(ledger, write):
    with ledger.transaction() as tx:
        tx.append([write.fact("f-1", personal={"first_name": NAME}), write.fact("f-2", 1)], [])
        tx.append([write.fact("f-3", 2, stream="a-1", personal={"first_name": NAME})], [])
        tx.append([write.fact("f-4", 3, stream="u-2", personal={"first_name": "Bo"})], [])
        tx.join("u-1", "a-1")
    return ledger


def test_erasing_takes_the_personal_parts_of_all_member_streams(filled, write):
    digest = filled.head_digest()
    with filled.transaction() as tx:
        assert tx.erase_personal("u-1") == 2
        assert tx.erase_personal("u-1") == 0
    with filled.reading() as tx:
        parts = {fact.id: (fact.personal, fact.salt) for fact in tx.all_facts()}
        (asked,) = tx.answer(
            [(Question("stream", "a-1", limit=1), "a-1")],
            user="a-1",
            before=position_at(write.at(9)),
        ).values()

    assert [name for name, part in parts.items() if part == (None, None)] == ["f-1", "f-2", "f-3"]
    assert b"Bo" in parts["f-4"][0]
    assert asked[0].personal is None
    assert filled.verify() == ()
    assert filled.head_digest() == digest


def test_an_erased_body_says_that_something_was_there(filled):
    import orjson

    with filled.transaction() as tx:
        tx.erase_personal("u-1")
        erased, plain = (orjson.loads(tx.known(name).body) for name in ("f-1", "f-2"))

    assert vault.is_erased(erased, None)
    assert not vault.is_erased(plain, None)


def test_an_erasure_that_fails_leaves_the_person(filled):
    with pytest.raises(KeyError), filled.transaction() as tx:
        tx.erase_personal("u-1")
        raise KeyError
    with filled.reading() as tx:
        assert NAME.encode() in tx.known("f-1").personal


@pytest.fixture
def file(tmp_path):
    return tmp_path / "ledger.db"


@pytest.fixture
def on_disk(file, write):
    ledger = open_ledger(f"sqlite:///{file}")
    with ledger.transaction() as tx:
        tx.append([write.fact("f-1", personal={"first_name": NAME})], [])
    yield ledger
    ledger.close()


def left(file: Path) -> set[str]:
    """The files of the ledger in which the name can still be read."""
    return {p.suffix for p in file.parent.iterdir() if NAME.encode() in p.read_bytes()}


def erase(ledger):
    with ledger.transaction() as tx:
        tx.erase_personal("u-1")


def test_nothing_of_an_erased_person_is_left_in_any_file(on_disk, file):
    assert left(file) == {".db-wal"}

    erase(on_disk)

    assert left(file) == set()


def test_nothing_is_left_either_of_what_stood_in_the_main_file(on_disk, file):
    on_disk.close()
    ledger = open_ledger(f"sqlite:///{file}")

    assert left(file) == {".db"}

    erase(ledger)

    assert left(file) == set()
    ledger.close()


def test_pages_that_a_reader_needs_are_overwritten_once_it_is_gone(on_disk, file):
    with on_disk.reading() as tx:
        assert tx.known("f-1") is not None

        erase(on_disk)

        assert left(file) != set()
    with on_disk.transaction() as tx:
        tx.bind("a-1", "u-1")

    assert left(file) == set()


def test_pages_that_a_reader_needed_are_overwritten_at_closing(on_disk, file):
    with on_disk.reading() as tx:
        tx.known("f-1")
        erase(on_disk)
    other = open_ledger(f"sqlite:///{file}")  # so that closing alone would not end the log
    with other.reading():
        pass

    on_disk.close()

    assert left(file) == set()
    other.close()
