"""One spelling for each mailbox, telephone and network address.

The common shapes take a fast path; whatever else comes goes to the library that knows it,
which is imported when first needed. Every function gives None for a value that says nothing,
and marks with ``UNVERIFIED`` one that it could not check.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from functools import cache

UNVERIFIED = "~"
"""Stands before a value that nothing could confirm: kept, since it may be true all the same."""

_PLAIN_EMAIL = re.compile(r"[a-z0-9][a-z0-9._%+'-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}")
_NOBODY = frozenset({"noreply", "no-reply", "donotreply", "do-not-reply", "none", "null"})
_SAME_MAILBOX = {
    "googlemail.com": "gmail.com",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "proton.me": "protonmail.com",
    "pm.me": "protonmail.com",
    "ya.ru": "yandex.ru",
    "yandex.com": "yandex.ru",
    "yandex.by": "yandex.ru",
    "yandex.kz": "yandex.ru",
}
_TAGS = {  # what separates the mailbox from a tag its owner may invent
    "gmail.com": "+",
    "icloud.com": "+",
    "protonmail.com": "+",
    "yandex.ru": "+",
    "fastmail.com": "+",
    "outlook.com": "+",
    "hotmail.com": "+",
    "live.com": "+",
    "msn.com": "+",
    "zoho.com": "+",
    "yahoo.com": "-",
}
_IGNORED: dict[
    str, Mapping[int, int | None]
] = {  # what a provider does not see inside the local part
    "gmail.com": str.maketrans("", "", "."),
    "protonmail.com": str.maketrans("", "", ".-_"),
    "yandex.ru": {ord("-"): ord(".")},
}

# Shapes that are always valid mobile numbers; a property test holds them against the library.
_CERTAIN_PHONE = re.compile(r"\+861(?:3[0-9]|8[0-9]|5[0-35-9])[0-9]{8}|\+79[0-24-9][0-9]{8}")
_CHINESE_MOBILE = re.compile(r"1(?:3[0-9]|8[0-9]|5[0-35-9])[0-9]{8}")
_LETTERS_OF_PHONES = str.maketrans("", "", " \t-.()/\u00a0")
_SHORTEST_PHONE = 6
_RUNS = ("01234567890123456789", "98765432109876543210")

_HERE_ONLY = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3", "::/127", "fc00::/7", "fe80::/10",
        "ff00::/8",
    )
)  # fmt: skip
_SUBSCRIBER_BITS = 64  # an IPv6 subscriber is given at least this whole network
_IPV6 = 6


def email(value: str, country: str | None = None) -> str | None:
    """The mailbox behind an address: case, dots and tags folded as its provider does.

    >>> email("A.na+shop@GoogleMail.com"), email("ana+shop@firm.example")
    ('ana@gmail.com', 'ana+shop@firm.example')
    """
    text = value.strip().lower()
    if not _PLAIN_EMAIL.fullmatch(text):
        checked = _checked_email(text)
        if checked is None:
            return UNVERIFIED + text
        text = checked
    local, _, domain = text.rpartition("@")
    domain = _SAME_MAILBOX.get(domain, domain)
    local = local.partition(_TAGS[domain])[0] or local if domain in _TAGS else local
    local = local.translate(_IGNORED[domain]) or local if domain in _IGNORED else local
    return None if local in _NOBODY else f"{local}@{domain}"


def _checked_email(text: str) -> str | None:
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return f"{found.local_part}@{found.ascii_domain or found.domain}".lower()


def phone(value: str, country: str | None = None) -> str | None:
    """The number in E.164; ``country`` reads a national spelling. Runs and repeats say nothing.

    >>> phone("138 1234 5679", "CN"), phone("+44 20 7946 0958"), phone("000000")
    ('+8613812345679', '+442079460958', None)
    """
    text = value.translate(_LETTERS_OF_PHONES)
    if _CERTAIN_PHONE.fullmatch(text):
        number = text
    elif country == "CN" and _CHINESE_MOBILE.fullmatch(text):
        number = f"+86{text}"
    else:
        number = _checked_phone(value, country)
    typed = "".join(filter(str.isdecimal, value))
    filler = is_filler(typed) or any(typed in run for run in _RUNS)
    return None if filler or len(number.lstrip(f"{UNVERIFIED}+")) < _SHORTEST_PHONE else number


@cache
def _regions() -> frozenset[str]:
    from phonenumbers import SUPPORTED_REGIONS

    return frozenset(SUPPORTED_REGIONS)


def _checked_phone(value: str, country: str | None) -> str:
    import phonenumbers

    try:
        read = phonenumbers.parse(value, country if country in _regions() else None)
    except phonenumbers.NumberParseException:
        return UNVERIFIED + "".join(filter(str.isdecimal, value))
    number = phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)
    return number if phonenumbers.is_valid_number(read) else UNVERIFIED + number


def is_filler(text: str) -> bool:
    """True for what people type to get past a field: nothing, or one character repeated.

    >>> is_filler("1111111"), is_filler("138123456")
    (True, False)
    """
    return len(set(text)) <= 1


def ip(value: str, country: str | None = None) -> str | None:
    """An IPv4 address, or the /64 of an IPv6 one; None for addresses used inside a house only.

    >>> ip("203.0.113.7"), ip("2001:db8:1:2::7"), ip("::ffff:203.0.113.7"), ip("10.0.0.1")
    ('203.0.113.7', '2001:db8:1:2::/64', '203.0.113.7', None)
    """
    try:
        address = ipaddress.ip_address(value.strip())
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if any(address in network for network in _HERE_ONLY):
        return None
    if address.version == _IPV6:
        return str(ipaddress.ip_network((address, _SUBSCRIBER_BITS), strict=False))
    return str(address)
