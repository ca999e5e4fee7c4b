"""The statements: every hot one finds its rows by an index, and importing stays cheap."""

import sqlite3
import subprocess
import sys

import attrs
import pytest

from policyenforce.ledger import open_ledger
from policyenforce.ledger.statements import statements

WHOLE = {
    "heads", "rows", "orphans", "fact_keys", "users", "count_kinds", "count_streams",
    "count_users", "clear_marks", "clear_holders", "clear_members", "marks",
    "fingerprints", "clear_fingerprints",
}  # fmt: skip
OF_KINDS = "SCAN kinds"  # the kinds of facts, which are themselves found by the index
SQLITE = attrs.asdict(statements("sqlite"))


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    file = tmp_path_factory.mktemp("plans") / "ledger.db"
    open_ledger(f"sqlite:///{file}").close()
    opened = sqlite3.connect(file)
    yield opened
    opened.close()


@pytest.mark.parametrize("name", sorted(SQLITE.keys() - WHOLE))
def test_a_hot_statement_goes_through_an_index(connection, name):
    sql = SQLITE[name]
    plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", [0] * sql.count("?")).fetchall()
    steps = [step[3] for step in plan]

    scans = [step for step in steps if step.startswith("SCAN") and "VIRTUAL TABLE" not in step]

    assert [scan for scan in scans if scan != OF_KINDS] == []


@pytest.mark.parametrize(
    "name",
    ["head", "newest_facts", "newest_tagged", "newest_marked", "holders", "facts", "outcome"],
)
def test_what_is_limited_or_ordered_is_never_sorted(connection, name):
    sql = SQLITE[name]
    plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", [0] * sql.count("?")).fetchall()
    sorts = [step[3] for step in plan if "TEMP B-TREE FOR ORDER BY" in step[3]]

    assert sorts == []


def test_a_statement_checks_the_names_of_its_places():
    from sqlalchemy import bindparam, select
    from sqlalchemy.dialects import sqlite

    from policyenforce.ledger.statements import _Compiler, holder

    compiler = _Compiler("sqlite://", "qmark", sqlite.insert)

    with pytest.raises(AssertionError, match="takes"):
        compiler(select(holder.c.user).where(holder.c.named == bindparam("named")), "user")


def test_the_database_library_is_imported_only_for_a_database():
    code = (
        "import sys; from policyenforce.ledger import open_ledger; open_ledger(None);"
        "print(sorted({'sqlmodel', 'sqlalchemy', 'alembic', 'psycopg'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
