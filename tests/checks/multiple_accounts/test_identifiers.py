from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.multiple_accounts.identifiers import (
    KINDS,
    identifier_marks,
    identifiers_of,
    marks_of_approval,
    normalise,
)
from policyenforce.errors import InputError
from policyenforce.model.facts.procedure import DeadlinePassed
from policyenforce.model.facts.registration import (
    AccountClosed,
    Address,
    ApprovalGranted,
    ApprovalRevoked,
    ApprovalScope,
    DetailsAmended,
    Entity,
    Representative,
    SignalKind,
    SignalObserved,
    UserKind,
)
from policyenforce.model.facts.sessions import Network, SessionActive, SignedIn
from policyenforce.model.questions import Mark
from policyenforce.privacy.tokens import PERSONAL_KINDS
from tests.checks.past import applied, day

SAME_MAILBOX = [
    ("Ana@Example.com", "ana@example.com"),
    ("a.na+x@gmail.com", "ana@googlemail.com"),
    ("ana+shop@outlook.com", "ana@outlook.com"),
    ("ana-shop@yahoo.com", "ana@yahoo.com"),
    ("a_n.a@pm.me", "ana@protonmail.com"),
    ("a-na@ya.ru", "a.na@yandex.ru"),
    ("ana@me.com", "ana@icloud.com"),
    ("ana@bücher.example", "ana@xn--bcher-kva.example"),
]


@pytest.mark.parametrize(("left", "right"), SAME_MAILBOX)
def test_one_mailbox_has_one_spelling(left: str, right: str) -> None:
    assert normalise("email", left) == normalise("email", right) is not None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("ana+a@firm.example", "ana+b@firm.example"),
        ("a.na@outlook.com", "ana@outlook.com"),
        ("ana@gmail.com", "ana@outlook.com"),
        ("ana@hotmail.com", "ana@outlook.com"),
    ],
)
def test_mailboxes_that_may_differ_stay_apart(left: str, right: str) -> None:
    assert normalise("email", left) != normalise("email", right)


def test_a_tag_alone_keeps_its_text() -> None:
    assert normalise("email", "+@gmail.com") == "+@gmail.com"


def test_what_is_no_address_is_kept_and_marked() -> None:
    assert normalise("email", "Ana at firm") == "~ana at firm"


@pytest.mark.parametrize("local", ["noreply", "no-reply", "none"])
def test_a_mailbox_that_nobody_reads_says_nothing(local: str) -> None:
    assert normalise("email", f"{local}@firm.example") is None


@pytest.mark.parametrize(
    ("value", "country", "expected"),
    [
        ("+86 138-1234-5679", None, "+8613812345679"),
        ("13812345679", "CN", "+8613812345679"),
        ("0086 138 1234 5679", "DE", "+8613812345679"),
        ("555 0100", "US", "~+15550100"),
        ("(0)20 7946 0958", "GB", "+442079460958"),
        ("+7 912 345-67-80", None, "+79123456780"),
        ("13812345679", None, "~13812345679"),
        ("+86 199", None, None),
        ("555 0100 22", "ZZ", "~555010022"),
        ("0000000000", "CN", None),
        ("123456789", "US", None),
        ("call me", "US", None),
    ],
)
def test_telephone_numbers_are_spelt_in_e164(
    value: str, country: str | None, expected: str | None
) -> None:
    assert normalise("phone", value, country) == expected


@given(
    st.from_regex(r"\+861(3[0-9]|8[0-9]|5[0-35-9])[0-9]{8}|\+79[0-24-9][0-9]{8}", fullmatch=True)
)
def test_the_fast_path_of_telephones_says_what_the_library_says(number: str) -> None:
    import phonenumbers

    read = phonenumbers.parse(number, None)

    assert phonenumbers.is_valid_number(read)
    assert phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164) == number
    assert normalise("phone", number) in (number, None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("192.168.1.1", None),
        ("100.64.0.9", None),
        ("127.0.0.1", None),
        ("fe80::1", None),
        ("fd00::1", None),
        ("203.0.113", None),
    ],
)
def test_network_addresses_are_those_of_a_subscriber(value: str, expected: str | None) -> None:
    assert normalise("ip", value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("DE89 3704 0044 0532 0130 01", "~DE89370400440532013001"),
        ("6222-0212", "~62220212"),
        ("0000 0000", None),
        ("12", None),
        ("ÄÖ89 3704 0044 0532", "~ÄÖ89370400440532"),
    ],
)
def test_a_bank_account_is_checked_where_it_can_be(value: str, expected: str | None) -> None:
    assert normalise("bank", value) == expected


@pytest.mark.parametrize(
    ("kind", "value", "country", "expected"),
    [
        ("registration", "732 829 320", "FR", "FR:732829320"),
        ("registration", "fr: 732829320", "CN", "FR:732829320"),
        ("registration", "732 829 321", "FR", "~FR:732829321"),
        ("registration", "HK-88123", "HK", "~HK:HK88123"),
        ("registration", "88123", None, "~88123"),
        ("registration", "11", "HK", None),
        ("tax", "GB 980 7806 84", "GB", "GB:980780684"),
        ("tax", "1111111", "GB", None),
    ],
)
def test_a_number_is_read_in_its_register(
    kind: str, value: str, country: str | None, expected: str | None
) -> None:
    assert normalise(kind, value, country) == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Lotus Trading Co., Ltd.", "LOTUS TRADING COMPANY LIMITED"),
        ("杭州莲花贸易有限公司", "杭州莲花贸易"),
        ("ООО Ромашка", "Ромашка"),
        ("S.A. Lumière", "lumiere"),
    ],
)
def test_a_company_is_known_without_its_legal_form(left: str, right: str) -> None:
    assert normalise("company", left) == normalise("company", right) is not None


def test_a_company_named_like_a_legal_form_keeps_its_name() -> None:
    assert normalise("company", "Company Ltd") == "company"


@pytest.mark.parametrize(("value", "expected"), [("王丽", "王丽"), ("王", None), ("Prince", None)])
def test_a_single_name_names_nobody_unless_it_is_a_whole_one(
    value: str, expected: str | None
) -> None:
    assert normalise("person", value) == expected


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [None, "", "  ", "n/a", "NULL", "-", "unknown"])
def test_a_value_that_says_nothing_gives_no_identifier(kind: str, value: str | None) -> None:
    assert normalise(kind, value, "CN") is None


@given(st.sampled_from(KINDS), st.text(max_size=30), st.sampled_from(["CN", "DE", "ZZ", None]))
def test_normalising_never_fails_and_never_gives_an_empty_value(
    kind: str, value: str, country: str | None
) -> None:
    found = normalise(kind, value, country)

    assert found is None or any(map(str.isalnum, found))


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InputError, match="`shoe_size` is no kind of identifier"):
        normalise("shoe_size", "44")


def test_every_kind_is_one_that_is_tokenised() -> None:
    assert set(KINDS) == PERSONAL_KINDS


def test_devices_that_name_a_whole_series_name_nobody() -> None:
    assert normalise("device", "9774D56D682E549C") is None
    assert normalise("device", "00000000-0000-0000-0000-000000000000") is None


def test_an_application_bears_all_it_tells() -> None:
    fact = applied(
        "u-1",
        kind=UserKind.ENTITY,
        country="FR",
        first_name="Ana",
        last_name="Diaz",
        emails=("ana@lotus.example", "ANA@lotus.example"),
        phones=("+442079460958",),
        card_tokens=("tok_9f",),
        bank_accounts=("DE89370400440532013000",),
        device_id="D-1",
        cookie_id="c-1",
        ip="203.0.113.7",
        addresses=(Address(lines=("1 Long Road",), city="Lyon", country="FR"), Address()),
        representative=Representative(name="Bo Chen"),
        entity=Entity(
            legal_name="Lotus SARL",
            registration_number="732829320",
            registration_country="FR",
            tax_id="FR 40 303 265 045",
            principal_place=Address(lines=("1 Long Road",), city="Lyon", country="FR"),
        ),
    )

    assert identifiers_of(fact) == (
        ("email", "ana@lotus.example"),
        ("phone", "+442079460958"),
        ("phone_tail", "79460958"),
        ("device", "d-1"),
        ("cookie", "c-1"),
        ("ip", "203.0.113.7"),
        ("card", "tok_9f"),
        ("bank", "DE89370400440532013000"),
        ("registration", "FR:732829320"),
        ("tax", "FR:40303265045"),
        ("company", "lotus"),
        ("person", "ana diaz"),
        ("person", "bo chen"),
        ("address", "FR 1 long road lyon"),
    )


def test_an_empty_application_bears_nothing() -> None:
    assert identifiers_of(applied("u-1")) == ()


def test_a_person_who_names_an_employer_does_not_bear_its_numbers() -> None:
    entity = Entity(legal_name="Lotus", registration_number="732829320", tax_id="40303265045")
    kinds = {
        kind for kind, _ in identifiers_of(applied("u-1", kind=UserKind.PERSON, entity=entity))
    }

    assert kinds == {"company"}


def test_a_branch_points_to_its_head_office_and_goes_by_it_without_a_number_of_its_own() -> None:
    head = Entity(branch_of="732829320", registration_country="FR")
    own = Entity(branch_of="732829320", registration_country="FR", registration_number="303265045")

    assert identifiers_of(applied("u-1", entity=head)) == (("registration", "FR:732829320"),)
    assert identifiers_of(applied("u-1", entity=own)) == (
        ("registration", "FR:303265045"),
        ("registration", "branch/FR:732829320"),
    )


def signal(**more: object) -> SignalObserved:
    told = {"kind": SignalKind.DEVICE, "value": "d-1", **more}
    return SignalObserved(id="s-1", at=day(3), account_id="a-1", **told)  # type: ignore[arg-type]  # the keywords are the fact's own


@pytest.mark.parametrize(
    ("version", "purpose", "borne"),
    [
        (None, None, True),
        ("2019-01-17", None, True),
        ("2019-01-17", "fraud_prevention", True),
        ("2018-05-25", None, False),
        ("2017-09-28", "identity", False),
        ("2019-01-17", "marketing", False),
        ("1999-01-01", None, False),
    ],
)
def test_a_signal_counts_only_where_its_privacy_version_allows(
    version: str | None, purpose: str | None, borne: bool
) -> None:
    found = identifiers_of(signal(policy_version=version, purpose=purpose))

    assert found == ((("device", "d-1"),) if borne else ())


def test_amended_details_bear_what_was_changed() -> None:
    changed = {"email": "New@Example.com", "favourite_colour": "blue"}
    fact = DetailsAmended(id="f-1", at=day(3), account_id="a-1", changed=changed)

    assert identifiers_of(fact) == (("email", "new@example.com"),)


@pytest.mark.parametrize(
    ("network", "kinds"),
    [
        (None, ["device", "cookie", "ip"]),
        (Network.OFFICE, ["device", "cookie", "ip"]),
        (Network.VPN, ["device", "cookie"]),
        (Network.MOBILE, ["device", "cookie"]),
    ],
)
def test_a_session_bears_no_address_of_an_unclean_network(
    network: Network | None, kinds: list[str]
) -> None:
    fact = SignedIn(
        id="f-1", at=day(3), account_id="a-1", device_id="d-1", cookie_id="c-1",
        ip="203.0.113.7", network=network,
    )  # fmt: skip

    assert [kind for kind, _ in identifiers_of(fact)] == kinds


def test_a_session_that_goes_on_bears_its_device() -> None:
    fact = SessionActive(id="f-1", at=day(3), account_id="a-1", device_id="d-1")

    assert identifiers_of(fact) == (("device", "d-1"),)


def test_the_holder_is_the_account_else_the_application_else_the_user() -> None:
    holders = [
        next(identifier_marks(fact, "u-9")).holder
        for fact in (
            signal(),
            applied("u-1", device_id="d-1"),
            applied("u-1", device_id="d-1", application_id=None),
        )
    ]

    assert holders == ["a-1", "u-1/ap-u-1", "u-1"]


def test_an_account_stands_under_what_an_approval_could_name() -> None:
    entity = Entity(registration_number="FR: 732 829", branch_of="u-9")
    marks = list(identifier_marks(applied("u-1", kind=UserKind.PERSON, entity=entity), "u-1"))

    assert marks == [
        Mark("approved", name, "apply-u-1", "holder")
        for name in ("u-1", "ap-u-1", "FR: 732 829", "u-9", "732829", "U9")
    ]


def test_most_facts_bear_no_identifier() -> None:
    assert list(identifier_marks(AccountClosed(id="f-1", at=day(3), account_id="a-1"), "u-1")) == []


def granted(scope: ApprovalScope, *subjects: str) -> ApprovalGranted:
    return ApprovalGranted(
        id="g-1", at=day(0), approval_id="ok-1", scope=scope, subjects=subjects,
        signer="Ana", role="officer", from_=day(0),
    )  # fmt: skip


def test_an_approval_is_found_by_each_subject_it_names() -> None:
    marks = list(marks_of_approval(granted(ApprovalScope.ACCOUNTS, "a-1", "a-2", "a-1")))

    assert marks == [Mark("approved", "a-1", "g-1"), Mark("approved", "a-2", "g-1")]


def test_an_entity_is_approved_under_its_bare_number_too() -> None:
    values = [m.value for m in marks_of_approval(granted(ApprovalScope.ENTITY, "FR: 732-829"))]

    assert values == ["FR: 732-829", "732829"]


def test_approved_infrastructure_is_found_by_the_identifier() -> None:
    fact = granted(
        ApprovalScope.INFRASTRUCTURE, "ip:2001:db8:1:2::9", "device:D-1", "ip:n/a", "shoe:44"
    )

    assert list(marks_of_approval(fact)) == [
        Mark("ip", "2001:db8:1:2::/64", "g-1"),
        Mark("device", "d-1", "g-1"),
    ]


def test_an_approved_telephone_is_approved_by_its_last_digits_too() -> None:
    fact = granted(ApprovalScope.INFRASTRUCTURE, "phone:+8613812345679")

    assert list(marks_of_approval(fact)) == [
        Mark("phone", "+8613812345679", "g-1"),
        Mark("phone_tail", "12345679", "g-1"),
    ]


def test_a_signal_of_a_telephone_bears_its_last_digits() -> None:
    kinds = [kind for kind, _ in identifiers_of(signal(kind=SignalKind.PHONE, value="13812345679"))]

    assert kinds == ["phone", "phone_tail"]


def test_a_revocation_bears_the_keys_of_what_was_granted() -> None:
    fact = ApprovalRevoked(id="r-1", at=day(1), approval_id="ok-1", by="Ana")

    assert list(marks_of_approval(fact, granted(ApprovalScope.ACCOUNTS, "a-1"))) == [
        Mark("approved", "a-1", "r-1")
    ]
    assert list(marks_of_approval(fact)) == []


@pytest.mark.parametrize(("word", "count"), [("approval_expired", 1), ("request_due", 0)])
def test_a_deadline_bears_the_approval_it_concerns(word: str, count: int) -> None:
    at = datetime(2020, 1, 1, tzinfo=UTC)
    fact = DeadlinePassed(id="d-1", at=at, account_id="a-1", deadline=word, concerns="ok-1")

    assert list(marks_of_approval(fact)) == [Mark("approval", "ok-1", "d-1")][:count]
