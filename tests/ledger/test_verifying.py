"""Verifying: whatever is changed behind the ledger's back, the row is named."""

from hashlib import sha256

import pytest

from policyenforce.ledger import Head, open_ledger
from policyenforce.ledger.chain import digest_of

PERSONAL = {"first_name": "Ana"}
ROWS = 4  # three facts and an outcome, all of u-1


@pytest.fixture
def filled_url(sql_url, write):
    ledger = open_ledger(sql_url)
    facts = [write.fact(f"f-{n}", n, personal=PERSONAL) for n in range(3)]
    with ledger.transaction() as tx:
        tx.append([facts[0], write.follows(facts[0], b'{"n":1}'), *facts[1:]], [])
        tx.append([write.fact("g-1", stream="u-2")], [])
    ledger.close()
    return sql_url


def run(url, *statements):
    """Run statements as somebody would who goes round the ledger."""
    from sqlalchemy import create_engine

    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def tamper(url, statement):
    if url.startswith("sqlite"):
        drop = ["DROP TRIGGER entry_is_never_changed", "DROP TRIGGER entry_is_never_deleted"]
        run(url, *drop, statement)
    else:
        run(url, "ALTER TABLE entry DISABLE TRIGGER USER", "SET session_replication_role = replica",
            statement)  # fmt: skip


def verify(url, anchored=None):
    ledger = open_ledger(url)
    found = ledger.verify(anchored)
    ledger.close()
    return found


def test_an_empty_ledger_verifies(ledger):
    assert ledger.verify() == ()
    assert ledger.heads() == {}


def test_a_full_ledger_verifies(filled_url):
    assert verify(filled_url) == ()


CHANGES = [
    *((column, f"{column} = {column} || 'x'") for column in ("id", "tag", "position", "hash")),
    ("stream", "stream = 'u-9'"),
    ("kind", "kind = CASE kind WHEN 'fact' THEN 'outcome' ELSE 'amendment' END"),
    ("at", "at = at + 1"),
    ("recorded_at", "recorded_at = recorded_at + 1"),
    ("seq", "seq = seq + 10"),
    ("body", "body = {body}"),
]


@pytest.mark.parametrize("seq", range(1, ROWS + 1))
@pytest.mark.parametrize(("column", "change"), CHANGES, ids=[name for name, _ in CHANGES])
def test_a_change_of_any_column_of_any_row_is_found(filled_url, seq, column, change):
    blob = "X'7b7d'" if filled_url.startswith("sqlite") else "'\\x7b7d'::bytea"

    where = f"WHERE stream = 'u-1' AND seq = {seq}"
    tamper(filled_url, f"UPDATE entry SET {change.format(body=blob)} {where}")
    found = verify(filled_url)

    if column == "stream":
        assert ("u-9", seq) in {(p.stream, p.seq) for p in found}
    elif column == "seq":
        first = seq + 1 if seq < ROWS else seq + 10
        assert ("u-1", first) in {(p.stream, p.seq) for p in found}
    else:
        (problem,) = found

        assert (problem.stream, problem.seq) == ("u-1", seq)
        assert problem.id[:1] in "fo"
        assert problem.message == "its columns do not give its hash"


def test_a_deleted_row_is_found_by_the_next(filled_url):
    tamper(filled_url, "DELETE FROM entry WHERE stream = 'u-1' AND seq = 2")

    (problem,) = verify(filled_url)

    assert (problem.seq, problem.id, problem.message) == (3, "f-1", "entry 2 is missing before it")


def test_a_wrong_type_is_found(filled_url):
    if not filled_url.startswith("sqlite"):
        pytest.skip("columns have fixed types there")
    tamper(filled_url, "UPDATE entry SET tag = X'00ff' WHERE id = 'f-1'")

    (problem,) = verify(filled_url)

    assert (problem.id, problem.message) == ("f-1", "a column has another type")


def test_two_rows_that_change_places_are_found(filled_url):
    swap = "CASE seq WHEN 3 THEN 4 WHEN 4 THEN 3 ELSE seq END"
    tamper(
        filled_url,
        f"UPDATE entry SET seq = -({swap}) WHERE stream = 'u-1' AND seq > 2",
    )
    tamper_again = "UPDATE entry SET seq = -seq WHERE seq < 0"
    if filled_url.startswith("sqlite"):
        run(filled_url, tamper_again)
    else:
        run(filled_url, "SET session_replication_role = replica", tamper_again)

    (problem,) = [p for p in verify(filled_url) if p.id]

    assert (problem.seq, problem.id) == (3, "f-2")


@pytest.mark.parametrize("change", ["personal = salt", "salt = personal"])
def test_a_changed_personal_part_is_found(filled_url, change):
    run(filled_url, f"UPDATE vault SET {change} WHERE seq = 3")

    (problem,) = verify(filled_url)

    assert (problem.stream, problem.seq, problem.id) == ("u-1", 3, "f-1")
    assert problem.message == "its personal part is not the one it commits to"


def test_a_personal_part_put_under_another_entry_is_found(filled_url):
    tamper(filled_url, "UPDATE vault SET seq = 2 WHERE seq = 3")

    (problem,) = verify(filled_url)

    assert (problem.seq, problem.id) == (2, "o:f-0")


def test_a_personal_part_of_nobody_is_found(filled_url):
    tamper(filled_url, "UPDATE vault SET stream = 'u-9' WHERE seq = 3")

    (problem,) = verify(filled_url)

    assert (problem.stream, problem.seq) == ("u-9", 3)
    assert problem.message == "a personal part without its entry"


def test_only_the_anchor_shows_that_the_tail_is_gone(filled_url):
    ledger = open_ledger(filled_url)
    heads = ledger.heads()
    ledger.close()

    tamper(filled_url, "DELETE FROM entry WHERE stream = 'u-2'")
    run_without_keys(filled_url, "DELETE FROM entry WHERE stream = 'u-1' AND seq = 4")
    found = [p for p in verify(filled_url, heads) if "personal" not in p.message]

    assert [(p.stream, p.message) for p in found] == [
        ("u-1", "the entries after 3 are gone"),
        ("u-2", "the whole stream is gone"),
    ]
    assert [p for p in verify(filled_url) if "personal" not in p.message] == []


def run_without_keys(url, statement):
    if url.startswith("sqlite"):
        run(url, "PRAGMA foreign_keys=OFF", statement)
    else:
        run(url, "SET session_replication_role = replica", statement)


def test_an_anchor_shows_that_a_chain_was_written_anew(ledger, write):
    with ledger.transaction() as tx:
        tx.append([write.fact("f-1"), write.fact("f-2", 1)], [])
    other = Head(1, "0" * 64, 0)

    (problem,) = ledger.verify({"u-1": other})

    assert (problem.seq, problem.message) == (1, "not the entry that was anchored")


def test_an_anchor_stays_good_as_the_chain_grows(ledger, write):
    with ledger.transaction() as tx:
        tx.append([write.fact("f-1")], [])
    heads = ledger.heads()
    with ledger.transaction() as tx:
        tx.append([write.fact("f-2", 1)], [])

    assert ledger.verify(heads) == ()


def test_the_digest_covers_every_head(ledger, write):
    seen = {ledger.head_digest()}
    for number, stream in enumerate(("u-1", "u-2", "u-1")):
        with ledger.transaction() as tx:
            tx.append([write.fact(f"f-{number}", number, stream=stream)], [])
        seen.add(ledger.head_digest())

    assert len(seen) == 4
    assert ledger.head_digest() == digest_of(dict(reversed(ledger.heads().items())))


def test_every_store_hashes_alike_and_as_documented(ledger, write):
    fact = write.fact("f-1")
    with ledger.transaction() as tx:
        tx.append([fact, write.follows(fact)], [])

    at = 1_570_179_600_000_000
    hashes = ["0" * 64]
    for seq, (name, kind, body) in enumerate(
        [("f-1", "fact", fact.body), ("o:f-1", "outcome", b"{}")], start=1
    ):
        line = f'["u-1",{seq},"{name}","{kind}","signed_in","10{at}|50|f-1",{at},{at}]\n'
        hashes.append(sha256(hashes[-1].encode() + line.encode() + body).hexdigest())

    assert ledger.heads() == {"u-1": (2, hashes[-1], at)}
    assert ledger.head_digest() == (sha256(f'["u-1",2,"{hashes[-1]}",{at}]\n'.encode()).hexdigest())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET tag = 'x' WHERE id = 'f-1'",
        "UPDATE entry SET tag = tag",
        "DELETE FROM entry WHERE id = 'g-1'",
        "DELETE FROM entry",
    ],
)
def test_triggers_refuse_to_change_the_history(filled_url, statement):
    from sqlalchemy.exc import DBAPIError

    with pytest.raises(DBAPIError, match="the history is never"):
        run(filled_url, statement)

    assert verify(filled_url) == ()


def test_a_replaced_row_meets_the_trigger_of_a_ledgers_own_connection(filled_url, write):
    if not filled_url.startswith("sqlite"):
        pytest.skip("only SQLite replaces rows")
    from policyenforce.errors import LedgerError

    ledger = open_ledger(filled_url)
    with pytest.raises(LedgerError, match="never deleted"), ledger.transaction() as tx:
        tx._cursor.execute("INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE id = 'g-1'")
    ledger.close()


@pytest.mark.postgres
def test_the_history_cannot_be_emptied_at_once(postgres_url, write):
    from sqlalchemy.exc import DBAPIError

    open_ledger(postgres_url).close()

    with pytest.raises(DBAPIError, match="the history is never"):
        run(postgres_url, "TRUNCATE entry CASCADE")


def test_a_tampered_memory_is_found_too(write):
    from attrs import evolve

    from policyenforce.ledger import MemoryLedger

    ledger = MemoryLedger()
    with ledger.transaction() as tx:
        tx.append([write.fact("f-1"), write.fact("f-2", 1)], [])
    chain = ledger._state.chains["u-1"]
    chain[1] = evolve(chain[1], recorded_at=write.at(-1))

    (problem,) = ledger.verify()

    assert (problem.stream, problem.seq, problem.id) == ("u-1", 2, "f-2")


def test_a_chain_forged_with_times_that_run_backwards_is_found(write):
    from policyenforce.ledger import chain

    first, second = (write.fact(name, n, stream="u-1") for n, name in ((1, "f-1"), (0, "f-2")))
    rows, _ = chain.link([first], lambda stream: None)
    columns = chain.link([second], lambda stream: Head(1, rows[0].hash, 0))[0]

    (problem,) = chain.problems([*rows, *columns])

    assert (problem.id, problem.message) == ("f-2", "recorded before its predecessor")
