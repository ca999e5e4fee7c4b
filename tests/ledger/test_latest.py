"""Where no fact is known to stand after a position, nobody looks for one."""

import pytest

from policyenforce.ledger import open_ledger


@pytest.fixture
def file(tmp_path):
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture
def filled(file, write):
    """A ledger in which the last fact, at minute five, is not of the last kind."""
    opened = open_ledger(file)
    with opened.transaction() as tx:
        late = write.fact("f-1", 5, tag="complaint_received")
        tx.append([write.fact("f-2", 3), late], [])
    yield opened
    opened.close()


def knows(ledger, position):
    with ledger.transaction() as tx:
        return tx.nothing_after(position)


def test_no_store_calls_the_last_what_has_a_fact_after_it(ledger, write):
    with ledger.transaction() as tx:
        tx.append([write.fact("f-1", 5)], [])

    assert not any([knows(ledger, write.position("f-0", 4)) for _ in range(3)])


def test_the_second_transaction_knows_the_last_fact_of_all_kinds(filled, write):
    assert not knows(filled, write.position("f-0", 4))
    assert knows(filled, write.position("f-1", 5))


def test_what_is_appended_counts_at_once(filled, write):
    with filled.transaction() as tx:
        assert tx.nothing_after(write.position("f-3", 6))
        tx.append([write.fact("f-4", 7)], [])

        assert not tx.nothing_after(write.position("f-3", 6))
        assert tx.nothing_after(write.position("f-4", 7))


def test_what_was_not_kept_does_not_count(filled, write):
    assert knows(filled, write.position("f-3", 6))
    with pytest.raises(ZeroDivisionError), filled.transaction() as tx:
        tx.append([write.fact("f-4", 7)], [])
        raise ZeroDivisionError

    assert [knows(filled, write.position("f-3", 6)) for _ in range(2)] == [False, True]


def test_what_another_ledger_wrote_counts(filled, write, file):
    assert knows(filled, write.position("f-3", 6))
    other = open_ledger(file)
    with other.transaction() as tx:
        tx.append([write.fact("f-4", 7)], [])
    other.close()

    assert [knows(filled, write.position("f-3", 6)) for _ in range(2)] == [False, False]
    assert knows(filled, write.position("f-4", 7))


def test_in_an_empty_ledger_nothing_stands_after_anything(file):
    empty = open_ledger(file)

    assert [knows(empty, "") for _ in range(2)] == [False, True]
    empty.close()
