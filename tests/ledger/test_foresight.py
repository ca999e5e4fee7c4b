"""What is likely asked next: read along with the first answers where each journey counts."""

import pytest

from policyenforce.ledger import open_ledger
from policyenforce.ledger.foresight import _FEW, _MANY
from policyenforce.model.questions import BEARER, SAME_KEY, Question, Wants

END = "~"  # after every position
OPENED, CLOSED, GRANTED = "account_opened", "account_closed", "approval_granted"
LIKELY = (
    Question(SAME_KEY, SAME_KEY, of=(GRANTED, "approval_revoked")),
    Question("account", BEARER, of=(OPENED,)),
    Question("account", BEARER, of=(CLOSED, "application_received"), limit=3),
)
FIRST = (
    Question("device", "d-1", Wants.HOLDERS),
    Question("ip", "i-1", Wants.HOLDERS),
    Question("stream", "u-9", of=(OPENED,)),
)
BEARERS = ("u-1", "u-2", "u-3", "u-4", "u-5", "u-6", "u-7")
NEXT = tuple(
    question._replace(kind=kind, value=value)
    for question in LIKELY[:1]
    for kind, value in (("device", "d-1"), ("ip", "i-1"))
) + tuple(question._replace(value=user) for question in LIKELY[1:] for user in BEARERS)


def bear(tx, write, user, number, *, kind="device", value="d-1", tag=OPENED):
    fact = write.fact(f"{user}/{kind}/{number}", number, stream=user, tag=tag)
    tx.append([fact], [write.mark(fact, kind, value, holder=f"{user}/{number}", user=user)])


def fill(ledger, write):
    """A device of seven Users, of whom two are read as one, and an address of a whole town."""
    with ledger.transaction() as tx:
        for number, user in enumerate(BEARERS):
            bear(tx, write, user, number)
        for number in range(10, 16):
            tx.append([write.fact(f"c-{number}", number, stream="u-1", tag=CLOSED)], [])
        tx.append([write.fact(f"l-{n}", 20, stream="u-6", tag=OPENED) for n in range(_MANY)], [])
        tx.join("u-2", "u-3")
        tx.bind("u-4", "u-5")
        for number in range(_FEW + 4):
            bear(tx, write, f"t-{number}", number, kind="ip", value="i-1")
        granted = write.fact("g-1", 30, stream="u-8", tag=GRANTED)
        tx.append([granted], [write.mark(granted, "device", "d-1")])


def answers(tx, questions, likely=(), user="u-9"):
    told = tx.answer([(q, q.value) for q in questions], user=user, before=END, likely=likely)
    return {question: told[question] for question in questions}


def test_what_is_likely_changes_no_answer(ledger, write):
    fill(ledger, write)
    with ledger.reading() as tx:
        plain = {**answers(tx, FIRST), **answers(tx, NEXT)}
    with ledger.reading() as tx:
        told = {**answers(tx, FIRST, LIKELY), **answers(tx, NEXT)}

    assert told == plain
    assert len(plain[NEXT[0]]) == 1  # the approval of the device
    assert [f.id for f in plain[LIKELY[1]._replace(value="u-2")]] == [
        "u-2/device/1",
        "u-3/device/2",
    ]
    assert [f.id for f in plain[LIKELY[2]._replace(value="u-1")]] == ["c-13", "c-14", "c-15"]


def test_what_is_written_meanwhile_is_seen(ledger, write):
    fill(ledger, write)
    with ledger.transaction() as tx:
        answers(tx, FIRST, LIKELY)
        tx.append([write.fact("n-1", 40, stream="u-7", tag=OPENED)], [])
        told = answers(tx, NEXT)

    assert [f.id for f in told[LIKELY[1]._replace(value="u-7")]] == ["u-7/device/6", "n-1"]


def test_one_who_is_read_as_two_sees_what_is_of_both(ledger, write):
    with ledger.transaction() as tx:
        for user in ("u-9", "u-10"):
            bear(tx, write, user, 1)
        tx.join("u-9", "u-10")
    with ledger.reading() as tx:
        told = answers(tx, FIRST, LIKELY)

    assert [fact.stream for fact in told[FIRST[2]]] == ["u-10", "u-9"]


@pytest.mark.postgres
class TestOnPostgres:
    @pytest.fixture
    def filled(self, postgres_url, write):
        ledger = open_ledger(postgres_url)
        fill(ledger, write)
        yield ledger
        ledger.close()

    def test_all_of_a_rare_key_comes_on_one_journey(self, filled, journeys):
        alone = [question for question in NEXT if question.value in ("d-1", "u-1", "u-7")]
        with filled.reading() as tx:
            journeys.clear()
            first = answers(tx, FIRST, LIKELY)
            told = answers(tx, alone)

        assert len(journeys) == 1
        assert len(first[FIRST[0]]) == len(BEARERS)
        assert [len(told[question]) for question in alone] == [1, 1, 1, 3, 0]

    @pytest.mark.parametrize("user", ["u-2", "u-6", "t-3"])
    def test_what_was_not_foreseen_is_asked_as_ever(self, filled, journeys, user):
        question = LIKELY[1]._replace(value=user)
        with filled.reading() as tx:
            answers(tx, FIRST, LIKELY)
            journeys.clear()
            told = answers(tx, [question])

        assert journeys
        assert told[question]
