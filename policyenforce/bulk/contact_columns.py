"""Columns of mailboxes and network addresses: the common shapes, and where they hold."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from policyenforce.bulk import letters
from policyenforce.bulk.letters import (
    Mask,
    among,
    cut_before,
    joined,
    lengths_of,
    mapped,
    matches,
    table,
)
from policyenforce.bulk.reading import Told
from policyenforce.checks.multiple_accounts import contacts
from policyenforce.checks.multiple_accounts.spelling import NOTHING, RUNS

# What `contacts` takes as plain, with fewer labels: RE2 reads short patterns faster.
_PLAIN_EMAIL = r"^[a-z0-9][a-z0-9._%+'-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,3}[a-z]{2,24}$"
_BETWEEN = table("abcdefghijklmnopqrstuvwxyz0123456789%'")
_MARKS = "[@._%+'-]*"
_NOTHING = f"^{_MARKS}(?:{'|'.join(_MARKS.join(word) for word in sorted(NOTHING))}){_MARKS}$"
_DOUBTED = contacts.NOBODY | contacts.EXAMPLES | RUNS
_PROVIDERS = sorted({*contacts.SAME_MAILBOX, *contacts.TAGS, *contacts.IGNORED})
_DOMAINS = pa.array([f"@{domain}" for domain in _PROVIDERS])
_SHORTEST_NAME = 6

_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = rf"^{_BYTE}\.{_BYTE}\.{_BYTE}\.{_BYTE}$"
_HERE_ONLY = (
    r"^(?:0|10|127|100\.(?:6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])|169\.254|"
    r"172\.(?:1[6-9]|2[0-9]|3[01])|192\.168|22[4-9]|2[3-5][0-9])\."
)
_GROUP = "(?:0|[1-9a-f][0-9a-f]{0,3})"
_SOME = "[1-9a-f][0-9a-f]{0,3}"
# The first and the fourth group are not nought, so that the /64 is written with just these four.
_IPV6 = (
    rf"^{_SOME}:{_GROUP}:{_GROUP}:{_SOME}"
    r"(?:(?::[0-9a-f]{1,4}){4}|::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,2})?)$"
)
_HERE_ONLY_6 = "^(?:f[cdf]..|fe[89ab].):"
_SITE = rf"^{_SOME}:{_GROUP}:{_SOME}:{_SOME}::/64$"


def email(column: pa.Array) -> Told:
    """``contacts.email`` without its mark, for addresses in plain letters."""
    lower = pc.ascii_lower(pc.ascii_trim(column, " "))
    plain = matches(lower, _PLAIN_EMAIL)
    local, domain = _folded(*cut_before(lower, "@"))
    doubted = among(mapped(local, _BETWEEN), _DOUBTED) | among(local, RUNS)
    doubted |= letters.repeats(local) | matches(lower, _NOTHING)
    return Told(joined(local, domain), plain, plain & ~doubted)


def _folded(local: pa.Array, domain: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The parts of addresses as their providers read them."""
    provider = pc.fill_null(pc.index_in(domain, value_set=_DOMAINS), -1).to_numpy()
    marked = matches(local, "[._+-]")
    for number, written in enumerate(_PROVIDERS):
        here = provider == number
        if not here.any():
            continue
        name = contacts.SAME_MAILBOX.get(written, written)
        if name != written:
            domain = pc.if_else(pa.array(here), f"@{name}", domain)
        rows = pa.array(here & marked)
        told = local.filter(rows)
        if name in contacts.TAGS:
            told, _ = cut_before(told, contacts.TAGS[name])
        if name in contacts.IGNORED:
            told = mapped(told, _seen_by(name))
        local = pc.replace_with_mask(local, rows, told)
    return local, domain


def _seen_by(provider: str) -> bytes:
    seen = bytearray(letters.AS_IT_IS)
    for letter, instead in contacts.IGNORED[provider].items():
        seen[letter] = instead or letters.GONE
    return bytes(seen)


def mailbox_name(emails: pa.Array) -> Told:
    """``contacts.mailbox_name`` of what ``email`` told."""
    plain = matches(emails, _PLAIN_EMAIL)
    name = mapped(cut_before(emails, "@")[0], _BETWEEN)
    said = lengths_of(name) >= _SHORTEST_NAME
    said &= ~among(pc.ascii_rtrim(name, "0123456789"), contacts.ROLES)
    said &= ~(letters.repeats(name) | among(name, RUNS))
    return Told(name, said, plain)


def ip(column: pa.Array) -> Told:
    """``contacts.ip`` for IPv4 and for IPv6 whose first four groups are written out."""
    address = pc.ascii_lower(pc.ascii_trim(column, " "))
    old, new = matches(address, _IPV4), matches(address, _IPV6)
    said = _outside(address, old, new)
    if new.any():
        rows = pa.array(new)
        network = pc.replace_substring_regex(address.filter(rows), "^((?:[^:]*:){4}).*$", r"\1:/64")
        address = pc.replace_with_mask(address, rows, network)
    return Told(address, said, old | new)


def _outside(address: pa.Array, old: Mask, new: Mask) -> Mask:
    return (old & ~matches(address, _HERE_ONLY)) | (new & ~matches(address, _HERE_ONLY_6))


def network_block(ips: pa.Array) -> Told:
    """``contacts.network_block`` of what ``ip`` told."""
    old, new = matches(ips, r"\."), matches(ips, _SITE)
    block = joined(cut_before(ips, ".", last=True)[0], ".0/24")
    if new.any():
        rows = pa.array(new)
        wide = pc.replace_substring_regex(ips.filter(rows), "^((?:[^:]*:){3}).*$", r"\1:/48")
        block = pc.replace_with_mask(block, rows, wide)
    sure = old | new
    return Told(block, sure, sure)
