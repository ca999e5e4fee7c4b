"""One spelling for each bank account, card, company register and tax number.

A checksum proves the form of a number, not that it exists. Numbers of registers that no
library knows are kept and marked.

INVARIANT: the mark depends on nothing but the spelling behind it, as in ``contacts``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module

from policyenforce.checks.multiple_accounts.spelling import UNVERIFIED, compact, is_filler

BRANCH = "branch/"
"""Stands before the number of a head office that a branch with a number of its own names."""

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_IBAN_REMAINDER = 97
_WITH_COUNTRY = re.compile(r"([A-Za-z]{2}):\s*(.+)", re.DOTALL)
_SHORTEST = 4

REGISTERS = {
    "AT": ("at.businessid",), "AU": ("au.acn", "au.abn"), "AZ": ("az.voen",), "BR": ("br.cnpj",),
    "BY": ("by.unp",), "CH": ("ch.uid",), "CL": ("cl.rut",), "CN": ("cn.uscc",),
    "CO": ("co.nit",), "CZ": ("cz.dic",), "DE": ("de.handelsregisternummer",),
    "DK": ("dk.cvr",), "EE": ("ee.registrikood",), "ES": ("es.cif",), "FI": ("fi.ytunnus",),
    "FR": ("fr.siren",), "IL": ("il.hp",), "IT": ("it.iva",), "JP": ("jp.cn",),
    "KR": ("kr.brn",), "MD": ("md.idno",), "NO": ("no.orgnr",), "PL": ("pl.regon",),
    "RO": ("ro.onrc",), "RS": ("rs.pib",), "RU": ("ru.ogrn",), "SE": ("se.orgnr",),
    "SG": ("sg.uen",), "TR": ("tr.vkn",), "TW": ("tw.ubn",), "UA": ("ua.edrpou",),
    "US": ("us.ein",), "VN": ("vn.mst",),
}  # fmt: skip
_TAX_OFFICES = {
    **REGISTERS,
    "DE": ("de.vat", "de.stnr"), "FR": ("fr.tva",), "GB": ("gb.vat", "gb.utr"),
    "IE": ("ie.vat",), "IN": ("in_.gstin", "in_.pan"), "IT": ("it.iva", "it.codicefiscale"),
    "MX": ("mx.rfc",), "NL": ("nl.btw",), "PL": ("pl.nip",), "PT": ("pt.nif",),
    "RO": ("ro.cui",), "RU": ("ru.inn",), "SE": ("se.vat",),
}  # fmt: skip
_COURTS = "de.handelsregisternummer"
_ONE_NUMBER = re.compile("([^0-9]*)([1-9][0-9]{0,5})([^0-9]*)")
_GERMAN = re.compile("^(.*?)(HRA|HRB|GNR|PR|VR)([0-9]{1,6})(.*)$", re.DOTALL)
_ROMANIAN = re.compile("^([A-Z][0-9]{2})([0-9]{1,5})([0-9]{4})$")
_RESPELT: dict[str, Callable[[str], str]] = {
    "AT": str.lower,
    "DE": lambda number: _GERMAN.sub(r"\1 \2 \3 \4", number),
    "RO": lambda number: _ROMANIAN.sub(r"\1/\2/\3", number),
}
"""How a register writes its numbers, where it does not know them by letters and digits alone."""


def card(value: str, country: str | None = None) -> str | None:
    """A payment token as it was given; its letters may differ by case alone."""
    text = value.strip()
    return None if len(text) < _SHORTEST or is_filler(compact(text)) else text


def bank(value: str, country: str | None = None) -> str | None:
    """An account number; an IBAN is checked, any other number kept and marked.

    >>> bank("gb82 west 1234 5698 7654 32"), bank("6222 0212 3456 7890")
    ('GB82WEST12345698765432', '~6222021234567890')
    """
    number = compact(value)
    if len(number) < _SHORTEST or is_filler(number):
        return None
    return number if _is_iban(number) else UNVERIFIED + number


def _is_iban(number: str) -> bool:
    if not (number.isascii() and _IBAN.fullmatch(number)):
        return False
    turned = number[4:] + number[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % _IBAN_REMAINDER == 1


def registration(value: str, country: str | None = None) -> str | None:
    """A company's number in its register, ``CN:91…``; the text may name the country itself.

    >>> registration("732 829 320", "FR"), registration("12 345", "KZ")
    ('FR:732829320', '~KZ:12345')
    """
    return _numbered(value, country, REGISTERS)


def tax(value: str, country: str | None = None) -> str | None:
    """A tax number, ``GB:…``; the text may name the country itself."""
    return _numbered(value, country, _TAX_OFFICES)


def without_country(value: str) -> str:
    """The bare number, as approvals may write it.

    >>> without_country("DE:HRB 12345"), without_country("hrb 12345")
    ('HRB12345', 'HRB12345')
    """
    named = _WITH_COUNTRY.fullmatch(value.strip())
    return compact(named.group(2) if named else value)


def _numbered(value: str, country: str | None, offices: dict[str, tuple[str, ...]]) -> str | None:
    named = _WITH_COUNTRY.fullmatch(value.strip())
    if named:
        country, value = named.group(1).upper(), named.group(2)
    number = compact(value)
    if len(number) < _SHORTEST or is_filler(number):
        return None
    if country is None:
        return UNVERIFIED + number
    number, certain = _spelt(value, country, offices.get(country, ()))
    return f"{country}:{number}" if certain else f"{UNVERIFIED}{country}:{number}"


def _spelt(value: str, country: str, offices: tuple[str, ...]) -> tuple[str, bool]:
    """A number in the letters of its register, and whether that register could have given it."""
    respelt = _RESPELT.get(country, str)
    number = (_checked(value, offices) if country in _RESPELT else None) or compact(value)
    found = _checked(respelt(number), offices)
    if found is None or found == number:
        return number, found is not None
    return found, _checked(respelt(found), offices) == found


def _checked(value: str, offices: tuple[str, ...]) -> str | None:
    for office in offices:
        one = _ONE_NUMBER.fullmatch(value) if office == _COURTS else None
        if one is None:
            found = _valid(office, value)
        else:  # which number it is plays no part, and the courts are few
            before, number, behind = one.groups()
            found = _valid(office, f"{before}1{behind}")
            found = found and found.replace("1", number)
        if found is not None:
            return found
    return None


@lru_cache(maxsize=4096)
def _valid(office: str, value: str) -> str | None:
    from stdnum.exceptions import ValidationError

    try:
        return compact(import_module(f"stdnum.{office}").validate(value))
    except ValidationError:
        return None
