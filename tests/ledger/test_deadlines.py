"""Deadlines: kept by id, done once."""

from policyenforce.model.outcome import Deadline


def deadline(write, name, minute, account="a-1"):
    return Deadline(name, account, write.at(minute), "request_due", "r-1")


def due(ledger, write, minute):
    with ledger.reading() as tx:
        return [kept.id for kept in tx.deadlines(write.at(minute))]


def put(ledger, *deadlines):
    with ledger.transaction() as tx:
        tx.put_deadlines(deadlines)


def test_a_deadline_comes_back_whole(ledger, write):
    put(ledger, deadline(write, "d-1", 5))

    with ledger.reading() as tx:
        assert tx.deadlines(write.at(5)) == (deadline(write, "d-1", 5),)


def test_deadlines_come_earliest_first_up_to_the_instant(ledger, write):
    put(ledger, *(deadline(write, f"d-{n}", 9 - n) for n in range(4)), deadline(write, "b", 6))

    assert due(ledger, write, 5) == []
    assert due(ledger, write, 7) == ["b", "d-3", "d-2"]


def test_an_open_deadline_moves_and_a_done_one_stays_done(ledger, write):
    put(ledger, deadline(write, "d-1", 5), deadline(write, "d-2", 5))
    put(ledger, deadline(write, "d-1", 8))
    with ledger.transaction() as tx:
        tx.done_deadline("d-2")
        tx.done_deadline("d-unknown")
    put(ledger, deadline(write, "d-2", 6))

    assert due(ledger, write, 7) == []
    assert due(ledger, write, 8) == ["d-1"]


def test_deadlines_of_a_failed_transaction_are_gone(ledger, write):
    put(ledger, deadline(write, "d-1", 5))
    try:
        with ledger.transaction() as tx:
            tx.put_deadlines([deadline(write, "d-2", 5)])
            tx.done_deadline("d-1")
            raise KeyError
    except KeyError:
        pass

    assert due(ledger, write, 5) == ["d-1"]
