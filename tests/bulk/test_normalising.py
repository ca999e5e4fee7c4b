from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyenforce.checks.multiple_accounts import contacts, names, registers
from policyenforce.checks.multiple_accounts.identifiers import identifiers_of, normalise
from policyenforce.model.facts.registration import Address, ApplicationReceived, Entity, UserKind
from tests.bulk.rows import COLUMNS, REGIONS, Row, Shapes

pa = pytest.importorskip("pyarrow")
bulk = pytest.importorskip("policyenforce.bulk.normalising")

MARKED = {"email", "phone", "bank", "registration"}
DERIVED = {
    "mailbox_name": ("email", contacts.mailbox_name),
    "network_block": ("ip", contacts.network_block),
    "company_core": ("company", names.company_core),
    "person_core": ("person", names.person_core),
}


def applied(row: Row) -> ApplicationReceived:
    """The fact that tells of one row what the table does."""

    def each(column: str) -> tuple[str, ...]:
        return () if row[column] is None else (row[column],)

    place = Address(
        lines=each("address"), city=row["city"], postcode=row["postcode"], country=row["country"]
    )
    return ApplicationReceived(
        id="f-1", at=datetime(2020, 1, 1, tzinfo=UTC), user_id="u-1", kind=UserKind.ENTITY,
        country=row["country"], first_name=row["first_name"], last_name=row["last_name"],
        emails=each("email"), phones=each("phone"), addresses=(place,),
        device_id=row["device_id"], cookie_id=row["cookie_id"], ip=row["ip"],
        card_tokens=each("card_token"), bank_accounts=each("bank_account"),
        entity=Entity(
            legal_name=row["company_name"], registration_number=row["registration_number"],
            registration_country=row["country"],
        ),
    )  # fmt: skip


def expected(row: Row) -> dict[str, str | None]:
    """What the checks bear of the same row, without the mark of what is not verified."""
    borne = {
        kind: value.removeprefix("~") if kind in MARKED else value
        for kind, value in identifiers_of(applied(row))
    }
    country = names.country(row["country"])
    weak = {
        kind: derive(borne[source]) if source in borne else None
        for kind, (source, derive) in DERIVED.items()
    }
    return {
        **{kind: borne.get(kind) for kind in bulk.STRONG},
        **weak,
        "premises": names.premises(row["address"], row["postcode"], country),
        "postcode": names.postcode(row["postcode"], country),
        "country": country,
    }


def told(rows: list[Row]) -> dict[str, list[str | None]]:
    table = pa.table({c: pa.array([row[c] for row in rows], pa.string()) for c in COLUMNS})
    return {kind: column.to_pylist() for kind, column in bulk.normalised(table).items()}


def differences(rows: list[Row]) -> list[tuple[str, str | None, str | None, Row]]:
    found = told(rows)
    return [
        (kind, value, found[kind][number], row)
        for number, row in enumerate(rows)
        for kind, value in expected(row).items()
        if found[kind][number] != value
    ]


def row_of(**more: str | None) -> Row:
    return {**dict.fromkeys(COLUMNS), **more}


@pytest.mark.parametrize("seed", range(4))
def test_a_table_says_of_each_row_what_the_check_says(seed: int) -> None:
    shapes = Shapes(seed)

    assert differences([shapes.row() for _ in range(1_500)]) == []


TEXTS = st.one_of(
    st.none(), st.text(max_size=20), st.text("ab.@+-_~ 0189ü\u200b\u0345", max_size=12)
)


@given(
    st.lists(
        st.fixed_dictionaries(
            {**dict.fromkeys(COLUMNS, TEXTS), "country": st.sampled_from(["CN", "de", None, "!"])}
        ),
        max_size=4,
    )
)
@settings(deadline=None)
def test_whatever_stands_in_a_table_is_read_as_the_check_reads_it(rows: list[Row]) -> None:
    assert differences(rows) == []


@pytest.mark.parametrize("region", [*REGIONS, "ZZ"])
def test_telephone_numbers_of_every_region_are_read_as_the_library_reads_them(region: str) -> None:
    shapes = Shapes(len(region) + sum(map(ord, region)))
    rows = [row_of(phone=shapes.phone(region), country=region) for _ in range(60)]

    assert differences(rows) == []


@pytest.mark.parametrize("country", sorted(registers.REGISTERS))
def test_numbers_of_every_register_are_spelt_as_the_library_spells_them(country: str) -> None:
    examples = [
        number
        for office in registers.REGISTERS[country]
        for number in re.findall("'([^']+)'", import_module(f"stdnum.{office}").__doc__ or "")
    ]
    shapes = Shapes(sum(map(ord, country)))
    written = [
        *examples,
        *map(registers.compact, examples),
        *(country + number for number in examples),
        *(shapes.text("0123456789", length, length) for length in range(4, 16)),
        *(shapes.number(None) for _ in range(40)),
    ]
    rows = [row_of(registration_number=number, country=country) for number in written]

    assert examples
    assert differences(rows) == []


@pytest.mark.parametrize(
    ("column", "kind", "value", "country", "spelt"),
    [
        ("email", "email", "A.na+x@GoogleMail.com", None, "ana@gmail.com"),
        ("email", "email", "Ana at firm", None, "ana at firm"),
        ("phone", "phone", "138-1234-5679", "CN", "+8613812345679"),
        ("phone", "phone", "8 (912) 345-67-80", "RU", "+79123456780"),
        ("phone", "phone", "00 1 646 911 1608", "US", "+16469111608"),
        ("phone", "phone", "00 1 646 068 0155", "US", "+10016460680155"),
        ("phone", "phone", "85257-571102", "RU", "+75257571102"),
        ("phone", "phone", "+91 082 290 1708", "IN", "+91822901708"),
        ("phone", "phone_tail", "(0)20 7946 0958", "GB", "79460958"),
        ("ip", "ip", "2001:DB8:1:2::7", None, "2001:db8:1:2::/64"),
        ("ip", "network_block", "203.0.113.7", None, "203.0.113.0/24"),
        ("bank_account", "bank", "6222 0212", None, "62220212"),
        ("registration_number", "registration", "12 345", "KZ", "KZ:12345"),
        ("registration_number", "registration", "12 345", None, "12345"),
        ("company_name", "company", "S.A. Lumière & Co., Ltd.", None, "lumiere"),
        ("company_name", "company", "杭州莲花贸易有限公司", None, "杭州莲花贸易"),
        ("address", "address", "1 Long Road", "FR", "FR 1 long road"),
    ],
)
def test_a_column_is_told_under_its_kinds(
    column: str, kind: str, value: str, country: str | None, spelt: str
) -> None:
    rows = [row_of(**{column: value, "country": country}), row_of()]

    assert told(rows)[kind] == [spelt, None]


@pytest.mark.parametrize("kind", sorted(MARKED))
def test_the_mark_depends_on_nothing_but_the_spelling_behind_it(kind: str) -> None:
    shapes = Shapes(sum(map(ord, kind)))
    column = {"bank": "bank_account", "registration": "registration_number"}.get(kind, kind)
    marks: dict[tuple[str, str | None], set[bool]] = {}
    for row in (shapes.row() for _ in range(2_000)):
        found = normalise(kind, row[column], row["country"])
        for spelt in (found, found and normalise(kind, found, row["country"])):
            if spelt is not None:
                marks.setdefault((spelt.removeprefix("~"), None), set()).add(spelt[0] == "~")

    assert [spelt for spelt, seen in marks.items() if len(seen) > 1] == []


def test_only_kinds_whose_columns_exist_are_told() -> None:
    assert list(bulk.normalised(pa.table({"first_name": ["Ana"]}))) == ["person", "person_core"]
    assert bulk.normalised(pa.table({"shoe_size": ["44"]})) == {}


@pytest.mark.parametrize("rows", [0, 3])
def test_every_kind_is_a_column_as_long_as_the_table(rows: int) -> None:
    empty = pa.table({name: pa.nulls(rows, pa.string()) for name in COLUMNS})
    found = bulk.normalised(empty)

    assert tuple(found) == (*bulk.STRONG, *bulk.WEAK)
    assert all(column.to_pylist() == [None] * rows for column in found.values())


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())]
)
def test_a_table_may_come_in_chunks_slices_and_other_kinds_of_text(kind: object) -> None:
    shapes = Shapes(9)
    rows = [shapes.row() for _ in range(40)]
    table = pa.table({c: pa.array([row[c] for row in rows], pa.string()) for c in COLUMNS})
    whole = {name: column.to_pylist()[10:35] for name, column in bulk.normalised(table).items()}
    typed = pa.table({c: table.column(c).cast(kind) for c in COLUMNS})
    chunked = pa.concat_tables([typed.slice(10, 5), typed.slice(15, 20)])
    found = {name: column.to_pylist() for name, column in bulk.normalised(chunked).items()}

    assert found == whole


def test_rows_beyond_one_batch_stay_in_their_order() -> None:
    count = 300_000
    table = pa.table({"device_id": [f"d-{number}" for number in range(count)]})
    (found,) = bulk.normalised(table).values()

    assert found.to_pylist() == table.column("device_id").to_pylist()
