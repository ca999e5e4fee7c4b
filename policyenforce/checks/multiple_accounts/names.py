"""One spelling for each company, person and postal address."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from policyenforce.checks.multiple_accounts.spelling import (
    NOT_WORD,
    compact,
    is_filler,
    is_run,
    plain,
    says_nothing,
)
from policyenforce.model.facts.registration import Address

LEGAL_FORMS = frozenset(
    {
        "ab", "ag", "as", "asa", "bhd", "bv", "co", "company", "corp", "corporation", "eirl",
        "gmbh", "inc", "incorporated", "jsc", "kft", "kg", "kk", "lc", "limitada", "limited",
        "llc", "llp", "lp", "ltd", "ltda", "mbh", "nv", "oao", "ohg", "ooo", "oy", "oyj", "pao",
        "plc", "private", "pte", "pty", "pvt", "sa", "sae", "sarl", "sas", "sc", "sdn", "sl",
        "spa", "spol", "srl", "sro", "tbk", "ug", "zao", "ао", "зао", "оао", "ооо", "пао",
        "тоо",
    }
)  # fmt: skip
CHINESE_FORMS = re.compile("股份有限公司|有限责任公司|有限責任公司|有限公司|株式会社|주식회사")
_INITIALS = re.compile(r"\b(\w)\.(?=\w\b)")
_TWO_NAMES = 2
_COUNTRY = re.compile("[A-Z]{2}")
_NUMBER = re.compile("[0-9]+")
_VOWELS = re.compile("(?<!^)[aeiouy]+")
_DOUBLED = re.compile(r"([a-z])\1+")
LATIN = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i"})
_SHORT_WORD = 3
_SHORTEST_PERSON = 3
_SHORTEST_COMPANY = 4
_SHORTEST_POSTCODE = 3
_ZIP = 5


def company(value: str, country: str | None = None) -> str | None:
    """A company's name without its legal form, which one and the same firm writes many ways.

    >>> company("Hangzhou Lotus Trading Co., Ltd."), company("LOTUS Trading GmbH")
    ('hangzhou lotus trading', 'lotus trading')
    """
    words = words_of(without_marks(value))
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    while len(words) > 1 and words[0] in LEGAL_FORMS:
        words.pop(0)
    name = " ".join(words)
    return None if says_nothing(name) else name


def without_marks(value: str) -> str:
    """A company's name without the dots of initials and the legal forms that no blank parts.

    >>> without_marks("S.A. Lumière"), without_marks("莲花有限公司")
    ('SA. Lumière', '莲花 ')
    """
    return CHINESE_FORMS.sub(" ", _INITIALS.sub(r"\1", value))


def person(value: str, country: str | None = None) -> str | None:
    """A person's names in alphabetical order, since forms disagree on which comes first.

    >>> person("Wang Li"), person("LI, Wáng"), person("Wang")
    ('li wang', 'li wang', None)
    """
    words = words_of(value)
    if all(map(says_nothing, value.split())) or all(map(_is_bare, words)):
        return None
    if len(words) < _TWO_NAMES and not _is_han(words[0]):
        return None
    name = " ".join(sorted(words))
    return None if says_nothing(name) else name


def address(value: str, country: str | None = None) -> str | None:
    """The words of an address line, in order, after its country."""
    words = words_of(value)
    return f"{country or '?'} {' '.join(words)}" if words else None


def written(place: Address) -> str:
    """An address as one line; empty unless it names a place inside its town."""
    lines = [line for line in place.lines if not says_nothing(plain(line))]
    if not lines:
        return ""
    town = (part for part in (place.city, place.postcode) if part and not says_nothing(plain(part)))
    return " ".join((*lines, *town))


@lru_cache(maxsize=1024)  # one fact asks for each of its identifiers
def country(value: str | None) -> str | None:
    """A country as ISO 3166 alpha-2 writes it, or None for anything else.

    >>> country(" de "), country("Germany"), country(None)
    ('DE', None, None)
    """
    code = plain(value or "").upper()
    return code if _COUNTRY.fullmatch(code) else None


def postcode(value: str | None, country_code: str | None) -> str | None:
    """The country and its postcode without blanks; of an American one the first five digits.

    >>> postcode("ec1a 1bb", "GB"), postcode("12205-1234", "US"), postcode("00000", "DE")
    ('GB EC1A1BB', 'US 12205', None)
    """
    code = compact(plain(value or ""))
    if country_code == "US":
        code = code[:_ZIP]
    if len(code) < _SHORTEST_POSTCODE or says_nothing(code) or is_filler(code) or is_run(code):
        return None
    return f"{country_code or '?'} {code}"


def premises(address: str | None, code: str | None, country_code: str | None) -> str | None:
    """The postcode and the numbers of the address line: one door, however its street is spelt.

    >>> premises("Long Road 12, Flat 3", "EC1A 1BB", "GB"), premises("Long Road", "EC1A 1BB", "GB")
    ('GB EC1A1BB 12 3', None)
    """
    place = postcode(code, country_code)
    numbers = numbers_of(plain(address or ""))
    return " ".join((place, *numbers)) if place and numbers else None


def numbers_of(value: str) -> list[str]:
    """The groups of digits in a text.

    >>> numbers_of("Long Road 12a-14")
    ['12', '14']
    """
    return _NUMBER.findall(value)


def company_core(company_normalised: str) -> str | None:
    """A company's name without its vowels and blanks, so that slips of spelling agree.

    Takes what ``company`` gives. A name in other letters stands for itself.

    >>> company_core("hangzhou lotus trading"), company_core("hang zhou lottus trading")
    ('hngzhltstrdng', 'hngzhltstrdng')
    """
    core = _skeleton(company_normalised.replace(" ", ""))
    return core if len(core) >= _SHORTEST_COMPANY else None


def person_core(person_normalised: str) -> str | None:
    """A person's names without their vowels, in alphabetical order.

    Takes what ``person`` gives. Names of up to three letters keep their vowels: short ones
    would all become one.

    >>> person_core("muller hans"), person_core("hanss mueller"), person_core("li wu")
    ('hns mlr', 'hns mlr', 'li wu')
    """
    cores = sorted(_skeleton(word) for word in person_normalised.split())
    return " ".join(cores) if sum(map(len, cores)) >= _SHORTEST_PERSON else None


def _skeleton(word: str) -> str:
    text = word.translate(LATIN)
    if not text.isascii():
        return word
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", text) if len(text) > _SHORT_WORD else text)


def words_of(value: str) -> list[str]:
    """The words of a text in small letters without accents; all else only parts them.

    >>> words_of("Lumière & Söhne")
    ['lumiere', 'sohne']
    """
    folded = _bare(_bare(value).casefold())
    return [word for word in NOT_WORD.split(folded) if word]


def _bare(value: str) -> str:
    if value.isascii():
        return value
    parts = unicodedata.normalize("NFKD", value)
    return "".join(c for c in parts if not unicodedata.combining(c))


def _is_bare(word: str) -> bool:
    """True for one letter, and for a word that says nothing."""
    return says_nothing(word) or (len(word) == 1 and word.isascii())


def _is_han(word: str) -> bool:
    return len(word) > 1 and all("一" <= character <= "鿿" for character in word)
