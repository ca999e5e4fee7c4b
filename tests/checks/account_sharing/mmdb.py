"""A database of addresses as operators have them, as small as one can be written.

By the description at maxmind.github.io/MaxMind-DB: a tree of bits, the values, and what it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any

_RECORD_BITS = 24
_EPOCH = 1_570_000_000
_MARK = b"\xab\xcd\xefMaxMind.com"
_TEXT, _SHORT, _LONG, _MAP = 2, 5, 6, 7  # kinds of value
_LONGEST, _LIST = 2, 4  # of those beyond the seventh


def database(places: Mapping[str, Any]) -> bytes:
    """The file that says of each of these networks (``192.0.2.0/24``) what stands there."""
    nodes: list[list[int | None]] = [[None, None]]
    values, offsets = b"", []
    for number, (network, value) in enumerate(places.items()):
        bits = IPv4Network(network)
        written = format(int(bits.network_address), "032b")[: bits.prefixlen]
        here = 0
        for bit in written[:-1]:
            onward = nodes[here][int(bit)]
            if onward is None:
                nodes.append([None, None])
                onward = nodes[here][int(bit)] = len(nodes) - 1
            here = onward
        nodes[here][int(written[-1])] = -1 - number
        offsets.append(len(values))
        values += _written(value)
    tree = b"".join(_node(record, len(nodes), offsets) for node in nodes for record in node)
    about = {
        "node_count": _Long(len(nodes)),
        "record_size": _RECORD_BITS,
        "ip_version": 4,
        "database_type": "Test-Country",
        "languages": [],
        "binary_format_major_version": 2,
        "binary_format_minor_version": 0,
        "build_epoch": _EPOCH,
        "description": {},
    }
    return tree + bytes(16) + values + _MARK + _written(about)


class _Long(int):
    """A number of 32 bits, where others have 16."""


def _node(record: int | None, nodes: int, offsets: list[int]) -> bytes:
    if record is None:
        number = nodes
    elif record < 0:
        number = nodes + 16 + offsets[-1 - record]
    else:
        number = record
    return number.to_bytes(_RECORD_BITS // 8, "big")


def _written(value: Any) -> bytes:
    if isinstance(value, str):
        told = value.encode()
        return bytes([_TEXT << 5 | len(told)]) + told
    if isinstance(value, dict):
        told = b"".join(_written(part) for pair in value.items() for part in pair)
        return bytes([_MAP << 5 | len(value)]) + told
    if isinstance(value, list):
        return bytes([len(value), _LIST]) + b"".join(map(_written, value))
    if isinstance(value, _Long):
        return bytes([_LONG << 5 | 4]) + value.to_bytes(4, "big")
    if value == _EPOCH:
        return bytes([8, _LONGEST]) + value.to_bytes(8, "big")
    return bytes([_SHORT << 5 | 2]) + value.to_bytes(2, "big")
