"""One spelling for each mailbox, telephone and network address.

The common shapes take a fast path; whatever else comes goes to the library that knows it,
which is imported when first needed. Every function gives None for a value that says nothing,
and marks with ``UNVERIFIED`` one that it could not check.

INVARIANT: the mark depends on nothing but the spelling behind it, so that two values which
differ by the mark alone never both occur.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from functools import cache

from policyenforce.checks.multiple_accounts.dialled import dialled
from policyenforce.checks.multiple_accounts.disposable import DISPOSABLE
from policyenforce.checks.multiple_accounts.spelling import UNVERIFIED, is_filler, is_run

_PLAIN_EMAIL = re.compile(r"[a-z0-9][a-z0-9._%+'-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}")
BETWEEN = str.maketrans("", "", "._-+")
NOBODY = frozenset(
    {
        "donotreply", "mailerdaemon", "nobody", "noemail", "nomail", "none", "noreply",
        "notavailable", "null", "test", "undefined", "unknown",
    }
)  # fmt: skip
EXAMPLES = frozenset(
    {
        "a", "abc", "asdf", "email", "example", "mail", "me", "mymail", "na", "name", "no", "user",
        "username", "x", "xx", "xxx", "xyz", "you", "youremail", "yourmail", "yourname",
    }
)  # fmt: skip
_EXAMPLE_DOMAINS = EXAMPLES | NOBODY | {"domain", "yourdomain", "yourcompany", "company", "site"}
ROLES = frozenset(
    {
        "account", "accounting", "accounts", "admin", "administrator", "billing", "bookings",
        "business", "career", "careers", "company", "contact", "contactus", "customerservice",
        "director", "ecommerce", "enquiries", "enquiry", "export", "exports", "feedback",
        "finance", "general", "help", "helpdesk", "hostmaster", "import", "info", "information",
        "inquiries", "inquiry", "invoice", "invoices", "logistics", "mail", "mailbox", "manager",
        "marketing", "office", "online", "order", "orders", "postmaster", "press", "privacy",
        "procurement", "purchase", "purchasing", "reception", "sale", "sales", "secretary",
        "security", "service", "services", "shipping", "support", "trade", "trading", "webmaster",
        "welcome",
    }
)  # fmt: skip
_SHORTEST_NAME = 6
SAME_MAILBOX = {
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
TAGS = {  # what separates the mailbox from a tag its owner may invent
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
IGNORED: dict[
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
_TAIL = 8
CALLING_CODE = re.compile(
    r"\+(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[0-9]{3})"
)
_EMPTY_LINE = "0000000"
_DIAL_OUT = "00"

_V4, _IPV6 = 4, 6
HERE_ONLY = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3", "::/127", "fc00::/7", "fe80::/10",
        "ff00::/8",
    )
)  # fmt: skip
_HERE_ONLY = {
    version: tuple(
        (int(network.netmask), int(network.network_address))
        for network in HERE_ONLY
        if network.version == version
    )
    for version in (_V4, _IPV6)
}
_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = re.compile(rf"{_BYTE}(?:\.{_BYTE}){{3}}")
_SUBSCRIBER_BITS = 64  # an IPv6 subscriber is given at least this whole network
_SITE_BITS = 48
_NEIGHBOUR_BITS = 24


def email(value: str, country: str | None = None) -> str | None:
    """The mailbox behind an address: case, dots and tags folded as its provider does.

    >>> email("A.na+shop@GoogleMail.com"), email("ana+shop@firm.example"), email("na@na.com")
    ('ana@gmail.com', 'ana+shop@firm.example', None)
    """
    text = value.strip().lower().replace("i\u0307", "i")  # what `lower` makes of a Turkish İ
    found = text if _PLAIN_EMAIL.fullmatch(text) else _checked_email(text)
    mailbox = text if found is None else _folded(found).lstrip(UNVERIFIED)
    if is_placeholder(mailbox):
        return None
    certain = found is not None and (
        mailbox == found == text
        or bool(_PLAIN_EMAIL.fullmatch(mailbox))
        or _checked_email(mailbox) == mailbox
    )
    return mailbox if certain else UNVERIFIED + mailbox


def _folded(address: str) -> str:
    local, at, domain = address.rpartition("@")
    domain = SAME_MAILBOX.get(domain, domain)
    local = local.partition(TAGS[domain])[0] or local if domain in TAGS else local
    local = local.translate(IGNORED[domain]) or local if domain in IGNORED else local
    return f"{local}{at}{domain}"


def is_placeholder(mailbox: str) -> bool:
    """True for a mailbox that nobody reads, and for one that stands in examples.

    >>> is_placeholder("no-reply@firm.example"), is_placeholder("abc@abc.com")
    (True, True)
    """
    local, _, domain = mailbox.rpartition("@")
    name, site = local.translate(BETWEEN), domain.partition(".")[0]
    if name in NOBODY:
        return True
    if name in EXAMPLES:
        return site in _EXAMPLE_DOMAINS
    return local == site and (is_filler(local) or is_run(local))


def mailbox_name(email_normalised: str) -> str | None:
    """What a mailbox is called, whoever keeps it; None for short names and those of a role.

    Takes what ``email`` gives. It hints at one owner of two mailboxes and proves none.

    >>> mailbox_name("zhang.wei88@qq.com"), mailbox_name("wei@qq.com"), mailbox_name("sales2@a.de")
    ('zhangwei88', None, None)
    """
    local, _, _ = email_normalised.removeprefix(UNVERIFIED).rpartition("@")
    name = local.translate(BETWEEN).casefold()
    if len(name) < _SHORTEST_NAME or name.rstrip("0123456789") in ROLES:
        return None
    return None if is_filler(name) or is_run(name) else name


def is_disposable(email_normalised: str) -> bool:
    """True for a mailbox at a provider of addresses to be thrown away; a mark that links nobody.

    >>> is_disposable("x1@mailinator.com"), is_disposable("x1@eu.mailinator.com")
    (True, True)
    """
    labels = email_normalised.rpartition("@")[2].split(".")
    return any(".".join(labels[n:]) in DISPOSABLE for n in range(len(labels) - 1))


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
        number = dialled(value, country) or _checked_phone(value, country)
    return None if is_dummy(number) else number


def is_dummy(number: str) -> bool:
    """True for what is too short for a number, repeats one digit, counts, or is mostly noughts.

    >>> is_dummy("+861234567890"), is_dummy("+12025550000"), is_dummy("~99999")
    (True, False, True)
    """
    digits = national_digits(number)
    if len(number.lstrip(f"{UNVERIFIED}+")) < _SHORTEST_PHONE:
        return True
    return is_filler(digits) or is_run(digits) or _EMPTY_LINE in digits


def national_digits(number: str) -> str:
    """The digits of a normalised number behind its calling code, or all where it has none.

    >>> national_digits("+442079460958"), national_digits("~02079460958")
    ('2079460958', '02079460958')
    """
    return CALLING_CODE.sub("", number.removeprefix(UNVERIFIED), count=1)


def phone_tail(phone_normalised: str) -> str | None:
    """The last eight national digits, by which numbers with and without their country agree.

    Takes what ``phone`` gives.

    >>> phone_tail("+8613812345679"), phone_tail("~13812345679"), phone_tail("+3545812345")
    ('12345679', '12345679', None)
    """
    tail = national_digits(phone_normalised)[-_TAIL:]
    return None if len(tail) < _TAIL or is_filler(tail) or is_run(tail) else tail


@cache
def _regions() -> frozenset[str]:
    from phonenumbers import SUPPORTED_REGIONS

    return frozenset(SUPPORTED_REGIONS)


def _checked_phone(value: str, country: str | None) -> str:
    digits = "".join(filter(str.isdecimal, value))
    read = _read(value, country) or _read(digits, country)
    if digits.startswith(_DIAL_OUT) and not (read and read[1]):
        abroad = _read("+" + digits.removeprefix(_DIAL_OUT), None)
        read = abroad if abroad and abroad[1] else read
    if read is None:
        return UNVERIFIED + digits
    number, certain = read
    return number if certain else UNVERIFIED + number


def _read(value: str, country: str | None) -> tuple[str, bool] | None:
    """The number in E.164 and whether it can exist, or None when it is no number at all."""
    import phonenumbers

    try:
        read = phonenumbers.parse(value, country if country in _regions() else None)
    except phonenumbers.NumberParseException:
        return None
    number = phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)
    return number, phonenumbers.is_valid_number(read)


def ip(value: str, country: str | None = None) -> str | None:
    """An IPv4 address, or the /64 of an IPv6 one; None for addresses used inside a house only.

    >>> ip("203.0.113.7"), ip("2001:db8:1:2::7"), ip("::ffff:203.0.113.7"), ip("10.0.0.1")
    ('203.0.113.7', '2001:db8:1:2::/64', '203.0.113.7', None)
    """
    text = value.strip()
    if _IPV4.fullmatch(text):
        return None if _is_here_only(_V4, int.from_bytes(map(int, text.split(".")))) else text
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if _is_here_only(address.version, int(address)):
        return None
    if address.version == _IPV6:
        return str(ipaddress.ip_network((address, _SUBSCRIBER_BITS), strict=False))
    return str(address)


def _is_here_only(version: int, address: int) -> bool:
    return any(address & mask == base for mask, base in _HERE_ONLY[version])


def network_block(ip_normalised: str) -> str | None:
    """The /24 around an IPv4 address, the /48 around a subscriber's /64.

    Takes what ``ip`` gives.

    >>> network_block("203.0.113.7"), network_block("2001:db8:1:2::/64")
    ('203.0.113.0/24', '2001:db8:1::/48')
    """
    network = ipaddress.ip_network(ip_normalised, strict=False)
    prefix = _SITE_BITS if network.version == _IPV6 else _NEIGHBOUR_BITS
    wide = network if network.prefixlen <= prefix else network.supernet(new_prefix=prefix)
    return str(wide)
