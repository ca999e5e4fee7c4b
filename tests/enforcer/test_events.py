from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest
import structlog
from structlog.testing import capture_logs

import policyenforce as pe
from policyenforce.checks.table import Check
from policyenforce.enforcer import events
from tests.enforcer.conftest import NOW, Record, day, opened, reported

GRAVE = pe.Severity.GRAVE


@pytest.fixture
def configured() -> Iterator[None]:
    structlog.configure(cache_logger_on_first_use=False)
    yield
    structlog.reset_defaults()


@pytest.mark.usefixtures("configured")
def test_a_decision_is_told_once_it_is_committed(enforcer: pe.Enforcer, record: Record) -> None:
    record(opened())
    fact = reported("c-1", "5.6(d)", 1, severity=GRAVE)
    with capture_logs() as told:
        enforcer.preview(fact, now=NOW)
        assert told == []
        outcome = record(fact)
        record(fact)

    assert [entry["decision"] for entry in told] == [d.id for d in outcome.decisions]
    assert {entry["event"] for entry in told} == {"decided"}
    assert told[0]["clauses"] == "5.6(d)"
    assert all(set(entry) <= events.ALLOWED | {"event", "log_level"} for entry in told)
    assert "a-1" not in str(told) and "u-1" not in str(told)


@pytest.mark.usefixtures("configured")
def test_nothing_of_a_batch_that_fails_is_told(enforcer: pe.Enforcer) -> None:
    facts = [opened(), reported("c-1", "5.6(d)", 1, severity=GRAVE), reported("c-2", "9.9", 2)]

    with capture_logs() as told, pytest.raises(pe.TermsError):
        list(enforcer.record_many(facts, now=NOW))

    assert told == []


@pytest.mark.usefixtures("configured")
def test_a_late_fact_tells_how_many_it_amended(record: Record) -> None:
    record(opened(), reported("c-2", "5.6(d)", 10, severity=GRAVE))
    with capture_logs() as told:
        record(reported("c-1", "5.6(f)", 5, severity=GRAVE))

    [amended] = [entry for entry in told if entry["event"] == "amended"]
    assert (amended["fact_kind"], amended["count"]) == ("conduct_reported", 1)


def failing(rules: pe.HouseRules) -> pe.Enforcer:
    def broken(fact: pe.Fact, context: object) -> object:
        raise RuntimeError("ana@secret.example")

    check = Check("conduct", 1, (pe.ConductReported,), broken)  # type: ignore[arg-type]  # it only raises
    return pe.Enforcer(pe.open_enforcer().ledger, rules, pe.TokenKeys.generate(), (check,))


@pytest.mark.usefixtures("configured")
def test_a_check_that_failed_is_an_error_without_what_it_said(rules: pe.HouseRules) -> None:
    with capture_logs() as told:
        failing(rules).record(reported("c-1", "5.6(f)", 1), now=NOW)

    [failed] = [entry for entry in told if entry["event"] == "check_failed"]
    assert failed["log_level"] == "error"
    assert failed["what"] == "check conduct failed with RuntimeError"


@pytest.mark.usefixtures("configured")
def test_plain_facts_tell_nothing(record: Record) -> None:
    with capture_logs() as told:
        record(opened(), pe.SignedIn(id="s", at=day(1), account_id="a-1", device_id="d"))

    assert told == []


def test_a_host_with_plain_logging_gets_lines_from_our_logger(
    rules: pe.HouseRules, record: Record, caplog: pytest.LogCaptureFixture
) -> None:
    structlog.reset_defaults()
    with caplog.at_level(logging.INFO, logger=events.NAME):
        record(opened(), reported("c-1", "5.6(d)", 1, severity=GRAVE))

    assert {entry.name for entry in caplog.records} == {events.NAME}
    assert all(entry.message.startswith("event=decided ") for entry in caplog.records)


def test_a_key_outside_the_list_is_refused() -> None:
    with pytest.raises(KeyError, match="email"):
        events.note("info", "decided", email="ana@secret.example")


def test_a_host_that_configured_nothing_gets_nothing_on_standard_output() -> None:
    script = (
        "import policyenforce as pe\n"
        "import sys\n"
        "from datetime import UTC, datetime\n"
        "then = datetime(2019, 10, 7, tzinfo=UTC)\n"
        "enforcer = pe.open_enforcer()\n"
        "fact = pe.AccountOpened(id='o', at=then, user_id='u', account_id='a')\n"
        "enforcer.record(fact, now=then)\n"
        "assert 'structlog' not in sys.modules\n"
        "report = pe.ConductReported(id='c', at=then, account_id='a', clause='5.6(d)',\n"
        "    reported_by='desk', standard=pe.Standard.BELIEF, severity=pe.Severity.GRAVE)\n"
        "assert enforcer.record(report, now=then).decisions\n"
        "assert 'structlog' in sys.modules\n"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
