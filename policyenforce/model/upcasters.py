"""Older shapes of a fact, brought to the shape its class has now, one version at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from policyenforce.errors import FactError

UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""(tag, version) -> what turns a body of that version into one of the next.

A body is the fact's JSON object without ``fact`` and ``version``.
"""


def newest(tag: str, version: int, newest_version: int, body: dict[str, Any]) -> dict[str, Any]:
    """The body as the newest version writes it; raises FactError when no way leads there."""
    if version > newest_version:
        raise FactError(
            f"version {version} of `{tag}` is not known yet",
            where="version",
            hint=f"upgrade policyenforce, which reads up to version {newest_version}",
        )
    for step in range(version, newest_version):
        upcaster = UPCASTERS.get((tag, step))
        if upcaster is None:
            raise FactError(f"version {step} of `{tag}` can no longer be read", where="version")
        try:
            body = upcaster(body)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise FactError(f"no sound body of version {step} of `{tag}`") from None
    return body
