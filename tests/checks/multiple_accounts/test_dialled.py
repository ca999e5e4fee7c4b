"""Plain numbers are read by the tables as the library itself reads them."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.checks.multiple_accounts.dialled import dialled

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
FORMS = st.integers(0, 2)  # E.164, international, national


def library(value: str, country: str | None) -> str | None:
    """The number in E.164 where the library knows that it exists."""
    read = phonenumbers.parse(value, country)
    number = phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)
    return number if phonenumbers.is_valid_number(read) else None


@st.composite
def written(draw: st.DrawFn) -> tuple[str, str]:
    """A number of some region with a few digits changed, as that region may write it."""
    region = draw(st.sampled_from(REGIONS))
    kind = draw(st.integers(0, 3))
    number = phonenumbers.example_number_for_type(region, kind) or phonenumbers.example_number(
        region
    )
    digits = list(str(number.national_number))
    for place, digit in draw(
        st.lists(
            st.tuples(st.integers(0, len(digits) - 1), st.sampled_from("0123456789")), max_size=4
        )
    ):
        digits[place] = digit
    number.national_number = int("".join(digits))
    return phonenumbers.format_number(number, draw(FORMS)), region


@given(written(), st.sampled_from(["", "0", "00", "1", "8", "+"]))
def test_what_is_read_here_the_library_reads_alike(told: tuple[str, str], before: str) -> None:
    value, region = before + told[0], told[1]
    found = dialled(value, region)

    assert found is None or found == library(value, region)


@pytest.mark.parametrize(
    "region", ["CN", "DE", "ES", "FR", "GB", "HK", "IN", "IT", "KR", "PL", "TR", "US", "VN"]
)
def test_the_usual_spellings_of_large_markets_are_read_here(region: str) -> None:
    number = phonenumbers.example_number(region)
    told = [phonenumbers.format_number(number, form) for form in range(3)]

    assert [dialled(spelling, region) for spelling in told] == [told[0]] * 3


@pytest.mark.parametrize(
    ("value", "country"),
    [
        ("+49494993997048", None),  # in the plan of Germany, whose numbers do not look so
        ("0049 30 12345678", "DE"),  # dialled abroad
        ("0030 1234567", "ZZ"),
        ("+999 1234567", None),
        ("030 12345678 ext. 5", "DE"),
        ("030\t12345678", "DE"),
        ("12", "DE"),
        ("", None),
    ],
)
def test_what_could_be_read_otherwise_is_left_to_the_library(
    value: str, country: str | None
) -> None:
    assert dialled(value, country) is None
