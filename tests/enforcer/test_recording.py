from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import policyenforce as pe
from policyenforce.checks.listing import CHECKS
from policyenforce.ledger.open import open_ledger
from policyenforce.policy.load import load_rules
from tests.enforcer.conftest import NOW, Record, day, opened, reported

SERIOUS, GRAVE = pe.Severity.SERIOUS, pe.Severity.GRAVE


def test_the_same_fact_twice_gives_the_stored_outcome_and_adds_nothing(
    enforcer: pe.Enforcer, record: Record
) -> None:
    first = record(opened(), reported("c-1", "5.6(f)", 1, severity=SERIOUS))
    digest = enforcer.ledger.head_digest()

    assert record(reported("c-1", "5.6(f)", 1, severity=SERIOUS)) == first
    assert enforcer.ledger.head_digest() == digest


def test_a_known_id_with_another_body_is_refused_and_nothing_changes(
    enforcer: pe.Enforcer, record: Record
) -> None:
    record(opened(), reported("c-1", "5.6(f)", 1))
    digest = enforcer.ledger.head_digest()

    with pytest.raises(pe.ConflictError, match="c-1"):
        record(reported("c-1", "5.6(d)", 1))

    assert enforcer.ledger.head_digest() == digest


def test_a_known_id_with_another_personal_part_is_refused(record: Record) -> None:
    record(pe.SignedIn(id="s-1", at=day(1), account_id="a-1", device_id="phone-1"))

    with pytest.raises(pe.ConflictError):
        record(pe.SignedIn(id="s-1", at=day(1), account_id="a-1", device_id="phone-2"))


def test_a_clause_the_terms_do_not_have_is_refused(enforcer: pe.Enforcer, record: Record) -> None:
    digest = enforcer.ledger.head_digest()

    with pytest.raises(pe.TermsError):
        record(reported("c-1", "9.9", 1))

    assert enforcer.ledger.head_digest() == digest


@pytest.mark.parametrize("kind", [pe.UsersLinked, pe.UsersSeparated])
def test_a_user_is_never_paired_with_itself(
    enforcer: pe.Enforcer, record: Record, kind: type[pe.UsersLinked]
) -> None:
    pair = kind(id="l", at=day(1), user_id="u-1", other_user_id="u-1", by="ana")
    record(opened())

    with pytest.raises(pe.FactError, match="other_user_id: user `u-1` named twice"):
        record(pair)
    with pytest.raises(pe.FactError):
        enforcer.admit([pair])


def test_a_fact_from_before_the_terms_is_refused(record: Record) -> None:
    with pytest.raises(pe.TermsError):
        record(reported("c-1", "5.6(f)", -100))


@pytest.mark.parametrize("thing", ["application_received", None, {"fact": "signed_in"}])
def test_what_is_no_fact_is_refused(enforcer: pe.Enforcer, thing: object) -> None:
    for taken in (enforcer.record, enforcer.preview):
        with pytest.raises(pe.InputError, match=f"a {type(thing).__name__} is no fact"):
            taken(thing, now=NOW)  # type: ignore[operator]  # no fact, on purpose


def test_a_naive_now_is_refused(enforcer: pe.Enforcer) -> None:
    with pytest.raises(pe.InputError, match="zone"):
        enforcer.record(opened(), now=datetime(2020, 1, 1))  # that is the point


@pytest.mark.parametrize("instant", [datetime(2020, 1, 1), "2020-01-01T00:00:00Z", None])
def test_what_is_no_instant_is_refused_by_the_name_of_its_argument(
    enforcer: pe.Enforcer, instant: Any
) -> None:
    enforcer.record(opened(), now=NOW)
    asked: dict[str, Callable[[], object]] = {
        "now": lambda: enforcer.due(now=instant),
        "at": lambda: enforcer.standing("a-1", at=instant),
        "since": lambda: enforcer.reverse("remove_content", since=instant),
    }
    for name, ask in asked.items():
        with pytest.raises(pe.InputError, match=f"`{name}`"):
            ask()


@pytest.mark.parametrize(
    "told",
    [
        lambda enforcer: enforcer.record(opened(), now=NOW),
        lambda enforcer: enforcer.preview(opened(), now=NOW),
        lambda enforcer: list(enforcer.record_many([opened()], now=NOW)),
    ],
)
def test_what_a_check_makes_once_is_made_while_no_transaction_is_open(
    told: Callable[[pe.Enforcer], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    check = evolve(
        CHECKS[0], reads=(pe.AccountOpened,), ready=lambda *_: steps.append("made"), run=_clear
    )
    enforcer = pe.Enforcer(open_ledger("memory:"), load_rules(), pe.TokenKeys.generate(), (check,))
    begin = enforcer.ledger.transaction

    def watched(*streams: Any) -> Any:
        steps.append("begun")
        return begin(*streams)

    monkeypatch.setattr(enforcer.ledger, "transaction", watched)
    told(enforcer)
    told(enforcer)

    assert steps == ["made", "begun", "begun"]


def _clear(*_: object) -> Iterator[Any]:
    return iter(())


def test_preview_gives_what_record_gives_and_keeps_nothing(
    enforcer: pe.Enforcer, record: Record
) -> None:
    record(opened())
    digest = enforcer.ledger.head_digest()
    fact = reported("c-1", "5.6(d)", 1, severity=GRAVE)

    previewed = enforcer.preview(fact, now=NOW)

    assert previewed.decisions
    assert enforcer.ledger.head_digest() == digest
    assert enforcer.standing("a-1", at=NOW).points == 0
    assert record(fact) == previewed


def test_a_batch_that_fails_leaves_nothing_of_itself(enforcer: pe.Enforcer) -> None:
    facts = [opened(), reported("c-1", "5.6(f)", 1), reported("c-2", "9.9", 2)]

    with pytest.raises(pe.TermsError):
        list(enforcer.record_many(facts, now=NOW))

    assert list(enforcer.decisions()) == []
    with pytest.raises(pe.UnknownError):
        enforcer.standing("a-1", at=NOW)


def test_batches_give_what_single_records_give(rules: pe.HouseRules) -> None:
    keys = pe.TokenKeys.generate()
    facts = [opened(), *(reported(f"c-{i}", "5.6(f)", i + 1) for i in range(7))]
    one, many = (pe.open_enforcer(policy=rules, keys=keys) for _ in range(2))

    singly = [one.record(fact, now=NOW) for fact in facts]

    assert list(many.record_many(facts, now=NOW, batch=3)) == singly
    assert many.ledger.head_digest() == one.ledger.head_digest()


def test_no_action_starts_before_the_platform_learnt_of_it(record: Record) -> None:
    outcome = record(opened(), reported("c-1", "5.6(d)", 1, severity=GRAVE))

    assert {a.starts for d in outcome.decisions for a in d.actions} == {NOW}


def test_a_late_fact_amends_what_came_after_it_and_names_itself(
    enforcer: pe.Enforcer, record: Record
) -> None:
    record(opened(), reported("c-2", "5.6(d)", 10, severity=SERIOUS))
    before = enforcer.standing("a-1", at=NOW).points

    late = record(reported("c-1", "5.6(f)", 5, severity=SERIOUS), now=NOW + timedelta(days=1))

    assert late.amendments == ("c-2",)
    assert enforcer.standing("a-1", at=NOW).points > before
    with enforcer.ledger.reading() as tx:
        entry = tx.outcomes("u-1")["c-2"]
    assert entry.kind == "amendment"
    assert b'"because_of":"c-1"' in entry.body


def test_what_was_known_then_can_still_be_asked(enforcer: pe.Enforcer, record: Record) -> None:
    record(opened(), reported("c-2", "5.6(d)", 10, severity=SERIOUS))
    then = enforcer.standing("a-1", at=NOW)
    record(reported("c-1", "5.6(d)", 1, severity=GRAVE), now=NOW + timedelta(days=1))

    assert enforcer.standing("a-1", at=NOW, known_at=NOW) == then
    assert enforcer.standing("a-1", at=NOW).points > then.points


def test_a_late_fact_that_changes_nothing_amends_nothing(record: Record) -> None:
    record(opened(), reported("c-2", "5.6(d)", 10))

    late = record(pe.SignedOut(id="s-1", at=day(2), account_id="a-1"), now=NOW)

    assert late.amendments == ()


def test_facts_of_an_account_may_come_before_its_opening(
    enforcer: pe.Enforcer, record: Record
) -> None:
    record(reported("c-1", "5.6(d)", 2, severity=GRAVE))
    alone = enforcer.standing("a-1", at=NOW)

    record(opened())

    joined = enforcer.standing("a-1", at=NOW)
    assert alone.state is pe.AccountState.UNKNOWN
    assert joined.state is pe.AccountState.OPEN
    assert (joined.user, joined.points) == ("u-1", alone.points)
    assert len(list(enforcer.decisions())) == 1


def test_linked_users_are_read_as_one_and_separated_again(
    enforcer: pe.Enforcer, record: Record
) -> None:
    record(
        opened(),
        opened("a-2", "u-2"),
        reported("c-1", "5.6(d)", 2, severity=SERIOUS),
        reported("c-2", "5.6(d)", 20, severity=SERIOUS, account_id="a-2"),
    )
    apart = [enforcer.standing(a, at=NOW).points for a in ("a-1", "a-2")]

    record(pe.UsersLinked(id="l", at=day(30), user_id="u-1", other_user_id="u-2", by="ana"))
    linked = [enforcer.standing(a, at=NOW).points for a in ("a-1", "a-2")]
    record(pe.UsersSeparated(id="s", at=day(31), user_id="u-1", other_user_id="u-2", by="ana"))

    assert linked == [sum(apart), sum(apart)]
    assert [enforcer.standing(a, at=NOW).points for a in ("a-1", "a-2")] == apart
    assert list(enforcer.stale()) == []


def test_a_check_that_fails_is_told_and_is_never_clear(rules: pe.HouseRules) -> None:
    def broken(fact: pe.Fact, context: object) -> object:
        raise RuntimeError("secret")

    from policyenforce.checks.table import Check

    check = Check("conduct", 1, (pe.ConductReported,), broken)  # type: ignore[arg-type]  # it only raises
    enforcer = pe.Enforcer(pe.open_enforcer().ledger, rules, pe.TokenKeys.generate(), (check,))

    outcome = enforcer.record(reported("c-1", "5.6(f)", 1), now=NOW)

    assert outcome.errors == ("check conduct failed with RuntimeError",)
    assert outcome.cannot_tell[0].missing == ("a working check `conduct`",)


FACTS = (
    opened(),
    opened("a-2", "u-2"),
    reported("c-1", "5.6(f)", 1, severity=SERIOUS),
    reported("c-2", "5.6(d)", 2, severity=GRAVE),
    reported("c-3", "5.6(d)", 2.5, severity=SERIOUS),
    reported("c-4", "5.6(b)", 9, severity=GRAVE, account_id="a-2"),
    reported("c-5", "5.6(e)", 9, pe.Standard.SUSPICION),
    pe.UnauthorisedUseReported(
        id="x", at=day(3), account_id="a-1", aware_at=day(2.2), since=day(1.5)
    ),
    pe.SignedIn(id="s-1", at=day(1), account_id="a-1", device_id="d-1"),
    pe.AccountClosed(id="end", at=day(40), account_id="a-2"),
    pe.UsersLinked(id="l", at=day(30), user_id="u-1", other_user_id="u-2", by="ana"),
)
RULES = load_rules()
KEYS = pe.TokenKeys.generate()


def replayed(facts: tuple[pe.Fact, ...]) -> tuple[pe.Standing, ...]:
    enforcer = pe.open_enforcer(policy=RULES, keys=KEYS)
    for fact in facts:
        enforcer.record(fact, now=NOW)
    assert list(enforcer.stale()) == []
    return tuple(enforcer.standing(a, at=NOW) for a in ("a-1", "a-2"))


@settings(max_examples=60, deadline=None)
@given(st.permutations(FACTS))
def test_any_order_of_arrival_gives_the_same_standings(facts: list[pe.Fact]) -> None:
    assert replayed(tuple(facts)) == replayed(FACTS)
