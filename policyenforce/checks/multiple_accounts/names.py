"""One spelling for each company, person and postal address."""

from __future__ import annotations

import re
import unicodedata

from policyenforce.model.facts.registration import Address

_NOT_WORD = re.compile(r"[\W_]+")
_LEGAL_FORMS = frozenset(
    {
        "ab", "ag", "as", "asa", "bhd", "bv", "co", "company", "corp", "corporation", "eirl",
        "gmbh", "inc", "incorporated", "jsc", "kft", "kg", "kk", "lc", "limitada", "limited",
        "llc", "llp", "lp", "ltd", "ltda", "mbh", "nv", "oao", "ohg", "ooo", "oy", "oyj", "pao",
        "plc", "private", "pte", "pty", "pvt", "sa", "sae", "sarl", "sas", "sc", "sdn", "sl",
        "spa", "spol", "srl", "sro", "tbk", "ug", "zao", "ао", "зао", "оао", "ооо", "пао",
        "тоо",
    }
)  # fmt: skip
_CHINESE_FORMS = re.compile("股份有限公司|有限责任公司|有限責任公司|有限公司|株式会社|주식회사")
_INITIALS = re.compile(r"\b(\w)\.(?=\w\b)")
_TWO_NAMES = 2


def company(value: str, country: str | None = None) -> str | None:
    """A company's name without its legal form, which one and the same firm writes many ways.

    >>> company("Hangzhou Lotus Trading Co., Ltd."), company("LOTUS Trading GmbH")
    ('hangzhou lotus trading', 'lotus trading')
    """
    words = _words(_CHINESE_FORMS.sub(" ", _INITIALS.sub(r"\1", value)))
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    while len(words) > 1 and words[0] in _LEGAL_FORMS:
        words.pop(0)
    return " ".join(words) or None


def person(value: str, country: str | None = None) -> str | None:
    """A person's names in alphabetical order, since forms disagree on which comes first.

    >>> person("Wang Li"), person("LI, Wáng"), person("Wang")
    ('li wang', 'li wang', None)
    """
    words = _words(value)
    if len(words) < _TWO_NAMES and not (words and _is_han(words[0])):
        return None
    return " ".join(sorted(words))


def address(value: str, country: str | None = None) -> str | None:
    """The words of an address line, in order, after its country."""
    words = _words(value)
    return f"{country or '?'} {' '.join(words)}" if words else None


def written(place: Address) -> str:
    """An address as one line; empty unless it names a place inside its town."""
    if not any(line.strip() for line in place.lines):
        return ""
    return " ".join(filter(None, (*place.lines, place.city, place.postcode)))


def _words(value: str) -> list[str]:
    parts = unicodedata.normalize("NFKD", value.casefold())
    plain = "".join(c for c in parts if not unicodedata.combining(c))
    return [word for word in _NOT_WORD.split(plain) if word]


def _is_han(word: str) -> bool:
    return len(word) > 1 and all("一" <= character <= "鿿" for character in word)
