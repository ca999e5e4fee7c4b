"""The human side: what holds, why, and what people decide about it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import policyenforce as pe
from policyenforce.cli.acts import chosen_actions
from policyenforce.cli.output import PAGE
from policyenforce.errors import InputError
from policyenforce.policy.load import load_rules
from tests.cli.conftest import NOW, Cli, day, digest, opened, reported, written

ROLES = ",".join(sorted({role for roles in load_rules().roles.values() for role in roles}))
ANA, BEN = f"ana:{ROLES}", f"ben:{ROLES}"
AT = ("--at", NOW)
THEN = ("--now", NOW)


def only(cli: Cli, verb: str, store: str, **wanted: str) -> list[Any]:
    rows = cli(verb, "--store", store).rows
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def test_standing_tells_state_points_and_restrictions(cli: Cli, store: str) -> None:
    [now] = cli("standing", "a-1", "--store", store, *AT).rows
    [before] = cli("standing", "a-1", "--store", store, "--at", day(0.1).isoformat()).rows
    [unknown] = cli("standing", "a-1", "--store", store, *AT, "--known-at", day(2).isoformat()).rows

    assert (now["account"], now["user"], now["state"]) == ("a-1", "u-1", "open")
    assert now["points"] > 0 and unknown["points"] == before["points"] == 0
    assert unknown["state"] == "unknown"  # all of it was recorded on the third day


def test_a_standing_without_more_is_for_now(cli: Cli, store: str) -> None:
    [standing] = cli("standing", "a-2", "--store", store).rows

    assert standing["at"] > "2024"
    assert standing["restrictions"] == []


def test_a_table_names_every_part_of_a_record(cli: Cli, store: str) -> None:
    said = cli("standing", "a-2", "--store", store, "--format", "table")

    assert "restrictions  –" in said.out
    assert "listing cap   –" in said.out


def test_decisions_are_explained_and_noticed_as_text_or_data(cli: Cli, store: str) -> None:
    decision = only(cli, "decisions", store, status="in force")[0]["decision"]

    text = cli("explain", decision, "--store", store)
    data = cli("explain", decision, "--store", store, "--format", "json")
    letter = cli("notice", decision, "--store", store)
    fields = cli("notice", decision, "--store", store, "--format", "jsonl")

    assert text.out.splitlines() == json.loads(data.out)["explanation"]
    traced = cli("explain", decision, "--store", store, "--trace").out.splitlines()
    assert traced[: len(text.out.splitlines())] == text.out.splitlines()
    assert any(line.startswith(("+ ", "- ")) for line in traced)
    assert "ground 5.6(d)" in text.out
    assert decision in letter.out and not letter.out.startswith("{")
    assert fields.rows[0]["decision"] == decision
    assert fields.rows[0]["fields"]["decision"] == decision


def test_a_proposal_is_not_noticed(cli: Cli, store: str) -> None:
    proposed = only(cli, "decisions", store, status="proposed")[0]["decision"]

    assert "only proposed" in cli("notice", proposed, "--store", store).err


def test_tables_are_printed_page_by_page_and_never_steer_the_terminal(
    cli: Cli, tmp_path: Path
) -> None:
    lines = [b'{"id": "a-\\u001b[31m%d", "text": "tea"}' % number for number in range(3)]
    file = written(tmp_path / "texts.jsonl", *lines)

    said = cli("screen", file, "--format", "table")

    assert said.out.splitlines()[0].split() == ["id", "findings"]
    assert "\x1b" not in said.out
    assert "a-·[31m0" in said.out
    assert PAGE > 3


def test_a_case_waits_until_it_is_closed(cli: Cli, store: str) -> None:
    waiting = only(cli, "cases", store, account="a-1")
    assert waiting and all(row["reason"] and row["since"] for row in waiting)

    for row in waiting:
        said = cli("case", row["case"], "--store", store, "--by", ANA, "--reason", "seen", *THEN)
        assert said.code == 0

    assert cli("cases", "--store", store).rows == []


def test_content_is_modified_by_hand_and_both_texts_are_told(cli: Cli, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'modified.db'}"
    facts = written(
        tmp_path / "facts.jsonl",
        opened("a-1", "u-1"),
        pe.ContentSubmitted(
            id="c", at=day(1), account_id="a-1",
            content=pe.Content(content_id="l-1", title="Boots, cure for all", language="en"),
        ),
        pe.ContentLabelled(
            id="label", at=day(2), account_id="a-1", content_id="l-1", clause="5.5(b)",
            labeller=pe.Labeller.MODEL, labelled_by="m-7", confidence=0.7,
        ),
    )  # fmt: skip
    cli("enforce", facts, "--store", store, *THEN)
    [case] = cli("cases", "--store", store).rows
    decide = ("case", case["case"], "--store", store, "--by", ANA, "--reason", "too much", *THEN)
    edit = ("--action", "modify_content@6.1/limb1")

    wrong = [cli(*decide, *edit), cli(*decide, "--after", "title=Boots"),
             cli(*decide, *edit, "--after", "Boots"),
             cli(*decide, *edit, "--after", "title=Boots", "--after", "title=Shoes")]  # fmt: skip
    done = cli(*decide, "--standard", "belief", *edit, "--after", "title=Boots = boots")
    [decision] = cli("decisions", "--store", store).rows
    told = cli("modified", decision["decision"], "--store", store)

    assert [said.code for said in wrong] == [3, 3, 3, 3]
    assert all("--after" in said.err for said in wrong)
    assert done.code == 0 and "Boots" not in done.out
    assert told.rows == [
        {"content": "l-1@1", "field": "title", "before": "Boots, cure for all",
         "after": "Boots = boots"},
    ]  # fmt: skip
    [standing] = cli("standing", "a-1", "--store", store, *AT).rows
    assert standing["modified"] == {"l-1@1": [decision["decision"]]}
    assert standing["removed"] == []


def test_a_finding_is_confirmed_or_refuted_under_a_role(cli: Cli, store: str) -> None:
    finding = next(row["findings"][0] for row in only(cli, "cases", store) if row["findings"])
    head = digest(store)

    nobody = cli("confirm", finding, "--store", store, "--by", "eve", "--reason", "r", *THEN)
    wrong = cli(
        "confirm", finding, "--store", store, "--by", ANA, "--reason", "r", "--standard", "x"
    )
    none = cli(
        "confirm", finding, "--store", store, "--by", ANA, "--reason", "r", "--standard", "none"
    )
    unnamed = cli("confirm", finding, "--store", store, "--by", ":moderator", "--reason", "r")

    assert [nobody.code, wrong.code, none.code, unnamed.code] == [3, 3, 3, 3]
    assert "`none` is no standard to reach" in none.err and "refute" in none.err
    assert "role" in nobody.err and "no standard" in wrong.err and "needs an id" in unnamed.err
    assert digest(store) == head

    confirmed = cli(
        "confirm", finding, "--store", store, "--by", ANA, "--reason", "looked", "--standard",
        "belief", *THEN,
    )  # fmt: skip
    assert confirmed.code == 0 and confirmed.rows[0]["decisions"]

    refuted = cli(
        "refute", finding, "--store", store, "--by", BEN, "--reason", "mistaken",
        "--now", "2019-12-02T00:00:00Z",
    )  # fmt: skip
    assert refuted.code == 0


def test_a_proposal_is_approved_appealed_and_overturned(cli: Cli, store: str) -> None:
    proposed = only(cli, "decisions", store, status="proposed")[0]["decision"]

    approved = cli(
        "review", proposed, "approve", "--store", store, "--by", ANA, "--reason", "agreed", *THEN
    )
    assert approved.code == 0
    assert only(cli, "decisions", store, decision=proposed)[0]["status"] == "in force"
    again = cli(
        "review",
        proposed,
        "approve",
        "--store",
        store,
        "--by",
        ANA,
        "--reason",
        "x",
        "--now",
        "2019-12-02T00:00:00Z",
    )
    assert again.code == 3

    filed = cli("appeal", proposed, "--store", store, "--statement", "It was not me", *THEN)
    assert filed.code == 0
    half = cli("appeal", proposed, "--store", store, "--result", "overturn", "--by", BEN)
    loose = cli("appeal", proposed, "--store", store, "--by", BEN, "--reason", "r")
    assert (half.code, loose.code) == (3, 3)
    same = cli(
        "appeal",
        proposed,
        "--store",
        store,
        "--result",
        "overturn",
        "--by",
        ANA,
        "--reason",
        "r",
        *THEN,
    )
    assert same.code == 3  # who decided does not hear the appeal

    heard = cli(
        "appeal", proposed, "--store", store, "--result", "overturn", "--by", BEN, "--reason",
        "no evidence", "--now", "2019-12-03T00:00:00Z",
    )  # fmt: skip
    assert heard.code == 0
    assert only(cli, "decisions", store, decision=proposed)[0]["status"] == "overturned"


def test_a_proposal_is_approved_amended_or_rejected_and_nothing_else(cli: Cli, store: str) -> None:
    proposed = only(cli, "decisions", store, status="proposed")[0]["decision"]

    closed = cli("review", proposed, "close", "--store", store, "--by", ANA, "--reason", "x", *THEN)

    assert closed.code == 2
    assert only(cli, "decisions", store, decision=proposed)[0]["status"] == "proposed"


def test_a_proposal_is_amended_by_actions_in_words(cli: Cli, store: str) -> None:
    proposed = only(cli, "decisions", store, status="proposed")[0]["decision"]

    said = cli(
        "review", proposed, "amend", "--store", store, "--by", ANA, "--reason", "milder", *THEN,
        "--action", "restrict_feature@6.2(iv):7:create_listing",
    )  # fmt: skip

    assert said.code == 0
    [standing] = cli("standing", "a-1", "--store", store, "--at", "2019-12-02T00:00:00Z").rows
    assert "create_listing" in {r["capability"] for r in standing["restrictions"]}


def test_a_decision_is_extended_to_a_related_account(cli: Cli, store: str) -> None:
    bound = only(cli, "decisions", store, status="in force")[0]["decision"]

    said = cli(
        "extend", "a-2", bound, "--store", store, "--by", ANA, "--reason", "same hands", *THEN,
        "--evidence", "Both accounts are paid from one bank account.",
        "--action", "suspend_account@6.2(i):14",
    )  # fmt: skip

    assert said.code == 0
    assert [d["account_id"] for d in said.rows[0]["decisions"]] == ["a-2"]


@pytest.mark.parametrize(
    "text",
    ["", "suspend_account", "dance@6.2(i)", "suspend_account@", "suspend_account@x:1",
     "suspend_account@6.2(i):0", "suspend_account@6.2(i):-3", "suspend_account@6.2(i):soon",
     "restrict_feature@6.2(iv):7:fly"],
)  # fmt: skip
def test_an_action_that_is_none_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(InputError) as refused:
        chosen_actions([text])

    assert "suspend_account@6.2(i):14" in str(refused.value.hint)


def test_an_action_may_be_open_ended() -> None:
    [action] = chosen_actions(["suspend_account@6.2(i)"])

    assert (action.days, action.capabilities) == (None, ())


def test_what_time_brings_is_recorded_once(cli: Cli, tmp_path: Path) -> None:
    store = "sqlite:///due.db"
    asked = (
        b'{"fact": "information_requested", "id": "q-1", "at": "2019-10-06T00:00:00Z", '
        b'"account_id": "a-1", "request_id": "r-1", "purpose": "service", '
        b'"due_at": "2019-10-16T00:00:00Z"}'
    )
    file = written(tmp_path / "facts.jsonl", opened(), asked)
    cli("enforce", file, "--store", store, "--as-it-happened")

    early = cli("due", "--store", store, "--at", "2019-10-15T00:00:00Z")
    passed = cli("due", "--store", store, *AT)
    again = cli("due", "--store", store, *AT)

    assert (early.code, early.out, again.out) == (0, "", "")
    assert passed.code == 0 and passed.rows[0]["findings"]


def test_facts_out_of_order_can_be_told_as_they_happened(cli: Cli, tmp_path: Path) -> None:
    late = reported("late", "5.6(f)", 1)
    file = written(tmp_path / "facts.jsonl", opened(), reported("c-1", "5.6(f)", 9), late)

    said = cli("enforce", file, "--store", "sqlite:///told.db", "--as-it-happened")

    assert said.code == 1
    assert len(said.rows) == 3
