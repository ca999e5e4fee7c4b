"""What is kept of an account's sessions: one row, replaced, and gone with the person."""

import pytest

from policyenforce.errors import LedgerError


def kept(ledger, account):
    with ledger.reading() as tx:
        return tx.sessions(account)


def put(ledger, account, body, stream="u-1"):
    with ledger.transaction() as tx:
        tx.put_sessions(account, stream, body)


def test_the_newest_row_of_each_account_is_kept(ledger):
    put(ledger, "a-1", b"[1]")
    put(ledger, "a-2", b"[2]")
    put(ledger, "a-1", b"[3]")

    assert kept(ledger, "a-1") == b"[3]"
    assert kept(ledger, "a-2") == b"[2]"
    assert kept(ledger, "a-3") is None


def test_a_row_of_a_failed_transaction_was_never_there(ledger):
    put(ledger, "a-1", b"[1]")
    with pytest.raises(KeyError), ledger.transaction() as tx:
        tx.put_sessions("a-1", "u-1", b"[2]")
        raise KeyError

    assert kept(ledger, "a-1") == b"[1]"


def test_whoever_only_reads_keeps_nothing(ledger):
    with ledger.reading() as tx, pytest.raises(LedgerError, match="only reads"):
        tx.put_sessions("a-1", "u-1", b"[1]")


def test_rows_are_erased_with_all_member_streams(ledger, write):
    with ledger.transaction() as tx:
        tx.append([write.fact("f-1")], [])
        tx.join("u-1", "a-1")
    put(ledger, "a-1", b"[1]", "a-1")
    put(ledger, "a-2", b"[2]", "u-1")
    put(ledger, "a-9", b"[9]", "u-9")

    with ledger.transaction() as tx:
        tx.erase_personal("u-1")

    assert [kept(ledger, account) for account in ("a-1", "a-2", "a-9")] == [None, None, b"[9]"]


def test_rows_are_cleared_with_the_other_projections(ledger):
    put(ledger, "a-1", b"[1]")
    with ledger.transaction() as tx:
        tx.clear_projections()

    assert kept(ledger, "a-1") is None
