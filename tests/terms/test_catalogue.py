"""The shipped catalogue holds every executable statement of the Terms, and binds each."""

import pytest

from policyenforce.terms import Bearer, ClauseRef, Kind, Standard, Terms, Trigger, coverage
from policyenforce.terms.bindings import misbound


def letters(number: str, last: str) -> list[str]:
    return [f"{number}({chr(code)})" for code in range(ord("a"), ord(last) + 1)]


ROWS = {
    "acceptance": ["preamble", "1.1", "1.2(a)", "1.2(b)", "1.3", "1.4", "1.5", "1.6"],
    "services": ["2.1", "2.2", "2.3", "2.4", "2.5"],
    "users": [
        "3.1",
        "3.2(a)",
        "3.2(b)",
        "3.2/s2",
        "3.2/s3",
        "3.3",
        "3.4",
        "3.5",
        "3.6",
        "3.7",
    ],
    "accounts": [
        "4.1/s1",
        "4.1/s2",
        "4.1/s3",
        "4.1/s4",
        "4.2",
        "4.3/s1",
        "4.3/s3",
        "4.3/s4",
        "4.4",
        "4.5/s1",
        "4.5/s2",
        "4.5/s3",
    ],
    "responsibilities": [
        *letters("5.1", "c"),
        "5.1(c)/s2",
        "5.2/s1",
        *letters("5.2", "b"),
        "5.3",
        *letters("5.4", "d"),
        *letters("5.5", "g"),
        *letters("5.6", "l"),
        "5.7",
        *letters("5.8", "c"),
        "5.9",
        "5.10",
        "5.11",
        "5.12",
    ],
    "breaches": [
        "6.1/limb1",
        "6.1/limb2",
        "6.2",
        "6.2(i)",
        "6.2(ii)",
        "6.2(iii)",
        "6.2(iv)",
        "6.2(v)",
        *letters("6.3", "d"),
        "6.4/s1",
        "6.4/s2",
        "6.4/s3",
        "6.5",
        "6.6",
        "6.7",
    ],
    "transactions": ["7.5"],
    "liability": ["8.5", "8.6", *letters("8.7", "f"), "8.8"],
    "notices": ["11.2", "11.2(a)", "11.2(b)", "11.3"],
    "general": [f"12.{number}" for number in range(1, 8)],
}
EVERY_ROW = [ref for chapter in ROWS.values() for ref in chapter]
TERMS = Terms.load()
NEWER = TERMS.version("2019-10-04")


@pytest.mark.parametrize("version", TERMS.versions, ids=lambda version: version.id)
def test_every_row_is_a_statement_in_printed_order_and_nothing_else_is(version):
    refs = [statement.ref.text for statement in version.statements]

    assert refs == EVERY_ROW
    assert len(refs) == 113


@pytest.mark.parametrize("ref", EVERY_ROW)
def test_a_statement_says_something_of_its_own(ref):
    statement = NEWER.statement(ref)

    assert len(statement.paraphrase.split()) > 4
    assert statement.paraphrase.endswith(".")
    assert sum(s.paraphrase == statement.paraphrase for s in NEWER.statements) == 1
    assert statement.bearers
    assert statement.versions == ("2019-09-12", "2019-10-04")


@pytest.mark.parametrize(
    ("ref", "bearers", "kind", "standard"),
    [
        ("1.2(a)", {Bearer.USER}, Kind.CONDITION, Standard.FACT),
        ("2.3", {Bearer.PLATFORM}, Kind.RIGHT, Standard.NONE),
        ("3.7", {Bearer.USER}, Kind.WARRANTY, Standard.FACT),
        ("4.1/s2", {Bearer.USER}, Kind.PROHIBITION, Standard.FACT),
        ("4.1/s3", {Bearer.PLATFORM}, Kind.RIGHT, Standard.SUSPICION),
        ("4.1/s4", {Bearer.PLATFORM}, Kind.RIGHT, Standard.NONE),
        ("4.3/s3", {Bearer.MEMBER}, Kind.PROHIBITION, Standard.FACT),
        ("4.4", {Bearer.MEMBER}, Kind.DEFINITION, Standard.FACT),
        ("4.5/s2", {Bearer.MEMBER}, Kind.LIABILITY, Standard.FACT),
        ("4.5/s3", {Bearer.PLATFORM}, Kind.RIGHT, Standard.FACT),
        ("5.2/s1", {Bearer.MEMBER}, Kind.DUTY, Standard.NONE),
        ("5.6(k)", {Bearer.MEMBER}, Kind.PROHIBITION, Standard.FACT),
        ("5.10", {Bearer.PLATFORM, Bearer.MEMBER}, Kind.RIGHT, Standard.NONE),
        ("6.1/limb1", {Bearer.PLATFORM}, Kind.RIGHT, Standard.BELIEF),
        ("6.1/limb2", {Bearer.PLATFORM}, Kind.RIGHT, Standard.NONE),
        ("6.3(a)", {Bearer.MEMBER}, Kind.DEFINITION, Standard.BELIEF),
        ("6.3(b)", {Bearer.MEMBER}, Kind.DEFINITION, Standard.SUSPICION),
        ("6.5", {Bearer.PLATFORM}, Kind.RIGHT, Standard.SUSPICION),
        ("7.5", {Bearer.USER, Bearer.PLATFORM}, Kind.DUTY, Standard.FACT),
        ("8.8", {Bearer.PLATFORM, Bearer.USER}, Kind.LIABILITY, Standard.NONE),
        ("11.2(a)", {Bearer.PLATFORM}, Kind.PROCEDURE, Standard.FACT),
        ("12.6", {Bearer.PLATFORM, Bearer.MEMBER}, Kind.PROHIBITION, Standard.FACT),
    ],
)
def test_bearer_kind_and_standard_are_those_of_the_row(ref, bearers, kind, standard):
    statement = NEWER.statement(ref)

    assert (set(statement.bearers), statement.kind, statement.standard) == (
        bearers,
        kind,
        standard,
    )


def test_only_four_statements_turn_less_than_a_breach_into_one():
    deeming = {s.ref.text: s.deems for s in NEWER.statements if s.deems is not None}

    assert set(deeming) == {"6.3(a)", "6.3(b)", "6.3(c)", "6.3(d)"}
    assert [gate.standard for gate in deeming.values()] == [
        Standard.BELIEF,
        Standard.SUSPICION,
        Standard.SUSPICION,
        Standard.BELIEF,
    ]
    assert deeming["6.3(a)"].triggers == (Trigger.COMPLAINT,)
    assert [gate.reasonable for gate in deeming.values()] == [True, True, True, False]


def test_the_five_changed_statements_read_differently_in_each_version():
    older = TERMS.version("2019-09-12")
    changed = [
        ref
        for ref in EVERY_ROW
        if older.statement(ref).paraphrase != NEWER.statement(ref).paraphrase
    ]

    assert changed == ["preamble", "2.1", "2.4", "3.3", "12.7"]


def test_coverage_binds_every_statement_to_something_known():
    rows = coverage()

    assert [row["ref"] for row in rows] == EVERY_ROW
    assert all(set(row) == {"ref", "kind", "standard", "enforced_by"} for row in rows)
    assert all(row["enforced_by"] and misbound(row["enforced_by"]) is None for row in rows)


def test_coverage_speaks_in_labels():
    rows = {row["ref"]: row for row in coverage(TERMS.versions[0])}

    assert rows["4.1/s3"]["kind"] == "right"
    assert rows["4.1/s3"]["standard"] == "suspicion"
    assert rows["4.1/s3"]["enforced_by"] == [
        "check:multiple_accounts",
        "procedure:discipline.decide",
    ]


def test_every_check_and_every_reading_is_used_by_some_statement():
    bound = {binding for s in NEWER.statements for binding in s.enforced_by}
    read = {reading for s in NEWER.statements for reading in s.readings}

    assert {b for b in bound if b.startswith("check:")} == {
        f"check:{name}"
        for name in (
            "registration",
            "conduct",
            "dealings",
            "cooperation",
            "multiple_accounts",
            "account_sharing",
            "user_content",
        )
    }
    # T26, holding money, is the one question that no statement answers to.
    assert read == set(TERMS.readings) - {"T26"}


@pytest.mark.parametrize(
    ("ref", "refs"),
    [
        ("4.1", ["4.1/s1", "4.1/s2", "4.1/s3", "4.1/s4"]),
        ("5.8", ["5.8(a)", "5.8(b)", "5.8(c)"]),
        ("5.1(c)", ["5.1(c)", "5.1(c)/s2"]),
        ("5.5(g)", ["5.5(g)"]),
        ("7", ["7.5"]),
    ],
)
def test_a_clause_is_its_statements_in_order(ref, refs):
    clause = NEWER.clause(ClauseRef.parse(ref))

    assert clause.ref.text == ref
    assert [statement.ref.text for statement in clause.statements] == refs
