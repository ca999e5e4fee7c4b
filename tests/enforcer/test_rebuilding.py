from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import policyenforce as pe
from policyenforce.testing.marketplace import marketplace
from tests.enforcer.conftest import NOW, START, Record, day, opened, reported

PROJECTIONS = ("mark", "holder", "member", "history")
KEYS = pe.TokenKeys.generate()


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger in which much has happened: the cast of the example marketplace."""
    path = tmp_path_factory.mktemp("rebuilding") / "ledger.db"
    enforcer = pe.open_enforcer(f"sqlite:///{path}", keys=KEYS)
    for _ in enforcer.record_many(marketplace(members=0), now=lambda fact: fact.at):
        pass
    enforcer.record(
        pe.UsersLinked(id="l", at=day(90), user_id="u-x", other_user_id="u-y", by="m"), now=NOW
    )
    enforcer.close()
    return path


@pytest.fixture
def store(recorded: Path, tmp_path: Path) -> Iterator[Path]:
    copy = tmp_path / "ledger.db"
    with sqlite3.connect(recorded) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    yield copy


def answers(path: Path) -> dict[str, Any]:
    """All that a person or a backend can ask of the ledger, from a process of its own."""
    enforcer = pe.open_enforcer(f"sqlite:///{path}", keys=KEYS)
    try:
        decisions = sorted(enforcer.decisions(), key=lambda d: d.id)
        accounts = sorted({d.account_id for d in decisions})
        application = next(f for f in marketplace(members=0) if f.tag == "application_received")
        again = {"id": "again", "at": day(150), "user_id": "u-again", "application_id": "app-again"}
        newcomer = pe.fact_from_json(
            {**pe.fact_to_json(application), **again, "at": day(150).isoformat()}
        )
        return {
            "decisions": decisions,
            "cases": sorted(enforcer.cases(), key=lambda c: c.id),
            "standings": [enforcer.standing(account, at=NOW) for account in accounts],
            "explanations": [enforcer.explain(decision.id) for decision in decisions],
            "related": enforcer.preview(newcomer, now=NOW).findings,
            "stale": list(enforcer.stale()),
            "head": enforcer.ledger.head_digest(),
        }
    finally:
        enforcer.close()


def rebuilt(path: Path) -> int:
    enforcer = pe.open_enforcer(f"sqlite:///{path}", keys=KEYS)
    try:
        return enforcer.rebuild()
    finally:
        enforcer.close()


def by_hand(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


FOREVER = datetime.max.replace(tzinfo=UTC)
EXAMPLE = marketplace()
SHUFFLED = random.Random(7).sample(CAST := marketplace(members=0), len(CAST))


def projections(enforcer: pe.Enforcer, facts: Sequence[pe.Fact]) -> dict[str, object]:
    """Every row of every projection, but for how often a history has changed."""
    named = {name for f in facts for name in (f.named, getattr(f, "user_id", None)) if name}
    with enforcer.ledger.reading() as tx:
        return {
            "marks": set(tx.marks()),
            "holders": {name: tx.stream_of(name) for name in named},
            "members": {user: tx.members(user) for user in tx.users()},
            "histories": {user: (row := tx.history(user)) and row[1:] for user in tx.users()},
            "deadlines": tx.deadlines(FOREVER),
        }


@pytest.mark.parametrize("store", ["memory:", "sqlite:///{}/ledger.db"], ids=["memory", "sqlite"])
@pytest.mark.parametrize("facts", [EXAMPLE, SHUFFLED], ids=["in order", "in any order"])
def test_rebuilding_gives_back_every_projection_as_it_was_kept(
    tmp_path: Path, store: str, facts: Sequence[pe.Fact]
) -> None:
    enforcer = pe.open_enforcer(store.format(tmp_path), keys=KEYS)
    for _ in enforcer.record_many(facts, now=NOW):
        pass
    before = projections(enforcer, facts)

    assert enforcer.rebuild() == 0
    assert projections(enforcer, facts) == before
    enforcer.close()


def test_the_index_leads_to_nothing_that_an_amendment_took_away() -> None:
    enforcer = pe.open_enforcer(keys=KEYS)
    told = [enforcer.record(fact, now=fact.at) for fact in CAST]
    decided = {decision.id for decision in enforcer.decisions()}
    gone = {d.id for outcome in told for d in outcome.decisions} - decided

    with enforcer.ledger.reading() as tx:
        assert {mark.value for mark in tx.marks() if mark.kind == "decided"} == decided
    for one in gone:
        with pytest.raises(pe.UnknownError):
            enforcer.explain(one)


@pytest.mark.parametrize("known_first", [True, False])
def test_a_deadline_whose_passing_is_recorded_is_off_the_list_whichever_came_first(
    enforcer: pe.Enforcer, record: Record, known_first: bool
) -> None:
    asked = pe.InformationRequested(
        id="q", at=day(1), account_id="a-1", request_id="r", purpose=pe.RequestPurpose.SERVICE,
        due_at=day(5),
    )  # fmt: skip
    passed = pe.DeadlinePassed(
        id="due:a-1:r", at=day(9), account_id="a-1", deadline="request_due", concerns="r"
    )

    record(opened(), *((passed, asked) if known_first else (asked, passed)))

    assert enforcer.due(now=NOW) == ()


def test_the_example_has_something_to_lose(store: Path) -> None:
    found = answers(store)

    assert len(found["decisions"]) > 20
    assert found["cases"] and found["related"]
    assert any(e.kind for f in found["related"] for e in f.evidence)


def test_rebuilding_what_is_sound_changes_no_answer(store: Path) -> None:
    before = answers(store)

    assert rebuilt(store) == 0
    assert answers(store) == before


@pytest.mark.parametrize("table", PROJECTIONS)
def test_a_projection_that_was_lost_is_restored(store: Path, table: str) -> None:
    before = answers(store)
    by_hand(store, f"DELETE FROM {table}")

    rebuilt(store)

    assert answers(store) == before


def test_all_projections_lost_at_once_are_restored(store: Path) -> None:
    before = answers(store)
    by_hand(store, *(f"DELETE FROM {table}" for table in PROJECTIONS))

    assert rebuilt(store) > 0
    assert answers(store) == before


@pytest.mark.parametrize(
    "corruption",
    [
        "UPDATE history SET body = 'not JSON'",
        "UPDATE history SET newest = 'z', body = (SELECT body FROM history LIMIT 1)",
        "UPDATE holder SET user = 'nobody'",
        "UPDATE mark SET user = 'nobody', fact_id = 'none', holder = 'x' || rowid_of",
        "UPDATE mark SET value = value || 'x'",
        "INSERT INTO member (user, stream) SELECT 'u-x', user FROM history WHERE user != 'u-x'",
        "INSERT INTO history (user, version, newest, body) VALUES ('ghost', 1, 'z', '{}')",
    ],
)
def test_a_projection_that_was_changed_by_hand_is_restored(store: Path, corruption: str) -> None:
    before = answers(store)
    by_hand(store, corruption.replace("rowid_of", "hex(randomblob(8))"))

    rebuilt(store)

    assert answers(store) == before


def test_deadlines_that_were_lost_come_due_again_and_those_done_stay_done(
    enforcer: pe.Enforcer, record: Record, tmp_path: Path
) -> None:
    path = tmp_path / "ledger.db"
    one = pe.open_enforcer(f"sqlite:///{path}", keys=KEYS)
    for number, due in ((1, 2), (2, 50)):
        asked = pe.InformationRequested(
            id=f"q-{number}", at=day(1), account_id="a-1", request_id=f"r-{number}",
            purpose=pe.RequestPurpose.SERVICE, due_at=day(due),
        )  # fmt: skip
        one.record(asked, now=day(1))
    done = one.due(now=day(20))
    one.close()
    by_hand(path, "DELETE FROM deadline")

    rebuilt(path)

    one = pe.open_enforcer(f"sqlite:///{path}", keys=KEYS)
    assert [o.fact_id for o in done] == ["due:a-1:r-1"]
    assert [o.fact_id for o in one.due(now=day(80))] == ["due:a-1:r-2"]
    one.close()


ERASABLE = (
    pe.SignalObserved(
        id="s-1", at=day(1), account_id="a-1", kind=pe.SignalKind.DEVICE, value="phone-1"
    ),
    pe.DetailsAmended(id="s-1", at=day(1), account_id="a-1", changed={"email": "ana@a.example"}),
    pe.RightsClaimed(
        id="s-1",
        at=day(1),
        account_id="a-1",
        claim_id="r-1",
        content_id="c-1",
        claimant="Ana",
        right="mark",
        owner="Ana Ltd",
    ),
)


@pytest.mark.parametrize("fact", ERASABLE, ids=lambda fact: fact.tag)
def test_a_history_can_be_read_again_after_what_was_personal_in_it_is_erased(
    enforcer: pe.Enforcer, record: Record, fact: pe.Fact
) -> None:
    record(opened(), fact)
    with enforcer.ledger.transaction() as tx:
        assert tx.erase_personal("u-1") == 1

    assert enforcer.rebuild() == 0
    assert list(enforcer.stale()) == []
    record(pe.SignedOut(id="late", at=day(0.5), account_id="a-1"))
    assert enforcer.standing("a-1", at=NOW, known_at=NOW).state is pe.AccountState.OPEN


def test_tokens_of_an_erased_user_outlive_a_rebuild(enforcer: pe.Enforcer, record: Record) -> None:
    record(
        opened(),
        pe.SignalObserved(
            id="s-1", at=day(1), account_id="a-1", kind=pe.SignalKind.DEVICE, value="phone-1"
        ),
    )
    with enforcer.ledger.transaction() as tx:
        tx.erase_personal("u-1")
        before = {row for row in tx.marks() if row.kind == "device"}

    enforcer.rebuild()

    with enforcer.ledger.reading() as tx:
        assert {row for row in tx.marks() if row.kind == "device"} == before != set()


def test_users_linked_and_separated_are_read_as_before(
    enforcer: pe.Enforcer, record: Record
) -> None:
    record(
        reported("early", "5.6(d)", 1, severity=pe.Severity.SERIOUS),  # before its opening is known
        opened(),
        opened("a-2", "u-2"),
        opened("a-3", "u-3"),
        pe.UsersLinked(id="l-1", at=day(30), user_id="u-1", other_user_id="u-2", by="ana"),
        pe.UsersLinked(id="l-2", at=day(31), user_id="u-2", other_user_id="u-3", by="ana"),
        reported("c-2", "5.6(f)", 32, account_id="a-2"),
        pe.UsersSeparated(id="s", at=day(33), user_id="u-1", other_user_id="u-2", by="ana"),
        reported("c-3", "5.6(f)", 34, account_id="a-2"),
    )
    before = [enforcer.standing(f"a-{n}", at=NOW) for n in (1, 2, 3)]

    assert enforcer.rebuild() == 0
    assert [enforcer.standing(f"a-{n}", at=NOW) for n in (1, 2, 3)] == before
    assert list(enforcer.stale()) == []


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ("UPDATE vault SET personal = x'00'", "the entry `ap-1` is damaged"),
        ("UPDATE vault SET personal = '[1]'", "the entry `ap-1` is damaged"),
        ("UPDATE entry SET body = x'00ff' WHERE id = 'ap-1'", "the entry `ap-1` is damaged"),
        ("UPDATE entry SET at = 'soon' WHERE id = 'ap-1'", "the entry `ap-1` is damaged"),
        ("UPDATE entry SET at = 9223372036854775807", "is damaged"),
        ("UPDATE entry SET body = x'00' WHERE id = 'o:ap-1'", "the outcome of `ap-1` is damaged"),
        ("UPDATE entry SET body = '[]' WHERE id = 'o:ap-1'", "the outcome of `ap-1` is damaged"),
        ("UPDATE entry SET body = '{}' WHERE id = 'o:ap-1'", "the outcome of `ap-1` is damaged"),
    ],
)
def test_a_damaged_entry_is_named_by_a_rebuild_which_then_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str, says: str
) -> None:
    monkeypatch.setattr("policyenforce.ledger.sql.CHUNK", 1)  # so that it is left halfway
    path = tmp_path / "ledger.db"
    one = pe.open_enforcer(f"sqlite:///{path}", keys=KEYS)
    one.record(
        pe.ApplicationReceived(
            id="ap-1", at=day(1), user_id="u-9", application_id="app-9",
            kind=pe.UserKind.PERSON, first_name="Sentinella",
        ), now=day(1),
    )  # fmt: skip
    one.record(opened("a-8", "u-8"), now=day(1))
    one.close()
    with sqlite3.connect(path) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        by_hand(path, *(f"DROP TRIGGER {name}" for (name,) in triggers.fetchall()), damage)

    with pytest.raises(pe.IntegrityError, match=says) as refused:
        rebuilt(path)

    assert "stream `" in str(refused.value) and "ledger verify" in str(refused.value)
    assert "Sentinella" not in str(refused.value)


def test_a_rebuild_that_fails_leaves_all_as_it_was(
    enforcer: pe.Enforcer, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(opened(), reported("c-1", "5.6(d)", 1))
    before = enforcer.standing("a-1", at=START)
    monkeypatch.setattr("policyenforce.enforcer.rebuilding._fold", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        enforcer.rebuild()

    assert enforcer.standing("a-1", at=START) == before
