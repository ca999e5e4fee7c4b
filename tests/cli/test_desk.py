"""The desk by command: cases, protective measures, conflicts, notices put off."""

from __future__ import annotations

import pytest

from tests.cli.conftest import NOW, Cli
from tests.cli.test_people import ANA, BEN, only

LATER, END = "2019-12-02T00:00:00Z", "2019-12-05T00:00:00Z"


def by(who: str = ANA, now: str = NOW) -> tuple[str, ...]:
    return ("--by", who, "--reason", "as the record shows", "--now", now)


def waiting(cli: Cli, store: str) -> str:
    return next(row["case"] for row in cli("cases", "--store", store).rows if row["findings"])


def test_a_case_is_handed_on_and_rests(cli: Cli, store: str) -> None:
    case = waiting(cli, store)
    assert cli("case", case, "--store", store, "--to", "ben", *by()).code == 0
    mine = cli("case", case, "--store", store, *by(now=LATER))
    rests = cli("case", case, "--store", store, "--snooze", END, *by(BEN, LATER))

    assert mine.code == 3 and "is assigned to `ben`" in mine.err
    assert rests.rows[0]["cases"][0]["snoozed_until"] == END
    [told] = [row for row in cli("cases", "--store", store).rows if row["case"] == case]
    assert (told["assigned"], told["rests_until"][:10]) == ("ben", END[:10])
    assert case not in [row["case"] for row in cli("cases", "--store", store, "--at", LATER).rows]


def test_a_case_is_decided_by_hand(cli: Cli, store: str) -> None:
    case = waiting(cli, store)
    done = cli("case", case, "--store", store, "--action", "suspend_account@6.2(i):3", *by())

    [decision] = done.rows[0]["decisions"]
    assert decision["rule"] == "by hand"
    [standing] = cli("standing", "a-1", "--store", store, "--at", LATER).rows
    assert standing["state"] == "suspended"


def test_a_case_is_opened_by_hand(cli: Cli, store: str) -> None:
    done = cli("open-case", "a-2", "--store", store, "--to", "ana", *by())

    assert done.rows[0]["cases"][0]["assigned_to"] == "ana"


def test_money_is_kept_back_and_given_free(cli: Cli, store: str) -> None:
    protect = ("protect", "a-2", "pause_payouts", "--store", store, "--basis", "2.3")
    done = cli(*protect, "--until", LATER, "--amount", "820.00:USD", *by())
    [measure] = done.rows[0]["measures"]
    [before] = cli("standing", "a-2", "--store", store, "--at", NOW).rows
    assert cli("lift", "a-2", measure["id"], "--store", store, *by()).code == 0
    [after] = cli("standing", "a-2", "--store", store, "--at", NOW).rows

    assert [r["capability"] for r in before["restrictions"]] == ["withdraw"]
    assert after["restrictions"] == []


@pytest.mark.parametrize("amount", ["much", "820.00", "820.00:usd", "NaN:USD"])
def test_an_amount_is_money(cli: Cli, store: str, amount: str) -> None:
    protect = ("protect", "a-2", "pause_payouts", "--store", store, "--basis", "2.3")
    said = cli(*protect, "--until", LATER, "--amount", amount, *by())

    assert said.code == 3
    assert "internal" not in said.err


def test_whoever_has_an_interest_decides_nothing(cli: Cli, store: str) -> None:
    assert cli("conflict", "a-1", "ana", "--store", store, *by()).code == 0
    said = cli("case", waiting(cli, store), "--store", store, *by(now=LATER))

    assert said.code == 3
    assert "has declared an interest" in said.err


def test_a_notice_is_put_off_for_a_legal_reason(cli: Cli, store: str) -> None:
    decision = only(cli, "decisions", store, status="in force")[0]["decision"]
    said = cli(
        "defer", decision, "--store", store, "--until", END, "--legal-reason", "an order", *by()
    )

    assert said.code == 0
    assert "Deferred:" in cli("notice", decision, "--store", store).out


def test_one_thing_is_done_with_a_case_at_a_time(cli: Cli, store: str) -> None:
    said = cli("case", "case-0", "--store", store, "--to", "x", "--snooze", END, *by())

    assert said.code == 3
    assert "exclude each other" in said.err
