"""In which country an address is: of a table that is shipped, or of a database of one's own."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import policyenforce as pe
from tests.checks.account_sharing.mmdb import database

pytest.importorskip("iptocc")
pytest.importorskip("maxminddb")

AT = datetime(2019, 10, 4, tzinfo=UTC)
SHAPES: dict[str, Any] = {
    "of MaxMind and DB-IP": {"country": {"iso_code": "PT", "names": {"en": "Portugal"}}},
    "of IPinfo": {"country": "Portugal", "country_code": "PT"},
    "with the code alone": {"country": "pt"},
}
NO_COUNTRY: dict[str, Any] = {
    "a continent": {"continent": {"code": "EU"}},
    "a country without its code": {"country": {"names": {"en": "Portugal"}}},
    "a name": {"country": "Portugal"},
    "a bare text": "PT",
}


@pytest.fixture
def own(tmp_path: Path) -> Any:
    """How to look up in a database with these networks."""

    def looks_up(places: dict[str, Any]) -> Any:
        file = tmp_path / "own.mmdb"
        file.write_bytes(database(places))
        return pe.countries(file)

    return looks_up


def test_what_ships_knows_addresses_of_both_kinds() -> None:
    country_of = pe.countries()

    asked = ("81.2.69.1", " 81.2.69.1 ", "::ffff:81.2.69.1", "2001:4860:4860::8888")
    assert [country_of(address) for address in asked] == ["GB", "GB", "GB", "US"]


@pytest.mark.parametrize("address", ["10.0.0.1", "fe80::1", "", "unknown", "300.1.1.1", "81.2.69"])
def test_what_is_nowhere_or_no_address_is_in_no_country(address: str, own: Any) -> None:
    assert pe.countries()(address) is None
    assert own({"85.240.0.0/16": SHAPES["of IPinfo"]})(address) is None


@pytest.mark.parametrize("shape", SHAPES)
def test_a_database_of_ones_own_is_read_in_the_shapes_there_are(own: Any, shape: str) -> None:
    country_of = own({"85.240.0.0/16": SHAPES[shape], "192.0.2.0/24": NO_COUNTRY["a name"]})

    assert [country_of(a) for a in ("85.240.1.1", "85.241.1.1", "2001:db8::1")] == [
        "PT",
        None,
        None,
    ]


@pytest.mark.parametrize("shape", NO_COUNTRY)
def test_what_names_no_country_by_its_code_is_not_known(own: Any, shape: str) -> None:
    assert own({"85.240.0.0/16": NO_COUNTRY[shape]})("85.240.1.1") is None


def test_a_file_that_is_no_database_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "list.mmdb").write_text("81.2.69.1,GB\n" * 100)

    for name, said in (("list.mmdb", "no database of addresses"), ("missing.mmdb", "no such file")):
        with pytest.raises(pe.InputError, match=said) as caught:
            pe.countries(tmp_path / name)
        assert caught.value.where == str(tmp_path / name)


@pytest.mark.parametrize("database", [None, Path("own.mmdb")])
def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, database: Path | None
) -> None:
    for name in ("iptocc", "maxminddb"):
        monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(pe.InputError, match=r"pip install 'policyenforce\[geo\]'"):
        pe.countries(database)


@pytest.mark.parametrize("kind", [pe.SignedIn, pe.SignInFailed, pe.SessionActive])
def test_a_session_without_a_country_gets_that_of_its_address(kind: Any) -> None:
    fact = kind(id="f-1", at=AT, account_id="a-1", device_id="d-1", ip="81.2.69.1")
    found = pe.located(fact, pe.countries())

    assert found == kind(
        id="f-1", at=AT, account_id="a-1", device_id="d-1", ip="81.2.69.1", country="GB"
    )


@pytest.mark.parametrize(
    "fact",
    [
        pe.SignedIn(id="f-1", at=AT, account_id="a-1", ip="81.2.69.1", country="IM"),
        pe.SignedIn(id="f-1", at=AT, account_id="a-1", ip="10.0.0.1"),
        pe.SignedIn(id="f-1", at=AT, account_id="a-1"),
        pe.SignedOut(id="f-1", at=AT, account_id="a-1"),
        pe.AccountOpened(id="f-1", at=AT, user_id="u-1", account_id="a-1"),
    ],
)
def test_what_is_told_or_cannot_be_known_stays_as_it_is(fact: pe.Fact) -> None:
    assert pe.located(fact, pe.countries()) is fact


@given(st.text(max_size=40))
def test_no_text_is_too_strange_to_be_looked_up(text: str) -> None:
    country = pe.countries()(text)

    assert country is None or (len(country), country.isupper()) == (2, True)
