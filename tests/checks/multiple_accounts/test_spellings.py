from __future__ import annotations

import sys
import unicodedata

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from policyenforce.checks.multiple_accounts import contacts, names, registers
from policyenforce.checks.multiple_accounts.disposable import DISPOSABLE
from policyenforce.checks.multiple_accounts.identifiers import KINDS, normalise
from policyenforce.checks.multiple_accounts.spelling import (
    NOTHING,
    UNSEEN,
    is_run,
    plain,
    says_nothing,
)

FILLERS = ["n/a", "N / A", "NULL", "none.", "-", "", "  ", "unknown", "undefined", "0", "xxx"]
COUNTRIES = st.sampled_from(["CN", "DE", "US", "IT", "RO", "AR", "ZZ", None])
LETTERS = st.text("ab.@+-_~ 0189ü\u200b\u0345", max_size=14)
MAILBOXES = st.builds(
    "{}@{}".format,
    st.text("ab.-_+~üİ 1", max_size=8),
    st.sampled_from(["gmail.com", "yandex.ru", "pm.me", "outlook.com", "yahoo.com", "bücher.de"]),
)
TEXTS = st.one_of(st.text(max_size=30), LETTERS, MAILBOXES)
TWICE_ALIKE = [kind for kind in KINDS if kind not in ("address", "phone_tail")]


@given(st.sampled_from(TWICE_ALIKE), TEXTS, COUNTRIES)
@example("email", "ü.+x@outlook.com", None)
@example("email", "_~0@pm.me", None)
@example("phone", "0000¼", "CN")
@example("person", "0:0", None)
@example("company", "None Ltd", None)
@example("registration", "Aachen HRA 11223", "DE")
def test_normalising_twice_changes_nothing(kind: str, value: str, country: str | None) -> None:
    once = normalise(kind, value, country)

    assert once is None or normalise(kind, once, country) == once


@given(st.text(max_size=30))
@example("Hanna Anne-Aaron")
def test_a_core_of_a_core_is_itself(value: str) -> None:
    for kind, core in (("company", names.company_core), ("person", names.person_core)):
        spelt = normalise(kind, value)
        found = None if spelt is None else core(spelt)

        assert found is None or core(found) == found


@pytest.mark.parametrize("filler", FILLERS)
def test_fillers_give_no_weak_spelling_either(filler: str) -> None:
    assert says_nothing(plain(filler))
    assert names.postcode(filler, "DE") is None
    assert names.premises("Long Road 12", filler, "DE") is None
    assert names.premises(filler, None, "DE") is None
    assert normalise("person", f"{filler} {filler}") is None
    assert normalise("phone_tail", filler, "CN") is None


def test_no_legal_form_begins_or_ends_what_is_written_for_nothing() -> None:
    found = [
        (word, form)
        for word in NOTHING
        for form in names.LEGAL_FORMS
        if word != form and (word.startswith(form) or word.endswith(form))
    ]

    assert found == []


@pytest.mark.parametrize(
    ("left", "right", "country"),
    [
        ("１３８１２３４５６７９", "138 1234 5679", "CN"),
        ("138\u200b1234\u200b5679", "+8613812345679", "CN"),
        ("0086 138 1234 5679", "+8613812345679", None),
        ("0086 138 1234 5679", "+8613812345679", "US"),
        ("(0086) 138-1234-5679", "+8613812345679", None),
        ("+44 (0)20 7946 0958", "020 7946 0958", "GB"),
        ("+44 20 7946 0958 ext. 12", "+442079460958", None),
        ("138 1234 5679", "+8613812345679", "cn"),
    ],
)
def test_one_telephone_has_one_spelling(left: str, right: str, country: str | None) -> None:
    assert normalise("phone", left, country) == normalise("phone", right, country) is not None


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("000000", None),
        ("+86 000 0000 0000", None),
        ("111-1111", "US"),
        ("+1 (111) 111-1111", None),
        ("123456789", "DE"),
        ("+1 1234567890", None),
        ("+7 999 999-99-99", None),
        ("13800000000", "CN"),
        ("0123456789", "IN"),
        ("987654321", None),
    ],
)
def test_numbers_of_nobody_say_nothing(number: str, country: str | None) -> None:
    assert normalise("phone", number, country) is None
    assert normalise("phone_tail", number, country) is None


def test_the_last_digits_agree_where_one_number_lacks_its_country() -> None:
    tails = {
        normalise("phone_tail", number, country)
        for number, country in [
            ("13812345679", None),
            ("+86 138 1234 5679", None),
            ("138-1234-5679", "CN"),
        ]
    }

    assert tails == {"12345679"}


@pytest.mark.parametrize("code", sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
def test_every_calling_code_is_known_by_its_first_digits(code: int) -> None:
    assert contacts.national_digits(f"+{code}5550123") == "5550123"


@pytest.mark.parametrize(
    "mailbox",
    [
        "test@example.com", "noreply@firm.de", "No_Reply@firm.de", "do-not-reply@firm.de",
        "none@none.com", "na@na.com", "name@example.org", "abc@abc.com", "a@a.com", "111@111.com",
        "123456@123456.com", "your.name@yourdomain.com", "null@firm.de",
    ],
)  # fmt: skip
def test_mailboxes_of_nobody_say_nothing(mailbox: str) -> None:
    assert normalise("email", mailbox) is None


@pytest.mark.parametrize(
    "mailbox", ["na@firm.de", "ana@example.com", "lotus@lotus.com", "abc@firm.de", "me@gmail.com"]
)
def test_mailboxes_that_merely_look_like_examples_count(mailbox: str) -> None:
    assert normalise("email", mailbox) == mailbox


@pytest.mark.parametrize(
    ("value", "spelt"),
    [
        (" ANA@Example.COM ", "ana@example.com"),
        ("ａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ana@example.com"),
        ("ana\u200b@example.com", "ana@example.com"),
        ("İpek@example.com", "ipek@example.com"),
        ("ıpek@example.com", "ıpek@example.com"),
        ("~ana@example.com", "ana@example.com"),
    ],
)
def test_a_mailbox_is_read_in_whatever_letters(value: str, spelt: str) -> None:
    assert normalise("email", value) == spelt


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("device", "null"),
        ("device", "[object Object]"),
        ("device", "000000000000000"),
        ("device", "123456789012345"),
        ("cookie", "undefined"),
        ("cookie", "00000000-0000-0000-0000-000000000000"),
        ("card", "null"),
        ("card", "0000 0000 0000 0000"),
        ("ip", "0.0.0.0"),
        ("ip", "127.0.0.1"),
        ("ip", "１０.0.0.1"),
        ("ip", "172.31.255.255"),
        ("ip", "100.127.0.1"),
        ("ip", "::1"),
        ("ip", "::"),
        ("ip", "::ffff:10.0.0.1"),
        ("company", "Unknown GmbH"),
        ("person", "Null Null"),
        ("bank", "n/a"),
        ("registration", "none"),
    ],
)
def test_placeholders_never_link(kind: str, value: str) -> None:
    assert normalise(kind, value, "CN") is None


@pytest.mark.parametrize(
    ("kind", "left", "right"),
    [
        ("bank", "gb82 west 1234 5698 7654 32", "ＧＢ82WEST12345698765432"),
        ("registration", "FN 122119m", "122119 M"),
        ("person", "İbrahim Şahin", "sahin ibrahim"),
        ("person", "Wang\u200b Li", "LI, Wáng"),
        ("company", "ＬＯＴＵＳ Ltd", "Lotus Limited"),
    ],
)
def test_letters_of_other_widths_and_accents_agree(kind: str, left: str, right: str) -> None:
    assert normalise(kind, left, "AT") == normalise(kind, right, "AT") is not None


@pytest.mark.parametrize(
    ("value", "country", "spelt"),
    [
        ("HRB 11223 Aachen", "DE", "DE:AACHENHRB11223"),
        ("Aachen, HRB 11223", "DE", "DE:AACHENHRB11223"),
        ("AachenHRB11223", "DE", "DE:AACHENHRB11223"),
        ("HRB 11223", "DE", "~DE:HRB11223"),
        ("Nirgendwo HRB 11223", "DE", "~DE:NIRGENDWOHRB11223"),
        ("J52/750/2012", "RO", "RO:J527502012"),
        ("J527502012", "RO", "RO:J527502012"),
        ("J5/2750/2012", "RO", "RO:J0527502012"),
        ("732-829-320", "FR", "FR:732829320"),
    ],
)
def test_a_register_knows_its_number_however_it_is_parted(
    value: str, country: str, spelt: str
) -> None:
    assert registers.registration(value, country) == spelt


@pytest.mark.parametrize(
    ("mailbox", "name"),
    [
        ("zhang.wei88@gmail.com", "zhangwei88"),
        ("zhang_wei88@qq.com", "zhangwei88"),
        ("~zhang-wei88@", "zhangwei88"),
        ("wei@qq.com", None),
        ("sales2020@firm.de", None),
        ("contact@firm.de", None),
        ("aaaaaa@firm.de", None),
        ("123456@qq.com", None),
        ("ana at firm", None),
    ],
)
def test_a_mailbox_is_called_by_its_name_alone(mailbox: str, name: str | None) -> None:
    assert contacts.mailbox_name(mailbox) == name


def test_disposable_domains_are_told_with_what_stands_under_them() -> None:
    assert contacts.is_disposable("x@mailinator.com")
    assert contacts.is_disposable("~x@eu.mailinator.com")
    assert not contacts.is_disposable("x@notmailinator.com")
    assert not contacts.is_disposable("x")
    assert 50 <= len(DISPOSABLE) <= 70


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Hans Müller", "Mueller, Hanss"),
        ("Anna Kelly", "Anne Kelli"),
        ("Mohammed Salah", "Salah Mohamed"),
    ],
)
def test_one_person_spelt_otherwise_has_one_core(left: str, right: str) -> None:
    cores = {names.person_core(normalise("person", name) or "") for name in (left, right)}

    assert len(cores) == 1
    assert None not in cores


def test_short_names_have_no_core_or_one_of_their_own() -> None:
    assert names.person_core("l w") is None
    assert names.person_core("王丽") is None
    assert names.person_core("li wei") != names.person_core("liu wu")


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("hangzhou lotus trading", "hngzhltstrdng"),
        ("hang zhou lottus trading", "hngzhltstrdng"),
        ("studio 2000", "std2000"),
        ("杭州莲花贸易", "杭州莲花贸易"),
        ("莲花", None),
        ("aia", None),
    ],
)
def test_a_company_keeps_a_core(name: str, core: str | None) -> None:
    assert names.company_core(name) == core


@pytest.mark.parametrize(
    ("line", "code", "country", "found"),
    [
        ("Long Road 12, Flat 3", "ec1a 1bb", "GB", "GB EC1A1BB 12 3"),
        ("人民路１２号", "310000", "CN", "CN 310000 12"),
        ("5 Main St", "12205-1234", "US", "US 12205 5"),
        ("Long Road 12", "10115", None, "? 10115 12"),
        ("Long Road", "10115", "DE", None),
        (None, "10115", "DE", None),
        ("Long Road 12", "00000", "DE", None),
        ("Long Road 12", "12345", "DE", None),
    ],
)
def test_premises_are_a_postcode_and_numbers(
    line: str | None, code: str | None, country: str | None, found: str | None
) -> None:
    assert names.premises(line, code, country) == found


def test_an_address_leaves_out_what_says_nothing() -> None:
    place = names.Address(lines=("n/a", "1 Long Road"), city="none", postcode="69001")

    assert names.written(place) == "1 Long Road 69001"
    assert names.written(names.Address(lines=("N/A",), city="Lyon")) == ""


def test_all_that_cannot_be_seen_is_left_out_and_nothing_that_can() -> None:
    letters = map(chr, range(sys.maxunicode + 1))
    wrong = [
        letter
        for letter in letters
        if (category := unicodedata.category(letter)) != "Cn"
        and bool(UNSEEN.match(letter)) != (category == "Cf")
    ]

    assert wrong == []


@pytest.mark.parametrize(("text", "run"), [("12345", True), ("54321", True), ("1234", False)])
def test_a_run_has_five_digits_or_more(text: str, run: bool) -> None:
    assert is_run(text) is run


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_a_block_holds_the_network_it_is_made_of(address: object) -> None:
    found = normalise("ip", str(address))
    block = None if found is None else contacts.network_block(found)

    assert block is None or contacts.network_block(block) == block
    assert block is None or block.endswith(("/24", "/48"))
