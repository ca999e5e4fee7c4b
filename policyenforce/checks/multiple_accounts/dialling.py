"""What the tables of ``phonenumbers`` say of a region or calling code.

As patterns that Python's ``re`` and RE2 read alike: one number is read by the one, a whole column
by the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

from attrs import frozen

_TYPES = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "voip", "personal_number",
    "pager", "uan", "voicemail",
)  # fmt: skip
_NO_LEADING = "^"


@frozen
class Dialling:
    """How a region dials.

    ``prefixed`` is what may stand before a national number; where ``rewritten``, the library
    puts something else there unless no more is met than the ``prefix`` itself. ``lengths`` are
    those of national numbers, ``local`` those of what is dialled inside one town alone.
    """

    code: str
    abroad: str | None
    prefixed: str | None
    prefix: str
    rewritten: bool
    national: str
    lengths: tuple[int, ...]
    local: tuple[int, ...]


@frozen
class Plan:
    """Which national numbers of one region exist: patterns, each with the lengths it holds for.

    ``leading`` is what its numbers begin with, where other regions have the same calling code;
    ``known_by_leading`` where nothing else is needed to know that a number is of this region.
    ``national`` is what every number of the region looks like.
    """

    leading: str
    known_by_leading: bool
    national: str
    existing: tuple[tuple[tuple[int, ...], str], ...]


@cache
def dialling(region: str) -> Dialling | None:
    """How people in a region dial, or None when there are no tables of it.

    >>> dialling("DE").code, dialling("DE").prefix, dialling("ZZ")
    ('49', '0', None)
    """
    from phonenumbers import SUPPORTED_REGIONS, PhoneMetadata

    return _of(PhoneMetadata.metadata_for_region(region)) if region in SUPPORTED_REGIONS else None


@cache
def dialling_of_code(code: int) -> Dialling:
    """How numbers behind a calling code that exists are read: as its main region dials."""
    return _of(_metadata(code, regions_of()[code][0]))


def _of(known: Any) -> Dialling:
    prefixed, general = known.national_prefix_for_parsing, known.general_desc
    return Dialling(
        code=str(known.country_code),
        abroad=f"^(?:{known.international_prefix})" if known.international_prefix else None,
        prefixed=f"^(?:{prefixed})" if prefixed else None,
        prefix=known.national_prefix or "",
        rewritten=bool(known.national_prefix_transform_rule),
        national=_whole(general.national_number_pattern),
        lengths=tuple(general.possible_length),
        local=tuple(general.possible_length_local_only),
    )


@cache
def plans(code: int) -> tuple[Plan, ...]:
    """The plans of the regions with this calling code, in the order the library asks them."""
    regions = regions_of()[code]
    return tuple(_plan(_metadata(code, region), len(regions) > 1) for region in regions)


def _plan(known: Any, several: bool) -> Plan:
    leading = known.leading_digits if several else None
    return Plan(
        leading=f"^(?:{leading})" if leading else _NO_LEADING,
        known_by_leading=bool(leading) or not several,
        national=_whole(known.general_desc.national_number_pattern),
        existing=tuple(_existing(known)),
    )


def _existing(known: Any) -> Iterator[tuple[tuple[int, ...], str]]:
    by_lengths: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for name in _TYPES:
        described = getattr(known, name)
        if described is not None and described.national_number_pattern:
            lengths = described.possible_length or known.general_desc.possible_length
            by_lengths[tuple(lengths)].append(described.national_number_pattern)
    for lengths, patterns in by_lengths.items():
        yield lengths, _whole("|".join(patterns))


def _whole(pattern: str) -> str:
    return f"^(?:{pattern})$"


def _metadata(code: int, region: str) -> Any:
    from phonenumbers import PhoneMetadata

    return PhoneMetadata.metadata_for_region_or_calling_code(code, region)


def regions_of() -> dict[int, tuple[str, ...]]:
    """The regions that share each calling code, the main one first."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    regions: dict[int, tuple[str, ...]] = COUNTRY_CODE_TO_REGION_CODE
    return regions
