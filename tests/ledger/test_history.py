"""The history: what goes in comes out, in order, as known at an instant."""

import pytest

from policyenforce.errors import LedgerError
from policyenforce.ledger import FACT, Entry


def append(ledger, *entries, marks=()):
    """Keep the entries; what then stands in the ledger of each that is a fact."""
    with ledger.transaction() as tx:
        tx.append(entries, marks)
        return [tx.known(entry.id) for entry in entries if entry.kind == FACT]


def facts(ledger, user="u-1", **wanted):
    with ledger.reading() as tx:
        return [fact.id for fact in tx.facts(user, **wanted)]


def test_what_is_appended_comes_back_whole(ledger, write):
    fact = write.fact("f-1", personal={"first_name": "Ana"})

    (stored,) = append(ledger, fact)
    with ledger.reading() as tx:
        known = tx.known("f-1")

    assert known == stored
    assert Entry(*(getattr(known, a.name) for a in Entry.__attrs_attrs__)) == fact
    assert (known.seq, len(known.hash)) == (1, 64)


def test_nothing_personal_is_printed(ledger, write):
    (stored,) = append(ledger, write.fact("f-1", personal={"first_name": "Ana"}))

    assert "Ana" not in repr(stored)
    assert b"Ana" in stored.personal


def test_each_stream_counts_from_one(ledger, write):
    stored = append(
        ledger, write.fact("f-1"), write.fact("f-2", stream="u-2"), write.fact("f-3", 1)
    )

    assert [(entry.stream, entry.seq) for entry in stored] == [("u-1", 1), ("u-2", 1), ("u-1", 2)]


def test_a_chain_goes_on_across_transactions_and_openings(sql_url, write):
    from policyenforce.ledger import open_ledger

    for minute, name in enumerate(("f-1", "f-2", "f-3")):
        ledger = open_ledger(sql_url)
        (stored,) = append(ledger, write.fact(name, minute))
        ledger.close()

        assert stored.seq == minute + 1

    ledger = open_ledger(sql_url, create=False)

    assert ledger.verify() == ()
    assert ledger.heads()["u-1"].seq == 3
    ledger.close()


def test_an_unknown_fact_is_none_and_has_no_outcome(ledger):
    with ledger.reading() as tx:
        assert tx.known("f-1") is None
        assert tx.outcome("f-1") is None


def test_a_fact_without_an_outcome_has_none(ledger, write):
    append(ledger, write.fact("f-1"))

    with ledger.reading() as tx:
        assert tx.outcome("f-1") is None


def test_an_outcome_is_not_known_as_a_fact(ledger, write):
    fact = write.fact("f-1")
    append(ledger, fact, write.follows(fact, b'{"n":1}'))

    with ledger.reading() as tx:
        assert tx.known("o:f-1") is None
        assert tx.outcome("f-1") == b'{"n":1}'


def test_the_newest_amendment_is_the_outcome(ledger, write):
    fact, other = write.fact("f-1"), write.fact("f-2", 1)
    append(ledger, fact, write.follows(fact, b'{"n":1}'), other, write.follows(other, b'{"n":9}'))
    append(ledger, write.follows(fact, b'{"n":2}', late="f-8", recorded=5))
    append(ledger, write.follows(fact, b'{"n":3}', late="f-9", recorded=5))

    with ledger.reading() as tx:
        assert tx.outcome("f-1") == b'{"n":3}'
        assert tx.outcome("f-2") == b'{"n":9}'


def test_facts_come_in_position_order_whatever_order_they_arrived_in(ledger, write):
    append(ledger, write.fact("f-3", 3))
    append(ledger, write.fact("f-1", 1, recorded=4), write.fact("f-2", 2, recorded=4))

    assert facts(ledger) == ["f-1", "f-2", "f-3"]


def test_facts_of_one_instant_come_in_bytewise_order_of_their_ids(ledger, write):
    names = ["B", "a", "A", "é", "b", "Z", "-"]
    append(ledger, *(write.fact(name) for name in names))

    assert facts(ledger) == sorted(names, key=str.encode)


def test_facts_start_at_a_position(ledger, write):
    append(ledger, *(write.fact(f"f-{n}", n) for n in range(4)))

    assert facts(ledger, start=write.position("f-2", 2)) == ["f-2", "f-3"]


def test_facts_and_outcomes_are_as_known_then(ledger, write):
    early = write.fact("f-2", 2)
    append(ledger, early, write.follows(early, b'{"n":1}'))
    late = write.fact("f-1", 1, recorded=7)
    append(ledger, late, write.follows(early, b'{"n":2}', late="f-1", recorded=7))

    with ledger.reading() as tx:
        then = tx.outcomes("u-1", known_at=write.at(6))
        now = tx.outcomes("u-1", known_at=write.at(7))

    assert facts(ledger, known_at=write.at(1)) == []
    assert facts(ledger, known_at=write.at(6)) == ["f-2"]
    assert facts(ledger, known_at=write.at(7)) == ["f-1", "f-2"]
    assert {name: entry.body for name, entry in then.items()} == {"f-2": b'{"n":1}'}
    assert {name: entry.body for name, entry in now.items()} == {"f-2": b'{"n":2}'}


def test_the_facts_of_everybody_come_in_position_order(ledger, write):
    append(
        ledger,
        write.fact("f-2", 2, stream="u-2", personal={"first_name": "Bo"}),
        write.fact("f-1", 1),
        write.fact("f-3", 3),
    )

    with ledger.reading() as tx:
        found = list(tx.all_facts())

    assert [fact.id for fact in found] == ["f-1", "f-2", "f-3"]
    assert found[1].personal == b'{"first_name":"Bo"}'


def test_counts_say_how_much_there_is(ledger, write):
    fact = write.fact("f-1")
    append(ledger, fact, write.follows(fact), write.follows(fact, late="f-2"))
    append(ledger, write.fact("f-2", stream="house"))
    with ledger.transaction() as tx:
        tx.put_history("u-1", fact.position, b"{}")

    with ledger.reading() as tx:
        assert tx.counts() == {
            "fact": 2, "outcome": 1, "amendment": 1, "streams": 2, "users": 1,
        }  # fmt: skip


def test_a_history_is_kept_and_its_counter_rises(ledger):
    with ledger.transaction() as tx:
        assert tx.history("u-1") is None

        tx.put_history("u-1", "p-1", b'{"a":1}')
    with ledger.transaction() as tx:
        assert tx.history("u-1") == (1, "p-1", b'{"a":1}')

        tx.put_history("u-1", "p-2", b'{"a":2}')
    with ledger.reading() as tx:
        assert tx.history("u-1") == (2, "p-2", b'{"a":2}')
        assert tx.newest(["u-1", "u-2", "u-1"]) == {"u-1": "p-2"}
        assert list(tx.users()) == ["u-1"]


def test_the_newest_of_a_history_moves_without_a_change_of_its_body(ledger):
    with ledger.transaction() as tx:
        tx.put_history("u-1", "p-1", b"{}")
        tx.put_history("u-1", "p-2", None)

        assert tx.history("u-1") == (1, "p-2", b"{}")
    with ledger.reading() as tx:
        assert tx.history("u-1") == (1, "p-2", b"{}")


def test_after_an_exception_nothing_is_left(ledger, write):
    kept = write.fact("f-1", personal={"first_name": "Ana"})
    with ledger.transaction() as tx:
        tx.append([kept], [write.mark(kept, "ip", "t", holder="a-1")])
        tx.bind("a-1", "u-1")
        tx.join("u-1", "u-9")
        tx.put_history("u-1", "p-1", b"{}")
    before, digest = snapshot(ledger), ledger.head_digest()

    lost = write.fact("f-2", 1, personal={"first_name": "Bo"})
    with pytest.raises(ZeroDivisionError), ledger.transaction() as tx:
        tx.append([lost, write.follows(lost)], [write.mark(lost, "ip", "u", holder="a-2")])
        earlier = write.fact("f-0", -1, recorded=1)
        tx.append([earlier], [write.mark(earlier, "ip", "t", holder="a-1")])
        tx.bind("a-1", "u-2")
        tx.bind("a-2", "u-2")
        tx.separate("u-1", "u-9")
        tx.put_history("u-1", "p-2", b"[]")
        tx.erase_personal("u-1")
        tx.clear_projections()
        raise ZeroDivisionError

    assert snapshot(ledger) == before
    assert ledger.head_digest() == digest


def snapshot(ledger):
    from policyenforce.model.questions import Question, Wants

    asked = [(Question("ip", value, Wants.HOLDERS), value) for value in "tu"]
    with ledger.reading() as tx:
        return (
            list(tx.all_facts()), dict(tx.outcomes("u-1")), dict(tx.counts()), tx.history("u-1"),
            tx.members("u-1"), tx.stream_of("a-1"), tx.stream_of("a-2"),
            dict(tx.answer(asked, user="u-1", before="~")), list(tx.users()),
        )  # fmt: skip


def test_a_known_id_is_refused(ledger, write):
    append(ledger, write.fact("f-1"))

    with pytest.raises(LedgerError):
        append(ledger, write.fact("f-1", stream="u-2"))

    assert ledger.heads().keys() == {"u-1"}


def test_a_fact_named_like_an_outcome_is_another_thing(ledger, write):
    fact = write.fact("f-1")
    append(ledger, fact, write.follows(fact), write.fact("o:f-1", 1))

    assert facts(ledger) == ["f-1", "o:f-1"]


def test_recording_may_not_run_backwards(ledger, write):
    append(ledger, write.fact("f-1", 10))

    with pytest.raises(LedgerError, match="before the newest entry of its stream"):
        append(ledger, write.fact("f-2", 9))

    assert facts(ledger) == ["f-1"]


def test_clocks_that_differ_by_seconds_are_levelled(ledger, write):
    from datetime import timedelta

    from attrs import evolve

    append(ledger, write.fact("f-1"))
    early = evolve(write.fact("f-2"), recorded_at=write.start - timedelta(seconds=5))

    (stored,) = append(ledger, early)

    assert stored.recorded_at == write.start
    assert ledger.verify() == ()


def test_another_stream_may_be_behind(ledger, write):
    append(ledger, write.fact("f-1", 10))

    (stored,) = append(ledger, write.fact("f-2", 9, stream="u-2"))

    assert stored.recorded_at == write.at(9)


def test_an_outcome_stands_in_the_stream_of_its_fact(ledger, write):
    from attrs import evolve

    fact = write.fact("f-1")
    append(ledger, fact)

    with pytest.raises(LedgerError, match="in stream `u-2`, its fact in `u-1`"):
        append(ledger, evolve(write.follows(fact), stream="u-2"))


def test_an_outcome_needs_its_fact(ledger, write):
    with pytest.raises(LedgerError, match="its fact in `None`"):
        append(ledger, write.follows(write.fact("f-1")))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "note"}, "unknown kind of entry `note`"),
        ({"position": "1|50|f-2"}, "the position of a fact must end with its id"),
        ({"salt": b"s"}, "a personal part comes with a salt"),
        ({"tag": "\ud800"}, "text that is not Unicode"),
    ],
)
def test_a_malformed_entry_is_refused(ledger, write, change, message):
    from attrs import evolve

    with pytest.raises(LedgerError, match=message):
        append(ledger, evolve(write.fact("f-1"), **change))

    assert ledger.heads() == {}


def test_a_reading_transaction_only_reads(ledger, write):
    with ledger.reading() as tx:
        for change in (
            lambda: tx.append([write.fact("f-1")], []),
            lambda: tx.bind("a-1", "u-1"),
            lambda: tx.join("u-1", "u-2"),
            lambda: tx.put_history("u-1", "", b""),
            lambda: tx.separate("u-1", "u-2"),
            lambda: tx.put_deadlines([]),
            lambda: tx.done_deadline("d"),
            lambda: tx.erase_personal("u-1"),
            tx.clear_projections,
        ):
            with pytest.raises(LedgerError, match="only reads"):
                change()

    assert ledger.heads() == {}


def test_a_transaction_that_has_ended_changes_nothing(ledger):
    with ledger.transaction() as tx:
        tx.bind("a-1", "u-1")

    with pytest.raises(LedgerError):
        tx.bind("a-1", "u-2")


def test_one_thread_has_one_writing_transaction(url, write):
    if url.startswith("postgresql"):
        pytest.skip("writers of different streams work beside each other there")
    from policyenforce.ledger import open_ledger

    ledger = open_ledger(url)
    with ledger.transaction() as tx:
        with pytest.raises(LedgerError, match="already open"), ledger.transaction():
            pass
        tx.append([write.fact("f-1")], [])

    assert facts(ledger) == ["f-1"]
    ledger.close()
