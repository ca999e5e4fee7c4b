"""Whose stream is whose, and who bears a key."""

import pytest

from policyenforce.ledger import open_ledger


def test_a_name_is_bound_and_bound_again(ledger):
    with ledger.transaction() as tx:
        assert tx.stream_of("a-1") is None
        assert tx.bind("a-1", "a-1") is None
        assert tx.bind("a-1", "a-1") is None
        assert tx.bind("a-1", "u-1") == "a-1"
    with ledger.reading() as tx:
        assert tx.stream_of("a-1") == "u-1"


def test_a_user_is_its_own_member(ledger):
    with ledger.reading() as tx:
        assert tx.members("u-1") == ("u-1",)


def test_joins_lead_on_and_are_taken_back(ledger):
    with ledger.transaction() as tx:
        tx.join("u-5", "u-7")
        tx.join("u-7", "a-3")
        tx.join("a-3", "u-5")
        tx.join("u-5", "u-7")

        assert tx.members("u-5") == ("u-5", "a-3", "u-7")
        assert tx.members("a-3") == ("a-3", "u-5", "u-7")

        tx.separate("u-5", "u-7")
    with ledger.reading() as tx:
        assert tx.members("u-5") == ("u-5",)
        assert tx.members("u-7") == ("u-7", "a-3", "u-5")


def test_the_facts_and_outcomes_of_joined_streams_are_read_as_one(ledger, write):
    first, second = write.fact("f-1", 1, stream="a-1"), write.fact("f-2", 2)
    with ledger.transaction() as tx:
        tx.append([second, write.fact("f-3", 3, stream="a-1", recorded=3)], [])
        tx.append([write.follows(second, b'{"n":2}')], [])
        tx.append([write.fact("f-4", 4, stream="u-9")], [])
        tx.join("u-1", "a-1")
        earlier = write.fact("f-1", 1, stream="a-1", recorded=4)
        tx.append([earlier, write.follows(earlier, b'{"n":1}')], [])
    with ledger.reading() as tx:
        assert [fact.id for fact in tx.facts("u-1")] == ["f-1", "f-2", "f-3"]
        assert {name: entry.body for name, entry in tx.outcomes("u-1").items()} == {
            "f-1": b'{"n":1}',
            "f-2": b'{"n":2}',
        }
        assert [fact.id for fact in tx.facts("a-1")] == ["f-1", "f-3"]
        assert first.position < second.position


def test_bearers_have_a_key_and_something_newer(ledger, write):
    with ledger.transaction() as tx:
        for number in range(1, 5):
            user = f"u-{number}"
            fact = write.fact(f"f-{number}", number, stream=user)
            tx.append(
                [fact], [write.mark(fact, "order", "o-1"), write.mark(fact, "ip", "t", holder=user)]
            )
            tx.put_history(user, fact.position, b"{}")
        lonely = write.fact("f-9", 9, stream="u-9")
        tx.append([lonely], [write.mark(lonely, "order", "o-2")])
    with ledger.reading() as tx:
        keys, after = [("order", "o-1"), ("ip", "t")], write.position("f-2", 2)

        assert tx.bearers(keys, after="", cap=9) == {"u-1", "u-2", "u-3", "u-4"}
        assert tx.bearers(keys, after=after, cap=9) == {"u-3", "u-4"}
        assert tx.bearers(keys, after="", cap=3) == {"u-1", "u-2", "u-3"}
        assert tx.bearers([("order", "o-2")], after="", cap=9) == set()
        assert tx.bearers([], after="", cap=9) == set()


@pytest.mark.parametrize("value", ['"', "\\", "\\u0000", "\n", "\u2028", "é😀", "[]", "'"])
def test_whatever_stands_in_a_key_finds_its_bearer_among_others(ledger, write, value):
    with ledger.transaction() as tx:
        fact = write.fact("f-1")
        tx.append([fact], [write.mark(fact, "order", value)])
        tx.put_history("u-1", fact.position, b"{}")
        keys = [("order", "o-1"), ("order", value), ("content", value)]

        assert tx.bearers(keys, after="", cap=9) == {"u-1"}
        assert tx.bearers(keys[::2], after="", cap=9) == set()


def test_a_key_that_json_would_cut_off_finds_its_bearer_among_others(tmp_path, write):
    ledger = open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    with ledger.transaction() as tx:
        fact = write.fact("f-1")
        tx.append([fact], [write.mark(fact, "order", "o\0-1")])
        tx.put_history("u-1", fact.position, b"{}")

        assert tx.bearers([("order", "o"), ("order", "o\0-1")], after="", cap=9) == {"u-1"}
        assert tx.bearers([("order", "o"), ("order", "o\0-2")], after="", cap=9) == set()
    ledger.close()


def test_a_bearer_is_the_user_that_its_stream_now_belongs_to(ledger, write):
    fact = write.fact("f-1", stream="a-1")
    with ledger.transaction() as tx:
        tx.append([fact], [write.mark(fact, "order", "o-1", user="a-1")])
        tx.bind("a-1", "u-1")
        tx.put_history("u-1", fact.position, b"{}")
    with ledger.reading() as tx:
        assert tx.bearers([("order", "o-1")], after="", cap=9) == {"u-1"}


def test_projections_can_be_cleared_and_the_history_stays(ledger, write):
    fact = write.fact("f-1")
    with ledger.transaction() as tx:
        tx.append([fact], [write.mark(fact, "order", "o-1")])
        tx.bind("a-1", "u-1")
        tx.join("u-1", "u-2")
        tx.put_history("u-1", fact.position, b"{}")
    with ledger.transaction() as tx:
        tx.clear_projections()
    with ledger.reading() as tx:
        assert tx.stream_of("a-1") is None
        assert tx.members("u-1") == ("u-1",)
        assert tx.bearers([("order", "o-1")], after="", cap=9) == set()
        assert [kept.id for kept in tx.all_facts()] == ["f-1"]
        assert tx.history("u-1")[::2] == (1, b"{}")
