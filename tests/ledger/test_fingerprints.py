"""Fingerprints of token keys are kept beside the history, and replaced as a whole."""

import pytest

from policyenforce.errors import LedgerError


def test_there_are_none_at_first(ledger):
    with ledger.reading() as tx:
        assert tx.fingerprints() == {}


def test_new_ones_take_the_place_of_those_there_were(ledger):
    with ledger.transaction() as tx:
        tx.put_fingerprints({"k1": "aa", "k2": "bb"})
    with ledger.transaction() as tx:
        tx.put_fingerprints({"k2": "bb", "k3": "cc"})

    with ledger.reading() as tx:
        assert tx.fingerprints() == {"k2": "bb", "k3": "cc"}


def test_what_a_failed_transaction_put_is_not_kept(ledger):
    with ledger.transaction() as tx:
        tx.put_fingerprints({"k1": "aa"})

    with pytest.raises(ZeroDivisionError), ledger.transaction() as tx:
        tx.put_fingerprints({"k9": "zz"})
        raise ZeroDivisionError

    with ledger.reading() as tx:
        assert tx.fingerprints() == {"k1": "aa"}


def test_who_only_reads_puts_none(ledger):
    with ledger.reading() as tx, pytest.raises(LedgerError, match="only reads"):
        tx.put_fingerprints({"k1": "aa"})
