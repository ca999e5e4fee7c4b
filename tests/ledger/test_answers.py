"""Questions: the newest facts, the earliest holders, the outcome that holds a finding."""

import pytest

from policyenforce.ledger import open_ledger
from policyenforce.model.questions import Holder, Question, Wants

END = "~"  # after every position


@pytest.fixture
def filled(ledger, write):
    """Six facts of u-1 by turns of two tags, one of u-2, all about order o-1."""
    with ledger.transaction() as tx:
        for number in range(6):
            tag = ("signed_in", "complaint_received")[number % 2]
            fact = write.fact(f"f-{number}", number, tag=tag)
            tx.append([fact], [write.mark(fact, "order", "o-1")])
        other = write.fact("g-1", 3, stream="u-2", tag="complaint_received")
        tx.append([other], [write.mark(other, "order", "o-1")])
        tx.bind("a-2", "u-2")
    return ledger


def ask(ledger, question, *, value=None, user="u-1", before=END):
    with ledger.reading() as tx:
        given = question.value if value is None else value
        return tx.answer([(question, given)], user=user, before=before)[question]


def ids(facts):
    return [fact.id for fact in facts]


def test_own_facts_come_oldest_first(filled):
    question = Question("stream", "a-1")

    assert ids(ask(filled, question)) == [f"f-{n}" for n in range(6)]


def test_a_limit_keeps_the_newest(filled):
    question = Question("stream", "a-1", limit=2)

    assert ids(ask(filled, question)) == ["f-4", "f-5"]


def test_only_what_sorts_before_is_seen(filled, write):
    question = Question("stream", "a-1", limit=2)

    assert ids(ask(filled, question, before=write.position("f-3", 3))) == ["f-1", "f-2"]


def test_tags_filter(filled):
    one = Question("stream", "a-1", of=("complaint_received",))
    both = Question("stream", "a-1", of=("complaint_received", "signed_in"), limit=3)
    none = Question("stream", "a-1", of=("appeal_filed",))

    assert ids(ask(filled, one)) == ["f-1", "f-3", "f-5"]
    assert ids(ask(filled, both)) == ["f-3", "f-4", "f-5"]
    assert ask(filled, none) == ()


def test_a_repeated_tag_counts_once(filled):
    question = Question("stream", "a-1", of=("signed_in", "signed_in"))

    assert ids(ask(filled, question)) == ["f-0", "f-2", "f-4"]


def test_joined_streams_answer_as_one(filled):
    with filled.transaction() as tx:
        tx.join("u-1", "u-2")
    question = Question("stream", "a-1", of=("complaint_received",), limit=3)

    assert ids(ask(filled, question)) == ["f-3", "g-1", "f-5"]


def test_another_account_is_found_by_its_user(filled):
    question = Question("account", "a-2")

    assert ids(ask(filled, question)) == ["g-1"]


def test_an_account_nobody_bound_has_the_stream_of_its_name(filled, write):
    with filled.transaction() as tx:
        tx.append([write.fact("h-1", stream="a-9")], [])

    assert ids(ask(filled, Question("account", "a-9"))) == ["h-1"]
    assert ask(filled, Question("account", "a-8")) == ()


def test_facts_are_found_by_a_key_in_every_stream(filled, write):
    every = Question("order", "o-1", of=("complaint_received",))
    newest = Question("order", "o-1", limit=2)

    assert ids(ask(filled, every)) == ["f-1", "f-3", "g-1", "f-5"]
    assert ids(ask(filled, newest)) == ["f-4", "f-5"]
    assert ids(ask(filled, newest, before=write.position("g-1", 3))) == ["f-2", "f-3"]
    assert ask(filled, Question("order", "o-2")) == ()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_key_and_several_tags_give_the_newest_of_all(filled, count):
    tags = ("complaint_received", "appeal_filed", "signed_in")[:count]
    everything = ask(filled, Question("order", "o-1"))
    wanted = [fact.id for fact in everything if fact.tag in tags]

    assert wanted
    assert ids(ask(filled, Question("order", "o-1", of=tags))) == wanted
    assert ids(ask(filled, Question("order", "o-1", of=tags, limit=2))) == wanted[-2:]


def test_an_answer_is_keyed_by_the_question_as_it_was_asked(filled):
    question = Question("order", "the plain value")

    assert len(ask(filled, question, value="o-1")) == 7


def test_many_questions_are_answered_together(filled):
    asked = [
        Question("stream", "a-1", of=("signed_in", "complaint_received"), limit=1),
        Question("order", "o-1", limit=1),
        Question("nothing", "x", Wants.HOLDERS),
        Question("account", "a-2"),
    ]
    with filled.reading() as tx:
        answers = dict(tx.answer([(q, q.value) for q in asked], user="u-1", before=END))

    assert [ids(answers[q]) if answers[q] else [] for q in asked] == [
        ["f-5"], ["f-5"], [], ["g-1"],
    ]  # fmt: skip


def test_no_questions_no_answers(ledger):
    with ledger.reading() as tx:
        assert tx.answer([], user="u-1", before=END) == {}


def test_facts_bring_their_personal_part(ledger, write):
    fact = write.fact("f-1", personal={"first_name": "Ana"})
    with ledger.transaction() as tx:
        tx.append([fact], [write.mark(fact, "order", "o-1")])

    for kind, value in (("order", "o-1"), ("stream", "a-1")):
        (found,) = ask(ledger, Question(kind, value))

        assert found.personal == b'{"first_name":"Ana"}'


def test_holders_come_earliest_first_up_to_the_limit(ledger, write):
    with ledger.transaction() as tx:
        for number in (3, 1, 2):
            fact = write.fact(f"f-{number}", number, stream=f"u-{number}", recorded=3)
            tx.append([fact], [write.mark(fact, "ip", "t", holder=f"a-{number}")])
    question = Question("ip", "t", Wants.HOLDERS, limit=2)

    assert ask(ledger, question) == (
        Holder("a-1", "u-1", write.position("f-1", 1), "f-1"),
        Holder("a-2", "u-2", write.position("f-2", 2), "f-2"),
    )
    assert ask(ledger, question, before=write.position("f-2", 2)) == (
        Holder("a-1", "u-1", write.position("f-1", 1), "f-1"),
    )


def test_a_holder_is_kept_once_with_its_earliest_fact(ledger, write):
    late, early = write.fact("f-2", 2), write.fact("f-1", 1, recorded=5, tag="account_opened")
    with ledger.transaction() as tx:
        tx.append([late], [write.mark(late, "ip", "t", holder="a-1")])
        tx.append([early], [write.mark(early, "ip", "t", holder="a-1")])
        again = write.fact("f-3", 6)
        tx.append([again], [write.mark(again, "ip", "t", holder="a-1")])
    question = Question("ip", "t", Wants.HOLDERS)

    assert ask(ledger, question) == (Holder("a-1", "u-1", early.position, "f-1"),)


def test_a_holder_belongs_to_the_user_it_is_bound_to_by_now(ledger, write):
    fact = write.fact("f-1", stream="a-1")
    with ledger.transaction() as tx:
        tx.append([fact], [write.mark(fact, "ip", "t", holder="a-1", user="a-1")])
        tx.bind("a-1", "u-1")

    (holder,) = ask(ledger, Question("ip", "t", Wants.HOLDERS))

    assert holder.user == "u-1"


def test_holders_and_facts_of_one_key_do_not_mix(ledger, write):
    fact, approval = write.fact("f-1"), write.fact("f-2", 1, tag="approval_granted")
    with ledger.transaction() as tx:
        tx.append([fact], [write.mark(fact, "ip", "t", holder="a-1")])
        tx.append([approval], [write.mark(approval, "ip", "t")])

    assert [h.holder for h in ask(ledger, Question("ip", "t", Wants.HOLDERS))] == ["a-1"]
    assert ids(ask(ledger, Question("ip", "t", of=("approval_granted",)))) == ["f-2"]


def test_a_finding_is_found_in_the_newest_outcome_that_still_holds_it(ledger, write):
    fact, question = write.fact("f-1"), Question("finding", "f-abc", Wants.FINDING)
    outcome = write.follows(fact, b'{"findings":[{"id":"f-abc"}]}')
    with ledger.transaction() as tx:
        tx.append([fact, outcome], [write.mark(fact, "finding", "f-abc")])

    assert [e.id for e in ask(ledger, question)] == ["o:f-1"]
    assert ask(ledger, question, before=fact.position) == ()
    assert ask(ledger, Question("finding", "f-xyz", Wants.FINDING)) == ()

    with ledger.transaction() as tx:
        tx.append([write.follows(fact, b'{"findings":["f-abc"],"n":2}', late="f-0")], [])

    assert [e.id for e in ask(ledger, question)] == ["a:f-1:f-0"]

    with ledger.transaction() as tx:
        tx.append([write.follows(fact, b'{"findings":[]}', late="f-9")], [])

    assert ask(ledger, question) == ()


def test_a_finding_of_two_facts_is_found_where_it_still_stands(ledger, write):
    question = Question("finding", "f-abc", Wants.FINDING)
    with ledger.transaction() as tx:
        for number, body in ((1, b'{"findings":["f-abc"]}'), (2, b'{"findings":["f-abc"]}')):
            fact = write.fact(f"f-{number}", number)
            tx.append([fact, write.follows(fact, body)], [write.mark(fact, "finding", "f-abc")])

    assert [e.id for e in ask(ledger, question)] == ["o:f-1"]

    with ledger.transaction() as tx:
        tx.append([write.follows(write.fact("f-1", 1), b"{}", late="f-0", recorded=2)], [])

    assert [e.id for e in ask(ledger, question)] == ["o:f-2"]


def test_what_stands_after_a_position_is_counted_up_to_a_cap(ledger, write):
    with ledger.transaction() as tx:
        for number in range(5):
            tag = "signed_in" if number < 4 else "signed_out"
            fact = write.fact(f"f-{number}", number, stream=f"u-{number}", tag=tag)
            tx.append([fact], [write.mark(fact, "acted", "rule", holder=f"d-{number}")])
        second = write.position("f-1", 1)

        assert tx.tally("acted", "rule", after="", cap=10) == 5
        assert tx.tally("acted", "rule", after=second, cap=10) == 3
        assert tx.tally("acted", "rule", after="", cap=2) == 2
        assert tx.tally("acted", "other", after="", cap=10) == 0
        assert tx.count_facts(("signed_in",), after="", cap=10) == 4
        assert tx.count_facts(("signed_in", "signed_out"), after=second, cap=10) == 3
        assert tx.count_facts(("signed_in",), after="", cap=3) == 3
        assert tx.count_facts((), after="", cap=3) == 0


def test_facts_are_counted_and_their_outcomes_are_not(ledger, write):
    fact = write.fact("f-1")
    with ledger.transaction() as tx:
        tx.append([fact, write.follows(fact)], [])

        assert tx.count_facts((fact.tag,), after="", cap=10) == 1


@pytest.mark.postgres
class TestOnPostgres:
    """There every journey to the server counts."""

    def test_many_users_cost_no_more_journeys_than_one(self, postgres_url, write, journeys):
        ledger = open_ledger(postgres_url)
        with ledger.transaction() as tx:
            for number in range(9):
                tx.append([write.fact(f"f-{number}", stream=f"u-{number}")], [])
                tx.bind(f"a-{number}", f"u-{number}")
            tx.join("u-3", "u-4")
        told, needed = [], []
        for number in (1, 9):
            asked = [Question("account", f"a-{n}") for n in range(number)]
            with ledger.reading() as tx:
                journeys.clear()
                answers = tx.answer([(q, q.value) for q in asked], user="u-0", before=END)
                needed.append(len(journeys))
            told.append([ids(answers[question]) for question in asked])
        ledger.close()

        assert told[1][3] == ["f-3", "f-4"]
        assert told[1][0] == told[0][0] == ["f-0"]
        assert needed[1] <= needed[0] + 2  # for the User that is read as two

    def test_users_by_their_own_name_cost_two_journeys_and_nobody_is_left_out(
        self, postgres_url, write, journeys
    ):
        ledger = open_ledger(postgres_url)
        with ledger.transaction() as tx:
            for number in range(9):
                tx.append([write.fact(f"f-{number}", stream=f"u-{number}")], [])
            tx.join("u-3", "u-4")
        asked = [Question("account", f"u-{n}") for n in range(3)]
        joined = Question("account", "u-3")
        with ledger.reading() as tx:
            journeys.clear()
            answers = tx.answer([(q, q.value) for q in asked], user="u-0", before=END)
            needed = len(journeys)
            more = tx.answer([(joined, joined.value)], user="u-0", before=END)
        ledger.close()

        assert [ids(answers[question]) for question in asked] == [["f-0"], ["f-1"], ["f-2"]]
        assert ids(more[joined]) == ["f-3", "f-4"]
        assert needed == 2
